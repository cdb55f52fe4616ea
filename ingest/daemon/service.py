"""The service: claims due hosts at every tick, visits many at a time, and ends in order."""

from __future__ import annotations

import asyncio
import faulthandler
import gc
import logging
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from ingest.box import Box
from ingest.cadence import Bounds
from ingest.clock import Clock
from ingest.daemon.notify import Notifier
from ingest.errors import ConfigError, DatabaseUnavailable
from ingest.fetch import Web
from ingest.model import Outcome, Source
from ingest.pipeline import Journal, Leases, Report, Visitor, Writer, dead, identity, owner_name
from ingest.pipeline.visit import LINKS_AT_ONCE
from ingest.store import HostWork, Store

TICK = 1.0
"""Seconds between two questions of what is due; shorter under a fast clock."""
TICK_TURN = 10.0
"""Seconds that a tick may go on claiming while there is more due than it can visit; then the clock is set again."""
CLAIMS_AT_ONCE = 32
JUMP = timedelta(minutes=5)
"""A clock that was wrong by more: the machine slept, or somebody set it."""
DRAIN = 6.0
"""Seconds that visits have for their last answer; then they are cancelled."""
LAST_RESORT = 9.5
"""Seconds after which the process ends, whatever it waits for."""
STALLED = 120
"""Seconds without a beat of the event loop: then something hangs in it, and a restart is better."""


@dataclass(frozen=True, kw_only=True)
class Orders:
    """What the configuration says, as far as the daemon needs it."""

    sources: tuple[Source, ...]
    web: Web
    """A new one for each configuration; they share the hosts' turns."""
    robots: str
    hold: str
    token: str
    visits: int
    """Hosts visited at the same time."""
    bounds: Callable[[Source], Bounds]
    settings: Mapping[str, object]
    """Key → value, for the log of what a new configuration changes; no secrets."""


