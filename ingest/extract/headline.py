"""The article's own headline, as its page shows it.

What the page displays as a heading and what it says of itself elsewhere (OpenGraph, JSON-LD, `<title>`, the feed) are
each other's witnesses: the heading with most of them wins. That keeps out site names and boxes' heads, which are often
an `<h1>` too, and kickers, which often stand in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from ingest.extract.alternation import one_of
from ingest.extract.candidates import Candidate
from ingest.extract.layout import Block, Box
from ingest.extract.paragraphs import folded
from ingest.extract.structured import texts
from ingest.extract.view import View
from ingest.text import squeeze

_MOST_HEADINGS = 40
_LONGEST = 400
_BASE = {"h1": 5.0, "h2": 3.0, "h3": 2.5}
_FIRST = 4.5
"""The base of an `<h2>` where there is no `<h1>`; of no less where its witnesses may word it in another way."""
_TITLE_WORD = one_of(
    "headline|title|heading|titel|titolo|titre|titulo|titular|tytul|tittel|rubrik|overskrift|otsikko|baslik|judul|tieu-de|subject"
)
_TITLE_NAME = re.compile(rf"(?<![a-z]){_TITLE_WORD}(?![a-z])")
_MAYBE_TITLE = re.compile(_TITLE_WORD)  # without the look behind `re` skips to the letters that a word begins with
# What stands between a headline and the name of the site or section in <title> and og:title.
_SEPARATOR = re.compile(r"\s*[|ㅣ｜»«›]\s*|\s+[-–—·•:~/]\s+|\s*(?:--+|::+|—|_)\s*|(?<=[^\x00-\x7f])-|-(?=[^\x00-\x7f])")


_HOME = re.compile(r"(?:(?:https?:)?//[^/?#]+)?/?(?:index\.\w{2,5})?$(?<!^)")
_HOST = re.compile(r"\w+://(?:www\.)?([^/:?#]+)")


class _Witness(NamedTuple):
    """A text in which the page, or its feed, names the article."""

    text: str
    origin: str
    rank: float
    key: str


class _Heading(NamedTuple):
    """A heading that the page displays."""

    text: str
    box: Box
    base: float
    key: str


def candidates(view: View) -> Iterator[Candidate[str]]:
    if view.rules.headline and (node := view.document.tree.css_first(view.rules.headline)):
        yield Candidate(squeeze(node.text(separator=" ")), "rule headline", 100)
    site = _site_names(view)
    named = [text for value in texts(view.json_ld.get("headline")) if (text := squeeze(value))]
    told = set(map(folded, named))
    headings = _headings(view, told)
    known = {key for key in (*told, *(heading.key for heading in headings)) if len(key) > 5} - site
    witnesses = [
        _Witness(text, origin, rank, folded(text)) for text, origin, rank in _witnesses(view, named, site, known)
    ]
    supported = list(_supported(headings, witnesses, site, view.layout.blocks))
    yield from supported
    for witness in witnesses:
        agreeing = sum(
            1.5
            for other in witnesses
            if other is not witness and other.origin != witness.origin and other.key == witness.key
        )
        yield Candidate(witness.text, witness.origin, witness.rank + min(agreeing, 2.0))
    if not supported and not witnesses:
        for heading in headings:
            if heading.box.tag in _BASE and not _in_navigation(heading.box):
                yield Candidate(heading.text, f"{heading.box.tag} alone", heading.base / 10)


def _supported(
    headings: Sequence[_Heading], witnesses: Sequence[_Witness], site: set[str], blocks: Sequence[Block]
) -> Iterator[Candidate[str]]:
    """The headings that a witness speaks for, and every `<h1>`. Most of a page's headings are teasers'."""
    keys = [witness.key for witness in witnesses]
    names = {key: keys.count(key) for key in keys}
    starts, ends = {name[:8] for name in names}, {name[-8:] for name in names}
    for heading in headings:
        _, box, base, key = heading
        if base < _FIRST and key[:8] not in starts and key[-8:] not in ends:
            continue
        support = sum([times * _support(base, key, other) for other, times in names.items()])
        if key in site:
            support -= 6
        if _leads_home(box, blocks):
            base -= 4  # as names of sites do
        if (base >= 5 or support >= 1) and not _in_navigation(box):
            yield from _displayed(heading, base + support, witnesses, blocks)


def _displayed(
    heading: _Heading, rank: float, witnesses: Sequence[_Witness], blocks: Sequence[Block]
) -> Iterator[Candidate[str]]:
    """A heading, and before it what its witnesses say of its text: the kicker cut off, its colon or second line restored."""
    box = heading.box
    below = folded(blocks[box.end].text) if heading.text.endswith((":", "：")) and box.end < len(blocks) else ""
    for witness in witnesses:
        key = witness.key
        if len(key) < 10 or witness.origin not in ("og:title", "json-ld headline"):
            continue
        if key == heading.key:
            if len(witness.text) > len(heading.text):
                yield Candidate(witness.text, f"{heading.box.tag}, written as in {witness.origin}", rank + 0.6)
        elif heading.key.endswith(key) and len(key) > 0.35 * len(heading.key):
            yield Candidate(witness.text, f"{heading.box.tag} without kicker, by {witness.origin}", rank + 0.5)
        elif below and key.endswith(heading.key + below):
            yield Candidate(witness.text, f"{heading.box.tag} and the line below, by {witness.origin}", rank + 0.5)
        elif heading.key.startswith(key) and {"og:title", "json-ld headline"} <= {
            other.origin for other in witnesses if other.key == key
        }:
            yield Candidate(witness.text, f"{heading.box.tag} without subtitle, by {witness.origin}", rank + 0.4)
    yield Candidate(heading.text, heading.box.tag, rank)


def _support(base: float, key: str, other: str) -> float:
    """How far a witness speaks for a heading, both folded."""
    if key == other:
        return 2.5 if key else 0.0
    shorter, longer = (key, other) if len(key) < len(other) else (other, key)
    if len(shorter) >= 8 and (longer.startswith(shorter) or longer.endswith(shorter)):
        return 2.0 if len(shorter) > 0.35 * len(longer) else 1.0
    return 1.0 if base >= _FIRST and len(shorter) > 20 and _alike(key, other) else 0.0


def _alike(left: str, right: str) -> bool:
    """Whether two folded texts share half of their letter triples: headlines that were reworded."""
    a = set(zip(left, left[1:], left[2:], strict=False))
    b = set(zip(right, right[1:], right[2:], strict=False))
    return len(a & b) > 0.5 * min(len(a), len(b))


def _headings(view: View, told: set[str]) -> list[_Heading]:
    """The page's first headings: each `<h1>`, and if none is what the page calls itself elsewhere, all that may be one."""
    blocks = view.layout.blocks
    boxes = [box for box in view.layout.boxes if box.tag in _BASE and box.chars]
    first = [box for box in boxes if box.tag == "h1" and not _in_navigation(box)]
    title = folded(view.structured.first("og:title") or "")
    found = _of_boxes(first, _BASE, blocks)
    if any(one.key in told or (len(one.key) >= 8 and title.startswith(one.key)) for one in found):
        return found
    return _of_boxes(boxes, _BASE if first else _BASE | {"h2": _FIRST}, blocks) + _named(view)


