"""What a source serves decides how it is read; what it should have been is said."""

import pytest

from ingest.errors import NotASource

FEED = '<rss version="2.0"><channel><item><title>n</title><link>https://ledger.example/1</link></item></channel></rss>'
SITEMAP = "<urlset><url><loc>https://ledger.example/1</loc></url></urlset>"
HTML = "<!doctype html><html><head><title>News</title></head><body><a href='/2024/05/02/a-story-of-the-day'>A story</a></body></html>"


@pytest.mark.parametrize(
    "content_type", ["text/html", "application/rss+xml", "application/octet-stream", "", "text/plain; charset=utf-8"]
)
def test_a_feed_is_a_feed_whatever_the_server_calls_it(look, content_type):
    assert len(look(FEED, content_type=content_type).links) == 1


@pytest.mark.parametrize(
    ("kind", "body", "says"),
    [
        ("feed", HTML, "an HTML page, not a feed; use page: https://ledger.example/feed/"),
        ("feed", SITEMAP, "a sitemap, not a feed; use sitemap: https://ledger.example/feed/"),
        ("sitemap", FEED, "a feed, not a sitemap; use feed: https://ledger.example/feed/"),
        ("page", FEED, "a feed, not a HTML page; use feed: https://ledger.example/feed/"),
        ("sitemap", HTML, "an HTML page, not a sitemap"),
        ("feed", "", "an empty answer, not a feed"),
        ("feed", "  \n", "an empty answer"),
        ("feed", "%PDF-1.4", "a PDF"),
        ("feed", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "binary data"),
        ("feed", "<?xml version='1.0'?><kml/>", "another kind of XML"),
        ("feed", "Not found", "plain text"),
        ("feed", b"\x1f\x8b rubbish", "a broken gzip file"),
        ("feed", "<html><head><title>Just a moment...</title></head></html>", "a challenge page"),
        ("page", "<html><head><title>Just a moment...</title></head></html>", "a challenge page"),
        ("page", "<html><form><input name=p type='password'></form></html>", "a login page"),
    ],
)  # fmt: skip
def test_what_is_something_else_is_named_with_what_to_write(look, kind, body, says):
    with pytest.raises(NotASource) as refused:
        look(body, kind=kind)
    assert says in str(refused.value)


def test_the_feeds_that_a_page_declares_are_named_comments_last(look, saved):
    with pytest.raises(NotASource) as refused:
        look(saved("listing-cards.html"), url="https://ledger.example/politics/")
    declared = [line.partition("feed: ")[2] for line in str(refused.value).splitlines()[1:]]
    assert declared == ["https://ledger.example/feed/", "https://ledger.example/comments/feed/"]


def test_a_listing_page_may_have_a_login_box(look):
    box = "<form><input name=p type='password'></form><h2>"
    assert len(look(HTML.replace("<body>", f"<body>{box}"), kind="page", links="h2 a").links) == 1
