"""One line per event on standard error: for people on a terminal, JSON otherwise. No secrets, no control characters."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

from ingest.pipeline import Journal
from ingest.text import squeeze

LONGEST = 500
"""Characters of one value: an error may quote a page."""
_USERINFO = re.compile(r"(?<=//)[^/@\s?#]*@")
# Names of parameters that carry secrets in feeds' addresses.
_SECRET = re.compile(
    r"(?i)([?&;](?:access_?token|api_?key|apikey|auth|key|pass|password|secret|sig|signature|token)=)[^&#\s]+"
)
_LEVELS = {
    "database away": "warning",
    "stalled": "error",
    "visit failed": "error",
    "configuration refused": "error",
    "lease lost": "warning",
    "hold": "warning",
}


def open_log(stream: TextIO) -> Journal:
    """A journal that writes there."""
    people = stream.isatty()
    renderer: Any = (
        structlog.dev.ConsoleRenderer(sort_keys=False, pad_event_to=8)
        if people
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    logger = structlog.wrap_logger(
        structlog.PrintLogger(_Unbreakable(stream)),  # type: ignore[arg-type]  # it only writes and flushes
        processors=[
            structlog.processors.TimeStamper(fmt="%H:%M:%S" if people else "iso", utc=not people),
            structlog.processors.add_log_level,
            _clean,
            renderer,
        ],
        wrapper_class=structlog.BoundLogger,
    )

    def journal(event: str, /, **fields: object) -> None:
        known = {name: value for name, value in fields.items() if value is not None}
        level = "warning" if known.get("outcome") == "failed" else _LEVELS.get(event, "info")
        getattr(logger, level)(event, **known)

    return journal


def _clean(_logger: object, _name: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: clean(value) if isinstance(value, str) else value for name, value in fields.items()}


def clean(text: str) -> str:
    r"""One line, without secrets in addresses.

    >>> clean("https://me:secret@example.org/feed?a=1&token=abc\n")
    'https://***@example.org/feed?a=1&token=***'
    """
    line = squeeze(text)
    line = _SECRET.sub(r"\1***", _USERINFO.sub("***@", line))
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


class _Unbreakable:
    """A log that nobody reads any more must not end the service."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except (OSError, ValueError):  # ValueError: it was closed
            return len(text)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except (OSError, ValueError):
            return
