"""Clusters of copies: writing them down, saying why they are as they are, undoing them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from ingest.dedupe import MAX_CANDIDATES, Fingerprint, Known, Likeness, Verdict, compare, decide
from ingest.dedupe.original import Member, original
from ingest.store import fingerprints, schema
from ingest.store.bulk import Bulk
from ingest.store.fingerprints import WINDOW_MINUTES, Stored
from ingest.store.ledger import Ledger

_cluster, _article = schema.cluster, schema.article
_MANY = 200
"""Members of a cluster that are looked at to tell the original; a story of more copies than that has one by then."""

_numbered = (
    select(
        _article.c.id,
        _article.c.cluster_id,
        _article.c.published_at,
        _article.c.first_seen_at,
        _article.c.url,
        _article.c.site,
        _article.c.credits,
        func.substr(_article.c.body, 1, 200).label("beginning"),
        func.row_number().over(partition_by=_article.c.cluster_id, order_by=_article.c.id).label("place"),
    )
    .where(_article.c.cluster_id.in_(bindparam("clusters", expanding=True)))
    .subquery()
)
_MEMBERS = select(_numbered).where(_numbered.c.place <= _MANY).order_by(_numbered.c.cluster_id, _numbered.c.place)
_IDS = select(_article.c.id).where(_article.c.cluster_id == bindparam("cluster")).order_by(_article.c.id)
_ALONE = select(_article.c.id).where(
    _article.c.id.in_(bindparam("wanted", expanding=True)), _article.c.cluster_id.is_(None)
)
_CLUSTERS_OF = (
    select(_article.c.cluster_id)
    .where(_article.c.id.in_(bindparam("wanted", expanding=True)), _article.c.cluster_id.is_not(None))
    .distinct()
)
_LEAVE = _article.update().where(_article.c.id.in_(bindparam("wanted", expanding=True))).values(cluster_id=None)
_JOIN = Bulk(_article.update().where(_article.c.id == bindparam("article")).values(cluster_id=bindparam("cluster")))
_INSERT_CHANGES = Bulk(schema.change.insert())
_DROP_CLUSTERS = _cluster.delete().where(_cluster.c.id.in_(bindparam("clusters", expanding=True)))
_INSERT_CLUSTERS = Bulk(_cluster.insert())


def join(connection: Connection, ledger: Ledger, joined: Sequence[tuple[int, int]], now: datetime) -> None:
    """Write down which article joined which cluster.

    The article that a cluster begins with becomes its member when the first copy comes.
    """
    if not joined:
        return
    founders = sorted({cluster for _, cluster in joined})
    alone = sorted(row.id for row in connection.execute(_ALONE, {"wanted": founders}))
    moved = [(founder, founder) for founder in alone] + list(joined)
    _move(connection, ledger, moved, "merged", now)
    mark_originals(connection, founders)


def mark_originals(connection: Connection, clusters: Sequence[int]) -> None:
    """Say which member of each cluster is likely the one that the others were copied from."""
    members: dict[int, list[Member]] = defaultdict(list)
    for row in connection.execute(_MEMBERS, {"clusters": clusters}):
        members[row.cluster_id].append(_member(row))
    connection.execute(_DROP_CLUSTERS, {"clusters": clusters})
    rows = [{"id": cluster, "original_id": original(found)} for cluster, found in members.items()]
    _INSERT_CLUSTERS.run(connection, rows)


def _member(row: Any) -> Member:
    return Member(
        article_id=row.id,
        at=row.published_at or row.first_seen_at,
        url=row.url,
        site=row.site,
        credits=row.credits,
        beginning=row.beginning,
    )


def _move(
    connection: Connection, ledger: Ledger, moved: Sequence[tuple[int, int | None]], kind: str, now: datetime
) -> None:
    _JOIN.run(connection, [{"article": article, "cluster": cluster} for article, cluster in moved])
    changes = [{"seq": ledger.new_seq(), "article_id": article, "kind": kind, "at": now} for article, _ in moved]
    _INSERT_CHANGES.run(connection, changes)


# ---------------------------------------------------------------- undoing it


def split(connection: Connection, article_id: int, now: datetime) -> bool:
    """Take an article out of its cluster; whether it was in one. Those that stay keep theirs, under a member's number."""
    ledger = Ledger(connection)
    cluster = connection.execute(select(_article.c.cluster_id).where(_article.c.id == article_id)).scalar_one_or_none()
    if cluster is None:
        return False
    rest = [one for one in connection.execute(_IDS, {"cluster": cluster}).scalars() if one != article_id]
    moved: list[tuple[int, int | None]] = [(article_id, None)]
    if len(rest) == 1:
        moved.append((rest[0], None))  # a cluster of one is none
    elif cluster == article_id:
        moved += [(member, rest[0]) for member in rest]  # its number goes with it
    _move(connection, ledger, moved, "changed", now)
    mark_originals(connection, [cluster, rest[0]] if rest else [cluster])
    ledger.close()
    return True


def leave(connection: Connection, ledger: Ledger, articles: Sequence[int], now: datetime) -> None:
    """Take articles that are about to be dropped out of the index and out of their clusters.

    Those that stay keep the cluster's number, even if it was that of an article that goes.
    """
    fingerprints.drop_keys(connection, articles)
    left = list(connection.execute(_CLUSTERS_OF, {"wanted": articles}).scalars())
    if not left:
        return
    connection.execute(_LEAVE, {"wanted": articles})
    alone = _alone(connection, left)
    if alone:
        _move(connection, ledger, [(article, None) for article in alone], "changed", now)
    mark_originals(connection, left)


def _alone(connection: Connection, clusters: Iterable[int]) -> list[int]:
    """The articles that are the last ones of their clusters."""
    rows = connection.execute(_MEMBERS, {"clusters": list(clusters)}).all()
    members = Counter(row.cluster_id for row in rows)
    return [row.id for row in rows if members[row.cluster_id] == 1]


# ---------------------------------------------------------------- seeing it


def compared(connection: Connection, article_id: int) -> tuple[Fingerprint, Verdict] | None:
    """An article's fingerprint, and what it is like among the articles of its days; None if it has none.

    As it would be decided today: with all articles of the window around it, not only those that came before.
    """
    own = fingerprints.read(connection, [article_id]).get(article_id)
    if own is None:
        return None
    found = fingerprints.sharing(connection, own.mark.keys, own.at - WINDOW_MINUTES, own.at + WINDOW_MINUTES)
    shared = Counter(article for _, _, article in found if article != article_id)
    best = dict(sorted(shared.items(), key=lambda one: (-one[1], one[0]))[:MAX_CANDIDATES])
    stored = fingerprints.read(connection, best)
    return own.mark, decide(own.mark, [_known(one, stored[one], count) for one, count in best.items() if one in stored])


def likeness_of(connection: Connection, one: int, other: int) -> tuple[Known, Likeness] | None:
    """What comparing two articles gives, whatever the window; None where one has no fingerprint."""
    stored = fingerprints.read(connection, [one, other])
    if one not in stored or other not in stored:
        return None
    mark, known = stored[one].mark, _known(other, stored[other], 0)
    known = replace(known, shared_keys=len(set(mark.keys) & set(known.mark.keys)))
    return known, compare(mark, known.mark)


def _known(article_id: int, stored: Stored, shared_keys: int) -> Known:
    return Known(article_id=article_id, cluster_id=stored.cluster_id, mark=stored.mark, shared_keys=shared_keys)
