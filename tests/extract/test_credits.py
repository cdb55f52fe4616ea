"""Credits lines say who did what; they are kept, and are neither body nor contact."""

from time import process_time

import pytest

from ingest.extract import extract_article
from ingest.extract.credits import is_credit_line

URL = "https://paper.example.org/news/2026/pier"
TEXT = [
    "The pier was closed on Monday after a plank gave way under a delivery van, the harbour office said in the evening.",
    "Nobody was hurt, but eleven boats could not be reached until a crane had lifted the van back on to the quay.",
    "The office will count the planks in the spring, and it expects that about a third of them will have to be replaced.",
    "Until then the pier may be used on foot, by not more than forty people at a time, and not at all in a storm.",
]

LINES = [
    "Reporting by Dee Okonjo; additional reporting by Ros Acht; editing by Martin Lowe",
    "Additional reporting from PA",
    "With reports from Reforma and El Economista",
    "With files from The Canadian Press",
    "Edited by: Jane Roe",
    "Jane Roe and Li Wei contributed to this report.",
    "Editor : Heryadi",
    "Mit Material von dpa",
    "mit dpa",
    "Quelle: sid/dpa",
    "Redaktion: Eva Kirch",
    "Aus dem Englischen von Jan Roth",
    "Beitrag von Eva Kirch",
    "Avec AFP",
    "Propos recueillis par Léa Roy",
    "Con información de EFE",
    "Com informações da Reuters",
    "A cura di Ugo Neri",
    "Met medewerking van Jan Smit",
    "Źródło: PAP",
    "Перевод: Анна Иванова",
    "责任编辑：孔德明",
    "来源：半月谈网",
    "번역 김서윤",
    "취재 이도현 · 글 김서윤",
    "تحرير: سلمى حداد",
]

OTHERS = [
    "Editors are people too, and some of them said so.",
    "Reporting that nobody reads is expensive, the editor said.",
    "With the van gone, the pier looked longer.",
    "Sources:",
    "Mit der Redaktion sprach sie nie.",
    "Photo by Kim Roe",
    "Text messages were sent.",
    "글쓰기 대회가 열렸다.",
]


def extract(*, end="", after=""):
    html = (
        "<html><head><meta charset=utf-8><title>The pier is closed</title></head><body><main><article><h1>The pier is closed</h1>"
        f"<div class=story>{''.join(f'<p>{text}</p>' for text in TEXT)}{end}</div></article>{after}</main></body></html>"
    )
    return extract_article(html.encode(), url=URL)


@pytest.mark.parametrize("line", LINES)
def test_a_credits_line_is_kept_and_is_no_body(line):
    article = extract(end=f"<p>{line}</p>")
    assert article.credits == line
    assert article.body == "\n\n".join(TEXT)
    assert article.contacts == ()


def test_brackets_around_a_line_are_cut_and_several_lines_joined():
    article = extract(end="<p>(Reporting by Dee Okonjo; editing by Martin Lowe)</p><p>Translated by Li Wei</p>")
    assert article.credits == "Reporting by Dee Okonjo; editing by Martin Lowe Translated by Li Wei"


@pytest.mark.parametrize("text", OTHERS)
def test_sentences_with_the_same_words_are_no_credits(text):
    assert not is_credit_line(text)


def test_an_article_without_credits_has_none():
    assert extract().credits is None
    assert extract(after="</main><footer><p>Edited by: Somebody Else</p></footer>").credits is None
    assert extract(after="<section class=related><p>Reporting by Somebody Else</p></section>").credits is None


@pytest.mark.parametrize("text", ["Jane " * 30_000, "Reporting by " * 20_000, "(" * 100_000, "글 " * 50_000])
def test_hostile_texts_cost_little(text):
    start = process_time()
    is_credit_line(text)
    is_credit_line(text[:300])
    assert process_time() - start < 1
