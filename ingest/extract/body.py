"""The article's text: the box that holds its paragraphs, and which of the blocks in it are the article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ingest.extract.candidates import Candidate
from ingest.extract.layout import Block, Box
from ingest.extract.view import Body, View

_NOT_TEXT = frozenset({"figcaption", "nav", "footer", "header", "aside", "h1", "button", "address"})


def candidates(view: View) -> Iterator[Candidate[Body]]:
    scores: dict[Box, float] = defaultdict(float)
    blocks = [block for block in view.layout.blocks if _is_text(block)]
    for block in blocks:
        weight = float(len(block.text))
        box: Box | None = block.box.parent if block.tag in ("p", "li") else block.box
        for _ in range(3):
            if box is None:
                break
            scores[box] += weight
            weight *= 0.6
            box = box.parent
    if not scores:
        return
    best = max(scores, key=lambda box: scores[box])
    inside = tuple(block for block in blocks if best.start <= block.index < best.end)
    if sum(len(block.text) for block in inside) >= 80:
        yield Candidate(Body(inside, best), "text density", 1)


def _is_text(block: Block) -> bool:
    if block.link_chars * 2 > len(block.text):
        return False
    box: Box | None = block.box
    while box is not None:
        if box.tag in _NOT_TEXT:
            return False
        box = box.parent
    return True