class Daemon:
    """Runs until it is told to stop."""

    def __init__(
        self,
        *,
        store: Store,
        box: Box,
        clock: Clock,
        orders: Orders,
        reload: Callable[[], Orders],
        journal: Journal,
        notifier: Notifier,
    ) -> None:
        """`reload` gives the orders of the changed configuration, or raises ConfigError."""
        self._store, self._box, self._clock, self._orders = store, box, clock, orders
        self._reload_orders, self._journal, self._notifier = reload, journal, notifier
        self._running: set[asyncio.Task[None]] = set()
        self._kept: set[asyncio.Task[None]] = set()
        self._stop = asyncio.Event()
        self._claiming = asyncio.Lock()
        self._drained = False
        self._owner = owner_name()
        self._discovered = 0
        self._outcomes: Counter[Outcome] = Counter()

    async def run(self) -> None:
        """Until SIGTERM or SIGINT; everything that was stored stays, every lease is given back."""
        await self._set_clock()
        async with Writer(self._store, now=self._clock.now, away=self._away) as writer:
            self._writer = writer
            self._leases = Leases(writer, self._orders.web.pacer, self._clock, self._owner)
            self._follow(self._orders)
            self._listen()
            await self._begin()
            # The sources live as long as we do: the collector need not look at them again and again, the loop waiting.
            gc.freeze()
            chores = [asyncio.create_task(chore) for chore in (self._leases.keep(), self._beat())]
            scheduler = self._scheduler()
            scheduler.start()
            self._notifier.say("READY=1", f"STATUS={len(self._orders.sources)} sources")
            self._journal(
                "started",
                sources=len(self._orders.sources),
                visits=self._orders.visits,
                database=self._store.name,
                owner=self._owner,
            )
            try:
                await self._stop.wait()
            finally:
                self._notifier.say("STOPPING=1")
                scheduler.remove_all_jobs()
                await self._drain()
                scheduler.shutdown(wait=False)
                for chore in chores:
                    chore.cancel()
        self._journal("stopped", accounting=identity(self._discovered, self._outcomes))

    def _scheduler(self) -> AsyncIOScheduler:
        """One job. The database owns what is due; a tick that came late is one tick, not many."""
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it warns of each tick that finds the last one busy
        scheduler = AsyncIOScheduler(timezone=UTC)
        scheduler.add_job(
            self._tick,
            "interval",
            seconds=max(TICK / self._clock.speed, 0.05),
            misfire_grace_time=None,  # the default of 1 s drops ticks after a stall
            coalesce=True,
            max_instances=1,
        )
        return scheduler

    async def _begin(self) -> None:
        """Take over from those who were killed, learn the configuration, spread what came due in the meantime."""
        now = self._clock.now()
        gone = dead(await self._writer.call(lambda store: store.owners()))
        rest = now + self._orders.web.pacer.delay
        freed = await self._writer.call(lambda store: store.free(gone, rest))
        await self._register(self._orders, now)
        moved = await self._writer.call(lambda store: store.catch_up(now))
        if freed or moved:
            self._journal("took over", leases=freed, spread=moved)

    async def _register(self, orders: Orders, now: datetime) -> None:
        await self._writer.call(lambda store: store.register(orders.sources, now))
        outside = await self._writer.call(lambda store: store.replan(orders.sources, orders.bounds))
        if outside:
            self._journal("replanned", sources=outside)

    # ------------------------------------------------------------ ticks and visits

    async def _tick(self) -> None:
        async with self._claiming:
            if self._stop.is_set():
                return
            jump = await self._writer.call(lambda store: self._clock.calibrate(store.clock))
            if abs(jump) > JUMP * self._clock.speed:
                self._journal("clock moved", seconds=round(jump.total_seconds()))
                now = self._clock.now()
                await self._writer.call(lambda store: store.catch_up(now))
            await self._claim_what_is_due()
            self._notifier.ticked()

    async def _claim_what_is_due(self) -> None:
        end = asyncio.get_running_loop().time() + TICK_TURN
        while not self._stop.is_set() and asyncio.get_running_loop().time() < end:
            free = self._orders.visits - len(self._running)
            if free <= 0:
                stopped = asyncio.ensure_future(self._stop.wait())
                await asyncio.wait({*self._running, stopped}, timeout=1, return_when=asyncio.FIRST_COMPLETED)
                stopped.cancel()
                continue
            wanted = min(free, CLAIMS_AT_ONCE)
            works = await self._leases.claim_due(wanted, links=LINKS_AT_ONCE)
            for work in works:
                task = asyncio.create_task(self._visit(work))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
            if len(works) < wanted:
                return

    async def _visit(self, work: HostWork) -> None:
        report = Report()
        try:
            await self._visitor.visit(work, report)
        except Exception as error:  # noqa: BLE001 — one host's trouble, ours as it is, must not end the others; it rests
            self._journal("visit failed", host=work.claim.host, error=f"{type(error).__name__}: {error}")
        report.close()
        self._discovered += report.total_discovered
        self._outcomes += report.totals

    # ------------------------------------------------------------ the end

    async def _drain(self) -> None:
        """No new work; answers that are under way are waited for a little; every lease is given back."""
        self._leases.closing = True
        async with self._claiming:
            pass
        if self._running:
            await asyncio.wait(self._running, timeout=DRAIN)
        left = list(self._running)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        rest = self._clock.now() + self._orders.web.pacer.delay
        await self._writer.call(lambda store: store.free([self._owner], rest))
        self._drained = True

    def _last_resort(self) -> None:
        """A thread that waits for nobody: neither for a database that is away, nor for a name server that is silent."""
        timer = threading.Timer(LAST_RESORT, lambda: os._exit(0 if self._drained else 1))
        timer.daemon = True
        timer.start()

    def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._told_to_stop, number)
        loop.add_signal_handler(signal.SIGHUP, lambda: self._keep(self._reload()))

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        """Hold the task until it is done: one that nobody holds may be collected."""
        task = asyncio.create_task(work)
        self._kept.add(task)
        task.add_done_callback(self._kept.discard)

    def _told_to_stop(self, number: int) -> None:
        if self._stop.is_set():
            os._exit(128 + number)
        self._journal("stopping", signal=signal.Signals(number).name, visits=len(self._running))
        self._last_resort()
        self._stop.set()

    # ------------------------------------------------------------ a changed configuration

    def _follow(self, orders: Orders) -> None:
        self._orders = orders
        self._visitor = Visitor(
            web=orders.web,
            box=self._box,
            writer=self._writer,
            leases=self._leases,
            clock=self._clock,
            robots=orders.robots,
            hold=orders.hold,
            token=orders.token,
            sources={source.name: source for source in orders.sources},
            bounds=orders.bounds,
            journal=self._journal,
            stopping=self._stop.is_set,
        )

    async def _reload(self) -> None:
        """SIGHUP. An invalid configuration changes nothing, and is named; visits under way end under the old one."""
        self._notifier.say(
            "RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}"
        )  # as Type=notify-reload wants
        try:
            orders = self._reload_orders()
        except ConfigError as error:
            for problem in error.problems:
                self._journal("configuration refused", problem=problem)
        else:
            self._log_difference(self._orders, orders)
            now, old, visits = self._clock.now(), self._orders.web, set(self._running)
            self._follow(orders)
            await self._register(orders, now)
            await self._writer.call(lambda store: store.catch_up(now))
            self._keep(_close_after(visits, old))
        self._notifier.say("READY=1", f"STATUS={len(self._orders.sources)} sources")

    def _log_difference(self, old: Orders, new: Orders) -> None:
        before = {source.name: source for source in old.sources}
        after = {source.name: source for source in new.sources}
        changed = {
            key: f"{old.settings.get(key)} → {value}"
            for key, value in new.settings.items()
            if old.settings.get(key) != value
        }
        self._journal(
            "configuration loaded",
            added=", ".join(name for name in after if name not in before) or None,
            removed=", ".join(name for name in before if name not in after) or None,
            changed=", ".join(name for name in after if after[name] != before.get(name, after[name])) or None,
            settings="; ".join(f"{key}: {change}" for key, change in changed.items()) or None,
            restart="the database is changed by a restart only" if "database" in changed else None,
        )

    # ------------------------------------------------------------ watching

    async def _beat(self) -> None:
        """Whoever hears no beat ends the process: the service manager, or faulthandler's own thread."""
        try:
            while True:
                if sys.__stderr__ is not None:
                    faulthandler.dump_traceback_later(STALLED, exit=True, file=sys.__stderr__)
                self._notifier.say("WATCHDOG=1")
                await asyncio.sleep(min(5.0, self._notifier.watchdog / 2 or 5.0))
        finally:
            faulthandler.cancel_dump_traceback_later()

    def _away(self, error: DatabaseUnavailable, pause: float) -> None:
        self._journal("database away", error=str(error), again_in=f"{pause:g} s")

    async def _set_clock(self) -> None:
        async with Writer(self._store, away=self._away) as writer:
            await writer.call(lambda store: self._clock.calibrate(store.clock))


async def _close_after(visits: Iterable[asyncio.Task[None]], web: Web) -> None:
    """Visits under way end under the old configuration."""
    await asyncio.gather(*visits, return_exceptions=True)
    web.close()
