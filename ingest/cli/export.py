"""`ingest export`: all articles as JSON lines or CSV."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from ingest.cli.options import config_option, read_settings
from ingest.store import Store

# What fits into a table; the rest is in the JSON.
_COLUMNS = (
    "url headline summary body authors published_at modified_at language site section tags contact_line credits "
    "paywalled source seen_at"
).split()
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@click.command("export")
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True)
@click.option("--source", metavar="NAME", help="Only what this source offered.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), help="Stored or changed since (UTC).")
@config_option
def command(form: str, source: str | None, since: datetime | None, config_file: Path | None) -> int:
    """Write all articles to standard output, in the order in which they were stored.

    JSON lines hold the whole record and can be read again with `ingest load`; CSV has the fields that fit a table.
    """
    settings = read_settings(config_file, needed=False)
    with Store.open(settings.database) as store:
        records = store.export(source=source, since=since.replace(tzinfo=UTC) if since else None)
        if form == "csv":
            _write_csv(records)
        else:
            for record in records:
                click.echo(json.dumps(record, ensure_ascii=False, separators=(",", ":")))
    return 0


def _write_csv(records: Iterable[Mapping[str, Any]]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(_COLUMNS)
    for record in records:
        writer.writerow([_cell(record[name]) for name in _COLUMNS])


def _cell(value: Any) -> str:
    """Text that a spreadsheet shows and does not compute (https://owasp.org/www-community/attacks/CSV_Injection)."""
    text = "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
