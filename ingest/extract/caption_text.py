"""What is shown as a caption or a credit: cleaned of labels, buttons and separators, and told by what it reads like."""

from __future__ import annotations

import re
from functools import cache

from ingest.extract.credit_words import AGENCY, AGENCY_CJK, AGENCY_NAMES, BY, BY_NOUN, HOUSE, LABEL, SIGN, SIGNS
from ingest.text import squeeze

# Separators between caption and credit, cut from the end of the one and the start of the other.
SEPARATORS = " \t/|∣｜¦‖,;:：–—―-−•·"
# Buttons and notices inside captions that belong to neither.
_TAIL_LENGTH = 80
_TAIL = re.compile(
    r"\s*(?:\[?(?:more\s*[>»]|read more|show more|see more|vis mer|les mer|visa mer|mehr anzeigen|mehr lesen|"
    r"bild vergrößern|vergrößern|enlarge(?: this)? image|enlarge|hide caption|toggle caption|view (?:in )?(?:gallery|"
    r"fullscreen|image in fullscreen)|view graphic|ampliar foto|(?:\d?\d:\d\d )?now playing|ver más|voir plus|leggi di più|lire plus|lees meer|"
    r"이미지 확대보기|확대보기|拡大|点击查看大图)\]?|"
    r"[,.;–—-]*\s*(?:all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|"
    r"tutti i diritti riservati|todos os direitos reservados|все права защищены|재판매 및 DB ?금지|무단전재 및 재배포 금지|"
    r"無断転載禁止)\.?)\s*$",
    re.IGNORECASE,
)
# "Legende: …" before a caption.
_CAPTION_LABEL = re.compile(
    r"^\s*(?:legende|légende|bildlegende|bildunterschrift|bildtext|billedtekst|caption|image caption|media caption|"
    r"pie de foto|didascalia|leyenda|legenda|onderschrift|image|photo|foto|bild)\s*(?:[:：]|(?<=caption),)\s+(?=\S)",
    re.IGNORECASE,
)
DATE = re.compile(
    r"^[\W\d_]*(?:\d|(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-zäéûç]*)[\W\d_]*"
    r"(?:(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-zäéûç]*|[年月日년월일時分])?[\W\d_]*$",
    re.IGNORECASE,
)
_CLOCKED = re.compile(r"^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b|^\d{1,2}:\d\d\b")
# Labels that no running text could hold are cut even when glued to the caption ("… reagieren.Quelle: dpa").
_LABEL_START = re.compile(
    rf"^[\s\[(（【<〈]*(?:{LABEL}\s*(?:[:：=＝]|[-–—]\s)\s*|(?:image|photo|picture|media) (?:source|credit)\s*[,，]\s*|"
    rf"(?:fot|phot|nuotr|φωτ)\.\s*|{BY_NOUN.lower()}\s+(?:{BY}\s+|d[’'](?!illustration|archives?\b))|{SIGN.lower()}\s*[:：]?\s*|(?:by|via|courtesy of|courtesy|cortesía de|"
    rf"cortesía|gentileza|mit freundlicher genehmigung von|avec l'aimable autorisation de)\s+[:：]?\s*)"
)
MAX_LABEL = 100
"""Characters of a label with all that may stand before and behind its noun; none that was seen has half of that."""
_AROUND = " .)]）】"
_BEFORE_CREDIT = frozenset("([（【|∣/–—.!?。…”»")
WHOLE_BRACKET = re.compile(r"^\s*[(（\[【〈]\s*([^()（）\[\]【】]+(?:\([^()]*\))?)\s*[)）\]】〉]\s*[.。]?\s*$")
DAY_CJK = re.compile(r"[0-9０-９]\s?[年月日년월일]")
_MADE_JA = ("撮影", "提供", "撮")
_MADE_BY_JA = re.compile(rf"^(.{{1,30}}?)(?:氏|さん)?(?:{'|'.join(_MADE_JA)})$")
_KOREAN_REPORTER = re.compile(r"^[가-힣]{2,4}\s?(?:선임)?(?:기자|특파원|인턴기자)$")
_KOREAN_TITLES = ("기자", "특파원")
_KOREAN_TITLE = re.compile(r"(?<=[가-힣])\s?(?:선임)?(?:기자|특파원|인턴기자)$")
_NAME_WORD = re.compile(
    r"^(?:[A-ZÀ-ÞĀ-ŽΑ-ΩА-ЯЁІЇЄҐ][\w.’'-]*|(?:von|van|de|der|den|del|della|di|da|dos|du|la|le|el|al|bin|ibn|zu|y|e|and|und|et|for|via|the|of)|[&/|+,-]|@\w+)$"
)
_BETWEEN_NAMES = frozenset("/|∣,;&+()—–")
_WORDS_AND_SIGNS = re.compile(r"[/|∣,;&+()]|[—–](?=\S)|(?:[^\s/|∣,;&+()—–]+|[—–](?!\S))+")
_MAX_WORDS = 14
_LETTERS = re.compile(r"[^\W\d_].*?[^\W\d_]|[\u1100-\uffdc]")
_LATER_SIGN = re.compile(rf"\s*[|∣/,]\s*{SIGN}\s*")
_TAIL_ENDS = tuple(
    "> » more mer anzeigen lesen vergrößern image enlarge caption gallery fullscreen graphic foto playing más plus più meer 보기 拡大 大图 reserved "
    "vorbehalten réservés reservados riservati защищены 금지 禁止".casefold().split()
)
MAX_CREDIT = 160
"""Longer than any credit seen (the longest of 283 had 118 characters)."""


def clean_caption(text: str | None) -> str | None:
    """Without buttons, "Legende:" and separators at the ends; its own final stop stays.

    >>> clean_caption("Legende: The lake, —")
    'The lake'
    """
    return cleaned_caption(squeeze(text)) if text else None


