"""Text → names: what stands in a byline, without what stands around the names.

A byline says who ("By", "Von", "기자"), what they are ("Reporter", "Redakteurin"), where and for whom. Names alone are
kept, and agencies where they sign. The tables hold words of many languages: bylines are written in all of them, by the
same few habits.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from functools import lru_cache

from ingest.extract.alternation import one_of
from ingest.extract.moments import month_of
from ingest.text import squeeze

# Words that introduce a name. They count only at the start, or right after a label.
_BY = """
    by von vom par por di door av af od autor autorin autoren autores auteur auteurs auteure autore autori autora
    author authors written posted published reported reporting compiled produced edited words story text texte texto testo
    tekst textos fotos bilder photos escrito redactado redacción publicado escrita publicada redigé écrit rédigé publié scritto
    pubblicato geschrieben verfasst geschreven skrevet skriven napisał napisała opracował opracowała opracowanie przez
    автор авторы автори текст подготовил подготовила підготувала yazan yazar yazarı hazırlayan haber muhabir oleh penulis
    submitted soumis eingereicht gespeichert inviato enviado publicada publicadas diposting dipublikasikan ditulis postado gepost
    geplaatst gönderen zamieścił
    लेखक द्वारा بقلم كتب كتبت إعداد نویسنده מאת โดย ผู้เขียน লেখক γράφει
    editor reporter tác giả bởi theo συντάκτης του της από бy зa автор: megírta írta szerző kirjoittaja text/foto
    interview interviewed kommentar comment analyse analysis porträt reportage bericht gastbeitrag kolumne essay opinion
    verantwortlich escribe veröffentlicht gepostet eingestellt erstellt eingetragen published autor/in autor:in autor*in verfasser verfasserin beitrag artikel quelle
