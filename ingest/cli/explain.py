"""`ingest explain`: why a source is due when it is, or what became of an address, and why."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from ingest import clock
from ingest.cadence import History
from ingest.cli.comparison import cluster_of, compare_with, compare_with_all, print_comparisons, why_nothing
from ingest.cli.options import config_option, read_settings, shown, terminal
from ingest.cli.status import NOT_CONFIGURED, ago, per_day, state_now, warnings_of
from ingest.config import Settings
from ingest.errors import FetchError
from ingest.fetch import Robots, deciding_rule
from ingest.pipeline import BEFORE, RECENT, drift
from ingest.store import LinkStatus, SourceStatus, Store, StoredArticle
from ingest.urls import host_key


@click.command("explain")
@click.argument("what", metavar="SOURCE|URL")
@click.argument("other", metavar="[URL]", required=False)
@config_option
def command(what: str, other: str | None, config_file: Path | None) -> int:
    """Say which rule set a source's next poll, or what became of an address: outcome, reason, robots.txt, next try.

    For a stored article also why it is, or is not, a copy of others of its days, or of the one that a second URL leads to:
    shared keys, containment, numbers in conflict, the decision.

    Exit code 1: the database knows nothing of it.
    """
    settings = read_settings(config_file, needed=False)
    console, now = terminal(), clock.now()
    with Store.open(settings.database) as store:
        found = store.source_status([what])
        if found:
            _source(found[0], drift(store.fills(what, RECENT + BEFORE)), now, console)
            return 0
        try:
            host = host_key(what)
        except FetchError:
            click.echo(f"ingest: {what!r} is no source that the database knows, and no web address", err=True)
            return 1
        link = store.link_status(what)
        if link is None:
            console.print(Text(f"{shown(what)}: no source has offered it, and nobody has asked for it."))
        else:
            _link(link, now, console)
        _robots(what, host, store, settings, console)
        known = _copies(what, other, store, console)
        return 0 if link and known else 1


def _copies(url: str, other: str | None, store: Store, console: Console) -> bool:
    """Whether the addresses are known; a lone one need not be an article's."""
    one, two = (_article(address, store) for address in (url, other))
    if other is not None and (one is None or two is None):
        _line(console, "copies", f"no article is stored under {other if one else url}")
        return False
    if one is None:
        return True
    if two is not None and two.id == one.id:
        _line(console, "copies", "both addresses lead to one article")
        return True
    _line(console, "cluster", cluster_of(one))
    rows = compare_with(store, one, two) if two else compare_with_all(store, one)
    if rows:
        print_comparisons(rows, console)
    else:
        _line(console, "copies", why_nothing(store, one))
    return True


def _article(url: str | None, store: Store) -> StoredArticle | None:
    number = store.find(url) if url is not None else None
    return store.article(number) if number is not None else None


def _line(console: Console, title: str, text: str | None) -> None:
    if text:
        console.print(Text.assemble((f"{title:<14}", "bold"), shown(text)), soft_wrap=True)


def _source(one: SourceStatus, drifted: list[str], now: datetime, console: Console) -> None:
    memory = one.memory
    _line(console, one.name, f"{one.kind} {one.url}")
    _line(console, "state", state_now(one, now))
    _line(console, "moved to", one.moved_to)
    _line(console, "last poll", f"{_moment(one.last_polled_at, now)}; last success {_moment(one.last_success_at, now)}")
    _line(console, "last error", f"{one.last_error} ({one.failures} in a row)" if one.last_error else None)
    if one.next_due_at is None:
        _line(console, "next poll", f"never: {NOT_CONFIGURED}")
    else:
        _line(console, "next poll", _moment(one.next_due_at, now))
        _line(console, "set by", memory.get("reason", "not polled yet"))
        for rule in memory.get("others", ()):
            _line(console, "  less to say", rule)
    if (move := memory.get("move")) is not None:
        _line(console, "redirects to", f"{move['to']}, seen {move['sightings']} times since {move['first_at'][:10]}")
    history = History.from_json(memory.get("history"))
    if history.looks:
        last = history.looks[-1]
        rate = per_day(one, now)
        _line(
            console,
            "rhythm",
            f"{f'{rate:g} entries a day' if rate is not None else 'not measured before the second poll'}; "
            f"at the last poll {last.new} of {last.entries} were new",
        )
    for warning in warnings_of(one, drifted, now):
        _line(console, "warning", warning)


def _link(link: LinkStatus, now: datetime, console: Console) -> None:
    _line(console, "address", link.url)
    _line(console, "offered by", ", ".join(link.sources) or "nobody: it was asked for by hand")
    _line(console, "first seen", _moment(link.first_seen_at, now))
    _line(console, "outcome", f"{link.outcome}, {_moment(link.settled_at, now)}" if link.settled_at else link.outcome)
    _line(console, "reason", link.reason)
    _line(console, "article", str(link.article_id) if link.article_id else None)
    _line(console, "next try", _moment(link.next_due_at, now) if link.next_due_at else None)
    _line(console, "looked again", _moment(link.revisit_at, now) if link.revisit_at else None)
    if not link.next_due_at and not link.revisit_at:
        _line(console, "next try", "none")
    if link.host is not None:
        if link.host.hold is not None and link.host.hold.until > now:
            _line(console, "host", f"left alone until {_moment(link.host.hold.until, now)}: {link.host.hold.reason}")
        elif link.host.visited_until is not None and link.host.visited_until > now:
            _line(console, "host", "is being visited now")


def _robots(url: str, host: str, store: Store, settings: Settings, console: Console) -> None:
    record = store.robots(host)
    if settings.politeness.robots == "none":
        _line(console, "robots.txt", "is not asked, by the configuration")
    elif record is None:
        _line(console, "robots.txt", f"of {host} was not asked for yet")
    else:
        robots = Robots.read(record.status, record.body, settings.identity.name)
        at = f"(HTTP {record.status or 'none'}, of {record.fetched_at:%Y-%m-%d %H:%M})"
        if robots.allows(url):
            _line(console, "robots.txt", f"allows it {at}")
        else:
            rule = deciding_rule(record.body, settings.identity.name, url) if not robots.unreachable else None
            _line(console, "robots.txt", f"disallows it {at}{f': {rule}' if rule else ''}")


def _moment(moment: datetime | None, now: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC, {ago(moment, now)}" if moment else "never"
