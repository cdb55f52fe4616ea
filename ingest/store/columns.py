"""Column types that hold what the web sends, the same way on SQLite and PostgreSQL.

They are the one door for text and times: whatever a page contains, a statement can't fail on it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import JSON, BigInteger, Dialect, Integer, LargeBinary, Text, types
from sqlalchemy.dialects import postgresql


def storable(text: str) -> str:
    r"""The text as both databases can hold it: without NUL, lone surrogates replaced by U+FFFD.

    PostgreSQL refuses NUL in text, SQLite's functions end there; neither driver encodes a lone surrogate.

    >>> storable("a\x00b \ud83d c \ud83d\ude00")
    'ab � c 😀'
    """
    if "\x00" in text:
        text = text.replace("\x00", "")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        # By way of UTF-16, so that two halves that belong together become one character.
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def to_utc(time: datetime) -> datetime:
    """The same moment in UTC; one that UTC can't express in the years 1 to 9999 becomes the nearest that it can.

    >>> from datetime import timedelta, timezone
    >>> to_utc(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=9)))).isoformat()
    '0001-01-01T00:00:00+00:00'
    """
    if time.tzinfo is UTC:
        return time
    try:
        return time.astimezone(UTC)
    except OverflowError:
        return (datetime.min if time.year == 1 else datetime.max).replace(tzinfo=UTC)  # noqa: DTZ901 — a zone follows


def _storable_json(value: Any) -> Any:
    match value:
        case str():
            return storable(value)
        case dict():
            return {storable(key): _storable_json(item) for key, item in value.items()}
        case list() | tuple():
            return [_storable_json(item) for item in value]
        case _:
            return value


_TEXT = {str}
_quoted = json.encoder.encode_basestring
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dump_json(value: Any) -> str:
    r"""JSON as readers find it in the database: compact, characters as themselves.

    >>> dump_json({"a\x00": ["\ud83d", "쌀"]})
    '{"a":["�","쌀"]}'
    """
    text = _written(value)
    return text if _is_storable_json(text) else _encode(_storable_json(value))


def _is_storable_json(text: str) -> bool:
    return "\\u0000" not in text and storable(text) is text


def _written(value: Any) -> str:
    """What `_encode` gives, in a third of the time for the short lists and objects of an article."""
    kind = type(value)
    if kind is str:
        return _quoted(value)
    if kind is tuple or kind is list:
        if {*map(type, value)} <= _TEXT:
            return f"[{','.join(map(_quoted, value))}]"
        return f"[{','.join(map(_written, value))}]"
    if kind is dict and {*map(type, value)} <= _TEXT:
        return f"{{{','.join([f'{_quoted(key)}:{_written(one)}' for key, one in value.items()])}}}"
    return _encode(value)


def dump_rows(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as a JSON array that PostgreSQL's `json_to_recordset` reads; times and bytes are text as it writes them."""
    text = _encode_row_values(rows)
    return text if _is_storable_json(text) else _encode_row_values(_storable_json(rows))


def _as_text(value: object) -> str:
    match value:
        case datetime():
            return to_utc(value).isoformat()
        case bytes():
            return f"\\x{value.hex()}"
        case _:
            raise TypeError(f"no column holds a {type(value).__name__}")


_encode_row_values = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), check_circular=False, default=_as_text
).encode


def _bind_text(value: str | None) -> str | None:
    return None if value is None else storable(value)


def _bind_moment(value: datetime | None) -> datetime | None:
    return None if value is None else to_utc(value)


@lru_cache(maxsize=128)  # a batch writes the same moment into most of its rows
def _bind_moment_as_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    # Not strftime: glibc writes year 1 as "1".
    return to_utc(value).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


@lru_cache(maxsize=128)  # for the same reason
def _moment_of_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


class String(types.TypeDecorator[str]):
    """TEXT without a length; see `storable`."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:  # noqa: ARG002
        return _bind_text  # directly: SQLAlchemy's way there by process_bind_param costs three calls a value


class Time(types.TypeDecorator[datetime]):
    """A moment in UTC: `timestamptz` in PostgreSQL, text as `2026-11-23T05:01:30.000000Z` in SQLite.

    The text has a fixed width, so that it sorts as the moments do, and SQLite's date functions read it.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.TIMESTAMP(timezone=True))
        return dialect.type_descriptor(Text())

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        return _bind_moment if dialect.name == "postgresql" else _bind_moment_as_text

    def result_processor(self, dialect: Dialect, _coltype: object) -> Callable[[str | None], datetime | None] | None:
        return None if dialect.name == "postgresql" else _moment_of_text


Convert = Callable[[Sequence[Any]], Iterable[Any]]
"""What makes a column of values ready for the driver."""


def binder(kind: types.TypeEngine[Any], dialect: Dialect) -> Convert | None:
    """What converts the values of a column of this type, many at once; None: the driver takes them as they are."""
    match kind:
        case String():
            return _bind_texts
        case Time():
            return partial(map, kind.bind_processor(dialect))
        case JSON():
            return _bind_json
        case _:
            return None


def _bind_texts(values: Sequence[str | None]) -> Sequence[str | None]:
    whole = "".join(filter(None, values))
    return values if storable(whole) is whole else list(map(_bind_text, values))


def _bind_json(values: Sequence[Any]) -> list[str | None]:
    written = [None if value is None else _written(value) for value in values]
    if _is_storable_json("".join(filter(None, written))):
        return written
    return [None if value is None else dump_json(value) for value in values]


Json = JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
"""JSON text in SQLite, `jsonb` in PostgreSQL."""

Id = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits; SQLite gives them only to a column whose type reads INTEGER."""

Digest = LargeBinary(16)
"""The first 16 bytes of a SHA-256: PostgreSQL's unique indexes refuse keys over 2.7 KB, URLs may have 12 KB."""
