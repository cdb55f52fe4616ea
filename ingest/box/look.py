"""A cheap look at bytes before they are parsed: harmless ones need no box.

Every test is linear and none trusts the markup to be well-formed. What passes costs the parser and the extractor at most
half a second and 150 MB in the worst shape that was found (docs/decisions/0006-the-box.md); of real pages 97 in 100 pass.
"""

from __future__ import annotations

import re

MAX_PAGE = 1_000_000  # bytes; text alone is linear: a megabyte of it takes a quarter of a second
MAX_SOURCE = 64_000
"""Bytes of a feed or sitemap: feedparser takes 1 ms a kilobyte, which is time that the event loop does not have."""
MAX_TAGS = 6_000
"""Depth is bounded by it, too. Lexbor is quadratic in depth: 6,000 nested lists take 0.1 s, 30,000 more than 12 s."""
MAX_SIGNS = 4_000
"""Of "@": each is looked at as a mail address, which takes 15 µs; a megabyte of them would take 2 s."""
MAX_ATTRIBUTES = 1_000
"""Of one tag. Lexbor compares each with all others: 8,000 take 0.12 s, 43,000 take 5 s."""
MAX_FORMATTING = 20
"""Formatting elements open within each other. The parser opens all of them again in every following block
(https://html.spec.whatwg.org/#reconstruct-the-active-formatting-elements): 4,000 in 27 KB make 1.3 GB of nodes."""

# A tag with too many attributes, as a browser reads it: https://html.spec.whatwg.org/#before-attribute-name-state.
# It is looked for from every "<", so that no quote or script before it can hide it. The possessive quantifiers
# (Python 3.11) keep it from going back, the greatest lengths from reading a long name or value a thousand times.
_SPACE = rb"[\t\n\f\r ]"
_VALUE = _SPACE + rb"*+=" + _SPACE + rb"""*+(?:"[^"]*+"|'[^']*+'|[^\t\n\f\r >]{0,8000}+)"""
_ATTRIBUTE = rb"[\t\n\f\r /]*+[^\t\n\f\r />][^\t\n\f\r />=]{0,200}+(?:" + _VALUE + rb")?+"
_MANY_ATTRIBUTES = re.compile(rb"<[a-zA-Z][^\t\n\f\r />]*+(?:" + _ATTRIBUTE + rb"){%d}" % MAX_ATTRIBUTES)
# `a` and `nobr` close their like, so they can't pile up.
_FORMATTING = re.compile(rb"<(/?)(?:b|big|code|em|font|i|s|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE)
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)[^>]*?(?:\[|ENTITY)", re.IGNORECASE)


def suspicion_of_page(body: bytes) -> str | None:
    """Why an HTML page should be parsed in the box; None for a harmless one.

    >>> suspicion_of_page(b"<p>Hello"), suspicion_of_page(b"<div>" * 10_000)
    (None, '10,000 tags')
    """
    if len(body) > MAX_PAGE:
        return f"{len(body):,} bytes"
    if (tags := body.count(b"<")) > MAX_TAGS:
        return f"{tags:,} tags"
    if (signs := body.count(b"@")) > MAX_SIGNS:
        return f"{signs:,} @ signs"
    if b"\0" in body:
        return "NUL bytes"  # UTF-16, which this look can't read, or worse
    if _MANY_ATTRIBUTES.search(body):
        return f"a tag of more than {MAX_ATTRIBUTES:,} attributes"
    if (nested := _formatting_depth(body)) > MAX_FORMATTING:
        return f"{nested:,} formatting elements within each other"
    return None


def suspicion_of_source(body: bytes) -> str | None:
    """Why a feed, sitemap or listing page should be parsed in the box; None for a harmless one.

    >>> suspicion_of_source(b"<rss/>"), suspicion_of_source(b'<!DOCTYPE x [<!ENTITY a "b">]><rss/>')
    (None, 'a DOCTYPE with declarations')
    """
    if len(body) > MAX_SOURCE:
        return f"{len(body):,} bytes"
    if body.startswith(b"\x1f\x8b"):
        return "a gzip file"
    if _DECLARATION.search(body):
        return "a DOCTYPE with declarations"
    return suspicion_of_page(body)


def _formatting_depth(body: bytes) -> int:
    depth = deepest = 0
    for closing in _FORMATTING.findall(body):
        if closing:
            depth -= depth > 0
        else:
            depth += 1
            deepest = max(deepest, depth)
    return deepest
