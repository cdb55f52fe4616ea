"""The language is the text's: what the page claims counts as far as its text bears it out."""

from __future__ import annotations

import pytest

from ingest.extract.candidates import ranked
from ingest.extract.language import candidates
from ingest.extract.view import View
from ingest.html import parse

TEXTS = {
    "en": "The price of rice in the markets of the north has risen by a third since the border was closed, traders who are in the city said.",
    "de": "Der Preis für Reis auf den Märkten im Norden ist um ein Drittel gestiegen, seit die Grenze geschlossen ist, sagen die Händler in der Stadt.",
    "fr": "Le prix du riz sur les marchés du nord a augmenté d'un tiers depuis que la frontière est fermée, disent les commerçants de la ville qui sont dans la région.",
    "es": "El precio del arroz en los mercados del norte ha subido un tercio desde que se cerró la frontera, según los comerciantes de la ciudad que no quieren dar su nombre.",
    "pl": "Cena ryżu na targach na północy wzrosła o jedną trzecią, odkąd granica jest zamknięta, jak mówią handlarze w mieście, którzy nie chcą podać nazwisk, że to się zmieni.",
    "ru": "Цены на рис на рынках севера выросли на треть с тех пор, как закрыта граница, говорят торговцы в городе, но это не всё, что они рассказали.",
    "uk": "Ціни на рис на ринках півночі зросли на третину, відколи закрито кордон, кажуть торговці в місті, але це не все, що вони розповіли для газети.",
    "ko": "북한 북부 시장의 쌀값이 국경 봉쇄 이후 삼분의 일이나 올랐다고 도시의 상인들이 전했다. 소식통은 주민들의 생활이 어려워지고 있다고 말했다.",
    "ja": "国境が閉鎖されて以来、北部の市場では米の価格が三割ほど上がったと商人たちは話している。住民の暮らしは厳しくなっているという。",
    "zh": "自边境关闭以来，北方市场的大米价格上涨了三分之一，城里的商人说。消息人士称居民的生活越来越困难。",
    "hi": "सीमा बंद होने के बाद से उत्तर के बाजारों में चावल की कीमत एक तिहाई बढ़ गई है, शहर के व्यापारियों ने कहा कि यह और भी बढ़ सकती है।",
    "ar": "ارتفع سعر الأرز في أسواق الشمال بمقدار الثلث منذ إغلاق الحدود، كما قال التجار في المدينة الذين لا يريدون ذكر أسمائهم عن هذا.",
    "he": "מחיר האורז בשווקים של הצפון עלה בשליש מאז שנסגר הגבול, אמרו סוחרים בעיר שלא רצו לומר את שמם.",
    "th": "ราคาข้าวในตลาดทางเหนือเพิ่มขึ้นหนึ่งในสามตั้งแต่ปิดพรมแดน พ่อค้าในเมืองกล่าว และชีวิตของชาวบ้านลำบากขึ้น",
    "vi": "Giá gạo ở các chợ phía bắc đã tăng một phần ba từ khi biên giới đóng cửa, theo những người buôn bán trong thành phố và người dân không muốn nêu tên.",
}


def language(text: str, *, lang: str = "", head: str = "") -> tuple[str | None, str | None]:
    html = f'<html lang="{lang}"><head>{head}</head><body><article><h1>1</h1>{f"<p>{text}</p>" * 4}</article></body></html>'
    found = ranked(candidates(View(url="https://example.org/a", document=parse(html))))
    return (found[0].value, found[0].origin) if found else (None, None)


@pytest.mark.parametrize("code", TEXTS)
def test_a_text_tells_its_language_without_help(code):
    assert language(TEXTS[code]) == (code, "text")


@pytest.mark.parametrize("code", TEXTS)
def test_a_templates_wrong_lang_is_overruled_by_the_text(code):
    wrong = "fi" if code == "en" else "en-US"
    assert language(TEXTS[code], lang=wrong)[0] == code


@pytest.mark.parametrize(("tag", "code"), [("de-AT", "de"), ("DE", "de"), ("de_CH", "de")])
def test_the_primary_language_is_kept_of_a_right_lang(tag, code):
    assert language(TEXTS["de"], lang=tag) == (code, "html lang")


def test_og_locale_json_ld_and_content_language_are_asked_in_turn():
    assert language(TEXTS["fr"], head='<meta property="og:locale" content="fr_FR">') == ("fr", "og:locale")
    assert language(TEXTS["fr"], head='<meta http-equiv="Content-Language" content="fr">') == ("fr", "content-language")
    script = '<script type="application/ld+json">{"@type":"NewsArticle","inLanguage":"fr-FR"}</script>'
    assert language(TEXTS["fr"], head=script) == ("fr", "json-ld inLanguage")


def test_between_neighbours_the_page_decides():
    text = "Prisen på ris er steget med en tredjedel, og det er ikke til at sige, hvor det ender, da de ikke har mere af den i byen efter krigen."
    assert language(text, lang="da")[0] == "da"
    assert language(text, lang="nb-NO")[0] == "nb"


@pytest.mark.parametrize("tag", ["{{lang}}", "x-default", "und", "", "%LANG%"])
def test_what_is_no_language_tag_is_ignored(tag):
    assert language(TEXTS["en"], lang=tag) == ("en", "text")


def test_a_text_that_tells_nothing_leaves_it_to_the_page():
    text = "Brontë Zürich 2024 Kraków Łódź Ülo " * 4
    assert language(text, lang="et") == ("et", "html lang")
