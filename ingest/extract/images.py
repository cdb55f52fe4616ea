"""Pictures of the article with label, caption and credit.

A picture belongs to the article if it stands between headline and last paragraph, outside of boxes that are about
something else (teasers, portraits of authors, advertising); the lead picture may stand above the headline. Its caption
is looked for in the smallest box around it that holds any text, if that box is a picture's: a `<figure>`, a box that is
called so, or a text that says itself that it is a caption.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.extract import pictures
from ingest.extract.alternation import one_of, sieve
from ingest.extract.candidates import Candidate
from ingest.extract.caption_text import clean_caption, clean_credit, is_labelled, without_credit
from ingest.extract.captions import split_caption
from ingest.extract.figures import assemble, read_block, read_figure
from ingest.extract.layout import Block, Box
from ingest.extract.picture_scope import MAX_FRAME_BLOCKS, PAGE, PICTURED, Scope
from ingest.extract.structured import texts
from ingest.extract.view import View
from ingest.html import Node
from ingest.model import Image, Role
from ingest.text import squeeze
from ingest.urls import resolve

_CAPTIONED = sieve(
    r"caption|legend|cutline|credit|copyright|bildunter|didascalia|leyenda|epigrafe|pie-?foto|bildtext|bildetekst|figcap|wp-caption"
)
_MAKERS = ("creditText", "author", "creator", "copyrightHolder")
_CREDITS = sieve("credit|copyright|photographer|fotograf")
_MARKED = re.compile(r"[|∣©]|[:：=＝]\s*[^)]+\)?\s*$")
_ENLARGED = re.compile(
    r"\.(?:jpe?g|png|webp|avif|gif)\b|/(?:photo|image|img|picture|gallery|galerie|galeria|media|attachment|bilder?|foto)s?\b|photo|lightbox",
    re.IGNORECASE,
)
_UI_IMAGE = re.compile(
    "[/_.-]"
    + one_of(
        "logo|icon|avatar|sprite|emoji|masthead|favicon|badge|spinner|print|btn|button|plus|minus|arrow|bullet|sns|kakao|facebook|twitter|rss"
    )
    + "s?(?:[/_.-]|$)|/flags/"
)
_CAPTION_ATTRIBUTES = ("data-caption", "data-image-caption", "data-photo-caption", "data-sub-html")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "li"})
_BY_AUTHOR = re.compile(r"\bauthor\b|/aut(?:h?ore?s?|eurs?|oren?)/|/(?:profile|people|staff|journalist)s?/")
_MAX_FRAME_CHARS = 2000
_LEAD_DISTANCE = 3
"""Without a picture before the text, one within its first blocks is the lead."""


_Words = tuple[str | None, str | None, list[int]]
"""Caption, credit and the blocks that they stand in."""


@dataclass(slots=True, eq=False)
class _Found:
    """A picture on the way to the record."""

    start: int
    """The block that it stands before."""
    url: str | None
    label: str | None
    caption: str | None
    credit: str | None
    claimed: list[int]
    """Blocks that are its caption or credit."""
    role: Role = "body"

    def image(self) -> Image:
        return Image(url=self.url, label=self.label, caption=self.caption, credit=self.credit, role=self.role)


def candidates(view: View) -> Iterator[Candidate[tuple[Image, ...]]]:
    if view.body is None or not view.body.blocks:
        return
    finder = _Finder(view)
    found = _once(list(finder.found()))
    for one in found:
        for index in one.claimed:
            view.remains[index] = ""
    images = (*_lead(view, found), *(one.image() for one in found))
    if images:
        yield Candidate(images, "pictures between headline and last paragraph", 1)


class _Finder:
    """Finds the pictures of one page."""

    def __init__(self, view: View) -> None:
        assert view.body is not None
        self.view = view
        self.blocks = view.layout.blocks
        self.scope = Scope(view)
        self.described: dict[str, str] | None = None
        self.shown = self.scope.shown()
        self.places = [box.index for box in self.shown if box.tag != "figure" and self.scope.in_article(box)]
        self.taken: set[int] = set()

    def found(self) -> Iterator[_Found]:
        places = set(self.places)
        for box in self.shown:
            one: _Found | None = None
            if box.index in places:
                one = self.picture(box)
            elif box.tag == "figure" and box.chars and not self.held(box) and self.scope.in_article(box):
                one = self.bare_figure(box)
            if one is not None:
                self.taken.update(one.claimed)
                yield one

    def held(self, box: Box) -> int:
        """How many of the article's pictures stand in a box."""
        return bisect_left(self.places, box.last) - bisect_left(self.places, box.index)

    def picture(self, box: Box) -> _Found | None:
        attributes = box.node.attributes
        if _UI_IMAGE.search(f"/{attributes.get('src') or ''}".lower()):
            return None
        label = pictures.label(attributes)
        frame = self.frame(box, label)
        if frame is None:
            caption, credit, claimed = self.below(box, label)
        elif self.is_teaser(frame):
            return None
        else:
            claimed = list(range(frame.start, frame.end))
            caption, credit = (None, None) if frame.start in self.taken else assemble(read_figure(frame.node))
        caption, credit, claimed = self.by_rules(box, frame, (caption, credit, claimed))
        if caption is None and credit is None and pictures.is_small(attributes):
            return None
        url = pictures.address(attributes, base=self.view.url, sources=pictures.sources_beside(box.node))
        url = url or _in_noscript(box.node, self.view.url)
        if caption is None and credit is None and (url is None or _leads_elsewhere(box.node)):
            return None
        caption, credit = _from_attributes(attributes, caption, credit)
        caption = without_credit(caption, credit)
        if credit is None and url is not None:
            if self.described is None:
                self.described = _described(self.view)
            credit = self.described.get(pictures.identity(url)) if self.described else None
        return _Found(box.start, url, label, caption, credit, claimed)

    def by_rules(self, box: Box, frame: Box | None, words: _Words) -> _Words:
        """The words at a picture where the site's own selectors find them, else as they were found."""
        rules = self.view.rules
        if rules.caption is None and rules.credit is None:
            return words
        scope = frame or self.widest(box)
        caption, credit, claimed = words
        for selector, kind in ((rules.caption, "caption"), (rules.credit, "credit")):
            node = scope.node.css_first(selector) if scope is not None and selector else None
            if scope is None or node is None:
                continue
            text = squeeze(node.text())
            claimed += [block.index for block in self.blocks[scope.start : scope.end] if block.text == text]
            if kind == "credit":
                credit = clean_credit(text)
            else:
                caption, inner = split_caption(text)
                credit = inner or credit
        return caption, credit, claimed

    def widest(self, box: Box) -> Box | None:
        """The largest box around a picture that is about it alone."""
        best, above = None, box.parent
        while (
            above is not None and above.tag not in PAGE and not self.scope.holds_text(above) and self.held(above) <= 1
        ):
            best, above = above, above.parent
        return best

    def bare_figure(self, box: Box) -> _Found | None:
        """A figure whose picture only a script would load, or `<noscript>` holds; the poster of a video."""
        if self.is_teaser(box) or not any(
            block.tag == "figcaption" or _CAPTIONED(f"{block.box.hint} {block.hint}")
            for block in self.blocks[box.start : box.end]
        ):
            return None
        caption, credit = assemble(read_figure(box.node))
        if not (caption or credit):
            return None
        inner = box.node.css_first("noscript img")
        attributes = inner.attributes if inner is not None else {}
        url, label = pictures.address(attributes, base=self.view.url), pictures.label(attributes)
        return _Found(box.start, url, label, caption, credit, list(range(box.start, box.end)))

    def frame(self, box: Box, label: str | None) -> Box | None:
        """The box that holds a picture and what is written at it; None if nothing is."""
        best: Box | None = None
        above = box.parent
        while above is not None and above.tag not in PAGE and not self.scope.holds_text(above):
            size, is_figure = above.end - above.start, above.tag == "figure"
            if size > MAX_FRAME_BLOCKS or above.chars > _MAX_FRAME_CHARS:
                break
            if not is_figure and self.held(above) > 1:
                break
            if size:
                inside = self.blocks[above.start : above.end]
                if best is None or size > best.end - best.start:
                    if any(block.box.tag in _HEADINGS for block in inside) or self.scope.has_paragraph(inside):
                        break
                    if is_figure or self.says_frame(above, best, label):
                        best = above
                if is_figure and any(_is_caption(block, label) for block in inside):
                    return above
            above = above.parent
        return best

    def says_frame(self, above: Box, best: Box | None, label: str | None) -> bool:
        """Whether the words in a box, more than the box within it has, are about the picture."""
        more = [
            block
            for block in self.blocks[above.start : above.end]
            if best is None or not best.start <= block.index < best.end
        ]
        if best is None and len(more) <= 4 and above.chars <= 600 and PICTURED(above.hint):
            return True
        if best is None:
            return any(_is_caption(block, label) for block in more)
        return all(_is_caption(block, label) for block in more)

    def below(self, box: Box, label: str | None) -> _Words:
        """Caption, credit and their blocks, where the next lines after a picture that has no box of its own say that they are its caption."""
        claimed: list[int] = []
        for block in self.blocks[box.end : box.end + 2]:
            if not _is_caption(block, label) or block.index in self.taken or block.link_chars * 2 > len(block.text):
                break
            claimed.append(block.index)
        if not claimed:
            return None, None, []
        caption, credit = assemble([piece for index in claimed for piece in read_block(self.blocks[index])])
        return caption, credit, claimed

    def is_teaser(self, frame: Box) -> bool:
        """Whether what is written at a picture leads to another page, or to the page of an author."""
        linked = [block for block in self.blocks[frame.start : frame.end] if block.links]
        if any(_by_author(block) for block in linked if block.box.tag != "figcaption" and not _CAPTIONED(block.hint)):
            return True
        if frame.chars < 20 or frame.link_chars <= 0.6 * frame.chars:
            return False
        if not any(_leads_away(link) for block in linked for link in block.links):
            return False
        inside = self.blocks[frame.start : frame.end]
        return not any(is_labelled(block.text) for block in inside)  # shops: picture, credit and all lead to the offer