""".split()
_INTRODUCTIONS = frozenset(_BY)
_FIRST_WORD = re.compile(r"\W*(\w+)")
_OPENINGS = frozenset(match[1] for phrase in _BY if (match := _FIRST_WORD.match(phrase)))
_PREPOSITIONS = frozenset("on in at the by to from um am im the of this all mehr alle le el il la".split()) - {
    "la",
    "el",
}
_BY_START = re.compile(
    rf"^(?:\W*\b(?:{'|'.join(sorted(map(re.escape, _BY), key=len, reverse=True))})\b(?:\s*(?:[:：/&]|\b(?:und|and|et|y|e)\b)\s*)?\s*)+(?=\S)",
    re.IGNORECASE,
)
# "Ein Kommentar von X", "Una entrevista de X", "Aus Berlin berichtet X", "Opinion by X": a phrase that ends in by.
_PHRASE_OPENINGS = frozenset(
    "alles alle all mehr more post posts article articles view see todos ver voir tous ein eine un une una uma a an aus from "
    "in das der die fragen protokoll gespräch entrevista entretien propos".split()
)
_PHRASE_START = re.compile(
    rf"^(?i:(?:{'|'.join(sorted(_PHRASE_OPENINGS))})\s+"
    r"(?:[^\W\d_][\w'-]{1,24}\s+){0,3}?)(?:von|by|par|por|di|berichtet|berichten|av|af|door|recueillis par)\s+(?=[^\W\d_]*[A-ZÀ-ÞЀ-Я])"
)
_GLUED_WORDS = ("By", "Von", "Par", "Por")
_GLUED = re.compile(rf"^\W*(?:{'|'.join(_GLUED_WORDS)})(?=[A-ZÀ-Þ][a-zß-ÿ.])")  # <span>By</span><a>Jane Doe</a>
# Within a line: "25.04.24 | 14:07 | Von Anna Muster".
_WITHIN = re.compile(
    r"(?:^|[|·•—–,:\d]\s*|\bUhr\s+)(?i:von|by|par|por|di|door|av|af|oleh|przez|автор|autor|author|tekst|text)\b:?\s+(?=[^\W\d_]*[A-ZÀ-ÞЀ-Я])|"
    r"(?:作者|记者|記者|撰文|文)\s*[:：/／]\s*(?=[\u3040-\u30ff\u3400-\u9fff])"
)
_CJK_BY = re.compile(
    r"^\W*(?:作者|기자명|文(?=[\s:：/／|・])|记者|記者|責任編輯|责任编辑|责编|編輯|编辑|撰文|取材|執筆|聞き手|글|기자|취재|작성자|글쓴이|저자)\s*[=＝:：/／|・]?\s*"
)

# What people are, and the words that only say that somebody wrote: never a name of their own.
_ROLES = frozenset(
    """
    staff writer writers reporter reporters correspondent correspondents editor editors journalist journalists columnist
    contributor contributors contributing senior junior chief deputy managing executive assistant associate freelance freelancer
    photographer producer producers author authors guest special political business sports science technology tech
    health education environment environmental foreign national international world diplomatic defence defense economics
    finance financial news digital online video features feature entertainment culture consumer affairs money travel
    opinion investigative investigations crime court courts legal data bureau head blogger analyst fellow professor director
    redakteur redakteurin redakteure redaktor redaktorin redakteur:in redaktionsleiter redaktionsleiterin chefredakteur
    chefredakteurin chefredaktor volontär volontärin volontaer korrespondent korrespondentin reporterin journalistin autor
    autorin gastautor gastautorin ressortleiter ressortleiterin leiter leiterin kolumnist kolumnistin mitarbeiter mitarbeiterin
    freier freie redaktionsleitung expertin experte wissenschaftsredakteur wirtschaftsredakteur verantwortlicher
    journaliste rédacteur rédactrice correspondant correspondante chroniqueur chroniqueuse envoyé envoyée envoyés envoyées
    spécial spéciale spéciaux spéciales chef
    periodista redactor redactora reportero reportera corresponsal colaborador colaboradora enviado enviada especial jefe jefa
    jornalista repórter colunista colaboração editora giornalista inviato redattore redattrice collaboratore direttore
    dziennikarz dziennikarka redaktor redaktorka korespondent publicysta journalist verslaggever redacteur correspondente
    toimittaja journalisti muhabir muhabiri editör yazarı wartawan reporter penulis корреспондент журналист журналистка
    редактор обозреватель кореспондент журналіст
    """.split()
)
_ROLE_ENDS = (
    "redakteur",
    "redakteurin",
    "korrespondent",
    "korrespondentin",
    "korrespondenten",
    "reporterin",
    "journalistin",
    "expertin",
    "experte",
)
_POSTS = frozenset(
    "correspondent correspondents reporter reporters editor editors columnist journalist journalists writer writers redakteur redakteurin korrespondent "
    "korrespondentin reporterin journalistin journaliste correspondant correspondante periodista corresponsal giornalista "
    "jornalista repórter verslaggever redacteur dziennikarz dziennikarka корреспондент обозреватель muhabiri".split()
)
_OUR = frozenset("our unser unserem unserer unseren notre nuestro nuestra nostro nostra onze vår vores naszego".split())
_CONNECTING = frozenset(
    "of the for in at and & und der die das des für im für de del la le du da di do on to a an our your with".split()
)
# What a name may consist of in part, and not in whole.
_NAMELESS = _ROLES | _CONNECTING
_PARTICLES = _CONNECTING | {"von", "van", "den", "ter", "bin", "al", "el", "zu"}
# Last words of outlets' names, and broadcasters whose name comes before that of a region or department.
_OUTLETS = frozenset(
    """
    post news times herald tribune gazette journal chronicle telegraph guardian mail mirror express observer standard star
    sun globe press daily weekly today online magazine media tv radio television broadcasting network wire review monitor
    examiner courier bulletin dispatch ledger sentinel register inquirer argus echo zeitung nachrichten tageblatt anzeiger
    kurier rundschau allgemeine morgenpost abendblatt rundfunk fernsehen presse blatt
    """.split()
)
_BROADCASTERS = frozenset(
    "BBC CNN NBC CBS ABC PBS NPR ITV RTE MDR NDR WDR SWR RBB BR HR ZDF ARD ORF SRF RTL NRK SVT DR YLE RAI RTVE VOA RFA KBS MBC SBS NHK".split()
)
# Signatures that name nobody.
_NOBODY = frozenset(
    re.sub(r"\s+", " ", phrase.strip())
    for phrase in """
    admin | administrator | administrador | webmaster | root | user | editor | editors | staff | staff writer | staff writers | staff reporter |
    staff reporters | web staff | news staff | newsroom | news desk | newsdesk | web desk | webdesk | online desk | desk | guest | guest author |
    guest contributor | guest post | contributor | contributors | unknown | unbekannt | anonymous | anonym | anonymus | anónimo | anonyme | n/a | na |
    none | null | undefined | nan | false | true | no author | author | the author | author name | autor | autorin | autoren | auteur | autore |
    redaktion | die redaktion | redaktionsteam | onlineredaktion | online redaktion | online-redaktion | webredaktion | red | red. | (red) |
    redacción | redaccion | la redacción | redacao | redação | da redação | redazione | la redazione | rédaction | la rédaction | redactie | de redactie |
    redakcja | redakce | redaksi | redaktionen | redaktionen. | toimitus | szerkesztőség | редакция | редакція | haber merkezi | editör | editor in chief | webredactie |
    digital team | web team | the team | team | social media | press release | pressemitteilung | presse | pressestelle | comunicado de prensa |
    news | blog | home | website | company | staff and wire reports | staff report | wire reports | news service reports | agencies | agenturen | agencias |
    from staff reports | with agencies | private | privat | online | default | test | wordpress | super user | superuser | site admin | post author |
    다른기사 보기 | 다른 기사 보기 | 기사 더보기 | 기자의 다른기사 | 구독 | 구독하기 |
    reprints | print | permalink | comment | comments | share | tweet | follow | subscribe | sign in | sign up | log in | login |
    read more | terms of use | terms of service | privacy policy | 关注 | 關注 | 纠错 | 查看更多 | 更多 | 未知 | 佚名 | 匿名 | 网友 |
    转载 | 原创 | 分享 | 收藏 | 举报 | 评论 | 返回 | 作者 | 小编 | 責任編輯 | 责任编辑 | 字サイズ | 文字サイズ | 続きを読む | シェア |
    편집국 | 온라인뉴스팀 | 디지털뉴스팀 | 뉴스팀 | 관리자 | 編集部 | 编辑部 | 本报讯 | 综合 | 記者 | 기자 | 记者 | index | redaktion online | the editors | view all posts |
    """.split("|")
    if phrase.strip()
)

_ADDRESS = re.compile(
    r"\(?\b[\w.+-]+\s?(?:@|\[at\]|\(at\))\s?[\w.-]+\.\w+\)?|https?://\S+|www\.\S+|(?<!\w)@\w+", re.IGNORECASE
)
_BRACKETED = re.compile(r"【([^【】=＝]{2,12})】")  # the whole byline, as Japanese papers print it
_BRACKETS = re.compile(r"\s*[(\[（【〔][^()\[\]（）【】〔〕]*[)\]）】〕]?")
# The next label of a Chinese line, with what it labels: "作者：张三 来源：新华社 发布时间：2019-10-08".
_CJK_NEXT = re.compile(
    r"(?:^|(?<=\S))\s*(?:责任编辑|責任編輯|责编|责任校对|编辑|編輯|来源|來源|出处|发布时间|發布時間|发布日期|更新时间|时间|時間|日期|字号|浏览|阅读)\s*[:：].*$"
)
# Korean and Japanese write the role after the name, Chinese before or after; a new name follows it without a comma.
_CJK_ROLE = re.compile(
    r"\s*(?:선임기자|전문기자|수습기자|인턴기자|객원기자|대학생기자|통신원|특파원|논설위원|칼럼니스트|편집위원|기자|앵커|아나운서|에디터|작가|교수|연구원|"
    r"編集委員|論説委員|特派員|通信員|記者|編集長|評論家|ライター|特約記者|记者|通讯员|编辑|特约|主笔|評論員|评论员)(?:\s*=|\b|(?=[^가-힣]|$))"
)
# Where a Korean byline names the role, the names stand right before it; what else there is, is a place or an agency.
_KOREAN_NAMED = re.compile(
    r"([가-힣]{2,4})\s*(?:선임|전문|수습|인턴|객원|대학생)?(?:기자|특파원|통신원|논설위원|칼럼니스트|앵커|아나운서|에디터)"
)
_CJK_PLACE = re.compile(r"^[\[(（]?[가-힣]{2,4}(?:=|＝)(?:[가-힣]+[)）\]])?")
_PHOTOS = re.compile(
    r"^\W*(?:fotos?|photos?|bild(?:er)?|video|grafik|graphic|illustrations?|infografik|фото|사진|写真|摄影|攝影)\b\W*(?:\b(?:by|von|de|par|di)\b|:)",
    re.IGNORECASE,
)
# Agencies sign for whoever checked a story as well: "Reporting by A; editing by B".
_EDITING = re.compile(
    r"^\W*(?:editing|edited|translated|translation|redigering|éditing|edición|montaje)\s+(?:by|par|por|av|di)\b",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(
    r"\s*(?:[;|•·∙‧、，︱/／\n\t]|\s[–—]\s|\s-\s|,)\s*(?:(?:and|und|et|y|e|og|och|en|ve|и|i|&)\s+)?|"
    r"\s+(?:and|und|et|og|och|ve|и|та|dan|ja|és|și|και|&|\+|sowie|with|mit|con|avec)\s+",
    re.IGNORECASE,
)
# One letter long: words of names too (Ortega y Gasset, Costa e Silva, Rydz i …); they part only full names.
_SHORT_AND = re.compile(r"(?<=\w\w)\s+(?:y|e|i|a|en|o)\s+(?=[^\W\d_]+\s+[^\W\d_])")
_FOR = re.compile(
    r"\s+(?i:for|für|pour|para|per|voor)\s+(?:the\s+)?[A-ZÀ-Þ].*$|\s+(?:in|aus|à|en|from|di|da)\s+[A-ZÀ-Þ][\w-]+(?:\s[A-ZÀ-Þ][\w-]+)?$"
)
# What no name goes on behind: a time, a place, a link. In lower case, which takes a third of the time of `re.IGNORECASE`.
_TAIL_WORDS = one_of(
    r"updated|published|posted|publié|publicado|aktualisiert|shares?|follow|folgen|view|more|read|email|photos?|fotos?|bilder|kategorie|category|"
    r"in\s+(?=kateg|categ)|sagt|says|and\s+\d+\s+others?|외\s*\d+\s*(?:명|인)|等|вчера"
)
_TAIL = re.compile(
    rf"[:：(\[<>{{}}|=#*…]|\.{{3}}|\b{_TAIL_WORDS}\b|uhr\b|\s[–—-]\s|"
    r"(?<=\s)(?:\d|(?:입력|승인|수정|등록|写真|摄影|攝影|사진)(?=[\s\d・:：=＝/])|(?:le|am|on|el|il|den|op)\s+[^\W\d_]{2,10}[.,]?\s+\d)"
)
_DANGLING = re.compile(r"\s+(?:am|on|le|el|il|den|op|at|um|à|a|and|und|y|et)$", re.IGNORECASE)
_ABBREVIATED = re.compile(r"\s(?:\w|Jr|Sr)\.$")  # "Joe S.", "Perry Bacon Jr."
# "Ma" and "Ba" are names, too: without full stops these degrees count behind a comma only.
_CREDENTIALS = re.compile(
    r"(?:,?\s+(?:ph\.?\s?d|m\.d|m\.a|m\.sc|b\.a|esq|llm|mba|dipl\.-ing)|,\s+(?:md|ma|msc|ba|rn)|\s+(?-i:MD|MSc|RN))\.?$",
    re.IGNORECASE,
)
# "March 18", "Tuesday, Aug. 17": what stands before the number of a day; whether it is a month, the tables of months say.
_BEFORE_DAY = re.compile(
    r"(?:(?<!\w)([^\W\d_]{3,12})\.?,?\s+)?(?<!\w)([^\W\d_]{3,12})\.?\s+\d{1,2}(?:st|nd|rd|th)?(?!\w)"
)
_WEEKDAYS = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi dimanche
    lunes martes miércoles jueves viernes sábado domingo segunda terça quarta quinta sexta
    """.split()
)
_NO_NAMES = _NOBODY | _INTRODUCTIONS | _WEEKDAYS
_COMPANY = re.compile(r"(?:^|\s)(?:gmbh|inc|ltd|llc|plc|pty|s\.?r\.?l|sp\.?\s?z\s?o\.?\s?o|co\. kg)\.?$", re.IGNORECASE)
_GENERATION = frozenset({"II", "III", "IV", "VI"})  # "Jane Doe III"
_JUNK = re.compile(r"[<>{}@\\^$%]|https?:|\.(?:com|php|html)\b$|^\W*$")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CJK_LIST = re.compile("^[\u3400-\u9fff]{2,4}(?:\\s+[\u3400-\u9fff]{2,4})+$")
_MARKS = re.compile(r"[\W_]+")
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")
_MOST_WORDS = 6
_LONGEST = 60


