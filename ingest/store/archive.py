"""Ready-made records in, and all that is stored out again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from ingest.model import Article, Contact, Image, Link, json_ready
from ingest.record_json import Record
from ingest.store import links, schema
from ingest.store.database import Database, chunks
from ingest.store.identity import url_digest
from ingest.store.ledger import Ledger
from ingest.store.records import Poll, Settled, Settlement
from ingest.store.settle import Prepared, prepare, settle

_source, _link, _article, _image, _sighting = (
    schema.source,
    schema.link,
    schema.article,
    schema.image,
    schema.sighting,
)
KIND = "load"
"""The kind of a source that only loaded records name: it is never polled."""

_IDS = select(_source.c.id, _source.c.name).where(_source.c.name.in_(bindparam("names", expanding=True)))
_LINK_IDS = select(_link.c.id, _link.c.key).where(_link.c.key.in_(bindparam("keys", expanding=True)))
_PAGE = 200


def prepare_records(records: Sequence[Record]) -> list[Prepared]:
    """What can be computed before anybody has to wait for us."""
    return prepare(
        (
            Settlement(link_id=None, url=one.article.url, source=one.source, article=one.article, seen_at=one.seen_at)
            for one in records
        ),
        frozenset(),
    )


def load(
    connection: Connection, records: Sequence[Record], prepared: Sequence[Prepared], now: datetime
) -> list[Settled]:
    """Store records in their order, each as if its source had offered it; the answers are in the same order."""
    by_source: dict[str, list[Link]] = defaultdict(list)
    for one in records:
        by_source[one.source].append(Link(url=one.article.url, guid=one.guid, title=one.article.headline))
    ledger = Ledger(connection)
    ids = _source_ids(connection, list(by_source), now)
    ledger.close()
    for name, offered in by_source.items():
        poll = Poll(source=name, at=now, outcome="new", links=tuple(offered))
        links.record_links(connection, Ledger(connection), poll, ids[name])
    keys = {url_digest(one.article.url) for one in records}
    found = {row.key: row.id for chunk in chunks(keys) for row in connection.execute(_LINK_IDS, {"keys": chunk})}
    located = [
        one._replace(settlement=replace(one.settlement, link_id=found[url_digest(one.settlement.url)]))
        for one in prepared
    ]
    return settle(connection, located, now)


def _source_ids(connection: Connection, names: Sequence[str], now: datetime) -> dict[str, int]:
    """The numbers of these sources; those that nobody configured are made."""
    known = {row.name: row.id for row in connection.execute(_IDS, {"names": names})}
    new = [name for name in names if name not in known]
    if new:
        made = {"kind": KIND, "url": "", "state": "paused", "registered_at": now, "parts": [], "failures": 0}
        connection.execute(_source.insert(), [made | {"name": name} for name in new])
        known |= {row.name: row.id for row in connection.execute(_IDS, {"names": new})}
    return known


def export(database: Database, *, source: str | None = None, since: datetime | None = None) -> Iterator[dict[str, Any]]:
    """Every article's current version as `ingest load` reads it, in the order in which they were stored.

    `since` leaves only what was first seen or changed at that time or later. Read page by page: no transaction stays
    open while the caller writes.
    """
    last = 0
    while True:
        query = select(_article).where(_article.c.id > last).order_by(_article.c.id).limit(_PAGE)
        if since is not None:
            query = query.where(_article.c.changed_at >= since)
        if source is not None:
            offered = select(_link.c.article_id).join(_sighting, _sighting.c.link_id == _link.c.id)
            offered = offered.join(_source, _source.c.id == _sighting.c.source_id).where(_source.c.name == source)
            query = query.where(_article.c.id.in_(offered))
        with database.reading() as connection:
            rows = connection.execute(query).all()
            ids = [row.id for row in rows]
            images, offers = _images_of(connection, ids), _first_offers(connection, ids)
        for row in rows:
            name, guid = offers.get(row.id, ("by-hand", None))
            record = _record(row, images[row.id]).as_dict()
            yield record | {"source": name, "guid": guid, "seen_at": json_ready(row.first_seen_at)}
        if not rows:
            return
        last = rows[-1].id


_PLAIN = tuple(
    "url canonical_url headline summary body published_at modified_at language site section credits paywalled "
    "origins".split()
)


def _record(row: Any, images: Sequence[Image]) -> Article:
    return Article(
        **{name: getattr(row, name) for name in _PLAIN},
        authors=tuple(row.authors),
        tags=tuple(row.tags),
        images=tuple(images),
        contacts=tuple(_contact(one) for one in row.contacts),
    )


def _contact(stored: dict[str, Any]) -> Contact:
    lists = {name: tuple(stored[name]) for name in ("emails", "phones", "urls")}
    return Contact(text=stored["text"], kind=stored["kind"], **lists)


def _images_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[Image]]:
    found: dict[int, list[Image]] = defaultdict(list)
    query = select(_image).where(_image.c.article_id.in_(ids)).order_by(_image.c.article_id, _image.c.position)
    for row in connection.execute(query).mappings():
        values = {name: row[name] for name in asdict(Image())}
        found[row["article_id"]].append(Image(**values))
    return found


def _first_offers(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[str, str | None]]:
    """Article → the first source that offered it, and its guid there."""
    query = (
        select(_link.c.article_id, _source.c.name, _sighting.c.guid)
        .join(_sighting, _sighting.c.link_id == _link.c.id)
        .join(_source, _source.c.id == _sighting.c.source_id)
        .where(_link.c.article_id.in_(ids))
        .order_by(_sighting.c.first_seen_at.desc(), _source.c.id.desc())
    )
    return {row.article_id: (row.name, row.guid) for row in connection.execute(query)}
