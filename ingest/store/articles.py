"""Reading articles, by the same views that other services read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from ingest.model import Image
from ingest.store import views
from ingest.store.database import Database
from ingest.store.identity import url_digest
from ingest.store.records import Revision, StoredArticle
from ingest.store.rows import stored_article
from ingest.store.schema import link, url_alias

_ARTICLE = views.ARTICLE.selectable
_IMAGE = views.IMAGE.selectable
_SIGHTING = views.SIGHTING.selectable

_REVISION = views.REVISION.selectable
_BY_LINK = select(link.c.article_id).where(link.c.key == bindparam("address"))
_BY_ALIAS = select(url_alias.c.article_id).where(url_alias.c.key == bindparam("address"))

_PAGE = 200
"""Articles read at once: between pages no transaction stays open, so that SQLite's WAL can shrink."""


def articles(
    database: Database, *, source: str | None, limit: int | None, newest_first: bool
) -> Iterator[StoredArticle]:
    """Articles in the order in which they were stored, read page by page."""
    last: int | None = None
    while limit is None or limit > 0:
        with database.reading() as connection:
            page = _read(connection, _query(source, last, newest_first).limit(min(_PAGE, limit or _PAGE)))
        yield from page
        if not page:
            return
        last = page[-1].id
        limit = None if limit is None else limit - len(page)


def read(connection: Connection, ids: Sequence[int]) -> list[StoredArticle]:
    """These articles, in this order; those that are gone are left out."""
    found = {one.id: one for one in _read(connection, select(_ARTICLE).where(_ARTICLE.c.id.in_(ids)))}
    return [found[id_] for id_ in ids if id_ in found]


def article(database: Database, article_id: int) -> StoredArticle | None:
    with database.reading() as connection:
        found = _read(connection, select(_ARTICLE).where(_ARTICLE.c.id == article_id))
    return found[0] if found else None


def find(connection: Connection, url: str) -> int | None:
    for query in (_BY_LINK, _BY_ALIAS):
        found: int | None = connection.execute(query, {"address": url_digest(url)}).scalar_one_or_none()
        if found is not None:
            return found
    return None


def revisions(connection: Connection, article_id: int) -> list[Revision]:
    query = select(_REVISION).where(_REVISION.c.article_id == article_id).order_by(_REVISION.c.revision)
    rows = connection.execute(query).mappings()
    return [Revision(**(dict(row) | {"authors": tuple(row["authors"])})) for row in rows]


def _query(source: str | None, last: int | None, newest_first: bool) -> Select[Any]:  # noqa: FBT001
    id_ = _ARTICLE.c.id
    query = select(_ARTICLE).order_by(id_.desc() if newest_first else id_)
    if source is not None:
        query = query.where(id_.in_(select(_SIGHTING.c.article_id).where(_SIGHTING.c.source == source)))
    if last is not None:
        query = query.where(id_ < last if newest_first else id_ > last)
    return query


def _read(connection: Connection, query: Select[Any]) -> list[StoredArticle]:
    rows = connection.execute(query).all()
    images = _images(connection, [row.id for row in rows])
    sources = _sources(connection, [row.id for row in rows])
    return [stored_article(row, images[row.id], sources[row.id]) for row in rows]


def _images(connection: Connection, ids: Sequence[int]) -> dict[int, list[Image]]:
    found: dict[int, list[Image]] = defaultdict(list)
    query = select(_IMAGE).where(_IMAGE.c.article_id.in_(ids)).order_by(_IMAGE.c.article_id, _IMAGE.c.position)
    for row in connection.execute(query):
        found[row.article_id].append(
            Image(url=row.url, label=row.label, caption=row.caption, credit=row.credit, role=row.role)
        )
    return found


def _sources(connection: Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    """The sources that offered each article, the first one first."""
    found: dict[int, list[str]] = defaultdict(list)
    query = (
        select(_SIGHTING.c.article_id, _SIGHTING.c.source)
        .where(_SIGHTING.c.article_id.in_(ids))
        .order_by(_SIGHTING.c.first_seen_at, _SIGHTING.c.source)
    )
    for row in connection.execute(query):
        if row.source not in found[row.article_id]:
            found[row.article_id].append(row.source)
    return found
