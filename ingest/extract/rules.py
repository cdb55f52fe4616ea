"""Rules of single sites, as data: `sites/<domain>.toml`, one small file a site, found by the page's host.

A file has one table `[[versions]]` for each look that the site has had, oldest first. `until` is the first day that a
version does not hold for any more; the last one has none. A version may give

    timezone   IANA name; the zone of times that the site prints without one
    language   BCP 47 primary language, where the site's pages leave it open
    rules      CSS selectors that override the general extractor: headline, body, caption, credit, contact, drop

The general extractor needs none of them for the sites that it was measured with. What the configuration says of a
source comes first.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from ingest.model import Rules
from ingest.urls import site_of

_KEYS = frozenset({"until", "timezone", "language", "rules"})
_SELECTORS = frozenset(one.name for one in fields(Rules))


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRules:
    """What is known of one site, for as long as it looked so."""

    until: date | None = None
    """The first day for which it holds no more."""
    timezone: str | None = None
    language: str | None = None
    rules: Rules = field(default_factory=Rules)


def rules_for(url: str, day: Callable[[], date | None] = lambda: None) -> SiteRules:
    """The rules of the site that a page is from, empty ones for most.

    `day` is asked for the page's day only if the site has had several looks; a page without a day is of the last one.

    >>> rules_for("https://www.dailynk.com/english/a-story/").timezone
    'Asia/Seoul'
    >>> rules_for("https://example.org/") == SiteRules()
    True
    """
    versions = _versions(site_of(url))
    if len(versions) > 1 and (when := day()) is not None:
        return next((version for version in versions if version.until is None or when < version.until), versions[-1])
    return versions[-1]


def overridden(site: Rules, own: Rules | None) -> Rules:
    """The site's selectors with the configured ones in their place.

    >>> overridden(Rules(headline="h2", body=".text"), Rules(body="main")).body
    'main'
    """
    if own is None:
        return site
    return replace(site, **{one.name: value for one in fields(Rules) if (value := getattr(own, one.name))})


def read_versions(text: str) -> tuple[SiteRules, ...]:
    """The versions that a site's file holds, oldest first. Raises ValueError for what is no such file.

    >>> [version.until for version in read_versions("versions = [{timezone = 'Asia/Tokyo'}]")]
    [None]
    """
    entries = tomllib.loads(text).get("versions")
    if not isinstance(entries, list) or not entries:
        raise ValueError("no [[versions]]")
    versions = tuple(_version(entry) for entry in entries)
    ends = [version.until for version in versions]
    if ends[-1] is not None or None in ends[:-1] or sorted(filter(None, ends)) != ends[:-1]:
        raise ValueError("every version but the last needs `until`, oldest first")
    return versions


def _version(entry: Mapping[str, Any]) -> SiteRules:
    rules = entry.get("rules", {})
    if unknown := {*(entry.keys() - _KEYS), *(rules.keys() - _SELECTORS)}:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    selectors: dict[str, Any] = {name: tuple(value) if name == "drop" else value for name, value in rules.items()}
    return SiteRules(**{**entry, "rules": Rules(**selectors)})


@lru_cache(maxsize=4096)
def _versions(site: str) -> tuple[SiteRules, ...]:
    # The name comes out of a page's address: only a plain domain may become a file's name.
    if not site.replace(".", "").replace("-", "").isalnum():
        return (SiteRules(),)
    entry = _entries().get(f"{site}.toml")
    return read_versions(entry.read_text("utf-8")) if entry is not None else (SiteRules(),)


@cache
def _entries() -> Mapping[str, Traversable]:
    """The sites' files by their names."""
    return {entry.name: entry for entry in files("ingest.extract").joinpath("sites").iterdir()}
