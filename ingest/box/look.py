"""A cheap look at bytes before they are parsed: harmless ones need no box.

Every test is linear and none trusts the markup to be well-formed. The limits are those of the worst shapes that were found
(docs/decisions/0006-the-box.md): what is parsed here takes 0.1 s at most, what is parsed aside 1 s and 150 MB.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto


class Place(Enum):
    """Where bytes are parsed."""

    HERE = auto()
    ASIDE = auto()
    """In a thread: bounded, but longer than the event loop can wait."""
    BOX = auto()
    """In a process that may die."""


@dataclass(frozen=True, slots=True)
class Look:
    """Where to parse, and why not here."""

    place: Place
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Limits:
    page: int
    """Bytes. Text is linear: 3 MB of it take 0.2 s."""
    source: int
    """Bytes of a feed or sitemap: feedparser takes up to 2 ms a kilobyte."""
    tags: int
    """Depth is bounded by it, too. Lexbor is quadratic in depth: 12,000 nested elements take 0.2 s, 20,000 take 0.6 s."""
    signs: int
    """Of "@": each is looked at as a mail address, which takes up to 140 µs."""
    formatting: int
    """Formatting elements open within each other. The parser opens all of them again in every following block
    (https://html.spec.whatwg.org/#reconstruct-the-active-formatting-elements): 4,000 in 27 KB make 1.3 GB of nodes."""
    nodes: int
    """Formatting elements times tags; a million of nodes takes 1.3 s and 400 MB."""


_HERE = _Limits(page=500_000, source=64_000, tags=4_000, signs=500, formatting=20, nodes=80_000)
_ASIDE = _Limits(page=3_000_000, source=500_000, tags=15_000, signs=5_000, formatting=80, nodes=240_000)
MAX_PAGE, MAX_SOURCE = _ASIDE.page, _ASIDE.source
MAX_ATTRIBUTES = 1_000
"""Of one tag. Lexbor compares each with all others: 8,000 take 0.12 s, 43,000 take 5 s; 3 MB of tags of 1,000 take 1 s. Scripts
look like tags of some hundred."""
MAX_NAMESPACES = 200
"""Declared in a feed: feedparser is quadratic in them, and takes 2 s for 7,000."""

# A tag as a browser reads it: https://html.spec.whatwg.org/#before-attribute-name-state. The possessive quantifiers
# (Python 3.11) keep the patterns from going back.
_SPACE = rb"[\t\n\f\r ]"
_VALUE = _SPACE + rb"*+=" + _SPACE + rb"""*+(?:"[^"]*+"|'[^']*+'|[^\t\n\f\r >]*+)"""
_ATTRIBUTE = rb"[\t\n\f\r /]*+[^\t\n\f\r />][^\t\n\f\r />=]*+(?:" + _VALUE + rb")?+"
_TAG = re.compile(rb"<[^\t\n\f\r />]*+(?:%b){0,%d}+(%b)?" % (_ATTRIBUTE, MAX_ATTRIBUTES - 1, _ATTRIBUTE))
# Nearly all tags are written like this: few attributes, and no "<" or ">" in them. What is not is read by _TAG.
_WRITTEN = _SPACE + rb"""++[\w:.@-]++(?:=(?:"[^"<>]*+"|'[^'<>]*+'|[^\t\n\f\r "'<>]++))?+"""
_ODD_TAG = re.compile(rb"<[a-zA-Z](?![^\t\n\f\r /<>]*+(?:%b){0,100}+[\t\n\f\r /]*+>)" % _WRITTEN)
_MOST_WALKED = 4_000_000
"""Bytes of odd tags, each read from its "<" to its end. Pages have some 100 KB of them; a flood of
"<a<a<a" would have the rest of the page read from each."""
# `a` and `nobr` close their like, so they can't pile up. The first letters are looked at first, which saves a third.
_FORMATTING = re.compile(
    rb"<(/?)(?=[bcefistu])(?:b|big|code|em|font|i|s|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE
)
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)[^>]*?(?:\[|ENTITY)", re.IGNORECASE)


def look_at_page(body: bytes) -> Look:
    """Where to parse an HTML page.

    >>> look_at_page(b"<p>Hello").place, look_at_page(b"<div>" * 20_000).reason
    (<Place.HERE: 1>, '20,000 tags')
    """
    if b"\0" in body:
        return Look(Place.BOX, "NUL bytes")  # UTF-16, which this look can't read, or worse
    tags, signs = body.count(b"<"), body.count(b"@")
    if len(body) <= _ASIDE.page and tags <= _ASIDE.tags and (attributes := _many_attributes(body)):
        return Look(Place.BOX, attributes)
    nested = _formatting_depth(body)
    found = Look(Place.HERE)
    for limits, place in ((_HERE, Place.ASIDE), (_ASIDE, Place.BOX)):
        if len(body) > limits.page:
            found = Look(place, f"{len(body):,} bytes")
        elif tags > limits.tags:
            found = Look(place, f"{tags:,} tags")
        elif signs > limits.signs:
            found = Look(place, f"{signs:,} @ signs")
        elif nested > limits.formatting or nested * tags > limits.nodes:
            found = Look(place, f"{nested:,} formatting elements within each other")
    return found


def look_at_source(body: bytes) -> Look:
    """Where to parse a feed, sitemap or listing page.

    >>> look_at_source(b"<rss/>").place, look_at_source(b'<!DOCTYPE x [<!ENTITY a "b">]><rss/>').reason
    (<Place.HERE: 1>, 'a DOCTYPE with declarations')
    """
    if len(body) > _ASIDE.source:
        return Look(Place.BOX, f"{len(body):,} bytes")
    if body.startswith(b"\x1f\x8b"):
        return Look(Place.BOX, "a gzip file")
    if _DECLARATION.search(body):
        return Look(Place.BOX, "a DOCTYPE with declarations")
    if (namespaces := body.count(b"xmlns")) > MAX_NAMESPACES:
        return Look(Place.BOX, f"{namespaces:,} namespaces")
    found = look_at_page(body)
    if found.place is Place.HERE and len(body) > _HERE.source:
        return Look(Place.ASIDE, f"{len(body):,} bytes")
    return found


def _many_attributes(body: bytes) -> str | None:
    """Which tag has too many attributes, in words, looked for from every "<": no quote or script before can hide it.

    From a "<" within a tag that was read already it is read again, unless the rest of that tag is all there is to read.
    """
    at = walked = 0
    while (odd := _ODD_TAG.search(body, at)) is not None:
        tag = _TAG.match(body, odd.start())
        assert tag is not None
        if tag[1] is not None:
            return f"a tag of more than {MAX_ATTRIBUTES:,} attributes"
        walked += tag.end() - tag.start()
        if walked > _MOST_WALKED:
            return "tags within tags"
        within = body.find(b"<", tag.start() + 1, tag.end())
        at = within if within >= 0 else tag.end()
    return None


def _formatting_depth(body: bytes) -> int:
    depth = deepest = 0
    for closing in _FORMATTING.findall(body):
        if closing:
            depth -= depth > 0
        else:
            depth += 1
            deepest = max(deepest, depth)
    return deepest
