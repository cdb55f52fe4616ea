"""The client against real servers on loopback, good and bad."""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib
from collections.abc import Iterator
from ipaddress import ip_network

import brotli
import pytest

from ingest.errors import FetchError
from ingest.fetch import ACCEPT_PAGE, Pacer, Validators, Web
from ingest.model import Page
from tests.web import Answer, Request, Site, conditional, site

LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.fixture
def host() -> Iterator[Site]:
    with site() as one:
        yield one


def fetch(
    url: str, *, validators: Validators | None = None, timeout: float = 5, max_bytes: int = 1_000_000, allow=LOOPBACK
) -> Page:
    async def get() -> Page:
        web = Web(user_agent="ingest/0 (+https://example.org/bot)", timeout=timeout, max_bytes=max_bytes,
                  allow_addresses=allow, pacer=Pacer(0))  # fmt: skip
        try:
            async with web.session() as session:
                return await session.get(url, accept=ACCEPT_PAGE, validators=validators)
        finally:
            web.close()

    return asyncio.run(get())


def refused(url: str, **options) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetch(url, **options)
    return caught.value


def test_it_says_who_it_is_and_sends_nothing_that_was_not_asked_for(host: Site) -> None:
    host.routes["/a"] = Answer("hello", headers={"Content-Type": "text/html", "Set-Cookie": "a=b"})
    page = fetch(f"{host.url}/a")
    assert (page.body, page.status, page.final_url) == (b"hello", 200, f"{host.url}/a")
    fetch(f"{host.url}/a")
    for request in host.requests:
        assert request.headers["user-agent"] == "ingest/0 (+https://example.org/bot)"
        assert request.headers["accept-encoding"] == "gzip, deflate, br"
        assert not {"cookie", "referer", "if-none-match", "if-modified-since"} & set(request.headers)


def test_the_deadline_is_one_for_all_hops(host: Site) -> None:
    def slowly(request: Request) -> Answer:
        time.sleep(0.15)
        return Answer(status=302, headers={"Location": f"/{int(request.path[1:]) + 1}"})

    host.routes |= {f"/{hop}": slowly for hop in range(7)} | {"/7": Answer("hello")}
    assert refused(f"{host.url}/0", timeout=0.4).kind == "timeout"
    assert len(host.requests) < 5
    assert fetch(f"{host.url}/0", timeout=10).body == b"hello"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_a_body_that_is_cut_before_its_first_byte_comes_out_is_refused(host: Site, encoding: str) -> None:
    start = {"gzip": gzip.compress(b"hello"), "deflate": zlib.compress(b"hello"), "br": brotli.compress(b"hello")}
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nConnection: close\r\n\r\n".encode()
    host.routes["/cut"] = Answer(raw=head + start[encoding][:2])
    assert refused(f"{host.url}/cut").kind == "bad_body"
    host.routes["/none"] = Answer(raw=head)
    assert fetch(f"{host.url}/none").body == b""


def test_validators_go_back_byte_for_byte_and_304_is_an_answer(host: Site) -> None:
    host.routes["/a"] = conditional("x", etag='W/"odd, one"')
    tokens = Validators(etag='W/"odd, one"', last_modified="yesterday, more or less")
    assert fetch(f"{host.url}/a", validators=tokens).status == 304
    assert host.requests[0].headers["if-none-match"] == 'W/"odd, one"'
    assert host.requests[0].headers["if-modified-since"] == "yesterday, more or less"


@pytest.mark.parametrize("etag", ['"caf\u00e9"', '"' + "x" * 10_000 + '"', '"a\r\nHost: b"', ""])
def test_a_validator_that_no_header_can_carry_is_dropped(host: Site, etag: str) -> None:
    host.routes["/a"] = Answer("x")
    assert fetch(f"{host.url}/a", validators=Validators(etag=etag)).status == 200
    assert "if-none-match" not in host.requests[0].headers


def test_what_is_no_web_address_is_refused_before_anything_is_looked_up() -> None:
    for url in ("http://127.0.0.1:99999/", "http://[::1/", "file:///etc/passwd", "http://a b/", "http://\ud800/", ""):
        assert refused(url).kind == "bad_url"


def test_a_304_to_an_unconditional_request_is_an_error(host: Site) -> None:
    host.routes["/a"] = Answer(status=304)
    assert refused(f"{host.url}/a").status == 304


@pytest.mark.parametrize(
    ("encoding", "encode"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("gzip", lambda data: gzip.compress(data[:100]) + gzip.compress(data[100:])),  # two members
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),  # raw
        ("br", brotli.compress),
        ("gzip, br", lambda data: brotli.compress(gzip.compress(data))),
        ("identity", lambda data: data),
    ],
)
def test_bodies_are_decoded(host: Site, encoding: str, encode) -> None:
    text = b"a line of text, and another one\n" * 5000
    host.routes["/a"] = Answer(encode(text), headers={"Content-Encoding": encoding})
    assert fetch(f"{host.url}/a").body == text


