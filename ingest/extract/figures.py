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
from ingest.extract.captions import (
    Parts,
    clean_caption,
    clean_credit,
    is_labelled,
    looks_like_names,
    names_source,
    split_caption,
)
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
_OVERLAID = sieve(r"sr-only|visually-?hidden|screen-?reader|visuallyhidden|assistive|offscreen")
_CONTROL = sieve(
    r"button|btn|share|social|zoom|enlarge|expand|lightbox-?(?:open|trigger|close)|fullscreen|counter|pagination|toggle|duration|"
    r"icon|gallery-?(?:link|count)|play|badge|\bad\b|ad-label|tooltip"
)
_AWAITS_NAME = re.compile(r"(?:[:：=＝©/]|\b(?:[Bb]y|von|par|por|di))\s*$")
_SKIPPED = frozenset(
    "script style template noscript svg math iframe object canvas select option input textarea datalist audio video "
    "map head title link meta img picture source".split()
)
# Elements that mark words within a run of text; every other element begins a piece of its own.
_WORDS = frozenset("a abbr b bdi bdo code dfn em font i kbd mark q s strong sub sup time tt u var wbr".split())
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
    reader = _Reader()
    reader.element(node, None, captioned=node.tag == "figcaption")
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
    labelled = [text for text in texts if is_labelled(text) and clean_credit(text) and split_caption(text)[0] is None]
    if labelled:
        return labelled, [text for text in texts if text not in labelled]
    if len(texts) >= 2:
        for index in (-1, 0):
            others = [text for text in texts if text is not texts[index]]
            if names_source(texts[index]):
                return [texts[index]], others
        last, others = texts[-1], texts[:-1]
        if len(last) <= 60 and looks_like_names(last) and not looks_like_names(" ".join(others)):
            return [last], others
    return [], texts


def _agree(caption: str, sources: list[str]) -> Parts:
    """The parts as they are to be shown, where the caption may repeat the credit and the credit may hold the caption."""
    if not sources:
        return split_caption(caption)
    joined = " ".join(sources)
    if not caption:
        own = split_caption(joined)
        return (
            own
            if own[0] and own[1]
            else (None, clean_credit(joined))
            if clean_credit(joined)
            else (clean_caption(joined), None)
        )
    if _AWAITS_NAME.search(caption):  # "… Foto: <span class=author>X</span>": the label stands outside of the element
        return split_caption(f"{caption} {joined}")
    credit = clean_credit(joined)
    shorter, again = split_caption(caption)
    if credit is None or (again and shorter and _words(again) & _words(credit)):
        return shorter, credit or again
    text = clean_caption(caption)
    if text and text.endswith(joined):
        text = clean_caption(text.removesuffix(joined))
    return text, credit


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w{2,}", text.casefold()))


class _Reader:
    """The state of the walk over a figure: the pieces so far, and the run of text that is being collected."""

    def __init__(self) -> None:
        self.found: list[Piece] = []
        self.parts: list[str] = []
        self.kind: Kind | None = None
        self.captioned = False

    def element(self, node: Node, kind: Kind | None, *, captioned: bool, depth: int = 0) -> None:
        child = node.child
        while child is not None:
            tag = child.tag
            if tag == "-text":
                self.parts.append(child.text_content or "")
            elif tag == "br":
                self.parts.append("\n")
            elif tag is None or tag in _SKIPPED or tag[0] == "-" or depth > 40:
                pass
            else:
                self.inner(child, tag, kind, captioned=captioned, depth=depth)
            child = child.next

    def inner(self, child: Node, tag: str, kind: Kind | None, *, captioned: bool, depth: int) -> None:
        hint = child.attributes
        names = " ".join(
            value.lower()
            for name in ("class", "itemprop", "data-testid", "data-test", "rel")
            if (value := hint.get(name))
        )
        if (self.is_apart(names, tag) or "hidden" in hint) and child.css_first("figcaption") is None:
            return  # a tool; but some outlets wrap picture and caption in the link that enlarges them
        own = _kind(names, tag)
        if tag in _WORDS and own is None:
            self.element(child, kind, captioned=captioned, depth=depth + 1)
            return
        self.flush()
        before = self.kind, self.captioned
        self.kind, self.captioned = own or kind, captioned or tag == "figcaption"
        self.element(child, self.kind, captioned=self.captioned, depth=depth + 1)
        self.flush()
        self.kind, self.captioned = before

    @staticmethod
    def is_apart(names: str, tag: str) -> bool:
        """Whether an element is no part of caption or credit: a tool, a byline, text for screen readers."""
        return tag in _APART or (bool(names) and _is_tool(names, tag))

    def flush(self) -> None:
        text = squeeze("".join(self.parts))
        self.parts = []
        if text and any(char.isalnum() for char in text):
            self.found.append(Piece(text, self.kind, self.captioned))

    def pieces(self) -> list[Piece]:
        self.flush()
        once: dict[str, Piece] = {}
        for piece in self.found:
            once.setdefault(piece.text, piece)
        return list(once.values())


@lru_cache(maxsize=4096)
def _is_tool(names: str, tag: str) -> bool:
    return _OVERLAID(names) or (_CONTROL(names) and not _kind(names, tag))


@lru_cache(maxsize=4096)  # outlets use few names, again and again
def _kind(names: str, tag: str) -> Kind | None:
    """What an element's names call its text. A name that says both ("caption-credit") means the credit."""
    if names:
        if _CREDIT(names):
            return "credit"
        if _CAPTION(names):
            return "caption"
    return "credit" if tag in _CREDIT_TAGS else None
