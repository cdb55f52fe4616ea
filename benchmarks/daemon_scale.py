"""How many sources can one daemon keep? Loopback hosts with five feeds each that answer 304.

    python benchmarks/daemon_scale.py [--sources 100000] [--seconds 60] [--visits 1000] [--delay 2] [--database URL]
                                      [--processes 1]

Prints polls a second, the daemon's processor time, memory and the lag of its event loop, and what the tick's question
costs with 1k, 10k and all sources. The server has a process of its own, and so has each of `--processes` daemons, which
share the database. The sources are registered without a configuration file.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address, ip_network
from pathlib import Path

from sqlalchemy import text

from ingest import clock
from ingest.box import Box
from ingest.cadence import Bounds
from ingest.clock import Clock
from ingest.daemon import Daemon, Notifier, Orders, open_log
from ingest.fetch import Pacer, Web
from ingest.model import Source
from ingest.pipeline import Journal
from ingest.store import Store

FEEDS_A_HOST = 5
FEED = b"<?xml version='1.0'?><rss version='2.0'><channel><title>T</title></channel></rss>"


class _Site(asyncio.Protocol):
    """Answers 304 to anything conditional."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if b"f-None-Match" in data or b"f-none-match" in data:
            answer = b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n'
        else:
            answer = (
                b'HTTP/1.1 200 OK\r\nETag: "x"\r\nContent-Type: application/rss+xml\r\nContent-Length: %d\r\n\r\n%b'
                % (
                    len(FEED),
                    FEED,
                )
            )
        self._transport.write(answer)  # type: ignore[attr-defined]


def serve(port: multiprocessing.Queue[int]) -> None:
    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(_Site, "0.0.0.0", 0, backlog=4096)
        port.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def sources(count: int, port: int) -> Iterator[Source]:
    for number in range(count):
        host = IPv4Address("127.1.0.1") + number // FEEDS_A_HOST
        yield Source(name=f"s{number}", kind="feed", url=f"http://{host}:{port}/{number % FEEDS_A_HOST}")


def prepare(store: Store, all_: list[Source]) -> None:
    """Registered, polled once, and due now."""
    begun = time.perf_counter()
    store.register(all_, clock.now())
    print(f"registering {len(all_):,} sources: {time.perf_counter() - begun:.1f} s")
    store._database.write(  # noqa: SLF001 — no method of the store invents validators
        lambda connection: connection.execute(text("""UPDATE source SET etag = '"x"'"""))
    )


def question(store: Store, times: int = 50) -> tuple[float, float]:
    """Milliseconds of a tick's question when nothing is due, and of claiming 32 hosts with their polls."""
    past = clock.now() - timedelta(days=1)
    begun = time.perf_counter()
    for _ in range(times):
        assert not store.claim_hosts("bench", past, 32, timedelta(minutes=1), links=20)
    idle = (time.perf_counter() - begun) / times * 1000
    begun = time.perf_counter()
    for _ in range(5):
        assert store.claim_hosts("bench", clock.now(), 32, timedelta(minutes=1), links=20)
    return idle, (time.perf_counter() - begun) / 5 * 1000


@dataclass(frozen=True, kw_only=True)
class Load:
    """What each daemon is to do."""

    database: str
    sources: int
    port: int
    seconds: float
    visits: int
    delay: float


@dataclass(frozen=True, kw_only=True)
class Done:
    """What one daemon did in the last four fifths of the time."""

    polls: int
    seconds: float
    cpu: float
    before: int
    """MB of memory with the sources loaded, before the first poll."""
    peak: int
    lags: list[float]
    """Seconds by which a timer of 10 ms was late, each time."""


