"""Readers of strangers' text never raise what they don't promise, never hang, and keep their promises on rubbish.

Some dozens of cases of each in the suite, always the same; `make fuzz` plays FUZZ_CASES=20000 new ones. A case that takes a
second of processor time is a failure: pieces are repeated up to a thousand times, so that an expression that goes back and
forth over a text is found. What the cases are shaped like, and how far they reach: `grammar.py`.
"""

# ruff: noqa: PT017  that it raises is one of two right answers
from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import config
from ingest.discover import discover
from ingest.discover.autodiscovery import find_feeds
from ingest.discover.dates import read_date
from ingest.discover.plain import excerpt, plain_text
from ingest.errors import ConfigError, FetchError, NotAnArticle, NotASource
from ingest.extract import extract_article
from ingest.extract.caption_text import clean_caption, clean_credit
from ingest.extract.captions import split_caption
from ingest.extract.channels import shown
from ingest.extract.entry import extract_entry
from ingest.extract.obfuscation import emails, link_emails
from ingest.fetch import Robots
from ingest.fetch.answers import gate, server_hints
from ingest.fetch.decoding import Decoder
from ingest.html import decode
from ingest.model import Article, Page, Rules, Source, json_ready
from ingest.record_json import read_record
from ingest.text import squeeze
from ingest.urls import host_key, resolve, same_site, url_key
from tests.box.pages import page
from tests.hostile.grammar import (
    ADDRESSES,
    CAPTIONS,
    CONFIGS,
    CONTACTS,
    DATES,
    FRAGMENTS,
    LINKS,
    PAGES,
    SOURCES,
    text_of,
    words,
)
from tests.hostile.test_clean_text import unclean

CASES = int(os.environ.get("FUZZ_CASES", "0"))
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
SLOW = 1.0
"""Seconds of processor time for one case; the machine may do other things meanwhile."""
URL = "https://example.org/a"


