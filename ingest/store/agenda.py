"""What is due on a host that was claimed: its polls and its links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select

from ingest.store import hosts, links, sources
from ingest.store.database import chunks
from ingest.store.records import Claim, DueLink, HostWork
from ingest.store.schema import link, revisit, sighting, source

_UNKNOWN_INTERVAL = timedelta(hours=1)

_POLLS = (
    select(source.c.name, source.c.interval_seconds)
    .where(source.c.host == bindparam("host"), source.c.next_due_at <= bindparam("now"), source.c.state != "paused")
    .order_by(source.c.next_due_at, source.c.id)
)
_INTERVALS = select(source.c.name, source.c.interval_seconds).where(
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
    return [work(connection, one, now, links_) for one in claims]


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
    if claim.hold is not None and claim.hold.until > now:
        return HostWork(claim=claim)
    if poll is None:
        polls = connection.execute(_POLLS, {"host": claim.host, "now": now}).all()
    else:
        polls = [row for chunk in chunks(poll) for row in connection.execute(_INTERVALS, {"names": chunk})]
    if polls:
        pauses = {
            row.name: timedelta(seconds=row.interval_seconds) if row.interval_seconds else _UNKNOWN_INTERVAL
            for row in polls
        }
        again = [{"polled": name, "again_at": now + pause} for name, pause in pauses.items()]
        connection.execute(_PROVISIONAL, again)
    states = tuple(sources.poll_state(connection, row.name) for row in polls)
    return HostWork(claim=claim, polls=states, links=_due(connection, claim.host, now, limit, names))


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
