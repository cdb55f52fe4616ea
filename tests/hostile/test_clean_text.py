"""C5, F13: whatever a page or a feed contains, no field of a record can act on a terminal, a log or a reader's eye."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape

import pytest

from ingest.cli import main
from ingest.discover import discover
from ingest.errors import ConfigError, FetchError, NotASource
from ingest.extract import extract_article
from ingest.model import Page, Source, json_ready
from ingest.record_json import read_record
from ingest.text import squeeze
from tests.hostile.world import World
from tests.web import Answer

# An escape sequence in its two forms, a bell, a bidi override and an isolate, a next line, an Arabic letter mark, an
# annotation, a zero-width space, a tag character, a line separator, a lone surrogate, a noncharacter.
NASTY = "\x1b[31m\x9b2J\x07\u202e\u2066\x85\u061c\ufff9\u200b\U000e0041\u2028\ud83d\ufffe"
TEXT = "The harbour office said on Monday that the ferries would run again, and that the pier had been mended. " * 3
URL = "https://example.org/a"


def nasty(text: str) -> str:
    return text[:3] + NASTY + text[3:]


def as_entities(text: str) -> str:
    return "".join(char if char.isascii() and char.isprintable() else f"&#{ord(char)};" for char in text)


def strings(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(str(key), f"{path}.key")
            yield from strings(inner, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner, f"{path}[]")


# ZWNJ and ZWJ; marks before numbers and at names in Arabic, Syriac and Kaithi, joiners of hieroglyphs: they can be seen.
ALLOWED = frozenset(map(chr, (0x200C, 0x200D, *range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD,
                              *range(0x13430, 0x13460))))  # fmt: skip


def is_unclean(char: str) -> bool:
    """By another table than ours: Python's."""
    noncharacter = ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF
    return (noncharacter or unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}) and char not in ALLOWED


def unclean(value: object) -> list[tuple[str, str]]:
    """(path, text) of what holds something invisible, other than the blank line between paragraphs."""
    return [(path, text) for path, text in strings(value) if any(map(is_unclean, text.replace("\n\n", "")))]


def test_one_table_of_what_cannot_be_seen_agrees_with_the_other() -> None:
    every = map(chr, range(0x110000))
    assert [hex(ord(char)) for char in every if is_unclean(char) and squeeze(f"a{char}b") == f"a{char}b"] == []


def page(mark) -> bytes:
    data = {
        "@type": "NewsArticle",
        "headline": nasty("Ferries run again"),
        "description": nasty("A summary of the story"),
        "author": {"name": nasty("Jane Doe")},
        "articleSection": nasty("Harbour"),
        "keywords": [nasty("ferry")],
        "publisher": {"name": nasty("Port Post")},
        "datePublished": f"2026-01-01T00:00:00Z{NASTY}",
        "image": {"url": f"https://example.org/i{NASTY}.jpg", "caption": nasty("A pier"), "creditText": nasty("Bob")},
    }
    return f"""<html lang="en{mark(NASTY)}"><head><title>{mark(nasty("Ferries run again"))}</title>
        <link rel=canonical href="https://example.org/a{mark(NASTY)}">
        <meta property="og:site_name" content="{mark(nasty("Port Post"))}">
        <meta property="article:tag" content="{mark(nasty("pier"))}">
        <script type="application/ld+json">{json.dumps(data)}</script></head><body><article>
        <h1>{mark(nasty("Ferries run again"))}</h1><p class=byline>By Jane{mark(NASTY)} Doe</p>
        <figure><img src="https://example.org/i{mark(NASTY)}.jpg" alt="{mark(nasty("A pier in the evening"))}">
        <figcaption>{mark(nasty("The pier on Monday."))} Photo: Bob{mark(NASTY)} Roe</figcaption></figure>
        <p>{mark(nasty(TEXT))}</p><p>{mark(nasty(TEXT))}</p><p>{mark(nasty(TEXT))}</p>
        <p>Questions or comments about this article?{mark(NASTY)} Write to
        <a href="mailto:desk@example.org">desk@example.org</a> or <a href="https://example.org/c{mark(NASTY)}">here</a>.</p>
        <p>Reporting by Jane{mark(NASTY)} Doe; editing by Bob Roe</p></article></body></html>""".encode(
        "utf-8", "replace"
    )


