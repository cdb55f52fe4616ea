"""Patterns of many words, written so that `re` finds them fast.

`re` tries all alternatives at every position, one after the other: of a hundred words it compares a hundred beginnings
a character. Words with the same beginning grouped under it (`(?:car(?:d|e)|dog)`) need a handful: 3 to 10 times as fast
on the tables of this package.
"""

from __future__ import annotations

import re

# What an alternative may be cut behind: one plain character, not repeated.
_PLAIN = re.compile(r"[^\W_](?![?*+{])|[-_ ](?![?*+{])")
_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[(|)]", re.DOTALL)


def one_of(alternatives: str) -> str:
    """A pattern that is found where one of these alternatives (`a|b|c`) is found.

    For patterns that are asked whether they are found: of several that fit in one place it may take another one.

    >>> one_of("card|care|dog|do?t|ca[rt]s|(?:a|b)x")
    '(?:ca(?:r(?:d|e)|[rt]s)|d(?:og|o?t)|(?:a|b)x)'
    """
    return _tree(_parted(alternatives))


def _parted(alternatives: str) -> list[str]:
    """The alternatives of the pattern itself, not of the groups in it."""
    parts, start, depth = [], 0, 0
    for token in _TOKEN.finditer(alternatives):
        if token[0] == "|" and not depth:
            parts.append(alternatives[start : token.start()])
            start = token.end()
        depth += {"(": 1, ")": -1}.get(token[0], 0)
    return [*parts, alternatives[start:]]


def _tree(parts: list[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    groups: dict[str, dict[str, None]] = {}
    for part in parts:
        head = part[:1] if _PLAIN.match(part) else part
        groups.setdefault(head, {})[part[len(head) :]] = None
    branches = [head + _tree(list(rests)) for head, rests in groups.items()]
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
