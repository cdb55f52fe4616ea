"""Virtual time for the real daemon: the clock stands while anything is under way, and leaps to the next moment that matters.

    python benchmarks/leap.py CONFIG TIME [--seed N]

The daemon of `ingest run` (its visits, store, box and HTTP), with a clock that lies in the file TIME, which other processes
read (`Time`). It leaps when every visit that runs waits for its host's turn: to the end of the shortest such wait, or to
the moment when the next host is due, whichever comes first, never beyond the limit that whoever started it has set. So a
day takes as long as its work, a machine that is busy changes no result, and two starts on a host are apart by what the
clock says, to the microsecond. Timeouts of real requests stay real.
"""

from __future__ import annotations

import argparse
import asyncio
import heapq
import mmap
import os
import random
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from ingest import app, config
from ingest.box import Box
from ingest.clock import Clock
from ingest.daemon import Daemon, Notifier, Orders, open_log
from ingest.fetch import Pacer, Resolver
from ingest.fetch.network import system_addresses
from ingest.store import Store
from ingest.store.schema import host

ORIGIN = datetime(2026, 3, 2, tzinfo=UTC)
"""When the clock shows zero: a Monday."""
TWO_ADDRESSES = "two-addresses.test"
"""A name for loopback, ::1 first."""
LEASES = 3600.0
"""A lease is renewed in real time, and the clock may leap by a day meanwhile: it is so much longer."""


class Time:
    """Seconds since ORIGIN, in a file that processes share; one advances them, the others read."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(16))
        with path.open("r+b") as file:
            self._cells = memoryview(mmap.mmap(file.fileno(), 16)).cast("d")

    @property
    def now(self) -> float:
        return self._cells[0]

    @now.setter
    def now(self, seconds: float) -> None:
        self._cells[0] = seconds

    @property
    def limit(self) -> float:
        """The daemon stands still here until the limit is raised."""
        return self._cells[1]

    @limit.setter
    def limit(self, seconds: float) -> None:
        self._cells[1] = seconds

    def play(self, until: float, process: subprocess.Popen[bytes]) -> None:
        """Let the daemon live until then; it has nothing under way when this returns."""
        self.limit = until
        while self.now < until:
            if process.poll() is not None:
                raise RuntimeError(f"the daemon ended with {process.returncode} at {self.now:.0f} s")
            time.sleep(0.005)


class LeapingClock(Clock):
    """Shows what the file says."""

    def __init__(self, shared: Time) -> None:
        super().__init__(speed=LEASES)
        self.apart = 0.0
        self.shared = shared
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = 0

    def now(self) -> datetime:
        return ORIGIN + timedelta(seconds=self.shared.now)

    def calibrate(self, read: Callable[[], datetime]) -> timedelta:  # noqa: ARG002 — the database's shows another year
        return timedelta()

    def monotonic(self) -> float:
        return self.shared.now

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._count += 1
        heapq.heappush(self._sleepers, (self.shared.now + seconds, self._count, future))
        await future

    def first(self) -> float:
        """When the first sleeper wakes."""
        while self._sleepers and self._sleepers[0][2].done():  # cancelled
            heapq.heappop(self._sleepers)
        return self._sleepers[0][0] if self._sleepers else float("inf")

    def leap(self, to: float) -> None:
        self.shared.now = max(to, self.shared.now)
        while self.first() <= self.shared.now:
            heapq.heappop(self._sleepers)[2].set_result(None)


class CountingPacer(Pacer):
    """Knows how many requests wait for their turn: all that a visit waits for in the clock's time."""

    waiting = 0

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.changed = asyncio.Event()

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        has_turn = False
        self.waiting += 1
        self.changed.set()
        try:
            async with super().turn(host):
                has_turn = True
                self.waiting -= 1
                yield
        finally:
            self.waiting -= not has_turn


class LeapingDaemon(Daemon):
    """The daemon; its first tick does not end."""

    clock: LeapingClock
    pacer: CountingPacer
    seed: int

    def _follow(self, orders: Orders) -> None:
        super()._follow(orders)
        # Chance hangs on the moment alone, whichever of two visits is faster.
        self._visitor.draw = lambda: random.Random(f"{self.seed} {self.clock.shared.now}").random()

    async def _tick(self) -> None:
        while not self._stop.is_set():
            await super()._tick()
            await self._standstill()
            due = await self._writer.call(_next_due)
            if await self._everybody_waits():  # nobody has begun anything meanwhile
                self.clock.leap(min(self.clock.first(), max(due, self.clock.shared.now), self.clock.shared.limit))
                if self.clock.shared.now >= self.clock.shared.limit:
                    await asyncio.sleep(0.01)

    async def _standstill(self) -> None:
        while not await self._everybody_waits() and not self._stop.is_set():
            self.pacer.changed.clear()
            told = asyncio.ensure_future(self.pacer.changed.wait())
            await asyncio.wait({told, *self._running}, timeout=0.05, return_when=asyncio.FIRST_COMPLETED)
            told.cancel()

    async def _everybody_waits(self) -> bool:
        for _ in range(5):  # who was woken a moment ago counts as waiting until it has run
            if self.pacer.waiting < len(self._running):
                return False
            await asyncio.sleep(0)
        return True


def _look_up(host: str, port: int) -> list[str]:
    return ["::1", "127.0.0.1"] if host == TWO_ADDRESSES else system_addresses(host, port)


def _next_due(store: Store) -> float:
    query = select(func.min(host.c.next_due_at)).where(host.c.lease_owner.is_(None))
    with store._database.reading() as connection:  # noqa: SLF001 — nobody else needs to know
        found = connection.execute(query).scalar()
    return (found - ORIGIN).total_seconds() if found else float("inf")


async def run(path: Path, shared: Time, seed: int) -> None:
    settings, clock = config.load(path, os.environ), LeapingClock(shared)
    pacer = CountingPacer(settings.politeness.delay.total_seconds(), monotonic=clock.monotonic, sleep=clock.sleep)

    def orders(found: config.Settings) -> Orders:
        return Orders(
            sources=found.sources,
            web=app.make_web(found, pacer, clock.now, resolver=Resolver(_look_up)),
            robots=found.politeness.robots,
            hold=found.politeness.hold,
            token=found.identity.name,
            visits=found.schedule.visits,
            bounds=partial(app.bounds_of, found),
            settings={},
        )

    async with Box() as box:
        with Store.open(settings.database) as store:
            daemon = LeapingDaemon(
                store=store,
                box=box,
                clock=clock,
                orders=orders(settings),
                reload=lambda: orders(config.load(path, os.environ)),
                journal=open_log(sys.stderr),
                notifier=Notifier({}),
            )
            daemon.clock, daemon.pacer, daemon.seed = clock, pacer, seed
            await daemon.run()


@contextmanager
def daemon(config: Path, shared: Path, *, seed: int = 1, log: str = "log") -> Iterator[subprocess.Popen[bytes]]:
    """The daemon as a process, killed at the end if it has not ended before."""
    with (config.parent / log).open("ab") as stream:
        command = [sys.executable, __file__, str(config), str(shared), "--seed", str(seed)]
        process = subprocess.Popen(command, stderr=stream)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=Path)
    parser.add_argument("time", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    asyncio.run(run(options.config, Time(options.time), options.seed))


if __name__ == "__main__":
    main()
