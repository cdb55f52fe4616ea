"""Hosts on loopback, all played by one server in a thread, that writes down every request."""

from __future__ import annotations

import asyncio
import socket
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Thread

import leap


@dataclass
class Asked:
    """One request as the server saw it; times are seconds of the town's clock."""

    at: float
    """When the server had it, before anything was answered."""
    host: str
    path: str
    headers: dict[str, str]
    end: float = 0
    """When all of the answer was ready but its last bytes had not left; 0: never."""
    status: int = 0
    type: str | None = None
    etag: str | None = None
    last_modified: str | None = None

    @property
    def conditional(self) -> bool:
        return "if-none-match" in self.headers or "if-modified-since" in self.headers


@dataclass
class Reply:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    """End before all was sent; with status 0, before anything was."""


Player = Callable[["Town", Asked], Reply]


class Town:
    """A player per host: 127.0.0.2 and so on, in their order, or the address that `names` gives.

    Judged by its log alone, the daemon can't be wronged by a busy machine: a request is written down before its answer is
    sent, and its end before its last bytes are. Whoever has had an answer knows that its request stands there already.
    """

    def __init__(self) -> None:
        self.log: list[Asked] = []
        self.players: dict[str, Player] = {}
        self.names: dict[str, str] = {}
        """Host → its address, where it is no 127.0.0.x: a name to be resolved, or [::1]."""
        self.out = False
        """Whether the whole network is out."""
        self.trap: Callable[[Asked], None] | None = None
        """Called with each request, before it is answered."""
        self._begun = time.monotonic()
        self._loop = asyncio.new_event_loop()
        self._listening = [_listener(socket.AF_INET, "0.0.0.0"), _listener(socket.AF_INET6, "::1")]
        self.port, self.port6 = (one.getsockname()[1] for one in self._listening)
        Thread(target=self._serve, daemon=True).start()

    def now(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._begun

    def host(self, name: str) -> str:
        if name in self.names:
            return self.names[name]
        return f"127.0.0.{2 + list(self.players).index(name)}:{self.port}"

    def of(self, name: str, path: str | None = None) -> list[Asked]:
        """What was asked of a host."""
        host = self.host(name)
        return [one for one in self.log if one.host == host and path in (None, one.path)]

    def go_out(self) -> None:
        """From now on nobody can be reached."""
        self.out = True
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()

    def come_back(self) -> None:
        self.out = False
        self._listening = [
            _listener(socket.AF_INET, "0.0.0.0", self.port),
            _listener(socket.AF_INET6, "::1", self.port6),
        ]
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._open())
        self._loop.run_forever()

    async def _open(self) -> None:
        self._servers = [await asyncio.start_server(self._connection, sock=one) for one in self._listening]

    async def _close(self) -> None:
        for one in self._servers:
            one.close()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while not self.out and (head := await reader.readuntil(b"\r\n\r\n")) and not self.out:
                if not await self._answer(head.decode("latin-1"), writer):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, head: str, writer: asyncio.StreamWriter) -> bool:
        first, *lines = head.split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
        asked = Asked(self.now(), headers["host"], first.split(" ")[1], headers)
        self.log.append(asked)
        if self.trap is not None:
            self.trap(asked)
        reply = self._player(asked.host)(self, asked)
        asked.status, asked.type = reply.status, reply.headers.get("Content-Type")
        asked.etag, asked.last_modified = reply.headers.get("ETag"), reply.headers.get("Last-Modified")
        if not reply.status:
            return False
        said = "".join(f"{name}: {value}\r\n" for name, value in reply.headers.items())
        length = "" if reply.status == 304 else f"Content-Length: {len(reply.body)}\r\n"
        body = b"" if reply.status == 304 else reply.body[: len(reply.body) // 2] if reply.cut else reply.body
        asked.end = self.now()
        writer.write(f"HTTP/1.1 {reply.status} X\r\n{said}{length}\r\n".encode() + body)
        await writer.drain()
        return not reply.cut

    def _player(self, host: str) -> Player:
        for name, address in self.names.items():
            if address == host:
                return self.players[name]
        return list(self.players.values())[int(host.partition(":")[0].rpartition(".")[2]) - 2]


class LeapingTown(Town):
    """Hosts that live by the daemon's clock."""

    def __init__(self, shared: leap.Time) -> None:
        super().__init__()
        self._shared = shared

    def now(self) -> float:
        return self._shared.now


def _listener(family: socket.AddressFamily, address: str, port: int = 0) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((address, port))
    made.listen(500)  # who connects before the thread runs waits here
    return made


def by_host(asked: Iterable[Asked]) -> dict[str, list[Asked]]:
    """The requests of each host, in the order in which they came."""
    found: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        found[one.host].append(one)
    return found
