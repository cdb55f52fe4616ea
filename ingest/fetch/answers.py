"""What an HTTP answer says beside its body: when to come back, how long it stays fresh, and that it is no answer at all.

Header names are in lower case, as in `Page.headers`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from ingest.cadence import ServerHints

Headers = Mapping[str, str]

FOREVER = timedelta(seconds=2**31)
"""RFC 9111 §1.2.2: larger numbers of seconds are read as this one. 68 years: no time overflows by it."""
BODY_START = 32 * 1024
"""Bytes of a body that are searched for the marks of a challenge; such pages carry them early."""

_ZERO = timedelta()
_SECONDS = re.compile(r"([0-9]+)(?:\.[0-9]*)?")
_DIRECTIVE = re.compile(r'([\w-]+)\s*(?:=\s*(?:"([^"]*)"|([^\s,;]*)))?')


# ---------------------------------------------------------------- when


def server_hints(status: int, headers: Headers, now: datetime) -> ServerHints:
    """Everything that an answer says about the next request, for `ingest.cadence`.

    >>> server_hints(200, {"etag": '"a"', "cache-control": "max-age=7200"}, datetime(2026, 5, 1, tzinfo=UTC)).freshness_words
    'Cache-Control max-age=7200'
    """
    fresh = _freshness(headers, now)
    answered = status in (200, 304)
    has_validators = status == 304 or bool(headers.get("etag") or headers.get("last-modified"))
    return ServerHints(
        validators=has_validators if answered else None,
        freshness=fresh.lasts if fresh else None,
        freshness_words=fresh.words if fresh else "",
        retry_after=None if answered else retry_after(headers, now),
    )


def retry_after(headers: Headers, now: datetime) -> timedelta | None:
    """How long the server asks us to stay away (RFC 9110 §10.2.3), from nothing to 68 years; None if it does not say.

    A date counts from the answer's own `Date`: two clocks differ, one does not. What is over is zero; a negative number of
    seconds and what can't be read is None. Where the header came twice, the longer time counts.

    >>> now = datetime(2026, 5, 1, tzinfo=UTC)
    >>> [str(retry_after({"retry-after": value}, now)) for value in ("120", "-5", "soon", "1" + "0" * 12)]
    ['0:02:00', 'None', 'None', '24855 days, 3:14:08']
    """
    value = headers.get("retry-after", "").strip()
    numbers = [_seconds(part.strip()) for part in value.split(",")]
    asked = [number for number in numbers if number is not None]
    if asked:
        return max(asked)
    at = _date(value)
    return None if at is None else min(max(at - _answered_at(headers, now), _ZERO), FOREVER)


def freshness(headers: Headers, now: datetime) -> timedelta | None:
    """How long the answer may still be taken for current (RFC 9111 §4.2), from nothing to 68 years; None if it does not say.

    `Cache-Control: max-age` less the `Age` that a cache on the way reports; without max-age, `Expires` less `Date`. Neither
    under no-cache and no-store. A value that can't be read says that the answer is old already.

    >>> now = datetime(2026, 5, 1, tzinfo=UTC)
    >>> str(freshness({"cache-control": "public, max-age=600", "age": "100"}, now))
    '0:08:20'
    >>> freshness({"cache-control": "no-cache, max-age=600"}, now) is None
    True
    """
    fresh = _freshness(headers, now)
    return fresh.lasts if fresh else None


@dataclass(frozen=True, slots=True)
class _Fresh:
    lasts: timedelta
    words: str


def _freshness(headers: Headers, now: datetime) -> _Fresh | None:
    directives = _directives(headers.get("cache-control", ""))
    if directives.keys() & {"no-cache", "no-store"}:
        return None
    age = _seconds(headers.get("age", "").strip()) or _ZERO
    if "max-age" in directives:
        value = directives["max-age"]
        lifetime = _seconds(value) or _ZERO
        words = f"Cache-Control max-age={value[:20]}" + (
            f", {age // timedelta(seconds=1)} s of them over" if age else ""
        )
    elif "expires" in headers:
        at = _date(headers["expires"])  # "0" and "-1" are common, and mean: expired
        lifetime = _ZERO if at is None else at - _answered_at(headers, now)
        words = f"Expires {headers['expires'][:40]}"
    else:
        return None
    return _Fresh(lasts=max(min(lifetime, FOREVER) - age, _ZERO), words=words)


def _directives(value: str) -> dict[str, str]:
    """Of a Cache-Control header; of repeated ones the first counts (RFC 9111 §4.2.1).

    >>> _directives('private="set-cookie, x", Max-Age="600", max-age=1')
    {'private': 'set-cookie, x', 'max-age': '600'}
    """
    found: dict[str, str] = {}
    for match in _DIRECTIVE.finditer(value):
        found.setdefault(match[1].lower(), match[2] if match[2] is not None else match[3] or "")
    return found


def _seconds(text: str) -> timedelta | None:
    """A number of seconds; some servers write decimals."""
    match = _SECONDS.fullmatch(text)
    if match is None:
        return None
    digits = match[1].lstrip("0") or "0"
    return FOREVER if len(digits) > 10 else min(timedelta(seconds=int(digits)), FOREVER)


def _answered_at(headers: Headers, now: datetime) -> datetime:
    return _date(headers.get("date", "")) or now


def _date(text: str) -> datetime | None:
    """An HTTP date in one of its three forms (RFC 9110 §5.6.7), and as servers misspell it."""
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date


# ---------------------------------------------------------------- challenges


# By which gates give themselves away: first by a header (with this in its value), then by bytes of the page in lower case.
# Only marks of the gates themselves: the same products put scripts into every page that they let pass
# (/cdn-cgi/challenge-platform/, _Incapsula_Resource?SWJIYLWA, js.datadome.co, token.awswaf.com).
_HEADERS = (
    # https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/
    ("cf-mitigated", "challenge", "Cloudflare challenge"),
    # https://docs.aws.amazon.com/waf/latest/developerguide/waf-captcha-and-challenge-how-it-works.html
    ("x-amzn-waf-action", "", "AWS WAF challenge"),
    # https://vercel.com/docs/vercel-firewall
    ("x-vercel-mitigated", "", "Vercel challenge"),
    ("sg-captcha", "challenge", "SiteGround challenge"),
)
# From the vendors' documentation where it shows the page (HUMAN: https://docs.humansecurity.com/, Anubis:
# https://github.com/TecharoHQ/anubis), else from the pages as they are served.
_BODIES = (
    (b"_cf_chl_opt", "Cloudflare challenge"),
    (b"<title>just a moment...</title>", "Cloudflare challenge"),
    (b"<title>attention required! | cloudflare</title>", "Cloudflare block"),
    (b"window.gokuprops", "AWS WAF challenge"),
    (b"<title>vercel security checkpoint</title>", "Vercel challenge"),
    (b"captcha-delivery.com", "DataDome challenge"),
    (b'id="px-captcha"', "HUMAN challenge"),
    (b"incapsula incident id", "Imperva challenge"),
    (b"_incapsula_resource?cwudnsai", "Imperva challenge"),
    (b"sec-if-cpt-container", "Akamai challenge"),
    (b"bm-verify=", "Akamai challenge"),
    (b"sucuri_cloudproxy_js", "Sucuri challenge"),
    (b"<title>sucuri website firewall - access denied</title>", "Sucuri block"),
    (b'id="anubis_challenge"', "Anubis challenge"),
    (b"/.well-known/sgcaptcha/", "SiteGround challenge"),
    (b"/.well-known/ddos-guard/js-challenge", "DDoS-Guard challenge"),
    (b"the requested url was rejected. please consult with your administrator.", "F5 block"),
)
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body|title|meta|script|!--)"
)
_LOGIN_STATUS = {401: "login", 407: "login of a proxy", 511: "login of the network"}  # RFC 9110 §15.5, RFC 6585 §6
_TITLE = re.compile(rb"<title[^>]*>([^<]{1,200})", re.IGNORECASE)
_LOGIN_TITLE = re.compile(
    r"\b(log[ -]?in|sign[ -]?in|log[ -]?on|anmelden|anmeldung|einloggen|connexion|se connecter|s.identifier|"
    r"iniciar sesi[oó]n|acceder|accedi|inloggen|logga in|logg inn|zaloguj|entrar|вход|войти|giriş)\b|"
    r"ログイン|サインイン|로그인|登录|登入|تسجيل الدخول|כניסה|התחבר",
    re.IGNORECASE,
)
_PASSWORD = re.compile(rb"""<input[^>]{1,300}type\s*=\s*["']?password""", re.IGNORECASE)


