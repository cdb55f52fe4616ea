"""The visit: what is due on one host, done in one polite go. The flow from poll to stored article in one place.

poll ─► discover ─► links        page ─► extract ─► settle
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from ingest import clock
from ingest.box import DEATHS, Box
from ingest.cadence import page_retry
from ingest.errors import FetchError, NotAnArticle, NotASource, ParseError
from ingest.fetch import ACCEPT_PAGE, ACCEPT_SOURCE, Robots, Session, Validators, Web
from ingest.model import Article, Discovery, Link, Outcome, Page, Source
from ingest.pipeline.accounting import ONE_OFF, Problem, Report
from ingest.pipeline.writer import Writer
from ingest.store import DueLink, Poll, PollPart, PollState, RobotsRecord, Settled, Settlement
from ingest.urls import host_key, url_key

ROBOTS_AGE = timedelta(hours=24)
"""RFC 9309 §2.4."""
MAX_PARTS = 20
"""Child sitemaps read in one poll."""
_WEB_PAGES = frozenset({"", "text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain"})


@dataclass(frozen=True, slots=True)
class PollTask:
    """Look what a source offers."""

    source: Source

    @property
    def url(self) -> str:
        return self.source.url


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


Task = PollTask | PageTask


@dataclass
class Visitor:
    """Does tasks; one serves all visits of a run."""

    web: Web
    box: Box
    writer: Writer
    report: Report
    robots: str
    """`politeness.robots`: "articles", "all" or "none"."""
    token: str
    """Our product token in robots.txt."""
    found: Callable[[PageTask], None]
    """Called with every task that a poll brings up, whatever its host."""

    def __post_init__(self) -> None:
        self._robots: dict[str, Robots] = {}
        self._taken: dict[int, set[str]] = {}  # link id → the sources under which it was counted

    async def do(self, task: Task, session: Session) -> None:
        """Do one task. What goes wrong with it is an outcome; only our own faults (the database's) are raised."""
        if isinstance(task, PollTask):
            await self._poll(task.source, session)
        else:
            await self._page(task, session)

    # ------------------------------------------------------------ polls

    async def _poll(self, source: Source, session: Session) -> None:
        state = await self.writer.call(lambda store: store.poll_state(source.name))
        report = self.report.of(source.name)
        try:
            if self.robots == "all":
                await self._ask_robots(source.url, session)
            poll, discovery = await self._look(source, state, session)
        except (FetchError, NotASource, ParseError) as error:
            poll = Poll(source=source.name, at=clock.now(), outcome="failed", error=str(error))
            report.problems.append(Problem(url=source.url, reason=str(error)))
        else:
            report.warnings += discovery.warnings
        receipt = await self.writer.call(lambda store: store.record_poll(poll))
        report.polled = poll.outcome
        self.report.discovered(source.name, receipt.unchanged + receipt.duplicate + receipt.pending)
        self.report.count(source.name, Outcome.UNCHANGED, receipt.unchanged)
        self.report.count(source.name, Outcome.DUPLICATE, receipt.duplicate)
        self.take(receipt.new, source)

    def take(self, links: Iterable[DueLink], source: Source) -> None:
        """Links to fetch for a source: each is fetched once a run, and counted once a source."""
        for due in links:
            known = self._taken.setdefault(due.id, set())
            if source.name not in known:
                self.report.discovered(source.name)
            if not known:
                self.found(PageTask(due.link, due, source))
            known.add(source.name)

    async def _look(self, source: Source, state: PollState, session: Session) -> tuple[Poll, Discovery]:
        """The source's document, and a sitemap index's children, each asked for conditionally."""
        known = {part.url: part for part in state.parts}
        main = PollPart(url=source.url, etag=state.etag, last_modified=state.last_modified, body_hash=state.body_hash)
        main, discovery = await self._document(source, main, session)
        found = discovery or Discovery()
        children = discovery.more if discovery else tuple(known)
        parts: list[PollPart] = []
        for url in children[:MAX_PARTS]:
            part, inner = await self._document(source, known.get(url, PollPart(url=url)), session)
            parts.append(part)
            if inner is not None:
                found = replace(found, links=found.links + inner.links, warnings=found.warnings + inner.warnings)
        if len(children) > MAX_PARTS:
            cut = f"the sitemap index names {len(children)} sitemaps; the first {MAX_PARTS} are read"
            found = replace(found, warnings=(*found.warnings, cut))
        changed = discovery is not None or found.links
        poll = Poll(
            source=source.name,
            at=clock.now(),
            outcome="new" if changed else "unchanged",
            links=found.links,
            etag=main.etag,
            last_modified=main.last_modified,
            body_hash=main.body_hash,
            parts=tuple(parts),
        )
        return poll, found

    async def _document(self, source: Source, known: PollPart, session: Session) -> tuple[PollPart, Discovery | None]:
        """One conditional request; None where nothing changed since the last."""
        validators = Validators(etag=known.etag, last_modified=known.last_modified)
        page = await session.get(known.url, accept=ACCEPT_SOURCE, validators=validators)
        if page.status == 304:
            # A 304 may bring new validators; those that it does not mention stay (RFC 9110 §15.4.5).
            etag, last_modified = page.etag or known.etag, page.last_modified or known.last_modified
            return replace(known, etag=etag, last_modified=last_modified), None
        digest = hashlib.blake2b(page.body, digest_size=16).hexdigest()
        part = PollPart(url=known.url, etag=page.etag, last_modified=page.last_modified, body_hash=digest)
        if digest == known.body_hash:
            return part, None
        return part, await self.box.discover(source, page)

    # ------------------------------------------------------------ pages

    async def _page(self, task: PageTask, session: Session) -> None:
        settlement = await self._read(task, session)
        if settlement is None:
            return
        committed = self.writer.settle(settlement)
        # Counted when it is committed, even if this visit has been cancelled by then.
        committed.add_done_callback(lambda future: self._settled(task, settlement, future))
        await asyncio.shield(committed)

    def _settled(self, task: PageTask, settlement: Settlement, committed: asyncio.Future[Settled]) -> None:
        if committed.cancelled() or committed.exception() is not None:
            return  # raised where it is awaited
        settled = committed.result()
        self._count(task, settled)
        if settlement.reason:
            name = task.source.name if task.source else ONE_OFF
            problem = Problem(url=task.url, reason=settlement.reason, outcome=settled.outcome)
            self.report.of(name).problems.append(problem)

    async def _read(self, task: PageTask, session: Session) -> Settlement | None:
        """What to settle for a link."""
        try:
            await self._ask_robots(task.url, session)
            page = await session.get(task.url, accept=ACCEPT_PAGE, validators=await self._page_validators(task))
        except Disallowed as error:
            return self._settlement(task, outcome=Outcome.FILTERED, reason=str(error))
        except FetchError as error:
            return await self._without_page(task, str(error), again=True)
        if page.status == 304:
            self.report.count(ONE_OFF, Outcome.UNCHANGED)
            return None
        if page.content_type not in _WEB_PAGES:
            return self._settlement(
                task, outcome=Outcome.FILTERED, reason=f"{page.content_type}: no web page", page=page
            )
        source = task.source
        try:
            article = await self.box.extract(
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
        attempts = (task.due.attempts if task.due else 0) + 1
        pause = page_retry(attempts) if again else None
        retry_at = clock.now() + pause if pause is not None else None
        try:
            article = await self.box.extract_entry(task.link, timezone=task.source.timezone if task.source else None)
        except (NotAnArticle, ParseError):
            guessed = task.source is not None and task.source.kind == "page" and not task.source.links
            if page is not None and guessed:  # a link that we took for an article's, and that is none
                return self._settlement(task, outcome=Outcome.FILTERED, reason=reason, page=page)
            return self._settlement(task, outcome=Outcome.FAILED, reason=reason, page=page, retry_at=retry_at)
        return self._settlement(task, article=article, reason=reason, retry_at=retry_at)

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
        )

    def _count(self, task: PageTask, settled: Settled) -> None:
        """For the source that asked, and for those that offered the same link and need not ask any more."""
        mine = task.source.name if task.source else ONE_OFF
        self.report.count(mine, settled.outcome)
        article = settled.outcome in (Outcome.STORED, Outcome.UNCHANGED, Outcome.DUPLICATE)
        for other in settled.sources:
            if other != mine and other in self.report.sources:
                self.report.count(other, Outcome.DUPLICATE if article else settled.outcome)

    async def _page_validators(self, task: PageTask) -> Validators:
        """A page that is known already is asked for conditionally."""
        if task.due is not None:
            return Validators()  # new to us
        state = await self.writer.call(lambda store: store.page_state(url_key(task.url)))
        return Validators(etag=state.etag, last_modified=state.last_modified) if state else Validators()

    # ------------------------------------------------------------ robots.txt

    async def _ask_robots(self, url: str, session: Session) -> None:
        """Raises Disallowed, or FetchError where robots.txt can't be had (RFC 9309 §2.3.1.4: then nothing is allowed)."""
        if self.robots == "none":
            return
        host = host_key(url)
        if host not in self._robots:
            self._robots[host] = await self._read_robots(url, host, session)
        robots = self._robots[host]
        if (delay := robots.crawl_delay) is not None:
            self.web.pacer.lengthen(host, delay)
        if robots.unreachable:
            raise FetchError("robots", f"robots.txt of {host} can't be read, so nothing may be fetched for now")
        if not robots.allows(url):
            raise Disallowed(f"robots.txt of {host} disallows it")

    async def _read_robots(self, url: str, host: str, session: Session) -> Robots:
        record = await self.writer.call(lambda store: store.robots(host))
        if record is None or clock.now() - record.fetched_at > ROBOTS_AGE:
            record = await self._fetch_robots(url, host, record, session)
            fresh = record
            await self.writer.call(lambda store: store.save_robots(fresh))
        return Robots.read(record.status, record.body, self.token)

    async def _fetch_robots(self, url: str, host: str, known: RobotsRecord | None, session: Session) -> RobotsRecord:
        parts = urlsplit(url)
        validators = Validators(etag=known.etag, last_modified=known.last_modified) if known else Validators()
        try:
            page = await session.get(f"{parts.scheme}://{host}/robots.txt", accept="text/plain", validators=validators)
        except FetchError as error:
            return RobotsRecord(host=host, status=error.status or 0, body=b"", fetched_at=clock.now())
        if page.status == 304 and known is not None:
            return replace(known, fetched_at=page.fetched_at)
        return RobotsRecord(
            host=host,
            status=page.status,
            body=page.body,
            etag=page.etag,
            last_modified=page.last_modified,
            fetched_at=page.fetched_at,
        )


class Disallowed(FetchError):
    """robots.txt forbids it."""

    def __init__(self, message: str) -> None:
        super().__init__("robots", message)
