"""`ingest status`: how every source is, and when it is due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.filesize import decimal
from rich.table import Table
from rich.text import Text

from ingest import clock
from ingest.box import DEATHS
from ingest.cadence import History, Rhythm, is_quiet
from ingest.cli.options import config_option, json_option, print_json, read_settings, shown, terminal
from ingest.pipeline import BEFORE, RECENT, drift
from ingest.store import SourceStatus, Store

_DRIFT_UP_TO = 500
"""Sources; looking at the last articles of more takes seconds. Name some, and they are looked at."""
NOT_CONFIGURED = "no longer in the configuration; its articles stay"
_WIDE = 110
"""Columns of a terminal that has room for all columns of the table."""
_STYLES = {"ok": "green", "failing": "bold red", "blocked": "red", "gone": "red", "quiet": "yellow"}


@click.command("status")
@click.argument("source", nargs=-1)
@config_option
@json_option
def command(source: tuple[str, ...], config_file: Path | None, as_json: bool) -> int:
    """Show the sources: state, last success, next poll, interval and why, articles a day, errors, warnings.

    SOURCE names some of them. Exit code 1: a source that was named is not known.
    """
    settings = read_settings(config_file, needed=False)
    now = clock.now()
    with Store.open(settings.database) as store:
        found = store.source_status(source or None)
        small = len(found) <= _DRIFT_UP_TO
        given_up = store.quarantined()
        drifts = {
            one.name: _given_up(given_up.get(one.name, 0))
            + (drift(store.fills(one.name, RECENT + BEFORE)) if small else [])
            for one in found
        }
        database, size = store.name, store.size()
    missing = [name for name in source if name not in {one.name for one in found}]
    for name in missing:
        click.echo(f"ingest: no source {name!r} in the database; `ingest status` lists them", err=True)
    if as_json:
        sources = [_json(one, drifts[one.name], now) for one in found]
        print_json({"at": now.isoformat(), "database": {"name": database, "bytes": size}, "sources": sources})
    else:
        _print(found, drifts, now, terminal())
        click.echo(f"{decimal(size)} in {database}")
    return 1 if missing else 0


def state_now(one: SourceStatus, now: datetime) -> str:
    """The state; a source that was fine at its last poll may have fallen silent since."""
    if one.state == "ok" and is_quiet(History.from_json(one.memory.get("history")), now):
        return "quiet"
    return one.state


def per_day(one: SourceStatus, now: datetime) -> float | None:
    """Entries a day, measured; None before the second poll."""
    history = History.from_json(one.memory.get("history"))
    return round(Rhythm.of(history, now).rate, 1) if len(history.looks) > 1 else None


def warnings_of(one: SourceStatus, drifted: Sequence[str], now: datetime) -> list[str]:
    held = one.hold is not None and one.hold.until > now
    hold = (
        [f"{one.hold.reason}: its host is left alone until {one.hold.until:%Y-%m-%d %H:%M}"]
        if held and one.hold
        else []
    )
    return [*hold, *one.memory.get("warnings", ()), *drifted]


def _given_up(pages: int) -> list[str]:
    if not pages:
        return []
    return [f"{pages} page{'s' if pages > 1 else ''} quarantined: too much for the parser, tried {DEATHS} times"]


def ago(moment: datetime | None, now: datetime) -> str:
    """For people: "3m ago", "in 2h"."""
    if moment is None:
        return "never"
    seconds = round((moment - now).total_seconds())
    number = next(
        f"{count}{unit}"
        for size, unit in ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))
        if (count := round(abs(seconds) / size)) or size == 1
    )
    return f"in {number}" if seconds > 0 else f"{number} ago"


def _length(interval: timedelta | None) -> str:
    return ago(clock.now(), clock.now() - interval).removeprefix("in ") if interval else ""


def _json(one: SourceStatus, drifted: Sequence[str], now: datetime) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": one.kind,
        "url": one.url,
        "moved_to": one.moved_to,
        "state": state_now(one, now),
        "last_polled_at": _iso(one.last_polled_at),
        "last_success_at": _iso(one.last_success_at),
        "next_due_at": _iso(one.next_due_at),
        "interval_seconds": one.interval.total_seconds() if one.interval else None,
        "reason": one.memory.get("reason"),
        "articles_per_day": per_day(one, now),
        "failures": one.failures,
        "last_error": one.last_error,
        "warnings": warnings_of(one, drifted, now),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _print(found: Sequence[SourceStatus], drifts: dict[str, list[str]], now: datetime, console: Console) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    titles = ["source", "state", "last success", "next poll", "every", "a day", "why, or what is wrong"]
    left_out = {"every", "a day"} if console.width < _WIDE else set()
    for title in titles:
        if title not in left_out:
            table.add_column(title, overflow="fold" if title == titles[-1] else "ellipsis")
    for one in found:
        cells = dict(zip(titles, _cells(one, now), strict=True))
        table.add_row(*(cell for title, cell in cells.items() if title not in left_out))
    console.print(table)
    for one in found:
        for warning in warnings_of(one, drifts[one.name], now):
            console.print(Text.assemble(("warning ", "yellow"), f"{one.name}: {shown(warning)}"), soft_wrap=True)
    if not found:
        console.print(Text("No sources yet: `ingest run` or `ingest crawl` registers those of the configuration."))


def _cells(one: SourceStatus, now: datetime) -> Iterator[str | Text]:
    state, rate = state_now(one, now), per_day(one, now)
    paused = one.next_due_at is None
    yield Text(shown(one.name))
    yield Text(state, style=_STYLES.get(state, ""))
    yield ago(one.last_success_at, now)
    yield "never" if one.next_due_at is None else "now" if one.next_due_at <= now else ago(one.next_due_at, now)
    yield "" if paused else _length(one.interval)
    yield "" if rate is None else f"{rate:g}"
    yield Text(NOT_CONFIGURED if paused else shown(one.last_error or one.memory.get("reason")))
