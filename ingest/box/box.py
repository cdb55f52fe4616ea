"""The box as the pipeline sees it: `extract`, `extract_entry` and `discover`, which never hang and never crash."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from types import TracebackType
from typing import Self

from ingest.box.answers import described
from ingest.box.jobs import Job, ReadEntry, ReadPage, ReadSource
from ingest.box.look import Place
from ingest.box.slot import Slot
from ingest.errors import NotAnArticle, NotASource, ParseError
from ingest.model import Article, Discovery, Link, Page, Rules, Source

log = logging.getLogger(__name__)

DEADLINE = 10.0
"""Seconds a job. The slowest of 1,100 real pages takes 0.2."""
MEMORY = 2**30
"""Bytes of address space a worker."""
SLOTS = 4
PATIENCE = 1.0
"""Seconds that a job waits for a slot before another one is started, which costs 0.3 s of processor time."""
THREAD_PATIENCE = 10.0
"""Seconds that a job waits for the thread before it goes into the box: longer, since all that it waits for is bounded."""
DEATHS = 3
"""What has killed the parser so many times is not given to it again."""
_REMEMBERED = 10_000

_FENCED = sys.platform == "linux"


class Box:
    """An async context manager, one for a process; workers start with the first suspicious bytes.

    On Linux only: elsewhere everything is parsed in this process, and a warning says so.
    """

    def __init__(
        self,
        *,
        deadline: float = DEADLINE,
        memory: int = MEMORY,
        slots: int = SLOTS,
        thread_patience: float = THREAD_PATIENCE,
        everything: bool = False,
    ) -> None:
        """`deadline` and `thread_patience` in seconds, `memory` in bytes, for one job. `everything` boxes harmless bytes, too."""
        self._deadline = deadline
        self._memory = memory
        self._thread_patience = thread_patience
        self._everything = everything
        # One: what is parsed aside holds the interpreter's lock, and each thread keeps a heap of its own.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="parser")
        self._thread_turn = asyncio.Semaphore(1)
        self._turns = asyncio.Semaphore(1)
        self._more = slots - 1
        self._idle: list[Slot] = []
        self._closed = False
        self._closing: set[asyncio.Task[None]] = set()
        self._deaths: OrderedDict[bytes, int] = OrderedDict()
        self.boxed = 0
        """Jobs that went into the box."""
        self.deaths = 0
        """Of these, what was too much for it."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for slot in self._idle:
            self._close(slot)
        self._idle.clear()
        self._closed = True
        self._thread.shutdown(wait=False, cancel_futures=True)
        await asyncio.gather(*self._closing)

    @property
    def quarantined(self) -> int:
        """Documents that are not parsed any more, because they killed the parser too often."""
        return sum(count >= DEATHS for count in self._deaths.values())

    async def extract(
        self,
        html: bytes,
        *,
        url: str,
        charset: str | None = None,
        timezone: str | None = None,
        rules: Rules | None = None,
        link: Link | None = None,
    ) -> Article:
        """As `ingest.extract.extract_article`. Raises NotAnArticle, or ParseError."""
        done = await self._do(ReadPage(body=html, url=url, charset=charset, timezone=timezone, rules=rules, link=link))
        assert isinstance(done, Article)
        return done

    async def extract_entry(self, link: Link, *, timezone: str | None = None) -> Article:
        """As `ingest.extract.entry.extract_entry`. Raises NotAnArticle, or ParseError."""
        done = await self._do(ReadEntry(link=link, timezone=timezone))
        assert isinstance(done, Article)
        return done

    async def discover(self, source: Source, page: Page) -> Discovery:
        """As `ingest.discover.discover`. Raises NotASource, or ParseError."""
        done = await self._do(ReadSource(source=source, page=page))
        assert isinstance(done, Discovery)
        return done

    async def _do(self, job: Job) -> Article | Discovery:
        looked = job.look()
        if self._everything:
            return await self._guarded(job, "everything is boxed")
        if looked.place is Place.HERE:
            return _here(job)
        if looked.place is Place.ASIDE and await self._thread_is_free():
            parsed = asyncio.get_running_loop().run_in_executor(self._thread, _here, job)
            parsed.add_done_callback(lambda _: self._thread_turn.release())
            return await asyncio.shield(parsed)  # a thread can't be stopped: it has its turn until it is done
        return await self._guarded(job, looked.reason)

    async def _guarded(self, job: Job, suspicion: str) -> Article | Discovery:
        """In the box, unless that has died of it too often."""
        if not _FENCED:
            log.warning("parsing %s without a box, which needs Linux", suspicion)
            return _here(job)
        digest = blake2b(job.material, digest_size=16).digest()
        if self._deaths.get(digest, 0) >= DEATHS:
            raise ParseError(
                "quarantined", f"quarantined: it was too much for the parser {DEATHS} times; read again when it changes"
            )
        try:
            return await self._boxed(job)
        except ParseError as error:
            if error.kind == "machine":
                raise
            self._died(digest)
            raise ParseError(error.kind, f"{error.kind}: {error}; the document has {suspicion}") from error

    async def _thread_is_free(self) -> bool:
        """The thread's turn; False if it did not come in good time."""
        try:
            async with asyncio.timeout(self._thread_patience):
                await self._thread_turn.acquire()
        except TimeoutError:
            return False
        return True

    async def _boxed(self, job: Job) -> Article | Discovery:
        await self._wait_for_turn()
        try:
            self.boxed += 1
            slot = self._idle.pop() if self._idle else Slot(deadline=self._deadline, memory=self._memory)
            try:
                return await slot.do(job)
            finally:
                if slot.broken or self._closed:
                    self._close(slot)
                else:
                    self._idle.append(slot)
        finally:
            self._turns.release()

    async def _wait_for_turn(self) -> None:
        """A slot's turn; whoever has waited long enough adds one, as long as there may be more."""
        try:
            async with asyncio.timeout(PATIENCE if self._more else None):
                await self._turns.acquire()
        except TimeoutError:
            if self._more:
                self._more -= 1
            else:
                await self._turns.acquire()

    def _close(self, slot: Slot) -> None:
        task = asyncio.create_task(slot.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def _died(self, digest: bytes) -> None:
        self.deaths += 1
        self._deaths[digest] = self._deaths.pop(digest, 0) + 1
        if len(self._deaths) > _REMEMBERED:
            self._deaths.popitem(last=False)


def _here(job: Job) -> Article | Discovery:
    """Run a job in this process."""
    try:
        return job.run()
    except (NotAnArticle, NotASource):
        raise
    except OSError as error:  # pure functions open nothing, but a module that is imported late is a file
        raise ParseError("machine", f"this machine can't parse: {error.strerror or error}") from error
    except Exception as error:
        # A page on which our rules fail costs one outcome, as in the box; the name and place are enough to mend them.
        log.debug("the parser failed", exc_info=error)
        raise ParseError("parse_crash", f"parse_crash: the parser failed ({described(error)})") from error
