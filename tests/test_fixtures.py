"""Every saved page gives the record beside it: the demo's pages and those of `tests/fixtures/pages`.

`tests/fixtures/README.md` says how to add one.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import ingest
from ingest.demo import fill, load_sites

SUFFIX = ".expected.json"
PAGES = Path(__file__).parent / "fixtures" / "pages"
TIMES = ("published_at", "modified_at")
FIELDS = {field.name for field in dataclasses.fields(ingest.Article)} - {"origins"} | {"contact_line"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A page, what its source knows of it, and the record that it should give."""

    name: str
    html: bytes
    record: Mapping[str, object]
    charset: str | None = None
    timezone: str | None = None

    def article(self) -> ingest.Article:
        url = str(self.record["url"])
        return ingest.extract_article(self.html, url=url, charset=self.charset, timezone=self.timezone)


def saved_pages() -> Iterator[Case]:
    for page in sorted(PAGES.glob("*.html")):
        record = page.with_suffix(SUFFIX)
        if not record.exists():
            raise FileNotFoundError(f"{record} is missing; write it: ingest try {page} --json > {record}")
        yield Case(name=page.stem, html=page.read_bytes(), record=json.loads(record.read_bytes()))


def demo_pages() -> Iterator[Case]:
    sites = load_sites()
    bases = {site.name: f"https://{site.name}.example.org" for site in sites}
    for site in sites:
        for file in site.files.values():
            record = file.path.with_suffix(SUFFIX)
            if record.exists():
                yield Case(
                    name=f"{site.name}-{file.path.stem}",
                    html=fill(file.path.read_bytes(), site.name, bases),
                    record=json.loads(fill(record.read_bytes(), site.name, bases)),
                    charset=file.content_type.partition("charset=")[2] or None,
                    timezone=site.source.get("timezone"),
                )


CASES = [*demo_pages(), *saved_pages()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_page_gives_the_record_beside_it(case):
    if "raises" in case.record:
        with pytest.raises(getattr(ingest, case.record["raises"])):
            case.article()
        return
    try:
        article = case.article()
    except ingest.NotAnArticle as error:
        pytest.fail(f"no article was found: {error}", pytrace=False)
    if found := list(differences(case.record, article)):
        pytest.fail("\n".join(found), pytrace=False)


def differences(record: Mapping[str, object], article: ingest.Article) -> Iterator[str]:
    """A line for every field of the record that the article has otherwise; what the record leaves out may be anything."""
    if unknown := record.keys() - FIELDS:
        raise KeyError(f"the record has fields that no article has: {sorted(unknown)}")
    for name, expected in record.items():
        found = getattr(article, name)
        if name in TIMES:
            instant = datetime.fromisoformat(expected) if isinstance(expected, str) else None
            if found != instant:
                yield f"{name}: expected {expected}, found {found and found.isoformat()}"
        elif name in ("images", "contacts"):
            yield from list_differences(name, expected, [as_plain(item) for item in found])
        elif as_plain(found) != expected:
            what = f"expected {expected!r}, found {as_plain(found)!r}"
            yield f"{name}:\n{paragraphs_changed(expected, found)}" if name == "body" else f"{name}: {what}"


def list_differences(name: str, expected: object, found: list[dict[str, object]]) -> Iterator[str]:
    """As `differences`, for the images or contacts: each has the keys that the record gives."""
    assert isinstance(expected, list)
    if len(expected) != len(found):
        yield f"{name}: expected {len(expected)}, found {len(found)}: {found!r}"
        return
    for number, (wanted, had) in enumerate(zip(expected, found, strict=True)):
        for key, value in wanted.items():
            if had[key] != value:
                yield f"{name}[{number}].{key}: expected {value!r}, found {had[key]!r}"


def paragraphs_changed(expected: str, found: str) -> str:
    lines = difflib.unified_diff(expected.split("\n\n"), found.split("\n\n"), "expected", "found", lineterm="", n=0)
    return "\n".join(lines)


def as_plain(value: object) -> object:
    """As it is in JSON: tuples are lists, dataclasses objects."""
    if isinstance(value, tuple):
        return [as_plain(item) for item in value]
    if isinstance(value, (ingest.Image, ingest.Contact)):
        return {field.name: as_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return value


# The comparison itself: a test that accepts everything would be worth nothing.

ARTICLE = ingest.Article(
    url="https://example.org/a",
    headline="Bridge opens",
    body="One.\n\nTwo.",
    authors=("A. Author",),
    published_at=datetime(2026, 11, 20, 12, tzinfo=UTC),
    images=(ingest.Image(url="https://example.org/a.jpg", caption="A bridge.", credit="B. Both", role="lead"),),
)
RECORD = {
    "url": "https://example.org/a",
    "headline": "Bridge opens",
    "body": "One.\n\nTwo.",
    "authors": ["A. Author"],
    "published_at": "2026-11-20T13:00:00+01:00",
    "images": [{"caption": "A bridge.", "credit": "B. Both", "label": None}],
    "contact_line": None,
}


def test_a_record_may_leave_fields_out_and_write_times_in_any_zone():
    assert list(differences(RECORD, ARTICLE)) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"headline": "Bridge closed"}, "headline: expected 'Bridge opens', found 'Bridge closed'"),
        ({"body": "One."}, "-Two."),
        ({"authors": ()}, "authors: expected ['A. Author'], found []"),
        ({"published_at": ARTICLE.published_at + timedelta(seconds=1)}, "published_at: expected"),
        ({"published_at": None}, "published_at: expected"),
        ({"images": ()}, "images: expected 1, found 0"),
        ({"images": (replace(ARTICLE.images[0], credit=None),)}, "images[0].credit: expected 'B. Both', found None"),
        ({"contacts": (ingest.Contact(text="a@example.org", kind="tips"),)}, "contact_line: expected None"),
    ],
)
def test_the_comparison_names_the_field_that_differs(change, said):
    assert said in "\n".join(differences(RECORD, replace(ARTICLE, **change)))


def test_a_record_with_a_misspelt_field_is_refused():
    with pytest.raises(KeyError, match="headlin"):
        list(differences({**RECORD, "headlin": "x"}, ARTICLE))