async def run(store: Store, load: Load, log: Journal) -> Done:
    """The daemon for so long."""
    polls, marks, lags = 0, [], []

    def journal(event: str, /, **fields: object) -> None:
        nonlocal polls
        polls += event == "poll"
        log(event, **fields)
        if event in ("visit failed", "database away") or fields.get("outcome") == "failed":
            print(event, fields)

    time_ = Clock()
    web = Web(
        user_agent="ingest/0 (+https://example.org/bot)",
        timeout=20,
        max_bytes=10_000_000,
        allow_addresses=(ip_network("127.0.0.0/8"),),
        pacer=Pacer(load.delay, monotonic=time_.monotonic, sleep=time_.sleep),
    )
    orders = Orders(
        sources=tuple(sources(load.sources, load.port)),
        web=web,
        robots="articles",
        hold="auto",
        token="ingest",
        visits=load.visits,
        bounds=Bounds.of,
        settings={},
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

    async def stop() -> None:
        await asyncio.sleep(load.seconds * 0.2)
        marks.append((time.perf_counter(), polls, cpu()))
        while time.perf_counter() < marks[0][0] + load.seconds * 0.8:
            begun = time.perf_counter()
            await asyncio.sleep(0.01)
            lags.append(time.perf_counter() - begun - 0.01)
        marks.append((time.perf_counter(), polls, cpu()))
        os.kill(os.getpid(), signal.SIGTERM)

    async with Box() as box:
        stopper = asyncio.create_task(stop())
        daemon = Daemon(
            store=store,
            box=box,
            clock=time_,
            orders=orders,
            reload=lambda: orders,
            journal=journal,
            notifier=Notifier({}),
        )
        await daemon.run()
        await stopper
    web.close()
    (at, first, used), (end, last, used_after) = marks
    return Done(
        polls=last - first,
        seconds=end - at,
        cpu=used_after - used,
        before=before,
        peak=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        lags=sorted(lags),
    )


def process(load: Load, done: multiprocessing.Queue[Done]) -> None:
    with Store.open(load.database) as store, Path(os.devnull).open("w") as nowhere:
        done.put(asyncio.run(run(store, load, open_log(nowhere))))


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def report(all_: list[Done]) -> None:
    polls, rate = sum(one.polls for one in all_), sum(one.polls / one.seconds for one in all_)
    print(f"{polls:,} polls: {rate:.0f} a second, {rate * 3600:,.0f} an hour (a million an hour is 278 a second)")
    print(f"{sum(one.cpu for one in all_) / max(polls, 1) * 1000:.2f} ms of the daemons' processor time a poll")
    for one in all_:
        at = {share: one.lags[int(len(one.lags) * share)] * 1000 for share in (0.5, 0.99)}
        print(
            f"{one.polls / one.seconds:.0f} polls a second with {one.cpu / one.seconds:.2f} cores; "
            f"memory {one.before} MB with the sources loaded, peak {one.peak} MB; "
            f"lag of the loop: median {at[0.5]:.1f} ms, 99 % {at[0.99]:.1f} ms, most {one.lags[-1] * 1000:.0f} ms"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--visits", type=int, default=1000)
    parser.add_argument("--delay", type=float, default=2)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--database", help="Default: SQLite in a temporary directory.")
    options = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    port: multiprocessing.Queue[int] = spawn.Queue()
    server = spawn.Process(target=serve, args=(port,), daemon=True)
    server.start()
    number = port.get()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 65536)), hard))
    with tempfile.TemporaryDirectory() as directory:
        for count in sorted({min(1000, options.sources), min(10_000, options.sources), options.sources}):
            with Store.open(f"sqlite:///{Path(directory)}/tick-{count}.db") as store:
                store.register(list(sources(count, number)), clock.now())
                idle, claim = question(store)
                print(f"{count:>9,} sources: nothing due {idle:.2f} ms, 32 hosts with 160 polls {claim:.1f} ms")
        load = Load(
            database=options.database or f"sqlite:///{Path(directory)}/ingest.db",
            sources=options.sources,
            port=number,
            seconds=options.seconds,
            visits=options.visits,
            delay=options.delay,
        )
        with Store.open(load.database) as store:
            prepare(store, list(sources(options.sources, number)))
        done: multiprocessing.Queue[Done] = spawn.Queue()
        daemons = [spawn.Process(target=process, args=(load, done)) for _ in range(options.processes)]
        for one in daemons:
            one.start()
        report([done.get() for _ in daemons])
        for one in daemons:
            one.join()
    server.terminate()
    return 0


if __name__ == "__main__":
    sys.exit(main())
