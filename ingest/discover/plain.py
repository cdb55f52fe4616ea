"""HTML as feeds carry it → plain text. Linear, for texts of any size; whole pages are the extractor's business."""

from __future__ import annotations

import re
from html import unescape

from ingest.text import squeeze

MAX_LENGTH = 100_000  # characters of markup that are looked at
MIN_FULL_TEXT = 600  # characters; excerpts of feeds have 55 words (WordPress) to 500 characters

_TAG = re.compile(r"<(?:/?([A-Za-z][A-Za-z0-9]*)(?:[\s/][^<>]*)?|!--[^<>]*--|![^<>]*|\?[^<>]*)>")
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code em font i ins kbd mark q s small span strike strong sub sup tt u var wbr".split()
)
_UNSEEN = re.compile(r"<(script|style|noscript|template|figcaption)\b", re.IGNORECASE)
# What feeds append to an excerpt: WordPress's "The post … appeared first on …", "Continue reading …", "[…]"
_APPENDED = re.compile(
    r"\s*(?:\bThe post .{1,300} (?:appeared first on|first appeared on) .{1,100}|\bContinue reading .{0,200}|\bRead (?:more|the full story)\b.{0,40}|\[?&?(?:…|\.\.\.)\]?|\[…\])$"
)
_CUT_OFF = re.compile(r"(?:…|\.\.\.|\[…\]|\bmore|\bweiterlesen|\bla suite|続きを読む|더보기)\W*$", re.IGNORECASE)
_LOOK = 4 * MIN_FULL_TEXT
_WIDE = re.compile("[\u2e80-\U0003ffff]")  # a Han, kana or hangul character says as much as two others


def plain_text(markup: str) -> str:
    """The text of a fragment of HTML in one line, one level of entities undone.

    >>> plain_text("<p>AT&amp;amp;T &amp; <b>U</b>S</p><p>x</p><script>y</script>")
    'AT&amp;T & US x'
    """
    text = _TAG.sub(_gap, _without_unseen(markup[:MAX_LENGTH]))
    return squeeze(unescape(text))


def excerpt(markup: str) -> str | None:
    """A summary as plain text, without what systems append to it; None if nothing is left.

    >>> excerpt("<p>Rice prices rose. [&#8230;]</p><p>The post Rice appeared first on Example.</p>")
    'Rice prices rose.'
    """
    text = plain_text(markup)
    while (shorter := _APPENDED.sub("", text[-600:])) != text[-600:]:
        text = text[:-600] + shorter
    return text or None


def _gap(tag: re.Match[str]) -> str:
    name = tag[1]
    return "" if name is not None and name.lower() in _INLINE else " "


def _without_unseen(markup: str) -> str:
    kept, at = [], 0
    while opening := _UNSEEN.search(markup, at):
        kept.append(markup[at : opening.start()])
        closing = re.compile(rf"</{opening[1]}\s*>", re.IGNORECASE).search(markup, opening.end())
        if closing is None:
            return "".join(kept)
        at = closing.end()
    return "".join(kept) + markup[at:]


def is_full_text(markup: str) -> bool:
    """Whether a fragment is an article's text rather than an excerpt of it: long, and not broken off.

    >>> is_full_text("<p>Two hundred bags of rice came by truck on Tuesday.</p>" * 15), is_full_text("<p>No.</p>" * 15)
    (True, False)
    """
    if len(markup) < MIN_FULL_TEXT // 2:
        return False
    start = plain_text(markup[:_LOOK])
    weight = len(start) + len(_WIDE.findall(start))
    if weight >= MIN_FULL_TEXT and len(markup) > _LOOK:
        return True
    return weight >= MIN_FULL_TEXT and not _CUT_OFF.search(start[-80:])
