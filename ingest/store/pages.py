"""Pages as they were fetched, for reading them again with a better extractor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import zstandard
from sqlalchemy import Connection, Row, bindparam, select

from ingest.model import Page
from ingest.store.database import Database, chunks
from ingest.store.records import KeptPage
from ingest.store.rows import Row as NewRow
from ingest.store.rows import link_from
from ingest.store.schema import link, page, source

_LEVEL = 3  # of 22: 0.4 ms and 18 % of the size for a page of 74 KB; level 9 takes 2.5 ms for 16 %
_BATCH = 50

_KEEPERS = select(source.c.name).where(source.c.keep_pages_seconds > 0)
_WITH_RETENTION = (
    select(page.c.link_id, page.c.fetched_at, source.c.keep_pages_seconds)
    .join(link, link.c.id == page.c.link_id)
    .join(source, source.c.id == link.c.first_source_id)
)
_DROP = page.delete().where(page.c.link_id.in_(bindparam("links", expanding=True)))
_FORGET_OFFERS = (
    link.update()
    .where(link.c.id.in_(bindparam("links", expanding=True)), link.c.next_due_at.is_(None))
    .values(offer=None)
)
_PAGES = (
    select(
        page,
        link.c.url,
        link.c.offer,
        link.c.article_id,
        source.c.name.label("source"),
    )
    .join(link, link.c.id == page.c.link_id)
    .join(source, source.c.id == link.c.first_source_id)
    .where(page.c.link_id > bindparam("after"))
    .order_by(page.c.link_id)
    .limit(_BATCH)
)


def keepers(connection: Connection) -> frozenset[str]:
    """The sources whose pages are kept."""
    return frozenset(connection.execute(_KEEPERS).scalars())


def page_row(fetched: Page) -> NewRow:
    """A page as it is kept, but for its link."""
    return {
        "final_url": fetched.final_url,
        "status": fetched.status,
        "headers": dict(fetched.headers),
        "body": zstandard.ZstdCompressor(level=_LEVEL).compress(fetched.body),
        "body_size": len(fetched.body),
        "fetched_at": fetched.fetched_at,
    }


def kept_pages(database: Database, *, source_name: str | None, since: datetime | None) -> Iterator[KeptPage]:
    """Pages of one source or of all, fetched since then, in the order in which their links were found."""
    query = _PAGES
    if source_name is not None:
        query = query.where(source.c.name == source_name)
    if since is not None:
        query = query.where(page.c.fetched_at >= since)
    after = 0
    while True:
        with database.reading() as connection:
            rows = connection.execute(query, {"after": after}).all()
        for row in rows:
            yield _kept_page(row)
        if not rows:
            return
        after = rows[-1].link_id


def _kept_page(row: Row[Any]) -> KeptPage:
    fetched = Page(
        url=row.url,
        final_url=row.final_url,
        status=row.status,
        headers=row.headers,
        body=zstandard.ZstdDecompressor().decompress(row.body),
        fetched_at=row.fetched_at,
    )
    return KeptPage(
        link_id=row.link_id,
        link=link_from(row.url, row.offer),
        source=row.source,
        page=fetched,
        article_id=row.article_id,
    )


def past_their_time(connection: Connection, now: datetime) -> list[int]:
    """The links whose source keeps their page no longer."""
    return [
        row.link_id
        for row in connection.execute(_WITH_RETENTION)
        if row.fetched_at < now - timedelta(seconds=row.keep_pages_seconds)
    ]


def prune_pages(connection: Connection, now: datetime) -> int:
    """Drop the pages that are past their time; gives how many."""
    old = past_their_time(connection, now)
    for batch in chunks(old):
        connection.execute(_DROP, {"links": batch})
        connection.execute(_FORGET_OFFERS, {"links": batch})
    return len(old)
