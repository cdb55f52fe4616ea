"""What a source's polls have shown so far, in one small record: at most 1 KB as JSON, whatever the source does.

The record tells rhythm from silence: `days` and `hours` say how the source publishes while it publishes and end at its
newest entry; how long it has been silent since then is counted on top. So a source that has been dead for a year is still
known as one that used to bring 14 entries a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Self

MAX_LOOKS = 24
"""Polls remembered one by one."""
DAYS = 28
"""Four weeks: each day of the week weighs the same."""
_MAX_COUNT = 9_999  # keeps the record small; more entries on a page or a day change nothing about the interval
_HALVED_AT = 500  # entries in `hours`; old habits fade each time that it is reached
_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One poll that was answered."""

    at: datetime
    entries: int
    """In the document; a 304 repeats the last number."""
    new: int
    """Of these, never offered by this source before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Times are to the minute, UTC."""

    looks: tuple[Look, ...] = ()
    """Oldest first."""
    since: datetime | None = None
    """From when on entries were counted."""
    newest: datetime | None = None
    """When the last entry appeared, as far as it can be told; None as long as none did."""
    days: tuple[int, ...] = ()
    """Entries per UTC day, backwards from the day of `newest`; 28 of them, or none."""
    hours: tuple[int, ...] = (0,) * 24
    """Entries per hour of the day, UTC; halved from time to time."""

    def after(
        self, at: datetime, *, new: int, entries: int | None = None, published: Iterable[datetime] = ()
    ) -> History:
        """The record with one more answered poll.

        `entries` is the number in the document, None for a 304; `published` the new entries' own dates, as many as there are.

        >>> first = History().after(datetime(2026, 5, 1, 12, tzinfo=UTC), new=20, entries=20)  # no dates: 20 of when?
        >>> sum(first.days), sum(first.after(datetime(2026, 5, 1, 13, tzinfo=UTC), new=3, entries=20).days)
        (0, 3)
        """
        at = _minute(at)
        known = _without_future(self, at)
        seen = known.looks[-1].entries if entries is None and known.looks else entries or 0
        look = Look(at=at, entries=min(max(seen, 0), _MAX_COUNT), new=min(max(new, 0), _MAX_COUNT))
        dates = [_minute(date) for date in published][: look.new]
        grown = _later(known, look, dates) if known.looks else _first(known, look, dates)
        return replace(grown, looks=(*known.looks, look)[-MAX_LOOKS:])

    def to_json(self) -> dict[str, Any]:
        """For one JSON column: minutes since 1970 and small numbers."""
        last = _stamp(self.looks[-1].at) if self.looks else 0
        return {
            "v": _VERSION,
            "at": last,
            "looks": [[last - _stamp(look.at), look.entries, look.new] for look in self.looks],
            "since": self.since and _stamp(self.since),
            "newest": self.newest and _stamp(self.newest),
            "days": list(self.days),
            "hours": list(self.hours),
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any] | None) -> Self:
        """The record again; an empty one for None, and for one that another version of this program wrote."""
        if record is None or record.get("v") != _VERSION:
            return cls()
        return cls(
            looks=tuple(
                Look(at=_time(record["at"] - before), entries=entries, new=new)
                for before, entries, new in record["looks"]
            ),
            since=None if record["since"] is None else _time(record["since"]),
            newest=None if record["newest"] is None else _time(record["newest"]),
            days=tuple(record["days"]),
            hours=tuple(record["hours"]),
        )


def _without_future(history: History, at: datetime) -> History:
    """A clock that was set back leaves polls in the future: they are forgotten, their entries stay counted."""
    return replace(
        history,
        looks=tuple(look for look in history.looks if look.at <= at),
        since=history.since and min(history.since, at),
        newest=history.newest and min(history.newest, at),
    )


def _first(history: History, look: Look, dates: Sequence[datetime]) -> History:
    """A first page tells of the past only by its entries' own dates.

    Equal dates count once: a site that was built or imported an hour ago gives all entries that hour.
    """
    told = sorted({date for date in dates if date <= look.at})
    if not told:
        return replace(history, since=history.since or look.at)
    grown = _with_days(replace(history, since=told[0]), told)
    only_days = len({date.time() for date in told}) <= len(told) / 2
    return grown if only_days else _with_hours(grown, told)


def _later(history: History, look: Look, dates: Sequence[datetime]) -> History:
    """New entries appeared after the poll that did not have them yet, whatever date they carry."""
    before = history.looks[-1].at
    undated = [look.at] * (look.new - len(dates))
    grown = _with_days(history, [min(max(date, before), look.at) for date in dates] + undated)
    return _with_hours(grown, [date for date in dates if before <= date <= look.at])


def _with_days(history: History, appeared: Sequence[datetime]) -> History:
    if not appeared:
        return history
    newest = max(appeared) if history.newest is None else max(history.newest, *appeared)
    shift = (newest.date() - history.newest.date()).days if history.newest else 0
    days = [0] * min(shift, DAYS) + list(history.days)
    days += [0] * (DAYS - len(days))
    for moment in appeared:
        age = (newest.date() - moment.date()).days
        if age < DAYS:
            days[age] = min(days[age] + 1, _MAX_COUNT)
    return replace(history, newest=newest, days=tuple(days[:DAYS]))


def _with_hours(history: History, moments: Sequence[datetime]) -> History:
    hours = list(history.hours)
    for moment in moments:
        hours[moment.hour] += 1
    while sum(hours) > _HALVED_AT:
        hours = [count // 2 for count in hours]
    return replace(history, hours=tuple(hours))


def _minute(time: datetime) -> datetime:
    return time.astimezone(UTC).replace(second=0, microsecond=0)


def _stamp(time: datetime) -> int:
    return int(time.timestamp()) // 60


def _time(stamp: int) -> datetime:
    return datetime.fromtimestamp(stamp * 60, UTC)
