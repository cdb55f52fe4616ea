"""Authors are names, whoever tells them and whatever stands around them."""

from __future__ import annotations

import pytest

from ingest.extract.people import introduced, names_in
from ingest.model import Link
from tests.extract.pages import TEXT, found, page

STORY = {"@type": "NewsArticle", "headline": "Rice prices rise"}
SITE = '<meta property="og:site_name" content="The Example">'


def authors(html: str, **options):
    return found(html, **options).article.authors


def origin(html: str, **options):
    return found(html, **options).article.origins.get("authors")


# -- names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Jane Doe", ["Jane Doe"]),
        ("ByJane Doe", ["Jane Doe"]),
        ("by Edith Lane · Published 16 November 2026", ["Edith Lane"]),
        ("Text und Fotos: Yvonne Ernst", ["Yvonne Ernst"]),
        ("By Jane Doe, Harbour Post", ["Jane Doe"]),
        ("BY JANE DOE and JOHN ROE, Staff Writers", ["JANE DOE", "JOHN ROE"]),
        ("Jane Doe, Senior Correspondent, in Seoul", ["Jane Doe"]),
        ("Glen Owen And Brendan Carlin For The Sunday Example", ["Glen Owen", "Brendan Carlin"]),
        ("Posted by Jane Doe | jane@example.org | @janedoe", ["Jane Doe"]),
        ("Jane Doe Updated 3 May 2024", ["Jane Doe"]),
        ("Perry Bacon Jr.", ["Perry Bacon Jr."]),
        ("Yo-Yo Ma", ["Yo-Yo Ma"]),
        ("Jane Doe, MA", ["Jane Doe"]),
        ("Michael L. Anderson, PhD", ["Michael L. Anderson"]),
        ("By Associated Press", ["Associated Press"]),
        ("Words: Jane Doe, Photos: John Roe", ["Jane Doe"]),
        ("Von Anna Muster und Jörg Beispiel, dpa", ["Anna Muster", "Jörg Beispiel", "dpa"]),
        ("Ein Kommentar von Anna Muster", ["Anna Muster"]),
        ("Wissenschaftsredakteurin Anna Muster", ["Anna Muster"]),
        ("Alle Artikel von Anna Muster", ["Anna Muster"]),
        ("Dr. Max Kolter", ["Dr. Max Kolter"]),
        ("Par Jean Dupont, envoyé spécial à Kiev", ["Jean Dupont"]),
        ("Por María Pérez y Juan López", ["María Pérez", "Juan López"]),
        ("José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("Di Marco Rossi", ["Marco Rossi"]),
        ("Door Jan de Vries en Piet Bakker", ["Jan de Vries", "Piet Bakker"]),
        ("Trine Juncher Jørgensen og Tôrtia Hansen", ["Trine Juncher Jørgensen", "Tôrtia Hansen"]),
        ("Автор: Андрей Иванов", ["Андрей Иванов"]),
        ("홍길동 기자 hong@example.kr", ["홍길동"]),
        ("(서울=연합뉴스) 홍길동 기자 김철수 특파원", ["홍길동", "김철수"]),
        ("글 홍길동", ["홍길동"]),
        ("【ソウル＝大渡 美咲】", []),
        ("大渡 美咲", ["大渡 美咲"]),
        ("記者 李明", ["李明"]),
        ("（责编：牛镛、岳弘彬）", ["牛镛", "岳弘彬"]),
        ("Kim &amp; Lee", ["Kim", "Lee"]),
        ("By Edith Lane March 18 at 3:57 PM", ["Edith Lane"]),
        ("By Edith Lane Tuesday, Aug. 17, 2026 | Reprints", ["Edith Lane"]),
        ("Edith Lane, John Roe, Apr 19, 2026", ["Edith Lane", "John Roe"]),
        ("Von Anna Muster, 12. März 2026", ["Anna Muster"]),
        ("By April Jones and June Diaz", ["April Jones", "June Diaz"]),
        ("Jane Doe Senior Harbour Correspondent", ["Jane Doe"]),
        ("By: Jane Doe HPN Executive News Editor", ["Jane Doe"]),
        ("Jane Doe III", ["Jane Doe III"]),
        ("By JANE DOE and JOHN ROE, AP Technology Writers", ["JANE DOE", "JOHN ROE"]),
        ("By World's Editorial Writers", []),
        ("Par JEAN DUPONT et ANNE MARTIN Envoyés spéciaux à Brest", ["JEAN DUPONT", "ANNE MARTIN"]),
        ("Posted by Jane Doe | 76Comments", ["Jane Doe"]),
        ("文／李明", ["李明"]),
        ("作者：李明 来源：港口日报 发布时间：2026-11-16", ["李明"]),
        ("港口日报 | 关注", ["港口日报"]),
    ],
)  # fmt: skip
def test_a_byline_is_names_alone(byline, names):
    assert list(names_in(byline)) == names


@pytest.mark.parametrize(
    "text", ["", "Staff", "Staff Writer", "admin", "Die Redaktion", "Redacción", "편집국", "https://example.org/jane", "@janedoe", "jane@example.org",
             "Photos: John Roe", "By", "von", "3 May 2024", "null", "…", "x" * 500, "Donnerstag", "Terms of Use",
             "Harbour Media GmbH", "Harbour Sp. z o.o.", "发布时间：2026-11-16", "记者通过电子邮件联系了港务局，截至发稿时，尚未收到回应。"]
)  # fmt: skip
def test_what_names_nobody_is_left_out(text):
    assert names_in(text) == ()


@pytest.mark.parametrize(
    "text", ["the latest news", "Read More", "World", "more from us", "und so weiter", "3 comments"]
)
def test_what_is_not_known_to_be_a_byline_must_look_like_a_persons_name(text):
    assert names_in(text, sure=False) in ((), ("Read More",))


