from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from ingest.errors import StoreError
from ingest.store import Store

from .build import NOW, article, link, offer, put, rows, settlement


@pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)
def test_a_backup_is_made_while_another_writes_and_is_whole(store: Store, database_url: str, tmp_path: Path):
    due = offer(store, *(link(str(n)) for n in range(400)))
    put(store, article("first"))
    go_on = threading.Event()

    def write() -> None:
        with Store.open(database_url) as writer:
            for one in due:
                writer.settle([settlement(one, article(one.link.url[-4:], headline="h", body="b"))], NOW)
                go_on.set()

    thread = threading.Thread(target=write)
    thread.start()
    assert go_on.wait(10)
    store.backup(tmp_path / "copy.db")
    thread.join(30)
    with Store.open(f"sqlite:///{tmp_path}/copy.db") as copy:
        assert copy.check() == []
        found = rows(copy, "article_v1")
        assert found[0]["url"] == "https://harbour.example/first"
        assert len(found) >= 2


@pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)
def test_a_backup_overwrites_nothing(store: Store, tmp_path: Path):
    (tmp_path / "copy.db").write_text("precious")
    with pytest.raises(StoreError, match="exists already"):
        store.backup(tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "precious"


@pytest.mark.parametrize("make_database", ["postgresql"], indirect=True)
def test_postgresql_is_backed_up_with_its_own_program(store: Store, tmp_path: Path):
    with pytest.raises(StoreError, match="pg_dump"):
        store.backup(tmp_path / "copy.db")


def test_a_sound_database_has_nothing_to_complain_of(store: Store):
    put(store, article())
    assert store.check() == []


def test_what_breaks_a_promise_is_named(store: Store):
    put(store, article())
    store._database.write(lambda connection: connection.exec_driver_sql("UPDATE link SET article_id = NULL"))
    store._database.write(lambda connection: connection.exec_driver_sql("UPDATE ledger SET article_id = 0"))
    assert store.check() == [
        "an article has no link that leads to it",
        "the ledger gave out fewer numbers than there are",
    ]


@pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)
def test_a_row_that_refers_to_nothing_is_named(store: Store, database_url: str):
    put(store, article())
    with sqlite3.connect(database_url.removeprefix("sqlite:///")) as other:
        other.execute("DELETE FROM source")
    other.close()
    assert "sighting refers to a missing row of source" in store.check()


def test_sizes_name_every_table(store: Store):
    put(store, article())
    whole, *parts = store.sizes()
    assert whole.name == "database"
    assert whole.bytes > 10_000
    assert {part.name: part.rows for part in parts}["image"] == 2
    assert sum(part.rows for part in parts) == whole.rows
