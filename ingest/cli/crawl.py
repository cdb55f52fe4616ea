"""`ingest crawl`: one run over sources and addresses."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from ingest import clock
from ingest.app import run_crawl
from ingest.cli.options import config_option, json_option, print_json, read_settings, shown, terminal
from ingest.config import Settings
from ingest.model import Outcome, Source
from ingest.pipeline import ONE_OFF, Report, SourceReport
from ingest.store import Store

_PROBLEMS_SHOWN = 20


@click.command("crawl")
@click.argument("source", nargs=-1)
@click.option("--url", "urls", multiple=True, metavar="URL", help="Fetch and store this page; may be repeated.")
@click.option("--upgrade", is_flag=True, help="Upgrade the database's schema first, if it is older.")
@config_option
@json_option
def command(
    source: tuple[str, ...], urls: tuple[str, ...], upgrade: bool, config_file: Path | None, as_json: bool
) -> int:
    """Poll sources once, fetch what is new, store the articles.

    SOURCE names one of the configuration; none means all of them, or none of them if --url is given.
    """
    settings = read_settings(config_file, needed=not urls or bool(source))
    chosen = _choose(settings, source, all_of_them=not urls)
    with Store.open(settings.database, upgrade=upgrade) as store:
        if settings.sources:
            store.register(settings.sources, clock.now())
        report = crawl_with_progress(settings, store, chosen, urls)
    if as_json:
        print_json(report_json(report))
    else:
        print_summary(report, terminal())
    return exit_code(report)


def crawl_with_progress(
    settings: Settings, store: Store, sources: Sequence[Source], urls: Sequence[str] = ()
) -> Report:
    """Run, with a progress bar if standard error is a terminal."""
    report = Report()
    console = terminal(stderr=True)
    bar: AbstractContextManager[object] = _Bar(report, console) if sys.stderr.isatty() else nullcontext()
    with bar:
        return asyncio.run(run_crawl(settings, store, sources=sources, urls=urls, report=report))


def exit_code(report: Report) -> int:
    if report.interrupted:
        return 130
    return 1 if report.failed else 0


def _choose(settings: Settings, names: Sequence[str], *, all_of_them: bool) -> list[Source]:
    by_name = {source.name: source for source in settings.sources}
    if unknown := [name for name in names if name not in by_name]:
        known = ", ".join(by_name) or "none"
        raise click.UsageError(f"no source is named {', '.join(unknown)}; the configuration has {known}")
    if not names and all_of_them:
        if not by_name:
            raise click.UsageError("the configuration names no sources; add some, or give --url")
        return list(by_name.values())
    return [by_name[name] for name in dict.fromkeys(names)]


class _Bar(Progress):
    """Links done of links known, and what became of them; it reads the report while the run fills it."""

    def __init__(self, report: Report, console: Console) -> None:
        self._report = report  # first: Progress renders itself while it is made
        super().__init__(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TextColumn("{task.fields[counts]}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self.add_task("crawling", counts="")

    def get_renderables(self) -> Any:
        report = self._report
        polled = sum(1 for one in report.sources.values() if one.polled)
        totals = report.totals
        counts = " ".join(f"[bold]{totals[outcome]}[/] {outcome}" for outcome in Outcome if totals[outcome])
        sources = sum(1 for name in report.sources if name != ONE_OFF)
        for task in self.task_ids:
            self.update(
                task,
                description=f"{polled} of {sources} sources" if sources else "pages",
                completed=totals.total(),
                total=report.total_discovered or None,
                counts=counts,
            )
        return super().get_renderables()


def print_summary(report: Report, console: Console) -> None:
    """A table of the sources, what went wrong, and the accounting identity."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("source")
    table.add_column("poll")
    table.add_column("links", justify="right")
    for outcome in Outcome:
        table.add_column(str(outcome), justify="right")
    for one in report.sources.values():
        table.add_row(one.name, _poll(one), str(one.discovered), *(_number(one.outcomes[o], o) for o in Outcome))
    if len(report.sources) > 1:
        totals = report.totals
        table.add_section()
        table.add_row("all", "", str(report.total_discovered), *(_number(totals[o], o) for o in Outcome))
    console.print(table)
    _print_problems(report, console)
    console.print(Text(f"{report.identity}; {report.requests} requests, {report.conditional} of them conditional"))
    if report.interrupted:
        console.print(Text("Interrupted: what is stored stays; run it again to go on.", style="yellow"))


def _poll(one: SourceReport) -> Text:
    if one.name == ONE_OFF:
        return Text("")
    styles = {"new": "green", "unchanged": "dim", "failed": "bold red"}
    return Text(one.polled or "not yet", style=styles.get(one.polled or "", "yellow"))


def _number(count: int, outcome: Outcome) -> Text:
    if not count:
        return Text("·", style="dim")
    return Text(str(count), style={Outcome.STORED: "bold green", Outcome.FAILED: "bold red"}.get(outcome, ""))


def _print_problems(report: Report, console: Console) -> None:
    """Every problem on a line of its own, the first of each run of many."""
    lines = [(one, problem) for one in report.sources.values() for problem in one.problems]
    warnings = [(one, warning) for one in report.sources.values() for warning in one.warnings]
    if lines or warnings:
        console.print()
    for one, problem in lines[:_PROBLEMS_SHOWN]:
        what = str(problem.outcome) if problem.outcome else "poll failed"
        style = "red" if problem.outcome in (None, Outcome.FAILED) else "yellow"
        console.print(
            Text.assemble(
                (f"{what} ", style), f"{one.name}: ", (shown(problem.url), "cyan"), f": {shown(problem.reason)}"
            ),
            soft_wrap=True,
        )
    if len(lines) > _PROBLEMS_SHOWN:
        console.print(Text(f"… and {len(lines) - _PROBLEMS_SHOWN} more; --json names them all"))
    for one, warning in warnings[:_PROBLEMS_SHOWN]:
        console.print(Text.assemble(("warning ", "yellow"), f"{one.name}: {shown(warning)}"), soft_wrap=True)
    if lines or warnings:
        console.print()


def report_json(report: Report) -> dict[str, Any]:
    """The whole report as JSON."""
    return {
        "sources": [
            {
                "name": one.name,
                "poll": one.polled,
                "discovered": one.discovered,
                **{str(outcome): one.outcomes[outcome] for outcome in Outcome},
                "problems": [
                    {"url": p.url, "outcome": str(p.outcome) if p.outcome else None, "reason": p.reason}
                    for p in one.problems
                ],
                "warnings": list(one.warnings),
            }
            for one in report.sources.values()
        ],
        "discovered": report.total_discovered,
        **{str(outcome): report.totals[outcome] for outcome in Outcome},
        "requests": report.requests,
        "conditional_requests": report.conditional,
        "interrupted": report.interrupted,
    }
