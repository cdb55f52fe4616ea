"""Where a page names the day of its publication or of its last change: sightings, each with what it is worth.

Data first (JSON-LD, `<meta>`), then marked elements (`<time>`, microdata), then what is displayed, then what scripts
carry, then the page's address. `dates.py` judges between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from urllib.parse import urlsplit

from ingest.extract.alternation import one_of
from ingest.extract.layout import Block
from ingest.extract.moments import Manner, Moment, find_moments, month_of, read_moment
from ingest.extract.names import Standing, standing
from ingest.extract.structured import name_table, texts
from ingest.extract.view import View
from ingest.html import Node

# `<meta>` names, by how sure they mean the article's publication. Drawn from the documentation of OpenGraph, Dublin
# Core, schema.org, Parse.ly, Sailthru, Cxense, Google Scholar and from lists of other extractors
# (https://github.com/adbar/htmldate, https://github.com/codelucas/newspaper).
_PUBLISHED = name_table("""
    article:published_time article:published article:publish_date article:publicationdate og:published_time
    og:article:published_time og:article:published article:post_date datepublished parsely-pub-date
    cxenseparse:recs:publishtime cxenseparse:publishtime cxenseparse:articlepublished sailthru.date
    dcterms.issued dc.date.issued dc.issued dcterms.available dc.date.published dc.date.publish
    pubdate pub_date publishdate publish-date publish_date publishtime publish_time publish-time publicationdate
    publication-date publication_date date_published date-published date.published article_date_original
    originalpublicationdate original-publish-date firstpublished first-publish-date first_published_time
    article.published article.publishdate article-published article-publish-date article_publish_date
    iso-8601-publish-date mediator_published_time prism.publicationdate citation_publication_date citation_online_date
    vr:published_time rnews:datepublished shareaholic:article_published_time bt:pubdate rbpubdate displaydate
    analyticsattributes.articledate eventdate releasedate release_date utime hdl_pubdate xpub-date weibo:article:create_at
    cre og:pubdate og:publish_date og:release_date twt-published-at last_published_date
""")
_CREATED = name_table("""
    datecreated article:created_time article.created article_created dcterms.created dc.date.created dc.created
    date_created date-created created creation_date creationdate createdate create_date citation_date
    dc.date.submitted article_date article:date doc_date docdate sort_date
""")
# Names that say no more than that it is a date: of the last change as often as of the first.
_UNSAID = name_table("date dc.date dcterms.date timestamp")
_MODIFIED = name_table("""
    article:modified_time article:modified og:modified_time og:article:modified_time article:updated_time og:updated_time
    datemodified dateupdated dcterms.modified dc.date.modified dc.modified lastmod last-modified last_modified lastmodified
    modified modified_time date_modified date-modified date_updated updated_time update_time cxenseparse:modifiedtime
    cxenseparse:recs:modifiedtime article.updated article.modified prism.modificationdate revised rnews:datemodified
    dc.date.updated moddate last-update last_updated_date iso-8601-modified-date utime_modified
