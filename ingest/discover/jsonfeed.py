"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), leniently: a field of the wrong type is a missing field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from ingest.discover.dates import read_date
from ingest.discover.offers import MAX_AUTHORS, MAX_GUID, MAX_TAGS, counted, language_of, merged
from ingest.discover.plain import excerpt, is_full_text, plain_text
from ingest.errors import NotASource
from ingest.model import Discovery, Link, Page, Source
from ingest.text import squeeze
from ingest.urls import resolve

MAX_ITEMS = 2_000


def read(text: str, source: Source, page: Page) -> Discovery:
    """The links of a JSON Feed; raises NotASource for other JSON."""
    try:
        feed = json.loads(text)
    except RecursionError:
        raise NotASource("JSON that is nested too deep to be a feed") from None
    except ValueError as error:
        raise NotASource(f"broken JSON: {error}") from None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise NotASource("JSON, but no JSON Feed: it has no list of items")
    warnings = [] if "jsonfeed.org/version/" in _string(feed, "version") else ["the feed does not name its version"]
    if len(items) > MAX_ITEMS:
        warnings.append(f"the feed has {len(items)} entries; the first {MAX_ITEMS} are read")
    read_links = [_link(item, feed, source, page) for item in items[:MAX_ITEMS]]
    links, left_out = merged((link for link in read_links if link is not None), page)
    warnings += counted(read_links.count(None), "no web address")
    return Discovery(links=tuple(links), title=_line(feed, "title"), warnings=(*warnings, *left_out))


def _link(item: object, feed: Mapping[str, Any], source: Source, page: Page) -> Link | None:
    if not isinstance(item, dict):
        return None
    guid = _guid(item.get("id"))
    base = page.final_url
    url = _first_url(base, _string(item, "url"), _string(item, "external_url")) or (resolve("", guid) if guid else None)
    if url is None:
        return None
    html = _string(item, "content_html") or _paragraphs(_string(item, "content_text"))
    full = html if is_full_text(html) else None
    summary = squeeze(_string(item, "summary")) or (None if full else excerpt(html))
    return Link(
        url=url,
        guid=guid,
        title=_line(item, "title"),
        published_at=read_date(_string(item, "date_published"), zone=source.timezone, now=page.fetched_at),
        modified_at=read_date(_string(item, "date_modified"), zone=source.timezone, now=page.fetched_at),
        summary=summary[:10_000] if summary else None,
        content=full,
        authors=_authors(item),
        tags=tuple(
            dict.fromkeys(t for tag in _list(item, "tags") if isinstance(tag, str) and (t := squeeze(tag)[:200]))
        )[:MAX_TAGS],
        language=language_of(item.get("language")) or language_of(feed.get("language")),
        image_url=_first_url(base, _string(item, "image"), _string(item, "banner_image")),
    )


def _string(thing: Mapping[str, Any], name: str) -> str:
    value = thing.get(name)
    return value.strip() if isinstance(value, str) else ""


def _line(thing: Mapping[str, Any], name: str) -> str | None:
    return plain_text(_string(thing, name))[:10_000] or None


def _list(thing: Mapping[str, Any], name: str) -> list[Any]:
    value = thing.get(name)
    return value if isinstance(value, list) else []


def _guid(value: object) -> str | None:
    """The id; the specification asks readers to take numbers as text."""
    text = squeeze(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    return text if 0 < len(text) <= MAX_GUID else None


def _first_url(base: str, *hrefs: str) -> str | None:
    return next((url for href in hrefs if href and (url := resolve(base, href))), None)


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in text.split("\n\n") if paragraph.strip())


def _authors(item: Mapping[str, Any]) -> tuple[str, ...]:
    """Version 1.1 has a list, version 1 one author."""
    people = [*_list(item, "authors"), item.get("author")]
    names = [_line(person, "name") for person in people if isinstance(person, dict)]
    return tuple(dict.fromkeys(name[:200] for name in names if name))[:MAX_AUTHORS]
