"""The visit: what is due on one host, done in one polite go under one lease. The flow from poll to stored article.

poll ─► look ─► links        page ─► extract ─► settle
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from ingest.box import DEATHS, Box
from ingest.cadence import Attempt, Bounds, Failure, failure_of, hold, is_our_outage, page_retry
from ingest.clock import Clock
from ingest.errors import FetchError, NotAnArticle, ParseError
from ingest.fetch import ACCEPT_PAGE, Session, Validators, Web
from ingest.fetch.answers import gate, retry_after, server_hints
from ingest.model import Article, Link, Outcome, Page, Source
from ingest.pipeline.accounting import ONE_OFF, Problem, Report
from ingest.pipeline.leases import HostBusy, LeaseLost, Leases, Pause
from ingest.pipeline.look import look
from ingest.pipeline.manners import Disallowed, RobotsRules
from ingest.pipeline.plan import Answer, after_poll, postponed
from ingest.pipeline.writer import Writer
from ingest.store import Claim, DueLink, Hold, HostWork, Poll, PollReceipt, PollState, Settled, Settlement
from ingest.urls import host_key, url_key

LINKS_AT_ONCE = 20
"""Read from the database at a time."""
LINKS_A_VISIT = 200
"""Then the host is given back, so that its feeds get their turn, and other processes their chance."""
BUSY_AGAIN = timedelta(minutes=1)
FAULT_AGAIN = timedelta(minutes=15)
OUTAGE_AGAIN = timedelta(minutes=5)
_WEB_PAGES = frozenset({"", "text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain"})
_SLOWED = frozenset({429, 503})
_NOT_CONFIGURED = "no source that offers it is configured any more"


class Journal(Protocol):
    """Takes down what happens, one line each."""

    def __call__(self, event: str, /, **fields: object) -> None: ...


def silent(_event: str, /, **_fields: object) -> None:
    """The journal of a one-shot run, whose report says it all."""


@dataclass(frozen=True, slots=True)
class PageTask:
    """Fetch one link's page and store its article."""

    link: Link
    due: DueLink | None = None
    """None for an address given by hand."""
    source: Source | None = None

    @property
    def url(self) -> str:
        return self.link.url

    @property
    def counted_for(self) -> str:
        return self.source.name if self.source else self.due.source if self.due else ONE_OFF


@dataclass(kw_only=True)
class Visitor:
    """Does visits; one serves all visits of a process."""

    web: Web
    box: Box
    writer: Writer
    leases: Leases
    clock: Clock
    robots: str
    """`politeness.robots`: "articles", "all" or "none"."""
    token: str
    """Our product token in robots.txt."""
    sources: Mapping[str, Source]
    """By name."""
    bounds: Callable[[Source], Bounds]
    found: Callable[[str], None] = field(default=lambda _: None)
    """Called with the host of each new link."""
    journal: Journal = silent
    stopping: Callable[[], bool] = field(default=lambda: False)
    draw: Callable[[], float] = random.random

    def __post_init__(self) -> None:
        self._attempts: deque[Attempt] = deque(maxlen=64)
        self._blamed: list[str] = []  # sources that failed since anybody answered: perhaps it was us

    async def visit(
        self, work: HostWork, report: Report, *, names: Sequence[str] | None = None, urls: Sequence[str] = ()
    ) -> bool:
        """Do what is due on a host and give it back; whether links were left because there are too many for one visit.

        `names`: only links of these sources; `urls`: addresses given by hand. What goes wrong with a source or a link is an
        outcome; only our own faults (the database's) are raised. However it ends, the lease is released.
        """
        visit = _Visit(self, work.claim, report)
        rest: datetime | None = None
        try:
            if work.claim.hold is not None and work.claim.hold.until > self.clock.now():
                visit.note_hold(work.claim.hold)
                return False
            async with self.web.session(self.leases.turn) as session:
                return await visit.run(session, work, names, urls)
        except Pause as pause:
            rest = pause.until
            return False
        except LeaseLost:
            self.journal("lease lost", host=work.claim.host)
            return False
        except HostBusy as busy:
            self.journal("host busy", host=work.claim.host, reason=str(busy))
            rest = self.clock.now() + BUSY_AGAIN
            return False
        except Exception:
            rest = self.clock.now() + FAULT_AGAIN  # ours, and the same in a second
            raise
        finally:
            await asyncio.shield(self.leases.release(work.claim, rest_until=rest, answered=visit.answered))

    def is_ours(self, url: str, error: FetchError | None) -> bool:
        """Whether our own network is out; every attempt passes here."""
        kind = None if error is None or error.kind in ("challenge", "not_a_feed", "status") else error.kind
        if error is not None and error.kind == "robots":
            kind = None if error.status else "network"
        self._attempts.append(Attempt(url=url, kind=kind, status=error.status if error else None))
        if kind is None:
            self._blamed.clear()
        return kind is not None and is_our_outage(tuple(self._attempts))

    async def blame(self, source: str, failure: Failure | None) -> None:
        """A poll failed. Once it is clear that our network is out, those that were blamed before are absolved."""
        if failure is not Failure.OURS:
            self._blamed.append(source)
        elif self._blamed:
            names, at = tuple(self._blamed), self.clock.now() + OUTAGE_AGAIN
            self._blamed.clear()
            await self.writer.call(lambda store: store.absolve(names, at))
            self.journal("our network is out", absolved=", ".join(names))

    def rules(self) -> RobotsRules:
        """robots.txt for one visit."""
        return RobotsRules(web=self.web, writer=self.writer, now=self.clock.now, token=self.token)


