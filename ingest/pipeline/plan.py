"""What follows from a poll: when the next one is due, how the source is, what to remember. Pure.

`memory` is one JSON object per source: {history, publisher, server, failure, reason, others, warnings, move, patience}.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ingest.cadence import (
    Bounds,
    Failure,
    History,
    Move,
    Outlook,
    ServerHints,
    hold,
    moved,
    next_poll,
    redirect_verdict,
    sighted,
    state_of,
)
from ingest.cadence.hints import MAX_RETRY_AFTER, first_open, never_open
from ingest.model import PublisherHints
from ingest.store import Plan, PollReceipt, PollState


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a poll met, besides its links."""

    url: str
    """As asked for."""
    server: ServerHints = field(default_factory=ServerHints)
    publisher: PublisherHints | None = None
    """None where there was no document, or the same as before."""
    hops: tuple[tuple[int, str], ...] = ()
    entries: int | None = None
    """In the document; None for a 304 or the same body."""
    failure: Failure | None = None
    warnings: tuple[str, ...] = ()


def after_poll(
    state: PollState, answer: Answer, receipt: PollReceipt, bounds: Bounds, *, now: datetime, draw: float
) -> Plan:
    """The plan after a poll; `draw` is the jitter's random number, from 0 up to 1."""
    memory = state.memory or {}
    history = History.from_json(memory.get("history"))
    failures, failure = state.failures, _failure(memory)
    move = _move(memory)
    if answer.failure is None:
        new = [due for due in receipt.new if not due.attempts]
        published = [due.link.published_at for due in new if due.link.published_at is not None]
        history = history.after(now, new=len(new), entries=answer.entries, published=published)
        failures, failure = 0, None
        move = sighted(move, moved(answer.url, answer.hops), at=now, parsed=True)
    elif answer.failure.counts:
        failures, failure = failures + 1, answer.failure
    verdict = redirect_verdict(answer.url, move)
    publisher = answer.publisher or _publisher(memory)
    found = next_poll(
        Outlook(
            now=now,
            history=history,
            bounds=bounds,
            publisher=publisher,
            server=answer.server,
            failure=answer.failure,
            failures=failures,
        ),
        draw=draw,
    )
    warnings = (*found.warnings, *answer.warnings, *([verdict.warning] if verdict.warning else []))
    kept: dict[str, Any] = {
        "history": history.to_json(),
        "publisher": _publisher_json(publisher),
        "failure": failure,
        "reason": found.reason,
        "others": list(found.others),
        "warnings": list(warnings)[:10],
        "move": _move_json(None if verdict.store else move),
    }
    if answer.failure is Failure.SLOWED:
        kept["patience"] = (now + hold(answer.server.retry_after)).isoformat()
    return Plan(
        next_due_at=found.at,
        interval=found.interval,
        state=state_of(history, failure, now),
        failures=failures,
        memory={name: value for name, value in kept.items() if value},
        moved_to=verdict.store,
    )


def postponed(state: PollState, bounds: Bounds, now: datetime) -> datetime | None:
    """When a poll that is due may be made, if the feed wants to be left alone just now; None if it does not.

    Polls are planned around skipHours and skipDays; this is for those that come late: after a pause, or in a crowd.
    """
    publisher = _publisher(state.memory or {})
    if bounds.fixed or never_open(publisher):
        return None
    opened = first_open(now, publisher, now + bounds.max_interval)
    return opened if opened is not None and opened > now else None


def patience(state: PollState, now: datetime) -> datetime | None:
    """Until when nobody polls it, not even a crawl that names it: its last poll was answered with 429 or 503. None: it may."""
    kept = (state.memory or {}).get("patience")
    until = datetime.fromisoformat(kept) if kept else None
    # More than is ever granted was written by a clock that was wrong.
    return until if until is not None and now < until <= now + MAX_RETRY_AFTER else None


def _failure(memory: Mapping[str, Any]) -> Failure | None:
    return Failure(memory["failure"]) if memory.get("failure") in set(Failure) else None


def _move(memory: Mapping[str, Any]) -> Move | None:
    if (kept := memory.get("move")) is None:
        return None
    return Move(
        to=kept["to"],
        first_at=datetime.fromisoformat(kept["first_at"]),
        last_at=datetime.fromisoformat(kept["last_at"]),
        sightings=kept["sightings"],
    )


def _move_json(move: Move | None) -> dict[str, Any] | None:
    if move is None:
        return None
    times = {"first_at": move.first_at.isoformat(), "last_at": move.last_at.isoformat()}
    return {"to": move.to, "sightings": move.sightings, **times}


def _publisher(memory: Mapping[str, Any]) -> PublisherHints:
    kept = memory.get("publisher") or {}
    return PublisherHints(
        ttl=timedelta(seconds=kept["ttl"]) if "ttl" in kept else None,
        update_period=timedelta(seconds=kept["update_period"]) if "update_period" in kept else None,
        skip_hours=frozenset(kept.get("skip_hours", ())),
        skip_days=frozenset(kept.get("skip_days", ())),
    )


def _publisher_json(hints: PublisherHints) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    if hints.ttl is not None:
        kept["ttl"] = hints.ttl.total_seconds()
    if hints.update_period is not None:
        kept["update_period"] = hints.update_period.total_seconds()
    if hints.skip_hours:
        kept["skip_hours"] = sorted(hints.skip_hours)
    if hints.skip_days:
        kept["skip_days"] = sorted(hints.skip_days)
    return kept
