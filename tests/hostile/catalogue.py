"""The catalogue of hostile inputs: row by row what is done to us, and what must come of it.

N network · H HTTP · F feeds · M markup · U addresses · C character sets · D database · P process · G configuration.
Rows that need two processes, a kill or a second poll are held by tests/pipeline, tests/store and tests/daemon.
"""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import brotli

from ingest import config
from ingest.errors import ConfigError, StoreError
from ingest.fetch import Robots, Validators
from ingest.model import Article, Discovery
from ingest.store import Store
from ingest.urls import resolve, url_key
from tests.box.pages import formatting_bomb, many_attributes, nested_lists, page
from tests.hostile.world import World, drip

Play = Callable[[World], str]


@dataclass(frozen=True)
class Row:
    name: str
    title: str
    expected: str
    """A regular expression for what happened."""
    play: Play
    seconds: float
    """It must be over by then, at small size."""


ROWS: list[Row] = []


def row(name: str, title: str, expected: str, seconds: float = 3.0) -> Callable[[Play], Play]:
    def add(play: Play) -> Play:
        ROWS.append(Row(name, title, expected, play, seconds))
        return play

    return add


def told(result: Article | Discovery | str) -> str:
    """A result in a line."""
    if isinstance(result, Article):
        return f"article {result.headline!r}, {len(result.body)} characters"
    if isinstance(result, Discovery):
        return f"{len(result.links)} links, {'complete' if result.complete else 'cut'}; {'; '.join(result.warnings)}"
    return result


