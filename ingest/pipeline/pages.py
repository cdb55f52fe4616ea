"""A link's page: fetch it, read the article, settle the link with what came of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ingest.box import DEATHS
from ingest.cadence import Failure, hold, page_retry
from ingest.errors import FetchError, NotAnArticle, ParseError
from ingest.fetch import ACCEPT_PAGE, Validators
from ingest.fetch.answers import gate, retry_after
from ingest.model import Article, Link, Outcome, Page, Source
from ingest.pipeline.accounting import ONE_OFF, Problem
from ingest.pipeline.host import VisitedHost
from ingest.pipeline.leases import LeaseLost
from ingest.pipeline.manners import Disallowed
from ingest.store import QUARANTINED, DueLink, Settled, Settlement
from ingest.urls import url_key

_WEB_PAGES = frozenset({"", "text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain"})
_NOT_CONFIGURED = "no source that offers it is configured any more"


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


class Pages:
    """The pages of one visit."""

    def __init__(self, host: VisitedHost) -> None:
        self._host = host
        self._shared = host.shared

    async def settle(self, task: PageTask) -> None:
        """Raises LeaseLost, and Pause if the host's answer ends the visit."""
        settlement, error = await self._read(task)
        if settlement is not None:
            committed = self._shared.writer.settle(settlement)
            # Counted when it is committed, even if this visit has been cancelled by then.
            committed.add_done_callback(lambda future: self._settled(task, settlement, future))
            settled = await asyncio.shield(committed)
            if settled.refused:
                raise LeaseLost(self._host.claim.host)
        if error is not None:
            await self._host.refused(error, Failure.OURS if settlement is None else None)

    def _settled(self, task: PageTask, settlement: Settlement, committed: asyncio.Future[Settled]) -> None:
        if committed.cancelled() or committed.exception() is not None:
            return  # raised where it is awaited
        settled = committed.result()
        name = task.counted_for
        if settled.refused:
            return  # pending: it is somebody else's now
        self._host.report.settled(task.due, name, settled)
        if settlement.reason:
            problem = Problem(url=task.url, reason=settlement.reason, outcome=settled.outcome)
            self._host.report.of(name).problems.append(problem)
        self._shared.journal("page", outcome=str(settled.outcome), source=name, url=task.url, reason=settlement.reason)

    async def _read(self, task: PageTask) -> tuple[Settlement | None, FetchError | None]:
        """What to settle for a link; None where our own network is out, and nothing is known of it."""
        if task.due is not None and task.source is None:
            return self._settlement(task, outcome=Outcome.FILTERED, reason=_NOT_CONFIGURED), None
        try:
            if self._shared.robots != "none":
                await self._host.rules.ask(task.url, self._host.session)
            page = await self._host.session.get(task.url, accept=ACCEPT_PAGE, validators=await self._validators(task))
        except Disallowed as error:
            return self._settlement(task, outcome=Outcome.FILTERED, reason=str(error)), None
        except FetchError as error:
            if self._shared.outage.is_ours(task.url, error) and task.due is not None:
                return None, error
            asked = retry_after(error.headers, self._shared.clock.now())
            least = hold(asked) if asked is not None else timedelta()
            return await self._without_page(task, str(error), again=True, least=least), error
        self._shared.outage.is_ours(task.url, None)
        self._host.answered = True
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
            article = await self._shared.box.extract(
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
            reason = str(error).removeprefix(QUARANTINED)
            again = error.kind == "machine" or seen + 1 < DEATHS
            return await self._without_page(task, reason if again else QUARANTINED + reason, again=again)
        return self._settlement(task, article=article, page=page)

    async def _without_page(
        self,
        task: PageTask,
        reason: str,
        *,
        page: Page | None = None,
        again: bool = False,
        least: timedelta = timedelta(),
    ) -> Settlement:
        """The page can't be had or read: the feed's full text makes a record too; the page is tried again later.

        `least`: not sooner, as the server asks.
        """
        now = self._shared.clock.now()
        if task.due is not None and task.due.revisit:  # what is stored stays; the next look is as for one without news
            return self._settlement(task, outcome=Outcome.UNCHANGED, reason=reason, retry_at=now + least)
        attempts = (task.due.attempts if task.due else 0) + 1
        pause = page_retry(attempts) if again else None
        retry_at = now + max(pause, least) if pause is not None else None
        try:
            timezone = task.source.timezone if task.source else None
            article = await self._shared.box.extract_entry(task.link, timezone=timezone)
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
            claim=self._host.claim,
            looked=article is not None or (task.due is not None and task.due.revisit),
        )

    async def _validators(self, task: PageTask) -> Validators:
        """A page that is known already is asked for conditionally."""
        if task.due is not None:
            return Validators(etag=task.due.etag, last_modified=task.due.last_modified)
        state = await self._shared.writer.call(lambda store: store.page_state(url_key(task.url)))
        return Validators(etag=state.etag, last_modified=state.last_modified) if state else Validators()