def cleaned_caption(line: str) -> str | None:
    """As `clean_caption`, of what is squeezed but for its ends."""
    text = without_tail(line.strip())
    if label := _CAPTION_LABEL.match(text):
        text = text[label.end() :]
    text = text.strip(SEPARATORS)
    return text if has_letters(text) else None


def without_credit(caption: str | None, credit: str | None) -> str | None:
    """A caption less the credit that it repeats at its end, in brackets or behind a stop or a separator.

    >>> without_credit("A glass house (Ana Ruiz)", "Ana Ruiz"), without_credit("A portrait of Ana Ruiz", "Ana Ruiz")
    ('A glass house', 'A portrait of Ana Ruiz')
    """
    if not caption or not credit:
        return caption
    bare = caption.rstrip(_AROUND)
    before = bare.removesuffix(credit).rstrip()
    return (
        clean_caption(before.rstrip("([（【")) if bare.endswith(credit) and before[-1:] in _BEFORE_CREDIT else caption
    )


def clean_credit(text: str) -> str | None:
    """A credit as displayed, without label, sign and the brackets around it; None if nothing is left.

    >>> clean_credit("(Foto: Bild: SN/APA)")
    'SN/APA'
    >>> clean_credit("© 2024")
    """
    return cleaned_credit(squeeze(text))


def cleaned_credit(line: str) -> str | None:
    """As `clean_credit`, of what is squeezed but for its ends."""
    text = without_tail(line.strip())
    for _ in range(5):  # "Foto: © (Bild: X)": labels come doubled, brackets inside and outside of them
        before = text
        if whole := WHOLE_BRACKET.match(text):
            text = whole[1]
        if start := label_start(text):
            opened = start[0].lstrip()[:1]
            text = text[start.end() :]
            if opened and opened in "[(（【<〈" and text[-1:] in ")]）】>〉":
                text = text[:-1]
            text = without_tail(text)
        text = text.strip(SEPARATORS)
        if text == before:
            break
    if text.endswith(_KOREAN_TITLES):
        text = _KOREAN_TITLE.sub("", text)
    if text[-1:] in ")]）" and not re.search(r"[(\[（]", text):
        text = text[:-1].rstrip()
    if (maker := maker_ja(text)) and has_letters(maker):
        text = maker.strip(SEPARATORS)
    text = _LATER_SIGN.sub(" | ", text) if holds(text, SIGNS) else text
    # The length first: the pattern of dates takes half a minute for 3,000 digits and semicolons.
    if len(text) > MAX_CREDIT or not has_letters(text) or DATE.match(text) or _CLOCKED.match(text):
        return None
    return text


def is_labelled(text: str) -> bool:
    """Whether a text opens with the label of a credit ("Foto: X", "© X", "(Photo by X)").

    >>> is_labelled("Bild: Keystone"), is_labelled("Bilder einer Stadt")
    (True, False)
    """
    return label_start(text) is not None


def label_start(text: str) -> re.Match[str] | None:
    """The label with which a credit opens; its places are places in the text."""
    return _LABEL_START.match(lower(text[:MAX_LABEL]))


def lower(text: str) -> str:
    """In lower case, letter by letter, so that places in it are places in the text: "İ" alone would become two."""
    return text.replace("İ", "I").lower()


def holds(text: str, any_of: tuple[str, ...]) -> bool:
    """Whether one of these stands in a text."""
    return any(map(text.__contains__, any_of))


def maker_ja(text: str) -> str | None:
    """Who took or lent a picture, as the Japanese say it: X撮影, X提供."""
    found = _MADE_BY_JA.match(text) if text.endswith(_MADE_JA) else None
    return found[1] if found else None


def names_source(text: str) -> bool:
    """Whether a text without a label can only be a credit: short, with a known agency or house, or "Name/Name".

    >>> [names_source(text) for text in ("Kim Roe/Getty Images", "연합뉴스", "The lake in May", "6.12.2010")]
    [True, True, False, False]
    """
    text = squeeze(text).strip(" .")
    if not 2 <= len(text) <= 100 or not has_letters(text) or DATE.match(text):
        return False
    if _KOREAN_REPORTER.match(text) or (len(text) <= 20 and AGENCY_CJK.search(text) and not DAY_CJK.search(text)):
        return True
    if AGENCY.fullmatch(text):
        return True
    if not looks_like_names(text):
        return False
    return bool(AGENCY.search(text) or HOUSE.search(text) or re.search(r"\w\s?[/|∣]\s?\w| for The [A-Z]", text))


def looks_like_names(text: str) -> bool:
    """Whether every word is capitalised or a particle, as in a list of names; no sentence is.

    >>> looks_like_names("Ana de la Cruz / EFE"), looks_like_names("Ana laughs")
    (True, False)
    """
    count = 0
    for count, found in enumerate(_WORDS_AND_SIGNS.finditer(text), start=1):
        word = found[0]
        if count > _MAX_WORDS or not (_NAME_WORD.match(word) or word in _BETWEEN_NAMES or word in agencies()):
            return False
    return count > 0


def without_tail(text: str) -> str:
    """Without a button or a notice at the end."""
    if not text[-16:].casefold().rstrip(" .]").endswith(_TAIL_ENDS):
        return text
    start = max(0, len(text) - _TAIL_LENGTH)
    found = _TAIL.search(text, start)
    return text[: found.start()].rstrip() if found else text


def has_letters(text: str) -> bool:
    """Whether there are two letters, or one of a script whose letters are syllables or words."""
    return bool(_LETTERS.search(text))


@cache
def agencies() -> frozenset[str]:
    """The words of which agencies' names are made."""
    return frozenset(word for name in AGENCY_NAMES for word in name.split())
