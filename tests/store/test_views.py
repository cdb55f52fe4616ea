"""docs/schema.md says what the views are, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from ingest.store import Store, views

from .build import DAY, NOW, article, link, offer, put, rows, settlement

DOCS = Path(__file__).parents[2] / "docs"


def documented() -> dict[str, list[tuple[str, str, str, str]]]:
    """View → its columns, as docs/schema.md has them."""
    found: dict[str, list[tuple[str, str, str, str]]] = {}
    for section in (DOCS / "schema.md").read_text().split("\n## ")[1:]:
        if name := re.match(r"`(\w+)`\n", section):
            cells = re.findall(r"^\| `(\w+)` \| (\w+) \| (.+?) \| (.*?) ?\|$", section, re.MULTILINE)
            found[name[1]] = cells
    return found


def examples() -> list[str]:
    blocks = re.findall(r"```sql\n(SELECT.*?)```", (DOCS / "schema.md").read_text(), re.DOTALL)
    assert len(blocks) == len(views.ALL)
    return blocks


def full(store: Store) -> None:
    """A database in which every view has rows."""
    put(store, article(), at=NOW)
    [due] = offer(store, link("rice"))
    store.settle([settlement(due, article("rice", headline="Rice", published_at=NOW - DAY))], NOW)
    store.settle([settlement(due, article("rice", headline="Rice prices rise", published_at=NOW - DAY))], NOW)


def test_every_view_and_column_is_documented_with_type_meaning_and_null():
    expected = {
        view.name: [(column.name, column.kind, column.meaning, column.null or "") for column in view.columns]
        for view in views.ALL
    }
    assert documented() == expected


def test_the_database_has_the_documented_columns_in_their_order(store: Store):
    full(store)
    for name, columns in documented().items():
        for row in rows(store, name):
            assert list(row) == [column for column, *_ in columns]


def test_a_column_that_is_said_to_be_never_null_is_never_null(store: Store):
    full(store)
    for name, columns in documented().items():
        found = rows(store, name)
        assert found, f"{name} has no rows"
        never = [column for column, _, _, null in columns if not null]
        assert [column for row in found for column in never if row[column] is None] == []


@pytest.mark.parametrize("query", examples(), ids=[view.name for view in views.ALL])
def test_the_example_queries_run_on_both_databases(store: Store, query: str):
    full(store)
    with store._database.reading() as connection:
        connection.execute(text(query)).all()


def test_every_view_says_in_postgresql_what_it_is(postgresql_server: str, postgresql_template: str):
    with psycopg.connect(postgresql_server.format(postgresql_template)) as connection:
        said = connection.execute("SELECT col_description('article_v1'::regclass, 2)").fetchone()
    assert said == ("Address of its page, after redirects",)


@pytest.mark.parametrize("make_database", ["postgresql"], indirect=True)
def test_a_reader_needs_rights_on_the_views_alone(make_database):
    url = make_database()
    [grant] = re.findall(r"^(GRANT SELECT.*?;)$", (DOCS / "schema.md").read_text(), re.MULTILINE)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("CREATE ROLE reader LOGIN")
        owner.execute(grant)
    try:
        with psycopg.connect(url.replace("postgres@", "reader@"), autocommit=True) as reader:
            for view in views.ALL:
                reader.execute(f"SELECT * FROM {view.name}")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute("SELECT * FROM article")
    finally:
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute("DROP OWNED BY reader; DROP ROLE reader")


@pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)
def test_times_in_sqlite_sort_as_text_and_are_read_by_its_own_functions(store: Store):
    put(store, article())
    [row] = rows(store, "article_v1")
    assert row["first_seen_at"] == "2026-11-23T06:30:00.000000Z"
    with store._database.reading() as connection:
        assert connection.exec_driver_sql("SELECT datetime(first_seen_at) FROM article_v1").scalar() == (
            "2026-11-23 06:30:00"
        )
