from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.model import Article, Image, Link, Outcome
from ingest.store import Settled, Settlement, Store

from .build import BODY, DAY, HOUR, NOW, article, failed, link, offer, page, poll, put, rows, settlement

OTHER_BODY = "Rain is expected in the north of the country by Friday, the weather service said in its morning report."


def test_a_new_article_comes_back_as_it_was_stored(store: Store):
    settled = put(store, article())
    assert settled == Settled(outcome=Outcome.STORED, article_id=1, revision=1, sources=("harbour",))
    [stored] = store.articles()
    sent = article()
    for name in ("url", "headline", "summary", "body", "authors", "published_at", "modified_at", "language", "site"):
        assert getattr(stored, name) == getattr(sent, name)
    for name in ("section", "tags", "images", "contact_line", "credits", "paywalled"):
        assert getattr(stored, name) == getattr(sent, name)
    assert stored.contact_emails == ("desk@harbour.example",)
    assert stored.sources == ("harbour",)
    assert stored.word_count == len(BODY.split())
    assert (stored.first_seen_at, stored.changed_at, stored.cluster_id) == (NOW, NOW, None)


def test_the_lead_image_stands_in_the_article_view(store: Store):
    put(store, article())
    [row] = rows(store, "article_v1")
    found = [row[f"image_{name}"] for name in ("url", "label", "caption", "credit")]
    assert found == ["https://harbour.example/a.jpg", "Pier", "The pier.", "A. Lee"]
    assert [row["role"] for row in rows(store, "image_v1", "ORDER BY position")] == ["body", "lead"]


def test_the_same_page_again_is_unchanged_and_writes_nothing(store: Store):
    [due] = offer(store, link())
    found = settlement(due, article(), page=page(etag='"e"'))
    store.settle([found], NOW)
    tables = ("article", "image", "link", "sighting", "revision", "url_alias", "change", "ledger")
    before = [rows(store, table) for table in tables]
    [settled] = store.settle([found], NOW + HOUR)
    assert (settled.outcome, settled.revision) == (Outcome.UNCHANGED, 1)
    assert [rows(store, table) for table in tables] == before


def test_the_same_article_twice_in_one_batch_is_one_article(store: Store):
    [due] = offer(store, link())
    settled = store.settle([settlement(due, article())] * 2, NOW)
    assert [one.outcome for one in settled] == [Outcome.STORED, Outcome.UNCHANGED]
    assert len(rows(store, "article_v1")) == 1


def test_an_edit_in_the_same_batch_is_a_revision(store: Store):
    [due] = offer(store, link())
    edited = article(headline="Ferry to stop in January")
    settled = store.settle([settlement(due, article()), settlement(due, edited)], NOW)
    assert [(one.outcome, one.revision) for one in settled] == [(Outcome.STORED, 1), (Outcome.STORED, 2)]
    headlines = [row["headline"] for row in rows(store, "revision_v1", "ORDER BY revision")]
    assert headlines == ["Ferry to stop in December", "Ferry to stop in January"]


def test_two_addresses_of_one_article_in_one_batch_are_one_article(store: Store):
    a, b = offer(store, link("a"), link("b"))
    found = article(canonical_url="https://harbour.example/ferry-stops")
    settled = store.settle(
        [settlement(a, replace(found, url=a.link.url)), settlement(b, replace(found, url=b.link.url))], NOW
    )
    assert [(one.outcome, one.article_id) for one in settled] == [(Outcome.STORED, 1), (Outcome.DUPLICATE, 1)]


