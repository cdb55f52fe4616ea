"""A field's possible values, each with where it came from; the best rank wins, the losers are kept for `--explain`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T", covariant=True)


@dataclass(frozen=True, slots=True)
class Candidate(Generic[T]):
    """One possible value of a field."""

    value: T
    origin: str
    """The rule that gave it, in words that a reader of `--explain` finds on the page: "json-ld headline", "h1"."""
    rank: float
    """Higher is better; comparable within one field only."""


def ranked(candidates: Iterable[Candidate[T]]) -> list[Candidate[T]]:
    """Best first; of equal rank the one found first.

    >>> [c.value for c in ranked([Candidate("a", "x", 1), Candidate("b", "y", 2), Candidate("c", "z", 2)])]
    ['b', 'c', 'a']
    """
    return sorted(candidates, key=lambda candidate: -candidate.rank)
