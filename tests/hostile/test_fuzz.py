"""Readers of strangers' text never raise what they don't promise, never hang, and keep their promises on rubbish.

A hundred cases of each in the suite; `make fuzz` plays FUZZ_CASES=20000. A case that takes a second is a failure: pieces
are repeated up to a thousand times, so that an expression that goes back and forth over a text is found.
"""

# ruff: noqa: PT017  that it raises is one of two right answers
from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import config
from ingest.discover import discover
from ingest.discover.dates import read_date
from ingest.discover.plain import excerpt, plain_text
from ingest.errors import ConfigError, FetchError, NotAnArticle, NotASource
from ingest.extract import extract_article
from ingest.extract.captions import clean_caption, clean_credit, split_caption
from ingest.extract.channels import shown
from ingest.extract.obfuscation import emails, link_emails
from ingest.fetch import Robots
from ingest.fetch.decoding import Decoder
from ingest.html import decode
from ingest.model import Page, Source
from ingest.text import squeeze
from ingest.urls import host_key, resolve, same_site, url_key
from tests.box.pages import page

CASES = int(os.environ.get("FUZZ_CASES", "100"))
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
SLOW = timedelta(seconds=3 if CASES == 100 else 1)  # the suite may share its machine

fuzzed = settings(
    max_examples=CASES,
    deadline=SLOW,
    database=None,
    derandomize=CASES == 100,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large],
)


def text_of(pieces: str, separator: str | None = None) -> st.SearchStrategy[str]:
    """Text made of these pieces, of any characters, and of long repetitions of both."""
    piece = st.sampled_from(pieces.split(separator)) | st.text(max_size=8)
    repeated = st.builds(lambda one, times: one * times, piece, st.sampled_from([2, 3, 50, 1000]))
    return st.lists(piece | piece | piece | repeated, max_size=25).map("".join)


URLS = text_of(
    r"http https : :// // / \ @ ? # & = % %2e %2F .. . example.org xn-- xn--a [::1] [ ] 127.1 0x7f 65536 :80 :443 :99999 utm_source=x "
    r"a b é 漢 ß ı . 。 \u200b ; , + ~ * www. m. amp index.html ?id= &amp; ' \" < > | ` { } javascript: data: file:"
)


@fuzzed
@given(URLS, URLS)
def test_resolve_gives_an_address_of_the_web_or_none_and_is_idempotent(base: str, href: str) -> None:
    url = resolve(base, href) or resolve("https://example.org/a/b", href)
    if url is not None:
        assert url.startswith(("http://", "https://"))
        assert url.isascii()
        assert url.isprintable()
        assert " " not in url
        assert resolve("", url) == url
        assert "@" not in url.split("/")[2]
        host_key(url)


@fuzzed
@given(URLS, URLS)
def test_a_url_key_is_idempotent_and_never_raises(first: str, second: str) -> None:
    key = url_key(first)
    assert url_key(key) == key
    same_site(first, second)


@fuzzed
@given(URLS)
def test_a_host_key_is_a_host_or_a_refusal(url: str) -> None:
    try:
        assert host_key(url)
    except FetchError as error:
        assert error.kind == "bad_url"


DATES = text_of(
    "Mon, Monday 23 Nov November 2026 26 0000 9999 02 30 31 T t : - / . , + +99:99 Z GMT EST UTC 年 月 日 오후 午後 PM am 11:22 24:61:61 "
    "平成 ago vor hours Stunden ١٢ März янв de of den UTC+9 -00:00 1e9 1700000000"
)


@fuzzed
@given(DATES, st.sampled_from([None, "UTC", "Asia/Seoul", "America/St_Johns"]))
def test_a_date_is_an_aware_time_or_none(text: str, zone: str | None) -> None:
    when = read_date(text, zone=zone, now=NOW)
    assert when is None or when.utcoffset() is not None


