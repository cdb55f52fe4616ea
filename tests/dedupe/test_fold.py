"""What is compared when texts are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dedupe.fold import fold, fold_any


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


LETTERS = "aZé ß ñøł“”’—–…№™ºµ½ йЁїґ΄άςΣ ğİı אבג ابةى. 1²,\u0301\u0306 쌀漢かＡ"


@given(st.text(alphabet=LETTERS, max_size=30) | st.text(max_size=30))
def test_the_short_way_over_a_code_page_gives_the_same_units(text):
    assert fold(text) == fold_any(text)
