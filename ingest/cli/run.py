"""`ingest run`: the daemon."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from ingest.app import run_daemon
from ingest.cli.options import config_option, read_settings


@click.command("run")
@click.option("--upgrade", is_flag=True, help="Upgrade the database's schema first, if it is older.")
@config_option
def command(upgrade: bool, config_file: Path | None) -> int:
    """Watch the configured sources until SIGTERM or Ctrl-C; SIGHUP reads the configuration again.

    Several may run on one database: they share the hosts. What happens is logged on standard error.
    """
    settings = read_settings(config_file, needed=True)
    asyncio.run(run_daemon(settings, lambda: read_settings(config_file, needed=True), upgrade=upgrade))
    return 0
