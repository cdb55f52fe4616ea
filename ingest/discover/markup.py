"""Surgery on feeds before an XML parser sees them: linear in their length, whatever they contain.

feedparser and expat can be brought down by small documents: entity chains (CVE-2024-8176), authors of 62 KB (24 s),
100,000 attributes or unclosed comments (more than 90 s each). So the DOCTYPE with its entities, comments and processing
instructions go, start tags and short fields have a greatest length, and what is no XML (bare ampersands, HTML's entities,
control characters), which costs a feed its strict parser and 20 times the time, is mended.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.entities import html5

from ingest.errors import NotASource

MAX_TAG = 8_192  # characters of a start tag; longer ones lose their attributes
LONG_TEXT = 500  # characters
MAX_DEPTH = 500  # elements within each other
# Fields on which feedparser's expressions are slow, and what is far more than they need.
MAX_FIELD = dict.fromkeys(
    "author creator contributor managingeditor webmaster name email publisher owner source".split(), 1_000
) | dict.fromkeys(
    "pubdate date published updated modified issued created expirationdate lastbuilddate ttl hour day language".split(),
    200,
)

_TOKEN = re.compile(r"<(?:(!--)|(!\[CDATA\[)|(\?)|(!)|(/)?(?:[\w.-]+:)?([A-Za-z_][\w.-]*))")
_ITEMS = frozenset({"item", "entry"})
_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 13))
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_AMPERSAND = re.compile(r"&(?:#(?:(\d{1,7})|[xX]([0-9a-fA-F]{1,6}));|([A-Za-z][A-Za-z0-9]{0,31});)?")
_FIVE = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})


@dataclass(frozen=True, slots=True)
class Cut:
    """A feed, cut at its entries; head + entries + tail is the feed again."""

    head: str
    entries: tuple[str, ...]
    tail: str
    complete: bool
    """False where it ends within an entry or without closing its root."""


def cut(text: str) -> Cut:
    """Cut a feed at its `item` or `entry` elements, cleaned. Raises NotASource for absurd nesting."""
    return _Cutter(_only_xml(text)).cut()


def _only_xml(text: str) -> str:
    """Without the characters that XML forbids. By way of bytes: an expression takes 40 times as long."""
    text = text.encode("utf-8", "ignore").translate(None, _CONTROLS).decode("utf-8")
    return text.replace("\ufffe", "").replace("\uffff", "")


def without_comments(text: str) -> str:
    """XML without its comments. Not by an expression: half a million unclosed ones would take hours.

    >>> without_comments("a<!-- b -->c<!--d")
    'ac'
    """
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0:
        kept.append(text[at:start])
        end = text.find("-->", start + 4)
        if end < 0:
            return "".join(kept)
        at = end + 3
    return "".join(kept) + text[at:]


class _Cutter:
    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces: list[str] = []  # of the part that is being read
        self.head: str | None = None
        self.entries: list[str] = []
        self.entry: str | None = None  # the name of the element that is open
        self.field = ""
        self.depth = 0
        self.room: int | None = None  # characters that the open field may still have
        self.closed = False

    def cut(self) -> Cut:
        at, end = 0, len(self.text)
        while token := _TOKEN.search(self.text, at):
            self._words(self.text[at : token.start()])
            comment, cdata, instruction, declaration, closing, name = token.groups()
            if cdata:
                at = self._cdata(token.end())
            elif name:
                at = self._tag(token, name, closing=closing is not None)
            elif comment:
                at = self._after("-->", token.end())
            elif instruction:
                at = self._after("?>", token.end())
            elif declaration:
                at = _after_declaration(self.text, token.end())
            if at >= end:
                break
        self._words(self.text[at:end])
        rest = "".join(self.pieces)
        if self.head is None:
            self.head, rest = (rest, "") if self.entry is None else ("", rest)
        return Cut(self.head, tuple(self.entries), "" if self.entry else rest, self.closed and self.entry is None)

    def _tag(self, token: re.Match[str], name: str, *, closing: bool) -> int:
        end = _end_of_tag(self.text, token.end())
        tag = self.text[token.start() : end]
        plain = name.lower()
        alone = tag.endswith("/>")
        if closing:
            self.depth -= 1
            self.room = None
        elif not alone:
            self.depth += 1
            self.room = MAX_FIELD.get(plain)
            if self.depth > MAX_DEPTH:
                raise NotASource(f"a feed whose elements are nested more than {MAX_DEPTH} deep")
        if len(tag) > MAX_TAG:
            tag = f"{token[0]}{'/' if alone else ''}>"
        if not tag.endswith(">"):
            return end  # the document breaks off within a tag
        opens = plain in _ITEMS and self.entry is None and not closing and not alone
        if opens:
            self._part_ends()
            self.entry, self.depth = plain, 1
        self.pieces.append(_mended(tag))
        if closing and plain == self.entry:
            self.entries.append("".join(self.pieces))
            self.pieces, self.entry = [], None
        elif closing and plain in ("rss", "rdf", "feed"):
            self.closed = True
        return end

    def _part_ends(self) -> None:
        """What stands before an entry: the head before the first, else what some feeds put between entries."""
        part, self.pieces = "".join(self.pieces), []
        if self.head is None:
            self.head = part
        elif part.strip():
            self.entries[-1] += part

    def _words(self, words: str) -> None:
        words = self._capped(words)
        if len(words) > LONG_TEXT and words.count("&lt;") > 10 and "]]>" not in words:
            # Escaped HTML as CDATA: the parser calls feedparser once and not for every entity (25 ms a feed → 11).
            self.pieces.append(f"<![CDATA[{_unescaped(words)}]]>")
        elif words:
            self.pieces.append(_mended(words).replace("<", "&lt;"))  # one that opens nothing

    def _cdata(self, start: int) -> int:
        end = self.text.find("]]>", start)
        if end < 0:
            return len(self.text)
        self.pieces.append(f"<![CDATA[{self._capped(self.text[start:end])}]]>")
        return end + 3

    def _capped(self, words: str) -> str:
        if self.room is None:
            return words
        words = words[: self.room]
        self.room -= len(words)
        return words

    def _after(self, mark: str, start: int) -> int:
        end = self.text.find(mark, start)
        return len(self.text) if end < 0 else end + len(mark)


def _end_of_tag(text: str, start: int) -> int:
    """Behind the ">" that closes a tag, quotes respected as far as they are sane."""
    end = text.find(">", start)
    if end < 0:
        return len(text)
    for quote in "\"'":
        if text.count(quote, start, end) % 2:  # a ">" within an attribute
            closing = text.find(quote, end, end + MAX_TAG)
            further = text.find(">", closing, closing + MAX_TAG) if closing >= 0 else -1
            return further + 1 if further >= 0 else end + 1
    return end + 1


def _after_declaration(text: str, start: int) -> int:
    """Behind <!DOCTYPE …>, with the declarations in its brackets."""
    end, bracket = text.find(">", start), text.find("[", start)
    if 0 <= bracket < end:
        inner = text.find("]", bracket)
        end = text.find(">", inner) if inner >= 0 else -1
    return len(text) if end < 0 else end + 1


def _unescaped(words: str) -> str:
    for entity, char in _FIVE:  # other references mean the same in the HTML that this is
        words = words.replace(entity, char)
    return words


def _mended(text: str) -> str:
    return _AMPERSAND.sub(_reference, text) if "&" in text else text


def _reference(match: re.Match[str]) -> str:
    """A character reference that XML knows, for whatever HTML or a careless writer meant."""
    decimal, hexadecimal, name = match.groups()
    if name:
        return match[0] if name in _XML_ENTITIES else html5.get(f"{name};", f"&amp;{name};")
    if decimal or hexadecimal:
        code = int(decimal) if decimal else int(hexadecimal, 16)
        char = chr(code) if code <= 0x10FFFF else ""
        return "" if not char or _NOT_XML.match(char) else match[0]
    return "&amp;"
