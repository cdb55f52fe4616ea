"""What comes back from the box: one byte that says what it is, then text or a pickled record.

The pipe is a border. A worker that hostile bytes have taken over can write what it likes into it, so that nothing but
the records of the model is unpickled (https://docs.python.org/3/library/pickle.html#restricting-globals).
"""

from __future__ import annotations

import pickle
import struct
import traceback
from enum import Enum
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ingest.errors import NotAnArticle, NotASource, ParseError

LENGTH = struct.Struct("!I")
"""Before every frame on the pipe: its length."""
MAX_ANSWER = 256 * 2**20
"""Bytes; a longer announcement is no answer of ours."""

_ALLOWED = {
    "ingest.model": {"Article", "Contact", "Discovery", "Image", "Link", "PublisherHints"},
    "datetime": {"datetime", "timedelta", "timezone"},
    "zoneinfo": {"ZoneInfo"},
    "builtins": {"frozenset"},
}


class Kind(bytes, Enum):
    """The first byte of an answer."""

    RECORD = b"R"
    NOT_AN_ARTICLE = b"A"
    NOT_A_SOURCE = b"S"
    CRASH = b"C"  # an exception that nobody expected; its name and place
    MEMORY = b"M"
    DEATH = b"D"  # from the keeper: the number of the signal that ended the worker


class _Records(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if name not in _ALLOWED.get(module, ()):
            raise pickle.UnpicklingError(f"{module}.{name} is no record of the model")
        return super().find_class(module, name)


def written(record: object) -> bytes:
    """A record as an answer."""
    buffer = BytesIO(Kind.RECORD)
    buffer.seek(0, SEEK_END)
    pickler = pickle.Pickler(buffer, pickle.HIGHEST_PROTOCOL)
    # Its own way asks for `getattr`, which would let everything through.
    pickler.dispatch_table = {ZoneInfo: lambda zone: (ZoneInfo, (zone.key,))}
    pickler.dump(record)
    return buffer.getvalue()


def read(answer: bytes) -> Any:
    """The record of an answer. Raises what the job raised: NotAnArticle, NotASource; ParseError for everything else."""
    kind, rest = answer[:1], answer[1:]
    match kind:
        case Kind.RECORD:
            return _record(rest)
        case Kind.NOT_AN_ARTICLE:
            raise NotAnArticle(rest.decode("utf-8", "replace"))
        case Kind.NOT_A_SOURCE:
            raise NotASource(rest.decode("utf-8", "replace"))
        case Kind.CRASH:
            raise ParseError("parse_crash", f"the parser failed ({rest.decode('utf-8', 'replace')})")
        case Kind.MEMORY:
            raise ParseError("too_big", "the parser needs more memory than it may have")
        case _:
            raise ParseError("parse_crash", "the box gave an answer that can't be read")


def _record(pickled: bytes) -> Any:
    try:
        return _Records(BytesIO(pickled)).load()
    except Exception as error:  # pickle promises nothing for bytes of strangers: the box has lost its mind
        raise ParseError("parse_crash", "the box gave an answer that can't be read") from error


def described(error: Exception) -> str:
    """What went wrong in the parser and where: enough to find it, no more of the page than the error's name.

    >>> described(ValueError("whatever the page says"))
    'ValueError'
    """
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
