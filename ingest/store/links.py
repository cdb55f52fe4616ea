"""Links and their sightings: what a poll brings up, and what is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, bindparam, select

from ingest import collector
from ingest.model import Link, Outcome
from ingest.store import hosts, sources
from ingest.store.bulk import Bulk, Lookup
from ingest.store.database import chunks, without_waiting
from ingest.store.identity import digest, url_digest
from ingest.store.ledger import Ledger
from ingest.store.records import DueLink, PageState, Plan, Poll, PollEntry, PollReceipt
from ingest.store.rows import Row, link_from, offer
from ingest.store.schema import link as table
from ingest.store.schema import sighting, source

_SEEN_AGAIN_AFTER = timedelta(days=1)
"""A feed offers most of its links at every poll: their last_seen_at is written no more often than this."""

_wanted: BindParameter[Any] = bindparam("wanted", expanding=True)
_KNOWN = Lookup(
    select(table.c.key, table.c.id, table.c.first_source_id, table.c.next_due_at, table.c.article_id).where(
        table.c.key.in_(_wanted)
    )
)
_SIGHTED = select(sighting.c.link_id, sighting.c.last_seen_at).where(
    sighting.c.source_id == bindparam("source"), sighting.c.link_id.in_(bindparam("links", expanding=True))
)
_SEEN_AGAIN = Bulk(
    sighting.update()
    .where(sighting.c.link_id == bindparam("link"), sighting.c.source_id == bindparam("source"))
    .values(last_seen_at=bindparam("at"))
)
_ADOPT = Bulk(
    table.update()
    .where(table.c.id == bindparam("link"))
    .values(first_source_id=bindparam("source"), offer=bindparam("said"), next_due_at=bindparam("at"))
)
_DUE = (
    select(table.c.id)
    .where(
        table.c.next_due_at <= bindparam("now"),
        table.c.id.in_(
            select(sighting.c.link_id)
            .join(source, source.c.id == sighting.c.source_id)
            .where(source.c.name.in_(bindparam("sources", expanding=True)))
        ),
    )
    .order_by(table.c.next_due_at, table.c.id)
)
_FULL = select(
    table.c.id,
    table.c.url,
    table.c.offer,
    table.c.attempts,
    table.c.first_source_id,
    table.c.etag,
    table.c.last_modified,
).where(table.c.id.in_(bindparam("links", expanding=True)))
_OFFERED_BY = Lookup(
    select(sighting.c.link_id, source.c.id, source.c.name, sighting.c.guid)
    .join(source, source.c.id == sighting.c.source_id)
    .where(sighting.c.link_id.in_(_wanted))
    .order_by(sighting.c.link_id, sighting.c.first_seen_at, source.c.id)
)
_INSERT = Bulk(table.insert())
_INSERT_SIGHTING = Bulk(sighting.insert())
_PAGE_STATE = select(table.c.etag, table.c.last_modified, table.c.article_id).where(table.c.key == bindparam("key"))


class _Known(NamedTuple):
    """A link that was offered or asked for before."""

    key: bytes
    id: int
    first_source_id: int | None
    next_due_at: datetime | None
    article_id: int | None


class Offer(NamedTuple):
    """A link's source, and what it calls the link."""

    link_id: int
    source_id: int
    name: str
    guid: str | None


def record_polls(connection: Connection, entries: Sequence[PollEntry]) -> list[PollReceipt]:
    """Write down polls and their links, in one transaction with the validators that stand for them, and what follows."""
    # The lock only where links are written: most polls are answered "unchanged" and touch one row. It comes before the
    # hosts', as everywhere.
    if any(entry.poll.links for entry in entries):
        Ledger(connection)
    lost = hosts.lost(connection, [entry.claim for entry in entries if entry.claim is not None])
    ids = sources.ids(connection, (entry.poll.source for entry in entries))
    receipts: list[PollReceipt] = []
    written: list[tuple[Poll, Plan | None]] = []
    for entry in entries:
        poll = entry.poll
        if entry.claim in lost:
            pending = len({url_digest(link.url) for link in poll.links})
            receipts.append(PollReceipt(pending=pending, refused=True))
            continue
        receipt = PollReceipt()
        if poll.links:
            receipt = record_links(connection, Ledger(connection), poll, ids[poll.source])
        receipts.append(receipt)
        written.append((poll, None if entry.plan is None else entry.plan(receipt)))
        hosts.wake(connection, dict.fromkeys((hosts.key(due.link.url) for due in receipt.new), poll.at))
    sources.write_polls(connection, written)
    return receipts


