"""Which of the blocks in the article's box are the article."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ingest.extract.layout import Block
from ingest.extract.wording import is_label, is_notice, is_part, is_pointer

_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_PHRASES = frozenset("p li blockquote pre dd dt td th h2 h3 h4 h5 h6 tr".split())
_END_OF_SENTENCE = re.compile(r"""[.!?…:;。！？।؟۔॥"”»“』」）)]\s*$""")


def paragraphs(blocks: Sequence[Block], prose: Sequence[float], headline: str) -> list[Block]:
    """The article's blocks among those of its box; `prose` is how much running text each of them is."""
    blocks = after_headline(blocks, headline)
    blocks = before_end(blocks, prose)
    title = folded(headline)
    kept = [block for block in blocks if is_text(block, prose[block.index]) and folded(block.text) != title]
    return without_loose_ends(kept, prose)


def folded(text: str) -> str:
    return re.sub(r"\W+", "", unicodedata.normalize("NFKC", text)).casefold()


def after_headline(blocks: Sequence[Block], headline: str) -> Sequence[Block]:
    title = folded(headline)
    for position, block in enumerate(blocks[:40]):
        if block.tag == "h1" or (len(block.text) <= 2 * len(headline) and folded(block.text) == title):
            return blocks[position + 1 :] if folded(block.text) == title else blocks
    return blocks


def before_end(blocks: Sequence[Block], prose: Sequence[float]) -> Sequence[Block]:
    """Up to the first heading of what is not about this article any more, if little text follows."""
    total = sum(prose[block.index] for block in blocks)
    before = 0.0
    for position, block in enumerate(blocks):
        if before > 0.6 * total and len(block.text) < 90 and (is_part(block.text) or is_pointer(block.text)):
            if block.tag in _HEADINGS or position + 1 == len(blocks) or total - before < 0.25 * total:
                return blocks[:position]
        before += prose[block.index]
    return blocks


def is_text(block: Block, prose: float) -> bool:
    text = block.text
    if block.link_chars > 0.8 * len(text) or (block.link_chars > 0.5 * len(text) and len(text) < 120):
        return False
    if is_pointer(text) or is_part(text) or is_notice(text) or is_label(text):
        return False
    if block.tag not in _PHRASES and not prose and not _END_OF_SENTENCE.search(text):
        return len(text) > 80
    return True


def without_loose_ends(blocks: list[Block], prose: Sequence[float]) -> list[Block]:
    """Less the short blocks before the first sentence and after the last, and headings of nothing."""
    sentences = [
        position
        for position, block in enumerate(blocks)
        if prose[block.index] or (len(block.text) > 30 and _END_OF_SENTENCE.search(block.text))
    ]
    if not sentences:
        return blocks
    first, last = sentences[0], sentences[-1]
    head = [block for block in blocks[:first] if len(block.text) >= 40]
    tail = [
        block
        for block in blocks[last + 1 :]
        if block.tag not in _HEADINGS and (block.tag in _PHRASES and len(block.text) > 20)
    ]
    return head + blocks[first : last + 1] + tail
