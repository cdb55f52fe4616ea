"""The command line: one file per command, imported when it is asked for.

Exit codes: 0 done · 1 something failed, and was named · 2 wrong usage or configuration · 130 interrupted.
"""

from __future__ import annotations

import sys
from importlib import import_module
from io import StringIO
from typing import NoReturn

import click

import ingest
from ingest.errors import ConfigError, IngestError, printable

# command → its line in `ingest --help`; the module is ingest.cli.<name>, the click command in it `command`
COMMANDS = {
    "crawl": "Poll sources once, fetch what is new, store the articles.",
    "run": "Watch the sources until told to stop: the daemon.",
    "status": "Show how each source is, and when it is due.",
    "explain": "Say why a source is due when it is, or what became of an address.",
    "try": "Show what would be extracted from a page, and why.",
    "load": "Take ready-made records (JSON lines) into the database, through dedupe.",
    "export": "Write all articles as JSON lines or CSV.",
    "show": "Show a stored article and its versions.",
    "search": "Find articles by words, in any script.",
    "changes": "Print the change feed as JSON lines.",
    "cluster": "Show why articles are, or are not, copies; take one out of its cluster.",
    "reparse": "Read kept pages again with the present extractor.",
    "prune": "Drop what is older than you want to keep.",
    "db": "Upgrade, check or copy the database.",
    "doctor": "Check versions, database, disk, clock, certificates and configuration.",
    "demo": "Crawl a bundled news site and show the records.",
}


class _Commands(click.Group):
    """Imports a command when it is called: `ingest try` need not load the database."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"ingest.cli.{cmd_name}_" if cmd_name == "try" else f"ingest.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(ingest.__version__, prog_name="ingest")
def cli() -> None:
    """Watch news sources and keep a database of clean articles."""


def main() -> NoReturn:
    """Run a command; an error that says what to do is printed as it is, without a traceback."""
    try:
        code = cli.main(prog_name="ingest", standalone_mode=False)
    except click.exceptions.Abort:
        code = 130
    except click.ClickException as error:
        said = StringIO()
        error.show(said)
        click.echo(
            printable(said.getvalue()), err=True, nl=False
        )  # it may quote a file's name, which may be a stranger's
        code = error.exit_code
    except ConfigError as error:
        click.echo(str(error), err=True)
        code = 2
    except IngestError as error:
        click.echo(f"ingest: {error}", err=True)
        code = 1
    except KeyboardInterrupt:
        code = 130
    sys.exit(code or 0)