def _by_author(block: Block) -> bool:
    return any(
        _BY_AUTHOR.search(f"{a.get('rel') or ''} {a.get('href') or ''}")
        for link in block.links
        if (a := link.attributes)
    )


def _leads_away(link: Node) -> bool:
    """Whether a link leads to another page, not to a larger rendition or to nowhere."""
    href = link.attributes.get("href") or "#"
    return not (href.startswith(("#", "javascript:")) or _ENLARGED.search(href))


def _leads_elsewhere(node: Node) -> bool:
    """Whether a picture is a link to another page, not to its own larger rendition."""
    above = node.parent
    for _ in range(6):
        if above is None:
            return False
        if above.tag == "a":
            return _leads_away(above)
        above = above.parent
    return False


def _is_caption(block: Block, label: str | None) -> bool:
    """Whether a block says itself that it belongs to a picture: by its element, its names, a label, or as the alt text again."""
    box, text = block.box, block.text
    if box.tag == "figcaption" or _CAPTIONED(box.hint) or (block.hint and _CAPTIONED(block.hint)):
        return True
    if box.parent is not None and box.parent.tag == "figcaption":
        return True
    if label is not None and (
        text == label or (len(label) >= 12 and text.startswith(label) and len(text) < len(label) + 100)
    ):
        return True
    return len(text) <= 100 and is_labelled(text)


