"""What a 429 or 503 holds: the address, the host, or all hosts of the domain (`politeness.hold`)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ingest.model import Outcome, Source
from ingest.pipeline.plan import patience
from ingest.store import PollState
from tests.pipeline.test_crawl import World, item, rss, world
from tests.pipeline.test_leases import now, registered
from tests.web import Answer

__all__ = ["world"]
TWO_HOURS = {"Retry-After": "7200"}


@pytest.mark.parametrize("hold", ["auto", "url", "domain"])
def test_on_a_private_host_only_the_feed_that_was_refused_waits(world: World, hold: str) -> None:
    world.source("refused", "/refused")
    world.source("good", "/good")
    world.host.routes["/refused"] = Answer(status=429, headers=TWO_HOURS)
    world.host.routes["/good"] = rss(item(world.article("/a")))
    report = world.run(hold=hold)
    assert report.totals == {Outcome.STORED: 1}
    assert report.holds == {}
    report = world.run(hold=hold)
    assert world.host.paths().count("/good") == 2
    assert world.host.paths().count("/refused") == 1  # even if a crawl names it
    assert report.sources["refused"].polled is None
    assert report.sources["refused"].warnings[0].startswith("asked to be left alone until")
    with registered(world) as store:
        [status] = store.source_status(["refused"])
        assert (status.state, status.failures) == ("new", 0)


@pytest.mark.parametrize("status", [503, 500])
def test_held_by_url_a_page_that_was_refused_waits_as_long_as_was_asked_and_the_others_are_read(
    world: World, status: int
) -> None:
    world.source("harbour")
    world.host.routes["/feed"] = rss(item(world.host.url + "/refused"), item(world.article("/a")))
    world.host.routes["/refused"] = Answer(status=status, headers=TWO_HOURS)
    begun = now()
    assert world.run(hold="url").totals == {Outcome.FAILED: 1, Outcome.STORED: 1}
    with registered(world) as store:
        link = store.link_status(world.host.url + "/refused")
        assert link is not None
        assert link.next_due_at is not None
        assert link.next_due_at >= begun + timedelta(hours=2)


def test_a_refused_robots_txt_holds_the_host_whatever_is_configured(world: World) -> None:
    world.source("harbour")
    world.host.routes["/robots.txt"] = Answer(status=503, headers=TWO_HOURS)
    world.host.routes["/feed"] = rss(item(world.article("/a")), item(world.article("/b")))
    report = world.run(hold="url")
    assert world.host.paths() == ["/feed", "/robots.txt"]
    assert report.holds[world.host.host].startswith("HTTP 503, Retry-After 7200")


def test_held_by_domain_the_other_hosts_of_the_domain_are_left_alone_and_those_of_others_are_not(world: World) -> None:
    port = world.host.host.partition(":")[2]
    all_ = [
        Source(name=name, kind="feed", url=f"http://{name}:{port}/feed")
        for name in ("feeds.harbour.example", "www.harbour.example", "valley.example")
    ]

    def run(*sources: Source, hold: str = "domain") -> list[str | None]:
        world.sources = list(sources)
        report = world.run(hold=hold, look_up=lambda _host, _port: ["127.0.0.1"])
        return [report.sources[source.name].polled for source in sources]

    world.host.routes["/feed"] = rss()
    assert run(*all_) == ["new"] * 3
    good, world.host.routes["/feed"] = world.host.routes["/feed"], Answer(status=429, headers=TWO_HOURS)
    assert run(all_[0]) == ["failed"]
    world.host.routes["/feed"] = good
    assert run(*all_) == [None, None, "unchanged"]


def test_patience_that_only_a_wrong_clock_can_have_written_is_not_kept() -> None:
    noon = datetime(2026, 5, 1, 12, tzinfo=UTC)

    def asked_until(until: datetime) -> PollState:
        return PollState(name="a", url="https://a.example/", memory={"patience": until.isoformat()})

    assert patience(asked_until(noon + timedelta(days=30)), noon) == noon + timedelta(days=30)
    assert patience(asked_until(noon), noon) is None
    assert patience(asked_until(noon + timedelta(days=3650)), noon) is None
