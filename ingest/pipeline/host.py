"""The host that is visited: whether it has answered, and what its refusals mean for the rest of the visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from ingest.cadence import Failure, hold
from ingest.errors import FetchError, ParseError
from ingest.fetch import Session
from ingest.fetch.addresses import is_public
from ingest.fetch.answers import retry_after
from ingest.pipeline.accounting import Report
from ingest.pipeline.leases import Pause
from ingest.pipeline.manners import RobotsRules
from ingest.pipeline.shared import Shared
from ingest.store import Claim, Hold

OUTAGE_AGAIN = timedelta(minutes=5)
SLOWED = frozenset({429, 503})
"""Statuses by which a host asks for patience."""
_PRIVATE_NAMES = (".localhost", ".local", ".internal", ".home.arpa")  # RFC 6761, 6762, ICANN 2024-07-29, RFC 8375


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
        claim = self.claim
        held_for = covers(self.shared.hold, claim.host)
        if held_for == "url" and error.kind != "robots":  # without robots.txt nothing may be asked there
            return  # it is planned for later already; the others are not concerned
        asked = retry_after(error.headers, self.shared.clock.now())
        before = await self.shared.writer.call(lambda store: store.holds(claim.host))
        until = self.shared.clock.now() + hold(asked, before + 1)
        words = f"HTTP {error.status}" + (f", Retry-After {error.headers['retry-after'][:40]}" if asked else "")
        held = Hold(until=until, reason=words)
        whole_site = held_for == "domain"
        await self.shared.writer.call(lambda store: store.hold(claim, held, whole_site=whole_site))
        self.answered = False
        note_hold(self.shared, self.claim, self.report, held)
        raise Pause(until)


def covers(configured: str, host: str) -> Literal["url", "host", "domain"]:
    """What is left alone when a host (host key) asks for patience, by `politeness.hold`.

    A private host serves for many: a bridge that makes feeds passes on the 429 of one of the sites behind it.

    >>> covers("auto", "example.org"), covers("domain", "example.org"), covers("auto", "bridge:8080")
    ('host', 'domain', 'url')
    >>> covers("domain", "10.1.2.3"), covers("host", "10.1.2.3"), covers("auto", "[2606:4700::1]:8080")
    ('url', 'host', 'host')
    """
    if configured == "host":
        return "host"
    if configured == "url" or _is_private(host):
        return "url"
    return "domain" if configured == "domain" else "host"


def _is_private(host: str) -> bool:
    """By its name alone: a name of the public DNS is public, whatever it is resolved to."""
    name = urlsplit(f"//{host}").hostname or ""
    try:
        return not is_public(ip_address(name))
    except ValueError:
        return "." not in name or name.endswith(_PRIVATE_NAMES)


def note_hold(shared: Shared, claim: Claim, report: Report, held: Hold) -> None:
    """The host is left alone; what is due there stays pending."""
    report.holds[claim.host] = f"{held.reason}: left alone until {held.until:%Y-%m-%d %H:%M} UTC"
    shared.journal("hold", host=claim.host, until=held.until.isoformat(timespec="seconds"), reason=held.reason)
