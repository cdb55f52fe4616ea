"""The hosts' ledger: who may visit a host now, when its next work is due, and how long it wants to be left alone.

A host that nobody visits is due when its earliest work is, or when its hold ends. A leased one is due when the lease ends:
so one look at one index finds what can be claimed, whatever is leased or held, and a visitor that died is replaced without
anybody looking for it. `lease_token` grows with every claim; it fences off the late results of whoever lost the lease.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from ingest.cadence import spread
from ingest.errors import FetchError
from ingest.store.bulk import Bulk
from ingest.store.database import chunks
from ingest.store.records import Claim, Hold
from ingest.store.schema import host as table
from ingest.store.schema import link, revisit, source
from ingest.urls import host_key, same_site, site_of

LATE = timedelta(minutes=5)
"""What is overdue by more came due while nobody looked."""
_FARTHEST = timedelta(days=100)
"""No rule asks for more (410: 90 days and the jitter): a later due time was written by a clock that was wrong."""
_FIELDS = (table.c.name, table.c.lease_token, table.c.next_request_at, table.c.hold_until, table.c.hold_reason)

_DUE = (
    select(*_FIELDS)
    .where(table.c.next_due_at <= bindparam("now"))
    .order_by(table.c.next_due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_ONE = select(*_FIELDS, table.c.lease_owner, table.c.lease_until).where(table.c.name == bindparam("host"))
_LOCKED = _ONE.with_for_update()
_HOLDER = (
    select(table.c.lease_owner, table.c.lease_token, table.c.hold_until)
    .where(table.c.name == bindparam("host"))
    .with_for_update()
)
_BY_NAME = table.update().where(table.c.name == bindparam("host"))
_LEASE = _BY_NAME.values(
    lease_owner=bindparam("owner"),
    lease_token=bindparam("token"),
    lease_until=bindparam("until"),
    next_due_at=bindparam("until"),
)
_RENEW = _BY_NAME.where(table.c.lease_owner == bindparam("owner"), table.c.lease_token == bindparam("token")).values(
    lease_until=bindparam("until"), next_due_at=bindparam("until")
)
_LEAVE = _BY_NAME.where(or_(table.c.hold_until.is_(None), table.c.hold_until < bindparam("until"))).values(
    lease_owner=None,
    lease_until=None,
    hold_until=bindparam("until"),
    hold_reason=bindparam("reason"),
    next_due_at=case((table.c.next_due_at < bindparam("until"), bindparam("until")), else_=table.c.next_due_at),
)
_FENCE = (
    select(table.c.name, table.c.lease_owner, table.c.lease_token)
    .where(table.c.name.in_(bindparam("hosts", expanding=True)))
    .order_by(table.c.name)
    .with_for_update()
)
_EARLIEST = select(
    select(func.min(source.c.next_due_at))
    .where(source.c.host == bindparam("host"), source.c.state != "paused")
    .scalar_subquery(),
    select(func.min(link.c.next_due_at))
    .where(link.c.host == bindparam("host"), link.c.next_due_at.is_not(None))
    .scalar_subquery(),
    select(func.min(revisit.c.due_at)).where(revisit.c.host == bindparam("host")).scalar_subquery(),
)


# An address that can be read in one way only: what follows the first slash says nothing of its host.
_PLAIN_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::\d+)?/(?=.{0,2000}\Z)")


def key(url: str) -> str | None:
    """The host of an address as the ledger has it; None for what can't be asked anywhere.

    >>> key("https://example.org:8080/news"), key("mailto:desk@example.org")
    ('example.org:8080', None)
    """
    plain = _PLAIN_ORIGIN.match(url)
    return _key_of_plain(plain[0]) if plain else _key(url)


def _key(url: str) -> str | None:
    try:
        return host_key(url)
    except FetchError:
        return None


_key_of_plain = lru_cache(maxsize=4096)(_key)  # the links of a poll have few hosts


def clock(connection: Connection) -> datetime:
    """The database's own time; SQLite's is the machine's, to the millisecond."""
    if connection.dialect.name == "postgresql":
        found: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return found
    return datetime.fromisoformat(connection.execute(select(func.strftime("%Y-%m-%dT%H:%M:%fZ", "now"))).scalar_one())


