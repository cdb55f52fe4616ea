"""config.yaml: what people write is understood; what can't be is refused with file, line and what to write."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from ingest.config import Settings, default_settings, load, parse
from ingest.errors import ConfigError
from ingest.model import Rules

GOOD = """\
database: sqlite:///news.db
identity: {name: "watcher", contact: "https://example.org/bot"}
fetch: {timeout: 20s, max_bytes: 10MB, allow_addresses: [127.0.0.0/8]}
politeness: {delay: 2s, robots: articles, hold: domain}
schedule: {min_interval: 15m, max_interval: 24h}
sources:
  - name: one
    feed: https://example.org/feed/
    interval: 30m
    timezone: Asia/Seoul
  - name: two
    page: https://example.org/politics/
    links: "article h2 a"
    rules: {headline: "h1", body: ".story", drop: [".promo", "aside"]}
  - name: three
    sitemap: https://example.org/news-sitemap.xml
"""


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse(text, "config.yaml", {})
    return list(caught.value.problems)


def test_every_key_of_the_contract_is_read() -> None:
    settings = parse(GOOD, "config.yaml", {})
    assert settings.database == "sqlite:///news.db"
    assert settings.identity.name == "watcher"
    assert settings.fetch.timeout == timedelta(seconds=20)
    assert settings.fetch.max_bytes == 10_000_000
    assert settings.fetch.allow_addresses == (ip_network("127.0.0.0/8"),)
    assert settings.politeness.delay == timedelta(seconds=2)
    assert settings.politeness.hold == "domain"
    assert Settings().politeness.hold == "auto"
    one, two, three = settings.sources
    assert (one.kind, one.min_interval, one.max_interval, one.timezone) == (
        "feed", timedelta(minutes=30), timedelta(minutes=30), "Asia/Seoul",
    )  # fmt: skip
    assert two.links == "article h2 a"
    assert two.rules == Rules(headline="h1", body=".story", drop=(".promo", "aside"))
    assert three.kind == "sitemap"


def test_all_problems_come_at_once_with_file_line_and_what_to_write() -> None:
    found = problems(
        "fetch: {timeout: soon, max_bytes: lots}\n"
        "politness: {delay: 2s}\n"
        "sources:\n"
        "  - {name: a, feed: https://example.org/f}\n"
        "  - {name: a, page: https://example.org/g}\n"
    )
    assert found == [
        "config.yaml:1: fetch.timeout: 'soon' is not a duration; write 30s, 15m, 2h or 1d",
        "config.yaml:1: fetch.max_bytes: 'lots' is not a size; write 500KB, 5MB or 1GiB",
        "config.yaml:2: politness: unknown key; did you mean politeness?",
        "config.yaml:5: sources.name: 'a' is the name of the source in line 4; choose another",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("database: mysql://x/y", "not a database address; write sqlite:///ingest.db"),
        ("identity: {contact: bob}", "no address that a site owner can open"),
        ("identity: {name: two words}", "can't stand in a User-Agent"),
        ("fetch: {allow_addresses: [intranet]}", "is not a network; write it as CIDR"),
        ("fetch: {timeout: 0s}", "is no time at all"),
        ("politeness: {robots: none}", "none needs a reason"),
        ("politeness: {robots: never}", "is not a choice; write articles, all or none"),
        ("politeness:\n  delay: 2s\n  hold: site", "config.yaml:3: politeness.hold: 'site' is not a choice; write auto, url, host or domain"),
        ("schedule: {min_interval: 2h, max_interval: 1h}", "min_interval is longer than max_interval"),
        ("sources: {name: a}", "must be a list"),
        ("sources: [{feed: https://example.org/}]", "a source needs a name"),
        ("sources: [{name: a}]", "needs exactly one of feed:, page: and sitemap:"),
        ("sources: [{name: a, feed: https://example.org/, page: https://example.org/}]", "needs exactly one of"),
        ("sources: [{name: a, feed: example.org/feed}]", "is not a web address; write https://example.org/feed/"),
        ("sources: [{name: a, feed: https://example.org/, links: a}]", "links: goes with page: only"),
        ("sources: [{name: a, page: https://example.org/, links: 'a['}]", "is not a CSS selector"),
        ("sources: [{name: a, feed: https://example.org/, timezone: Seoul}]", "is not an IANA time zone"),
        ("sources: [{name: a, feed: https://example.org/, rules: {title: h1}}]", "sources.rules.title: unknown key"),
        ("sources: [{name: a, name: b, feed: https://example.org/}]", "given twice"),
        ("sources: [a]", "must have keys"),
        ("fetch: 20s", "must have keys"),
        ("fetch: {timeout: [1s]}", "needs one value"),
        ("a: [", "not YAML"),
        ("a: \x00", "not YAML"),
        ("a: &x [1]\nb: *x", "aliases"),
        ("database: !!python/object/apply:os.system [ls]", "needs one value"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(text: str, message: str) -> None:
    found = problems(text)
    assert any(message in problem for problem in found), found
    assert all(problem.startswith("config.yaml:") for problem in found)


def test_a_database_address_with_a_password_is_not_repeated_in_the_message() -> None:
    assert "secret" not in "\n".join(problems("database: mysql://user:secret@host/db"))


def test_the_environment_overrides_the_database() -> None:
    assert parse(GOOD, "config.yaml", {"INGEST_DATABASE": "sqlite:///other.db"}).database == "sqlite:///other.db"
    assert default_settings({"INGEST_DATABASE": "sqlite:///other.db"}).database == "sqlite:///other.db"
    assert default_settings({}) == Settings()
    with pytest.raises(ConfigError, match="INGEST_DATABASE"):
        default_settings({"INGEST_DATABASE": "nonsense"})


def test_a_missing_file_says_how_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--config or INGEST_CONFIG"):
        load(tmp_path / "config.yaml", {})


def test_bom_and_crlf_are_nothing_to_stumble_over(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load(file, {}) == parse(GOOD, "x", {})


def test_the_shipped_configuration_is_valid() -> None:
    assert len(load(Path(__file__).parents[1] / "config.yaml", {}).sources) == 11


def test_every_key_stands_in_the_documentation() -> None:
    from ingest import config

    page = (Path(__file__).parents[1] / "docs/configuration.md").read_text("utf-8")
    keys = {*config._SECTIONS, *config._IDENTITY, *config._FETCH, *config._POLITENESS, *config._SCHEDULE}
    keys |= {*config._SOURCE, *config._RULES, "rules"}
    assert [key for key in sorted(keys) if f"`{key}`" not in page] == []
