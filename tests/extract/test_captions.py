"""Caption and credit are told apart by every way in which outlets join them."""

from time import process_time

import pytest

from ingest.extract.caption_text import clean_caption, clean_credit, is_labelled, names_source
from ingest.extract.captions import split_caption

JOINED = [
    # a sign
    ("The pier at dawn. © Ana Diaz/Press Agency/dpa", "The pier at dawn.", "Ana Diaz/Press Agency/dpa"),
    ("De haven bij nacht. — © BELGA", "De haven bij nacht.", "BELGA"),
    ("Der Hafen. © imago/Kim Roe | IMAGO/Kim Roe", "Der Hafen.", "imago/Kim Roe | IMAGO/Kim Roe"),
    ("港の様子（Ｃ）ＡＦＰ", "港の様子", "ＡＦＰ"),
    ("The pier - Copyright AFP All rights reserved", "The pier", "AFP"),
    # a last bracket
    ("Trade with the north. (Mario Ruiz/Cuartoscuro)", "Trade with the north.", "Mario Ruiz/Cuartoscuro"),
    ("Une hausse (+1,3 %) au printemps. (Léa Roy/SIPA)", "Une hausse (+1,3 %) au printemps.", "Léa Roy/SIPA"),
    ("Tłum na rynku (fot. sxc.hu)", "Tłum na rynku", "sxc.hu"),
    ("Lines at the pier. Ana Diaz—Press Images", "Lines at the pier.", "Ana Diaz—Press Images"),
    ("Roe, at the harbour lab | photo by Ana Diaz", "Roe, at the harbour lab", "Ana Diaz"),
    ("港口的早晨。港务局供图 海报网发", "港口的早晨。", "港务局供图 海报网发"),
    ("House plants (stock image) ( Image: Getty Images)", "House plants (stock image)", "Getty Images"),
    ("The opening of the hall (Picture: Getty)", "The opening of the hall", "Getty"),
    ("Court papers on a desk. (AP)", "Court papers on a desk.", "AP"),
    ("The plant was sold. (Bespoke Boats)", "The plant was sold.", "Bespoke Boats"),
    ("A rally in the square. (Courtesy of Tanner Fish)", "A rally in the square.", "Tanner Fish"),
    ("A press room. (AP Photo/Kim Roe) more >", "A press room.", "AP Photo/Kim Roe"),
    ("A press room. (Kim Roe via AP)", "A press room.", "Kim Roe via AP"),
    ("Wisuda di Jakarta(Dok.IGI )", "Wisuda di Jakarta", "Dok.IGI"),
    ("無線機を使う担当者（警視庁提供）", "無線機を使う担当者", "警視庁"),
    ("会見する大臣（代表撮影）", "会見する大臣", "代表"),
    ("시장이 인사하고 있다. [사진 = 연합뉴스]", "시장이 인사하고 있다.", "연합뉴스"),
    ("시장이 인사하고 있다 [사진 출처 = 뉴스1]", "시장이 인사하고 있다", "뉴스1"),
    # a label
    ("Erst der linke, dann der rechte. Foto: Kim Roe/dpa", "Erst der linke, dann der rechte.", "Kim Roe/dpa"),
    ("Das wird es nicht mehr geben, Foto: LAT Images", "Das wird es nicht mehr geben", "LAT Images"),
    ("Der Amtschef | Bildquelle: EU-Kommission", "Der Amtschef", "EU-Kommission"),
    ("Er versprach zu reagieren.Quelle: dpa", "Er versprach zu reagieren.", "dpa"),
    ("About 140 flats. Photograph: Eva Mann/Reuters", "About 140 flats.", "Eva Mann/Reuters"),
    ("The minister. File image Image: GCIS", "The minister. File image", "GCIS"),
    ("A market in the border region. / Image: Daily NK", "A market in the border region.", "Daily NK"),
    ("Рассказ о трёх тронах Фото: Дмитрий Иванов", "Рассказ о трёх тронах", "Дмитрий Иванов"),
    ("Y bác sĩ nội soi. Ảnh: Bệnh viện cung cấp", "Y bác sĩ nội soi.", "Bệnh viện cung cấp"),
    ("Thandi Ndlovu. Isithombe: Sithunyelwe", "Thandi Ndlovu.", "Sithunyelwe"),
    ("Kniven ble funnet. Foto: Politiet Vis mer", "Kniven ble funnet.", "Politiet"),
    ("El puerto. Foto: Ana Ruiz (REUTERS) | Vídeo: EPV", "El puerto.", "Ana Ruiz (REUTERS) | Vídeo: EPV"),
    ("The rates may fall. Photo by David Kay/Bloomberg", "The rates may fall.", "David Kay/Bloomberg"),
    ("The ice, at left.Photograph by Doug Johns", "The ice, at left.", "Doug Johns"),
    # no mark but an agency
    ("So hohe Schulden. Noel Celis/Getty Images", "So hohe Schulden.", "Noel Celis/Getty Images"),
    ("Après une attaque, en Ukraine. HANDOUT / AFP", "Après une attaque, en Ukraine.", "HANDOUT / AFP"),
    ("시장이 연설하고 있다. 연합뉴스", "시장이 연설하고 있다.", "연합뉴스"),
    ("시장이 연설하고 있다. 김서윤 기자", "시장이 연설하고 있다.", "김서윤"),
    ("大統領の発言を見る国民（ソウルで、３日）＝ＡＰ", "大統領の発言を見る国民（ソウルで、３日）", "ＡＰ"),
    ("The president, right, with his wife. — Reuters pic", "The president, right, with his wife.", "Reuters pic"),
    ("图为现场。 新华社记者 李明 摄", "图为现场。", "新华社记者 李明 摄"),
]

