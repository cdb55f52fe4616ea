"""Who wrote it: names only.

The page's data, its marked elements and the line under the headline are asked; whoever agrees with another counts more.
The outlet itself is the author only where nobody else is named. A byline that stands in the body is taken out of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from ingest.extract.alternation import one_of, sieve
from ingest.extract.candidates import Candidate
from ingest.extract.layout import Block, Box
from ingest.extract.names import Standing, standing
from ingest.extract.people import after_introduction, folded, introduced, is_name, names_in, unique
from ingest.extract.structured import JsonObject, name_table, texts, types_of
from ingest.extract.view import View
from ingest.html import Node
from ingest.urls import site_of

Names = tuple[str, ...]

# `<meta>` names, most telling first; see dates.py for where they come from.
_METAS = name_table("""
    author article:author authors parsely-author sailthru.author byl byline dc.creator dcterms.creator citation_author
    cxenseparse:author og:article:author og:author article:author:name article:author_name article.author
    article_author author_name shareaholic:article_author_name rnews:author vr:author mediaauthor dc.contributor
    creator dcterms.contributor twitter:author lp.article:author xpub-author bt:author auth analyticsattributes.author
    weibo:article:author cre:author dable:author
""")
# Yoast writes the byline as a Twitter card: label "Written by", data "Jane Doe".
_WRITTEN_BY = re.compile(
    r"written|verfasst|geschrieben|écrit|escrito|scritto|geschreven|skrevet|skriven|napisan|author|autor|作者|執筆|작성|автор|yazan|penulis",
    re.IGNORECASE,
)
_SAYS_AUTHOR = sieve(
    r"author|byline|by-line|(?<![a-z])by(?![a-z])|autor(?!i[sz])|auteur|redakteur|redaktor|redactor|verfasser|writer|written|reporter(?!s)|journalist|"
    r"contributor|skribent|forfatter|creator|\bvcard\b|\bfn\b|signature|\bfirma\b|kirjoittaja|muhabir|yazar|penulis|schreiber|article-source"
)
_SAYS_NO_NAME = sieve(
    r"authority|authoris|authoriz|author[-_]*(?:bio|desc|about|role|title|position|job|image|img|avatar|follow|social|email|posts|more|twitter)|"
    r"about[-_]*author|comment|related|teaser|caption|credit|copyright|photo|newsletter"
)
_AUTHOR_PARTS = one_of(
    r"authors?|autore?n?|autores|auteurs?|autori|by|staff|profiles?|profil|journalists?|reporters?|writers?|"
    r"contributors?|columnists?|redakteure?|redaktion|bylines?|experts?|verfasser|skribent|firmas?|autor-in|yazar|penulis|"
    r"correspondents?"
)
_AUTHOR_PATH = re.compile(rf"[/?&](?:(?<=/){_AUTHOR_PARTS}/[^/]|(?<!/)(?:author|autor)=)")
_FEW = 4
"""Names that only a class calls authors, or below the text: more are those of a list of other articles."""
_BELOW = 1.5
"""What a byline below the text counts less than one between headline and text."""
_BEFORE, _AFTER, _INTO = 8, 10, 2
"""Blocks above the headline, below the last and from the first paragraph among which a byline is looked for."""
_LONGEST, _UNNAMED, _MOST = 160, 90, 120
"""Characters of a block that may be a byline, of one that nothing but its words calls so; blocks looked at before the text."""
# "Jane Doe jane@example.org", "홍길동 기자 hong@example.kr"
_ADDRESSED = re.compile(
    r"^((?!(?:Write|Contact|E-?mail|Mail|Reach|Send|Call|Tell|Kontakt|Schreib|Écri|Escrib)\w*\b)[A-ZÀ-ÞЀ-Я][^\d@|:]{4,40}?|.{0,20}[가-힣]{2,4}\s?(?:기자|특파원|통신원|논설위원))[\s,|(<]+[\w.+-]+@"
)
_OTHERS = re.compile(
    r"(?<![a-z-])(?:comments?|comment-?list|kommentare?|comentarios|commentaires|related|teasers?|recommend\w*|more-news)(?![a-z])"
)
# {"authors":[{"name":"Jane Doe"}]}, {"author":"Jane Doe"} in the state of Next, Nuxt and their like
_SCRIPT_KEYS = ("authors", "author", "byline", "authorName")
_SCRIPT_VALUE = re.compile(
    r"""["']\s*:\s*\[?\s*(?:\{[^{}\[\]]{0,160}?["'](?:name|fullName|displayName)["']\s*:\s*)?["']([^"'\\{}\[\]]{3,80})["']"""
)
_MAKERS = frozenset({"author", "creator"})
_HCARD = frozenset({"vcard", "fn", "author", "byline"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_OUTLET = 4.2
_SIGNED = re.compile(r"[(（]([^()（）]{4,140})[)）]\W*$|【([^【】]{2,40})】\W*$")
_NOTE = re.compile(r"[.!?](?<!\bProf.)(?<!\bDr.)(?<!\bMag.)(?<!\b[A-Z].)\s+\S+\s+\S+\s")


def candidates(view: View) -> Iterator[Candidate[Names]]:
    outlet = _outlet(view)
    found = [(one, frozenset(map(folded, one.value))) for one in _all(view) if one.value]
    for one, names in found:
        if names <= outlet:
            if one.rank >= 5 and one.origin.startswith("json-ld"):
                # the outlet signs itself: less than any byline, more than a guess
                yield Candidate(one.value, f"{one.origin} (the outlet)", round(_OUTLET + one.rank / 100, 2))
            continue
        people = tuple(name for name in one.value if folded(name) not in outlet)
        rank = one.rank + _credit(people, names - outlet, one, found)
        yield Candidate(people, one.origin, round(rank, 2))


def _credit(
    people: Names, mine: frozenset[str], one: Candidate[Names], found: list[tuple[Candidate[Names], frozenset[str]]]
) -> float:
    """What speaks for names beside their place: another place that gives them; against them: looks of a login."""
    looks = [is_name(name, sure=False) for name in people]
    if one.rank < 7.5 and all(looks) and any(other.rank >= 7.5 and names < mine for other, names in found):
        return 3.5  # the data name one of the authors, the page all of them
    kinds = {other.origin.partition(" ")[0] for other, names in found if not mine.isdisjoint(names)}
    rank = min(len(kinds) - 1, 2) * 0.8
    if not any(looks):
        rank -= 1.0
    if all(name.islower() or any(map(str.isdigit, name)) for name in people):
        rank -= 2.0
    return rank


def _all(view: View) -> Iterator[Candidate[Names]]:
    yield from _json_ld(view)
    yield from _metas(view)
    yield from _marked(view)
    yield from _displayed(view)
    if view.body and view.body.held:
        yield from _scripted(view)
    if view.link and view.link.authors:
        yield Candidate(_names(view.link.authors), "feed", 5.2)


# -- data ---------------------------------------------------------------------------------------------------------


def _json_ld(view: View) -> Iterator[Candidate[Names]]:
    for item in view.described[:3]:
        yield from _of_object(view, item, "json-ld", 8)
    if not view.described:
        for item in view.structured.pages[:2]:
            yield from _of_object(view, item, "json-ld page", 6.5)


def _of_object(view: View, item: JsonObject, origin: str, rank: float) -> Iterator[Candidate[Names]]:
    for key, less in (("author", 0.0), ("creator", 1.0)):
        value = item.get(key)
        entries = [view.structured.resolve(entry) for entry in (value if isinstance(value, list) else [value]) if entry]
        names = _names(name for entry in entries for name in texts(entry))
        if names:
            organisations = all(_is_organisation(entry) for entry in entries)
            yield Candidate(names, f"{origin} {key}", rank - less - (2.5 if organisations else 0))


def _scripted(view: View) -> Iterator[Candidate[Names]]:
    """What scripts carry beside a text that they alone show; the first is the article's own, as a rule."""
    markup = view.document.markup
    source = markup if isinstance(markup, bytes) else markup.encode("utf-8", "replace")
    for key in _SCRIPT_KEYS:
        at = source.find(f'"{key}"'.encode())
        rest = source[at : at + 400].decode("utf-8", "replace") if at > 0 else ""
        found = _SCRIPT_VALUE.match(rest, len(key) + 1)
        if found and (names := names_in(found[1], sure=False)):
            yield Candidate(names, f"script data {key}", 3.2)
            return