@lru_cache(maxsize=2048)  # a page gives its authors' names three times, an outlet every day
def names_in(text: str, *, sure: bool = True) -> tuple[str, ...]:
    """The names in a byline, in order, each once.

    `sure`: the text is known to be a byline (a field called author); else what does not look like a person's name in
    the script's own way (capitals, two words) is left out.

    >>> names_in("Von Anna Muster und Jörg Beispiel, dpa")
    ('Anna Muster', 'Jörg Beispiel', 'dpa')
    >>> names_in("By JANE DOE, Staff Writer | jane@example.org"), names_in("서울=홍길동 기자 hong@example.kr")
    (('JANE DOE',), ('홍길동',))
    """
    text = squeeze(html.unescape(text))
    lower = text.casefold()
    if not text or len(text) > 400 or lower.strip(" .:") in _NOBODY or _PHOTOS.match(text):
        return ()
    if named := _KOREAN_NAMED.findall(text):
        return tuple(unique(named))
    if "@" in text or "//" in text or "www." in lower or "at)" in lower or "at]" in lower:
        text = _ADDRESS.sub(" ; ", text)
    if _DIGIT.search(text):
        text = _BEFORE_DAY.sub(_without_month, text)
    text = _without_introduction(text)
    if _CJK.search(text):
        if "。" in text:
            return ()  # a sentence, though it may begin with "the reporter"
        text = _CJK_ROLE.sub(" ; ", _CJK_NEXT.sub("", _CJK_BY.sub("", text)))
    text = _CREDENTIALS.sub("", _SHORT_AND.sub(" ; ", text))
    parts = [part for chunk in _SEPARATORS.split(text) for part in _tidy(chunk)]
    names = unique(part for part in parts if is_name(part, sure=sure))
    return tuple(name for i, name in enumerate(names) if i == 0 or _is_another(name, names[0]))


