#!/usr/bin/env python3
"""Saved pages as a web on loopback, crawled by `ingest crawl`: how many are stored, at what cost.

    replay.py                         serve the pages, crawl them twice, print the figures
    replay.py --serve                 serve only; prints the configuration and waits for Ctrl-C
    replay.py --pages DIR             where the pages are (default: ../shared/bench/pages/news)
    replay.py --database URL          instead of a SQLite file in a temporary folder
    replay.py --compare N             N first crawls each with all that guards against hostile input, without the box, and
                                      without all of it (address guard, bounded reading, box, cleaning), in turn
    replay.py --articles N            only so many pages

Each publisher is a site of its own, with a host:port, a robots.txt and an RSS feed of its pages under their own paths;
every answer has an ETag and is gzipped. The second crawl shows what a second look costs: requests without a validator
and rows written, both of which should be none.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from sqlalchemy import create_engine, inspect, text

DEFAULT_PAGES = Path(__file__).resolve().parents[2] / "shared/bench/pages/news"


@dataclass
class Publisher:
    name: str
    pages: dict[str, bytes] = field(default_factory=dict)
    """Path and query → gzipped bytes."""
    base: str = ""

    def feed(self) -> bytes:
        items = "".join(
            f"<item><title>{escape(path)}</title><link>{escape(self.base + path)}</link>"
            f"<guid isPermaLink='false'>{hashlib.sha256(path.encode()).hexdigest()[:12]}</guid></item>"
            for path in self.pages
        )
        return f"<?xml version='1.0'?><rss version='2.0'><channel><title>{self.name}</title>{items}</channel></rss>".encode()


def load_publishers(root: Path, most: int) -> list[Publisher]:
    publishers: dict[str, Publisher] = {}
    for info_file in sorted(root.glob("*/meta.info")):
        for file, info in sorted(json.loads(info_file.read_text("utf-8")).items()):
            if (most := most - 1) < 0:
                return list(publishers.values())
            name = f"{info_file.parent.name}-{file.partition('_')[0]}"
            parts = urlsplit(info["url"])
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            publisher = publishers.setdefault(name, Publisher(name))
            if path in publisher.pages:  # two versions of one address
                path += ("&" if "?" in path else "?") + f"version={len(publisher.pages)}"
            publisher.pages[path] = (info_file.parent / file).read_bytes()
    return list(publishers.values())


class Server:
    """All publishers in one thread; writes down every request."""

    def __init__(self, publishers: list[Publisher]) -> None:
        self.publishers = publishers
        self.log: list[tuple[str, str, bool, int]] = []
        """(publisher, path, whether it was conditional, status)"""
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)

    def start(self) -> None:
        self._thread.start()
        for publisher in self.publishers:
            asyncio.run_coroutine_threadsafe(self._listen(publisher), self._loop).result()

    async def _listen(self, publisher: Publisher) -> None:
        server = await asyncio.start_server(lambda r, w: self._serve(publisher, r, w), "127.0.0.1", 0)
        publisher.base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def _serve(self, publisher: Publisher, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                path = head[0].split(" ")[1]
                headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:])}
                writer.write(self._answer(publisher, path, headers))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _answer(self, publisher: Publisher, path: str, headers: dict[str, str]) -> bytes:
        token = headers.get("if-none-match")
        body, kind = self._resource(publisher, path)
        if body is None:
            status, etag, body = 404, "", gzip.compress(b"not found")
        else:
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            status = 304 if token == etag else 200
        self.log.append((publisher.name, path, token is not None, status))
        lines = [f"HTTP/1.1 {status} X", f"ETag: {etag}" if etag else "Server: replay"]
        lines += [f"Date: {formatdate(usegmt=True)}"]
        if status == 304:
            return "\r\n".join([*lines, "", ""]).encode()
        lines += [f"Content-Type: {kind}", "Content-Encoding: gzip", f"Content-Length: {len(body)}", "", ""]
        return "\r\n".join(lines).encode() + body

    def _resource(self, publisher: Publisher, path: str) -> tuple[bytes | None, str]:
        if path == "/feed.xml":
            return gzip.compress(publisher.feed(), mtime=0), "application/rss+xml"
        if path == "/robots.txt":
            return gzip.compress(b"User-agent: *\nDisallow: /private/\n", mtime=0), "text/plain"
        return publisher.pages.get(path), "text/html; charset=utf-8"


def configuration(publishers: list[Publisher], database: str) -> str:
    sources = "".join(f"  - {{name: {one.name}, feed: '{one.base}/feed.xml'}}\n" for one in publishers)
    return (
        f"database: {database}\nfetch: {{allow_addresses: [127.0.0.0/8]}}\npoliteness: {{delay: 0s}}\n"
        f"sources:\n{sources}"
    )


@dataclass
class Run:
    report: dict[str, Any]
    seconds: float
    cpu: float
    peak_mb: float
    requests: list[tuple[str, str, bool, int]]
    code: int


# Nothing looks suspicious: every page is parsed in the crawler's own process.
UNBOXED = """
from ingest.box.jobs import ReadEntry, ReadPage, ReadSource
from ingest.box.look import Look, Place
for job in (ReadEntry, ReadPage, ReadSource):
    job.look = lambda self: Look(Place.HERE)
"""
# Names are resolved by httpcore itself, to whatever address; bodies are read and unpacked by httpx, of any size; what can't
# be seen stays in the texts.
UNGUARDED = (
    UNBOXED
    + """
