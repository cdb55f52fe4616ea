"""A connection to the database: URL, settings, transactions, and the translation of what can go wrong.

Nothing else in the store knows which of the two databases it talks to, except where a comment says why.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from itertools import chain, islice
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url
from sqlalchemy.pool import StaticPool

from ingest.errors import DatabaseUnavailable, StoreError
from ingest.store.columns import dump_json

T = TypeVar("T")
V = TypeVar("V")

LOCK_SECONDS = 30
"""How long a transaction waits for another one's lock."""

_SQLITE_SETTINGS = (
    f"PRAGMA busy_timeout = {LOCK_SECONDS * 1000}",
    "PRAGMA journal_mode = WAL",  # readers and the writer don't wait for each other
    # An fsync for every commit. With NORMAL a power cut may take back what a follower of the change feed has seen.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_size_limit = 67108864",  # after a long reader let the WAL grow, it shrinks to 64 MB
    "PRAGMA cache_size = -16384",  # 16 MB
)

_POSTGRESQL_SETTINGS = (
    "SET timezone = 'UTC'",  # psycopg gives times in the session's zone; year 9999 would not fit in all
    f"SET lock_timeout = '{LOCK_SECONDS}s'",
    "SET statement_timeout = '300s'",
    # A process that is stopped or cut off in the middle of a transaction holds the ledger: the server ends it.
    "SET idle_in_transaction_session_timeout = '30s'",
)

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_MET_ANOTHER = frozenset({"40001", "40P01", "55P03"})  # serialisation failure, deadlock, lock timeout
_SERVER_GONE = frozenset(
    {"57P01", "57P02", "57P03", "25P03", "08"}
)  # shut down, crashed, starting, idled out, connection

_ADVICE = {
    sqlite3.SQLITE_NOTADB: "it is not an SQLite database; name another file",
    sqlite3.SQLITE_CORRUPT: "it is damaged; restore it from a backup",
    sqlite3.SQLITE_CANTOPEN: "make its directory and see that you may write there",
    sqlite3.SQLITE_READONLY: "see that you may write the file and its directory",
    sqlite3.SQLITE_FULL: "make room on the disk",
    sqlite3.SQLITE_IOERR: "look at the disk",
    sqlite3.SQLITE_BUSY: f"another program has locked it for more than {LOCK_SECONDS} s; end that one",
}

_SQLITE_LOOK = 0.1  # seconds between looks at whether an SQLite file has changed

_CHUNK = 5_000  # parameters of one statement; the least limit is SQLite's, 32,766

_ATTEMPTS = 7
_FIRST_PAUSE = 0.1  # seconds, doubled each time, some 5 s in all: a PostgreSQL that was restarted is back by then


