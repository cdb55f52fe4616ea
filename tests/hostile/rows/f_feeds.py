"""F: what a feed says."""

from __future__ import annotations

import json
from html import escape

from ingest.model import Discovery
from tests.box.pages import many_attributes, page
from tests.hostile.row import Chapter, item, rss, told
from tests.hostile.world import FEED, World
from tests.web import Answer, Site

chapter = Chapter("F", "feeds", 17)


def _publish(site: Site, *paths: str, extra: str = "", guid: str = "", feed: str = "/feed") -> str:
    """A feed of pages that are there, each with a text of its own; its address."""
    for path in paths:
        site.routes[f"/{path}"] = Answer(
            page(f"<p>{f'This is what page {path} has to say. ' * 20}</p>", headline=f"Story {path}")
        )
    items = (item(path, f"<guid>{guid.format(path) or path}</guid>{extra}", at=site.url + "/") for path in paths)
    site.routes[feed] = Answer(rss("".join(items)), headers=FEED)
    return site.url + feed


@chapter.row("F1", "a billion laughs", "^1 links")
def _(world: World) -> str:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    before = f'<!DOCTYPE r [<!ENTITY l0 "ha">{laughs}]>'
    return told(world.source(rss(item(1, "<description>&l9;</description>"), before=before)))


@chapter.row("F1", "one large entity, many times", "^1 links")
def _(world: World) -> str:
    size = world.size(10_000, 100_000)
    before = f'<!DOCTYPE r [<!ENTITY a "{"ha" * size}">]>'
    return told(world.source(rss(item(1, f"<description>{'&a;' * size}</description>"), before=before)))


@chapter.row("F1", "a chain of entities, which crashes expat < 2.7", "^1 links")
def _(world: World) -> str:
    chain = "".join(f'<!ENTITY e{n} "&e{n + 1};">' for n in range(world.size(3_000, 30_000)))
    return told(world.source(rss(item(1, "<description>&e0;</description>"), before=f"<!DOCTYPE r [{chain}]>")))


@chapter.row("F2", "external entities open nothing", "^1 links.*no file, 0 requests$")
def _(world: World) -> str:
    site = world.site()
    before = f'<!DOCTYPE r SYSTEM "{site.url}/d" [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % y SYSTEM "{site.url}/y"> %y;]>'
    found = world.source(rss(item(1, "<description>&x;</description>"), before=before))
    return f"{told(found)} {'no file' if 'root:' not in repr(found) else 'A FILE'}, {len(site.requests)} requests"


@chapter.row("F3", "100,000 items", "^2000 links.*entries; the newest 2000", 10)
def _(world: World) -> str:
    return told(world.source(rss("".join(map(item, range(world.size(10_000, 100_000)))))))


@chapter.row("F4", "a feed that breaks off", "^3 links, cut")
def _(world: World) -> str:
    return told(world.source(rss("".join(map(item, range(4)))).partition("Story 3")[0]))


@chapter.row("F4", "what it has whole is stored, its validators are not", "^2 stored, etag None$")
def _(world: World) -> str:
    site = world.site()
    url = _publish(site, "a", "b", "c")
    cut = str(site.routes["/feed"].body).partition("Story c")[0]
    site.routes["/feed"] = Answer(cut, headers=FEED | {"ETag": '"1"'})
    report = world.crawl(url)
    return f"{report.totals['stored']} stored, etag {world.store().poll_state('0').etag}"


@chapter.row("F5", "no guids, one guid for all", "^2 links.*guid")
def _(world: World) -> str:
    return told(world.source(rss(item(1, "<guid>x</guid>") + item(2, "<guid>x</guid>"))))


@chapter.row("F5", "guids that change at every poll", "^3 stored, then 0 stored, 0 stored; 3 articles$")
def _(world: World) -> str:
    site, stored = world.site(), []
    for turn in range(3):
        url = _publish(site, "a", "b", "c", guid=f"turn-{turn}-{{}}")
        stored.append(world.crawl(url).totals["stored"])
    return f"{stored[0]} stored, then {stored[1]} stored, {stored[2]} stored; {len(list(world.store().articles()))} articles"


@chapter.row("F6", "a new link under the same guid is the same article", "^1 articles; .*/old and .*/new lead to it$")
def _(world: World) -> str:
    site = world.site()
    for path in ("old", "new"):
        url = _publish(site, path, guid="tag:example.org,2026:1")
        site.routes[f"/{path}"] = Answer(page(f"<p>{'This is what it has to say. ' * 20}</p>"))
        world.crawl(url)
    store = world.store()
    lead = [store.find(f"{site.url}/{path}") for path in ("old", "new")]
    same = "lead to it" if lead[0] == lead[1] is not None else f"lead to {lead}"
    return f"{len(list(store.articles()))} articles; /old and /new {same}"


@chapter.row("F7", "one article in two feeds", r"^1 articles, seen by \('0', '1'\), its page asked for 1 times$")
def _(world: World) -> str:
    site = world.site()
    urls = [_publish(site, "a", feed=path) for path in ("/one", "/two")]
    world.crawl(*urls)
    articles = list(world.store().articles())
    return (
        f"{len(articles)} articles, seen by {articles[0].sources}, its page asked for {site.paths().count('/a')} times"
    )


