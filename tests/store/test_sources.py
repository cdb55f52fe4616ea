from __future__ import annotations

from ingest.store import Store

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