@fuzzed
@given(DATES)
def test_dates_on_a_page_never_break_it(text: str) -> None:
    article = extract_article(
        page(f"<time datetime='{text}'>{text}</time><p class=date>{text}</p>"), url="https://e.org/a"
    )
    assert article.published_at is None or article.published_at.utcoffset() is not None


LABELS = st.sampled_from(
    "utf-8 latin-1 euc-kr gbk shift_jis utf-16 utf-7 punycode rot13 hex idna undefined iso-2022-jp cp65001".split()
)


@fuzzed
@given(st.binary(max_size=400) | URLS.map(lambda text: text.encode("utf-16", "replace")), LABELS | st.text(max_size=12))
def test_any_bytes_decode_to_text(data: bytes, label: str) -> None:
    text, encoding = decode(data + b"<meta charset='" + label.encode("utf-8", "replace") + b"'>", charset=label)
    assert isinstance(text, str)
    "".encode(encoding)


@fuzzed
@given(
    st.binary(max_size=600),
    st.sampled_from([*"gzip x-gzip deflate br identity zstd".split(), "gzip, br", "br, br, br", ""]),
)
def test_any_bytes_off_the_wire_are_a_body_or_a_refusal(data: bytes, encoding: str) -> None:
    try:
        decoder = Decoder(encoding, 10_000)
        decoder.feed(data)
        assert len(decoder.finish()) <= 10_000
    except FetchError as error:
        assert error.kind in {"bad_body", "too_big"}


FEEDS = text_of(
    "<rss> <rss version='2.0'> </rss> <channel> </channel> <item> </item> <entry> </entry> <feed xmlns='http://www.w3.org/2005/Atom'> "
    "</feed> <rdf:RDF> <link>https://e.org/1</link> <link href='/2'/> <title> </title> <guid> </guid> <![CDATA[ ]]> <!-- --> <? ?> "
    "<!DOCTYPE [ <!ENTITY ]> &amp; &x; &#0; &#x110000; & < > ' \" <description> <content:encoded> <p> <author> <pubDate> 2026 "
    '<urlset> <url> <loc> https://e.org/3 </loc> </url> </urlset> <sitemapindex> {"items":[ {"url":"/4"} ] } [ , <html> <a href=/5> xml:base=\''
)


@fuzzed
@given(
    FEEDS,
    st.sampled_from(["feed", "sitemap", "page"]),
    st.sampled_from(["", "<?xml version='1.0'?>", "<rss version='2.0'><channel>", "{"]),
)
def test_any_source_gives_links_or_a_refusal(text: str, kind, start: str) -> None:
    url = "https://example.org/feed"
    body = (start + text).encode("utf-8", "replace")
    fetched = Page(url=url, final_url=url, status=200, headers={}, body=body, fetched_at=NOW)
    try:
        found = discover(Source(name="x", kind=kind, url=url), fetched)
    except NotASource as error:
        assert str(error)
    else:
        assert all(link.url.startswith(("http://", "https://")) for link in found.links)
        assert all(
            when is None or when.tzinfo for link in found.links for when in (link.published_at, link.modified_at)
        )


CONFIGS = text_of(
    "database:| sqlite:///x.db|identity:|name:|contact:|fetch:| timeout:| max_bytes:| 20s| 10MB|politeness:|delay:|schedule:|\n|\n  |\n- |"
    "sources:|feed:|page:|sitemap:| https://e.org/|links:|rules:|[|]|{|}|,| a|: |&a|*a|!!python/object:os.system|!!binary| 'x'|\"|#|%|---|...|"
    "? |! |@|`|\t|interval:| 15m|timezone:| Asia/Seoul|allow_addresses:|10.0.0.0/8|<<:| ~| 1e400s| 99999999999w",
    "|",
)


@fuzzed
@given(CONFIGS)
def test_a_configuration_is_settings_or_problems_with_their_lines(text: str) -> None:
    try:
        config.parse(text, "c.yaml", {})
    except ConfigError as error:
        assert error.problems
        assert all(problem.startswith("c.yaml:") for problem in error.problems)