def _is_another(name: str, first: str) -> bool:
    """Whether what stands behind a person in a byline is one more: not their outlet or post, no number of comments."""
    return not (name[0].isdigit() or _is_outlet(name, first) or _is_post(name))


def _without_month(found: re.Match[str]) -> str:
    """A separator for a date's month and weekday; other words before a number as they are."""
    word, month = found.groups()
    if month_of(month, "en") is None:
        return found[0]
    return " ; " if word is None or word.casefold() in _WEEKDAYS else f"{word} ; "


def _is_outlet(name: str, person: str) -> bool:
    """Whether what stands behind a person in a byline is whom they write for: "Jane Doe, Harbour Post"."""
    words = name.split()
    return (
        len(words) > 1
        and len(person.split()) > 1
        and (words[-1].casefold() in _OUTLETS or (words[0].isupper() and words[0] in _BROADCASTERS))
    )


def _is_post(name: str) -> bool:
    """Whether what stands behind a person in a byline is their post: "Jane Doe, Harbour Correspondent"."""
    return name.rpartition(" ")[2].casefold() in _POSTS


def unique(names: Iterable[str]) -> list[str]:
    """Each name once, whatever its case, where and as it is first written.

    >>> unique(["Jane Doe", "Kim", "JANE DOE"])
    ['Jane Doe', 'Kim']
    """
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(folded(name), name)
    return list(found.values())


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """For comparison: letters and digits alone, case folded.

    >>> folded("J. D. O'Neil") == folded("JD O’Neil")
    True
    """
    name = name.casefold()
    return name if name.isalnum() else _MARKS.sub("", name)


