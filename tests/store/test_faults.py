"""The n-th statement fails, for ever larger n, until a run is clean (https://www.sqlite.org/testing.html#anomaly_testing)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, select

from ingest.errors import DatabaseUnavailable
from ingest.model import Outcome
from ingest.store import Retention, Store, views

from .build import DAY, HOUR, NOW, article, failed, link, page, poll, settlement, source

STEP = 7
"""Every statement takes 17 s; with 1 here all of them are tried."""
OTHER = "Rain is expected in the north of the country by Friday, the weather service said in its morning report."


def run(store: Store) -> None:
    """Everything that writes, once; each step may be done again."""
    store.register([source(keep_pages=30 * DAY), source("other")], NOW)
    store.record_poll(poll(link("a"), link("b"), link("c"), etag='"1"'))
    due = {one.link.url[-1]: one for one in store.due_links(["harbour"], NOW)}
    batch = []
    if "a" in due:
        batch.append(settlement(due["a"], article("a"), page=page(etag='"a"')))
    if "b" in due:
        batch.append(settlement(due["b"], article("b", headline="Rain", body=OTHER), page=page()))
    if "c" in due:
        batch.append(failed(due["c"]))
    store.settle(batch, NOW)
    store.record_poll(poll(link("a"), name="other", at=NOW + HOUR))
    store.settle([settlement(None, article("a", headline="Ferry to stop in January"))], NOW + HOUR)
    store.index()
    store.prune(Retention(revisions=DAY), NOW + 2 * DAY)


@contextmanager
def at_statement(store: Store, n: int, act: Callable[[Any], None]) -> Iterator[list[int]]:
    """Do something before the n-th statement; gives a list that holds n once it was done."""
    seen = [0]
    done: list[int] = []

    def before(connection: Any, *_: object) -> None:
        seen[0] += 1
        if seen[0] == n:
            done.append(n)
            act(connection)

    engine = store._database._engine
    event.listen(engine, "before_cursor_execute", before)
    try:
        yield done
    finally:
        event.remove(engine, "before_cursor_execute", before)


def dump(store: Store) -> dict[str, list[str]]:
    with store._database.reading() as connection:
        return {
            view.name: sorted(str(dict(row)) for row in connection.execute(select(view.selectable)).mappings())
            for view in views.ALL
        }


class PowerCut(Exception):
    pass


def power_cut(_connection: object) -> None:
    raise PowerCut


def test_whatever_statement_is_the_last_one_nothing_is_half_done_and_the_rest_can_be():
    with Store.open("sqlite://") as clean:
        run(clean)
        expected = dump(clean)
    assert len(expected["article_v1"]) == 2
    n = 0
    done = [0]
    while done:
        n += STEP
        with Store.open("sqlite://") as store:
            with at_statement(store, n, power_cut) as done:
                try:
                    run(store)
                except PowerCut:
                    assert store.check() == []
            run(store)
            assert store.check() == []
            assert dump(store)["article_v1"] == expected["article_v1"]
            assert [change.seq for change in store.changes()] == [1, 2, 3]
            assert dump(store)["sighting_v1"] == expected["sighting_v1"]
    assert n > 100


@pytest.mark.parametrize("make_database", ["postgresql"], indirect=True)
def test_whatever_statement_loses_its_connection_the_whole_transaction_is_run_again(make_database):
    with Store.open(make_database()) as clean:
        run(clean)
        expected = dump(clean)
    url = make_database()
    reading = 0
    for n in range(4, 60, 5):
        url = make_database()

        def lose(connection: Any, url: str = url) -> None:
            pid = connection.connection.driver_connection.info.backend_pid
            with psycopg.connect(url, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

        with Store.open(url) as store:
            with at_statement(store, n, lose):
                try:
                    run(store)
                except DatabaseUnavailable:  # a read is not run again: its caller decides
                    reading += 1
                    run(store)
            assert dump(store) == expected
            assert store.check() == []
    assert reading < 6


def test_a_settlement_that_was_committed_unheard_of_can_be_made_again(store: Store):
    store.register([source()], NOW)
    [due] = store.record_poll(poll(link())).new
    first = store.settle([settlement(due, article())], NOW)
    again = store.settle([settlement(due, article())], NOW)
    assert [one.article_id for one in first] == [one.article_id for one in again] == [1]
    assert again[0].outcome is Outcome.UNCHANGED
    assert len(list(store.changes())) == 1
