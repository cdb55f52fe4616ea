from __future__ import annotations

from datetime import timedelta

import pytest

from ingest.cadence import Bounds
from ingest.store import Plan, Store

from .build import HOUR, NOW, article, poll, put, rows, source


def states(store: Store) -> dict[str, str]:
    return {row["name"]: row["state"] for row in rows(store, "source_v1")}


def test_registering_twice_changes_nothing(store: Store):
    store.register([source(), source("other")], NOW)
    store.record_poll(poll(etag='"a"'))
    before = rows(store, "source")
    store.register([source(), source("other")], NOW + HOUR)
    assert rows(store, "source") == before


def test_a_source_that_is_no_longer_named_is_paused_and_its_articles_stay(store: Store):
    put(store, article())
    store.register([source("other")], NOW + HOUR)
    assert states(store) == {"harbour": "paused", "other": "new"}
    assert len(rows(store, "article_v1")) == 1


def test_a_source_that_is_named_again_goes_on_where_it_was(store: Store):
    store.register([source(), source("broken"), source("untried")], NOW)
    store.record_poll(poll(etag='"a"'))
    store.record_poll(poll(name="broken", outcome="failed", error="refused"))
    store.register([], NOW)
    assert set(states(store).values()) == {"paused"}
    store.register([source(), source("broken"), source("untried")], NOW)
    assert states(store) == {"harbour": "ok", "broken": "failing", "untried": "new"}
    assert store.poll_state("harbour").etag == '"a"'


def test_a_source_with_another_address_forgets_its_validators(store: Store):
    store.register([source()], NOW)
    store.record_poll(poll(etag='"a"', last_modified="Mon", body_hash="h"))
    store.register([source(url="https://harbour.example/atom")], NOW)
    state = store.poll_state("harbour")
    assert state.url == "https://harbour.example/atom"
    assert (state.etag, state.last_modified, state.body_hash) == (None, None, None)


def test_a_source_counts_the_articles_that_it_offered(store: Store):
    put(store, article("a"))
    put(store, article("b"))
    assert {row["name"]: row["articles"] for row in rows(store, "source_v1")} == {"harbour": 2}


@pytest.mark.parametrize(
    ("bounds", "reason", "wanted"),
    [
        (Bounds(max_interval=timedelta(hours=2)), "adaptive", 2 * HOUR),
        (Bounds(min_interval=timedelta(hours=12)), "adaptive", 12 * HOUR),
        (Bounds(), "adaptive", 8 * HOUR),
        (Bounds(max_interval=timedelta(hours=2)), "Retry-After of the server", 8 * HOUR),
    ],
)
def test_an_interval_that_is_configured_anew_counts_for_the_poll_that_is_planned(
    store: Store, bounds: Bounds, reason: str, wanted: timedelta
):
    store.register([source()], NOW)
    planned = Plan(
        next_due_at=NOW + 8.4 * HOUR, interval=8 * HOUR, state="ok", failures=0, memory={"reason": reason, "history": 1}
    )
    [work] = store.claim_hosts("first", NOW, 1, HOUR, links=1)
    store.record_poll(poll(etag='"a"'), plan=lambda _: planned)
    store.release(work.claim, None)
    assert store.replan([source()], lambda _: bounds) == (wanted != 8 * HOUR)
    [found] = store.source_status()
    assert found.interval == wanted
    at = NOW + (8.4 * HOUR if wanted == 8 * HOUR else wanted)
    assert found.next_due_at == at
    assert found.memory["history"] == 1
    assert store.replan([source()], lambda _: bounds) == 0
    for moment, due in ((at - timedelta(minutes=1), []), (at, ["harbour"])):
        works = store.claim_hosts("test", moment, 1, HOUR, links=1)
        assert [state.name for work in works for state in work.polls] == due
        for work in works:
            store.release(work.claim, None)


def test_a_source_that_was_never_polled_waits_no_longer_than_its_interval_if_its_first_poll_is_killed(store: Store):
    store.register([source()], NOW)
    store.replan([source()], lambda _: Bounds(min_interval=timedelta(minutes=5), max_interval=timedelta(minutes=5)))
    store.claim_hosts("killed", NOW, 1, HOUR, links=1)
    assert store.source_status()[0].next_due_at == NOW + timedelta(minutes=5)
