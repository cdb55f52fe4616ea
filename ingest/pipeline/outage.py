"""Whose fault it is when nothing can be reached: what the visits of a process have met, taken together."""

from __future__ import annotations

from collections import deque

from ingest.cadence import Attempt, is_our_outage
from ingest.errors import FetchError

_ANSWERS = frozenset({"challenge", "not_a_feed", "status"})  # kinds of errors that came from the other side


class Outage:
    """Looks at every attempt of the process; one may be ours only in the light of the others."""

    def __init__(self) -> None:
        self._attempts: deque[Attempt] = deque(maxlen=64)
        self._blamed: list[str] = []

    def is_ours(self, url: str, error: FetchError | None) -> bool:
        """Whether our own network is out; every attempt passes here, `error` None for one that was answered."""
        kind = None if error is None or error.kind in _ANSWERS else error.kind
        if error is not None and error.kind == "robots":
            kind = None if error.status else "network"
        self._attempts.append(Attempt(url=url, kind=kind, status=error.status if error else None))
        if kind is None:
            self._blamed.clear()
        return kind is not None and is_our_outage(tuple(self._attempts))

    def blame(self, source: str) -> None:
        """A poll of the source failed, and that was counted against it; perhaps it was us."""
        self._blamed.append(source)

    def absolved(self) -> tuple[str, ...]:
        """The sources that were blamed since anybody answered, now that it is clear that it was us."""
        names = tuple(self._blamed)
        self._blamed.clear()
        return names
