"""`ingest reparse`: read kept pages again with the present extractor."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from ingest import clock
from ingest.app import run_reread
from ingest.cli.options import Since, config_option, json_option, print_json, read_settings, shown, terminal
from ingest.cli.words import word_diff
from ingest.model import json_ready
from ingest.pipeline import Reread
from ingest.store import Store

_BATCH = 100


@click.command("reparse")
@click.option("--source", metavar="NAME", help="Only pages of this source.")
@click.option("--since", type=Since(), help="Only pages fetched since (2026-11-01, 7d).")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--yes", is_flag=True, help="Store the changes without asking.")
@config_option
@json_option
def command(
    *,
    source: str | None,
    since: datetime | None,
    dry_run: bool,
    yes: bool,
    config_file: Path | None,
    as_json: bool,
) -> int:
    """Read kept pages again, without the network, show which fields change, and store them as new versions.

    Pages are kept for sources with `keep_pages`. Nothing is stored before you have seen the changes: on a terminal
    you are asked, elsewhere say --yes or --dry-run. Exit code 1: some pages hold no article any more.
    """
    if not (dry_run or yes or sys.stdin.isatty()):
        raise click.UsageError("nobody is there to be asked; add --yes to store the changes, or --dry-run")
    settings = read_settings(config_file, needed=False)
    with Store.open(settings.database) as store:
        found = asyncio.run(run_reread(settings, store, source=source, since=since))
        changed = [one for one in found if one.settlement is not None]
        if not as_json:
            _print(found, terminal())
        store_them = bool(changed) and not dry_run and (yes or click.confirm(f"Store {len(changed)} new versions?"))
        if store_them:
            _store(store, changed)
    if as_json:
        print_json(_json(found, stored=store_them))
    elif store_them:
        click.echo(f"stored {len(changed)} new versions")
    return 1 if any(one.reason for one in found) else 0


def _store(store: Store, changed: list[Reread]) -> None:
    settlements = [one.settlement for one in changed if one.settlement is not None]
    for start in range(0, len(settlements), _BATCH):
        store.settle(settlements[start : start + _BATCH], clock.now())


def _print(found: list[Reread], console: Console) -> None:
    for one in found:
        if one.reason:
            console.print(Text.assemble(("no article ", "red"), (shown(one.url), "cyan"), f": {shown(one.reason)}"))
        elif one.changes:
            console.print(Text(shown(one.url), style="cyan"), soft_wrap=True)
            for name, (before, after) in one.changes.items():
                console.print(Text.assemble((f"  {name} ", "bold"), word_diff(_text(before), _text(after))))
    fields = Counter(name for one in found for name in one.changes)
    told = ", ".join(f"{name} {count}" for name, count in fields.most_common()) or "nothing"
    changed = sum(bool(one.changes) for one in found)
    console.print(f"{len(found)} pages read again, {changed} differ: {told}")


def _text(value: Any) -> str:
    """A field as one text."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return " | ".join(_text(item) for item in value)
    if isinstance(value, (str, datetime, bool)):
        return str(value)
    parts = (getattr(value, name) for name in ("role", "url", "label", "caption", "credit"))
    return " · ".join(part for part in parts if part)


def _json(found: list[Reread], *, stored: bool) -> dict[str, Any]:
    return {
        "pages": len(found),
        "stored": stored,
        "changed": [
            {
                "url": one.url,
                "article_id": one.article_id,
                "fields": {name: {"stored": _plain(a), "read": _plain(b)} for name, (a, b) in one.changes.items()},
            }
            for one in found
            if one.changes
        ],
        "without_article": [{"url": one.url, "reason": one.reason} for one in found if one.reason],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_text(item) for item in value]
    return json_ready(value)
