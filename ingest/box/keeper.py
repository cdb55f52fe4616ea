"""The far end of the pipe: a new interpreter, which the slot starts with PARENT DEADLINE MEMORY JOBS.

The keeper imports the parsers once and forks a worker, which costs 5 ms where a new interpreter costs 300. The worker
answers jobs until it has done its number of them, or dies; the keeper says how it died and forks the next. Both die with
their parent, even if that is killed: prctl(2) PR_SET_PDEATHSIG.
"""

from __future__ import annotations

import ctypes
import gc
import os
import pickle
import resource
import signal
from typing import BinaryIO

from ingest.box.answers import LENGTH, Kind, described, written
from ingest.box.jobs import Job
from ingest.errors import NotAnArticle, NotASource

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
# Exit codes of the worker.
_RETIRED = 0
_NO_MORE_JOBS = 10


def main(arguments: list[str]) -> None:
    """Keep one worker alive until the parent goes away or closes the pipe."""
    parent, deadline, memory, jobs = int(arguments[0]), float(arguments[1]), int(arguments[2]), int(arguments[3])
    _die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent decides what it means
    requests, answers = os.fdopen(0, "rb", buffering=0), os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # whatever a library prints is no answer
    _send(answers, b"")  # ready: what was imported until now is no job's time
    gc.freeze()
    keeper = os.getpid()
    while True:
        worker = os.fork()
        if worker == 0:
            _die_with(keeper)
            _limit(memory)
            os._exit(_work(requests, answers, deadline, jobs))
        _, status = os.waitpid(worker, 0)
        if os.WIFSIGNALED(status):
            _send(answers, Kind.DEATH + str(os.WTERMSIG(status)).encode())
        elif os.WEXITSTATUS(status) != _RETIRED:
            return


def _work(requests: BinaryIO, answers: BinaryIO, deadline: float, jobs: int) -> int:
    """Answer jobs; the exit code."""
    for _ in range(jobs):
        request = _receive(requests)
        if request is None:
            return _NO_MORE_JOBS
        signal.setitimer(
            signal.ITIMER_REAL, deadline
        )  # SIGALRM is left to the kernel, which kills: C code hears nothing
        answer = _answer(pickle.loads(request))  # noqa: S301  from our parent
        signal.setitimer(signal.ITIMER_REAL, 0)
        _send(answers, answer)
        if answer[:1] == Kind.MEMORY:
            break  # what is left of the heap is of no use
    return _RETIRED


def _answer(job: Job) -> bytes:
    try:
        return written(job.run())
    except NotAnArticle as error:
        return Kind.NOT_AN_ARTICLE + str(error).encode("utf-8", "replace")
    except NotASource as error:
        return Kind.NOT_A_SOURCE + str(error).encode("utf-8", "replace")
    except MemoryError:
        return Kind.MEMORY.value
    except Exception as error:  # noqa: BLE001  whatever it was, it is one outcome, told to the parent
        return Kind.CRASH + described(error).encode("utf-8", "replace")


def _receive(requests: BinaryIO) -> bytes | None:
    """The next job; None when there are no more."""
    head = _read(requests, LENGTH.size)
    return _read(requests, LENGTH.unpack(head)[0]) if head is not None else None


def _read(stream: BinaryIO, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        piece = stream.read(size - len(data))
        if not piece:
            return None
        data += piece
    return bytes(data)


def _send(answers: BinaryIO, answer: bytes) -> None:
    frame = memoryview(LENGTH.pack(len(answer)) + answer)
    while frame:
        frame = frame[answers.write(frame) :]


def _die_with(parent: int) -> None:
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:  # it died before the signal was asked for
        os._exit(_NO_MORE_JOBS)


def _limit(memory: int) -> None:
    """Address space as given, no files written, no cores dumped."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
