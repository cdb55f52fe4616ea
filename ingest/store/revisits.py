"""Stored articles are looked at again for edits: when, is written in the transaction that settles the last look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, select

from ingest.cadence import next_revisit
from ingest.model import Outcome
from ingest.store import hosts
from ingest.store.bulk import Bulk, Lookup
from ingest.store.database import without_waiting
from ingest.store.records import Settled, Settlement
from ingest.store.rows import Row
from ingest.store.schema import article, link
from ingest.store.schema import revisit as table

_wanted: BindParameter[Any] = bindparam("wanted", expanding=True)
_LOOKED_AT = Lookup(
    select(link.c.id, link.c.host, article.c.published_at, article.c.first_seen_at, table.c.unchanged)
    .outerjoin(article, article.c.id == link.c.article_id)
    .outerjoin(table, table.c.link_id == link.c.id)
    .where(link.c.id.in_(_wanted))
)
_DROP = Bulk(table.delete().where(table.c.link_id == bindparam("link")))
_INSERT = Bulk(table.insert())


def schedule(
    connection: Connection, settlements: Sequence[Settlement], settled: Sequence[Settled], now: datetime
) -> None:
    """Write when each link that led to an article is looked at again; links asked for by hand never are."""
    looked = {
        one.link_id: (what, one.retry_at)
        for one, what in zip(settlements, settled, strict=True)
        # A second address of an article needs no looks of its own; a reading of an old page is no look.
        if one.link_id is not None
        and one.looked
        and not one.reread
        and what.outcome is not Outcome.DUPLICATE
        and not what.refused
    }
    if not looked:
        return
    rows: list[Row] = []
    gone: list[Row] = []
    for link_id, host, published_at, first_seen_at, known in _LOOKED_AT.rows(connection, looked):
        if known is not None:
            gone.append({"link": link_id})
        if first_seen_at is None:  # it leads to no article
            continue
        what, not_before = looked[link_id]
        changed = what.outcome is Outcome.STORED and (what.revision or 1) > 1
        unchanged = 0 if what.outcome is Outcome.STORED else (known or 0) + 1
        at = next_revisit(
            published_at=published_at,
            first_seen_at=first_seen_at,
            fetched_at=now,
            changed=changed,
            unchanged=unchanged,
        )
        if at is not None:
            at = max(at, not_before or at)
            rows.append({"link_id": link_id, "host": host, "due_at": at, "unchanged": unchanged})
    due: dict[str | None, datetime] = {}
    for one in rows:
        due[one["host"]] = min(one["due_at"], due.get(one["host"], one["due_at"]))
    with without_waiting(connection):
        _DROP.run(connection, gone)
        _INSERT.run(connection, rows)
        hosts.wake(connection, due)
