"""Near-duplicates: the index of fingerprints, and which cluster each new article belongs to.

`ingest.dedupe` decides; this looks up what is known and writes down what was decided. It runs inside the transaction
that stores the articles, behind the ledger's lock, so that two workers which store two copies at the same moment put
them into one cluster: the second sees what the first has committed.

Each article is compared with the past only, and clusters are never united; a cluster's number is that of the article
that it began with. An article keeps the fingerprint of its first version: an edit does not move it.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from ingest.dedupe import (
    MAX_CANDIDATES,
    WINDOW,
    Fingerprint,
    Known,
    Likeness,
    Line,
    LineCount,
    Verdict,
    boilerplate,
    compare,
    decide,
    fingerprint,
    read_lines,
)
from ingest.dedupe.original import Member, original
from ingest.store import schema
from ingest.store.bulk import Bulk
from ingest.store.database import chunks
from ingest.store.ledger import Ledger
from ingest.store.rows import Row

_key, _mark, _line, _cluster, _article = (
    schema.copy_key,
    schema.fingerprint,
    schema.line,
    schema.cluster,
    schema.article,
)
_WINDOW = int(WINDOW.total_seconds())
_MANY = 200
"""Members of a cluster that are looked at to tell the original; a story of more copies than that has one by then."""

_LINES = select(_line.c.hash, _line.c.source_id, _line.c.articles, _line.c.clusters, _line.c.last_cluster).where(
    _line.c.hash.in_(bindparam("wanted", expanding=True))
)
_SHARING = (
    select(_key.c.article_id, func.count().label("shared"))
    .where(
        _key.c.key.in_(bindparam("keys", expanding=True)),
        _key.c.at >= bindparam("since"),
        _key.c.at <= bindparam("until"),
    )
    .group_by(_key.c.article_id)
    .order_by(func.count().desc(), _key.c.article_id)
    .limit(MAX_CANDIDATES)
)
_MARKS = (
    select(_mark, func.coalesce(_article.c.cluster_id, _article.c.id).label("cluster_id"))
    .join(_article, _article.c.id == _mark.c.article_id)
    .where(_mark.c.article_id.in_(bindparam("wanted", expanding=True)))
)
_MEMBERS = (
    select(
        _article.c.id,
        _article.c.published_at,
        _article.c.first_seen_at,
        _article.c.url,
        _article.c.site,
        _article.c.credits,
        func.substr(_article.c.body, 1, 200).label("beginning"),
    )
    .where(_article.c.cluster_id == bindparam("cluster"))
    .order_by(_article.c.id)
    .limit(_MANY)
)
_JOIN = _article.update().where(_article.c.id == bindparam("article")).values(cluster_id=bindparam("cluster"))
_ALONE = select(_article.c.id).where(
    _article.c.id.in_(bindparam("wanted", expanding=True)), _article.c.cluster_id.is_(None)
)
_COUNT_LINE = (
    _line.update()
    .where(_line.c.hash == bindparam("line"), _line.c.source_id == bindparam("source"))
    .values(articles=bindparam("so_many"), clusters=bindparam("in_clusters"), last_cluster=bindparam("cluster"))
)
_INSERT_KEYS = Bulk(_key.insert())
_INSERT_LINES = Bulk(_line.insert())
_INSERT_MARKS = Bulk(_mark.insert())

NO_SOURCE = 0
"""Stands in `line.source_id` for pages that were asked for by hand; sources count from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewText:
    """An article that was stored just now."""

    article_id: int
    body: str
    source_id: int | None
    at: datetime
    """When it was published, else when it was first seen: the time that counts for the window."""


@dataclass(slots=True)
class _Count:
    """What is known of a line in one source."""

    articles: int = 0
    clusters: int = 0
    last_cluster: int | None = None
    is_new: bool = True
    is_changed: bool = False


def place(connection: Connection, ledger: Ledger, texts: Sequence[NewText], now: datetime) -> None:
    """Put the articles into clusters, in this order, and write their fingerprints, keys and lines."""
    if texts:
        _Batch(connection, ledger, now).place(texts)


