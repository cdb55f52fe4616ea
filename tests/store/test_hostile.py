"""What the web sends is stored rightly on both databases, or refused as a whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from ingest.errors import NotAnArticle
from ingest.model import Article, Contact, Image, Link, Outcome
from ingest.store import RobotsRecord, Settled, Store

from .build import BODY, HOUR, NOW, article, failed, link, offer, page, poll, put, rows, settlement, source

NASTY = "a\x00b\ud83dc\ud83d\ude00"
CLEAN = "ab\ufffdc😀"


def test_nul_and_lone_surrogates_in_any_field_are_cleaned(store: Store):
    store.register([source()], NOW)
    offered = Link(
        url=f"https://harbour.example/{NASTY}",
        guid=NASTY,
        title=NASTY,
        summary=NASTY,
        content=NASTY,
        authors=(NASTY,),
        tags=(NASTY,),
        language=NASTY,
        image_url=NASTY,
    )
    [due] = store.record_poll(poll(offered, etag=NASTY, last_modified=NASTY, body_hash=NASTY, final_url=NASTY)).new
    [left] = store.due_links(["harbour"], NOW)
    assert (left.link.content, left.link.authors) == (CLEAN, (CLEAN,))
    nasty = Article(
        url=offered.url,
        canonical_url=NASTY,
        headline=NASTY,
        summary=NASTY,
        body=NASTY,
        authors=(NASTY,),
        language=NASTY,
        site=NASTY,
        section=NASTY,
        tags=(NASTY,),
        images=(Image(url=NASTY, label=NASTY, caption=NASTY, credit=NASTY, role="lead"),),
        contacts=(Contact(text=NASTY, kind="tips", emails=(NASTY,), phones=(NASTY,), urls=(NASTY,)),),
        credits=NASTY,
        origins={NASTY: NASTY},
    )
    found = settlement(due, nasty, page=page(etag=NASTY, last_modified=NASTY), reason=NASTY)
    assert store.settle([found], NOW)[0].outcome is Outcome.STORED
    assert store.settle([found], NOW)[0].outcome is Outcome.UNCHANGED
    [stored] = store.articles()
    assert {stored.headline, stored.body, stored.summary, stored.credits, stored.contact_line} == {CLEAN}
    assert stored.images == (Image(url=CLEAN, label=CLEAN, caption=CLEAN, credit=CLEAN, role="lead"),)
    assert stored.authors == stored.tags == stored.contact_emails == (CLEAN,)
    [row] = rows(store, "article")
    assert CLEAN in str(row["origins"])
    store.record_poll(poll(outcome="failed", error=NASTY))
    store.save_robots(RobotsRecord(host=NASTY, status=200, body=b"\x00", etag=NASTY, fetched_at=NOW))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (datetime.min.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)),
        (datetime.max.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)),
        # The year 0 in UTC, and the year 10000.
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), datetime.min.replace(tzinfo=UTC)),
        (datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=12))), datetime.max.replace(tzinfo=UTC)),
        (datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=9))), datetime(2026, 3, 28, 17, 30, tzinfo=UTC)),
    ],
    ids=["year 1", "year 9999", "before year 1", "after year 9999", "another zone"],
)
def test_times_at_the_ends_of_the_calendar_are_kept_or_the_nearest_is(store: Store, given: datetime, kept: datetime):
    put(store, article(published_at=given, modified_at=given))
    [stored] = store.articles()
    assert (stored.published_at, stored.modified_at) == (kept, kept)


def test_a_body_of_five_megabytes_is_stored_whole(store: Store):
    body = "\n\n".join(f"Paragraph {n} of a very long page, 긴 글." for n in range(110_000))
    assert len(body.encode()) > 5_000_000
    put(store, article(body=body))
    [stored] = store.articles()
    assert stored.body == body


def test_an_address_of_twelve_kilobytes_is_one_link_and_one_article(store: Store):
    url = "https://harbour.example/" + "a" * 12_000
    [due] = offer(store, Link(url=url))
    assert store.settle([settlement(due, article(url=url, canonical_url=url))], NOW)[0].outcome is Outcome.STORED
    assert store.record_poll(poll(Link(url=url))).unchanged == 1
    assert [stored.url for stored in store.articles()] == [url]


def test_long_addresses_that_differ_at_the_end_are_different_links(store: Store):
    url = "https://harbour.example/" + "a" * 12_000
    assert len(offer(store, Link(url=url + "b"), Link(url=url + "c"))) == 2


@pytest.mark.parametrize("url", ["", "not a url", "https://[::1", "javascript:alert(1)", "https://x.example:99999/"])
def test_an_address_that_is_none_is_kept_as_it_is_and_one_link(store: Store, url: str):
    [due] = offer(store, Link(url=url))
    assert store.settle([failed(due)], NOW) == [Settled(outcome=Outcome.FAILED, sources=("harbour",))]
    assert store.record_poll(poll(Link(url=url))).unchanged == 1


def test_an_article_without_text_cannot_reach_the_store():
    with pytest.raises(NotAnArticle, match="no body"):
        article(body=" \n ")


def test_thousands_of_links_in_one_poll_are_counted_exactly(store: Store):
    store.register([source()], NOW)
    links = [Link(url=f"https://harbour.example/{n}") for n in range(6_000)]
    receipt = store.record_poll(poll(*links))
    assert (len(receipt.new), receipt.pending) == (6_000, 0)
    store.settle([failed(due) for due in receipt.new[:4_000]], NOW)
    receipt = store.record_poll(poll(*links, at=NOW + HOUR))
    assert (len(receipt.new), receipt.unchanged) == (2_000, 4_000)
    assert len(store.due_links(["harbour"], NOW + HOUR)) == 2_000


def test_a_body_that_changes_at_every_poll_keeps_one_article(store: Store):
    [due] = offer(store, link())
    for n in range(5):
        store.settle([settlement(due, article(body=f"{BODY}\n\nVersion {n} of the page was read."))], NOW + n * HOUR)
    assert len(rows(store, "article_v1")) == 1
    assert len(rows(store, "image_v1")) == 2
