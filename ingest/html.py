"""Bytes → tree: the only door to selectolax (Lexbor, an HTML5 parser in C).

What the rest of the package may use of a `Node`: `tag`, `tag_id`, `child`, `next`, `parent`, `css`, `css_first`,
`attributes`, `attrs`, `text`, `text_content`, `mem_id`. Measured per page: parsing 0.6 to 1.2 ms, a `css` over the page
15 µs for each of its selectors (the first after parsing 0.1 ms more), `attributes` 0.3 µs a node and `attrs.get` of one
name 0.15, `tag` 70 ns and `tag_id` 35, `.html` as much as parsing. Two nodes are the same if their `mem_id` is (`==` serialises both).
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

Node = LexborNode
Tree = LexborHTMLParser

_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"""\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{2,40})""", re.IGNORECASE)
_HTML_LANG = re.compile(rb"""<html[^>]{0,400}?lang\s*=\s*["']?\s*([a-z]{2})""", re.IGNORECASE)
_PIECE = 1 << 15
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_MARKS = tuple(mark for mark, _ in _BOMS)

# What browsers do with labels (https://encoding.spec.whatwg.org/#names-and-labels): the superset is meant.
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "euc_kr": "cp949",
    "johab": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "tis-620": "cp874",
    # a page whose label could be read as ASCII is not in it (https://html.spec.whatwg.org/#determining-the-character-encoding)
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}
# Labels of that standard that Python does not know.
_ALIASES = {
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ks_c_5601-1987": "cp949",
    "windows-949": "cp949",
    "x-gbk": "gb18030",
    "x-euc-jp": "euc_jp",
    "x-x-big5": "big5hkscs",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "x-mac-cyrillic": "mac_cyrillic",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
}
# The character sets of pages: a label that names another codec (punycode, rot13, utf-7) is no charset.
_CHARSETS = re.compile(r"utf-8|cp\d+|iso8859-\d+|koi8-[rut]|mac[_-]\w+|big5\w*|gb\w+|euc_\w+|shift_jis\w*|iso2022_\w+")
# What a page without a label is in, by its language, most demanding first; windows-1252 for all others.
_LEGACY = {
    "ja": ("euc_jp", "cp932"),
    "ko": ("cp949",),
    "zh": ("gb18030", "big5hkscs"),
    "ru": ("cp1251",),
    "uk": ("cp1251",),
    "bg": ("cp1251",),
    "sr": ("cp1251",),
    "be": ("cp1251",),
    "pl": ("iso8859-2",),
    "cs": ("cp1250",),
    "sk": ("cp1250",),
    "hu": ("cp1250",),
    "sl": ("cp1250",),
    "hr": ("cp1250",),
    "ro": ("cp1250",),
    "el": ("cp1253",),
    "tr": ("cp1254",),
    "he": ("cp1255",),
    "ar": ("cp1256",),
    "fa": ("cp1256",),
    "lt": ("cp1257",),
    "lv": ("cp1257",),
    "et": ("cp1257",),
    "vi": ("cp1258",),
    "th": ("cp874",),
}
_LATIN_1 = "cp1252"

