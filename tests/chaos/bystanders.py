"""6 and 7. Twenty hostile sources beside fifty good ones, in the real daemon: nobody good is late, nothing stays behind.

Each bad source has a new bomb at every poll, of the kinds that were measured: small documents that are large in a parser,
bodies that are large once unpacked, answers without end.
"""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

import brotli

from tests.box.pages import formatting_bomb, many_attributes, nested_lists, page
from tests.chaos.street import INTERVAL, Act, Daemon, Size, Street, answer, feed

MEGABYTE = bytes(1_000_000)
HTML, RSS = "Content-Type: text/html", "Content-Type: application/rss+xml"
LATE = 1.0
"""Seconds that a good source may be late because of a bad one."""
HEAP = 32
"""Megabytes by which the heap may be higher after another wave: three of the largest bodies. A wave brings some fifty bombs,
of which each that stayed would add its own size, 0.5 to 10 MB."""
THREADS = 16
"""By which there may be more: those that look up names are made as they are needed, up to 256."""


@dataclass(frozen=True, kw_only=True)
class Stood:
    """What the good ones saw of the bad ones."""

    before: float
    """The longest time between two polls of a good source, in seconds: without bad sources, and with them."""
    during: float
    peak: float
    box_peak: float
    baseline: Size
    end: Size
    outcomes: dict[str, Counter[str]]
    """Bad source → how its polls and pages came out."""
    polls: int
    broken: list[str]


