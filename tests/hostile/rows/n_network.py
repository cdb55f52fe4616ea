"""N: what the network does to a fetch."""

from __future__ import annotations

import errno
import os
import resource
import socket
import threading
import time
from contextlib import nullcontext

import httpcore

from tests.hostile.certificates import self_signed, tls, trusted
from tests.hostile.row import Chapter, answer
from tests.hostile.world import World, drip

chapter = Chapter("N", "network", 16)


@chapter.row("N1", "a name that does not exist", r"^dns: .*\[soft\]$")
def _(world: World) -> str:
    return world.get("http://no-such-host.invalid/")


@chapter.row("N2", "fifty names that never resolve, and a good one", r"^200 .* in 0\.")
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


@chapter.row(
    "N3",
    "no name can be resolved: nobody is blamed",
    r"^4 polls failed, failures counted \[0\], .*our own network was out",
)
def _(world: World) -> str:
    def look_up(_host: str, _port: int) -> list[str]:
        raise OSError("Temporary failure in name resolution")

    report = world.crawl(*(f"http://news{number}.example{number}.org/feed" for number in range(4)), look_up=look_up)
    polls = sum(one.polled == "failed" for one in report.sources.values())
    found = world.store().source_status()
    reasons = {str(one.memory.get("reason")) for one in found if one.memory}
    return f"{polls} polls failed, failures counted {sorted({one.failures for one in found})}, {', '.join(reasons)}"


@chapter.row("N4", "connection refused", r"^connect: .*\[transient\]$")
def _(world: World) -> str:
    return world.get("http://127.0.0.1:1/")


@chapter.row("N5", "connection requests dropped", r"^timeout: .*\[transient\]$")
def _(world: World) -> str:
    return world.get(world.silence(), timeout=0.5)


@chapter.row("N6", "accepted, then silence", r"^timeout: .*\[transient\]$")
def _(world: World) -> str:
    return world.get(world.serve(lambda _: time.sleep(1)), timeout=0.5)


@chapter.row("N7", "one byte at a time", r"^timeout: no complete answer.*\[transient\]$")
def _(world: World) -> str:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
    return world.get(world.serve(lambda c: (c.sendall(head), drip(c, b"x", 0.05, 2))), timeout=0.5)


@chapter.row("N8", "reset in the middle of the body", r"^(network|bad_body): .*\[transient\]$")
def _(world: World) -> str:
    def reset(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")  # on, 0 s: close() resets

    return world.get(world.serve(reset))


@chapter.row("N9", "closed before Content-Length", r"^bad_body: .*\[transient\]$")
def _(world: World) -> str:
    return world.get(world.serve(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"))


@chapter.row("N10", "dead AAAA, good A", "^200 ")
def _(world: World) -> str:
    url = world.serve(answer()).replace("127.0.0.1", "two.example")
    return world.get(url, look_up=lambda *_: ["::1", "127.0.0.1"])


_CERTIFICATES = (
    ("that nobody signed", {}, False, "self.signed certificate"),
    ("for another host", {"name": "DNS:other.example"}, True, "mismatch|not valid for"),
    ("that has expired", {"until": "20200102000000Z"}, True, "expired"),
)

for _title, _options, _is_trusted, _named in _CERTIFICATES:

    @chapter.row("N11", f"a certificate {_title}", rf"^tls: .*({_named}).*\[soft\]$")
    def _(world: World, options: dict[str, str] = _options, is_trusted: bool = _is_trusted) -> str:
        folder = world.folder()
        url = world.enter(tls(self_signed(folder, **options), answer()))
        with trusted(folder / "cert") if is_trusted else nullcontext():
            return world.get(url)


@chapter.row("N12", "private addresses in every form", "^all blocked_address, no packet$")
def _(world: World) -> str:
    port = world.serve(answer()).rpartition(":")[2]
    forms = "127.0.0.1 127.1 0x7f000001 2130706433 0177.0.0.1 [::1] [::ffff:127.0.0.1] [64:ff9b::7f00:1] localhost 10.0.0.1".split()
    kinds = {world.get(f"http://{form}:{port}", allow=()).partition(":")[0] for form in forms}
    packets = "no packet" if not world.heads else "PACKETS"
    return f"all {kinds.pop()}, {packets}" if len(kinds) == 1 else f"{kinds}, {packets}"


@chapter.row("N13", "public at first, private at the second look-up", "^blocked_address: ")
def _(world: World) -> str:
    url = world.serve(answer(b"", "Location: http://rebind.example/", status="302 Found"))
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    return world.get(url.replace("127.0.0.1", "rebind.example"), look_up=lambda *_: next(answers))


@chapter.row("N14", "a public and a private address: the public one is used", "^200 ")
def _(world: World) -> str:
    url = world.serve(answer()).replace("127.0.0.1", "mixed.example")
    return world.get(url, look_up=lambda *_: ["10.0.0.1", "169.254.169.254", "127.0.0.1"])


@chapter.row("N15", "proxy variables are ignored", "^200 ")
def _(world: World) -> str:
    url = world.serve(answer())
    before = dict(os.environ)
    os.environ.update(HTTP_PROXY="http://127.0.0.1:1", http_proxy="http://127.0.0.1:1", ALL_PROXY="http://127.0.0.1:1")
    try:
        return world.get(url)
    finally:
        os.environ.clear()
        os.environ.update(before)


class _Unreachable(httpcore.AsyncNetworkBackend):
    """A machine without a way out."""

    async def connect_tcp(self, *_: object, **__: object) -> httpcore.AsyncNetworkStream:
        try:
            raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))  # noqa: TRY301
        except OSError as error:  # as httpcore's own does; its pool keeps the context alone
            raise httpcore.ConnectError(str(error)) from error


@chapter.row(
    "N16", "the network can't be reached", r"^network: this machine can't open connections: Network is unreachable"
)
def _(world: World) -> str:
    return world.get("http://93.184.215.14/", network=_Unreachable())


@chapter.row(
    "N16", "out of file descriptors: our fault, not the name's, and over with its cause",
    r"^network: this machine can't open connections: Too many open files.* then 200 ",
)  # fmt: skip
def _(world: World) -> str:
    url = world.serve(answer()).replace("127.0.0.1", "scarce.example")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)

    def look_up(_host: str, _port: int) -> list[str]:
        """From here on none is given out; the event loop has those that it needs."""
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
        return ["127.0.0.1"]

    try:
        scarce = world.get(url, look_up=look_up, alone=True)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return f"{scarce} then {world.get(url, look_up=lambda *_: ['127.0.0.1'])}"
