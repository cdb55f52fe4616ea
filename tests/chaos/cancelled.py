"""9. Fetches are cancelled by the thousand, at random moments, and the next one succeeds within a second.

httpcore's pool wedges for good when requests are cancelled (encode/httpcore#1093); a visit's pool dies with the visit.
What must be free again: hosts' turns, sockets, tasks.
"""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path

from ingest.errors import FetchError
from ingest.fetch import ACCEPT_PAGE, Pacer, Web

HOSTS = 20
AT_ONCE = 40
LONGEST = 0.03
"""Seconds after which a fetch is cancelled at the latest; an answer takes up to twice as long."""


@dataclass(frozen=True, kw_only=True)
class Churned:
    """What came of it."""

    cancelled: int
    answered: int
    slowest: float
    """Seconds that the next fetch took, at the slowest of all hosts."""
    sockets: int
    tasks: int
    """Left behind."""


async def churn(fetches: int, seed: int) -> Churned:
    """Cancel so many fetches, then fetch once from each host."""
    dice = random.Random(seed)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                await reader.readuntil(b"\r\n\r\n")
                for piece in (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n", b"he", b"re"):
                    if patient:
                        await asyncio.sleep(dice.uniform(0, LONGEST * 2 / 3))
                    writer.write(piece)
                    await writer.drain()
        writer.close()

    patient = True
    sockets, tasks = _sockets(), len(asyncio.all_tasks())
    server = await asyncio.start_server(serve, "0.0.0.0", 0)
    port = server.sockets[0].getsockname()[1]
    urls = [f"http://127.0.1.{host}:{port}/" for host in range(1, HOSTS + 1)]
    web = Web(user_agent="ingest/0", timeout=LONGEST * 2, max_bytes=1000,
              allow_addresses=(ip_network("127.0.0.0/8"),), pacer=Pacer(0))  # fmt: skip
    counts = {"cancelled": 0, "answered": 0}
    left = iter(range(fetches))

    async def fetch(url: str) -> None:
        async with web.session() as session:
            await session.get(url, accept=ACCEPT_PAGE)

    async def cancel_all() -> None:
        for _ in left:
            task = asyncio.create_task(fetch(dice.choice(urls)))
            await asyncio.sleep(dice.uniform(0, LONGEST))
            task.cancel()
            try:
                await task
                counts["answered"] += 1
            except (asyncio.CancelledError, FetchError):  # FetchError: its own deadline came first
                counts["cancelled"] += 1

    await asyncio.gather(*(cancel_all() for _ in range(AT_ONCE)))
    patient, web.timeout = False, 20
    times = []
    for url in urls:
        start = time.monotonic()
        await fetch(url)
        times.append(time.monotonic() - start)
    web.close()
    server.close()
    for _ in range(100):  # the server's side of the last connections
        await asyncio.sleep(0.01)
        if len(asyncio.all_tasks()) <= tasks and _sockets() <= sockets:
            break
    return Churned(
        **counts, slowest=max(times), sockets=_sockets() - sockets, tasks=len(asyncio.all_tasks()) - tasks
    )  # fmt: skip


def _sockets() -> int:
    found = 0
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the one that lists them
            found += str(descriptor.readlink()).startswith("socket:")
    return found
