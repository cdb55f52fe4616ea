"""The run: days of the daemon in virtual time, a kill and an outage on the way; beside it two daemons in real time."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import leap

from ingest.store.hosts import LATE
from manners import conditional, often, one_host, refusals
from manners.hosts import DAY, HOSTS, HOUR, SELDOM, UNPOLLED, feed, refuses_one
from manners.played import Line, Played, Row
from manners.town import Asked, LeapingTown, Town

DELAY = 2.0
REAL_DELAY = 0.3
DOWN = 6 * HOUR


def play(directory: Path, *, short: bool) -> list[Line]:
    """The whole run; the lines of the card."""
    with ThreadPoolExecutor(1) as beside:
        real = beside.submit(in_real_time, directory / "real", 3 if short else 20)
        run = in_virtual_time(directory, days=1.15 if short else 5.2, kill=15.2 if short else 53, outage=not short)
        run.real, run.real_private = real.result()
        run.real_delay = REAL_DELAY
    return [line for part in (conditional, often, refusals, one_host) for line in part.judge(run)]


def in_virtual_time(directory: Path, *, days: float, kill: float, outage: bool) -> Played:
    """`kill`: the hour at which the daemon is killed, to be away for six."""
    shared = leap.Time(directory / "time")
    town = LeapingTown(shared)
    town.players = HOSTS
    town.names = {"v6": f"[::1]:{town.port6}", "dead-aaaa": f"{leap.TWO_ADDRESSES}:{town.port}"}
    more = f"  - {{name: slow-down-2, feed: 'http://{town.host('slow-down')}/feed2'}}\n"
    # The hosts here have private addresses, and stand for public ones.
    config = configuration(town, directory, f"delay: {DELAY:g}s, hold: host", more)
    with leap.daemon(config, directory / "time") as process:
        shared.limit = (kill + 1) * HOUR
        while shared.now < kill * HOUR:
            time.sleep(0.001)
        process.kill()
        process.wait()
    killed = shared.now
    shared.now = shared.limit = killed + DOWN
    run = Played(town=town, delay=DELAY, killed=(killed, killed + DOWN))
    run.overdue = {
        name
        for name, row in rows(directory, "host", "name").items()
        if row["lease_owner"] is None and run.seconds(row["next_due_at"]) < run.killed[1] - LATE.total_seconds()
    }
    with leap.daemon(config, directory / "time") as process:
        killed_in_a_poll(run, town, shared, process)
    with leap.daemon(config, directory / "time") as process:
        if outage:
            shared.play(3.5 * DAY, process)
            run.before_outage = rows(directory, "source", "name")
            town.go_out()
            shared.play(shared.now + 8 * HOUR, process)
            town.come_back()
            run.after_outage = rows(directory, "source", "name")
            run.outage = (shared.now - 8 * HOUR, shared.now)
        shared.play(days * DAY, process)
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    run.end = shared.now
    run.sources, run.hosts = rows(directory, "source", "name"), rows(directory, "host", "name")
    run.articles = frozenset(rows(directory, "article", "url"))
    run.events = [json.loads(line) for line in (directory / "log").read_text().splitlines() if line.startswith("{")]
    run.explained = ingest(config, "explain", "fresh")
    return run


def killed_in_a_poll(run: Played, town: LeapingTown, shared: leap.Time, process: subprocess.Popen[bytes]) -> None:
    """Kill the daemon while it waits for the answer to a poll; no time passes until the next one begins."""

    def kill(asked: Asked) -> None:
        if asked.path == "/feed" and asked.host == town.host("quiet") and asked.at > run.killed[1] + HOUR:
            process.kill()
            town.trap, run.cut_off = None, asked

    town.trap = kill
    shared.limit = run.killed[1] + DAY
    process.wait(600)
    shared.limit = shared.now


def in_real_time(directory: Path, seconds: float) -> tuple[list[Asked], list[Asked]]:
    """Two daemons and crawls beside them on a few hosts, with the usual clock; what all were asked, and a private one."""
    directory.mkdir()
    town = Town()
    town.players = {name: feed(every=0.5) for name in ("one", "two", "three")} | {"private": refuses_one}
    more = f"  - {{name: private-2, feed: 'http://{town.host('private')}/feed2'}}\n"
    config = configuration(town, directory, f"delay: {REAL_DELAY}s", more)
    with daemon(config, "log") as first, daemon(config, "log2") as second:
        while not town.log:
            time.sleep(0.05)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            ingest(config, "crawl")
        for process in (first, second):
            process.send_signal(signal.SIGTERM)
            process.wait(20)
    return town.log, town.of("private")


def configuration(town: Town, directory: Path, politeness: str, more: str = "") -> Path:
    polled = [name for name in town.players if name not in UNPOLLED]
    seldom = dict.fromkeys(SELDOM, ", min_interval: 4h")
    sources = "".join(
        f"  - {{name: {name}, feed: 'http://{town.host(name)}/feed'{seldom.get(name, '')}}}\n" for name in polled
    )
    path = directory / "config.yaml"
    path.write_text(
        f"database: sqlite:///{directory}/ingest.db\nidentity: {{contact: 'https://example.org/bot'}}\n"
        "fetch: {allow_addresses: [127.0.0.0/8, '::1/128'], timeout: 60s}\n"
        f"politeness: {{{politeness}}}\nsources:\n{sources}{more}"
    )
    return path


@contextmanager
def daemon(config: Path, log: str) -> Iterator[subprocess.Popen[bytes]]:
    """`ingest run`, killed at the end if it has not ended before."""
    with (config.parent / log).open("ab") as stream:
        command = [sys.executable, "-m", "ingest", "run", "--config", str(config)]
        process = subprocess.Popen(command, stderr=stream, env=os.environ | {"INGEST_CLOCK": ""})
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def ingest(config: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "ingest", *arguments, "--config", str(config)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def rows(directory: Path, table: str, key: str) -> dict[str, Row]:
    with sqlite3.connect(directory / "ingest.db") as connection:
        connection.row_factory = sqlite3.Row
        found: dict[str, Any] = {row[key]: dict(row) for row in connection.execute(f"SELECT * FROM {table}")}
    return found
