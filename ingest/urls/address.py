r"""Reading addresses as browsers do (https://url.spec.whatwg.org/), for http and https alone.

Where the standard and older readers differ, the reading decides which server is asked: `https://e.com\@evil.org/`
is a page of e.com to a browser and a page of evil.org to RFC 3986. What leaves this module means the same to all.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import NamedTuple
from urllib.parse import quote, unquote

import idna

from ingest.errors import FetchError

MAX_LENGTH = 65_536  # characters; httpx refuses longer ones, and no page has such an address
DEFAULT_PORTS = {"http": 80, "https": 443}

_EDGES = "".join(map(chr, range(33)))  # C0 controls and the space
_LINE_BREAKS = re.compile(r"[\t\n\r]")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_AUTHORITY_END = re.compile(r"[/\\?#]")
_NOT_IN_PATH = re.compile(r"[^!$%&'()*+,./:;=@\[\]|\\\w~-]", re.ASCII)
_NOT_IN_QUERY = re.compile(r"[^!$%&()*+,./:;=?@\[\]|\\^`{}\w~-]", re.ASCII)
_DOT_SEGMENT = re.compile(r"(?:^|/)(?:\.|%2e){1,2}(?:/|$)", re.IGNORECASE)
_PLAIN_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_-])?")
_NUMBER = re.compile(r"(?:0[xX][0-9a-fA-F]*|[0-9]+)")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Address(NamedTuple):
    """An http or https URL, taken apart; `port` is None where it is the scheme's own."""

    scheme: str
    host: str
    port: int | None
    path: str
    query: str | None

    @property
    def origin(self) -> str:
        """Host and port, "example.org" or "127.0.0.1:8080"."""
        return self.host if self.port is None else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        query = "" if self.query is None else f"?{self.query}"
        return f"{self.scheme}://{self.origin}{self.path}{query}"


def resolve(base: str, href: str) -> str | None:
    """The absolute URL that `href` on the page `base` points to, as a browser reads it, without its fragment.

    None for what is no web page (`javascript:`, `mailto:`, `data:`), for what has no valid host and for what is
    longer than 64 KiB. Never raises. User names and passwords are dropped: they are secrets of the reader's own
    or somebody's trick, and no link needs them.

    >>> resolve("https://example.org/news/today?x=1", "../a b/#top")
    'https://example.org/a%20b/'
    >>> resolve("https://example.org/", "//cdn.example.net/é")
    'https://cdn.example.net/%C3%A9'
    >>> resolve("https://example.org/", "javascript:alert(1)") is None
    True
    """
    href = clean(href)
    if len(href) > MAX_LENGTH:
        return None
    scheme, rest = _scheme(href)
    if scheme is not None and scheme not in DEFAULT_PORTS:
        return None
    if scheme is not None and rest[:2].replace("\\", "/") == "//":
        address = _absolute(scheme, rest)
    elif (start := _read_base(base)) is not None and scheme in (None, start.scheme):
        address = _relative(start, rest)
    else:
        address = _absolute(scheme, rest) if scheme is not None else None
    url = "" if address is None else str(address)
    return url if 0 < len(url) <= MAX_LENGTH else None  # percent-encoding may have made it nine times as long


def host_key(url: str) -> str:
    """Whom a URL asks: the host in lower case and ASCII, with its port where that is not the scheme's own.

    Raises FetchError("bad_url") for what is no http(s) URL with a valid host.

    >>> host_key("https://Bücher.Example:443/a")
    'xn--bcher-kva.example'
    >>> host_key("http://127.0.0.1:8080/")
    '127.0.0.1:8080'
    """
    address = read(url)
    if address is None:
        shown = re.sub(r"//[^/?#]*@", "//", clean(url))[:200]
        raise FetchError("bad_url", f"{shown!r} is no web address; write it like https://example.org/news")
    return address.origin


def clean(url: str) -> str:
    """Without what browsers ignore: spaces and controls around, line breaks within. Lone surrogates become U+FFFD."""
    url = url.strip(_EDGES)
    if not url.isprintable():
        url = _SURROGATE.sub("\ufffd", _LINE_BREAKS.sub("", url))
    return url


def read(url: str) -> Address | None:
    """An absolute http(s) URL, taken apart and in the browser's spelling; None for anything else."""
    url = clean(url)
    scheme, rest = _scheme(url)
    return _absolute(scheme, rest) if scheme in DEFAULT_PORTS and len(url) <= MAX_LENGTH else None


def _absolute(scheme: str, rest: str) -> Address | None:
    rest = rest.lstrip("/\\")  # browsers read https:example.org, https:///example.org and https:\\example.org alike
    found = _AUTHORITY_END.search(rest)
    end = len(rest) if found is None else found.start()
    authority = read_authority(scheme, rest[:end])
    if authority is None:
        return None
    path, query = _path_and_query(rest[end:])
    return Address(scheme, *authority, _without_dots(path or "/"), query)


_read_base = lru_cache(maxsize=64)(read)  # a page's links have one base