@dataclass(slots=True)
class _Batch:
    """What is known at the present point of a batch; every text sees what those before it left."""

    connection: Connection
    ledger: Ledger
    now: datetime
    counts: dict[int, dict[int, _Count]] = field(default_factory=lambda: defaultdict(dict))
    """Line → source → count."""
    by_key: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    """Key → (time, article) of this batch; what is older is in the database."""
    marks: dict[int, Fingerprint] = field(default_factory=dict)
    clusters: dict[int, int] = field(default_factory=dict)
    """Article → cluster, of this batch and of those that its articles joined."""
    joined: list[tuple[int, int]] = field(default_factory=list)
    """(article, the cluster that it joined), in the order in which they did."""
    times: dict[int, int] = field(default_factory=dict)

    def place(self, texts: Sequence[NewText]) -> None:
        lines = {text.article_id: read_lines(text.body) for text in texts}
        self._load_lines(line.hash for one in lines.values() for line in one if line.counts)
        for text in texts:
            self._place(text, lines[text.article_id])
        self._write()

    def _load_lines(self, hashes: Iterable[int]) -> None:
        for chunk in chunks(dict.fromkeys(hashes)):
            for row in self.connection.execute(_LINES, {"wanted": chunk}):
                self.counts[row.hash][row.source_id] = _Count(
                    row.articles, row.clusters, row.last_cluster, is_new=False
                )

    def _place(self, text: NewText, lines: Sequence[Line]) -> None:
        source = text.source_id or NO_SOURCE
        mark = fingerprint(lines, without=boilerplate(lines, self._known_lines(lines, source)))
        at = int(text.at.timestamp())
        verdict = decide(mark, self._candidates(mark, at)) if mark.keys else Verdict(match=None)
        cluster = verdict.cluster_id or text.article_id
        if verdict.match is not None:
            self.joined.append((text.article_id, cluster))
        self.marks[text.article_id] = mark
        self.clusters[text.article_id] = cluster
        self.times[text.article_id] = at
        for key in mark.keys:
            self.by_key[key].append((at, text.article_id))
        self._count_lines(lines, source, cluster)

    # ------------------------------------------------------------ lines

    def _known_lines(self, lines: Sequence[Line], source: int) -> Mapping[int, LineCount]:
        return {
            line.hash: LineCount(
                articles=known[source].articles if source != NO_SOURCE and source in known else 0,
                clusters=sum(count.clusters for count in known.values()),
            )
            for line in lines
            if (known := self.counts.get(line.hash))
        }

    def _count_lines(self, lines: Sequence[Line], source: int, cluster: int) -> None:
        for hash_ in dict.fromkeys(line.hash for line in lines if line.counts):
            known = self.counts[hash_]
            is_known_cluster = any(count.last_cluster == cluster for count in known.values())
            count = known.setdefault(source, _Count())
            count.articles += 1
            count.clusters += not is_known_cluster
            count.last_cluster = cluster
            count.is_changed = True

    # ------------------------------------------------------------ candidates

    def _candidates(self, mark: Fingerprint, at: int) -> list[Known]:
        shared: Counter[int] = Counter(
            article for key in mark.keys for then, article in self.by_key.get(key, ()) if abs(then - at) <= _WINDOW
        )
        window = {"keys": list(mark.keys), "since": at - _WINDOW, "until": at + _WINDOW}
        shared.update({row.article_id: row.shared for row in self.connection.execute(_SHARING, window)})
        best = sorted(shared, key=lambda article: (-shared[article], article))[:MAX_CANDIDATES]
        known = {article: (self.marks[article], self.clusters[article]) for article in best if article in self.marks}
        stored = _marks(self.connection, [article for article in best if article not in known])
        known |= {row.article_id: (_mark_of(row), self.clusters.get(row.article_id, row.cluster_id)) for row in stored}
        return [
            Known(article_id=article, cluster_id=known[article][1], mark=known[article][0], shared_keys=shared[article])
            for article in best
            if article in known
        ]

    # ------------------------------------------------------------ writing

    def _write(self) -> None:
        marks = [_mark_row(article, self.times[article], mark) for article, mark in self.marks.items()]
        _INSERT_MARKS.run(self.connection, marks)
        keys = [
            {"key": key, "at": self.times[article], "article_id": article}
            for article, mark in self.marks.items()
            for key in mark.keys
        ]
        _INSERT_KEYS.run(self.connection, keys)
        self._write_lines()
        if self.joined:
            _join(self.connection, self.ledger, self.joined, self.now)

    def _write_lines(self) -> None:
        new, changed = [], []
        for hash_, by_source in self.counts.items():
            for source, count in by_source.items():
                if not count.is_changed:
                    continue
                if count.is_new:
                    new.append(
                        {
                            "hash": hash_,
                            "source_id": source,
                            "articles": count.articles,
                            "clusters": count.clusters,
                            "last_cluster": count.last_cluster,
                        }
                    )
                else:
                    changed.append(
                        {
                            "line": hash_,
                            "source": source,
                            "so_many": count.articles,
                            "in_clusters": count.clusters,
                            "cluster": count.last_cluster,
                        }
                    )
        _INSERT_LINES.run(self.connection, new)
        if changed:
            self.connection.execute(_COUNT_LINE, changed)