@lru_cache(maxsize=4096)
def is_name(text: str, *, sure: bool) -> bool:
    """Whether a text may be the name of a person, an agency or a desk that signs.

    >>> is_name("Jane Doe", sure=False), is_name("dpa", sure=True), is_name("Staff Writer", sure=True)
    (True, True, False)
    >>> is_name("the latest news", sure=False)
    False
    """
    words = text.split()
    if not 0 < len(words) <= _MOST_WORDS or len(text) > _LONGEST or not _LETTER.search(text) or _JUNK.search(text):
        return False
    lower = text.casefold()
    if lower.strip(" .,:") in _NO_NAMES or words[0] in _PREPOSITIONS or len(folded(text)) < 2:
        return False
    if len(words) > 1 and (words[0].rstrip(".").isdigit() or _COMPANY.search(text)):
        return False
    if _NAMELESS.issuperset(lower.replace(",", "").replace(".", "").split()):
        return False
    if sure:
        return True
    if _CJK.search(text):
        return len(folded(text)) <= 6
    first = words[0][0]
    if not 2 <= len(words) <= 5 or not first.isalpha() or first.islower():
        return False
    fitting = 0
    for word in words:
        fitting += (not word[0].islower()) + (word.casefold() in _PARTICLES)
    return fitting >= len(words)


