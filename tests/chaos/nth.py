"""13. The n-th operation fails, for n = 1, 2, 3 … until a run is clean (https://www.sqlite.org/testing.html#anomaly_testing).

Operations are a whole crawl's: each statement and commit, each name looked up, each connection, each read and write of
a socket. After the failure nothing that was acknowledged is missing, a stored validator has its entries, the accounting
adds up; and another crawl, two days later, ends with what a clean one stores.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any

import httpcore
import psycopg
from sqlalchemy import event, text

from ingest.box import Box
from ingest.errors import StoreError
from ingest.fetch import Pacer, Web
from ingest.fetch.network import Resolver
from ingest.model import Source
from ingest.pipeline import Report, crawl
from ingest.store import Store
from tests.box.pages import page
from tests.web import Answer, Site, conditional, site

ENTRIES = 3
LATER = timedelta(days=2)
TOPICS = ("The bridge", "Rice prices", "The choir")


@dataclass
class Fuse:
    """Blows at the n-th operation; never, with 0."""

    n: int = 0
    seen: int = 0
    blown: str = ""
    """What failed."""

    def spend(self, operation: str) -> bool:
        """Whether this one fails."""
        self.seen += 1
        if self.seen == self.n:
            self.blown = operation
        return self.seen == self.n


class LaterStore(Store):
    """A store whose clock is ahead, so that everything that waits for another try is due."""

    def clock(self) -> datetime:
        return super().clock() + LATER


class FusedNetwork(httpcore.AsyncNetworkBackend):
    """The network with a fuse at each connection, read and write."""

    def __init__(self, fuse: Fuse) -> None:
        self._fuse, self._real = fuse, httpcore.AnyIOBackend()

    async def connect_tcp(self, *given: Any, **options: Any) -> httpcore.AsyncNetworkStream:
        if self._fuse.spend("connect"):
            raise httpcore.ConnectError("the cable is out")
        return FusedStream(self._fuse, await self._real.connect_tcp(*given, **options))

    async def sleep(self, seconds: float) -> None:
        await self._real.sleep(seconds)


class FusedStream(httpcore.AsyncNetworkStream):
    def __init__(self, fuse: Fuse, real: httpcore.AsyncNetworkStream) -> None:
        self._fuse, self._real = fuse, real

    async def read(self, *given: Any, **options: Any) -> bytes:
        if self._fuse.spend("read"):
            raise httpcore.ReadError("connection reset")
        return await self._real.read(*given, **options)

    async def write(self, *given: Any, **options: Any) -> None:
        if self._fuse.spend("write"):
            raise httpcore.WriteError("broken pipe")
        await self._real.write(*given, **options)

    async def aclose(self) -> None:
        await self._real.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self._real.get_extra_info(info)


@contextmanager
def fused(store: Store, fuse: Fuse) -> Iterator[None]:
    """Statements and commits of a store fail as those of its driver do."""
    database = store._database
    engine = database._engine
    commit = engine.dialect.do_commit

    def failure() -> Exception:
        if not database.is_sqlite:
            return psycopg.OperationalError("the server closed the connection unexpectedly")
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR
        return error

    def statement(*_: object) -> None:
        if fuse.spend("statement"):
            raise failure()

    def end(connection: Any) -> None:
        if fuse.spend("commit"):
            raise failure()
        commit(connection)

    event.listen(engine, "do_execute", statement)
    engine.dialect.do_commit = end
    try:
        yield
    finally:
        event.remove(engine, "do_execute", statement)
        engine.dialect.do_commit = commit


@dataclass
class Town:
    """Two hosts with a feed each; the second one offers an article of the first as well."""

    hosts: tuple[Site, Site]
    sources: tuple[Source, ...] = ()
    offered: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, host in enumerate(self.hosts):
            host.routes["/robots.txt"] = Answer(
                "User-agent: *\nDisallow: /private/", headers={"Content-Type": "text/plain"}
            )
            for entry in range(ENTRIES):
                body = page(
                    f"<p>{TOPICS[entry]} of town {number} is news.</p>" * 9, f"{TOPICS[entry]} of town {number}"
                )
                host.routes[f"/{entry}"] = conditional(body, etag=f'"{entry}"')
        first, second = self.hosts
        self.offered = {
            "first": [f"{first.url}/{entry}" for entry in range(ENTRIES)],
            "second": [f"{second.url}/{entry}" for entry in range(ENTRIES)] + [f"{first.url}/0"],
        }
        for name, host in zip(self.offered, self.hosts, strict=True):
            items = "".join(f"<item><link>{url}</link><guid>{url}</guid></item>" for url in self.offered[name])
            host.routes["/feed"] = conditional(f"<rss version='2.0'><channel>{items}</channel></rss>", etag='"feed"')
        self.sources = tuple(
            Source(name=name, kind="feed", url=f"{host.url}/feed")
            for name, host in zip(self.offered, self.hosts, strict=True)
        )

    def crawl(self, store: Store, fuse: Fuse) -> Report:
        """One run; a database error is what the command would end with."""
        report = Report()

        def look_up(_host: str, _port: int) -> list[str]:
            if fuse.spend("name"):
                raise OSError("the name server is away")
            return ["127.0.0.1"]

        async def go() -> None:
            web = Web(user_agent="ingest/0", timeout=5, max_bytes=1_000_000, allow_addresses=(ip_network("127.0.0.0/8"),),
                      pacer=Pacer(0), resolver=Resolver(look_up), network=FusedNetwork(fuse))  # fmt: skip
            try:
                async with Box() as box:
                    await crawl(store=store, web=web, box=box, robots="articles", token="ingest",
                                sources=self.sources, report=report)  # fmt: skip
            finally:
                web.close()

        try:
            with fused(store, fuse):
                store.register(self.sources, store.clock())
                asyncio.run(go())
        except StoreError:
            report.interrupted = True
        return report


def holds(make_database: Callable[[], str], numbers: Iterable[int]) -> Iterator[tuple[Fuse, list[str]]]:
    """Play n = each of the numbers, until a run is clean; each fuse with what was broken, [] if nothing."""
    with site() as first, site() as second:
        town = Town((first, second))
        with Store.open(make_database()) as clean:
            town.crawl(clean, Fuse())
            expected = contents(clean)
        assert len(expected) == 2 * ENTRIES, expected
        for n in numbers:
            fuse, url = Fuse(n), make_database()
            broken = play(town, url, fuse, expected)
            yield fuse, broken
            if not fuse.blown:
                return


def play(town: Town, url: str, fuse: Fuse, expected: list[tuple[Any, ...]]) -> list[str]:
    broken = []
    with Store.open(url) as store:
        report = town.crawl(store, fuse)
        broken += [
            f"accounting of {one.name}: {one.discovered} discovered, {one.outcomes}"
            for one in report.sources.values()
            if one.open < 0 or (one.open and not report.interrupted)
        ]
        broken += store.check()
        stored = validators(store)
        for name, urls in town.offered.items():
            if stored.get(name) and (missing := set(urls) - links(store)):
                broken.append(f"2: {name} has a validator, but not {missing}")
    before = [len(host.requests) for host in town.hosts]
    with LaterStore.open(url) as store:
        again = town.crawl(store, Fuse())
        if again.interrupted:
            broken.append("the second run failed")
        broken += [f"accounting of {one.name}" for one in again.sources.values() if one.open]
        if (found := contents(store)) != expected:
            broken.append(f"1: {len(found)} articles instead of {len(expected)}: {set(expected) ^ set(found)}")
        if store.owners():
            broken.append("a lease was left")
        broken += store.check()
    for name, host, seen in zip(town.offered, town.hosts, before, strict=True):
        polls = [one for one in host.requests[seen:] if one.path == "/feed"]
        if stored.get(name) and not all("if-none-match" in one.headers for one in polls):
            broken.append(f"4: {name} was asked unconditionally")
    return broken


def contents(store: Store) -> list[tuple[Any, ...]]:
    """What other services see, without times."""
    return sorted((one.url, one.headline, one.revision, tuple(sorted(one.sources))) for one in store.articles())


def validators(store: Store) -> dict[str, str]:
    with store._database.reading() as connection:
        return dict(connection.execute(text("SELECT name, etag FROM source")).all())


def links(store: Store) -> set[str]:
    with store._database.reading() as connection:
        return set(connection.execute(text("SELECT url FROM link")).scalars())
