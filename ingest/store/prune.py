"""Dropping what is older than the user wants to keep, batch by batch, so that no writer waits for long.

A pruned article leaves tombstones of its addresses: it does not come back while a source still offers it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, Delete, Select, bindparam, func, insert, select, tuple_

from ingest.store import clusters, lines, pages, schema, views
from ingest.store.columns import Time
from ingest.store.database import Database
from ingest.store.ledger import Ledger
from ingest.store.records import PRUNED, Pruned, Retention

_BATCH = 500
"""Rows dropped in one transaction."""

_article, _link, _alias, _source = schema.article, schema.link, schema.url_alias, schema.source
_SIGHTING = views.SIGHTING.selectable

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_BURY = insert(schema.tombstone).from_select(
    ["key", "link_id", "removed_at"],
    select(_alias.c.key, _article.c.link_id, bindparam("now", type_=Time))
    .join(_article, _article.c.id == _alias.c.article_id)
    # Links remember by themselves. The other kinds are not certain, and there is no text left to compare with.
    .where(_alias.c.article_id.in_(_IDS), _alias.c.kind == "final"),
)
_UNBURY = schema.tombstone.delete().where(
    schema.tombstone.c.key.in_(select(_alias.c.key).where(_alias.c.article_id.in_(_IDS)))
)
_LINKS_OF = select(_link.c.id).where(_link.c.article_id.in_(_IDS))
_DROP_PAGES = schema.page.delete().where(schema.page.c.link_id.in_(_LINKS_OF))
_SETTLE_LINKS = (
    _link.update()
    .where(_link.c.article_id.in_(_IDS))
    .values(outcome=PRUNED, reason=None, next_due_at=None, offer=None, etag=None, last_modified=None)
)
_DROP_ARTICLES = _article.delete().where(_article.c.id.in_(_IDS))

_revision, _change = schema.revision, schema.change
_OLD_REVISIONS = select(_revision.c.article_id, _revision.c.revision).where(_revision.c.seen_at < bindparam("before"))
_DROP_REVISIONS = _revision.delete().where(
    tuple_(_revision.c.article_id, _revision.c.revision).in_(_OLD_REVISIONS.limit(_BATCH))
)
_OLD_CHANGES = select(_change.c.seq).where(
    _change.c.at < bindparam("before"),
    _change.c.seq <= select(schema.ledger.c.indexed_seq).scalar_subquery(),  # the others are still to be indexed
)
_DROP_CHANGES = _change.delete().where(_change.c.seq.in_(_OLD_CHANGES.limit(_BATCH)))
_OFFERED = (
    select(schema.sighting.c.link_id)
    .join(_source, _source.c.id == schema.sighting.c.source_id)
    .where(
        schema.sighting.c.link_id == _link.c.id,
        _source.c.offers_since.is_(None) | (schema.sighting.c.last_seen_at >= _source.c.offers_since),
    )
    .exists()
)
_DEAD_LINKS = select(_link.c.id).where(
    _link.c.article_id.is_(None), _link.c.next_due_at.is_(None), _link.c.settled_at.is_not(None), ~_OFFERED
)
_DROP_LINKS = _link.delete().where(_link.c.id.in_(_DEAD_LINKS.limit(_BATCH)))


def prune(database: Database, retention: Retention, now: datetime) -> Pruned:
    """Drop what the retention says, and what is of no use: pages past their time, links that nobody offers."""
    articles = revisions = changes = 0
    if retention.articles is not None:
        before = now - retention.articles
        articles = _repeat(database, lambda connection: _drop_articles(connection, retention.source, before, now))
    if retention.revisions is not None:
        revisions = _drop(database, _DROP_REVISIONS, now - retention.revisions)
    if retention.changes is not None:
        changes = _drop(database, _DROP_CHANGES, now - retention.changes)
    lines.forget(database, now)
    return Pruned(
        articles=articles,
        revisions=revisions,
        changes=changes,
        pages=database.write(lambda connection: pages.prune_pages(connection, now)),
        links=_drop(database, _DROP_LINKS, now),
    )


def would_prune(connection: Connection, retention: Retention, now: datetime) -> Pruned:
    """What `prune` would drop; of links, those that are of no use already."""

    def count(query: Select[Any], age: timedelta | None) -> int:
        if age is None:
            return 0
        counted = select(func.count()).select_from(query.subquery())
        return int(connection.execute(counted, {"before": now - age}).scalar_one())

    return Pruned(
        articles=count(_old_articles(retention.source), retention.articles),
        revisions=count(_OLD_REVISIONS, retention.revisions),
        changes=count(_OLD_CHANGES, retention.changes),
        pages=len(pages.past_their_time(connection, now)),
        links=count(_DEAD_LINKS, timedelta(0)),
    )


def _old_articles(source: str | None) -> Select[Any]:
    query = select(_article.c.id).where(_article.c.first_seen_at < bindparam("before"))
    if source is None:
        return query
    offered = select(_SIGHTING.c.article_id).where(_SIGHTING.c.article_id == _article.c.id)
    return query.where(
        offered.where(_SIGHTING.c.source == source).exists(), ~offered.where(_SIGHTING.c.source != source).exists()
    )


def _drop_articles(connection: Connection, source: str | None, before: datetime, now: datetime) -> int:
    ledger = Ledger(connection)
    query = _old_articles(source).order_by(_article.c.id).limit(_BATCH)
    ids = connection.execute(query, {"before": before}).scalars().all()
    if ids:
        connection.execute(_UNBURY, {"ids": ids})  # one that was stored again by hand
        connection.execute(_BURY, {"ids": ids, "now": now})
        clusters.leave(connection, ledger, ids, now)
        for statement in (_DROP_PAGES, _SETTLE_LINKS, _DROP_ARTICLES):
            connection.execute(statement, {"ids": ids})
        removed = [{"seq": ledger.new_seq(), "article_id": id_, "kind": "removed", "at": now} for id_ in ids]
        connection.execute(_change.insert(), removed)
    ledger.close()
    return len(ids)


def _drop(database: Database, statement: Delete, before: datetime) -> int:
    def work(connection: Connection) -> int:
        Ledger(connection)
        return connection.execute(statement, {"before": before}).rowcount

    return _repeat(database, work)


def _repeat(database: Database, batch: Callable[[Connection], int]) -> int:
    """Run a batch in transactions of its own until there is nothing left for it."""
    done = 0
    while dropped := database.write(batch):
        done += dropped
    return done