CONTACTS = text_of(
    "Questions|comments| or |about this article?| Write to | Contact | us at |desk@e.org|desk [at] e [dot] org|d e s k @ e . o r g|@|.|+49 30 123456|"
    "(030) 1-2-3|https://e.org/c|@handle|문의|제보|기자|をお寄せください|Corrections:|, |; |: | · | — |(|)|[|]|\u200b|By |Jane Doe|"
    "Reporting by | editing by |a@b.c |-|1 |x@y.z@",
    "|",
)


@fuzzed
@given(CONTACTS)
def test_contacts_and_credits_never_break_a_page_and_are_clean(text: str) -> None:
    markup = text.replace("<", "&lt;")
    article = extract_article(page(f"<p>{markup}</p><p class=contact>{markup}</p>"), url="https://e.org/a")
    for contact in article.contacts:
        assert contact.text == squeeze(contact.text)
        assert all("@" in email for email in contact.emails)
    shown(text)
    emails(text)
    link_emails(text)


CAPTIONS = text_of(
    "Photo: |Foto: |사진=|写真：|(|)|[|]|©| AP| / |/| | |Getty Images|via|courtesy of | by |Jane Doe|A pier.|.|,|;|=|@|REUTERS|·|–|-|'|\"|“|”|…|Bild: |"
    "Credit: |(Photo by |: |::|▲|◇|제공|撮影|d.r.|St. |U.S. ",
    "|",
)


@fuzzed
@given(CAPTIONS)
def test_a_caption_is_split_into_parts_of_itself(text: str) -> None:
    line = squeeze(text)
    for part in split_caption(line):
        assert part is None or part == squeeze(part)
    clean_caption(line)
    clean_credit(line)


MARKUP = text_of(
    "<p> </p> <div> </div> <table> <td> <a href=/x> </a> <b> <i> <script> </script> <style> <template> <svg> <math> <select> <option> <!-- --> "
    "<figure> <figcaption> <img src=x alt=y> <h1> <h2> <time datetime=2026-01-01> <meta property=og:title content=x> <ul> <li> <br> &lt; &#0; "
    '<noscript> <iframe> <body> <html> <head> <title> text words. "@type":"NewsArticle" <blockquote> <ruby> <rt> < > \' " = / \0 '
    "<script type=application/ld+json> { } [ ] <article> <main> <aside> <footer> <span class=byline> <plaintext> <frameset>"
)


@fuzzed
@given(MARKUP, st.booleans())
def test_any_markup_gives_an_article_or_none(markup: str, within: bool) -> None:
    body = page(markup) if within else markup.encode("utf-8", "replace")
    try:
        article = extract_article(body, url="https://e.org/a")
    except NotAnArticle as error:
        assert str(error)
    else:
        assert article.body.strip()
        assert article.headline == squeeze(article.headline)


@fuzzed
@given(MARKUP)
def test_plain_text_of_any_fragment_is_one_clean_line(markup: str) -> None:
    text = plain_text(markup)
    assert text == squeeze(text)
    excerpt(markup)


@fuzzed
@given(
    text_of("User-agent: |*|ingest|Disallow: |Allow: |/|$|Crawl-delay: |1|e9|-|Sitemap: |\n|\r|#|%|%2a|\ufeff|: ", "|"),
    URLS,
)
def test_any_robots_txt_answers_yes_or_no(text: str, url: str) -> None:
    robots = Robots.read(200, text.encode("utf-8", "replace"), "ingest")
    assert robots.allows(resolve("https://e.org/", url) or "https://e.org/") in {True, False}
    assert robots.crawl_delay is None or robots.crawl_delay >= 0


@pytest.mark.parametrize("path", ["a" * 500_000, "/../" * 200_000, "%2e%2e/" * 100_000, "?" + "a=b&" * 200_000])
def test_an_address_of_any_length_is_read_in_time(path: str) -> None:
    """U1: a URL of a megabyte costs less than a second."""
    start = datetime.now(UTC)
    url = resolve("https://example.org/", path)
    url_key(url or path)
    assert datetime.now(UTC) - start < SLOW