def introduced(text: str) -> bool:
    """Whether a text begins as bylines do: "By …", "Ein Kommentar von …", "記者 …".

    >>> introduced("Ein Kommentar von Anna Muster"), introduced("Anna Muster")
    (True, False)
    """
    word = _FIRST_WORD.match(text)
    if word is None:
        return False
    first = word[1]
    lower = first.lower()
    return bool(
        (lower in _OPENINGS and _BY_START.match(text))
        or (lower in _PHRASE_OPENINGS and _PHRASE_START.match(text))
        or (first.startswith(_GLUED_WORDS) and _GLUED.match(text))
        or (not first.isascii() and _CJK_BY.match(text))
    )


def _opening(text: str) -> re.Match[str] | None:
    """The words that introduce a name at the start of a text; most texts begin with another word."""
    word = _FIRST_WORD.match(text)
    return _BY_START.match(text) if word is not None and word[1].lower() in _OPENINGS else None


def after_introduction(text: str) -> str:
    """What follows "by" within a line that begins with something else; "" if nothing does.

    >>> after_introduction("Do 25.04.24 | 14:07 Uhr | Von Anna Muster")
    'Anna Muster'
    """
    found = _WITHIN.search(text)
    return text[found.end() :] if found else ""


def _without_introduction(text: str) -> str:
    text = _GLUED.sub("", text)
    opening = _opening(text)
    rest = text[opening.end() :] if opening is not None else text
    return _PHRASE_START.sub("", rest or text, count=1)


def _tidy(chunk: str) -> list[str]:
    """One part of a byline without brackets, roles, places and tails; several names of a Chinese list."""
    if _PHOTOS.match(chunk) or _EDITING.match(chunk):
        return []
    if "【" in chunk and (whole := _BRACKETED.fullmatch(chunk.strip())):
        chunk = whole[1]
    part = _DANGLING.sub("", _without_tail(_BRACKETS.sub(" ", chunk)))
    if _CJK.search(part):
        part = _CJK_PLACE.sub("", part.strip()).strip(" .,:;=＝-–—_\"'“”「」*)）]】")
        return part.split() if _is_cjk_list(part) else [part]
    if part.count(" ") > 1:
        part = _FOR.sub("", part)
        if len(part.split()) > 2 and (opening := _opening(part)) is not None:
            part = part[opening.end() :]
    part = part.strip(" ,:;=-–—_\"'“”„«»*)]").lstrip(".")
    words = (part if _ABBREVIATED.search(part) else part.rstrip(" .")).split()
    return [" ".join(_without_roles(words))]


def _without_tail(part: str) -> str:
    lower = part.lower()
    found = _TAIL.search(lower if len(lower) == len(part) else part)  # Turkish İ becomes two characters
    return part[: found.start()].rstrip() if found else part


def _is_cjk_list(part: str) -> bool:
    """Whether names stand side by side, as in Chinese ("张三 李小四"), not one name in two parts, as in Japanese."""
    return bool(_CJK_LIST.match(part)) and (part.count(" ") > 1 or max(map(len, part.split())) > 2)


def _without_roles(words: list[str]) -> list[str]:
    """Without the roles at the ends ("Jane Doe Reporter", "Redakteurin Anna Muster"), as long as a name is left."""
    first, last = 0, len(words)
    if not any(map(_is_role, words)):
        return words[:-1] if last > 2 and _is_agency(words) else words
    while last - first > 2 and _is_role(words[last - 1]):
        last -= 1
    if last - first > 3 and words[first].casefold() in _OUR and _is_role(words[first + 1]):
        first += 1
    while last - first > 2 and _is_role(words[first]):
        first += 1
    if last < len(words) and words[first].endswith(("'s", "’s")):
        return []  # "World's Editorial Writers"
    if last < len(words):  # "Jane Doe Senior Harbour Correspondent": a post of several words begins with a role, too
        last = next((at for at in range(first + 2, last) if _is_role(words[at])), last)
    left = words[first:last]
    if any(map(_is_role, left)):
        return words
    return left[:-1] if len(left) > 2 and _is_agency(left) else left


def _is_agency(words: list[str]) -> bool:
    """Whether the last of these words is whom a person writes for, in capitals alone: "Jane Doe AFP"."""
    last = words[-1]
    return (
        2 <= len(last) <= 5
        and last.isalpha()
        and last.isupper()
        and last not in _GENERATION
        and not all(word.isupper() for word in words)
    )


def _is_role(word: str) -> bool:
    word = word.casefold().strip(",.")
    return word in _ROLES or word.endswith(_ROLE_ENDS) or ("-" in word and word.rpartition("-")[2] in _ROLES)