@pytest.mark.parametrize("text", ["文章导航", "文字サイズ"])
def test_a_word_that_begins_like_an_introduction_introduces_nobody(text):
    assert not introduced(text)


def test_each_name_comes_once_whatever_its_case():
    assert names_in("Jane Doe, JANE DOE & jane doe") == ("Jane Doe",)


# -- places -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "named"),
    [
        (page(ld=STORY | {"author": {"@type": "Person", "name": "By Jane Doe"}}), "json-ld author"),
        (page(ld=STORY | {"author": ["Jane Doe"]}), "json-ld author"),
        (page(ld=STORY | {"creator": [{"name": "Jane Doe"}]}), "json-ld creator"),
        (page(ld={"@type": "WebPage", "author": {"name": "Jane Doe"}}), "json-ld page author"),
        (page(head='<meta name="author" content="Jane Doe">'), "meta author"),
        (page(head='<meta name="parsely-author" content="Jane Doe">'), "meta parsely-author"),
        (page(head='<meta property="article:author" content="https://example.org/jane"><meta name="DC.Creator" content="Jane Doe">'), "meta dc.creator"),
        (page(head='<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Jane Doe">'), "twitter:data1"),
        (page(top='<p><a rel="author" href="/staff/jane">Jane Doe</a></p>'), "rel author"),
        (page(top='<p itemprop="author" itemscope><b>Text</b> <span itemprop="name">Jane Doe</span></p>'), "itemprop author"),
        (page(top='<p>Posted <span class="author vcard"><a class="url fn" href="/x">Jane Doe</a></span> in World</p>'), "class author"),
        (page(top='<div class="article__byline-name">Jane Doe</div>'), "byline"),
        (page(top='<p>Written from <a href="/author/jane-doe">Jane Doe</a> for World</p>'), "byline link"),
        (page(below="<p>Jane Doe <a href='mailto:jane@example.org'>jane@example.org</a></p>"), "name with an address"),
        (page(top="<p>By Jane Doe</p>"), "text “By Jane Doe”"),
        (page(top="<p>3 May 2024 | 10:15 | By Jane Doe</p>"), "by within a line"),
        (page(text=TEXT + "<p><strong>Jane Doe</strong></p>"), "last line"),
        (page(text=TEXT + "<p>That is what they say, and nobody in the city doubts it any more. (Jane Doe, 3.5.2024)</p>"), "brackets at the end"),
    ],
)  # fmt: skip
def test_the_author_is_found_wherever_the_page_tells_it(html, named):
    assert (authors(html), origin(html)) == (("Jane Doe",), named)


def test_references_of_a_graph_are_followed():
    graph = {"@graph": [STORY | {"author": {"@id": "#p"}}, {"@type": "Person", "@id": "#p", "name": "Jane Doe"}]}
    assert authors(page(ld=graph)) == ("Jane Doe",)


def test_the_feed_tells_what_the_page_does_not():
    assert authors(page(), link=Link(url="https://news.example.org/rice", authors=("Jane Doe",))) == ("Jane Doe",)


def test_a_list_of_other_articles_authors_is_none_of_this_one():
    others = "".join(
        f'<li><a href="/{n}">Boats are late</a> <span class="author">{name}</span></li>'
        for n, name in enumerate(("Ann Ash", "Ben Birch", "Cy Cedar", "Di Dogwood", "Ed Elm"))
    )
    assert authors(page(below=f"<ul>{others}</ul>")) == ()


def test_a_sentence_that_begins_with_the_reporter_stays_in_the_body():
    said = "记者通过电子邮件联系了港务局，截至发稿时，尚未收到回应。"
    article = found(page(text=TEXT + f"<p>{said}</p>")).article
    assert said in article.body
    assert article.authors == ()


# -- whom to believe ----------------------------------------------------------------------------------------------


def test_the_outlet_is_the_author_only_where_nobody_else_is_named():
    outlet = STORY | {"author": {"@type": "Organization", "name": "The Example"}}
    assert authors(page(head=SITE, ld=outlet)) == ("The Example",)
    assert authors(page(head=SITE, ld=outlet, top="<p class=byline>Jane Doe</p>")) == ("Jane Doe",)
    assert authors(page(head=SITE + '<meta name="author" content="The Example">')) == ()


def test_the_outlet_beside_a_person_is_left_out():
    assert authors(page(head=SITE, ld=STORY | {"author": [{"name": "Jane Doe"}, {"name": "the example"}]})) == (
        "Jane Doe",
    )


def test_an_agency_that_signs_is_an_author():
    assert authors(page(ld=STORY | {"author": {"@type": "Organization", "name": "Reuters"}})) == ("Reuters",)


def test_a_byline_that_names_more_than_the_data_is_believed():
    html = page(ld=STORY | {"author": {"name": "Jane Doe"}}, top='<p class="byline">By Jane Doe and John Roe</p>')
    assert authors(html) == ("Jane Doe", "John Roe")


def test_a_login_yields_to_a_name():
    html = page(head='<meta name="author" content="jdoe42">', top="<p>By Jane Doe</p>")
    assert authors(html) == ("Jane Doe",)


def test_people_of_other_articles_comments_and_captions_are_no_authors():
    html = page(
        below="""<aside class="related"><h3>More</h3><p class="byline">By Other Writer</p></aside>
        <section class="comments"><div class="comment"><span class="author">Ann Reader</span> says: yes</div></section>""",
    )
    assert authors(html) == ()


def test_a_byline_in_the_text_is_taken_out_of_it():
    article = found(page(text="<p>By Jane Doe</p>" + TEXT + "<p>Jane Doe</p>")).article
    assert article.authors == ("Jane Doe",)
    assert "Jane Doe" not in article.body
