"""Texts that are shaped like what strangers send, with accidents: rubbish alone is turned away at the door.

A text is made by the grammar of its kind, or taken from the pages and feeds in tests/fixtures; then a few places of it are
cut, doubled, swapped or overwritten. Half of them stay as they are.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

FIXTURES = Path(__file__).parents[1] / "fixtures"


def words(pieces: str, separator: str | None = None) -> st.SearchStrategy[str]:
    """One of these pieces."""
    return st.sampled_from(pieces.split(separator))


def joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map("".join)


def some(part: st.SearchStrategy[str], most: int, between: str = "") -> st.SearchStrategy[str]:
    return st.lists(part, max_size=most).map(between.join)


def text_of(pieces: str, separator: str | None = None) -> st.SearchStrategy[str]:
    """Text made of these pieces, of any characters, and of long repetitions of both."""
    piece = words(pieces, separator)
    odd = st.text(max_size=8)
    repeated = st.builds(lambda one, times: one * times, piece | odd, st.sampled_from([2, 3, 50, 1000]))
    return some(st.one_of(piece, piece, piece, odd, repeated), 25)


@st.composite
def mangled(draw: st.DrawFn, texts: st.SearchStrategy[str], pieces: str) -> str:
    """One of the texts, as it is or with up to four accidents; `pieces` are what may be put in."""
    text = draw(texts)
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 1, 2, 4]))):
        at = draw(st.integers(0, len(text)))
        size = draw(st.sampled_from([0, 1, 5, 40, 400]))
        cut = text[at : at + size]
        what = draw(st.sampled_from(["cut", "double", "repeat", "put in", "put in", "odd", "stop"]))
        if what == "stop":
            return text[:at]
        instead = {
            "cut": "",
            "double": cut * 2,
            "repeat": cut * 100,
            "put in": draw(words(pieces)) + cut,
            "odd": draw(st.text(max_size=4)),
        }[what]
        text = text[:at] + instead + text[at + size :]
    return text


# ------------------------------------------------------------ addresses

_URL_PIECES = (
    r"http https : :// // / \ @ ? # & = % %2e %2F .. . example.org xn-- xn--a [::1] [ ] 127.1 0x7f 65536 :80 :443 :99999 utm_source=x "
    r"a b é 漢 ß ı . 。 \u200b ; , + ~ * www. m. amp index.html ?id= &amp; ' \" < > | ` { } javascript: data: file: ;jsessionid=1 (S(x)) #!/ /amp/ "
    r"%E9 %F0%9F %25 ../ ./ &amp%3B http%3A%2F%2F"
)
_HOSTS = words(
    "example.org www.example.co.uk m.example.org en.m.example.org amp.example.com amp-x.example.fr EXAMPLE.org. bücher.example "
    "xn--bcher-kva.example 漢字.jp 127.0.0.1 [::1] localhost cnn.com www.voanews.com svoboda.org t.co google.com www.google.de "
    "news.google.com l.facebook.com out.reddit.com www.google.com cdn.ampproject.org example-org.cdn.ampproject.org "
    "web.archive.org webcache.googleusercontent.com translate.google.com blog.blogspot.com ndtv.com timesofindia.indiatimes.com"
)
_SEGMENTS = words(
    "news amp AMP mobile print platform google a-story-of-three-words story-12345 story.amp.html story~amp.html story_amp.html x-1234-amp "
    "index.php default.aspx 2026 11 23 articleView.html amp_articleshow 1.cms beitrag.htm alt=amp.html s 5-95-123456 komplettansicht "
    "story.print.html %7Euser %c3%a9 a%2db ;jsessionid=1F (S(abc)) . .. caf%e9 한 url l.php c http: https: v s example.org 1 tag author"
)
_PARAMETERS = words(
    "utm_source=x fbclid=1 id=7 idxno=12345 page=2 p=1 amp=1 outputType=amp output=amp m=1 print=1 view=print "
    "url=https%3A%2F%2Fexample.org%2Fa q=http://example.org/b u=https://e.org/?x=1 q=x sid=A1 ref=home ref= =1 & a&b=%26 amp;utm_medium=x "
    "amp%3Butm_campaign=y PHPSESSID=0123456789abcdef0123456789abcdef mode=amp share=1 b=%E2%82%AC b=%ff b=+ cid=7"
)
ADDRESSES = mangled(
    joined(
        words("https:// http:// // HTTPS:// https:\\\\ http:/"),
        st.sampled_from(["", "", "", "user@", "me:secret@"]),
        _HOSTS,
        st.sampled_from(["", "", "", ":443", ":80", ":8080", ":0", ":99999", ":"]),
        st.sampled_from(["/", "/", "//", ""]),
        some(_SEGMENTS, 6, "/"),
        st.sampled_from(["", "", "?"]),
        some(_PARAMETERS, 5, "&"),
        st.sampled_from(["", "", "#top", "#!/a/b", "#/story/1", "#"]),
    ),
    _URL_PIECES,
)
LINKS = st.one_of(
    ADDRESSES,
    joined(words("/ ../ ./ ? # // \\"), some(_SEGMENTS, 4, "/"), st.sampled_from(["", "?"]), some(_PARAMETERS, 3, "&")),
    text_of(_URL_PIECES),
)
"""Addresses, and what stands in a link."""

# ------------------------------------------------------------ dates

_DATE_PIECES = (
    "Mon, Monday 23 Nov November 2026 26 0000 9999 02 30 31 T t : - / . , + +99:99 Z GMT EST UTC 年 月 日 오후 午後 PM am 11:22 24:61:61 "
    "平成 ago vor hours Stunden ١٢ März янв de of den UTC+9 -00:00 1e9 1700000000"
)
_DATE_FORMS = st.sampled_from(
    (
        "{day}, {d} {month} {y} {time} {zone}",
        "{y}-{m}-{d}T{time}{zone}",
        "{y}-{m}-{d} {time}",
        "{y}{m}{d}T{time}{zone}",
        "{d}. {month} {y}, {time} Uhr",
        "{month} {d}, {y} at {time} {half} {zone}",
        "{y}年{m}月{d}日 {time}",
        "{y}년 {m}월 {d}일 {half} {time}",
        "令和{d}年{m}月{d}日",
        "{d} de {month} de {y} {time}h",
        "{d}/{m}/{y} {time}",
        "{d}.{m}.{y}, {time}",
        "Published {month} {d}, {y} Updated {time} {zone}",
        "{m} hours ago",
        "vor {d} Minuten",
        "{d} {month} {y} г., {time}",
        "{n}",
        "{day} {month} {d} {time} {zone} {y}",
    )
)
_DATE_FIELDS = st.fixed_dictionaries(
    {
        "day": words("Mon Monday Montag lun. понедельник 月曜日 الاثنين"),
        "d": words("1 01 23 31 30 29 0 32 ١٢"),
        "m": words("1 01 11 2 02 12 13 0 00"),
        "month": words(
            "Nov November nov. März février янв января mayo Mai dez. aralık נובמבר नवंबर نوفمبر Sept. Febuary"
        ),
        "y": words("2026 2025 26 1999 2024 1900 9999 0000 1 20266 ١٤٤٧"),
        "time": words("11:22 11:22:33 11:22:33.123456 23:59:60 24:00 1.15 11h22 00:00 11:22: 25:61 오전11:22"),
        "zone": words("Z +0900 +09:00 GMT EST EDT KST MSK UTC+2 -00:00 +99:99 CET (CET) Asia/Seoul +24:00 X"),
        "half": words("AM pm p.m. 오후 오전 午後 上午"),
        "n": words("1700000000 1700000000000 1e9 -1 0 99999999999999999999 20261123"),
    }
)
DATES = st.one_of(
    mangled(st.builds(lambda form, fields: form.format_map(fields), _DATE_FORMS, _DATE_FIELDS), _DATE_PIECES),
    text_of(_DATE_PIECES),
)

# ------------------------------------------------------------ sources

_MARKUP_PIECES = (
    "<rss> </rss> <channel> </channel> <item> </item> <entry> </entry> <rdf:RDF> <link>https://e.org/1</link> <link/> <title> </title> <guid> </guid> "
    "<![CDATA[ ]]> <!-- --> <? ?> <!DOCTYPE [ <!ENTITY ]> &amp; &x; &#0; &#x110000; & < > ' \" </description> <p> <author> <pubDate> 2026 "
    "<urlset> </url> <loc> <html> <a href=/5> xml:base=' xmlns=' {\"items\":[ , ] } \\u0000 \\ud800 \0 \x1b </script> <script>"
)
_TEXTS = st.sampled_from(
    ("A headline of several words", "Rice &amp; prices", "&lt;b&gt;bold&lt;/b&gt;", "<![CDATA[<p>A text.</p>]]>", "", " ", "한국어 제목입니다",
     "&#1234;&nbsp;&bogus;", "https://example.org/guid/1", "urn:uuid:1", "jane@example.org (Jane Doe)", "By Jane Doe and Bob Roe", "A " * 300,
     "&amp;amp;lt;script&amp;gt;", "\u202etxt")
)  # fmt: skip
_HREFS = st.sampled_from(
    (
        "https://example.org/a",
        "/b?utm_source=x",
        "c/d",
        "//e.org/1",
        "javascript:x",
        "",
        "https://example.org/feed",
        "http://[",
        "#",
    )
)
_SOME_DATES = DATES.map(lambda text: text.replace("<", "").replace("&", ""))


def element(name: str, content: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return content.map(lambda inner: f"<{name}>{inner}</{name.partition(' ')[0]}>")


_RSS_FIELDS = st.one_of(
    *(
        element(name, _TEXTS)
        for name in (
            "title",
            "description",
            "content:encoded",
            "author",
            "dc:creator",
            "category",
            "guid",
            "dc:subject",
        )
    ),
    *(element(name, _HREFS) for name in ("link", "guid isPermaLink='true'", "feedburner:origLink")),
    *(element(name, _SOME_DATES) for name in ("pubDate", "dc:date", "atom:updated")),
    _HREFS.map(
        lambda url: (
            f"<enclosure url='{url}' type='image/jpeg'/><media:content medium='image' url='{url}'><media:title>x</media:title></media:content>"
        )
    ),
    _HREFS.map(lambda url: f"<media:thumbnail url='{url}'/><atom:link rel='alternate' href='{url}'/>"),
)
_RSS = st.builds(
    lambda head, items: "<?xml version='1.0'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:content='http://purl.org/rss/1.0/modules/content/' "
    f"xmlns:media='http://search.yahoo.com/mrss/' xmlns:atom='http://www.w3.org/2005/Atom'><channel>{head}{''.join(f'<item>{one}</item>' for one in items)}</channel></rss>",
    some(words("<title>T</title>|<link>https://example.org/</link>|<ttl>60</ttl>|<ttl>x</ttl>|<skipHours><hour>3</hour></skipHours>|<language>de-DE</language>|"
               "<sy:updatePeriod>hourly</sy:updatePeriod>|<skipDays><day>Monday</day></skipDays>|<lastBuildDate>x</lastBuildDate>", "|"), 4),
    st.lists(some(_RSS_FIELDS, 6), max_size=4),
)  # fmt: skip
_ATOM_FIELDS = st.one_of(
    *(
        element(name, _TEXTS)
        for name in (
            "title",
            "title type='html'",
            "summary",
            "content type='html'",
            "content type='xhtml'",
            "id",
            "category",
        )
    ),
    *(element(name, _SOME_DATES) for name in ("published", "updated")),
    element("author", element("name", _TEXTS)),
    _HREFS.map(lambda url: f"<link href='{url}'/>"),
    _HREFS.map(
        lambda url: (
            f"<link rel='enclosure' type='image/png' href='{url}'/><category term='x'/><source><id>s</id></source>"
        )
    ),
)
_ATOM = st.builds(
    lambda base, entries: (
        f"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom' xml:lang='fr' xml:base='{base}'><title>T</title>"
        + "".join(f"<entry>{one}</entry>" for one in entries)
        + "</feed>"
    ),
    _HREFS,
    st.lists(some(_ATOM_FIELDS, 6), max_size=4),
)
_VALUES: st.SearchStrategy[Any] = st.one_of(
    _TEXTS,
    _HREFS,
    _SOME_DATES,
    st.sampled_from(
        (None, True, 7, 1e300, [], {}, [None], {"name": "Jane Doe"}, [{"name": "Jane", "url": "x"}, "Bob", 3])
    ),
)
_JSON_FEED = st.builds(
    lambda head, items: json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": items} | head
    ),
    st.dictionaries(words("title language home_page_url items authors feed_url version"), _VALUES, max_size=2),
    st.lists(
        st.dictionaries(
            words(
                "id url external_url title content_html content_text summary image banner_image date_published date_modified authors author tags language attachments"
            ),
            _VALUES,
            max_size=9,
        ),
        max_size=4,
    ),
)
_SITEMAP = st.builds(
    lambda kind, entries: f"<?xml version='1.0'?><{kind} xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{''.join(entries)}</{kind}>",
    words("urlset sitemapindex"),
    st.lists(
        st.builds(
            lambda tag, inner: f"<{tag}>{inner}</{tag}>",
            words("url sitemap"),
            some(
                st.one_of(
                    element("loc", _HREFS), element("lastmod", _SOME_DATES), element("news:title", _TEXTS), element("news:publication_date", _SOME_DATES),
                    element("news:keywords", _TEXTS), element("news:language", _TEXTS), element("image:loc", _HREFS), element("priority", _TEXTS),
                ),
                6,
            ),
        ),
        max_size=4,
    ),
)  # fmt: skip
_CARDS = st.sampled_from(
    ("<article class=teaser><h2><a href='/2026/11/23/a-story-of-many-words-{n}'>A headline of many words, {n}</a></h2><time datetime='2026-11-{n}T11:00:00'>x</time></article>",
     "<li><a href='/news/articleView.html?idxno=1234{n}'>한국어 제목이 여기에 있습니다 {n}</a></li>", "<nav><a href='/tag/x{n}'>Tag</a><a href='/author/j'>Jane</a></nav>",
     "<div class='card'><a href='https://example.org/politics/12345{n}.html' title='A story about prices of rice'><img alt=x src=y></a></div>",
     "<tr><td>{n}</td><td><a href='view.php?no={n}00'>Rice prices rise again this week</a></td><td>2026.11.23</td></tr>", "<footer><a href=/imprint>Imprint</a></footer>",
     "<p><a href='#c{n}'>Comments</a> <a href='mailto:x@e.org'>Write</a> <a>none</a></p>", "<base href='/x/'><link rel=alternate type='application/rss+xml' href='/f{n}'>")
)  # fmt: skip
_LISTING = st.lists(_CARDS, max_size=12).map(
    lambda cards: (
        "<html lang=ko><title>News</title><body><main>"
        + "".join(card.replace("{n}", str(n)) for n, card in enumerate(cards))
        + "</main></body></html>"
    )
)


@cache
def _corpus(folder: str) -> tuple[str, ...]:
    files = sorted(
        one
        for one in (FIXTURES / folder).iterdir()
        if one.suffix in (".html", ".xml", ".json") and ".expected" not in one.name
    )
    return tuple(one.read_bytes().decode("utf-8", "replace") for one in files)


SOURCES = st.one_of(
    *(mangled(one, _MARKUP_PIECES) for one in (_RSS, _ATOM, _JSON_FEED, _SITEMAP, _LISTING)),
    mangled(st.sampled_from(_corpus("feeds")), _MARKUP_PIECES),
    text_of(_MARKUP_PIECES),
)

# ------------------------------------------------------------ pages

_PAGE_PIECES = (
    "<p> </p> <div> </div> <table> <td> <a href=/x> </a> <b> <i> <script> </script> <style> <template> <svg> <math> <select> <option> <!-- --> "
    "<figure> </figure> <figcaption> <img src=x alt=y> <h1> <h2> <time datetime=2026-01-01> <meta property=og:title content=x> <ul> <li> <br> &lt; &#0; "
    '<noscript> <iframe> <body> <html> <head> <title> text words. "@type":"NewsArticle" <blockquote> <ruby> <rt> < > \' " = / \0 '
    "<script type=application/ld+json> { } [ ] <article> <main> <aside> <footer> <span class=byline> <plaintext> <frameset> class=caption class=credit "
    "hidden itemprop=author rel=author \x1b[31m \u202e \u200b data-cfemail=0a0a"
)
_METAS = st.builds(
    lambda name, value: f"<meta property='{name}' name='{name}' content=\"{value}\">",
    words("og:title og:description og:site_name og:image og:url og:locale article:published_time article:modified_time article:author article:section article:tag "
          "author byl dc.date dcterms.created parsely-section sailthru.description twitter:title twitter:image keywords news_keywords description robots "
          "article:content_tier og:image:alt date pubdate citation_author publisher application-name"),
    st.one_of(_TEXTS, _HREFS, _SOME_DATES).map(lambda text: text.replace('"', "")),
)  # fmt: skip
_JSON_VALUES: st.SearchStrategy[Any] = st.recursive(
    _VALUES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(words("@type @id name url @value caption creditText"), inner, max_size=3)
    ),
    max_leaves=4,
)
_JSON_LD = st.builds(
    lambda kind, item, graph: f"<script type='application/ld+json'>{json.dumps({'@graph': [{'@type': kind} | item, {'@type': 'WebSite', 'name': 'Port Post'}]} if graph else {'@type': kind} | item)}</script>",
    st.sampled_from(("NewsArticle", "Article", ["NewsArticle", "LiveBlogPosting"], "VideoObject", "BreadcrumbList", "ItemList", "Review", "ImageObject", None, "Person")),
    st.dictionaries(
        words("headline name description author creator editor contributor datePublished dateModified dateCreated image thumbnailUrl publisher articleSection keywords "
              "articleBody mainEntityOfPage url isAccessibleForFree hasPart inLanguage itemListElement @id caption creditText copyrightHolder"),
        _JSON_VALUES,
        max_size=10,
    ),
    st.booleans(),
)  # fmt: skip
_BLOCKS = st.sampled_from(
    (
        "<p>The harbour office said on Monday that the ferries would run again, and that the pier had been mended. </p>"
        * 3,
        "<figure><img src='/a.jpg' srcset='/a-1.jpg 100w, /a-2.jpg 2x' alt='A pier' width=800><figcaption>The pier on Monday. Photo: Bob Roe/AP</figcaption></figure>",
        "<div class='image'><img data-src='/b.jpg' src='data:image/gif;base64,x' title='Boats'><p class='caption'>Boats. <span class='credit'>(c) Jane</span></p></div>",
        "<picture><source srcset='/c.webp 1x'><img src='/c.jpg'></picture><small>Foto: dpa</small>",
        "<figure><noscript><img src='/d.jpg'></noscript><figcaption>사진=연합뉴스 부두</figcaption></figure>",
        "<table><tr><td><img src='/e.jpg' alt='x'></td></tr><tr><td>▲ 부두의 모습 ⓒ Port Post</td></tr></table>",
        "<div class=gallery><figure><img src=/f1.jpg><figcaption>One.</figcaption></figure><figure><img src=/f2.jpg><figcaption>Two. REUTERS</figcaption></figure></div>",
        "<p class=byline>By <a rel=author href=/jane>Jane Doe</a> and Bob Roe, Port Post</p><time datetime='2026-11-23T11:00:00'>23 November 2026</time>",
        "<div itemprop=author itemscope><span itemprop=name>Jane Doe</span></div><span class='date'>Updated 11:22, 23 Nov 2026</span>",
        "<p>Questions or comments about this article? Write to <a href='mailto:desk@example.org'>desk@example.org</a> or call +49 30 123456.</p>",
        "<p>Contact: jane (at) example [dot] org, <a class='__cf_email__' data-cfemail='543a352e7a'>[email protected]</a>, Signal @desk.01</p>",
        "<p>Kontakt: <a href=\"javascript:linkTo_UnCryptMailto('ocknvq,lcpgBgzcorng0qti');\">jane</a></p>",
        "<p>홍길동 기자 hong@example.co.kr</p><p>무단 전재 및 재배포 금지</p>",
        "<p>Reporting by Jane Doe; editing by Bob Roe</p><p>Correction: an earlier version gave a wrong date. corrections@example.org</p>",
        "<ul><li>A list item of some words</li><li>Another</li></ul><blockquote><p>A quotation.</p></blockquote><h2>A subheading</h2>",
        "<div class='related'><h3>Read more</h3><ul><li><a href=/x>Another story of many words</a></li><li><a href=/y>One more</a></li></ul></div>",
        "<div class='paywall'>Subscribe to read on</div><aside>Newsletter</aside><div id=comments><p>First! I say so, and so does everybody here.</p></div>",
        "Words that stand alone<br><br>and others after a break that go on for a while, as old pages have them.<br>",
        '<script>window.__DATA__ = {"article": {"body": "<p>Text in a script that goes on for a while, and then some more of it.</p><p>And a second one.</p>"}};</script>',
        '<script id=__NEXT_DATA__ type=application/json>{"props":{"paragraphs":["A paragraph of words that is long enough to be prose.","Another paragraph of words, as long as the first."]}}</script>',
    )
)
_PAGE = st.builds(
    lambda head, blocks: f"<!DOCTYPE html><html lang=en><head><title>Ferries run again - Port Post</title>{''.join(head)}</head><body><header><h1>Ferries run again</h1></header>"
    f"<article>{''.join(blocks)}</article></body></html>",
    st.lists(_METAS | _JSON_LD, max_size=6),
    st.lists(_BLOCKS, max_size=8),
)  # fmt: skip
PAGES = st.one_of(
    mangled(_PAGE, _PAGE_PIECES), mangled(_PAGE, _PAGE_PIECES), mangled(st.sampled_from(_corpus("pages")), _PAGE_PIECES)
)
FRAGMENTS = text_of(_PAGE_PIECES)

# ------------------------------------------------------------ lines at pictures and at the end

CAPTIONS = text_of(
    "Photo: |Foto: |사진=|写真：|(|)|[|]|©| AP| / |/| | |Getty Images|via|courtesy of | by |Jane Doe|A pier.|.|,|;|=|@|REUTERS|·|–|-|'|\"|“|”|…|Bild: |"
    "Credit: |(Photo by |: |::|▲|◇|제공|撮影|d.r.|St. |U.S. |The pier on Monday. |연합뉴스|dpa|Archiv|File photo|Illustration|Image |2026|11.23|Left: |(L) ",
    "|",
)
CONTACTS = text_of(
    "Questions|comments| or |about this article?| Write to | Contact | us at |desk@e.org|desk [at] e [dot] org|d e s k @ e . o r g|@|.|+49 30 123456|"
    "(030) 1-2-3|https://e.org/c|@handle|문의|제보|기자|をお寄せください|Corrections:|, |; |: | · | — |(|)|[|]|\u200b|By |Jane Doe|"
    "Reporting by | editing by |a@b.c |-|1 |x@y.z@|020 7946 0177|0|4|12 34 56 78 |jane at example dot org|＠|Signal: |WhatsApp |카카오톡 ID|Send tips to |. ",
    "|",
)

# ------------------------------------------------------------ configuration

_GOOD_OR_NOT = st.sampled_from(
    ("20s", "15m", "1e400s", "99999999999w", "-1s", "0", "10MB", "9e99GB", "lots", "", None, True, 7, "articles", "none", "https://e.org/f", "http://[", "ftp://x/", "a",
     "Asia/Seoul", "Mars/Olympus", "article h2 a", "a[", "10.0.0.0/8", "::/0", "10.0.0.1/8", "sqlite:///x.db", "postgresql://u:p@h/d", "mysql://x", "x" * 300, "a\nb", "é")
)  # fmt: skip


def _section(keys: str, *good: object) -> st.SearchStrategy[Any]:
    """The keys of one section, with values that may be right; now and then something else in its place."""
    values = st.one_of(st.sampled_from(good), _GOOD_OR_NOT, st.lists(_GOOD_OR_NOT, max_size=2))
    usual = st.dictionaries(words(keys), values, max_size=4)
    return st.one_of(usual, usual, usual, st.dictionaries(words("typo timeout name"), values, max_size=2), _GOOD_OR_NOT)


_RULES = _section("headline body caption credit contact drop", "h1", ".story p", [".promo", "aside"], "a[")
_SOURCE = st.builds(
    lambda good, more, rules: good | more | ({} if rules is None else {"rules": rules}),
    st.sampled_from(({}, {"name": "a", "feed": "https://e.org/1"}, {"name": "b", "page": "https://e.org/2", "links": "h2 a"}, {"name": "c", "sitemap": "https://e.org/3"})),
    st.dictionaries(words("name feed page sitemap links interval min_interval max_interval timezone keep_pages typo"), _GOOD_OR_NOT, max_size=2),
    st.none() | _RULES,
)  # fmt: skip
_SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "database": _GOOD_OR_NOT,
        "identity": _section("name contact", "ingest", "https://e.org/bot", "bot@e.org"),
        "fetch": _section("timeout max_bytes allow_addresses", "20s", "10MB", ["10.0.0.0/8", "::1/128"]),
        "politeness": _section(
            "delay robots robots_reason hold", "2s", "none", "articles", "they asked us to", "domain"
        ),
        "schedule": _section("min_interval max_interval visits", "15m", "24h", 64),
        "sources": st.lists(_SOURCE, max_size=4) | _GOOD_OR_NOT,
        "databse": _GOOD_OR_NOT,
    },
)
_CONFIG_PIECES = "database: identity: fetch: {timeout: [ ] { } , &a *a !!python/object:os.system !!binary ' \" # % --- ... ? ! @ ` <<: ~ 1e400s : - | > =: .inf 0o17 \\ \0 \ufeff"
CONFIGS = st.one_of(
    mangled(
        _SETTINGS.map(lambda settings: yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)), _CONFIG_PIECES
    ),
    text_of("\n|\n  |\n- |" + _CONFIG_PIECES.replace(" ", "|"), "|"),
)