""")

# Names in class, id and itemprop.
_SAYS_PUBLISHED = re.compile(
    one_of(r"publi[sc]|pub-?date|posted|created|entry-date|post-date|dt-published|veroeffentlicht|issued")
)
_SAYS_MODIFIED = re.compile(one_of(r"modifi|update|aktualisier|changed|last-?edit|revis|dt-updated"))
_SAYS_DATE = re.compile(
    one_of(r"date|datum|fecha|data(?![-_])|time|zeit|hora|publi|posted|stamp|meta|byline|dato|tarih|info|entry|detail")
)
_NAMED_DATE = re.compile(
    r"(?<![a-z])(?:date|datum|fecha|pub-?date|published|date-?time|timestamp|entry-date|post-date)(?![a-z])"
)
_SAYS_ELSEWHERE = re.compile(
    one_of(
        r"relat|teaser|comment|kommentar|sidebar|(?<!elementor-)widget(?! blog)|recommend|latest|popular|most-|trending|ticker|breaking|(?<!post-)(?<!entry-)(?<!article-)footer|"
        r"copyright|weather|wetter|clock|calendar|kalender|archive|more-|read-next|promo|newsletter|event|slider|carousel|"
        r"bottom-bar|recent|cookie|consent|legal|topbar|top-bar|today|currentdate|current-date|kicker-date"
    )
)
_LISTS = re.compile(
    r"(?<![a-z-])(?:comments?|comment-?list|kommentare?|comentarios|commentaires|related|teasers?)(?![a-z])"
)
# Words that stand before a date, in the languages of news, lower case.
_PUBLISHED_WORDS = re.compile(
    one_of(
        r"publi[sc]|veröffentlicht|erstellt|erschienen|posted|posté|mis en ligne|paru|opublikowan|dodan|utworzon|data publ|"
        r"publicerad|udgivet|publisert|julkaist|gepubliceerd|geplaatst|pubblicat|yayın|eklenme|oluşturma|опубликован|"
        r"опубліковано|publikováno|vydáno|megjelen|közzétéve|δημοσιε|نشر|تاريخ|פורסם|प्रकाशित|প্রকাশ|เผยแพร่|đăng|diterbitkan|"
        r"입력|등록|승인|게재|기사입력|発行|公開|掲載|配信|投稿|发布|發布|发表|發表|时间|時間|日期|erstmals|created|written|vom|am"
    )
)
_MODIFIED_WORDS = re.compile(
    one_of(
        r"updat|modif|aktualis|geändert|bearbeitet|stand:?\s*$|letzte änderung|mis à jour|màj|maj\b|actuali[sz]|atualiz|aggiornat|"
        r"uppdater|opdater|oppdater|päivitet|gewijzigd|bijgewerkt|zmienion|zaktualiz|edytowan|güncel|обновл|оновл|изменен|"
        r"frissít|módosít|ενημέρωσ|تحديث|עודכן|अपडेट|แก้ไข|cập nhật|diperbarui|수정|최종|更新|最終更新|修改|edited|corrected|changed"
    )
)
_NOT_PUBLISHED_WORDS = re.compile(
    one_of(
        r"©|copyright|\(c\)|geboren|born|died|retrieved|abgerufen|accessed|zuletzt besucht|heute|today is|all rights|registr|"
        r"mitglied seit|member since|joined|beiträge|commented|antworten|reply|schrieb|says|sagt|kommentar|deadline|frist|termin"
    )
)

# The wayback machine's addresses hold the page's own; their time stamp is the copy's.
_ARCHIVED = re.compile(r"^https?://web\.archive\.org/web/\d{4,14}[a-z_]*/(?:https?://)?", re.IGNORECASE)
_URL_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_.-]?(0[1-9]|1[0-2])[/_.-]?([0-2]\d|3[01])(?!\d)")
_URL_LOOSE = re.compile(r"(?<!\d)((?:19|20)\d\d)/(\d{1,2}|[a-z]{3,9})/(\d{1,2})(?=/)", re.IGNORECASE)
_URL_DAY_FIRST = re.compile(r"(?<!\d)([0-2]\d|3[01])[_.-](0[1-9]|1[0-2])[_.-](20[0-3]\d)(?!\d)")
_URL_DIGITS = re.compile(r"(?<!\d)(20[0-3]\d)(0[1-9]|1[0-2])([0-2]\d|3[01])\d{2,}")
# The same values in the state that scripts carry: {"publishedAt":"2024-…"}, also within a string within a string. Looked
# for one by one: finding plain text takes a hundredth of the time of one pattern for all of them.
_SCRIPT_KEYS = """
    datePublished publishedAt published_at publishDate publish_date publishedDate published_date publicationDate
    publishedTime published_time firstPublished pubDate createdAt deployDt regDate regDt inputDate