def _is_organisation(entry: Any) -> bool:
    return isinstance(entry, Mapping) and any("Organization" in name for name in types_of(entry))


def _metas(view: View) -> Iterator[Candidate[Names]]:
    meta, rank = view.structured.meta, 6.2
    for folded_name, name in _METAS.items():
        values = view.structured.folded.get(folded_name)
        if values and (names := _names(value for value in values[:20] if not _is_address(value))):
            yield Candidate(names, f"meta {name}", rank)
            rank -= 0.1
    for number in "12":
        label, data = meta.get(f"twitter:label{number}"), meta.get(f"twitter:data{number}")
        if label and data and _WRITTEN_BY.search(label[0]) and (names := names_in(data[0])):
            yield Candidate(names, f"twitter:data{number}", 6.4)


def _is_address(value: str) -> bool:
    return value.startswith(("http", "/", "@")) or "://" in value or ("@" in value and " " not in value)


# -- elements -----------------------------------------------------------------------------------------------------


def _marked(view: View) -> Iterator[Candidate[Names]]:
    """`rel=author` and microdata: those nearest to the headline, and their neighbours."""
    nodes = [node for node in view.structured.marked if node.tag == "h1" or _says_person(node)]
    heads = [i for i, node in enumerate(nodes) if node.tag == "h1"]
    if len(heads) == len(nodes):
        return
    headline = view.headline.casefold()
    here = next(
        (i for i in heads if " ".join(nodes[i].text().split()).casefold() == headline), heads[0] if heads else 0
    )
    near = sorted(
        (i for i in range(len(nodes)) if nodes[i].tag != "h1"),
        key=lambda i: i - here if i >= here else (here - i) * 2,
    )
    for i in near[:8]:
        if _elsewhere(nodes[i]):
            continue
        cluster = _ancestor(nodes[i], 3)
        around = [
            node for node in nodes if node.tag != "h1" and _ancestor(node, 3) == cluster and not _elsewhere(node)
        ][:12]
        named = [node for node in around if node.attributes.get("itemprop") or node.attributes.get("rel")]
        origin = "class author" if not named else "rel author" if named[0].attributes.get("rel") else "itemprop author"
        outer = {mem_id for node in around for mem_id in _ancestors(node, 4)}
        names = _names(_marked_text(node) for node in named or around if node.mem_id not in outer or named)
        if names and (named or len(names) <= _FEW):
            yield Candidate(names, origin, 6.9 if named else 6.3)
            return


