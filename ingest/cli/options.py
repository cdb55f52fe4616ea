"""What the commands share: `--config`, `--json`, and the terminal."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from ingest import clock
from ingest.config import DEFAULT_FILE, Settings, default_settings, duration, load
from ingest.text import squeeze

config_option = click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="INGEST_CONFIG",
    help="The configuration; default config.yaml here, or INGEST_CONFIG.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


class Since(click.ParamType[datetime]):
    """A day, a moment (UTC unless it says), or a time back from now: 2026-11-01, 2026-11-01T08:00, 7d."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            return clock.now() - duration(value)
        except ValueError:
            pass
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time; write 2026-11-01, 2026-11-01T08:00 or 7d", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Age(click.ParamType[timedelta]):
    """A length of time: 30d, 12h."""

    name = "age"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        if isinstance(value, timedelta):
            return value
        try:
            return duration(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def read_settings(config_file: Path | None, *, needed: bool) -> Settings:
    """The settings of the file named, else of config.yaml here; without either the defaults, unless one is needed."""
    if config_file is None and not needed and not DEFAULT_FILE.exists():
        return default_settings(os.environ)
    return load(config_file or DEFAULT_FILE, os.environ)


def print_json(value: Mapping[str, Any]) -> None:
    """One JSON object on standard output, readable by people as well."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def terminal(*, stderr: bool = False) -> Console:
    """Standard output, or standard error, for people. Text of pages must come as `rich.text.Text`, never as markup."""
    console = Console(stderr=stderr, highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = 140  # a file or a pipe has no width: room for the tables
    return console


def shown(text: str | None) -> str:
    """Text of strangers for a terminal: one line, no control characters."""
    return squeeze(text or "")
