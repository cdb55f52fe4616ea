"""What a run leaves for the judges: the hosts' log, what the daemon stored and said, and when it was killed or cut off."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from leap import ORIGIN

from manners.hosts import HOUR
from manners.town import Asked, Town

EXACT = 0.001
"""Seconds: the database keeps microseconds, the clock is a float."""
PROMPT = 60.0
"""Seconds of the clock between a due time and its request: turns, borrowed hosts, spreading."""


@dataclass(frozen=True)
class Line:
    """A rule for good guests."""

    rule: str
    kept: bool | None
    """None: this run can't show it."""
    evidence: str


Row = Mapping[str, Any]


@dataclass(kw_only=True)
class Played:
    """Times are seconds of the town's clock since the beginning."""

    town: Town
    delay: float
    killed: tuple[float, float]
    """When, and when the next daemon began."""
    overdue: set[str] = field(default_factory=set)
    """Hosts that had been due for long by then."""
    cut_off: Asked | None = None
    """A poll of "quiet" that was under way when the daemon was killed for the second time, and began again at once."""
    outage: tuple[float, float] | None = None
    before_outage: Mapping[str, Row] = field(default_factory=dict)
    after_outage: Mapping[str, Row] = field(default_factory=dict)
    end: float = 0
    sources: Mapping[str, Row] = field(default_factory=dict)
    """Name → row, at the end."""
    hosts: Mapping[str, Row] = field(default_factory=dict)
    articles: frozenset[str] = frozenset()
    """URLs."""
    events: list[dict[str, Any]] = field(default_factory=list)
    """The daemon's log."""
    explained: str = ""
    """What `ingest explain fresh` says."""
    real: list[Asked] = field(default_factory=list)
    """What two daemons and crawls asked in real time."""
    real_private: list[Asked] = field(default_factory=list)
    """Of these, the host that is held as private ones are."""
    real_delay: float = 0

    def polls(self, name: str) -> list[Asked]:
        return self.town.of(name, "/feed")

    def gaps(self, name: str) -> list[float]:
        """Seconds between polls."""
        return [after.at - before.at for before, after in pairwise(self.polls(name))]

    def calm_gaps(self, name: str) -> list[float]:
        """The gaps from the first poll on, until the daemon was killed, or the network out: then other rules count."""
        end = min([self.killed[0], *(self.outage or ())])
        times = [one.at for one in self.polls(name) if one.at < end]
        return [after - before for before, after in pairwise(times)]

    def failures(self, name: str, *beginnings: str) -> list[str]:
        """What the daemon said of a source's failed polls, as far as it begins so."""
        of_source = (one for one in self.events if one["event"] == "poll" and one["source"] == name)
        return [
            str(one["error"]) for one in of_source if str(one.get("error")).startswith(beginnings) and "error" in one
        ]

    def memory(self, name: str) -> dict[str, Any]:
        """What the planner remembers of a source."""
        found: dict[str, Any] = json.loads(self.sources[name]["memory"] or "{}")
        return found

    def stored(self, name: str) -> int:
        return sum(url.startswith(f"http://{self.town.host(name)}/") for url in self.articles)

    def seconds(self, moment: str | None) -> float:
        """Of a stored time."""
        return (datetime.fromisoformat(moment) - ORIGIN).total_seconds() if moment else float("inf")


def hours(gaps: list[float]) -> str:
    """For people."""
    words = ", ".join(f"{gap / HOUR:.2f}" for gap in gaps[:8]) or "no"
    return words + (", …" if len(gaps) > 8 else "")


Judge = Callable[[Played], Iterator[Line]]
