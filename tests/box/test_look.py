"""What the look before the parser sees."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ingest.box.look import Place, look_at_page, look_at_source
from tests.box.pages import formatting_bomb, many_attributes, nested_lists, page

SIZE = 1_000_000
FIXTURES = Path(__file__).parent.parent / "fixtures"


@pytest.mark.parametrize("file", sorted((FIXTURES / "pages").glob("*.html")), ids=lambda file: file.stem)
def test_ordinary_pages_are_harmless(file: Path) -> None:
    assert look_at_page(file.read_bytes()).place is Place.HERE


@pytest.mark.parametrize(
    "file",
    [f for f in sorted((FIXTURES / "feeds").glob("*.xml")) if b"<!ENTITY" not in f.read_bytes()],
    ids=lambda file: file.stem,
)
def test_ordinary_feeds_are_harmless(file: Path) -> None:
    assert look_at_source(file.read_bytes()).place is Place.HERE


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        (nested_lists(10_000), "tags"),
        (formatting_bomb(1_000), "formatting"),
        (formatting_bomb(1_000).upper(), "formatting"),
        ("<p>" + "<font size=1 color=red face=x>" * 81 + "<p>x" * 500, "formatting"),
        ("<p>" + "<font size=1 color=red face=x>" * 40 + "<p>x" * 6_000, "formatting"),
        (many_attributes(5_000), "attributes"),
        ("x" * 3_000_000, "bytes"),
        ("a@b.c " * 6_000, "@ signs"),
        ("\0", "NUL"),
    ],
)
def test_bombs_go_into_the_box_and_the_reason_says_why(extra: str, reason: str) -> None:
    looked = look_at_page(page(extra))
    assert looked.place is Place.BOX
    assert reason in looked.reason


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        (nested_lists(5_000), "tags"),
        ("<p>" + "<font size=1 color=red face=x>" * 30 + "<p>x" * 500, "formatting"),
        ("x" * 1_000_000, "bytes"),
        ("a@b.c " * 1_000, "@ signs"),
    ],
)
def test_what_takes_long_but_is_bounded_is_parsed_aside(extra: str, reason: str) -> None:
    looked = look_at_page(page(extra))
    assert looked.place is Place.ASIDE
    assert reason in looked.reason


def test_long_feeds_are_parsed_aside_and_longer_ones_in_the_box() -> None:
    item = "<item><link>https://example.org/1</link><description>" + "word " * 2_000 + "</description></item>"
    places = [look_at_source(f"<rss>{item * count}</rss>".encode()).place for count in (1, 10, 100)]
    assert places == [Place.HERE, Place.ASIDE, Place.BOX]


def test_a_feed_of_many_namespaces_goes_into_the_box() -> None:
    """Feedparser is quadratic in them."""
    assert "namespaces" in look_at_source(b"<rss>" + b"<a xmlns:b='c'/>" * 1_000).reason


@pytest.mark.parametrize("decoy", ['x=">"', 'x="<b>"', "x='\">'", 'x="', "x=a'b", '"', "y=\"'\" '"])
def test_attributes_cannot_hide_behind_quotes(decoy: str) -> None:
    half = " ".join(f"a{i}" for i in range(3_000))
    assert look_at_page(page(f"<p {half} {decoy} {half}>x")).place is Place.BOX


def test_one_attribute_full_of_data_is_harmless() -> None:
    data = "<div class=app data-config='" + '{"a": "b > c"}, ' * 5_000 + "' id=x>text</div>"
    assert look_at_page(page(data)).place is Place.HERE


@pytest.mark.parametrize(
    "trick", [' ="{0}"', " x =' b=\"' {0} \"", ' x="1" ="{0}"', ' x=y ="{0}"', " x='\"' {0} y='\"'"]
)
def test_attributes_that_only_look_quoted_are_suspicious(trick: str) -> None:
    attributes = " ".join(f"a{number}" for number in range(8_000))
    assert "attributes" in look_at_page(page(f"<p{trick.format(attributes)}>x")).reason


@pytest.mark.parametrize(
    "before", ['<p x=y=" c=">" {0}>', "<script>x='<a b=\\''</script><p {0} q='>' {0}>", "<a b='<p {0}>"]
)
def test_nothing_before_a_tag_hides_its_attributes(before: str) -> None:
    attributes = " ".join(f"a{number}" for number in range(8_000))
    assert "attributes" in look_at_page(page(before.format(attributes))).reason


def test_a_tag_that_never_ends_is_measured_to_the_end() -> None:
    assert "attributes" in look_at_page(("<p " + "a b " * 5_000).encode()).reason


@pytest.mark.parametrize("start", ["<a", "<a ", "<a b='<a c=\"", "<a b=c"])
def test_tags_within_tags_do_not_make_the_look_slow(start: str) -> None:
    """Each would have the rest of the page read again: 1,000 of them in a megabyte once took 3 s."""
    begin = time.perf_counter()
    assert look_at_page((start * 999 + "x" * 2_000_000).encode()).place is not Place.HERE
    assert time.perf_counter() - begin < 1  # on a busy machine


def test_entities_of_a_doctype_are_suspicious_in_a_feed() -> None:
    assert look_at_source(b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "b">]><rss/>').place is Place.BOX
    assert look_at_source(b"<!DOCTYPE html><html><p>a listing page").place is Place.HERE


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
    body = (unit * SIZE).encode()[:SIZE]
    start = time.perf_counter()
    look_at_source(body)
    look_at_page(body)
    assert time.perf_counter() - start < 2  # on a busy machine
