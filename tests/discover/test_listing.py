"""Listing pages: article links are recognised, or named by a selector."""

from datetime import datetime

import pytest

from ingest.errors import NotASource


def test_articles_are_told_from_sections_authors_tags_and_what_stands_around(look, saved):
    found = look(saved("listing-cards.html"), kind="page", url="https://ledger.example/politics/")
    assert [(link.title, link.url.partition("2024/")[2]) for link in found.links] == [
        ("Ministers meet in the capital", "05/02/ministers-meet-in-the-capital/"),
        ("A vote without voters in the north", "05/01/a-vote-without-voters-in-the-north/"),
        ("Border guards get new orders", "04/30/border-guards-get-new-orders/"),
    ]
    assert found.title == "Politics | Border Ledger"
    assert {link.language for link in found.links} == {"en"}


def test_the_time_beside_a_teaser_is_its_date(look, saved):
    found = look(saved("listing-cards.html"), kind="page", url="https://ledger.example/politics/")
    assert [link.published_at for link in found.links] == [
        datetime.fromisoformat("2024-05-02T09:00:00+09:00"),
        datetime.fromisoformat("2024-05-01T12:00:00+09:00"),
        None,
    ]


def test_a_table_of_numbered_articles_is_recognised(look, saved):
    found = look(saved("listing-ndsoft.html"), kind="page", url="https://maeil.example/news/articleList.html")
    assert [link.url.partition("=")[2] for link in found.links] == ["20345", "20344", "20343"]


def test_cards_without_any_meaning_in_their_markup_are_recognised(look, saved):
    found = look(saved("listing-app.html"), kind="page", url="https://bote.example/")
    assert [link.title for link in found.links] == [
        "Reispreise steigen im Norden wieder",
        "Minister treffen sich in der Hauptstadt",
        "Eine Wahl ohne Wähler",
    ]
    assert found.links[0].url.startswith("https://bote.example/wirtschaft/reispreise")  # by <base>


@pytest.mark.parametrize("selector", ["h2 a", "main article", "h2"])
def test_a_selector_may_name_links_blocks_or_what_is_around_a_link(look, saved, selector):
    found = look(saved("listing-cards.html"), kind="page", url="https://ledger.example/politics/", links=selector)
    assert len(found.links) == 3


def test_a_selector_overrules_what_looks_like_an_article(look, saved):
    found = look(saved("listing-cards.html"), kind="page", url="https://ledger.example/politics/", links=".tags a")
    assert [link.title for link in found.links] == ["Rice", "Corn and other grains of the north"]


def test_a_selector_that_matches_nothing_is_a_warning(look, saved):
    found = look(saved("listing-cards.html"), kind="page", links=".river a")
    assert found.links == ()
    assert ".river a" in found.warnings[0]


def test_a_selector_that_is_none_is_refused(look, saved):
    with pytest.raises(NotASource, match="no CSS selector"):
        look(saved("listing-cards.html"), kind="page", links="a[")


def test_a_page_without_articles_says_what_to_do(look):
    found = look("<html><body><a href='/a'>A</a><a href='/b'>B</a></body></html>", kind="page")
    assert found.links == ()
    assert "`links:`" in found.warnings[0]


def test_links_that_are_no_pages_of_the_site_are_left_out(look):
    anchors = "".join(
        f"<h2><a href='{href}'>A headline with words enough {i}</a></h2>"
        for i, href in enumerate(
            [
                "https://other.example/2024/05/02/a-story-of-another-site",
                "javascript:void(0)",
                "#top",
                "mailto:a@b.c",
                "/2024/05/02/scan-of-the-report.pdf",
            ]
        )
    )
    assert look(f"<html><body>{anchors}</body></html>", kind="page").links == ()
