"""M: what the markup of a page does to its parser."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from ingest.box import Box
from ingest.errors import ParseError
from ingest.model import Article
from tests.box.pages import PARAGRAPH, formatting_bomb, many_attributes, nested_lists, page
from tests.hostile.row import Chapter, item, rss, told
from tests.hostile.world import FEED, URL, World
from tests.web import Answer

chapter = Chapter("M", "markup", 8)


@chapter.row("M1", "nested lists", "^parse_timeout: ", 6)
def _(world: World) -> str:
    return told(world.page(page(nested_lists(60_000))))


@chapter.row("M1", "488 KB of nested div", "^(parse_timeout|NotAnArticle): ", 6)
def _(world: World) -> str:
    return told(world.page(page("<div>" * 100_000)))


@chapter.row(
    "M1",
    "the feed's own text is kept, the page is tried again",
    r"^1 stored; .*parse_timeout.*; 'Story a' from the feed; tried again in \d+ min",
    6,
)
def _(world: World) -> str:
    site = world.site(a=Answer(page(nested_lists(60_000))))
    text = f"<description><![CDATA[<p>{PARAGRAPH * 5}</p><p>{PARAGRAPH * 5}</p>]]></description>"
    site.routes["/feed"] = Answer(rss(item("a", text, at=site.url + "/")), headers=FEED)
    report = world.crawl(site.url + "/feed")
    store = world.store()
    [article] = store.articles()
    link = store.link_status(f"{site.url}/a")
    pause = (
        f"{(link.next_due_at - datetime.now(UTC)).total_seconds() / 60:.0f} min"
        if link and link.next_due_at
        else "NEVER"
    )
    reasons = "; ".join(problem.reason for problem in report.sources["0"].problems)
    return f"{report.totals['stored']} stored; {reasons}; {article.headline!r} from the feed; tried again in {pause}"


@chapter.row("M2", "misnested formatting", "^(too_big|parse_timeout): ", 8)
def _(world: World) -> str:
    return told(world.page(page(formatting_bomb(world.size(4_000, 6_000)))))


for _title, _markup, _count in (("dl", "<dl><dd>", 50_000), ("table", "<table><div>", 100_000),
                                ("option", "<select><option>", 100_000)):  # fmt: skip

    @chapter.row("M3", f"{_count:,} {_title}", "^(article|parse_timeout|NotAnArticle|too_big)", 6)
    def _(world: World, markup: str = _markup, count: int = _count) -> str:
        return told(world.page(page(markup * count)))


@chapter.row("M3", "100,000 attributes", "^(article|parse_timeout)", 6)
def _(world: World) -> str:
    return told(world.page(page(many_attributes(100_000))))


@chapter.row("M4", "a page of 50 MB", "^too_big: ", 6)
def _(world: World) -> str:
    def endless(connection) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n")
        for _ in range(50):
            connection.sendall(b"<p>x" * 250_000)

    return world.get(world.serve(endless), max_bytes=10_000_000, timeout=5)


@chapter.row("M5", "NUL, surrogates, bytes that are no UTF-8", "^article 'Ferries run again'")
def _(world: World) -> str:
    return told(world.page(page("<p>a\0b</p>") + b"<p>\xed\xa0\x80\xff\xfe\xc0\xaf</p>", deadline=10.0))


chapter.held(
    "M5", "they are stored, on both databases",
    "tests/store/test_hostile.py::test_nul_and_lone_surrogates_in_any_field_are_cleaned",
)  # fmt: skip


@chapter.row("M6", "a canonical link to another site is no identity", "^url https://example.org/a$")
def _(world: World) -> str:
    theft = b"<link rel=canonical href='https://victim.example/'><base href='https://victim.example/'>"
    found = world.page(page().replace(b"<title>", theft + b"<title>"))
    return f"url {found.url}" if isinstance(found, Article) else told(found)


@chapter.row(
    "M6", "a thief's canonical, base, og:url and refresh, before the victim's article is known and after",
    "^2 articles; the victim's is 'Ferries run again', revision 1; 2 articles; the victim's is 'Ferries run again', revision 1$",
)  # fmt: skip
def _(world: World) -> str:
    return "; ".join(_theft(world.another(), thief_first=first) for first in (True, False))


def _theft(world: World, *, thief_first: bool) -> str:
    sites = {name: world.site() for name in ("victim", "thief")}
    urls = {name: site.url.replace("127.0.0.1", f"{name}.example") for name, site in sites.items()}
    home = urls["victim"]
    claims = f"<link rel=canonical href='{home}/a'><base href='{home}/'><meta property=og:url content='{home}/a'>"
    refresh = f"<meta http-equiv=refresh content='0; url={home}/a'>"
    for name, headline in (("victim", "Ferries run again"), ("thief", "Buy my pills")):
        text = f"<p>{f'{headline}, says this site in its own words. ' * 20}</p>"
        sites[name].routes["/a"] = Answer(
            page(text, headline).replace(b"<title>", f"{claims}{refresh}<title>".encode())
        )
        sites[name].routes["/feed"] = Answer(rss(item("a", "<guid>same</guid>", at=urls[name] + "/")), headers=FEED)
    feeds = [urls[name] + "/feed" for name in sorted(sites, reverse=not thief_first)]
    for known in (1, 2):
        world.crawl(*feeds[:known], look_up=lambda *_: ["127.0.0.1"])
    store = world.store()
    found = store.article(store.find(f"{home}/a") or 0)
    return f"{len(list(store.articles()))} articles; the victim's is {found and found.headline!r}, revision {found and found.revision}"


@chapter.row("M7", "a page without an article", "^NotAnArticle: ")
def _(world: World) -> str:
    return told(world.page(b"<html><body><div id=root></div><script>x</script>"))


@chapter.row(
    "M7",
    "the feed's summary of such a page is kept with its link",
    r"^failed: no article on the page: .*; the link keeps 'Story a': 'A pier has been mended\.'$",
)
def _(world: World) -> str:
    site = world.site(a=Answer("<html><body><div id=root></div><script>x</script>"))
    site.routes["/feed"] = Answer(
        rss(item("a", "<description>A pier has been mended.</description>", at=site.url + "/")), headers=FEED
    )
    report = world.crawl(site.url + "/feed")
    [problem] = report.sources["0"].problems
    with closing(sqlite3.connect(world.database)) as connection:
        [(offer,)] = connection.execute("SELECT offer FROM link")
    said = json.loads(offer or "{}")
    return f"{problem.outcome}: {problem.reason}; the link keeps {said.get('title')!r}: {said.get('summary')!r}"


@chapter.row(
    "M8", "the parser crashes, with a signal: that page alone", "^parse_crash: .*; then article 'Ferries run again'"
)
def _(world: World) -> str:
    async def crash(box: Box) -> str:
        hanging = asyncio.create_task(box.extract(page(nested_lists(60_000)), url=URL))
        os.kill(await asyncio.to_thread(_busy_worker), signal.SIGSEGV)
        try:
            await hanging
        except ParseError as error:
            return f"{error}; then {told(await box.extract(page(), url=URL))}"
        return "NO ERROR"

    return str(world.box(crash))


def _busy_worker() -> int:
    """The box's process that has begun to parse: a child of its keeper."""
    while True:
        for keeper in _children(os.getpid()):
            for worker in _children(keeper):
                if Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[0] == "R":
                    return worker
        time.sleep(0.01)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
