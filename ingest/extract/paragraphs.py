"""Which of the blocks in the article's box are the article."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import accumulate

from ingest.extract.layout import Block, Box
from ingest.extract.names import is_teaser
from ingest.extract.wording import Meaning, is_label, meaning

_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_PHRASES = frozenset("p li blockquote pre dd dt td th h2 h3 h4 h5 h6 tr".split())
_END_OF_SENTENCE = re.compile(r"""[.!?…:;。！？।؟۔॥"”»“』」）)]\s*$""")
_BETWEEN = re.compile(r"\W+")
_ASCII_BETWEEN = {number: None for number in range(128) if _BETWEEN.match(chr(number))}
_DIGITS = re.compile(r"\d+")
_HEADS = (Meaning.POINTER, Meaning.PART)
_REMEMBERED = 300
"""Characters; longer texts are compared once."""
_MAIN = 0.15
"""The least share of the text that makes a kind of paragraphs one of the article's."""
_REGION = 0.2
"""The largest share of the text that a notice, or the head of a list of other articles, can take along."""


def folded(text: str) -> str:
    """Letters and digits only, without case: what two texts are compared by."""
    return _folded(text) if len(text) < _REMEMBERED else _fold(text)


def _fold(text: str) -> str:
    if text.isascii():  # four times as fast
        return text.translate(_ASCII_BETWEEN).lower()
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).casefold()


_folded = lru_cache(maxsize=256)(_fold)
"""A page's headline is compared with a dozen of its texts, by several fields."""


def holds(text: str, title: str) -> bool:
    """Whether a text is a folded title with little else; most blocks are too short for it, or too long."""
    length = len(text)
    return (length >= len(title) or not text.isascii()) and length <= 3 * len(title) + 100 and title in folded(text)


def paragraphs(box: Box, blocks: Sequence[Block], prose: Sequence[float], headline: str) -> list[Block]:
    """The article's blocks among `blocks`, the candidates in `box` and before it; `prose` is each block's running text."""
    blocks = after_headline(blocks, prose, headline)
    kinds = _kinds(blocks, prose)
    blocks = _before_end(blocks, prose, kinds)
    main = _main_mass(kinds, prose)
    blocks = _without_regions(blocks, box, prose, main)
    blocks = _without_repetitions(blocks)
    return without_loose_ends([block for block in blocks if is_text(block, prose[block.index])], prose)


def after_headline(blocks: Sequence[Block], prose: Sequence[float], headline: str) -> list[Block]:
    """Without the headline, which may stand in one block with its kicker, and what stands before it."""
    title = folded(headline)
    if len(title) < 8:
        return [block for block in blocks if block.tag != "h1"]
    total = sum(prose[block.index] for block in blocks)
    longest = 2 * len(headline) + 20
    before = 0.0
    start = 0
    kept: list[Block] = []
    for block in blocks:
        text = block.text
        if len(text) <= longest and holds(text, title) and (before == 0 or folded(text) == title):
            if before < (0.15 if block.tag == "h1" else 0.05) * total:
                start = len(kept)
        else:
            kept.append(block)
            before += prose[block.index]
    return kept[start:]


def _kinds(blocks: Sequence[Block], prose: Sequence[float]) -> dict[int, tuple[str, str]]:
    """Index of a block of prose → its kind. Two are of one kind if they are the same elements in boxes of the same names."""
    names: dict[int, str] = {}
    kinds: dict[int, tuple[str, str]] = {}
    for block in blocks:
        if prose[block.index]:
            box = block.box.parent or block.box
            name = names.get(box.index)
            if name is None:
                name = names[box.index] = _DIGITS.sub("", box.hint)
            kinds[block.index] = (block.box.tag, name)
    return kinds


