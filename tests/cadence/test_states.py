"""How a source is, in one word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from ingest.cadence import Failure, History, is_quiet, state_of

START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def published(every: timedelta, until: datetime, when: Callable[[datetime], bool] = lambda _: True) -> History:
    """A source that was polled as often as it published."""
    at, history = START, History().after(START, new=0, entries=20)
    while at < until:
        at += every
        history = history.after(at, new=int(when(at)), published=[at] if when(at) else [])
    return history


@pytest.mark.parametrize(
    ("failure", "state"),
    [
        (None, "ok"),
        (Failure.TRANSIENT, "failing"),
        (Failure.SOFT, "failing"),
        (Failure.BLOCKED, "blocked"),
        (Failure.GONE, "gone"),
        (Failure.SLOWED, "ok"),
        (Failure.OURS, "ok"),
    ],
)
def test_the_last_poll_that_counts_makes_the_state(failure: Failure | None, state: str) -> None:
    now = START + 14 * DAY
    history = published(HOUR, now)
    assert state_of(history, failure, now) == state
    assert state_of(history, failure, now, configured=False) == "paused"


def test_a_source_that_was_never_answered_is_new() -> None:
    assert state_of(History(), None, START) == "new"
    assert state_of(History(), Failure.TRANSIENT, START) == "failing"


def test_a_busy_source_is_quiet_after_days_and_a_weekly_one_after_weeks() -> None:
    until = START + 28 * DAY
    hourly, weekly = published(HOUR, until), published(7 * DAY, until)
    assert not is_quiet(hourly, until + 2 * DAY)
    assert is_quiet(hourly, until + 4 * DAY)
    assert not is_quiet(weekly, until + 20 * DAY)
    assert is_quiet(weekly, until + 60 * DAY)


def test_weekends_are_no_silence_where_they_are_the_habit() -> None:
    friday = START + 4 * DAY + 20 * HOUR + 14 * DAY
    history = published(HOUR, friday, lambda at: at.weekday() < 5)
    assert not is_quiet(history, friday + 5 * DAY)
    assert is_quiet(history, friday + 8 * DAY)


def test_a_year_of_silence_is_still_held_against_what_the_source_once_was() -> None:
    until = START + 28 * DAY
    history = published(6 * HOUR, until)
    at = until
    while at < until + 365 * DAY:
        at += DAY
        history = history.after(at, new=0)
    assert state_of(history, None, at) == "quiet"


def test_a_feed_whose_newest_entry_was_old_when_it_was_added_is_quiet_from_the_start() -> None:
    history = History().after(START, new=9, entries=9, published=[START - (400 + n) * DAY for n in range(9)])
    assert state_of(history, None, START) == "quiet"


def test_an_empty_feed_has_no_history_to_be_silent_against() -> None:
    history = History().after(START, new=0, entries=0)
    assert state_of(history, None, START + 300 * DAY) == "ok"


def test_the_first_entry_after_a_silence_ends_it() -> None:
    history = published(HOUR, START + 14 * DAY)
    later = START + 30 * DAY
    assert state_of(history, None, later) == "quiet"
    assert state_of(history.after(later, new=1), None, later) == "ok"