def _join(connection: Connection, ledger: Ledger, joined: Sequence[tuple[int, int]], now: datetime) -> None:
    """Write the clusters down. The article that a cluster begins with becomes its member when the first copy comes."""
    founders = {cluster for _, cluster in joined}
    alone = {row.id for row in connection.execute(_ALONE, {"wanted": sorted(founders)})}
    members = [(founder, founder) for founder in sorted(alone)] + list(joined)
    connection.execute(_JOIN, [{"article": article, "cluster": cluster} for article, cluster in members])
    connection.execute(
        schema.change.insert(),
        [{"seq": ledger.new_seq(), "article_id": article, "kind": "merged", "at": now} for article, _ in members],
    )
    for cluster in sorted(founders):
        mark_original(connection, cluster)


def mark_original(connection: Connection, cluster: int) -> None:
    """Say which member of a cluster is likely the one that the others were copied from."""
    rows = connection.execute(_MEMBERS, {"cluster": cluster}).all()
    connection.execute(_cluster.delete().where(_cluster.c.id == cluster))
    if rows:
        chosen = original([_member(row) for row in rows])
        connection.execute(_cluster.insert(), {"id": cluster, "original_id": chosen})


def _member(row: Any) -> Member:
    return Member(
        article_id=row.id,
        at=row.published_at or row.first_seen_at,
        url=row.url,
        site=row.site,
        credits=row.credits,
        beginning=row.beginning,
    )


def _mark_row(article_id: int, at: int, mark: Fingerprint) -> Row:
    return {
        "article_id": article_id,
        "at": at,
        "keys": array("q", mark.keys).tobytes(),
        "units": mark.units,
        "sample": mark.sample,
        "numbers": mark.numbers,
        "last_line": mark.last_line,
        "last_shingles": mark.last_shingles,
    }


def _mark_of(row: Any) -> Fingerprint:
    return Fingerprint(
        units=row.units,
        keys=tuple(array("q", row.keys)),
        sample=row.sample,
        numbers=row.numbers,
        last_line=row.last_line,
        last_shingles=row.last_shingles,
    )


# ---------------------------------------------------------------- seeing it, undoing it


def compared(connection: Connection, article_id: int) -> tuple[Fingerprint, Verdict] | None:
    """An article's fingerprint, and what it is like among the articles of its days; None if it has none.

    As it would be decided today: with all articles of the window around it, not only those that came before.
    """
    row = connection.execute(_MARKS, {"wanted": [article_id]}).one_or_none()
    if row is None:
        return None
    mark = _mark_of(row)
    if not mark.keys:
        return mark, Verdict(match=None)
    window = {"keys": list(mark.keys), "since": row.at - _WINDOW, "until": row.at + _WINDOW}
    shared = {one.article_id: one.shared for one in connection.execute(_SHARING, window)}
    shared.pop(article_id, None)
    return mark, decide(mark, [_known(one, shared[one.article_id]) for one in _marks(connection, list(shared))])


def likeness_of(connection: Connection, one: int, other: int) -> tuple[Known, Likeness] | None:
    """What comparing two articles gives, whatever the window; None where one has no fingerprint."""
    rows = {row.article_id: row for row in _marks(connection, [one, other])}
    if len(rows) < 2:
        return None
    mark, known = _mark_of(rows[one]), _known(rows[other], 0)
    known = replace(known, shared_keys=len(set(mark.keys) & set(known.mark.keys)))
    return known, compare(mark, known.mark)


def _marks(connection: Connection, articles: Sequence[int]) -> Iterable[Any]:
    return connection.execute(_MARKS, {"wanted": articles}) if articles else ()


def _known(row: Any, shared_keys: int) -> Known:
    return Known(article_id=row.article_id, cluster_id=row.cluster_id, mark=_mark_of(row), shared_keys=shared_keys)


def split(connection: Connection, article_id: int, now: datetime) -> bool:
    """Take an article out of its cluster; whether it was in one. Those that stay keep theirs, under a member's number."""
    ledger = Ledger(connection)
    cluster = connection.execute(select(_article.c.cluster_id).where(_article.c.id == article_id)).scalar_one_or_none()
    if cluster is None:
        return False
    members = list(
        connection.execute(
            select(_article.c.id).where(_article.c.cluster_id == cluster).order_by(_article.c.id)
        ).scalars()
    )
    rest = [member for member in members if member != article_id]
    moved = [(article_id, None)]
    if len(rest) == 1:
        moved.append((rest[0], None))  # a cluster of one is none
    elif cluster == article_id:
        moved += [(member, rest[0]) for member in rest]  # its number goes with it
    connection.execute(_JOIN, [{"article": member, "cluster": number} for member, number in moved])
    connection.execute(
        schema.change.insert(),
        [{"seq": ledger.new_seq(), "article_id": member, "kind": "changed", "at": now} for member, _ in moved],
    )
    connection.execute(_cluster.delete().where(_cluster.c.id == cluster))
    if len(rest) > 1:
        mark_original(connection, rest[0] if cluster == article_id else cluster)
    ledger.close()
    return True
