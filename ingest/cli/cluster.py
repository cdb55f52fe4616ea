"""`ingest cluster`: why articles are, or are not, copies of each other; and undoing it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.text import Text

from ingest import clock
from ingest.cli.comparison import cluster_of, compare_with, compare_with_all, print_comparisons, why_nothing
from ingest.cli.options import config_option, json_option, print_json, read_settings, shown, terminal
from ingest.store import Store, StoredArticle


@click.group("cluster")
def command() -> None:
    """Show why articles are, or are not, copies; take one out of its cluster."""


@command.command("show")
@click.argument("article")
@click.argument("other", required=False)
@config_option
@json_option
def show(article: str, other: str | None, config_file: Path | None, as_json: bool) -> int:
    """Compare an ARTICLE (its number or any of its addresses) with what it shares passages with, or with the OTHER."""
    with Store.open(read_settings(config_file, needed=False).database) as store:
        one = _article(store, article)
        rows = compare_with(store, one, _article(store, other)) if other else compare_with_all(store, one)
        nothing = why_nothing(store, one)
    if as_json:
        print_json({"article": _brief(one), "compared": [row.as_dict() for row in rows]})
        return 0
    console = terminal()
    cluster = f"cluster {cluster_of(one)}" if one.cluster_id else "no cluster"
    console.print(Text.assemble((shown(one.headline), "bold"), f"  article {one.id}, {cluster}"), soft_wrap=True)
    if rows:
        print_comparisons(rows, console)
    else:
        console.print(Text(f"{nothing[0].upper()}{nothing[1:]}."))
    return 0


@command.command("split")
@click.argument("article")
@config_option
def split(article: str, config_file: Path | None) -> int:
    """Take an ARTICLE (its number or any of its addresses) out of its cluster."""
    with Store.open(read_settings(config_file, needed=False).database) as store:
        one = _article(store, article)
        if not store.split(one.id, clock.now()):
            raise click.UsageError(f"article {one.id} is in no cluster")
    click.echo(f"article {one.id} stands alone now")
    return 0


def _article(store: Store, text: str) -> StoredArticle:
    number = int(text) if text.isdecimal() and len(text) < 19 else store.find(text)
    found = store.article(number) if number is not None else None
    if found is None:
        raise click.UsageError(f"no article is stored under {text!r}; name its number or one of its addresses")
    return found


def _brief(article: StoredArticle) -> dict[str, Any]:
    return {name: getattr(article, name) for name in ("id", "url", "headline", "cluster_id", "original_id")}
