"""Text → units: what is compared when texts are compared.

Copies differ in typography, accents, case and spacing, so only letters and digits count, without diacritics. A unit is a
byte, so that eight of them are one machine word: letters of alphabets make one, Han, kana and hangul characters two,
because they say twice as much (one shingle length then serves all scripts: pair F1 .977 instead of .965). Two letters of
different scripts may share a byte; texts that share their runs of bytes by accident do not exist.
"""

from __future__ import annotations

import re
from codecs import charmap_build, charmap_encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from unicodedata import is_normalized, normalize

_ASCII_MARKS = bytes(code for code in range(128) if not chr(code).isalnum() and chr(code) != "\n")
_NOT_ASCII_LETTERS = _ASCII_MARKS + bytes(range(128, 256))
_LOWER = bytes(range(256)).lower()
_WIDE = re.compile(
    "[\u2e80-\u2fff\u3005-\u3007\u3041-\u30ff\u3105-\u4dbf\u4e00-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff66-\uffdc"
    "\U00020000-\U0003ffff]"
)
_FULL_WIDTH = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
# Letters of other alphabets than Latin, decomposed: Greek to Greek Extended, Glagolitic to Cyrillic Extended, Arabic forms …
_FOREIGN = re.compile(
    "[\u0370-\u1dff\u1f00-\u1fff\u2c00-\u2dff\ua640-\ua6ff\ua800-\uabff\ufb13-\ufdff\ufe70-\ufeff\U00010000-\U0001efff]"
)
_LATIN_ONLY = re.compile("[\x80-\u036f]+")
_RUNS = re.compile(r"[^\W_]+")

# What most texts of East Asia consist of, besides ASCII: hangul, Han, kana, digits and line ends; punctuation and symbols.
_PLAIN = "\na-z0-9\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fa5\uac00-\ud7a3"
_MARK = (
    "\xa0-\xa9\xab-\xb1\xb4\xb6-\xb8\xbb\xbf\xd7\xf7\u2010-\u2027\u2030-\u203b\u20a9\u20ac\u2190-\u2328\u232b-\u23ff"
    "\u249c-\u24e9\u2500-\u2775\u3000-\u3003\u3008-\u3020\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\uffe5\uffe6\ue000-\uf8ff\ufffd"
)
_NEITHER = re.compile(f"[^{_PLAIN}{_MARK}]")
_MARKS = re.compile(f"[{_MARK}]")