@chapter.row("F8", "items vanish and come back", "^2 stored, 0 stored, 0 stored; 2 articles, pages asked for 2 times$")
def _(world: World) -> str:
    site = world.site()
    turns = (("a", "b"), ("b",), ("a", "b"))
    stored = [f"{world.crawl(_publish(site, *paths)).totals['stored']} stored" for paths in turns]
    asked = sum(path in ("/a", "/b") for path in site.paths())
    return f"{', '.join(stored)}; {len(list(world.store().articles()))} articles, pages asked for {asked} times"


@chapter.row("F9", "an author of 62 KB", "^1 links")
def _(world: World) -> str:
    return told(world.source(rss(item(1, f"<author>{'a@' * 31_000}</author>"))))


@chapter.row("F9", "100,000 attributes", "^1 links", 5)
def _(world: World) -> str:
    return told(world.source(rss(item(1, many_attributes(world.size(20_000, 100_000)) + "</p>"))))


@chapter.row("F9", "a flood of comments that never end", "links|NotASource")
def _(world: World) -> str:
    return told(world.source(rss(item(1, f"<description>{'<!--' * world.size(50_000, 500_000)}</description>"))))


@chapter.row("F10", "dates that can't be", r"^7 links, complete;.* years \[\]$")
def _(world: World) -> str:
    dates = ("", "0000-00-00", "9999-12-31T23:59:59-23:00", "Sat, 30 Feb 2026 00:00:00 GMT", "2026-01-01T00:00:00+99:99",
             "Fri, 01 Jan 2126 00:00:00 GMT", "now")  # fmt: skip
    found = world.source(rss("".join(item(n, f"<pubDate>{date}</pubDate>") for n, date in enumerate(dates))))
    years = (
        [link.published_at.year for link in found.links if link.published_at] if isinstance(found, Discovery) else []
    )
    return f"{told(found)} years {years}"


@chapter.row("F11", "relative links and xml:base", "^https://example.org/deep/1$")
def _(world: World) -> str:
    feed = '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.org/deep/"><title>T</title><entry><title>x</title><link href="1"/></entry></feed>'
    found = world.source(feed)
    return found.links[0].url if isinstance(found, Discovery) and found.links else told(found)


@chapter.row("F12", "links that are no web addresses", "^0 links.*3 entries have no web address")
def _(world: World) -> str:
    hrefs = ("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd")
    return told(world.source(rss("".join(f"<item><title>x</title><link>{href}</link></item>" for href in hrefs))))


@chapter.row(
    "F13",
    "script in title, body, author, tag: text, or gone",
    "^titles 'Ferries run', 'Ferries <b>run</b>'; no element left in title, authors, tags, summary$",
)
def _(world: World) -> str:
    script = "<script>alert(1)</script>"
    fields = "".join(
        f"<{name}>{escape('Ferries ' + script + 'run')}</{name}>" for name in ("dc:creator", "category", "description")
    )
    titles = (escape(f"Ferries {script}run"), escape(escape("Ferries <b>run</b>")))
    items = "".join(
        f"<item><title>{one}</title><link>https://example.org/{n}</link>{fields}</item>" for n, one in enumerate(titles)
    )
    found = world.source(rss(items).replace("<rss", "<rss xmlns:dc='http://purl.org/dc/elements/1.1/'"))
    if not isinstance(found, Discovery):
        return told(found)
    left = [
        name
        for link in found.links
        for name, value in (("authors", link.authors), ("tags", link.tags), ("summary", link.summary))
        if "<script" in str(value) or "alert" in str(value)
    ]
    shown = ", ".join(repr(link.title) for link in found.links)
    return f"titles {shown}; " + (f"LEFT in {left}" if left else "no element left in title, authors, tags, summary")


@chapter.row("F14", "JSON nested 100,000 deep; items of wrong types", "^NotASource.*; [01] links")
def _(world: World) -> str:
    odd = {
        "version": 1,
        "title": [],
        "items": [None, 7, {"url": 3}, {"url": "https://example.org/1", "tags": "x", "authors": 5}],
    }
    return f"{told(world.source('[' * 100_000))}; {told(world.source(json.dumps(odd)))}"


@chapter.row("F15", "absurd ttl and skipHours", r"^1 links.*None \[23\]")
def _(world: World) -> str:
    head = "<ttl>99999999999999999999</ttl><skipHours><hour>23</hour><hour>99</hour><hour>x</hour></skipHours>"
    found = world.source(rss(item(), head=head))
    hints = found.hints if isinstance(found, Discovery) else None
    return f"{told(found)} {hints.ttl if hints else ''} {sorted(hints.skip_hours) if hints else ''}"


chapter.held(
    "F16", "the body changes at every poll: revisions are thinned out, the article is one",
    "tests/store/test_revisions.py::test_a_storm_of_versions_is_thinned_out_to_one_an_hour",
    "tests/store/test_hostile.py::test_a_body_that_changes_at_every_poll_keeps_one_article",
)  # fmt: skip


@chapter.row("F17", "a feed that links to itself", "^1 links.*(itself|own address)")
def _(world: World) -> str:
    return told(world.source(rss("<item><link>https://example.org/feed</link></item>" + item(1))))


@chapter.row("F17", "a feed that links to thousands of hosts", "^2000 links", 10)
def _(world: World) -> str:
    items = (
        f"<item><title>x</title><link>https://h{n}.example/a</link></item>" for n in range(world.size(3_000, 10_000))
    )
    return told(world.source(rss("".join(items))))
