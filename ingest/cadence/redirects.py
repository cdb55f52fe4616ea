"""When a source that says it has moved is believed: a redirect that was made by mistake is taken back within days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

PERMANENT = frozenset({301, 308})
"""RFC 9110 §15.4.2 and §15.4.9."""
SIGHTINGS = 4
OVER = timedelta(days=3)
"""Between the first and the last of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Polls in a row that were led to the same new address for good, and found the source there."""

    to: str
    first_at: datetime
    last_at: datetime
    sightings: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What to do about a move."""

    store: str | None = None
    """The new address, to be stored in place of the old; the source keeps its name, its articles and its history."""
    warning: str | None = None


def moved(url: str, hops: Sequence[tuple[int, str]]) -> str | None:
    """Where an address has moved for good: the target of the permanent redirects before the first that is not.

    `hops` are the statuses and targets of the redirects, in order. None where it has not moved.

    >>> moved("http://a.example/", [(301, "https://a.example/"), (302, "https://a.example/consent")])
    'https://a.example/'
    >>> moved("http://a.example/", [(302, "http://b.example/"), (301, "http://c.example/")]) is None
    True
    """
    target = url
    for status, location in hops:
        if status not in PERMANENT:
            break
        target = location
    return target if target != url else None


def sighted(move: Move | None, to: str | None, *, at: datetime, parsed: bool) -> Move | None:
    """The move after one more poll that was answered: continued, begun anew, or over.

    `to` is what `moved` says; `parsed`, whether what stood there was the source (a 304 says so, too).
    """
    if to is None or not parsed:
        return None
    if move is None or move.to != to or at < move.first_at:
        return Move(to=to, first_at=at, last_at=at)
    return Move(to=to, first_at=move.first_at, last_at=at, sightings=move.sightings + 1)


def redirect_verdict(url: str, move: Move | None) -> Verdict:
    """Whether a source's new address is to be stored: after four equal sightings in a row, over three days.

    A move from https to http is followed and reported, never stored: whoever sits on the way could have made it.

    >>> from datetime import UTC
    >>> begun = datetime(2026, 5, 1, tzinfo=UTC)
    >>> move = None
    >>> for day in range(4):
    ...     move = sighted(move, "https://b.example/feed", at=begun + timedelta(days=day), parsed=True)
    >>> redirect_verdict("https://a.example/feed", move).store
    'https://b.example/feed'
    """
    if move is None:
        return Verdict()
    if url.lower().startswith("https:") and not move.to.lower().startswith("https:"):
        return Verdict(warning=f"{url} redirects to {move.to}, without encryption; it is followed, but not stored")
    enough = move.sightings >= SIGHTINGS and move.last_at - move.first_at >= OVER
    return Verdict(store=move.to if enough else None)
