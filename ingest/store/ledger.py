"""The one row that every writing transaction locks first, and from which it takes its numbers.

So writers of a database follow each other, on PostgreSQL as on SQLite (whose BEGIN IMMEDIATE does it anyway):
none can deadlock, none checks for an article that another is about to insert, and `seq` is in commit order
without rows that come late. The price is in docs/decisions/0005-one-writer.md.
"""

from __future__ import annotations

from sqlalchemy import Connection, select, text

from ingest.store import schema
from ingest.store.database import without_waiting

_LOCKED = select(schema.ledger.c.link_id, schema.ledger.c.article_id, schema.ledger.c.change_seq).with_for_update()
_SAVE = schema.ledger.update()

CHANNEL = "ingest_change"
"""PostgreSQL's NOTIFY channel that wakes followers; the payload is the newest seq."""
_WAKE = text(f"SELECT pg_notify('{CHANNEL}', :seq)")


class Ledger:
    """The numbers of one transaction; `close` before the commit."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._opened = connection.execute(_LOCKED).one()
        self._link_id: int = self._opened.link_id
        self._article_id: int = self._opened.article_id
        self._change_seq: int = self._opened.change_seq

    def new_link_id(self) -> int:
        self._link_id += 1
        return self._link_id

    def new_article_id(self) -> int:
        self._article_id += 1
        return self._article_id

    def new_seq(self) -> int:
        self._change_seq += 1
        return self._change_seq

    def close(self) -> None:
        """Write the numbers back, if any was taken."""
        numbers = {"link_id": self._link_id, "article_id": self._article_id, "change_seq": self._change_seq}
        with without_waiting(self._connection):
            if tuple(numbers.values()) != tuple(self._opened):
                self._connection.execute(_SAVE, numbers)
            if self._change_seq != self._opened.change_seq and self._connection.dialect.name == "postgresql":
                self._connection.execute(_WAKE, {"seq": str(self._change_seq)})