@collector.resting()
def record_links(connection: Connection, ledger: Ledger, poll: Poll, source_id: int) -> PollReceipt:
    """The links of a poll and their sightings; closes the ledger."""
    offered: dict[bytes, Link] = {}
    for link in poll.links:
        offered.setdefault(url_digest(link.url), link)
    known = {row[0]: _Known(*row) for row in _KNOWN.rows(connection, offered)}
    sighted = {
        row.link_id: row.last_seen_at
        for links in chunks(row.id for row in known.values())
        for row in connection.execute(_SIGHTED, {"source": source_id, "links": links})
    }
    new: list[DueLink] = []
    again: list[int] = []
    links_to_insert: list[Row] = []
    first_sightings: list[Row] = []
    seen_again: list[Row] = []
    adopted: list[Row] = []
    unchanged = duplicate = pending = 0
    for key, link in offered.items():
        row = known.get(key)
        link_id = ledger.new_link_id() if row is None else row.id
        if link_id not in sighted:
            first_sightings.append(_sighting_row(link_id, source_id, link, poll.at))
        elif poll.at - sighted[link_id] > _SEEN_AGAIN_AFTER:
            seen_again.append({"link": link_id, "source": source_id, "at": poll.at})
        if row is None:
            links_to_insert.append(_link_row(link_id, key, link, source_id, poll.at))
            new.append(DueLink(id=link_id, link=link, source=poll.source, sources=(poll.source,), attempts=0))
        elif row.first_source_id is None and row.article_id is None:
            # Asked for by hand once, in vain: now there is somebody to try it for.
            adopted.append({"link": link_id, "source": source_id, "said": offer(link), "at": poll.at})
            again.append(link_id)
        elif row.next_due_at is None:
            unchanged += link_id in sighted
            duplicate += link_id not in sighted
        elif row.next_due_at <= poll.at and row.first_source_id == source_id:
            again.append(link_id)
        else:
            pending += 1
    with without_waiting(connection):
        _INSERT.run(connection, links_to_insert)
        _INSERT_SIGHTING.run(connection, first_sightings)
        _SEEN_AGAIN.run(connection, seen_again)
        _ADOPT.run(connection, adopted)
    ledger.close()
    return PollReceipt(
        new=(*new, *due_links_of(connection, again)), unchanged=unchanged, duplicate=duplicate, pending=pending
    )


def _link_row(link_id: int, key: bytes, link: Link, source_id: int | None, at: datetime) -> Row:
    return {
        "id": link_id,
        "key": key,
        "url": link.url,
        "first_source_id": source_id,
        "offer": offer(link),
        "first_seen_at": at,
        "next_due_at": at,
        "attempts": 0,
        "outcome": Outcome.PENDING,
        "host": hosts.key(link.url),
    }


def _sighting_row(link_id: int, source_id: int, link: Link, at: datetime) -> Row:
    return {
        "link_id": link_id,
        "source_id": source_id,
        "guid": link.guid,
        "title": link.title,
        "first_seen_at": at,
        "last_seen_at": at,
    }


def asked_by_hand(connection: Connection, ledger: Ledger, urls: Iterable[str], now: datetime) -> dict[str, int]:
    """URL → link, of addresses that no source offered (yet); the unknown ones become links."""
    keys = {url: url_digest(url) for url in urls}
    known: dict[bytes, int] = {key: id_ for key, id_, *_ in _KNOWN.rows(connection, keys.values())}
    new = []
    for url, key in keys.items():
        if key not in known:
            known[key] = ledger.new_link_id()
            new.append(_link_row(known[key], key, Link(url=url), None, now) | {"next_due_at": None})
    _INSERT.run(connection, new)
    return {url: known[key] for url, key in keys.items()}


def due_links(connection: Connection, names: Sequence[str], now: datetime, limit: int | None) -> list[DueLink]:
    """Links of these sources that are to be fetched now, the longest overdue first."""
    due = [
        row.id
        for chunk in chunks(names)
        for row in connection.execute(_DUE.limit(limit), {"sources": chunk, "now": now})
    ]
    return due_links_of(connection, list(dict.fromkeys(due))[:limit])


def due_links_of(connection: Connection, links: Sequence[int]) -> list[DueLink]:
    """These links with all that was said of them."""
    rows = {row.id: row for chunk in chunks(links) for row in connection.execute(_FULL, {"links": chunk})}
    offered_by = offers_of(connection, links)
    found = []
    for link_id in links:
        row = rows[link_id]
        names = {offer.source_id: offer.name for offer in offered_by[link_id]}
        if not names:
            continue  # asked for by hand: nobody waits for it
        found.append(
            DueLink(
                id=link_id,
                link=link_from(row.url, row.offer),
                source=names.get(row.first_source_id) or next(iter(names.values())),
                sources=tuple(names.values()),
                attempts=row.attempts,
                etag=row.etag,
                last_modified=row.last_modified,
            )
        )
    return found


def offers_of(connection: Connection, links: Iterable[int]) -> dict[int, list[Offer]]:
    """For each link its sources, the first one first."""
    found: dict[int, list[Offer]] = defaultdict(list)
    for row in _OFFERED_BY.rows(connection, links):
        found[row[0]].append(Offer(*row))
    return found


def page_state(connection: Connection, url_key: str) -> PageState | None:
    """What the last page from this address left; None for an address that was never fetched."""
    row = connection.execute(_PAGE_STATE, {"key": digest(url_key)}).one_or_none()
    if row is None:
        return None
    return PageState(etag=row.etag, last_modified=row.last_modified, article_id=row.article_id)
