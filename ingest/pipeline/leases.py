"""The hosts that this process holds, and their turns: within the process by the pacer, between processes by the ledger.

Every request takes its turn here: polls, pages, robots.txt, every hop of a redirect. A redirect to a host that we don't hold
borrows it for a moment.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from ingest.clock import Clock
from ingest.fetch import Pacer
from ingest.pipeline.writer import Writer
from ingest.store import Claim, HostWork

LEASE = 60.0
"""Real seconds: whatever speed the clock has, a process needs time to renew. Longer than a request and its delay."""
RENEW = LEASE / 4
MARGIN = LEASE / 2
"""A request starts only under a lease that holds for so long: when it is over, the request is, too."""
BORROW = 20.0
"""Real seconds that a redirect waits for another host's turn."""
_LOOK = 0.5


class LeaseLost(Exception):  # an event, as asyncio.CancelledError is
    """Somebody else has the host by now, or the database is away: nothing more may be asked or stored."""


class HostBusy(Exception):
    """Somebody else visits the host, or it asked to be left alone; it is tried later, and nobody has failed."""


class Pause(Exception):  # an event, too
    """Nothing more is asked of the host for now; what is left stays due."""

    def __init__(self, until: datetime | None) -> None:
        self.until = until
        super().__init__()


class Leases:
    """Claims hosts, keeps them while they are visited, gives them back."""

    def __init__(self, writer: Writer, pacer: Pacer, clock: Clock, owner: str, *, borrow: float = BORROW) -> None:
        """`borrow`: real seconds that a redirect waits for another host."""
        self._writer = writer
        self._pacer = pacer
        self._clock = clock
        self._owner = owner
        self._held: dict[str, Claim] = {}
        self._borrowed: dict[str, int] = {}  # host → requests under way that need the borrowed lease
        self._patience = borrow
        self.closing = False
        """Whether no request may start any more."""
        self._length = timedelta(seconds=LEASE * clock.speed)

    async def claim_due(self, limit: int, *, links: int) -> list[HostWork]:
        """Hosts that are due, with their work."""
        now, owner, length = self._clock.now(), self._owner, self._length
        found = await self._writer.call(lambda store: store.claim_hosts(owner, now, limit, length, links=links))
        for work in found:
            self._admit(work.claim)
        return found

    async def claim(self, host: str, patience: float) -> Claim | None:
        """One host, due or not; None if somebody else has it for longer than `patience` (real seconds)."""
        end = asyncio.get_running_loop().time() + patience
        while True:
            found = await self._claim(host)
            if found is not None:
                self._admit(found)
                return found
            if asyncio.get_running_loop().time() > end:
                return None
            await asyncio.sleep(_LOOK)

    async def _claim(self, host: str) -> Claim | None:
        now = self._clock.now()
        return await self._writer.call(lambda store: store.claim_host(host, self._owner, now, self._length))

    async def _renew(self, claims: list[Claim]) -> list[Claim]:
        now = self._clock.now()
        return await self._writer.call(lambda store: store.renew(claims, now, self._length))

    def _admit(self, claim: Claim) -> None:
        self._held[claim.host] = claim
        if claim.next_request_at is not None:
            wait = (claim.next_request_at - self._clock.now()).total_seconds()
            # A clock that was wrong can't silence a host: no delay is longer than a minute or two.
            self._pacer.not_before(claim.host, min(wait + self._clock.apart, 2 * 60))

    async def release(self, claim: Claim, *, rest_until: datetime | None = None, answered: bool = False) -> None:
        """Give a host back. After it nothing is asked there."""
        self._held.pop(claim.host, None)
        rest = self._pacer.rest(claim.host)
        at = self._clock.now() + timedelta(seconds=rest) if rest > 0 else None
        self._pacer.forget(claim.host)
        await self._writer.call(
            lambda store: store.release(claim, at, rest_until=rest_until, answered=answered)
        )  # fmt: skip

    async def keep(self) -> None:
        """Renew what is held, until it is cancelled."""
        while True:
            await asyncio.sleep(RENEW)
            claims = list(self._held.values())
            kept = {one.host: one for one in await self._renew(claims)} if claims else {}
            for claim in claims:
                if self._held.get(claim.host) != claim:
                    continue
                if claim.host in kept:
                    self._held[claim.host] = kept[claim.host]
                else:
                    del self._held[claim.host]

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for the host to be free and rested; hold it until the answer is read.

        Raises LeaseLost, Pause when we are closing, and HostBusy for a host that others visit or that asked to be left alone.
        """
        lend = host not in self._held or host in self._borrowed
        if lend:
            await self._borrow(host)
        try:
            async with self._pacer.turn(host):
                if self.closing:
                    raise Pause(None)
                claim = self._held.get(host)
                if claim is None or claim.until - self._clock.now() < timedelta(seconds=MARGIN * self._clock.speed):
                    raise LeaseLost(host)
                yield
        finally:
            if lend:
                await asyncio.shield(self._give_back(host))

    async def _borrow(self, host: str) -> None:
        if host in self._borrowed:
            self._borrowed[host] += 1
            return
        claim = await self.claim(host, self._patience)
        if claim is None:
            raise HostBusy(f"another process visits {host}")
        self._borrowed[host] = self._borrowed.get(host, 0) + 1
        if claim.hold is not None and claim.hold.until > self._clock.now():
            await self._give_back(host)
            raise HostBusy(f"{host} asked to be left alone until {claim.hold.until:%Y-%m-%d %H:%M} UTC")

    async def _give_back(self, host: str) -> None:
        self._borrowed[host] -= 1
        if self._borrowed[host]:
            return
        del self._borrowed[host]
        if (claim := self._held.get(host)) is not None:
            await self.release(claim)


# ---------------------------------------------------------------- who we are


def owner_name() -> str:
    """Who we are among all processes: the machine's boot, the process namespace, the process and when it began."""
    return f"{_machine()}/{os.getpid()}/{_began(os.getpid())}"


def dead(owners: list[str]) -> list[str]:
    """The owners that were processes of this machine and are no more; of other machines nothing is known."""
    found = []
    for owner in owners:
        machine, _, process = owner.partition("/")
        number, _, began = process.partition("/")
        if machine == _machine() and number.isdigit() and _began(int(number)) != began:
            found.append(owner)
    return found


def _machine() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        namespace = Path("/proc/self/ns/pid").readlink().name
    except OSError:  # not Linux: then every owner is a stranger, whose lease ends by itself
        return f"{os.uname().nodename}-{os.urandom(8).hex()}"
    return f"{boot}-{namespace}"


def _began(process: int) -> str:
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]  # starttime, proc(5)
