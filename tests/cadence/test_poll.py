"""When a source is polled next, and the rule that is named for it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.cadence import Bounds, Failure, History, NextPoll, Outlook, ServerHints, next_poll
from ingest.cadence.failures import GONE_AGAIN
from ingest.cadence.hints import MAX_RETRY_AFTER
from ingest.model import PublisherHints, Source

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)  # a Friday
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CONDITIONAL = ServerHints(validators=True)
QUARTER = Bounds(min_interval=15 * MINUTE)
HALF_HOURLY = Bounds.of(
    Source(name="a", kind="feed", url="https://a.example/", min_interval=30 * MINUTE, max_interval=30 * MINUTE)
)


def weekly() -> History:
    """A source with one entry a week."""
    dates = [NOON - n * 7 * DAY for n in range(10)]
    return History().after(NOON, new=10, entries=10, published=dates)


def busy() -> History:
    """A source with an entry every three minutes."""
    dates = [NOON - n * 3 * MINUTE for n in range(60)]
    return History().after(NOON, new=60, entries=60, published=dates)


def found(draw: float = 0.0, **known: Any) -> NextPoll:
    usual: dict[str, Any] = {"now": NOON, "server": CONDITIONAL, "history": busy()}
    return next_poll(Outlook(**usual | known), draw=draw)


# ---------------------------------------------------------------- bounds


def test_without_configuration_an_hour_is_the_least() -> None:
    assert (found().interval, found().reason) == (HOUR, "min_interval 1h")


def test_a_configured_min_interval_is_the_least() -> None:
    poll = found(bounds=QUARTER)
    assert (poll.interval, poll.reason) == (15 * MINUTE, "configured min_interval 15m")


def test_the_losing_rules_are_told_with_what_they_wanted() -> None:
    assert found().others == ("adaptive: 246 entries a day, 60 of 60 new at the last poll (11m 14s)",)


def test_a_wish_beyond_max_interval_is_clamped_and_said_to_be() -> None:
    poll = found(publisher=PublisherHints(ttl=2 * DAY))
    assert (poll.interval, poll.reason) == (DAY, "clamped to max_interval 24h")
    assert "ttl 2d (2d)" in poll.others


@pytest.mark.parametrize("history", [busy(), weekly()], ids=["busy", "weekly"])
@pytest.mark.parametrize("ttl", [None, 5 * MINUTE, DAY])
def test_a_fixed_interval_is_kept_whatever_anybody_wishes(history: History, ttl: timedelta | None) -> None:
    poll = found(
        bounds=HALF_HOURLY,
        history=history,
        publisher=PublisherHints(ttl=ttl, skip_hours=frozenset({12})),
        server=ServerHints(validators=False),
    )
    assert (poll.at, poll.reason) == (NOON + 30 * MINUTE, "configured interval 30m")


# ---------------------------------------------------------------- wishes


@pytest.mark.parametrize(
    ("publisher", "server", "reason"),
    [
        (PublisherHints(ttl=2 * HOUR), CONDITIONAL, "ttl 2h"),
        (PublisherHints(update_period=2 * HOUR), CONDITIONAL, "sy:updatePeriod, one update in 2h"),
        (
            PublisherHints(ttl=HOUR),
            ServerHints(validators=True, freshness=2 * HOUR, freshness_words="Cache-Control max-age=7200"),
            "Cache-Control max-age=7200",
        ),
    ],
)
def test_the_longest_wish_wins(publisher: PublisherHints, server: ServerHints, reason: str) -> None:
    poll = found(publisher=publisher, server=server)
    assert (poll.interval, poll.reason) == (2 * HOUR, reason)


def test_a_wish_for_more_frequent_polls_than_the_rhythm_asks_for_is_not_followed() -> None:
    poll = found(history=weekly(), publisher=PublisherHints(ttl=5 * MINUTE))
    assert poll.interval > 4 * HOUR
    assert poll.reason.startswith("adaptive: 0.")


@pytest.mark.parametrize("wish", [timedelta.max, 366 * DAY, 8 * DAY])
def test_an_absurd_wish_is_reported(wish: timedelta) -> None:
    poll = found(publisher=PublisherHints(ttl=wish, update_period=wish))
    assert poll.interval == DAY
    assert len(poll.warnings) == 2
    assert "can't be meant" in poll.warnings[0]


@pytest.mark.parametrize("wish", [timedelta.min, timedelta(), -HOUR])
def test_a_wish_for_nothing_is_none(wish: timedelta) -> None:
    poll = found(
        publisher=PublisherHints(ttl=wish, update_period=wish), server=ServerHints(validators=True, freshness=wish)
    )
    assert (poll.reason, poll.warnings) == ("min_interval 1h", ())


def test_wishes_count_after_a_failure_too() -> None:
    poll = found(failure=Failure.TRANSIENT, failures=1, publisher=PublisherHints(ttl=5 * HOUR))
    assert (poll.interval, poll.reason) == (5 * HOUR, "ttl 5h")


# ---------------------------------------------------------------- a server that can't say "not modified"


def test_what_must_be_sent_whole_each_time_is_asked_for_once_a_day() -> None:
    poll = found(server=ServerHints(validators=False), bounds=QUARTER)
    assert poll.interval == DAY
    assert poll.reason.startswith("no validators and no hint of freshness; write interval:")


def test_unless_the_publisher_or_the_server_says_how_often() -> None:
    asks = found(server=ServerHints(validators=False), publisher=PublisherHints(ttl=HOUR))
    stays_fresh = found(server=ServerHints(validators=False, freshness=10 * MINUTE))
    assert asks.interval == stays_fresh.interval == HOUR


def test_unless_the_user_asks_for_more_of_this_very_source() -> None:
    source = Source(name="a", kind="feed", url="https://a.example/", min_interval=20 * MINUTE)
    poll = found(server=ServerHints(validators=False), bounds=Bounds.of(source))
    assert poll.interval == 20 * MINUTE


def test_and_never_beyond_max_interval() -> None:
    poll = found(server=ServerHints(validators=False), bounds=Bounds(max_interval=6 * HOUR))
    assert poll.interval == 6 * HOUR


def test_but_a_page_that_stands_where_the_feed_was_says_nothing_of_the_feed() -> None:
    poll = found(server=ServerHints(validators=False), failure=Failure.SOFT, failures=1)
    assert (poll.interval, poll.reason) == (3 * HOUR, "back-off after 1 failure")


def test_an_answer_that_stays_fresh_for_no_time_is_no_hint() -> None:
    assert found(server=ServerHints(validators=False, freshness=timedelta())).interval == DAY


# ---------------------------------------------------------------- skipHours and skipDays


def test_a_poll_that_would_fall_into_skipped_hours_waits_for_their_end() -> None:
    poll = found(publisher=PublisherHints(skip_hours=frozenset({13, 14, 15})))
    assert (poll.at, poll.interval, poll.reason) == (NOON + 4 * HOUR, 4 * HOUR, "skipHours")
    assert [rule for rule in poll.others if "min_interval" in rule] == ["min_interval 1h (1h)"]


def test_skipped_hours_are_hours_of_utc_whatever_the_zone_of_now() -> None:
    seoul = NOON.astimezone(tz=datetime.strptime("+0900", "%z").tzinfo)
    poll = found(now=seoul, publisher=PublisherHints(skip_hours=frozenset({13})))
    assert (poll.at, poll.reason) == (NOON + 2 * HOUR, "skipHours")


def test_skipped_days_are_waited_for_as_long_as_max_interval_allows() -> None:
    weekend = PublisherHints(skip_days=frozenset({5, 6}))
    evening = NOON.replace(hour=23, minute=30)
    assert found(now=evening, publisher=weekend, bounds=Bounds(max_interval=3 * DAY)).at == datetime(
        2026, 5, 4, tzinfo=UTC
    )
    assert found(now=evening, publisher=weekend).at <= evening + DAY


@pytest.mark.parametrize("skips", [{"skip_hours": frozenset(range(24))}, {"skip_days": frozenset(range(7))}])
def test_skipping_everything_is_a_mistake_and_reported(skips: dict[str, Any]) -> None:
    poll = found(publisher=PublisherHints(**skips))
    assert poll.at == NOON + HOUR
    assert poll.warnings == ("skipHours or skipDays leave no time to poll; they are ignored",)


def test_sources_that_skip_the_same_hours_do_not_all_come_at_the_stroke_of_their_end() -> None:
    night = PublisherHints(skip_hours=frozenset({13, 14}))
    assert found(publisher=night).at < found(publisher=night, draw=0.5).at < NOON + 3 * HOUR + 10 * MINUTE


# ---------------------------------------------------------------- when the server says no


def test_retry_after_overrides_max_interval_and_a_fixed_interval() -> None:
    for bounds in (Bounds(), HALF_HOURLY):
        server = ServerHints(retry_after=3 * DAY)
        for failure in (Failure.SLOWED, Failure.TRANSIENT, Failure.BLOCKED):
            poll = found(bounds=bounds, server=server, failure=failure, failures=1)
            assert (poll.interval, poll.reason) == (3 * DAY, "Retry-After of the server")


@pytest.mark.parametrize("asked", [timedelta(days=32), timedelta(days=10**7), timedelta.max])
def test_retry_after_is_believed_up_to_31_days(asked: timedelta) -> None:
    poll = found(server=ServerHints(retry_after=asked), failure=Failure.SLOWED, draw=0.9)
    assert poll.at == NOON + timedelta(days=31)


@pytest.mark.parametrize("asked", [timedelta(), timedelta(seconds=1), -DAY])
def test_a_retry_after_that_is_over_shortens_nothing(asked: timedelta) -> None:
    assert found(server=ServerHints(retry_after=asked), failure=Failure.SLOWED).interval == HOUR


def test_a_slowed_host_is_no_failure_of_the_source() -> None:
    """The interval is the usual one, or the hold where that is longer."""
    assert found(failure=Failure.SLOWED, failures=9).reason == "min_interval 1h"
    assert found(failure=Failure.SLOWED, failures=9, bounds=Bounds(min_interval=MINUTE)).reason == (
        "the host asked for patience"
    )


def test_failures_are_followed_by_ever_longer_waits_up_to_a_day() -> None:
    polls = [found(failure=Failure.TRANSIENT, failures=n) for n in range(1, 12)]
    assert [poll.interval / HOUR for poll in polls] == [1, 1, 1, 2, 4, 8, 16, 24, 24, 24, 24]
    assert polls[2].reason == "back-off after 3 failures"
    assert found(failure=Failure.TRANSIENT, failures=1, bounds=QUARTER).reason == "back-off after 1 failure"


def test_a_refusal_slows_down_more_than_a_trouble() -> None:
    waits = [found(failure=kind, failures=1).interval for kind in (Failure.TRANSIENT, Failure.SOFT, Failure.BLOCKED)]
    assert waits == sorted(set(waits))


def test_a_source_that_is_well_again_is_found_to_be_so_within_its_max_interval() -> None:
    poll = found(failure=Failure.BLOCKED, failures=50, bounds=Bounds(min_interval=HOUR, max_interval=4 * HOUR))
    assert poll.interval == 4 * HOUR


def test_what_is_gone_is_asked_again_after_months() -> None:
    poll = found(failure=Failure.GONE, failures=1)
    assert poll.interval == GONE_AGAIN
    assert poll.reason.startswith("410 Gone")


def test_our_own_outage_is_over_in_minutes_and_blames_nobody() -> None:
    early, late = (found(failure=Failure.OURS, failures=7, history=weekly(), draw=draw) for draw in (0, 0.99))
    assert early.reason == "our own network was out"
    assert early.at < late.at < NOON + 15 * MINUTE


# ---------------------------------------------------------------- the clock


@pytest.mark.parametrize("month", [3, 10])
def test_hours_are_hours_when_the_clocks_change(month: int) -> None:
    last_sunday = datetime(2026, month, {3: 29, 10: 25}[month], 0, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert (
        found(now=last_sunday, history=History(), bounds=Bounds(min_interval=3 * HOUR)).at - last_sunday.astimezone(UTC)
        == 3 * HOUR
    )


def test_a_clock_that_was_set_back_by_a_day_neither_stops_nor_hurries_the_polls() -> None:
    history = busy().after(NOON + DAY, new=5, entries=60).after(NOON, new=0)
    assert found(history=history).interval == HOUR


# ---------------------------------------------------------------- a day's work


def test_news_that_break_are_not_missed() -> None:
    """An entry an hour for two weeks, then twenty an hour, on a page of twenty."""
    entries = [NOON + n * HOUR for n in range(14 * 24)]
    entries += [entries[-1] + n * 3 * MINUTE for n in range(1, 100)]
    history, at, stored = History(), NOON + 20 * HOUR, 0
    while stored < len(entries):
        published = bisect_right(entries, at)
        new = entries[stored:published]
        assert len(new) <= 20 or not history.looks
        history = history.after(at, new=len(new), entries=20, published=new)
        stored = published
        at = found(now=at, history=history, bounds=Bounds(min_interval=5 * MINUTE), draw=0.99).at


# ---------------------------------------------------------------- warnings of missed entries


def test_a_page_that_is_new_as_a_whole_may_have_hidden_more() -> None:
    history = busy().after(NOON + HOUR, new=60, entries=60)
    assert "some may have been missed" in found(now=NOON + HOUR, history=history).warnings[0]


def test_a_first_page_is_new_as_a_whole_and_no_reason_to_warn() -> None:
    assert found().warnings == ()


# ---------------------------------------------------------------- whatever comes

intervals = st.timedeltas(timedelta(seconds=1), timedelta(days=400))
wishes = st.none() | st.timedeltas()
outlooks = st.builds(
    Outlook,
    now=st.timedeltas(timedelta(days=-2000), timedelta(days=10_000)).map(lambda ahead: NOON + ahead),
    history=st.sampled_from([History(), busy(), weekly(), weekly().after(NOON + DAY, new=0)]),
    bounds=st.tuples(intervals, intervals, st.booleans()).map(
        lambda drawn: Bounds(min_interval=min(drawn[:2]), max_interval=max(drawn[:2]), own=drawn[2])
    ),
    publisher=st.builds(
        PublisherHints,
        ttl=wishes,
        update_period=wishes,
        skip_hours=st.frozensets(st.integers(0, 23)),
        skip_days=st.frozensets(st.integers(0, 6)),
    ),
    server=st.builds(
        ServerHints,
        validators=st.none() | st.booleans(),
        freshness=wishes,
        freshness_words=st.just("Cache-Control max-age=1"),
        retry_after=wishes,
    ),
    failure=st.none() | st.sampled_from([kind for kind in Failure if kind is not Failure.OURS]),
    failures=st.integers(0, 10**9),
)
draws = st.floats(0, 1, exclude_max=True)


@given(outlooks, draws)
def test_never_sooner_than_min_interval(outlook: Outlook, draw: float) -> None:
    assert next_poll(outlook, draw=draw).at >= outlook.now + outlook.bounds.min_interval


@given(outlooks, draws)
def test_never_later_than_max_interval_and_its_jitter_unless_the_server_asks_or_is_gone(
    outlook: Outlook, draw: float
) -> None:
    latest = outlook.bounds.max_interval * (1 + 0.1 * draw)
    if outlook.server.retry_after or outlook.failure is Failure.SLOWED:
        latest = max(latest, MAX_RETRY_AFTER)
    if outlook.failure is Failure.GONE:
        latest = max(latest, GONE_AGAIN * 1.1)
    assert next_poll(outlook, draw=draw).at <= outlook.now + latest + timedelta(microseconds=1)


@given(outlooks, draws)
def test_the_jitter_adds_at_most_a_tenth(outlook: Outlook, draw: float) -> None:
    bare, jittered = next_poll(outlook, draw=0), next_poll(outlook, draw=draw)
    if "skip" not in bare.reason + jittered.reason:
        assert bare.at <= jittered.at <= bare.at + bare.interval * 0.1 + timedelta(microseconds=1)


@given(outlooks, draws)
def test_a_reason_is_always_given_and_the_same_question_has_the_same_answer(outlook: Outlook, draw: float) -> None:
    poll = next_poll(outlook, draw=draw)
    assert poll.reason
    assert poll == next_poll(outlook, draw=draw)


@given(outlooks, draws)
def test_a_longer_retry_after_is_never_a_sooner_poll(outlook: Outlook, draw: float) -> None:
    asked = [
        replace(outlook, server=ServerHints(retry_after=timedelta(days=days)), failure=Failure.SLOWED)
        for days in (4, 5)
    ]
    sooner, later = (next_poll(one, draw=draw).at for one in asked)
    assert outlook.now + timedelta(days=4) <= sooner <= later


@pytest.mark.parametrize("draw", [-0.1, 1.0, float("nan")])
def test_a_jitter_that_is_none_is_refused(draw: float) -> None:
    with pytest.raises(ValueError, match="draw is a number from 0 up to 1"):
        found(draw=draw)
