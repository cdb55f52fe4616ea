"""Site rules are small files that are found by host and date, and that the configuration overrides."""

from __future__ import annotations

from datetime import date, datetime
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from ingest.extract import extract_article
from ingest.extract.rules import SiteRules, overridden, read_versions, rules_for
from ingest.model import Rules

SITES = sorted(
    entry.name.removesuffix(".toml")
    for entry in files("ingest.extract").joinpath("sites").iterdir()
    if entry.name.endswith(".toml")
)

PAGE = b"""<html lang="en"><head><meta property="article:published_time" content="2024-05-03 10:15"></head><body><article>
<h1>Rice prices rise in the north</h1>
<p>Traders in the border city said that the price of rice has risen by a third since the market was closed last month.</p>
<p>The stalls opened again on Monday, but fewer people came, and those who did bought less than they had in the spring.</p>
<p>Nobody expects that to change before the harvest, which is said to be late this year after a long and cold winter.</p>
</article></body></html>"""


@pytest.mark.parametrize("site", SITES)
def test_each_sites_wall_times_are_read_by_its_own_clock(site):
    article = extract_article(PAGE, url=f"https://www.{site}/english/rice-prices/")
    zone = ZoneInfo(rules_for(f"https://{site}/").timezone)
    assert article.published_at == datetime(2024, 5, 3, 10, 15, tzinfo=zone)
    assert "set for the site" in article.origins["published_at"]


def test_a_page_of_an_unknown_site_has_no_rules():
    assert rules_for("https://example.org/story") == SiteRules()
    assert rules_for("https://dailynk.com.example.org/") == SiteRules()


@pytest.mark.parametrize("url", ["", "nonsense", "https://../sites/x", "http://[", "https://..%2f..%2fpyproject/"])
def test_no_address_reaches_another_file(url):
    assert rules_for(url) == SiteRules()


def test_the_configured_zone_comes_before_the_sites():
    article = extract_article(PAGE, url="https://www.dailynk.com/english/a/", timezone="Europe/Berlin")
    assert article.published_at == datetime(2024, 5, 3, 10, 15, tzinfo=ZoneInfo("Europe/Berlin"))


def test_configured_selectors_replace_the_sites_one_by_one():
    site = Rules(headline="h2", body=".text", drop=(".promo",))
    assert overridden(site, Rules(body="main")) == Rules(headline="h2", body="main", drop=(".promo",))
    assert overridden(site, None) == site


VERSIONS = """
[[versions]]
until = 2020-01-01
timezone = "Asia/Seoul"
rules = {body = ".old", drop = [".promo", ".box"]}

[[versions]]
timezone = "Asia/Tokyo"
language = "ja"
"""


def test_a_file_holds_versions_that_end_by_date():
    old, new = read_versions(VERSIONS)
    assert old.until == date(2020, 1, 1)
    assert old.rules == Rules(body=".old", drop=(".promo", ".box"))
    assert (new.until, new.timezone, new.language) == (None, "Asia/Tokyo", "ja")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "versions = []",
        "[[versions]]\ntime_zone = 'Asia/Seoul'",
        "[[versions]]\nrules = {bdoy = '.x'}",
        "[[versions]]\nuntil = 2020-01-01",
        "[[versions]]\n[[versions]]",
        "[[versions]]\nuntil = 2022-01-01\n[[versions]]\nuntil = 2020-01-01\n[[versions]]",
    ],
)
def test_a_file_with_a_mistake_is_refused(text):
    with pytest.raises(ValueError):
        read_versions(text)
