"""The difference of two texts, word by word, for a terminal."""

from __future__ import annotations

from difflib import SequenceMatcher

from rich.text import Text

from ingest.cli.options import shown

_CONTEXT = 8  # words around a change
_TOO_LONG = 20_000  # words; difflib takes more than a second for them


def word_diff(before: str, after: str) -> Text:
    """What was taken out (red, struck out, in [-…-]) and put in (green, in {+…+}), with some words around.

    >>> word_diff("Rice prices fell in May.", "Rice prices rose in May.").plain
    'Rice prices [-fell-] {+rose+} in May.'
    """
    old, new = before.split(), after.split()
    if len(old) + len(new) > _TOO_LONG:
        return Text(f"{len(old)} words became {len(new)}")
    pieces: list[Text] = []
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for number, (kind, a, b, c, d) in enumerate(steps):
        if kind == "equal":
            pieces.append(_same(old[a:b], first=number == 0, last=number == len(steps) - 1))
            continue
        if a < b:
            pieces.append(Text(f"[-{shown(' '.join(old[a:b]))}-]", style="red strike"))
        if c < d:
            pieces.append(Text(f"{{+{shown(' '.join(new[c:d]))}+}}", style="green"))
    return Text(" ").join(piece for piece in pieces if piece.plain)


def _same(words: list[str], *, first: bool, last: bool) -> Text:
    """Words that stayed; of many only those next to a change."""
    if first and last:
        return Text()
    head = [] if first else words[:_CONTEXT]
    tail = [] if last else words[-_CONTEXT:]
    if len(words) <= len(head) + len(tail) or (len(words) <= _CONTEXT):
        return Text(shown(" ".join(words)), style="dim")
    return Text(shown(" ".join([*head, "…", *tail])), style="dim")
