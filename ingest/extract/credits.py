"""Credits lines: who did what, as printed ("Reporting by …; editing by …"), and the agencies that a text draws on.

They stand before or after the text, or in its last paragraphs, in blocks of their own. They are neither body nor
byline: the byline's authors are found by `authors.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.extract.alternation import one_of, sieve, spread
from ingest.extract.candidates import Candidate
from ingest.extract.layout import Block
from ingest.extract.surroundings import BESIDE, COMMENTS, OUTSIDE, surroundings
from ingest.extract.view import View

# What a credits line opens with, in lower case; a colon or "by" follows where the word alone could open a sentence.
_BY = re.compile(
    r"[\s(\[（【—–*-]*"
    + one_of(
        spread(
            # English
            r"(?:with )?(?:additional |further |extra |original |data )?(?:reporting|reports?|writing|contributions?|research|material|information|files|inputs?)"
            r"(?: and (?:writing|editing|additional reporting|graphics|research))?(?: (?:for this (?:story|article))| contributed)? (?:by|from)\b|"
            r"(?:written|edited|compiled|reported|translated|produced|curated|fact-checked|reviewed)(?: and (?:written|edited|translated|adapted))? by\b|"
            r"(?:editing|translation|graphics?|production|fact[- ]checking|photography|illustrations?|compilation) by\b|"
            r"(?:editors?|copy ?editors?|sub-?editors?|translator|writers?|reporters?|producers?|fact[- ]checkers?|source|sources|desk)\s*[:：]|"
            r"with (?:agency|agencies|wire|afp|ap|reuters|pa|dpa)\b[\w, &-]{0,40}$|"
            # Deutsch
            r"(?:redaktion|redaktionelle mitarbeit|mitarbeit|bearbeitung|bearbeitet von|übersetzung|übersetzt von|aus dem \w+ (?:übersetzt )?von|texte?|recherche|autorin?|"
            r"autoren|verfasst von|beitrag von|ein beitrag von|protokoll|lektorat|online-?fassung|quellen?)\s*(?:[:：]|(?<=von)\s)|"
            r"(?:mit|unter verwendung von) (?:material|informationen|inhalten|angaben|agenturmaterial|agenturen|beiträgen|dpa|afp|reuters|apa|sid|epd|kna)\b|"
            # français, español, português, italiano
            r"\(?(?:avec|source|d['’]après) (?:l['’])?(?:afp|ap|reuters|agences?|ats|belga|dpa)\b|(?:avec la (?:participation|contribution|collaboration) de|propos recueillis par|"
            r"traduit (?:de .{2,20} )?par|traduction|édité par|édition|rédaction|rédigé par|montage)\s*(?:[:：]|(?<=par)\s|(?<=de)\s)|"
            r"con (?:información|informaciones|datos|reportes?|aportes?|ayuda|la colaboración) (?:de|del)\b|(?:reporte|redacción|edición|editado por|traducción|traducido por|"
            r"escrito por|información de|fuentes?)\s*(?:[:：]|(?<=por)\s|(?<=de)\s)|"
            r"com informações d[aoe]s?\b|com (?:agências?|reuters|afp|efe)\b|(?:reportagem|edição|texto|tradução|editado por|supervisão|fonte)\s*(?:[:：]|(?<=por)\s|de\s(?=[a-z]))|"
            r"(?:a cura di|testo|traduzione|ha collaborato|hanno collaborato|fonte)\s*(?:[:：]|(?<=di)\s)|"
            # Nederlands, Nordic, suomi
            r"(?:met (?:medewerking|dank aan|informatie) van|vertaling|tekst|redactie|eindredactie|bron)\s*(?:[:：]|(?<=van)\s)|"
            r"(?:text|tekst|redigering|översättning|oversettelse|oversat af|kilde|källa|källor|medarbetare|redaktör|redaktør|toimittaja|teksti|käännös|lähde)\s*[:：]|"
            # Polski, česky, magyar, română, türkçe
            r"(?:oprac(?:owanie|ował|owała|\.)|tłum(?:aczenie|\.)|redakcja|źródło|autor(?:ka|zy)?|připravil|zdroj|překlad|szerkesztette|fordította|forrás|editor|traducere|sursa|"
            r"sursă|haber|editör|çeviri|derleyen|kaynak|muhabir)\s*[:：]|"
            # Кирилица, ελληνικά
            r"(?:подготовил[аи]?|редактор|перевод|перевёл|перевела|автор(?:ы|и)?|текст|источник|материал подготовил[аи]?|підготув(?:ав|ала|али)|переклад(?:ач)?|джерело|"
            r"източник|επιμέλεια|πηγή|σύνταξη|μετάφραση)\s*[:：]|"
            # Indonesia, tiếng Việt, हिन्दी, عربي, עברית
            r"(?:editor|penulis|reporter|penyunting|pewarta|sumber|penerjemah|biên tập|nguồn|theo|संपादन|लेखक|स्रोत|रिपोर्ट|تحرير|إعداد|ترجمة|المصدر|كتابة|עריכה|כתיבה|תרגום|מקור)\s*[:：]|"
            # 中文, 日本語, 한국어
            r"(?:责编|责任编辑|編輯|编辑|作者|记者|記者|来源|來源|来源|校对|校對|审核|審核|监制|文|文字|撰文|翻译|翻譯|综合|執筆|翻訳|取材|文責|構成|編集|聞き手|번역|취재|글|기획|편집|정리|감수|구성|데스크|자료)\s*(?:[:：=＝・/／]|(?<=[글역재])\s(?=[가-힣]{2,4}(?:\s|$|·)))"
        )
    )
)
# "Reporting" and "editing" may stand behind names: "Jane Roe contributed to this report."
_CONTRIBUTED = re.compile(
    r"^[\s(*–—-]*(?:[^\W\d_][\w.'’-]*[\s,&]+){1,14}(?:(?:also |has |have )?contributed (?:reporting|research|to this (?:report|story|article|piece))|"
    r"contributed\.?$|a contribué à|ont contribué à|contribuy(?:ó|eron) (?:a|con|en)|hat (?:an diesem|zu diesem)|haben (?:an diesem|zu diesem)|"
    r"ha collaborato|hanno collaborato|bidrog till|bidro til|bidrog til)",
    re.IGNORECASE,
)
_MAY_CONTRIBUTE = sieve("contrib|an diesem|zu diesem|collaborato|bidro")
# Lines whose opening says it all: "mit dpa", "(avec AFP)".
_WHOLE = re.compile(r"^\W*(?:mit|with|avec|con|com|source)\s+(?:l['’])?\w", re.IGNORECASE)
_PHOTOS_ONLY = re.compile(r"^[\s(\[]*(?:photos?|fotos?|bild(?:er)?|images?|video)\s*(?:by\b|[:：])", re.IGNORECASE)
_NEXT = frozenset({"h1", "h2"})
_PICTURES = frozenset({"figcaption", "figure"})
_MAX_LENGTH = 320
_MOST = 5
"""Lines of one article; a page with more lists its sources below its pictures or tables."""
_NEAR_END = 4
_BEFORE, _AFTER = 8, 12


def credit_lines(view: View) -> Iterator[Candidate[str]]:
    """The credits lines, joined by a space; what they take is no body text."""
    if view.body is None or not view.body.blocks:
        return
    in_body = [block.index for block in view.body.blocks]
    first, last = in_body[0], in_body[-1]
    known: dict[int, int] = {}
    found: list[str] = []
    for block in _near(view, in_body):
        text = view.remains.get(block.index, block.text)
        if is_credit_line(text) and (block.index in in_body or not _is_apart(block, first, last, known)):
            found.append(text.strip("()[]（）【】 *") if _is_wrapped(text) else text)
            view.remains[block.index] = ""
            if len(found) == _MOST:
                break
    if found:
        yield Candidate(" ".join(dict.fromkeys(found)), "credits line near the text", 1)


def is_credit_line(text: str) -> bool:
    """Whether a block says who wrote, edited or translated, or on whose material it draws, and nothing else.

    >>> [is_credit_line(t) for t in ("Reporting by Jane Roe; editing by Li Wei", "번역 김서윤", "Editors are people too.")]
    [True, True, False]
    """
    if not 4 <= len(text) <= _MAX_LENGTH:
        return False
    lower = text.lower()
    found = _BY.match(lower)
    if (found is None and not _MAY_CONTRIBUTE(lower)) or _PHOTOS_ONLY.match(text):
        return False
    if found is None:
        return bool(_CONTRIBUTED.match(text)) and len(text) <= 250
    rest = lower[found.end() :]
    if sum(char.isalpha() for char in rest) < 2 and not _WHOLE.match(text):
        return False
    return (
        len(rest) <= _MAX_LENGTH
        and len(re.findall(r"[.!?。](?:\s|$)", rest.rstrip(" .)。"))) <= 2
        and rest.count("?") == 0
    )


def _near(view: View, in_body: list[int]) -> Iterator[Block]:
    """Short blocks just before, in the last part of, and just after the text, and between its paragraphs, that are no links."""
    first, last = in_body[0], in_body[-1]
    early = set(in_body[:-_NEAR_END])
    for block in view.layout.blocks[max(0, first - _BEFORE) : last + 1 + _AFTER]:
        if block.index > last and block.box.tag in _NEXT:
            return
        size = len(block.text)
        if size <= _MAX_LENGTH and block.link_chars * 5 < size * 4 and block.index not in early:
            yield block


def _is_apart(block: Block, first: int, last: int, known: dict[int, int]) -> bool:
    """Whether a block stands at a picture, or in a box that is not about the article."""
    if block.box.tag in _PICTURES:
        return True
    return bool(surroundings(block.box, first, last, known) & (OUTSIDE | COMMENTS | BESIDE))


def _is_wrapped(text: str) -> bool:
    text = text.strip()
    return text[:1] in "([（【" and text[-1:] in ")]）】" and text.count(text[0]) == 1
