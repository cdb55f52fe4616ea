"""The smaller fields: summary, site, section, tags, paywalled, canonical URL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from ingest.extract.candidates import Candidate
from ingest.extract.structured import JsonObject, texts
from ingest.extract.view import View
from ingest.text import squeeze
from ingest.urls import resolve, site_of

_TAG_LINKS = (
    'a[rel~="tag"], [class~="tags"] a, [class~="article-tags"] a, [class~="post-tags"] a, [class~="keywords"] a'
)
_CRUMBS = '[itemtype*="BreadcrumbList"] [itemprop~="name"], [class*="breadcrumb"] a'
_MOST_TAGS = 30
_LONGEST_TAG = 60

_OUTLETS = ("WebSite", "Organization", "NewsMediaOrganization", "Corporation")

# What a page says of its parts where nobody gave them a name.
_NO_SECTION = frozenset(
    """
    home homepage startseite start article articles artikel story stories index all alle uncategorized
    allgemein general default none null undefined inicio portada accueil principal home\xa0page strona\xa0główna главная 首页 홈 トップ
    unkategorisiert sin\xa0categoría non\xa0classé senza\xa0categoria sem\xa0categoria post posts page
    """.split()
)
# Tags of content managers, not of readers.
_NO_TAG = re.compile(
    r"^(?:\W*|\d+|null|undefined|none|[0-9a-f]{8}-[0-9a-f-]{27}|[a-z_-]+:[\w/.-]+|https?:.*)$", re.IGNORECASE
)
_BETWEEN_TAGS = re.compile(r"[,;、，|]")
# https://developers.facebook.com/docs/instant-articles/subscriptions and what publishers write there
_LOCKED = frozenset(
    {"locked", "metered", "premium", "paid", "subscriber", "subscription", "paywall", "plus", "registered"}
)
_FREE = frozenset({"free", "open", "public", "none"})
_TIERS = (
    "article:content_tier",
    "og:article:content_tier",
    "content_tier",
    "cxenseparse:content-tier",
    "article:opinion:content_tier",
)
# A separator between a site's name and what it says of itself: "Example News - latest headlines".
_TITLE_END = re.compile(r"\s[|–—·•»:-]\s")


def summary(view: View) -> Iterator[Candidate[str]]:
    """What the page says that the article says, in a sentence or three; not what the site says of itself."""
    meta = view.structured
    places = [
        ("json-ld description", next(iter(texts(view.json_ld.get("description"))), None), 5.0),
        ("og:description", meta.first("og:description"), 4.5),
        ("meta description", meta.first("description"), 4.0),
        ("twitter:description", meta.first("twitter:description"), 3.5),
        ("dc.description", meta.first("dc.description", "dcterms.description", "dcterms.abstract"), 3.0),
        ("sailthru.description", meta.first("sailthru.description", "parsely-summary"), 2.9),
        ("feed", view.link.summary if view.link else None, 2.5),
    ]
    values = [(origin, squeeze(_without_markup(text)), rank) for origin, text, rank in places if text]
    headline, of_site = view.headline.casefold(), _of_site(view)
    for origin, text, rank in values:
        if len(text) < 20 or text.casefold() == headline or text in of_site:
            continue
        agreed = sum(other == text for _, other, _ in values) > 1
        cut = text.endswith(("...", "…", "[…]", "[...]"))
        yield Candidate(text, origin, rank + (1.2 if agreed else 0) - (2 if cut else 0))


def _without_markup(text: str) -> str:
    return re.sub(r"<[^<>]{1,200}>", " ", text) if "<" in text else text


def _of_site(view: View) -> set[str]:
    """How the JSON-LD describes the site or the publisher: such a description is the outlet's."""
    outlets = [item for name in _OUTLETS for item in view.structured.typed.get(name, ())]
    return {squeeze(text) for item in outlets for text in texts(item.get("description"))[:1]}