# Alphabets of up to 256 letters, punctuation included: most texts have one byte a letter in one of them. They begin with
# NUL, as the codecs do: Python encodes others through a dictionary, in three times as long.
_PRINTED = "\0\t\n\xa0«»°‘’“”–—…•€\u200b\u200c" + "".join(map(chr, range(32, 127)))
# Western, Cyrillic, Central European, Greek, Turkish, Hebrew.
_CODECS = ("cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "cp1255")
_CYRILLIC = "".join(map(chr, range(0x400, 0x460))) + "ҐґҒғҖҗҚқҠҡҢңҪҫҮүҰұҲҳҶҷҺһӘәӢӣӨөӮӯ"
_ARABIC = (
    "".join(map(chr, (*range(0x60C, 0x653), *range(0x660, 0x66D), *range(0x6F0, 0x6FA))))
    + "ٹپچڈڑژکگںھہۂۃیےۓۀەۆێڵڕڤڭېۇۈۋ۔"
)
_VIETNAMESE = "đĐ" + "".join(
    normalize("NFC", letter + tone)
    for letter in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
    for tone in ("", *"\u0300\u0301\u0303\u0309\u0323")
)
# Armenian, Devanagari, Bengali, Gurmukhi, Gujarati, Odia, Tamil, Telugu, Kannada, Malayalam, Sinhala, Thai, Lao, Burmese,
# Georgian, Khmer
_BLOCKS = (0x530, *range(0x900, 0xF00, 0x80), 0x1000, 0x1080, 0x1780)
_ALPHABETS = (
    *(bytes(range(256)).decode(codec, "replace") for codec in _CODECS),
    *(
        "".join(dict.fromkeys(_PRINTED + letters))
        for letters in (
            _CYRILLIC,
            _ARABIC,
            _VIETNAMESE,
            *("।॥" + "".join(map(chr, range(block, block + 0x80))) for block in _BLOCKS),
        )
    ),
)


def fold(text: str) -> bytes:
    """The units of a text.

    >>> fold("Élan vital, No. 5!"), fold("e\u0301lan VITAL no 5")
    (b'elanvitalno5', b'elanvitalno5')
    >>> len(fold("물값 상승")), fold("ＮＨＫ") == fold("nhk"), len(fold("Рис подорожал"))
    (8, True, 12)
    """
    found = _together(text)
    return fold_any(text) if found is None else b"".join(found)


def fold_lines(lines: Sequence[str]) -> list[bytes]:
    r"""The units of each line, as `fold` gives them; together, since most texts are of one alphabet.

    >>> fold_lines(["Élan vital,", "", "No. 5!"])
    [b'elanvital', b'', b'no5']
    """
    found = _together("\n".join(lines)) if lines else []
    return [fold(line) for line in lines] if found is None else found


def fold_any(text: str) -> bytes:
    """The units of a text in whatever script; `fold` gives the same, for most texts in a tenth of the time."""
    if not is_normalized("NFC", text):
        text = normalize("NFC", text)  # decomposed hangul
    if _WIDE.search(text) or _FULL_WIDTH.search(text):
        return _code_units(_letters(_narrow(text).casefold()))
    text = normalize("NFD", text.casefold())
    if not _FOREIGN.search(text):
        return _latin(text).replace(b"\n", b"")
    return _letters(_LATIN_ONLY.sub("", text)).encode("utf-16-le", "replace")[::2]


def _together(text: str) -> list[bytes] | None:
    """The units of each of the text's lines; None if there is no quick way to all of them."""
    found = _quickly(text)
    if found is None and (composed := normalize("NFC", text)) != text:
        found = _quickly(composed)
    return found


def _quickly(text: str) -> list[bytes] | None:
    if text.isascii():
        return _latin(text).split(b"\n")
    text = text.replace("ß", "ss")  # the one letter of Western texts that makes two units
    odd = ""
    for alphabet in _ALPHABETS:
        if odd in alphabet:
            try:
                return _code_page(alphabet).fold_lines(text)
            except UnicodeEncodeError as error:
                odd = text[error.start]
    plain = _plain(text) if _WIDE.match(odd) else None
    return None if plain is None else [_code_units(line) for line in plain.split("\n")]


@dataclass(frozen=True, slots=True)
class _CodePage:
    """Texts of one alphabet are folded byte by byte: a table gives each letter's unit."""

    codes: Any
    """Letter → byte, as Python's own codecs have it."""
    units: bytes
    """Byte → unit, for `bytes.translate`."""
    dropped: bytes
    """Bytes of what is no letter or digit."""
    line_end: bytes
    """A byte that is no letter's unit."""

    def fold_lines(self, text: str) -> list[bytes]:
        """Raises UnicodeEncodeError for a text with other letters."""
        data, _ = charmap_encode(text, "strict", self.codes)
        return data.translate(self.units, self.dropped).split(self.line_end)


@cache
def _code_page(alphabet: str) -> _CodePage:
    folded = [fold_any(letter) for letter in alphabet]
    line_end = next(code for code in range(256) if not any(code in units for units in folded))
    return _CodePage(
        codes=charmap_build("".join(map(_if_one_unit, alphabet, folded))),
        units=bytes(units[0] if units else line_end for units in folded).ljust(256, b"\0"),
        dropped=bytes(code for code, units in enumerate(folded) if not units and alphabet[code] != "\n"),
        line_end=bytes([line_end]),
    )


def _if_one_unit(letter: str, units: bytes) -> str:
    return letter if len(units) <= 1 else "\ufffe"  # which means that there is none


def _latin(text: str) -> bytes:
    """Letters that ASCII lacks even without their diacritics (ø, ł, þ) are left out, here and beside other alphabets."""
    return text.encode("ascii", "ignore").lower().translate(None, _NOT_ASCII_LETTERS)


def _plain(text: str) -> str | None:
    """The letters, digits and line ends of a plain text of East Asia; None for others.

    UTF-8 has ASCII apart, where a table folds and deletes it.
    """
    text = text.encode("utf-8", "surrogatepass").translate(_LOWER, _ASCII_MARKS).decode("utf-8", "surrogatepass")
    found = _NEITHER.search(text)
    if found and _FULL_WIDTH.match(found[0]):
        text = _narrow(text).lower()
        found = _NEITHER.search(text)
    return None if found else _MARKS.sub("", text)


def _narrow(text: str) -> str:
    return _FULL_WIDTH.sub(lambda found: chr(ord(found[0]) - 0xFEE0), text)


def _code_units(text: str) -> bytes:
    """The zero bytes of ASCII go; U+AC00 and its like lose theirs, too."""
    return text.encode("utf-16-le", "replace").translate(None, b"\0")


def _letters(text: str) -> str:
    """Letters and digits only."""
    text = "".join(text.split())
    return text if text.isalnum() else "".join(_RUNS.findall(text))
