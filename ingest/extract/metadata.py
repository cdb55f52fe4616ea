"""The smaller fields: summary, site, section, tags, paywalled, canonical URL."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.extract.candidates import Candidate
from ingest.extract.view import View
from ingest.text import squeeze


def summary(view: View) -> Iterator[Candidate[str]]:
    if text := view.structured.first("og:description", "description"):
        yield Candidate(squeeze(text), "meta description", 1)


def site(view: View) -> Iterator[Candidate[str]]:
    if text := view.structured.first("og:site_name"):
        yield Candidate(squeeze(text), "og:site_name", 1)


def section(view: View) -> Iterator[Candidate[str]]:
    if text := view.structured.first("article:section"):
        yield Candidate(squeeze(text), "article:section", 1)


def tags(view: View) -> Iterator[Candidate[tuple[str, ...]]]:
    if values := view.structured.meta.get("article:tag"):
        yield Candidate(tuple(dict.fromkeys(map(squeeze, values))), "article:tag", 1)


def paywalled(view: View) -> Iterator[Candidate[bool]]:
    free = view.json_ld.get("isAccessibleForFree")
    if isinstance(free, bool):
        yield Candidate(not free, "json-ld isAccessibleForFree", 1)


def canonical_url(view: View) -> Iterator[Candidate[str]]:
    if hrefs := view.structured.links.get("canonical"):
        yield Candidate(hrefs[0], "link canonical", 1)