class _Visit:
    """One visit."""

    def __init__(self, visitor: Visitor, claim: Claim, report: Report) -> None:
        self._visitor = visitor
        self._claim = claim
        self._report = report
        self._writer, self._clock, self._journal = visitor.writer, visitor.clock, visitor.journal
        self._rules = visitor.rules()
        self.answered = False

    async def run(self, session: Session, work: HostWork, names: Sequence[str] | None, urls: Sequence[str]) -> bool:
        if len(work.polls) > 1:  # a single one is a delay away from the last visit, by the ledger
            await self._rules.pace(work.polls[0].url)
        for state in work.polls:
            self._go_on()
            source = self._visitor.sources.get(state.name)
            if source is not None and not (names is None and await self._postpone(source, state)):
                await self._poll(source, state, session)
        for url in urls:
            self._go_on()
            await self._page(PageTask(Link(url=url)), session)
        seen: set[int] = set()
        links = work.links
        while True:
            for due in links:
                self._go_on()
                seen.add(due.id)
                self._report.take(due)
                await self._page(PageTask(due.link, due, self._source_of(due)), session)
            if len(seen) >= LINKS_A_VISIT:
                return True
            links = await self._more(names)
            if all(due.id in seen for due in links):
                return False

    async def _more(self, names: Sequence[str] | None) -> tuple[DueLink, ...]:
        claim, now = self._claim, self._clock.now()
        work = await self._writer.call(lambda store: store.host_work(claim, now, LINKS_AT_ONCE, sources=names, poll=()))
        return work.links

    def _go_on(self) -> None:
        if self._visitor.stopping():
            raise Pause(None)

    def _source_of(self, due: DueLink) -> Source | None:
        configured = (self._visitor.sources.get(name) for name in (due.source, *due.sources))
        return next((source for source in configured if source is not None), None)

    # ------------------------------------------------------------ polls

    async def _postpone(self, source: Source, state: PollState) -> bool:
        """Whether the feed wants to be left alone at this hour; then its poll is put off."""
        at = postponed(state, self._visitor.bounds(source), self._clock.now())
        if at is None:
            return False
        await self._writer.call(lambda store: store.postpone(source.name, at))
        return True

    async def _poll(self, source: Source, state: PollState, session: Session) -> None:
        url, bounds, draw = state.url, self._visitor.bounds(source), self._visitor.draw()
        error: FetchError | ParseError | None = None
        found_warnings: tuple[str, ...] = ()
        try:
            if self._visitor.robots == "all":
                await self._rules.ask(url, session)
            looked = await look(source, state, session, self._visitor.box, self._clock.now())
        except (FetchError, ParseError) as caught:
            error = caught
            answer = self._answer_of(url, caught)
            poll = Poll(source=source.name, at=self._clock.now(), outcome="failed", error=str(caught))
        else:
            self._visitor.is_ours(url, None)
            self.answered = True
            poll, discovery = looked.poll, looked.discovery
            found_warnings = discovery.warnings if discovery else ()
            answer = Answer(
                url=url,
                server=looked.server,
                publisher=discovery.hints if discovery else None,
                hops=looked.page.hops,
                entries=len(discovery.links) if discovery else None,
                warnings=found_warnings,
            )
        now, claim = poll.at, self._claim
        receipt = await self._writer.call(
            lambda store: store.record_poll(
                poll, plan=lambda got: after_poll(state, answer, got, bounds, now=now, draw=draw), claim=claim
            )
        )
        self._report_poll(poll, receipt, found_warnings)
        if error is not None:
            await self._visitor.blame(source.name, answer.failure)
            await self._after_failure(error, answer.failure)

    def _answer_of(self, url: str, error: FetchError | ParseError) -> Answer:
        now = self._clock.now()
        if isinstance(error, ParseError):
            return Answer(url=url, failure=Failure.SOFT)
        if self._visitor.is_ours(url, error):
            return Answer(url=url, failure=Failure.OURS)
        hints = server_hints(error.status or 0, error.headers, now)
        return Answer(url=url, server=hints, failure=failure_of(_kind(error), error.status))

    def _report_poll(self, poll: Poll, receipt: PollReceipt, warnings: Sequence[str]) -> None:
        if receipt.refused:
            raise LeaseLost(self._claim.host)
        report = self._report.of(poll.source)
        report.polled = poll.outcome
        report.warnings += warnings
        if poll.error is not None:
            report.problems.append(Problem(url=self._url_of(poll.source), reason=poll.error))
        self._report.discovered(poll.source, receipt.unchanged + receipt.duplicate + receipt.pending)
        self._report.count(poll.source, Outcome.UNCHANGED, receipt.unchanged)
        self._report.count(poll.source, Outcome.DUPLICATE, receipt.duplicate)
        for due in receipt.new:
            self._report.take(due, poll.source)
            self._visitor.found(host_key(due.link.url))
        self._journal("poll", source=poll.source, outcome=poll.outcome, new=len(receipt.new), error=poll.error)

    def _url_of(self, name: str) -> str:
        source = self._visitor.sources.get(name)
        return source.url if source else name

    async def _after_failure(self, error: FetchError | ParseError, failure: Failure | None) -> None:
        """What a failure means for the rest of the visit. Raises Pause, if it means the end."""
        if isinstance(error, ParseError):
            self.answered = True
            return
        if failure is Failure.OURS:
            raise Pause(self._clock.now() + OUTAGE_AGAIN)
        if error.status not in _SLOWED:
            self.answered = self.answered or error.status is not None
            return
        asked = retry_after(error.headers, self._clock.now())
        claim = self._claim
        before = await self._writer.call(lambda store: store.holds(claim.host))
        until = self._clock.now() + hold(asked, before + 1)
        words = f"HTTP {error.status}" + (f", Retry-After {error.headers['retry-after'][:40]}" if asked else "")
        held = Hold(until=until, reason=words)
        await self._writer.call(lambda store: store.hold(claim, held))
        self.answered = False
        self.note_hold(held)
        raise Pause(until)

    def note_hold(self, held: Hold) -> None:
        """The host is left alone; what is due there stays pending."""
        self._report.holds[self._claim.host] = f"{held.reason}: left alone until {held.until:%Y-%m-%d %H:%M} UTC"
        self._journal("hold", host=self._claim.host, until=held.until.isoformat(timespec="seconds"), reason=held.reason)

    # ------------------------------------------------------------ pages

    async def _page(self, task: PageTask, session: Session) -> None:
        settlement, error = await self._read(task, session)
        if settlement is not None:
            committed = self._writer.settle(settlement)
            # Counted when it is committed, even if this visit has been cancelled by then.
            committed.add_done_callback(lambda future: self._settled(task, settlement, future))
            settled = await asyncio.shield(committed)
            if settled.refused:
                raise LeaseLost(self._claim.host)
        if error is not None:
            await self._after_failure(error, Failure.OURS if settlement is None else None)

    def _settled(self, task: PageTask, settlement: Settlement, committed: asyncio.Future[Settled]) -> None:
        if committed.cancelled() or committed.exception() is not None:
            return  # raised where it is awaited
        settled = committed.result()
        name = task.counted_for
        if settled.refused:
            return  # pending: it is somebody else's now
        self._report.settled(task.due, name, settled)
        if settlement.reason:
            problem = Problem(url=task.url, reason=settlement.reason, outcome=settled.outcome)
            self._report.of(name).problems.append(problem)
        self._journal("page", source=name, url=task.url, outcome=str(settled.outcome), reason=settlement.reason)

    async def _read(self, task: PageTask, session: Session) -> tuple[Settlement | None, FetchError | None]:
        """What to settle for a link; None where our own network is out, and nothing is known of it."""
        if task.due is not None and task.source is None:
            return self._settlement(task, outcome=Outcome.FILTERED, reason=_NOT_CONFIGURED), None
        try:
            if self._visitor.robots != "none":
                await self._rules.ask(task.url, session)
            page = await session.get(task.url, accept=ACCEPT_PAGE, validators=await self._validators(task))
        except Disallowed as error:
            return self._settlement(task, outcome=Outcome.FILTERED, reason=str(error)), None
        except FetchError as error:
            if self._visitor.is_ours(task.url, error) and task.due is not None:
                return None, error
            return await self._without_page(task, str(error), again=True), error
        self._visitor.is_ours(task.url, None)
        self.answered = True
        if page.status == 304:
            return self._settlement(task, outcome=Outcome.UNCHANGED), None
        return await self._extracted(task, page), None

    async def _extracted(self, task: PageTask, page: Page) -> Settlement:
        if page.content_type not in _WEB_PAGES:
            reason = f"{page.content_type}: no web page"
            return self._settlement(task, outcome=Outcome.FILTERED, reason=reason, page=page)
        if (in_the_way := gate(page.status, page.headers, page.body)) is not None:
            return await self._without_page(task, f"{in_the_way} in place of the page", again=True)
        source = task.source
        try:
            article = await self._visitor.box.extract(
                page.body,
                url=page.final_url,
                charset=page.charset,
                timezone=source.timezone if source else None,
                rules=source.rules if source else None,
                link=task.link,
            )
        except NotAnArticle as error:
            return await self._without_page(task, f"no article on the page: {error}", page=page)
        except ParseError as error:  # tried again, in case it changes; not for ever, as it costs seconds each time
            seen = task.due.attempts if task.due else 0
            return await self._without_page(task, str(error), again=seen + 1 < DEATHS)
        return self._settlement(task, article=article, page=page)

    async def _without_page(
        self, task: PageTask, reason: str, *, page: Page | None = None, again: bool = False
    ) -> Settlement:
        """The page can't be had or read: the feed's full text makes a record too; the page is tried again later."""
        if task.due is not None and task.due.revisit:  # what is stored stays; the next look is as for one without news
            return self._settlement(task, outcome=Outcome.UNCHANGED, reason=reason)
        attempts = (task.due.attempts if task.due else 0) + 1
        pause = page_retry(attempts) if again else None
        retry_at = self._clock.now() + pause if pause is not None else None
        try:
            timezone = task.source.timezone if task.source else None
            article = await self._visitor.box.extract_entry(task.link, timezone=timezone)
        except (NotAnArticle, ParseError):
            guessed = task.source is not None and task.source.kind == "page" and not task.source.links
            if page is not None and guessed:  # a link that we took for an article's, and that is none
                return self._settlement(task, outcome=Outcome.FILTERED, reason=reason, page=page)
            return self._settlement(task, outcome=Outcome.FAILED, reason=reason, page=page, retry_at=retry_at)
        return replace(self._settlement(task, article=article, reason=reason, retry_at=retry_at), looked=False)

    def _settlement(
        self,
        task: PageTask,
        *,
        article: Article | None = None,
        page: Page | None = None,
        outcome: Outcome | None = None,
        reason: str | None = None,
        retry_at: datetime | None = None,
    ) -> Settlement:
        return Settlement(
            link_id=task.due.id if task.due else None,
            url=task.url,
            source=task.source.name if task.source else None,
            article=article,
            page=page,
            outcome=outcome,
            reason=reason,
            retry_at=retry_at,
            claim=self._claim,
            looked=article is not None or (task.due is not None and task.due.revisit),
        )

    async def _validators(self, task: PageTask) -> Validators:
        """A page that is known already is asked for conditionally."""
        if task.due is not None:
            return Validators(etag=task.due.etag, last_modified=task.due.last_modified)
        state = await self._writer.call(lambda store: store.page_state(url_key(task.url)))
        return Validators(etag=state.etag, last_modified=state.last_modified) if state else Validators()


def _kind(error: FetchError) -> str:
    """For `failure_of`: a robots.txt that was answered with 429 or 503 slows the host as any page does."""
    return "status" if error.kind == "robots" and error.status in _SLOWED else error.kind
