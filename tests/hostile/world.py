"""What the rows of the catalogue play with: servers that misbehave, and our own parts put to them.

At full size a good source lives beside every row, in the same event loop and the same box: a poll and a page, again and
again. By how much the slowest of its rounds was slower than the fastest is what the row cost a neighbour.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Self, TypeVar

import httpcore

from ingest.box import Box
from ingest.cadence import failure_of
from ingest.errors import FetchError, IngestError
from ingest.fetch import ACCEPT_PAGE, ACCEPT_SOURCE, Pacer, Validators, Web
from ingest.fetch.network import LookUp, Resolver
from ingest.model import Article, Discovery, Page, Source
from ingest.pipeline import Report, crawl
from ingest.store import Store
from tests.box.pages import page
from tests.web import Answer, Site, site

T = TypeVar("T")
Script = Callable[[socket.socket], Any]
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
URL = "https://example.org/a"
FEED = {"Content-Type": "application/rss+xml"}
BEATS = 0.05
"""Seconds between two rounds of the good source."""


class World:
    """`full` plays everything at its real size; otherwise sizes and deadlines are small."""

    def __init__(self, *, full: bool) -> None:
        self.full = full
        self.deadline = 10.0 if full else 1.0
        self.heads: list[bytes] = []
        """Every request's head, in the order of their coming."""
        self.rounds: list[float] = []
        """Seconds that the good source's rounds took."""
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    @property
    def delay(self) -> float:
        """Seconds by which the good source was late at the worst."""
        return max(self.rounds) - min(self.rounds) if self.rounds else 0.0

    def size(self, small: int, full: int) -> int:
        return full if self.full else small

    def folder(self) -> Path:
        return Path(self._stack.enter_context(tempfile.TemporaryDirectory()))

    def enter(self, thing: Any) -> Any:
        """Something that is open as long as the world is."""
        return self._stack.enter_context(thing)

    def another(self) -> World:
        """A world with a database of its own, open as long as this one."""
        other: World = self.enter(World(full=self.full))
        return other

    # ------------------------------------------------------------ servers

    def serve(self, script: Script | bytes) -> str:
        """A server that does this with each connection, after the request's head; its address with a "/"."""
        return self.enter(_served(script, self.heads))

    def site(self, **routes: Answer | str) -> Site:
        """A well-behaved server; `feed="…"` is an RSS document at /feed."""
        one: Site = self.enter(site())
        for name, route in routes.items():
            one.routes[f"/{name}"] = route if isinstance(route, Answer) else Answer(route, headers=FEED)
        return one

    def silence(self) -> str:
        """An address where connection requests are dropped: a listener whose queue is full."""
        listener = self.enter(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            caller = self.enter(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(listener.getsockname())
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"

    # ------------------------------------------------------------ our parts

    def get(
        self,
        url: str,
        *,
        timeout: float = 1.0,
        max_bytes: int = 1_000_000,
        allow=LOOPBACK,
        look_up: LookUp | None = None,
        network: httpcore.AsyncNetworkBackend | None = None,
        validators: Validators | None = None,
        alone: bool = False,
    ) -> str:
        """One fetch: "200 with … bytes", or the error's kind, its message, and what follows for a source.

        `alone`: without the good source, which the same fault would hit.
        """

        async def go() -> Page:
            options = {
                "timeout": timeout,
                "max_bytes": max_bytes,
                "allow": allow,
                "look_up": look_up,
                "network": network,
            }
            async with _web(**options) as web, web.session() as session:
                return await session.get(url, accept=ACCEPT_SOURCE, validators=validators)

        try:
            found = asyncio.run(go()) if alone else self._run(go())
        except FetchError as error:
            return f"{error.kind}: {error} [{failure_of(error.kind, error.status)}]"
        return f"{found.status} with {len(found.body)} bytes"

    def get_beside(self, others: list[str], url: str, look_up: LookUp, then: Callable[[], None]) -> tuple[str, float]:
        """One fetch while all the others are under way, and the seconds that it took; then they are let go."""

        async def go() -> tuple[str, float]:
            async with _web(timeout=20, look_up=look_up) as web:

                async def fetch(address: str) -> Page:
                    async with web.session() as session:
                        return await session.get(address, accept=ACCEPT_SOURCE)

                waiting = [asyncio.create_task(fetch(other)) for other in others]
                await asyncio.sleep(0)  # they begin
                start = time.monotonic()
                found = await fetch(url)
                took = time.monotonic() - start
                then()
                await asyncio.gather(*waiting, return_exceptions=True)
                return f"{found.status} with {len(found.body)} bytes", took

        return self._run(go())

    def page(
        self, body: bytes, *, url: str = URL, charset: str | None = None, deadline: float | None = None
    ) -> Article | str:
        """One page through the box: the article, or what went wrong. Deadline in seconds, by default the world's."""

        async def go(box: Box) -> Article:
            try:
                return await box.extract(body, url=url, charset=charset)
            finally:
                if self.full and box.boxed:  # what died is waited for, so that its memory is counted
                    await box.extract(page("\0"), url=URL)

        return self.box(go, deadline=deadline or self.deadline)

    def source(self, body: bytes | str, *, kind: Any = "feed", charset: str | None = None) -> Discovery | str:
        """One source's document through the box: what it offers, or what went wrong."""
        data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
        headers = {"content-type": f"text/xml; charset={charset}"} if charset else {}
        url = "https://example.org/feed"
        fetched = Page(url=url, final_url=url, status=200, headers=headers, body=data, fetched_at=datetime.now(UTC))
        return self.box(lambda box: box.discover(Source(name="x", kind=kind, url=url), fetched))

    def box(self, work: Callable[[Box], Coroutine[Any, Any, T]], **options: Any) -> T | str:
        """Something with the box, or the error that came of it."""

        async def go() -> T:
            async with Box(**options) as box:
                return await self._beside(work(box), box)

        try:
            return asyncio.run(go())
        except IngestError as error:
            return f"{getattr(error, 'kind', type(error).__name__)}: {error}"

    # ------------------------------------------------------------ the whole flow

    @property
    def database(self) -> Path:
        """An SQLite file with the present schema; always the same in one world."""
        if not hasattr(self, "_database"):
            self._database = self.folder() / "ingest.db"
            shutil.copy(_template(), self._database)
        return self._database

    def store(self) -> Store:
        return self.enter(Store.open(f"sqlite:///{self.database}"))

    def crawl(self, *urls: str, look_up: LookUp | None = None, timeout: float = 2.0) -> Report:
        """A one-shot crawl of these feeds, named "0", "1" …, into `database`; the accounting is checked."""
        sources = [Source(name=str(number), kind="feed", url=url) for number, url in enumerate(urls)]

        async def go() -> Report:
            async with (
                _web(timeout=timeout, look_up=look_up, max_bytes=5_000_000) as web,
                Box(deadline=self.deadline) as box,
            ):
                run = crawl(
                    store=store, web=web, box=box, robots="articles", hold="host", token="ingest", sources=sources
                )
                return await self._beside(run, box)

        with Store.open(f"sqlite:///{self.database}") as store:
            store.register(sources, datetime.now(UTC))
            report = asyncio.run(go())
        for one in report.sources.values():
            assert one.discovered == one.outcomes.total(), f"the accounting of {one.name} does not add up"
        return report

    def command(self, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """`ingest …` as a process of its own, in an empty folder unless `cwd` names another."""
        command = [sys.executable, "-m", "ingest", *arguments]
        return subprocess.run(
            command,
            text=True,
            capture_output=True,
            check=False,
            **{"cwd": self.folder(), "env": environment()} | options,
        )

    def daemon(
        self, *feeds: str, clock: str = "3600@2026-11-23T06:00:00Z", code: str = "", database: str | None = None
    ) -> Daemon:
        """`ingest run` on these feeds, at an hour a second; `code` is run in its process before it starts."""
        config = self.folder() / "config.yaml"
        sources = "".join(f"  - {{name: s{number}, feed: '{url}'}}\n" for number, url in enumerate(feeds))
        config.write_text(
            f"database: {database or f'sqlite:///{self.database}'}\nfetch: {{allow_addresses: [127.0.0.0/8]}}\nsources:\n{sources}"
        )
        program = f"{code}\nfrom ingest.cli import main\nmain()"
        log = config.with_name("log")
        with log.open("w") as stream:
            process = subprocess.Popen(
                [sys.executable, "-c", program, "run", "--config", str(config)],
                stderr=stream, stdout=stream, env=environment(INGEST_CLOCK=clock), text=True,
            )  # fmt: skip
        self._stack.callback(_end, process)
        return Daemon(process, log)

    # ------------------------------------------------------------ the good source

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        async def go() -> T:
            async with Box() as box:
                return await self._beside(work, box)

        return asyncio.run(go())

    async def _beside(self, work: Coroutine[Any, Any, T], box: Box) -> T:
        """The work, with the good source beside it at full size."""
        if not self.full:
            return await work
        home = self._home()
        over = asyncio.Event()
        async with _web(timeout=60) as web:
            await self._round(home, web, box)  # the first one loads modules
            self.rounds.clear()
            await self._round(home, web, box)
            good = asyncio.create_task(self._rounds(home, web, box, over))
            try:
                await asyncio.sleep(BEATS)
                return await work
            finally:
                over.set()
                await good

    async def _rounds(self, home: str, web: Web, box: Box, over: asyncio.Event) -> None:
        while not over.is_set():
            await self._round(home, web, box)
            await asyncio.sleep(BEATS)

    async def _round(self, home: str, web: Web, box: Box) -> None:
        start = time.monotonic()
        async with web.session() as session:
            offered = await session.get(home + "/feed", accept=ACCEPT_SOURCE)
            found = await box.discover(Source(name="good", kind="feed", url=home + "/feed"), offered)
            fetched = await session.get(found.links[0].url, accept=ACCEPT_PAGE)
            article = await box.extract(fetched.body, url=fetched.final_url)
        assert article.headline == "Ferries run again"
        self.rounds.append(time.monotonic() - start)

    def _home(self) -> str:
        if not hasattr(self, "_good"):
            self._good = self.site(a=Answer(page()))
            links = f"<rss version='2.0'><channel><item><link>{self._good.url}/a</link></item></channel></rss>"
            self._good.routes["/feed"] = Answer(links, headers=FEED)
        return self._good.url


class Daemon:
    """A running `ingest run`, and what it wrote."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process, self._log = process, log

    @property
    def log(self) -> str:
        return self._log.read_text()

    def wait_for(self, text: str, seconds: float = 20) -> bool:
        """Whether it said so in time."""
        return _within(seconds, lambda: text in self.log or self.process.poll() is not None) and text in self.log

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def stop(self) -> int | None:
        self.signal(signal.SIGTERM)
        return self.ended()

    def ended(self, seconds: float = 20) -> int | None:
        """Its exit code, once it has ended."""
        _within(seconds, lambda: self.process.poll() is not None)
        return self.process.poll()


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **more}


def _within(seconds: float, condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not (holds := condition()) and time.monotonic() < end:
        time.sleep(0.02)
    return holds


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()


@cache
def _template() -> Path:
    """A database that is copied: making one takes 0.2 s."""
    file = Path(tempfile.mkdtemp(prefix="hostile")) / "template.db"
    Store.open(f"sqlite:///{file}").close()
    return file


@asynccontextmanager
async def _web(
    *,
    timeout: float,  # noqa: ASYNC109  (of one page)
    max_bytes: int = 1_000_000,
    allow: Sequence[Any] = LOOPBACK,
    look_up: LookUp | None = None,
    network: httpcore.AsyncNetworkBackend | None = None,
) -> AsyncIterator[Web]:
    web = Web(user_agent="ingest/0", timeout=timeout, max_bytes=max_bytes, allow_addresses=tuple(allow),
              pacer=Pacer(0), resolver=Resolver(look_up), network=network)  # fmt: skip
    try:
        yield web
    finally:
        web.close()


@contextmanager
def _served(script: Script | bytes, heads: list[bytes]) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)
    closing = threading.Event()

    def talk(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(20)
            head = b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(65536)
                if not piece:
                    return
                head += piece
            heads.append(head)
            if callable(script):
                script(connection)
            else:
                connection.sendall(script)

    def accept() -> None:
        while not closing.is_set():
            with suppress(TimeoutError):
                connection, _ = listener.accept()
                threading.Thread(target=talk, args=(connection,), daemon=True).start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        closing.set()
        accepting.join()
        listener.close()


def drip(connection: socket.socket, pieces: bytes, pause: float, seconds: float) -> None:
    """The same bytes again and again, until the other side has had enough."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        connection.sendall(pieces)
        time.sleep(pause)
