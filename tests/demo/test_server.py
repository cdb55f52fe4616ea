"""The bundled publishers answer as real ones do."""

import gzip
import http.client
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import yaml

from ingest.demo import Served, demo_config, load_sites, serve


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve() as served:
        yield served


def get(base, path, headers=None, method="GET"):
    """(status, headers in lower case, body) of one request on a connection of its own."""
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=5)
    try:
        connection.request(method, path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def test_every_address_of_every_publisher_is_served_with_all_placeholders_filled(served):
    for site in load_sites():
        for path, file in site.files.items():
            status, headers, body = get(served.bases[site.name], path)
            body = gzip.decompress(body) if file.gzipped else body
            assert (status, headers["content-type"]) == (200, file.content_type), path
            assert body, path
            assert b"{{" not in body, path


def test_each_publisher_has_a_host_of_its_own(served):
    assert len(set(served.bases.values())) == len(served.bases) == 5


def test_either_validator_brings_a_304_without_a_body(served):
    base = served.bases["daily-example"]
    _, headers, _ = get(base, "/feed/")
    for name, value in [("If-None-Match", headers["etag"]), ("If-Modified-Since", headers["last-modified"])]:
        status, again, body = get(base, "/feed/", {name: value})
        assert (status, body) == (304, b"")
        assert again["etag"] == headers["etag"]


def test_an_outdated_etag_brings_the_page_whatever_the_date_says(served):
    base = served.bases["daily-example"]
    _, headers, _ = get(base, "/feed/")
    conditions = {"If-None-Match": '"old"', "If-Modified-Since": headers["last-modified"]}
    assert get(base, "/feed/", conditions)[0] == 200


@pytest.mark.parametrize("date", ["yesterday", "Thu, 01 Jan 2026 00:00:00 GMT"])
def test_an_old_or_unreadable_date_brings_the_page(served, date):
    assert get(served.bases["harbour-post"], "/atom.xml", {"If-Modified-Since": date})[0] == 200


def test_gzip_is_sent_to_those_who_ask_for_it(served):
    base = served.bases["nordtal-kurier"]
    _, plain_headers, plain = get(base, "/feed.json")
    _, headers, packed = get(base, "/feed.json", {"Accept-Encoding": "gzip, br"})
    assert "content-encoding" not in plain_headers
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed) == plain


def test_a_head_request_has_the_headers_and_no_body(served):
    status, headers, body = get(served.bases["nordtal-kurier"], "/feed.json", method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) > 1000


def test_the_dead_link_of_the_listing_is_404(served):
    assert b"/stories/weir-closed-for-repairs" in get(served.bases["valley-wire"], "/")[2]
    assert get(served.bases["valley-wire"], "/stories/weir-closed-for-repairs")[0] == 404


def test_one_article_is_offered_by_two_sources_under_two_urls(served):
    harbour, valley = served.bases["harbour-post"], served.bases["valley-wire"]
    url = f"{harbour}/news/2026/quay-street-crane-will-stay"
    assert f'"{url}"'.encode() in get(harbour, "/atom.xml")[2]
    assert f'"{url}?utm_source='.encode() in get(valley, "/")[2]
    assert get(harbour, urlsplit(url).path + "?utm_source=valleywire")[2] == get(harbour, urlsplit(url).path)[2]


def test_pages_that_differ_only_in_their_query_are_different_pages(served):
    base = served.bases["hangang-ilbo"]
    assert get(base, "/news/view.php?no=21004")[2] != get(base, "/news/view.php?no=21011")[2]
    assert get(base, "/news/view.php")[0] == 404


def test_the_old_pages_are_in_euc_kr_and_no_header_says_so(served):
    _, headers, body = get(served.bases["hangang-ilbo"], "/news/view.php?no=21004")
    assert headers["content-type"] == "text/html"
    assert "강변 나루터" in body.decode("euc-kr")


def test_every_publisher_forbids_robots_something(served):
    for base in served.bases.values():
        assert b"\nDisallow: /" in get(base, "/robots.txt")[2]


def test_the_log_tells_what_was_asked_by_whom_and_answered():
    with serve() as (bases, requests):
        get(bases["valley-wire"], "/nowhere?a=1", {"User-Agent": "ingest/1"})
        (request,) = requests
    assert request.host == urlsplit(bases["valley-wire"]).netloc
    assert (request.path, request.status) == ("/nowhere?a=1", 404)
    assert request.headers["user-agent"] == "ingest/1"
    assert request.time.utcoffset() is not None


def test_closing_ends_kept_connections_threads_and_ports():
    before = threading.active_count()
    with serve() as (bases, _):
        base = bases["valley-wire"]
        kept = http.client.HTTPConnection(urlsplit(base).netloc, timeout=5)
        kept.request("GET", "/robots.txt")
        kept.getresponse().read()
    kept.close()
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        get(base, "/robots.txt")


def test_the_configuration_has_one_source_for_each_publisher(served):
    config = yaml.safe_load(demo_config(served.bases))
    sources = {source["name"]: source for source in config.pop("sources")}
    assert config == {
        "database": "sqlite:///demo.db",
        "identity": {"name": "ingest", "contact": "https://example.org/bot"},
        "fetch": {"allow_addresses": ["127.0.0.0/8"]},
        "politeness": {"delay": "50ms"},
    }
    assert sources.keys() == served.bases.keys()
    assert sources["hangang-ilbo"] == {
        "name": "hangang-ilbo",
        "sitemap": served.bases["hangang-ilbo"] + "/sitemap.xml",
        "timezone": "Asia/Seoul",
    }
    assert {key for source in sources.values() for key in source} >= {"feed", "sitemap", "page", "links"}


def test_every_source_points_at_something_that_is_served(served):
    for source in yaml.safe_load(demo_config(served.bases))["sources"]:
        url = source.get("feed") or source.get("sitemap") or source["page"]
        assert get(url, urlsplit(url).path)[0] == 200