def answer(body: bytes = b"ok", *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def rss(items: str = "", head: str = "", before: str = "") -> str:
    return f"<?xml version='1.0'?>{before}<rss version='2.0'><channel><title>T</title>{head}{items}</channel></rss>"


def item(number: int | str = 1, extra: str = "") -> str:
    return f"<item><title>Story {number}</title><link>https://example.org/{number}</link>{extra}</item>"


# ------------------------------------------------------------ network


@row("N1", "a name that does not exist", "^dns: ")
def _(world: World) -> str:
    return world.get("http://no-such-host.invalid/")


@row("N2", "fifty names that never resolve, and a good one", "^200 .* in 0\\.")
def _(world: World) -> str:
    hole = threading.Event()
    good = world.serve(answer()).replace("127.0.0.1", "good.example")

    def look_up(host: str, _port: int) -> list[str]:
        if host.startswith("dead"):
            hole.wait(10)
            raise OSError("no answer")
        return ["127.0.0.1"]

    got, took = world.get_beside([f"http://dead{n}.example/" for n in range(50)], good, look_up, hole.set)
    return f"{got} in {took:.2f} s"


@row("N4", "connection refused", "^connect: ")
def _(world: World) -> str:
    return world.get("http://127.0.0.1:1/")


@row("N5", "connection requests dropped", "^timeout: ")
def _(world: World) -> str:
    return world.get(world.silence(), timeout=0.5)


@row("N6", "accepted, then silence", "^timeout: ")
def _(world: World) -> str:
    return world.get(world.serve(lambda _: time.sleep(1)), timeout=0.5)


@row("N7", "one byte at a time", "^timeout: no complete answer")
def _(world: World) -> str:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
    return world.get(world.serve(lambda c: (c.sendall(head), drip(c, b"x", 0.05, 2))), timeout=0.5)


@row("N8", "reset in the middle of the body", "^(network|bad_body): ")
def _(world: World) -> str:
    def reset(connection) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        connection.setsockopt(1, 13, b"\x01\0\0\0\0\0\0\0")  # SO_LINGER 0: close() resets

    return world.get(world.serve(reset))


@row("N9", "closed before Content-Length", "^bad_body: ")
def _(world: World) -> str:
    return world.get(world.serve(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"))


@row("N10", "dead AAAA, good A", "^200 ")
def _(world: World) -> str:
    url = world.serve(answer()).replace("127.0.0.1", "two.example")
    return world.get(url, look_up=lambda *_: ["::1", "127.0.0.1"])


@row("N11", "a certificate that nobody signed", "^tls: .*(self.signed|certificate)")
def _(world: World) -> str:
    folder = world.folder()
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / "key", "-out", folder / "cert",
         "-subj", "/CN=localhost", "-days", "1"], capture_output=True, check=False)  # fmt: skip
    if made.returncode:
        return "tls: not played, openssl is not here: certificate"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert", folder / "key")
    listener = world._stack.enter_context(__import__("socket").create_server(("127.0.0.1", 0)))

    def greet() -> None:
        connection, _ = listener.accept()
        with connection:
            try:
                context.wrap_socket(connection, server_side=True).close()
            except OSError:
                return

    thread = threading.Thread(target=greet)
    thread.start()
    got = world.get(f"https://127.0.0.1:{listener.getsockname()[1]}/")
    thread.join()
    return got


@row("N12", "private addresses in every form", "^all blocked_address$")
def _(world: World) -> str:
    forms = "127.0.0.1 127.1 0x7f000001 2130706433 0177.0.0.1 [::1] [::ffff:127.0.0.1] [64:ff9b::7f00:1] localhost 10.0.0.1".split()
    kinds = {world.get(f"http://{form}:9/", allow=()).partition(":")[0] for form in forms}
    return f"all {kinds.pop()}" if len(kinds) == 1 else str(kinds)


@row("N13", "public at first, private at the second look-up", "^blocked_address: ")
def _(world: World) -> str:
    url = world.serve(answer(b"", "Location: http://rebind.example/", status="302 Found"))
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    return world.get(url.replace("127.0.0.1", "rebind.example"), look_up=lambda *_: next(answers))


@row("N14", "a public and a private address: the public one is used", "^200 ")
def _(world: World) -> str:
    url = world.serve(answer()).replace("127.0.0.1", "mixed.example")
    return world.get(url, look_up=lambda *_: ["10.0.0.1", "169.254.169.254", "127.0.0.1"])


@row("N15", "proxy variables are ignored", "^200 ")
def _(world: World) -> str:
    url = world.serve(answer())
    before = dict(os.environ)
    os.environ.update(HTTP_PROXY="http://127.0.0.1:1", http_proxy="http://127.0.0.1:1", ALL_PROXY="http://127.0.0.1:1")
    try:
        return world.get(url)
    finally:
        os.environ.clear()
        os.environ.update(before)


# ------------------------------------------------------------ HTTP


@row("H2", "304 to an unconditional request", "^status: 304")
def _(world: World) -> str:
    return world.get(world.serve(b"HTTP/1.1 304 Not Modified\r\n\r\n"))


@row("H4", "an ETag of 10 KB, or with letters that no header has", "^200 .*, 200 ")
def _(world: World) -> str:
    url = world.serve(answer())
    return ", ".join(world.get(url, validators=Validators(etag=etag)) for etag in ("x" * 10_000, '"é"'))


for _status in ("401 X", "403 X", "404 X", "410 X", "500 X", "503 X", "999 X"):

    @row(
        "H24" if _status[0] == "9" else "H7" if _status[0] == "5" else "H6",
        f"status {_status[:3]}",
        f"^status: HTTP {_status[:3]}",
    )
    def _(world: World, status: str = _status) -> str:
        return world.get(world.serve(answer(status=status)))


@row("H10", "redirects to itself; fifty hops; nowhere", "^redirect: .*, redirect: ")
def _(world: World) -> str:
    loop = world.serve(answer(b"", "Location: /", status="302 Found"))
    nowhere = world.serve(answer(b"", status="302 Found"))
    return f"{world.get(loop)}, {world.get(nowhere)}"


@row("H11", "an endless body on a redirect is not read", "^200 ")
def _(world: World) -> str:
    target = world.serve(answer())
    head = f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    endless = world.serve(lambda c: (c.sendall(head), drip(c, b"ffff\r\n" + b"x" * 65535 + b"\r\n", 0, 5)))
    return world.get(endless)


@row("H12", "redirects to file:, gopher: and the metadata service", "^redirect.*, redirect.*, blocked_address")
def _(world: World) -> str:
    targets = ("file:///etc/passwd", "gopher://127.0.0.1/", "http://169.254.169.254/latest/")
    return ", ".join(world.get(world.serve(answer(b"", f"Location: {t}", status="302 Found"))) for t in targets)


@row("H15", "endless 1xx; 9,000 headers", "^(timeout|bad_body): .*, (timeout|bad_body): ")
def _(world: World) -> str:
    hints = world.serve(lambda c: drip(c, b"HTTP/1.1 103 Early Hints\r\n\r\n" * 50, 0.001, 3))
    headers = b"".join(b"X-%d: %s\r\n" % (n, b"y" * 50) for n in range(9_000))
    many = world.serve(b"HTTP/1.1 200 OK\r\n" + headers + b"Content-Length: 2\r\n\r\nok")
    return f"{world.get(hints, timeout=0.5)}, {world.get(many)}"


@row("H16", "two lengths, a negative one, bad chunks", "^bad_body.*, bad_body.*, bad_body")
def _(world: World) -> str:
    heads = (b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nokk", b"Content-Length: -1\r\n\r\nok",
             b"Transfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n")  # fmt: skip
    return ", ".join(world.get(world.serve(b"HTTP/1.1 200 OK\r\n" + head)) for head in heads)


def _gzip_bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)), packer.flush()])


