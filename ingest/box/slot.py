"""The near end of the pipe: one keeper with its worker, for one job at a time."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process

from ingest.box.answers import LENGTH, MAX_ANSWER, Kind, read
from ingest.box.jobs import Job
from ingest.errors import ParseError
from ingest.model import Article, Discovery

GRACE = 2.0
"""Seconds beyond the deadline: the worker's own alarm should have ended it by then."""
START = 60.0
"""Seconds that a keeper may take for its imports. It gives way to everybody, and a busy machine lets it wait."""
JOBS = 500
"""After so many a worker is replaced: freed trees leave the heap high."""


# The parent's event loop goes first on the processor, already while the parsers are imported.
_KEEPER = "import os, sys; os.nice(5); from ingest.box.keeper import main; main(sys.argv[1:])"
_OF_A_JOB = frozenset({signal.SIGALRM, signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGABRT})
"""Signals that a worker brings upon itself, by its alarm or in C code, when it has read its job."""


class Slot:
    """Started with its first job; `broken` when it must not be used again."""

    def __init__(self, *, deadline: float, memory: int) -> None:
        """`deadline` in seconds a job, `memory` in bytes."""
        self._deadline = deadline
        self._memory = memory
        self._process: asyncio.Task[Process] | None = None
        self.broken = False

    async def do(self, job: Job) -> Article | Discovery:
        """Run a job. Raises NotAnArticle, NotASource, or ParseError where the job was too much for the worker."""
        self.broken = True  # until an answer has come: a caller that is cancelled leaves a slot that is still at work
        try:
            answer = await self._ask(pickle.dumps(job, pickle.HIGHEST_PROTOCOL))
        except TimeoutError:
            raise self._overdue() from None
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise ParseError("parse_crash", "the parser was killed") from error
        except OSError as error:
            self._process = None
            raise ParseError("machine", f"this machine can't start a parser: {error.strerror or error}") from error
        self.broken = False
        if answer[:1] == Kind.DEATH:
            raise self._death(answer[1:])
        return read(answer)  # type: ignore[no-any-return]  # the unpickler lets nothing else through

    async def _ask(self, request: bytes) -> bytes:
        if self._process is None:
            self._process = asyncio.create_task(self._start())
        process = await asyncio.shield(self._process)  # a process that is half started could not be ended
        assert process.stdin is not None
        assert process.stdout is not None
        async with asyncio.timeout(self._deadline + GRACE):
            process.stdin.write(LENGTH.pack(len(request)) + request)
            await process.stdin.drain()
            (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
            if length > MAX_ANSWER:
                raise ConnectionError("no frame of ours")
            return await process.stdout.readexactly(length)

    async def _start(self) -> Process:
        limits = (str(os.getpid()), str(self._deadline), str(self._memory), str(JOBS))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-s", "-P", "-c", _KEEPER, *limits,
            stdin=PIPE, stdout=PIPE, stderr=DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"},  # and none of our secrets
        )  # fmt: skip
        assert process.stdout is not None
        try:
            async with asyncio.timeout(START):
                await process.stdout.readexactly(LENGTH.size)  # it is ready
        except TimeoutError:
            process.kill()
            raise ParseError("machine", f"this machine did not start a parser within {START:g} s") from None
        return process

    def _overdue(self) -> ParseError:
        return ParseError("parse_timeout", f"the parser was still busy after {self._deadline:g} s")

    def _death(self, number: bytes) -> ParseError:
        try:
            killer = signal.Signals(int(number))
        except ValueError:
            killer = signal.SIGKILL  # one without a name
        # A stranger's signal may have come before the job was read, and the next worker would begin with it.
        self.broken = killer not in _OF_A_JOB
        return (
            self._overdue()
            if killer is signal.SIGALRM
            else ParseError("parse_crash", f"the parser died of {killer.name}")
        )

    async def close(self) -> None:
        """End the processes; a job that is under way is lost."""
        if self._process is None:
            return
        try:
            process = await self._process
        except (ParseError, OSError, asyncio.IncompleteReadError):
            return  # it never began
        assert process.stdin is not None
        process.stdin.close()
        if process.returncode is None:
            process.kill()
        await process.wait()
