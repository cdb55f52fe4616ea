"""Which box of a page holds the article's text, by weight: how much running text stands in it, and what it is called."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import accumulate

from ingest.extract.layout import Block, Box, Layout
from ingest.extract.names import Standing, is_lead, is_picture, standing
from ingest.extract.paragraphs import folded, holds, paragraphs

_TEASER = 700
"""The most characters of a teaser."""
_WORTH_A_LOOK = 25
"""Characters outside of links."""
_PICTURES = frozenset("img picture amp-img".split())
_DIGITS = re.compile(r"\d+")
_HEADINGS = frozenset("h2 h3 h4 h5 h6".split())
_PLAIN = frozenset("p li td dd blockquote pre".split())
_PARTS_OF_TEXT = frozenset("p li ul ol dl dt dd blockquote pre h1 h2 h3 h4 h5 h6".split())
_PARTS_OF_TABLES = frozenset("td th tr tbody thead tfoot table".split())
_ENDS = frozenset(".!?…:;»”’\"')]。！？।॥؟۔")
_SENTENCE = re.compile(r"[.!?…]\s|[。！？।॥؟۔]")
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")


class Weighed:
    """A layout whose boxes and blocks have been weighed."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.prose = [prose(block) for block in layout.blocks]
        self.sums = [0.0, *accumulate(self.prose)]
        self.total = self.sums[-1] or 1.0
        self.out = [False] * len(layout.blocks)
        # Boxes of a few words, or of links only, are judged when the text's box is known, and only those in it.
        self.standing: list[Standing | None] = [None] * len(layout.boxes)
        self.anchors = [0]
        self.content = [False] * len(layout.blocks)
        judged = self.judged()
        for box, stand in judged:
            if stand is Standing.CONTENT:
                self.content[box.start : box.end] = [True] * (box.end - box.start)
            if (stand < Standing.UNKNOWN or box.hidden) and box.parent is not None and self.is_out(box, stand):
                self.out[box.start : box.end] = [True] * (box.end - box.start)
        self.teasers = self.teaser_chars = 0
        self.teasers_out()
        kept = [0.0 if out else prose for out, prose in zip(self.out, self.prose, strict=True)]
        self.kept = [0.0, *accumulate(kept)]
        lengths = [0 if out else len(block.text) for out, block in zip(self.out, layout.blocks, strict=True)]
        self.chars = [0, *accumulate(lengths)]

    def judged(self) -> list[tuple[Box, Standing]]:
        """The boxes that are worth a look with their standings; counts the anchors before each box."""
        judged: list[tuple[Box, Standing]] = []
        anchors = 0
        for box in self.layout.boxes:
            anchored = box.tag == "h1" or box.tag == "main"  # noqa: PLR1714 - twice as fast, for every box
            if box.chars - box.link_chars >= _WORTH_A_LOOK:
                stand = self.standing[box.index] = standing(box.tag, box.hint)
                judged.append((box, stand))
                anchored = anchored or stand is Standing.CONTENT
            anchors += anchored
            self.anchors.append(anchors)
        return judged

    def look_closer(self, first: int, box: Box) -> None:
        """Judge the small boxes and the pictures of `box`, and of what stands before it from block `first` on."""
        for inner in self.layout.boxes[: box.last]:
            if inner.start < first or inner.end > box.end:
                continue
            if inner.tag in _PICTURES:
                self.captions_out(inner)
            elif inner.end > inner.start and self.standing[inner.index] is None:
                stand = standing(inner.tag, inner.hint)
                if self.is_out(inner, stand):
                    self.out[inner.start : inner.end] = [True] * (inner.end - inner.start)

    def teasers_out(self) -> None:
        """Boxes that show another article each: a linked headline, and with it some words of that article.

        One alone may be anything; of the same kind there must be two.
        """
        blocks = self.layout.blocks
        heads = [block for block in blocks if block.box.tag in _HEADINGS and _is_link(block) and len(block.text) > 15]
        if len(heads) < 2:
            return
        numbers = [0] * len(blocks)
        for block in heads:
            numbers[block.index] = 1
        numbers = [0, *accumulate(numbers)]
        kinds: dict[tuple[str, str], list[Box]] = defaultdict(list)
        for block in heads:
            region = block.box
            while (
                (parent := region.parent) is not None
                and parent.chars < _TEASER
                and numbers[parent.end] - numbers[parent.start] == 1
            ):
                region = parent
            kinds[region.tag, _DIGITS.sub("", region.hint)].append(region)
        for regions in kinds.values():
            if len(regions) > 1:
                self.teasers += len(regions)
                self.teaser_chars += sum(region.chars for region in regions)
                for region in regions:
                    self.out[region.start : region.end] = [True] * (region.end - region.start)

    def captions_out(self, picture: Box) -> None:
        """Text in a box that is named after the picture in it is its caption."""
        named, box = None, picture.parent
        while box is not None and box.end - box.start <= 3 and box.chars < 600:
            if is_picture(box.hint):
                named = box
            box = box.parent
        if named is not None:
            self.out[named.start : named.end] = [True] * (named.end - named.start)

    def is_out(self, box: Box, stand: Standing) -> bool:
        if stand >= Standing.UNKNOWN and not box.hidden:
            return False
        mass = self.sums[box.end] - self.sums[box.start]
        if stand is Standing.LABEL and not box.hidden:
            return mass == 0
        share = mass / self.total
        if stand is Standing.NEVER:
            return True
        if box.tag == "figure":
            return not any(child.tag == "table" for child in self.layout.boxes[box.index : box.last])
        anchored = self.anchors[box.last] > self.anchors[box.index + 1]
        if stand <= Standing.FOREIGN:
            return share < (0.15 if anchored else 0.9 if stand is Standing.CONVERSATION else 0.5)
        return share < (0.1 if anchored else 0.4)

    def mass(self, box: Box) -> float:
        return self.kept[box.end] - self.kept[box.start]

    def within(self, headline: str) -> Box | None:
        """The `<article>` that the headline stands in, if it holds a fair share of the text."""
        title = folded(headline)
        if len(title) < 8:
            return None
        total = self.kept[-1]
        for block in self.layout.blocks:
            if block.box.tag in ("h1", "h2") and holds(block.text, title):
                bound, box = None, block.box.parent
                while box is not None:
                    if box.tag == "article":
                        bound = box
                    box = box.parent
                if bound is not None and self.mass(bound) > 0.25 * total:
                    return bound
        return None

    def best(self, headline: str, bound: Box | None = None) -> Box | None:
        """The box that holds the text; with `bound`, in this box."""
        scores: dict[Box, float] = defaultdict(float)
        bound = bound or self.within(headline)
        start, end = (bound.start, bound.end) if bound else (0, len(self.prose))
        for block in self.layout.blocks[start:end]:
            weight = self.weight(block)
            if not weight:
                continue
            box: Box | None = self.holder(block)
            for _ in range(4):
                if box is None:
                    break
                scores[box] += weight
                weight *= 0.7
                box = box.parent
        best = max(scores, key=lambda box: scores[box], default=None)
        return None if best is None else self.ascend(best, bound)

    def weight(self, block: Block) -> float:
        """How much a block speaks for the boxes around it."""
        if self.out[block.index]:
            return 0.0
        if prose := self.prose[block.index]:
            return prose
        plain = len(block.text) - 2 * block.link_chars
        if plain < 10:
            return 0.0
        return plain * (0.5 if self.content[block.index] else 0.25 if block.tag in _PLAIN and plain > 25 else 0.0)

    def holder(self, block: Block) -> Box | None:
        """The innermost box around a block that could hold a text of many paragraphs."""
        box: Box | None = block.box
        while box is not None and (box.tag in _PARTS_OF_TEXT or (box.tag in _PARTS_OF_TABLES and _is_data(box))):
            box = box.parent
        return box

    def ascend(self, best: Box, bound: Box | None) -> Box:
        mass, chars = self.mass(best), self.chars[best.end] - self.chars[best.start]
        chosen, box = best, best.parent
        least = bound.depth if bound else 0
        while box is not None and box.depth >= least:
            added = self.chars[box.end] - self.chars[box.start] - chars
            added_prose = self.mass(box) - mass
            if added_prose > 0.03 * mass and added_prose > 0.6 * added:
                chosen = box
            box = box.parent
        return chosen

    def lead_start(self, box: Box, headline: str) -> int:
        """The block after the headline that stands before the box; the box's first one if none does."""
        title = folded(headline)
        for block in reversed(self.layout.blocks[max(0, box.start - 60) : box.start]):
            if block.tag == "h1" or (len(title) > 8 and holds(block.text, title)):
                return block.index + 1
        return box.start

    def is_lead(self, block: Block) -> bool:
        if self.out[block.index] or block.link_chars * 2 > len(block.text):
            return False
        if self.prose[block.index]:
            return True
        parent = block.box.parent
        return len(block.text) > 40 and (is_lead(block.box.hint) or (parent is not None and is_lead(parent.hint)))

    def text_of(self, box: Box, headline: str) -> list[Block]:
        """The article's blocks: those of the box, and the paragraphs between the headline and the box."""
        first = self.lead_start(box, headline)
        self.look_closer(first, box)
        blocks = [block for block in self.layout.blocks[first : box.start] if self.is_lead(block)]
        blocks += [block for block in self.layout.blocks[box.start : box.end] if not self.out[block.index]]
        return paragraphs(box, blocks, self.prose, headline)


def _is_link(block: Block) -> bool:
    return block.link_chars > 0.9 * len(block.text)


def _is_data(box: Box) -> bool:
    """Whether a part of a table is one of data; others lay out the page."""
    table: Box | None = box
    while table is not None and table.tag != "table":
        table = table.parent
    return table is not None and table.chars < 150 * (table.end - table.start)


def prose(block: Block) -> float:
    """How much running text a block is, in characters."""
    text = block.text
    length = len(text)
    if block.link_chars * 2 > length or length < 25:
        return 0.0
    if not text.isascii():
        length += len(_WIDE.findall(text))
    if length < 50 or not (text[-1] in _ENDS or _SENTENCE.search(text)):
        return 0.0
    return float(length - block.link_chars)
