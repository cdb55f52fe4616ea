from __future__ import annotations

from datetime import timedelta

from ingest.model import Outcome, Page
from ingest.store import Retention, Store

from .build import BODY, DAY, HOUR, NOW, article, link, poll, rows, settlement, source

HTML = "<html><body>쌀값 & friends</body></html>".encode("euc-kr") * 1000


def fetched(path: str = "ferry") -> Page:
    url = f"https://harbour.example/{path}"
    headers = {"content-type": "text/html; charset=euc-kr", "etag": '"e"'}
    return Page(url=url, final_url=url + "?x", status=200, headers=headers, body=HTML, fetched_at=NOW)


def keep(store: Store, *paths: str, keep_pages: timedelta = 30 * DAY) -> None:
    store.register([source(keep_pages=keep_pages), source("careless")], NOW)
    due = store.record_poll(poll(*(link(path, content="<p>x</p>") for path in paths))).new
    store.settle(
        [settlement(one, article(path), page=fetched(path)) for one, path in zip(due, paths, strict=True)], NOW
    )


def test_a_page_comes_back_byte_for_byte_with_what_its_source_said(store: Store):
    keep(store, "ferry")
    [kept] = store.kept_pages()
    assert kept.page == fetched()
    assert (kept.source, kept.article_id) == ("harbour", 1)
    assert kept.link == link(content="<p>x</p>")


def test_pages_are_compressed(store: Store):
    keep(store, "ferry")
    [row] = rows(store, "page")
    assert len(row["body"]) * 20 < row["body_size"] == len(HTML)


def test_only_sources_that_keep_pages_do(store: Store):
    store.register([source("careless")], NOW)
    [due] = store.record_poll(poll(link(), name="careless")).new
    store.settle([settlement(due, article(), page=fetched())], NOW)
    assert list(store.kept_pages()) == []


def test_keeping_pages_begins_and_ends_with_the_configuration(store: Store):
    keep(store, "a", keep_pages=timedelta(0))
    keep(store, "b")
    keep(store, "c", keep_pages=timedelta(0))
    assert [kept.page.url for kept in store.kept_pages()] == ["https://harbour.example/b"]


def test_the_last_page_of_a_link_replaces_the_one_before(store: Store):
    keep(store, "ferry")
    [kept] = store.kept_pages()
    again = settlement(None, article(), link_id=kept.link_id, source="harbour", page=fetched("other"))
    store.settle([again], NOW + HOUR)
    assert [one.page.final_url for one in store.kept_pages()] == ["https://harbour.example/other?x"]


def test_a_page_that_comes_twice_in_one_batch_is_kept_once_the_last_one(store: Store):
    keep(store)
    [due] = store.record_poll(poll(link())).new
    twice = [settlement(due, article(), page=fetched(path)) for path in ("ferry", "other")]
    assert [one.outcome for one in store.settle(twice, NOW)] == [Outcome.STORED, Outcome.UNCHANGED]
    assert [one.page.final_url for one in store.kept_pages()] == ["https://harbour.example/other?x"]


def test_pages_can_be_chosen_by_source_and_by_time(store: Store):
    keep(store, *(str(n) for n in range(60)))
    assert len(list(store.kept_pages())) == 60
    assert len(list(store.kept_pages(source="harbour", since=NOW))) == 60
    assert list(store.kept_pages(source="careless")) == []
    assert list(store.kept_pages(since=NOW + HOUR)) == []


def test_reading_a_page_again_stores_what_is_better_and_nothing_else(store: Store):
    keep(store, "a", "b", "c")
    a, b, c = store.kept_pages()
    settled = store.settle(
        [
            settlement(None, article("a"), link_id=a.link_id, source="harbour", page=a.page, reread=True),
            settlement(None, article("b", authors=("J. Roe",)), link_id=b.link_id, page=b.page, reread=True),
            settlement(None, article("c", body=BODY + "\n\nMore."), link_id=c.link_id, page=c.page, reread=True),
        ],
        NOW + HOUR,
    )
    assert [(one.outcome, one.revision) for one in settled] == [
        (Outcome.UNCHANGED, 1),
        (Outcome.STORED, 2),
        (Outcome.STORED, 2),
    ]
    assert [row["cause"] for row in rows(store, "article", "ORDER BY id")] == ["new", "re-extracted", "re-extracted"]
    assert store.article(2).authors == ("J. Roe",)
    assert len(list(store.kept_pages())) == 3


def test_pages_past_their_time_are_pruned_with_what_the_source_said(store: Store):
    keep(store, "ferry")
    assert store.prune(Retention(), NOW + 29 * DAY).pages == 0
    assert store.prune(Retention(), NOW + 31 * DAY, dry_run=True).pages == 1
    assert store.prune(Retention(), NOW + 31 * DAY).pages == 1
    assert list(store.kept_pages()) == []
    assert [row["offer"] for row in rows(store, "link")] == [None]
