"""Patterns of many words, written so that `re` finds them fast.

`re` tries all alternatives at every position, one after the other: of a hundred words it compares a hundred beginnings
a character. Words with the same beginning grouped under it (`(?:car(?:d|e)|dog)`) need a handful: 3 to 10 times as fast
on the tables of this package.
"""

from __future__ import annotations

import re
from collections.abc import Callable

# What an alternative may be cut behind: one plain character, not repeated.
_PLAIN = re.compile(r"[^\W_](?![?*+{])|[-_ ](?![?*+{])")
_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[(|)]", re.DOTALL)
_PART = re.compile(rf"{_TOKEN.pattern}|.", re.DOTALL)


def one_of(alternatives: str) -> str:
    """A pattern that is found where one of these alternatives (`a|b|c`) is found.

    For patterns that are asked whether they are found: of several that fit in one place it may take another one.

    >>> one_of("card|care|dog|do?t|ca[rt]s|(?:a|b)x")
    '(?:ca(?:r(?:d|e)|[rt]s)|d(?:og|o?t)|(?:a|b)x)'
    """
    return _tree(_parted(alternatives))


def spread(alternatives: str) -> str:
    """The same alternatives with the groups that they begin with multiplied out, for `one_of` to sort them.

    >>> spread("(?:an? )?(?:b|c)d|(?:e|f)+")
    'an? (?:b|c)d|bd|cd|(?:e|f)+'
    """
    return "|".join(spread_ for part in _parted(alternatives) for spread_ in _spread(part))


def _spread(alternative: str) -> list[str]:
    if not alternative.startswith("(?:"):
        return [alternative]
    depth = end = 0
    for token in _TOKEN.finditer(alternative):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if not depth:
            end = token.end()
            break
    inner, rest = alternative[3 : end - 1], alternative[end:]
    if rest[:1] in ("*", "+", "{"):
        return [alternative]
    optional = rest.startswith("?")
    rest = rest.removeprefix("?")
    spread_ = [one + rest for part in _parted(inner) for one in _spread(part)]
    return [*spread_, *_spread(rest)] if optional else spread_


def sieve(alternatives: str) -> Callable[[str], bool]:
    """A test whether one of these alternatives is found in a text.

    Each has a run of plain characters that it can't do without. To look for thirty of those costs 1.5 µs, to search for
    the pattern up to 24: names of boxes are looked through for their parts again and again, and most hold none.

    >>> test = sieve("author|(?<![a-z])by(?![a-z])|red(?:akteur|actor)")
    >>> [test(name) for name in ("post-author", "baby-box", "by line", "redacted")]
    [True, False, True, False]
    """
    search = re.compile(one_of(alternatives)).search
    stems_ = stems(alternatives)

    def found(text: str) -> bool:
        for stem in stems_:
            if stem in text:
                return search(text) is not None
        return False

    return found


def stems(alternatives: str) -> tuple[str, ...]:
    """Strings of which one stands wherever one of these alternatives is found: tested first, they save the search.

    >>> stems("author|(?<![a-z])by(?![a-z])|co-?author")
    ('by', 'author')
    """
    every = sorted({_stem(part) for part in _parted(alternatives)}, key=len)
    return tuple(stem for at, stem in enumerate(every) if not any(other in stem for other in every[:at]))


def _stem(alternative: str) -> str:
    r"""The longest run of plain characters in a pattern that stand in all that it matches; at worst "".

    >>> [_stem(part) for part in (r"\bnav(?!y)", "pie-?foto", "(?:a|b)cde?f", r"[Ff]ot\.", "[ab]+")]
    ['nav', 'foto', 'cd', 'ot.', '']
    """
    runs, depth = [""], 0
    parts = [part[0] for part in _PART.finditer(alternative)]
    for part, following in zip(parts, [*parts[1:], ""], strict=True):
        depth += {"(": 1, ")": -1}.get(part, 0)
        is_escaped = part[0] == "\\" and not part[1].isalnum()
        plain = is_escaped or (len(part) == 1 and (part.isalnum() or part in "-_ "))
        if plain and not depth and following not in ("?", "*", "{"):
            runs[-1] += part[-1]
        elif part != "+":
            runs.append("")
    return max(runs, key=len)


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
