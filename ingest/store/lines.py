"""Lines that tell an outlet's boilerplate from its text: how often each was seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, bindparam, select

from ingest.dedupe import Line, LineCount
from ingest.store import schema
from ingest.store.bulk import Bulk
from ingest.store.database import Database, chunks
from ingest.store.fingerprints import minute
from ingest.store.ledger import Ledger
from ingest.store.rows import Row

NO_SOURCE = 0
"""Stands in `line.source_id` for pages that were asked for by hand; sources count from 1."""
KEPT = timedelta(days=30)
"""How long a line that was seen once is remembered; a footer comes again sooner."""
_SLICES = 64
"""Transactions that forgetting takes: one looks through so large a part of the hashes, which are spread evenly."""

_line = schema.line
_LINES = select(_line.c.hash, _line.c.source_id, _line.c.articles, _line.c.clusters, _line.c.last_cluster).where(
    _line.c.hash.in_(bindparam("wanted", expanding=True))
)
_INSERT = Bulk(_line.insert())
_COUNT = Bulk(
    _line.update()
    .where(_line.c.hash == bindparam("line"), _line.c.source_id == bindparam("source"))
    .values(
        articles=bindparam("so_many"),
        clusters=bindparam("in_clusters"),
        last_cluster=bindparam("cluster"),
        at=bindparam("seen_at"),
    )
)
_FORGET = _line.delete().where(
    _line.c.hash.between(bindparam("first"), bindparam("last")),
    _line.c.articles == 1,
    _line.c.at < bindparam("before"),
)


@dataclass(slots=True)
class _Count:
    """What is known of a line in one source."""

    articles: int = 0
    clusters: int = 0
    last_cluster: int | None = None
    is_new: bool = True
    is_changed: bool = False


@dataclass(slots=True)
class Lines:
    """The counts of a batch's lines, at its present point."""

    connection: Connection
    _counts: dict[int, dict[int, _Count]] = field(default_factory=lambda: defaultdict(dict))
    """Line → source → count."""

    def load(self, lines: Iterable[Line]) -> None:
        for chunk in chunks(dict.fromkeys(line.hash for line in lines if line.counts)):
            for row in self.connection.execute(_LINES, {"wanted": chunk}):
                self._counts[row.hash][row.source_id] = _Count(
                    row.articles, row.clusters, row.last_cluster, is_new=False
                )

    def known(self, lines: Sequence[Line], source: int) -> Mapping[int, LineCount]:
        return {
            line.hash: LineCount(
                articles=known[source].articles if source != NO_SOURCE and source in known else 0,
                clusters=sum(count.clusters for count in known.values()),
            )
            for line in lines
            if (known := self._counts.get(line.hash))
        }

    def count(self, lines: Sequence[Line], source: int, cluster: int) -> None:
        """Another article of this source and this cluster has these lines."""
        for hash_ in dict.fromkeys(line.hash for line in lines if line.counts):
            known = self._counts[hash_]
            is_known_cluster = any(count.last_cluster == cluster for count in known.values())
            count = known.setdefault(source, _Count())
            count.articles += 1
            count.clusters += not is_known_cluster
            count.last_cluster = cluster
            count.is_changed = True

    def save(self, now: datetime) -> None:
        at = minute(now)
        counts = [
            (hash_, source, count)
            for hash_, by_source in sorted(self._counts.items())
            for source, count in by_source.items()
            if count.is_changed
        ]
        _INSERT.run(self.connection, [_new_row(*one, at) for one in counts if one[2].is_new])
        _COUNT.run(self.connection, [_changed_row(*one, at) for one in counts if not one[2].is_new])


def _new_row(hash_: int, source: int, count: _Count, at: int) -> Row:
    return {
        "hash": hash_,
        "source_id": source,
        "articles": count.articles,
        "clusters": count.clusters,
        "last_cluster": count.last_cluster,
        "at": at,
    }


def _changed_row(hash_: int, source: int, count: _Count, at: int) -> Row:
    return {
        "line": hash_,
        "source": source,
        "so_many": count.articles,
        "in_clusters": count.clusters,
        "cluster": count.last_cluster,
        "seen_at": at,
    }


def forget(database: Database, now: datetime) -> int:
    """Drop the lines that were seen once and not for a month; gives how many. Most of a text's lines never come again."""
    before, width = minute(now - KEPT), (1 << 64) // _SLICES
    slices = (partial(_forget, first, first + width - 1, before) for first in range(-(1 << 63), 1 << 63, width))
    return sum(map(database.write, slices))


def _forget(first: int, last: int, before: int, connection: Connection) -> int:
    Ledger(connection)
    return connection.execute(_FORGET, {"first": first, "last": last, "before": before}).rowcount
