"""RSS 0.9x to 2.0, RSS 1.0 (RDF) and Atom: the only door to feedparser.

The document is cut at its entries and cleaned before feedparser sees it (`markup`); that bounds what hostile ones cost and
lets the newest entries of an endless feed be read alone. feedparser gets bytes in a file object (a str would be opened
as a URL or a file), no sanitiser (it costs half of the time and can be bypassed) and no base address: guids are names and
lose only what cannot be seen; links are resolved here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from html import escape, unescape
from io import BytesIO
from typing import Any

import feedparser

from ingest.discover.dates import read_date
from ingest.discover.markup import Cut, cut
from ingest.discover.offers import MAX_AUTHORS, MAX_GUID, MAX_TAGS, counted, language_of, merged
from ingest.discover.plain import excerpt, is_full_text, plain_text
from ingest.errors import NotASource
from ingest.model import Discovery, Link, Page, PublisherHints, Source
from ingest.text import squeeze
from ingest.urls import resolve

MAX_ENTRIES = 2_000  # the newest; a feed is a window, an archive is a sitemap
MAX_SUMMARY = 10_000  # characters

_HEADERS = {"content-type": "application/xml; charset=utf-8"}
_ROOT = re.compile(r"<((?:[\w.-]+:)?(?:rss|rdf|feed))[\s>]", re.IGNORECASE)
_DATE = re.compile(r"<(?:\w+:)?(?:pubDate|date|published|updated|issued)\b[^<>]*>\s*(?:<!\[CDATA\[)?([^<>\]]{6,60})")
_BY = re.compile(r"^by:?\s+", re.IGNORECASE)
_NO_TAGS = frozenset(
    {"uncategorized", "uncategorised", "미분류", "未分類", "未分类", "allgemein", "sin categoría", "non classé"}
)


@dataclass(frozen=True, slots=True)
class _Context:
    """What reading an entry needs beside the entry."""

    source: Source
    page: Page
    language: str | None
    atom: bool


def read(text: str, source: Source, page: Page) -> Discovery:
    """The links of a feed; raises NotASource if it is none, takes what it can of broken ones."""
    pieces = cut(text)
    entries, warnings = _newest(pieces.entries, source, page)
    parsed = _parse(pieces, entries)
    if not parsed.version and not parsed.entries:
        raise NotASource(f"XML that is no RSS, RDF or Atom feed ({_fault(parsed)})")
    if parsed.bozo:
        warnings.append(f"not well-formed: {_fault(parsed)}")
    if not pieces.complete:
        warnings.append("the document breaks off; its whole entries are taken")
    context = _Context(source, page, language_of(parsed.feed.get("language")), parsed.version.startswith("atom"))
    read_links = [_link(entry, context) for entry in parsed.entries]
    links, left_out = merged((link for link in read_links if link is not None), page)
    warnings += counted(read_links.count(None), "no web address")
    return Discovery(
        links=tuple(links),
        title=plain_text(_text(parsed.feed, "title")) or None,
        hints=_hints(pieces.head + pieces.tail),
        warnings=(*warnings, *left_out),
        complete=pieces.complete,
    )


# ------------------------------------------------------------ the document


def _newest(entries: tuple[str, ...], source: Source, page: Page) -> tuple[tuple[str, ...], list[str]]:
    """At most MAX_ENTRIES, from the end where the newest stand."""
    if len(entries) <= MAX_ENTRIES:
        return entries, []
    first, last = (_date_of(entry, source, page) for entry in (entries[0], entries[-1]))
    oldest_first = first is not None and last is not None and first < last
    kept = entries[-MAX_ENTRIES:] if oldest_first else entries[:MAX_ENTRIES]
    return kept, [f"the feed has {len(entries)} entries; the newest {MAX_ENTRIES} are read"]


def _date_of(entry: str, source: Source, page: Page) -> float | None:
    found = _DATE.search(entry)
    when = read_date(found[1], zone=source.timezone or "UTC", now=page.fetched_at) if found else None
    return when.timestamp() if when else None


def _parse(pieces: Cut, entries: Iterable[str]) -> Any:
    root = _ROOT.search(pieces.head)
    if root is None:
        raise NotASource("XML without the root of a feed (rss, RDF or feed)")
    channel = "</channel>" if root[1].lower().endswith("rss") else ""
    tail = pieces.tail if pieces.complete else f"{channel}</{root[1]}>"
    document = f"{pieces.head[root.start() :]}{''.join(entries)}{tail}".encode()
    try:
        return feedparser.parse(
            BytesIO(document), response_headers=_HEADERS, sanitize_html=False, resolve_relative_uris=False
        )
    except OSError:  # bytes open no files: a module that is imported late could not be read
        raise
    except Exception as error:  # feedparser promises nothing: bytes on which it fails are not readable as a feed
        raise NotASource(f"a feed that can't be read ({type(error).__name__}: {error})") from error


def _fault(parsed: Any) -> str:
    return squeeze(str(parsed.get("bozo_exception") or "no entries"))[:200]


# ------------------------------------------------------------ an entry


def _link(entry: dict[str, Any], context: _Context) -> Link | None:
    """One entry; None if it leads to no web page."""
    base = resolve(context.page.final_url, _base(entry)) or context.page.final_url
    guid = squeeze(_text(entry, "id"))
    url = _address(entry, base, guid)
    if url is None:
        return None
    content, summary = _content_and_summary(entry)
    published, modified = _dates(entry, context)
    return Link(
        url=url,
        guid=guid if 0 < len(guid) <= MAX_GUID else None,
        title=_title(entry, context) or None,
        published_at=published,
        modified_at=modified,
        summary=summary,
        content=content,
        authors=_authors(entry),
        tags=_tags(entry),
        language=_language(entry) or context.language,
        image_url=_image(entry, base),
    )


def _text(entry: dict[str, Any], name: str) -> str:
    """A field as written; "" if it is missing. Not by `entry[name]`, which answers with other fields than asked for."""
    value = dict.get(entry, name)
    return value.strip() if isinstance(value, str) else ""


def _detail(entry: dict[str, Any], name: str) -> Mapping[str, Any]:
    detail = entry.get(f"{name}_detail")
    return detail if isinstance(detail, dict) else {}


def _base(entry: dict[str, Any]) -> str:
    """The entry's xml:base, which feedparser tells only of its texts."""
    details = [_detail(entry, "title"), _detail(entry, "summary"), *(entry.get("content") or [])]
    return next((str(detail["base"]) for detail in details if detail.get("base")), "")


