"""`ingest search`: full-text search over the stored articles."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from ingest.cli.options import Since, config_option, json_option, print_json, read_settings, shown, terminal
from ingest.model import json_ready
from ingest.store import SearchHit, Store

_MANY = 20_000  # changes that take some seconds to index


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--source", metavar="NAME", help="Only what this source offered.")
@click.option("--since", type=Since(), help="Only what was published since (2026-11-01, 7d).")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="At most so many.")
@config_option
@json_option
def command(
    *,
    words: tuple[str, ...],
    source: str | None,
    since: datetime | None,
    limit: int,
    config_file: Path | None,
    as_json: bool,
) -> int:
    """Find articles: all WORDS, "words in a row", begin*, without case and accents; put -- before a -word to leave out.

    What was stored since the last search is indexed first. Exit code 1: nothing was found.
    """
    settings = read_settings(config_file, needed=False)
    with Store.open(settings.database) as store:
        _index(store)
        hits = store.search(" ".join(words), source=source, since=since, limit=limit)
    if as_json:
        print_json({"hits": [{**json_ready(asdict(hit.article)), "snippet": hit.snippet} for hit in hits]})
    else:
        _print(hits, terminal())
    return 0 if hits else 1


def _index(store: Store) -> None:
    """Bring the index up to date, and say so where it takes long."""
    done = store.index(_MANY)
    while done >= _MANY:
        click.echo("ingest: indexing what was stored since the last search …", err=True)
        done = store.index(10 * _MANY)


def _print(hits: list[SearchHit], console: Console) -> None:
    for hit in hits:
        article = hit.article
        when = (article.published_at or article.first_seen_at).date().isoformat()  # strftime writes year 1 as "1"
        console.print(Text.assemble((f"{article.id:>6} ", "dim"), f"{when} ", (shown(article.headline), "bold")))
        console.print(Padding(Text(shown(article.url), style="cyan"), (0, 0, 0, 7)), soft_wrap=True)
        console.print(Padding(Text(shown(hit.snippet)), (0, 0, 0, 7)))
    if not hits:
        console.print("nothing was found")
