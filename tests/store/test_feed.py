from __future__ import annotations

import queue
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from ingest.model import Outcome
from ingest.store import Store
from ingest.store.settle import prepare, settle

from .build import HOUR, NOW, article, link, offer, poll, put, rows, settlement, source


def kinds(store: Store, after: int = 0) -> list[tuple[int, int, str]]:
    return [(change.seq, change.article_id, change.kind) for change in store.changes(after)]


def test_every_new_and_every_changed_article_is_one_change(store: Store):
    a, b = offer(store, link("a"), link("b"))
    store.settle([settlement(a, article("a")), settlement(b, article("b", headline="B", body="Other text."))], NOW)
    store.settle([settlement(a, article("a")), settlement(b, article("b", headline="B2"))], NOW + HOUR)
    assert kinds(store) == [(1, 1, "new"), (2, 2, "new"), (3, 2, "changed")]
    assert kinds(store, after=2) == [(3, 2, "changed")]
    assert [change.at for change in store.changes(limit=2)] == [NOW, NOW]


def test_a_settlement_that_fails_leaves_no_gap_in_the_feed(store: Store):
    put(store, article("a"))
    ledger = rows(store, "ledger")

    def work(connection):
        settle(connection, prepare([settlement(None, article("b"))], ()), NOW)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store._database.write(work)
    assert rows(store, "ledger") == ledger
    put(store, article("c", headline="C", body="Other text."))
    assert [seq for seq, *_ in kinds(store)] == [1, 2]


def test_a_follower_gets_what_is_there_and_what_comes(database_url: str):
    seen: queue.Queue[int] = queue.Queue()

    def follow() -> None:
        with Store.open(database_url) as reader:
            for change in reader.follow(after=1):
                seen.put(change.seq)
                if change.seq == 4:
                    return

    with Store.open(database_url) as store:
        put(store, article("a"))
        put(store, article("b", headline="B", body="Other text."))
        follower = threading.Thread(target=follow)
        follower.start()
        assert seen.get(timeout=10) == 2  # it listens now
        put(store, article("c", headline="C", body="Third text."))
        assert seen.get(timeout=10) == 3
        put(store, article("d", headline="D", body="Fourth one."))
        assert seen.get(timeout=10) == 4
    follower.join(10)
    assert not follower.is_alive()


def test_writers_at_once_leave_no_article_double_and_followers_miss_nothing(database_url: str):
    """Four writers store overlapping articles in random order while a follower reads: every change once, in order."""
    paths = [f"p{n}" for n in range(120)]
    done = threading.Event()
    followed: list[int] = []

    def write(seed: int) -> list[Outcome]:
        name = f"w{seed}"
        with Store.open(database_url) as store:
            order = random.Random(seed).sample(paths, len(paths))
            outcomes = []
            for start in range(0, len(order), 10):
                receipt = store.record_poll(poll(*map(link, order[start : start + 10]), name=name))
                # As a worker does that lost a race: it settles what another one settles, too.
                batch = [
                    settlement(None, article(path, headline=path, body=" ".join(f"{path}{n}" for n in range(60))))
                    for path in order[start : start + 10]
                ]
                outcomes += [one.outcome for one in store.settle(batch, NOW + timedelta(seconds=seed))]
                assert len(receipt.new) <= 10
            return outcomes

    def follow() -> None:
        with Store.open(database_url) as store:
            after = 0
            while not done.is_set() or after < len(paths):
                for change in store.changes(after):
                    followed.append(change.seq)
                    after = change.seq

    with Store.open(database_url) as store:
        store.register([source(f"w{n}") for n in range(4)], NOW)
    follower = threading.Thread(target=follow)
    follower.start()
    with ThreadPoolExecutor(4) as pool:
        outcomes = [outcome for found in pool.map(write, range(4)) for outcome in found]
    done.set()
    follower.join(20)
    assert followed == list(range(1, len(paths) + 1))
    assert outcomes.count(Outcome.STORED) == len(paths)
    assert outcomes.count(Outcome.UNCHANGED) + outcomes.count(Outcome.DUPLICATE) == 3 * len(paths)
    with Store.open(database_url) as store:
        assert len(rows(store, "article_v1")) == len(rows(store, "link")) == len(paths)
        assert len(rows(store, "image_v1")) == 2 * len(paths)