def looks_like_challenge(status: int, headers: Headers, body_start: bytes) -> bool:
    """Whether an answer is a gate in place of what was asked for: a login, a captcha, a check for browsers.

    >>> looks_like_challenge(200, {}, b"<html><head><title>Just a moment...</title>")
    True
    """
    return gate(status, headers, body_start) is not None


def gate(status: int, headers: Headers, body_start: bytes) -> str | None:
    """What stands in the way, for people ("Cloudflare challenge", "login"); None if nothing does.

    `body_start` is the body's beginning, decompressed; the first 32 KiB are looked at.

    >>> gate(200, {"content-type": "application/rss+xml"}, b"<rss><item><title>Just a moment...</title>") is None
    True
    """
    if status in _LOGIN_STATUS:
        return _LOGIN_STATUS[status]
    for header, value, name in _HEADERS:
        if header in headers and value in headers[header].lower():
            return name
    start = body_start[:BODY_START].lower()
    if not _HTML.match(start):  # a feed may write about anything
        return None
    return next((name for mark, name in _BODIES if mark in start), "login" if _is_login(start) else None)


def _is_login(start: bytes) -> bool:
    """A page that is called a login and asks for a password; articles have login boxes, too, but other titles."""
    title = _TITLE.search(start)
    return (
        title is not None
        and _LOGIN_TITLE.search(title[1].decode("utf-8", "replace")) is not None
        and _PASSWORD.search(start) is not None
    )
