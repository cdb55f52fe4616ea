"""One request at a time to a host, and its delay between two starts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

MAX_CRAWL_DELAY = 60.0
"""Seconds. A robots.txt that asks for more is clamped: 1e20 is a joke, an hour would starve the other sources."""


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    delay: float = 0.0
    next_start: float = float("-inf")


class Pacer:
    """The hosts' turns, for everything that one process fetches: polls, pages, robots.txt, every redirect hop."""

    def __init__(
        self,
        delay: float,
        *,
        monotonic: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`delay` in seconds. A fast clock for tests comes as `monotonic` and `sleep`; default is the loop's."""
        self._delay = delay
        self._monotonic = monotonic
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}

    def lengthen(self, host: str, crawl_delay: float) -> None:
        """Heed a robots.txt: it can make the delay of a host longer, never shorter."""
        state = self._hosts.setdefault(host, _Host(delay=self._delay))
        state.delay = max(self._delay, min(crawl_delay, MAX_CRAWL_DELAY))

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for the host to be free and rested; hold it until the response is read."""
        state = self._hosts.setdefault(host, _Host(delay=self._delay))
        async with state.lock:
            now = self._monotonic or asyncio.get_running_loop().time
            wait = state.next_start - now()
            if wait > 0:
                await self._sleep(wait)
            state.next_start = now() + state.delay
            yield
