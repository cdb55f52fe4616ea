"""The one thread of a process that writes to the database; what waits while it commits goes into the next batch."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeVar

from ingest import clock
from ingest.store import Settled, Settlement, Store

T = TypeVar("T")
MAX_BATCH = 100


class Writer:
    """An async context manager; on leaving it, everything that was handed in is committed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._waiting: list[tuple[Settlement, asyncio.Future[Settled]]] = []
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
        """Run something else on the store, in the same thread. A cancelled caller does not undo it."""
        loop = asyncio.get_running_loop()
        return await asyncio.shield(loop.run_in_executor(self._thread, work, self._store))

    def settle(self, settlement: Settlement) -> asyncio.Future[Settled]:
        """Hand in; the future has the outcome once it is committed."""
        future: asyncio.Future[Settled] = asyncio.get_running_loop().create_future()
        self._waiting.append((settlement, future))
        if self._flush is None:
            self._flush = asyncio.create_task(self._commit_all())
        return future

    async def _commit_all(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
                settlements = [settlement for settlement, _ in batch]
                futures = [future for _, future in batch]
                await self._commit(settlements, futures)
        finally:
            self._flush = None

    async def _commit(self, settlements: list[Settlement], futures: list[asyncio.Future[Settled]]) -> None:
        try:
            settled = await self.call(lambda store: store.settle(settlements, clock.now()))
        except Exception as error:  # noqa: BLE001  decided by whoever waits for the futures
            for future in futures:
                if not future.done():
                    future.set_exception(error)
            return
        for future, one in zip(futures, settled, strict=True):
            if not future.done():
                future.set_result(one)