@pytest.mark.parametrize("mark", [str, as_entities])
def test_no_field_of_an_article_holds_what_cannot_be_seen(mark) -> None:
    article = extract_article(page(mark), url=URL).as_dict()
    assert article["images"]
    assert article["summary"]
    assert article["contacts"] or article["contact_line"] is None
    assert unclean(article) == []


RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:media="http://search.yahoo.com/mrss/"><channel><title>{0}</title><item><title>{0}</title>
    <link>https://example.org/a{0}</link><guid>{0}</guid><dc:creator>{0}</dc:creator><category>{0}</category>
    <description>{0}</description><media:content medium="image" url="https://example.org/i{0}.jpg"/></item></channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>{0}</title><entry><title type="text">{0}</title>
    <link href="https://example.org/a{0}"/><id>{0}</id><author><name>{0}</name></author><category term="{0}"/>
    <summary>{0}</summary></entry></feed>"""
SITEMAP = """<?xml version="1.0"?><urlset xmlns:news="x"><url><loc>https://example.org/a{0}</loc>
    <news:title>{0}</news:title><news:keywords>{0}</news:keywords></url></urlset>"""
LISTING = """<html><title>{0}</title><body><article><h2><a href="/2026/01/a{0}-ferries-run-again">Ferries run again{0} after
    the storm</a></h2></article></body></html>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": nasty("Port"),
        "items": [
            {"id": NASTY, "url": f"https://example.org/a{NASTY}", "title": nasty("Ferries"), "summary": nasty("Again"),
             "authors": [{"name": nasty("Jane")}], "tags": [nasty("pier")], "image": f"https://example.org/{NASTY}.jpg"}
        ],
    }
)  # fmt: skip


@pytest.mark.parametrize("mark", [str, as_entities])
@pytest.mark.parametrize(
    ("kind", "document"), [("feed", RSS), ("feed", ATOM), ("feed", JSON_FEED), ("sitemap", SITEMAP), ("page", LISTING)]
)
def test_no_field_of_a_link_holds_what_cannot_be_seen(mark, kind, document: str) -> None:
    body = (document if document is JSON_FEED else document.format(mark(nasty("Ferries")))).encode("utf-8", "replace")
    url = "https://example.org/source"
    fetched = Page(url=url, final_url=url, status=200, headers={}, body=body, fetched_at=datetime.now(UTC))
    found = discover(Source(name="x", kind=kind, url=url), fetched)
    assert len(found.links) == 1
    for link in found.links:
        shown = {name: json_ready(getattr(link, name)) for name in link.__slots__ if name != "content"}
        assert unclean(shown) == []
    assert unclean([found.title, *found.warnings]) == []


def test_a_message_that_quotes_a_stranger_is_clean_and_keeps_its_lines() -> None:
    for error in (FetchError("status", f"a{NASTY}\nb"), NotASource(f"a{NASTY}\nb"), ConfigError([f"a{NASTY}", "b"])):
        assert str(error) == "a[31m2J\nb"


def test_script_stays_text() -> None:
    script = escape("<script>alert(1)</script><img src=x onerror=alert(1)>")
    article = extract_article(page(lambda text: text + script), url=URL)
    assert "<script>alert(1)</script>" in article.body  # as the reader saw it; whoever shows it as HTML escapes it


# ------------------------------------------------------------ what is quoted: headers, files, loaded records


