from __future__ import annotations

import pytest

from ingest.errors import StoreError
from ingest.store import Retention, Store

from .build import DAY, HOUR, NOW, article, link, offer, put, rows, settlement

TEXTS = {
    "rice": ("Rice prices rise", "Traders at the market in the north said that rice had become dearer again."),
    "fish": ("Fish and rice", "The boats came home early, and the market was closed because of the storm."),
    "korean": ("북한은 쌀값을 올렸다", "시장의 상인들은 가격이 다시 올랐다고 말했다."),
    "japanese": ("北朝鮮の新米", "市場の商人によると、がんばっても価格は上がった。"),
    "french": ("L'Élysée répond", "Le président a reçu une délégation à Paris, où il a parlé de coopération."),
    "hindi": ("हिन्दी में समाचार", "बाज़ार में चावल के दाम बढ़ गए हैं।"),
    "thai": ("ข่าวภาษาไทย", "ราคาข้าวในตลาดเพิ่มขึ้นอีกครั้ง"),
    "arabic": ("أسعار الأرز", "قال التُّجَّار إن الأسعار ارتفعت."),
    "code": ("C++ and AT&T", "A text with 'quotes', \"double\" ones, back\\slash, semi;colons & (brackets) * - ^."),
}


def fill(store: Store) -> None:
    for name, (headline, body) in TEXTS.items():
        put(store, article(name, headline=headline, body=body, summary=None, tags=(), contacts=(), images=()))
    assert store.index() == len(TEXTS)


def found(store: Store, query: str, **filters: object) -> list[str]:
    return [hit.article.url.rpartition("/")[2] for hit in store.search(query, **filters)]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("rice", ["rice", "fish"]),
        ("RICE market", ["rice", "fish"]),
        ('"rice prices"', ["rice"]),
        ("rice -fish", ["rice"]),
        ("pric*", ["rice"]),
        ("pric", []),
        ("북한", ["korean"]),
        ("쌀값", ["korean"]),
        ("쌀", ["korean"]),
        ("쌀 상인", ["korean"]),
        ("값쌀", []),
        ("新米", ["japanese"]),
        ("米", ["japanese"]),
        ("がんば", ["japanese"]),
        ("かんば", []),
        ("elysee", ["french"]),
        ("Élysée", ["french"]),
        ("हिन्दी", ["hindi"]),
        ("ข้าว", ["thai"]),
        ("التجار", ["arabic"]),
        ("AT&T", ["code"]),
        ('"double" ones', ["code"]),
        ("back\\slash ' \" ( ) * ^ : semi", ["code"]),
        ("nothing-like-this", []),
    ],
)
def test_words_of_any_script_are_found(store: Store, query: str, names: list[str]):
    fill(store)
    assert found(store, query) == names


def test_a_word_in_the_headline_counts_for_more(store: Store):
    put(store, article("a", headline="Other news", body="A rice shop opened. " * 3 + "It sells tea as well."))
    put(store, article("b", headline="Rice", body="A shop opened. " * 3 + "It sells tea as well, it was said."))
    store.index()
    assert found(store, "rice") == ["b", "a"]


def test_a_search_can_be_cut_to_a_source_a_time_and_a_number(store: Store):
    put(store, article("old", published_at=NOW - DAY))
    put(store, article("new", published_at=NOW), name="other")
    put(store, article("undated", published_at=None))
    store.index()
    assert sorted(found(store, "ferry")) == ["new", "old", "undated"]
    assert found(store, "ferry", source="other") == ["new"]
    assert sorted(found(store, "ferry", since=NOW - HOUR)) == ["new", "undated"]
    assert len(found(store, "ferry", limit=2)) == 2
    assert found(store, "ferry", source="other", since=NOW + HOUR) == []


def test_an_edited_article_is_found_by_its_new_text_only(store: Store):
    [due] = offer(store, link())
    store.settle([settlement(due, article(headline="Coach"))], NOW)
    store.index()
    store.settle([settlement(due, article(headline="Tram"))], NOW + HOUR)
    store.index()
    assert (found(store, "coach headline"), found(store, "tram")) == ([], ["ferry"])
    assert found(store, "tram") == ["ferry"]
    store.settle([settlement(due, article(headline="Bus"))], NOW + 2 * HOUR)
    store.settle([settlement(due, article(headline="Taxi"))], NOW + 3 * HOUR)
    assert store.index() == 2
    assert (found(store, "tram"), found(store, "bus"), found(store, "taxi")) == ([], [], ["ferry"])


def test_a_removed_article_is_not_found(store: Store):
    put(store, article())
    store.index()
    store.prune(Retention(articles=DAY), NOW + 2 * DAY)
    store.index()
    assert found(store, "ferry") == []


def test_an_article_is_found_once_it_is_indexed(store: Store):
    put(store, article())
    assert found(store, "ferry") == []
    assert store.index() == 1
    assert found(store, "ferry") == ["ferry"]
    assert store.index() == 0


def test_indexing_can_be_done_piece_by_piece(store: Store):
    found_links = offer(store, *(link(str(n)) for n in range(1200)))
    store.settle([settlement(due, article(due.link.url[-4:], headline="h", body="b")) for due in found_links], NOW)
    assert store.index(limit=1) == 500
    assert store.index() == 700


@pytest.mark.parametrize("query", ["", "  ", "-rice", '""', "…", '-"a b"'])
def test_a_search_without_a_word_says_what_to_write(store: Store, query: str):
    with pytest.raises(StoreError, match="write rice -fish"):
        store.search(query)


def test_the_snippet_shows_the_paragraph_that_was_found(store: Store):
    body = "First paragraph.\n\n" + "Long words before it. " * 20 + "The ferry stops.\n\nLast."
    put(store, article(body=body))
    store.index()
    [hit] = store.search("ferry")
    assert hit.snippet.startswith("…")
    assert "The ferry stops." in hit.snippet
    assert len(hit.snippet) <= 202


def test_huge_and_odd_texts_can_be_indexed(store: Store):
    put(store, article("a", body="쌀" * 500_000))
    put(store, article("b", headline="x" * 5000, body=" ".join(f"word{n}" for n in range(100_000))))
    put(store, article("c", body="…—", headline="“”"))
    assert store.index() == 3
    assert found(store, "word77") == ["b"]
    assert found(store, "쌀쌀") == ["a"]
    assert len(rows(store, "change_v1")) == 3
