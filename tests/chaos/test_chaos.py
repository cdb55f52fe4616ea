"""The invariants under chaos at small size; at full size, and those that want the machine for themselves: `make chaos`."""

from __future__ import annotations

import asyncio
from itertools import count

import pytest

from tests.chaos.bystanders import bombs
from tests.chaos.cancelled import churn
from tests.chaos.nth import holds


def test_after_many_cancelled_fetches_the_next_one_succeeds_and_nothing_is_left():
    churned = asyncio.run(churn(200, seed=1))
    assert churned.cancelled > 100
    assert churned.slowest < 5  # on a busy machine; a pool that is wedged never answers
    assert (churned.sockets, churned.tasks) == (0, 0)


@pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)
def test_whatever_operation_of_a_crawl_fails_the_next_crawl_makes_it_good(make_database):
    played = list(holds(make_database, count(11, 71)))
    assert {fuse.n: broken for fuse, broken in played if broken} == {}
    assert len(played) > 2


def test_there_are_twenty_bad_sources():
    assert len({name for name, _ in bombs(1)}) == 20
