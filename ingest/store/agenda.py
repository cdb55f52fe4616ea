"""What is due on a host that was claimed: its polls and its links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, exists, or_, select

from ingest.store import hosts, links, sources
from ingest.store.database import chunks
from ingest.store.records import Claim, DueLink, HostWork, PollState
from ingest.store.replan import UNKNOWN_INTERVAL
from ingest.store.schema import host, link, revisit, sighting, source

_POLLS = (
    select(source.c.host, source.c.interval_seconds, *sources.STATE)
    .where(
        source.c.host.in_(bindparam("hosts", expanding=True)),
        source.c.next_due_at <= bindparam("now"),
        source.c.state != "paused",
    )
    .order_by(source.c.next_due_at, source.c.id)
)
_NAMED = select(source.c.host, source.c.interval_seconds, *sources.STATE).where(
    source.c.name.in_(bindparam("names", expanding=True))
)
_PROVISIONAL = source.update().where(source.c.name == bindparam("polled")).values(next_due_at=bindparam("again_at"))
_LINKS = (
    select(link.c.id)
    .where(link.c.host == bindparam("host"), link.c.next_due_at <= bindparam("now"))
    .order_by(link.c.next_due_at, link.c.id)
)
_REVISITS = (
    select(revisit.c.link_id)
    .where(revisit.c.host == bindparam("host"), revisit.c.due_at <= bindparam("now"))
    .order_by(revisit.c.due_at)
)
_WITH_PAGES = select(host.c.name).where(
    host.c.name.in_(bindparam("hosts", expanding=True)),
    or_(
        exists().where(link.c.host == host.c.name, link.c.next_due_at <= bindparam("now")),
        exists().where(revisit.c.host == host.c.name, revisit.c.due_at <= bindparam("now")),
    ),
)
_OF_SOURCES = (
    select(sighting.c.link_id)
    .join(source, source.c.id == sighting.c.source_id)
    .where(source.c.name.in_(bindparam("names", expanding=True)))
)
_HOSTS_OF_LINKS = select(link.c.host).distinct().where(
    link.c.host.is_not(None),
    link.c.next_due_at <= bindparam("now"),
    link.c.id.in_(_OF_SOURCES),
)  # fmt: skip


def claim_work(
    connection: Connection, owner: str, now: datetime, limit: int, lease: timedelta, *, links_: int
) -> list[HostWork]:
    """Lease hosts that are due, and say what is to be done there."""
    claims = hosts.claim_due(connection, owner, now, limit, lease)
    free = [one.host for one in claims if not _is_held(one, now)]
    if not free:
        return [HostWork(claim=one) for one in claims]
    polls = _begin(connection, connection.execute(_POLLS, {"hosts": free, "now": now}).all(), now)
    with_pages = set(connection.execute(_WITH_PAGES, {"hosts": free, "now": now}).scalars())
    return [
        HostWork(
            claim=one,
            polls=polls.get(one.host, ()),
            links=_due(connection, one.host, now, links_, None) if one.host in with_pages else (),
        )
        for one in claims
    ]


def _is_held(claim: Claim, now: datetime) -> bool:
    return claim.hold is not None and claim.hold.until > now


def work(
    connection: Connection,
    claim: Claim,
    now: datetime,
    limit: int,
    *,
    names: Sequence[str] | None = None,
    poll: Sequence[str] | None = None,
) -> HostWork:
    """Due polls and up to `limit` due links of a host. A held host has none.

    The polls' next due times are written here, before any request goes out: whatever happens, none is made twice.
    `names` leaves only these sources' links; `poll` names the sources to poll in place of those that are due.
    """
    if _is_held(claim, now):
        return HostWork(claim=claim)
    if poll is None:
        rows = connection.execute(_POLLS, {"hosts": [claim.host], "now": now}).all()
    else:
        rows = [row for chunk in chunks(poll) for row in connection.execute(_NAMED, {"names": chunk})]
    polls = [state for states in _begin(connection, rows, now).values() for state in states]
    return HostWork(claim=claim, polls=tuple(polls), links=_due(connection, claim.host, now, limit, names))


def _begin(connection: Connection, rows: Sequence[Any], now: datetime) -> dict[str, tuple[PollState, ...]]:
    """Host → its polls, whose next due times are written down."""
    found: dict[str, tuple[PollState, ...]] = {}
    again = []
    for row in rows:
        found[row.host] = (*found.get(row.host, ()), sources.state_of(row))
        pause = timedelta(seconds=row.interval_seconds) if row.interval_seconds else UNKNOWN_INTERVAL
        again.append({"polled": row.name, "again_at": now + pause})
    if again:
        connection.execute(_PROVISIONAL, again)
    return found


def _due(
    connection: Connection, host: str, now: datetime, limit: int, names: Sequence[str] | None
) -> tuple[DueLink, ...]:
    asked: dict[str, Any] = {"host": host, "now": now}
    first, again = _LINKS, _REVISITS
    if names is not None:
        asked["names"] = list(names)
        first, again = first.where(link.c.id.in_(_OF_SOURCES)), again.where(revisit.c.link_id.in_(_OF_SOURCES))
    found = list(connection.execute(first.limit(limit), asked).scalars())
    due = links.due_links_of(connection, found)
    if len(found) == limit:
        return tuple(due)
    revisits = list(connection.execute(again.limit(limit - len(found)), asked).scalars())
    revisits = [one for one in revisits if one not in set(found)]
    return (*due, *(replace(one, revisit=True) for one in links.due_links_of(connection, revisits)))


def hosts_of_links(connection: Connection, names: Sequence[str], now: datetime) -> list[str]:
    """The hosts where links of these sources are due."""
    found: dict[str, None] = {}
    for chunk in chunks(names):
        found |= dict.fromkeys(connection.execute(_HOSTS_OF_LINKS, {"names": chunk, "now": now}).scalars())
    return list(found)
