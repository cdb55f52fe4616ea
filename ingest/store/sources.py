"""The configured sources, and what the next request of each needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select

from ingest.errors import StoreError
from ingest.model import Source
from ingest.store import hosts
from ingest.store.bulk import Bulk, Lookup
from ingest.store.database import chunks
from ingest.store.ledger import Ledger
from ingest.store.records import Plan, Poll, PollPart, PollState
from ingest.store.rows import Row
from ingest.store.schema import source as table

_FORGET: Row = {
    "final_url": None,
    "etag": None,
    "last_modified": None,
    "body_hash": None,
    "parts": [],
    "failures": 0,
    "last_error": None,
    "memory": None,
    "moved_to": None,
}

_GONE_AFTER = timedelta(days=7)
"""A link is offered until its source answered for so long without it; last_seen_at is written once a day."""

_CONFIGURED = select(
    table.c.keep_pages_seconds,
    table.c.id,
    table.c.name,
    table.c.kind,
    table.c.url,
    table.c.state,
    table.c.last_success_at,
    table.c.failures,
)
STATE = (
    table.c.name,
    table.c.url,
    table.c.moved_to,
    table.c.final_url,
    table.c.etag,
    table.c.last_modified,
    table.c.body_hash,
    table.c.parts,
    table.c.memory,
    table.c.failures,
)
"""What `state_of` needs."""
_STATE = select(*STATE).where(table.c.name == bindparam("source"))
_BLAMED = select(
    table.c.id, table.c.host, table.c.failures, table.c.state, table.c.last_success_at, table.c.memory
).where(table.c.name == bindparam("source"))
_ID = select(table.c.id).where(table.c.name == bindparam("source"))
_IDS = Lookup(select(table.c.name, table.c.id).where(table.c.name.in_(bindparam("wanted", expanding=True))))
_BY_ID = table.update().where(table.c.id == bindparam("source_id"))
_BY_NAME = table.update().where(table.c.name == bindparam("polled"))
_ONE_MORE_FAILURE = _BY_NAME.values(failures=table.c.failures + 1)
_INSERT = Bulk(table.insert())
_WRITE_POLLS: dict[tuple[str, ...], Bulk] = {}
"""By the columns that are written: few kinds of polls, many of each."""


def register(connection: Connection, sources: Sequence[Source], now: datetime) -> None:
    """Make the table agree with the configuration; what agrees already is not written."""
    Ledger(connection)  # two processes that start at once register one after the other
    known = {row.name: row for row in connection.execute(_CONFIGURED)}
    awake: list[str | None] = []
    for new in chunks(source for source in sources if source.name not in known):
        rows = [_new_row(source, now) for source in new]
        _INSERT.run(connection, rows)
        awake += [row["host"] for row in rows]
    for source in sources:
        if (row := known.pop(source.name, None)) is not None and (change := _change(row, source, now)):
            connection.execute(_BY_ID, {"source_id": row.id} | change)
            awake.append(hosts.key(source.url))
    hosts.wake(connection, dict.fromkeys(awake, now))
    paused = [row.id for row in known.values() if row.state != "paused"]
    for source_id in paused:
        connection.execute(_BY_ID, {"source_id": source_id, "state": "paused", "next_due_at": None})


def _new_row(source: Source, now: datetime) -> Row:
    return {
        "name": source.name,
        "kind": source.kind,
        "url": source.url,
        "state": "new",
        "registered_at": now,
        "keep_pages_seconds": _seconds(source.keep_pages),
        "host": hosts.key(source.url),
        "next_due_at": now,
        "parts": [],
        "failures": 0,
    }


def _change(row: Any, source: Source, now: datetime) -> Row:
    """What to write for a source that is in the table: nothing, where it is as configured."""
    change: Row = {}
    if (row.kind, row.url) != (source.kind, source.url):
        # Another document: the validators of the old one would hide it.
        change |= {"kind": source.kind, "url": source.url, "state": "new", "last_success_at": None} | _FORGET
        change |= {"host": hosts.key(source.url), "next_due_at": now}
    elif row.state == "paused":
        change |= {"state": "failing" if row.failures else "ok" if row.last_success_at else "new", "next_due_at": now}
    if row.keep_pages_seconds != _seconds(source.keep_pages):
        change |= {"keep_pages_seconds": _seconds(source.keep_pages)}
    return change


def _seconds(time: timedelta) -> int:
    return int(time.total_seconds())


def poll_state(connection: Connection, name: str) -> PollState:
    """Raises StoreError for a source that was never registered."""
    row = connection.execute(_STATE, {"source": name}).one_or_none()
    if row is None:
        raise _unknown(name)
    return state_of(row)


def state_of(row: Any) -> PollState:
    """Of a row with the columns of `STATE`."""
    parts = tuple(PollPart(**part) for part in row.parts)
    return PollState(
        name=row.name,
        url=row.moved_to or row.url,
        etag=row.etag,
        last_modified=row.last_modified,
        body_hash=row.body_hash,
        parts=parts,
        memory=row.memory,
        failures=row.failures,
        final_url=row.final_url,
    )


def source_id(connection: Connection, name: str) -> int:
    """Raises StoreError for a source that was never registered."""
    found: int | None = connection.execute(_ID, {"source": name}).scalar_one_or_none()
    if found is None:
        raise _unknown(name)
    return found


def ids(connection: Connection, names: Iterable[str]) -> dict[str, int]:
    """Name → number. Raises StoreError for a source that was never registered."""
    wanted = set(names)
    found = dict(_IDS.rows(connection, sorted(wanted)))
    for name in wanted - found.keys():
        raise _unknown(name)
    return found


def write_polls(connection: Connection, polls: Iterable[tuple[Poll, Plan | None]]) -> None:
    """Each poll: its time, what it leaves for the next one, how the source is, and when it is due next."""
    alike: dict[tuple[str, ...], list[Row]] = {}
    for poll, plan in polls:
        row: Row = {"polled": poll.source} | (_failed(poll) if poll.outcome == "failed" else _answered(poll))
        if plan is None and poll.outcome == "failed":
            connection.execute(_ONE_MORE_FAILURE, row)
            continue
        if plan is not None:
            row |= _planned(plan)
            if plan.moved_to is not None:
                hosts.wake(connection, {row["host"]: plan.next_due_at})
        alike.setdefault(tuple(row), []).append(row)
    for columns, rows in alike.items():
        _WRITE_POLLS.setdefault(columns, Bulk(_BY_NAME)).run(connection, rows)


def _failed(poll: Poll) -> Row:
    """Validators stay: they still belong to the last complete answer."""
    return {"state": "failing", "last_polled_at": poll.at, "last_error": poll.error}


def _answered(poll: Poll) -> Row:
    left: Row = {
        "etag": poll.etag,
        "last_modified": poll.last_modified,
        "body_hash": poll.body_hash,
        "parts": [asdict(part) for part in poll.parts],
        "final_url": poll.final_url,
    }
    if poll.outcome == "unchanged":  # a 304 need not repeat the validators
        left = {name: value for name, value in left.items() if value}
    elif poll.links:
        left |= {"offers_since": poll.at - _GONE_AFTER}
    answered = {"state": "ok", "failures": 0, "last_error": None}
    return answered | {"last_polled_at": poll.at, "last_success_at": poll.at} | left


def _planned(plan: Plan) -> Row:
    row: Row = {
        "state": plan.state,
        "failures": plan.failures,
        "next_due_at": plan.next_due_at,
        "interval_seconds": _seconds(plan.interval),
        "memory": dict(plan.memory),
    }
    if plan.moved_to is not None:
        row |= {"moved_to": plan.moved_to, "host": hosts.key(plan.moved_to)}
    return row


def postpone(connection: Connection, name: str, at: datetime) -> None:
    """Poll a source later than was planned."""
    connection.execute(_BY_ID, {"source_id": source_id(connection, name), "next_due_at": at})


def absolve(connection: Connection, names: Sequence[str], at: datetime) -> None:
    """Take back the last failure of these sources, and poll them at `at`: it was our own network that was out."""
    for name in sorted(set(names)):
        row = connection.execute(_BLAMED, {"source": name}).one()
        if not row.failures:
            continue
        memory = {key: value for key, value in (row.memory or {}).items() if key != "failure"}
        change: Row = {"failures": row.failures - 1, "next_due_at": at, "memory": memory}
        if row.failures == 1 and row.state != "paused":
            change |= {"state": "ok" if row.last_success_at else "new", "last_error": None}
        connection.execute(_BY_ID, {"source_id": row.id} | change)
        hosts.wake(connection, {row.host: at})


def _unknown(name: str) -> StoreError:
    return StoreError(f"the database knows no source {name!r}; add it to the configuration, which registers it")
