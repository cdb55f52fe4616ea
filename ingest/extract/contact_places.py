"""Where a contact line of an article may stand: its scope, and which blocks there show a channel at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.extract.channels import Channels, linked
from ingest.extract.contact_words import LETTERS
from ingest.extract.layout import Block, Box
from ingest.extract.surroundings import Surroundings, surroundings
from ingest.extract.view import View

_BEFORE = 25
_AFTER = 40
"""Blocks before the first and after the last paragraph in which an article's contact line may stand."""
_MAX_LINKED = 500
_MAX_LINK = 70
_MAX_PHONED = 600
_LONGEST = 10_000
"""Characters of a block; of 558 real pages the longest one that shows a channel has 1,531, all of a page's 37,781 at most."""
_MOST_READ = 40_000
"""Characters of such blocks on one page: each costs up to 8 µs, which a page made for it must not take for half a megabyte."""
MAX_CALLOUT = 220
_NEAR_END = 3
_NONE = Channels()
# Signs of a channel that cost little to look for: most blocks have none.
_BRACKETED_AT = re.compile(r"[\[({（<]\s?(?:at|ät|a|arroba|arobase|chiocciola|골뱅이)\s?[\])}）>]", re.IGNORECASE)
_SIGN = re.compile(r"[\d톡.](?:(?<=\.)[A-Za-z]{2}|(?<=\d)[\d\s()./-]{5,}\d|(?<=톡))")
_SIGN_IN_TEXT = re.compile(r"[\d톡](?:(?<=\d)[\d\s()./-]{5,}\d|(?<=톡))")


@dataclass(frozen=True, slots=True)
class Place:
    """A block and where it stands."""

    block: Block
    text: str
    links: Channels
    """What its links lead to."""
    in_text: bool
    """Among the body's paragraphs and not near their end."""
    author_box: bool


def places(view: View) -> Iterator[Place]:
    """The blocks in which a contact line of this article may stand, in order of display; most blocks show no channel."""
    assert view.body is not None
    in_body = [block.index for block in view.body.blocks]
    first, last = in_body[0], in_body[-1]
    body, late = set(in_body), set(in_body[-_NEAR_END:])
    around: dict[int, Surroundings] = {}
    own_end = _own_end(view.body.box, last + 1)
    read = 0
    for block in view.layout.blocks[max(0, first - _BEFORE) : last + 1 + _AFTER]:
        if block.index >= own_end and block.tag == "h1":
            return
        text = view.remains.get(block.index, block.text)
        if len(text) > _LONGEST:
            continue
        in_text = block.index in body and block.index not in late
        links = linked(block.links, view.url) if block.links and _may_lead(block, in_text=in_text) else _NONE
        if not (_may_show(text, in_text=in_text) or links.link_emails or links.targets or links.phones):
            continue
        flags = surroundings(block.box, first, last, around)
        if block.index not in body and _is_elsewhere(flags, text, before=block.index < first):
            continue
        read += len(text)
        if read > _MOST_READ:
            return
        yield Place(block, text, links, in_text, flags.author)


def _is_elsewhere(flags: Surroundings, text: str, *, before: bool) -> bool:
    """Whether the boxes around a block that is none of the text say that it is not about the article."""
    named = flags.author or flags.contact
    if flags.outside or (not named and (before or flags.beside)):
        return True
    return flags.comments and not LETTERS.search(text)


def _own_end(box: Box | None, end: int) -> int:
    """Where the article's own element ends; an h1 behind it is another article's, within it an appeal's or a box's."""
    while box is not None:
        if box.tag == "article":
            return box.end
        box = box.parent
    return end


def _may_lead(block: Block, *, in_text: bool) -> bool:
    """Whether a block's links are worth a look: not those of a story's sentence, nor the headline of another story."""
    length = len(block.text)
    if in_text:
        return length <= MAX_CALLOUT
    return length <= _MAX_LINKED and not (block.link_chars == length > _MAX_LINK and block.tag not in ("p", "div"))


def _may_show(text: str, *, in_text: bool) -> bool:
    """Whether there is a sign of a channel that costs little to look for."""
    if "@" in text or "＠" in text or " dot " in text or (("(" in text or "[" in text) and _BRACKETED_AT.search(text)):
        return True
    if len(text) > _MAX_PHONED:
        return False
    return bool((_SIGN_IN_TEXT if in_text else _SIGN).search(text))
