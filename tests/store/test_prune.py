from __future__ import annotations

from ingest.model import Link, Outcome
from ingest.store import Pruned, Retention, Store

from .build import DAY, HOUR, NOW, article, failed, link, offer, poll, put, rows, settlement, source

YEAR = 365 * DAY


def test_old_articles_go_with_all_that_belongs_to_them_and_the_feed_says_so(store: Store):
    put(store, article("old"), at=NOW)
    put(store, article("new", headline="New", body="Another text."), at=NOW + YEAR)
    pruned = store.prune(Retention(articles=30 * DAY), NOW + YEAR)
    assert pruned.articles == 1
    assert [row["url"] for row in rows(store, "article_v1")] == ["https://harbour.example/new"]
    assert {row["article_id"] for row in rows(store, "image_v1")} == {2}
    assert [(c.article_id, c.kind) for c in store.changes()] == [(1, "new"), (2, "new"), (1, "removed")]
    assert store.check() == []


def test_nothing_goes_without_a_retention(store: Store):
    put(store, article())
    assert store.prune(Retention(), NOW + 10 * YEAR) == Pruned()
    assert len(rows(store, "article_v1")) == 1


def test_a_dry_run_tells_what_would_go_and_drops_nothing(store: Store):
    [due] = offer(store, link())
    store.settle([settlement(due, article())], NOW)
    store.settle([settlement(due, article(headline="Edited"))], NOW + HOUR)
    store.index()
    everything = Retention(articles=DAY, revisions=DAY, changes=DAY)
    assert store.prune(everything, NOW + YEAR, dry_run=True) == Pruned(articles=1, revisions=1, changes=2)
    assert len(store.revisions(1)) == 2
    assert len(list(store.changes())) == 2


def test_a_pruned_article_does_not_come_back_while_its_feed_offers_it(store: Store):
    put(store, article())
    store.prune(Retention(articles=30 * DAY), NOW + YEAR)
    assert store.record_poll(poll(link(), at=NOW + YEAR)).unchanged == 1
    # Another address of it, from another source.
    [due] = offer(store, Link(url="https://links.example/r/7"), name="other", at=NOW + YEAR)
    [settled] = store.settle([settlement(due, article())], NOW + YEAR)
    assert (settled.outcome, settled.article_id) == (Outcome.FILTERED, None)
    assert rows(store, "article_v1") == []


def test_a_pruned_article_that_is_asked_for_by_hand_is_stored_again(store: Store):
    put(store, article())
    store.prune(Retention(articles=30 * DAY), NOW + YEAR)
    [settled] = store.settle([settlement(None, article())], NOW + YEAR)
    assert (settled.outcome, settled.article_id) == (Outcome.STORED, 2)
    assert store.prune(Retention(articles=30 * DAY), NOW + 2 * YEAR).articles == 1
    assert store.record_poll(poll(link(), at=NOW + 2 * YEAR)).unchanged == 1


def test_what_nobody_offers_any_more_is_forgotten_a_week_later(store: Store):
    pruned, vain = offer(store, link("pruned"), link("failed"))
    store.settle([settlement(pruned, article("where-it-leads")), failed(vain)], NOW)
    store.prune(Retention(articles=DAY), NOW + 2 * DAY)
    assert len(rows(store, "tombstone")) == 1
    offer(store, link("later"), at=NOW + 6 * DAY)
    assert store.prune(Retention(), NOW + 6 * DAY).links == 0
    offer(store, link("later"), at=NOW + 8 * DAY)
    assert store.prune(Retention(), NOW + 8 * DAY, dry_run=True).links == 2
    assert store.prune(Retention(), NOW + 8 * DAY).links == 2
    assert rows(store, "tombstone") == []
    assert [row["url"] for row in rows(store, "link")] == ["https://harbour.example/later"]


def test_a_link_that_a_source_still_offers_stays_however_old_it_is(store: Store):
    [due] = offer(store, link("failed"))
    store.settle([failed(due)], NOW)
    for days in range(0, 40, 4):
        offer(store, link("failed"), at=NOW + days * DAY)
        store.record_poll(poll(outcome="unchanged", at=NOW + (days + 1) * DAY))
    assert store.prune(Retention(), NOW + 400 * DAY).links == 0


def test_articles_of_one_source_go_only_if_no_other_offered_them(store: Store):
    for path in ("mine", "both"):
        put(store, article(path, headline=path, body=f"{path} is the text of it."))
    store.register([source(), source("other")], NOW)
    store.record_poll(poll(link("both"), name="other"))
    put(store, article("theirs"), name="other")
    pruned = store.prune(Retention(articles=DAY, source="harbour"), NOW + YEAR)
    assert pruned.articles == 1
    assert {row["url"][-6:] for row in rows(store, "article_v1")} == {"e/both", "theirs"}


def test_old_revisions_go_and_the_current_version_stays(store: Store):
    [due] = offer(store, link())
    for n in range(4):
        store.settle([settlement(due, article(headline=f"Version {n}"))], NOW + n * DAY)
    assert store.prune(Retention(revisions=DAY), NOW + 2.5 * DAY).revisions == 2
    assert [version.headline for version in store.revisions(1)] == ["Version 2", "Version 3"]


def test_changes_go_once_they_are_indexed_and_seq_goes_on(store: Store):
    put(store, article("a"))
    assert store.prune(Retention(changes=DAY), NOW + YEAR).changes == 0
    store.index()
    assert store.prune(Retention(changes=DAY), NOW + YEAR).changes == 1
    put(store, article("b", headline="B", body="Other text."), at=NOW + YEAR)
    assert [change.seq for change in store.changes()] == [2]
    store.index()
    assert len(store.search("passengers")) == 1


def test_more_than_one_batch_is_pruned(store: Store):
    due = offer(store, *(link(str(n)) for n in range(1100)))
    store.settle([settlement(one, article(one.link.url[-4:], headline="h", body="b")) for one in due], NOW)
    assert store.prune(Retention(articles=DAY), NOW + YEAR).articles == 1100
    assert rows(store, "article_v1") == []
    assert len(list(store.changes())) == 2200
