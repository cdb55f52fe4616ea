"""Crawls under the hosts' ledger: somebody else's lease, holds, redirects to other hosts, our own outage."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from ingest.clock import Clock
from ingest.errors import ConfigError
from ingest.fetch import Pacer
from ingest.model import Outcome, Source
from ingest.pipeline import Leases, Writer, dead, owner_name
from ingest.pipeline.leases import HostBusy
from ingest.store import Hold, Store
from tests.pipeline.test_crawl import World, item, rss, world
from tests.web import Answer, site

__all__ = ["world"]
LEASE = timedelta(minutes=10)


def now() -> datetime:
    return datetime.now(UTC)


def registered(world: World) -> Store:
    store = Store.open(world.database)
    store.register(world.sources, now())
    return store


def test_a_host_that_asked_for_patience_is_not_asked_and_its_links_stay_pending(world: World) -> None:
    world.source("harbour")
    url = world.article("/a")
    world.host.routes["/feed"] = rss(item(url))
    world.host.routes["/a"] = Answer(status=429, headers={"Retry-After": "3600"})
    assert world.run().totals == {Outcome.FAILED: 1}
    asked = len(world.host.requests)
    report = world.run()
    assert len(world.host.requests) == asked
    assert report.holds[world.host.host].startswith("HTTP 429, Retry-After 3600: left alone until")


def test_a_503_of_a_feed_holds_its_other_feeds_too_and_is_no_failure_of_the_source(world: World) -> None:
    world.source("one", "/one")
    world.source("two", "/two")
    for path in ("/one", "/two"):
        world.host.routes[path] = Answer(status=503, headers={"Retry-After": "60"})
    world.run()
    assert len(world.host.requests) == 1
    with registered(world) as store:
        assert {(one.state, one.failures) for one in store.source_status()} == {("new", 0)}


def test_a_redirect_borrows_another_host_and_gives_it_back(world: World) -> None:
    with site() as other:
        world.source("harbour")
        world.host.routes["/feed"] = Answer(status=302, headers={"Location": other.url + "/feed"})
        other.routes["/feed"] = rss()
        assert world.run().sources["harbour"].polled == "new"
        with registered(world) as store:
            assert store.owners() == []
            assert store.claim_host(other.host, "somebody else", now(), LEASE) is not None


def test_a_host_that_somebody_else_visits_is_not_lent(database_url: str) -> None:
    async def borrow(store: Store) -> None:
        async with Writer(store) as writer:
            leases = Leases(writer, Pacer(0), Clock(), "me", borrow=0.1)
            async with leases.turn("lent.example"):
                raise AssertionError("two visitors at a time")

    with Store.open(database_url) as store:
        store.claim_host("lent.example", "somebody else", now(), LEASE)
        with pytest.raises(HostBusy):
            asyncio.run(borrow(store))


def test_a_kill_leaves_leases_that_the_next_run_takes_over(world: World) -> None:
    machine, _, _ = owner_name().partition("/")
    world.source("harbour")
    world.host.routes["/feed"] = rss(item(world.article("/a")))
    with registered(world) as store:
        store.claim_host(world.host.host, f"{machine}/999999999/1", now(), LEASE)
    assert world.run().totals == {Outcome.STORED: 1}


def test_only_processes_of_this_machine_that_are_no_more_are_dead() -> None:
    machine, _, _ = owner_name().partition("/")
    owners = [owner_name(), f"{machine}/1/1", f"{machine}/999999999/1", "another-machine/999999999/1"]
    assert dead(owners) == [f"{machine}/1/1", f"{machine}/999999999/1"]


def test_a_dead_network_of_ours_blames_no_source(world: World) -> None:
    for number in range(4):
        address = f"127.0.0.{number + 2}"
        world.sources.append(Source(name=address, kind="feed", url=f"http://{address}:1/feed"))
    world.run()
    with registered(world) as store:
        failures = {one.name: one.failures for one in store.source_status()}
        reasons = {one.memory.get("reason") for one in store.source_status() if one.memory}
    assert set(failures.values()) == {0}, failures
    assert "our own network was out" in reasons


def test_a_host_is_left_to_its_hold_even_if_a_crawl_names_it(world: World) -> None:
    world.source("harbour")
    world.host.routes["/feed"] = rss()
    with registered(world) as store:
        claim = store.claim_host(world.host.host, "daemon", now(), LEASE)
        assert claim is not None
        store.hold(claim, Hold(until=now() + timedelta(hours=1), reason="HTTP 503"))
        store.release(claim, None)
    report = world.run()
    assert world.host.requests == []
    assert report.sources["harbour"].polled is None


def test_a_fast_clock_agrees_between_processes_and_nonsense_is_refused() -> None:
    value = {"INGEST_CLOCK": "3600@2026-11-23T06:00:00Z"}
    one, two = Clock.of(value), Clock.of(value)
    moment = datetime(2026, 11, 23, 6, 0, 10, tzinfo=UTC)
    one.calibrate(lambda: moment)
    two.calibrate(lambda: moment)
    assert abs(one.now() - datetime(2026, 11, 23, 16, tzinfo=UTC)) < timedelta(minutes=10)
    assert abs(one.now() - two.now()) < timedelta(minutes=10)
    for nonsense in ("fast", "0@2026-11-23", "10@soon"):
        with pytest.raises(ConfigError, match="INGEST_CLOCK"):
            Clock.of({"INGEST_CLOCK": nonsense})


def test_a_clock_that_is_set_says_by_how_much_it_was_wrong() -> None:
    clock = Clock()
    jump = clock.calibrate(lambda: datetime.now(UTC) + timedelta(days=1))
    assert timedelta(hours=23) < jump < timedelta(hours=25)
    assert clock.now() - datetime.now(UTC) > timedelta(hours=23)


def test_a_clock_that_agrees_as_well_as_can_be_known_is_left_alone() -> None:
    clock = Clock()
    before = clock.now()

    def read() -> datetime:
        moment = now()
        while now() < moment + timedelta(milliseconds=3):  # the answer takes its time
            pass
        return moment

    assert clock.calibrate(read) == timedelta()
    assert clock.calibrate(lambda: now() - timedelta(milliseconds=100)) < timedelta()
    assert clock.now() - before < timedelta(seconds=1)
