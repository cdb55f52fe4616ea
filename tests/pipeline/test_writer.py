"""What waits for the database goes into one transaction, and what is wrong in it harms nobody else."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from ingest.errors import StoreError
from ingest.model import Link, Outcome, Source
from ingest.pipeline import Writer
from ingest.store import Poll, PollEntry, PollReceipt, Settled, Settlement, Store

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


@pytest.fixture
def store(sqlite_template: Path, tmp_path: Path):
    (tmp_path / "ingest.db").write_bytes(sqlite_template.read_bytes())
    with Store.open(f"sqlite:///{tmp_path}/ingest.db") as opened:
        opened.register([Source(name=f"s{n}", kind="feed", url=f"https://{n}.example/feed") for n in range(3)], NOW)
        yield opened


def entry(name: str, path: str = "a") -> PollEntry:
    links = (Link(url=f"https://{name}.example/{path}"),)
    return PollEntry(poll=Poll(source=name, at=NOW, outcome="new", links=links, etag=f'"{path}"'))


def test_polls_calls_and_settlements_that_wait_are_written_in_one_transaction(store: Store):
    commits: list[object] = []
    event.listen(store._database._engine, "commit", commits.append)

    link = Settlement(link_id=None, url="https://x.example/", source=None, outcome=Outcome.FILTERED)

    async def hand_in() -> tuple[PollReceipt, PollReceipt, str, Settled]:
        async with Writer(store, now=lambda: NOW) as writer:
            polls = [asyncio.create_task(writer.record(entry(name))) for name in ("s0", "s1")]
            asked = asyncio.create_task(writer.call(lambda store: store.poll_state("s2").name))
            await asyncio.sleep(0)  # they have handed in, nothing is written yet
            settled = writer.settle(link)
            return await polls[0], await polls[1], await asked, await settled

    first, second, name, settled = asyncio.run(hand_in())
    assert (len(first.new), len(second.new), name, settled.outcome) == (1, 1, "s2", Outcome.FILTERED)
    assert len(commits) == 1
    assert [store.poll_state(f"s{n}").etag for n in range(3)] == ['"a"', '"a"', None]


def test_a_poll_that_cannot_be_written_fails_alone(store: Store):
    async def hand_in() -> list[object]:
        async with Writer(store, now=lambda: NOW) as writer:
            works = (writer.record(entry(name)) for name in ("s0", "unheard-of", "s1"))
            return await asyncio.gather(*works, return_exceptions=True)

    first, wrong, last = asyncio.run(hand_in())
    assert isinstance(wrong, StoreError)
    assert isinstance(first, PollReceipt)
    assert isinstance(last, PollReceipt)
    assert [len(one.new) for one in (first, last)] == [1, 1]
    assert store.poll_state("s1").etag == '"a"'