def claim_due(connection: Connection, owner: str, now: datetime, limit: int, lease: timedelta) -> list[Claim]:
    """Lease the hosts that are due, the longest overdue first."""
    rows = connection.execute(_DUE, {"now": now, "most": limit}).all()
    return _lease(connection, rows, owner, now + lease)


def claim(connection: Connection, host: str, owner: str, now: datetime, lease: timedelta) -> Claim | None:
    """Lease one host, due or not; None while somebody else has it."""
    _insert(connection.dialect.name, change=False).run(connection, [{"name": host, "next_due_at": None}])
    row = connection.execute(_LOCKED, {"host": host}).one()
    if row.lease_owner is not None and row.lease_until > now:
        return None
    [claimed] = _lease(connection, [row], owner, now + lease)
    return claimed


def _lease(connection: Connection, rows: Sequence[Any], owner: str, until: datetime) -> list[Claim]:
    claims = [
        Claim(
            host=row.name,
            owner=owner,
            token=row.lease_token + 1,
            until=until,
            next_request_at=row.next_request_at,
            hold=Hold(until=row.hold_until, reason=row.hold_reason) if row.hold_until else None,
        )
        for row in rows
    ]
    if claims:
        connection.execute(_LEASE, [_named(one, until) for one in claims])
    return claims


def _named(claim: Claim, until: datetime) -> dict[str, Any]:
    return {"host": claim.host, "owner": claim.owner, "token": claim.token, "until": until}


def renew(connection: Connection, claims: Collection[Claim], now: datetime, lease: timedelta) -> list[Claim]:
    """Those of the claims that still hold, made longer."""
    lost_ = lost(connection, claims)
    kept = [replace(one, until=now + lease) for one in claims if one not in lost_]
    if kept:
        connection.execute(_RENEW, [_named(one, one.until) for one in kept])
    return kept


def lost(connection: Connection, claims: Iterable[Claim], others: Iterable[str] = ()) -> set[Claim]:
    """The claims that hold no more: somebody else has claimed the host since.

    The hosts stay locked until the commit, and so do `others`: all that a transaction needs, in one order.
    """
    wanted = set(claims)
    now_held: set[tuple[str, str, int]] = set()
    for hosts in chunks(sorted({*others, *(one.host for one in wanted)})):
        now_held |= {tuple(row) for row in connection.execute(_FENCE, {"hosts": hosts})}
    return {one for one in wanted if (one.host, one.owner, one.token) not in now_held}


def held(connection: Connection, claim: Claim) -> Any | None:
    """The host's row, locked until the commit, while the claim holds; None if somebody else has claimed the host since."""
    row = connection.execute(_HOLDER, {"host": claim.host}).one_or_none()
    return row if row is not None and (row.lease_owner, row.lease_token) == (claim.owner, claim.token) else None


def hold(connection: Connection, claim: Claim, hold_: Hold, *, whole_site: bool = False) -> None:
    """The host asked for patience: write it down at once, whatever becomes of the visit.

    `whole_site`: for the others under its registrable domain, too. Who visits these loses the lease, and with it what is
    under way: otherwise the answers of a host that did not refuse would end its hold.
    """
    others = _neighbours(connection, claim.host) if whole_site else []
    if lost(connection, (claim,), others):
        return
    row = {"host": claim.host, "hold_until": hold_.until, "hold_reason": hold_.reason}
    connection.execute(_BY_NAME.values(holds=table.c.holds + 1), row)
    if others:
        reason = f"{hold_.reason} at {claim.host}"
        connection.execute(_LEAVE, [{"host": name, "until": hold_.until, "reason": reason} for name in others])


def _neighbours(connection: Connection, host: str) -> list[str]:
    """The other hosts of the ledger under the same registrable domain."""
    url = f"http://{host}/"
    alike = select(table.c.name).where(table.c.name.contains(site_of(url), autoescape=True), table.c.name != host)
    return [name for name in connection.execute(alike).scalars() if same_site(url, f"http://{name}/")]


