"""The one row that every writing transaction locks first, and from which it takes its numbers.

So writers of a database follow each other, on PostgreSQL as on SQLite (whose BEGIN IMMEDIATE does it anyway):
none can deadlock, none checks for an article that another is about to insert, and `seq` is in commit order
without rows that come late. The price is in docs/decisions/0005-one-writer.md.
"""

from __future__ import annotations

from sqlalchemy import Connection

from ingest.store.database import Statement, ask, send

_LOCK = {
    "sqlite": "SELECT link_id, article_id, change_seq FROM ledger",  # BEGIN IMMEDIATE has locked all of it
    "postgresql": "SELECT link_id, article_id, change_seq FROM ledger FOR UPDATE",
}
CHANNEL = "ingest_change"
"""PostgreSQL's NOTIFY channel that wakes followers; the payload is the newest seq."""
_SAVE = "UPDATE ledger SET link_id = ?, article_id = ?, change_seq = ?"
_SAVE_POSTGRESQL = _SAVE.replace("?", "%s")
_SAVE_AND_WAKE = f"{_SAVE_POSTGRESQL} RETURNING pg_notify('{CHANNEL}', %s)"


class Ledger:
    """The numbers of one transaction; `close` before the commit."""

    def __init__(self, connection: Connection, *also: Statement) -> None:
        """Locks it; what is asked `also` is answered as it is from then on."""
        self._connection = connection
        [opened], *self.answers = ask(connection, [(_LOCK[connection.dialect.name], ()), *also])
        self._opened: tuple[int, ...] = tuple(opened)
        self._link_id, self._article_id, self._change_seq = self._opened

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
        numbers = (self._link_id, self._article_id, self._change_seq)
        if numbers == self._opened:
            return
        if self._connection.dialect.name == "sqlite":
            self._connection.exec_driver_sql(_SAVE, numbers)
        elif self._change_seq == self._opened[-1]:
            send(self._connection, _SAVE_POSTGRESQL, numbers)
        else:
            send(self._connection, _SAVE_AND_WAKE, (*numbers, str(self._change_seq)))
