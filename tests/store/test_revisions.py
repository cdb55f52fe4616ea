from __future__ import annotations

from datetime import timedelta

import pytest

from ingest.store import Store

from .build import BODY, HOUR, NOW, article, link, offer, rows, settlement

MINUTE = timedelta(minutes=1)


def causes(store: Store) -> list[str]:
    return [version.cause for version in store.revisions(1)]


def test_the_history_has_every_version_with_its_time_and_text(store: Store):
    [due] = offer(store, link())
    headlines = ["Ferry to stop", "Ferry to stop in December", "Ferry to run on"]
    for hours, headline in enumerate(headlines):
        store.settle([settlement(due, article(headline=headline))], NOW + hours * HOUR)
    history = store.revisions(1)
    assert [version.headline for version in history] == headlines
    assert [version.revision for version in history] == [1, 2, 3]
    assert [version.seen_at for version in history] == [NOW, NOW + HOUR, NOW + 2 * HOUR]
    assert history[0].authors == ("Jane Doe", "김민수")
    assert (history[0].image_caption, history[0].body) == ("The pier.", BODY)


@pytest.mark.parametrize(
    "notice",
    [
        "Correction: the ferry stops in January.",
        "An earlier version of this article gave a wrong month.",
        "This story has been corrected.",
        "정정: 1월에 중단됩니다.",
        "訂正:1月に止まります。",
        "Berichtigung: Die Fähre fährt bis Januar.",
    ],
)
def test_a_correction_notice_makes_the_cause_corrected(store: Store, notice: str):
    [due] = offer(store, link())
    store.settle([settlement(due, article())], NOW)
    store.settle([settlement(due, article(body=f"{BODY}\n\n{notice}"))], NOW + HOUR)
    assert causes(store) == ["new", "corrected"]
    store.settle([settlement(due, article(body=f"{BODY} It is final.\n\n{notice}"))], NOW + 2 * HOUR)
    assert causes(store) == ["new", "corrected", "edited"]


def test_a_text_about_corrections_is_no_correction(store: Store):
    [due] = offer(store, link())
    store.settle([settlement(due, article())], NOW)
    store.settle([settlement(due, article(body=f"{BODY}\n\nThe house of correction was closed."))], NOW + HOUR)
    assert causes(store) == ["new", "edited"]


def test_reading_the_same_page_better_is_no_edit_of_the_outlet(store: Store):
    [due] = offer(store, link())
    store.settle([settlement(due, article())], NOW)
    store.settle([settlement(due, article(body=BODY + "\n\nA line we missed."), reread=True)], NOW + HOUR)
    assert causes(store) == ["new", "re-extracted"]


def test_the_page_that_comes_after_the_feeds_text_is_no_edit_of_the_outlet(store: Store):
    [due] = offer(store, link())
    store.settle([settlement(due, article(body="Only the lead."), reason="timed out", retry_at=NOW + HOUR)], NOW)
    store.settle([settlement(due, article())], NOW + HOUR)
    assert causes(store) == ["new", "re-extracted"]


def test_a_storm_of_versions_is_thinned_out_to_one_an_hour(store: Store):
    [due] = offer(store, link())
    for n in range(150):
        store.settle([settlement(due, article(headline=f"Live: {n}"))], NOW + n * 2 * MINUTE)
    kept = [version.revision for version in store.revisions(1)]
    assert kept == [*range(1, 21), 50, 80, 110, 140, 150]
    [current] = store.articles()
    assert (current.headline, current.revision) == ("Live: 149", 150)


def test_slow_edits_are_all_kept(store: Store):
    [due] = offer(store, link())
    for n in range(30):
        store.settle([settlement(due, article(headline=f"Version {n}"))], NOW + n * HOUR)
    assert len(store.revisions(1)) == 30


def test_an_article_is_found_by_any_of_its_addresses(store: Store):
    [due] = offer(store, link("r/7"))
    canonical = "https://harbour.example/ferry-stops"
    store.settle([settlement(due, article(canonical_url=canonical))], NOW)
    for url in ("https://harbour.example/r/7", "https://harbour.example/ferry", canonical + "?utm_source=x"):
        assert store.find(url) == 1
    assert store.find("https://harbour.example/other") is None
    assert store.article(1).headline == article().headline
    assert store.article(2) is None
    # Final, canonical, guid: the link's own address is in the link.
    assert len(rows(store, "url_alias")) == 3
