"""When to look again: pure functions of what was seen so far."""

from __future__ import annotations

from datetime import timedelta

# A page that could not be had is asked for again ever more rarely; after that it stays failed.
_RETRIES = (timedelta(hours=1), timedelta(hours=4), timedelta(hours=12), timedelta(days=1), timedelta(days=3))


def retry_after(attempts: int) -> timedelta | None:
    """How long a link rests after its `attempts`-th failure in a row; None if it is given up.

    >>> retry_after(1), retry_after(6)
    (datetime.timedelta(seconds=3600), None)
    """
    return _RETRIES[attempts - 1] if 0 < attempts <= len(_RETRIES) else None
