"""Many hosts on one machine, good ones and bad ones, and the real daemon that polls them.

A host is an address of 127.0.0.0/8 with one port. A good one has a feed with an ETag, and now and then a new article; it
writes down when it was polled.
"""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count, pairwise
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.box.pages import page

Act = Callable[[str, asyncio.StreamWriter], Awaitable[None]]
"""What a bad host does with a request's path."""
INTERVAL = 1.0
"""Seconds between two polls of a source."""
NEWS_EVERY = 5
"""Polls of a good host from one new article to the next."""


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def feed(*urls: str) -> bytes:
    items = "".join(f"<item><title>Story</title><link>{url}</link></item>" for url in urls)
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode()


class Street:
    """The hosts; a context manager, with a thread of its own."""

    def __init__(self, good: int, bad: Sequence[tuple[str, Act]] = ()) -> None:
        self.good = {f"127.0.2.{number + 1}": f"good{number}" for number in range(good)}
        self.bad = {f"127.0.3.{number + 1}": (name, act) for number, (name, act) in enumerate(bad)}
        self.polls: dict[str, list[float]] = defaultdict(list)
        """Host → when its feed was asked for (monotonic seconds)."""
        self.port = 0
        self._news: dict[str, int] = defaultdict(int)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
        asyncio.run_coroutine_threadsafe(self._hang_up(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def open(self) -> None:
        """Answer, at the same port as before."""
        started = asyncio.start_server(self._talk, "0.0.0.0", self.port)
        self._server = asyncio.run_coroutine_threadsafe(started, self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Refuse connections."""
        self._loop.call_soon_threadsafe(self._server.close)

    async def _hang_up(self) -> None:
        talks = asyncio.all_tasks() - {asyncio.current_task()}
        for one in talks:
            one.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    def configuration(self, database: str, *, bad: bool = True, schedule: str = "") -> str:
        hosts = self.good | ({host: name for host, (name, _) in self.bad.items()} if bad else {})
        interval = "" if schedule else f", interval: {INTERVAL:g}s"
        sources = "".join(
            f"  - {{name: {name}, feed: 'http://{host}:{self.port}/feed'{interval}}}\n" for host, name in hosts.items()
        )
        return (
            f"database: {database}\nfetch: {{allow_addresses: [127.0.0.0/8]}}\npoliteness: {{delay: 0s}}\n"
            f"{schedule}sources:\n{sources}"
        )

    def longest_gap(self, since: float, until: float) -> float:
        """Between two polls of one good host that fall into the time, or up to its end."""
        gaps = [0.0]
        for host in self.good:
            times = [at for at in self.polls[host] if since <= at <= until]
            gaps += [after - before for before, after in pairwise([*(times or [since]), until])]
        return max(gaps)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("sockname")[0]
        # CancelledError: a stream's own callback would report it as a mistake
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                path = head.split(" ", 2)[1]
                if path == "/feed":
                    self.polls[host].append(time.monotonic())
                if path == "/robots.txt":
                    writer.write(answer(b"", status="404 Not Found"))
                elif host in self.bad:
                    await self.bad[host][1](path, writer)
                else:
                    writer.write(self._good(host, path, head))
                await writer.drain()
        writer.close()

    def _good(self, host: str, path: str, head: str) -> bytes:
        if path != "/feed":
            return answer(page("", f"Ferries run again from {host}{path}"), "Content-Type: text/html")
        newest = len(self.polls[host]) // NEWS_EVERY
        if f'"{newest}"' in head:
            return b'HTTP/1.1 304 Not Modified\r\nETag: "%d"\r\n\r\n' % newest
        urls = [f"http://{host}:{self.port}/{number}" for number in range(max(0, newest - 9), newest + 1)]
        return answer(feed(*urls), f'ETag: "{newest}"', "Content-Type: application/rss+xml")


@dataclass(frozen=True)
class Size:
    """What a process has: megabytes, open files and sockets, threads, without those that belong to the box.

    The box may have four slots, each with two pipes and a thread that waits for its end.
    """

    memory: float
    files: int
    threads: int

    @classmethod
    def of(cls, pid: int) -> Size:
        fields = _status(pid)
        files = [_target(one) for one in Path(f"/proc/{pid}/fd").iterdir()]
        return cls(
            memory=int(fields["VmRSS"].split()[0]) / 1024,
            files=sum(not target.startswith("pipe:") for target in files),
            threads=int(fields["Threads"]) - len(_children(pid)),
        )


class Daemon:
    """`ingest run`, watched from outside; a context manager that ends it."""

    def __init__(self, directory: Path, configuration: str, *, env: dict[str, str] | None = None) -> None:
        self._log = directory / "log"
        self._config = directory / "config.yaml"
        self._config.write_text(configuration)
        command = [sys.executable, "-m", "ingest", "run", "--config", str(self._config)]
        # Through a pipe: a daemon that may not write files could not write its log either.
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, env=env)
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()
        self.peak = self.box_peak = 0.0
        """Megabytes, of the daemon and of the largest process of its box, as far as they were seen."""
        self._over = threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True)
        self._watching.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._over.set()
        self._watching.join()
        self.process.kill()
        self.process.wait()
        self._reading.join()

    def configure(self, configuration: str) -> None:
        """Another one, from now on."""
        self._config.write_text(configuration)
        self.process.send_signal(signal.SIGHUP)

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> int:
        """Tell it to; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)

    def events(self) -> list[dict[str, str]]:
        """What it wrote down."""
        found = []
        for line in self._log.read_text().splitlines():
            with suppress(json.JSONDecodeError):
                found.append(json.loads(line))
        return [one for one in found if isinstance(one, dict)]

    def tracebacks(self) -> int:
        return self._log.read_text().count("Traceback")

    def size(self) -> Size:
        """The least of some seconds: polls come and go."""
        sizes = []
        for _ in range(30):
            sizes.append(Size.of(self.process.pid))
            time.sleep(0.1)
        return Size(*(min(getattr(one, name) for one in sizes) for name in ("memory", "files", "threads")))

    def family(self) -> list[int]:
        """The processes of its box."""
        return [one for child in _children(self.process.pid) for one in (child, *_children(child))]

    def _read(self) -> None:
        assert self.process.stderr is not None
        with self._log.open("ab", buffering=0) as log:
            for line in self.process.stderr:
                log.write(line)

    def _watch(self) -> None:
        for turn in count():
            if self._over.wait(0.02):
                return
            self.peak = max(self.peak, _peak(self.process.pid))
            if turn % 2 == 0:
                self.box_peak = max([self.box_peak, *map(_peak, self.family())])


def _target(descriptor: Path) -> str:
    try:
        return str(descriptor.readlink())
    except OSError:  # closed meanwhile
        return "pipe:"


def _status(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _peak(pid: int) -> float:
    try:
        return int(_status(pid)["VmHWM"].split()[0]) / 1024
    except (OSError, KeyError):  # gone, or a zombie, which has no memory
        return 0.0


def _children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