ALONE = [
    ("© BART DE WAELE", "BART DE WAELE"),
    ("Photo by Kim Roe /Getty Images", "Kim Roe /Getty Images"),
    ("Fotoğraf : Didem Mente/AA", "Didem Mente/AA"),
    ("Image Credits: UiPath", "UiPath"),
    ("Image source, Getty Images", "Getty Images"),
    ("（图片来源：视觉中国）", "视觉中国"),
    ("(The Harbour Post)", "The Harbour Post"),
    ("коллаж: Андрей Коваль", "Андрей Коваль"),
    ("Fot. anadiaz/iStockphoto", "anadiaz/iStockphoto"),
]

CAPTIONS = [
    "Soldiers in places where they have no business (Kunduz, 6.12.2010)",
    "イスラエルの国旗＝同国で2019年5月",
    "George Roe, Sen. Jon Tell (D., Mont.), and a donor",
    "King Carl (left) and Queen Ida",
    "A photo by her brother shows the lake",
    "The photo: it shows a lake that was said to be very deep and cold.",
    "Video: Police clash with fans after the final whistle",
    "Die Ministerin im Mai. (Archivbild)",
    "Mitarbeiter der WHO",
]


@pytest.mark.parametrize(("text", "caption", "credit"), JOINED)
def test_a_credit_is_cut_from_its_caption(text, caption, credit):
    assert split_caption(text) == (caption, credit)


@pytest.mark.parametrize(("text", "credit"), ALONE)
def test_a_credit_may_stand_without_a_caption(text, credit):
    assert split_caption(text) == (None, credit)


@pytest.mark.parametrize("text", CAPTIONS)
def test_dates_places_states_and_sentences_are_no_credit(text):
    assert split_caption(text) == (text, None)


def test_labels_of_captions_are_cut():
    assert split_caption("Legende: Der See. Keystone") == ("Der See.", "Keystone")
    assert clean_caption("Bildunterschrift: Der See.") == "Der See."


@pytest.mark.parametrize("text", ["", " — ", "© 2024", "26.10.2025 | 2:43 min", "12:30"])
def test_what_names_nobody_is_no_credit(text):
    assert clean_credit(text) is None


def test_doubled_labels_and_brackets_go_one_after_the_other():
    assert clean_credit("(Foto: © [Bild: SN/APA])") == "SN/APA"


def test_a_label_needs_its_colon_and_a_source_its_agency():
    assert is_labelled("Bild: Keystone")
    assert not is_labelled("Bilder einer Stadt")
    assert names_source("The Yomiuri Shimbun")
    assert not names_source("The lake in May")


@pytest.mark.parametrize(
    "text", ["Foto: x|" * 30_000, "(" * 100_000, "A. " * 50_000, "a" * 500_000, "|A" * 300_000, " ©" * 90_000]
)
def test_hostile_texts_cost_little(text):
    start = process_time()
    split_caption(text)
    clean_credit(text)
    assert process_time() - start < 1