def _in_noscript(node: Node, base: str) -> str | None:
    """The address in the `<noscript>` beside a lazy image."""
    sibling = node.next
    for _ in range(4):
        if sibling is None:
            return None
        if sibling.tag == "noscript" and (inner := sibling.css_first("img")) is not None:
            return pictures.address(inner.attributes, base=base)
        sibling = sibling.next
    return None


def _from_attributes(
    attributes: pictures.Attributes, caption: str | None, credit: str | None
) -> tuple[str | None, str | None]:
    """What the image element itself says where no text stands at it: `data-caption`, `data-copyright`, a title with a pipe."""
    if credit is None:
        data = (value for name, value in attributes.items() if name.startswith("data-") and value and _CREDITS(name))
        named = next(data, None)
        credit = clean_credit(named) if named else None
    for name in ("title", "alt"):
        text = attributes.get(name) or ""
        if credit is None and _MARKED.search(text):
            credit = split_caption(text)[1]
    if caption is None:
        named = next((value for name in _CAPTION_ATTRIBUTES if (value := attributes.get(name))), None)
        caption = clean_caption(named) if named and "<" not in named else None
    return caption, credit


def _described(view: View) -> dict[str, str]:
    """Identity of a picture → the credit that JSON-LD gives for it (https://schema.org/ImageObject)."""
    described: dict[str, str] = {}
    for item in view.structured.typed.get("ImageObject", ()):
        urls = texts(item.get("url")) + texts(item.get("contentUrl"))
        names = next((names for key in _MAKERS if (names := texts(item.get(key)))), [])
        credit = clean_credit(", ".join(names))
        if urls and credit:
            described.setdefault(pictures.identity(urls[0]), credit)
    return described


def _once(found: list[_Found]) -> list[_Found]:
    """Each picture once: the renditions of one are merged into the first, which gets the words it lacks."""
    if len(found) < 2:
        return found
    kept: dict[str, _Found] = {}
    for one in found:
        key = pictures.identity(one.url) if one.url else f"{one.caption} {one.credit}"
        first = kept.get(key)
        if first is None:
            kept[key] = one
        elif first.caption is None or one.caption in (None, first.caption):
            first.label = first.label or one.label
            first.caption = first.caption or one.caption
            first.credit = first.credit or one.credit
            first.claimed += one.claimed
        else:
            kept[f"{key} {one.caption}"] = one
    return list(kept.values())


def _lead(view: View, found: list[_Found]) -> list[Image]:
    """Mark one of the pictures as the lead; what it gives is the page's share image, where that has to stand in."""
    assert view.body is not None
    text_start = view.body.blocks[0].index
    if found and found[0].start <= text_start:
        found[0].role = "lead"
        return []
    shared = view.structured.first(
        "og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"
    )
    url = resolve(view.url, shared) if shared else None
    same = pictures.identity(url) if url else None
    lead = next((one for one in found if url and one.url and pictures.identity(one.url) == same), None)
    if lead is None and found and found[0].start <= text_start + _LEAD_DISTANCE:
        lead = found[0]
    if lead is not None:
        lead.role = "lead"
        return []
    label = view.structured.first("og:image:alt", "twitter:image:alt")
    return [Image(url=url, label=squeeze(label or "") or None, role="lead")] if url else []
