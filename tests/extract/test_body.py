"""The body is the article's paragraphs, subheadings and list items, and nothing else that the page shows."""

import json
import subprocess
import sys

import pytest

from ingest.errors import NotAnArticle
from ingest.extract import extract_article
from ingest.model import Rules
from tests.extract.pages import found

ONE = "The council voted on Tuesday to close the old bridge for the winter, as engineers had asked it to do in May."
TWO = "Drivers will have to take the road along the river, which is eleven kilometres longer and has one lane."
THREE = "Shopkeepers on both banks fear for their trade and want the town to pay for a ferry until the spring comes."
FOUR = "The mayor said that there was no money for one, but that the state had been asked, and would answer soon."
PARAGRAPHS = (ONE, TWO, THREE, FOUR)
TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def page(main: str, *, head: str = "", title: str = "Old bridge closes for the winter") -> str:
    return f"<html><head><title>{title} - Town Gazette</title>{head}</head><body>{main}</body></html>"


def body(main: str, **options: object) -> list[str]:
    return found(page(main), **options).article.body.split("\n\n")


def test_paragraphs_come_in_order_with_subheadings_lists_and_quotes():
    main = (
        f"<article><h1>Old bridge closes for the winter</h1><p>{ONE}</p><h2>The way round</h2><p>{TWO}</p>"
        f"<ul><li>from the north: by the mill</li><li>from the south: by the church</li></ul>"
        f"<blockquote><p>{THREE}</p></blockquote><p>{FOUR}</p></article>"
    )
    assert body(main) == [
        ONE,
        "The way round",
        TWO,
        "from the north: by the mill",
        "from the south: by the church",
        THREE,
        FOUR,
    ]


def test_pages_that_break_lines_instead_of_having_paragraphs():
    text = "<br><br>".join(PARAGRAPHS)
    assert body(
        f"<table><tr><td><a href=/>Home</a></td><td><h1>Bridge</h1><font>{text}</font></td></tr></table>"
    ) == list(PARAGRAPHS)


def test_paragraphs_that_each_have_a_box_of_their_own():
    main = "".join(f'<div class="sc-{n}"><div><p>{paragraph}</p></div></div>' for n, paragraph in enumerate(PARAGRAPHS))
    assert body(f"<main><h1>Bridge</h1><div>{main}</div></main>") == list(PARAGRAPHS)


def test_an_article_in_several_chunks_with_boxes_between():
    main = (
        f'<div class="story"><div class="chunk"><p>{ONE}</p><p>{TWO}</p></div>'
        '<div class="ad-slot"><p>Buy our new lamps now, they are better than any lamp that you have ever had.</p></div>'
        f'<div class="chunk"><p>{THREE}</p></div><div class="chunk"><p>{FOUR}</p></div></div>'
    )
    assert body(main) == list(PARAGRAPHS)


def test_the_lead_paragraph_in_the_head_of_the_article_belongs_to_it():
    lead = "Engineers warn of cracks, and shopkeepers of a winter without customers"
    main = (
        f'<header><h1>Old bridge closes for the winter</h1><p class="standfirst">{lead}</p></header><div>{TEXT}</div>'
    )
    assert body(f"<article>{main}</article>") == [lead, *PARAGRAPHS]


def test_the_kicker_the_headline_and_what_stands_above_them_do_not():
    main = f"<div class=content><p>Town news</p><h1>Old bridge closes for the winter</h1><p>By Kim Roe</p>{TEXT}</div>"
    assert body(main) == list(PARAGRAPHS)


LONGER = "This has words enough to be taken for a part of the story, if it were not for the box that it stands in."


@pytest.mark.parametrize(
    "box",
    [
        f'<aside class="related"><p>{LONGER}</p></aside>',
        f'<div class="c-newsletter-box"><p>{LONGER}</p></div>',
        f'<div class="comments-area"><p>{LONGER}</p></div>',
        f"<figure><img src=a.jpg><figcaption>{LONGER}</figcaption></figure>",
        f'<div class="wp-caption"><img src=a.jpg><p>{LONGER}</p></div>',
        f'<div class="image-block"><img src=a.jpg><div>{LONGER}</div></div>',
        f'<div class="author-bio"><p>{LONGER}</p></div>',
        f'<section class="RelatedPosts"><p>{LONGER}</p></section>',
        f'<div style="display:none"><p>{LONGER}</p></div>',
        f'<div class="cookie-consent"><p>{LONGER}</p></div>',
        f"<footer><p>{LONGER}</p></footer>",
        f'<blockquote class="twitter-tweet"><p>{LONGER}</p></blockquote>',
        '<div><h4>Share this</h4><a href="https://social.example/">Social</a></div>',
        '<p>Lesen Sie auch: <a href="/x">Was die Brücke kostet und wer dafür bezahlt</a></p>',
        '<p><strong>READ MORE: <a href="/x">What the bridge costs and who pays for it</a></strong></p>',
        "<p>Anzeige</p>",
        "<p>Photo: Kim Roe/Gazette</p>",
        "<p>© 2024 Town Gazette. All rights reserved.</p>",
    ],
)
@pytest.mark.parametrize("where", ["between", "after"])
def test_boxes_and_notices_around_and_between_the_paragraphs_are_left_out(box: str, where: str):
    between, after = (box, "") if where == "between" else ("", box)
    main = f"<div class=text><p>{ONE}</p><p>{TWO}</p>{between}<p>{THREE}</p><p>{FOUR}</p>{after}</div>"
    assert body(f"<article><h1>Bridge closes in winter</h1>{main}</article>") == list(PARAGRAPHS)


