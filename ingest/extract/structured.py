"""What a page says of itself for machines: JSON-LD, `<meta>` (OpenGraph, Twitter, Dublin Core), `<link>`.

Read, not judged: the fields' rules decide whom to believe. `about` alone chooses, between the JSON-LD objects that are
articles, those that describe this page and not one that it links to.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any
from urllib.parse import unquote, urlsplit

from ingest.html import Document, Node, Tree

JsonObject = Mapping[str, Any]

# https://schema.org/Article and the types below it that pages use for articles
ARTICLE_TYPES = frozenset(
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle BackgroundNewsArticle "
    "AskPublicNewsArticle ReviewNewsArticle LiveBlogPosting BlogPosting SocialMediaPosting Report "
    "ScholarlyArticle MedicalScholarlyArticle TechArticle SatiricalArticle AdvertiserContentArticle Review "
    "DiscussionForumPosting".split()
)
# What describes the page where nothing describes an article, most telling first.
_PAGE_TYPES = (
    "Recipe",
    "HowTo",
    "ClaimReview",
    "VideoObject",
    "PodcastEpisode",
    "RadioEpisode",
    "Episode",
    "CreativeWork",
    "ItemPage",
    "MedicalWebPage",
    "WebPage",
)
_MAX_OBJECTS = 2000
# Under these keys an object holds what is not it: the posts of a live blog, readers' comments, other works.
_ABOUT_OTHERS = frozenset(
    {
        "liveBlogUpdate",
        "comment",
        "review",
        "reviews",
        "citation",
        "isRelatedTo",
        "isBasedOn",
        "mentions",
        "relatedLink",
    }
)
_MAX_MARKED = 1000
_MAX_ABOUT = 5
_CONTROL = re.compile("[\x00-\x1f]+")
_WRAPPING = re.compile(
    r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)?(.*?)(?:-->|/\*\s*\]\]>\s*\*/|//\s*\]\]>|\]\]>)?[;\s]*$",
    re.DOTALL,
)
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
# The values that are worth saving from JSON-LD that no parser takes.
_SALVAGED = re.compile(
    r'"(@type|@id|url|headline|datePublished|dateCreated|dateModified|description|articleSection|inLanguage|'
    r'isAccessibleForFree|author)"\s*:\s*("(?:[^"\\\n]|\\.)*"|true|false|[\[{])'
)
_SALVAGED_SPAN = 2000
_SALVAGED_NAME = re.compile(r'"name"\s*:\s*("(?:[^"\\\n]|\\.)*")')
_TITLE_METAS = ("og:title", "twitter:title", "headline", "title", "dc.title", "parsely-title", "sailthru.title")
_SIGNS = {ord(sign): None for sign in ":._- /"}
# Each selector costs 15 µs a page, a second walk of the tree, which has left the processor's cache by then, 80 more.
# Every hCard has an `fn` (https://microformats.org/wiki/hcard); WordPress's themes have one.
_SAYING = (
    'meta[content], script[type*="ld+json" i], h1, time, abbr[title], [rel~="tag"], [rel~="author"], [itemprop], '
    ".fn, .author, .byline, [data-cfemail]"
)
_CANONICAL = 'link[rel~="canonical" i][href]'
_META_NAMES = ("property", "name", "itemprop", "http-equiv")
_DECODER = json.JSONDecoder(strict=False)
_TELLING = ("headline", "datePublished", "author", "articleBody", "publisher")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Structured:
    """Everything that the page says of itself, unjudged."""

    objects: tuple[JsonObject, ...] = ()
    """Every JSON-LD object, nested ones after the one that holds them."""
    articles: Sequence[JsonObject] = ()
    """Those that are articles, in order."""
    typed: Mapping[str, list[JsonObject]] = field(default_factory=dict)
    """Name of a type, without its vocabulary's address → the JSON-LD objects of it, in order."""
    meta: Mapping[str, list[str]] = field(default_factory=dict)
    """`name`, `property`, `itemprop` or `http-equiv` of `<meta>` in lower case → its contents, in order, never empty."""
    canonical: tuple[str, ...] = ()
    """The addresses that `<link rel=canonical>` gives, as written."""
    title: str = ""
    """The text of `<title>`."""
    marked: tuple[Node, ...] = ()
    """The elements of the text that say what they are, in document order: `<h1>`, `<time>`, microdata, `rel`, hCards."""
    encoded: bool = False
    """Whether Cloudflare has encoded addresses on the page."""

    def about(self, url: str) -> Sequence[JsonObject]:
        """The JSON-LD objects that describe the article at this address, best first.

        The one whose address or headline is the page's comes first. Where several articles are described, those with
        another address and another headline are other articles: a list of related ones, a second article below.
        """
        found = self.articles
        if len(found) < 2:
            return found
        pages = {path for address in (url, *self.canonical, *self.meta.get("og:url", [])) if (path := _path(address))}
        titles = [words for text in (*self.titles(), self.title) if (words := _words(text))]
        likeness = {id(item): _likeness(item, pages, titles) for item in found}
        best = max(likeness.values())
        if best < 0:
            return found[:1]
        fitting = [item for item in found if likeness[id(item)] >= min(best, 1)]
        return sorted(fitting, key=lambda item: (-likeness[id(item)], -sum(key in item for key in _TELLING)))[
            :_MAX_ABOUT
        ]

    @cached_property
    def pages(self) -> list[JsonObject]:
        """The JSON-LD objects that describe the page, or what is on it, without being articles; most telling first."""
        return list({id(item): item for name in _PAGE_TYPES for item in self.typed.get(name, ())}.values())

    def titles(self) -> list[str]:
        """What the metas call the page."""
        return [self.meta[name][0] for name in _TITLE_METAS if name in self.meta]

    @cached_property
    def folded(self) -> Mapping[str, list[str]]:
        """The metas by their folded names (`fold`)."""
        folded: dict[str, list[str]] = {}
        for name, values in self.meta.items():
            folded.setdefault(fold(name), values)
        return folded

    def first(self, *names: str) -> str | None:
        """The first content of the first of these metas that the page has."""
        for name in names:
            if values := self.meta.get(name):
                return values[0]
        return None

    def resolve(self, value: Any) -> Any:
        """The object that a bare reference `{"@id": …}` stands for, as WordPress plugins write them; else the value."""
        if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
            return self._by_id.get(value["@id"], value)
        return value

    @cached_property
    def _by_id(self) -> Mapping[str, JsonObject]:
        """`@id` → the JSON-LD object that says most under it."""
        by_id: dict[str, JsonObject] = {}
        for item in self.objects:
            name = item.get("@id")
            if isinstance(name, str) and len(item) > len(by_id.get(name, {})):
                by_id[name] = item
        return by_id


