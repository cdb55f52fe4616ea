"""The index of fingerprints: what articles are found again and compared by.

An article keeps that of its first version: an edit does not move it.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from ingest.dedupe import WINDOW, Fingerprint
from ingest.store import schema
from ingest.store.bulk import Bulk
from ingest.store.database import chunks
from ingest.store.rows import Row

WINDOW_MINUTES = int(WINDOW.total_seconds()) // 60
_LAST_MINUTE = (1 << 31) - 1 - WINDOW_MINUTES  # in the year 6053; a window after it still fits into 32 bits

_key, _mark, _article = schema.copy_key, schema.fingerprint, schema.article

# Written out, with the keys as one parameter: the text is the same for any number of them, and building it by
# SQLAlchemy took half of the time that a look-up takes.
_SHARING = {
    "sqlite": """SELECT key, at, article_id FROM copy_key
        WHERE key IN (SELECT value FROM json_each(?)) AND at BETWEEN ? AND ?""",
    "postgresql": """SELECT key, at, article_id FROM copy_key
        WHERE key = ANY(%s::integer[]) AND at BETWEEN %s AND %s""",
}
_MARKS = (
    select(_mark, func.coalesce(_article.c.cluster_id, _article.c.id).label("cluster_id"))
    .join(_article, _article.c.id == _mark.c.article_id)
    .where(_mark.c.article_id.in_(bindparam("wanted", expanding=True)))
)
_KEYS_OF = select(_mark.c.article_id, _mark.c.at, _mark.c["keys"]).where(
    _mark.c.article_id.in_(bindparam("wanted", expanding=True))
)
_INSERT_KEYS = Bulk(_key.insert())
_INSERT_MARKS = Bulk(_mark.insert())
_DROP_KEYS = Bulk(
    _key.delete().where(
        _key.c.key == bindparam("one_key"),
        _key.c.at == bindparam("then"),
        _key.c.article_id == bindparam("article"),
    )
)


class Stored(NamedTuple):
    """A fingerprint with what the database adds to it."""

    mark: Fingerprint
    at: int
    """Minutes since 1970: when the article was published, else when it was first seen."""
    cluster_id: int
    """That of the article, else the one that it would begin: its own number."""


def minute(moment: datetime) -> int:
    """Minutes since 1970; in 32 bits, whatever a page claims.

    >>> from datetime import UTC
    >>> minute(datetime(2026, 11, 23, tzinfo=UTC)), minute(datetime(9999, 1, 1, tzinfo=UTC)) == _LAST_MINUTE
    (29923200, True)
    """
    return min(int(moment.timestamp() // 60), _LAST_MINUTE)


def sharing(connection: Connection, keys: Iterable[int], since: int, until: int) -> Iterator[tuple[int, int, int]]:
    """(key, time, article) of the articles of these times that have one of these keys."""
    name, wanted = connection.dialect.name, list(dict.fromkeys(keys))
    parameters = (str(wanted) if name == "sqlite" else wanted, since, until)  # a list of integers reads as JSON
    if wanted:
        yield from connection.exec_driver_sql(_SHARING[name], parameters)


def read(connection: Connection, articles: Iterable[int]) -> dict[int, Stored]:
    """Article → its fingerprint, where it has one."""
    return {
        row.article_id: Stored(_mark_of(row), row.at, row.cluster_id)
        for chunk in chunks(dict.fromkeys(articles))
        for row in connection.execute(_MARKS, {"wanted": chunk})
    }


def save(connection: Connection, marks: Mapping[int, Fingerprint], times: Mapping[int, int]) -> None:
    """Write down the fingerprints of new articles, and the keys by which they are found."""
    _INSERT_MARKS.run(connection, [_mark_row(article, times[article], mark) for article, mark in marks.items()])
    keys = [
        {"key": key, "at": times[article], "article_id": article}
        for article, mark in marks.items()
        for key in mark.keys
    ]
    _INSERT_KEYS.run(connection, sorted(keys, key=lambda row: row["key"]))  # pages of the index are met once


def drop_keys(connection: Connection, articles: Sequence[int]) -> None:
    """Take articles out of the index; their fingerprints go with the articles themselves."""
    gone = [
        {"one_key": key, "then": row.at, "article": row.article_id}
        for row in connection.execute(_KEYS_OF, {"wanted": articles})
        for key in array("i", row.keys)
    ]
    _DROP_KEYS.run(connection, gone)


def _mark_row(article_id: int, at: int, mark: Fingerprint) -> Row:
    return {
        "article_id": article_id,
        "at": at,
        "keys": array("i", mark.keys).tobytes(),
        "units": mark.units,
        "sample": mark.sample,
        "numbers": mark.numbers,
        "last_line": mark.last_line,
        "last_shingles": mark.last_shingles,
    }


def _mark_of(row: Any) -> Fingerprint:
    return Fingerprint(
        units=row.units,
        keys=tuple(array("i", row.keys)),
        sample=row.sample,
        numbers=row.numbers,
        last_line=row.last_line,
        last_shingles=row.last_shingles,
    )
