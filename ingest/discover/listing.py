"""Listing pages: the links that a selector names, or those that look like articles.

Without a selector four signs are added up for each address: the shape of its URL, the words of its anchors, where they
stand, and whether the page repeats their markup. Weights and words are tables, so that a miss can be mended by a line.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from ingest.discover.autodiscovery import base_of, obstacle
from ingest.discover.dates import read_date
from ingest.discover.offers import language_of, merged
from ingest.discover.shapes import shape_score
from ingest.errors import NotASource
from ingest.html import Document, Node, is_selector, parse
from ingest.model import Discovery, Link, Page, Source
from ingest.text import squeeze
from ingest.urls import resolve, same_site, url_key

MAX_LINKS = 2_000
MAX_ANCHORS = 20_000
MAX_TITLE = 500  # characters; longer anchors are whole teasers
MAX_CLIMB = 12  # ancestors that are looked at

THRESHOLD = 4.0
IN_HEADING = 3.0
IN_ARTICLE = 2.0
IN_MAIN = 0.5
IN_CHROME = -4.0
REPEATED = 1.5  # at least MIN_REPEATED anchors with the same markup around them, most with words enough
MIN_REPEATED = 3

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})
CHROME = frozenset({"nav", "form", "menu", "dialog"})
FRAMES = frozenset({"header", "footer"})  # of the page, or of a teaser
# The ends of class names and ids: "site-nav", "post-tags", "menu-list"; not "tag-politics", which WordPress gives posts.
CHROME_NAMES = re.compile(
    r"(?:^|[\s_-])(?:nav(?:bar|igation)?|menu|breadcrumbs?|footer|masthead|topbar|social|sharing|login|cookies?|consent|"
    r"newsletter|pagination|pager|tags|tagcloud|byline|sponsored|advert(?:isement)?|gnb|lnb|snb)"
    r"(?:[_-]{1,2}(?:list|links?|items?|wrap(?:per)?|container|box|inner|area))?(?:$|\s)",
    re.IGNORECASE,
)
CHROME_DEPTH = 5  # further out a name describes half of the page
MAIN_NAMES = re.compile(
    r"(?:^|[\s_-])(?:main|content|articles?|posts?|stor(?:y|ies)|teasers?|headlines?|list|stream|river|latest)(?:$|[\s_-])",
    re.IGNORECASE,
)
# Anchors that lead to an article without being its title.
NO_TITLE = re.compile(
    r"(?:read|see|show|view|learn|continue|load)\b.{0,20}(?:more|on|reading|full|story|article)?|more|weiterlesen|mehr(?: lesen)?|lire la suite|leer más|"
    r"leggi (?:tutto|di più)|lees (?:meer|verder)|läs mer|les mer|czytaj (?:dalej|więcej)|подробнее|читать далее|"
    r"devamı.*|더보기|전체보기|続きを読む|もっと見る|查看更多|更多|阅读全文|المزيد|\d+\s*(?:comments?|kommentare?|commentaires?|comentarios?)|"
    r"comments?|share|photo|video|image|\d+",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Candidate:
    """All anchors of a page that lead to one address."""

    url: str
    score: float = -99.0
    title: str = ""
    title_rank: float = -1.0
    anchors: list[Node] = field(default_factory=list)


def read(text: str, source: Source, page: Page) -> Discovery:
    """The article links of an HTML page in its order."""
    document = parse(text.encode("utf-8", "replace"))
    base = base_of(document, page.final_url)
    html = document.tree.css_first("html")
    language = language_of(html.attributes.get("lang")) if html else None
    title = document.tree.css_first("title")
    if source.links:
        found = _selected(document, source.links, base)
        nothing = f"no link matches the selector {source.links!r}; compare it with the page"
    else:
        found = _recognised(document, base, page)
        nothing = "no link looks like an article; name them with `links:`, a CSS selector"
    own = {url_key(page.url), url_key(page.final_url)}  # every page links to itself; that is worth no warning
    dated = [_link(candidate, language, source, page) for candidate in found if url_key(candidate.url) not in own]
    links, left_out = merged(dated, page)
    if not links and (what := obstacle(text)):
        raise NotASource(f"{what}, not a listing; open {page.final_url} in a browser to see what the site asks for")
    warnings = [nothing] if not links else []
    if len(links) > MAX_LINKS:
        warnings.append(f"the page has {len(links)} links; the first {MAX_LINKS} are read")
    return Discovery(
        links=tuple(links[:MAX_LINKS]),
        title=squeeze(title.text())[:MAX_TITLE] or None if title else None,
        warnings=(*warnings, *left_out),
    )


# ------------------------------------------------------------ with a selector


def _selected(document: Document, selector: str, base: str) -> list[_Candidate]:
    """What the selector matches: links, or blocks with a link in them, or something within a link."""
    if not is_selector(selector):
        raise NotASource(f"links: {selector!r} is no CSS selector; write one like 'article h2 a'")
    candidates: dict[str, _Candidate] = {}
    for node in document.tree.css(selector)[:MAX_ANCHORS]:
        anchor = _anchor_of(node)
        if anchor is not None:
            _take(candidates, anchor, base, title_rank=1.0)
    return list(candidates.values())


def _anchor_of(node: Node) -> Node | None:
    if node.tag == "a":
        return node
    inner = node.css_first("a[href]")
    return inner if inner is not None else next((above for above in _ancestors(node) if above.tag == "a"), None)


def _take(candidates: dict[str, _Candidate], anchor: Node, base: str, *, title_rank: float) -> _Candidate | None:
    """Count an anchor to its address; None if it leads to no web page."""
    url = resolve(base, anchor.attributes.get("href") or "")
    if url is None or not (anchor.attributes.get("href") or "").strip().strip("#"):
        return None
    candidate = candidates.setdefault(url_key(url), _Candidate(url=url))
    candidate.anchors.append(anchor)
    title = _title(anchor)
    rank = title_rank + min(len(title), 120) / 1000 if title and not NO_TITLE.fullmatch(title) else -1.0
    if rank > candidate.title_rank:
        candidate.title, candidate.title_rank = title, rank
    return candidate


def _title(anchor: Node) -> str:
    """The heading within an anchor, its words, or what it says of itself."""
    heading = anchor.css_first("h1, h2, h3, h4, h5") if anchor.child is not None else None
    title = squeeze((heading or anchor).text(separator=" "))  # a kicker is a block of its own
    if title and (heading is not None or len(title) <= MAX_TITLE):
        return title[:MAX_TITLE]
    attributes = anchor.attributes
    return squeeze(attributes.get("title") or attributes.get("aria-label") or title)[:MAX_TITLE]


# ------------------------------------------------------------ without one


def _recognised(document: Document, base: str, page: Page) -> list[_Candidate]:
    candidates: dict[str, _Candidate] = {}
    markups: Counter[str] = Counter()
    scored: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    for anchor in document.tree.css("a[href]")[:MAX_ANCHORS]:
        url = resolve(base, anchor.attributes.get("href") or "")
        if url is None or not same_site(url, page.final_url):
            continue
        place, markup = _place(anchor)
        words = _words_score(_title(anchor))
        candidate = _take(candidates, anchor, base, title_rank=words)
        if candidate is None:
            continue
        markups[markup] += words >= 1.0
        scored[url_key(url)].append((markup, place + words))
    for key, candidate in candidates.items():
        signs = max(score + (REPEATED if markups[markup] >= MIN_REPEATED else 0) for markup, score in scored[key])
        candidate.score = signs + shape_score(candidate.url)
    return [candidate for candidate in candidates.values() if candidate.score >= THRESHOLD]


def _words_score(title: str) -> float:
    """How much an anchor reads like a headline."""
    if not title or NO_TITLE.fullmatch(title):
        return 0.0
    wide = sum(char > "\u2e7f" for char in title)
    words = len(title.split()) + wide / 2.5  # a Han, kana or hangul word has two or three characters
    if words < 3:
        return -1.0
    return 0.5 if words < 5 else 2.0


def _place(anchor: Node) -> tuple[float, str]:
    """(what the place of an anchor says for it, the markup around it as a name)."""
    signs: dict[str, float] = {}
    markup = []
    if anchor.css_first("h1, h2, h3, h4, h5") is not None:
        signs["heading"] = IN_HEADING
    for depth, node in enumerate(_ancestors(anchor)):
        tag = node.tag or ""
        attributes = node.attributes if tag != "body" else {}
        name = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if depth < 4:
            markup.append(f"{tag}.{attributes.get('class') or ''}")
        if tag in HEADINGS and depth < 3:
            signs["heading"] = IN_HEADING
        elif tag == "article":
            signs["article"] = IN_ARTICLE
            signs.pop("frame", None)  # a teaser's own header or footer
        elif tag in FRAMES:
            signs["frame"] = IN_CHROME
        elif tag in CHROME or (depth < CHROME_DEPTH and CHROME_NAMES.search(name)):
            signs["chrome"] = IN_CHROME
        elif tag == "main" or MAIN_NAMES.search(name):
            signs["main"] = IN_MAIN
    return sum(signs.values()), ">".join(markup)


def _ancestors(node: Node) -> Iterator[Node]:
    above = node.parent
    for _ in range(MAX_CLIMB):
        if above is None or above.tag in (None, "-undef", "html"):
            return
        yield above
        above = above.parent


# ------------------------------------------------------------ the link


def _link(candidate: _Candidate, language: str | None, source: Source, page: Page) -> Link:
    return Link(
        url=candidate.url,
        title=candidate.title or None,
        published_at=next((when for anchor in candidate.anchors if (when := _time_beside(anchor, source, page))), None),
        language=language,
    )


def _time_beside(anchor: Node, source: Source, page: Page) -> datetime | None:
    """The moment of the one <time datetime> in the smallest block around a link that has any."""
    for depth, block in enumerate(_ancestors(anchor)):
        times = block.css("time[datetime]") if block.tag != "body" and depth < 4 else []
        if times:
            written = times[0].attributes.get("datetime")
            return read_date(written, zone=source.timezone, now=page.fetched_at) if len(times) == 1 else None
    return None
