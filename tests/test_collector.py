"""The collector of cyclic rubbish rests where there is none."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

import ingest
from ingest import collector

PAGES = sorted((Path(__file__).parent / "fixtures" / "pages").glob("*.html"))[:20]


def test_the_collector_rests_within_the_block_and_goes_on_behind_it():
    with collector.resting():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ingest.NotAnArticle):
        ingest.extract_article(b"", url="https://news.example.org/a")
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off():
    gc.disable()
    try:
        with collector.resting():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_an_extraction_leaves_nothing_for_the_collector():
    pages = [page.read_bytes() for page in PAGES]
    assert pages
    gc.collect()
    gc.disable()
    try:
        for page in pages:
            ingest.extract_article(page, url="https://news.example.org/a")
        assert gc.collect() == 0
    finally:
        gc.enable()
