"""What a page says of itself for machines: JSON-LD, `<meta>` (OpenGraph, Twitter, Dublin Core), `<link>`, microdata."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ingest.html import Document, Node

JsonObject = Mapping[str, Any]

# https://schema.org/Article and the types below it that pages use for articles
ARTICLE_TYPES = frozenset(
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle BackgroundNewsArticle "
    "AskPublicNewsArticle ReviewNewsArticle LiveBlogPosting BlogPosting SocialMediaPosting Report "
    "ScholarlyArticle TechArticle SatiricalArticle AdvertiserContentArticle Review".split()
)
_MAX_OBJECTS = 2000
_CONTROL = re.compile("[\x00-\x1f]+")
_WRAPPING = re.compile(
    r"^\s*(?:<!--|/\*<!\[CDATA\[\*/|//<!\[CDATA\[|<!\[CDATA\[)?(.*?)(?:-->|/\*\]\]>\*/|//\]\]>|\]\]>)?[;\s]*$",
    re.DOTALL,
)
_TRAILING_COMMA = re.compile(r",\s*([}\]])")


@dataclass(frozen=True, slots=True)
class Structured:
    """Everything that the page says of itself, unjudged."""

    objects: tuple[JsonObject, ...] = ()
    """Every JSON-LD object, nested ones after the one that holds them."""
    meta: Mapping[str, list[str]] = field(default_factory=dict)
    """`name`, `property` or `itemprop` of `<meta>` in lower case → its contents, in order, never empty strings."""
    links: Mapping[str, list[str]] = field(default_factory=dict)
    """`rel` of `<link>` → href, as written."""

    def articles(self) -> list[JsonObject]:
        """The JSON-LD objects that are articles, in order."""
        return [item for item in self.objects if ARTICLE_TYPES & types_of(item)]

    def first(self, *names: str) -> str | None:
        """The first content of the first of these metas that the page has."""
        return next((values[0] for name in names if (values := self.meta.get(name))), None)


def read_structured(document: Document) -> Structured:
    """Read it all; what is broken is left out."""
    tree = document.tree
    meta: dict[str, list[str]] = {}
    for node in tree.css("meta"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = attributes.get("content")
        if name and content and (content := content.strip()):
            meta.setdefault(name.strip().lower(), []).append(content)
    links: dict[str, list[str]] = {}
    for node in tree.css("link[rel][href]"):
        attributes = node.attributes
        for rel in (attributes.get("rel") or "").lower().split():
            links.setdefault(rel, []).append(attributes.get("href") or "")
    return Structured(tuple(_json_ld(tree.css('script[type*="ld+json" i]'))), meta, links)


def types_of(item: JsonObject) -> set[str]:
    """The names of a JSON-LD object's types, without their vocabulary's address."""
    value = item.get("@type")
    names = value if isinstance(value, list) else [value]
    return {name.rpartition("/")[2] for name in names if isinstance(name, str)}


def texts(value: Any) -> list[str]:
    """The text of a JSON-LD value: a string, an object's `name`, or a list of either; entities undone.

    >>> texts([{"@type": "Person", "name": "Kim &amp; Co"}, "Lee", 3])
    ['Kim & Co', 'Lee']
    """
    if isinstance(value, str):
        text = html.unescape(value).strip()
        return [text] if text else []
    if isinstance(value, Mapping):
        return texts(value.get("name") or value.get("@value"))
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    return []


def _json_ld(scripts: list[Node]) -> Iterator[JsonObject]:
    count = 0
    for script in scripts:
        for item in _objects(_lenient_json(script.text())):
            yield item
            count += 1
            if count >= _MAX_OBJECTS:
                return


def _objects(value: Any, depth: int = 0) -> Iterator[JsonObject]:
    if depth > 20:
        return
    if isinstance(value, dict):
        if "@type" in value or "@id" in value:
            yield value
        for inner in value.values():
            if isinstance(inner, (dict, list)):
                yield from _objects(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _objects(inner, depth + 1)


def _lenient_json(text: str) -> Any:
    """JSON as pages write it: comments around it, raw control characters, trailing commas; None if it is beyond that."""
    for attempt in (text, _repaired(text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _repaired(text: str) -> str:
    found = _WRAPPING.match(text)
    inner = _CONTROL.sub(" ", found[1] if found else text)
    return _TRAILING_COMMA.sub(r"\1", inner)