""".split()
_SCRIPT_VALUE = re.compile(r"""\\*["']\s*:\s*\\*["']?(\d[\dT:.+Z /-]{7,34})""")
_MAYBE = re.compile(r"[\d年월月](?:(?<=\D)|\d{3}|\s?[./|-]\s?\d)")  # begins with a set: `re` skips to its characters

_STARTS_WITH_DATE = re.compile(r"\W{0,2}\d{1,4}[./-]")
_AFTER_DATELINE = frozenset('-–—:|,;„“"«»/')
_DATING = frozenset({"h1", "time", "abbr"})
_SLASHED = re.compile(r"\d{1,2}\s?[/-]\s?\d{1,2}\s?[/-]")

_MOST = 2000
"""Blocks that are looked through for a date where there is none near the article."""
_LONGEST = 250
"""Characters of a block that may be a date line; dates in longer ones are told by the text."""
_DATE_LINE = 80
"""Characters of a line within the text that may be a date line."""
_OLDEST_SEEN = 1995
"""Dates before it, in visible text, are what an article tells of; https://htmldate.readthedocs.io takes the same."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A moment that the page, its address or its feed names."""

    moment: Moment
    origin: str
    rank: float
    """How sure it means this article; above 6 by name, 3 to 6 by place, below by guess."""
    says_modified: bool = False
    """Whether the words before it say that it is the last change: "Stand:", "Updated"."""


class Sightings:
    """The sightings of one page, place by place; whoever asks decides how far to look."""

    def __init__(self, view: View) -> None:
        self.view = view
        root = view.document.tree.root
        self.lang = (root.attributes.get("lang") or "").strip() if root is not None else ""
        if self.lang.lower()[:2] != view.language[:2]:
            self.lang = view.language  # a template's default that the text belies names no country either
        self.url = own_address(view.url)
        self.host = _host(self.url)
        self.manner = _manner(view.language, self.lang, self.host)

    def told_published(self) -> Iterator[Sighting]:
        """What JSON-LD, metas and the feed say."""
        for item in self.view.described:
            yield from self.read(texts(item.get("datePublished")), "json-ld datePublished", 8)
            yield from self.read(texts(item.get("dateCreated")), "json-ld dateCreated", 6.2)
        for item in self.view.structured.pages[:3]:
            yield from self.read(texts(item.get("datePublished"))[:1], "json-ld datePublished of the page", 6.4)
            yield from self.read(texts(item.get("uploadDate"))[:1], "json-ld uploadDate", 5)
        yield from self.metas(_PUBLISHED, 7.5)
        yield from self.metas(_CREATED, 5.4)
        yield from self.metas(_UNSAID, 3.7)
        if self.view.link and self.view.link.published_at:
            yield Sighting(Moment(self.view.link.published_at, timed=True), "feed", 5.5)

    def told_modified(self) -> Iterator[Sighting]:
        for item in self.view.described:
            yield from self.read(texts(item.get("dateModified")), "json-ld dateModified", 8)
        yield from self.metas(_MODIFIED, 7)
        for item in self.view.structured.pages[:3]:
            yield from self.read(texts(item.get("dateModified"))[:1], "json-ld dateModified of the page", 6)
        if self.view.link and self.view.link.modified_at:
            yield Sighting(Moment(self.view.link.modified_at, timed=True), "feed", 5.5)

    def metas(self, names: dict[str, str], rank: float) -> Iterator[Sighting]:
        metas = self.view.structured.folded
        if metas.keys().isdisjoint(names.keys()):
            return
        for folded, name in names.items():
            if values := metas.get(folded):
                yield from self.read(values[:2], f"meta {name}", rank)
                rank -= 0.01  # of equal ones the table's first

    def read(self, values: Iterable[str], origin: str, rank: float) -> Iterator[Sighting]:
        for value in values:
            if moment := read_moment(value, self.manner):
                yield Sighting(moment, origin, rank)

    def marked(self, *, modified: bool) -> list[Sighting]:
        """What `<time>` and microdata say, those nearest to the headline first."""
        nodes = [node for node in self.view.structured.marked if node.tag in _DATING or _names_date(node)]
        headline = self.view.headline.casefold()
        heads = [i for i, node in enumerate(nodes) if node.tag == "h1"]
        here = next((i for i in heads if node_text(nodes[i]).casefold() == headline), heads[0] if heads else 0)
        order = sorted(range(len(nodes)), key=lambda i: i - here if i >= here else (here - i) * 1.5)
        sightings: list[Sighting] = []
        for i in order[:40]:
            if nodes[i].tag != "h1" and (sighting := self.mark(nodes[i], modified=modified)):
                # The further from the headline the less it means this article; by name it may stand anywhere.
                named = "itemprop" in sighting.origin
                away = (0.1 if named else 0.3) * len(sightings) + (1.2 if i < here and not named else 0)
                sightings.append(Sighting(sighting.moment, sighting.origin, sighting.rank - away))
            if len(sightings) == 6:
                break
        return sightings

    def mark(self, node: Node, *, modified: bool) -> Sighting | None:
        attributes = node.attributes
        prop = (attributes.get("itemprop") or "").lower()
        hint = f"{prop} {attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
        says_published, says_modified = bool(_SAYS_PUBLISHED.search(hint)), bool(_SAYS_MODIFIED.search(hint))
        if modified is not (says_modified and not says_published):
            return None
        if _elsewhere(node):
            return None
        value = (
            attributes.get("datetime")
            or attributes.get("content")
            or (attributes.get("title") if node.tag == "abbr" else "")
        )
        moment = (read_moment(value, self.manner) if value else None) or read_moment(node_text(node), self.manner)
        if moment is None or moment.day.year < _OLDEST_SEEN:
            return None
        if "date" in prop:
            return Sighting(moment, f"itemprop {attributes.get('itemprop')}", 6.8 if says_published or modified else 6)
        return Sighting(
            moment, "time" if node.tag == "time" else node.tag or "", 6 if says_published or modified else 5.5
        )

    def displayed(self, *, modified: bool = False) -> list[Sighting]:
        """What stands near the headline, right below the text, or in a box that calls itself a date.

        With `modified` only what stands near the article, in a line that speaks of a change.
        """
        blocks = self.view.layout.blocks
        body = self.view.body.blocks if self.view.body else ()
        first, last = (body[0].index, body[-1].index) if body else (0, len(blocks))
        head = self.view.headline_at
        start = max(0, min(head, first) - 25)
        around = [*blocks[start : min(first + 5, start + 200)], *blocks[max(last - 1, first + 5) : last + 15]]
        sightings = self.in_blocks(around, min(head, first), first, last, modified=modified)
        if not modified and (not sightings or max(sighting.rank for sighting in sightings) < 2):
            near = {block.index for block in around}
            others = [block for block in blocks[:_MOST] if block.index not in near]
            sightings += self.in_blocks(others, min(head, first), first, last)
        return sorted(sightings, key=lambda sighting: -sighting.rank)[:8]

    def in_blocks(
        self, blocks: list[Block], head: int, first: int, last: int, *, modified: bool = False
    ) -> list[Sighting]:
        sightings: list[Sighting] = []
        for block in blocks:
            if len(block.text) > _LONGEST and not head <= block.index <= first + 2:
                continue
            text = block.text[:_LONGEST]
            if first < block.index <= last and len(text) > _DATE_LINE and not _STARTS_WITH_DATE.match(text):
                # A paragraph: its dates are the story's, but for one that ends it all, "(dpa, 3.5.2024)".
                text = text[-30:] if block.index == last and text.endswith(")") else ""
            if _MAYBE.search(text) and (not modified or _speaks_of_change(text)):
                sightings += self.in_block(block, text, _place(block.index, head, first, last))
        return sightings

    def in_block(self, block: Block, text: str, place: float) -> Iterator[Sighting]:
        hint = block.hint + " " + block.box.hint + " " + (block.box.parent.hint if block.box.parent else "")
        if _SAYS_ELSEWHERE.search(hint) or _is_foreign(block):
            place -= 2.5
        elif _SAYS_DATE.search(hint):
            place += 1.0 if _NAMED_DATE.search(hint) else 0.6
        at = 0
        for found in find_moments(text, self.manner):
            before, at = text[at : found.start][-60:].lower(), found.end
            rank, says_modified = place, _MODIFIED_WORDS.search(before) is not None
            if found.start > 0 and _NOT_PUBLISHED_WORDS.search(text[:60].lower()):
                rank -= 2.5
            if says_modified:
                rank -= 0.8
            elif _PUBLISHED_WORDS.search(before):
                rank += 0.8
            rest = len(text) - (found.end - found.start)
            if found.start > 2 or block.text[found.end : found.end + 4].strip(" .)")[:1] not in _AFTER_DATELINE:
                rank -= min(rest, 200) / 100  # a date line is little but a date; a paragraph may begin with one
            if found.moment.day.year >= _OLDEST_SEEN:
                shown = f"text “{text[found.start : found.end].strip()}”"
                yield Sighting(found.moment, shown, rank, says_modified)
                if turned := self.turned(found.moment, text[found.start : found.end]):
                    yield Sighting(turned, f"{shown} (read the other way)", rank - 0.7)

    def turned(self, moment: Moment, text: str) -> Moment | None:
        """3/5/2024 with day and month exchanged, for other sightings to bear out."""
        if moment.day.day > 12 or moment.day.day == moment.day.month or not _SLASHED.match(text):
            return None
        day, month = moment.when.month, moment.when.day
        return Moment(moment.when.replace(month=month, day=day), timed=moment.timed)

    def scripted(self) -> Iterator[Sighting]:
        """What the page's scripts carry; the first is the page's own, as a rule."""
        markup = self.view.document.markup
        source = markup if isinstance(markup, bytes) else markup.encode("utf-8", "replace")
        for key in _SCRIPT_KEYS:
            at = source.find(key.encode())
            rest = source[at - 1 : at + 99].decode("utf-8", "replace") if at > 0 else ""
            found = _SCRIPT_VALUE.match(rest, 1 + len(key)) if rest[:1] in ("'", '"') else None
            if found and (moment := read_moment(found[1], self.manner)):
                yield Sighting(moment, f"script data {key}", 3.2)
                return

    def of_address(self) -> Iterator[Sighting]:
        """The day that the page's address names, if it names one."""
        for url in (self.url, *self.view.structured.canonical):
            if day := day_of_url(own_address(url)):
                yield Sighting(Moment(datetime.combine(day, time()), timed=False), "address", 3.5)
                return


def _names_date(node: Node) -> bool:
    return "date" in (node.attrs.get("itemprop") or "").lower()


def node_text(node: Node) -> str:
    return " ".join(node.text().split())


@lru_cache(maxsize=64)  # asked for twice a page
def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # "http://[": whoever fetched it has said so
        return ""


def _manner(language: str, lang: str, host: str) -> Manner:
    """How dates are written where the page comes from. The United States and the Philippines put the month first."""
    region = lang.replace("_", "-").partition("-")[2].upper()
    domain = host.rpartition(".")[2]
    language = language or lang.partition("-")[0].lower() or "en"
    at_home = domain in ("us", "ph", "mil", "gov", "edu") or (
        region in ("", "US", "PH") and (len(domain) > 2 or domain in ("io", "co", "tv", "me"))
    )
    return Manner(language=language, month_first=language in ("en", "fil") and at_home)


def own_address(url: str) -> str:
    """The page's own address, where it is that of a copy in the web archive.

    >>> own_address("https://web.archive.org/web/20180102030405/http://example.org/a")
    'http://example.org/a'
    """
    return _ARCHIVED.sub("http://", url)


@lru_cache(maxsize=64)  # asked for thrice a page
def day_of_url(url: str) -> date | None:
    """The day in an address, as publishers write it: /2024/05/03/, /2024/may/3/, 20240503, 2024-05-03.

    >>> day_of_url("https://example.org/n1/2024/0503/c1001-40223222.html"), day_of_url("https://example.org/20240230/")
    (datetime.date(2024, 5, 3), None)
    """
    path = url.partition("://")[2].partition("/")[2].partition("?")[0]
    if "20" not in path and "19" not in path:
        return None
    for pattern in (_URL_DAY, _URL_LOOSE, _URL_DAY_FIRST, _URL_DIGITS):
        for found in pattern.finditer(path):
            year, month, day = reversed(found.groups()) if pattern is _URL_DAY_FIRST else found.groups()
            number = int(month) if month.isdigit() else month_of(month, "en")
            try:
                return date(int(year), number or 0, int(day))
            except ValueError:
                continue  # digits that only look like a date
    return None


def _elsewhere(node: Node) -> bool:
    """Whether a node stands in a box of other articles, comments, the page's head or foot."""
    parent, inside = node.parent, False
    for _ in range(12):
        if parent is None or parent.tag in ("main", "body"):
            return False
        if parent.tag in ("footer", "nav", "aside", "blockquote"):
            return True
        attributes = parent.attributes
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
        # Beyond an <article> are the page's large boxes, whose names tell of everything in them; but a list of comments
        # holds an <article> for each.
        if (_LISTS if inside else _SAYS_ELSEWHERE).search(names):
            return True
        inside = inside or parent.tag == "article"
        parent = parent.parent
    return False


def _speaks_of_change(text: str) -> bool:
    text = text.lower()
    return "stand" in text or _MODIFIED_WORDS.search(text) is not None


def _is_foreign(block: Block) -> bool:
    box = block.box
    for _ in range(8):
        if standing(box.tag, box.hint) is Standing.FOREIGN:
            return True
        if box.parent is None:
            return False
        box = box.parent
    return False


def _place(index: int, head: int, first: int, last: int) -> float:
    """How sure a block's place is a date line's."""
    if head <= index < first:
        return 5.0 - min(index - head, 20) * 0.02
    if index < head:
        return max(4.4 - (head - index) * 0.12, 1.5)
    if first <= index <= first + 4:
        return 3.8 if index > first else 3.4  # a short line between the lead and the text
    if index >= last:
        return max(3.4 - (index - last) * 0.1, 1.0)
    return 1.2
