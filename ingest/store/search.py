"""Full-text search: an index that is kept up from the change feed, off the way of those who store.

SQLite has an FTS5 table without contents, whose row numbers hold article and version: the row of an older version
is left to itself and joins nothing any more. PostgreSQL has a tsvector per article.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, bindparam, select, text

from ingest.errors import StoreError
from ingest.store import articles, schema, views
from ingest.store.columns import Time
from ingest.store.database import Database
from ingest.store.ledger import Ledger
from ingest.store.records import SearchHit
from ingest.store.terms import Phrase, fts5, phrases, snippet, tsquery, tsvector, words

_BATCH = 500
"""Changes indexed in one transaction."""
_VERSIONS = 2**20
"""Row number in SQLite's index = article × this + version."""

_ARTICLE = views.ARTICLE.selectable
_INDEXED = select(schema.ledger.c.indexed_seq)
_CHANGED = (
    select(schema.change.c.seq, schema.change.c.article_id)
    .where(schema.change.c.seq > bindparam("after"))
    .order_by(schema.change.c.seq)
    .limit(_BATCH)
)
_TEXTS = select(
    _ARTICLE.c.id,
    _ARTICLE.c.revision,
    _ARTICLE.c.headline,
    _ARTICLE.c.summary,
    _ARTICLE.c.body,
    _ARTICLE.c.authors,
    _ARTICLE.c.tags,
    _ARTICLE.c.image_caption,
).where(_ARTICLE.c.id.in_(bindparam("wanted", expanding=True)))

# docsize: one row per indexed row. Inserting a number twice would spoil the index.
_INSERT_SQLITE = text(
    "INSERT INTO search (rowid, headline, body) SELECT :number, :headline, :body "
    "WHERE NOT EXISTS (SELECT 1 FROM search_docsize WHERE id = :number)"
)
_INSERT_POSTGRESQL = text(
    "INSERT INTO search (article_id, document) VALUES (:article, CAST(:document AS tsvector)) "
    "ON CONFLICT (article_id) DO UPDATE SET document = excluded.document"
)

_FIND_SQLITE = """
SELECT a.id
FROM search s
JOIN article a ON a.id = s.rowid / 1048576 AND a.revision = s.rowid % 1048576
WHERE search MATCH :query{filters}
ORDER BY bm25(search, 5.0, 1.0), a.id DESC
LIMIT :limit"""
_FIND_POSTGRESQL = """
SELECT a.id
FROM search s
JOIN article a ON a.id = s.article_id
WHERE s.document @@ CAST(:query AS tsquery){filters}
ORDER BY ts_rank(s.document, CAST(:query AS tsquery)) DESC, a.id DESC
LIMIT :limit"""
_OF_SOURCE = " AND EXISTS (SELECT 1 FROM sighting_v1 g WHERE g.article_id = a.id AND g.source = :source)"
_SINCE = " AND coalesce(a.published_at, a.first_seen_at) >= :since"


def index(database: Database, limit: int | None) -> int:
    """Take up to `limit` changes (all, if None) into the index; gives how many it took."""
    done = 0
    while limit is None or done < limit:
        with database.reading() as connection:
            indexed = connection.execute(_INDEXED).scalar_one()
            changed = connection.execute(_CHANGED, {"after": indexed}).all()
            texts = connection.execute(_TEXTS, {"wanted": list({row.article_id for row in changed})}).all()
        if not changed:
            break
        rows = [_row(database, row) for row in texts]  # the dear part, while nobody waits for us
        last: int = changed[-1].seq
        if database.write(partial(_write, indexed=indexed, last=last, rows=rows)):
            done += len(changed)
    return done


def _row(database: Database, row: Any) -> dict[str, Any]:
    rest = " ".join(
        part for part in (row.summary, row.body, row.image_caption, *row.authors, *row.tags) if part is not None
    )
    if database.is_sqlite:
        number = row.id * _VERSIONS + row.revision
        return {"number": number, "headline": " ".join(words(row.headline)), "body": " ".join(words(rest))}
    return {"article": row.id, "document": tsvector(row.headline, rest)}


def _write(connection: Connection, *, indexed: int, last: int, rows: Sequence[dict[str, Any]]) -> bool:
    """False if another process was faster."""
    Ledger(connection)
    if connection.execute(_INDEXED).scalar_one() != indexed:
        return False
    if rows:
        sqlite = connection.dialect.name == "sqlite"
        connection.execute(_INSERT_SQLITE if sqlite else _INSERT_POSTGRESQL, rows)
    connection.execute(schema.ledger.update(), {"indexed_seq": last})
    return True


def search(
    database: Database, query: str, *, source: str | None, since: datetime | None, limit: int
) -> list[SearchHit]:
    """The articles that fit best. Raises StoreError for a search without a word that is wanted."""
    wanted = phrases(query)
    if all(phrase.negative for phrase in wanted):
        raise StoreError(f'{query!r} names no word to search for; write rice -fish, "rice price" or ferr*')
    with database.reading() as connection:
        ids = _find(connection, wanted, source, since, limit)
        found = articles.read(connection, ids)
    return [SearchHit(article=article, snippet=snippet(article.body, wanted)) for article in found]


def _find(
    connection: Connection, wanted: list[Phrase], source: str | None, since: datetime | None, limit: int
) -> list[int]:
    sqlite = connection.dialect.name == "sqlite"
    filters = _OF_SOURCE * (source is not None) + _SINCE * (since is not None)
    values: dict[str, Any] = {"query": (fts5 if sqlite else tsquery)(wanted), "limit": limit}
    values |= {"source": source} if source is not None else {}
    values |= {"since": since} if since is not None else {}
    statement = text((_FIND_SQLITE if sqlite else _FIND_POSTGRESQL).format(filters=filters))
    if since is not None:
        statement = statement.bindparams(bindparam("since", type_=Time))
    return list(connection.execute(statement, values).scalars())