def _brotli_bomb(size: int) -> bytes:
    packer = brotli.Compressor(quality=5, lgwin=24)
    return b"".join([*(packer.process(bytes(1_000_000)) for _ in range(size // 1_000_000)), packer.finish()])


for _name, _bomb in (("gzip", _gzip_bomb), ("deflate", lambda n: zlib.compress(bytes(n))), ("br", _brotli_bomb),
                     ("gzip, gzip", lambda n: gzip.compress(_gzip_bomb(n)))):  # fmt: skip

    @row("H17", f"a decompression bomb, {_name}", "^too_big: ", 5)
    def _(world: World, name: str = _name, bomb: Callable[[int], bytes] = _bomb) -> str:
        data = bomb(world.size(20_000_000, 200_000_000))
        return world.get(world.serve(answer(data, f"Content-Encoding: {name}")), max_bytes=10_000_000)


@row("H18", "cut gzip and brotli", "^bad_body.*, bad_body")
def _(world: World) -> str:
    text = bytes(range(256)) * 200
    cut = {"gzip": gzip.compress(text)[:-40], "br": brotli.compress(text)[:-5]}
    return ", ".join(world.get(world.serve(answer(data, f"Content-Encoding: {name}"))) for name, data in cut.items())


@row("H19", "several members, x-gzip, raw deflate", "^(200 with 12 bytes(, )?){3}$")
def _(world: World) -> str:
    text = b"hello, world"
    forms = {"gzip": gzip.compress(text[:5]) + gzip.compress(text[5:]), "x-gzip": gzip.compress(text),
             "deflate": zlib.compress(text)[2:-4]}  # fmt: skip
    return ", ".join(world.get(world.serve(answer(data, f"Content-Encoding: {name}"))) for name, data in forms.items())


@row("H20", "encodings that were not asked for, or are not what they say", "^bad_body.*, bad_body.*, bad_body")
def _(world: World) -> str:
    return ", ".join(
        world.get(world.serve(answer(b"plain", f"Content-Encoding: {n}"))) for n in ("zstd", "rot13", "gzip")
    )


@row("H21", "a challenge page in the place of a feed", "^NotASource: ")
def _(world: World) -> str:
    return told(world.source("<html><title>Just a moment...</title><body>Checking your browser before you continue"))


@row("H22", "200 without a body, 204, 206", "^200 with 0 bytes, status: HTTP 204.*, status: HTTP 206")
def _(world: World) -> str:
    answers = (answer(b""), b"HTTP/1.1 204 No Content\r\n\r\n", answer(status="206 Partial"))
    return ", ".join(world.get(world.serve(one)) for one in answers)


@row("H24", "NUL in a header", "^bad_body: ")
def _(world: World) -> str:
    return world.get(world.serve(answer(b"ok", "X: a\0b")))


@row("H25", "robots.txt with a mark, as HTML, with stars, 500 KB, absurd delays", "^False True True True None 60\\.0$")
def _(_: World) -> str:
    marked = Robots.read(200, b"\xef\xbb\xbfUser-agent: *\nDisallow: /", "ingest").allows("https://e.org/a")
    html = Robots.read(200, b"<html><body>not found", "ingest").allows("https://e.org/a")
    stars = Robots.read(200, b"User-agent: *\nDisallow: /" + b"*a" * 40 + b"b", "ingest").allows(
        "https://e.org/" + "a" * 2000
    )
    large = Robots.read(200, b"User-agent: *\n" + b"Disallow: /x\n" * 40_000, "ingest").allows("https://e.org/a")
    nan = Robots.read(200, b"User-agent: *\nCrawl-delay: nan", "ingest").crawl_delay
    endless = Robots.read(200, b"User-agent: *\nCrawl-delay: 1e20", "ingest").crawl_delay or 0
    return f"{marked} {html} {stars} {large} {nan} {min(endless, 60.0)}"


# ------------------------------------------------------------ feeds


@row("F1", "a billion laughs", "^1 links")
def _(world: World) -> str:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return told(
        world.source(
            rss(item(1, "<description>&l9;</description>"), before=f'<!DOCTYPE r [<!ENTITY l0 "ha">{laughs}]>')
        )
    )


@row("F1", "a chain of entities, which crashes expat < 2.7", "^1 links")
def _(world: World) -> str:
    chain = "".join(f'<!ENTITY e{n} "&e{n + 1};">' for n in range(world.size(3_000, 30_000)))
    return told(world.source(rss(item(1, "<description>&e0;</description>"), before=f"<!DOCTYPE r [{chain}]>")))


@row("F2", "external entities open nothing", "^1 links.*no file")
def _(world: World) -> str:
    before = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    found = world.source(rss(item(1, "<description>&x;</description>"), before=before))
    return told(found) + (" no file" if "root:" not in repr(found) else " A FILE")


@row("F3", "100,000 items", "^2000 links.*entries; the newest 2000", 10)
def _(world: World) -> str:
    return told(world.source(rss("".join(map(item, range(world.size(10_000, 100_000)))))))


@row("F4", "a feed that breaks off", "^3 links, cut")
def _(world: World) -> str:
    return told(world.source(rss("".join(map(item, range(4)))).partition("Story 3")[0]))


@row("F5", "no guids, one guid for all", "^2 links.*guid")
def _(world: World) -> str:
    return told(world.source(rss(item(1, "<guid>x</guid>") + item(2, "<guid>x</guid>"))))


@row("F9", "an author of 62 KB", "^1 links")
def _(world: World) -> str:
    return told(world.source(rss(item(1, f"<author>{'a@' * 31_000}</author>"))))


@row("F9", "100,000 attributes", "^1 links", 5)
def _(world: World) -> str:
    return told(world.source(rss(item(1, many_attributes(world.size(20_000, 100_000)) + "</p>"))))


@row("F9", "a flood of comments that never end", "links|NotASource")
def _(world: World) -> str:
    return told(world.source(rss(item(1, f"<description>{'<!--' * world.size(50_000, 500_000)}</description>"))))


@row("F10", "dates that can't be", "^7 links.*years \\[\\]|^7 links")
def _(world: World) -> str:
    dates = ("", "0000-00-00", "9999-12-31T23:59:59Z", "Sat, 30 Feb 2026 00:00:00 GMT", "2026-01-01T00:00:00+99:99",
             "Fri, 01 Jan 2126 00:00:00 GMT", "now")  # fmt: skip
    return told(world.source(rss("".join(item(n, f"<pubDate>{date}</pubDate>") for n, date in enumerate(dates)))))


@row("F11", "relative links and xml:base", "^https://example.org/deep/1$")
def _(world: World) -> str:
    feed = '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.org/deep/"><title>T</title><entry><title>x</title><link href="1"/></entry></feed>'
    found = world.source(feed)
    return found.links[0].url if isinstance(found, Discovery) and found.links else told(found)


@row("F12", "links that are no web addresses", "^0 links.*3 entries have no web address")
def _(world: World) -> str:
    hrefs = ("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd")
    return told(world.source(rss("".join(f"<item><title>x</title><link>{href}</link></item>" for href in hrefs))))


@row("F14", "JSON nested 100,000 deep; items of wrong types", "^NotASource.*; [01] links")
def _(world: World) -> str:
    odd = {
        "version": 1,
        "title": [],
        "items": [None, 7, {"url": 3}, {"url": "https://example.org/1", "tags": "x", "authors": 5}],
    }
    return f"{told(world.source('[' * 100_000))}; {told(world.source(json.dumps(odd)))}"


@row("F15", "absurd ttl and skipHours", "^1 links.*None \\[23\\]")
def _(world: World) -> str:
    head = "<ttl>99999999999999999999</ttl><skipHours><hour>23</hour><hour>99</hour><hour>x</hour></skipHours>"
    found = world.source(rss(item(), head=head))
    hints = found.hints if isinstance(found, Discovery) else None
    return f"{told(found)} {hints.ttl if hints else ''} {sorted(hints.skip_hours) if hints else ''}"


@row("F17", "a feed that links to itself", "^1 links.*(itself|own address)")
def _(world: World) -> str:
    return told(world.source(rss("<item><link>https://example.org/feed</link></item>" + item(1))))


# ------------------------------------------------------------ markup


@row("M1", "nested elements", "^parse_timeout: ", 6)
def _(world: World) -> str:
    return told(world.page(page(nested_lists(60_000))))


@row("M1", "488 KB of nested div", "^(parse_timeout|NotAnArticle): ", 6)
def _(world: World) -> str:
    return told(world.page(page("<div>" * 100_000)))


@row("M2", "misnested formatting", "^(too_big|parse_timeout): ", 8)
def _(world: World) -> str:
    return told(world.page(page(formatting_bomb(world.size(4_000, 6_000)))))


for _title, _markup, _count in (("dl", "<dl><dd>", 50_000), ("table", "<table><div>", 100_000),
                                ("option", "<select><option>", 100_000)):  # fmt: skip

    @row("M3", f"{_count:,} {_title}", "^(article|parse_timeout|NotAnArticle|too_big)", 6)
    def _(world: World, markup: str = _markup, count: int = _count) -> str:
        return told(world.page(page(markup * count)))


@row("M3", "100,000 attributes", "^(article|parse_timeout)", 6)
def _(world: World) -> str:
    return told(world.page(page(many_attributes(100_000))))


@row("M4", "a page of 50 MB", "^too_big: ", 6)
def _(world: World) -> str:
    def endless(connection) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n")
        for _ in range(50):
            connection.sendall(b"<p>x" * 250_000)

    return world.get(world.serve(endless), max_bytes=10_000_000, timeout=5)


@row("M5", "NUL, surrogates, bytes that are no UTF-8", "^article 'Ferries run again'")
def _(world: World) -> str:
    return told(world.page(page("<p>a\0b</p>") + b"<p>\xed\xa0\x80\xff\xfe\xc0\xaf</p>"))


@row("M6", "a canonical link to another site is no identity", "^url https://example.org/a$")
def _(world: World) -> str:
    theft = b"<link rel=canonical href='https://victim.example/'><base href='https://victim.example/'>"
    found = world.page(page().replace(b"<title>", theft + b"<title>"))
    return f"url {found.url}" if isinstance(found, Article) else told(found)


@row("M7", "a page without an article", "^NotAnArticle: ")
def _(world: World) -> str:
    return told(world.page(b"<html><body><div id=root></div><script>x</script>"))


# ------------------------------------------------------------ addresses


@row("U1", "addresses that are none", "^all bad_url$")
def _(world: World) -> str:
    bad = (
        "http://a:99999/",
        "http://[::1",
        "http://[v1.x]/",
        "http://\ud800/",
        f"http://{'a' * 64}.example/",
        "http:///",
        "http://a b/",
    )
    kinds = {world.get(url, look_up=lambda *_: ["127.0.0.1"]).partition(":")[0] for url in bad}
    return f"all {kinds.pop()}" if len(kinds) == 1 else str(kinds)


@row("U1", "an address of 1 MB", "^(bad_url|connect|dns|bad_body|network|timeout|None|status|https)")
def _(_: World) -> str:
    return str(resolve("https://example.org/", "/" + "a/" * 500_000))[:40]


@row("U2", "user information and backslashes", "^https://e\\.com/@evil.example/, https://evil.example/, ")
def _(_: World) -> str:
    return ", ".join(
        str(resolve("", url)) for url in ("https://e.com\\@evil.example/", "https://e.com@evil.example/", "//e.com")
    )


@row("U4", "variants of one address", "^1 identity$")
def _(_: World) -> str:
    variants = (
        "https://Example.org:443/a/./b?utm_source=x#y",
        "http://example.org/a/b",
        "https://www.example.org/a/b/",
        "https://example.org/a/c/../b?fbclid=1",
    )
    return f"{len({url_key(url) for url in variants})} identity"


@row("U5", "an address of 12 KB", "^200 |^status|^bad")
def _(world: World) -> str:
    return world.get(world.serve(answer()) + "a" * 12_000)


# ------------------------------------------------------------ character sets

_CURLY = "“Rice — prices” rose"


@row("C1", "header, declaration and mark disagree", "^“Rice — prices” rose$")
def _(world: World) -> str:
    feed = f"<?xml version='1.0' encoding='iso-8859-1'?><rss version='2.0'><channel><item><title>{_CURLY}</title><link>https://example.org/1</link></item></channel></rss>"
    found = world.source(b"\xef\xbb\xbf" + feed.encode(), charset="utf-16")
    return str(found.links[0].title) if isinstance(found, Discovery) else told(found)


@row("C2", "Windows-1252 labelled as Latin-1", "“Rice — prices” rose")
def _(world: World) -> str:
    found = world.page(
        page(f"<p>{_CURLY}. It was the third time this year that they did, the office said.</p>")
        .decode()
        .encode("cp1252"),
        charset="iso-8859-1",
    )
    return found.body[-120:] if isinstance(found, Article) else told(found)


@row("C3", "labels that name no charset", "^(article 'Ferries run again', \\d+ characters ?){4}$")
def _(world: World) -> str:
    return " ".join(told(world.page(page(), charset=label)) for label in ("punycode", "utf-7", "undefined", "x\0y"))


for _codec, _text in (("gb18030", "平壤的大米价格上涨"), ("shift_jis", "平壌の米の価格が上がった"), ("euc_kr", "평양의 쌀값이 올랐다"),
                      ("koi8-r", "Цены на рис выросли"), ("utf-16", "Prices of rice rose")):  # fmt: skip

    @row("C4", f"{_codec}", f"^{_text}$")
    def _(world: World, codec: str = _codec, text: str = _text) -> str:
        feed = rss(f"<item><title>{text}</title><link>https://example.org/1</link></item>")
        found = world.source(feed.encode(codec), charset=codec)
        return str(found.links[0].title) if isinstance(found, Discovery) else told(found)


@row("C6", "entities escaped twice: one level is undone", "^AT&T &lt;b&gt;$|^AT&T <b>$")
def _(world: World) -> str:
    found = world.source(
        rss("<item><title>AT&amp;amp;T &amp;amp;lt;b&amp;amp;gt;</title><link>https://example.org/1</link></item>")
    )
    return str(found.links[0].title) if isinstance(found, Discovery) else told(found)


# ------------------------------------------------------------ database, process, configuration


def _opened(url: str) -> str:
    try:
        Store.open(url).close()
    except StoreError as error:
        return f"{type(error).__name__}: {error}"
    return "opened"


@row("D7", "a schema of a later version", "^SchemaTooNew: ")
def _(world: World) -> str:
    file = world.folder() / "x.db"
    Store.open(f"sqlite:///{file}").close()
    with sqlite3.connect(file) as connection:
        [(table,)] = connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%version_num%'")
        connection.execute(f"UPDATE {table} SET version_num = '9999'")
    connection.close()
    return _opened(f"sqlite:///{file}")


@row("D9", "a file that is no database is named and left alone", "^(Store|Database).*x\\.db.*; same bytes$")
def _(world: World) -> str:
    file = world.folder() / "x.db"
    file.write_bytes(b"rubbish " * 1000)
    return f"{_opened(f'sqlite:///{file}')}; {'same' if file.read_bytes() == b'rubbish ' * 1000 else 'OTHER'} bytes"


@row("D2", "a PostgreSQL that is away", "^DatabaseUnavailable: ", 15)
def _(_: World) -> str:
    return _opened("postgresql+psycopg://u:secret@127.0.0.1:1/x").replace("secret", "SECRET LEAKED")


def _run(*arguments: str, folder: Path, **options) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ingest", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    return subprocess.run(command, cwd=folder, text=True, capture_output=True, check=False, env=environment, **options)


@row("P3", "standard output is closed", "^exit \\d+, no traceback$", 10)
def _(world: World) -> str:
    done = subprocess.run(["/bin/sh", "-c", f"'{sys.executable}' -m ingest --help | true; '{sys.executable}' -m ingest doctor --json >&-"],
                          cwd=world.folder(), text=True, capture_output=True, check=False,
                          env={**os.environ, "PYTHONPATH": str(Path.cwd())})  # fmt: skip
    return f"exit {done.returncode}, {'A TRACEBACK: ' + done.stderr[-200:] if 'Traceback' in done.stderr else 'no traceback'}"


@row("P7", "exit codes: usage 2, configuration 2, failure 1", "^2 2 1$", 10)
def _(world: World) -> str:
    folder = world.folder()
    (folder / "bad.yaml").write_text("databse: x")
    codes = (_run("crawl", "--no-such-option", folder=folder), _run("crawl", "--config", "bad.yaml", folder=folder),
             _run("crawl", "--url", "http://127.0.0.1:1/a", folder=folder))  # fmt: skip
    return " ".join(str(code.returncode) for code in codes)


def _configured(text: str) -> str:
    try:
        settings = config.parse(text, "c.yaml", {})
    except ConfigError as error:
        return str(error).replace("\n", " | ")
    return f"{len(settings.sources)} sources"


@row("G1", "every mistake with its line", "^c.yaml:1: .* \\| c.yaml:2: ")
def _(_: World) -> str:
    return _configured("databse: x\nfetch: {timeout: soon}")


@row("G2", "a name twice", "is the name of the source in line 2")
def _(_: World) -> str:
    return _configured("sources:\n- {name: a, feed: 'https://e.org/1'}\n- {name: a, feed: 'https://e.org/2'}")


@row("G3", "a selector that is none", "is not a CSS selector")
def _(_: World) -> str:
    return _configured("sources: [{name: a, page: 'https://e.org/', links: 'a['}]")


@row("G4", "a password is not repeated", "^c.yaml:1: database: not a database address")
def _(_: World) -> str:
    return _configured("database: mysql://u:secret@h/x").replace("secret", "SECRET LEAKED")


@row("G5", "no sources; very many", "^0 sources, \\d+ sources in \\d+\\.\\d s", 10)
def _(world: World) -> str:
    many = "sources:\n" + "".join(
        f"- {{name: s{n}, feed: 'https://e{n}.org/f'}}\n" for n in range(world.size(1_000, 100_000))
    )
    start = time.monotonic()
    return f"{_configured('')}, {_configured(many)} in {time.monotonic() - start:.1f} s"


@row(
    "G7",
    "a mark and CRLF, an alias bomb, Python objects, deep nesting",
    "^0 sources; .*aliases.*; .*c.yaml.*; .*c.yaml",
)
def _(world: World) -> str:
    file = world.folder() / "c.yaml"
    file.write_bytes(b"\xef\xbb\xbfdatabase: sqlite:///x.db\r\n")
    marked = f"{len(config.load(file, {}).sources)} sources"
    bomb = "a: &a [x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )
    return "; ".join(
        (
            marked,
            *map(_configured, (bomb, "database: !!python/object/apply:os.system ['true']", "[" * 5_000 + "]" * 5_000)),
        )
    )
