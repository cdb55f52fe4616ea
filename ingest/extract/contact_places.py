"""Where a contact line of an article may stand: its scope, and which blocks there show a channel at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.extract.channels import NO_CHANNELS, Channels, linked
from ingest.extract.contact_words import LETTERS
from ingest.extract.layout import Block
from ingest.extract.obfuscation import BEHIND_SIGN, SIGNS, hints_at_address
from ingest.extract.surroundings import AUTHOR, BESIDE, COMMENTS, CONTACT, OUTSIDE, surroundings
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
# Signs of a channel; most blocks have none. Beginning with a set of characters they cost 4 ns a character, with `\d` in it
# three times as much: these are the digits of the scripts in use.
_DIGITS = "".join(f"{zero}-{chr(ord(zero) + 9)}" for zero in "0٠۰߀०০੦૦୦௦౦೦൦෦๐໐༠၀႐០᠐０")
_NUMBER = rf"(?<=[{_DIGITS}])[{_DIGITS}\s()./-]{{5,}}[{_DIGITS}]"
_SIGN_IN_TEXT = re.compile(rf"[{SIGNS}{_DIGITS}톡](?:{BEHIND_SIGN}|{_NUMBER}|(?<=톡))")
_SIGN = re.compile(rf"[{SIGNS}{_DIGITS}톡.](?:{BEHIND_SIGN}|{_NUMBER}|(?<=톡)|(?<=\.)[A-Za-z]{{2}})")


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
    body, calm = set(in_body), set(in_body[:-_NEAR_END])
    around: dict[int, int] = {}
    blocks = view.layout.blocks
    read = 0
    for block in blocks[max(0, first - _BEFORE) : _end(view, last)]:
        index = block.index
        in_text = index in calm
        leads = block.links and _may_lead(block, blocks, in_text=in_text)
        links = linked(block.links, view.url) if leads else NO_CHANNELS
        text = view.remains.get(index, block.text)
        if (links is NO_CHANNELS and not _may_show(text, in_text=in_text)) or len(text) > _LONGEST:
            continue
        flags = surroundings(block.box, first, last, around)
        if index not in body and _is_elsewhere(flags, text, before=index < first):
            continue
        read += len(text)
        if read > _MOST_READ:
            return
        yield Place(block, text, links, in_text, bool(flags & AUTHOR))


def _is_elsewhere(flags: int, text: str, *, before: bool) -> bool:
    """Whether the boxes around a block that is none of the text say that it is not about the article."""
    named = flags & (AUTHOR | CONTACT)
    if flags & OUTSIDE or (not named and (before or flags & BESIDE)):
        return True
    return bool(flags & COMMENTS) and not LETTERS(text)


def _end(view: View, last: int) -> int:
    """Up to where an article's contact lines may stand: an h1 behind its own element is another article's."""
    box = view.body.box if view.body else None
    while box is not None and box.tag != "article":
        box = box.parent
    end = last + 1 + _AFTER
    for block in view.layout.blocks[box.end if box else last + 1 : end]:
        if block.box.tag == "h1":
            return block.index
    return end


def _may_lead(block: Block, blocks: Sequence[Block], *, in_text: bool) -> bool:
    """Whether a block's links are worth a look.

    Not those of a story's sentence, the headline of another story, nor what stands in a menu and is no sentence: no
    sentence that announces it (`Judge.announced`) stands before it either.
    """
    length = len(block.text)
    if in_text:
        return length <= MAX_CALLOUT
    if length > _MAX_LINKED or (block.link_chars == length > _MAX_LINK and block.tag not in ("p", "div")):
        return False
    at = block.index
    in_menu = at >= 3 and blocks[at - 1].links and blocks[at - 2].links and blocks[at - 3].links
    return not in_menu or is_sentence(block.text)


def is_sentence(text: str) -> bool:
    """Whether a text speaks to the reader; up to four words are the label of a tool."""
    words = text.split()
    return (
        len(words) > 4
        or (len(words) >= 3 and text.rstrip()[-1:] in ".!?。！？")
        or (len(words) <= 2 and len(text) >= 12 and not text.isascii())
    )


def _may_show(text: str, *, in_text: bool) -> bool:
    """Whether there is a sign of a channel that costs little to look for."""
    if len(text) > _MAX_PHONED:
        return hints_at_address(text)
    return (_SIGN_IN_TEXT if in_text else _SIGN).search(text) is not None or " dot " in text
