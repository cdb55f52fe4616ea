"""One run over sources and addresses: a visit for every host that has work, many hosts at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence

from ingest import clock
from ingest.box import Box
from ingest.errors import FetchError
from ingest.fetch import Web
from ingest.model import Link, Outcome, Source
from ingest.pipeline.accounting import ONE_OFF, Problem, Report
from ingest.pipeline.visit import PageTask, PollTask, Task, Visitor
from ingest.pipeline.writer import Writer
from ingest.store import Store
from ingest.urls import host_key

MAX_VISITS = 64
"""Hosts visited at the same time."""


async def crawl(
    *,
    store: Store,
    web: Web,
    box: Box,
    robots: str,
    token: str,
    sources: Sequence[Source],
    urls: Sequence[str] = (),
    report: Report | None = None,
) -> Report:
    """Poll the sources, fetch what they bring up and the given addresses, store what is found.

    `report` is filled while the run goes on, for a progress bar. A cancelled run (Ctrl-C) commits what it has and
    returns normally, with `report.interrupted`. Database errors are raised; nothing acknowledged is lost by them.
    """
    report = report if report is not None else Report()
    async with Writer(store) as writer:
        agenda = _Agenda()
        visitor = Visitor(web=web, box=box, writer=writer, report=report, robots=robots, token=token, found=agenda.add)
        try:
            await _plan(agenda, visitor, sources, urls)
            await agenda.work_off(visitor)
        except asyncio.CancelledError:
            if (task := asyncio.current_task()) is not None:
                task.uncancel()
            report.interrupted = True
    report.close()
    report.requests, report.conditional = web.requests, web.conditional
    return report


async def _plan(agenda: _Agenda, visitor: Visitor, sources: Sequence[Source], urls: Sequence[str]) -> None:
    """What the run starts with: work left from an interrupted run, a poll of each source, the given addresses."""
    by_name = {source.name: source for source in sources}
    for source in sources:
        visitor.report.of(source.name)
        agenda.add(PollTask(source))
    left = await visitor.writer.call(lambda store: store.due_links(list(by_name), clock.now()))
    for due in left:
        visitor.take([due], by_name[due.source])
    for url in urls:
        visitor.report.discovered(ONE_OFF)
        try:
            agenda.add(PageTask(Link(url=url)))
        except FetchError as error:
            visitor.report.count(ONE_OFF, Outcome.FAILED)
            visitor.report.of(ONE_OFF).problems.append(Problem(url=url, reason=str(error), outcome=Outcome.FAILED))


class _Agenda:
    """Tasks by host; each host with tasks gets one visit at a time."""

    def __init__(self) -> None:
        self._tasks: dict[str, deque[Task]] = {}
        self._visits: asyncio.TaskGroup | None = None
        self._start: deque[str] = deque()

    def add(self, task: Task) -> None:
        """Raises FetchError "bad_url" for an address without a host."""
        host = host_key(task.url)
        if host in self._tasks:
            self._tasks[host].append(task)
            return
        self._tasks[host] = deque([task])
        self._start.append(host)
        if self._visits is not None:
            self._open_visits()

    async def work_off(self, visitor: Visitor) -> None:
        """Until no host has a task left. Database errors are raised as they are."""
        self._visitor = visitor
        self._limit = asyncio.Semaphore(MAX_VISITS)
        try:
            async with asyncio.TaskGroup() as self._visits:
                self._open_visits()
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from group

    def _open_visits(self) -> None:
        assert self._visits is not None
        while self._start:
            self._visits.create_task(self._visit(self._start.popleft()))

    async def _visit(self, host: str) -> None:
        tasks = self._tasks[host]
        async with self._limit, self._visitor.web.session() as session:
            while tasks:
                await self._visitor.do(tasks.popleft(), session)
            del self._tasks[host]  # before anything is awaited: what is added from now on gets a visit of its own
