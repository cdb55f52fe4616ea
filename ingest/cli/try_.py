"""`ingest try`: what would be extracted from a page, and why. Nothing is stored."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from ingest import clock
from ingest.app import open_web
from ingest.cli.options import config_option, json_option, print_json, read_settings, terminal
from ingest.cli.record import print_article, print_candidates
from ingest.config import Settings
from ingest.extract import declared_url, examine
from ingest.fetch import ACCEPT_PAGE
from ingest.model import Page, Source
from ingest.urls import same_site


@click.command("try")
@click.argument("page", metavar="URL|FILE")
@click.option("--explain", is_flag=True, help="Show for each field the winner, its origin and the losers.")
@click.option("--url", metavar="URL", help="The address of a FILE; default is what the page itself declares.")
@config_option
@json_option
def command(page: str, explain: bool, url: str | None, config_file: Path | None, as_json: bool) -> int:
    """Show what would be extracted from a page, and why.

    The rules and the time zone of a configured source on the same site are used. robots.txt is not asked: a person
    wants to see this one page, and nothing is stored.
    """
    settings = read_settings(config_file, needed=False)
    fetched = _fetch(settings, page) if page.startswith(("http://", "https://")) else _read(Path(page), url)
    source = _source_of(settings, fetched.final_url)
    extraction = examine(
        fetched.body,
        url=fetched.final_url,
        charset=fetched.charset,
        timezone=source.timezone if source else None,
        rules=source.rules if source else None,
    )
    if as_json:
        print_json(extraction.as_dict() if explain else extraction.article.as_dict())
        return 0
    console = terminal()
    print_article(extraction.article, console)
    if explain:
        print_candidates(extraction.candidates, console)
    return 0


def _fetch(settings: Settings, url: str) -> Page:
    async def get() -> Page:
        with open_web(settings) as web:
            async with web.session() as session:
                return await session.get(url, accept=ACCEPT_PAGE)

    return asyncio.run(get())


def _read(file: Path, url: str | None) -> Page:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise click.UsageError(f"{file}: {error.strerror}; name a file, or an address that starts with http") from None
    address = url or declared_url(data) or file.resolve().as_uri()
    return Page(url=address, final_url=address, status=200, headers={}, body=data, fetched_at=clock.now())


def _source_of(settings: Settings, url: str) -> Source | None:
    """The configured source on the page's site."""
    return next((source for source in settings.sources if same_site(source.url, url)), None)
