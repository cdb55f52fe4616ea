"""`ingest demo`: the main job on a bundled news site, with nothing to set up."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from ingest import clock
from ingest.cli.crawl import crawl_with_progress, exit_code, print_summary
from ingest.cli.options import terminal
from ingest.cli.record import print_article
from ingest.config import parse
from ingest.demo.server import demo_config, serve
from ingest.store import Store

_DATABASE = Path("demo.db")


@click.command("demo")
@click.option("--short", is_flag=True, help="Show headlines instead of whole records.")
def command(short: bool) -> int:
    """Crawl a bundled news site of five sources into demo.db, and show the records.

    The site runs on this machine's loopback and ends with the command. It is crawled twice, to show what a second look
    costs. The demo.db of an earlier demo is replaced.
    """
    console = terminal()
    for suffix in ("", "-wal", "-shm"):
        _DATABASE.with_name(_DATABASE.name + suffix).unlink(missing_ok=True)
    with serve() as site, Store.open(f"sqlite:///{_DATABASE}") as store:
        settings = parse(demo_config(site.bases), "demo", {})
        store.register(settings.sources, clock.now())
        first = crawl_with_progress(settings, store, settings.sources)
        if first.interrupted:
            return exit_code(first)
        second = crawl_with_progress(settings, store, settings.sources)
        articles = list(store.articles())
    for article in articles:
        if short:
            console.print(Text.assemble((article.headline, "bold"), f"  {article.site or ''}"), soft_wrap=True)
        else:
            print_article(article, console, paragraphs=2)
    console.rule("first crawl", style="dim")
    print_summary(first, console)
    console.rule("second crawl", style="dim")
    print_summary(second, console)
    _print_next(console)
    return 130 if second.interrupted else 0


def _print_next(console: Console) -> None:
    """What to try after the demo, as it can be typed here."""
    here = Path(sys.argv[0]).resolve()
    ingest = str(here.relative_to(Path.cwd())) if here.is_relative_to(Path.cwd()) else "ingest"
    console.rule("next", style="dim")
    for line, why in (
        (
            "sqlite3 demo.db 'SELECT headline, image_credit, contact_line FROM article_v1'",
            "the records, as others read them",
        ),
        (f"{ingest} try https://… --explain", "what would be extracted from a page, and why"),
        (f"{ingest} crawl dailynk-en", "one source of config.yaml, for real"),
        (f"{ingest} crawl --url https://…", "one page, stored"),
    ):
        console.print(Text.assemble("  ", (line, "bold"), (f"   {why}", "dim")), soft_wrap=True)