def holds(connection: Connection, host: str) -> int:
    """How often in a row the host asked for patience."""
    found = connection.execute(select(table.c.holds).where(table.c.name == host)).scalar()
    return found or 0


def release(
    connection: Connection,
    claim: Claim,
    next_request_at: datetime | None,
    *,
    rest_until: datetime | None,
    answered: bool,
) -> None:
    """End a visit: from now on the host is due when its earliest work is, never before the hold or `rest_until`."""
    row = held(connection, claim)  # it also locks the row: work that others add from now on wakes the host
    if row is None:
        return
    last = [moment for moment in (claim.next_request_at, next_request_at) if moment]
    values: dict[str, Any] = {
        "host": claim.host,
        "lease_owner": None,
        "lease_until": None,
        "next_request_at": max(last) if last else None,
        "next_due_at": earliest(connection, claim.host, (rest_until, None if answered else row.hold_until)),
    }
    if answered:
        values |= {"holds": 0, "hold_until": None, "hold_reason": None}
    connection.execute(_BY_NAME, values)


def earliest(connection: Connection, host: str, not_before: Iterable[datetime | None] = ()) -> datetime | None:
    """When the host's first work is due; None if it has none."""
    found = connection.execute(_EARLIEST, {"host": host}).one()
    due = min((moment for moment in found if moment is not None), default=None)
    return None if due is None else max([due, *(moment for moment in not_before if moment is not None)])


def wake(connection: Connection, due: Mapping[str | None, datetime]) -> None:
    """Work was added that is due then; hosts that are leased find it themselves at the end of the visit."""
    rows = [{"name": name, "next_due_at": at} for name, at in sorted((n, at) for n, at in due.items() if n)]
    _insert(connection.dialect.name, change=True).run(connection, rows)


@lru_cache
def _insert(dialect: str, *, change: bool) -> Bulk:
    made: Any = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    if not change:
        return Bulk(made.on_conflict_do_nothing())
    wanted = made.excluded.next_due_at
    held = and_(table.c.hold_until.is_not(None), table.c.hold_until > wanted)
    at = case((held, table.c.hold_until), else_=wanted)
    free = and_(table.c.lease_owner.is_(None), or_(table.c.next_due_at.is_(None), table.c.next_due_at > at))
    return Bulk(made.on_conflict_do_update(index_elements=[table.c.name], set_={"next_due_at": at}, where=free))


def owners(connection: Connection) -> list[str]:
    """Who has leases."""
    rows = connection.execute(select(table.c.lease_owner).distinct().where(table.c.lease_owner.is_not(None)))
    return list(rows.scalars())


def free(connection: Connection, dead: Sequence[str], at: datetime) -> int:
    """Take the leases of visitors that are known to be dead; their hosts can be asked again at `at`."""
    mine = table.c.lease_owner.in_(dead)
    values = {"lease_owner": None, "lease_until": None, "next_request_at": at, "next_due_at": at}
    return int(connection.execute(table.update().where(mine).values(values)).rowcount)


def catch_up(connection: Connection, now: datetime) -> int:
    """Spread what came due while nobody looked over the time to come, and mend due times that a wrong clock has written."""
    wrong = or_(source.c.last_polled_at > now + LATE, source.c.next_due_at > now + _FARTHEST)
    mended = {row.host for row in connection.execute(select(source.c.host).where(wrong, source.c.state != "paused"))}
    if mended:
        connection.execute(source.update().where(wrong, source.c.state != "paused").values(next_due_at=now))
        wake(connection, dict.fromkeys(mended, now))
    overdue = select(table.c.name, table.c.next_due_at).where(
        table.c.next_due_at < now - LATE, table.c.lease_owner.is_(None)
    )
    late = {row.name: row.next_due_at for row in connection.execute(overdue)}
    moved = [{"host": name, "next_due_at": at} for name, at in spread(late, now).items()]
    if moved:
        connection.execute(_BY_NAME, moved)
    return len(moved) + len(mended)