@pytest.mark.parametrize(
    "change",
    [
        {"headline": "Ferry to stop in January"},
        {"body": BODY.replace("December", "January")},
        {"contacts": ()},
        {"images": (replace(article().images[1], caption="The old pier."),)},
        {"images": (replace(article().images[1], credit="B. Lee"),)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_edit_is_a_new_revision_and_the_old_one_is_kept(store: Store, change: dict[str, object]):
    [due] = offer(store, link())
    store.settle([settlement(due, article())], NOW)
    [settled] = store.settle([settlement(due, article(**change))], NOW + HOUR)
    assert (settled.outcome, settled.article_id, settled.revision) == (Outcome.STORED, 1, 2)
    first, second = rows(store, "revision_v1", "ORDER BY revision")
    assert (first["headline"], first["body"]) == (article().headline, BODY)
    assert (first["image_caption"], first["image_credit"]) == ("The pier.", "A. Lee")
    assert (first["cause"], second["cause"]) == ("new", "edited")
    [now] = store.articles()
    assert now.images == article(**change).images
    assert (now.first_seen_at, now.changed_at, now.revision) == (NOW, NOW + HOUR, 2)


@pytest.mark.parametrize(
    "change",
    [
        {"body": BODY.replace(" ", "  ").replace("\n\n", " \n\n")},
        {"body": BODY + "\n\n1,204 views"},
        {"body": BODY + "\n\nUpdated 5 minutes ago"},
        {"body": "Advertisement\n\n" + BODY},
        {"modified_at": NOW},
        {"images": (Image(url="https://harbour.example/ad.gif"), article().images[1])},
    ],
    ids=["white space", "counter", "clock", "advert", "timestamp", "advert image"],
)
def test_what_readers_would_not_call_an_edit_makes_no_revision(store: Store, change: dict[str, object]):
    [due] = offer(store, link())
    store.settle([settlement(due, article())], NOW)
    [settled] = store.settle([settlement(due, article(**change))], NOW + HOUR)
    assert (settled.outcome, settled.revision) == (Outcome.UNCHANGED, 1)
    assert len(rows(store, "change_v1")) == 1


def test_another_address_of_a_known_article_is_a_duplicate(store: Store):
    put(store, article(canonical_url="https://harbour.example/ferry"))
    mobile = article("m/ferry", canonical_url="https://harbour.example/ferry")
    settled = put(store, mobile, name="other", at=NOW + HOUR)
    assert (settled.outcome, settled.article_id) == (Outcome.DUPLICATE, 1)
    [stored] = store.articles()
    assert stored.sources == ("harbour", "other")
    assert len(rows(store, "change_v1")) == 1


def test_a_redirect_leads_to_the_article_of_its_target(store: Store):
    put(store, article())
    [due] = offer(store, Link(url="https://links.example/r/77"), at=NOW + HOUR)
    [settled] = store.settle([settlement(due, article())], NOW + HOUR)
    assert (settled.outcome, settled.article_id) == (Outcome.DUPLICATE, 1)


def test_a_duplicate_brings_a_revision_only_if_it_says_that_it_is_newer(store: Store):
    canonical = {"canonical_url": "https://harbour.example/ferry"}
    put(store, article(modified_at=NOW, **canonical))
    shorter = article("m/ferry", headline="Ferry stops", modified_at=NOW - HOUR, **canonical)
    settled = put(store, shorter, at=NOW + HOUR)
    assert (settled.outcome, settled.revision) == (Outcome.DUPLICATE, 1)
    newer = article("amp/x", headline="Ferry stops", modified_at=NOW + HOUR, **canonical)
    settled = put(store, newer, at=NOW + 2 * HOUR)
    assert (settled.outcome, settled.revision) == (Outcome.DUPLICATE, 2)


def test_a_canonical_address_on_another_site_takes_nothing_over(store: Store):
    put(store, article())
    thief = article(url="https://thief.example/x", canonical_url="https://harbour.example/ferry")
    assert put(store, thief, at=NOW + HOUR).outcome is Outcome.STORED
    assert len(rows(store, "article_v1")) == 2


@pytest.mark.parametrize("canonical", ["https://harbour.example/", "https://harbour.example/all"])
def test_pages_that_all_declare_one_canonical_address_stay_different_articles(store: Store, canonical: str):
    put(store, article("a", canonical_url=canonical))
    settled = put(store, article("b", canonical_url=canonical, body=OTHER_BODY, headline="Rain"))
    assert settled.outcome is Outcome.STORED
    assert len(rows(store, "article_v1")) == 2


def test_an_address_that_another_page_claimed_is_its_own_articles_in_the_end(store: Store):
    put(store, article("a", canonical_url="https://harbour.example/all"))
    own = article("all", body=OTHER_BODY, headline="Rain")
    assert put(store, own).article_id == 2
    assert store.page_state("harbour.example/all").article_id == 2


def test_an_entry_whose_address_changed_is_recognised_by_its_guid(store: Store):
    [due] = offer(store, link("ferry-stops", guid="77"))
    store.settle([settlement(due, article("ferry-stops"))], NOW)
    [due] = offer(store, link("ferry-ends", guid="77"), at=NOW + HOUR)
    [settled] = store.settle([settlement(due, article("ferry-ends"))], NOW + HOUR)
    assert (settled.outcome, settled.article_id) == (Outcome.DUPLICATE, 1)


def test_entries_that_share_a_guid_stay_different_articles(store: Store):
    one, two = offer(store, link("a", guid="0"), link("b", guid="0"))
    settled = store.settle(
        [settlement(one, article("a")), settlement(two, article("b", headline="Rain", body=OTHER_BODY))], NOW
    )
    assert [one.article_id for one in settled] == [1, 2]


def test_a_page_without_an_article_is_filtered_with_its_reason(store: Store):
    [due] = offer(store, link())
    [settled] = store.settle([settlement(due, outcome=Outcome.FILTERED, reason="robots.txt")], NOW)
    assert settled == Settled(outcome=Outcome.FILTERED, sources=("harbour",))
    [row] = rows(store, "link")
    assert (row["outcome"], row["reason"], row["offer"]) == ("filtered", "robots.txt", None)
    assert store.due_links(["harbour"], NOW + DAY) == []


def test_a_failed_link_is_due_again_when_it_was_told_and_keeps_what_was_said_of_it(store: Store):
    offered = link(content="<p>x</p>")
    [due] = offer(store, offered)
    store.settle([failed(due, retry_at=NOW + HOUR)], NOW)
    assert store.due_links(["harbour"], NOW + HOUR / 2) == []
    [again] = store.due_links(["harbour"], NOW + HOUR)
    assert (again.link, again.attempts) == (offered, 1)


def test_an_article_from_the_feed_alone_is_stored_and_its_page_tried_again(store: Store):
    [due] = offer(store, link())
    from_feed = settlement(due, article(), reason="timed out", retry_at=NOW + HOUR)
    assert store.settle([from_feed], NOW)[0].outcome is Outcome.STORED
    [again] = store.due_links(["harbour"], NOW + HOUR)
    longer = article(body=BODY + "\n\n" + OTHER_BODY)
    [settled] = store.settle([settlement(again, longer, page=page())], NOW + HOUR)
    assert (settled.outcome, settled.article_id, settled.revision) == (Outcome.STORED, 1, 2)
    assert store.due_links(["harbour"], NOW + DAY) == []


def test_a_page_that_fails_later_leaves_the_article_alone(store: Store):
    [due] = offer(store, link())
    store.settle([settlement(due, article())], NOW)
    [settled] = store.settle([failed(due)], NOW + HOUR)
    assert (settled.outcome, settled.article_id, settled.revision) == (Outcome.FAILED, 1, 1)
    assert len(rows(store, "article_v1")) == 1


def test_a_page_asked_for_by_hand_leaves_validators_for_the_next_time(store: Store):
    assert store.page_state("harbour.example/ferry") is None
    store.settle([settlement(None, article(), page=page(etag='"e"', last_modified="Mon"))], NOW)
    state = store.page_state("harbour.example/ferry")
    assert (state.etag, state.last_modified, state.article_id) == ('"e"', "Mon", 1)
    [settled] = store.settle([settlement(None, url="https://harbour.example/ferry", outcome=Outcome.UNCHANGED)], NOW)
    assert (settled.outcome, settled.article_id) == (Outcome.UNCHANGED, 1)


def test_a_settlement_without_article_must_say_what_became_of_it():
    with pytest.raises(ValueError, match="filtered, failed or unchanged"):
        Settlement(link_id=1, url="https://harbour.example/", source="harbour")


def test_an_empty_batch_is_settled(store: Store):
    assert store.settle([], NOW) == []


def test_articles_come_newest_first_or_oldest_first_and_by_source(store: Store):
    for path in "abc":
        put(store, article(path, headline=path, body=f"{path} {BODY}"))
    put(store, article("d", headline="d"), name="other")
    assert [one.headline for one in store.articles()] == ["d", "c", "b", "a"]
    assert [one.headline for one in store.articles(newest_first=False, limit=2)] == ["a", "b"]
    assert [one.headline for one in store.articles(source="other")] == ["d"]
    assert list(store.articles(limit=0)) == []


def test_more_articles_than_one_page_are_all_read(store: Store):
    found = offer(store, *(link(str(n)) for n in range(450)))
    store.settle([settlement(due, Article(url=due.link.url, headline="h", body="b")) for due in found], NOW)
    assert [one.id for one in store.articles(newest_first=False)] == list(range(1, 451))
    assert len(list(store.articles(limit=201))) == 201
    assert store.record_poll(poll(*(due.link for due in found))).unchanged == 450


def test_a_link_that_is_settled_twice_in_a_batch_is_settled_one_time_after_the_other(store: Store):
    [due] = offer(store, link())
    first, second = NOW + HOUR, NOW + 2 * HOUR
    store.settle([failed(due, retry_at=first), failed(due, retry_at=second)], NOW)
    [row] = rows(store, "link")
    assert row["attempts"] == 2
    assert store.due_links(["harbour"], first) == []
    assert [again.id for again in store.due_links(["harbour"], second)] == [due.id]