def read_structured(document: Document) -> Structured:
    """Read it all; what is broken is mended or left out."""
    metas: dict[str, list[str]] = {}
    objects: list[JsonObject] = []
    marked: list[Node] = []
    encoded = False
    found = {node.mem_id: node for node in document.tree.css(_SAYING)}  # what several selectors fit comes several times
    for node in found.values():
        tag = node.tag
        if tag == "meta":
            _read_meta(node, metas)
        elif tag == "script":
            _collect(_lenient_json(node.text()), objects)
        elif tag == "link":
            continue  # rel=author, of the page or of its style sheet: no text
        elif "data-cfemail" in node.attributes:
            encoded = True
        else:
            marked.append(node)
    typed: dict[str, list[JsonObject]] = {}
    articles = []
    for item in objects:
        types = types_of(item)
        for name in types:
            typed.setdefault(name, []).append(item)
        if _is_article(item, types):
            articles.append(item)
    title = document.tree.css_first("title")
    return Structured(
        objects=tuple(objects),
        articles=articles,
        typed=typed,
        meta=metas,
        canonical=_canonical(document.tree),
        title=title.text() if title else "",
        marked=tuple(marked[:_MAX_MARKED]),
        encoded=encoded,
    )


def _canonical(tree: Tree) -> tuple[str, ...]:
    links = tree.head.css(_CANONICAL) if tree.head is not None else []  # 2 µs; over the page it takes 15
    return tuple((link.attributes["href"] or "").strip() for link in links or tree.css(_CANONICAL))


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """A meta's name without the signs that every site sets in another way.

    >>> fold("article:published_time") == fold("article-published-time") == "articlepublishedtime"
    True
    """
    return name.lower().translate(_SIGNS)


def name_table(names: str) -> dict[str, str]:
    """A table of metas' names, in order: folded → as it is written here.

    >>> name_table("dc.date dc-date DC:issued")
    {'dcdate': 'dc.date', 'dcissued': 'DC:issued'}
    """
    table: dict[str, str] = {}
    for name in names.split():
        table.setdefault(fold(name), name)
    return table


def _is_article(item: JsonObject, types: set[str]) -> bool:
    """Whether an object is an article; a `Review` without a headline is a reader's, of a recipe or a product."""
    return not ARTICLE_TYPES.isdisjoint(types) and ("headline" in item or ARTICLE_TYPES & types != {"Review"})


def types_of(item: JsonObject) -> set[str]:
    """The names of a JSON-LD object's types, without their vocabulary's address."""
    value = item.get("@type")
    names = value if isinstance(value, list) else [value]
    return {name.rpartition("/")[2].rpartition(":")[2] for name in names if isinstance(name, str)}


def texts(value: Any, depth: int = 0) -> list[str]:
    """The text of a JSON-LD value: a string, an object's `name`, or a list of either; entities undone.

    >>> texts([{"@type": "Person", "name": "Kim &amp; Co"}, "Lee", 3])
    ['Kim & Co', 'Lee']
    """
    if isinstance(value, str):
        if "&" in value:
            # Scripts are not unescaped by the parser, and what is written in them was escaped for HTML, at times twice.
            value = html.unescape(html.unescape(value))
        value = value.strip()
        return [value] if value else []
    if isinstance(value, dict) and depth < 9:
        return texts(value.get("name") or value.get("@value"), depth + 1)
    if isinstance(value, list) and depth < 9:
        return [text for item in value for text in texts(item, depth + 1)]
    return []