def _main_mass(kinds: Mapping[int, tuple[str, str]], prose: Sequence[float]) -> list[float]:
    """Running sums, over the layout's blocks, of the text in paragraphs of the kinds that most of the text is in."""
    amounts = _amounts(kinds, prose)
    least = _MAIN * sum(amounts.values())
    mass = [0.0] * len(prose)
    for index, kind in kinds.items():
        if amounts[kind] >= least:
            mass[index] = prose[index]
    return [0.0, *accumulate(mass)]


def _amounts(kinds: Mapping[int, tuple[str, str]], prose: Sequence[float]) -> dict[tuple[str, str], float]:
    amounts: dict[tuple[str, str], float] = {}
    for index, kind in kinds.items():
        amounts[kind] = amounts.get(kind, 0.0) + prose[index]
    return amounts


def _before_end(
    blocks: Sequence[Block], prose: Sequence[float], kinds: Mapping[int, tuple[str, str]]
) -> Sequence[Block]:
    """Up to the first head of something else after which no paragraphs of the article's kinds follow."""
    amounts = _amounts(kinds, prose)
    total = sum(amounts.values())
    seen: dict[tuple[str, str], float] = {}
    before = 0.0
    for position, block in enumerate(blocks):
        if before > 0.4 * total and len(block.text) < 90 and meaning(block.text) in _HEADS:
            to_come = sum(
                mass - seen.get(kind, 0.0)
                for kind, mass in amounts.items()
                if seen.get(kind, 0.0) >= _MAIN * before or (kind[0] == "p" and mass >= _MAIN * total)
            )
            if to_come <= 0.02 * total:
                return blocks[:position]
        if kind := kinds.get(block.index):
            seen[kind] = seen.get(kind, 0.0) + prose[block.index]
            before += prose[block.index]
    return blocks


def _without_regions(blocks: Sequence[Block], box: Box, prose: Sequence[float], main: Sequence[float]) -> list[Block]:
    """Without the boxes that a notice or a pointer stands in, as far up as none of the article's paragraphs is inside."""
    total = sum(prose[block.index] for block in blocks)
    sums = [0.0, *accumulate(prose)]
    out: set[int] = set()
    first = next((block.index for block in blocks if main[block.index + 1] > main[block.index]), 0)
    for block in blocks:
        if block.index in out:
            continue
        if not _is_foreign(block, box, first, ordinary=main[block.index + 1] > main[block.index]):
            continue
        region = block.box
        while (
            (parent := region.parent) is not None
            and parent.depth > box.depth
            and main[parent.end] == main[parent.start]
            and sums[parent.end] - sums[parent.start] < _REGION * total
        ):
            region = parent
        if main[region.end] == main[region.start]:
            out.update(range(region.start, region.end))
        out.add(block.index)
    return [block for block in blocks if block.index not in out]


def _is_foreign(block: Block, box: Box, first: int, *, ordinary: bool) -> bool:
    """Whether a block is not about the article; `ordinary` if it looks like the article's paragraphs."""
    text = block.text
    if ordinary and len(text) > 160 and not block.link_chars:
        return False
    if meaning(text) is not None:
        return True
    return block.index > first and not ordinary and _in_teaser(block, box)


def _in_teaser(block: Block, box: Box) -> bool:
    inner: Box | None = block.box
    while inner is not None and inner.depth > box.depth:
        if inner.hint and is_teaser(inner.hint):
            return True
        inner = inner.parent
    return False


def _without_repetitions(blocks: Sequence[Block]) -> list[Block]:
    """Without texts that stand there before: pull quotes, teasers of the article itself, boxes for each screen size."""
    times = Counter(block.text for block in blocks)
    seen: set[str] = set()
    kept = []
    for block in blocks:
        repeated = times[block.text]
        if repeated > 1 and len(block.text) > 25 and (block.text in seen or (repeated > 2 and len(block.text) < 150)):
            continue
        seen.add(block.text)
        kept.append(block)
    return kept


def is_text(block: Block, prose: float) -> bool:
    text = block.text
    if block.link_chars > 0.8 * len(text) or (block.link_chars > 0.5 * len(text) and len(text) < 120):
        return False
    if is_label(text):
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
