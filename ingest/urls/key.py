"""The identity of a page, from its address alone.

What a key can't know (that `amp.example.org/17` is `/politics/some-story`) the pages declare themselves; those
declarations are kept as aliases by the store.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeAlias
from unicodedata import normalize
from urllib.parse import quote, unquote, unquote_to_bytes

from ingest.urls import forms, parameters
from ingest.urls.address import MAX_LENGTH, clean, read_authority
from ingest.urls.site import registrable

# As written with its scheme; and as a key or as people type it: example.org/a, localhost:8000, [::1]/a.
_URL = re.compile(
    r"(?:(https?|feed):[/\\]*|[/\\]{2})([^/?#\\]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.IGNORECASE | re.DOTALL
)
_BARE = re.compile(
    # A host has at most 253 characters; without a bound, dots without end are tried in each split.
    r"([^/?#\\@:\s\[\]]{1,255}\.[^/?#\\@:\s\[\]]{1,255}(?::\d+)?|[^/?#\\@:\s\[\]]{1,255}:\d+|\[[0-9a-f:.]+\](?::\d+)?)"
    r"((?:[/\\][^?#]*)?)(?:\?([^#]*))?(?:#(.*))?",
    re.DOTALL,
)
_FEED_SCHEME = re.compile(r"feed:(?=https?:)", re.IGNORECASE)
_AMPERSAND = re.compile(r"&(?:amp;)+", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sessionid|sid)=[^/;]*", re.IGNORECASE)
_SESSION_SEGMENT = re.compile(r"\((?:[A-Z]\([A-Za-z0-9]{10,}\))+\)")  # ASP.NET: /(S(…))/page.aspx

# Percent-encoding in one form: what may stand for itself does, the rest is UTF-8 in upper-case hex.
_PLAIN_PATH = re.compile(r"[\w./~!$&'()*+,:=@-]*", re.ASCII)
_PLAIN_PAIR = re.compile(r"[\w./~!$'()*,:@?;=-]*", re.ASCII)
_PATH_SAFE = "!$&'()*+,:=@"
_NAME_SAFE = "/!$'()*,:@?;"
_VALUE_SAFE = _NAME_SAFE + "="
_FRAGMENT_SAFE = _VALUE_SAFE + "#%&+[]"

_ABSOLUTE = re.compile(r"https?:|//", re.IGNORECASE)
_LONGEST_PATH = 2_000  # characters; browsers and servers allow little more, and the search below is quadratic
_DRESSED = re.compile("amp|print|druck", re.IGNORECASE)  # a quick look before forms.SUFFIX
_BLOGGER = re.compile(r"/\d{4}/\d\d/[^/]+\.html")  # its mobile pages are the page with ?m=1

_Parts: TypeAlias = tuple[str, str, str | None, str | None]


def url_key(url: str) -> str:
    """The identity of a page: two URLs of one page give one key, URLs of different pages different ones.

    Gone are scheme, user info, default port, www. m. mobile. amp. touch., fragments other than routes (#!, #/), session
    and tracking parameters, index pages, a final slash or .html; AMP, mobile and print forms, AMP caches and redirects
    lead to the article. Percent-encoding, IDN, dot segments and the order of parameters have one form. Other
    subdomains, languages, ports, extensions and pages of a list are other pages; the path's case is kept.

    Pure, idempotent, never raises. What is no web address is its own key, without spaces around it. The rules and
    their sources stand in `forms` and `parameters`.

    >>> url_key("http://m.example.org/2024/story.amp.html?b=2&utm_source=x&a=1#comments")
    'example.org/2024/story?a=1&b=2'
    >>> url_key("https://www.google.com/amp/s/amp.example.org/story/")
    'example.org/story'
    >>> url_key("mailto:desk@example.org")
    'mailto:desk@example.org'
    """
    url = _clean(url)
    parts = _read(url)
    if parts is None:
        return url
    while (target := _target(parts)) is not None:  # a target is shorter than what carried it, so this ends
        parts = target
    host, path, query, fragment = parts
    kept = _kept_parameters(query, host, path) if query else ""
    return f"{host}{_article_path(host, path)}{kept}{_route(fragment)}"


def _clean(url: str) -> str:
    return clean(_CONTROLS.sub("", url)).strip()


def _read(url: str) -> _Parts | None:
    """(host of the key, path in one encoding, query and fragment as written); None for what is no web address."""
    if len(url) > MAX_LENGTH:
        return None
    if match := _URL.fullmatch(_FEED_SCHEME.sub("", url) if url[:5].lower() == "feed:" else url):
        scheme, authority, path, query, fragment = match.groups()
        scheme = (scheme or "").lower()
    elif match := _BARE.fullmatch(url):  # a key, or an address as people type it
        scheme, (authority, path, query, fragment) = "", match.groups()
    else:
        return None
    host = _key_host(scheme, authority)
    return None if host is None else (host, _one_encoding(path), query, fragment)


@lru_cache(maxsize=4096)
def _key_host(scheme: str, authority: str) -> str | None:
    """The host (and port) that stands in a key: example.org for www.m.example.org:443 under https."""
    read = read_authority(scheme, authority)
    if read is None:
        return None
    host, port = read
    domain = registrable(host)
    if domain is not None and host != domain:
        host = _undressed(host, domain)
    if port is None:
        return host
    return None if host in ("http", "https", "feed") else f"{host}:{port}"  # which would read as a scheme


def _undressed(host: str, domain: str) -> str:
    """Without labels that change the dress of a page.

    >>> _undressed("en.m.example.org", "example.org"), _undressed("www.co.uk", "www.co.uk")
    ('en.example.org', 'www.co.uk')
    """
    labels = [forms.HOST_PREFIX.sub("", label) for label in host.removesuffix(domain).split(".")]
    return ".".join([*(label for label in labels if label and label not in forms.HOST_LABELS), domain])


def _target(parts: _Parts) -> _Parts | None:
    """Where a redirect or a cache leads; None for a page of its own."""
    host, path, query, _ = parts
    for pattern, names in _leading_on(host):
        match = pattern.fullmatch(path)
        if match is None:
            continue
        if not names:
            return _read(f"//{''.join(match.groups())}{f'?{query}' if query else ''}")
        pairs = [pair.partition("=") for pair in _AMPERSAND.sub("&", query or "").split("&")]
        for name, _, value in pairs:
            target = _clean(unquote(value.replace("+", " ")))
            if name in names and _ABSOLUTE.match(target) and (read := _read(target)) is not None:
                return read
    return None


@lru_cache(maxsize=4096)
def _leading_on(host: str) -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    caches = [(path, ()) for hosts, path in forms.CACHES if hosts.fullmatch(host)]
    return (*caches, *((path, names) for hosts, path, names in forms.REDIRECTS if hosts.fullmatch(host)))


def _one_encoding(path: str) -> str:
    r"""The path with one spelling of every character, without sessions and empty or dot segments, from the root.

    >>> _one_encoding("/caf%c3%A9/./x/..//a%2db;jsessionid=1F/%zz\\한/")
    '/caf%C3%A9/a-b/%25zz/%ED%95%9C'
    """
    segments = path.replace("\\", "/").split("/")
    if not _PLAIN_PATH.fullmatch(path):
        segments = [_encoded(_SESSION.sub("", segment)) for segment in segments]
    kept: list[str] = []
    for segment in segments:
        if segment == "..":
            del kept[-1:]  # an empty one, too, as in a browser
        elif segment != "." and not (segment[:1] == "(" and _SESSION_SEGMENT.fullmatch(segment)):
            kept.append(segment)
    return "/" + "/".join(filter(None, kept))


def _encoded(segment: str) -> str:
    data = unquote_to_bytes(segment)
    try:
        return quote(normalize("NFC", data.decode("utf-8")), safe=_PATH_SAFE)
    except UnicodeDecodeError:
        return quote(data, safe=_PATH_SAFE)  # EUC-KR, Shift_JIS, … of old systems


def _article_path(host: str, path: str) -> str:
    """The path of the article whose AMP, mobile or print form this may be; "" for a site's first page.

    >>> _article_path("example.org", "/amp/news/story-12345.html/print"), _article_path("example.org", "/shop/guitar-amp")
    ('/news/story-12345', '/shop/guitar-amp')
    """
    if len(path) > _LONGEST_PATH or _leading_on(host):  # else /amp/x could become /x there, which leads elsewhere
        return path.rstrip("/")
    while True:
        for part, pattern, other in _paths_of(host):
            if part in path and (match := pattern.fullmatch(path)):
                path = match.expand(other)
        segments = _without_first(_without_last(path.split("/")[1:]))
        shorter = "/" + "/".join(segments) if segments else ""
        if shorter == path or not segments:
            return shorter
        path = shorter


@lru_cache(maxsize=4096)
def _paths_of(host: str) -> tuple[tuple[str, re.Pattern[str], str], ...]:
    return tuple((part, path, other) for hosts, part, path, other in forms.PATHS if hosts.fullmatch(host))


def _without_last(segments: list[str]) -> list[str]:
    """Index pages, .html, story/amp, story.amp, story-12345/print."""
    while segments:
        *before, last = segments
        if _is_dress(last, before):
            segments = before
        elif _DRESSED.search(last) and (match := forms.SUFFIX.fullmatch(last)):
            segments = [*before, f"{match['amp'] or match['print']}{match['ext'] or match['ext2'] or ''}"]
        elif last.endswith((".html", ".HTML")) and last[:-5].strip("."):
            segments = [*before, last[:-5]]
        else:
            break
    return segments


def _is_dress(last: str, before: list[str]) -> bool:
    """Whether a path's last segment says only how the page before it is dressed."""
    if last == "" or forms.INDEX.fullmatch(last):
        return True
    if not before:
        return False  # twitter.com/amp is somebody
    if last in forms.AMP_LAST:
        return before[-1].lower() not in forms.BEFORE_A_NAME
    if last == "1":  # NDTV: /story/amp/1
        return before[-1] == "amp"
    return last in forms.DRESS_LAST and forms.A_STORY.search(before[-1]) is not None


def _without_first(segments: list[str]) -> list[str]:
    """/amp/story, /platform/amp/story, /mobile/news/story, /print/story-12345; "amp" further in."""
    if len(segments) < 2:
        return segments
    first = segments[0].lower()
    if tuple(segments[:2]) in forms.AMP_FIRST_TWO:
        return segments[2:]
    if first in forms.AMP_FIRST or (first in forms.MOBILE_FIRST and len(segments) > 2):
        return segments[1:]
    if first in forms.PRINT_FIRST and forms.A_STORY.search(segments[-1]):
        return segments[1:]
    for at, segment in enumerate(segments):
        if segment in ("amp", "Amp") and segments[at - 1].lower() not in forms.BEFORE_A_NAME:
            return segments[:at] + segments[at + 1 :]
    return segments


def _kept_parameters(query: str, host: str, path: str) -> str:
    """The parameters that are the page's own, in one order and one encoding: "?a=1&b=2" or ""."""
    kept = set()
    for pair in _AMPERSAND.sub("&", f"&{query}").split("&"):
        name, _, value = pair.partition("=")
        plain = _PLAIN_PAIR.fullmatch(pair) is not None
        if not plain:
            name, value = (normalize("NFC", unquote(part.replace("+", " ")).strip()) for part in (name, value))
            name = _AMPERSAND.sub("", f"&{name}").removeprefix("&")  # amp%3Butm_medium
        if not name or _is_noise(name.lower(), value, host, path):
            continue
        if not plain:
            name, value = quote(name, safe=_NAME_SAFE), quote(value, safe=_VALUE_SAFE)
        kept.add(f"{name}={value}" if value else name)
    return f"?{'&'.join(sorted(kept))}" if kept else ""


def _is_noise(name: str, value: str, host: str, path: str) -> bool:
    """Whether a parameter says how the reader came or how the page is dressed."""
    if name in parameters.NOISE or parameters.PREFIXES.match(name) or name in _noise_of(host):
        return True
    if name in parameters.NOISE_WITH_A_WORD and parameters.WORD.fullmatch(value):
        return True
    if name in parameters.FLAGS and parameters.FLAG.fullmatch(value):
        return True
    if name in parameters.DRESSES and parameters.DRESS.fullmatch(value):
        return True
    if name in parameters.DRESS_BY_NAME and parameters.DRESS_BY_NAME[name].fullmatch(value):
        return True
    if name in parameters.NOISE_ON_A_STORY:
        return _names_a_story(path) or _names_a_story(_article_path(host, path))  # as it stands in the key
    return name == "m" and value in ("0", "1") and _BLOGGER.fullmatch(path) is not None


def _names_a_story(path: str) -> bool:
    return forms.A_STORY.search(forms.SCRIPT.sub("", path.rpartition("/")[2])) is not None


@lru_cache(maxsize=4096)
def _noise_of(host: str) -> frozenset[str]:
    return parameters.NOISE_BY_SITE.get(registrable(host) or host, frozenset())


def _route(fragment: str | None) -> str:
    """The fragment if it is the address within a single-page site, else ""."""
    if not fragment or fragment[0] not in "!/" or not fragment.strip("!/"):
        return ""
    return "#" + quote(fragment.rstrip("/"), safe=_FRAGMENT_SAFE)
