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

from ingest.text import squeeze

Parts = tuple[str | None, str | None]
"""(caption, credit), each as displayed or None."""

# Nouns that announce a credit when a colon (or "=", "by", "von" …) follows. Compound ones ("Archivfoto", "Bildquelle",
# "Photo credit") are made from them below.
_LABEL_WORDS = """
photo photos photograph photographs photography picture pictures pic pics image images illustration illustrations
graphic graphics infographic credit credits source sources copyright video videos screenshot screengrab artwork collage
composite cartoon drawing rendering
foto fotos bild bilder grafik grafiken montage fotomontage karikatur zeichnung quelle quellen bildrechte bildnachweis
nachweis illustrationen skizze
photographie crédit crédits infographie dessin visuel montage
fotografía fotografías imagen imágenes crédito créditos fuente fuentes ilustración gráfico infografía captura vídeo
fotografia fotografie imagem imagens fonte fontes ilustração arte reprodução divulgação
immagine immagini illustrazione grafica
foto's beeld beelden bron fotografie illustratie
bilde bilder illustrasjon illustration arkivfoto kilde kilder skjermdump fotograf fotografi fotografer
kuva kuvat lähde kuvaaja grafiikka ljósmynd ljósmyndir mynd myndir skjáskot
zdjęcie zdjęcia fot źródło grafika zdroj autor fotó forrás kép fotók sursă sursa imagine
φωτογραφία φωτογραφίες φωτό φωτο πηγή εικόνα
фото фотография фотографии источник иллюстрация коллаж скриншот инфографика рисунок изображение кадр видео
світлина джерело ілюстрація колаж зображення інфографіка знімок снимка снимки илюстрация источник фотограф
извор слика слике izvor slika slike fotografija
fotoğraf fotoğraflar görsel kaynak fotoqraf şəkil mənbə
ảnh nguồn hình gambar sumber dok dokumentasi larawan picha isithombe izithombe isifanekiso sawir
nuotr nuotrauka nuotraukos foto fotod attēls avots ფოტო լուսանկարը
صورة الصورة الصور صور تصوير المصدر مصدر عکس منبع تصویر תמונה תמונות צילום צילומים קרדיט מקור איור
फोटो फ़ोटो तस्वीर स्रोत साभार छायाचित्र ছবি சூழ் படம் ఫోటో ചിത്രം ภาพ ที่มา เครดิต រូបភាព ဓာတ်ပုံ
图 图片 图源 图片来源 图片提供 来源 摄影 供图 圖 圖片 圖片來源 來源 攝影 攝 資料圖片 圖源 圖取自
写真 画像 出典 撮影 提供 資料写真 イラスト 사진 사진출처 사진제공 이미지 출처 그래픽 자료사진 영상 캡처 제공
""".split()
# What may stand before such a noun within one label: "Archivfoto", "file photo", "Lead image credit", "사진 출처".
_PREFIX = (
    r"(?:(?:archiv|symbol|beispiel|themen|titel|vorschau|teaser|agentur|porträt|bild|foto|screen|arkiv|archief|arquivo|"
    r"main|lead|cover|top|featured?|header|banner|thumbnail|file|stock|handout|"
    r"courtesy|press|presse|crédits?|credits?|título|foto-?|사진|이미지)[\s-]?)?"
)
_SUFFIX = (
    r"(?:[\s-]?(?:credits?|source|courtesy|copyright|copyrights|nachweis|quelle|rechte|autor|agentur|bron|"
    r"출처|제공|kaynağı|by))?"
)
_LABEL = rf"{_PREFIX}(?:{'|'.join(sorted(map(re.escape, set(_LABEL_WORDS)), key=lambda w: (-len(w), w)))}){_SUFFIX}(?:\(s\))?\.?"
# "Photo by X" and its kin: without a colon the noun must be capitalised or open a bracket, so that running text
# ("a photo by her brother") is left alone.
_BY = (
    r"(?:by|von|de|du|d[’']|di|da|do|av|af|door|by:|courtesy of|courtesy|via|from|cedida por|cortesía de|per|par|od|от)"
)
_BY_NOUN = r"(?:Photos?|Photographs?|Photography|Pictures?|Images?|Illustrations?|Graphics?|Videos?|Artwork|Fotos?|Fotografías?|Bild(?:er)?|Ilustración|Illustration|Collage|Composite|Screenshot|Drawing)"

