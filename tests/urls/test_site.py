"""Which hosts belong to one publisher."""

import pytest

from ingest.urls import same_site, site_of


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://amp.news.example.com/a", "example.com"),
        ("https://example.com/", "example.com"),
        ("https://www.example.co.uk/", "example.co.uk"),
        ("https://news.example.or.kr/", "example.or.kr"),
        ("https://m.net.hr/", "net.hr"),
        ("https://one.blogspot.com/", "one.blogspot.com"),
        ("https://one.blogspot.co.uk/", "one.blogspot.co.uk"),
        ("https://one.substack.com/p/x", "one.substack.com"),
        ("http://127.0.0.1:8081/", "127.0.0.1:8081"),
        ("http://localhost/", "localhost"),
        ("junk", ""),
    ],
)
def test_a_site_is_what_one_publisher_registered(url, site):
    assert site_of(url) == site


def test_hosts_of_one_registered_name_are_one_site_and_strangers_are_not():
    assert same_site("https://detroit.example.com/a", "https://www.example.com/b")
    assert not same_site("https://a.co.uk/", "https://b.co.uk/")
    assert not same_site("http://127.0.0.1:1/", "http://127.0.0.1:2/")
    assert not same_site("junk", "junk")
