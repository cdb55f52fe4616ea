"""The change feed: what happened after the change that a reader saw last, and waiting for more."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import bindparam, select

from ingest.store import views
from ingest.store.database import Database
from ingest.store.ledger import CHANNEL
from ingest.store.records import Change

_CHANGE = views.CHANGE.selectable
_AFTER = select(_CHANGE).where(_CHANGE.c.seq > bindparam("after")).order_by(_CHANGE.c.seq).limit(bindparam("limit"))

_PAGE = 1000
_LOOK_AGAIN = 60.0
"""Seconds after which a follower looks without having been woken: a connection may die without a word."""


def changes(database: Database, after: int, limit: int | None) -> Iterator[Change]:
    """The changes after `after`, in order; page by page, so that no transaction stays open."""
    while limit is None or limit > 0:
        page = _page(database, after, _PAGE if limit is None else min(_PAGE, limit))
        if not page:
            return
        yield from page
        after = page[-1].seq
        limit = None if limit is None else limit - len(page)


def follow(database: Database, after: int) -> Iterator[Change]:
    """The changes after `after`, and every one that comes, without an end."""
    with database.listening(CHANNEL) as wait:  # before the first look, so that nothing comes between
        while True:
            for change in changes(database, after, None):
                yield change
                after = change.seq
            wait(_LOOK_AGAIN)


def _page(database: Database, after: int, limit: int) -> list[Change]:
    with database.reading() as connection:
        return [Change(**row) for row in connection.execute(_AFTER, {"after": after, "limit": limit}).mappings()]
