"""Bytes become the text that their writer meant, whatever the labels say."""

from __future__ import annotations

import pytest

from ingest.html import decode, is_selector, parse

KOREAN = "북한 전문 매체 데일리NK"
JAPANESE = "北朝鮮の市場で米の価格が上がる"
CHINESE = "朝鲜市场的大米价格上涨"
RUSSIAN = "Цены на рис на рынках Северной Кореи растут"


def page(text: str, *, label: str = "", lang: str = "") -> str:
    meta = f'<meta charset="{label}">' if label else ""
    return (
        f'<!doctype html><html lang="{lang}"><head>{meta}<title>{text}</title></head><body><p>{text}</p></body></html>'
    )


@pytest.mark.parametrize("label", ["", "gb2312", "iso-8859-1", "euc-kr"])
@pytest.mark.parametrize("header", [None, "windows-1252", "big5"])
def test_valid_utf8_is_utf8_whatever_header_and_meta_say(label, header):
    text = page("Zürich “quoted” " + KOREAN, label=label)
    assert decode(text.encode(), charset=header) == (text, "utf-8")


@pytest.mark.parametrize(
    ("codec", "label", "text"),
    [
        ("cp949", "euc-kr", KOREAN),
        ("cp949", "ks_c_5601-1987", KOREAN),
        ("gbk", "gb2312", CHINESE),
        ("big5", "Big5", "北韓市場的米價上漲"),
        ("cp932", "Shift_JIS", JAPANESE),
        ("cp932", "x-sjis", JAPANESE),
        ("euc_jp", "EUC-JP", JAPANESE),
        ("iso2022_jp", "iso-2022-jp", JAPANESE),
        ("koi8-r", "koi8-r", RUSSIAN),
        ("cp1251", "windows-1251", RUSSIAN),
        ("cp1252", "iso-8859-1", "“Quotes” – and 5 € for ‘all’"),
        ("cp1252", "us-ascii", "“Quotes” – and 5 € for ‘all’"),
    ],
)
def test_a_label_names_the_superset_that_browsers_read(codec, label, text):
    for data, header in ((page(text, label=label), None), (page(text), label)):
        assert text in decode(data.encode(codec), charset=header)[0]


def test_an_xml_declaration_is_a_label():
    text = f'<?xml version="1.0" encoding="EUC-KR"?><html><body>{KOREAN}</body></html>'
    assert decode(text.encode("cp949")) == (text, "cp949")


def test_the_servers_default_of_latin_1_yields_to_the_pages_own_label():
    data = page(RUSSIAN, label="windows-1251").encode("cp1251")
    assert RUSSIAN in decode(data, charset="ISO-8859-1")[0]


def test_windows_1252_labelled_utf8_keeps_its_curly_quotes():
    text = page("He said “no” – it’s over, Müller", label="utf-8")
    assert decode(text.encode("cp1252"), charset="utf-8")[0] == text


def test_a_few_stray_bytes_do_not_spoil_a_utf8_page():
    data = page(KOREAN, label="utf-8").encode() + "<p>it’s</p>".encode("cp1252")
    text, encoding = decode(data)
    assert encoding == "utf-8"
    assert KOREAN in text
    assert text.endswith("<p>it’s</p>")


def test_a_character_that_is_cut_off_at_the_end_is_dropped():
    data = page(KOREAN).encode() + "크".encode()[:2]
    assert decode(data) == (page(KOREAN), "utf-8")


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_decides_and_is_taken_off(codec):
    text = page(KOREAN, label="iso-8859-1")
    assert decode(text.encode(codec), charset="cp1252")[0] == text


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_recognised_by_its_zeros(codec):
    text = page(KOREAN)
    assert decode(text.encode(codec)) == (text, codec)


@pytest.mark.parametrize("label", ["punycode", "undefined", "utf-7", "rot13", "hex", "idna", "no-such", "\0", "é", ""])
def test_labels_that_are_no_charset_are_ignored(label):
    assert decode("“é”".encode("cp1252"), charset=label) == ("“é”", "cp1252")


@pytest.mark.parametrize(
    ("lang", "codec", "text"),
    [
        ("ko", "cp949", KOREAN),
        ("ja", "cp932", JAPANESE),
        ("ja", "euc_jp", JAPANESE),
        ("zh", "gb18030", CHINESE),
        ("ru", "cp1251", RUSSIAN),
    ],
)
def test_without_a_label_the_pages_language_tells(lang, codec, text):
    assert decode(page(text, lang=lang).encode(codec)) == (page(text, lang=lang), codec)


def test_any_bytes_parse():
    for data in (b"\x00\xff\xfe", bytes(range(256)) * 20, b"<", b"\xed\xa0\x80", b"<html lang=zh>\xff\xff\xff"):
        assert parse(data, charset="big5").tree is not None


def test_selectors_are_checked_before_they_are_used():
    assert is_selector("figure > figcaption:first-child")
    assert not is_selector("p:nth-child(")
