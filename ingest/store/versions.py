"""Which schema a database has, and how it gets the one of this program."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, select

from ingest.errors import SchemaOutdated, SchemaTooNew
from ingest.store import schema
from ingest.store.database import Database

_MIGRATIONS = Path(__file__).parent / "migrations"
_ADVISORY_LOCK = 0x696E67657374  # "ingest"; PostgreSQL has no row to lock before there is a schema


def settle_schema(database: Database, *, upgrade: bool) -> None:
    """Give an empty database the schema; upgrade an old one, or refuse it.

    Raises SchemaOutdated (without `upgrade`) and SchemaTooNew.
    """
    with database.reading() as connection:
        found = _revision(connection)
    if found == schema.REVISION:
        return

    def work(connection: Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
        found = _revision(connection)  # again: another process may have been faster
        if found is None:
            schema.create(connection)
        elif found != schema.REVISION:
            _migrate(connection, found, name=database.name, allowed=upgrade)

    database.write(work)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(schema.version.name):
        return None
    revision: str = connection.execute(select(schema.version.c.version_num)).scalar_one()
    return revision


def _migrate(connection: Connection, found: str, *, name: str, allowed: bool) -> None:
    """Run what is missing in the present transaction: killed half-way, nothing of it has happened.

    Alembic's environment (env.py, alembic.ini) is for its command line; its API needs neither.
    """
    # Here, because it costs 0.1 s and is needed once in a release.
    from alembic.migration import MigrationContext  # noqa: PLC0415
    from alembic.operations import Operations  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    scripts = ScriptDirectory(str(_MIGRATIONS))
    if found not in {script.revision for script in scripts.walk_revisions()}:
        raise SchemaTooNew(
            f"{name} has schema {found}, this ingest knows up to {schema.REVISION}; "
            "install the version of ingest that wrote it, or a later one"
        )
    if not allowed:
        raise SchemaOutdated(
            f"{name} has schema {found}, this ingest needs {schema.REVISION}; make a backup, then `ingest db upgrade`"
        )
    with Operations.context(MigrationContext.configure(connection)):
        for script in reversed(list(scripts.iterate_revisions(schema.REVISION, found))):
            script.module.upgrade()
    connection.execute(schema.version.update(), {"version_num": schema.REVISION})
    schema.finish(connection)
