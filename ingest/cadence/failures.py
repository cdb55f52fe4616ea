"""What a failed poll says of its source, and how long to leave it alone.

Nothing is given up for good: even an address that is gone is asked again after months.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from ingest.cadence.hints import MAX_RETRY_AFTER


class Failure(StrEnum):
    """Kinds of failed polls, by what follows."""

    TRANSIENT = "transient"  # the server or the way to it is in trouble: soon again, then ever more rarely
    SOFT = "soft"  # it will be the same in an hour: more slowly
    BLOCKED = "blocked"  # it does not want us: more slowly
    GONE = "gone"  # it says that it will never come back
    SLOWED = "slowed"  # the host asks for patience: no failure of the source
    OURS = "ours"  # our own network was out: no failure of the source

    @property
    def counts(self) -> bool:
        """Whether the source's failure counter moves."""
        return self not in (Failure.SLOWED, Failure.OURS)


GONE_AGAIN = timedelta(days=90)
"""410 is often a mistake of a relaunch."""
DAY = timedelta(days=1)
_FIRST = {
    Failure.TRANSIENT: timedelta(minutes=15),
    Failure.SOFT: timedelta(hours=3),
    Failure.BLOCKED: timedelta(hours=6),
    Failure.GONE: GONE_AGAIN,
    Failure.OURS: timedelta(minutes=5),  # no server has seen these requests
}
_HOLD = timedelta(minutes=15)
_LEAST_HOLD = timedelta(minutes=1)  # `Retry-After: 0` with a 429 is a default of some framework

_OF_STATUS = {
    401: Failure.BLOCKED,
    403: Failure.BLOCKED,
    407: Failure.OURS,  # a proxy of our own wants us to log in
    408: Failure.TRANSIENT,
    410: Failure.GONE,
    425: Failure.TRANSIENT,
    429: Failure.SLOWED,
    451: Failure.BLOCKED,
    503: Failure.SLOWED,
    511: Failure.OURS,  # a captive portal: RFC 6585 §6
}
# The kinds of FetchError, and those of polls that were answered with something else than the source.
_OF_KIND = {
    "dns": Failure.SOFT,
    "connect": Failure.TRANSIENT,
    "tls": Failure.SOFT,
    "timeout": Failure.TRANSIENT,
    "network": Failure.TRANSIENT,
    "bad_body": Failure.TRANSIENT,
    "too_big": Failure.SOFT,
    "redirect": Failure.SOFT,
    "blocked_address": Failure.SOFT,
    "bad_url": Failure.SOFT,
    "robots": Failure.BLOCKED,
    "challenge": Failure.BLOCKED,
    "not_a_feed": Failure.SOFT,
}


def failure_of(kind: str, status: int | None = None) -> Failure:
    """What a failed poll says, by the kind of its error and the HTTP status, if there was one.

    `kind` is FetchError's, or "challenge", "not_a_feed". One that is not known here is taken for a passing trouble.

    >>> failure_of("status", 429), failure_of("status", 502), failure_of("tls")
    (<Failure.SLOWED: 'slowed'>, <Failure.TRANSIENT: 'transient'>, <Failure.SOFT: 'soft'>)
    """
    if kind == "status" and status is not None:
        return _OF_STATUS.get(status, Failure.TRANSIENT if 500 <= status < 600 else Failure.SOFT)
    return _OF_KIND.get(kind, Failure.TRANSIENT)


def back_off(failures: int, kind: Failure, *, longest: timedelta = DAY) -> timedelta:
    """How long a source rests after its `failures`-th failed poll in a row, without jitter.

    Doubled with each failure, up to a day and never beyond `longest`, so that a source that is well again is found to be so.

    >>> [str(back_off(n, Failure.TRANSIENT)) for n in (1, 2, 3, 7, 10**9)]
    ['0:15:00', '0:30:00', '1:00:00', '16:00:00', '1 day, 0:00:00']
    >>> back_off(1, Failure.GONE)
    datetime.timedelta(days=90)
    """
    if kind is Failure.GONE:
        return GONE_AGAIN
    if kind is Failure.SLOWED:
        return hold(None)
    doublings = min(max(failures, 1) - 1, 20) if kind.counts else 0
    return min(_FIRST[kind] * (1 << doublings), DAY, longest)


def hold(retry_after: timedelta | None, in_a_row: int = 1) -> timedelta:
    """How long a host is left alone after its `in_a_row`-th 429 or 503: as it asks, from a minute to 31 days, else by default.

    >>> str(hold(timedelta(hours=2))), str(hold(None)), str(hold(None, in_a_row=3)), hold(timedelta(days=10**6)).days
    ('2:00:00', '0:15:00', '1:00:00', 31)
    """
    if retry_after is not None:
        return min(max(retry_after, _LEAST_HOLD), MAX_RETRY_AFTER)
    return min(_HOLD * (1 << min(max(in_a_row, 1) - 1, 20)), DAY)
