"""The exceptions of ingest.

    IngestError
    ├── ConfigError        the configuration can't be used; lists every problem with file and line
    ├── NotAnArticle       a page without an article
    ├── NotASource         bytes that are no feed, sitemap or listing page
    ├── FetchError         a URL could not be had; `kind` says why in one word
    ├── ParseError         bytes were too much for the parser; `kind` says why in one word
    └── StoreError         the database can't be used
        ├── SchemaOutdated     older than this program: `ingest db upgrade`
        ├── SchemaTooNew       written by a newer ingest
        └── DatabaseUnavailable

Each message says what the user can do. Foreign errors (httpx, SQLAlchemy, feedparser) are translated
where the library is called and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def printable(text: str) -> str:
    """A message for people: its lines, without control characters and others that cannot be seen."""
    return text if text.isprintable() else "".join(char for char in text if char.isprintable() or char == "\n")


class IngestError(Exception):
    """Any error that ingest raises on purpose.

    Its text goes to terminals, logs and tables and may quote strangers, so that it holds no control characters.
    """

    def __str__(self) -> str:
        return printable(super().__str__())


class ConfigError(IngestError):
    """The configuration can't be used.

    `problems` holds one line per mistake, each "file:line: key: what is wrong; what to write".
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class NotAnArticle(IngestError):
    """The page holds no article; the message is the reason."""


class NotASource(IngestError):
    """The bytes are no feed, sitemap or listing page; the message says what they are instead."""


class FetchError(IngestError):
    """A URL could not be had.

    `kind` is one word for tables and counters: "dns", "connect", "tls", "timeout", "status", "too_big",
    "bad_body", "redirect", "blocked_address", "bad_url", "network".
    `status` is the HTTP status where there was one, `headers` (names in lower case) what came with it.
    """

    def __init__(
        self, kind: str, message: str, *, status: int | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        self.kind = kind
        self.status = status
        self.headers = headers or {}
        super().__init__(message)


class ParseError(IngestError):
    """Bytes were too much for the parser, which was stopped; nothing else was harmed.

    `kind` is one word for tables and counters: "parse_timeout", "parse_crash", "too_big" (of memory), "quarantined"
    (it was too much for the parser before, and has not changed), "machine" (ours has no file descriptor or process left
    for a parser: nobody's fault but our own).
    """

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        super().__init__(message)


class StoreError(IngestError):
    """The database can't be used."""


class SchemaOutdated(StoreError):
    """The database is older than this program; run `ingest db upgrade`."""


class SchemaTooNew(StoreError):
    """The database was written by a newer ingest; install that version."""


class DatabaseUnavailable(StoreError):
    """The database does not answer."""
