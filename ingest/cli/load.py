"""`ingest load`: ready-made records into the database, through dedupe."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any

import click
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from ingest import clock
from ingest.cli.options import config_option, json_option, print_json, read_settings, shown, terminal
from ingest.errors import NotAnArticle
from ingest.model import Outcome
from ingest.record_json import Record, read_record
from ingest.store import Store

BATCH = 100
MAX_LINE = 64_000_000
"""Bytes; a longer line is no record."""
_SHOWN = 20


@dataclass(slots=True)
class Loaded:
    """What became of a file's lines."""

    lines: int = 0
    """Read so far; `--after` goes on from here."""
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    problems: list[tuple[int, str]] = field(default_factory=list)
    """(line number, what is wrong with it)"""
    interrupted: bool = False


@click.command("load")
@click.argument("file", metavar="FILE.jsonl|-", type=click.File("rb"))
@click.option("--after", default=0, metavar="N", help="Skip the first N lines: where an earlier load ended.")
@click.option("--upgrade", is_flag=True, help="Upgrade the database's schema first, if it is older.")
@config_option
@json_option
def command(file: IO[bytes], after: int, upgrade: bool, config_file: Path | None, as_json: bool) -> int:
    """Take ready-made records into the database, through dedupe, in the order of the file.

    Each line is a JSON object with url, headline, body and source, and if known published_at, language, guid, seen_at and
    every other field that `ingest export` writes. Records that are stored already change nothing, so a load that was
    interrupted can simply be run again. A line that can't be read is named by its number, and the others are loaded.
    """
    settings = read_settings(config_file, needed=False)
    loaded = Loaded()
    with Store.open(settings.database, upgrade=upgrade) as store:
        if settings.sources:
            store.register(settings.sources, clock.now())
        try:
            with _progress(file) as bar:
                _load(store, file, after, loaded, bar)
        except KeyboardInterrupt:
            loaded.interrupted = True
    _report(loaded, as_json=as_json)
    return 130 if loaded.interrupted else 1 if loaded.problems else 0


def _load(store: Store, file: IO[bytes], after: int, loaded: Loaded, bar: Progress | None) -> None:
    numbered = enumerate(iter(lambda: file.readline(MAX_LINE), b""), start=1)
    done = sum(len(line) for _, line in islice(numbered, after))
    loaded.lines = after
    while chunk := list(islice(numbered, BATCH)):
        records = list(_records(chunk, loaded))
        if records:
            loaded.outcomes.update(one.outcome for one in store.load(records, clock.now()))
        loaded.lines = chunk[-1][0]
        done += sum(len(line) for _, line in chunk)
        if bar is not None:
            bar.update(bar.task_ids[0], completed=done, records=loaded.lines)


def _records(chunk: list[tuple[int, bytes]], loaded: Loaded) -> Iterator[Record]:
    for number, line in chunk:
        if not line.strip():
            continue
        try:
            yield read_record(json.loads(line))
        except json.JSONDecodeError as error:
            loaded.problems.append((number, f"no JSON at character {error.pos + 1}: {error.msg}"))
        except (ValueError, NotAnArticle, RecursionError) as error:
            loaded.problems.append((number, shown(str(error)) or type(error).__name__))


def _progress(file: IO[bytes]) -> AbstractContextManager[Progress | None]:
    """A bar by bytes where standard error is a terminal; without a total where the input is a pipe."""
    if not sys.stderr.isatty():
        return nullcontext()
    bar = Progress(
        BarColumn(bar_width=30),
        TaskProgressColumn(),
        TextColumn("{task.fields[records]} records"),
        TimeElapsedColumn(),
        console=terminal(stderr=True),
        transient=True,
    )
    bar.add_task("load", total=Path(file.name).stat().st_size if Path(file.name).is_file() else None, records=0)
    return bar


def _report(loaded: Loaded, *, as_json: bool) -> None:
    counts = {str(outcome): loaded.outcomes[outcome] for outcome in Outcome}
    if as_json:
        problems: list[dict[str, Any]] = [{"line": number, "problem": text} for number, text in loaded.problems]
        print_json({"lines": loaded.lines, **counts, "problems": problems, "interrupted": loaded.interrupted})
        return
    console = terminal()
    for number, text in loaded.problems[:_SHOWN]:
        console.print(Text.assemble(("skipped ", "red"), f"line {number}: {text}"), soft_wrap=True)
    if len(loaded.problems) > _SHOWN:
        console.print(Text(f"… and {len(loaded.problems) - _SHOWN} more; --json names them all"))
    said = " + ".join(f"{count} {name}" for name, count in counts.items() if count) or "nothing"
    console.print(Text(f"{loaded.lines} lines: {said}, {len(loaded.problems)} skipped"))
    if loaded.interrupted:
        console.print(Text(f"Interrupted: run it again, or go on with --after {loaded.lines}.", style="yellow"))
