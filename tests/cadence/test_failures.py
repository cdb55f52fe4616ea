"""What a failed poll says of its source."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.cadence import Failure, back_off, failure_of, hold

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (401, Failure.BLOCKED),
        (403, Failure.BLOCKED),
        (404, Failure.SOFT),
        (410, Failure.GONE),
        (429, Failure.SLOWED),
        (500, Failure.TRANSIENT),
        (502, Failure.TRANSIENT),
        (503, Failure.SLOWED),
        (511, Failure.OURS),
        (999, Failure.SOFT),
        (204, Failure.SOFT),
    ],
)
def test_statuses_say_what_follows(status: int, failure: Failure) -> None:
    assert failure_of("status", status) is failure


@pytest.mark.parametrize(
    ("kind", "failure"),
    [
        ("timeout", Failure.TRANSIENT),
        ("tls", Failure.SOFT),
        ("robots", Failure.BLOCKED),
        ("challenge", Failure.BLOCKED),
        ("not_a_feed", Failure.SOFT),
        ("never heard of", Failure.TRANSIENT),
    ],
)
def test_errors_without_a_status_say_what_follows(kind: str, failure: Failure) -> None:
    assert failure_of(kind) is failure


def test_429_503_and_our_own_outage_are_no_failures_of_the_source() -> None:
    assert {kind for kind in Failure if not kind.counts} == {Failure.SLOWED, Failure.OURS}


@given(st.integers(-5, 10**12), st.sampled_from(list(Failure)))
def test_nothing_is_given_up_and_the_next_failure_never_means_sooner(failures: int, kind: Failure) -> None:
    wait = back_off(failures, kind)
    assert timedelta() < wait <= (timedelta(days=90) if kind is Failure.GONE else DAY)
    assert back_off(failures + 1, kind) >= wait


@given(st.none() | st.timedeltas(), st.integers(-5, 10**12))
def test_a_host_is_held_for_a_minute_at_least_and_31_days_at_most(asked: timedelta | None, in_a_row: int) -> None:
    assert timedelta(minutes=1) <= hold(asked, in_a_row) <= timedelta(days=31)


def test_a_host_that_keeps_saying_429_without_saying_how_long_is_held_ever_longer() -> None:
    assert [hold(None, n) / timedelta(minutes=1) for n in (1, 2, 3, 4)] == [15, 30, 60, 120]