def _ancestors(node: Node, steps: int) -> Iterator[int]:
    parent = node.parent
    for _ in range(steps):
        if parent is None:
            return
        yield parent.mem_id
        parent = parent.parent


def _says_person(node: Node) -> bool:
    attributes = node.attributes
    rel, itemprop, names = attributes.get("rel"), attributes.get("itemprop"), attributes.get("class")
    return bool(
        (rel and not _MAKERS.isdisjoint(rel.split()))
        or (itemprop and not _MAKERS.isdisjoint(itemprop.split()))
        or (names and not _HCARD.isdisjoint(names.split()))
    )


def _marked_text(node: Node) -> str:
    """The name within a marked element: its own `itemprop=name`, else its text."""
    if node.attributes.get("itemprop") and (inner := node.css_first('[itemprop~="name"]')):
        return inner.attributes.get("content") or inner.text()
    text = node.text()
    return text if len(text) < _LONGEST else ""


def _ancestor(node: Node, steps: int) -> int:
    parent = node
    for _ in range(steps):
        if parent.parent is None or parent.tag in ("body", "article", "main"):
            break
        parent = parent.parent
    return parent.mem_id


def _elsewhere(node: Node) -> bool:
    """Whether a marked element stands among comments or other articles, or in the page's head or foot."""
    parent: Node | None = node
    inside = False
    for _ in range(12):
        if parent is None or parent.tag in ("main", "body", "html"):
            return False
        attributes = parent.attributes
        hint = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
        if parent.tag in ("nav", "footer") and not inside:
            return True
        if _hint_says_others(hint) or (not inside and standing(parent.tag or "", hint) is Standing.FOREIGN):
            return True
        inside = inside or parent.tag == "article"
        parent = parent.parent
    return False


# -- text ---------------------------------------------------------------------------------------------------------


def _displayed(view: View) -> Iterator[Candidate[Names]]:
    """The line under the headline, a box that calls itself the author's, a signature below the text."""
    blocks = view.layout.blocks
    body = view.body.blocks if view.body else ()
    first, last = (body[0].index, body[-1].index) if body else (len(blocks), len(blocks))
    head = view.headline_at
    found: list[tuple[float, Candidate[Names]]] = []
    start = max(0, min(head, first) - _BEFORE)
    around = [
        *blocks[start : min(first + _INTO + 1, start + _MOST)],
        *blocks[max(last, first + _INTO + 1) : last + _AFTER],
    ]
    for block in around:
        if block.index == head or len(block.text) > _LONGEST:
            continue
        place = 0.0 if min(head, first) <= block.index <= first + _INTO else 0.8 if block.index < first else _BELOW
        one = _byline(block, place)
        if one is None or (not head < block.index < first and _of_others(block)):
            continue
        found.append((place, one))
        if block in body and (introduced(block.text) or _says_author(block)):
            view.remains[block.index] = ""
    yield from _joined(found)
    if body:
        yield from _signature(view, body[-1])
        if last + 1 < len(blocks) and view.body and last + 1 < view.body.box.end:
            yield from _signature(view, blocks[last + 1])


