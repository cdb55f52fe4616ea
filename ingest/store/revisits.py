"""Stored articles are looked at again for edits: when, is written in the transaction that settles the last look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam

from ingest.cadence import next_revisit
from ingest.model import Outcome
from ingest.store import hosts
from ingest.store.bulk import Bulk
from ingest.store.columns import to_utc
from ingest.store.rows import Row
from ingest.store.schema import revisit as table

_DROP = Bulk(table.delete().where(table.c.link_id == bindparam("link")))
_INSERT = Bulk(table.insert())


class Look(NamedTuple):
    """A link whose page was looked at, and what it leads to now."""

    link_id: int
    host: str | None
    unchanged: int | None
    """Looks before in a row that found no edit; None: another look was not planned."""
    outcome: Outcome
    revision: int
    published_at: datetime | None
    first_seen_at: datetime | None
    """Of the article; None: there is none."""
    not_before: datetime | None


def schedule(connection: Connection, looks: Sequence[Look], now: datetime) -> None:
    """Write when each link is looked at again. It reads nothing."""
    rows: list[Row] = []
    due: dict[str | None, datetime] = {}
    for look in looks:
        unchanged = 0 if look.outcome is Outcome.STORED else (look.unchanged or 0) + 1
        at = _next_look(look, unchanged, now)
        if at is not None:
            rows.append({"link_id": look.link_id, "host": look.host, "due_at": at, "unchanged": unchanged})
            due[look.host] = min(at, due.get(look.host, at))
    _DROP.run(connection, [{"link": look.link_id} for look in looks if look.unchanged is not None])
    _INSERT.run(connection, rows)
    hosts.wake(connection, due)


def _next_look(look: Look, unchanged: int, now: datetime) -> datetime | None:
    if look.first_seen_at is None:
        return None
    at = next_revisit(
        published_at=look.published_at and to_utc(look.published_at),
        first_seen_at=look.first_seen_at,
        fetched_at=now,
        changed=look.outcome is Outcome.STORED and look.revision > 1,
        unchanged=unchanged,
    )
    return at and max(at, look.not_before or at)
