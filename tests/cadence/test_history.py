"""What is remembered of a source's polls."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ingest.cadence import History
from ingest.cadence.history import DAYS, MAX_LOOKS

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

moments = st.timedeltas(timedelta(days=-30 * 366), timedelta(days=60 * 366)).map(lambda ahead: NOON + ahead)
looks = st.lists(
    st.tuples(
        moments,
        st.integers(0, 10**6),
        st.none() | st.integers(0, 10**6),
        st.lists(moments, max_size=30),
    ),
    max_size=60,
)


def told(polls: list[tuple[datetime, int, int | None, list[datetime]]]) -> History:
    history = History()
    for at, new, entries, published in polls:
        history = history.after(at, new=new, entries=entries, published=published)
    return history


@given(looks)
def test_the_record_fits_into_a_kilobyte_and_reads_back_the_same(
    polls: list[tuple[datetime, int, int | None, list[datetime]]],
) -> None:
    history = told(polls)
    written = json.dumps(history.to_json())
    assert len(written) <= 1024
    assert History.from_json(json.loads(written)) == history


def test_the_largest_record_fits_into_a_kilobyte() -> None:
    """The most entries that are counted, at every poll, with years between them."""
    history = History().after(NOON, new=10**6, entries=10**6)
    for n in range(1, 40):
        history = history.after(NOON + n * 500 * DAY, new=10**6, entries=10**6)
    full = replace(history, days=history.days[:1] * DAYS, hours=(100,) * 24)
    assert len(json.dumps(full.to_json())) <= 1024


@given(looks)
def test_no_order_of_times_makes_it_lie_about_the_future(
    polls: list[tuple[datetime, int, int | None, list[datetime]]],
) -> None:
    """Clocks are set back and entries are dated ahead; nothing that is remembered is later than the last poll."""
    history = told(polls)
    if polls:
        last = polls[-1][0]
        assert len(history.looks) <= MAX_LOOKS
        assert all(look.at <= last for look in history.looks)
        assert history.newest is None or history.newest <= last
        assert history.since is None or history.since <= last


def test_nothing_and_the_record_of_another_version_are_an_empty_history() -> None:
    assert History.from_json(None) == History.from_json({"v": 0, "polls": []}) == History()


def test_a_first_page_counts_its_entries_on_the_days_that_they_carry() -> None:
    dates = [NOON - n * DAY for n in (0, 0.1, 0.2, 1, 3)]
    history = History().after(NOON, new=5, entries=5, published=dates)
    assert history.days[:5] == (3, 1, 0, 1, 0)
    assert history.newest == NOON
    assert history.since == NOON - 3 * DAY


def test_a_first_page_without_dates_says_nothing_of_the_past() -> None:
    history = History().after(NOON, new=20, entries=20)
    assert sum(history.days) == 0
    assert (history.newest, history.since) == (None, NOON)


def test_a_first_page_whose_entries_all_carry_the_hour_of_the_sites_build_counts_as_one() -> None:
    history = History().after(NOON, new=20, entries=20, published=[NOON - HOUR] * 20)
    assert sum(history.days) == 1


def test_an_entry_appeared_after_the_poll_that_did_not_have_it_whatever_it_says() -> None:
    """Dates without a time, archives that are published again, and clocks of publishers that are ahead."""
    history = History().after(NOON, new=0, entries=20).after(NOON + HOUR, new=3, published=[NOON - 9 * DAY, NOON + DAY])
    assert history.newest == NOON + HOUR
    assert history.days[0] == 3


def test_only_times_that_can_be_true_tell_an_hour_of_the_day() -> None:
    first = History().after(NOON, new=0, entries=20)
    history = first.after(NOON + HOUR, new=3, published=[NOON + HOUR / 2, NOON - DAY, NOON + DAY])
    assert {hour: count for hour, count in enumerate(history.hours) if count} == {12: 1}


def test_days_without_hours_tell_no_hour() -> None:
    midnights = [datetime(2026, 4, day, tzinfo=UTC) for day in range(1, 30)]
    history = History().after(NOON, new=29, entries=29, published=midnights)
    assert sum(history.hours) == 0
    assert sum(history.days) > 20


def test_a_304_repeats_the_number_of_entries() -> None:
    history = History().after(NOON, new=20, entries=20).after(NOON + HOUR, new=0)
    assert history.looks[-1].entries == 20


def test_what_is_older_than_four_weeks_before_the_newest_entry_is_forgotten() -> None:
    history = History().after(NOON, new=1, entries=1, published=[NOON - HOUR])
    history = history.after(NOON + 100 * DAY, new=1, entries=2, published=[NOON + 100 * DAY])
    assert history.days == (1,) + (0,) * 27


def test_old_habits_of_the_day_fade() -> None:
    """A source that moves from mornings to evenings is seen to do so, however long it kept to mornings."""
    history = History().after(NOON, new=0, entries=20)
    at = NOON
    for hour in (6, 18):
        for _ in range(1000):
            at += DAY
            entry = at.replace(hour=hour, minute=30)
            history = history.after(at.replace(hour=23), new=1, published=[entry])
    assert history.hours[18] > 10 * history.hours[6]
