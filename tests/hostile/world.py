"""What the rows of the catalogue play with: servers that misbehave, and our own parts put to them."""

from __future__ import annotations

import asyncio
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Self

from ingest.box import Box
from ingest.errors import FetchError, IngestError
from ingest.fetch import ACCEPT_SOURCE, Pacer, Validators, Web
from ingest.fetch.network import Resolver
from ingest.model import Article, Discovery, Page, Source
from tests.box.pages import page

Script = Callable[[socket.socket], Any]
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
URL = "https://example.org/a"


class World:
    """`full` plays everything at its real size; otherwise sizes and deadlines are small."""

    def __init__(self, *, full: bool) -> None:
        self.full = full
        self.deadline = 10.0 if full else 1.0
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def size(self, small: int, full: int) -> int:
        return full if self.full else small

    def folder(self) -> Path:
        return Path(self._stack.enter_context(tempfile.TemporaryDirectory()))

    # ------------------------------------------------------------ servers

    def serve(self, script: Script | bytes) -> str:
        """A server that does this with each connection, after the request's head; its address with a "/"."""
        return self._stack.enter_context(_served(script))

    def silence(self) -> str:
        """An address where connection requests are dropped: a listener whose queue is full."""
        listener = self._stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            caller = self._stack.enter_context(socket.socket())
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
        look_up: Callable[[str, int], list[str]] | None = None,
        validators: Validators | None = None,
    ) -> str:
        """One fetch: "200 with … bytes", or the error's kind and message."""

        async def go() -> Page:
            web = Web(user_agent="ingest/0", timeout=timeout, max_bytes=max_bytes, allow_addresses=allow,
                      pacer=Pacer(0), resolver=Resolver(look_up))  # fmt: skip
            try:
                async with web.session() as session:
                    return await session.get(url, accept=ACCEPT_SOURCE, validators=validators)
            finally:
                web.close()

        try:
            page = asyncio.run(go())
        except FetchError as error:
            return f"{error.kind}: {error}"
        return f"{page.status} with {len(page.body)} bytes"

    def get_beside(
        self, others: list[str], url: str, look_up: Callable[[str, int], list[str]], then: Callable[[], None]
    ) -> tuple[str, float]:
        """One fetch while all the others are under way, and the seconds that it took; then they are let go."""

        async def go() -> tuple[str, float]:
            web = Web(user_agent="ingest/0", timeout=20, max_bytes=1_000_000, allow_addresses=LOOPBACK,
                      pacer=Pacer(0), resolver=Resolver(look_up))  # fmt: skip

            async def fetch(address: str) -> Page:
                async with web.session() as session:
                    return await session.get(address, accept=ACCEPT_SOURCE)

            waiting = [asyncio.create_task(fetch(other)) for other in others]
            await asyncio.sleep(0)  # they begin
            start = time.monotonic()
            page = await fetch(url)
            took = time.monotonic() - start
            then()
            await asyncio.gather(*waiting, return_exceptions=True)
            web.close()
            return f"{page.status} with {len(page.body)} bytes", took

        return asyncio.run(go())

    def page(self, body: bytes, *, url: str = URL, charset: str | None = None) -> Article | str:
        """One page through the box: the article, or what went wrong."""

        async def go() -> Article:
            async with Box(deadline=self.deadline) as box:
                try:
                    return await box.extract(body, url=url, charset=charset)
                finally:
                    if self.full and box.boxed:  # what died is waited for, so that its memory is counted
                        await box.extract(page("x" * 1_100_000), url=URL)

        return _or_error(go)

    def source(self, body: bytes | str, *, kind: Any = "feed", charset: str | None = None) -> Discovery | str:
        """One source's document through the box: what it offers, or what went wrong."""
        data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
        headers = {"content-type": f"text/xml; charset={charset}"} if charset else {}
        url = "https://example.org/feed"
        fetched = Page(url=url, final_url=url, status=200, headers=headers, body=data, fetched_at=datetime.now(UTC))

        async def go() -> Discovery:
            async with Box() as box:
                return await box.discover(Source(name="x", kind=kind, url=url), fetched)

        return _or_error(go)


def _or_error(go: Callable[[], Any]) -> Any:
    try:
        return asyncio.run(go())
    except IngestError as error:
        return f"{getattr(error, 'kind', type(error).__name__)}: {error}"


@contextmanager
def _served(script: Script | bytes):
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)
    closing = threading.Event()
    threads: list[threading.Thread] = []

    def talk(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(20)
            head = b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(65536)
                if not piece:
                    return
                head += piece
            if callable(script):
                script(connection)
            else:
                connection.sendall(script)

    def accept() -> None:
        while not closing.is_set():
            with suppress(TimeoutError):
                connection, _ = listener.accept()
                threads.append(threading.Thread(target=talk, args=(connection,), daemon=True))
                threads[-1].start()

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
