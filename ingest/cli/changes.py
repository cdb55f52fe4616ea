"""`ingest changes`: the change feed as JSON lines."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from ingest.cli.options import config_option, read_settings
from ingest.errors import DatabaseUnavailable
from ingest.model import json_ready
from ingest.store import Change, Store

_AGAIN = 5  # seconds until a server that went away is asked again


@click.command("changes")
@click.option("--after", default=0, metavar="SEQ", help="Begin after this one: the last `seq` that you have seen.")
@click.option("--follow", is_flag=True, help="Wait for more, until interrupted.")
@click.option("--limit", type=click.IntRange(1), help="At most so many.")
@config_option
def command(after: int, follow: bool, limit: int | None, config_file: Path | None) -> int:
    """Print what happened to articles, one JSON object a line, in the order in which it was committed.

    Remember the last `seq` and go on after it: no change is missed, none comes twice.
    """
    settings = read_settings(config_file, needed=False)
    if not follow:
        with Store.open(settings.database) as store:
            for change in store.changes(after, limit):
                _print(change)
        return 0
    with Store.open(settings.database) as store:
        for count, change in enumerate(_follow(store, after), 1):
            _print(change)
            if count == limit:
                break
    return 0


def _follow(store: Store, after: int) -> Iterator[Change]:
    """Changes without an end, also over restarts of the server."""
    while True:
        try:
            for change in store.follow(after):
                yield change
                after = change.seq
        except DatabaseUnavailable as error:
            click.echo(f"ingest: {error}; asking again", err=True)
            time.sleep(_AGAIN)


def _print(change: Change) -> None:
    click.echo(json.dumps(json_ready(asdict(change))))
