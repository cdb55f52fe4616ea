"""One run over sources and addresses: a visit for every host that has work, many hosts at a time.

It claims hosts as the daemon does, in the same ledger: both together ask a host no faster than one alone.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from ingest.box import Box
from ingest.cadence import Bounds
from ingest.clock import Clock
from ingest.errors import FetchError
from ingest.fetch import Web
from ingest.model import Outcome, Source
from ingest.pipeline.accounting import ONE_OFF, Problem, Report
from ingest.pipeline.leases import Leases, dead, owner_name
from ingest.pipeline.visit import LINKS_AT_ONCE, Visitor
from ingest.pipeline.writer import Writer
from ingest.store import HostWork, Store
from ingest.urls import host_key

MAX_VISITS = 64
"""Hosts visited at the same time."""
PATIENCE = 60.0
"""Seconds that a host is waited for while somebody else visits it."""


async def crawl(
    *,
    store: Store,
    web: Web,
    box: Box,
    robots: str,
    hold: str = "auto",
    token: str,
    sources: Sequence[Source],
    urls: Sequence[str] = (),
    report: Report | None = None,
    bounds: Callable[[Source], Bounds] = Bounds.of,
    patience: float = PATIENCE,
    clock: Clock | None = None,
) -> Report:
    """Poll the sources, fetch what they bring up and the given addresses, store what is found.

    `report` is filled while the run goes on, for a progress bar. A cancelled run (Ctrl-C) commits what it has and
    returns normally, with `report.interrupted`. Database errors are raised; nothing acknowledged is lost by them.
    """
    report = report if report is not None else Report()
    clock = clock or Clock()
    clock.calibrate(store.clock)
    async with Writer(store, now=clock.now) as writer:
        owner = owner_name()
        leases = Leases(writer, web.pacer, clock, owner)
        run = _Run(writer, leases, clock, report, names=[source.name for source in sources], patience=patience)
        visitor = Visitor(
            web=web,
            box=box,
            writer=writer,
            leases=leases,
            clock=clock,
            robots=robots,
            hold=hold,
            token=token,
            sources={source.name: source for source in sources},
            bounds=bounds,
            found=run.add,
        )
        keeper = asyncio.create_task(leases.keep())
        try:
            await _free_the_dead(writer, clock, web)
            await run.begin(sources, urls)
            await run.work_off(visitor)
        except asyncio.CancelledError:
            if (task := asyncio.current_task()) is not None:
                task.uncancel()
            report.interrupted = True
        finally:
            keeper.cancel()
            rest = clock.now() + web.pacer.delay  # a claim that was cancelled on its way may have come about
            await writer.call(lambda store: store.free([owner], rest))
    report.close()
    report.requests, report.conditional = web.requests, web.conditional
    return report


async def _free_the_dead(writer: Writer, clock: Clock, web: Web) -> None:
    """A run of this machine that was killed left leases behind: nobody need wait for their end."""
    gone = dead(await writer.call(lambda store: store.owners()))
    await writer.call(lambda store: store.free(gone, clock.now() + web.pacer.delay))


class _Run:
    """The hosts that have work; each gets one visit at a time."""

    def __init__(
        self, writer: Writer, leases: Leases, clock: Clock, report: Report, *, names: Sequence[str], patience: float
    ) -> None:
        self._writer, self._leases, self._clock, self._report = writer, leases, clock, report
        self._names = names
        self._patience = patience
        self._polls: dict[str, list[str]] = defaultdict(list)  # host → sources still to be polled
        self._urls: dict[str, list[str]] = defaultdict(list)
        self._waiting: dict[str, None] = {}
        self._running: set[str] = set()
        self._visits: asyncio.TaskGroup | None = None

    async def begin(self, sources: Sequence[Source], urls: Sequence[str]) -> None:
        """What the run starts with: a poll of each source, the given addresses, work left from an earlier run."""
        for source in sources:
            self._report.of(source.name)
        for url in urls:
            self._report.discovered(ONE_OFF)
            try:
                host = host_key(url)
            except FetchError as error:
                self._report.count(ONE_OFF, Outcome.FAILED)
                problem = Problem(url=url, reason=str(error), outcome=Outcome.FAILED)
                self._report.of(ONE_OFF).problems.append(problem)
                continue
            self._urls[host].append(url)
            self.add(host)
        for source in sources:
            host = host_key(await self._address(source.name))
            self._polls[host].append(source.name)
            self.add(host)
        now = self._clock.now()
        for host in await self._writer.call(lambda store: store.hosts_of_links(self._names, now)):
            self.add(host)

    async def _address(self, source: str) -> str:
        """Where it is polled: the configured address, or where it has moved."""
        return (await self._writer.call(lambda store: store.poll_state(source))).url

    def add(self, host: str) -> None:
        """The host has work. Of one that is being visited: another visit follows."""
        self._waiting[host] = None
        self._open_visits()

    async def work_off(self, visitor: Visitor) -> None:
        """Until no host has work left. Database errors are raised as they are."""
        self._visitor = visitor
        self._limit = asyncio.Semaphore(MAX_VISITS)
        try:
            async with asyncio.TaskGroup() as self._visits:
                self._open_visits()
        except BaseExceptionGroup as group:  # the first has cancelled the others; who called knows it by its own name
            raise group.exceptions[0] from group

    def _open_visits(self) -> None:
        if self._visits is None:
            return
        for host in [host for host in self._waiting if host not in self._running]:
            del self._waiting[host]
            self._running.add(host)
            self._visits.create_task(self._visit(host))

    async def _visit(self, host: str) -> None:
        try:
            async with self._limit:
                if (work := await self._work(host)) is not None:
                    self._report.holds.pop(host, None)
                    more = await self._visitor.visit(
                        work, self._report, names=self._names, urls=self._urls.pop(host, ())
                    )
                    if host in self._report.holds:
                        self._waiting.pop(host, None)  # what is due there stays pending
                    elif more:
                        self._waiting[host] = None
        finally:
            self._running.discard(host)
        self._open_visits()

    async def _work(self, host: str) -> HostWork | None:
        """The host's lease and what is to be done there; None while somebody else has it."""
        claim = await self._leases.claim(host, self._patience)
        if claim is None:
            self._report.holds[host] = "another ingest visits it; what is due there stays pending"
            self._waiting.pop(host, None)
            return None
        now, polls = self._clock.now(), self._polls.pop(host, [])
        try:
            work = await self._writer.call(
                lambda store: store.host_work(claim, now, LINKS_AT_ONCE, sources=self._names, poll=polls)
            )
        except BaseException:  # cancelled or not, a lease that nobody will use is given back
            await asyncio.shield(self._leases.release(claim))
            raise
        return replace(work, claim=claim)