def _signature(view: View, block: Block) -> Iterator[Candidate[Names]]:
    """A name as the last line of the text, or in the brackets that end it."""
    if len(block.text) < 40 and not block.links and block.tag not in _HEADINGS and block.text[-1] not in ".!?:…":
        names = names_in(block.text, sure=False)
        if names and folded("".join(names)) == folded(block.text):
            view.remains[block.index] = ""
            yield Candidate(names, "last line", 4.5)
    elif (found := _SIGNED.search(block.text)) and (names := names_in(found[1] or found[2], sure=False)):
        yield Candidate(names, "brackets at the end", 4.5)


def _of_others(block: Block) -> bool:
    """Whether a block stands among comments or other articles."""
    box: Box | None = block.box
    for _ in range(8):
        if box is None or box.tag in ("main", "body"):
            return False
        if box.tag == "nav" or (box.hint and _hint_says_others(box.hint)):
            return True
        box = box.parent
    return False


@lru_cache(maxsize=4096)
def _hint_says_others(hint: str) -> bool:
    return _OTHERS.search(hint) is not None


def _joined(found: list[tuple[float, Candidate[Names]]]) -> Iterator[Candidate[Names]]:
    """Bylines of one place are one: each name in an element of its own."""
    for place, rank in dict.fromkeys((place, one.rank) for place, one in found):
        same = [one for where, one in found if (where, one.rank) == (place, rank)]
        names = tuple(unique(name for one in same[:8] for name in one.value))
        if place < _BELOW or len(names) <= _FEW:
            yield Candidate(names, same[0].origin, rank)


def _byline(block: Block, place: float) -> Candidate[Names] | None:
    text = block.text
    linked = [node.text() for node in block.links if _is_authors_page(node)] if block.links else ()
    if not linked and " " not in text and text.isascii():
        return None  # "Share", "Politics"
    says = _says_author(block)
    if len(text) > _UNNAMED and not says and not block.links:
        return None
    if _NOTE.search(text):
        return None  # sentences: a biography, a paragraph
    by = introduced(text)
    if linked and (names := _names(linked, sure=len(linked) == 1 and place == 0.0)) and len(text) < 120:
        certain = by or says or sum(map(len, names)) * 2 > len(text)
        return Candidate(names, "byline link", (6.6 if certain else 5.6) - place)
    if by and says and (names := names_in(text)):
        return Candidate(names, "byline", 6.6 - place)
    if (
        "@" in text
        and len(text) < _UNNAMED
        and (found := _ADDRESSED.match(text))
        and (names := names_in(found[1], sure=False))
    ):
        return Candidate(names, "name with an address", 6.3 - place)
    if says and (names := names_in(text, sure=False)):
        return Candidate(names, "byline", 6.0 - place)
    if len(text) >= _UNNAMED:
        return None
    if by and (names := names_in(text, sure=False)):
        return Candidate(names, f"text “{text[:40]}”", 5.4 - place)
    if not by and place == 0.0 and (rest := after_introduction(text)) and (names := names_in(rest, sure=False)):
        return Candidate(names, "by within a line", 5.2)
    return None


def _is_authors_page(link: Node) -> bool:
    href = link.attrs.get("href")
    return href is not None and _AUTHOR_PATH.search(href.lower()) is not None


def _says_author(block: Block) -> bool:
    """Whether what holds a block is named as an author's, and nothing there as what stands beside a name."""
    box = block.box
    hints = [block.hint, box.hint, box.parent.hint if box.parent else ""]
    return any(map(_hint_says_author, hints)) and not any(map(_SAYS_NO_NAME, hints))


@lru_cache(maxsize=4096)
def _hint_says_author(hint: str) -> bool:
    return _SAYS_AUTHOR(hint)


# -- names --------------------------------------------------------------------------------------------------------


def _names(values: Iterable[str], *, sure: bool = True) -> Names:
    return tuple(unique(name for value in values for name in names_in(value, sure=sure)))


def _outlet(view: View) -> set[str]:
    """What the outlet is called, folded."""
    meta = view.structured
    names = [
        meta.first(
            "og:site_name", "application-name", "apple-mobile-web-app-title", "publisher", "dc.publisher", "copyright"
        )
        or ""
    ]
    for item in view.described[:2]:
        names += texts(view.structured.resolve(item.get("publisher")))
    site = site_of(view.url)
    names += [site, site.partition(".")[0]]
    return {folded(name) for name in names if name}
