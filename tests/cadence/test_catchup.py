"""What came due while nobody looked."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ingest.cadence import believable, spread

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

due_times = st.dictionaries(
    st.integers(), st.timedeltas(timedelta(days=-400), timedelta(days=400)).map(lambda ahead: NOW + ahead), max_size=300
)


@given(due_times)
def test_what_is_overdue_is_due_again_in_the_same_order_within_the_hour_and_the_rest_stays(
    due: dict[int, datetime],
) -> None:
    found = spread(due, NOW)
    assert found.keys() == {key for key, at in due.items() if at < NOW}
    assert all(NOW <= at <= NOW + HOUR for at in found.values())
    by_due = sorted(found, key=lambda key: due[key])
    assert [found[key] for key in by_due] == sorted(found.values())


def test_nothing_bursts_after_a_night_asleep() -> None:
    """A thousand sources that came due in eight hours: no second has more than its share."""
    due = {n: NOW - timedelta(seconds=28.8 * n) for n in range(1000)}
    per_second = Counter(
        at.replace(microsecond=0) for key, at in spread(due, NOW, per_second=5).items() if due[key] < NOW
    )
    assert max(per_second.values()) <= 6
    assert len(per_second) >= 190


def test_few_are_not_held_up() -> None:
    assert max(spread(dict.fromkeys(range(5), NOW - DAY), NOW).values()) < NOW + timedelta(seconds=1)


def test_a_hundred_thousand_are_spread_over_the_whole_time() -> None:
    found = spread(dict.fromkeys(range(100_000), NOW - HOUR), NOW, over=HOUR)
    assert HOUR - timedelta(seconds=1) < max(found.values()) - NOW < HOUR
    per_minute = Counter(at.replace(second=0, microsecond=0) for at in found.values())
    assert max(per_minute.values()) - min(per_minute.values()) <= 2


def test_a_due_time_that_a_clock_ahead_has_written_is_not_believed() -> None:
    """The clock was a day ahead, or a year, and has been set right: no day, no year of silence."""
    assert not believable(NOW + DAY + HOUR, NOW + DAY, NOW)
    assert not believable(NOW + 12 * 366 * DAY, None, NOW)


def test_a_due_time_from_before_the_clock_jumped_ahead_is_just_overdue() -> None:
    assert believable(NOW - DAY + HOUR, NOW - DAY, NOW)


def test_clocks_of_two_workers_five_minutes_apart_mean_nothing() -> None:
    assert believable(NOW + HOUR, NOW + timedelta(minutes=4), NOW)


def test_a_source_that_is_gone_may_wait_for_months() -> None:
    assert believable(NOW + 99 * DAY, NOW - HOUR, NOW)