@lru_cache(maxsize=4096)
def read_authority(scheme: str, authority: str) -> tuple[str, int | None] | None:
    """(host, port) of "user:password@host:port"; None if it is not valid."""
    host, _, port = authority.rpartition("@")[2], "", ""
    if (colon := host.rfind(":")) > host.rfind("]"):
        host, port = host[:colon], host[colon + 1 :]
    name = read_host(host)
    if name is None or not (port.isascii() and (port.isdigit() or not port)) or len(port) > 9:
        return None
    number = int(port) if port else None
    if number is not None and number > 65535:
        return None
    return name, None if number == DEFAULT_PORTS.get(scheme) else number


def read_host(host: str) -> str | None:
    """A host as it is asked for: ASCII, lower case, IP addresses in their usual form; None if it is not valid.

    >>> read_host("Пример.рф"), read_host("0x7f.1"), read_host("[::0001]"), read_host("a b"), read_host("xn--a")
    ('xn--e1afmkfd.xn--p1ai', '127.0.0.1', '[::1]', None, None)
    """
    if host.startswith("[") and host.endswith("]"):
        try:
            return f"[{IPv6Address(host[1:-1])}]" if "%" not in host else None
        except AddressValueError:
            return None
    if "%" in host:
        host = unquote(host, errors="replace")
    host = host.lower() if host.isascii() else _to_ascii(host)
    host = host.removesuffix(".")  # the root's dot changes nothing that we ask for
    labels = host.split(".")
    if not _PLAIN_HOST.fullmatch(host) or len(host) > 253 or any(not 0 < len(label) < 64 for label in labels):
        return None
    if _NUMBER.fullmatch(labels[-1]):
        return _read_ipv4(labels)
    return host if all(_is_punycode(label) for label in labels if label.startswith("xn--")) else None


def _read_ipv4(labels: list[str]) -> str | None:
    """https://url.spec.whatwg.org/#concept-ipv4-parser: 1 to 4 numbers, decimal, octal or hexadecimal; the last fills."""
    if len(labels) > 4 or not all(_NUMBER.fullmatch(label) and len(label) < 16 for label in labels):
        return None
    try:
        numbers = [_number(label) for label in labels]
    except ValueError:  # 08 and 09 are no octal numbers
        return None
    room = 256 ** (5 - len(numbers))
    if any(number > 255 for number in numbers[:-1]) or numbers[-1] >= room:
        return None
    return str(IPv4Address(sum(number << 8 * (3 - i) for i, number in enumerate(numbers[:-1])) + numbers[-1]))


def _number(label: str) -> int:
    if label[:2] in ("0x", "0X"):
        return int(label[2:] or "0", 16)
    return int(label, 8 if label.startswith("0") and len(label) > 1 else 10)


def _to_ascii(host: str) -> str:
    """UTS 46 and Punycode as browsers do it; emoji domains exist, so IDNA 2008's stricter tables are not asked."""
    try:
        mapped = idna.uts46_remap(host, std3_rules=False, transitional=False)
        return ".".join(
            label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"
            for label in mapped.split(".")
        )
    except (idna.IDNAError, UnicodeError):
        return ""


def _is_punycode(label: str) -> bool:
    try:
        text = label[4:].encode("ascii").decode("punycode")
        return not text.isascii() and idna.uts46_remap(text, std3_rules=False, transitional=False) == text
    except (idna.IDNAError, UnicodeError):
        return False


def _scheme(url: str) -> tuple[str | None, str]:
    """("https", what follows the colon), or (None, url)."""
    head, colon, rest = url.partition(":")
    if colon and head in DEFAULT_PORTS:
        return head, rest
    match = _SCHEME.match(url)
    return (match[1].lower(), url[match.end() :]) if match else (None, url)


def _path_and_query(rest: str) -> tuple[str, str | None]:
    """Both percent-encoded as a browser does; the fragment goes."""
    rest = rest.partition("#")[0]
    path, mark, query = rest.partition("?")
    return (
        _NOT_IN_PATH.sub(_encode, path.replace("\\", "/")),
        _NOT_IN_QUERY.sub(_encode, query) if mark else None,
    )


def _encode(match: re.Match[str]) -> str:
    return quote(match[0], safe="")


def _relative(base: Address, rest: str) -> Address | None:
    """https://url.spec.whatwg.org/#relative-state"""
    path, query = _path_and_query(rest)
    if path.startswith("//"):
        return read(f"{base.scheme}:{rest}")
    if not path:
        return base if query is None else base._replace(query=query)
    if not path.startswith("/"):
        path = base.path[: base.path.rfind("/") + 1] + path
    return base._replace(path=_without_dots(path), query=query)


def _without_dots(path: str) -> str:
    if ("/." not in path and "%2" not in path) or not _DOT_SEGMENT.search(path):
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for i, segment in enumerate(segments):
        dots = segment.replace("%2e", ".").replace("%2E", ".")
        if dots == "..":
            del kept[-1:]
        elif dots != ".":
            kept.append(segment)
            continue
        if i == len(segments) - 1:
            kept.append("")
    return "/" + "/".join(kept)
