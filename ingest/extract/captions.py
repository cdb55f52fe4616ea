"""Caption and credit apart: what stands under a picture, split by the ways in which outlets attach a credit.

    "… her region. / Image: Daily NK"   "… (Foto: dpa)"   "… © Reuters"   "…（３日）＝ＡＰ"   "[사진=연합뉴스]"

The forms were collected from the captions of some hundred outlets; each is one function, tried in order of how sure
it is. A label ("Foto:", "©") and the separator belong to neither part, words of status ("Archiv", "handout") stay with
the credit, and a date, a number or a place in a last bracket is never a credit.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from ingest.extract.alternation import spread, stems
from ingest.extract.credit_words import AGENCY, AGENCY_CJK, AGENCY_NAMES, BY, BY_NOUN, HOUSE, LABEL, SIGN, SIGNS
from ingest.text import squeeze

Parts = tuple[str | None, str | None]
"""(caption, credit), each as displayed or None."""

# Separators between caption and credit, cut from the end of the one and the start of the other.
_SEPARATORS = " \t/|∣｜¦‖,;:：–—―-−•·"
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
_DATE = re.compile(
    r"^[\W\d_]*(?:\d|(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-zäéûç]*)[\W\d_]*"
    r"(?:(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-zäéûç]*|[年月日년월일時分])?[\W\d_]*$",
    re.IGNORECASE,
)
_CLOCKED = re.compile(r"^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b|^\d{1,2}:\d\d\b")
# These three are for texts in lower case: to search for so many words without regard to case takes three times as long.
_LABELLED = re.compile(
    rf"(?<![^\s\[(（【<〈.,;/|∣–—!?。！？»”\"')）-])(?:{LABEL}\s*[:：=＝]|(?:图|圖|图片|圖片|사진|写真)\s?[/／])\s*"
)
_DOUBLED = re.compile(rf"(?<!\S){LABEL}\s*[:：=＝]\s*$")
# Labels that no running text could hold are cut even when glued to the caption ("… reagieren.Quelle: dpa").
_LABEL_START = re.compile(
    rf"^[\s\[(（【<〈]*(?:{LABEL}\s*(?:[:：=＝]|[-–—]\s)\s*|(?:image|photo|picture|media) (?:source|credit)\s*[,，]\s*|"
    rf"(?:fot|phot|nuotr|φωτ)\.\s*|{BY_NOUN.lower()}\s+(?:{BY}\s+|d[’'](?!illustration|archives?\b))|{SIGN.lower()}\s*[:：]?\s*|(?:by|via|courtesy of|courtesy|cortesía de|"
    rf"cortesía|gentileza|mit freundlicher genehmigung von|avec l'aimable autorisation de)\s+[:：]?\s*)"
)
_MAX_LABEL = 100
"""Characters of a label with all that may stand before and behind its noun; none that was seen has half of that."""
_VIDEO = re.compile(r"v[ií]deos?|видео|відео|video\w*|영상|watch", re.IGNORECASE)
_BY_WAYS = (
    rf"{BY_NOUN}\s+{BY}\s+|(?<=[|∣] )(?:photos?|images?|pictures?) by |(?:Staff|File|Contributed|Submitted|Handout|Stock) [Pp]hotos? by\s+|"
    rf"{BY_NOUN} courtesy[: ]\s*|(?:Courtesy of|Cortesía de|Gentileza de)\s+"
)
_BY_PHRASE = re.compile(rf"(?:(?<=[.!?…”\"'»)\]])\s*|(?<=[|∣/–—-])\s*|(?:^|\s)[(\[]\s*|^|(?<=\S)\s+)(?:{_BY_WAYS})")
# French, Dutch and Polish papers write no colon. "Photo News" is an agency.
_BARE_WORDS = "|".join(
    [rf"(?<=[(\[]){word}" for word in ("photos?", "fotos?", "bild", "kuva", "fotó")]
    + [r"Photos?|Fotos?|Beeld|Bild|PHOTO|FOTO|Fotó|Phs?\.|[Ff]ot\.|[Pp]hot\.|[Φφ]ωτ\.|[Nn]uotr\."]
)
_BARE_LABEL = re.compile(
    r"(?:^|(?<=[.!?…”\"'»)\]])\s*|(?<=[|∣/–—,-])\s*|\s*[(\[]\s*)"
    rf"(?:{_BARE_WORDS})\s+(?:[Aa]rch(?:\.|ives?)\s+)?"
    r"(?!News\b|Press\b|Service\b|Op\b|Finish\b)(?=[^\W\d_a-z])(?=[^.!?]{3,60}[.)\]]*$)"
)
_AROUND = " .)]）】"
_BEFORE_CREDIT = frozenset("([（【|∣/–—.!?。…”»")
_OPENING = ("(", "[")
_SIGN_SPLIT = re.compile(rf"\s*[(\[（]?\s*{SIGN}\s*[:：]?\s*", re.IGNORECASE)
_LAST_BRACKET = re.compile(
    r"[(（\[【〈<]([^()（）\[\]【】〈〉<>]*(?:[(（\[][^()（）\[\]]*[)）\]][^()（）\[\]]*)?)[)）\]】〉>]\s*[.。]?\s*$"
)
_WHOLE_BRACKET = re.compile(r"^\s*[(（\[【〈]\s*([^()（）\[\]【】]+(?:\([^()]*\))?)\s*[)）\]】〉]\s*[.。]?\s*$")
_TAKEN_BY_ZH = re.compile(
    "(?<=[\\s。，）])[\u3400-\u9fff]{2,12}(?:[\\s、][\u3400-\u9fff]{2,4}){0,2}\\s?(?:[摄攝]|供[图圖](?:\\s[\u3400-\u9fff]{2,6}发)?)$"
)
_TAKEN_ENDS = ("摄", "攝", "供图", "供圖", "发")
_DAY_CJK = re.compile(r"[0-9０-９]\s?[年月日년월일]")
_EQUALS = re.compile(r"\s*[＝=]\s*([^＝=（(、。]{2,20})$")
_GOES_ON = re.compile(r"[a-zа-я]{4,}[.!?]\s+\S+\s+[a-zа-я]")
_SENTENCE_END = re.compile(r"[.!?。！？…»”\"')）\]]\s*$")
_CAPITALS = re.compile(r"(?:[A-ZÀ-ÞЀ-Я][A-ZÀ-ÞЀ-Я.'’-]*\s){1,4}[A-ZÀ-ÞЀ-Я][A-ZÀ-ÞЀ-Я'’-]+")
_LAST_STOP = re.compile(r"^(.*[.!?…。»”\")])\s*([^.!?。]*(?:\b[A-Z]\.\s?[^.!?。]*)*)$", re.DOTALL)
_MADE_JA = ("撮影", "提供", "撮")
_MADE_BY_JA = re.compile(rf"^(.{{1,30}}?)(?:氏|さん)?(?:{'|'.join(_MADE_JA)})$")
_KOREAN_REPORTER = re.compile(r"^[가-힣]{2,4}\s?(?:선임)?(?:기자|특파원|인턴기자)$")
_KOREAN_TITLES = ("기자", "특파원")
_KOREAN_TITLE = re.compile(r"(?<=[가-힣])\s?(?:선임)?(?:기자|특파원|인턴기자)$")
# What a last bracket may say of the picture itself, without naming anybody.
_STATUS = re.compile(
    r"(?:archiv|symbol|vorschau|beispiel|themen)(?:bild|foto|aufnahme)?e?r?|(?:file|stock|handout|archive|undated)(?: (?:photo|image|picture))?|"
    r"left|right|cent(?:re|er)|l|r|li|re|m|links|rechts|mitte|gauche|droite|izquierda|derecha|sinistra|destra|"
    r"archivo|archives?|arkiv(?:bild|foto)?|arkivfoto|repro|montage|kollage|illustration|画像|資料|資料写真|자료사진",
    re.IGNORECASE,
)
_NAME_WORD = re.compile(
    r"^(?:[A-ZÀ-ÞĀ-ŽΑ-ΩА-ЯЁІЇЄҐ][\w.’'-]*|(?:von|van|de|der|den|del|della|di|da|dos|du|la|le|el|al|bin|ibn|zu|y|e|and|und|et|for|via|the|of)|[&/|+,-]|@\w+)$"
)
_BETWEEN_NAMES = frozenset("/|∣,;&+()—–")
_WORDS_AND_SIGNS = re.compile(r"[/|∣,;&+()]|[—–](?=\S)|(?:[^\s/|∣,;&+()—–]+|[—–](?!\S))+")
_MAX_NAMES = 60
_MAX_WORDS = 14
_MAX_TEXT = 2_000
_MAX_PIPES = 6
_LETTERS = re.compile(r"[^\W\d_].*?[^\W\d_]|[\u1100-\uffdc]")
# What the dear patterns can't do without: most captions have none of it, and to look for it costs a tenth of a search.
_MARKS = (":", "：", "=", "＝", "/", "／")
_BY_STEMS = stems(spread(_BY_WAYS))
_BARE_STEMS = stems(_BARE_WORDS)
_SENTENCE_STOPS = (". ", "! ", "? ")
_LATER_SIGN = re.compile(rf"\s*[|∣/,]\s*{SIGN}\s*")
_CLOSING = tuple(")）]】〉>")
_TAIL_ENDS = tuple(
    "> » more mer anzeigen lesen vergrößern image enlarge caption gallery fullscreen graphic foto playing más plus più meer 보기 拡大 大图 reserved "
    "vorbehalten réservés reservados riservati защищены 금지 禁止".casefold().split()
)
MAX_CREDIT = 160
"""Longer than any credit seen (the longest of 283 had 118 characters)."""


def split_caption(text: str) -> Parts:
    """The caption and the credit of one text that may hold both.

    >>> split_caption("A market in the border region. / Image: Daily NK")
    ('A market in the border region.', 'Daily NK')
    >>> split_caption("Sales rose (+1.3 %) in spring. (Ana Diaz/EFE)")
    ('Sales rose (+1.3 %) in spring.', 'Ana Diaz/EFE')
    >>> split_caption("The square (Kyiv, 6.12.2010)")
    ('The square (Kyiv, 6.12.2010)', None)
    """
    text = _without_tail(squeeze(text))
    if len(text) > _MAX_TEXT:
        return text, None
    for way in _WAYS:
        if (parts := way(text)) is not None:
            caption, credit = parts
            return _cleaned_caption(caption or ""), _cleaned_credit(credit or "")
    return _cleaned_caption(text), None


def clean_caption(text: str | None) -> str | None:
    """Without buttons, "Legende:" and separators at the ends; its own final stop stays.

    >>> clean_caption("Legende: The lake, —")
    'The lake'
    """
    return _cleaned_caption(squeeze(text)) if text else None


def _cleaned_caption(line: str) -> str | None:
    """As `clean_caption`, of what is squeezed but for its ends."""
    text = _without_tail(line.strip())
    if label := _CAPTION_LABEL.match(text):
        text = text[label.end() :]
    text = text.strip(_SEPARATORS)
    return text if _has_letters(text) else None


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
    return _cleaned_credit(squeeze(text))


def _cleaned_credit(line: str) -> str | None:
    """As `clean_credit`, of what is squeezed but for its ends."""
    text = _without_tail(line.strip())
    for _ in range(5):  # "Foto: © (Bild: X)": labels come doubled, brackets inside and outside of them
        before = text
        if whole := _WHOLE_BRACKET.match(text):
            text = whole[1]
        if start := _label_start(text):
            opened = start[0].lstrip()[:1]
            text = text[start.end() :]
            if opened and opened in "[(（【<〈" and text[-1:] in ")]）】>〉":
                text = text[:-1]
            text = _without_tail(text)
        text = text.strip(_SEPARATORS)
        if text == before:
            break
    if text.endswith(_KOREAN_TITLES):
        text = _KOREAN_TITLE.sub("", text)
    if text[-1:] in ")]）" and not re.search(r"[(\[（]", text):
        text = text[:-1].rstrip()
    if (maker := _maker_ja(text)) and _has_letters(maker):
        text = maker.strip(_SEPARATORS)
    text = _LATER_SIGN.sub(" | ", text) if _holds(text, SIGNS) else text
    # The length first: the pattern of dates takes half a minute for 3,000 digits and semicolons.
    if len(text) > MAX_CREDIT or not _has_letters(text) or _DATE.match(text) or _CLOCKED.match(text):
        return None
    return text


def is_labelled(text: str) -> bool:
    """Whether a text opens with the label of a credit ("Foto: X", "© X", "(Photo by X)").

    >>> is_labelled("Bild: Keystone"), is_labelled("Bilder einer Stadt")
    (True, False)
    """
    return _label_start(text) is not None


def _label_start(text: str) -> re.Match[str] | None:
    return _LABEL_START.match(_lower(text[:_MAX_LABEL]))


def _lower(text: str) -> str:
    """In lower case, letter by letter, so that places in it are places in the text: "İ" alone would become two."""
    return text.replace("İ", "I").lower()


def _holds(text: str, any_of: tuple[str, ...]) -> bool:
    return any(map(text.__contains__, any_of))


def _maker_ja(text: str) -> str | None:
    """Who took or lent a picture, as the Japanese say it: X撮影, X提供."""
    found = _MADE_BY_JA.match(text) if text.endswith(_MADE_JA) else None
    return found[1] if found else None


def names_source(text: str) -> bool:
    """Whether a text without a label can only be a credit: short, with a known agency or house, or "Name/Name".

    >>> [names_source(text) for text in ("Kim Roe/Getty Images", "연합뉴스", "The lake in May", "6.12.2010")]
    [True, True, False, False]
    """
    text = squeeze(text).strip(" .")
    if not 2 <= len(text) <= 100 or not _has_letters(text) or _DATE.match(text):
        return False
    if _KOREAN_REPORTER.match(text) or (len(text) <= 20 and AGENCY_CJK.search(text) and not _DAY_CJK.search(text)):
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
        if count > _MAX_WORDS or not (_NAME_WORD.match(word) or word in _BETWEEN_NAMES or word in _agencies()):
            return False
    return count > 0


def _without_tail(text: str) -> str:
    if not text[-16:].casefold().rstrip(" .]").endswith(_TAIL_ENDS):
        return text
    start = max(0, len(text) - _TAIL_LENGTH)
    found = _TAIL.search(text, start)
    return text[: found.start()].rstrip() if found else text


def _has_letters(text: str) -> bool:
    return bool(_LETTERS.search(text))


@cache
def _agencies() -> frozenset[str]:
    return frozenset(word for name in AGENCY_NAMES for word in name.split())


def _is_plot(label: str, text: str) -> bool:
    """Whether what follows "Video:" says what is seen ("Video: Police clash with fans"), not who made it."""
    return bool(_VIDEO.match(label.strip())) and not (looks_like_names(text) or AGENCY.search(text))


def _short(text: str) -> bool:
    """Whether a tail is no more than a credit: no sentence begins or goes on in it."""
    if not text or len(text) > MAX_CREDIT or (_holds(text, _SENTENCE_STOPS) and _GOES_ON.search(text)):
        return False
    words = text.split()
    return len(words) <= 6 or sum(word.islower() for word in words) * 2 <= len(words)


def _by_sign(text: str) -> Parts | None:
    """C © X; all after the first sign, for "© imago/A ∣ © dpa" is one credit."""
    found = _SIGN_SPLIT.search(text) if _holds(text, SIGNS) else None
    if found is None:
        return None
    before, after = text[: found.start()], text[found.end() :]
    if not _short(after) or not _has_letters(after):
        return None
    if (
        found[0].lstrip()[:1] in "([（"
        and after[-1:] in ")]）"
        and after.count("(") < after.count(")") + after.count("）")
    ):
        after = after[:-1]
    return before, after


def _by_bracket(text: str) -> Parts | None:
    """C (X); only the last bracket, and only if it reads like a credit."""
    found = _LAST_BRACKET.search(text) if text.rstrip(" .。")[-1:] in _CLOSING else None
    if found is None:
        return None
    inside = squeeze(found[1])
    if not inside or len(inside) > MAX_CREDIT or _DATE.match(inside):
        return None
    before = text[: found.start()]
    if is_labelled(inside) or _LABELLED.match(_lower(inside)) or names_source(inside):
        return before, inside
    if (_maker_ja(inside) and not _DAY_CJK.search(inside)) or (
        re.search(r"(?i)\b(?:via|handout|courtesy|photo|foto)\b.{0,60}$", inside) and AGENCY.search(inside)
    ):
        return before, inside
    if (
        re.search(r"[.!?…。”\"»]\s*$", before)
        and len(inside) <= 40
        and looks_like_names(inside)
        and not _STATUS.fullmatch(inside.strip(". "))
    ):
        return before, inside
    if re.match(r"(?:Dok|Doc|Doku|[Ff]ot|Foto|[Pp]hot|Photo|Pic|[Nn]uotr)\.\s*\S", inside):
        return before, inside
    if _BY_PHRASE.match(inside):
        return before, inside
    return None


def _by_label(text: str) -> Parts | None:
    """C. Foto: X; after the last label, wherever something ends before it."""
    marks = [at for mark in _MARKS if (at := text.find(mark)) >= 0]
    if not marks:
        return None
    last = None
    for found in _LABELLED.finditer(_lower(text), max(0, min(marks) - _MAX_LABEL)):
        last = found
    if last is None:
        return None
    before, label, after = text[: last.start()], text[last.start() : last.end()], text[last.end() :]
    opened = before.rstrip()[-1:]
    if opened in ("[", "(", "（", "【", "<", "〈") and opened:
        before = before.rstrip()[:-1]
        after = re.sub(r"[\])）】>〉]\s*[.。]?\s*$", "", after)
    if not _short(after) or not _has_letters(after) or _is_plot(label, after):
        return None
    return _before_doubled(before, label, after)


def _before_doubled(before: str, label: str, after: str) -> Parts:
    """Labels come doubled: "Foto: Bild: X", "Foto: X ∣ Vídeo: Y"; the first of a row begins the credit."""
    if before.rstrip().endswith(_MARKS) and (doubled := _DOUBLED.search(_lower(before))):
        return before[: doubled.start()], after
    earlier = _by_label(before) if before.rstrip()[-1:] in "|∣;" else None
    if earlier is not None and earlier[1] is not None and len(earlier[1]) < 60:
        kept = len(earlier[0] or "")
        return earlier[0], (before + label + after)[kept:]
    return before, after


def _by_phrase(text: str) -> Parts | None:
    """C. Photo by X."""
    if not _holds(text, _BY_STEMS):
        return None
    last = None
    for found in _BY_PHRASE.finditer(text):
        last = found
    if last is None:
        return None
    before, after = text[: last.start()], text[last.end() :]
    if last[0].lstrip()[:1] in ("(", "["):
        after = after.rstrip(")]")
    if not _short(after) or not re.match(r"(?:the |la |le |el |los )?[\W\d]*[^\W\da-z]", after):
        return None
    return before, after


def _by_bare_label(text: str) -> Parts | None:
    """C. Photo Jane Doe, C (fot. Jan Kowalski): a label without a colon, before names and nothing else."""
    found = _BARE_LABEL.search(text) if _holds(text, _BARE_STEMS) else None
    if found is None:
        return None
    before, after = text[: found.start()], text[found.end() :]
    if found[0].lstrip()[:1] in _OPENING:
        after = after.rstrip(" .")[:-1] if after.rstrip(" .")[-1:] in _CLOSING else after
    words = after.split()
    if len(after) > _MAX_NAMES or not (
        len(words) > 1 or found[0].lstrip()[:1] in _OPENING or AGENCY.fullmatch(after.strip(" .")) or "." in found[0]
    ):
        return None
    return (before, after) if looks_like_names(after.strip(" .")) else None


def _by_pipe(text: str) -> Parts | None:
    """C ∣ X."""
    for sign in ("|", "∣", "｜"):
        if text.count(sign) > _MAX_PIPES:
            return None
        before, found, after = text.rpartition(sign)
        if found and _short(after) and len(after) <= 80 and not _SENTENCE_END.search(after) and looks_like_names(after):
            more = _by_pipe(before)  # "C ∣ AP/dpa ∣ Kim Roe"
            if more is not None and more[1] is not None and names_source(more[1]):
                return more[0], f"{more[1].strip()} {sign} {after.strip()}"
            return before, after
    return None


def _by_taker(text: str) -> Parts | None:
    """C 李强 摄, the Chinese form: who took it stands behind a space or the final stop."""
    found = _TAKEN_BY_ZH.search(text) if text.endswith(_TAKEN_ENDS) else None
    return (text[: found.start()], found[0]) if found and _has_letters(text[: found.start()]) else None


def _by_equals(text: str) -> Parts | None:
    """C＝Ｘ, the Japanese form; a place and a date stand after the same sign."""
    if "＝" not in text and "=" not in text:
        return None
    found = _EQUALS.search(text)
    if found is None:
        # "＝4日、港市で、田中健撮影": who took it stands last, behind day and place
        before, comma, after = text.rpartition("、")
        if comma and len(after) <= 20 and _maker_ja(after) and "＝" in before and not re.search(r"[0-9０-９]", after):
            return before, after
        return None
    after = found[1].strip()
    if re.search(r"[0-9０-９]|[年月日時]|で$|にて|から", after) or not _has_letters(after):
        return None
    return text[: found.start()], after


def _by_stop(text: str) -> Parts | None:
    """C. X/Agency, C. 연합뉴스, C. — AFP: what stands after the last sentence and names a source."""
    found = _LAST_STOP.match(text)
    if found is not None:
        before, after = found[1], found[2].strip(_SEPARATORS)
        if after and len(after) <= 100 and names_source(after):
            return before, after
        if _CAPITALS.fullmatch(after) and not before.isupper():  # El mercado desde el aire. ANA RUIZ
            return before, after
    before, sign, after = text.rpartition("/")
    if sign and AGENCY.fullmatch(after.strip(" .")) and not looks_like_names(before):
        words = before.split()
        if before.endswith(" ") and len(words) >= 4 and words[-1] not in _agencies():
            return before, after
    for dash in (" — ", " – ", " - "):
        before, sign, after = text.rpartition(dash)
        if (
            sign
            and len(after) <= 60
            and (AGENCY.fullmatch(after.strip(" .")) or re.match(r".{2,40} (?:pic|photo)s?$", after))
        ):
            return before, after
    return None


def _whole(text: str) -> Parts | None:
    """X alone: a credit without a caption."""
    inner = _WHOLE_BRACKET.match(text)
    candidate = inner[1] if inner else text
    if len(candidate) <= MAX_CREDIT and (start := _label_start(candidate)) and _short(candidate):
        rest = clean_credit(candidate)
        if _is_plot(start[0], candidate[start.end() :]):
            return None
        if rest and (len(rest) <= 80 or names_source(rest)) and not re.search(r"[.!?]\s+\w+\s+\w+", rest):
            return None, candidate
    bare = candidate.strip(" .")
    if len(text) > _MAX_NAMES or re.search(r"\w{3}[.!?] ", candidate):
        return None
    if AGENCY.fullmatch(bare) or (inner and looks_like_names(bare) and not _STATUS.fullmatch(bare)):
        return None, candidate
    if ("/" in bare or "|" in bare) and looks_like_names(bare) and (AGENCY.search(bare) or HOUSE.search(bare)):
        return None, candidate
    return None


_WAYS: tuple[Callable[[str], Parts | None], ...] = (
    _whole,
    _by_bare_label,
    _by_bracket,
    _by_sign,
    _by_label,
    _by_phrase,
    _by_taker,
    _by_equals,
    _by_pipe,
    _by_stop,
)
