from __future__ import annotations

from array import array
from types import ModuleType

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from ingest.errors import SchemaOutdated, SchemaTooNew
from ingest.store import Store, schema, versions
from ingest.store.database import Database
from ingest.store.migrations.versions import v0001_first, v0002_keep_search_prune, v0003_hosts, v0004_copies

from .build import article, put, rows


def first_schema(url: str) -> None:
    """A database as the first release made it."""
    old_schema(url, v0001_first)


def old_schema(url: str, *migrations: ModuleType) -> None:
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    database = Database(url)

    def work(connection):
        with Operations.context(MigrationContext.configure(connection)):
            for migration in migrations:
                migration.upgrade()

    database.write(work)
    database.close()


def set_revision(url: str, revision: str) -> None:
    database = Database(url)
    database.write(lambda connection: connection.execute(schema.version.update(), {"version_num": revision}))
    database.close()


def described(url: str) -> dict[str, object]:
    """The schema as the database itself describes it; the order of columns and constraints does not matter."""
    database = Database(url)
    with database.reading() as connection:
        said = (_described_sqlite if database.is_sqlite else _described_postgresql)(connection)
    database.close()
    return said


def _described_sqlite(connection) -> dict[str, object]:
    said: dict[str, object] = {}
    for name, kind, sql in connection.execute(text("SELECT name, type, sql FROM sqlite_schema")):
        if kind == "table":
            for pragma, first in (("table_xinfo", 1), ("foreign_key_list", 2), ("index_list", 1)):
                found = connection.exec_driver_sql(f"PRAGMA {pragma}({name})")
                said[f"{name} {pragma}"] = sorted(map(str, (row[first:] for row in found)))
        elif sql:
            said[name] = " ".join(sql.split())
        else:
            said[name] = [tuple(row) for row in connection.exec_driver_sql(f"PRAGMA index_info({name})")]
    return said


def _described_postgresql(connection) -> dict[str, object]:
    columns = """
        SELECT c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attcompression,
               col_description(c.oid, a.attnum), pg_get_expr(d.adbin, d.adrelid)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace"""
    others = """
        SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT viewname, definition FROM pg_views WHERE schemaname = 'public'
        UNION ALL SELECT relname || ' itself', obj_description(oid, 'pg_class') FROM pg_class
                  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')"""
    return {name: tuple(rest) for query in (columns, others) for name, *rest in connection.execute(text(query))}


def test_a_fresh_schema_equals_the_migrated_one(make_database):
    migrated, fresh = make_database(empty=True), make_database()
    first_schema(migrated)
    Store.open(migrated, upgrade=True).close()
    assert described(migrated) == described(fresh)


def test_the_last_migration_is_the_revision_of_the_schema():
    assert ScriptDirectory(str(versions._MIGRATIONS)).get_current_head() == schema.REVISION


def test_every_table_and_column_has_a_comment():
    uncommented = [
        f"{table.name}.{column.name}"
        for table in schema.metadata.sorted_tables
        for column in table.columns
        if not column.comment and table is not schema.revision
    ]
    assert uncommented == []
    assert all(table.comment for table in schema.metadata.sorted_tables)


def test_an_empty_database_gets_the_schema_once(empty_database_url: str):
    with Store.open(empty_database_url) as store:
        put(store, article())
    with Store.open(empty_database_url) as store:
        assert len(rows(store, "article_v1")) == 1


def test_a_database_of_a_newer_program_is_refused_and_not_touched(database_url: str):
    set_revision(database_url, "9999")
    before = described(database_url)
    for upgrade in (False, True):
        with pytest.raises(SchemaTooNew, match=r"schema 9999.*install the version of ingest that wrote it"):
            Store.open(database_url, upgrade=upgrade)
    assert described(database_url) == before


def test_an_older_database_is_refused_until_it_is_upgraded_and_keeps_its_rows(make_database):
    url = make_database(empty=True)
    first_schema(url)
    database = Database(url)
    database.write(lambda connection: connection.execute(text(OLD_SOURCE)))
    database.close()
    with pytest.raises(SchemaOutdated, match=r"schema 0001.*`ingest db upgrade`"):
        Store.open(url)
    with Store.open(url, upgrade=True) as store:
        assert [row["name"] for row in rows(store, "source_v1")] == ["kept"]
        put(store, article())
    with Store.open(url) as store:
        assert len(rows(store, "article_v1")) == 1


OLD_SOURCE = """
    INSERT INTO source (id, name, kind, url, registered_at, state, parts, failures)
    VALUES (1000, 'kept', 'feed', 'https://kept.example/', '2026-11-01T00:00:00.000000Z', 'ok', '[]', 0)"""


def test_a_migration_that_is_killed_half_way_has_not_happened_and_can_be_run_again(make_database):
    url = make_database(empty=True)
    first_schema(url)
    before = described(url)
    database = Database(url)

    def killed(connection):
        versions._migrate(connection, "0001", name="x", allowed=True)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        database.write(killed)
    database.close()
    assert described(url) == before
    Store.open(url, upgrade=True).close()
    assert described(url) == described(make_database())


def test_keys_of_64_bits_become_their_lower_halves(make_database):
    url, keys = make_database(empty=True), (0x1234_5678_9ABC_DEF0, -(1 << 63), -2, (7 << 32) - 2)
    old_schema(url, v0001_first, v0002_keep_search_prune, v0003_hosts, v0004_copies)
    set_revision(url, "0004")
    database = Database(url)

    def fill(connection):
        connection.execute(text(OLD_ARTICLE), {"nothing": b"", "json": "[]"})
        connection.execute(text(OLD_FINGERPRINT), {"keys": array("q", keys).tobytes(), "nothing": b""})
        for key in keys:
            connection.execute(text("INSERT INTO copy_key (key, at, article_id) VALUES (:key, 5, 1)"), {"key": key})

    database.write(fill)
    database.close()
    with Store.open(url, upgrade=True) as store:
        halves = {0x9ABC_DEF0 - (1 << 32), 0, -2}
        assert {row["key"] for row in rows(store, "copy_key")} == halves
        [mark] = rows(store, "fingerprint")
        assert sorted(array("i", mark["keys"])) == sorted(halves)


OLD_ARTICLE = """
    INSERT INTO article (id, link_id, url, headline, authors, tags, word_count, material_hash, revision, cause,
                         first_seen_at, changed_at, contact_emails, contacts, origins, body)
    VALUES (1, 1, 'https://a.example/', 'Rice', :json, :json, 1, :nothing, 1, 'new',
            '2026-11-01T00:00:00.000000Z', '2026-11-01T00:00:00.000000Z', :json, :json, :json, 'Rice.')"""
OLD_FINGERPRINT = """
    INSERT INTO fingerprint (article_id, at, keys, units, sample, numbers, last_shingles)
    VALUES (1, 5, :keys, 200, :nothing, :nothing, 0)"""
