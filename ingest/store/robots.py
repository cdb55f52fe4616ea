"""robots.txt of each host, as it was answered."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection, bindparam, select

from ingest.store.records import RobotsRecord
from ingest.store.schema import robots as table

_OF_HOST = select(table).where(table.c.host == bindparam("wanted"))
_FORGET = table.delete().where(table.c.host == bindparam("wanted"))


def robots(connection: Connection, host: str) -> RobotsRecord | None:
    row = connection.execute(_OF_HOST, {"wanted": host}).one_or_none()
    return None if row is None else RobotsRecord(**row._asdict())


def save_robots(connection: Connection, record: RobotsRecord) -> None:
    connection.execute(_FORGET, {"wanted": record.host})
    connection.execute(table.insert(), asdict(record))