def site(view: View) -> Iterator[Candidate[str]]:
    """The outlet's name as it writes it; its domain where the page gives none."""
    meta = view.structured
    if text := meta.first("og:site_name"):
        yield Candidate(squeeze(text), "og:site_name", 5)
    for item in view.described[:1]:
        for name in texts(meta.resolve(item.get("publisher")))[:1]:
            yield Candidate(squeeze(name), "json-ld publisher", 4)
    for item in meta.typed.get("WebSite", [])[:1]:
        for name in texts(item.get("name"))[:1]:
            yield Candidate(squeeze(name), "json-ld website", 3.5)
    if text := meta.first("application-name", "apple-mobile-web-app-title"):
        yield Candidate(squeeze(text), "application-name", 3)
    if text := meta.first("publisher", "dc.publisher", "article:publisher_name"):
        yield Candidate(squeeze(text), "meta publisher", 2.5)
    parts = _TITLE_END.split(squeeze(meta.title))
    if len(parts) > 1 and _is_domain_of(parts[-1], view.url):
        yield Candidate(parts[-1], "title", 2)
    if domain := site_of(view.url):
        yield Candidate(domain, "address", 1)


def _is_domain_of(name: str, url: str) -> bool:
    """Whether a name is spelled by the site's domain: "The Example Times" and theexampletimes.com."""
    letters = "".join(char for char in name.casefold() if char.isalnum())
    return len(letters) > 2 and letters in site_of(url).replace("-", "").replace(".", "")


def section(view: View) -> Iterator[Candidate[str]]:
    """The department that the article stands in; the last crumb that is neither the home page nor the article."""
    for item in view.described:
        names = texts(item.get("articleSection"))
        for name in names[:1]:
            yield from _section(name, "json-ld articleSection", 5)
    metas = (
        "article:section",
        "articlesection",
        "og:article:section",
        "parsely-section",
        "sailthru.section",
        "cxenseparse:recs:category",
        "dc.subject",
        "section",
    )
    for rank, name in enumerate(metas):
        for value in view.structured.meta.get(name, [])[:1]:
            yield from _section(value, name if ":" in name else f"meta {name}", 4 - rank / 10)
    crumbs = _crumbs_of_data(view.structured.typed.get("BreadcrumbList", ()))
    named = "json-ld breadcrumb" if crumbs else "breadcrumb"
    for name in reversed(crumbs or _crumbs_displayed(view)):
        if not _alike(name, view.headline):
            yield from _section(name, named, 3 if crumbs else 2)
            return


def _crumbs_displayed(view: View) -> list[str]:
    """The texts in the box that calls itself the bread crumbs."""
    blocks = view.layout.blocks
    for box in view.layout.boxes:
        if "breadcrumb" in box.hint and box.end > box.start:
            texts_ = [block.text for block in blocks[box.start : min(box.end, box.start + 12)]]
            return [name.strip() for text in texts_ for name in re.split(r"\s[>›»/|]\s|[>›»]", text) if name.strip()]
    return []


def _section(text: str, origin: str, rank: float) -> Iterator[Candidate[str]]:
    text = squeeze(text)
    if (
        text
        and len(text) <= _LONGEST_TAG
        and text.casefold() not in _NO_SECTION
        and not text.isdigit()
        and "://" not in text
    ):
        yield Candidate(text, origin, rank)


def _crumbs_of_data(lists: Iterable[JsonObject]) -> list[str]:
    """The names in the first `BreadcrumbList`, in order of position."""
    for item in lists:
        elements = item.get("itemListElement")
        if isinstance(elements, list):
            found = [(_position(element, i), name) for i, element in enumerate(elements) if (name := _crumb(element))]
            return [name for _, name in sorted(found, key=lambda pair: pair[0])]
    return []


def _crumb(element: Any) -> str:
    if not isinstance(element, Mapping):
        return ""
    return next(iter(texts(element.get("name")) or texts(element.get("item"))), "")


def _position(element: Any, default: int) -> float:
    try:
        return float(element.get("position", default))
    except (TypeError, ValueError):  # "position": "last"
        return float(default)


def _alike(name: str, headline: str) -> bool:
    return (
        bool(name)
        and bool(headline)
        and (name.casefold() in headline.casefold() or headline.casefold() in name.casefold())
    )


