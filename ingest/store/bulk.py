"""One statement for many rows or keys, without what SQLAlchemy does for each of them.

It compiles a statement once, but spends some 12 µs a row on finding and converting the parameters, and an article
takes seven rows; a list of keys makes it write the statement anew, which takes longer than the database does to find
them. Here both are done by the same types' own converters, looked up once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update

from ingest.store.database import chunks
from ingest.store.rows import Row

_Convert = Callable[[Row], Any]


class Bulk:
    """An INSERT, UPDATE or DELETE; all rows that it is ever run with must have the same keys."""

    def __init__(self, statement: Insert | Update | Delete) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, _Convert]] = {}

    def run(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Run it for all rows at once; not at all for none."""
        if not rows:
            return
        name = connection.dialect.name
        if name not in self._compiled:
            self._compiled[name] = _compile(self._statement, connection.dialect, list(rows[0]))
        sql, convert = self._compiled[name]
        connection.exec_driver_sql(sql, [convert(row) for row in rows])


def _compile(statement: Insert | Update | Delete, dialect: Dialect, keys: list[str]) -> tuple[str, _Convert]:
    """The statement as the driver takes it, and what makes a row's parameters."""
    compiled: Any = statement.compile(dialect=dialect, column_keys=keys)
    names: list[str] = compiled.positiontup or list(compiled.params)
    places = [(name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names]

    def values(row: Row) -> tuple[Any, ...]:
        return tuple([row[name] if convert is None else convert(row[name]) for name, convert in places])

    def named(row: Row) -> Row:
        return {name: row[name] if convert is None else convert(row[name]) for name, convert in places}

    return str(compiled), values if compiled.positiontup else named


class Lookup:
    """A SELECT with one parameter, the list `wanted` (an expanding `bindparam`)."""

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, list[tuple[int, Callable[[Any], Any]]]]] = {}

    def rows(self, connection: Connection, wanted: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
        """The rows that have one of the keys; in any order, but for what the statement says. No statement for none."""
        name = connection.dialect.name
        if name not in self._compiled:
            self._compiled[name] = _compile_select(self._statement, connection.dialect)
        sql, conversions = self._compiled[name]
        for chunk in chunks(dict.fromkeys(wanted)):
            if name == "sqlite":
                marks = ",".join("?" * len(chunk))
                found = connection.exec_driver_sql(sql.format(f"IN ({marks})"), tuple(chunk))
            else:
                found = connection.exec_driver_sql(sql.format("= ANY(%s)"), (chunk,))
            for row in found.cursor.fetchall():
                if conversions:
                    values = list(row)
                    for place, convert in conversions:
                        values[place] = convert(values[place])
                    yield tuple(values)
                else:
                    yield row
            found.close()


def _compile_select(statement: Select[Any], dialect: Dialect) -> tuple[str, list[tuple[int, Callable[[Any], Any]]]]:
    """The statement with {} in place of the comparison with the keys; which columns are converted, and how."""
    compiled: Any = statement.compile(dialect=dialect)
    sql = str(compiled).replace("{", "{{").replace("}", "}}").replace("IN (__[POSTCOMPILE_wanted])", "{}")
    processors = [
        column.type.dialect_impl(dialect).result_processor(dialect, None) for column in statement.selected_columns
    ]
    return sql, [(place, convert) for place, convert in enumerate(processors) if convert is not None]
