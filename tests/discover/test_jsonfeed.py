"""JSON Feed, versions 1 and 1.1, and other JSON."""

from datetime import datetime

import pytest

from ingest.errors import NotASource

URL = "https://notes.example/feed.json"


def test_a_json_feed_gives_every_field_of_its_items(look, saved):
    found = look(saved("feed.json"), url=URL)
    first = found.links[0]
    assert (first.url, first.guid, first.title) == ("https://notes.example/2024/rice", "71", "Rice & corn")
    assert first.published_at == datetime.fromisoformat("2024-05-02T10:00:00+09:00")
    assert first.modified_at == datetime.fromisoformat("2024-05-02T11:00:00+09:00")
    assert (first.summary, first.content) == ("What a kilo costs.", None)
    assert (first.authors, first.tags, first.language) == (("Han Ji-won",), ("economy",), "en")
    assert first.image_url == "https://notes.example/rice.jpg"
    assert found.title == "Border Notes"


def test_an_id_that_is_an_address_stands_in_for_a_missing_url(look, saved):
    second = look(saved("feed.json"), url=URL).links[1]
    assert (second.url, second.summary, second.authors) == (
        "https://notes.example/2024/corn",
        "Only a line.",
        ("Old Style",),
    )


def test_long_text_is_the_articles_text(look):
    text = "A paragraph about the price of rice & corn in the north. " * 15
    body = f'{{"version": "https://jsonfeed.org/version/1", "items": [{{"url": "https://e.org/1", "content_text": "{text}"}}]}}'
    assert look(body).links[0].content.startswith("<p>A paragraph about the price of rice &amp; corn")


def test_values_of_the_wrong_type_are_missing_values(look, saved):
    assert look(saved("feed.json"), url=URL).warnings == ("3 entries have no web address",)
    (link,) = look(
        '{"items": [{"url": "https://e.org/1", "title": {}, "tags": 7, "authors": {"a": 1}, "id": true}]}'
    ).links
    assert (link.title, link.tags, link.authors, link.guid) == (None, (), (), None)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('{"a": 1}', "no list of items"),
        ("[1, 2]", "no list of items"),
        ('{"items": [', "broken JSON"),
        ("[" * 100_000, "nested too deep"),
        (f'{{"items": {"[" * 100_000}{"]" * 100_000}}}', "nested too deep"),
        (f'{{"items": {"9" * 5_000}}}', "broken JSON"),
    ],
    ids=["object", "list", "cut", "deep", "deep within", "endless number"],
)
def test_other_json_is_named(look, body, says):
    with pytest.raises(NotASource, match=says):
        look(body)
