"""Page → article: pure, no network, no clock.

One file per field. Each gives candidates, values with their origin and rank; the best becomes the record's, the others
are kept for `ingest try --explain`. `view.py` is what they all look at, `layout.py` the page as a reader sees it,
`structured.py` what the page says of itself for machines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ingest import collector
from ingest.errors import NotAnArticle
from ingest.extract import authors, body, contacts, dates, headline, images, language, metadata
from ingest.extract.candidates import Candidate, ranked
from ingest.extract.credits import credit_lines
from ingest.extract.rules import overridden, rules_for
from ingest.extract.structured import read_structured
from ingest.extract.view import Body, View
from ingest.html import parse
from ingest.model import Article, Contact, Image, Link, Rules, json_ready
from ingest.urls import resolve

__all__ = ["Extraction", "declared_url", "examine", "extract_article"]

# In the order in which they are looked for: the body gives the others their place, and what a picture's caption claims
# is no contact line.
_FIELDS = {
    "headline": headline.candidates,
    "language": language.candidates,
    "body": body.candidates,
    "images": images.candidates,
    "contacts": contacts.candidates,
    "credits": credit_lines,
    "authors": authors.candidates,
    "published_at": dates.published,
    "modified_at": dates.modified,
    "summary": metadata.summary,
    "site": metadata.site,
    "section": metadata.section,
    "tags": metadata.tags,
    "paywalled": metadata.paywalled,
    "canonical_url": metadata.canonical_url,
}


@dataclass(frozen=True, slots=True)
class Extraction:
    """An article and how it was found."""

    article: Article
    candidates: Mapping[str, Sequence[Candidate[Any]]]
    """Field → its candidates, best first; a field that nothing was found for has none."""

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it: {"article": …, "candidates": {field: [{"value", "origin", "rank"}, …]}}."""
        candidates = {name: [_candidate_json(one) for one in found] for name, found in self.candidates.items()}
        return {"article": self.article.as_dict(), "candidates": candidates}


def extract_article(
    html: bytes | str,
    *,
    url: str,
    charset: str | None = None,
    timezone: str | None = None,
    rules: Rules | None = None,
    link: Link | None = None,
) -> Article:
    """The article of a page.

    `html` is the page's bytes (or its text, if somebody decoded it), `url` its address. `charset` is what the HTTP header said, `timezone` the IANA zone of
    times that the page prints without one, `rules` the site's own selectors, `link` what the feed said of the page.
    Raises NotAnArticle, with the reason, and nothing else.
    """
    # A page's objects are freed one by one as this returns: none of 1,120 pages left a cycle.
    with collector.resting():
        return examine(html, url=url, charset=charset, timezone=timezone, rules=rules, link=link).article


def examine(
    html: bytes | str,
    *,
    url: str,
    charset: str | None = None,
    timezone: str | None = None,
    rules: Rules | None = None,
    link: Link | None = None,
) -> Extraction:
    """As `extract_article`, with every field's candidates."""
    if not html or html.isspace():
        raise NotAnArticle("the page is empty")
    view = View(url=url, document=parse(html, charset=charset), link=link)
    site = rules_for(url, lambda: dates.told_day(view))
    view.rules, view.timezone, view.language = (
        overridden(site.rules, rules),
        timezone or site.timezone,
        site.language or "",
    )
    found: dict[str, list[Candidate[Any]]] = {}
    for name, candidates in _FIELDS.items():
        found[name] = ranked(candidates(view))
        if name in ("headline", "language", "published_at") and found[name]:
            setattr(view, name, found[name][0].value)
        if name == "body":
            if not found[name]:
                raise NotAnArticle("no body text was found")
            view.body = found[name][0].value
    values: dict[str, Any] = {name: best[0].value for name, best in found.items() if best}
    values["body"] = view.body_text
    origins = {name: best[0].origin for name, best in found.items() if best}
    values.setdefault("headline", "")
    return Extraction(Article(url=url, origins=origins, **values), found)


def declared_url(html: bytes) -> str | None:
    """The address that a page declares for itself: canonical, else og:url. For pages that were read from a file."""
    structured = read_structured(parse(html))
    declared = [*structured.canonical, structured.first("og:url")]
    return next((url for href in declared if href and (url := resolve("", href))), None)


def _candidate_json(candidate: Candidate[Any]) -> dict[str, Any]:
    value = candidate.value
    if isinstance(value, Body):
        value = [block.text for block in value.blocks]
    elif isinstance(value, tuple):
        value = [asdict(item) if isinstance(item, (Contact, Image)) else item for item in value]
    return {"value": json_ready(value), "origin": candidate.origin, "rank": candidate.rank}
