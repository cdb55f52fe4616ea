"""Addresses are read as browsers read them; the tables follow https://github.com/web-platform-tests/wpt (urltestdata.json)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import FetchError
from ingest.urls import host_key, resolve

BASE = "https://example.org/news/today/index.html?page=2#top"


@pytest.mark.parametrize(
    ("href", "wanted"),
    [
        ("story", "https://example.org/news/today/story"),
        ("./a/../b", "https://example.org/news/today/b"),
        ("../..", "https://example.org/"),
        ("../../../../x", "https://example.org/x"),
        ("%2e%2E/x", "https://example.org/news/x"),
        ("/a//b", "https://example.org/a//b"),
        ("?page=3", "https://example.org/news/today/index.html?page=3"),
        ("#c", "https://example.org/news/today/index.html?page=2"),
        ("", "https://example.org/news/today/index.html?page=2"),
        ("//cdn.example.net", "https://cdn.example.net/"),
        ("http://other.example/a#b", "http://other.example/a"),
        ("https:story", "https://example.org/news/today/story"),
        ("HTTPS://Example.NET:443/a", "https://example.net/a"),
        ("http://example.net:443/a", "http://example.net:443/a"),
        ("http:\\\\example.net\\a\\b?x\\y", "http://example.net/a/b?x\\y"),
        ("https://e.com\\@evil.org/", "https://e.com/@evil.org/"),
        ("https://user:secret@example.net/", "https://example.net/"),
        ("  /a\n/b\t ", "https://example.org/a/b"),
        ("/a b/é?q=ü ö#x", "https://example.org/a%20b/%C3%A9?q=%C3%BC%20%C3%B6"),
        ("/%zz%", "https://example.org/%zz%"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://☃.example/", "https://xn--n3h.example/"),
        ("https://ex%41mple.net/", "https://example.net/"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("http://[::0:1]:8080/", "http://[::1]:8080/"),
        ("https://a_b.example/", "https://a_b.example/"),
        (f"/{'a' * 12_000}", f"https://example.org/{'a' * 12_000}"),
    ],
)
def test_a_link_is_resolved_as_a_browser_does(href, wanted):
    assert resolve(BASE, href) == wanted


@pytest.mark.parametrize(
    "href",
    [
        *"javascript:void(0) JaVaScRiPt:x java\nscript:x mailto:a@b.c tel:+123 data:text/html,x ftp://a.b/ about:blank".split(
            " "
        ),
        *"https:// http:///// https://[::1 https://[fe80::1%eth0]/ https://a.b:99999/ https://a.b:x/ https://xn--a/".split(),
        *"https://a..b/ https://256.0.0.1/ https://1.2.3.4.5/ https://09.1/ https://a%00b/ https://a|b/".split(),
        f"https://{'a' * 64}.com/",
        f"https://{'a.' * 130}com/",
        "https://a b/",
        f"https://example.org/{'a' * 70_000}",
    ],
    ids=lambda href: href[:30],
)
def test_what_is_no_web_page_resolves_to_nothing(href):
    assert resolve(BASE, href) is None


def test_a_base_that_is_no_address_still_lets_absolute_links_through():
    assert resolve("junk", "https://example.org/a") == "https://example.org/a"
    assert resolve("junk", "/a") is None


@given(st.text(), st.text())
def test_resolving_never_raises_and_its_result_resolves_to_itself(base, href):
    for url in (resolve(base, href), resolve(BASE, href), resolve(BASE, f"//{href}")):
        if url is not None:
            assert resolve(BASE, url) == url
            assert url.isascii()
            assert host_key(url)


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://WWW.Example.org/a", "www.example.org"),
        ("https://example.org:443", "example.org"),
        ("http://example.org:443", "example.org:443"),
        ("http://127.0.0.1:8080/", "127.0.0.1:8080"),
        ("http://[::1]:81/", "[::1]:81"),
        ("https://пример.рф/", "xn--e1afmkfd.xn--p1ai"),
        ("https://user:secret@example.org./", "example.org"),
    ],
)
def test_a_host_key_says_who_is_asked(url, wanted):
    assert host_key(url) == wanted


@pytest.mark.parametrize(
    "url", ["", "example.org", "ftp://example.org/", "https:///", "https://user:secret@/", "/a", "\ud800"]
)
def test_what_has_no_host_is_refused_without_telling_secrets(url):
    with pytest.raises(FetchError) as refused:
        host_key(url)
    assert refused.value.kind == "bad_url"
    assert "secret" not in str(refused.value)
