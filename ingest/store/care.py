"""Backup, health and size of the database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, func, select, text

from ingest.errors import StoreError
from ingest.store import schema
from ingest.store.database import Database
from ingest.store.records import Size

_SIZES = text("""
    SELECT c.relname AS name, pg_total_relation_size(c.oid) AS bytes
    FROM pg_class c
    WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
    ORDER BY bytes DESC""")


def backup(database: Database, path: Path) -> None:
    """Page by page, by SQLite's own backup: a copy of the file alone would miss what is still in the WAL."""
    if not database.is_sqlite:
        raise StoreError(
            f"{database.name} is backed up with PostgreSQL's own pg_dump; `ingest db backup` copies SQLite files"
        )
    if path.exists():
        raise StoreError(f"{path} exists already; name another file, or remove it")
    with database.driver() as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)


def compact(database: Database) -> None:
    if database.is_sqlite:
        with database.driver() as driver:
            driver.execute("VACUUM")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def check(database: Database) -> list[str]:
    """The database's own check, and the promises of ours that it can't know."""
    with database.reading() as connection:
        found = _damage(connection) if database.is_sqlite else []
        return found or [
            complaint for complaint, query in _PROMISES.items() if connection.execute(text(query)).scalar()
        ]


def _damage(connection: Connection) -> list[str]:
    said = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return [line for line in said if line != "ok"] + [f"{row[0]} refers to a missing row of {row[2]}" for row in broken]


# Complaint → a query that finds a row where the promise is broken.
_PROMISES = {
    "an article has no link that leads to it": """
        SELECT 1 FROM article a WHERE NOT EXISTS (
            SELECT 1 FROM link l WHERE l.id = a.link_id AND l.article_id = a.id) LIMIT 1""",
    "an article is missing in the change feed": """
        SELECT 1 FROM article a WHERE a.first_seen_at > (SELECT min(at) FROM change)
        AND NOT EXISTS (SELECT 1 FROM change c WHERE c.article_id = a.id) LIMIT 1""",
    "the ledger gave out fewer numbers than there are": """
        SELECT 1 FROM ledger WHERE article_id < (SELECT coalesce(max(id), 0) FROM article)
        OR link_id < (SELECT coalesce(max(id), 0) FROM link)
        OR change_seq < (SELECT coalesce(max(seq), 0) FROM change)""",
    "a revision is newer than its article's current version": """
        SELECT 1 FROM revision r JOIN article a ON a.id = r.article_id WHERE r.revision >= a.revision LIMIT 1""",
}


def whole_size(database: Database) -> int:
    with database.reading() as connection:
        return _whole_size(connection)


def _whole_size(connection: Connection) -> int:
    if connection.dialect.name == "postgresql":
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    pages, size = (connection.exec_driver_sql(f"PRAGMA page_{what}").scalar_one() for what in ("count", "size"))
    return int(pages * size)


def sizes(database: Database) -> list[Size]:
    with database.reading() as connection:
        whole = _whole_size(connection)
        rows = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in schema.metadata.sorted_tables
        }
        found = {} if database.is_sqlite else {row.name: row.bytes for row in connection.execute(_SIZES)}
    parts = [Size(name=name, rows=rows.get(name, 0), bytes=found.get(name)) for name in rows | found]
    parts.sort(key=lambda part: (part.bytes or 0, part.rows), reverse=True)
    return [Size(name="database", rows=sum(rows.values()), bytes=whole), *parts]
