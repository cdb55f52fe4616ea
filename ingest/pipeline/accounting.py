"""What became of everything: each link that a run discovers is counted once, under one outcome.

discovered = stored + unchanged + duplicate + filtered + failed + pending
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ingest.model import Outcome
from ingest.store import DueLink, Settled

ONE_OFF = "--url"
"""The name under which addresses given by hand are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that went wrong, or was left alone on purpose: where, and why."""

    url: str
    reason: str
    outcome: Outcome | None = None
    """None for a poll."""


@dataclass(slots=True)
class SourceReport:
    """One source's part of a run."""

    name: str
    polled: str | None = None
    """"new", "unchanged" or "failed"; None if it was not got to."""
    discovered: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def open(self) -> int:
        """Links discovered that have no outcome yet."""
        return self.discovered - self.outcomes.total()


@dataclass(slots=True)
class Report:
    """A run: its sources in the order in which they were asked for."""

    sources: dict[str, SourceReport] = field(default_factory=dict)
    requests: int = 0
    conditional: int = 0
    """Of these, with a validator."""
    interrupted: bool = False
    holds: dict[str, str] = field(default_factory=dict)
    """Host → why it was left alone."""
    _taken: dict[int, set[str]] = field(default_factory=dict)
    """Link → the sources under which it was counted."""

    def of(self, source: str) -> SourceReport:
        return self.sources.setdefault(source, SourceReport(source))

    def discovered(self, source: str, count: int = 1) -> None:
        self.of(source).discovered += count

    def count(self, source: str, outcome: Outcome, times: int = 1) -> None:
        if times:
            self.of(source).outcomes[outcome] += times

    def take(self, due: DueLink, source: str | None = None) -> None:
        """A link to fetch: counted once for each source that is part of the run; at least for the one that has it fetched."""
        counted = self._taken.setdefault(due.id, set())
        for name in (source or due.source,) if source or not counted else ():
            if name not in counted:
                counted.add(name)
                self.discovered(name)

    def settled(self, due: DueLink | None, name: str, settled: Settled) -> None:
        """For the source that asked, and for those that offered the same link and need not ask any more."""
        counted = self._taken.pop(due.id, {name}) if due is not None else {name}
        mine = name if name in counted else min(counted)
        self.count(mine, settled.outcome)
        article = settled.outcome in (Outcome.STORED, Outcome.UNCHANGED, Outcome.DUPLICATE)
        for other in {*settled.sources, *counted} - {mine}:
            if other in self.sources and self.sources[other].open > 0:
                self.count(other, Outcome.DUPLICATE if article else settled.outcome)

    def close(self) -> None:
        """At the end of a run, what has no outcome is pending."""
        for report in self.sources.values():
            self.count(report.name, Outcome.PENDING, report.open)

    @property
    def totals(self) -> Counter[Outcome]:
        return sum((report.outcomes for report in self.sources.values()), Counter())

    @property
    def total_discovered(self) -> int:
        return sum(report.discovered for report in self.sources.values())

    @property
    def failed(self) -> bool:
        """Whether a poll or a link failed."""
        return bool(self.totals[Outcome.FAILED]) or any(r.polled == "failed" for r in self.sources.values())

    @property
    def identity(self) -> str:
        """The accounting identity, written out."""
        return identity(self.total_discovered, self.totals)


def identity(discovered: int, outcomes: Counter[Outcome]) -> str:
    """The accounting identity of so many links, written out.

    >>> identity(3, Counter({Outcome.STORED: 2, Outcome.FAILED: 1}))
    '3 discovered = 2 stored + 0 unchanged + 0 duplicate + 0 filtered + 1 failed + 0 pending'
    """
    return f"{discovered} discovered = " + " + ".join(f"{outcomes[outcome]} {outcome}" for outcome in Outcome)
