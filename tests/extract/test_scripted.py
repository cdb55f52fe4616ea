"""Articles that a page holds for its scripts only are found without running any."""

import json
from html import escape

import pytest

from ingest.errors import NotAnArticle
from ingest.extract.scripted import scripted
from ingest.html import parse
from tests.extract.pages import TEXT, found

SENTENCES = [
    "Fishermen on the northern coast went back to sea on Tuesday after nine days of storm and high waves.",
    "Their boats had stayed in the harbour since the first warning, which came earlier than in other years.",
    "The cooperative said that it had lost about a tenth of what it takes in an ordinary month.",
    "Prices on the market doubled within a week, and some of the stalls did not open at all.",
]
MARKUP = "".join(f'<p class="text">{sentence}</p>' for sentence in SENTENCES)
TITLE = "<title>Fishermen return to sea</title>"


def body(script: str, shown: str = "") -> str:
    html = f'<html><head>{TITLE}</head><body><div id="root">{shown}</div>{script}</body></html>'
    return found(html).article.body


def quoted(times: int) -> str:
    text = json.dumps({"props": {"article": {"body": MARKUP, "id": 3}}})
    for _ in range(times):
        text = json.dumps({"data": text})
    return text


@pytest.mark.parametrize(
    "script",
    [
        f'<script id="__NEXT_DATA__" type="application/json">{quoted(0)}</script>',
        f"<script>window.__STATE__ = {quoted(0)};</script>",
        f"<script>window.__STATE__ = {quoted(2)};</script>",
        f"<script>var a = function () {{ return 1 }}; b({quoted(1)})</script>",
        f"<script>self.__next_f.push([1,{json.dumps(quoted(0))}])</script>",
        f"<script>state = {json.dumps({'html': escape(MARKUP)})}</script>",
        f"<script type='text/template'>{MARKUP}</script>",
        f"<noscript>{MARKUP}</noscript>",
        f'<x-story><template shadowrootmode="open">{MARKUP}</template></x-story>',
    ],
    ids=[
        "next data",
        "state",
        "quoted twice",
        "call",
        "next flight",
        "entities",
        "template script",
        "noscript",
        "template",
    ],
)
def test_markup_in_scripts_is_the_body(script: str):
    assert body(script) == "\n\n".join(SENTENCES)


def test_a_list_of_paragraph_objects_is_the_body():
    nodes = [{"type": "p", "children": [{"type": "text", "data": sentence}]} for sentence in SENTENCES]
    assert body(f"<script>window.__APOLLO__={json.dumps({'a': {'json': nodes}})}</script>") == "\n\n".join(SENTENCES)


def test_json_ld_article_body_is_the_last_resort():
    ld = json.dumps({"@type": "NewsArticle", "headline": "Fishermen", "articleBody": "\n\n".join(SENTENCES)})
    assert body(f'<script type="application/ld+json">{ld}</script>') == "\n\n".join(SENTENCES)


def test_of_several_held_texts_the_one_about_this_page_is_taken():
    other = "".join(f"<p>Another story of the day that has nothing to do with it, number {n}.</p>" for n in range(20))
    state = json.dumps({"related": {"html": other}, "article": {"html": MARKUP}})
    assert body(f"<script>x = {state}</script>").startswith(SENTENCES[0])


def test_what_the_page_shows_is_not_replaced_by_another_article_in_its_state():
    other = "".join(f"<p>Another story of the day that has nothing to do with it, number {n}.</p>" for n in range(40))
    shown = f"<article><h1>Fishermen return to sea</h1><p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p></article>"
    assert body(f"<script>x = {json.dumps({'html': other})}</script>", shown) == "\n\n".join(SENTENCES[:2])


def test_the_rest_of_an_article_whose_beginning_is_shown_is_taken_from_the_state():
    long = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES * 2)
    shown = f"<article><h1>Fishermen return to sea</h1><p>{SENTENCES[0]}</p></article>"
    assert SENTENCES[3] in body(f"<script>x = {json.dumps({'html': long})}</script>", shown)


def test_pages_that_show_their_article_are_not_searched():
    state = f"<script>x = {json.dumps({'html': MARKUP * 9})}</script>"
    text = TEXT * 2
    assert SENTENCES[0] not in found(f"<html><body><h1>Rice</h1>{text}{state}</body></html>").article.body


@pytest.mark.parametrize(
    "script",
    [
        "x = {",
        '{"a": ' * 3000,
        "x = " + json.dumps("\\u12" * 300),
        '"' + "\\" * 999,
        "[" * 9000 + "]" * 9000,
        "x = [1, NaN]",
    ],
)
def test_scripts_that_are_no_data_hold_nothing(script: str):
    assert scripted(parse(f"<script>{script}</script>".encode()), "", "") == []
    with pytest.raises(NotAnArticle):
        body(f"<script>{script}</script>")
