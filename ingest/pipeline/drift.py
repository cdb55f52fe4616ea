"""Fields that a source's articles used to have and have no more: most often the site has changed its markup. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile

from ingest.store import Fill

RECENT = 20
BEFORE = 60
"""Articles that the recent ones are compared with, at most."""
_USUAL = 0.5  # of the articles before: a field that was seldom there says nothing
_FALLEN = 0.2  # of what it was
_ENOUGH = 10


def drift(fills: Sequence[Fill]) -> list[str]:
    """Warnings, in words; `fills` are the last articles, the newest first.

    >>> from datetime import datetime, UTC
    >>> at = datetime(2026, 5, 5, tzinfo=UTC)
    >>> now, then = Fill(first_seen_at=at, filled=frozenset()), Fill(first_seen_at=at, filled=frozenset({"captions"}))
    >>> drift([now] * 20 + [then] * 20)
    ['captions fell from 100 % to 0 % of the articles since Tuesday, 2026-05-05']
    """
    recent, before = fills[:RECENT], fills[RECENT : RECENT + BEFORE]
    if len(recent) < RECENT or len(before) < _ENOUGH:
        return []
    found = []
    for field in sorted({field for fill in before for field in fill.filled}):
        was, is_ = _share(before, field), _share(recent, field)
        if was >= _USUAL and is_ <= was * _FALLEN:
            since = _since(fills, field)
            found.append(f"{field} fell from {was:.0%} to {is_:.0%} of the articles since {since:%A, %Y-%m-%d}")
    return [warning.replace("%", " %") for warning in found]


def _since(fills: Sequence[Fill], field: str) -> datetime:
    """When the first article came of those that have it no more."""
    row = [fill.first_seen_at for fill in takewhile(lambda fill: field not in fill.filled, fills)]
    return row[-1] if row else min(fill.first_seen_at for fill in fills[:RECENT] if field not in fill.filled)


def _share(fills: Sequence[Fill], field: str) -> float:
    return sum(field in fill.filled for fill in fills) / len(fills)
