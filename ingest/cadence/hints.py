"""What publisher and server ask for: their wishes as rules, and the hours that a feed wants to be left alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ingest.cadence.rules import LONGEST, Rule, spell
from ingest.model import PublisherHints

MAX_RETRY_AFTER = timedelta(days=31)
"""A server that asks for more is asked again after this."""
_HOUR = timedelta(hours=1)
_ZERO = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerHints:
    """What an HTTP answer says about when to come back; `ingest.fetch.answers` reads it."""

    validators: bool | None = None
    """Whether the next request can be conditional; None where the answer is an error, which tells nothing of it."""
    freshness: timedelta | None = None
    """How long the answer stays fresh (RFC 9111 §4.2); None where the server does not say."""
    freshness_words: str = ""
    """The header that says so, for example "Cache-Control max-age=7200"."""
    retry_after: timedelta | None = None


def wishes(publisher: PublisherHints, server: ServerHints) -> list[Rule]:
    """The intervals that are asked for, none longer than a year; zero and less are no wishes.

    >>> [str(rule) for rule in wishes(PublisherHints(ttl=timedelta(minutes=90)), ServerHints())]
    ['ttl 1h 30m (1h 30m)']
    """
    # ttl: https://www.rssboard.org/rss-specification#optionalChannelElements
    # sy: https://web.resource.org/rss/1.0/modules/syndication/
    asked = (
        (server.freshness, server.freshness_words or "freshness of the answer"),
        (publisher.ttl, f"ttl {spell(publisher.ttl or _ZERO)}"),
        (publisher.update_period, f"sy:updatePeriod, one update in {spell(publisher.update_period or _ZERO)}"),
    )
    return [
        Rule(interval=min(wish, LONGEST), words=words) for wish, words in asked if wish is not None and wish > _ZERO
    ]


def first_open(at: datetime, publisher: PublisherHints, until: datetime) -> datetime | None:
    """The first moment from `at` to `until`, both in UTC, that skipHours and skipDays leave open; None if they leave none.

    >>> from datetime import UTC
    >>> night = PublisherHints(skip_hours=frozenset({0, 1, 2, 3, 4, 5}))
    >>> at = datetime(2026, 5, 1, 2, 30, tzinfo=UTC)
    >>> first_open(at, night, at + timedelta(hours=24)).isoformat()
    '2026-05-01T06:00:00+00:00'
    """
    for moment in _hour_starts(at, until):
        if moment.hour not in publisher.skip_hours and moment.weekday() not in publisher.skip_days:
            return moment
    return None


def never_open(publisher: PublisherHints) -> bool:
    """Whether skipHours or skipDays leave no hour of the week: then they are a mistake."""
    return set(range(24)) <= publisher.skip_hours or set(range(7)) <= publisher.skip_days


def _hour_starts(at: datetime, until: datetime) -> Iterator[datetime]:
    moment = at
    while moment <= until:
        yield moment
        moment = moment.replace(minute=0, second=0, microsecond=0) + _HOUR
