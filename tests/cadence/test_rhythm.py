"""The interval that a source's own rhythm asks for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.cadence import History, Rhythm
from ingest.cadence.rules import LONGEST

START = datetime(2026, 4, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def polled(
    every: timedelta, days: float, new: Callable[[datetime], int], *, page: int = 20
) -> tuple[History, datetime]:
    """A source that was polled so often for so many days; `new` says how many entries each poll brought."""
    at, history = START, History().after(START, new=page, entries=page)
    while at < START + days * DAY:
        at += every
        count = new(at)
        history = history.after(at, new=count, entries=page, published=[at - every / 2] * count)
    return history, at


def interval(history: History, now: datetime) -> timedelta:
    return Rhythm.of(history, now).pace().interval


@pytest.mark.parametrize("per_day", [1, 4, 24, 96])
def test_the_rate_is_measured(per_day: int) -> None:
    history, now = polled(DAY / per_day, 28, lambda _: 1)
    assert Rhythm.of(history, now).usual == pytest.approx(per_day, rel=0.1)


def test_four_times_the_entries_are_asked_for_twice_as_often() -> None:
    slow, fast = (interval(*polled(DAY / per_day, 14, lambda _: 1, page=100)) for per_day in (6.1, 24.4))
    assert slow / fast == pytest.approx(2, rel=0.1)


def test_a_page_that_was_nearly_missed_is_asked_for_much_sooner() -> None:
    """15 new of 20."""
    history, now = polled(HOUR, 7, lambda _: 1)
    calm = interval(history, now)
    burst = history.after(now + HOUR, new=15, entries=20, published=[now + 30 * MINUTE] * 15)
    rule = Rhythm.of(burst, now + HOUR).pace()
    assert rule.interval < calm / 2
    assert rule.interval == HOUR * 5 / 14  # a quarter of the page, at 14 intervals an hour
    assert "15 of 20 new at the last poll, nearly missed" in rule.words


def test_ten_polls_without_anything_new_are_followed_by_a_longer_wait() -> None:
    history, now = polled(HOUR, 7, lambda _: 1)
    calm = interval(history, now)
    for _ in range(10):
        now += HOUR
        history = history.after(now, new=0)
    rule = Rhythm.of(history, now).pace()
    assert rule.interval > 1.5 * calm
    assert "none for 10h 30m" in rule.words


def test_the_longer_the_silence_the_longer_the_wait() -> None:
    history, now = polled(HOUR, 7, lambda _: 1)
    waits = [interval(history, now + silence * DAY) for silence in (0, 1, 4, 16, 64, 256)]
    assert waits == sorted(set(waits))
    assert waits[-1] > DAY


def test_one_new_entry_ends_the_silence() -> None:
    history, now = polled(HOUR, 7, lambda _: 1)
    calm = interval(history, now)
    later = now + 10 * DAY
    history = history.after(later, new=0).after(later + HOUR, new=1, published=[later + 30 * MINUTE])
    assert interval(history, later + HOUR) < 2 * calm


def test_a_newsroom_is_asked_more_often_by_day_than_by_night() -> None:
    history, now = polled(30 * MINUTE, 14, lambda at: int(8 <= at.hour < 20))
    morning, evening = now.replace(hour=9, minute=0), now.replace(hour=21, minute=0)
    assert interval(history, evening) > 1.5 * interval(history, morning)


def test_nights_are_no_silence() -> None:
    """Ten hours bring ten entries by the day's average, but none of them is missing at the end of a night."""
    history, _ = polled(30 * MINUTE, 14, lambda at: int(8 <= at.hour < 20))
    assert history.newest is not None
    morning = Rhythm.of(history, history.newest + 10 * HOUR)
    assert morning.usual > 20
    assert morning.rate == morning.usual


def test_what_is_missing_is_counted_by_the_minutes_of_each_hour() -> None:
    weights = tuple(10.0 if hour == 12 else 0.1 for hour in range(24))
    now = START.replace(hour=13, minute=10)
    rhythm = Rhythm(now=now, looks=(), usual=24, silence=30 * MINUTE, weights=weights)
    assert rhythm.missing == pytest.approx(20 / 60 * 10 + 10 / 60 * 0.1)


def test_one_new_entry_within_minutes_is_no_burst() -> None:
    history, now = polled(HOUR, 7, lambda _: 1)
    calm = interval(history, now)
    history = history.after(now + MINUTE, new=1, entries=20, published=[now + MINUTE])
    assert interval(history, now + MINUTE) > calm * 0.9


def test_a_new_feed_is_judged_by_its_entries_dates_not_by_its_first_page() -> None:
    """Twenty entries of twenty weeks, and twenty of an hour."""
    weekly = History().after(START, new=20, entries=20, published=[START - n * 7 * DAY for n in range(20)])
    busy = History().after(START, new=20, entries=20, published=[START - n * 3 * MINUTE for n in range(20)])
    unknown = History().after(START, new=20, entries=20)
    assert interval(busy, START) < HOUR / 2
    assert interval(weekly, START) > 6 * HOUR
    assert HOUR < interval(unknown, START) < 3 * HOUR


def test_a_feed_whose_first_page_was_built_an_hour_ago_soon_looks_like_what_it_is() -> None:
    """All entries carry about the same time; after a day it is asked as rarely as any slow feed."""
    history = History().after(START, new=20, entries=20, published=[START - n * MINUTE for n in range(20)])
    assert interval(history, START + 30 * HOUR) > 2 * HOUR


histories = st.lists(
    st.tuples(
        st.timedeltas(timedelta(0), timedelta(days=40)),
        st.integers(0, 300),
        st.none() | st.integers(0, 300),
        st.lists(st.timedeltas(timedelta(days=-60), timedelta(days=2)), max_size=20),
    ),
    max_size=30,
)


@given(histories, st.timedeltas(timedelta(days=-3), timedelta(days=3000)))
def test_whatever_was_seen_the_wait_is_positive_and_no_longer_than_a_year(
    polls: list[tuple[timedelta, int, int | None, list[timedelta]]], ahead: timedelta
) -> None:
    at, history = START, History()
    for gap, new, entries, dates in polls:
        at += gap
        history = history.after(at, new=new, entries=entries, published=[at + date for date in dates])
    rhythm = Rhythm.of(history, at + ahead)
    assert timedelta() < rhythm.pace().interval <= LONGEST
    assert 0 < rhythm.rate <= rhythm.usual
