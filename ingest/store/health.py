"""What `ingest doctor` asks of a database, without changing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, inspect, select

from ingest.store import schema
from ingest.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    server: str
    """Name and version, for example "PostgreSQL 17.2"."""
    schema: str | None
    """None if it is empty."""
    wanted: str
    """The schema of this program."""
    at: datetime | None
    """The time by the server's clock; None for SQLite, whose clock is this machine's."""


def health(url: str) -> Health:
    """Look at a database. Raises StoreError where it can't be reached. A missing SQLite file would be made: look first."""
    database = Database(url)
    try:
        with database.reading() as connection:
            known = inspect(connection).has_table(schema.version.name)
            server = connection.dialect.name == "postgresql"
            name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.dialect.name]
            numbers = connection.dialect.server_version_info or ()
            return Health(
                server=f"{name} {'.'.join(map(str, numbers))}",
                schema=connection.execute(select(schema.version.c.version_num)).scalar_one() if known else None,
                wanted=schema.REVISION,
                at=connection.execute(select(func.clock_timestamp())).scalar_one() if server else None,
            )
    finally:
        database.close()