class Database:
    """Transactions that are retried as a whole, and errors that say what to do."""

    def __init__(self, url: str) -> None:
        parsed = _parse(url)
        self.name = parsed.render_as_string(hide_password=True)
        self._engine = _make_engine(parsed)
        self._joined: Connection | None = None

    @property
    def is_sqlite(self) -> bool:
        return self._engine.dialect.name == "sqlite"

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads: in SQLite it waits for no writer, and none waits for it."""
        if self._joined is not None:
            yield self._joined
            return
        try:
            with self._engine.connect() as connection:
                yield connection.execution_options(ingest_reading=True)
        except exc.DBAPIError as error:
            raise self._translate(error) from error

    @contextmanager
    def driver(self) -> Iterator[Any]:
        """The driver's own connection, outside of any transaction: for what SQLite does with the whole file."""
        try:
            with self._engine.connect() as connection:
                yield connection.connection.driver_connection
        except self._engine.dialect.loaded_dbapi.OperationalError as error:
            raise DatabaseUnavailable(f"{self.name}: {error}; see that the disk has room") from error

    @contextmanager
    def listening(self, channel: str) -> Iterator[Callable[[float], None]]:
        """Gives a function that waits until somebody committed a change, at most so many seconds.

        PostgreSQL wakes it by NOTIFY. SQLite can't wake anybody: it is asked for its data version, which costs 4 µs.
        """
        try:
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                driver: Any = connection.connection.driver_connection
                connection.detach()  # nobody else shall get a connection that listens
                if self.is_sqlite:
                    yield partial(_wait_for_sqlite, driver, [_data_version(driver)])
                else:
                    driver.execute(f"LISTEN {channel}")
                    yield partial(_wait_for_postgresql, driver)
        except exc.DBAPIError as error:
            raise self._translate(error) from error
        except self._engine.dialect.loaded_dbapi.OperationalError as error:
            raise DatabaseUnavailable(f"{self.name}: {error}; see that the server runs") from error

    @contextmanager
    def _joining(self, connection: Connection) -> Iterator[None]:
        before, self._joined = self._joined, connection
        try:
            yield
        finally:
            self._joined = before

    def together(self, first: Callable[[Connection], object], works: Callable[[], T]) -> T:
        """Run several pieces of work of this thread in one transaction, `first` before them."""

        def work(connection: Connection) -> T:
            first(connection)
            with self._joining(connection):
                return works()

        return self.write(work)

    def write(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns, once it is committed. A deadlock or a lost connection runs all of it again.

        `work` must be idempotent: a lost connection does not tell whether the commit succeeded.
        """
        if self._joined is not None:
            return work(self._joined)
        for pause in (_FIRST_PAUSE * 2**attempt for attempt in range(_ATTEMPTS)):
            try:
                with self._engine.begin() as connection:
                    return work(connection)
            except exc.DBAPIError as error:
                if not _worth_another_try(error):
                    raise self._translate(error) from error
                last = error
            time.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 — two that met should not meet again
        raise self._translate(last) from last

    def _translate(self, error: exc.DBAPIError) -> Exception:
        """The error as the user can act on it; the same error where it is our mistake."""
        said = " ".join(str(error.orig).split())
        if isinstance(error.orig, sqlite3.Error):
            advice = _ADVICE.get(getattr(error.orig, "sqlite_errorcode", 0) & 0xFF)
            return DatabaseUnavailable(f"{self.name}: {said}; {advice}") if advice else error
        code = _sqlstate(error)
        if _worth_another_try(error):
            return DatabaseUnavailable(f"{self.name}: {said}; see that the server runs and that the URL is right")
        if code[:2] == "53":  # disk full, out of memory, too many connections
            return DatabaseUnavailable(f"{self.name}: {said}; give the server what it lacks")
        if code == "42501":
            return StoreError(f"{self.name}: {said}; grant it, or name another user")
        return error


Statement = tuple[str, tuple[Any, ...]]
"""As the driver takes it: its text and its parameters."""


@contextmanager
def without_waiting(connection: Connection) -> Iterator[None]:
    """Keep what is given to `send` and `send_many` for the end, and let PostgreSQL have all of it in one go.

    It is worth half of a small transaction's time. What is read inside is read before any of it is written.
    """
    if connection.dialect.name == "sqlite" or _SHEAF in connection.info:  # or inside of another one already
        yield
        return
    sheaf = _Sheaf([], [])
    sheaf_of = connection.info  # not the connection's own any more once that is invalidated
    sheaf_of[_SHEAF] = sheaf
    try:
        yield
    finally:
        sheaf_of.pop(_SHEAF, None)
    with _pipeline(connection) if sheaf.before else nullcontext():
        for sql, rows in sheaf.before:
            connection.exec_driver_sql(sql, rows)
        _send_all(connection, sheaf.together)


@contextmanager
def _pipeline(connection: Connection) -> Iterator[Any]:
    """Gives the driver's connection; the answers are there once the block is left."""
    driver: Any = connection.connection.driver_connection
    dialect = connection.dialect
    errors: Any = dialect.loaded_dbapi.Error
    try:
        with driver.pipeline():
            yield driver
    except errors as error:
        # It comes with a later statement, or with the end, and SQLAlchemy never saw it.
        if dialect.is_disconnect(error, driver, None):
            connection.invalidate(error)
        raise exc.DBAPIError.instance("", None, error, errors, dialect=dialect) from error


def ask(connection: Connection, questions: Sequence[Statement]) -> list[list[tuple[Any, ...]]]:
    """The rows of each; PostgreSQL gets all of them at once, with the BEGIN before them if they are the first."""
    if connection.dialect.name == "sqlite" or len(questions) < 2:
        return [list(connection.exec_driver_sql(*question).cursor.fetchall()) for question in questions]
    with _pipeline(connection) as driver:
        cursors = [driver.execute(*question) for question in questions]
    return [cursor.fetchall() for cursor in cursors]


_SHEAF = "ingest_sheaf"


class _Sheaf(NamedTuple):
    """What is kept: statements for many rows, which go first, and those that go as one."""

    before: list[tuple[str, list[tuple[Any, ...]]]]
    together: list[Statement]


def send(connection: Connection, sql: str, parameters: tuple[Any, ...]) -> None:
    """Run a statement that changes rows which no other statement of the same `without_waiting` changes or reads."""
    sheaf = connection.info.get(_SHEAF)
    if sheaf is None:
        connection.exec_driver_sql(sql, parameters)
    else:
        sheaf.together.append((sql, parameters))


def send_many(connection: Connection, sql: str, rows: list[tuple[Any, ...]]) -> None:
    """The driver's executemany; inside of `without_waiting` before all that was sent by `send`."""
    sheaf = connection.info.get(_SHEAF)
    if sheaf is None:
        connection.exec_driver_sql(sql, rows)
    else:
        sheaf.before.append((sql, rows))


def _send_all(connection: Connection, sheaf: list[Statement]) -> None:
    """The statements as parts of one: foreign keys are looked at when all are done, and each costs half as much."""
    if sheaf:
        parts = ", ".join([f"part{number} AS ({sql})" for number, (sql, _) in enumerate(sheaf)])
        connection.exec_driver_sql(f"WITH {parts} SELECT 1", tuple(chain.from_iterable(one for _, one in sheaf)))


def chunks(values: Iterable[V]) -> Iterator[list[V]]:
    """The values in lists that fit into one statement's parameters; none for none."""
    rest = iter(values)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except exc.ArgumentError:
        # Not the URL itself: it may hold a password.
        raise StoreError(
            "the database URL can't be read; write sqlite:///ingest.db or postgresql://user@host/name"
        ) from None
    match parsed.get_backend_name():
        case "sqlite":
            return parsed.set(drivername="sqlite")
        case "postgresql" | "postgres":
            return parsed.set(drivername="postgresql+psycopg")
        case other:
            raise StoreError(
                f"{other} is no database that ingest knows; write sqlite:///ingest.db or postgresql://user@host/name"
            )


def _make_engine(url: URL) -> Engine:
    options: dict[str, Any] = {}
    if url.drivername == "sqlite" and url.database in {None, "", ":memory:"}:
        options["poolclass"] = StaticPool  # one connection: each would have a database of its own
    if url.drivername != "sqlite":
        options["paramstyle"] = "format"  # by position, as SQLite's: rows are tuples on both
    engine = create_engine(url, json_serializer=dump_json, hide_parameters=True, **options)
    if url.drivername == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _set_up_postgresql)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    # The module would begin transactions by itself, deferred, and commit before DDL.
    connection.isolation_level = None
    for setting in _SQLITE_SETTINGS:
        connection.execute(setting)


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that first reads and then writes fails at once if another wrote in between:
    # 455 of 600 with four processes, none with IMMEDIATE.
    reading = connection.get_execution_options().get("ingest_reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _set_up_postgresql(connection: Any, _record: object) -> None:
    for setting in _POSTGRESQL_SETTINGS:
        connection.execute(setting)
    connection.commit()


def _wait_for_postgresql(driver: Any, seconds: float) -> None:
    for _ in driver.notifies(timeout=seconds, stop_after=1):
        pass


def _wait_for_sqlite(driver: Any, seen: list[int], seconds: float) -> None:
    """`seen` holds the data version after which the caller looked last."""
    end = time.monotonic() + seconds
    while (version := _data_version(driver)) == seen[0] and time.monotonic() < end:
        time.sleep(_SQLITE_LOOK)
    seen[0] = version


def _data_version(driver: Any) -> int:
    """Changes when another connection commits (https://www.sqlite.org/pragma.html#pragma_data_version)."""
    return int(driver.execute("PRAGMA data_version").fetchone()[0])


def _sqlstate(error: exc.DBAPIError) -> str:
    """PostgreSQL's five characters; "" where the server could not say anything."""
    return getattr(error.orig, "sqlstate", None) or ""


def _worth_another_try(error: exc.DBAPIError) -> bool:
    if isinstance(error.orig, sqlite3.Error):
        return False  # it waited for LOCK_SECONDS already
    code = _sqlstate(error)
    if not code:  # no connection, or one that broke
        return isinstance(error, exc.OperationalError)
    return code in _MET_ANOTHER | _SERVER_GONE or code[:2] in _SERVER_GONE
