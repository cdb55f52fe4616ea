"""8. After any fault ends, every source is polled within its maximum interval.

The real daemon, its clock two minutes a second, and one fault after the other, in an order that the seed decides: the
database locked, its disk full or its server stopped, no file descriptors, every host refusing, the machine asleep, kill -9.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ingest.store import Store
from tests.chaos.street import Daemon, Street

SPEED = 120
MAX_INTERVAL = 10 * 60
"""Seconds of the daemon's clock."""
SHORTEST, LONGEST = 6.0, 10.0
"""Real seconds of a fault: every source comes due in it."""
SLACK = 2.0
"""Real seconds that a busy machine may take for what is due; they don't pass faster with the clock. Nor does the pause between
two tries of a database that is away: it is as long as that was at most."""


class World:
    """What a fault acts upon."""

    def __init__(
        self, directory: Path, street: Street, database: str, stop_server: Callable[[float], None] | None
    ) -> None:
        """`stop_server` stops the database's server for so many seconds."""
        self.street, self.database, self.stop_server = street, database, stop_server
        self._directory = directory
        self.daemon = self.start()

    def start(self) -> Daemon:
        schedule = f"schedule: {{min_interval: 1m, max_interval: {MAX_INTERVAL}s}}\n"
        env = {**os.environ, "INGEST_CLOCK": f"{SPEED}@2026-11-23T06:00:00Z"}
        return Daemon(self._directory, self.street.configuration(self.database, schedule=schedule), env=env)

    @contextmanager
    def limited(self, limit: int, value: int) -> Iterator[None]:
        """A limit of the kernel for the daemon."""
        pid = self.daemon.process.pid
        before = resource.prlimit(pid, limit)
        resource.prlimit(pid, limit, (value, before[1]))
        try:
            yield
        finally:
            resource.prlimit(pid, limit, before)


Fault = Callable[[World, float], None]
"""Lasts so many seconds."""


def locked(world: World, seconds: float) -> None:
    connection = sqlite3.connect(world.database.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("PRAGMA busy_timeout = 10000")
    connection.execute("BEGIN IMMEDIATE")
    time.sleep(seconds)
    connection.execute("ROLLBACK")
    connection.close()


def disk_full(world: World, seconds: float) -> None:
    """No file may grow beyond what the write-ahead log has: SQLite's writes fail as on a full disk."""
    with world.limited(resource.RLIMIT_FSIZE, 4096):
        time.sleep(seconds)


def server_stopped(world: World, seconds: float) -> None:
    assert world.stop_server is not None
    world.stop_server(seconds)


def no_descriptors(world: World, seconds: float) -> None:
    with world.limited(resource.RLIMIT_NOFILE, 3):
        time.sleep(seconds)


def refusing(world: World, seconds: float) -> None:
    world.street.close()
    time.sleep(seconds)
    world.street.open()


def asleep(world: World, seconds: float) -> None:
    world.daemon.process.send_signal(signal.SIGSTOP)
    time.sleep(seconds)
    world.daemon.process.send_signal(signal.SIGCONT)


def killed(world: World, seconds: float) -> None:
    world.daemon.__exit__(None, None, None)
    time.sleep(seconds)
    world.daemon = world.start()


OF_SQLITE: tuple[Fault, ...] = (locked, disk_full, no_descriptors, refusing, asleep, killed)
OF_POSTGRESQL: tuple[Fault, ...] = (server_stopped, no_descriptors, refusing, asleep, killed)


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A fault, and how long after its end the last source was polled."""

    fault: str
    lasted: float
    """Real seconds."""
    slowest: float
    """Real seconds."""

    @property
    def allowed(self) -> float:
        return MAX_INTERVAL / SPEED + self.lasted + SLACK

    complaints: int
    """Warnings in the log: whether it was felt at all. A lock is waited for in silence."""
    storm: int
    """The most requests in a tenth of a second after the end."""


def play(directory: Path, database: str, *, seed: int, sources: int = 60,
         stop_server: Callable[[float], None] | None = None) -> tuple[list[Ended], list[str]]:  # fmt: skip
    """Each fault once; then what was broken."""
    dice = random.Random(seed)
    faults = list(OF_POSTGRESQL if stop_server else OF_SQLITE)
    dice.shuffle(faults)
    with Street(sources) as street:
        world = World(directory, street, database, stop_server)
        try:
            _wait(street, since=0.0, seconds=60)
            time.sleep(1)
            ended = [_play(world, fault, dice.uniform(SHORTEST, LONGEST)) for fault in faults]
            tracebacks = world.daemon.tracebacks()
            code = world.daemon.stop()
        finally:
            world.daemon.__exit__(None, None, None)
    broken = [f"8: {one}" for one in ended if one.slowest > one.allowed]
    if tracebacks:
        broken.append(f"{tracebacks} tracebacks in the log")
    if code:
        broken.append(f"exit code {code}")
    with Store.open(database) as store:
        urls = [article.url for article in store.articles()]
        broken += store.check()
        broken += [f"a lease was left to {owner}" for owner in store.owners()]
    if len(urls) != len(set(urls)):
        broken.append(f"1: {len(urls) - len(set(urls))} articles twice")
    return ended, broken


def _play(world: World, fault: Fault, seconds: float) -> Ended:
    said = len(world.daemon.events())
    fault(world, seconds)
    end = time.monotonic()
    waited = _wait(world.street, since=end, seconds=MAX_INTERVAL / SPEED + 2 * seconds + SLACK)
    assert world.daemon.alive, f"{fault.__name__} ended the daemon"
    bit = [one for one in world.daemon.events()[said:] if one.get("level") in ("warning", "error")]
    times = sorted(at for host in world.street.good for at in world.street.polls[host] if at >= end)
    storm = max((sum(first <= at < first + 0.1 for at in times) for first in times), default=0)
    return Ended(fault=fault.__name__, lasted=seconds, slowest=waited, storm=storm, complaints=len(bit))


def _wait(street: Street, *, since: float, seconds: float) -> float:
    """Until each source was polled; how long that took, in seconds."""
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        if all(any(at >= since for at in street.polls[host]) for host in street.good):
            break
        time.sleep(0.02)
    return time.monotonic() - start