def _of_boxes(boxes: Sequence[Box], bases: Mapping[str, float], blocks: Sequence[Block]) -> list[_Heading]:
    return [one for box in boxes[:_MOST_HEADINGS] if (one := _heading(box, bases[box.tag], blocks))]


def _named(view: View) -> list[_Heading]:
    """Boxes that are headings by their names only."""
    found = []
    for box in view.layout.boxes:
        if 0 < box.chars <= _LONGEST and box.hint and box.tag not in _BASE and _names_title(box.hint):
            base = 3.0 if "headline" in box.hint or "entry-title" in box.hint else 2.0
            if heading := _heading(box, base, view.layout.blocks):
                found.append(heading)
                if len(found) == _MOST_HEADINGS:
                    break
    return found


@lru_cache(maxsize=8192)
def _names_title(hint: str) -> bool:
    return _MAYBE_TITLE.search(hint) is not None and _TITLE_NAME.search(hint) is not None


def _heading(box: Box, base: float, blocks: Sequence[Block]) -> _Heading | None:
    if box.chars > _LONGEST or box.end - box.start > 4:
        return None
    text = " ".join([block.text for block in blocks[box.start : box.end]])
    if box.tag == "h1" and len(text) > 25:
        base += 1  # as long as headlines are; names of sites and sections are shorter
    return _Heading(text, box, base, folded(text))


def _leads_home(box: Box, blocks: Sequence[Block]) -> bool:
    """Whether a heading is a link to the front page."""
    links = [link for block in blocks[box.start : box.end] for link in block.links]
    return any(_HOME.match(link.attributes.get("href") or "") for link in links)


def _in_navigation(box: Box) -> bool:
    """Whether a heading is the last crumb of a trail: there to be found, worded for search engines."""
    outer = box.parent
    while outer is not None:
        if outer.tag == "nav" or "breadcrumb" in outer.hint:
            return True
        outer = outer.parent
    return False


def _site_names(view: View) -> set[str]:
    names = {folded(name) for name in view.structured.meta.get("og:site_name", [])}
    if host := _HOST.match(view.url):
        names |= {folded(host[1]), folded(host[1].partition(".")[0])}
    names.discard("")
    return names


def _witnesses(view: View, named: list[str], site: set[str], keys: set[str]) -> Iterator[tuple[str, str, float]]:
    if title := view.structured.first("og:title"):
        yield _without_site(squeeze(title), site, keys), "og:title", 4
    for text in named:
        yield text, "json-ld headline", 3.5
    if title := view.structured.first("twitter:title"):
        yield _without_site(squeeze(title), site, keys), "twitter:title", 2
    if view.link and view.link.title:
        yield squeeze(view.link.title), "feed title", 3
    if text := squeeze(view.structured.title):
        yield _without_site(text, site, keys, guess=True), "title", 1.5


def _without_site(text: str, site: set[str], headings: set[str], *, guess: bool = False) -> str:
    """A title without the names of site and section around it.

    What is left is a heading of the page, or what remains when the site's own names are cut; with `guess`, a short last
    part goes too.

    >>> _without_site("Harbour reopens | World | The Courier", {"thecourier"}, {"harbourreopens"})
    'Harbour reopens'
    """
    if folded(text) in headings or not (cuts := [match.span() for match in _SEPARATOR.finditer(text)]):
        return text
    starts, ends = [0, *(end for _, end in cuts[:8])], [*(start for start, _ in cuts[:8]), len(text)]
    parts = [text[start:end] for start in starts for end in ends if start < end]
    for part in sorted(parts, key=len, reverse=True):
        if folded(part) in headings:
            return part
    first, last = 0, len(ends) - 1
    while last > first and _is_site(text[starts[last] : ends[last]], site):
        last -= 1
    while first < last and _is_site(text[starts[first] : ends[first]], site):
        first += 1
    if last > first and len(text) - starts[last] <= (30 if guess else 6) and ends[last - 1] - starts[first] >= 15:
        last -= 1
    return text[starts[first] : ends[last]]


def _is_site(text: str, site: set[str]) -> bool:
    key = folded(text)
    return not key or any(
        key == name or (len(name) > 4 and key.startswith(name)) or (len(key) > 4 and name.startswith(key))
        for name in site
    )
