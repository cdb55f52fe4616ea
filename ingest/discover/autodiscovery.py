"""The feeds that an HTML page declares, and what stands in the way where a site answers with another page than asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.discover.sniff import Content, content_of
from ingest.html import Document, decode, parse
from ingest.model import Page
from ingest.text import squeeze
from ingest.urls import resolve, same_site, url_key

# https://html.spec.whatwg.org/#rel-alternate, https://www.jsonfeed.org/version/1.1/#discovery
FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/x.atom+xml",
        "text/xml+rss",
    }
)
_OTHER_JSON = re.compile(r"wp-json|oembed")  # WordPress declares its API with the same type
# Links to feeds that pages show but don't declare.
_FEED_PATH = re.compile(
    r"/(?:feeds?|rss|atom)(?:/|$)|\.(?:rss|atom|rdf)$|/(?:rss|atom|feed|index)\.xml$|feeds?\.feedburner\.com/|[?&]feed=",
    re.IGNORECASE,
)
_OF_COMMENTS = re.compile(r"comment|kommentar|commentaire|comentario|댓글|コメント", re.IGNORECASE)

# What stands in the page that a site sends instead: phrases of the makers of such pages.
_OBSTACLES = (
    ("a challenge page (the site asks for a person)", re.compile(r"<title>\s*(?:Just a moment|Attention Required|One moment, please|DDoS-Guard|Access denied|Pardon Our Interruption|Are you a robot|Human Verification|Checking your browser|Bot Verification)|/cdn-cgi/challenge-platform/|_Incapsula_Resource|px-captcha|captcha-delivery\.com|awswaf|geo\.captcha", re.IGNORECASE)),
    ("a login page", re.compile(r"<input[^<>]{0,300}type=[\"']?password", re.IGNORECASE)),
    ("a consent page", re.compile(r"<title>[^<]{0,60}(?:before you continue|consent|cookie wall)|consent\.(?:google|yahoo|youtube)\.com", re.IGNORECASE)),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed that a page names."""

    url: str
    title: str | None
    declared: bool
    """In a <link rel=alternate>; else the page only links to it, and it may be none."""


def find_feeds(page: Page) -> tuple[FoundFeed, ...]:
    """The feeds that an HTML page names, declared ones first, feeds of comments last; () for other content."""
    text, _ = decode(page.body, charset=page.charset)
    return declared_feeds(text, page.final_url, linked=True) if content_of(text) is Content.HTML else ()


def declared_feeds(text: str, base: str, *, linked: bool = False) -> tuple[FoundFeed, ...]:
    """The feeds that a page declares, and with `linked` those that it links to on its own site."""
    document = parse(text.encode("utf-8", "replace"))
    base = base_of(document, base)
    unique: dict[str, FoundFeed] = {}
    for feed in _declared(document, base) + (_linked(document, base) if linked else []):
        unique.setdefault(url_key(feed.url), feed)
    return tuple(sorted(unique.values(), key=_is_of_comments))


def _is_of_comments(feed: FoundFeed) -> bool:
    return _OF_COMMENTS.search(f"{feed.title} {feed.url}") is not None


def base_of(document: Document, url: str) -> str:
    """The address that a page's relative links refer to: that of its <base>, else its own."""
    base = document.tree.css_first("base[href]")
    return resolve(url, base.attributes.get("href") or "") or url if base else url


def obstacle(text: str) -> str | None:
    """What kind of obstacle a page is, if it is one and not a page of content."""
    if len(text) > 200_000:
        return None
    return next((name for name, mark in _OBSTACLES if mark.search(text)), None)


def _declared(document: Document, base: str) -> list[FoundFeed]:
    feeds = []
    for node in document.tree.css("link[rel][href]"):
        attributes = node.attributes
        href = attributes.get("href") or ""
        relations = (attributes.get("rel") or "").lower().split()
        kind = (attributes.get("type") or "").partition(";")[0].strip().lower()
        is_feed = kind in FEED_TYPES or (kind == "application/json" and not _OTHER_JSON.search(href))
        if ("feed" in relations or ("alternate" in relations and is_feed)) and (url := resolve(base, href)):
            feeds.append(FoundFeed(url=url, title=squeeze(attributes.get("title") or "") or None, declared=True))
    return feeds


def _linked(document: Document, base: str) -> list[FoundFeed]:
    feeds = []
    for node in document.tree.css("a[href]"):
        url = resolve(base, node.attributes.get("href") or "")
        if url and _FEED_PATH.search(url) and (same_site(url, base) or "feedburner" in url):
            feeds.append(FoundFeed(url=url, title=squeeze(node.text()) or None, declared=False))
    return feeds
