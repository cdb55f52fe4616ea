"""The host that is visited: whether it has answered, and what its refusals mean for the rest of the visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from ingest.cadence import Failure, hold
from ingest.errors import FetchError, ParseError
from ingest.fetch import Session
from ingest.fetch.answers import retry_after
from ingest.pipeline.accounting import Report
from ingest.pipeline.leases import Pause
from ingest.pipeline.manners import RobotsRules
from ingest.pipeline.shared import Shared
from ingest.store import Claim, Hold

OUTAGE_AGAIN = timedelta(minutes=5)
SLOWED = frozenset({429, 503})
"""Statuses by which a host asks for patience."""


@dataclass(kw_only=True)
class VisitedHost:
    """One host during one visit."""

    shared: Shared
    claim: Claim
    session: Session
    report: Report
    rules: RobotsRules
    answered: bool = False
    """Whether it has, and not by asking for patience."""
    offered: bool = False
    """Whether a poll has brought links."""

    async def refused(self, error: FetchError | ParseError, failure: Failure | None) -> None:
        """Take note of a request that failed. Raises Pause, if that means the end of the visit."""
        if isinstance(error, ParseError):
            self.answered = True
            return
        if failure is Failure.OURS:
            raise Pause(self.shared.clock.now() + OUTAGE_AGAIN)
        if error.status not in SLOWED:
            self.answered = self.answered or error.status is not None
            return
        asked = retry_after(error.headers, self.shared.clock.now())
        claim = self.claim
        before = await self.shared.writer.call(lambda store: store.holds(claim.host))
        until = self.shared.clock.now() + hold(asked, before + 1)
        words = f"HTTP {error.status}" + (f", Retry-After {error.headers['retry-after'][:40]}" if asked else "")
        held = Hold(until=until, reason=words)
        await self.shared.writer.call(lambda store: store.hold(claim, held))
        self.answered = False
        note_hold(self.shared, self.claim, self.report, held)
        raise Pause(until)


def note_hold(shared: Shared, claim: Claim, report: Report, held: Hold) -> None:
    """The host is left alone; what is due there stays pending."""
    report.holds[claim.host] = f"{held.reason}: left alone until {held.until:%Y-%m-%d %H:%M} UTC"
    shared.journal("hold", host=claim.host, until=held.until.isoformat(timespec="seconds"), reason=held.reason)