def test_a_name_that_holds_the_whole_text_means_something_else_here():
    assert body(f'<div class="popup sidebar"><div class="gallery tabs">{TEXT}</div></div>') == list(PARAGRAPHS)


def test_names_of_categories_states_and_screen_sizes_say_nothing():
    names = "post tag-comments category-newsletter has-sidebar md:hidden section--with-ads"
    assert body(f'<main><div class="{names}">{TEXT}</div><div class="x"><p>{LONGER}</p></div></main>')[:4] == list(
        PARAGRAPHS
    )


@pytest.mark.parametrize(
    "head",
    [
        "Related articles",
        "Mehr zum Thema",
        "À lire aussi",
        "Читайте также",
        "関連記事",
        "관련기사",
        "اقرأ أيضا",
        "Tags",
    ],
)
def test_the_article_ends_where_something_else_begins(head: str):
    teasers = f"<div class=x><h3>Another story</h3><span>{LONGER}</span></div>" * 2
    assert body(f"<main><div>{TEXT}<h3>{head}</h3>{teasers}</div></main>") == list(PARAGRAPHS)


def test_a_pointer_in_the_middle_does_not_end_it():
    box = '<h4>Auch interessant</h4><div class=t><a href="/x">Was die Fähre kostet</a><p>Von Kim Roe</p></div>'
    main = f"<p>{ONE}</p><p>{TWO}</p>{box}<p>{THREE}</p><p>{FOUR}</p>"
    assert body(f"<article><h1>Bridge closes</h1>{main}</article>") == list(PARAGRAPHS)


def test_teasers_of_other_articles_are_known_by_their_linked_headlines():
    teaser = f'<div class="q7"><h3><a href="/{{}}">Another headline of the day</a></h3><p>{LONGER}</p></div>'
    main = f"<div>{TEXT}{''.join(teaser.format(n) for n in range(4))}</div>"
    assert body(f"<main><h1>Bridge closes</h1>{main}</main>") == list(PARAGRAPHS)


def test_an_appended_second_article_is_left_out_even_if_it_is_longer():
    second = "".join(
        f"<p>Sentence number {n} of the other story, which goes on for quite a while longer.</p>" for n in range(9)
    )
    main = (
        f"<article><h1>Old bridge closes for the winter</h1>{TEXT}</article>"
        f"<article><h1>Another story</h1>{second}</article>"
    )
    assert body(main) == list(PARAGRAPHS)


def test_comments_are_left_out_even_if_they_are_longer_than_the_article():
    comments = "".join(
        f"<li><p>I have an opinion on this, and it is the one with the number {n}.</p></li>" for n in range(30)
    )
    assert body(f'<article><h1>Bridge</h1>{TEXT}</article><ol class="commentlist">{comments}</ol>') == list(PARAGRAPHS)


def test_text_that_only_a_style_hides_for_readers_who_have_not_paid_is_the_article():
    main = f'<div class="story"><p>{ONE}</p><div class="paywalled" style="display:none"><p>{TWO}</p><p>{THREE}</p><p>{FOUR}</p></div></div>'
    assert body(main) == list(PARAGRAPHS)


def test_what_is_repeated_is_said_once():
    main = f"<article><h1>Bridge</h1><p>{ONE}</p><div class=q><p>{TWO}</p></div><p>{TWO}</p><p>{THREE}</p></article>"
    assert body(main) == [ONE, TWO, THREE]


