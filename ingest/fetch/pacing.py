"""One request at a time to a host, and its delay between two starts, as the host sees them.

The delay counts from the beginning of the answer: by then the host has had the request for sure. Counted from the sending, a
request that was held up on its way (a connection to open, a busy machine) was followed by one that was not, too soon.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

MAX_CRAWL_DELAY = 60.0
"""Seconds. A robots.txt that asks for more is clamped: 1e20 is a joke, an hour would starve the other sources."""


@dataclass(slots=True)
class _Host:
    delay: float
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    asked_at: float = float("-inf")
    """When it had our last request at the latest."""
    answered: bool = False
    not_before: float = float("-inf")

    @property
    def next_start(self) -> float:
        return max(self.asked_at + self.delay, self.not_before)


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

    @property
    def delay(self) -> timedelta:
        """Between two starts, where no robots.txt asks for more."""
        return timedelta(seconds=self._delay)

    def set_delay(self, seconds: float) -> None:
        """For hosts from their next visit on."""
        self._delay = seconds

    def lengthen(self, host: str, crawl_delay: float) -> None:
        """Heed a robots.txt: it can make the delay of a host longer, never shorter."""
        self._host(host).delay = max(self._delay, min(crawl_delay, MAX_CRAWL_DELAY))

    def rest(self, host: str) -> float:
        """Seconds until the next request may start; negative if it may."""
        return self._hosts[host].next_start - self._now() if host in self._hosts else float("-inf")

    def not_before(self, host: str, seconds: float) -> None:
        """No request within these seconds: another process has asked the host."""
        state = self._host(host)
        state.not_before = max(state.not_before, self._now() + seconds)

    def answered(self, host: str) -> None:
        """The answer to the request that has the turn begins."""
        state = self._host(host)
        state.asked_at, state.answered = self._now(), True

    def forget(self, host: str) -> None:
        """The host is left to others; what they need to know is in the database."""
        if host in self._hosts and not self._hosts[host].lock.locked():
            del self._hosts[host]

    def _host(self, name: str) -> _Host:
        return self._hosts.setdefault(name, _Host(self._delay))

    def _now(self) -> float:
        return (self._monotonic or asyncio.get_running_loop().time)()

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for the host to be free and rested; hold it until the response is read."""
        state = self._host(host)
        async with state.lock:
            while (wait := state.next_start - self._now()) > 0:  # again: a sleep may end a little early
                await self._sleep(wait)
            state.answered = False
            try:
                yield
            finally:
                if not state.answered:  # whether it ever arrived, and when, nobody knows
                    state.asked_at = self._now()
