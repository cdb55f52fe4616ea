"""How the sources, links and hosts are: what `ingest status` and `ingest explain` show. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select

from ingest.store import hosts
from ingest.store.database import chunks
from ingest.store.identity import url_digest
from ingest.store.records import Hold
from ingest.store.schema import article, image, link, revisit, sighting, source
from ingest.store.schema import host as host_table

QUARANTINED = "quarantined: "
"""How a link's reason begins when its page killed the parser too often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """One source, as its last poll left it."""

    name: str
    kind: str
    url: str
    moved_to: str | None
    state: str
    last_polled_at: datetime | None
    last_success_at: datetime | None
    next_due_at: datetime | None
    interval: timedelta | None
    failures: int
    last_error: str | None
    memory: Mapping[str, Any]
    """As the planner wrote it."""
    hold: Hold | None
    """Its host asked to be left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostStatus:
    """One host of the ledger."""

    name: str
    next_due_at: datetime | None
    visited_until: datetime | None
    """Somebody visits it, under a lease that ends then unless it is renewed."""
    next_request_at: datetime | None
    hold: Hold | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkStatus:
    """One link, as its last settlement left it."""

    url: str
    sources: tuple[str, ...]
    outcome: str
    reason: str | None
    attempts: int
    first_seen_at: datetime
    settled_at: datetime | None
    next_due_at: datetime | None
    revisit_at: datetime | None
    article_id: int | None
    host: HostStatus | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """Which fields of an article have something in them."""

    first_seen_at: datetime
    filled: frozenset[str]


_SOURCES = (
    select(source, host_table.c.hold_until, host_table.c.hold_reason)
    .outerjoin(host_table, host_table.c.name == source.c.host)
    .order_by(source.c.name)
)
_LINK = (
    select(link, revisit.c.due_at)
    .outerjoin(revisit, revisit.c.link_id == link.c.id)
    .where(link.c.key == bindparam("key"))
)
_OFFERED_BY = (
    select(source.c.name)
    .join(sighting, sighting.c.source_id == source.c.id)
    .where(sighting.c.link_id == bindparam("link"))
    .order_by(sighting.c.first_seen_at)
)
_HOST = select(host_table).where(host_table.c.name == bindparam("host"))
_QUARANTINED = (
    select(source.c.name, func.count().label("pages"))
    .join(link, link.c.first_source_id == source.c.id)
    .where(link.c.reason.startswith(QUARANTINED))
    .group_by(source.c.name)
)
_FILLS = (
    select(
        article.c.first_seen_at,
        article.c.published_at,
        article.c.contact_line,
        article.c.authors,
        image.c.caption,
        image.c.credit,
    )
    .join(link, link.c.id == article.c.link_id)
    .join(source, source.c.id == link.c.first_source_id)
    .outerjoin(image, and_(image.c.article_id == article.c.id, image.c.position == article.c.lead_position))
    .where(source.c.name == bindparam("source"))
    .order_by(article.c.id.desc())
    .limit(bindparam("most"))
)
_FIELDS = {
    "dates": "published_at",
    "contact lines": "contact_line",
    "authors": "authors",
    "captions": "caption",
    "credits": "credit",
}


def statuses(connection: Connection, names: Sequence[str] | None) -> list[SourceStatus]:
    """All sources, or those that are named, by name."""
    if names is None:
        rows = connection.execute(_SOURCES).all()
    else:
        rows = [row for some in chunks(names) for row in connection.execute(_SOURCES.where(source.c.name.in_(some)))]
    return [
        SourceStatus(
            name=row.name,
            kind=row.kind,
            url=row.url,
            moved_to=row.moved_to,
            state=row.state,
            last_polled_at=row.last_polled_at,
            last_success_at=row.last_success_at,
            next_due_at=row.next_due_at,
            interval=timedelta(seconds=row.interval_seconds) if row.interval_seconds else None,
            failures=row.failures,
            last_error=row.last_error,
            memory=row.memory or {},
            hold=_hold(row),
        )
        for row in rows
    ]


def link_status(connection: Connection, url: str) -> LinkStatus | None:
    """The link of an address; None for one that nobody offered or asked for."""
    row = connection.execute(_LINK, {"key": url_digest(url)}).one_or_none()
    if row is None:
        return None
    return LinkStatus(
        url=row.url,
        sources=tuple(connection.execute(_OFFERED_BY, {"link": row.id}).scalars()),
        outcome=row.outcome,
        reason=row.reason,
        attempts=row.attempts,
        first_seen_at=row.first_seen_at,
        settled_at=row.settled_at,
        next_due_at=row.next_due_at,
        revisit_at=row.due_at,
        article_id=row.article_id,
        host=host_status(connection, row.host or hosts.key(url) or ""),
    )


def host_status(connection: Connection, name: str) -> HostStatus | None:
    """None for a host that nothing was ever asked of."""
    row = connection.execute(_HOST, {"host": name}).one_or_none()
    if row is None:
        return None
    return HostStatus(
        name=row.name,
        next_due_at=row.next_due_at,
        visited_until=row.lease_until,
        next_request_at=row.next_request_at,
        hold=_hold(row),
    )


def quarantined(connection: Connection) -> dict[str, int]:
    """Source → pages that were too much for the parser until it gave them up."""
    return {row.name: row.pages for row in connection.execute(_QUARANTINED)}


def fills(connection: Connection, name: str, limit: int) -> list[Fill]:
    """The last articles that a source brought first, the newest first."""
    return [
        Fill(
            first_seen_at=row.first_seen_at,
            filled=frozenset(field for field, column in _FIELDS.items() if getattr(row, column)),
        )
        for row in connection.execute(_FILLS, {"source": name, "most": limit})
    ]


def _hold(row: Any) -> Hold | None:
    return Hold(until=row.hold_until, reason=row.hold_reason or "") if row.hold_until else None
