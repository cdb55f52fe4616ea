"""`ingest doctor`: is everything here as it must be, and what to do where it is not. Nothing is changed."""

from __future__ import annotations

import asyncio
import os
import pyexpat
import re
import shutil
import sqlite3
import ssl
import stat
import sys
from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Literal

import click
from rich.table import Table
from rich.text import Text

from ingest import clock
from ingest.box import Box
from ingest.cli.options import config_option, json_option, print_json, read_settings, shown, terminal
from ingest.config import DEFAULT_FILE, Settings, default_settings
from ingest.errors import ConfigError, IngestError, NotAnArticle, StoreError
from ingest.store.health import Health, health

State = Literal["ok", "warn", "fail"]

EXPAT = (2, 7, 0)  # CVE-2024-8176: a chain of entities overflows the stack
SQLITE = (3, 35, 0)  # RETURNING
SQLITE_GOOD = (3, 51, 3)  # the WAL-reset race, https://sqlite.org/wal.html#walresetbug
BROTLI = (1, 2)  # the first whose decompressor can be bounded
DISK_LOW, DISK_FULL = 2_000_000_000, 200_000_000  # bytes
CLOCK_OFF, CLOCK_WRONG = 2.0, 60.0  # seconds
FILES = 1024  # descriptors: 64 visits, their connections, the database


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the answer."""

    name: str
    state: State
    found: str
    advice: str = ""
    """What to do; empty where all is well."""


@click.command("doctor")
@config_option
@json_option
def command(config_file: Path | None, as_json: bool) -> int:
    """Check versions, database, permissions, disk, clock, certificates and configuration.

    Each line says what was found and what to do. Exit code 1 if something must be mended.
    """
    checks = list(examine(config_file))
    failed = any(check.state == "fail" for check in checks)
    if as_json:
        print_json({"ok": not failed, "checks": [asdict(check) for check in checks]})
    else:
        _print(checks)
    return 1 if failed else 0


def examine(config_file: Path | None) -> Iterator[Check]:
    """All checks; a broken configuration is one of them, and the others go by the defaults."""
    yield from versions()
    yield _certificates()
    yield _descriptors()
    yield _box()
    settings = yield from _configuration(config_file)
    yield from database(settings.database)


def _print(checks: list[Check]) -> None:
    styles = {"ok": "green", "warn": "yellow", "fail": "bold red"}
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for check in checks:
        told = Text(shown(check.found))
        if check.advice:
            told.append(f"\n→ {shown(check.advice)}", style="dim")
        table.add_row(Text(check.state, style=styles[check.state]), check.name, told)
    terminal().print(table)


# ------------------------------------------------------------ this installation


def versions() -> Iterator[Check]:
    """The versions that matter for safety, and the packages that are pinned."""
    python = ".".join(map(str, sys.version_info[:3]))
    yield Check("python", "ok", python)
    yield _at_least("expat", pyexpat.EXPAT_VERSION.removeprefix("expat_"), EXPAT, "warn",
                    "feeds could crash their parser (CVE-2024-8176); the box keeps that from spreading. Update Python")  # fmt: skip
    if sqlite3.sqlite_version_info < SQLITE:
        yield _at_least("sqlite", sqlite3.sqlite_version, SQLITE, "fail", "update Python or its SQLite")
    else:
        yield _at_least("sqlite", sqlite3.sqlite_version, SQLITE_GOOD, "warn",
                        "a rare race can damage a database in WAL mode; update SQLite, make backups, or use PostgreSQL")  # fmt: skip
    yield _at_least("brotli", _installed("brotli"), BROTLI, "fail",
                    "older ones unpack without bounds; install the locked requirements")  # fmt: skip
    for requirement in requires("ingest") or []:
        if pinned := re.fullmatch(r"([\w-]+)==([\w.]+)", requirement.partition(";")[0].strip()):
            yield _pinned(pinned[1], pinned[2])


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


def _at_least(name: str, found: str, wanted: tuple[int, ...], otherwise: State, advice: str) -> Check:
    numbers = tuple(map(int, re.findall(r"\d+", found)))
    if numbers >= wanted:
        return Check(name, "ok", found)
    return Check(name, otherwise, f"{found}, should be {'.'.join(map(str, wanted))} or later", advice)


def _pinned(package: str, wanted: str) -> Check:
    found = _installed(package)
    if found == wanted:
        return Check(package, "ok", found)
    return Check(package, "fail", f"{found}, must be {wanted}", "install the locked requirements: requirements.txt")


def _certificates() -> Check:
    paths = ssl.get_default_verify_paths()
    directory = Path(paths.capath) if paths.capath else None
    found = ssl.create_default_context().cert_store_stats()["x509_ca"]
    if found:
        return Check("certificates", "ok", f"{found} authorities")
    if directory is not None and directory.is_dir() and any(directory.iterdir()):
        return Check("certificates", "ok", f"authorities in {directory}")  # OpenSSL reads them as they are needed
    return Check("certificates", "fail", "no certificate authorities, so that no https page can be had",
                 "install the system's ca-certificates, or set SSL_CERT_FILE")  # fmt: skip


def _descriptors() -> Check:
    if sys.platform == "win32":
        return Check("open files", "ok", "not limited here")
    import resource  # noqa: PLC0415  not on Windows

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= soft < FILES:
        return Check("open files", "warn", f"at most {soft}", f"allow {FILES}: ulimit -n {FILES}, or LimitNOFILE=")
    return Check("open files", "ok", f"at most {soft}" if soft >= 0 else "not limited")


def _box() -> Check:
    """Parse an empty page in the box: a worker that starts and answers says that it is none."""

    async def ask() -> None:
        async with Box(everything=True) as box:
            await box.extract(b" ", url="https://example.org/")

    if sys.platform != "linux":
        return Check(
            "box", "warn", "hostile pages are parsed without one", "run it on Linux, or only on sites you trust"
        )
    try:
        asyncio.run(ask())
    except NotAnArticle:
        return Check("box", "ok", "starts and answers")
    except (IngestError, OSError) as error:
        return Check("box", "fail", f"does not start: {error}", "see that processes may be started, and memory is free")
    return Check("box", "fail", "gives wrong answers", "install the locked requirements: requirements.txt")


# ------------------------------------------------------------ configuration


def _configuration(config_file: Path | None) -> Generator[Check, None, Settings]:
    try:
        settings = read_settings(config_file, needed=False)
    except ConfigError as error:
        for problem in error.problems:
            yield Check("configuration", "fail", problem, "mend that line; docs/configuration.md")
        return default_settings({})
    file = config_file or DEFAULT_FILE
    if config_file is None and not file.exists():
        yield Check("configuration", "ok", "none; the defaults hold")
    else:
        yield Check("configuration", "ok", f"{file}, {len(settings.sources)} sources")
        yield from _file_mode(file, settings)
    yield from _manners(settings)
    return settings


def _file_mode(file: Path, settings: Settings) -> Iterator[Check]:
    """A file with a password is for its owner alone."""
    secret = re.search(r"://[^/@]*:[^/@]+@", settings.database) and "INGEST_DATABASE" not in os.environ
    if secret and file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        yield Check("permissions", "warn", f"{file} holds a password and others may read it",
                    f"chmod 600 {file}, or give the address by INGEST_DATABASE")  # fmt: skip


def _manners(settings: Settings) -> Iterator[Check]:
    if settings.identity.contact is None:
        yield Check("identity", "warn", "site owners can't reach you", "set identity.contact to a page or an address")
    if opened := settings.fetch.allow_addresses:
        yield Check("addresses", "warn", f"may be fetched from: {', '.join(map(str, opened))}",
                    "remove them from fetch.allow_addresses unless your sources are there")  # fmt: skip


# ------------------------------------------------------------ the database


def database(url: str) -> Iterator[Check]:
    """Reachability, schema, clock; for SQLite the file, its directory and the disk."""
    if url.startswith("sqlite"):
        name = url.partition(":///")[2].partition("?")[0]
        if name in ("", ":memory:"):
            yield Check("database", "warn", "in memory: it ends with the command", "name a file: sqlite:///ingest.db")
            return
        file = Path(name)
        yield from _directory(file)
        if not file.exists():
            yield Check("database", "ok", f"{file} will be made on first use")
            return
    try:
        found = health(url)
    except StoreError as error:
        yield Check("database", "fail", str(error), "start it, or correct database: (INGEST_DATABASE)")
        return
    yield Check("database", "ok", found.server)
    yield _schema(found)
    if found.at is not None:
        yield _clock((clock.now() - found.at).total_seconds())


def _directory(file: Path) -> Iterator[Check]:
    directory = file.absolute().parent
    if not directory.is_dir():
        yield Check("permissions", "fail", f"{directory} does not exist", f"mkdir -p {directory}")
        return
    writable = os.access(directory, os.W_OK | os.X_OK) and (not file.exists() or os.access(file, os.W_OK))
    if writable:
        yield Check("permissions", "ok", f"{directory} can be written")
    else:
        yield Check("permissions", "fail", f"{file} and its directory can't be written",
                    "let this user write both: SQLite keeps its log beside the file")  # fmt: skip
    free = shutil.disk_usage(directory).free
    state: State = "ok" if free >= DISK_LOW else "warn" if free >= DISK_FULL else "fail"
    yield Check("disk", state, f"{free / 1e9:,.1f} GB free", "" if state == "ok" else "make room, or `ingest prune`")


def _schema(found: Health) -> Check:
    if found.schema is None:
        return Check("schema", "ok", "empty; it is made on first use")
    if found.schema == found.wanted:
        return Check("schema", "ok", found.schema)
    if found.schema < found.wanted:
        advice = "make a backup, then `ingest db upgrade`"
        return Check("schema", "fail", f"{found.schema}, this ingest needs {found.wanted}", advice)
    return Check("schema", "fail", f"{found.schema}, this ingest knows up to {found.wanted}", "install a newer ingest")


def _clock(ahead: float) -> Check:
    told = f"{abs(ahead):.1f} s {'ahead of' if ahead > 0 else 'behind'} the database's"
    if abs(ahead) < CLOCK_OFF:
        return Check("clock", "ok", told)
    return Check("clock", "warn" if abs(ahead) < CLOCK_WRONG else "fail", told, "set both by NTP")
