"""When the page of a link is fetched again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingest.cadence import next_revisit, page_retry

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def revisits(
    published_at: datetime | None, first_seen_at: datetime, edited: Callable[[datetime], bool] = lambda _: False
) -> list[timedelta]:
    """The ages at which an article is looked at again, if each look comes when it is due."""
    times, unchanged, changed = [first_seen_at], 0, False
    while True:
        at = next_revisit(
            published_at=published_at,
            first_seen_at=first_seen_at,
            fetched_at=times[-1],
            changed=changed,
            unchanged=unchanged,
        )
        if at is None:
            return [time - (published_at or first_seen_at) for time in times[1:]]
        times.append(at)
        assert len(times) < 100
        changed = edited(at)
        unchanged = 0 if changed else unchanged + 1


def test_failed_pages_are_tried_again_ever_more_rarely_and_then_given_up() -> None:
    waits = [page_retry(n) for n in range(1, 6)]
    assert waits == sorted(wait for wait in waits if wait is not None)
    assert page_retry(6) is None


def test_an_article_is_looked_at_soon_after_publication_then_ever_more_rarely_then_never() -> None:
    ages = revisits(NOON, NOON)
    assert ages == [30 * MINUTE, 2 * HOUR, 8 * HOUR, 3 * DAY]


def test_an_article_that_is_being_edited_is_looked_at_more_often() -> None:
    ages = revisits(NOON, NOON, lambda _: True)
    assert len(ages) > 2 * len(revisits(NOON, NOON))
    assert all(later - earlier >= earlier / 4 for earlier, later in pairwise(ages))


def test_an_article_that_we_found_late_is_not_looked_at_for_what_is_over() -> None:
    assert revisits(NOON, NOON + 25 * MINUTE)[0] == 55 * MINUTE
    assert revisits(NOON, NOON + 2 * DAY)[0] == 3 * DAY
    assert revisits(NOON, NOON + 8 * DAY) == []


def test_without_a_date_or_with_one_in_the_future_the_first_sight_counts() -> None:
    assert revisits(None, NOON) == revisits(NOON, NOON)
    at = next_revisit(published_at=NOON + 5 * DAY, first_seen_at=NOON, fetched_at=NOON)
    assert at == NOON + 30 * MINUTE


@given(
    st.none() | st.timedeltas(timedelta(days=-30), timedelta(days=30)),
    st.sets(st.integers(0, 99)),
)
def test_looks_are_half_an_hour_apart_and_a_quarter_of_the_articles_age_end_within_days_and_are_not_many(
    before: timedelta | None, edits: set[int]
) -> None:
    count = iter(range(100))
    published_at = None if before is None else NOON + before
    ages = revisits(published_at, NOON, lambda _: next(count) in edits)
    origin = published_at or NOON
    times = [NOON, *(origin + age for age in ages)]
    born = min(origin, NOON)
    for earlier, later in pairwise(times):
        assert later - earlier >= max(30 * MINUTE, (earlier - born) / 4)
    assert len(ages) <= 30
    assert not ages or times[-1] <= NOON + 10 * DAY
