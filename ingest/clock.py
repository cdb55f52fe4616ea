"""The only place that reads the clock: everything else gets the time as an argument."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The time, in UTC, to the microsecond."""
    return datetime.now(UTC)
