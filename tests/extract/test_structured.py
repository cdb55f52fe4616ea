"""What pages say for machines is read as they write it: broken, scattered, and about other articles too."""

from __future__ import annotations

import json

import pytest

from ingest.extract.structured import Structured, read_structured, texts
from ingest.html import parse

URL = "https://news.example.org/2024/05/03/rice"
ARTICLE = {
    "@type": "NewsArticle",
    "headline": "Rice prices rise",
    "datePublished": "2024-05-03T10:15:00+09:00",
    "author": {"name": "Kim Min-ji"},
}


def read(*scripts: object, head: str = "<title>Rice prices rise - The Example</title>") -> Structured:
    markup = "".join(
        f'<script type="application/ld+json">{script if isinstance(script, str) else json.dumps(script)}</script>'
        for script in scripts
    )
    return read_structured(parse(f"<html><head>{head}{markup}</head><body><p>Text</p></body></html>".encode()))


@pytest.mark.parametrize(
    "written",
    [
        json.dumps(ARTICLE),
        json.dumps([ARTICLE]),
        json.dumps({"@context": "https://schema.org", "@graph": [{"@type": "WebSite"}, ARTICLE]}),
        f"<!-- {json.dumps(ARTICLE)} -->",
        f"//<![CDATA[\n{json.dumps(ARTICLE)}\n//]]>",
        f"/*<![CDATA[*/{json.dumps(ARTICLE)}/*]]>*/",
        json.dumps(ARTICLE) + ";",
        json.dumps(ARTICLE).replace("}", ",}"),
        json.dumps(ARTICLE).replace("Rice prices rise", "Rice prices\n\trise"),
        json.dumps(ARTICLE).replace('"', "&quot;"),
        '{"@type":"Organization","name":"The Example"}' + json.dumps(ARTICLE),
    ],
    ids=[
        "plain",
        "list",
        "graph",
        "comment",
        "cdata",
        "cdata in comments",
        "semicolon",
        "trailing commas",
        "line breaks",
        "escaped",
        "in a row",
    ],
)
def test_json_ld_is_read_in_every_wrapping(written):
    (article,) = read(written).articles
    assert " ".join(article["headline"].split()) == "Rice prices rise"
    assert article["datePublished"] == "2024-05-03T10:15:00+09:00"


@pytest.mark.parametrize(
    "written",
    [
        '{"@type": "NewsArticle", "headline": "He said "no" again", "datePublished": "2024-05-03", "author": {"@type": "Person", "name": "Kim Min-ji"}}',
        '{"@type": "NewsArticle", "@author": Kim, "datePublished": "2024-05-03", "author": [{"name": "Kim Min-ji"}]',
        '{"@type": "Organization", "x": y}, {"@type": "NewsArticle", "datePublished": "2024-05-03", "author": {"name": "Kim Min-ji"}',
    ],
    ids=["quotes", "bare words", "cut off"],
)
def test_of_json_that_no_parser_takes_the_whole_values_are_saved(written):
    (article,) = read(written).articles
    assert article["datePublished"] == "2024-05-03"
    assert texts(article["author"]) == ["Kim Min-ji"]


@pytest.mark.parametrize(
    "written", ["", "null", "3", '"NewsArticle"', "[[[[", '{"@type": 3}', "{" * 5000, "[" * 100_000, '{"@graph": "x"}']
)
def test_nonsense_gives_nothing_and_raises_nothing(written):
    assert read(written).articles == []


def test_references_are_followed():
    graph = [
        ARTICLE | {"author": {"@id": "https://news.example.org/#person/1"}},
        {"@type": "Person", "@id": "https://news.example.org/#person/1"},
        {"@type": "Person", "@id": "https://news.example.org/#person/1", "name": "Kim Min-ji"},
    ]
    structured = read({"@graph": graph})
    assert texts(structured.resolve(structured.articles[0]["author"])) == ["Kim Min-ji"]
    assert structured.resolve({"@id": "unknown"}) == {"@id": "unknown"}


def test_of_several_articles_the_one_with_the_pages_address_or_headline_is_about_it():
    other = {
        "@type": "NewsArticle",
        "headline": "Another story of the day",
        "url": "https://news.example.org/2024/05/02/other",
    }
    by_url = {"@type": "NewsArticle", "headline": "What the price tells", "mainEntityOfPage": {"@id": URL + "/"}}
    assert read(other, by_url).about(URL) == [by_url]
    by_headline = ARTICLE | {"url": "https://amp.example.org/x1"}
    assert read(other, by_headline).about(URL) == [by_headline]


def test_two_objects_about_the_same_article_are_both_kept_the_better_first():
    short = {"@type": "Article", "headline": "Rice prices rise"}
    assert read(short, ARTICLE | {"url": URL}).about(URL) == [ARTICLE | {"url": URL}, short]


def test_readers_reviews_are_no_articles():
    assert read({"@type": "Recipe", "review": [{"@type": "Review", "author": "anna"}]}).articles == []
    assert read({"@type": "Review", "headline": "A film to remember"}).articles != []


def test_metas_are_found_by_name_property_itemprop_and_http_equiv():
    head = (
        '<meta name="Author" content="A"><meta property="og:title" content=" T "><meta itemprop="datePublished" content="D">'
        '<meta http-equiv="content-language" content="ko"><meta name="empty" content=""><meta content="nameless">'
    )
    assert read(head=head).meta == {
        "author": ["A"],
        "og:title": ["T"],
        "datepublished": ["D"],
        "content-language": ["ko"],
    }


def test_metas_are_found_however_their_names_are_punctuated():
    structured = read(head='<meta name="article_published-Time" content="2024"><meta name="DC:date" content="2023">')
    assert structured.folded["articlepublishedtime"] == ["2024"]
    assert structured.folded["dcdate"] == ["2023"]


def test_double_escapes_are_undone_once():
    assert read(head='<meta name="author" content="Kim &amp;amp; Co">').meta["author"] == ["Kim & Co"]
    assert texts("Here&amp;#x27;s why") == ["Here's why"]


def test_marked_elements_come_once_and_in_order():
    html = b'<h1>H</h1><span class="author fn" itemprop="author">A</span><time>T</time><a rel="tag">G</a><p>no</p>'
    assert [node.text() for node in read_structured(parse(html)).marked] == ["H", "A", "T", "G"]