def bombs(scale: int) -> Iterator[tuple[str, Act]]:
    """(name, what it does); `scale` 1 for a small world, 10 for the real sizes."""
    pages = {
        "nested-div": "<div>" * (10_000 * scale),
        "nested-lists": nested_lists(6_000 * scale),
        "misnested-formatting": formatting_bomb(600 * scale),
        "attributes": many_attributes(10_000 * scale),
        "table": "<table><div>" * (10_000 * scale),
        "definitions": "<dl><dd>" * (5_000 * scale),
        "tags-in-tags": "<a" * 10_000 + "x" * 90_000 * scale,
    }
    for name, markup in pages.items():
        yield name, _pages(page(markup))
    chain = "".join(f'<!ENTITY e{n} "&e{n + 1};">' for n in range(3_000 * scale))
    laughs = '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    documents = {
        "entity-chain": (f"<!DOCTYPE r [{chain}]>", "<description>&e0;</description>"),
        "billion-laughs": (f"<!DOCTYPE r [{laughs}]>", "<description>&l9;</description>"),
        "author": ("", f"<author>{'a@' * 3_100 * scale}</author>"),
        "feed-attributes": ("", many_attributes(10_000 * scale) + "</p>"),
        "comments": ("", f"<description>{'<!--' * 50_000 * scale}</description>"),
        "namespaces": ("", "".join(f"<x{n}:a xmlns:x{n}='http://a/{n}'/>" for n in range(2_000 * scale))),
    }
    for name, (before, within) in documents.items():
        item = f"<item><title>x</title><link>http://127.0.0.1:1/</link>{within}</item>"
        body = f"<?xml version='1.0'?>{before}<rss version='2.0'><channel>{item}</channel></rss>".encode()
        yield name, _sends(answer(body, RSS))
    size = 20 * scale
    yield "gzip", _sends(answer(_gzip(size), RSS, "Content-Encoding: gzip"))
    yield "brotli", _sends(answer(_brotli(size * scale), RSS, "Content-Encoding: br"))
    yield "gzip-in-gzip", _sends(answer(gzip.compress(_gzip(size)), RSS, "Content-Encoding: gzip, gzip"))
    yield "silence", _endless(b"", 1.0)
    yield "drip", _endless(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", 0.3, b"x")
    yield "endless-headers", _endless(b"HTTP/1.1 200 OK\r\n", 0.001, b"X-Y: z\r\n" * 100)
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nTransfer-Encoding: chunked\r\n\r\n"
    yield "endless-redirect", _endless(moved, 0.001, b"ffff\r\n" + b"x" * 65535 + b"\r\n")


def _pages(bomb: bytes) -> Act:
    numbers = count()

    async def act(path: str, writer: asyncio.StreamWriter) -> None:
        if path == "/feed":
            host, port = writer.get_extra_info("sockname")
            writer.write(answer(feed(f"http://{host}:{port}/{next(numbers)}"), RSS))
        else:
            writer.write(answer(bomb + path.encode(), HTML))

    return act


def _sends(body: bytes) -> Act:
    async def act(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(body)

    return act


def _endless(start: bytes, pause: float, more: bytes = b"") -> Act:
    async def act(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while not writer.is_closing():
            await asyncio.sleep(pause)
            writer.write(more)
            await writer.drain()

    return act


@cache
def _gzip(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(MEGABYTE) for _ in range(megabytes)), packer.flush()])


@cache
def _brotli(megabytes: int) -> bytes:
    packer = brotli.Compressor(quality=5, lgwin=24)
    return b"".join([*(packer.process(MEGABYTE) for _ in range(megabytes)), packer.finish()])


def stand(directory: Path, database: str, *, good: int = 50, scale: int = 10, seconds: float = 20) -> Stood:
    """So many seconds without bad ones; twice as many with them, and a rest after each wave.

    What the first wave left (the box, a larger heap) is the baseline: the second one may leave no more.
    """
    rest = 25 if scale > 1 else seconds / 4  # a fetch under way has 20 s, a page in the box 10
    with (
        Street(good, list(bombs(scale))) as street,
        Daemon(directory, street.configuration(database, bad=False)) as daemon,
    ):
        wait_for_all(street, daemon)
        before, _ = _phase(street, daemon, database, bad=False, seconds=seconds)
        gaps, sizes, start = [], [], time.monotonic()
        for _ in range(2):
            gaps.append(_phase(street, daemon, database, bad=True, seconds=seconds)[0])
            sizes.append(_phase(street, daemon, database, bad=False, seconds=rest)[1])
        polls = sum(at >= start for host in street.good for at in street.polls[host])
        peaks, events, tracebacks = (daemon.peak, daemon.box_peak), daemon.events(), daemon.tracebacks()
        code = daemon.stop() if daemon.alive else daemon.process.returncode
    during, (baseline, end) = max(gaps), sizes
    broken = [f"the daemon ended with {code}"] if code else []
    if tracebacks:
        broken.append(f"{tracebacks} tracebacks in the log")
    if during - before > LATE:
        broken.append(f"6: a good source was {during - before:.2f} s late")
    if end.memory > baseline.memory + HEAP or end.files > baseline.files or end.threads > baseline.threads + THREADS:
        broken.append(f"7: from {baseline} to {end}")
    outcomes = {name: _outcomes(events, name) for name, _ in street.bad.values()}
    return Stood(before=before, during=during, peak=peaks[0], box_peak=peaks[1], baseline=baseline, end=end,
                 outcomes=outcomes, polls=polls, broken=broken)  # fmt: skip


def _phase(street: Street, daemon: Daemon, database: str, *, bad: bool, seconds: float) -> tuple[float, Size]:
    """With or without the bad sources: the longest gap of a good one, and the daemon's size at the end."""
    daemon.configure(street.configuration(database, bad=bad))
    start = time.monotonic()
    time.sleep(seconds)
    assert daemon.alive, "the daemon is dead"
    return street.longest_gap(start, time.monotonic()), daemon.size()


def wait_for_all(street: Street, daemon: Daemon) -> None:
    """Until each good source was polled twice: then the daemon has got into its step."""
    end = time.monotonic() + 60
    while any(len(street.polls[host]) < 2 for host in street.good):
        assert daemon.alive, "the daemon did not start"
        assert time.monotonic() < end, "the good sources are not polled"
        time.sleep(INTERVAL / 10)


def _outcomes(events: list[dict[str, str]], name: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in events:
        if one.get("source") == name and one["event"] in ("poll", "page"):
            found[f"{one['event']} {one['outcome']}: {(one.get('error') or one.get('reason') or '')[:60]}"] += 1
    return found
