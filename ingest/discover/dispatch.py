"""A source's page goes to the reader that its content asks for."""

from __future__ import annotations

from ingest.discover import autodiscovery, feeds, jsonfeed, listing, sitemaps
from ingest.discover.sniff import Content, content_of, unpacked
from ingest.errors import NotASource
from ingest.html import decode
from ingest.model import Discovery, Page, Source

_ACCEPTED = {
    "feed": {Content.XML_FEED, Content.JSON},
    "sitemap": {Content.SITEMAP, Content.URL_LIST},
    "page": {Content.HTML},
}
_WANTED = {"feed": "feed", "sitemap": "sitemap", "page": "HTML page"}
_OTHER_KEY = {
    Content.XML_FEED: "feed",
    Content.JSON: "feed",
    Content.SITEMAP: "sitemap",
    Content.URL_LIST: "sitemap",
    Content.HTML: "page",
}


def discover(source: Source, page: Page) -> Discovery:
    """The links that a source's page offers, each once, with what the source says of them.

    A feed may be RSS 0.9x to 2.0, RSS 1.0 (RDF), Atom or JSON Feed; a sitemap a sitemap, a news sitemap, an index or a
    list of URLs, gzipped or not. Broken documents give what can be read of them, with a warning. Raises NotASource where the
    content is something else than the source's kind; the message says what it is and what to write instead.
    """
    body = unpacked(page.body)
    text, _ = decode(body, charset=page.charset)
    content = content_of(text)
    if content not in _ACCEPTED[source.kind]:
        raise NotASource(_refusal(source, page, content, text))
    match content:
        case Content.XML_FEED:
            return feeds.read(text, source, page)
        case Content.JSON:
            return jsonfeed.read(text, source, page)
        case Content.SITEMAP:
            return sitemaps.read(text, source, page)
        case Content.URL_LIST:
            return sitemaps.read_list(text, page)
        case _:
            return listing.read(text, source, page)


def _refusal(source: Source, page: Page, content: Content, text: str) -> str:
    """What it is, and what to do."""
    wanted = _WANTED[source.kind]
    if content is Content.HTML and (obstacle := autodiscovery.obstacle(text)):
        return f"{obstacle}, not a {wanted}; open {page.final_url} in a browser to see what the site asks for"
    message = f"{content.value}, not a {wanted}"
    if content in _OTHER_KEY:
        message += f"; use {_OTHER_KEY[content]}: {page.final_url}"
    if content is Content.HTML and source.kind == "feed":
        declared = autodiscovery.declared_feeds(text, page.final_url)
        message += "".join(f"\n  it declares feed: {feed.url}" for feed in declared[:10])
    return message
