"""`ingest status` and `ingest explain`, through their entry point, after real crawls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ingest.cli import cli
from ingest.model import Link, Outcome
from ingest.pipeline import drift
from ingest.store import QUARANTINED, Fill, Hold, Poll, Settlement, Store
from tests.pipeline.test_crawl import item, page, rss
from tests.web import Answer, Site, conditional, site


class Commands:
    """A site, a configuration with two sources, and commands over them."""

    def __init__(self, host: Site, directory: Path) -> None:
        self.host = host
        self.config = directory / "config.yaml"
        self.database = f"sqlite:///{directory}/ingest.db"
        self.config.write_text(
            f"database: {self.database}\nfetch: {{allow_addresses: [127.0.0.0/8]}}\npoliteness: {{delay: 0s}}\n"
            f"sources:\n  - {{name: harbour, feed: {host.url}/feed}}\n  - {{name: gone, feed: {host.url}/gone}}\n"
        )
        host.routes["/robots.txt"] = Answer("User-agent: *\nDisallow: /tips\nDisallow: /private\n")
        host.routes["/a"] = conditional(page("Ferries run again"), etag='"a"')
        body = rss(item(host.url + "/a"), item(host.url + "/private/b"), item(host.url + "/missing")).body
        host.routes["/feed"] = conditional(body, etag='"f"', content_type="application/rss+xml")
        host.routes["/gone"] = Answer(status=410)

    def __call__(self, *arguments: str) -> Result:
        return CliRunner(env={"COLUMNS": "200"}).invoke(
            cli, [*arguments, "--config", str(self.config)], standalone_mode=False
        )


@pytest.fixture
def commands(tmp_path: Path) -> Iterator[Commands]:
    with site() as host:
        made = Commands(host, tmp_path)
        made("crawl")
        yield made


def test_status_shows_each_source_with_its_state_its_next_poll_and_why(commands: Commands):
    sources = {one["name"]: one for one in json.loads(commands("status", "--json").stdout)["sources"]}
    assert (sources["harbour"]["state"], sources["gone"]["state"]) == ("ok", "gone")
    assert "entries a day" in sources["harbour"]["reason"]
    assert sources["gone"]["reason"].startswith("410 Gone")
    assert sources["gone"]["last_error"] == "HTTP 410 Gone"
    shown = commands("status").stdout
    assert "harbour" in shown
    assert "410" in shown
    assert f" in {commands.database}\n" in shown


def test_status_of_a_source_that_nobody_knows_fails_and_says_so(commands: Commands):
    result = commands("status", "nonsense")
    assert result.return_value == 1
    assert "'nonsense'" in result.stderr


def test_status_says_that_a_host_asked_to_be_left_alone(commands: Commands):
    now = datetime.now(UTC)
    with Store.open(commands.database) as store:
        claim = store.claim_host(commands.host.host, "test", now, timedelta(minutes=1))
        assert claim is not None
        store.hold(claim, Hold(until=now + timedelta(hours=2), reason="HTTP 429, Retry-After 7200"))
    [warning] = json.loads(commands("status", "harbour", "--json").stdout)["sources"][0]["warnings"]
    assert warning.startswith("HTTP 429, Retry-After 7200: its host is left alone until")


def test_status_says_how_many_pages_were_too_much_for_the_parser(commands: Commands):
    url = commands.host.url + "/bomb"
    with Store.open(commands.database) as store:
        now = datetime.now(UTC)
        found = Poll(source="harbour", at=now, outcome="new", links=(Link(url=url),))
        [due] = store.record_poll(found).new
        reason = QUARANTINED + "parse_timeout: the parser was still busy after 10 s"
        store.settle(
            [Settlement(link_id=due.id, url=url, source="harbour", outcome=Outcome.FAILED, reason=reason)], now
        )
    warnings = json.loads(commands("status", "harbour", "--json").stdout)["sources"][0]["warnings"]
    assert "1 page quarantined: too much for the parser, tried 3 times" in warnings
    assert "quarantined: parse_timeout" in commands("explain", url).stdout


def test_explain_names_the_rule_that_set_the_next_poll_and_those_that_had_less_to_say(commands: Commands):
    said = commands("explain", "harbour").stdout
    assert "set by" in said
    assert "less to say" in said
    assert "min_interval" in said


def test_explain_says_what_became_of_an_address_and_which_line_of_robots_txt_forbids_it(commands: Commands):
    said = commands("explain", commands.host.url + "/private/b").stdout
    assert "filtered" in said
    assert "offered by    harbour" in said
    assert "Disallow: /private" in said
    assert "/tips" not in said


def test_explain_says_when_a_failed_link_is_tried_again_and_when_a_stored_one_is_looked_at(commands: Commands):
    failed = commands("explain", commands.host.url + "/missing").stdout
    assert "HTTP 404 Not Found" in failed
    assert "next try" in failed
    assert "looked again" in commands("explain", commands.host.url + "/a").stdout


def test_explain_of_an_address_that_nobody_offered_says_so(commands: Commands):
    result = commands("explain", commands.host.url + "/never")
    assert result.return_value == 1
    assert "no source has offered it" in result.stdout


def test_a_field_that_was_always_there_and_is_no_more_is_a_warning_and_one_that_seldom_was_is_none():
    at = datetime(2026, 5, 5, tzinfo=UTC)

    def fills(count: int, *filled: str) -> list[Fill]:
        return [Fill(first_seen_at=at, filled=frozenset(filled))] * count

    assert drift(fills(20, "dates") + fills(30, "dates", "captions")) == [
        "captions fell from 100 % to 0 % of the articles since Tuesday, 2026-05-05"
    ]
    assert drift(fills(20) + fills(30) + fills(5, "captions")) == []
    assert drift(fills(5) + fills(30, "captions")) == []


def test_the_warning_names_the_day_of_the_first_article_without_the_field():
    tuesday = datetime(2026, 5, 5, tzinfo=UTC)

    def fill(age: int) -> Fill:
        has_it = age > 25 and age != 40  # one in a hundred never had a caption
        return Fill(first_seen_at=tuesday - timedelta(hours=age - 25), filled=frozenset({"captions"} if has_it else ()))

    [warning] = drift([fill(age) for age in range(80)])
    assert warning.endswith("since Tuesday, 2026-05-05")


def test_a_source_that_is_no_longer_configured_is_paused_and_both_say_so(commands: Commands):
    commands.config.write_text(commands.config.read_text().replace("name: gone", "name: other"))
    commands("crawl", "harbour")
    with Store.open(commands.database) as store:
        store.register([], datetime.now(UTC))
    [gone] = json.loads(commands("status", "gone", "--json").stdout)["sources"]
    assert (gone["state"], gone["next_due_at"]) == ("paused", None)
    for said in (commands("status", "gone").stdout, commands("explain", "gone").stdout):
        assert "never" in said
        assert "no longer in the configuration" in said
