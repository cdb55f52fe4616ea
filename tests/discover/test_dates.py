"""Dates of feeds."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.discover.dates import read_date

NOW = datetime(2024, 5, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Thu, 02 May 2024 08:30:00 GMT", "2024-05-02T08:30:00+00:00"),
        ("2 May 24 08:30 EST", "2024-05-02T08:30:00-05:00"),
        ("Thu, 02-May-2024 08:30:00 +0900 (KST)", "2024-05-02T08:30:00+09:00"),
        ("2 mai 2024 08:30:00 +0200", "2024-05-02T08:30:00+02:00"),
        ("Do, 02 Mär 2023 08:30:00 MEZ", "2023-03-02T08:30:00+01:00"),
        ("Thursday, May 2, 2024 8:30:00 PM +0100", "2024-05-02T20:30:00+01:00"),
        ("Thu May 02 08:30:00 UTC 2024", "2024-05-02T08:30:00+00:00"),
        ("Thu May 02 2024 08:30:00 GMT+0900 (Korean Standard Time)", "2024-05-02T08:30:00+09:00"),
        ("2024-05-02T08:30:00.123456Z", "2024-05-02T08:30:00+00:00"),
        ("2024-05-02 08:30:00 -0330", "2024-05-02T08:30:00-03:30"),
        ("20240502T083000Z".replace("T083000", "T08:30:00"), "2024-05-02T08:30:00+00:00"),
        ("2024-05-02T24:00:00Z", "2024-05-03T00:00:00+00:00"),
        ("2024-05-02T08:30:60Z", "2024-05-02T08:30:59+00:00"),
        ("1890-05-02T08:30:00Z", "1890-05-02T08:30:00+00:00"),
    ],
)
def test_the_formats_of_feeds_are_read(text, wanted):
    assert read_date(text, zone=None, now=NOW) == datetime.fromisoformat(wanted)


@pytest.mark.parametrize("text", ["2024-05-02T08:30:00", "2024-05-02", "2 May 2024 08:30", "2024-05"])
def test_without_a_zone_the_sources_zone_decides_and_without_one_nothing(text):
    assert read_date(text, zone=None, now=NOW) is None
    when = read_date(text, zone="Asia/Seoul", now=NOW)
    assert when is not None
    assert when.utcoffset() is not None


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-02T08:30:00 XYZ",
        "2024-05-02T08:30:00+99:99",
        "2024-13-01T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "2024-05-02T25:00Z",
    ],
)
def test_a_zone_or_a_day_that_does_not_exist_is_no_date(text):
    assert read_date(text, zone="Asia/Seoul", now=NOW) is None


@given(st.text() | st.from_regex(r"\d{0,5}-?\d{0,3}-?\d{0,3}[T ]?\d{0,3}:?\d{0,3}:?\d{0,3}[ +-]?\w{0,5}"))
def test_no_text_makes_it_raise(text):
    when = read_date(text, zone="Asia/Seoul", now=NOW)
    assert when is None or when.utcoffset() is not None