def _address(entry: dict[str, Any], base: str, guid: str) -> str | None:
    """The page that the entry tells of: its link, the link that FeedBurner replaced, or a guid that is an address."""
    links = [link for link in entry.get("links") or [] if link.get("href") and link.get("rel") == "alternate"]
    pages = [link["href"] for link in links if "html" in link.get("type", "html")]
    candidates = [_text(entry, "feedburner_origlink"), *pages, _text(entry, "link"), *(link["href"] for link in links)]
    for href in candidates:
        if href and (url := resolve(base, href)):
            return url
    return resolve("", guid) if guid else None


def _title(entry: dict[str, Any], context: _Context) -> str:
    title = _text(entry, "title")
    if context.atom and _detail(entry, "title").get("type") == "text/plain":
        return squeeze(unescape(title))[:MAX_SUMMARY]
    return plain_text(title)[:MAX_SUMMARY]


def _dates(entry: dict[str, Any], context: _Context) -> tuple[Any, Any]:
    """(published, modified). RSS knows one date, under several names; Atom's `updated` is no date of publication."""
    zone, now = context.source.timezone, context.page.fetched_at
    published = _text(entry, "published") or _text(entry, "created")
    updated = _text(entry, "updated")
    if not published and not context.atom:
        published, updated = updated, ""
    return read_date(published, zone=zone, now=now), read_date(updated, zone=zone, now=now)


def _content_and_summary(entry: dict[str, Any]) -> tuple[str | None, str | None]:
    """(the full text as HTML, a summary as text). A long description is a full text, a cut content is a summary."""
    described = _text(entry, "summary")
    full = max((_as_html(content) for content in entry.get("content") or []), key=len, default="")
    if not full or full == described:  # feedparser copies a content into a missing summary
        full, described = _as_html({**_detail(entry, "summary"), "value": described}), ""
    if not is_full_text(full):
        described, full = described or full, ""
    summary = excerpt(described)
    return full or None, summary[:MAX_SUMMARY] if summary else None


