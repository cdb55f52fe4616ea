"""The services of docs/reading.md are run as they stand there."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from ingest.store import Retention, Store

from .build import DAY, NOW, article, put

_DOC = (Path(__file__).parents[2] / "docs" / "reading.md").read_text()
_SQLITE, _POSTGRESQL = re.findall(r"```python\n(.*?)```", _DOC, re.DOTALL)


def wait_until(condition, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def follow(program: str, directory: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", program], cwd=directory, stderr=subprocess.PIPE, text=True)


def exercise(program: str, directory: Path, url: str, seen) -> None:
    """Articles come before it starts, while it runs, and while it is killed; it is started anew each time."""
    with Store.open(url) as store:
        put(store, article("a", headline="A"))
        for number, headline in enumerate("BC", 1):
            with follow(program, directory) as service:
                try:
                    wait_until(lambda: len(seen()) == 2 * number - 1)  # noqa: B023
                    put(store, article(headline.lower(), headline=headline, body=f"{headline} has another text."))
                    wait_until(lambda: len(seen()) == 2 * number)  # noqa: B023
                finally:
                    service.kill()
            put(store, article(f"{headline}-late", headline=f"{headline} late", body=f"Later on {headline} came."))
        store.prune(Retention(articles=DAY), NOW + 2 * DAY)
        with follow(program, directory) as service:
            try:
                wait_until(lambda: seen() == dict.fromkeys(range(1, 6)))
            finally:
                service.kill()


@pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)
def test_the_service_for_sqlite_misses_nothing_over_restarts(database_url: str, tmp_path: Path):
    file = database_url.removeprefix("sqlite:///")
    program = _SQLITE.replace("ingest.db", file).replace("time.sleep(1)", "time.sleep(0.05)")

    def seen() -> dict[int, str | None]:
        if not (tmp_path / "mine.db").exists():
            return {}
        mine = sqlite3.connect(tmp_path / "mine.db")
        try:
            return dict(mine.execute("SELECT article_id, text FROM headline ORDER BY article_id"))
        except sqlite3.OperationalError:
            return {}
        finally:
            mine.close()

    exercise(program, tmp_path, database_url, seen)


@pytest.mark.parametrize("make_database", ["postgresql"], indirect=True)
def test_the_service_for_postgresql_misses_nothing_over_restarts(database_url: str, tmp_path: Path, make_database):
    other = make_database(empty=True)
    program = _POSTGRESQL.replace("NEWS", repr(database_url)).replace("MINE", repr(other))

    def seen() -> dict[int, str | None]:
        with psycopg.connect(other) as mine:
            try:
                return dict(mine.execute("SELECT article_id, text FROM headline ORDER BY article_id").fetchall())
            except psycopg.errors.UndefinedTable:
                return {}

    exercise(program, tmp_path, database_url, seen)


@pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)
def test_the_queries_for_the_sqlite_shell_run(store: Store):
    put(store, article())
    queries = re.findall(r"^sqlite> (.*;)$", _DOC, re.MULTILINE)
    assert len(queries) == 3
    with store._database.reading() as connection:
        assert all(connection.exec_driver_sql(query).all() is not None for query in queries)


@pytest.mark.parametrize("make_database", ["postgresql"], indirect=True)
def test_the_queries_for_psql_run(store: Store, database_url: str):
    put(store, article())
    queries = re.findall(r"^news=> (SELECT.*;)$", _DOC, re.MULTILINE)
    assert len(queries) == 3
    with psycopg.connect(database_url) as connection:
        assert all(connection.execute(query).fetchall() is not None for query in queries)
