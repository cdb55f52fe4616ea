"""`ingest prune`: drop what is older than the user wants to keep."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import click

from ingest import clock
from ingest.cli.options import Age, config_option, json_option, print_json, read_settings
from ingest.store import Pruned, Retention, Store


@click.command("prune")
@click.option("--articles", type=Age(), help="Drop articles that were stored longer ago than this (365d).")
@click.option("--source", metavar="NAME", help="With --articles: only what this source offered and no other.")
@click.option("--revisions", type=Age(), help="Drop old versions longer ago than this; current ones stay.")
@click.option("--changes", type=Age(), help="Drop the change feed's entries longer ago than this.")
@click.option("--compact", is_flag=True, help="SQLite: give the room back to the disk, which takes a while.")
@click.option("--dry-run", is_flag=True, help="Only say what would be dropped.")
@config_option
@json_option
def command(
    *,
    articles: timedelta | None,
    source: str | None,
    revisions: timedelta | None,
    changes: timedelta | None,
    compact: bool,
    dry_run: bool,
    config_file: Path | None,
    as_json: bool,
) -> int:
    """Drop what is older than that, kept pages past their time, and links that lead nowhere and nobody offers.

    A dropped article does not come back while a source still offers it; followers of the change feed see `removed`.
    """
    settings = read_settings(config_file, needed=False)
    retention = Retention(articles=articles, source=source, revisions=revisions, changes=changes)
    with Store.open(settings.database) as store:
        if changes is not None and not dry_run:
            store.index()  # entries stay until the search index has seen them
        pruned = store.prune(retention, clock.now(), dry_run=dry_run)
        if compact and not dry_run:
            store.compact()
    if as_json:
        print_json({**asdict(pruned), "dry_run": dry_run})
    else:
        click.echo(_said(pruned, dry_run=dry_run))
    return 0


def _said(pruned: Pruned, *, dry_run: bool) -> str:
    counts = ", ".join(f"{count:,} {name}" for name, count in asdict(pruned).items())
    return f"{'would drop' if dry_run else 'dropped'}: {counts}"
