"""What a row of the catalogue is: something hostile that is done to us, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ingest.model import Article, Discovery
from tests.hostile.world import World

Play = Callable[[World], str]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One of three: it is played here, it is held by tests of the suite, or it can't be had."""

    name: str
    title: str
    expected: str
    """A regular expression for what happened."""
    play: Play | None = None
    seconds: float = 3.0
    """It must be over by then, at small size."""
    tests: tuple[str, ...] = ()
    """Tests that hold it, "tests/store/test_database.py::test_…": run in place of a play at full size, as they are part of
    the suite anyway. With a play beside them, that is what only a machine with time can do."""
    absent: str = ""
    """Why there is nothing to play."""


@dataclass(frozen=True)
class Chapter:
    """The rows of one letter."""

    letter: str
    title: str
    last: int
    """The catalogue numbers its rows of this letter from 1 to here."""
    rows: list[Row] = field(default_factory=list)

    def row(
        self, name: str, title: str, expected: str, seconds: float = 3.0, tests: tuple[str, ...] = ()
    ) -> Callable[[Play], Play]:
        """The function below plays it and tells what happened."""

        def add(play: Play) -> Play:
            self.rows.append(Row(name=name, title=title, expected=expected, play=play, seconds=seconds, tests=tests))
            return play

        return add

    def held(self, name: str, title: str, *tests: str) -> None:
        """Tests of the suite hold it."""
        self.rows.append(Row(name=name, title=title, expected=r"^\d+ passed", tests=tests))

    def absent(self, name: str, title: str, reason: str) -> None:
        self.rows.append(Row(name=name, title=title, expected="^$", absent=reason))

    def missing(self) -> set[str]:
        """Rows that nobody has thought of yet."""
        return {f"{self.letter}{number}" for number in range(1, self.last + 1)} - {row.name for row in self.rows}


def told(result: Article | Discovery | str) -> str:
    """A result in a line."""
    if isinstance(result, Article):
        return f"article {result.headline!r}, {len(result.body)} characters"
    if isinstance(result, Discovery):
        return f"{len(result.links)} links, {'complete' if result.complete else 'cut'}; {'; '.join(result.warnings)}"
    return result


def answer(body: bytes = b"ok", *headers: str, status: str = "200 OK") -> bytes:
    """An answer of HTTP/1.1, written out."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def rss(items: str = "", head: str = "", before: str = "") -> str:
    return f"<?xml version='1.0'?>{before}<rss version='2.0'><channel><title>T</title>{head}{items}</channel></rss>"


def item(number: int | str = 1, extra: str = "", at: str = "https://example.org/") -> str:
    return f"<item><title>Story {number}</title><link>{at}{number}</link>{extra}</item>"