def _as_html(content: Mapping[str, Any]) -> str:
    value, kind = str(content.get("value") or "").strip(), str(content.get("type") or "text/html")
    if kind == "text/plain" and "<" not in value:
        return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in re.split(r"\n\s*\n", value) if paragraph.strip())
    return value if "html" in kind or kind.startswith("text/") else ""


def _authors(entry: dict[str, Any]) -> tuple[str, ...]:
    names = [_BY.sub("", plain_text(str(author.get("name") or ""))) for author in entry.get("authors") or []]
    named = [name for name in names if name and "@" not in name and len(name) <= 200]
    return tuple(dict.fromkeys(named))[:MAX_AUTHORS]


def _tags(entry: dict[str, Any]) -> tuple[str, ...]:
    names = [plain_text(str(tag.get("label") or tag.get("term") or "")) for tag in entry.get("tags") or []]
    return tuple(dict.fromkeys(name for name in names if 0 < len(name) <= 200 and name.lower() not in _NO_TAGS))[
        :MAX_TAGS
    ]


def _language(entry: dict[str, Any]) -> str | None:
    contents = entry.get("content") or []
    return language_of(_text(entry, "language") or _detail(entry, "title").get("language")) or next(
        (language for content in contents if (language := language_of(content.get("language")))), None
    )


def _image(entry: dict[str, Any], base: str) -> str | None:
    """The largest picture that Media RSS names, else its thumbnail, else an enclosed picture."""
    media = [m for m in entry.get("media_content") or [] if _is_picture(m.get("medium"), m.get("type"), m.get("url"))]
    media.sort(key=lambda m: -_pixels(m.get("width")))
    enclosed = [
        link.get("href")
        for link in entry.get("links") or []
        if link.get("rel") == "enclosure" and _is_picture(None, link.get("type"), link.get("href"))
    ]
    image = entry.get("image")
    of_item = [image.get("href")] if isinstance(image, dict) else []
    for href in (*(m.get("url") for m in (*media, *(entry.get("media_thumbnail") or []))), *enclosed, *of_item):
        if href and (url := resolve(base, str(href))):
            return url
    return None


def _is_picture(medium: str | None, kind: str | None, url: str | None) -> bool:
    if medium or kind:
        return medium == "image" or str(kind).startswith("image/")
    return bool(re.search(r"\.(?:jpe?g|png|webp|gif|avif)(?:[?#]|$)", str(url), re.IGNORECASE))


def _pixels(width: str | None) -> int:
    return int(width) if width and width.isascii() and width.isdigit() and len(width) < 7 else 0


# ------------------------------------------------------------ hints

_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}  # hours
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _hints(head: str) -> PublisherHints:
    """https://www.rssboard.org/rss-specification#optionalChannelElements, https://web.resource.org/rss/1.0/modules/syndication/

    Read here because feedparser keeps only the last of several `hour` elements.
    """
    period = _PERIODS.get(_element(head, "updatePeriod").lower())
    frequency = _number(_element(head, "updateFrequency")) or 1
    ttl = _number(_element(head, "ttl"))
    hours = {_number(hour) for hour in _children(head, "skipHours", "hour")}
    days = {day.strip().lower()[:3] for day in _children(head, "skipDays", "day")}
    return PublisherHints(
        ttl=timedelta(minutes=ttl) if ttl else None,
        update_period=timedelta(hours=period) / frequency if period else None,
        skip_hours=frozenset(hour % 24 for hour in hours if hour is not None and hour <= 24),
        skip_days=frozenset(i for i, name in enumerate(_DAYS) if name in days),
    )


def _element(head: str, name: str) -> str:
    found = re.search(rf"<(?:\w+:)?{name}\b[^<>]*>\s*(?:<!\[CDATA\[)?\s*([^<>\]]*)", head, re.IGNORECASE)
    return found[1].strip() if found else ""


def _children(head: str, name: str, child: str) -> list[str]:
    found = re.search(rf"<{name}\b[^<>]*>([^\x00]{{0,4000}}?)</{name}", head, re.IGNORECASE)
    return re.findall(rf"<{child}\b[^<>]*>([^<>]*)", found[1], re.IGNORECASE) if found else []


def _number(text: str) -> int | None:
    """A whole number up to 7 digits (20 years of minutes); None for anything else."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 7 else None
