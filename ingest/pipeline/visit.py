"""The visit: what is due on one host, done in one polite go under one lease.

poll ─► look ─► links        page ─► extract ─► settle        (polls.py, pages.py)
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ingest.model import Link, Source
from ingest.pipeline.accounting import Report
from ingest.pipeline.host import VisitedHost, note_hold
from ingest.pipeline.leases import HostBusy, LeaseLost, Pause
from ingest.pipeline.pages import Pages, PageTask
from ingest.pipeline.plan import patience
from ingest.pipeline.polls import poll, postpone
from ingest.pipeline.shared import Shared
from ingest.store import DueLink, HostWork

LINKS_AT_ONCE = 20
"""Read from the database at a time."""
LINKS_A_VISIT = 200
"""Then the host is given back, so that its feeds get their turn, and other processes their chance."""
BUSY_AGAIN = timedelta(minutes=1)
FAULT_AGAIN = timedelta(minutes=15)


@dataclass(kw_only=True)
class Visitor(Shared):
    """Does visits; one serves all visits of a process."""

    async def visit(
        self, work: HostWork, report: Report, *, names: Sequence[str] | None = None, urls: Sequence[str] = ()
    ) -> bool:
        """Do what is due on a host and give it back; whether links were left because there are too many for one visit.

        `names`: only links of these sources; `urls`: addresses given by hand. What goes wrong with a source or a link is an
        outcome; only our own faults (the database's) are raised. However it ends, the lease is released.
        """
        claim = work.claim
        rest: datetime | None = None
        host: VisitedHost | None = None
        try:
            if claim.hold is not None and claim.hold.until > self.clock.now():
                note_hold(self, claim, report, claim.hold)
                return False
            async with self.web.session(self.leases.turn) as session:
                host = VisitedHost(shared=self, claim=claim, session=session, report=report, rules=self.rules())
                return await self._work_off(host, work, names, urls)
        except Pause as pause:
            rest = pause.until
            return False
        except LeaseLost:
            self.journal("lease lost", host=claim.host)
            return False
        except HostBusy as busy:
            self.journal("host busy", host=claim.host, reason=str(busy))
            rest = self.clock.now() + BUSY_AGAIN
            return False
        except Exception:
            rest = self.clock.now() + FAULT_AGAIN  # ours, and the same in a second
            raise
        finally:
            answered = host is not None and host.answered
            await asyncio.shield(self.leases.release(claim, rest_until=rest, answered=answered))

    async def _work_off(
        self, host: VisitedHost, work: HostWork, names: Sequence[str] | None, urls: Sequence[str]
    ) -> bool:
        pages = Pages(host)
        if len(work.polls) > 1:  # a single one is a delay away from the last visit, by the ledger
            await host.rules.pace(work.polls[0].url)
        for state in work.polls:
            self._go_on()
            source = self.sources.get(state.name)
            if source is None:
                continue
            if (until := patience(state, self.clock.now())) is not None:
                host.report.of(source.name).warnings.append(f"asked to be left alone until {until:%Y-%m-%d %H:%M} UTC")
            elif not (names is None and await postpone(self, source, state)):
                await poll(source, state, host)
        for url in urls:
            self._go_on()
            await pages.settle(PageTask(Link(url=url)))
        seen: set[int] = set()
        links = work.links
        if names is None and not links and not host.offered:
            return False  # as most visits end; what others have found for this host meanwhile makes it due again
        while True:
            for due in links:
                self._go_on()
                seen.add(due.id)
                host.report.take(due)
                await pages.settle(PageTask(due.link, due, self._source_of(due)))
            if len(seen) >= LINKS_A_VISIT:
                return True
            links = await self._more(host, names)
            if all(due.id in seen for due in links):
                return False

    async def _more(self, host: VisitedHost, names: Sequence[str] | None) -> tuple[DueLink, ...]:
        claim, now = host.claim, self.clock.now()
        work = await self.writer.call(lambda store: store.host_work(claim, now, LINKS_AT_ONCE, sources=names, poll=()))
        return work.links

    def _go_on(self) -> None:
        if self.stopping():
            raise Pause(None)

    def _source_of(self, due: DueLink) -> Source | None:
        configured = (self.sources.get(name) for name in (due.source, *due.sources))
        return next((source for source in configured if source is not None), None)
