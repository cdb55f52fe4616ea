"""What is written at a picture: the text of its figure, taken apart by the elements and class names that hold it.

Nearly every outlet gives the credit an element of its own (`<span class="credit">`, `<cite>`, `<small>` …); where none
says what it is, the pieces are judged by what they read like, and one text alone is split by `captions.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ingest.extract.alternation import sieve
from ingest.extract.caption_text import (
    clean_caption,
    clean_credit,
    is_labelled,
    looks_like_names,
    names_source,
    without_credit,
)
from ingest.extract.captions import Parts, split_caption
from ingest.extract.layout import Block
from ingest.html import Node
from ingest.text import squeeze

Kind = Literal["caption", "credit"]

# What class names call a caption and a credit, in the languages of the outlets that write their own.
_CAPTION = sieve(
    r"caption|legend|l[ée]gende|cutline|bildunterschrift|bildtext|untertitel|bild-?text|subtitle|bu-?text|descri|didascalia|"
    r"leyenda|epigrafe|pie-?(?:de-?)?foto|piefoto|foto-?text|image-?text|photo-?text|img-?text|image-?desc|photo-?desc|img-?desc|"
    r"bildetekst|billedtekst|kuvateksti|onderschrift|bijschrift|podpis|opis|popis|captxt|imginfo|image-?info|photo-?info|"
    r"picinfo|alt-?text|figcap|sub-?line|big-image-sub|fig-?title|image-?title|photo-?title|media-?title"
)
_CREDIT = sieve(
    r"credit|cr[ée]dit|copyright|copyr|source|quelle|photograph|fotograf|fotograaf|fotografo|byline|author|autor|auteur|"
    r"rights|rechte|licen[cs]e|lizenz|\blic\b|[-_]lic\b|courtesy|agency|agence|agencia|agentur|distributor|provider|owner|"
    r"attribution|nachweis|fuente|fonte|firma|zdroj|zrodlo|kilde|lahde|bron\b|kaynak|contributor|signature|\bcr\b|imgsrc|provenance"
)
_OVERLAID = sieve(r"sr-only|visually-?hidden|screen-?reader|visuallyhidden|assistive|off-?screen")
_CONTROL = sieve(
    r"button|btn|share|social|zoom|enlarge|expand|lightbox-?(?:open|trigger|close)|fullscreen|counter|pagination|toggle|duration|"
    r"icon|gallery-?(?:link|count)|play|badge|\bad\b|ad-label|tooltip"
)
# What it finds has three characters at most.
_AWAITS_NAME = re.compile(r"(?:[:：=＝©/]|\b(?:[Bb]y|von|par|por|di))$")
_SKIPPED = frozenset(
    "script style template noscript svg math iframe object canvas select option input textarea datalist audio video "
    "map head title link meta img picture source".split()
)
# Elements that mark words within a run of text; every other element begins a piece of its own.
_WORDS = frozenset("a abbr b bdi bdo code dfn em font i kbd mark q s strong sub sup time tt u var wbr".split())
_NAMES = ("class", "itemprop", "data-testid", "data-test", "rel")
# A byline may stand in a figure, with the portrait of its author.
_APART = frozenset({"address", "time", "button"})
_CREDIT_TAGS = frozenset({"cite", "small", "footer"})


@dataclass(slots=True)
class Piece:
    """A run of text in one element of a figure."""

    text: str
    kind: Kind | None
    captioned: bool
    """Whether it stands in a figcaption."""


def read_figure(node: Node) -> list[Piece]:
    """The texts of a figure in order of display, each once, with what their elements call them."""
    reader = _Reader(captioned=node.tag == "figcaption")
    reader.element(node)
    return reader.pieces()


def read_block(block: Block) -> list[Piece]:
    """The texts of one block outside of any figure."""
    kind = _kind(f"{block.box.hint} {block.hint}".strip(), block.tag)
    inner = (
        read_figure(block.box.node)
        if block.text == squeeze(block.box.node.text())
        else [Piece(block.text, None, captioned=False)]
    )
    return [Piece(piece.text, piece.kind or kind, captioned=True) for piece in inner]


def assemble(pieces: list[Piece]) -> Parts:
    """Caption and credit of the pieces of one figure."""
    if any(piece.captioned or piece.kind == "caption" for piece in pieces):
        pieces = [piece for piece in pieces if piece.captioned or piece.kind or is_labelled(piece.text)]
    sources = [piece.text for piece in pieces if piece.kind == "credit"]
    captions = [piece.text for piece in pieces if piece.kind == "caption"]
    plain = [piece.text for piece in pieces if piece.kind is None]
    if not sources:
        captions, plain = (captions, plain) if captions else (plain, [])
        sources, captions = _take_credit([*captions, *plain])
    elif not captions:
        captions = plain
    else:
        sources += [text for text in plain if is_labelled(text)]
    return _agree(" ".join(captions), sources)


def _take_credit(texts: list[str]) -> tuple[list[str], list[str]]:
    """(credits, captions) of texts that no class name tells apart: a labelled one, else the last, else the first."""
    if len(texts) < 2:
        return [], texts
    labelled = [text for text in texts if is_labelled(text) and clean_credit(text) and split_caption(text)[0] is None]
    if labelled:
        return labelled, [text for text in texts if text not in labelled]
    for index in (-1, 0):
        if names_source(texts[index]):
            return [texts[index]], [text for text in texts if text is not texts[index]]
    last, others = texts[-1], texts[:-1]
    if len(last) <= 60 and looks_like_names(last) and not looks_like_names(" ".join(others)):
        return [last], others
    return [], texts


def _agree(caption: str, sources: list[str]) -> Parts:
    """The parts as they are to be shown, where the caption may repeat the credit and the credit may hold the caption."""
    if not sources:
        return split_caption(caption)
    joined = " ".join(sources)
    if not caption and _tells(joined):
        return clean_caption(joined), None
    if not caption:
        own = split_caption(joined)
        if own[0] and own[1]:
            return own
        credit = clean_credit(joined)
        return (None, credit) if credit else (clean_caption(joined), None)
    # "… Foto: <span class=author>X</span>": the label stands outside of the element
    if _AWAITS_NAME.search(caption[-4:]):
        return split_caption(f"{caption} {joined}")
    credit = clean_credit(joined)
    folded = caption.casefold()
    if credit is None or any(word in folded for word in _words(credit)):  # it may be said again in the caption
        shorter, again = split_caption(caption)
        if credit is None or (again and shorter and _words(again) & _words(credit)):
            return shorter, credit or again
    text = clean_caption(caption)
    if text and text.endswith(joined):
        text = clean_caption(text.removesuffix(joined))
    return without_credit(text, credit), credit


def _tells(text: str) -> bool:
    """Whether what an element calls a credit (`<cite>`, mostly) is a sentence about the picture."""
    words = text.split()
    return (
        len(words) >= 8
        and text[-1] in ".!?"
        and sum(map(str.islower, words)) * 2 > len(words)
        and not is_labelled(text)
    )


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w{2,}", text.casefold()))


class _Reader:
    """The state of the walk over a figure: the pieces so far, and the run of text that is being collected."""

    def __init__(self, *, captioned: bool) -> None:
        self.found: list[Piece] = []
        self.parts: list[str] = []
        self.kind: Kind | None = None
        self.captioned = captioned

    def element(self, node: Node, depth: int = 0) -> None:
        child = node.child
        while child is not None:
            tag = child.tag
            if tag == "-text":
                if self.parts or not child.is_empty_text_node:
                    self.parts.append(child.text_content or "")
            elif tag == "br":
                self.parts.append("\n")
            elif tag is None or tag in _SKIPPED or tag[0] == "-" or depth > 40:
                pass
            else:
                self.inner(child, tag, depth + 1)
            child = child.next

    def inner(self, child: Node, tag: str, depth: int) -> None:
        attributes = child.attributes
        said = [value for name in _NAMES if (value := attributes.get(name))] if attributes else []
        apart, own = _named(" ".join(said).lower(), tag)
        if attributes.get("itemprop") == "caption":  # https://schema.org/caption
            own = "caption"
        if (apart or "hidden" in attributes) and child.css_first("figcaption") is None:
            return  # but some outlets wrap picture and caption in the link that enlarges them
        if tag in _WORDS and own is None:
            self.element(child, depth)
            return
        self.flush()
        kind, captioned = self.kind, self.captioned
        self.kind, self.captioned = own or kind, captioned or tag == "figcaption"
        self.element(child, depth)
        self.flush()
        self.kind, self.captioned = kind, captioned

    def flush(self) -> None:
        if self.parts:
            text = squeeze("".join(self.parts))
            self.parts = []
            if any(map(str.isalnum, text)):
                self.found.append(Piece(text, self.kind, self.captioned))

    def pieces(self) -> list[Piece]:
        self.flush()
        once: dict[str, Piece] = {}
        for piece in self.found:
            once.setdefault(piece.text, piece)
        return list(once.values())


@lru_cache(maxsize=4096)  # outlets use few names, again and again
def _named(names: str, tag: str) -> tuple[bool, Kind | None]:
    """Whether an element is no part of caption or credit (a tool, a byline, text for screen readers), and its kind."""
    kind = _kind(names, tag)
    return tag in _APART or _OVERLAID(names) or (kind is None and _CONTROL(names)), kind


def _kind(names: str, tag: str) -> Kind | None:
    """What an element's names call its text. A name that says both ("caption-credit") means the credit."""
    if names:
        if _CREDIT(names):
            return "credit"
        if _CAPTION(names):
            return "caption"
    return "credit" if tag in _CREDIT_TAGS else None
