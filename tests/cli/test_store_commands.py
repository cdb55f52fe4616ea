"""show, search, changes, reparse, prune and db, through their entry point, after a real crawl."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ingest.cli import cli
from ingest.cli.words import word_diff
from ingest.store import Store
from tests.web import Site, conditional, site

WORDS = "The harbour office said on Monday that the ferries would run again, and that the pier had been mended. "


def page(headline: str, text: str = WORDS * 3) -> str:
    paragraphs = f"<p>{text}</p>" * 4
    return f"<html lang=en><title>{headline}</title><body><article><h1>{headline}</h1>{paragraphs}</article></html>"


class Commands:
    """A site with two articles, crawled with pages kept."""

    def __init__(self, host: Site, directory: Path) -> None:
        self.host = host
        self.config = directory / "config.yaml"
        self.path = directory / "ingest.db"
        self.config.write_text(
            f"database: sqlite:///{self.path}\nfetch: {{allow_addresses: [127.0.0.0/8]}}\npoliteness: {{delay: 0s}}\n"
            f"sources:\n  - {{name: harbour, feed: {host.url}/feed, keep_pages: 30d}}\n"
        )
        host.routes["/a"] = conditional(page("Ferries run again"), etag='"a"')
        host.routes["/b"] = conditional(
            page("쌀값이 올랐다", "시장의 상인들은 쌀값이 다시 올랐다고 말했다. " * 9), etag='"b"'
        )
        items = "".join(f"<item><title>x</title><link>{host.url}/{name}</link></item>" for name in "ab")
        host.routes["/feed"] = conditional(
            f"<rss version='2.0'><channel>{items}</channel></rss>", etag='"f"', content_type="application/rss+xml"
        )

    def __call__(self, *arguments: str, confirm: str | None = None) -> Result:
        runner = CliRunner(env={"COLUMNS": "200"})
        return runner.invoke(cli, [*arguments, "--config", str(self.config)], standalone_mode=False, input=confirm)

    def edit(self, headline: str) -> None:
        """Another version of the first article."""
        self.host.routes["/a"] = conditional(page(headline, WORDS.replace("Monday", "Tuesday") * 3), etag='"a2"')
        self("crawl", "--url", f"{self.host.url}/a")


@pytest.fixture
def commands(tmp_path: Path) -> Iterator[Commands]:
    with site() as host:
        made = Commands(host, tmp_path)
        assert made("crawl").return_value == 0
        yield made


def test_show_finds_an_article_by_number_and_by_address_and_lists_its_versions(commands: Commands):
    commands.edit("Ferries run on")
    for name in ("1", f"{commands.host.url}/a?utm_source=x"):
        text = commands("show", name).stdout
        assert "Ferries run on" in text
        assert "edited" in text
        assert "headline, body" in text
    record = json.loads(commands("show", "1", "--json").stdout)
    assert [version["headline"] for version in record["revisions"]] == ["Ferries run again", "Ferries run on"]


def test_show_diff_names_the_words_that_changed(commands: Commands):
    commands.edit("Ferries run on")
    text = commands("show", "1", "--diff").stdout
    assert "[-again-] {+on+}" in text
    assert "[-Monday-] {+Tuesday+}" in text


def test_show_of_an_article_that_is_not_there_ends_in_exit_code_1(commands: Commands):
    result = commands("show", "99")
    assert (result.return_value, result.stdout) == (1, "")
    assert "no article 99" in result.stderr


def test_search_finds_words_of_any_script_right_after_they_were_stored(commands: Commands):
    assert "Ferries run again" in commands("search", "ferries", "pier").stdout
    hits = json.loads(commands("search", "쌀값", "--json", "--source", "harbour", "--since", "1d").stdout)["hits"]
    assert [hit["headline"] for hit in hits] == ["쌀값이 올랐다"]
    assert "쌀값" in hits[0]["snippet"]
    nothing = commands("search", "elephant")
    assert (nothing.return_value, nothing.stdout) == (1, "nothing was found\n")


@pytest.mark.parametrize("since", ["yesterday", "2026-13-01"])
def test_a_time_that_is_none_is_refused_with_what_to_write(commands: Commands, since: str):
    assert "write 2026-11-01, 2026-11-01T08:00 or 7d" in str(commands("search", "x", "--since", since).exception)


def test_changes_are_json_lines_after_the_last_that_was_seen(commands: Commands):
    commands.edit("Ferries run on")
    lines = [json.loads(line) for line in commands("changes").stdout.splitlines()]
    assert [(line["seq"], line["kind"]) for line in lines] == [(1, "new"), (2, "new"), (3, "changed")]
    later = commands("changes", "--after", "2").stdout.splitlines()
    assert [json.loads(line)["seq"] for line in later] == [3]
    assert len(commands("changes", "--limit", "1").stdout.splitlines()) == 1


def test_a_follower_is_told_of_a_change_as_soon_as_it_is_committed(commands: Commands):
    command = [sys.executable, "-m", "ingest", "changes", "--follow", "--after", "1", "--limit", "2"]
    with subprocess.Popen([*command, "--config", str(commands.config)], stdout=subprocess.PIPE, text=True) as follower:
        assert follower.stdout
        assert json.loads(follower.stdout.readline())["seq"] == 2  # it is there, and listens
        commands.edit("Ferries run on")
        assert json.loads(follower.stdout.readline())["kind"] == "changed"
        assert follower.wait(20) == 0


def test_reparse_shows_what_would_change_and_stores_it_when_told(commands: Commands):
    with sqlite3.connect(commands.path) as database:
        database.execute("UPDATE article SET headline = 'Misread', material_hash = x'00' WHERE id = 1")
    database.close()
    dry = commands("reparse", "--dry-run")
    assert "headline [-Misread-] {+Ferries run again+}" in dry.stdout
    assert "2 pages read again, 1 differ: headline 1" in dry.stdout
    with Store.open(f"sqlite:///{commands.path}") as store:
        assert store.article(1).headline == "Misread"
        stored = commands("reparse", "--yes", "--json", "--source", "harbour", "--since", "1d")
        assert json.loads(stored.stdout)["changed"][0]["fields"]["headline"]["read"] == "Ferries run again"
        assert store.article(1).headline == "Ferries run again"
        assert [version.cause for version in store.revisions(1)] == ["new", "re-extracted"]
    assert "2 pages read again, 0 differ: nothing" in commands("reparse", "--yes").stdout


def test_reparse_without_anybody_to_ask_needs_an_answer(commands: Commands):
    assert "add --yes" in str(commands("reparse").exception)


def test_prune_says_what_it_would_drop_and_then_drops_it(commands: Commands):
    assert commands("prune", "--articles", "1d").stdout.startswith("dropped: 0 articles")
    with sqlite3.connect(commands.path) as database:
        database.execute("UPDATE article SET first_seen_at = '2020-01-01T00:00:00.000000Z' WHERE id = 1")
    database.close()
    assert commands("prune", "--articles", "1d", "--dry-run").stdout.startswith("would drop: 1 articles")
    assert json.loads(commands("prune", "--articles", "1d", "--compact", "--json").stdout)["articles"] == 1
    assert commands("crawl").return_value == 0
    assert commands("show", f"{commands.host.url}/a").return_value == 1
    changes = [json.loads(line)["kind"] for line in commands("changes").stdout.splitlines()]
    assert changes == ["new", "new", "removed"]


def test_prune_of_an_age_that_is_none_is_refused(commands: Commands):
    assert "is not a duration" in str(commands("prune", "--articles", "old").exception)


def test_db_check_says_that_a_database_is_sound_or_what_is_wrong(commands: Commands):
    sound = commands("db", "check")
    assert sound.return_value == 0
    assert "sound" in sound.stdout
    assert "article" in sound.stdout
    with sqlite3.connect(commands.path) as database:
        database.execute("UPDATE ledger SET change_seq = 0")
    database.close()
    broken = commands("db", "check", "--json")
    assert broken.return_value == 1
    assert json.loads(broken.stdout)["complaints"] == ["the ledger gave out fewer numbers than there are"]


def test_db_upgrade_names_the_schema_and_db_backup_makes_a_copy_that_works(commands: Commands, tmp_path: Path):
    assert "has schema" in commands("db", "upgrade").stdout
    assert commands("db", "backup", str(tmp_path / "copy.db")).return_value == 0
    with Store.open(f"sqlite:///{tmp_path}/copy.db") as copy:
        assert len(list(copy.articles())) == 2


def test_a_word_diff_shows_only_what_is_near_a_change():
    same = [f"word{n}" for n in range(100)]
    text = word_diff(" ".join([*same, "old", *same]), " ".join([*same, "new", *same])).plain
    assert text == "… " + " ".join(same[-8:]) + " [-old-] {+new+} " + " ".join(same[:8]) + " …"
    assert word_diff("the same", "the same").plain == ""
    assert word_diff("", "all new").plain == "{+all new+}"


def test_a_date_in_the_first_centuries_has_four_digits_for_the_year(commands: Commands, tmp_path: Path):
    record = {"url": "https://old.example/a", "headline": "Aqueduct", "body": WORDS, "source": "annals"}
    (tmp_path / "old.jsonl").write_text(json.dumps(record | {"published_at": "0001-01-01T00:00:00+09:00"}))
    commands("load", str(tmp_path / "old.jsonl"))
    assert " 0001-01-01 Aqueduct" in commands("search", "aqueduct").stdout
