"""`python -m tests.chaos`: the invariants under chaos, each with its seed, on SQLite and PostgreSQL, as a table.

    python -m tests.chaos [--seed 1] [--seconds 60] [--database sqlite|postgresql] [NUMBER …]

Numbers are those of the invariants below; without any, all are played. Exit code 1: one of them was broken. What is played
elsewhere is started from here, and its own words are shown.
"""

# ruff: noqa: T201
from __future__ import annotations

import argparse
import asyncio
import itertools
import logging
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.chaos import bystanders, cancelled, faults, nth

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from store_chaos import Server  # noqa: E402


@dataclass(frozen=True)
class Options:
    seed: int
    seconds: float
    database: str
    """sqlite or postgresql"""


@dataclass(frozen=True)
class Run:
    """One way of playing one or several invariants; gives what was seen, and what was broken."""

    numbers: tuple[int, ...]
    title: str
    play: Callable[[Options], tuple[str, list[str]]]
    both: bool = True
    """Whether it plays on each database."""


# ---------------------------------------------------------------- what is played elsewhere


def elsewhere(*command: str) -> Callable[[Options], tuple[str, list[str]]]:
    """Another program of the project; `{seed}`, `{seconds}` and `{database}` are filled in."""

    def play(options: Options) -> tuple[str, list[str]]:
        words = [word.format(**vars(options)) for word in command]
        done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False)
        said = "; ".join(line.strip() for line in done.stdout.splitlines() if line.strip())
        return said, [] if done.returncode == 0 else [f"exit code {done.returncode}: {done.stderr[-300:]}"]

    return play


# ---------------------------------------------------------------- what is played here


@contextmanager
def database(options: Options, directory: Path) -> Iterator[tuple[str, Server | None]]:
    if options.database == "sqlite":
        yield f"sqlite:///{directory}/chaos.db", None
        return
    server = Server(Path(tempfile.mkdtemp(prefix="pg")))  # a socket's path may have no more than 107 characters
    try:
        yield server.url, server
    finally:
        server.close()


def stand(options: Options) -> tuple[str, list[str]]:
    with tempfile.TemporaryDirectory() as made, database(options, Path(made)) as (url, _):
        stood = bystanders.stand(Path(made), url, seconds=options.seconds / 4)
    for name, outcomes in stood.outcomes.items():
        print(f"    {name}: {'; '.join(f'{times} × {what}' for what, times in outcomes.most_common(3))}")
    return (
        f"50 good and 20 bad sources, {stood.polls} good polls beside bad ones; longest time between two polls of a good "
        f"source {stood.before:.2f} s without bad ones, {stood.during:.2f} s with them; peak {stood.peak:.0f} MB, of the box "
        f"{stood.box_peak:.0f} MB; after the first wave {stood.baseline}, after the second {stood.end}"
    ), stood.broken


def end_faults(options: Options) -> tuple[str, list[str]]:
    with tempfile.TemporaryDirectory() as made, database(options, Path(made)) as (url, server):

        def stop_server(seconds: float) -> None:
            assert server is not None
            server.stop()
            time.sleep(seconds)
            server.start()

        stop = stop_server if server is not None else None
        ended, broken = faults.play(Path(made), url, seed=options.seed, stop_server=stop)
    seen = "; ".join(
        f"{one.fault} for {one.lasted:.1f} s: {one.slowest:.1f} s, {one.complaints} warnings, {one.storm} at once"
        for one in ended
    )
    return (
        f"until the last of 60 sources was polled (maximum interval {faults.MAX_INTERVAL / faults.SPEED:g} s): {seen}",
        broken,
    )


def cancel(options: Options) -> tuple[str, list[str]]:
    churned = asyncio.run(cancelled.churn(5_000, options.seed))
    broken = [f"9: {churned}"] if churned.slowest > 1 or churned.sockets > 0 or churned.tasks > 0 else []
    return (
        f"{churned.cancelled} fetches cancelled, {churned.answered} answered before; the next one took "
        f"{churned.slowest:.3f} s at the slowest of {cancelled.HOSTS} hosts; left: {churned.sockets} sockets, {churned.tasks} tasks"
    ), broken


def fail(options: Options) -> tuple[str, list[str]]:
    with tempfile.TemporaryDirectory() as made, database(options, Path(made)) as (url, server):
        numbers = itertools.count()

        def make() -> str:
            if server is None:
                return f"sqlite:///{made}/{next(numbers)}.db"
            name = f"chaos{next(numbers)}"
            with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
            return url.replace("/postgres?", f"/{name}?")

        # A failed transaction of PostgreSQL is run again after a pause: every third is what the time allows.
        step = 1 if server is None else 3
        played = list(nth.holds(make, itertools.count(1, step)))
    failed = Counter(fuse.blown for fuse, _ in played if fuse.blown)
    broken = [f"n = {fuse.n} ({fuse.blown}): {one}" for fuse, found in played for one in found]
    what = ", ".join(f"{times} × {name}" for name, times in failed.items())
    return f"n = 1, {1 + step} … {played[-1][0].n}: {what}; a clean run has {played[-1][0].seen} operations", broken


RUNS = (
    Run((1, 2, 3, 4), "daemons killed with SIGKILL while hosts publish",
        elsewhere("benchmarks/daemon_chaos.py", "--seconds", "{seconds}", "--seed", "{seed}", "--database", "{database}")),
    Run((1, 2), "writers killed, PostgreSQL stopped as by a power switch",
        elsewhere("benchmarks/store_chaos.py", "--seconds", "{seconds}", "--seed", "{seed}", "--database", "{database}")),
    Run((5,), "5,000 fuzzed addresses, answers and redirects",
        elsewhere("-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", "tests/hostile/test_addresses.py"), both=False),
    Run((6, 7), "twenty hostile and fifty good sources", stand),
    Run((8,), "faults that end", end_faults),
    Run((9,), "5,000 cancelled fetches", cancel, both=False),
    Run((11, 12), "a second look writes nothing; one trace, the same dump on both databases",
        elsewhere("-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", "tests/store/test_same_trace.py",
                  "tests/pipeline/test_crawl.py"), both=False),
    Run((13,), "the n-th operation of a crawl fails", fail),
    Run((14,), "50 signals at random moments",
        elsewhere("benchmarks/daemon_chaos.py", "--signals", "50", "--seed", "{seed}", "--database", "{database}")),
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("numbers", type=int, nargs="*")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--database", choices=["sqlite", "postgresql"])
    given = parser.parse_args()
    logging.getLogger("psycopg").setLevel(logging.ERROR)  # connections that break are what this is about
    wrong = 0
    for run in RUNS:
        if given.numbers and not set(given.numbers) & set(run.numbers):
            continue
        for name in ([given.database] if given.database else ["sqlite", "postgresql"]) if run.both else ["sqlite"]:
            start, used = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
            seen, broken = run.play(Options(given.seed, given.seconds, name))
            took, cpu = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - used.ru_utime
            wrong += bool(broken)
            where = f", {name}" if run.both else ""
            load = ", ".join(f"{one:.0f}" for one in os.getloadavg()[:2])
            print(f"{'BROKEN' if broken else 'held'}  {'+'.join(map(str, run.numbers))}  {run.title}{where}, "
                  f"seed {given.seed} ({took:.0f} s, {cpu:.0f} s of processor time; load {load})\n    {seen}", flush=True)  # fmt: skip
            for one in broken:
                print(f"    BROKEN {one}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
