"""Stored articles are looked at again for edits: when, is written in the transaction that settles the last look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from ingest.cadence import next_revisit
from ingest.model import Outcome
from ingest.store import hosts
from ingest.store.database import chunks
from ingest.store.records import Settled, Settlement
from ingest.store.schema import article, link
from ingest.store.schema import revisit as table

_ARTICLES = select(article.c.id, article.c.published_at, article.c.first_seen_at).where(
    article.c.id.in_(bindparam("ids", expanding=True))
)
_KNOWN = select(table.c.link_id, table.c.unchanged).where(table.c.link_id.in_(bindparam("ids", expanding=True)))
_HOSTS = select(link.c.id, link.c.host).where(link.c.id.in_(bindparam("ids", expanding=True)))
_DROP = table.delete().where(table.c.link_id == bindparam("link"))


def schedule(
    connection: Connection, settlements: Sequence[Settlement], settled: Sequence[Settled], now: datetime
) -> None:
    """Write when each link that led to an article is looked at again; links asked for by hand never are."""
    looked = {
        one.link_id: (one, what)
        for one, what in zip(settlements, settled, strict=True)
        # A second address of an article needs no looks of its own; a reading of an old page is no look.
        if one.link_id is not None and one.looked and not one.reread and what.outcome is not Outcome.DUPLICATE
    }
    if not looked:
        return
    ids = {what.article_id for _, what in looked.values() if what.article_id is not None}
    articles = {row.id: row for chunk in chunks(ids) for row in connection.execute(_ARTICLES, {"ids": chunk})}
    known = {
        row.link_id: row.unchanged for chunk in chunks(looked) for row in connection.execute(_KNOWN, {"ids": chunk})
    }
    on = {row.id: row.host for chunk in chunks(looked) for row in connection.execute(_HOSTS, {"ids": chunk})}
    rows = []
    for link_id, (_, what) in looked.items():
        row = articles.get(what.article_id)
        if row is None:
            continue
        changed = what.outcome is Outcome.STORED and (what.revision or 1) > 1
        unchanged = 0 if what.outcome is Outcome.STORED else known.get(link_id, 0) + 1
        at = next_revisit(
            published_at=row.published_at,
            first_seen_at=row.first_seen_at,
            fetched_at=now,
            changed=changed,
            unchanged=unchanged,
        )
        if at is not None:
            rows.append({"link_id": link_id, "host": on[link_id], "due_at": at, "unchanged": unchanged})
    if gone := [{"link": link_id} for link_id in looked if link_id in known]:
        connection.execute(_DROP, gone)
    if rows:
        connection.execute(table.insert(), rows)
        due: dict[str | None, datetime] = {}
        for one in rows:
            due[one["host"]] = min(one["due_at"], due.get(one["host"], one["due_at"]))
        hosts.wake(connection, due)
