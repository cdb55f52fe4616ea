"""Is anything lost or doubled when the daemon is killed all the time?

    python benchmarks/daemon_chaos.py [--seconds 120] [--entries 2000] [--database URL]
    python benchmarks/daemon_chaos.py --signals 50

kill -9 every 0.5 to 3 s while hosts publish entries; then the daemon finishes in peace. Every entry must be stored exactly
once, no feed asked for unconditionally after its first complete answer, no host asked twice at a time or sooner than the
delay. With --signals: SIGTERM at random moments; each time it must end within 10 s and hold nothing.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from manners import RSS, Asked, Reply, Town, article, by_host, not_modified, rss

from ingest.store import Store

DELAY = 0.1
HOSTS = 20
TOLERANCE = 0.02
"""Seconds by which the server's log may be late: its own thread has to wait for the processor, too."""


def publisher(entries: int, seconds: float):
    """A feed that publishes so many entries, evenly, within the time, and shows all of them: none can be missed."""

    def play(town: Town, asked: Asked) -> Reply:
        if asked.path == "/robots.txt":
            return Reply(status=404)
        if asked.path != "/feed":
            return article(asked.path)
        newest = min(entries, 1 + int(town.now() / seconds * entries))
        return not_modified(asked, Reply(rss(asked.host, range(newest)), headers=RSS | {"ETag": f'"{newest}"'}))

    return play


def chaos(directory: Path, database: str, *, seconds: float, entries: int, seed: int) -> bool:
    town = Town(1.0)
    each = entries // HOSTS
    town.players = {"localhost": lambda *_: Reply(status=404)}
    town.players |= {f"h{n}": publisher(each, seconds * 0.8) for n in range(HOSTS)}
    names = [name for name in town.players if name != "localhost"]
    config = directory / "config.yaml"
    sources = "".join(f"  - {{name: {name}, feed: 'http://{town.host(name)}/feed', interval: 1s}}\n" for name in names)
    config.write_text(
        f"database: {database}\nfetch: {{allow_addresses: [127.0.0.0/8]}}\npoliteness: {{delay: {DELAY}s}}\nsources:\n{sources}"
    )
    dice = random.Random(seed)
    kills, end = 0, time.time() + seconds
    with (directory / "log").open("ab") as log:
        while time.time() < end:
            process = subprocess.Popen([sys.executable, "-m", "ingest", "run", "--config", str(config)], stderr=log)
            time.sleep(dice.uniform(0.5, 3))
            process.kill()
            process.wait()
            kills += 1
        before = len(town.log)
        process = subprocess.Popen([sys.executable, "-m", "ingest", "run", "--config", str(config)], stderr=log)
        offered = {f"http://{town.host(name)}/a{n}" for name in names for n in range(each)}
        stored: list[str] = []
        for _ in range(240):
            time.sleep(0.5)
            with Store.open(database) as store:
                stored = [one.url for one in store.articles()]
            if offered <= set(stored):
                break
        process.send_signal(signal.SIGTERM)
        code = process.wait(11)
    with Store.open(database) as store:
        owners, wrong = store.owners(), store.check()
    bare = forgotten = late = together = 0
    closest = 9e9
    for asked in by_host(town.log).values():
        complete = kept = False
        for one in asked:
            if one.path == "/feed":
                bare += complete and not one.conditional
                forgotten += kept and not one.conditional
                complete = complete or (one.status == 200 and one.end > 0)
                kept = kept or one.conditional
        for first, after in pairwise(sorted(asked, key=lambda one: one.at)):
            closest = min(closest, after.at - first.at)
            late += after.at - first.at < DELAY - TOLERANCE
            together += bool(first.end) and after.at < first.end
    print(f"{kills} kills in {seconds:g} s, {before} requests until then, {len(town.log)} in all")
    print(f"{len(offered)} entries offered, {len(set(stored))} stored, {len(stored) - len(set(stored))} of them twice")
    print(
        f"unconditional polls: {forgotten} after a conditional one; {bare} after a 200 that a killed daemon never stored"
    )
    print(
        f"closest two requests of a host: {closest:.3f} s (delay {DELAY} s), {late} too close, {together} at the same time"
    )
    print(f"at the end: exit {code}, leases held {len(owners)}, database: {wrong or 'sound'}")
    return (
        offered == set(stored)
        and len(stored) == len(offered)
        and not late
        and not forgotten
        and not together
        and not owners
        and not wrong
    )


def signals(directory: Path, database: str, times: int, seed: int) -> bool:
    town = Town(1.0)
    town.players = {"localhost": publisher(0, 1)} | {f"h{n}": publisher(500, 60) for n in range(5)}
    config = directory / "config.yaml"
    names = [name for name in town.players if name != "localhost"]
    sources = "".join(f"  - {{name: {name}, feed: 'http://{town.host(name)}/feed', interval: 1s}}\n" for name in names)
    config.write_text(
        f"database: {database}\nfetch: {{allow_addresses: [127.0.0.0/8]}}\npoliteness: {{delay: {DELAY}s}}\nsources:\n{sources}"
    )
    dice, worst, held, codes = random.Random(seed), 0.0, 0, set()
    for _ in range(times):
        with (directory / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "ingest", "run", "--config", str(config)], stderr=log, env=os.environ
            )
            began = (directory / "log").stat().st_size
            while b'"started"' not in (directory / "log").read_bytes()[began:] and process.poll() is None:
                time.sleep(0.02)
            time.sleep(dice.uniform(0, 2))
            told = time.time()
            process.send_signal(dice.choice([signal.SIGTERM, signal.SIGINT]))
            codes.add(process.wait(20))
            worst = max(worst, time.time() - told)
        with Store.open(database) as store:
            held += len(store.owners())
    print(f"{times} signals: slowest exit {worst:.2f} s, exit codes {codes}, leases left {held}")
    return worst < 10 and codes == {0} and not held


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--entries", type=int, default=2000)
    parser.add_argument("--signals", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", help="Default: SQLite in a temporary directory.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        directory = Path(made)
        database = options.database or f"sqlite:///{directory}/ingest.db"
        if options.signals:
            good = signals(directory, database, options.signals, options.seed)
        else:
            good = chaos(directory, database, seconds=options.seconds, entries=options.entries, seed=options.seed)
    print("held" if good else "BROKEN")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