# https://html.spec.whatwg.org/multipage/indices.html#elements-3, and obsolete ones that pages still hold
_ELEMENTS = """
    a abbr acronym address area article aside audio b base bdi bdo big blink blockquote body br button canvas caption
    center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption
    figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image img input ins kbd
    keygen label legend li link listing main map mark marquee math menu meta meter nav nobr noembed noframes noscript
    object ol optgroup option output p param picture plaintext pre progress q rb rp rt rtc ruby s samp script search
    section select slot small source spacer span strike strong style sub summary sup svg table tbody td template textarea
    tfoot th thead time title tr track tt u ul var video wbr xmp
"""


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed page. The tree lives as long as this does; keep few of them at a time."""

    tree: Tree
    markup: bytes | str
    """What was parsed: UTF-8, or text that was decoded from something else."""
    encoding: str

    @property
    def body(self) -> Node | None:
        return self.tree.body


def parse(data: bytes | str, *, charset: str | None = None) -> Document:
    """Decode and parse a page. Never raises on bad markup; `charset` is what the HTTP header said.

    A str is taken as decoded already, whatever its labels say; what no encoding can hold (lone surrogates) becomes "?".
    Raises MemoryError where the tree does not fit.
    """
    if isinstance(data, str):
        data = data.removeprefix("\ufeff").encode("utf-8", "replace")
        encoding: str | None = "utf-8"
    else:
        encoding = "utf-8" if _is_plain_utf8(data, charset) else None
    # The parser wants UTF-8: bytes that are it are given as they are, for to decode and encode them costs 0.5 ms a page.
    markup, encoding = (data, encoding) if encoding else decode(data, charset=charset)
    try:
        tree = LexborHTMLParser(markup)
    except SelectolaxError as error:  # Lexbor refuses no markup: an allocation failed
        raise MemoryError("the page's tree does not fit") from error
    return Document(tree, markup, encoding)


def decode(data: bytes, *, charset: str | None = None) -> tuple[str, str]:
    """Bytes → (text, encoding). Bytes that are valid UTF-8 are UTF-8, whatever they declare.

    Three of 258 real pages declared a charset that they were not in, all of them UTF-8. Then count the byte order
    mark, the HTTP header, the XML declaration, the page's own `<meta>`, the page's language, Windows-1252. A header
    that says Latin-1 is as a rule the server's default (`AddDefaultCharset`): another label of the page comes first.
    Stray bytes in UTF-8 are read as Windows-1252, which they nearly always are.

    >>> decode("é".encode("cp1252"), charset="iso-8859-1")
    ('é', 'cp1252')
    >>> decode("übermäßig schön: ".encode() + "“".encode("cp1252"), charset="utf-8")
    ('übermäßig schön: “', 'utf-8')
    """
    if _is_plain_utf8(data, charset):
        return data.decode("utf-8"), "utf-8"
    for mark, unicode in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(unicode, "replace"), unicode
    if unicode_ := _bare_utf16(data):
        return data.decode(unicode_, "replace"), unicode_
    if _is_japanese(data, charset):
        return data.decode("iso2022_jp_2", "replace"), "iso2022_jp"
    return _decode_legacy(data, _labelled(data, charset))


def _is_plain_utf8(data: bytes, charset: str | None) -> bool:
    """Whether the bytes are UTF-8 to the last, with nothing to leave out and nothing to mend.

    Looked at in pieces that stay in the processor's cache: half the price of decoding a page at once.
    """
    if data.startswith(_MARKS) or _bare_utf16(data) or _is_japanese(data, charset):
        return False
    view, at = memoryview(data), 0 if not data.isascii() else len(data)
    try:
        while at < len(data):
            at += codecs.utf_8_decode(view[at : at + _PIECE], "strict", at + _PIECE >= len(data))[1]
    except UnicodeDecodeError:
        return False
    return True


def _is_japanese(data: bytes, charset: str | None) -> bool:
    """ISO-2022-JP is made of ASCII bytes alone: the one charset that passes for UTF-8."""
    return b"\x1b" in data and "iso2022_jp" in _labelled(data, charset)


def _labelled(data: bytes, charset: str | None) -> list[str]:
    """The codecs that header, XML declaration and `<meta>` name, in the order in which they are believed."""
    declared = [_XML_CHARSET.match(data), _META_CHARSET.search(data, 0, 4096) or _META_CHARSET.search(data)]
    labels = [charset, *(found[1].decode("ascii", "replace") for found in declared if found)]
    codecs_ = list(dict.fromkeys(codec for label in labels if label and (codec := _lookup(label))))
    return sorted(codecs_, key=lambda codec: codec == _LATIN_1)


def _decode_legacy(data: bytes, labelled: list[str]) -> tuple[str, str]:
    """What is no UTF-8 to the last byte: as labelled, if it fits; as its language is written; as what comes nearest."""
    for codec in labelled:
        if codec != "utf-8":
            try:
                return data.decode(codec), codec
            except UnicodeDecodeError:
                continue  # mislabelled, or a few stray bytes: the next label may fit
    if _mostly_utf8(data):
        return data.decode("utf-8", _STRAY), "utf-8"
    if legacy := next((codec for codec in labelled if codec != "utf-8"), None):
        return data.decode(legacy, "replace"), legacy
    language = _HTML_LANG.search(data, 0, 4096)
    for codec in _LEGACY.get(language[1].decode("ascii").lower() if language else "", ()):
        try:
            return data.decode(codec), codec
        except UnicodeDecodeError:
            continue  # another of the language's charsets
    return data.decode(_LATIN_1, "replace"), _LATIN_1


def _bare_utf16(data: bytes) -> str | None:
    """UTF-16 without a byte order mark: markup is ASCII, so that every second byte is zero."""
    start = data[:256]
    half = len(start) // 2
    if half >= 8:
        if start[1::2].count(0) > 0.8 * half and start[::2].count(0) < 0.1 * half:
            return "utf-16-le"
        if start[::2].count(0) > 0.8 * half and start[1::2].count(0) < 0.1 * half:
            return "utf-16-be"
    return None


def _mostly_utf8(data: bytes) -> bool:
    """Whether most of the bytes beyond ASCII form UTF-8 sequences."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return len(text) - len(text.encode("ascii", "ignore")) > 2 * broken


def _stray(error: UnicodeError) -> tuple[str, int]:
    """The decoder's answer to bytes that are no UTF-8: Windows-1252; a character that is cut off at the end is dropped."""
    assert isinstance(error, UnicodeDecodeError)
    if error.end == len(error.object) and error.reason == "unexpected end of data":
        return "", error.end
    return error.object[error.start : error.end].decode(_LATIN_1, "replace"), error.end


_STRAY = "ingest.stray"
codecs.register_error(_STRAY, _stray)


def _lookup(label: str) -> str | None:
    """The codec of a charset label; None for unknown ones and for those that are no charset of pages."""
    label = label.strip().lower()
    if alias := _ALIASES.get(label):
        return alias
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):  # ValueError: NUL or other rubbish in the label
        return None
    name = _SUPERSETS.get(name, name)
    return name if _CHARSETS.fullmatch(name) else None


def _numbers() -> dict[str, int]:
    tree = LexborHTMLParser("<body>text<!-- -->")
    texts = list(tree.body.iter(include_text=True)) if tree.body is not None else []
    return {node.tag: node.tag_id for node in (*texts, *map(tree.create_node, _ELEMENTS.split())) if node.tag}


TAGS = _numbers()
"""Name of an element, of text or of a comment → the parser's number for it. Others' numbers differ from page to page."""


def is_selector(text: str) -> bool:
    """Whether the parser understands a CSS selector.

    >>> is_selector("article h2 a"), is_selector("a[")
    (True, False)
    """
    try:
        LexborHTMLParser("").css(text)
    except SelectolaxError:
        return False
    return True
