"""The smaller fields are taken from the page's own words about the article, not about the site."""

from __future__ import annotations

import pytest

from ingest.model import Link
from tests.extract.pages import found, page

STORY = {"@type": "NewsArticle", "headline": "Rice prices rise"}
LEAD = "The price of rice has risen by a third since the market was closed."


def field(name: str, html: str, **options):
    article = found(html, **options).article
    return getattr(article, name), article.origins.get(name)


# -- summary ------------------------------------------------------------------------------------------------------


def test_the_summary_is_the_articles_in_the_place_that_says_it_best():
    og = f'<meta property="og:description" content="{LEAD}">'
    assert field("summary", page(head=og)) == (LEAD, "og:description")
    assert (
        field("summary", page(head=og, ld=STORY | {"description": "Traders say that it will rise further."}))[0]
        == "Traders say that it will rise further."
    )
    assert field("summary", page(), link=Link(url="https://news.example.org/rice", summary=LEAD)) == (LEAD, "feed")


def test_a_summary_that_is_cut_off_yields_to_the_whole_one():
    head = f'<meta property="og:description" content="The price of rice has risen by a …"><meta name="description" content="{LEAD}">'
    assert field("summary", page(head=head)) == (LEAD, "meta description")


def test_what_the_site_says_of_itself_is_no_summary():
    slogan = "All the news of the north, every day, since 1999."
    html = page(
        head=f'<meta name="description" content="{slogan}">', ld=[STORY, {"@type": "WebSite", "description": slogan}]
    )
    assert field("summary", html) == (None, None)
    assert field("summary", page(head='<meta name="description" content="Rice prices rise">')) == (None, None)


def test_markup_and_double_escapes_are_taken_out_of_a_summary():
    html = page(ld=STORY | {"description": "<p>Here&amp;#x27;s what we know of the <b>prices</b></p>"})
    assert field("summary", html)[0] == "Here's what we know of the prices"


# -- site ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "site"),
    [
        (
            page(
                head='<meta property="og:site_name" content="The Example">',
                ld=STORY | {"publisher": {"name": "Example Media Ltd"}},
            ),
            "The Example",
        ),
        (page(ld=STORY | {"publisher": {"name": "The Example"}}), "The Example"),
        (
            page(
                ld={
                    "@graph": [
                        STORY | {"publisher": {"@id": "#o"}},
                        {"@type": "Organization", "@id": "#o", "name": "The Example"},
                    ]
                }
            ),
            "The Example",
        ),
        (page(ld={"@type": "WebSite", "name": "The Example"}), "The Example"),
        (page(head='<meta name="application-name" content="The Example">'), "The Example"),
        (page().replace("The Example</title>", "Example</title>"), "Example"),
        (page().replace(" - The Example</title>", "</title>"), "example.org"),
    ],
)
def test_the_site_is_called_as_it_calls_itself(html, site):
    assert field("site", html)[0] == site


# -- section ------------------------------------------------------------------------------------------------------

CRUMBS = {"@type": "BreadcrumbList", "itemListElement": [
    {"@type": "ListItem", "position": 2, "name": "Asia"}, {"@type": "ListItem", "position": "1", "item": {"name": "Home"}},
    {"@type": "ListItem", "position": 3, "name": "Rice prices rise"}]}  # fmt: skip


@pytest.mark.parametrize(
    ("html", "section"),
    [
        (page(ld=STORY | {"articleSection": ["Asia", "World"]}), "Asia"),
        (page(head='<meta property="article:section" content="Asia">'), "Asia"),
        (page(head='<meta property="article:section" content="Uncategorized">'), None),
        (page(ld=[STORY, CRUMBS]), "Asia"),
        (
            page(
                top='<ol class="breadcrumb"><li><a href="/">Home</a></li><li><a href="/asia">Asia</a></li><li>Rice prices rise</li></ol>'
            ),
            "Asia",
        ),
        (page(top='<div class="breadcrumbs">Home › Asia › Rice prices rise</div>'), "Asia"),
        (page(), None),
    ],
)
def test_the_section_is_the_department_not_the_home_page_nor_the_article(html, section):
    assert field("section", html)[0] == section


# -- tags ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "tags"),
    [
        (
            page(head='<meta property="article:tag" content="Rice"><meta property="article:tag" content="Markets">'),
            ("Rice", "Markets"),
        ),
        (page(head='<meta name="keywords" content="Rice, markets, RICE, ">'), ("Rice", "markets")),
        (page(head='<meta name="news_keywords" content="쌀, 시장">'), ("쌀", "시장")),
        (page(ld=STORY | {"keywords": ["Rice, boiled", "Markets"]}), ("Rice, boiled", "Markets")),
        (page(ld=STORY | {"keywords": "Rice; Markets"}), ("Rice", "Markets")),
        (
            page(below='<p><a rel="tag" href="/t/rice">#Rice</a> <a rel="tag" href="/t/m">Markets</a></p>'),
            ("Rice", "Markets"),
        ),
        (page(ld=STORY | {"keywords": ["type:article", "98be933f-38cf-4fba-b6c6-ad438e82010a", "null", "12345"]}), ()),
    ],
)
def test_tags_are_what_readers_would_call_them(html, tags):
    assert field("tags", html)[0] == tags


# -- paywalled ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "paywalled"),
    [
        (True, False),
        (False, True),
        ("True", False),
        ("False", True),
        ("false", True),
        ("http://schema.org/False", True),
        ("maybe", None),
        (None, None),
    ],
)
def test_free_access_is_said_in_many_spellings(value, paywalled):
    assert field("paywalled", page(ld=STORY | {"isAccessibleForFree": value}))[0] is paywalled


def test_a_locked_part_locks_the_article():
    assert (
        field("paywalled", page(ld=STORY | {"hasPart": {"@type": "WebPageElement", "isAccessibleForFree": "False"}}))[0]
        is True
    )
    assert field("paywalled", page(ld=STORY | {"hasPart": [{"isAccessibleForFree": True}]}))[0] is None


@pytest.mark.parametrize(("tier", "paywalled"), [("locked", True), ("metered", True), ("free", False), ("gold", None)])
def test_the_content_tier_tells(tier, paywalled):
    assert field("paywalled", page(head=f'<meta property="article:content_tier" content="{tier}">'))[0] is paywalled


# -- canonical URL ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "canonical"),
    [
        ('<link rel="canonical" href="/rice-prices">', "https://news.example.org/rice-prices"),
        ('<link rel="canonical" href="https://news.example.org/"><meta property="og:url" content="https://news.example.org/rice-prices">',
         "https://news.example.org/rice-prices"),
        ('<link rel="canonical" href="https://news.example.org/">', None),
        ('<link rel="canonical" href="https://news.example.org/en/index.html">', None),
        ('<link rel="canonical" href="javascript:void(0)">', None),
        ('<link rel="canonical" href="http://[">', None),
        ('<link rel="canonical" href="https://agency.example.com/original">', "https://agency.example.com/original"),
        ('<link rel="canonical" href="https://agency.example.com/original"><meta property="og:url" content="https://news.example.org/rice">',
         "https://agency.example.com/original"),
    ],
)  # fmt: skip
def test_the_canonical_url_is_absolute_and_an_articles(head, canonical):
    assert field("canonical_url", page(head=head))[0] == canonical
