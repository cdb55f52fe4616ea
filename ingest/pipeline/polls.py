"""A poll: look at a source, plan the next look, store both in one transaction."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.cadence import Failure, failure_of
from ingest.errors import FetchError, ParseError
from ingest.fetch.answers import server_hints
from ingest.model import Outcome, Source
from ingest.pipeline.accounting import Problem
from ingest.pipeline.host import OUTAGE_AGAIN, SLOWED, VisitedHost
from ingest.pipeline.leases import LeaseLost
from ingest.pipeline.look import look
from ingest.pipeline.plan import Answer, after_poll, postponed
from ingest.pipeline.shared import Shared
from ingest.store import Poll, PollEntry, PollReceipt, PollState
from ingest.urls import host_key


async def postpone(shared: Shared, source: Source, state: PollState) -> bool:
    """Whether the feed wants to be left alone at this hour; then its poll is put off."""
    at = postponed(state, shared.bounds(source), shared.clock.now())
    if at is None:
        return False
    await shared.writer.call(lambda store: store.postpone(source.name, at))
    return True


async def poll(source: Source, state: PollState, host: VisitedHost) -> None:
    """Raises LeaseLost, and Pause if the host's answer ends the visit."""
    shared = host.shared
    url, bounds, draw = state.url, shared.bounds(source), shared.draw()
    error: FetchError | ParseError | None = None
    warnings: tuple[str, ...] = ()
    try:
        if shared.robots == "all":
            await host.rules.ask(url, host.session)
        looked = await look(source, state, host.session, shared.box, shared.clock.now())
    except (FetchError, ParseError) as caught:
        error = caught
        answer = _answer_of(shared, url, caught)
        done = Poll(source=source.name, at=shared.clock.now(), outcome="failed", error=str(caught))
    else:
        shared.outage.is_ours(url, None)
        host.answered = True
        done, discovery = looked.poll, looked.discovery
        warnings = discovery.warnings if discovery else ()
        answer = Answer(
            url=url,
            server=looked.server,
            publisher=discovery.hints if discovery else None,
            hops=looked.page.hops,
            entries=len(discovery.links) if discovery else None,
            warnings=warnings,
        )
    entry = PollEntry(
        poll=done, plan=lambda got: after_poll(state, answer, got, bounds, now=done.at, draw=draw), claim=host.claim
    )
    receipt = await shared.writer.record(entry)
    _report(host, done, receipt, warnings)
    if error is not None:
        await _blame(shared, source, answer.failure)
        await host.refused(error, answer.failure)


def _answer_of(shared: Shared, url: str, error: FetchError | ParseError) -> Answer:
    if isinstance(error, ParseError):
        return Answer(url=url, failure=Failure.OURS if error.kind == "machine" else Failure.SOFT)
    if shared.outage.is_ours(url, error):
        return Answer(url=url, failure=Failure.OURS)
    hints = server_hints(error.status or 0, error.headers, shared.clock.now())
    return Answer(url=url, server=hints, failure=failure_of(_kind(error), error.status))


def _kind(error: FetchError) -> str:
    """For `failure_of`: a robots.txt that was answered with 429 or 503 slows the host as any page does."""
    return "status" if error.kind == "robots" and error.status in SLOWED else error.kind


def _report(host: VisitedHost, done: Poll, receipt: PollReceipt, warnings: Sequence[str]) -> None:
    if receipt.refused:
        raise LeaseLost(host.claim.host)
    shared, report = host.shared, host.report
    host.offered |= bool(receipt.new or receipt.pending)
    of_source = report.of(done.source)
    of_source.polled = done.outcome
    of_source.warnings += warnings
    if done.error is not None:
        source = shared.sources.get(done.source)
        of_source.problems.append(Problem(url=source.url if source else done.source, reason=done.error))
    report.discovered(done.source, receipt.unchanged + receipt.duplicate + receipt.pending)
    report.count(done.source, Outcome.UNCHANGED, receipt.unchanged)
    report.count(done.source, Outcome.DUPLICATE, receipt.duplicate)
    for due in receipt.new:
        report.take(due, done.source)
        shared.found(host_key(due.link.url))
    new = len(receipt.new) if done.error is None else None
    shared.journal("poll", outcome=done.outcome, source=done.source, new=new, error=done.error)


async def _blame(shared: Shared, source: Source, failure: Failure | None) -> None:
    """Once it is clear that our network is out, those that were blamed before are absolved."""
    if failure is not Failure.OURS:
        shared.outage.blame(source.name)
    elif names := shared.outage.absolved():
        at = shared.clock.now() + OUTAGE_AGAIN
        await shared.writer.call(lambda store: store.absolve(names, at))
        shared.journal("our network is out", absolved=", ".join(names))