@pytest.mark.parametrize(
    "sentence",
    [
        "県は十七日、老朽化した橋を冬のあいだ通行止めにすると発表した。迂回路は川沿いの一車線の道路になる。",
        "시의회는 화요일 낡은 다리를 겨울 동안 폐쇄하기로 의결했다. 운전자는 강변길로 돌아가야 한다.",
        "قرر المجلس يوم الثلاثاء إغلاق الجسر القديم طوال فصل الشتاء، كما طلب المهندسون في شهر مايو الماضي.",
        "परिषद ने मंगलवार को पुराने पुल को सर्दियों के लिए बंद करने का फ़ैसला किया। लोगों को लंबा रास्ता लेना होगा।",
        "המועצה החליטה ביום שלישי לסגור את הגשר הישן לכל החורף, כפי שביקשו המהנדסים בחודש מאי.",
    ],
)
def test_every_script_is_read_alike(sentence: str):
    texts = [f"{sentence} {number}。" for number in range(3)]
    menu = "<ul>" + "<li><a href=/x>新闻</a></li>" * 20 + "</ul>"
    assert body(f"{menu}<div><div>{''.join(f'<p>{text}</p>' for text in texts)}</div></div>") == texts


def test_a_sites_own_selector_and_drops_come_first():
    main = f"<div class=a>{TEXT}</div><section id=b><p>Short but wanted text.</p><p class=x>Not this.</p></section>"
    rules = Rules(body="#b", drop=(".x",))
    extraction = found(page(main), rules=rules)
    assert extraction.article.body == "Short but wanted text."
    assert extraction.article.origins["body"] == "rule body: #b"


@pytest.mark.parametrize("selector", [".nowhere", "img", ".links"])
def test_a_selector_that_finds_no_text_leaves_it_to_the_general_rules(selector: str):
    main = f"<article><h1>Bridge</h1>{TEXT}<img src=a.jpg><p class=links><a href=/x>Elsewhere</a></p></article>"
    assert body(main, rules=Rules(body=selector)) == list(PARAGRAPHS)


def test_a_short_article_on_a_page_full_of_teasers_is_an_article():
    head = '<meta property="og:type" content="article">'
    teaser = f'<div class="q"><h3><a href="/x">Another headline of the day</a></h3><p>{LONGER}</p></div>'
    main = f"<main><article><h1>Bridge closes</h1><p>{ONE}</p></article>{teaser * 20}</main>"
    assert found(page(main, head=head)).article.body == ONE


@pytest.mark.parametrize(
    ("main", "title", "reason"),
    [
        ("", "Old bridge", "shows no text"),
        ("<p>Please log in.</p>", "Old bridge", "no body text"),
        ("<ul>" + "<li><a href=/x>A link to something</a></li>" * 50 + "</ul>", "News", "no body text"),
        (
            "<main><p>All the news of our town and its surroundings, every day, from seven in the morning on.</p>"
            + f'<div class=q><h3><a href="/x">Another headline of the day</a></h3><p>{LONGER}</p></div>' * 20
            + "</main>",
            "News from our town",
            "a list",
        ),
        (f"<h1>Page not found</h1><p>{ONE}</p>", "404", "nothing at its address"),
        (f'<div id="onetrust-consent-sdk"><p>{ONE}</p><p>{TWO}</p></div>', "Old bridge", "no body text"),
    ],
    ids=["empty", "login", "links", "teasers", "not found", "consent"],
)
def test_pages_without_an_article_are_refused_with_the_reason(main: str, title: str, reason: str):
    with pytest.raises(NotAnArticle, match=reason):
        found(page(main, title=title))


def test_it_is_the_same_in_every_process():
    main = f"<article><h1>Bridge</h1>{TEXT}<div class=q>{LONGER}</div></article><div class=z>{TEXT}</div>"
    code = "import sys; from ingest.extract import extract_article as e; print(repr(e(sys.stdin.buffer.read(), url='https://x.example/')))"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            input=page(main).encode(),
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert extract_article(page(main).encode(), url="https://x.example/").body.split("\n\n")[:4] == list(PARAGRAPHS)


def described(*paragraphs: str) -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "articleBody": text})}</script>'


SET_APART = (
    f"<article><h1>Old bridge closes for the winter</h1>{TEXT}{TEXT.replace('the', 'that')}"
    f'<div class="related-box"><p>{ONE.replace("council", "school board")}</p></div><p>{FOUR} So he hoped.</p></article>'
)
ASIDE = ONE.replace("council", "school board")


def test_json_ld_bears_out_a_paragraph_that_stands_in_a_box_with_another_name():
    paragraphs = [*PARAGRAPHS, *(one.replace("the", "that") for one in PARAGRAPHS)]
    assert ASIDE not in body(SET_APART)
    assert ASIDE in body(SET_APART + described(*paragraphs, *paragraphs[:2], ASIDE, FOUR))


def test_json_ld_that_describes_less_than_the_page_shows_takes_nothing_away():
    assert body(SET_APART + described(ONE)) == body(SET_APART)
