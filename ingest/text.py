"""Text as people read it: white space, control characters, words."""

from __future__ import annotations

import re

# C0 and C1 controls other than white space (escape sequences begin with one), soft hyphen, zero-width space, bidi marks,
# embeddings, overrides and isolates (https://trojansource.codes), invisible operators, byte order marks, interlinear
# annotation, controls of shorthand and music, tags (which can hide a whole text:
# https://www.unicode.org/charts/PDF/UE0000.pdf), noncharacters, lone surrogates. ZWNJ and ZWJ stay: Persian, Hindi and emoji
# need them; so do the marks of Arabic numbers, which are format characters, too, and can be seen.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufdd0-\ufdef\ufeff\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f\ud800-\udfff"
    + "".join(chr(plane | last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
    + "]"
)


def squeeze(text: str) -> str:
    r"""One line: runs of white space become a space, what cannot be seen is taken out.

    >>> squeeze("  a\u200b \n\u00a0 b\x1b ")
    'a b'
    """
    if text.isprintable() and "  " not in text:  # three in four texts of a page: their only white space is the space
        return text.strip()
    line = " ".join(text.split())
    if line.isprintable():  # three times as fast as looking for each character
        return line
    return " ".join(_INVISIBLE.sub("", text).split())


def visible(text: str) -> str:
    r"""Lines stay lines, and what cannot be seen is taken out, as `squeeze` does.

    >>> visible("a\u202e b\r\n\x1b[31m\tc")
    'a b\n[31m c'
    """
    if text.replace("\n", "").isprintable():
        return text
    lines = (_INVISIBLE.sub("", line).replace("\t", " ").replace("\x1f", " ") for line in text.splitlines())
    return "\n".join(lines).strip("\n")
