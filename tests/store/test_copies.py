"""Copies find each other on both databases; what only looks like a copy does not."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from ingest.model import Article, Outcome
from ingest.record_json import Record
from ingest.store import Retention, Store

from .build import DAY, HOUR, NOW, article, link, offer, put, rows, settlement


def text(seed: object, count: int = 200) -> str:
    """Paragraphs of invented words."""
    dice = random.Random(str(seed))
    words = ["".join(dice.choices("abcdeghiklmnoprstu", k=dice.randint(3, 9))) for _ in range(count)]
    return "\n\n".join(" ".join(words[i : i + 40]) + "." for i in range(0, count, 40))


def record(host: str, body: str, *, path: str = "a", **changes) -> Record:
    values = {"url": f"https://{host}.example/{path}", "headline": f"{host} says so in {path}", "body": body}
    values |= {"published_at": NOW - HOUR}
    return Record(article=Article(**(values | changes)), source=host)


def load(store: Store, *records: Record) -> list[int | None]:
    """Load them one transaction each; the clusters of all articles, in the order in which they were stored."""
    for one in records:
        store.load([one], NOW)
    return clusters(store)


def clusters(store: Store) -> list[int | None]:
    return [row["cluster_id"] for row in rows(store, "article_v1", "ORDER BY id")]


def merged(store: Store) -> list[int]:
    return [change.article_id for change in store.changes() if change.kind == "merged"]


# ------------------------------------------------------------ joining


def test_a_copy_joins_and_the_change_feed_says_so_of_both(store: Store):
    assert load(store, record("one", text(1)), record("two", text(2))) == [None, None]
    assert load(store, record("three", text(1).upper() + "\n\n" + text("own words", 20))) == [1, None, 1]
    assert merged(store) == [1, 3]
    assert load(store, record("four", text(1)))[3] == 1
    assert merged(store) == [1, 3, 4]  # the others did not move


def test_copies_of_one_batch_find_each_other_as_those_of_many_do(store: Store):
    batch = [record(f"s{i}", text(i % 3), path=str(i)) for i in range(9)]
    store.load(batch, NOW)
    assert clusters(store) == [1, 2, 3] * 3


def test_clusters_are_never_united(store: Store):
    one, two = text(1), text(2)
    load(store, record("a", one), record("b", one), record("c", two), record("d", two))
    assert load(store, record("e", one + "\n\n" + two)) in ([1, 1, 3, 3, 1], [1, 1, 3, 3, 3])


def test_a_text_that_returns_after_the_window_is_another_story(store: Store):
    first = record("one", text(1), published_at=NOW - 100 * HOUR)
    assert load(store, first, record("two", text(1), published_at=NOW - 20 * HOUR)) == [None, None]
    assert load(store, record("three", text(1), published_at=NOW - 60 * HOUR))[2] in (1, 2)


def test_an_archive_that_comes_in_any_order_is_compared_with_what_is_near_in_time(store: Store):
    days = [3000, 0, 3001, 1]
    batch = [record(f"s{day}", text("same"), published_at=NOW - day * DAY) for day in days]
    store.load(batch, NOW)
    assert clusters(store) == [1, 2, 1, 2]


def test_an_edit_moves_no_article(store: Store):
    load(store, record("one", text(1)), record("two", text(1)))
    edited = record("two", text(1, 120) + "\n\n" + text("edit", 100))
    assert load(store, edited) == [1, 1]
    assert rows(store, "article_v1", "WHERE id = 2")[0]["revision"] == 2


@pytest.mark.parametrize("workers", [2, 4])
def test_copies_that_workers_store_at_the_same_moment_end_in_one_cluster(database_url: str, workers: int):
    stories = 6
    together = Barrier(workers)

    def work(number: int) -> None:
        with Store.open(database_url) as own:
            for story in range(stories):
                together.wait(30)
                own.load([record(f"w{number}", text(story), path=str(story))], NOW)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, range(workers)))
    with Store.open(database_url) as store:
        found = {}
        for row in rows(store, "article_v1"):
            found.setdefault(row["url"].rpartition("/")[2], set()).add(row["cluster_id"])
        assert len(found) == stories
        assert all(len(ids) == 1 and None not in ids for ids in found.values())


# ------------------------------------------------------------ the original


def test_the_original_is_marked_and_gives_way_to_an_earlier_one(store: Store):
    load(store, record("one", text(1)), record("two", text(1)))
    assert {row["original_id"] for row in rows(store, "article_v1")} == {1}
    load(store, record("three", text(1), published_at=NOW - 5 * HOUR))
    assert {row["original_id"] for row in rows(store, "article_v1")} == {3}


def test_an_article_alone_has_no_original(store: Store):
    load(store, record("one", text(1)))
    assert [row["original_id"] for row in rows(store, "article_v1")] == [None]


# ------------------------------------------------------------ undoing it


def test_an_article_that_is_split_off_stands_alone_and_the_others_stay(store: Store):
    load(store, *(record(f"s{i}", text(1)) for i in range(3)))
    assert store.split(2, NOW)
    assert clusters(store) == [1, None, 1]
    assert [(c.article_id, c.kind) for c in store.changes()][-1] == (2, "changed")
    assert not store.split(2, NOW)


def test_a_cluster_whose_first_article_is_split_off_goes_on_under_anothers_number(store: Store):
    load(store, *(record(f"s{i}", text(1)) for i in range(3)))
    assert store.split(1, NOW)
    assert clusters(store) == [None, 2, 2]
    assert [row["original_id"] for row in rows(store, "article_v1", "ORDER BY id")] == [None, 2, 2]


def test_a_cluster_of_one_is_none(store: Store):
    load(store, record("one", text(1)), record("two", text(1)))
    assert store.split(1, NOW)
    assert clusters(store) == [None, None]
    assert rows(store, "cluster") == []


# ------------------------------------------------------------ pruning


def test_pruned_articles_leave_nothing_in_the_index_and_their_clusters_go_on(store: Store):
    for number in range(3):
        store.load([record(f"s{number}", text(1))], NOW + number * HOUR)
    store.prune(Retention(articles=DAY), NOW + DAY + HOUR / 2)
    assert clusters(store) == [1, 1]
    assert {row["original_id"] for row in rows(store, "article_v1")} == {2}
    assert {row["article_id"] for row in rows(store, "copy_key")} == {2, 3}
    assert {row["article_id"] for row in rows(store, "fingerprint")} == {2, 3}
    store.prune(Retention(articles=DAY), NOW + DAY + 3 * HOUR / 2)
    assert clusters(store) == [None]
    assert rows(store, "cluster") == []
    store.prune(Retention(articles=DAY), NOW + 3 * DAY)
    assert rows(store, "copy_key") == rows(store, "fingerprint") == []


def test_lines_that_never_came_again_are_forgotten_after_a_month_and_footers_are_not(store: Store):
    footer = "All rights reserved by the outlet and its partners."
    load(store, *(record("one", f"{text(i, 40)}\n\n{footer}", path=str(i)) for i in range(3)))
    assert len(rows(store, "line")) == 4
    store.prune(Retention(), NOW + 29 * DAY)
    assert len(rows(store, "line")) == 4
    store.prune(Retention(), NOW + 31 * DAY)
    [left] = rows(store, "line")
    assert left["articles"] == 3


# ------------------------------------------------------------ not merged by accident

CONSENT = (
    "We value your privacy. We and our partners use cookies to store and/or access information on a device, and process "
    "personal data. Click below to accept all cookies, or change your cookie settings at any time."
)


@pytest.mark.parametrize(
    "body",
    [
        ".",
        "Read more",
        "This page can't be shown at the moment.",
        CONSENT,
        "Checking your browser. Please enable JavaScript and cookies to continue. Prove that you are human.",
        " ".join(str(n * 7919 % 100_000) for n in range(300)),
        "7" * 5_000,
    ],
    ids=["full stop", "two words", "one line", "consent", "captcha", "figures", "one figure"],
)
def test_what_stands_in_an_articles_place_is_no_copy_of_the_same_elsewhere(store: Store, body: str):
    assert load(store, *(record(f"s{i}", body, path=f"story-{i}") for i in range(4))) == [None] * 4


def test_a_body_of_nothing_is_refused_before_it_is_stored(store: Store):
    from ingest.errors import NotAnArticle

    with pytest.raises(NotAnArticle):
        record("one", " \n")


def test_records_without_a_date_count_from_when_they_were_seen(store: Store):
    assert load(store, record("one", text(1), published_at=None), record("two", text(1), published_at=NOW)) == [1, 1]


def test_brief_texts_are_copies_under_the_same_headline_only(store: Store):
    brief = "The ferries will run again, the harbour office said."
    same = {"headline": "Ferries will run again"}
    assert load(store, record("one", brief, **same), record("two", brief, **same)) == [1, 1]
    assert load(store, record("three", brief, headline="Storm closes the harbour"))[2] is None


@pytest.mark.parametrize(
    "body",
    ["x" * 5_000_000, "1234567 " * 625_000, "word\n\n" * 800_000, "쌀" * 1_700_000],
    ids=["letter", "figures", "lines", "hangul"],
)
def test_a_body_of_five_megabytes_takes_bounded_time_and_is_stored(store: Store, body: str):
    start = time.process_time()
    load(store, record("one", body), record("two", text(1)))
    assert time.process_time() - start < 10
    assert clusters(store) == [None, None]


def test_a_footer_makes_no_copies_of_an_outlets_briefs(store: Store):
    footer = text("footer", 40)
    batch = [record("one", f"{text(i, 60)}\n\n{footer}", path=str(i)) for i in range(8)]
    assert load(store, *batch) == [None] * 8


# ------------------------------------------------------------ identity


def test_guids_that_change_at_every_poll_flood_nothing(store: Store):
    for poll in range(5):
        due = offer(store, link("ferry", guid=f"session-{poll}"), at=NOW + poll * HOUR)
        store.settle([settlement(one, article()) for one in due], NOW + poll * HOUR)
    assert len(rows(store, "article_v1")) == 1
    assert len(rows(store, "link")) == 1
    assert [change.kind for change in store.changes()] == ["new"]


def test_a_guid_that_all_entries_repeat_makes_one_article_of_none(store: Store):
    due = offer(store, *(link(str(n), guid="0") for n in range(6)))
    found = [article(str(n), headline=f"Headline {n}", body=text(n)) for n in range(6)]
    settled = store.settle([settlement(*pair) for pair in zip(due, found, strict=True)], NOW)
    assert [one.outcome for one in settled] == [Outcome.STORED] * 6
    assert clusters(store) == [None] * 6


def test_a_canonical_address_on_another_site_is_a_copy_and_no_identity(store: Store):
    put(store, article("ferry", body=text(1)))
    syndicated = article(
        "x", url="https://other.example/x", canonical_url="https://harbour.example/ferry", body=text(1)
    )
    assert put(store, syndicated, name="other", at=NOW + timedelta(minutes=1)).outcome is Outcome.STORED
    assert clusters(store) == [1, 1]
