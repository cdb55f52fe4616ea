"""`ingest show`: one stored article and its history."""

from __future__ import annotations

from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from ingest.cli.options import config_option, json_option, print_json, read_settings, shown, terminal
from ingest.cli.record import print_article
from ingest.cli.words import word_diff
from ingest.model import json_ready
from ingest.store import Revision, Store, StoredArticle

# Fields of a version whose change people want to see, as they are called in the database.
_COMPARED = ("headline", "summary", "body", "contact_line", "image_caption", "image_credit", "credits")


@click.command("show")
@click.argument("article")
@click.option("--diff", is_flag=True, help="Show what each version changed, word by word.")
@config_option
@json_option
def command(article: str, diff: bool, config_file: Path | None, as_json: bool) -> int:
    """Show a stored article and its versions.

    ARTICLE is its number in the database or any of its addresses. Exit code 1: there is none.
    """
    settings = read_settings(config_file, needed=False)
    with Store.open(settings.database) as store:
        number = int(article) if article.isascii() and article.isdigit() else store.find(article)
        found = store.article(number) if number is not None else None
        history = store.revisions(number) if number is not None else []
    if found is None:
        click.echo(f"ingest: no article {shown(article)} in the database; `ingest explain URL` says why", err=True)
        return 1
    if as_json:
        print_json(_json(found, history))
    else:
        _print(found, history, terminal(), diff=diff)
    return 0


def _json(article: StoredArticle, history: list[Revision]) -> dict[str, Any]:
    return {**json_ready(asdict(article)), "revisions": [json_ready(asdict(version)) for version in history]}


def _print(article: StoredArticle, history: list[Revision], console: Console, *, diff: bool) -> None:
    print_article(article, console)
    console.print(Rule("versions", style="dim"))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("version", "stored", "cause", "changed"):
        table.add_column(name)
    for version, changed in zip(history, ["", *map(_changed, pairwise(history))], strict=True):
        table.add_row(str(version.revision), f"{version.seen_at:%Y-%m-%d %H:%M:%S}", version.cause, changed)
    console.print(table)
    if diff:
        for before, after in pairwise(history):
            _print_diff(before, after, console)


def _changed(versions: tuple[Revision, Revision]) -> str:
    before, after = versions
    return ", ".join(name for name in _COMPARED if getattr(before, name) != getattr(after, name))


def _print_diff(before: Revision, after: Revision, console: Console) -> None:
    console.print(Rule(f"{before.revision} → {after.revision} ({after.cause})", style="dim"))
    for name in _COMPARED:
        old, new = getattr(before, name) or "", getattr(after, name) or ""
        if old != new:
            console.print(Text.assemble((f"{name} ", "bold"), word_diff(old, new)))
