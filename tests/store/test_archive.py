"""Records in and out again: through dedupe, as if their sources had offered them."""

from __future__ import annotations

import json

from ingest.model import Article, Outcome
from ingest.record_json import Record, read_record
from ingest.store import Store

from .build import HOUR, NOW, article, offer, put, rows, source

TABLES = ("article", "image", "link", "sighting", "revision", "url_alias", "change", "ledger", "source")
DEDUPE = ("fingerprint", "copy_key", "line", "cluster")


def record(path: str = "ferry", name: str = "harbour", **changes) -> Record:
    return Record(article=article(path, **changes), source=name, guid=f"g-{path}")


def dump(store: Store) -> dict[str, list[str]]:
    """Everything that is stored."""
    return {table: sorted(map(str, rows(store, table))) for table in TABLES + DEDUPE}


def test_a_record_is_stored_as_if_its_source_had_offered_it(store: Store):
    [settled] = store.load([record()], NOW)
    assert settled.outcome is Outcome.STORED
    [sighting] = rows(store, "sighting_v1")
    assert (sighting["source"], sighting["guid"]) == ("harbour", "g-ferry")
    [stored] = store.articles()
    assert (stored.headline, stored.images) == (article().headline, article().images)


def test_sources_that_nobody_configured_are_made_and_never_polled(store: Store):
    store.load([record(name="archive")], NOW)
    [made] = rows(store, "source_v1")
    assert (made["name"], made["state"], made["next_due_at"]) == ("archive", "paused", None)


def test_a_source_that_is_configured_keeps_its_state(store: Store):
    store.register([source()], NOW)
    before = rows(store, "source_v1")[0]["state"]
    store.load([record()], NOW)
    assert [(row["name"], row["state"]) for row in rows(store, "source_v1")] == [("harbour", before)]


def test_a_second_load_changes_no_row(store: Store):
    records = [record(), record("rain", body="Rain is expected by Friday.", headline="Rain"), record("ferry", name="b")]
    store.load(records, NOW)
    before = dump(store)
    settled = store.load(records, NOW)
    assert {one.outcome for one in settled} <= {Outcome.UNCHANGED, Outcome.DUPLICATE}
    assert dump(store) == before


def test_a_record_that_says_something_else_is_a_revision(store: Store):
    store.load([record()], NOW)
    [settled] = store.load([record(headline="Ferry to stop in January")], NOW + HOUR)
    assert (settled.outcome, settled.revision) == (Outcome.STORED, 2)


def test_the_answers_are_in_the_order_of_the_records_whatever_their_sources(store: Store):
    names = ["b", "a", "c", "a", "b"]
    batch = [record(str(n), name, headline=f"H{n}", body=f"Text number {n}.") for n, name in enumerate(names)]
    assert [one.article_id for one in store.load(batch, NOW)] == [1, 2, 3, 4, 5]


def test_when_it_was_seen_first_is_kept(store: Store):
    seen = NOW - 50 * HOUR
    store.load([Record(article=article(), source="harbour", seen_at=seen)], NOW)
    [stored] = store.articles()
    assert (stored.first_seen_at, stored.changed_at) == (seen, NOW)


def test_what_is_exported_is_read_again_and_gives_the_same_export(store: Store, make_database):
    put(store, article())
    put(store, article("rain", headline="Rain", body="Rain is expected.", images=(), contacts=(), published_at=None))
    put(store, article("copy", url="https://other.example/copy"), name="other", at=NOW + HOUR)
    exported = [json.dumps(one) for one in store.export()]
    assert len(exported) == 3
    with Store.open(make_database()) as fresh:
        fresh.load([read_record(json.loads(line)) for line in exported], NOW + 9 * HOUR)
        assert [json.dumps(one) for one in fresh.export()] == exported
        clusters = [row["cluster_id"] for row in rows(fresh, "article_v1", "ORDER BY id")]
        assert clusters == [1, None, 1]


def test_an_export_can_be_of_one_source_or_of_what_is_new(store: Store):
    put(store, article())
    put(store, article("rain", headline="Rain", body="Rain is expected."), name="other", at=NOW + HOUR)
    assert [one["headline"] for one in store.export(source="other")] == ["Rain"]
    assert [one["headline"] for one in store.export(since=NOW + HOUR)] == ["Rain"]
    assert list(store.export(source="nobody")) == []


def test_more_than_one_page_is_exported_in_the_order_of_storing(store: Store):
    batch = [
        Record(article=Article(url=f"https://x.example/{n}", headline="h", body=f"{n}."), source="x")
        for n in range(450)
    ]
    store.load(batch, NOW)
    assert [one["url"].rpartition("/")[2] for one in store.export()] == [str(n) for n in range(450)]


def test_an_article_that_was_asked_for_by_hand_is_exported_as_such(store: Store):
    from .build import settlement

    store.settle([settlement(None, article())], NOW)
    assert [one["source"] for one in store.export()] == ["by-hand"]
    assert offer(store) == []