from ingest import text
from ingest.fetch import client
async def read(self, response):
    return await response.aread()
client.guard = lambda transport, backend: transport
client.Session._body = read
text._INVISIBLE = type("Nothing", (), {"sub": staticmethod(lambda _, text: text)})
"""
)
VARIANTS = {"all of it": "", "no box": UNBOXED, "none of it": UNGUARDED}
START = """
from ingest.cli import main
main()
"""


def crawl(config: Path, server: Server, *, before: str = "") -> Run:
    """`before` is run in the crawl's process first."""
    seen = len(server.log)
    usage, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-c", before + START, "crawl", "--json", "--config", str(config)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        output, _ = process.communicate()
    seconds, end = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = end.ru_utime + end.ru_stime - usage.ru_utime - usage.ru_stime
    return Run(json.loads(output), seconds, cpu, end.ru_maxrss / 1024, server.log[seen:], process.returncode)


def contents(database: str) -> dict[str, tuple[int, str]]:
    """Of every table the number of rows and a hash of them."""
    engine = create_engine(database)
    with engine.connect() as connection:
        found = {}
        for name in inspect(engine).get_table_names():
            rows = sorted(repr(tuple(row)) for row in connection.execute(text(f'SELECT * FROM "{name}"')))
            found[name] = len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()
        return found


def difference(before: dict[str, tuple[int, str]], after: dict[str, tuple[int, str]]) -> str:
    """Which tables changed, and by how many rows."""
    changed = {name: count - before.get(name, (0, ""))[0] for name, (count, digest) in after.items()
               if digest != before.get(name, (0, ""))[1] and (count or name in before)}  # fmt: skip
    return ", ".join(f"{name} {f'{more:+d} rows' if more else 'updated'}" for name, more in changed.items()) or "none"


def show(name: str, run: Run, written: str) -> None:
    report = run.report
    outcomes = ("stored", "unchanged", "duplicate", "filtered", "failed", "pending")
    unconditional = [path for _, path, conditional, _ in run.requests if not conditional]
    print(f"\n{name} crawl (exit {run.code})")
    print(f"  {report['discovered']} discovered = " + " + ".join(f"{report[o]} {o}" for o in outcomes))
    print(f"  {run.seconds:.2f} s wall, {run.cpu:.2f} s CPU, peak {run.peak_mb:.0f} MB", end="")
    if report["stored"]:
        print(f"; {report['stored'] / run.seconds:.0f} articles/s, {run.cpu / report['stored'] * 1e3:.1f} ms CPU each")
    else:
        print()
    statuses = Counter(status for *_, status in run.requests)
    print(f"  {len(run.requests)} requests ({dict(statuses)}), {len(unconditional)} of them unconditional")
    print(f"  tables written: {written}")
    reasons = Counter(p["reason"][:70] for s in report["sources"] for p in s["problems"])
    for reason, count in reasons.most_common(5):
        print(f"  {count} × {reason}")


def compare(server: Server, folder: str, times: int) -> None:
    """First crawls into fresh databases, one of each variant in turn; then the best of each."""
    best: dict[str, list[tuple[float, float]]] = {name: [] for name in VARIANTS}
    for number in range(times):
        for name, before in VARIANTS.items():
            config = Path(folder, "config.yaml")
            config.write_text(configuration(server.publishers, f"sqlite:///{folder}/{number}-{name}.db"), "utf-8")
            run = crawl(config, server, before=before)
            stored = run.report["stored"]
            best[name].append((run.cpu / stored * 1e3, stored / run.seconds))
            print(f"{name:10}: {stored} articles in {run.seconds:.2f} s, {stored / run.seconds:.0f} a second, "
                  f"{run.cpu / stored * 1e3:.1f} ms CPU each, peak {run.peak_mb:.0f} MB", flush=True)  # fmt: skip
    for name, runs in best.items():
        print(f"{name:10}: at best {min(cpu for cpu, _ in runs):.2f} ms CPU an article, {max(rate for _, rate in runs):.0f} articles a second")  # fmt: skip


@contextmanager
def served(root: Path, most: int) -> Iterator[Server]:
    if not root.is_dir():
        raise SystemExit(f"{root} is no folder; name the pages with --pages")
    server = Server(load_publishers(root, most))
    server.start()
    yield server


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--pages", type=Path, default=DEFAULT_PAGES)
    arguments.add_argument("--database")
    arguments.add_argument("--serve", action="store_true")
    arguments.add_argument("--compare", type=int, default=0, metavar="N")
    arguments.add_argument("--articles", type=int, default=1_000_000, metavar="N")
    options = arguments.parse_args()
    with served(options.pages, options.articles) as server, tempfile.TemporaryDirectory() as folder:
        database = options.database or f"sqlite:///{folder}/replay.db"
        config = Path(folder, "config.yaml")
        config.write_text(configuration(server.publishers, database), "utf-8")
        pages = sum(len(one.pages) for one in server.publishers)
        print(f"{pages} pages of {len(server.publishers)} publishers; {config}", flush=True)
        if options.serve:
            print(config.read_text("utf-8"), flush=True)
            asyncio.run(asyncio.Event().wait())
        if options.compare:
            compare(server, folder, options.compare)
            return
        before: dict[str, tuple[int, str]] = {}
        for name in ("first", "second"):
            run = crawl(config, server)
            after = contents(database)
            show(name, run, difference(before, after))
            before = after


if __name__ == "__main__":
    os.environ.pop("INGEST_DATABASE", None)
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
