"""`ingest db`: the database itself."""

from __future__ import annotations

from pathlib import Path

import click
from rich.filesize import decimal
from rich.table import Table

from ingest.cli.options import config_option, json_option, print_json, read_settings, terminal
from ingest.store import Store


@click.group("db")
def command() -> None:
    """Upgrade, check or copy the database."""


@command.command("upgrade")
@config_option
def upgrade(config_file: Path | None) -> int:
    """Bring an older database to the schema of this program. Make a backup before."""
    settings = read_settings(config_file, needed=False)
    with Store.open(settings.database, upgrade=True) as store:
        click.echo(f"{store.name} has schema {store.revision}, the one of this program")
    return 0


@command.command("check")
@config_option
@json_option
def check(config_file: Path | None, as_json: bool) -> int:
    """Check that the database is whole, and show how large its parts are. Exit code 1: it is not whole."""
    settings = read_settings(config_file, needed=False)
    with Store.open(settings.database) as store:
        complaints, sizes = store.check(), store.sizes()
        name, revision = store.name, store.revision
    if as_json:
        parts = [{"name": part.name, "rows": part.rows, "bytes": part.bytes} for part in sizes]
        print_json({"database": name, "schema": revision, "complaints": complaints, "sizes": parts})
        return 1 if complaints else 0
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("part")
    table.add_column("rows", justify="right")
    table.add_column("size", justify="right")
    for part in sizes:
        table.add_row(part.name, f"{part.rows:,}", decimal(part.bytes) if part.bytes is not None else "")
    terminal().print(table)
    for complaint in complaints:
        click.echo(f"ingest: {complaint}", err=True)
    click.echo(f"{name}: schema {revision}, " + (f"{len(complaints)} complaints" if complaints else "sound"))
    return 1 if complaints else 0


@command.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@config_option
def backup(file: Path, config_file: Path | None) -> int:
    """Copy an SQLite database to FILE while it is in use; PostgreSQL has pg_dump."""
    settings = read_settings(config_file, needed=False)
    with Store.open(settings.database) as store:
        store.backup(file)
    click.echo(f"{file}: {decimal(file.stat().st_size)}")
    return 0
