"""What `ingest export` writes is read; what is wrong is named with its field."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.errors import NotAnArticle
from ingest.record_json import read_record
from tests.store.build import article

LEAST = {"url": "https://example.org/a", "headline": "Rice prices rise", "body": "They rose.", "source": "x"}


def test_a_record_with_every_field_comes_back_as_it_was():
    sent = article(modified_at=datetime(2026, 5, 5, 8, 30, 1, 5, tzinfo=UTC), canonical_url="https://harbour.example/f")
    line = json.dumps(sent.as_dict() | {"source": "harbour", "guid": "g", "seen_at": "2026-05-05T08:00:00+09:00"})
    record = read_record(json.loads(line))
    assert record.article == sent
    assert (record.source, record.guid) == ("harbour", "g")
    assert record.seen_at == datetime(2026, 5, 4, 23, tzinfo=UTC)


def test_four_fields_are_enough_and_null_is_as_good_as_nothing():
    nothing = dict.fromkeys(("summary", "authors", "images", "contacts", "origins", "published_at", "guid", "seen_at"))
    assert read_record(LEAST | nothing) == read_record(LEAST)
    assert read_record(LEAST).article.published_at is None


def test_fields_of_later_versions_are_left_alone():
    assert read_record(LEAST | {"mood": "grim", "cluster_id": 7}) == read_record(LEAST)


@pytest.mark.parametrize("zone", ["Z", "+00:00"])
def test_a_time_may_be_written_in_each_of_the_usual_ways(zone: str):
    record = read_record(LEAST | {"published_at": f"2026-05-05T08:00:00{zone}"})
    assert record.article.published_at == datetime(2026, 5, 5, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"url": 7}, "url must be text"),
        ({"url": "ferries"}, "url is no web address; write it like https://example.org/news"),
        ({"url": "ftp://example.org/a"}, "url is no web address"),
        ({"source": ""}, "source is missing"),
        ({"source": "a\x00b"}, "source is no name; write up to 100 printable characters"),
        ({"source": "\ud83d"}, "source is no name"),
        ({"source": "x" * 101}, "source is no name"),
        ({"authors": "Jane Doe"}, "authors must be a list of texts"),
        ({"tags": [1]}, "tags must be a list of texts"),
        ({"published_at": "yesterday"}, "published_at must be an ISO 8601 time"),
        ({"published_at": "2026-05-05T08:00:00"}, "published_at has no time zone"),
        ({"seen_at": 1762340000}, "seen_at must be text"),
        ({"images": {}}, None),
        ({"images": ["a.jpg"]}, "images must be a list of objects"),
        ({"images": [{"role": "main"}]}, "images: role must be one of lead, body"),
        ({"contacts": [{"text": "Write to us", "kind": "mail"}]}, "contacts: kind must be one of corrections"),
        ({"origins": ["h1"]}, "origins must be an object"),
        ({"paywalled": "no"}, "paywalled must be true, false or null"),
    ],
)
def test_a_field_of_another_form_is_named_with_what_it_should_be(change: dict[str, Any], said: str | None):
    if said is None:  # empty is nothing, in whatever brackets
        assert read_record(LEAST | change) == read_record(LEAST)
        return
    with pytest.raises(ValueError, match=said):
        read_record(LEAST | change)


@pytest.mark.parametrize("name", ["url", "headline", "body"])
@pytest.mark.parametrize("value", ["", " \n", None])
def test_without_address_headline_or_text_it_is_no_article(name: str, value: str | None):
    with pytest.raises(NotAnArticle, match=f"no {name}"):
        read_record(LEAST | {name: value})


@pytest.mark.parametrize("value", [None, 7, "text", [LEAST]])
def test_what_is_no_object_is_no_record(value: object):
    with pytest.raises(ValueError, match="a record is a JSON object"):
        read_record(value)
