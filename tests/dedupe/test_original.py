"""Which of the copies is likely the one that the others were made from?"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingest.dedupe.original import Member, original

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def member(number: int, hours: float = 0, **changes: Any) -> Member:
    values = {"at": NOON + timedelta(hours=hours), "url": f"https://outlet{number}.example/a"}
    return Member(article_id=number, **(values | changes))


def test_the_earliest_is_the_original_whatever_the_order():
    members = [member(1, 2), member(2, 1), member(3, 3)]
    assert original(members) == original(members[::-1]) == 2


def test_of_two_of_the_same_moment_it_is_the_one_that_was_stored_first():
    assert original([member(2), member(1)]) == 1


@pytest.mark.parametrize(
    "copy",
    [{"beginning": "SEOUL, May 1 (Yonhap) -- Rice prices rose"}, {"credits": "Yonhap"}],
    ids=["dateline", "credits"],
)
def test_an_agency_that_a_copy_names_is_the_original_even_if_it_was_seen_later(copy: dict[str, str]):
    agency = member(2, 5, url="https://en.yna.co.kr/view/A1")
    assert original([member(1, **copy), agency]) == 2


def test_an_agency_is_known_by_the_name_of_its_outlet_as_well():
    assert original([member(1, beginning="PARIS (AFP) –"), member(2, 1, site="AFP Fact Check")]) == 2


def test_an_agency_that_is_no_member_changes_nothing():
    assert original([member(1, beginning="LONDON (Reuters) - Rice"), member(2, 1)]) == 1


def test_a_word_that_only_contains_an_agencys_name_names_none():
    assert original([member(1, beginning="An APPLE a day"), member(2, 1, url="https://apnews.com/a")]) == 1


def test_an_agency_in_another_script_is_recognised():
    assert (
        original([member(1, beginning="(서울=연합뉴스) 쌀값이 올랐다"), member(2, 1, url="https://www.yna.co.kr/a")])
        == 2
    )
