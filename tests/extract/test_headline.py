"""The headline is the article's own, as its page shows it."""

import pytest

from ingest.model import Link, Rules
from tests.extract.pages import TEXT, found


def site(body: str, head: str = "", *, url: str = "https://courier.example/a", **options: object) -> str:
    html = f"<html><head>{head}</head><body>{body}<div class=story>{TEXT}</div></body></html>"
    return found(html, url=url, **options).article.headline


def test_the_h1_is_the_headline_even_if_search_engines_are_told_another():
    head = (
        '<meta property="og:title" content="Five things to know about the harbour"><title>Five things | Courier</title>'
    )
    assert site("<h1>The harbour of the north reopens after the storm</h1>", head) == (
        "The harbour of the north reopens after the storm"
    )


def test_the_name_of_the_site_is_no_headline_though_it_is_the_first_h1():
    body = '<h1><a href="/">Harbour Notes</a></h1><h1>A quiet year</h1>'
    assert site(body, "<title>A quiet year - Harbour Notes</title>") == "A quiet year"


def test_a_name_that_the_page_gives_itself_is_no_headline():
    body = "<h1>The Daily Courier of the North and its Islands</h1><h2>Ferry runs again</h2>"
    head = '<meta property="og:site_name" content="The Daily Courier of the North and its Islands">'
    assert site(body, head + "<title>Ferry runs again</title>") == "Ferry runs again"


@pytest.mark.parametrize("heads_of_boxes", ["<h1>Log in</h1>", "<h1>Most read</h1><h1>Archive</h1>"])
def test_heads_of_boxes_are_no_headline_though_they_are_h1_and_come_first(heads_of_boxes: str):
    head = '<meta property="og:title" content="Ferry runs again">'
    assert site(f"{heads_of_boxes}<h1>Ferry runs again</h1>", head) == "Ferry runs again"


def test_a_kicker_inside_the_heading_is_kept_out():
    head = '<meta property="og:title" content="Ferry runs again after a hard winter">'
    body = "<h1><span>Shipping</span> <span>Ferry runs again after a hard winter</span></h1>"
    assert site(body, head) == "Ferry runs again after a hard winter"


def test_a_kicker_that_belongs_to_the_headline_gets_its_colon_back():
    ld = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Winter shipping: Ferry runs again"}</script>'
    assert site("<h1><span>Winter shipping</span><br>Ferry runs again</h1>", ld) == "Winter shipping: Ferry runs again"


def test_a_heading_that_ends_with_a_colon_goes_on_in_the_line_below():
    head = '<meta property="og:title" content="The winter file: Ferry runs again">'
    assert site("<h1>Winter file:</h1><h3>Ferry runs again</h3>", head) == "The winter file: Ferry runs again"
    assert site("<h1>Winter file:</h1><h3>Another matter</h3>", head) != "The winter file: Another matter"


def test_an_h1_in_the_breadcrumbs_gives_way_to_the_heading_below():
    ld = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Who pays for the ferry now?"}</script>'
    body = "<nav><ol><li><h1>Ferry costs explained</h1></ol></nav><h2>Who pays for the ferry now?</h2><h2>The bill</h2>"
    assert site(body, ld) == "Who pays for the ferry now?"


def test_without_a_heading_the_page_title_is_read_less_the_names_of_site_and_section():
    head = '<meta property="og:site_name" content="The Courier"><title>Ferry runs again | World | The Courier</title>'
    assert site("", head) == "Ferry runs again"


def test_a_dash_within_the_headline_is_not_taken_for_the_name_of_the_site():
    head = "<title>Harbour reopens - slowly</title>"
    assert site("<h1>Harbour reopens - slowly</h1>", head) == "Harbour reopens - slowly"


def test_a_heading_without_a_heading_tag_is_found_by_its_name_and_the_title():
    head = "<title>武漢の港がふたたび開く - 新聞</title>"
    assert site('<div class="h-title">武漢の港がふたたび開く</div>', head) == "武漢の港がふたたび開く"


def test_the_feed_is_a_witness():
    body = "<h1>Section of the day</h1><h2>Ferry runs again</h2>"
    assert site(body, link=Link(url="https://courier.example/a", title="Ferry runs again")) == "Ferry runs again"


def test_a_sites_own_selector_comes_first():
    body = '<h1>Other</h1><p class="hed">Ferry <b>runs</b> again</p>'
    assert site(body, rules=Rules(headline=".hed")) == "Ferry runs again"


def test_losers_are_kept_with_their_origins():
    html = f"<head><title>Ferry: a chronicle</title></head><h1>Ferry runs again</h1>{TEXT}"
    candidates = found(html).candidates["headline"]
    assert [candidate.origin for candidate in candidates] == ["h1", "title"]


@pytest.mark.parametrize("href", ["http://[::1", "//℀/", "https://courier.example:port/", "#", ""])
def test_broken_links_in_headings_do_no_harm(href: str):
    assert site(f'<h1><a href="{href}">Ferry runs again</a></h1>', url="http://[broken/") == "Ferry runs again"
