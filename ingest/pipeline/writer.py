"""The one thread of a process that uses the database; what waits while it commits goes into the next transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

from ingest import clock
from ingest.errors import DatabaseUnavailable
from ingest.store import Settled, Settlement, Store

T = TypeVar("T")
MAX_BATCH = 100
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0  # seconds between two tries while the database is away


@dataclass(frozen=True, slots=True)
class _Call:
    work: Callable[[Store], Any]
    future: asyncio.Future[Any]


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
        self._settlements: list[tuple[Settlement, asyncio.Future[Settled]]] = []
        self._calls: list[_Call] = []
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
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._calls.append(_Call(work, future))
        self._start()
        return await asyncio.shield(future)

    def settle(self, settlement: Settlement) -> asyncio.Future[Settled]:
        """Hand in; the future has the outcome once it is committed."""
        future: asyncio.Future[Settled] = asyncio.get_running_loop().create_future()
        self._settlements.append((settlement, future))
        self._start()
        return future

    def _start(self) -> None:
        if self._flush is None:
            self._flush = asyncio.create_task(self._commit_all())

    async def _commit_all(self) -> None:
        try:
            while self._settlements or self._calls:
                batch, self._settlements = self._settlements[:MAX_BATCH], self._settlements[MAX_BATCH:]
                calls, self._calls = self._calls[:MAX_BATCH], self._calls[MAX_BATCH:]
                settlements = [settlement for settlement, _ in batch]
                works: list[Callable[[Store], Any]] = [call.work for call in calls]
                futures: list[asyncio.Future[Any]] = [call.future for call in calls]
                if settlements:
                    works.append(partial(self._settle, settlements))
                    futures.append(_shared([future for _, future in batch]))
                await self._commit(works, futures)
        finally:
            self._flush = None

    def _settle(self, settlements: Sequence[Settlement], store: Store) -> list[Settled]:
        return store.settle(settlements, self._now())

    async def _commit(self, works: Sequence[Callable[[Store], Any]], futures: Sequence[asyncio.Future[Any]]) -> None:
        try:
            results = await self._patiently(lambda: self._store.together(works))
        except Exception as error:  # noqa: BLE001  decided by whoever waits for the futures
            if len(works) == 1:
                _fail(futures[0], error)
                return
            for work, future in zip(works, futures, strict=True):  # one of them is wrong: each for itself
                await self._commit([work], [future])
            return
        for future, result in zip(futures, results, strict=True):
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


def _shared(futures: Sequence[asyncio.Future[Settled]]) -> asyncio.Future[list[Settled]]:
    """A future of all settlements of a batch that answers each one's own."""
    together: asyncio.Future[list[Settled]] = asyncio.get_running_loop().create_future()

    def answer(done: asyncio.Future[list[Settled]]) -> None:
        error = done.exception()
        for index, future in enumerate(futures):
            if future.done():
                continue
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(done.result()[index])

    together.add_done_callback(answer)
    return together
