"""The same trace of operations ends in the same database, on SQLite and on PostgreSQL."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from ingest.model import Outcome
from ingest.store import DueLink, Retention, Store, views

from .build import BODY, DAY, HOUR, NOW, article, link, page, poll, settlement, source

NAMES = ("harbour", "market", "north")


def play(store: Store, seed: int) -> Iterator[Any]:
    """Operations as chance has it; gives every answer."""
    chance = random.Random(seed)
    now = NOW
    store.register([source(name, keep_pages=DAY * (name == "market")) for name in NAMES], now)
    waiting: list[DueLink] = []
    for _ in range(80):
        now += HOUR * chance.random() * 8
        match chance.choice(["poll", "poll", "settle", "settle", "by hand", "unchanged", "failed", "prune", "index"]):
            case "poll":
                receipt = store.record_poll(some_poll(chance, now))
                waiting += receipt.new
                yield receipt
            case "settle":
                batch, waiting = waiting[:12], waiting[12:]
                yield store.settle([some_settlement(chance, due, now) for due in batch], now)
            case "by hand":
                yield store.settle([settlement(None, some_article(chance), page=page(etag='"x"'))], now)
            case "unchanged" | "failed" as outcome:
                yield store.record_poll(poll(name=chance.choice(NAMES), at=now, outcome=outcome, error="e"))
                waiting += store.due_links(NAMES, now, limit=5)
            case "prune":
                yield store.prune(Retention(articles=6 * DAY, revisions=DAY), now)
            case "index":
                yield store.index()
                # The order is by relevance, which each database reckons in its own way.
                yield {hit.article.id for hit in store.search("ferry -storm", limit=100)}
    yield store.check()


def some_article(chance: random.Random, path: str | None = None) -> Any:
    path = path or f"p{chance.randrange(60)}"
    edits = {
        "headline": f"{path} {chance.choice(['Ferry', 'Storm', '북한'])}",
        "body": f"{path} {chance.random()} {BODY}",
    }
    canonical = chance.choice(
        [None, f"https://harbour.example/{path}", f"https://harbour.example/p{chance.randrange(60)}"]
    )
    return article(path, canonical_url=canonical, modified_at=chance.choice([None, NOW]), **edits)


def some_poll(chance: random.Random, now: datetime) -> Any:
    links = [link(f"p{chance.randrange(60)}", content="<p>x</p>") for _ in range(chance.randrange(8))]
    return poll(*links, name=chance.choice(NAMES), at=now, etag=f'"{chance.random()}"')


def some_settlement(chance: random.Random, due: DueLink, now: datetime) -> Any:
    kind = chance.random()
    if kind < 0.15:
        return settlement(due, outcome=Outcome.FAILED, reason="timed out", retry_at=now + chance.randrange(9) * HOUR)
    if kind < 0.25:
        return settlement(due, outcome=Outcome.FILTERED, reason="robots.txt")
    found = some_article(chance, due.link.url.rpartition("/")[2])
    return settlement(due, found, page=page(due.link.url, etag=f'"{chance.random()}"'))


def dump(store: Store) -> dict[str, list[str]]:
    """Every row of every view, as a reader gets it."""
    with store._database.reading() as connection:
        return {
            view.name: sorted(str(dict(row)) for row in connection.execute(select(view.selectable)).mappings())
            for view in views.ALL
        }


@pytest.mark.parametrize("make_database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_trace_gives_the_same_answers_and_the_same_dump_on_both(store: Store, tmp_path: Path, seed: int):
    with Store.open(f"sqlite:///{tmp_path}/other.db") as other:
        assert list(play(store, seed)) == list(play(other, seed))
        assert dump(store) == dump(other)
        assert store.check() == []
        assert all(rows for name, rows in dump(store).items() if name != "revision_v1")
