"""The feeds of a site, found on its pages."""

from datetime import UTC, datetime

from ingest.discover import find_feeds
from ingest.model import Page


def page(body: str) -> Page:
    url = "https://ledger.example/start/"
    return Page(
        url=url, final_url=url, status=200, headers={}, body=body.encode(), fetched_at=datetime(2024, 5, 3, tzinfo=UTC)
    )


def test_declared_feeds_come_before_linked_ones_and_feeds_of_comments_last():
    feeds = find_feeds(
        page(
            "<html><head><link rel='alternate' type='application/rss+xml' title='Comments' href='/comments/feed/'>"
            "<link rel=alternate type='application/json' href='/wp-json/wp/v2/posts'>"
            "<link rel='alternate' type='application/feed+json' href='/feed.json'>"
            "<link rel='feed' href='main.xml'><link rel=alternate hreflang=ko href='/ko/'></head>"
            "<body><a href='/rss/politics.xml'>RSS</a><a href='/rss/'>again</a><a href='https://other.example/feed'>x</a></body></html>"
        )
    )
    assert [(feed.url, feed.declared) for feed in feeds] == [
        ("https://ledger.example/feed.json", True),
        ("https://ledger.example/start/main.xml", True),
        ("https://ledger.example/rss/politics.xml", False),
        ("https://ledger.example/rss/", False),
        ("https://ledger.example/comments/feed/", True),
    ]
    assert feeds[-1].title == "Comments"


def test_what_is_no_page_names_no_feeds():
    assert find_feeds(page("<rss><channel/></rss>")) == ()