_SIGN = r"(?:©|ⓒ|Ⓒ|（[CcＣｃ]）|\([Cc]\)|&copy;|\bCopyright\b(?:\s*(?:©|\([Cc]\)))?)"

# Agencies, picture libraries and the like, as they appear in credits of many countries. A known one makes a credit of
# what bears no mark. Compared as whole words, case as printed (folded for those of two words or more).
_AGENCIES = """
AFP|AP|AP Photo|Associated Press|Reuters|REUTERS|dpa|DPA|EPA|EFE|ANSA|APA|SDA|ATS|Keystone|KEYSTONE|Belga|BELGA|ANP|
NTB|Scanpix|SCANPIX|Ritzau|Lehtikuva|LEHTIKUVA|STT|PAP|ČTK|CTK|TASR|MTI|TASS|ТАСС|РИА|РИА Новости|Sputnik|Спутник|УНИАН|
УНІАН|Укрінформ|Ukrinform|Интерфакс|Интерфакс-Украина|Коммерсантъ|AGERPRES|Agerpres|Mediafax|Inquam|Tanjug|Beta|HINA|Hina|
STA|BTA|БТА|LETA|BNS|ELTA|Xinhua|CNS|VCG|IC photo|CFP|CNA|Kyodo|KYODO|Jiji|JIJI|JIJI PRESS|Yonhap|YONHAP|Newsis|News1|
PTI|ANI|IANS|UNI|Antara|ANTARA|Bernama|VNA|TTXVN|VNExpress|MNA|IRNA|ISNA|WAM|SPA|MENA|SANA|Petra|NNA|WAFA|Anadolu|ANADOLU|
Anadolu Agency|Anadolu Ajansı|AA|DHA|İHA|İhlas|Getty|Getty Images|GETTY IMAGES|iStock|iStockphoto|Imago|imago|IMAGO|
imago images|picture alliance|picture-alliance|Picture Alliance|ullstein bild|ddp|Alamy|ALAMY|Shutterstock|SHUTTERSTOCK|
Adobe Stock|AdobeStock|Depositphotos|Dreamstime|123RF|Unsplash|UNSPLASH|Pexels|Pixabay|Flickr|Wikimedia|Wikimedia Commons|
Wikipedia|Creative Commons|Facebook|Instagram|Twitter|TikTok|YouTube|Youtube|Telegram|WhatsApp|LinkedIn|Google|
Sipa|SIPA|Abaca|ABACA|MAXPPP|Hans Lucas|Gamma|Magnum|VII|Zuma|ZUMA|Zuma Press|NurPhoto|LightRocket|Redux|Polaris|Corbis|
PA|PA Wire|PA Media|PA Images|Press Association|SWNS|Rex|Rex Features|Splash|Splash News|Backgrid|BACKGRID|Mega|MEGA|
USA Today|USA TODAY Sports|AAP|AAP Image|Photosport|RNZ|Canadian Press|The Canadian Press|CP|Postmedia|Postmedia News|
Bloomberg|Cuartoscuro|Notimex|NOTIMEX|Europa Press|EUROPA PRESS|LaPresse|LAPRESSE|Contrasto|Fotogramma|Agencia Brasil|
Agência Brasil|Folhapress|Estadão|Télam|TELAM|Telam|Andina|Colprensa|Agencia Uno|AgenciaUno|ATON|Aton|Action Images|
Icon Sport|Icon Sportswire|LAT Images|Motorsport Images|Press Eye|INPHO|Sportsfile|GEPA|gepa|Expa|EXPA|Gallo Images|GCIS|
NASA|ESA|NOAA|DVIDS|USGS|CDC|WHO|UN Photo|UNICEF|UNHCR|IAEA|IDF|GPO|CENTCOM|Pool|POOL|HANDOUT|Handout|Screenshot|
Netflix|Disney|BBC|CNN|ITV|Sky|HBO|Warner Bros|Universal|Xinhua News Agency|KCNA|Rodong Sinmun|Daily NK|
新华社|新華社|中新社|视觉中国|人民视觉|中央社|共同|共同通信|時事|時事通信|ロイター|ゲッティ|アフロ|ＡＰ|ＡＦＰ|ＥＰＡ|ＵＰＩ|ロイター時事|
ゲッティ＝共同|ＡＦＰ時事|ＡＰ＝共同|연합뉴스|뉴시스|뉴스1|뉴스원|로이터|로이터연합뉴스|로이터 연합뉴스|AP연합뉴스|AP 연합뉴스|AFP연합뉴스|AFP 연합뉴스|
EPA연합뉴스|EPA 연합뉴스|게티이미지|게티이미지뱅크|게티이미지코리아|셔터스톡|조선중앙통신|조선중앙TV|노동신문|국회사진기자단|사진공동취재단|
رويترز|أ ف ب|أ.ف.ب|فرانس برس|الأناضول|گتی|ایرنا|ایسنا|רויטרס|פלאש 90|Flash90|FLASH90|गेटी|पीटीआई|एएनआई
"""
_AGENCY_NAMES = tuple(name.strip() for name in _AGENCIES.replace("\n", "").split("|") if name.strip())
_AGENCY = re.compile(
    r"(?<![\w.@])(?:" + "|".join(map(re.escape, sorted(_AGENCY_NAMES, key=len, reverse=True))) + r")(?!\w)"
)
# A house by its last word: "The Yomiuri Shimbun", "Vienna Press Agency", "Orion Pictures".
_HOUSE = re.compile(
    r"\b(?:Shimbun|Sinmun|Ilbo|Times|Post|News|Press|Herald|Tribune|Chronicle|Gazette|Guardian|Telegraph|Agency|Images|"
    r"Pictures|Photos?|Photography|Archives?|Archiv|Media|Studios?|Productions|Police|Museum|Library|University|Ministry|"
    r"Polizei|Feuerwehr|Bundeswehr|Gemeinde|Agentur|Presse|Agence|Agencia|Agenzia|Ayuntamiento|Supplied|Zvg|zVg|ZVG)\b"
)
_AGENCY_CJK = re.compile(
    r"(?:新聞社|通信社|新闻社|通訊社|日报|日報|时报|時報|뉴스|일보|신문|통신|기자단|기자|제공|撮影|提供|摄|攝)$"
)
# Separators between caption and credit, cut from the end of the one and the start of the other.
_SEPARATORS = " \t/|∣｜¦‖,;:：–—―-−•·"
# Buttons and notices inside captions that belong to neither.
_TAIL_LENGTH = 80
_TAIL = re.compile(
    r"\s*(?:\[?(?:more\s*[>»]|read more|show more|see more|vis mer|les mer|visa mer|mehr anzeigen|mehr lesen|"
    r"bild vergrößern|vergrößern|enlarge(?: this)? image|enlarge|hide caption|toggle caption|view (?:in )?(?:gallery|"
    r"fullscreen|image in fullscreen)|ver más|voir plus|leggi di più|lire plus|lees meer|"
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
_LABELLED = re.compile(
    rf"(?:^|(?<=[\s\[(（【<〈.,;/|∣–—-])|(?<=[.!?。！？»”\"')）])){_LABEL}\s*[:：=＝]\s*", re.IGNORECASE
)
_VIDEO = re.compile(r"v[ií]deos?|видео|відео|video\w*|영상|watch", re.IGNORECASE)
_DOUBLED = re.compile(rf"(?:^|(?<=\s)){_LABEL}\s*[:：=＝]\s*$", re.IGNORECASE)
# Labels that no running text could hold are cut even when glued to the caption ("… reagieren.Quelle: dpa").
_LABEL_START = re.compile(
    rf"^[\s\[(（【<〈]*(?:{_LABEL}\s*(?:[:：=＝]|[-–—]\s)\s*|(?:image|photo|picture|media) (?:source|credit)\s*[,，]\s*|"
    rf"{_BY_NOUN}\s+(?:{_BY}\s+|d[’'])|{_SIGN}\s*[:：]?\s*|(?:by|via|courtesy of|courtesy|cortesía de|cortesía|gentileza|"
    rf"mit freundlicher genehmigung von|avec l'aimable autorisation de)\s+[:：]?\s*)",
    re.IGNORECASE,
)
_BY_PHRASE = re.compile(
    rf"(?:(?<=[.!?…”\"'»)\]])\s*|(?<=[|∣/–—-])\s*|(?:^|\s)[(\[]\s*|^|(?<=\S)\s+)(?:{_BY_NOUN}\s+{_BY}\s+|{_BY_NOUN} courtesy[: ]\s*|(?:Courtesy of|Cortesía de|Gentileza de)\s+)"
)
_SIGN_SPLIT = re.compile(rf"\s*[(\[（]?\s*{_SIGN}\s*[:：]?\s*", re.IGNORECASE)
_LAST_BRACKET = re.compile(
    r"\s*[(（\[【〈<]([^()（）\[\]【】〈〉<>]*(?:[(（\[][^()（）\[\]]*[)）\]][^()（）\[\]]*)?)[)）\]】〉>]\s*[.。]?\s*$"
)
_WHOLE_BRACKET = re.compile(r"^\s*[(（\[【〈]\s*([^()（）\[\]【】]+(?:\([^()]*\))?)\s*[)）\]】〉]\s*[.。]?\s*$")
_EQUALS = re.compile(r"\s*[＝=]\s*([^＝=（(、。]{2,20})$")
_SENTENCE_END = re.compile(r"[.!?。！？…»”\"')）\]]\s*$")
_LAST_STOP = re.compile(r"^(.*[.!?…。»”\")])\s*([^.!?。]*(?:\b[A-Z]\.\s?[^.!?。]*)*)$", re.DOTALL)
_MADE_BY_JA = re.compile(r"^(.{1,30}?)(?:氏|さん)?(?:撮影|提供|撮)$")
_KOREAN_REPORTER = re.compile(r"^[가-힣]{2,4}\s?(?:선임)?(?:기자|특파원|인턴기자)$")
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
    for way in _WAYS:
        if (parts := way(text)) is not None:
            caption, credit = parts
            return clean_caption(caption), clean_credit(credit or "")
    return clean_caption(text), None


def clean_caption(text: str | None) -> str | None:
    """Without buttons, "Legende:" and separators at the ends; its own final stop stays.

    >>> clean_caption("Legende: The lake, —")
    'The lake'
    """
    if not text:
        return None
    text = _without_tail(squeeze(text))
    text = _CAPTION_LABEL.sub("", text)
    text = text.lstrip(_SEPARATORS).rstrip(_SEPARATORS)
    return text if _has_letters(text) else None


def clean_credit(text: str) -> str | None:
    """A credit as displayed, without label, sign and the brackets around it; None if nothing is left.

    >>> clean_credit("(Foto: Bild: SN/APA)")
    'SN/APA'
    >>> clean_credit("© 2024")
    """
    text = _without_tail(squeeze(text))
    for _ in range(5):  # "Foto: © (Bild: X)": labels come doubled, brackets inside and outside of them
        before = text
        if whole := _WHOLE_BRACKET.match(text):
            text = whole[1]
        if start := _LABEL_START.match(text):
            opened = start[0].lstrip()[:1]
            text = text[start.end() :]
            if opened and opened in "[(（【<〈" and text[-1:] in ")]）】>〉":
                text = text[:-1]
        text = _without_tail(text).lstrip(_SEPARATORS).rstrip(_SEPARATORS)
        if text == before:
            break
    text = _KOREAN_TITLE.sub("", text)
    if text[-1:] in ")]）" and not re.search(r"[(\[（]", text):
        text = text[:-1].rstrip()
    if (made := _MADE_BY_JA.match(text)) and _has_letters(made[1]):
        text = made[1]
    text = re.sub(rf"\s*[|∣/,]\s*{_SIGN}\s*", " | ", text)
    if not _has_letters(text) or _DATE.match(text) or _CLOCKED.match(text) or len(text) > MAX_CREDIT:
        return None
    return text


def is_labelled(text: str) -> bool:
    """Whether a text opens with the label of a credit ("Foto: X", "© X", "(Photo by X)").

    >>> is_labelled("Bild: Keystone"), is_labelled("Bilder einer Stadt")
    (True, False)
    """
    return bool(_LABEL_START.match(text))


def names_source(text: str) -> bool:
    """Whether a text without a label can only be a credit: short, with a known agency or house, or "Name/Name".

    >>> [names_source(text) for text in ("Kim Roe/Getty Images", "연합뉴스", "The lake in May", "6.12.2010")]
    [True, True, False, False]
    """
    text = squeeze(text).strip(" .")
    if not 2 <= len(text) <= 100 or not _has_letters(text) or _DATE.match(text):
        return False
    if _KOREAN_REPORTER.match(text) or (len(text) <= 20 and _AGENCY_CJK.search(text)):
        return True
    if _AGENCY.fullmatch(text):
        return True
    if not looks_like_names(text):
        return False
    return bool(_AGENCY.search(text) or _HOUSE.search(text) or re.search(r"\w\s?[/|∣]\s?\w", text))


def looks_like_names(text: str) -> bool:
    """Whether every word is capitalised or a particle, as in a list of names; no sentence is.

    >>> looks_like_names("Ana de la Cruz / EFE"), looks_like_names("Ana laughs")
    (True, False)
    """
    words = re.sub(r"([/|∣,;&+()])", r" \1 ", text).split()
    if not words or len(words) > 14:
        return False
    plain = [word for word in words if word not in "/|∣,;&+()"]
    good = sum(bool(_NAME_WORD.match(word)) or word in _agencies() for word in plain)
    return good == len(plain)


def _without_tail(text: str) -> str:
    start = max(0, len(text) - _TAIL_LENGTH)
    found = _TAIL.search(text, start)
    return text[: found.start()].rstrip() if found else text


def _has_letters(text: str) -> bool:
    return sum(char.isalpha() for char in text) >= 2 or bool(re.search(r"[^\W\d_ -ɏ]", text))


@cache
def _agencies() -> frozenset[str]:
    return frozenset(word for name in _AGENCY_NAMES for word in name.split())


def _is_plot(label: str, text: str) -> bool:
    """Whether what follows "Video:" says what is seen ("Video: Police clash with fans"), not who made it."""
    return bool(_VIDEO.match(label.strip())) and not (looks_like_names(text) or _AGENCY.search(text))


def _short(text: str) -> bool:
    """Whether a tail is no more than a credit: no sentence begins or goes on in it."""
    if not text or len(text) > MAX_CREDIT or re.search(r"[a-zа-я]{4,}[.!?]\s+\S+\s+[a-zа-я]", text):
        return False
    words = text.split()
    return len(words) <= 6 or sum(word.islower() for word in words) * 2 <= len(words)


def _by_sign(text: str) -> Parts | None:
    """C © X; all after the first sign, for "© imago/A ∣ © dpa" is one credit."""
    found = _SIGN_SPLIT.search(text)
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
    found = _LAST_BRACKET.search(text)
    if found is None:
        return None
    inside = squeeze(found[1])
    if not inside or _DATE.match(inside) or len(inside) > MAX_CREDIT:
        return None
    before = text[: found.start()]
    if is_labelled(inside) or _LABELLED.match(inside) or names_source(inside):
        return before, inside
    if (
        _MADE_BY_JA.match(inside)
        or re.search(r"(?i)\b(?:via|handout|courtesy|photo|foto)\b.{0,60}$", inside)
        and _AGENCY.search(inside)
    ):
        return before, inside
    if (
        re.search(r"[.!?…。”\"»]\s*$", before)
        and len(inside) <= 40
        and looks_like_names(inside)
        and not _STATUS.fullmatch(inside.strip(". "))
    ):
        return before, inside
    if re.match(r"(?:Dok|Doc|Doku|Fot|Foto|Photo|Pic)\.\s*\S", inside):
        return before, inside
    if _BY_PHRASE.match(inside):
        return before, inside
    return None


def _by_label(text: str) -> Parts | None:
    """C. Foto: X; after the last label, wherever something ends before it."""
    last = None
    for found in _LABELLED.finditer(text):
        last = found
    if last is None:
        return None
    before, after = text[: last.start()], text[last.end() :]
    opened = before.rstrip()[-1:]
    if opened in ("[", "(", "（", "【", "<", "〈") and opened:
        before = before.rstrip()[:-1]
        after = re.sub(r"[\])）】>〉]\s*[.。]?\s*$", "", after)
    if not _short(after) or not _has_letters(after) or _is_plot(last[0], after):
        return None
    return _before_doubled(before, last[0], after)


def _before_doubled(before: str, label: str, after: str) -> Parts:
    """Labels come doubled: "Foto: Bild: X", "Foto: X ∣ Vídeo: Y"; the first of a row begins the credit."""
    if doubled := _DOUBLED.search(before):
        return before[: doubled.start()], after
    earlier = _by_label(before) if before.rstrip()[-1:] in "|∣;" else None
    if earlier is not None and earlier[1] is not None and len(earlier[1]) < 60:
        kept = len(earlier[0] or "")
        return earlier[0], (before + label + after)[kept:]
    return before, after


def _by_phrase(text: str) -> Parts | None:
    """C. Photo by X."""
    last = None
    for found in _BY_PHRASE.finditer(text):
        last = found
    if last is None:
        return None
    before, after = text[: last.start()], text[last.end() :]
    if last[0].lstrip()[:1] in ("(", "["):
        after = after.rstrip(")]")
    if not _short(after) or not re.match(r"[\W\d]*[^\W\da-z]", after):
        return None
    return before, after


def _by_pipe(text: str) -> Parts | None:
    """C ∣ X."""
    for sign in ("|", "∣", "｜"):
        before, found, after = text.rpartition(sign)
        if found and _short(after) and len(after) <= 80 and not _SENTENCE_END.search(after) and looks_like_names(after):
            more = _by_pipe(before)  # "C ∣ AP/dpa ∣ Kim Roe"
            if more is not None and more[1] is not None and names_source(more[1]):
                return more[0], f"{more[1].strip()} {sign} {after.strip()}"
            return before, after
    return None


def _by_equals(text: str) -> Parts | None:
    """C＝Ｘ, the Japanese form; a place and a date stand after the same sign."""
    found = _EQUALS.search(text)
    if found is None:
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
    before, sign, after = text.rpartition("/")
    if sign and _AGENCY.fullmatch(after.strip(" .")) and not looks_like_names(before):
        words = before.split()
        if before.endswith(" ") and len(words) >= 4 and words[-1] not in _agencies():
            return before, after
    for dash in (" — ", " – ", " - "):
        before, sign, after = text.rpartition(dash)
        if (
            sign
            and len(after) <= 60
            and (_AGENCY.fullmatch(after.strip(" .")) or re.match(r".{2,40} (?:pic|photo)s?$", after))
        ):
            return before, after
    return None


def _whole(text: str) -> Parts | None:
    """X alone: a credit without a caption."""
    inner = _WHOLE_BRACKET.match(text)
    candidate = inner[1] if inner else text
    if (start := _LABEL_START.match(candidate)) and len(candidate) <= MAX_CREDIT and _short(candidate):
        rest = clean_credit(candidate)
        if _is_plot(start[0], candidate[start.end() :]):
            return None
        if rest and (len(rest) <= 80 or names_source(rest)) and not re.search(r"[.!?]\s+\w+\s+\w+", rest):
            return None, candidate
    if len(text) <= 60 and (
        _AGENCY.fullmatch(text.strip(" ."))
        or (names_source(candidate) and re.search(r"[/|]", candidate) and not re.search(r"\w{3}[.!?] ", candidate))
    ):
        return None, candidate
    return None


_WAYS: tuple[Callable[[str], Parts | None], ...] = (
    _whole,
    _by_bracket,
    _by_sign,
    _by_label,
    _by_phrase,
    _by_equals,
    _by_pipe,
    _by_stop,
)
