"""Blocks that are not about the article are known by their words, and ordinary sentences are not taken for them."""

import pytest

from ingest.extract.wording import Meaning, is_label, meaning

POINTERS = [
    "Read more: Who pays for the bridge",
    "▶ READ ALSO | Who pays",
    "Lesen Sie auch: Wer zahlt",
    "Mehr zum Thema",
    "À lire aussi : qui paie ?",
    "Lea también: Quién paga",
    "Leia também",
    "Leggi anche: chi paga",
    "Lees ook: wie betaalt",
    "Läs också: vem betalar",
    "Les også",
    "Lue myös",
    "Zobacz także",
    "Přečtěte si také",
    "Olvasd el ezt is",
    "İlgili Haberler",
    "Читайте также: кто платит",
    "Читайте також",
    "Διαβάστε επίσης",
    "اقرأ أيضا: من يدفع",
    "بیشتر بخوانید",
    "קראו גם",
    "यह भी पढ़ें",
    "関連記事",
    "관련기사",
    "相关阅读",
    "Xem thêm",
    "Baca juga",
]
SENTENCES = [
    "More is known about the bridge than the town admits.",
    "Related firms were asked as well, and none of them had an answer to the question that the council put to them.",
    "Mehr als hundert Menschen kamen zum Fest.",
    "Les maires ont voté contre.",
    "Comments by the mayor were not well received in the market.",
    "By the end of the day the road was open.",
    "Von der Brücke ist wenig übrig.",
    "Der Kommentar der Bürgermeisterin fiel knapp aus, und er half nicht.",
    "推荐人没有出现在会议上，市长说他并不感到意外。",
    "In 2019 the town had 30,000 people.",
    "Tags darauf war die Brücke gesperrt, und niemand wusste warum.",
]


@pytest.mark.parametrize("text", POINTERS)
def test_pointers_to_other_articles_are_known_in_many_languages(text: str):
    assert meaning(text) is Meaning.POINTER


@pytest.mark.parametrize(
    "text", ["Comments", "12 comments", "Share this article", "Tags:", "Kommentare (3)", "Anzeige", "댓글", "タグ"]
)
def test_heads_of_the_pages_other_parts_are_known(text: str):
    assert meaning(text) is Meaning.PART


@pytest.mark.parametrize(
    "text",
    [
        "© 2024 Town Gazette. All rights reserved.",
        "You get the best of it in our newsletter every day, in your inbox, at six.",
        "Zur Anzeige ist Ihre Einwilligung nötig: externer Inhalt.",
        "この記事は会員限定です。",
        "無断転載を禁じます",
        "（原标题：港口重新开放）",
        "免责声明：本文来自港口客户端自媒体，不代表港口网的观点和立场。",
    ],
)
def test_notices_are_known_wherever_they_stand(text: str):
    assert meaning(text) is Meaning.NOTICE


@pytest.mark.parametrize(
    "text",
    [
        "Photo: Kim Roe",
        "© Kim Roe",
        "Bild: dpa",
        "Stand: 05. Februar 2020",
        "Published 3 May 2021 at 10:00",
        "By Kim Roe",
        "11. September 2023, 15:46 Uhr",
        "2024年4月24日09:31",
        "8 hours ago",
        "Tel.: +49 30 1234",
        "Der Streit geht weiter. 21.04.2024 | 3:18 min",
    ],
)
def test_credits_dates_and_bylines_are_labels(text: str):
    assert is_label(text)


@pytest.mark.parametrize("text", SENTENCES)
def test_ordinary_sentences_are_none_of_these(text: str):
    assert meaning(text) is None
    assert not is_label(text)
