"""The one thread of a process that uses the database; what waits while it commits goes into the next transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar

from ingest import clock
from ingest.errors import DatabaseUnavailable
from ingest.store import PollEntry, PollReceipt, Settled, Settlement, Store

T = TypeVar("T")
MAX_BATCH = 100
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0  # seconds between two tries while the database is away


@dataclass(slots=True)
class _Queue:
    """Pieces of work of one kind, and who waits for what comes of each."""

    work: Callable[[Store, Sequence[Any]], Sequence[Any]]
    """Does some of them; gives what came of each."""
    items: list[Any] = field(default_factory=list)
    futures: list[asyncio.Future[Any]] = field(default_factory=list)

    def add(self, item: object) -> asyncio.Future[Any]:
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.items.append(item)
        self.futures.append(future)
        return future

    def take(self, most: int) -> _Queue:
        taken = _Queue(self.work, self.items[:most], self.futures[:most])
        del self.items[:most], self.futures[:most]
        return taken

    def one_by_one(self) -> list[_Queue]:
        pairs = zip(self.items, self.futures, strict=True)
        return [_Queue(self.work, [item], [future]) for item, future in pairs]

    def __call__(self, store: Store) -> Sequence[Any]:
        return self.work(store, self.items)


class Writer:
    """An async context manager; on leaving it, everything that was handed in is committed."""

    def __init__(
        self,
        store: Store,
        *,
        now: Callable[[], datetime] = clock.now,
        away: Callable[[DatabaseUnavailable, float], None] | None = None,
    ) -> None:
        """With `away`, a database that does not answer is waited for, and `away` told of each pause (its seconds)."""
        self._store = store
        self._now = now
        self._away = away
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._calls = _Queue(lambda store, works: store.together(works))
        self._polls = _Queue(lambda store, entries: store.record_polls(entries))
        self._settlements = _Queue(lambda store, settlements: store.settle(settlements, self._now()))
        self._flush: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._flush is not None:
            await self._flush
        self._thread.shutdown()

    async def call(self, work: Callable[[Store], T]) -> T:
        """Run something on the store, in one transaction with what else is waiting. A cancelled caller does not undo it."""
        future: asyncio.Future[T] = self._calls.add(work)
        self._start()
        return await asyncio.shield(future)

    async def record(self, entry: PollEntry) -> PollReceipt:
        """Write down a poll, together with what else is waiting. A cancelled caller does not undo it."""
        future: asyncio.Future[PollReceipt] = self._polls.add(entry)
        self._start()
        return await asyncio.shield(future)

    def settle(self, settlement: Settlement) -> asyncio.Future[Settled]:
        """Hand in; the future has the outcome once it is committed."""
        future: asyncio.Future[Settled] = self._settlements.add(settlement)
        self._start()
        return future

    def _start(self) -> None:
        if self._flush is None:
            self._flush = asyncio.create_task(self._commit_all())

    async def _commit_all(self) -> None:
        try:
            queues = (self._calls, self._polls, self._settlements)
            while any(queue.items for queue in queues):
                await self._commit([queue.take(MAX_BATCH) for queue in queues if queue.items])
        finally:
            self._flush = None

    async def _commit(self, batches: Sequence[_Queue]) -> None:
        try:
            results = await self._patiently(lambda: self._store.together(batches))
        except Exception as error:  # noqa: BLE001  decided by whoever waits for the futures
            alone = [one for batch in batches for one in batch.one_by_one()]
            if len(alone) == 1:
                _fail(alone[0].futures[0], error)
                return
            for one in alone:  # one of them is wrong: each for itself
                await self._commit([one])
            return
        for batch, found in zip(batches, results, strict=True):
            for future, result in zip(batch.futures, found, strict=True):
                if not future.done():
                    future.set_result(result)

    async def _patiently(self, work: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        pause = _FIRST_PAUSE
        while True:
            try:
                return await loop.run_in_executor(self._thread, work)
            except DatabaseUnavailable as error:
                if self._away is None:
                    raise
                self._away(error, pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)


def _fail(future: asyncio.Future[Any], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