def _read_meta(node: Node, metas: dict[str, list[str]]) -> None:
    attributes = node.attributes
    content = (attributes.get("content") or "").strip()
    if not content:
        return
    if "&" in content:
        content = html.unescape(content)  # escaped twice: one level is undone
    before = ""
    for key in _META_NAMES:
        name = (attributes.get(key) or "").strip().lower()
        if name and name != before:
            metas.setdefault(name, []).append(content)
            before = name  # many give the same name twice, as `property` and as `name`


def _likeness(item: JsonObject, pages: set[str], titles: list[list[str]]) -> int:
    """How well an article object's address and headline fit the page; 0 where it gives neither."""
    addresses = [item.get("url"), item.get("@id"), item.get("mainEntityOfPage")]
    paths = {
        path
        for value in addresses
        if (path := _path(value.get("@id") or value.get("url") if isinstance(value, dict) else value))
    }
    headlines = [words for text in texts(item.get("headline") or item.get("name")) if (words := _words(text))]
    score = 0
    if paths:
        score += 4 if paths & pages else -2
    if headlines and titles:
        score += 3 if any(_contained(headline, title) for headline in headlines for title in titles) else -2
    return score


def _contained(a: list[str], b: list[str]) -> bool:
    """Whether one text's words are, but for a few, among the other's."""
    short, long = sorted((a, b), key=len)
    known = set(long)
    return sum(word in known for word in short) >= 0.8 * len(short)


def _words(text: str) -> list[str]:
    return _WORD.findall(html.unescape(text).casefold())


def _path(url: Any) -> str:
    """What tells one page of a site from another; "" for the front page and for what is no address."""
    if not isinstance(url, str):
        return ""
    try:
        parts = urlsplit(url.strip())
    except ValueError:  # "http://[": no address, no witness
        return ""
    path = unquote(parts.path).strip("/").casefold()
    return f"{path}?{parts.query}" if parts.query and ("=" in parts.query and len(path) < 20) else path


def _collect(value: Any, objects: list[JsonObject], depth: int = 0) -> None:
    """Add the objects in a JSON value to those of the page, up to a limit."""
    if depth > 20 or len(objects) >= _MAX_OBJECTS:
        return
    if isinstance(value, dict):
        if "@type" in value or "@id" in value:
            objects.append(value)
        for key, inner in value.items():
            if isinstance(inner, (dict, list)) and key not in _ABOUT_OTHERS:
                _collect(inner, objects, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _collect(inner, objects, depth + 1)


def _lenient_json(text: str) -> Any:
    """JSON as pages write it: comments around it, raw control characters, trailing commas, several values in a row.

    What is beyond that gives the few values that a pattern finds.
    """
    for mend in (str, _repaired, _repaired_escapes):
        try:
            return _DECODER.decode(mend(text))
        except (ValueError, RecursionError):
            continue  # the next mending goes further
    values = list(_in_a_row(text))
    objects: list[JsonObject] = []
    _collect(values, objects)
    return values if any(_is_article(item, types_of(item)) for item in objects) else [*values, *_salvaged(text)]


def _repaired(text: str) -> str:
    found = _WRAPPING.match(text)
    inner = _CONTROL.sub(" ", found[1] if found else text)
    return _TRAILING_COMMA.sub(r"\1", inner)


def _repaired_escapes(text: str) -> str:
    """Whole scripts that were escaped as if they were text (`{&quot;@type&quot;: …`), and JavaScript's escaped apostrophe."""
    return html.unescape(_repaired(text)).replace("\\'", "'")


def _in_a_row(text: str) -> Iterator[Any]:
    """`{…}{…}` and `{…},{…}`: the values up to the first that is broken."""
    at = 0
    while (start := text.find("{", at)) >= 0:
        try:
            value, at = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            return
        yield value


def _salvaged(text: str) -> Iterator[dict[str, Any]]:
    """One object with the values that stand, whole and quoted, in JSON that is broken elsewhere."""
    found: dict[str, Any] = {}
    for match in islice(_SALVAGED.finditer(text), _MAX_OBJECTS):
        key, value = match.groups()
        if key == "author" and value in ("[", "{"):
            farthest = match.end() + _SALVAGED_SPAN
            end = text.find("]" if value == "[" else "}", match.end(), farthest)
            names = _SALVAGED_NAME.findall(text, match.end(), end if end > 0 else farthest)
            if names:
                found.setdefault("author", [{"@type": "Person", "name": _unquoted(name)} for name in names])
        elif value not in ("[", "{"):
            kept = found.setdefault(key, _unquoted(value))
            # "@type" of the first object may be Organization: the article's is what matters.
            if key == "@type" and kept not in ARTICLE_TYPES:
                found[key] = _unquoted(value)
    if not ARTICLE_TYPES.isdisjoint(types_of(found)):
        yield found


def _unquoted(value: str) -> Any:
    try:
        return _DECODER.decode(value)
    except ValueError:  # a bad escape: as written, without the quotes
        return value.strip('"')
