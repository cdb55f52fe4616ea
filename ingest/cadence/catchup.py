"""Work that came due while nobody looked, and due times that a wrong clock has written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from ingest.cadence.rules import LONGEST

K = TypeVar("K")

CLOCKS_APART = timedelta(minutes=5)
"""How far the clocks of two machines may differ without meaning anything."""
_FARTHEST = LONGEST * 1.1
"""No rule asks for more, jitter included."""


def spread(
    due: Mapping[K, datetime], now: datetime, *, per_second: float = 10.0, over: timedelta = timedelta(hours=1)
) -> dict[K, datetime]:
    """New due times for what is overdue, the longest overdue first; what is not due yet is left out, and stays.

    One after the other, `per_second`, from now on; so many that this would take longer than `over` are spread evenly over it.

    >>> from datetime import UTC
    >>> now = datetime(2026, 5, 1, tzinfo=UTC)
    >>> hour = timedelta(hours=1)
    >>> found = spread({"a": now - hour, "b": now - 2 * hour, "c": now + hour}, now, per_second=0.1)
    >>> [(name, at.isoformat(timespec="seconds")) for name, at in found.items()]
    [('b', '2026-05-01T00:00:00+00:00'), ('a', '2026-05-01T00:00:10+00:00')]
    """
    late = sorted((key for key in due if due[key] < now), key=lambda key: due[key])
    if not late:
        return {}
    step = min(timedelta(seconds=1 / per_second), over / len(late))
    return {key: now + step * index for index, key in enumerate(late)}


def believable(due_at: datetime, decided_at: datetime | None, now: datetime) -> bool:
    """Whether a due time can be kept: not if a clock that was wrong when it was decided has put it far off.

    What can't be is due now, to be spread like all that is overdue. `decided_at`: when the due time was written.

    >>> from datetime import UTC
    >>> now, day, hour = datetime(2026, 5, 1, tzinfo=UTC), timedelta(days=1), timedelta(hours=1)
    >>> believable(now + hour, now - hour, now)
    True
    >>> believable(now + day + hour, now + day, now)  # decided tomorrow: the clock was a day ahead
    False
    """
    if decided_at is not None and decided_at > now + CLOCKS_APART:
        return False
    return due_at <= now + _FARTHEST
