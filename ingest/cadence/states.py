"""How a source is, in one word: what `ingest status` and source_v1 show."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from typing import Literal

from ingest.cadence.failures import Failure
from ingest.cadence.history import History
from ingest.cadence.rhythm import Rhythm

State = Literal["new", "ok", "quiet", "failing", "blocked", "gone", "paused"]

QUIET_AFTER = timedelta(days=3)
"""A long weekend is no silence."""
_LONGER_THAN_USUAL = 2  # times its own longest pause
_MISSING = 5  # entries; by chance alone a silence like this comes once in e^5 = 150 times


def state_of(history: History, failure: Failure | None, now: datetime, *, configured: bool = True) -> State:
    """The state of a source whose last poll that counts ended with `failure`, None if it was answered.

    >>> from datetime import UTC
    >>> now = datetime(2026, 5, 1, tzinfo=UTC)
    >>> state_of(History(), None, now), state_of(History(), Failure.BLOCKED, now), state_of(History(), Failure.SLOWED, now)
    ('new', 'blocked', 'new')
    """
    if not configured:
        return "paused"
    if failure is Failure.GONE:
        return "gone"
    if failure is Failure.BLOCKED:
        return "blocked"
    if failure is not None and failure.counts:
        return "failing"
    if not history.looks:
        return "new"
    return "quiet" if is_quiet(history, now) else "ok"


def is_quiet(history: History, now: datetime) -> bool:
    """Whether a source has been silent for much longer than it ever was in its last weeks of publishing."""
    if history.newest is None or history.since is None:
        return False
    rhythm = Rhythm.of(history, now)
    known = (history.newest.date() - history.since.date()).days + 1
    pauses = [len(list(run)) for empty, run in groupby(history.days[:known], key=lambda count: count == 0) if empty]
    usual_pause = timedelta(days=max(pauses, default=0) + 1)
    return rhythm.silence > max(QUIET_AFTER, _LONGER_THAN_USUAL * usual_pause) and rhythm.missing >= _MISSING
