"""When a source that says it has moved is believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ingest.cadence import Move, moved, redirect_verdict, sighted

OLD, NEW = "https://a.example/feed", "https://b.example/feed"
START = datetime(2026, 5, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def after(polls: list[tuple[timedelta, str | None, bool]]) -> Move | None:
    move = None
    for since, to, parsed in polls:
        move = sighted(move, to, at=START + since, parsed=parsed)
    return move


def test_equal_sightings_over_days_with_a_good_parse_are_believed() -> None:
    move = after([(n * HOUR, NEW, True) for n in range(0, 73, 4)])
    assert redirect_verdict(OLD, move).store == NEW


def test_many_sightings_of_one_afternoon_are_not() -> None:
    assert redirect_verdict(OLD, after([(n * HOUR / 4, NEW, True) for n in range(40)])).store is None


def test_few_sightings_are_not_however_far_apart() -> None:
    assert redirect_verdict(OLD, after([(n * 10 * DAY, NEW, True) for n in range(3)])).store is None


@pytest.mark.parametrize(
    "doubt",
    [(None, True), ("https://c.example/feed", True), (NEW, False)],
    ids=["answered itself", "led elsewhere", "was no feed"],
)
def test_one_doubt_begins_it_anew(doubt: tuple[str | None, bool]) -> None:
    before = [(n * DAY, NEW, True) for n in range(3)]
    move = after([*before, (3 * DAY, *doubt), (4 * DAY, NEW, True), (5 * DAY, NEW, True), (6 * DAY, NEW, True)])
    assert redirect_verdict(OLD, move).store is None


def test_a_clock_that_was_ahead_and_has_been_set_right_begins_it_anew() -> None:
    begun = [(n * DAY, NEW, True) for n in (400, 0, 1, 2)]
    assert redirect_verdict(OLD, after(begun)).store is None
    assert redirect_verdict(OLD, after([*begun, (3 * DAY, NEW, True)])).store == NEW


@pytest.mark.parametrize("status", [302, 303, 307])
def test_what_is_moved_for_the_time_being_has_not_moved(status: int) -> None:
    assert moved(OLD, [(status, NEW)]) is None


def test_a_chain_counts_up_to_its_first_temporary_hop() -> None:
    assert moved(OLD, [(301, NEW), (308, "https://c.example/"), (302, "https://d.example/")]) == "https://c.example/"


def test_a_chain_that_leads_back_has_not_moved() -> None:
    assert moved(OLD, [(301, NEW), (301, OLD)]) is None


def test_a_move_from_https_to_http_is_reported_and_never_stored() -> None:
    insecure = "http://a.example/feed"
    verdict = redirect_verdict(OLD, after([(n * DAY, insecure, True) for n in range(9)]))
    assert verdict.store is None
    assert verdict.warning is not None
    assert insecure in verdict.warning


def test_a_move_from_http_to_https_is_believed_like_any_other() -> None:
    assert redirect_verdict("http://a.example/feed", after([(n * DAY, OLD, True) for n in range(4)])).store == OLD
