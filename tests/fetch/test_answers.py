"""What HTTP answers say about when to come back, and whether they are answers at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetch.answers import FOREVER, freshness, gate, looks_like_challenge, retry_after, server_hints

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
DATE = "Fri, 01 May 2026 09:00:00 GMT"  # the server's clock is three hours behind
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


# ---------------------------------------------------------------- Retry-After


@pytest.mark.parametrize(
    ("value", "asked"),
    [
        ("120", 2 * MINUTE),
        (" 120 ", 2 * MINUTE),
        ("0", timedelta()),
        ("90.5", timedelta(seconds=90)),
        ("120, 300", 5 * MINUTE),
        ("1000000000000", FOREVER),
        ("9" * 5000, FOREVER),
        ("0" * 5000 + "7", timedelta(seconds=7)),
        ("-120", None),
        ("", None),
        ("soon", None),
        ("1e3", None),
        ("١٢٠", None),
        ("\x00", None),
        ("Fri, 99 May 2026 10:00:00 GMT", None),
    ],
)
def test_seconds_are_read_in_every_form(value: str, asked: timedelta | None) -> None:
    assert retry_after({"retry-after": value}, NOW) == asked


@pytest.mark.parametrize(
    "value", ["Fri, 01 May 2026 10:00:00 GMT", "Friday, 01-May-26 10:00:00 GMT", "Fri May  1 10:00:00 2026"]
)
def test_a_date_counts_from_the_servers_own_clock(value: str) -> None:
    assert retry_after({"retry-after": value, "date": DATE}, NOW) == HOUR


def test_without_a_date_of_the_server_ours_counts() -> None:
    assert retry_after({"retry-after": "Fri, 01 May 2026 12:10:00 GMT", "date": "junk"}, NOW) == 10 * MINUTE


def test_a_date_that_is_over_is_no_time_and_one_in_the_year_9999_is_survived() -> None:
    assert retry_after({"retry-after": "Thu, 30 Apr 2026 10:00:00 GMT"}, NOW) == timedelta()
    assert retry_after({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}, NOW) == FOREVER


def test_an_answer_that_does_not_say_says_nothing() -> None:
    assert retry_after({}, NOW) is None


# ---------------------------------------------------------------- freshness


@pytest.mark.parametrize(
    ("headers", "lasts"),
    [
        ({"cache-control": "max-age=7200"}, 2 * HOUR),
        ({"cache-control": 'Public, MAX-AGE="7200", must-revalidate'}, 2 * HOUR),
        ({"cache-control": "max-age=7200, max-age=1"}, 2 * HOUR),
        ({"cache-control": "s-maxage=7200, max-age=60"}, MINUTE),
        ({"cache-control": "max-age=7200", "age": "3600"}, HOUR),
        ({"cache-control": "max-age=60", "age": "3600"}, timedelta()),
        ({"cache-control": "max-age=7200", "age": "junk"}, 2 * HOUR),
        ({"cache-control": "max-age=0"}, timedelta()),
        ({"cache-control": "max-age=-1"}, timedelta()),
        ({"cache-control": "max-age=soon"}, timedelta()),
        ({"cache-control": "max-age"}, timedelta()),
        ({"cache-control": "max-age=" + "9" * 5000}, FOREVER),
        ({"cache-control": "max-age=60", "expires": "Fri, 01 May 2026 20:00:00 GMT"}, MINUTE),
        ({"expires": "Fri, 01 May 2026 10:00:00 GMT", "date": DATE}, HOUR),
        ({"cache-control": "private", "expires": "Fri, 01 May 2026 10:00:00 GMT", "date": DATE}, HOUR),
        ({"expires": "Fri, 01 May 2026 10:00:00 GMT", "date": DATE, "age": "600"}, 50 * MINUTE),
        ({"expires": "Fri, 31 Dec 9999 23:59:59 GMT"}, FOREVER),
        ({"expires": "Thu, 01 Jan 1970 00:00:00 GMT", "date": DATE}, timedelta()),
        ({"expires": "0"}, timedelta()),
        ({"expires": "-1"}, timedelta()),
        ({"cache-control": "no-cache, max-age=7200"}, None),
        ({"cache-control": "no-store", "expires": "Fri, 01 May 2026 20:00:00 GMT"}, None),
        ({"cache-control": "public"}, None),
        ({}, None),
    ],
)
def test_freshness_is_max_age_else_expires_and_neither_under_no_cache(
    headers: dict[str, str], lasts: timedelta | None
) -> None:
    assert freshness(headers, NOW) == lasts


junk = st.text(max_size=60) | st.sampled_from(
    ["Fri, 01 May 2026 10:00:00 +9999", "Mon, 01 Jan 0001 00:00:00 GMT", "Sun, 06 Nov 99999 08:49:37 GMT", "1 1", "GMT"]
)


@given(
    st.dictionaries(
        st.sampled_from(["retry-after", "date", "age", "expires", "cache-control", "etag"]),
        junk | st.builds("max-age={}".format, junk),
    ),
    st.integers(100, 999),
)
def test_no_header_can_hurt(headers: dict[str, str], status: int) -> None:
    hints = server_hints(status, headers, NOW)
    for asked in (hints.retry_after, hints.freshness):
        assert asked is None or timedelta() <= asked <= FOREVER
        assert asked is None or NOW + asked


# ---------------------------------------------------------------- all of it


def test_hints_name_the_header_that_gave_them() -> None:
    assert server_hints(200, {"cache-control": "max-age=7200"}, NOW).freshness_words == "Cache-Control max-age=7200"
    expires = {"expires": "Fri, 01 May 2026 10:00:00 GMT", "date": DATE}
    assert server_hints(200, expires, NOW).freshness_words == "Expires Fri, 01 May 2026 10:00:00 GMT"
    aged = {"cache-control": "max-age=7200", "age": "60"}
    assert server_hints(200, aged, NOW).freshness_words == "Cache-Control max-age=7200, 60 s of them over"


@pytest.mark.parametrize(
    ("status", "headers", "validators"),
    [
        (200, {"etag": '"a"'}, True),
        (200, {"last-modified": DATE}, True),
        (200, {"etag": ""}, False),
        (200, {}, False),
        (304, {}, True),
        (500, {}, None),
        (500, {"etag": '"of the error page"'}, None),
    ],
)
def test_only_an_answer_shows_whether_the_next_request_can_be_conditional(
    status: int, headers: dict[str, str], validators: bool | None
) -> None:
    assert server_hints(status, headers, NOW).validators is validators


def test_retry_after_counts_on_every_error_and_on_no_answer() -> None:
    asked = {"retry-after": "60", "cache-control": "max-age=300"}
    assert {server_hints(status, asked, NOW).retry_after for status in (403, 429, 500, 503)} == {MINUTE}
    assert server_hints(200, asked, NOW).retry_after is None
    assert server_hints(503, asked, NOW).freshness == 5 * MINUTE


# ---------------------------------------------------------------- gates

CLOUDFLARE = b"""<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title>
<meta name="robots" content="noindex,nofollow"></head><body><noscript>Enable JavaScript and cookies to continue</noscript>
<script>(function(){window._cf_chl_opt={cvId:'3',cType:'managed'}})()</script></body></html>"""
ANUBIS = b"""<!doctype html><html lang="en"><head><title>Making sure you&#39;re not a bot!</title></head><body>
<script id="anubis_challenge" type="application/json">{"rules":{"difficulty":4}}</script></body></html>"""
IMPERVA = b"""<html style="height:100%"><head><meta name="robots" content="noindex"></head><body><iframe id="main-iframe"
src="/_Incapsula_Resource?CWUDNSAI=23&amp;incident_id=1-2">Request unsuccessful. Incapsula incident ID: 1-2</iframe></body></html>"""
LOGIN = """<!doctype html><html><head><meta charset="utf-8"><title>{}</title></head><body><form action="/session">
<input name="user"><input name="secret" type="password"><button>OK</button></form></body></html>"""
ARTICLE = """<!doctype html><html><head><title>{}</title><script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>
<script src="/_Incapsula_Resource?SWJIYLWA=719"></script></head><body><form><input type="password" name="p"></form>
<article><h1>The ferry</h1><p>The ferry sailed again on Monday.</p></article></body></html>"""


@pytest.mark.parametrize(
    ("status", "headers", "body", "name"),
    [
        (403, {"cf-mitigated": "challenge"}, b"", "Cloudflare challenge"),
        (403, {}, CLOUDFLARE, "Cloudflare challenge"),
        (200, {}, CLOUDFLARE.upper(), "Cloudflare challenge"),
        (202, {"x-amzn-waf-action": "challenge"}, b"", "AWS WAF challenge"),
        (200, {}, ANUBIS, "Anubis challenge"),
        (200, {}, b"\xef\xbb\xbf\n" + IMPERVA, "Imperva challenge"),
        (401, {}, b"", "login"),
        (511, {}, b"", "login of the network"),
    ],
)
def test_gates_are_known_by_their_marks(status: int, headers: dict[str, str], body: bytes, name: str) -> None:
    assert gate(status, headers, body) == name
    assert looks_like_challenge(status, headers, body)


@pytest.mark.parametrize(
    "title", ["Log in - Daily Example", "로그인", "Anmelden | Kurier", "ログイン", "Iniciar sesión", "Вход"]
)
def test_a_page_that_is_called_a_login_and_asks_for_a_password_is_one(title: str) -> None:
    assert gate(200, {}, LOGIN.format(title).encode()) == "login"


@pytest.mark.parametrize("title", ["Ferry sails again", "Blogging in winter", "Why banks log insurers' calls"])
def test_an_article_with_a_login_box_and_a_gatekeepers_scripts_is_an_article(title: str) -> None:
    assert gate(200, {}, ARTICLE.format(title).encode()) is None


def test_an_article_about_logins_asks_for_no_password() -> None:
    assert (
        gate(200, {}, b"<!doctype html><html><title>Log in once, read everywhere</title><p>The publishers agreed.")
        is None
    )


@pytest.mark.parametrize(
    "start",
    [
        b'<?xml version="1.0"?><rss version="2.0"><channel><item><title>Just a moment...</title>',
        b'{"version": "https://jsonfeed.org/version/1.1", "title": "<title>Just a moment...</title>"',
        b"",
        b"Just a moment...",
    ],
)
def test_a_feed_may_write_about_anything(start: bytes) -> None:
    assert not looks_like_challenge(200, {"cf-cache-status": "HIT", "server": "cloudflare"}, start)


@given(st.integers(100, 999), st.binary(max_size=200) | st.binary(max_size=100).map(b"<html><title>log in".__add__))
def test_no_bytes_can_hurt(status: int, start: bytes) -> None:
    assert looks_like_challenge(status, {}, start) is (gate(status, {}, start) is not None)
