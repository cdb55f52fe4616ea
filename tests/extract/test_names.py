"""Boxes are judged by what pages call them, in many ways of writing names."""

import pytest

from ingest.extract.names import Standing, is_lead, is_picture, is_teaser, standing


@pytest.mark.parametrize(
    ("tag", "hint", "expected"),
    [
        ("div", "c-related-articles", Standing.FOREIGN),
        ("div", "relatedarticles", Standing.FOREIGN),
        ("div", "crp_related", Standing.FOREIGN),
        ("nav", "", Standing.FOREIGN),
        ("figcaption", "", Standing.FOREIGN),
        ("div", "comments-area", Standing.CONVERSATION),
        ("div", "onetrust-banner-sdk", Standing.NEVER),
        ("aside", "", Standing.ASIDE),
        ("div", "sidebar-right", Standing.ASIDE),
        ("div", "article_body", Standing.CONTENT),
        ("div", "newsarticlebody articlebody", Standing.CONTENT),
        ("span", "publication-date", Standing.LABEL),
        ("div", "sc-1x2y3", Standing.UNKNOWN),
        ("div", "", Standing.UNKNOWN),
    ],
)
def test_what_a_box_is_by_its_name(tag: str, hint: str, expected: Standing):
    assert standing(tag, hint) is expected


@pytest.mark.parametrize(
    "hint",
    [
        "tag-comments category-newsletter",
        "has-sidebar",
        "md:hidden lg:sidebar",
        "section--with-related-articles",
        "ad6ed79d-88fd-4c8e-a27a-ff8349c9446f",
        "why-the-comments-on-our-new-sidebar-were-closed",
        "header shadow navy",
        "lead",
    ],
)
def test_names_that_say_nothing_of_the_box(hint: str):
    assert standing("div", hint) is Standing.UNKNOWN


def test_a_foreign_word_in_the_name_of_the_text_is_only_a_doubt():
    assert standing("div", "article-body-comments") is Standing.ASIDE


def test_leads_teasers_and_pictures_have_names_of_their_own():
    assert is_lead("article__standfirst")
    assert is_lead("field-bajada")
    assert not is_lead("misleading")
    assert is_teaser("td_module_10")
    assert not is_teaser("story")
    assert is_picture("articleimage")
    assert not is_picture("textblock")
