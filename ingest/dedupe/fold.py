"""Text → units: what is compared when texts are compared.

Copies differ in typography, accents, case and spacing, so only letters and digits count, without diacritics. A unit is a
byte, so that eight of them are one machine word: letters of alphabets make one, Han, kana and hangul characters two,
because they say twice as much (one shingle length then serves all scripts: pair F1 .977 instead of .965). Two letters of
different scripts may share a byte; texts that share their runs of bytes by accident do not exist.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from unicodedata import is_normalized, normalize

_NOT_ASCII_LETTERS = bytes(code for code in range(256) if not chr(code).isalnum() or code > 127)
_WIDE = re.compile(
    "[\u2e80-\u2fff\u3005-\u3007\u3041-\u30ff\u3105-\u4dbf\u4e00-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff66-\uffdc"
    "\U00020000-\U0003ffff]"
)
_FULL_WIDTH = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_TO_NARROW = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
# Letters of other alphabets than Latin, decomposed: Greek to Greek Extended, Glagolitic to Cyrillic Extended, Arabic forms …
_FOREIGN = re.compile(
    "[\u0370-\u1dff\u1f00-\u1fff\u2c00-\u2dff\ua640-\ua6ff\ua800-\uabff\ufb13-\ufdff\ufe70-\ufeff\U00010000-\U0001efff]"
)
_LATIN_ONLY = re.compile("[\x80-\u036f]+")
# Western, Cyrillic, Central European, Greek, Turkish, Hebrew, Arabic: most texts have one byte a letter in one of them.
_CODECS = ("cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256")
_RUNS = re.compile(r"[^\W_]+")


def fold(text: str) -> bytes:
    """The units of a text.

    >>> fold("Élan vital, No. 5!"), fold("e\u0301lan VITAL no 5")
    (b'elanvitalno5', b'elanvitalno5')
    >>> len(fold("물값 상승")), fold("ＮＨＫ") == fold("nhk"), len(fold("Рис подорожал"))
    (8, True, 12)
    """
    if text.isascii():
        return _latin(text)
    text = text.replace("ß", "ss")  # the one letter of Western texts that makes two units
    for page in _code_pages():
        units = page.fold(text)
        if units is not None:
            return units
        if _is_far_from_alphabets(text):
            break
    return fold_any(text)


def fold_any(text: str) -> bytes:
    """The units of a text in whatever script; `fold` gives the same, for most texts in a tenth of the time."""
    if not is_normalized("NFC", text):
        text = normalize("NFC", text)  # decomposed hangul
    if _WIDE.search(text) or _FULL_WIDTH.search(text):
        return _wide(text.translate(_TO_NARROW) if _FULL_WIDTH.search(text) else text)
    text = normalize("NFD", text.casefold())
    if not _FOREIGN.search(text):
        return _latin(text)
    return _letters(_LATIN_ONLY.sub("", text)).encode("utf-16-le", "replace")[::2]


@dataclass(frozen=True, slots=True)
class _CodePage:
    """Texts that one 8-bit code holds are folded byte by byte: a table gives each letter's unit."""

    codec: str
    units: bytes
    """Byte → unit, for `bytes.translate`."""
    dropped: bytes
    """Bytes of what is no letter or digit."""

    def fold(self, text: str) -> bytes | None:
        """None for a text that it can't hold."""
        try:
            data = text.encode(self.codec)
        except UnicodeEncodeError:
            return None
        return data.translate(self.units, self.dropped)


@cache
def _code_pages() -> tuple[_CodePage, ...]:
    return tuple(map(_code_page, _CODECS))


def _code_page(codec: str) -> _CodePage:
    folded = [fold_any(bytes([code]).decode(codec, "ignore")) for code in range(256)]
    return _CodePage(
        codec=codec,
        units=bytes(units[0] if units else 0 for units in folded),
        dropped=bytes(code for code, units in enumerate(folded) if not units),
    )


def _is_far_from_alphabets(text: str) -> bool:
    """Whether its last letters are beyond all code pages, as those of Asian scripts are: no need to try them all."""
    return any("\u0700" < character < "\u2000" or character > "\u2e7f" for character in text[-8:])


def _latin(text: str) -> bytes:
    """Letters that ASCII lacks even without their diacritics (ø, ł, þ) are left out, here and beside other alphabets."""
    return text.encode("ascii", "ignore").lower().translate(None, _NOT_ASCII_LETTERS)


def _wide(text: str) -> bytes:
    """Han, kana and hangul, and what stands among them. The zero bytes of ASCII go; U+AC00 and its like lose theirs, too."""
    return _letters(text.casefold()).encode("utf-16-le", "replace").translate(None, b"\0")


def _letters(text: str) -> str:
    """Letters and digits only."""
    text = "".join(text.split())
    return text if text.isalnum() else "".join(_RUNS.findall(text))
