"""When the page of a link is fetched again: because it could not be had, or because articles are edited."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

# A page that could not be had is asked for again ever more rarely; after that it stays failed.
_RETRIES = (timedelta(hours=1), timedelta(hours=4), timedelta(hours=12), timedelta(days=1), timedelta(days=3))

REVISITS = (
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
)
"""Ages of an article at which its page is looked at again for edits; most come within hours of publication."""
_LEAST_REST = timedelta(minutes=30)
_ENOUGH_UNCHANGED = 3  # looks in a row without a change: every second of those that are left will do


def page_retry(attempts: int) -> timedelta | None:
    """How long a link rests after its `attempts`-th failure in a row; None if it is given up.

    >>> page_retry(1), page_retry(6)
    (datetime.timedelta(seconds=3600), None)
    """
    return _RETRIES[attempts - 1] if 0 < attempts <= len(_RETRIES) else None


def next_revisit(
    *,
    published_at: datetime | None,
    first_seen_at: datetime,
    fetched_at: datetime,
    changed: bool = False,
    unchanged: int = 0,
) -> datetime | None:
    """When an article's page is to be asked for again (conditionally); None: never.

    `fetched_at` is the last time, `changed` whether it found an edit against the time before, `unchanged` how many in a row
    found none. An article that was edited is looked at again in half the time, one that never is half as often.

    >>> noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
    >>> str(next_revisit(published_at=noon, first_seen_at=noon, fetched_at=noon) - noon)
    '0:30:00'
    >>> late = noon + timedelta(days=10)  # an old article that we found today
    >>> next_revisit(published_at=noon, first_seen_at=late, fetched_at=late) is None
    True
    """
    # A date in the future, or none, is no help.
    born = (min(published_at, first_seen_at) if published_at else first_seen_at).astimezone(UTC)
    fetched_at = fetched_at.astimezone(UTC)
    lived = fetched_at - born
    left = [age for age in REVISITS if age > lived]
    if unchanged >= _ENOUGH_UNCHANGED:
        left = left[1:]
    if not left:
        return None
    rest = left[0] - lived
    if changed:
        rest /= 2
    return fetched_at + max(rest, _LEAST_REST, left[0] / 4)