def raw(*headers: bytes, status: bytes = b"200 OK", body: bytes = b"") -> Answer:
    head = b"\r\n".join((b"HTTP/1.1 " + status, *headers, b"Content-Length: %d" % len(body), b"Connection: close"))
    return Answer(raw=head + b"\r\n\r\n" + body)


def test_headers_that_are_quoted_in_reasons_holds_and_schedules_are_clean() -> None:
    nasty = "\x9b31m".encode("latin-1") + "\u202e".encode()  # C0 controls are refused with the whole answer
    with World(full=False) as world:
        sites = [world.site() for _ in range(3)]
        link = f"<item><title>x</title><link>{sites[0].url}/a</link></item>"
        feed = f"<rss version='2.0'><channel>{link}</channel></rss>".encode()
        sites[0].routes["/feed"] = raw(b"Cache-Control: max-age=7" + nasty, b'ETag: "' + nasty + b'"', body=feed)
        sites[0].routes["/a"] = raw(b"Content-Type: image/" + nasty, body=b"x")
        sites[1].routes["/feed"] = raw(b"Retry-After: 120, " + nasty, status=b"429 Slow " + nasty)
        sites[2].routes["/feed"] = raw(b"Expires: " + nasty + b"Fri, 27 Nov 2026", b"Content-Type: " + nasty, body=b"?")
        report = world.crawl(*(site.url + "/feed" for site in sites))
        store = world.store()
        sources = store.source_status()
        reasons = [problem.reason for one in report.sources.values() for problem in one.problems]
        assert any("no web page" in reason for reason in reasons)
        assert any("Retry-After" in held for held in report.holds.values())
        assert any(one.memory for one in sources)
        told = [[one.last_error, one.memory, one.hold and one.hold.reason] for one in sources]
        link_status = store.link_status(f"{sites[0].url}/a")
        assert link_status is not None
        assert unclean([reasons, report.holds, told, link_status.reason]) == []


@pytest.mark.parametrize("arguments", [["try"], ["load"], ["crawl", "--config"]], ids=" ".join)
def test_a_file_whose_name_is_an_escape_sequence_is_named_without_it(arguments, monkeypatch, capsys) -> None:
    monkeypatch.setattr("sys.argv", ["ingest", *arguments, "nowhere\x1b[31m\x9b2J\u202e\udcff.html"])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert ended.value.code == 2
    assert "nowhere" in said.err
    assert unclean(f"{said.out}{said.err}".replace("\n", "")) == []


def test_try_of_a_page_prints_clean_json_whatever_the_file_is_called(tmp_path, monkeypatch, capsys) -> None:
    file = tmp_path / "page\x1b[31m\u202e.html"
    file.write_bytes(page(str).replace(b"<link rel=canonical", b"<link rel=x"))
    for more in (["--json"], ["--json", "--explain"], ["--explain"]):
        monkeypatch.setattr("sys.argv", ["ingest", "try", str(file), *more])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 0
        said = capsys.readouterr()
        value = json.loads(said.out) if "--json" in more else said.out.replace("\n", "")
        assert unclean([value, said.err.replace("\n", "")]) == []


def test_a_record_that_is_loaded_is_as_clean_as_one_that_was_extracted() -> None:
    body = f"{nasty('A first paragraph')}\n\nA line\nand another\t{NASTY}"
    record = {"url": f"https://example.org/{NASTY}", "headline": nasty("Ferries"), "body": body, "source": "x", "guid": NASTY,
              "authors": [nasty("Jane")], "images": [{"url": NASTY, "caption": nasty("A pier")}],
              "contacts": [{"kind": "tips", "text": nasty("Write"), "emails": [nasty("a@b.c")]}], "origins": {nasty("h"): nasty("o")}}  # fmt: skip
    read = read_record(record)
    assert unclean([read.article.as_dict() | {"body": read.article.body.replace("\n", "")}, read.guid]) == []
    assert read.article.body.endswith("A line\nand another [31m2J")
