"""Sitemaps, news sitemaps and sitemap indexes (https://www.sitemaps.org/protocol.html).

Read by looking for their few elements and not by an XML parser: nothing of a DOCTYPE can act, a broken or cut document
gives its whole entries, and 50,000 entries cost half a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape

from ingest.discover.dates import read_date
from ingest.discover.markup import without_comments
from ingest.discover.offers import MAX_TAGS, counted, language_of, merged
from ingest.model import Discovery, Link, Page, Source
from ingest.text import squeeze
from ingest.urls import resolve

MAX_LINKS = 50_000  # the protocol's own limit
MAX_FIELD = 20_000  # characters
_NEVER = datetime.min.replace(tzinfo=UTC)

_ENTRY = re.compile(r"<(?:\w+:)?(url|sitemap)(?=[\s>])[^<>]*>", re.IGNORECASE)
# A field with its prefix: image:loc and video:title are others than loc and news:title.
_FIELD = re.compile(
    r"<(?:(\w+):)?([A-Za-z_]\w*)(?:\s[^<>]*)?>\s*(?:<!\[CDATA\[([^\]]*(?:\](?!\]>)[^\]]*)*)\]\]>|([^<]*))"
)
_NEWS_FIELDS = frozenset({"title", "publication_date", "language", "keywords", "name"})


def read(text: str, source: Source, page: Page) -> Discovery:
    """The pages of a sitemap, newest first, or the children of an index in `more`."""
    links: list[Link] = []
    children: list[tuple[datetime, str]] = []
    nowhere = 0
    for kind, entry in _entries(without_comments(text)):
        fields = _fields(entry)
        url = resolve(page.final_url, fields.get("loc", ""))
        if not fields.get("loc") or url is None:
            nowhere += 1
            continue
        changed = read_date(fields.get("lastmod"), zone=source.timezone, now=page.fetched_at)
        if kind == "sitemap":
            children.append((changed or _NEVER, url))
        else:
            links.append(_link(url, fields, changed, source, page))
    return _discovery(links, children, nowhere, page, complete=_is_complete(text))


def read_list(text: str, page: Page) -> Discovery:
    """A text sitemap: one URL on each line (https://www.sitemaps.org/protocol.html#otherformats)."""
    urls = [resolve(page.final_url, line) for line in text.split()]
    links = [Link(url=url) for url in urls if url is not None]
    return _discovery(links, [], urls.count(None), page, complete=True)


def _discovery(
    links: list[Link], children: list[tuple[datetime, str]], nowhere: int, page: Page, *, complete: bool
) -> Discovery:
    warnings = counted(nowhere, "no web address")
    found, left_out = merged(links, page)
    found.sort(key=lambda link: link.published_at or link.modified_at or _NEVER, reverse=True)
    if len(found) > MAX_LINKS:
        warnings.append(f"the sitemap has {len(found)} entries; the newest {MAX_LINKS} are read")
    if not complete:
        warnings.append("the document breaks off; its whole entries are taken")
    children.sort(key=lambda child: child[0], reverse=True)
    own = {page.url, page.final_url}
    return Discovery(
        links=tuple(found[:MAX_LINKS]),
        more=tuple(url for url in dict.fromkeys(url for _, url in children) if url not in own),
        warnings=(*warnings, *left_out),
        complete=complete,
    )


def _is_complete(text: str) -> bool:
    return (
        re.search(
            r"(?:</(?:\w+:)?(?:urlset|sitemapindex)\s*>|<(?:\w+:)?(?:urlset|sitemapindex)\b[^<>]*/>)\s*\Z",
            text[-4000:],
            re.IGNORECASE,
        )
        is not None
    )


def _entries(text: str) -> Iterator[tuple[str, str]]:
    """("url" or "sitemap", what is between its tags); what breaks off is left out."""
    starts = list(_ENTRY.finditer(text))
    for i, start in enumerate(starts):
        until = starts[i + 1].start() if i + 1 < len(starts) else len(text)
        end = text.find(f"{start[1]}>", start.end(), until)
        if end >= 0:
            yield start[1].lower(), text[start.end() : end]


def _fields(entry: str) -> dict[str, str]:
    """loc, lastmod, and the fields of a news sitemap as news:title and so on; of each the first."""
    fields: dict[str, str] = {}
    for prefix, name, cdata, text in _FIELD.findall(entry):
        plain = name.lower()
        if prefix.lower() in ("news", "n") and plain in _NEWS_FIELDS:
            plain = f"news:{plain}"
        elif prefix.lower() in ("image", "video", "xhtml", "mobile"):
            plain = f"{prefix.lower()}:{plain}"
        value = (cdata or unescape(text)).strip()
        if value:
            fields.setdefault(plain, value[:MAX_FIELD])
    return fields


def _link(url: str, fields: dict[str, str], changed: datetime | None, source: Source, page: Page) -> Link:
    keywords = (squeeze(word) for word in fields.get("news:keywords", "").split(","))
    return Link(
        url=url,
        title=squeeze(unescape(fields.get("news:title", ""))) or None,
        published_at=read_date(fields.get("news:publication_date"), zone=source.timezone, now=page.fetched_at),
        modified_at=changed,
        tags=tuple(dict.fromkeys(word[:200] for word in keywords if word))[:MAX_TAGS],
        language=language_of(fields.get("news:language")),
        image_url=resolve(page.final_url, fields["image:loc"]) if "image:loc" in fields else None,
    )
