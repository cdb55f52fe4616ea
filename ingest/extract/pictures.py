"""What one `<img>` shows: its address, its label, its size as marked up.

Pages hide the address from browsers that have not scrolled yet: `src` is a placeholder then, and the picture stands in
`data-src`, `srcset`, a sibling `<source>` or a `<noscript>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from operator import itemgetter
from urllib.parse import unquote

from ingest.extract.alternation import one_of
from ingest.html import Node
from ingest.text import squeeze
from ingest.urls import resolve

Attributes = Mapping[str, str | None]

# In order of trust: what lazy-loading scripts read (lazysizes, WP Rocket, a3, unveil, Echo, bLazy, jQuery.lazyload …).
_SETS = ("srcset", "data-srcset", "data-lazy-srcset", "data-original-set", "data-src-set", "data-lazyload-srcset")
_SOURCES = (
    "data-src data-lazy-src data-original data-lazy data-lazyload data-full-src data-fullscreen-src data-original-src "
    "data-hi-res-src data-large-file data-orig-file data-img-src data-image-src data-lazyimage-src data-lazy-image data-echo "
    "data-defer-src data-default-src"
).split()
# Some use these for the picture, others for the page that it leads to: only where nothing else is there.
_DOUBTFUL = ("data-image", "data-img", "data-image-url", "data-url", "data-delayed-url", "data-pin-media")
_NO_ADDRESSES = ("data:", "about:", "blob:", "javascript:")
_NO_PICTURE = re.compile(
    "[/_.-]"
    + one_of(
        r"placeholder|blank|spacer|transparent|pixel|1x1|loading|loader(?:_\w+)?|spinner|lazy|lazyload|dummy|noimage|no-image|"
        r"default[_-]?image|trans|empty"
    )
    + r"\b[^/]*\.(?:gif|png|svg|jpe?g|webp)"
)
_ADDRESS = re.compile(r"^(?:https?:)?/|^[\w.~%-]+/|\.(?:jpe?g|png|webp|avif|gif)(?:$|\?)", re.IGNORECASE)
# https://www.rfc-editor.org/rfc/rfc3986#appendix-B
_PATH = re.compile(r"(?:[^:/?#]+:)?(?://[^/?#]*)?([^?#]*)")
_FILE = re.compile(r"\.(?:jpe?g|png|webp|avif|gif)(?:$|[?&])", re.IGNORECASE)
# Longer ones are nobody's; the patterns below are not linear on what hostile pages write.
_MAX_LENGTH = 20_000
_MAX_ADDRESS = 1_000
_MAX_NAME = 150
# Sizes in file names: "-1024x683", "_640", "@2x", "-scaled"; the picture is the same without.
_SIZE = re.compile(
    r"(?:[-_.]?\d{2,4}x\d{2,4}|[-_]\d{2,4}w?|@\dx|-scaled|[-_](?:large|medium|small|thumb(?:nail)?|xl|lg|md|sm|big))+$",
    re.IGNORECASE,
)
_NOT_A_LABEL = re.compile(
    r"^(?:image|photo|img|picture|foto|bild|\d+|[\w-]+\.(?:jpe?g|png|webp|gif)|null|undefined|alt|none)?$",
    re.IGNORECASE,
)


def address(attributes: Attributes, *, base: str, sources: Iterable[Attributes] = ()) -> str | None:
    """The absolute URL of the best rendition that an image element names, None if all it has is a placeholder.

    `sources` are the attributes of the `<source>` elements beside it; the image's own renditions come first.
    """
    for own in chain((attributes,), sources):
        for name in _SETS:
            if (value := own.get(name)) and (best := largest(value)):
                return resolve(base, best)
        for name in _SOURCES:
            if (value := own.get(name)) and _ADDRESS.search(value.strip()) and not _is_placeholder(value):
                return resolve(base, value)
        if (value := own.get("src")) and not _is_placeholder(value):
            return resolve(base, value)
    for name in _DOUBTFUL:
        if (value := attributes.get(name)) and _FILE.search(value) and not _is_placeholder(value):
            return resolve(base, value)
    return None


def _is_placeholder(value: str) -> bool:
    value = value[:_MAX_ADDRESS].lower()
    return value.startswith(_NO_ADDRESSES) or _NO_PICTURE.search(f"/{value}") is not None


def largest(srcset: str) -> str | None:
    """The candidate of a srcset with the greatest width or density, the first of equals.

    https://html.spec.whatwg.org/multipage/images.html#parsing-a-srcset-attribute

    >>> largest("a.jpg 320w, b.jpg?w=1,2 1280w, c.jpg 640w")
    'b.jpg?w=1,2'
    """
    renditions = _renditions(srcset[:_MAX_LENGTH].split())
    for url, _ in sorted(renditions, key=itemgetter(1), reverse=True):
        if url and not _is_placeholder(url):
            return url
    return None


def _renditions(words: list[str]) -> Iterator[tuple[str, float]]:
    """(address, width or density) of each: an address goes up to white space, its descriptors up to a comma."""
    at = 0
    while at < len(words):
        url, size, at = words[at], 0.0, at + 1
        while at < len(words) and not url.endswith(","):
            descriptor, comma, following = words[at].partition(",")
            number = descriptor[:-1]
            if descriptor[-1:] in ("w", "x") and number.replace(".", "", 1).isdecimal():
                size = float(number)
            if following:
                words[at] = following
                break
            at += 1
            if comma:
                break
        yield url.strip(","), size


def identity(url: str) -> str:
    """What the renditions of one picture have in common: the file's name without size and suffix, if it is telling.

    >>> identity("https://a.example/x/lake-view-1024x683.jpg?w=10") == identity("https://b.example/y/lake-view.webp")
    True
    """
    found = _PATH.match(url)
    assert found is not None  # every part of it may be missing
    path = unquote(found[1])
    name = path.rsplit("/", 1)[-1][-_MAX_NAME:]
    stem = _SIZE.sub("", name.rsplit(".", 1)[0] if "." in name else name)
    return stem if len(stem) >= 8 else path or url


def label(attributes: Attributes) -> str | None:
    """The alt text, else the title; None for file names, numbers and "image"."""
    for name in ("alt", "title"):
        text = squeeze(attributes.get(name) or "")
        if text and not _NOT_A_LABEL.match(text):
            return text
    return None


def is_small(attributes: Attributes) -> bool:
    """Whether the markup says that it is an icon, a portrait stamp or a tracking pixel: less than 100 pixels a side.

    Numbers up to 32 that are no pair of equal ones are a ratio ("16" by "9").
    """
    width, height = _pixels(attributes.get("width")), _pixels(attributes.get("height"))
    if width is None or height is None:
        return (width or height or 1000) < 60 and (width or height) is not None
    if width != height and max(width, height) <= 32 and width > 1 and height > 1:
        return False
    return width < 100 or height < 60


def _pixels(value: str | None) -> int | None:
    digits = (value or "").removesuffix("px").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else None


def sources_beside(node: Node) -> Iterator[Attributes]:
    """The attributes of the `<source>` elements of the `<picture>` around an image."""
    parent = node.parent
    if parent is None or parent.tag != "picture":
        return
    child = parent.child
    while child is not None:
        if child.tag == "source":
            yield child.attributes
        child = child.next
