"""What the look before the parser sees."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ingest.box import look
from ingest.box.look import suspicion_of_page, suspicion_of_source
from tests.box.pages import formatting_bomb, many_attributes, nested_lists, page

FIXTURES = Path(__file__).parent.parent / "fixtures"


@pytest.mark.parametrize("file", sorted((FIXTURES / "pages").glob("*.html")), ids=lambda file: file.stem)
def test_ordinary_pages_are_harmless(file: Path) -> None:
    assert suspicion_of_page(file.read_bytes()) is None


@pytest.mark.parametrize(
    "file",
    [f for f in sorted((FIXTURES / "feeds").glob("*.xml")) if b"<!ENTITY" not in f.read_bytes()],
    ids=lambda file: file.stem,
)
def test_ordinary_feeds_are_harmless(file: Path) -> None:
    assert suspicion_of_source(file.read_bytes()) is None


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        (nested_lists(5_000), "tags"),
        (formatting_bomb(1_000), "formatting"),
        (formatting_bomb(1_000).upper(), "formatting"),
        ("<p>" + "<font size=1 color=red face=x>" * 30 + "<p>x" * 500, "formatting"),
        (many_attributes(5_000), "attributes"),
        ("x" * 1_000_000, "bytes"),
        ("a@b.c " * 5_000, "@ signs"),
        ("\0", "NUL"),
    ],
)
def test_bombs_are_suspicious_and_the_reason_says_why(extra: str, reason: str) -> None:
    assert reason in (suspicion_of_page(page(extra)) or "")


@pytest.mark.parametrize("decoy", ['x=">"', 'x="<b>"', "x='\">'", 'x="', "x=a'b", '"', "y=\"'\" '"])
def test_attributes_cannot_hide_behind_quotes(decoy: str) -> None:
    half = " ".join(f"a{i}" for i in range(3_000))
    assert suspicion_of_page(page(f"<p {half} {decoy} {half}>x")) is not None


def test_one_attribute_full_of_data_is_harmless() -> None:
    data = "<div class=app data-config='" + '{"a": "b > c"}, ' * 5_000 + "' id=x>text</div>"
    assert suspicion_of_page(page(data)) is None


@pytest.mark.parametrize(
    "trick", [' ="{0}"', " x =' b=\"' {0} \"", ' x="1" ="{0}"', ' x=y ="{0}"', " x='\"' {0} y='\"'"]
)
def test_attributes_that_only_look_quoted_are_suspicious(trick: str) -> None:
    attributes = " ".join(f"a{number}" for number in range(8_000))
    assert "attributes" in (suspicion_of_page(page(f"<p{trick.format(attributes)}>x")) or "")


@pytest.mark.parametrize(
    "before", ['<p x=y=" c=">" {0}>', "<script>x='<a b=\\''</script><p {0} q='>' {0}>", "<a b='<p {0}>"]
)
def test_nothing_before_a_tag_hides_its_attributes(before: str) -> None:
    attributes = " ".join(f"a{number}" for number in range(8_000))
    assert "attributes" in (suspicion_of_page(page(before.format(attributes))) or "")


def test_a_tag_that_never_ends_is_measured_to_the_end() -> None:
    assert "attributes" in (suspicion_of_page(("<p " + "a b " * 5_000).encode()) or "")


def test_entities_of_a_doctype_are_suspicious_in_a_feed() -> None:
    assert suspicion_of_source(b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "b">]><rss/>') is not None
    assert suspicion_of_source(b"<!DOCTYPE html><html><p>a listing page") is None


@pytest.mark.parametrize(
    "unit",
    [
        "<",
        '"',
        "'",
        "<p",
        '<p"',
        "<p'\"",
        "<b>",
        "</b>",
        "<!DOCTYPE ",
        "<!--",
        "a='",
        "&",
        ">",
        "<a ",
        '<a b="',
        "<a b='\"",
        "<a b=c ",
        "=",
    ],
)
def test_the_look_itself_is_linear(unit: str) -> None:
    """A megabyte of anything is looked at in a second."""
    body = (unit * look.MAX_PAGE).encode()[: look.MAX_PAGE]
    start = time.perf_counter()
    suspicion_of_source(body)
    suspicion_of_page(body)
    assert time.perf_counter() - start < 2  # on a busy machine
