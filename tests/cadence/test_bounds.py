"""The intervals that the user allows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ingest.cadence import Bounds
from ingest.model import Source

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def source(min_interval: timedelta | None = None, max_interval: timedelta | None = None) -> Source:
    return Source(name="a", kind="feed", url="https://a.example/", min_interval=min_interval, max_interval=max_interval)


@pytest.mark.parametrize(
    ("own", "schedule", "expected"),
    [
        ((None, None), (None, None), (HOUR, DAY)),
        ((None, None), (15 * MINUTE, None), (15 * MINUTE, DAY)),
        ((5 * MINUTE, None), (15 * MINUTE, DAY), (5 * MINUTE, DAY)),
        ((None, 30 * MINUTE), (HOUR, DAY), (30 * MINUTE, 30 * MINUTE)),
        ((2 * DAY, None), (HOUR, DAY), (2 * DAY, 2 * DAY)),
        ((None, None), (2 * DAY, None), (2 * DAY, 2 * DAY)),
        ((400 * DAY, 400 * DAY), (None, None), (366 * DAY, 366 * DAY)),
    ],
)
def test_the_sources_own_bounds_come_before_the_schedules_and_those_before_the_defaults(
    own: tuple[timedelta | None, timedelta | None],
    schedule: tuple[timedelta | None, timedelta | None],
    expected: tuple[timedelta, timedelta],
) -> None:
    bounds = Bounds.of(source(*own), min_interval=schedule[0], max_interval=schedule[1])
    assert (bounds.min_interval, bounds.max_interval) == expected


def test_only_a_source_with_equal_bounds_of_its_own_has_a_fixed_interval() -> None:
    assert Bounds.of(source(HOUR, HOUR)).fixed
    assert not Bounds.of(source(HOUR)).fixed
    assert not Bounds.of(source(), min_interval=HOUR, max_interval=HOUR).fixed


@pytest.mark.parametrize("pair", [(HOUR, MINUTE), (timedelta(), HOUR), (-HOUR, HOUR)])
def test_bounds_that_cannot_be_kept_are_refused(pair: tuple[timedelta, timedelta]) -> None:
    with pytest.raises(ValueError, match="can't be kept"):
        Bounds(min_interval=pair[0], max_interval=pair[1])