def tags(view: View) -> Iterator[Candidate[tuple[str, ...]]]:
    """The keywords under which the outlet files the article."""
    meta = view.structured.meta
    if found := _tags(meta.get("article:tag", []), split=False):
        yield Candidate(found, "article:tag", 4.5 if len(found) > 1 else 3.5)
    for item in view.described:
        value = item.get("keywords")
        if found := _tags(texts(value), split=not isinstance(value, list)):
            yield Candidate(found, "json-ld keywords", 5)
    for rank, name in enumerate(
        ("news_keywords", "parsely-tags", "sailthru.tags", "keywords", "dc.subject", "dcterms.subject")
    ):
        if found := _tags(meta.get(name, []), split=True):
            yield Candidate(found, f"meta {name}", 4 - rank / 5)
    linked = [node.text() for node in view.structured.marked if "tag" in (node.attrs.get("rel") or "").split()]
    if found := _tags(linked[:40], split=False):
        yield Candidate(found, "rel tag", 3.3)


def _tags(values: Iterable[str], *, split: bool) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for value in values:
        for part in _BETWEEN_TAGS.split(value) if split else [value]:
            tag = squeeze(part).strip(" #\"'")
            if tag and len(tag) <= _LONGEST_TAG and not _NO_TAG.match(tag):
                found.setdefault(tag.casefold(), tag)
    return tuple(found.values())[:_MOST_TAGS]


def paywalled(view: View) -> Iterator[Candidate[bool]]:
    """Whether readers must pay, as the page says (https://developers.google.com/search/docs/appearance/structured-data/paywalled-content)."""
    for item in [*view.described, *view.structured.pages[:2]]:
        free = truth(item.get("isAccessibleForFree"))
        parts = item.get("hasPart")
        locked = [
            truth(part.get("isAccessibleForFree"))
            for part in (parts if isinstance(parts, list) else [parts])
            if isinstance(part, Mapping)
        ]
        if free is not None:
            yield Candidate(not free, "json-ld isAccessibleForFree", 5)
        elif False in locked:
            yield Candidate(True, "json-ld hasPart isAccessibleForFree", 4)  # noqa: FBT003 - the value
    for name in _TIERS:
        for value in view.structured.meta.get(name, [])[:1]:
            tier = value.casefold()
            if tier in _LOCKED or tier in _FREE:
                yield Candidate(tier in _LOCKED, f"meta {name}", 4.5)


def truth(value: Any) -> bool | None:
    """A boolean as pages write it: true, "True", "http://schema.org/False", "no"; None for anything else.

    >>> truth("False"), truth("https://schema.org/True"), truth(0), truth({})
    (False, True, False, None)
    """
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, (bool, int)):
        return bool(value)
    if not isinstance(value, str):
        return None
    word = value.strip().rpartition("/")[2].casefold()
    return True if word in ("true", "yes", "1") else False if word in ("false", "no", "0") else None


def canonical_url(view: View) -> Iterator[Candidate[str]]:
    """What the page calls its own address, absolute. A home page is nobody's article: such a canonical is a mistake."""
    places = [("link canonical", href) for href in view.structured.canonical]
    places += [("og:url", url) for url in view.structured.meta.get("og:url", [])]
    places += [("json-ld url", url) for url in texts(view.json_ld.get("url"))[:1]]
    told: dict[str, str | None] = {}
    for rank, (origin, href) in enumerate(places[:6]):
        if href not in told:  # most pages say the same thrice
            url = resolve(view.url, href)
            told[href] = url if url and (not _is_front(url) or _is_front(view.url)) else None
        if url := told[href]:
            yield Candidate(url, origin, 5 - rank / 10)


def _is_front(url: str) -> bool:
    """Whether an address is a site's front page: https://example.org/, /en/, /index.html."""
    try:
        parts = urlsplit(url)
    except ValueError:  # "http://[": what the caller gave, not what a page says
        return False
    path = parts.path.strip("/").casefold()
    return not parts.query and (
        path == ""
        or len(path) <= 2
        or re.fullmatch(r"(?:[a-z]{2}/)?(?:index|home|default)(?:\.\w+)?", path) is not None
    )
