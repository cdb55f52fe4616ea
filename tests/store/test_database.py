from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import exc

from ingest.errors import DatabaseUnavailable, SchemaTooNew, StoreError
from ingest.store import Store
from ingest.store.database import Database, ask, chunks, send, send_many, without_waiting

from .build import NOW, article, put, rows, source


@pytest.mark.parametrize("url", ["", "ingest.db", "mysql://root:secret@localhost/x", "http://example.org:secret@/"])
def test_a_url_that_names_no_database_is_refused_with_what_to_write(url: str):
    with pytest.raises(StoreError, match=r"write sqlite:///ingest\.db or postgresql://") as caught:
        Store.open(url)
    assert "secret" not in str(caught.value)


def test_postgresql_urls_need_not_name_the_driver(postgresql_server: str):
    url = postgresql_server.format("postgres")
    for scheme in ("postgresql", "postgres", "postgresql+psycopg"):
        database = Database(url.replace("postgresql", scheme, 1))
        with database.reading() as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar() == 1
        database.close()


def test_a_server_that_does_not_answer_is_named_without_its_password():
    with pytest.raises(DatabaseUnavailable, match="see that") as caught:
        # Port 1 of the loopback: nobody listens there.
        Database("postgresql://me:secret@127.0.0.1:1/news").reading().__enter__()
    assert "postgresql+psycopg://me:***@127.0.0.1:1/news" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_database_that_does_not_exist_is_named(postgresql_server: str):
    with pytest.raises(DatabaseUnavailable, match=r'"nowhere" does not exist; see that .* the URL is right'):
        Store.open(postgresql_server.format("nowhere"))


def test_a_user_without_rights_is_told_what_is_missing(postgresql_server: str, postgresql_template: str):
    server = postgresql_server.format("postgres")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE ROLE guest LOGIN")
    try:
        with pytest.raises(StoreError, match=r"permission denied .*; grant it"):
            Store.open(postgresql_server.format(postgresql_template).replace("postgres@", "guest@"))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("DROP ROLE guest")


def test_a_file_that_is_no_database_is_refused_and_not_touched(tmp_path: Path):
    path = tmp_path / "notes.txt"
    path.write_bytes(b"my notes\n" * 1000)
    with pytest.raises(DatabaseUnavailable, match="it is not an SQLite database; name another file"):
        Store.open(f"sqlite:///{path}")
    assert path.read_bytes() == b"my notes\n" * 1000


def test_a_directory_that_is_missing_is_said(tmp_path: Path):
    with pytest.raises(DatabaseUnavailable, match="make its directory"):
        Store.open(f"sqlite:///{tmp_path}/missing/ingest.db")


def test_a_damaged_file_is_named_and_not_written_over(tmp_path: Path, sqlite_template: Path):
    content = bytearray(sqlite_template.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path = tmp_path / "ingest.db"
    path.write_bytes(content)
    with pytest.raises((DatabaseUnavailable, SchemaTooNew), match="damaged; restore it from a backup"):
        Store.open(f"sqlite:///{path}")
    assert path.read_bytes()[4096:] == content[4096:]


def test_a_database_in_memory_works_as_one(tmp_path: Path):
    with Store.open("sqlite://") as store:
        put(store, article())
        assert len(list(store.articles())) == 1


def test_sqlite_is_set_up_for_readers_beside_a_writer_and_for_power_cuts(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path}/ingest.db")
    with database.reading() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "journal_size_limit")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "journal_size_limit": 2**26,
    }
    database.close()


def test_postgresql_is_set_up_so_that_nothing_waits_without_an_end(postgresql_server: str):
    database = Database(postgresql_server.format("postgres"))
    names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout", "timezone")
    with database.reading() as connection:
        found = [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in names]
    assert found == ["30s", "5min", "30s", "UTC"]
    database.close()


def test_readers_do_not_wait_for_a_writer(database_url: str):
    with Store.open(database_url) as writer, Store.open(database_url) as reader:
        put(writer, article("a"))

        def work(connection):
            connection.exec_driver_sql("UPDATE ledger SET article_id = 77")
            return [one.url for one in reader.articles()]

        assert writer._database.write(work) == ["https://harbour.example/a"]


def test_what_raises_in_a_transaction_leaves_nothing(store: Store):
    store.register([source()], NOW)

    def work(connection):
        connection.exec_driver_sql("UPDATE source SET state = 'gone'")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store._database.write(work)
    assert [row["state"] for row in rows(store, "source_v1")] == ["new"]


def test_a_mistake_in_our_sql_is_not_called_the_databases_fault(store: Store):
    with pytest.raises(Exception, match="nonsense") as caught:
        store._database.write(lambda connection: connection.exec_driver_sql("nonsense"))
    assert not isinstance(caught.value, StoreError)


