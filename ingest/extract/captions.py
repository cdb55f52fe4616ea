"""Caption and credit apart: what stands under a picture, split by the ways in which outlets attach a credit.

    "… her region. / Image: Daily NK"   "… (Foto: dpa)"   "… © Reuters"   "…（３日）＝ＡＰ"   "[사진=연합뉴스]"

The forms were collected from the captions of some hundred outlets; each is one function, tried in order of how sure
it is. A label ("Foto:", "©") and the separator belong to neither part, words of status ("Archiv", "handout") stay with
the credit, and a date, a number or a place in a last bracket is never a credit.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest.extract.alternation import spread, stems
from ingest.extract.caption_text import (
    DATE,
    DAY_CJK,
    MAX_CREDIT,
    MAX_LABEL,
    SEPARATORS,
    WHOLE_BRACKET,
    agencies,
    clean_credit,
    cleaned_caption,
    cleaned_credit,
    has_letters,
    holds,
    is_labelled,
    label_start,
    looks_like_names,
    lower,
    maker_ja,
    names_source,
    without_tail,
)
from ingest.extract.credit_words import AGENCY, BY, BY_NOUN, HOUSE, LABEL, SIGN, SIGNS
from ingest.text import squeeze

Parts = tuple[str | None, str | None]
"""(caption, credit), each as displayed or None."""
# These two, and the labels at a start, are for texts in lower case: to search for so many words without regard to case takes three times as long.
_LABELLED = re.compile(
    rf"(?<![^\s\[(（【<〈.,;/|∣–—!?。！？»”\"')）-])(?:{LABEL}\s*[:：=＝]|(?:图|圖|图片|圖片|사진|写真)\s?[/／])\s*"
)
_DOUBLED = re.compile(rf"(?<!\S){LABEL}\s*[:：=＝]\s*$")
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
_OPENING = ("(", "[")
_SIGN_SPLIT = re.compile(rf"\s*[(\[（]?\s*{SIGN}\s*[:：]?\s*", re.IGNORECASE)
_LAST_BRACKET = re.compile(
    r"[(（\[【〈<]([^()（）\[\]【】〈〉<>]*(?:[(（\[][^()（）\[\]]*[)）\]][^()（）\[\]]*)?)[)）\]】〉>]\s*[.。]?\s*$"
)
_TAKEN_BY_ZH = re.compile(
    "(?<=[\\s。，）])[\u3400-\u9fff]{2,12}(?:[\\s、][\u3400-\u9fff]{2,4}){0,2}\\s?(?:[摄攝]|供[图圖](?:\\s[\u3400-\u9fff]{2,6}发)?)$"
)
_TAKEN_ENDS = ("摄", "攝", "供图", "供圖", "发")
_EQUALS = re.compile(r"\s*[＝=]\s*([^＝=（(、。]{2,20})$")
_GOES_ON = re.compile(r"[a-zа-я]{4,}[.!?]\s+\S+\s+[a-zа-я]")
_SENTENCE_END = re.compile(r"[.!?。！？…»”\"')）\]]\s*$")
_CAPITALS = re.compile(r"(?:[A-ZÀ-ÞЀ-Я][A-ZÀ-ÞЀ-Я.'’-]*\s){1,4}[A-ZÀ-ÞЀ-Я][A-ZÀ-ÞЀ-Я'’-]+")
_LAST_STOP = re.compile(r"^(.*[.!?…。»”\")])\s*([^.!?。]*(?:\b[A-Z]\.\s?[^.!?。]*)*)$", re.DOTALL)
# What a last bracket may say of the picture itself, without naming anybody.
_STATUS = re.compile(
    r"(?:archiv|symbol|vorschau|beispiel|themen)(?:bild|foto|aufnahme)?e?r?|(?:file|stock|handout|archive|undated)(?: (?:photo|image|picture))?|"
    r"left|right|cent(?:re|er)|l|r|li|re|m|links|rechts|mitte|gauche|droite|izquierda|derecha|sinistra|destra|"
    r"archivo|archives?|arkiv(?:bild|foto)?|arkivfoto|repro|montage|kollage|illustration|画像|資料|資料写真|자료사진",
    re.IGNORECASE,
)
_MAX_NAMES = 60
_MAX_TEXT = 2_000
_MAX_PIPES = 6
# What the dear patterns can't do without: most captions have none of it, and to look for it costs a tenth of a search.
_MARKS = (":", "：", "=", "＝", "/", "／")
_BY_STEMS = stems(spread(_BY_WAYS))
_BARE_STEMS = stems(_BARE_WORDS)
_SENTENCE_STOPS = (". ", "! ", "? ")
_CLOSING = tuple(")）]】〉>")


def split_caption(text: str) -> Parts:
    """The caption and the credit of one text that may hold both.

    >>> split_caption("A market in the border region. / Image: Daily NK")
    ('A market in the border region.', 'Daily NK')
    >>> split_caption("Sales rose (+1.3 %) in spring. (Ana Diaz/EFE)")
    ('Sales rose (+1.3 %) in spring.', 'Ana Diaz/EFE')
    >>> split_caption("The square (Kyiv, 6.12.2010)")
    ('The square (Kyiv, 6.12.2010)', None)
    """
    text = without_tail(squeeze(text))
    if len(text) > _MAX_TEXT:
        return text, None
    for way in _WAYS:
        if (parts := way(text)) is not None:
            caption, credit = parts
            return cleaned_caption(caption or ""), cleaned_credit(credit or "")
    return cleaned_caption(text), None


def _is_plot(label: str, text: str) -> bool:
    """Whether what follows "Video:" says what is seen ("Video: Police clash with fans"), not who made it."""
    return bool(_VIDEO.match(label.strip())) and not (looks_like_names(text) or AGENCY.search(text))


def _short(text: str) -> bool:
    """Whether a tail is no more than a credit: no sentence begins or goes on in it."""
    if not text or len(text) > MAX_CREDIT or (holds(text, _SENTENCE_STOPS) and _GOES_ON.search(text)):
        return False
    words = text.split()
    return len(words) <= 6 or sum(word.islower() for word in words) * 2 <= len(words)


def _by_sign(text: str) -> Parts | None:
    """C © X; all after the first sign, for "© imago/A ∣ © dpa" is one credit."""
    found = _SIGN_SPLIT.search(text) if holds(text, SIGNS) else None
    if found is None:
        return None
    before, after = text[: found.start()], text[found.end() :]
    if not _short(after) or not has_letters(after):
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
    if not inside or len(inside) > MAX_CREDIT or DATE.match(inside):
        return None
    before = text[: found.start()]
    if is_labelled(inside) or _LABELLED.match(lower(inside)) or names_source(inside):
        return before, inside
    if (maker_ja(inside) and not DAY_CJK.search(inside)) or (
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
    for found in _LABELLED.finditer(lower(text), max(0, min(marks) - MAX_LABEL)):
        last = found
    if last is None:
        return None
    before, label, after = text[: last.start()], text[last.start() : last.end()], text[last.end() :]
    opened = before.rstrip()[-1:]
    if opened in ("[", "(", "（", "【", "<", "〈") and opened:
        before = before.rstrip()[:-1]
        after = re.sub(r"[\])）】>〉]\s*[.。]?\s*$", "", after)
    if not _short(after) or not has_letters(after) or _is_plot(label, after):
        return None
    return _before_doubled(before, label, after)


def _before_doubled(before: str, label: str, after: str) -> Parts:
    """Labels come doubled: "Foto: Bild: X", "Foto: X ∣ Vídeo: Y"; the first of a row begins the credit."""
    if before.rstrip().endswith(_MARKS) and (doubled := _DOUBLED.search(lower(before))):
        return before[: doubled.start()], after
    earlier = _by_label(before) if before.rstrip()[-1:] in "|∣;" else None
    if earlier is not None and earlier[1] is not None and len(earlier[1]) < 60:
        kept = len(earlier[0] or "")
        return earlier[0], (before + label + after)[kept:]
    return before, after


def _by_phrase(text: str) -> Parts | None:
    """C. Photo by X."""
    if not holds(text, _BY_STEMS):
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
    found = _BARE_LABEL.search(text) if holds(text, _BARE_STEMS) else None
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
    return (text[: found.start()], found[0]) if found and has_letters(text[: found.start()]) else None


def _by_equals(text: str) -> Parts | None:
    """C＝Ｘ, the Japanese form; a place and a date stand after the same sign."""
    if "＝" not in text and "=" not in text:
        return None
    found = _EQUALS.search(text)
    if found is None:
        # "＝4日、港市で、田中健撮影": who took it stands last, behind day and place
        before, comma, after = text.rpartition("、")
        if comma and len(after) <= 20 and maker_ja(after) and "＝" in before and not re.search(r"[0-9０-９]", after):
            return before, after
        return None
    after = found[1].strip()
    if re.search(r"[0-9０-９]|[年月日時]|で$|にて|から", after) or not has_letters(after):
        return None
    return text[: found.start()], after


def _by_stop(text: str) -> Parts | None:
    """C. X/Agency, C. 연합뉴스, C. — AFP: what stands after the last sentence and names a source."""
    found = _LAST_STOP.match(text)
    if found is not None:
        before, after = found[1], found[2].strip(SEPARATORS)
        if after and len(after) <= 100 and names_source(after):
            return before, after
        if _CAPITALS.fullmatch(after) and not before.isupper():  # El mercado desde el aire. ANA RUIZ
            return before, after
    before, sign, after = text.rpartition("/")
    if sign and AGENCY.fullmatch(after.strip(" .")) and not looks_like_names(before):
        words = before.split()
        if before.endswith(" ") and len(words) >= 4 and words[-1] not in agencies():
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
    inner = WHOLE_BRACKET.match(text)
    candidate = inner[1] if inner else text
    if len(candidate) <= MAX_CREDIT and (start := label_start(candidate)) and _short(candidate):
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
