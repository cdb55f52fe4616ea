from __future__ import annotations

import pytest

from ingest.errors import StoreError
from ingest.model import Outcome
from ingest.store import PollPart, PollState, Store

from .build import DAY, HOUR, NOW, article, failed, link, offer, poll, rows, settlement, source


def test_a_new_source_has_nothing_to_ask_conditionally_with(store: Store):
    store.register([source()], NOW)
    assert store.poll_state("harbour") == PollState(name="harbour", url="https://harbour.example/feed")


def test_a_poll_leaves_its_validators_for_the_next_one(store: Store):
    store.register([source()], NOW)
    part = PollPart(url="https://harbour.example/1.xml", etag='"p"')
    store.record_poll(poll(etag='"a"', last_modified="Mon", body_hash="h", parts=(part,)))
    assert store.poll_state("harbour") == PollState(
        name="harbour",
        url="https://harbour.example/feed",
        etag='"a"',
        last_modified="Mon",
        body_hash="h",
        parts=(part,),
    )


def test_a_failed_poll_keeps_the_validators_and_counts_the_failures(store: Store):
    store.register([source()], NOW)
    store.record_poll(poll(etag='"a"', body_hash="h"))
    store.record_poll(poll(outcome="failed", error="timed out", at=NOW + HOUR))
    store.record_poll(poll(outcome="failed", error="refused", at=NOW + 2 * HOUR))
    state = store.poll_state("harbour")
    assert (state.etag, state.body_hash) == ('"a"', "h")
    [row] = rows(store, "source_v1")
    assert (row["state"], row["failures"], row["last_error"]) == ("failing", 2, "refused")
    store.record_poll(poll(outcome="unchanged", at=NOW + 3 * HOUR))
    [row] = rows(store, "source_v1")
    assert (row["state"], row["failures"], row["last_error"]) == ("ok", 0, None)


def test_an_unchanged_poll_may_bring_new_validators_and_need_not(store: Store):
    store.register([source()], NOW)
    store.record_poll(poll(etag='"a"', last_modified="Mon"))
    store.record_poll(poll(outcome="unchanged", etag='"b"'))
    state = store.poll_state("harbour")
    assert (state.etag, state.last_modified) == ('"b"', "Mon")


def test_a_source_that_was_never_registered_is_named(store: Store):
    with pytest.raises(StoreError, match="'nowhere'"):
        store.poll_state("nowhere")
    with pytest.raises(StoreError, match="'nowhere'"):
        store.record_poll(poll(name="nowhere"))


def test_new_links_come_back_due_with_all_that_the_source_said(store: Store):
    store.register([source()], NOW)
    offered = link(summary="s", content="<p>x</p>", authors=("A",), tags=("t",), published_at=NOW, language="en")
    receipt = store.record_poll(poll(offered, link("other")))
    assert [due.link for due in receipt.new] == [offered, link("other")]
    assert [(due.source, due.sources, due.attempts) for due in receipt.new] == [("harbour", ("harbour",), 0)] * 2


def test_what_an_interrupted_run_left_is_due_in_the_next_one(store: Store):
    offered = link(summary="s", content="<p>x</p>", authors=("A",), tags=("t",), published_at=NOW, language="en")
    [due] = offer(store, offered)
    assert store.due_links(["harbour"], NOW + HOUR) == [due]
    assert store.due_links(["another"], NOW + HOUR) == []
    assert store.due_links([], NOW + HOUR) == []


def test_due_links_come_longest_overdue_first_and_no_more_than_asked_for(store: Store):
    offer(store, link("later"), at=NOW + HOUR)
    offer(store, link("sooner"))
    found = store.due_links(["harbour"], NOW + DAY)
    assert [due.link for due in found] == [link("sooner"), link("later")]
    assert store.due_links(["harbour"], NOW + DAY, limit=1) == found[:1]


def test_one_address_twice_in_a_poll_is_one_link(store: Store):
    store.register([source()], NOW)
    receipt = store.record_poll(poll(link(), link(title="again")))
    assert [due.link.title for due in receipt.new] == ["Ferry to stop"]
    assert receipt.pending == 0


def test_the_receipt_counts_every_distinct_link_exactly_once(store: Store):
    store.register([source(), source("other")], NOW)
    a, b, c, d = (link(path) for path in "abcd")
    first = {due.link.url: due for due in store.record_poll(poll(a, b, c)).new}
    store.settle(
        [
            settlement(first[a.url], article("a")),
            settlement(first[b.url], outcome=Outcome.FILTERED, reason="robots.txt"),
            failed(first[c.url], retry_at=NOW + HOUR),
        ],
        NOW,
    )
    receipt = store.record_poll(poll(a, b, c, d, at=NOW + HOUR / 2))
    assert [due.link for due in receipt.new] == [d]
    assert (receipt.unchanged, receipt.duplicate, receipt.pending) == (2, 0, 1)
    receipt = store.record_poll(poll(a, b, c, d, name="other", at=NOW + HOUR / 2))
    assert (receipt.new, receipt.unchanged, receipt.duplicate, receipt.pending) == ((), 0, 2, 2)


def test_a_retry_that_is_due_is_the_first_sources_to_fetch(store: Store):
    store.register([source(), source("other")], NOW)
    [due] = store.record_poll(poll(link())).new
    store.settle([failed(due, retry_at=NOW + HOUR)], NOW)
    assert store.record_poll(poll(link(), name="other", at=NOW + HOUR)).pending == 1
    [again] = store.record_poll(poll(link(), at=NOW + HOUR)).new
    assert (again.id, again.link, again.attempts, again.sources) == (due.id, link(), 1, ("harbour", "other"))


def test_a_failed_link_without_a_retry_is_given_up(store: Store):
    [due] = offer(store, link())
    store.settle([failed(due)], NOW)
    assert store.due_links(["harbour"], NOW + DAY) == []
    assert store.record_poll(poll(link(), at=NOW + DAY)).unchanged == 1


def test_a_link_of_two_sources_has_two_sightings(store: Store):
    [due] = offer(store, link())
    offer(store, link(guid="other-guid", title="Ferries end"), name="other", at=NOW + HOUR)
    store.settle([settlement(due, article())], NOW + HOUR)
    seen = [(row["source"], row["guid"], row["title"]) for row in rows(store, "sighting_v1", "ORDER BY source")]
    assert seen == [("harbour", "g-ferry", "Ferry to stop"), ("other", "other-guid", "Ferries end")]


def test_last_seen_is_written_no_more_than_once_a_day(store: Store):
    offer(store, link())
    offer(store, link(), at=NOW + HOUR)
    [row] = rows(store, "sighting")
    assert row["last_seen_at"] == row["first_seen_at"]
    offer(store, link(), at=NOW + DAY + HOUR)
    [row] = rows(store, "sighting")
    assert row["last_seen_at"] > row["first_seen_at"]


def test_a_link_asked_for_by_hand_in_vain_is_tried_once_a_source_offers_it(store: Store):
    failure = settlement(None, url=link().url, outcome=Outcome.FAILED, reason="404", retry_at=NOW)
    store.settle([failure], NOW)
    assert [due.link for due in offer(store, link())] == [link()]


def test_a_link_asked_for_by_hand_and_stored_is_a_duplicate_once_a_source_offers_it(store: Store):
    store.settle([settlement(None, article())], NOW)
    store.register([source()], NOW)
    assert store.record_poll(poll(link())).duplicate == 1