def test_a_transaction_that_meets_a_deadlock_is_run_again_as_a_whole(postgresql_server, postgresql_template):
    """Two transactions take two locks in opposite orders: PostgreSQL ends one of them."""
    url = postgresql_server.format("postgres")
    both_hold_one = threading.Barrier(2)
    runs: list[str] = []

    def transaction(first: int, second: int):
        def work(connection):
            runs.append(f"{first}{second}")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({first})")
            if runs.count(f"{first}{second}") == 1:
                both_hold_one.wait(10)
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({second})")

        database = Database(url)
        database.write(work)
        database.close()

    threads = [threading.Thread(target=transaction, args=pair) for pair in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(set(runs)) == ["12", "21"]
    assert len(runs) == 3


def test_a_connection_that_the_server_ended_is_made_anew(postgresql_server: str):
    database = Database(postgresql_server.format("postgres"))
    runs = []

    def work(connection):
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        runs.append(pid)
        if len(runs) == 1:
            with psycopg.connect(postgresql_server.format("postgres"), autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        return connection.exec_driver_sql("SELECT 42").scalar_one()

    assert database.write(work) == 42
    assert len(runs) == 2
    database.close()


def test_a_locked_sqlite_file_is_said_after_the_wait(tmp_path: Path):
    path = tmp_path / "ingest.db"
    with Store.open(f"sqlite:///{path}") as store:
        # What the store would wait for LOCK_SECONDS for, in 10 ms.
        store._database.write(lambda connection: connection.exec_driver_sql("PRAGMA busy_timeout = 10"))
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseUnavailable, match="another program has locked it"):
            store.register([source()], NOW)
        other.close()
        store.register([source()], NOW)


def test_lists_are_cut_to_what_one_statement_takes():
    assert list(chunks([])) == []
    assert [len(chunk) for chunk in chunks(range(12_000))] == [5_000, 5_000, 2_000]


def test_what_fails_unwaited_for_is_said_and_a_lost_connection_is_made_anew(postgresql_server: str):
    database = Database(postgresql_server.format("postgres"))
    runs = []

    def work(connection, statement: str):
        runs.append(statement)
        with without_waiting(connection):
            send_many(connection, statement if len(runs) == 1 else "SELECT %s", [(1,)])
            send_many(connection, "SELECT %s + 1", [(1,)])
        return len(runs)

    with pytest.raises(exc.DataError, match="division by zero"):
        database.write(lambda connection: work(connection, "SELECT %s/0"))
    assert len(runs) == 1
    runs.clear()
    assert database.write(lambda connection: work(connection, "SELECT pg_terminate_backend(pg_backend_pid()), %s")) == 2
    database.close()


def test_statements_that_go_as_one_are_all_done_or_none_and_what_fails_among_them_is_said(postgresql_server: str):
    database = Database(postgresql_server.format("postgres"))
    database.write(lambda connection: connection.exec_driver_sql("CREATE TABLE part (n integer)"))

    def work(connection, *numbers: str) -> None:
        with without_waiting(connection):
            for number in numbers:
                send(connection, f"INSERT INTO part SELECT {number} + %s", (1,))

    database.write(lambda connection: work(connection, "1", "2"))
    with pytest.raises(exc.DataError, match="division by zero"):
        database.write(lambda connection: work(connection, "3", "4/0"))
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT n FROM part ORDER BY n").scalars().all() == [2, 3]
    database.write(lambda connection: connection.exec_driver_sql("DROP TABLE part"))
    database.close()


def test_what_is_asked_together_is_answered_in_order_and_what_fails_is_said(database_url: str):
    database = Database(database_url)
    questions = [("SELECT 1, 2", ()), ("SELECT 3 WHERE 1 = 0", ()), ("SELECT 4 UNION ALL SELECT 5", ())]
    assert database.write(lambda connection: ask(connection, questions)) == [[(1, 2)], [], [(4,), (5,)]]
    assert database.write(lambda connection: ask(connection, [])) == []
    with pytest.raises(exc.DBAPIError, match="nonsense"):
        database.write(lambda connection: ask(connection, [*questions, ("SELECT nonsense", ())]))
    assert database.write(lambda connection: ask(connection, questions[:1])) == [[(1, 2)]]
    database.close()


def test_a_connection_that_is_lost_while_something_is_asked_together_is_made_anew(postgresql_server: str):
    database = Database(postgresql_server.format("postgres"))
    runs = []

    def work(connection):
        runs.append(1)
        end = "SELECT pg_terminate_backend(pg_backend_pid())" if len(runs) == 1 else "SELECT 1"
        return ask(connection, [(end, ()), ("SELECT 2", ())])

    assert database.write(work) == [[(1,)], [(2,)]]
    assert len(runs) == 2
    database.close()