@pytest.mark.parametrize(
    ("encoding", "encode"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress)]
)
def test_a_cut_or_broken_encoded_body_is_refused(host: Site, encoding: str, encode) -> None:
    whole = encode(bytes(range(256)) * 400)
    for body in (whole[: len(whole) // 2], b"\xff" * 100):
        host.routes["/a"] = Answer(body, headers={"Content-Encoding": encoding})
        assert refused(f"{host.url}/a").kind == "bad_body"


@pytest.mark.parametrize(("encoding", "encode"), [("gzip", gzip.compress), ("br", brotli.compress)])
def test_a_decompression_bomb_ends_at_the_limit(host: Site, encoding: str, encode) -> None:
    host.routes["/a"] = Answer(encode(bytes(50_000_000)), headers={"Content-Encoding": encoding})
    assert refused(f"{host.url}/a").kind == "too_big"


def test_a_large_body_and_an_unknown_encoding_are_refused(host: Site) -> None:
    host.routes["/a"] = Answer(b"x" * 2_000_000)
    host.routes["/b"] = Answer(b"x", headers={"Content-Encoding": "rot13"})
    assert refused(f"{host.url}/a").kind == "too_big"
    assert refused(f"{host.url}/b").kind == "bad_body"


def test_redirects_are_followed_and_end(host: Site) -> None:
    host.routes["/a"] = Answer(status=301, headers={"Location": "b?x=1"})
    host.routes["/b?x=1"] = Answer("here")
    host.routes["/loop"] = Answer(status=302, headers={"Location": "/loop"})
    host.routes["/out"] = Answer(status=302, headers={"Location": "file:///etc/passwd"})
    host.routes["/nowhere"] = Answer(status=302)
    page = fetch(f"{host.url}/a")
    assert (page.final_url, page.body) == (f"{host.url}/b?x=1", b"here")
    assert refused(f"{host.url}/loop").kind == "redirect"
    assert host.paths().count("/loop") == 1
    assert refused(f"{host.url}/out").kind == "redirect"
    assert refused(f"{host.url}/nowhere").kind == "redirect"
    assert host.paths().count("/nowhere") == 1


def test_validators_do_not_cross_to_another_host(host: Site) -> None:
    with site() as other:
        host.routes["/a"] = Answer(status=302, headers={"Location": f"{other.url}/b"})
        other.routes["/b"] = Answer("there")
        assert fetch(f"{host.url}/a", validators=Validators(etag='"mine"')).body == b"there"
        assert "if-none-match" not in other.requests[0].headers
        assert host.requests[0].headers["if-none-match"] == '"mine"'


def test_a_private_address_is_refused_without_a_packet(host: Site) -> None:
    error = refused(f"{host.url}/a", allow=())
    assert error.kind == "blocked_address"
    assert "fetch.allow_addresses" in str(error)
    port = host.url.rpartition(":")[2]
    assert refused(f"http://localhost:{port}/", allow=()).kind == "blocked_address"
    assert host.requests == []


def test_a_redirect_to_a_private_address_is_refused(host: Site) -> None:
    host.routes["/a"] = Answer(status=302, headers={"Location": "http://169.254.169.254/latest/meta-data/"})
    assert refused(f"{host.url}/a").kind == "blocked_address"


def test_what_a_server_can_do_wrong_has_one_word_each(host: Site) -> None:
    host.routes["/status"] = Answer(status=503)
    host.routes["/odd"] = Answer(status=499)
    host.routes["/junk"] = Answer(raw=b"not http at all\r\n\r\n")
    host.routes["/short"] = Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
    host.routes["/reset"] = Answer(raw=b"")
    assert (refused(f"{host.url}/status").kind, refused(f"{host.url}/status").status) == ("status", 503)
    assert refused(f"{host.url}/odd").status == 499
    assert refused(f"{host.url}/junk").kind == "bad_body"
    assert refused(f"{host.url}/short").kind == "bad_body"
    assert refused(f"{host.url}/reset").kind == "bad_body"
    assert refused("http://127.0.0.1:1/").kind == "connect"
    assert refused("http://no-such-host.invalid/").kind == "dns"


def test_the_deadline_is_for_the_whole_answer(host: Site) -> None:
    import threading

    gate = threading.Event()

    def hang(_) -> Answer:
        gate.wait(5)
        return Answer("late")

    host.routes["/slow"] = hang
    assert refused(f"{host.url}/slow", timeout=0.2).kind == "timeout"
    gate.set()
