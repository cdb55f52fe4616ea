"""Polls that were planned under other bounds than the configuration has now: a setting that is changed counts at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select

from ingest.cadence import BEYOND_BOUNDS, Bounds, spell
from ingest.model import Source
from ingest.store import hosts
from ingest.store.rows import Row
from ingest.store.schema import source as table

UNKNOWN_INTERVAL = timedelta(hours=1)
"""Until a source has been polled for the first time."""

_PLANNED = select(table.c.id, table.c.name, table.c.host, table.c.interval_seconds, table.c.last_polled_at).where(
    table.c.state.not_in(("paused", "gone"))
)
_MEMORY = select(table.c.memory).where(table.c.id == bindparam("source_id"))
_BY_ID = table.update().where(table.c.id == bindparam("source_id"))


def replan(connection: Connection, sources: Sequence[Source], bounds: Callable[[Source], Bounds]) -> int:
    """Bring the next polls of these sources within their bounds; gives how many were planned outside of them.

    What is longer because the server asked for patience stays.
    """
    configured = {source.name: source for source in sources}
    outside = 0
    woken: dict[str | None, datetime] = {}
    for row in connection.execute(_PLANNED).all():
        source = configured.get(row.name)
        planned = row.interval_seconds or int(UNKNOWN_INTERVAL.total_seconds())
        seconds = _within(planned, bounds(source)) if source else planned
        if seconds == planned:
            continue
        memory = connection.execute(_MEMORY, {"source_id": row.id}).scalar() or {}
        if memory.get("reason") in BEYOND_BOUNDS:
            continue
        change: Row = {"source_id": row.id, "interval_seconds": seconds}
        if row.last_polled_at is not None:
            interval = timedelta(seconds=seconds)
            reason = f"the configuration was changed, to {spell(interval)} for this source"
            at = row.last_polled_at + interval
            woken[row.host] = min(at, woken.get(row.host, at))
            change |= {"next_due_at": at}
            change |= {"memory": {**memory, "reason": reason, "others": []}}
            outside += 1
        connection.execute(_BY_ID, change)
    hosts.wake(connection, woken)
    return outside


def _within(seconds: int, bounds: Bounds) -> int:
    shortest, longest = (int(limit.total_seconds()) or 1 for limit in (bounds.min_interval, bounds.max_interval))
    return min(max(seconds, shortest), longest)