def fuzzed(*, in_the_suite: int = 100) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A test that is given its cases, each of which may take so long; those that read whole pages get fewer in the suite."""

    def make(test: Callable[..., None]) -> Callable[..., None]:
        @wraps(test)
        def timed(*arguments: Any, **named: Any) -> None:
            for _ in range(2):  # what was slow once was Python's own housekeeping, or is slow again
                start = time.process_time()
                test(*arguments, **named)
                if (took := time.process_time() - start) < SLOW:
                    return
            raise AssertionError(f"a case took {took:.1f} s")

        return settings(
            max_examples=CASES or in_the_suite,
            deadline=None,
            database=None,
            derandomize=not CASES,
            print_blob=True,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large],
        )(timed)

    return make


# ------------------------------------------------------------ addresses


@given(LINKS | ADDRESSES, LINKS)
@fuzzed()
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


@given(LINKS, ADDRESSES)
@fuzzed()
def test_a_url_key_is_idempotent_and_never_raises(first: str, second: str) -> None:
    for url in (first, second):
        key = url_key(url)
        assert url_key(key) == key
        if url.isprintable() and "#" not in url and (absolute := resolve("", url)) is not None:
            assert url_key(absolute) == key  # what is fetched is the page that was offered
    same_site(first, second)


@given(LINKS)
@fuzzed()
def test_a_host_key_is_a_host_or_a_refusal(url: str) -> None:
    try:
        assert host_key(url)
    except FetchError as error:
        assert error.kind == "bad_url"


# ------------------------------------------------------------ dates


@given(DATES, st.sampled_from([None, "UTC", "Asia/Seoul", "America/St_Johns"]))
@fuzzed()
def test_a_date_is_an_aware_time_or_none(text: str, zone: str | None) -> None:
    when = read_date(text, zone=zone, now=NOW)
    assert when is None or when.utcoffset() is not None


@given(DATES, DATES, st.sampled_from([None, "Asia/Seoul", "America/St_Johns"]))
@fuzzed(in_the_suite=40)
def test_dates_on_a_page_never_break_it(text: str, other: str, zone: str | None) -> None:
    data = json.dumps({"@type": "NewsArticle", "datePublished": other, "dateModified": text}).replace("<", "\\u003c")
    dates = f"<time datetime='{text}'>{text}</time><p class=date>{other}</p><script type=application/ld+json>{data}</script>"
    article = extract_article(page(dates), url=URL, timezone=zone)
    assert article.published_at is None or article.published_at.utcoffset() is not None


@given(st.dictionaries(words("retry-after cache-control age expires date etag cf-mitigated"), DATES | st.sampled_from(
    ["120", "-5", "1e9", "max-age=60", "no-cache, max-age=99999999999999999999", "max-age", 'private="x', "0"])), st.binary(max_size=99))  # fmt: skip
@fuzzed(in_the_suite=40)
def test_any_headers_give_hints(headers: dict[str, str], body: bytes) -> None:
    hints = server_hints(429, headers, NOW)
    assert hints.retry_after is None or hints.retry_after.total_seconds() >= 0
    gate(200, headers, b"<html><title>" + body)


# ------------------------------------------------------------ decoding

LABELS = words(
    "utf-8 latin-1 euc-kr gbk shift_jis utf-16 utf-7 punycode rot13 hex idna undefined iso-2022-jp cp65001 windows-1252 koi8-r big5 utf-32 x-user-defined"
)
TEXTS = st.sampled_from(
    [
        "“Rice — prices” rose ",
        "평양의 쌀값이 올랐다 ",
        "平壌の米の価格が上がった ",
        "Цены на рис выросли ",
        "Größe é ñ ",
    ]
)
ENCODED = st.builds(
    lambda mark, text, codec, junk, cut: (mark + text.encode(codec, "replace") + junk)[cut:],
    st.sampled_from([b"", b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"<?xml version='1.0' encoding='euc-kr'?>"]),
    st.lists(TEXTS, max_size=30).map("".join),
    words("utf-8 cp1252 euc-kr gb18030 shift_jis utf-16-le utf-16-be koi8-r utf-8-sig cp949"),
    st.binary(max_size=6),
    st.integers(0, 3),
)


@given(ENCODED | st.binary(max_size=400), LABELS | st.text(max_size=12), LABELS)
@fuzzed()
def test_any_bytes_decode_to_text(data: bytes, label: str, meta: str) -> None:
    text, encoding = decode(data + b"<meta charset='" + meta.encode() + b"'>", charset=label)
    assert isinstance(text, str)
    "".encode(encoding)


@given(
    st.binary(max_size=600),
    st.sampled_from([*"gzip x-gzip deflate br identity zstd".split(), "gzip, br", "br, br, br", ""]),
    st.sampled_from([b"", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", b"x\x9c", b"\x8b\x02\x80"]),
    st.integers(1, 600),
)
@fuzzed()
def test_any_bytes_off_the_wire_are_a_body_or_a_refusal(data: bytes, encoding: str, head: bytes, step: int) -> None:
    try:
        decoder = Decoder(encoding, 10_000)
        for start in range(0, len(head + data), step):
            decoder.feed((head + data)[start : start + step])
        assert len(decoder.finish()) <= 10_000
    except FetchError as error:
        assert error.kind in {"bad_body", "too_big"}


# ------------------------------------------------------------ sources


@given(SOURCES, st.sampled_from(["feed", "feed", "sitemap", "page"]), st.sampled_from([None, None, "h2 a", "a"]))
@fuzzed(in_the_suite=40)
def test_any_source_gives_clean_links_or_a_refusal(text: str, kind: Any, selector: str | None) -> None:
    url = "https://example.org/feed"
    fetched = Page(url=url, final_url=url, status=200, headers={}, body=text.encode("utf-8", "replace"), fetched_at=NOW)
    find_feeds(fetched)
    try:
        found = discover(
            Source(name="x", kind=kind, url=url, timezone="Asia/Seoul", links=selector if kind == "page" else None),
            fetched,
        )
    except NotASource as error:
        assert str(error)
        return
    assert unclean([found.title, *found.warnings]) == []
    for link in found.links:
        assert link.url.startswith(("http://", "https://"))
        assert all(when is None or when.tzinfo for when in (link.published_at, link.modified_at))
        assert unclean({name: json_ready(getattr(link, name)) for name in link.__slots__ if name != "content"}) == []
        if link.content:
            _is_sound(lambda link=link: extract_entry(link, timezone="Asia/Seoul"))


# ------------------------------------------------------------ pages


def _is_sound(extract: Callable[[], Article]) -> None:
    """It is an article as the contract has it, or a refusal with a reason."""
    try:
        article = extract()
    except NotAnArticle as error:
        assert str(error)
        return
    record = article.as_dict()
    assert article.body.strip()
    assert article.headline == squeeze(article.headline)
    assert unclean(record) == []
    assert all(image.url is None or image.url.startswith(("http://", "https://")) for image in article.images)
    assert all("@" in email for contact in article.contacts for email in contact.emails)
    assert read_record(json.loads(json.dumps(record)) | {"source": "x"}).article == article


@given(
    PAGES, st.sampled_from([None, None, Rules(headline="h1", body="article", caption="figcaption", drop=(".related",))])
)
@fuzzed(in_the_suite=40)
def test_any_page_gives_a_sound_article_or_none(markup: str, rules: Rules | None) -> None:
    _is_sound(lambda: extract_article(markup.encode("utf-8", "replace"), url=URL, timezone="Asia/Seoul", rules=rules))


@given(FRAGMENTS, st.booleans())
@fuzzed(in_the_suite=40)
def test_any_markup_gives_a_sound_article_or_none(markup: str, within: bool) -> None:
    _is_sound(lambda: extract_article(page(markup) if within else markup.encode("utf-8", "replace"), url=URL))


@given(FRAGMENTS)
@fuzzed()
def test_plain_text_of_any_fragment_is_one_clean_line(markup: str) -> None:
    text = plain_text(markup)
    assert text == squeeze(text)
    excerpt(markup)


@given(CONTACTS)
@fuzzed(in_the_suite=40)
def test_contacts_and_credits_never_break_a_page_and_are_clean(text: str) -> None:
    markup = text.replace("<", "&lt;")
    article = extract_article(page(f"<p>{markup}</p><p class=contact>{markup}</p>"), url=URL)
    for contact in article.contacts:
        assert contact.text == squeeze(contact.text)
        assert all("@" in email for email in contact.emails)
    shown(text)
    emails(text)
    link_emails(text)


@given(CAPTIONS)
@fuzzed()
def test_a_caption_is_split_into_parts_of_itself(text: str) -> None:
    line = squeeze(text)
    for part in split_caption(line):
        assert part is None or part == squeeze(part)
    clean_caption(line)
    clean_credit(line)


# ------------------------------------------------------------ the rest


@given(CONFIGS)
@fuzzed()
def test_a_configuration_is_settings_or_problems_with_their_lines(text: str) -> None:
    try:
        config.parse(text, "c.yaml", {})
    except ConfigError as error:
        assert error.problems
        assert all(problem.startswith("c.yaml:") for problem in error.problems)


@given(
    text_of("User-agent: |*|ingest|Disallow: |Allow: |/|$|Crawl-delay: |1|e9|-|Sitemap: |\n|\r|#|%|%2a|\ufeff|: ", "|"),
    LINKS,
)
@fuzzed()
def test_any_robots_txt_answers_yes_or_no(text: str, url: str) -> None:
    robots = Robots.read(200, text.encode("utf-8", "replace"), "ingest")
    assert robots.allows(resolve("https://e.org/", url) or "https://e.org/") in {True, False}
    assert robots.crawl_delay is None or robots.crawl_delay >= 0


@pytest.mark.parametrize("path", ["a" * 500_000, "/../" * 200_000, "%2e%2e/" * 100_000, "?" + "a=b&" * 200_000])
def test_an_address_of_any_length_is_read_in_time(path: str) -> None:
    """U1: a URL of a megabyte costs less than a second."""
    start = time.process_time()
    url = resolve("https://example.org/", path)
    url_key(url or path)
    assert time.process_time() - start < SLOW


@pytest.mark.parametrize(
    "line",
    [
        "x@y.z@±é" + "4" * 4000 + "(030) 1-2-3" + "+49 30 123456" * 3 + "]]]",  # digits that can be split in any way
        " 444444444444444a1" * 500,
        "(44444)" * 2000,
    ],
    ids=lambda line: line[:20],
)
def test_a_line_of_digits_is_read_in_time(line: str) -> None:
    start = time.process_time()
    shown(line)
    assert time.process_time() - start < SLOW / 5


@pytest.mark.parametrize("piece", ["'", "x (at) y (dot) z "])
def test_contact_lines_of_half_a_megabyte_cost_no_more_than_long_ones(piece: str) -> None:
    paragraph = f"<p class=contact>Questions? Write to desk@example.org {piece * (9_000 // len(piece))}</p>"
    start = time.process_time()
    extract_article(page(paragraph * 50 + f"<p class=contact>desk@example.org {piece * 50_000}</p>"), url=URL)
    assert time.process_time() - start < SLOW


def test_a_caption_of_digits_and_semicolons_is_read_in_time() -> None:
    line = "; ".join(["8"] * 1000) + " Photo: (L) Photo:"
    start = time.process_time()
    split_caption(line)
    clean_caption(line)
    assert clean_credit(line) is None
    assert time.process_time() - start < SLOW / 5


def test_the_label_of_a_lead_image_is_one_clean_line() -> None:
    meta = b"<meta property=og:image content=/a.jpg><meta property=og:image:alt content='A&nbsp;pier&#x202e; '><title>"
    [image] = extract_article(page().replace(b"<title>", meta), url=URL).images
    assert image.label == "A pier"
