"""What is compared when texts are compared."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.dedupe.fold import fold, fold_any, fold_lines


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Rice prices rose", "RICE, prices: »rose«!"),
        ("L'été à Genève", "L’ÉTÉ A\u0300 GENE\u0300VE"),
        ("Цены на рис выросли", "ЦЕНЫ – НА РИС «ВЫРОСЛИ»"),
        ("쌀값 오름세", "\u110a\u1161\u11af\u1100\u1161\u11b9 오름세."),
        ("NHK 2024", "ＮＨＫ　２０２４"),
        ("οι τιμές", "ΟΙ ΤΙΜΈΣ"),
        ("Straße", "STRASSE"),
    ],
)
def test_typography_case_and_accents_change_nothing(text, same):
    assert fold(text) == fold(same)


@pytest.mark.parametrize(
    ("a", "b"), [("쌀값", "쌀갓"), ("米価", "米值"), ("рис", "рос"), ("عمان", "عمار"), ("चावल", "चाकल")]
)
def test_letters_of_every_script_count(a, b):
    assert fold(a) != fold(b)


def test_han_kana_and_hangul_say_as_much_as_two_letters():
    assert [len(fold(text)) for text in ("abcd", "абвг", "東京都庁", "ひらがな")] == [4, 4, 8, 8]


def test_what_holds_no_letters_holds_nothing():
    assert fold(" —… * \u200b\n") == b""


@given(st.text())
def test_no_text_makes_it_raise_and_case_never_matters_to_ascii(text):
    fold(text)
    plain = text.encode("ascii", "ignore").decode()
    assert fold(plain.upper()) == fold(plain.lower())


MIXED = "aZé ß ñøł“”’—–…№™ºµ½ йЁїґ΄άςΣ ğİı אבג ابةى. 1²,\u0301\u0306 쌀漢かＡ"
ALPHABETS = {
    "Vietnamese": "aăẤợỹđ “”.,1\n\u0301\u0323",
    "Cyrillic": "аЯёқӘү «»— 1\n\u0306é",
    "Arabic": "ابپکیۓ، ١۲\u064b\u200c.\nx",
    "Hindi": "कख़क़ािी्। १२\n.a",
    "Thai": "กชซฮาิี่้ ๑.\nb",
    "Armenian": "ԱաևՖ։ 1\n",
    "Georgian": "აბ\u10a0\u1c90 „“.\n",
    "Korean": "쌀값ㄱ“”·ⓒⒶ▶①（，Ａ１\n a.1\u1100\u1161",
    "Japanese": "米はカー・「」、。々〇ＮＨ２\n a\u3099か",
    "Chinese": "米价，。“”《》：％\u3000\n１a.é①",
}


@settings(max_examples=50)
@pytest.mark.parametrize("letters", [MIXED, *ALPHABETS.values()], ids=["mixed", *ALPHABETS])
@given(data=st.data())
def test_the_quick_ways_give_the_same_units(letters, data):
    text = data.draw(st.text(alphabet=letters, max_size=30) | st.text(max_size=30))
    assert fold(text) == fold_any(text)
    lines = text.splitlines()
    assert fold_lines(lines) == [fold_any(line) for line in lines]


def test_every_character_has_the_same_units_alone_and_in_company():
    """Company: a text of its own script, which has a quick way."""
    for code in range(0x3400):
        letter = chr(code)
        assert fold(letter) == fold_any(letter), hex(code)
    for code in (*range(0x2000, 0x2700), *range(0x2E80, 0x4E80), *range(0xD780, 0xE000), *range(0xF8F0, 0x10000)):
        letter = chr(code)
        assert fold(f"漢{letter}字") == fold_any(f"漢{letter}字"), hex(code)
