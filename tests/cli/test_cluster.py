"""`ingest cluster` and `ingest explain`: why two articles are, or are not, one story."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ingest.cli import cli
from ingest.store import Store
from tests.store.build import HOUR, NOW
from tests.store.test_copies import CONSENT, record, text


def report(first: int) -> str:
    """One template with its own figures."""
    words = text("template").split()
    return " ".join(f"{word} {first + i}" if i % 10 == 0 else word for i, word in enumerate(words))


class Commands:
    """A database of some stories, and commands over it."""

    def __init__(self, directory: Path) -> None:
        self.config = directory / "config.yaml"
        database = f"sqlite:///{directory}/ingest.db"
        self.config.write_text(f"database: {database}\n")
        with Store.open(database) as store:
            for one in (
                record("one", text(1)),
                record("two", text(1) + "\n\n" + text("more", 20), published_at=NOW),
                record("three", text(3)),
                record("late", text(3), published_at=NOW - 100 * HOUR),
                record("wall", CONSENT),
                record("monday", report(100)),
                record("tuesday", report(300)),
            ):
                store.load([one], NOW + timedelta(minutes=1))

    def __call__(self, *arguments: str) -> Result:
        return CliRunner(env={"COLUMNS": "220"}).invoke(
            cli, [*arguments, "--config", str(self.config)], standalone_mode=False
        )


@pytest.fixture
def commands(tmp_path: Path) -> Commands:
    return Commands(tmp_path)


def address(host: str) -> str:
    return f"https://{host}.example/a"


def test_explain_shows_what_a_stored_article_shares_with_its_copies(commands: Commands):
    result = commands("explain", address("two"))
    assert result.return_value == 0
    assert "cluster       1" in result.stdout
    [row] = [line for line in result.stdout.splitlines() if "one says so" in line]
    assert "of 16" in row
    assert " copy " in row


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("one", "two", " copy "),
        ("one", "three", "too little in common"),
        ("monday", "tuesday", "their numbers are in conflict"),
        ("three", "late", "copy, but more than 72 hours apart"),
        ("one", "one", "both addresses lead to one article"),
    ],
)
def test_explain_says_why_two_addresses_are_or_are_not_one_story(commands: Commands, one: str, other: str, said: str):
    result = commands("explain", address(one), address(other))
    assert result.return_value == 0
    assert said in result.stdout


def test_explain_says_that_a_consent_wall_is_compared_with_nothing(commands: Commands):
    assert "compared with nothing" in commands("explain", address("wall")).stdout


def test_explain_fails_where_the_other_address_is_no_articles(commands: Commands):
    result = commands("explain", address("one"), "https://nowhere.example/")
    assert result.return_value == 1
    assert "no article is stored under https://nowhere.example/" in result.stdout


def test_cluster_show_gives_programs_the_figures(commands: Commands):
    report = json.loads(commands("cluster", "show", "1", "--json").stdout)
    [row] = report["compared"]
    assert (report["article"]["cluster_id"], row["cluster_id"], row["url"]) == (1, 1, address("two"))
    assert row["shared_keys"] > 8
    assert row["containment"] > 0.9
    assert row["decision"] == "copy"


def test_cluster_split_takes_one_out_and_show_says_that_it_would_be_a_copy(commands: Commands):
    assert "stands alone now" in commands("cluster", "split", address("two")).stdout
    assert "no cluster" in commands("cluster", "show", "2").stdout
    assert "split off" in commands("cluster", "show", "2").stdout


def test_the_likely_original_is_named(commands: Commands):
    assert "cluster 1; the original is likely this article" in commands("cluster", "show", "1").stdout
    assert "1; the original is likely article 1" in commands("explain", address("two")).stdout


def test_an_article_that_is_alone_shares_nothing(commands: Commands):
    assert "It shares no passage with another article of its days." in commands("cluster", "show", "3").stdout
