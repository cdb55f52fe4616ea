"""Which part of a page the article's pictures stand in: between headline and last paragraph, in no box about other things."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache
from operator import attrgetter

from ingest.extract.alternation import sieve
from ingest.extract.layout import Block, Box
from ingest.extract.view import View
from ingest.text import squeeze

# Boxes that show no picture of the story, whatever stands beside it.
_NO_STORY = sieve(
    r"author|autor|auteur|byline|avatar|profile|\bbio\b|journalist|writer|reporter|logo|\bicon|emoji|\bshar(?:e|ing)(?![a-z])|social|\bads?\b|\bad-|"
    r"advert|comment|kommentar|breadcrumb|\bnav|menu|masthead|site-?header|cookie|consent|podcast|newsletter|\bpoll\b|quiz|"
    r"spinner|loader"
)
# Boxes about other stories. The words also name parts of this one ("teaser-image", "article-sidebar-media").
_OTHER_STORY = sieve(
    r"teaser|banner|related|recommend|promo|sidebar|sponsor|outbrain|taboola|most-?read|popular|trending|read-?(?:also|more|next)|"
    r"more-?(?:stories|news|from|on)|mehr-?zum|lesen-?sie|siehe-?auch|lire-?aussi|a-lire|leggi-?anche|ver-?tambi|footer|"
    r"next-?article|prev(?:ious)?-?article|cross-?link|linkbox|link-?list|card-?list|play-?list|shopping|affiliate|product-?(?:box|card)"
)
PICTURED = sieve(
    r"image|img|photo|foto|picture|pic\b|bild|figure|media|thumb|gallery|galerie|slide|lightbox|hero|lead|featured|visual|illustration|"
    r"caption|kuva|immagine|imagen|imagem|opener|cover|header-?(?:image|img)"
)
_SHOWING = frozenset({"img", "amp-img", "figure"})
_start = attrgetter("start")
PAGE = frozenset({"body", "main"})
_APART = frozenset({"nav", "footer", "aside"})
_NEVER = frozenset({"form", "dialog"})
_BEFORE = 12
"""Blocks above the headline in which the lead picture's caption may stand."""
_MAX_ASIDE_BLOCKS = 4
MAX_FRAME_BLOCKS = 8
_PARAGRAPH = 200
"""Characters of a block of the body that is surely a paragraph, wherever it stands."""


class Scope:
    """Where the pictures of one article may stand."""

    def __init__(self, view: View) -> None:
        assert view.body is not None
        self.boxes = view.layout.boxes
        self.text = [block.index for block in view.body.blocks]
        self.text_start, self.end = self.text[0], self.text[-1] + 1
        self.headline = _headline_index(view, self.text_start)
        self.judged: dict[int, bool] = {}

    def shown(self) -> list[Box]:
        """Pictures and figures from a little above the headline to the end of the text, in order of display."""
        boxes = self.boxes
        first = bisect_left(boxes, self.headline - _BEFORE, key=_start)
        return [box for box in boxes[first : bisect_right(boxes, self.end, key=_start)] if box.tag in _SHOWING]

    def in_article(self, box: Box) -> bool:
        """Whether one of these stands in no box about something else."""
        if not self.is_about(box):
            return False
        if self.headline <= box.start < self.end:
            return True
        above: Box | None = box
        while above is not None and above.tag not in PAGE and not self.holds_text(above):
            above = above.parent
        if box.start < self.headline:
            return above is not None and above.tag != "body" and above.start <= self.headline < above.end
        return above is not None and above.start < self.end < above.end

    def is_about(self, box: Box) -> bool:
        """Whether neither a box nor one around it, up to the one that holds the text, is about something else."""
        known = self.judged.get(box.index)
        if known is None:
            known = self.judged[box.index] = (
                box.tag in PAGE
                or self.holds_text(box)
                or (self.is_open(box) and (box.parent is None or self.is_about(box.parent)))
            )
        return known

    def is_open(self, box: Box) -> bool:
        """Whether a box by itself may hold pictures of the article."""
        if box.tag in _NEVER:
            return False
        no_story, other_story = _named(box.hint) if box.hint else (False, False)
        if no_story:
            return False
        if box.tag in _APART or other_story:
            return box.end - box.start <= _MAX_ASIDE_BLOCKS and PICTURED(box.hint)
        if box.tag == "article" and not self.text_in(box):
            return PICTURED(box.hint)
        return box.tag != "figure" or box.end - box.start <= MAX_FRAME_BLOCKS

    def holds_text(self, box: Box) -> bool:
        """Whether a box holds a good part of the article: what stands in it is not all about one picture."""
        if box.start <= self.text_start and box.end >= self.end:
            return True
        if box.tag == "figure" or box.end - box.start < 3:
            return False
        return self.text_in(box) >= 3

    def text_in(self, box: Box) -> int:
        """How many of the body's blocks stand in a box."""
        return bisect_left(self.text, box.end) - bisect_left(self.text, box.start)

    def text_at(self, index: int) -> bool:
        at = bisect_left(self.text, index)
        return at < len(self.text) and self.text[at] == index

    def has_paragraph(self, inside: list[Block]) -> bool:
        """Whether blocks hold a paragraph of the body; some pages set text beside a picture in the picture's box."""
        return any(
            len(block.text) >= _PARAGRAPH and block.box.tag != "figcaption" and self.text_at(block.index)
            for block in inside
        )


@lru_cache(maxsize=4096)  # outlets use few names, again and again
def _named(hint: str) -> tuple[bool, bool]:
    """Whether names say that a box holds no picture of a story, and that it is about another story."""
    return _NO_STORY(hint), _OTHER_STORY(hint)


def _headline_index(view: View, text_start: int) -> int:
    """The block of the headline, else the one where the text starts."""
    wanted = squeeze(view.headline)
    before = view.layout.blocks[:text_start]
    for block in reversed(before):
        if block.tag == "h1" and (not wanted or block.text == wanted or wanted in block.text):
            return block.index
    for block in reversed(before):
        if block.tag == "h1" or block.text == wanted:
            return block.index
    return max(0, text_start - 4)
