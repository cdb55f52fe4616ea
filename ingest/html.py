"""Bytes → tree: the only door to selectolax (Lexbor, an HTML5 parser in C).

What the rest of the package may use of a `Node`: `tag`, `child`, `next`, `parent`, `css`, `css_first`, `attributes`,
`text`, `mem_id`. Measured per page: parsing 0.6 to 1.2 ms, one `css` over the page 0.05 ms, `attributes` 0.3 µs a node,
`.html` as much as parsing. Two nodes are the same if their `mem_id` is (`==` serialises both).
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

Node = LexborNode
Tree = LexborHTMLParser

_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

# What browsers do with labels (https://encoding.spec.whatwg.org/#names-and-labels): the superset is meant.
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "tis-620": "cp874",
}
_NEVER = frozenset({"punycode", "idna", "utf-7", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"})


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed page. The tree lives as long as this does; keep few of them at a time."""

    tree: Tree
    text: str
    """The markup that was parsed, decoded."""
    encoding: str

    @property
    def body(self) -> Node | None:
        return self.tree.body


def parse(data: bytes, *, charset: str | None = None) -> Document:
    """Decode and parse a page. Never raises on bad markup; `charset` is what the HTTP header said."""
    text, encoding = decode(data, charset=charset)
    return Document(LexborHTMLParser(text), text, encoding)


def decode(data: bytes, *, charset: str | None = None) -> tuple[str, str]:
    """Bytes → (text, encoding). Bytes that are valid UTF-8 are UTF-8, whatever they declare.

    Three of 258 real pages declared a charset that they were not in, all of them UTF-8. Then count the byte order
    mark, the HTTP header, the page's own `<meta>`, Windows-1252.

    >>> decode("é".encode("cp1252"), charset="iso-8859-1")
    ('é', 'cp1252')
    """
    for mark, unicode in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(unicode, "replace"), unicode
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass  # not UTF-8 to the last byte: the labels decide
    declared = _META_CHARSET.search(data, 0, 4096) or _META_CHARSET.search(data)
    labels = [charset, declared[1].decode("ascii") if declared else None]
    encodings = [encoding for label in labels if label and (encoding := _lookup(label))]
    for encoding in encodings:
        if encoding == "utf-8":
            continue
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue  # mislabelled: the next label may be right
    # Nothing fits to the last byte: a page with a few stray bytes is what it says it is, else what it looks like.
    encoding = encodings[0] if encodings else "utf-8" if _mostly_utf8(data) else "cp1252"
    return data.decode(encoding, "replace"), encoding


def _mostly_utf8(data: bytes) -> bool:
    """Whether most of the bytes beyond ASCII form UTF-8 sequences."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return sum(char > "\x7f" for char in text) - broken > 4 * broken


def _lookup(label: str) -> str | None:
    """The codec of a charset label; None for unknown ones and for those that are no charset of pages."""
    label = label.strip()
    try:
        name = codecs.lookup(label).name
        "".encode(label)  # LookupError for codecs that are no text encoding (hex, zlib)
    except (LookupError, ValueError):  # ValueError: NUL in the label
        return None
    return None if name in _NEVER else _SUPERSETS.get(name, name)
