"""`ingest cluster`: why articles are, or are not, copies of each other; and undoing it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from ingest import clock
from ingest.cli.options import config_option, json_option, print_json, read_settings, shown, terminal
from ingest.dedupe import Known, Likeness
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
        compared = _with_other(store, one, _article(store, other)) if other else _with_all(store, one)
        rows = [(store.article(known.article_id), known, likeness) for known, likeness in compared]
    if as_json:
        print_json({"article": _brief(one), "compared": [_row_json(row) for row in rows]})
        return 0
    console = terminal()
    cluster = f"cluster {one.cluster_id}" if one.cluster_id else "no cluster"
    console.print(Text.assemble((shown(one.headline), "bold"), f"  article {one.id}, {cluster}"), soft_wrap=True)
    if not rows:
        console.print(Text("It shares no passage with another article of its days."))
        return 0
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("article", "cluster", "keys", "containment", "jaccard", "numbers apart", "decision", "headline"):
        table.add_column(name, justify="left" if name in ("decision", "headline") else "right")
    for stored, known, likeness in rows:
        table.add_row(
            str(known.article_id),
            str(known.cluster_id),
            f"{known.shared_keys} of 16",
            f"{likeness.containment:.2f}",
            f"{likeness.jaccard:.2f}",
            " / ".join(map(str, likeness.numbers_apart)),
            Text(str(likeness.finding), style="green" if likeness.is_copy else "yellow"),
            Text(shown(stored.headline if stored else "(pruned)")),
        )
    console.print(table)
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


def _with_all(store: Store, one: StoredArticle) -> tuple[tuple[Known, Likeness], ...]:
    found = store.compared(one.id)
    return found[1].compared if found else ()


def _with_other(store: Store, one: StoredArticle, other: StoredArticle) -> tuple[tuple[Known, Likeness], ...]:
    found = store.likeness(one.id, other.id)
    return (found,) if found else ()


def _article(store: Store, text: str) -> StoredArticle:
    number = int(text) if text.isdecimal() and len(text) < 19 else store.find(text)
    found = store.article(number) if number is not None else None
    if found is None:
        raise click.UsageError(f"no article is stored under {text!r}; name its number or one of its addresses")
    return found


def _brief(article: StoredArticle) -> dict[str, Any]:
    return {"id": article.id, "url": article.url, "headline": article.headline, "cluster_id": article.cluster_id}


def _row_json(row: tuple[StoredArticle | None, Known, Likeness]) -> dict[str, Any]:
    stored, known, likeness = row
    return {
        "article_id": known.article_id,
        "url": stored.url if stored else None,
        "cluster_id": known.cluster_id,
        "shared_keys": known.shared_keys,
        "containment": round(likeness.containment, 4),
        "jaccard": round(likeness.jaccard, 4),
        "numbers_apart": list(likeness.numbers_apart),
        "decision": str(likeness.finding),
    }
