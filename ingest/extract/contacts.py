"""Contact lines: where readers may send a message about this article, to its authors or the newsroom.

What counts is decided in this order; the first "no" ends it:

1. scope      between headline and last paragraph, after it up to the first box that is not about this article, or in
              the author's box; never in menus, footers, comments, other articles
2. channel    an address, a number, a messenger's id that the text shows; introduced by a contact verb also a web
              address, a profile or a link to a form
3. recipient  the author or the newsroom; not advertising, licences, subscriptions, the police …
4. story      an address that somebody in the story gives (quoted, or of another house) is none
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.extract.candidates import Candidate
from ingest.extract.channels import Channels, linked, names_messenger, shown
from ingest.extract.layout import Block, Box
from ingest.extract.structured import texts
from ingest.extract.view import View
from ingest.model import Contact, ContactKind
from ingest.text import squeeze
from ingest.urls import resolve, site_of

# Word stems, in the languages of the outlets; matched at the start of a word where the script has words.
_VERBS = """
contact reach e-mail email mail write get\\ in\\ touch message call text\\ us text\\ me tip send submit share let\\ us let\\ the tell\\ us tell\\ our
drop\\ us drop\\ me ask\\ us ask\\ the direct\\ any notify alert\\ us report\\ it report\\ an click\\ here post\\ to forward whatsapp\\ us pitch
kontakt erreich schreib schick send mail melde wenden\\ sie teilen\\ sie hinweis verfass zuschrift
contact écri ecri envoy signal joindre joignable adress témoign
contact escrib envia envíe envía mand comun cuéntanos avís escríb
contat escrev envi fale mande
contatt scriv inviate invia segnal manda
neem\\ contact stuur schrijf meld bereik mail
kontakta mejla maila skriv tipsa hör\\ av skicka nå\\ 
skriv kontakt tips send ring
ota\\ yhteyt lähet kirjoit laita\\ viesti
kontakt napisz wyślij zgłoś pisz skontakt prześlij
napišt pošlet kontakt napíšt piš
írj küld kapcsolat elérhet
scrie trimite contact
пиши напиш присыл пришл связ сообщ обращ отправ контакт
пиші напиш надсил зв'яз зв’яз повідом контакт
пишете изпрат свърж
επικοινων στείλ γράψ
iletişim yazın gönder ulaş bildir
liên\\ hệ gửi
hubungi kirim kontak sampaikan
تواصل للتواصل راسل اتصل ارسل أرسل لمراسلة
تماس ارسال
संपर्क भेज लिख
ติดต่อ ส่ง
tuma wasiliana thinta
""".replace("\\ ", "\x00").split()
_VERBS_CJK = "連絡 お寄せ メール 問い合わせ 送って 情報提供 ご応募 投稿 联系 聯絡 联络 发送 來信 来信 邮箱 電郵 爆料 报料 報料 제보 문의 연락 메일 보내 צרו כתבו שלחו פנו".split()


def _words(stems: list[str]) -> str:
    return "|".join(re.escape(stem.replace("\x00", " ")) for stem in sorted(set(stems), key=lambda s: (-len(s), s)))


_VERB = re.compile(rf"(?<!\w)(?:{_words(_VERBS)})|{'|'.join(_VERBS_CJK)}", re.IGNORECASE)
# Who speaks: the newsroom or the author.
_US = re.compile(
    r"(?<![\w'’])(?:us|our|ours|me|my|newsroom|news ?desk|news team|desk|editors?|editorial|reporters?|the author|this (?:article|story|report|reporter)|"
    r"uns|unser\w*|redaktion\w*|mir|autor(?:in)?|leserbrief\w*|nous|notre|nos|rédaction|nuestr\w+|redacción|noso\w+|\w+nos|redação|noi|ci|nostr\w+|"
    r"redazione|scriveteci|ons|onze|redactie|oss|vår\w*|redaktion\w*|meille|toimitu\w+|nam|nas|redakcj\w+|nám|redakc\w+|szerkeszt\w+|"
    r"redacți\w+|нам|редакц\w+|μας|bize|redaksi|kami|chúng tôi|tòa soạn|वेबसाइट|हमें)(?!\w)|"
    r"編集部|弊社|当社|本紙|取材班|我们|我們|編輯|编辑|本报|本報|本网|우리|본보|본지|편집국|뉴스룸|저희|기사|التحرير|معنا|لنا|الكاتب|אלינו|לנו|המערכת|בכתבה|記事",
    re.IGNORECASE,
)
_REPORTER = re.compile(r"(?:기자|특파원|논설위원|記者|记者|編集委員)(?=[\s(（<:]|$|[^\w])|\b(?:reporter|staff writer|correspondent)\b", re.IGNORECASE)
_PERSON = re.compile(r"(?<!\w)(?:him|her|them|ihn|ihm|ihr|hen|hem|haar|lui|elle|la|le|lo|her|hende|ham)(?!\w)", re.IGNORECASE)

# Words of purpose; of several the first in the text decides.
_KINDS: tuple[tuple[ContactKind, re.Pattern[str]], ...] = (
    (
        "corrections",
        re.compile(
            r"(?<!\w)(?:errors?|mistakes?|correct(?:ion|ions|ed|ing)?|typos?|inaccura\w+|fehler\w*|korrektur\w*|tippfehler|erreurs?|corriger|"
            r"fautes?|coquilles?|errores|erratas?|corrección|correcciones|erros?|correç\w+|errori?|refus[io]|correzion\w+|fout(?:en|je)?|taalfout|fel(?:aktig\w*)?|"
            r"faktafel|skrivfel|feil|skrivefeil|fejl|virhe\w*|błęd\w*|błąd|literów\w+|chyb\w+|hib[aá]\w*|greșel\w+|eroare|ошибк\w+|опечатк\w+|"
            r"помилк\w+|грешк\w+|λάθος|hata\w*|yanlış\w*|lỗi|kesalahan|गलती|त्रुटि)(?!\w)|خطأ|أخطاء|טעות|שגיאה|오류|정정|오타|誤り|間違い|訂正|错误|錯誤|更正|勘误|纠错",
            re.IGNORECASE,
        ),
    ),
    (
        "tips",
        re.compile(
            r"(?<!\w)(?:tips?|tip-?offs?|(?:a|your|the|any|other|more|similar|my|own|news) stor(?:y|ies)|stories|story to (?:tell|share)|information|videos?|photos?|pictures?|"
            r"claims?|know (?:more|something|anything)|are you|were you|have you (?:been|seen|got|experienced|witnessed)|witness\w*|hinweis\w*|info(?:s|rmationen)?|behauptung\w*|insider|"
            r"témoign\w+|info(?:rmation)?s?|tuyaux?|vous avez une info|pistas?|denuncia\w*|información|historia|informação|segnala\w*|notizi\w+|"
            r"tipsa|tipset|tipp?|nieuwstip|vinkki\w*|juttuvink\w*|informacj\w+|temat\w*|téma\w*|sesizăr\w+|новост\w+|информаци\w+|новин\w+|інформаці\w+|haber\w*|ihbar\w*|"
            r"tin bài|thông tin|informasi|laporan|खबर|जानकारी)(?!\w)|معلومات|מידע|סיפור|제보|情報提供|情報|爆料|报料|報料|线索|線索|新闻线索",
            re.IGNORECASE,
        ),
    ),
    (
        "article_comments",
        re.compile(
            r"(?<!\w)(?:comments?|questions?|feedback|letters?|opinions?|thoughts|views|suggestions?|respon(?:d|se|ses)|reactions?|leserbrief\w*|"
            r"leserpost|fragen|anregung\w*|kritik|meinung\w*|rückmeldung\w*|zuschrift\w*|commentaires?|réagir|réactions?|avis|courrier|comentarios?|"
            r"preguntas?|cartas?|opini\w+|sugerencias?|comentários?|perguntas?|dúvidas|sugestões|commenti?|domande|lettere|opmerking\w*|vragen|reacti(?:e|es)|"
            r"brieven|kommentar\w*|frågor|åsikt\w*|insändare|spørsmål|spørgsmål|læserbrev\w*|leserinnlegg|debattinnlegg|palaute\w*|mielipi\w+|kysymy\w+|uwagi|komentarz\w*|"
            r"pytani\w+|opinie|listy|dotaz\w*|názor\w*|vélemény\w*|hozzászól\w*|комментари\w+|вопрос\w*|отзыв\w*|письм\w+|коментар\w*|питанн\w+|відгук\w*|"
            r"ερωτήσεις|σχόλια|yorum\w*|görüş\w*|soru\w*|bình luận|ý kiến|câu hỏi|phản hồi|komentar|pertanyaan|saran|प्रतिक्रिया|सुझाव|टिप्पणी|राय|सवाल)(?!\w)|"
            r"تعليق\w*|آراء|ملاحظات|أسئلة|اقتراحات|תגובות|שאלות|הערות|의견|문의|질문|댓글|독자투고|ご意見|ご感想|感想|質問|意见|意見|建议|建議|读者来信|評論",
            re.IGNORECASE,
        ),
    ),
)

# Recipients that are not meant: everybody who answers for something else than the article.
_NOT_MEANT = re.compile(
    r"advertis|sponsor|commercial team|media ?kit|anzeigen|mediadaten|werbung|publicit|pubblicit|publicidad|anúncio|annons|annonc|mainos|reklam|рекламн|реклам[аыуеі]|광고|広告|"
    r"licen[cs]|lizenz|reprint|re-?print|permission|syndicat|re-?use|republish|nutzungsrecht|rechte und|genehmigung|droits de reproduction|derechos|direitos|diritti|"
    r"copyright|저작권|転載|转载|轉載|版权|subscri|\babo\b|abonn|abonelik|abbona|suscri|assina(?:nte|tura)|tilaus|prenumer|předplat|előfizet|подписк|구독|購読|订阅|newsletter|rundbrief|mailing list|"
    r"privacy|datenschutz|gdpr|cookie|unsubscribe|customer (?:service|care|support)|kundenservice|kundendienst|leserservice|service client|atención al cliente|klantenservice|kundtjänst|"
    r"technical (?:support|problem|issue)|press council|presserat|ombuds|ipso\b|regulator|moderat|netiquette|community guidelines|comment of yours|your comment|"
    r"leserkommentar\w* (?:melden|löschen)|delivery|zustellung|job(?:s| openings)|career|karriere|vacanc|"
    r"this (?:summary|audio|feature|app|tool|newsletter|page|site|website|design)|diese (?:zusammenfassung|funktion)|dieses angebot|künstlich erzeugt|was made by a machine|"
    r"generated by ai|text-to-speech|product-?feedback|data ?protection|accessibility|barrierefrei",
    re.IGNORECASE,
)
# People and offices of whom stories tell.
_THIRD = re.compile(
    r"\bpolice|polizei|polic[iíj]|polizia|politi(?:et|e\b)|poliisi|policj|полици|поліці|경찰|警察|sheriff|detective|crime ?stoppers|kriminal|gendarm|guardia civil|hotline|help ?line|lifeline|"
    r"samaritans|seelsorge|suicid|suizid|emergency|notruf|\b911\b|\b999\b|\b112\b|embassy|botschaft|consulate|ministry|ministerium|gericht|staatsanwalt|"
    r"press office|pressestelle|spokes|tickets?\b|rsvp|register\b|registration|anmeldung|booking|reserv|appointment|donat|spenden|charity|"
    r"gewinnspiel|competition|giveaway|shop\b|bestell|order\b|press release|media contact|investor relations|veranstalter",
    re.IGNORECASE,
)
_FOLLOW = re.compile(r"(?<!\w)(?:follow|folg[et]\w*|seguir|sigue|segui\w*|suivez|suivre|följ|følg|seuraa|volg|obserwuj|подписыв|takip|theo dõi|ikuti|フォロー|关注|關注|팔로우)(?!\w)", re.IGNORECASE)

# Boxes outside of the article, wherever they stand.
_OUTSIDE = re.compile(
    r"footer|comment|kommentar|disqus|related|recommend|newsletter|outbrain|taboola|most-?read|teaser|sidebar|breadcrumb|\bnav(?!y)|menu|cookie|consent|login|register|"
    r"paywall|subscri|\babo\b|masthead|site-?header|advert|\bads?\b|sponsor|popular|trending|share|social-?(?:bar|share)|toolbar|search|modal|popup|licen[cs]e|copyright"
)
_AUTHOR_BOX = re.compile(r"author|autor|auteur|byline|\bbio\b|writer|reporter|journalist|contributor|profile|redakteur|verfasser|redactor|giornalista|skribent|tekijä|기자")
_CONTACT_BOX = re.compile(r"contact|kontakt|feedback|correction|fehler|error|tip-?(?:bar|box|line)|tipline|letter|leserbrief|contatt|contato|jebo|report")
_APART = frozenset({"nav", "footer", "form", "dialog"})
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’»)]*\s+(?=[^\sa-z])|(?<=[。！？])\s*")
_QUOTED = re.compile(r"[“„«「『\"].{20,}")
MAX_AFTER = 40
"""Blocks after the last paragraph in which an article's contact line may stand."""
_MAX_QUESTION = 160
_NEAR_END = 3


@dataclass(frozen=True, slots=True)
class _Place:
    """A block and where it stands."""

    block: Block
    text: str
    in_text: bool
    """Among the body's paragraphs and not near their end."""
    author_box: bool
    contact_box: bool


@dataclass(frozen=True, slots=True)
class _Line:
    """A contact line that was found in a block: `text[start:end]` of what is shown there."""

    place: _Place
    start: int
    end: int
    channels: Channels
    hidden: bool
    """Whether the channel is only in a link's target."""


def candidates(view: View) -> Iterator[Candidate[tuple[Contact, ...]]]:
    if view.body is None or not view.body.blocks:
        return
    if view.rules.contact:
        yield from _by_rule(view, view.rules.contact)
        return
    judge = _Judge(view)
    places = list(_places(view))
    contacts: list[Contact] = []
    taken: set[int] = set()
    for number, place in enumerate(places):
        line = judge.line(place)
        if line is None:
            continue
        before = _leading_question(places, number, line, taken)
        text = place.text[line.start : line.end].strip()
        if before is not None:
            text = f"{before.text} {text}"
            view.remains[before.block.index] = ""
        contacts.append(_contact(text, place, line, judge))
        taken.add(place.block.index)
        view.remains[place.block.index] = squeeze(place.text[: line.start] + " " + place.text[line.end :])
    if contacts:
        yield Candidate(tuple(dict.fromkeys(contacts)), "blocks with a channel to author or newsroom", 1)


def _by_rule(view: View, selector: str) -> Iterator[Candidate[tuple[Contact, ...]]]:
    contacts = []
    for node in view.document.tree.css(selector):
        text = squeeze(node.text())
        channels = _with_links(shown(text), linked([*node.css("a")], view.url))
        if text:
            contacts.append(Contact(text=text, kind=_kind(text, author=bool(_REPORTER.search(text))), emails=channels.emails or channels.link_emails, phones=channels.phones, urls=channels.targets))
        for block in view.layout.blocks:
            if block.text == text:
                view.remains[block.index] = ""
    if contacts:
        yield Candidate(tuple(contacts), f"rule contact {selector}", 10)


def _places(view: View) -> Iterator[_Place]:
    """The blocks in which a contact line of this article may stand, in order of display."""
    assert view.body is not None
    in_body = [block.index for block in view.body.blocks]
    first, last = in_body[0], in_body[-1]
    body = set(in_body)
    late = set(in_body[-_NEAR_END:])
    blocks = view.layout.blocks
    start = max(0, first - 25)
    after = 0
    for block in blocks[start:]:
        if view.remains.get(block.index) == "":
            continue
        outside, author_box, contact_box = _around(block.box, first, last)
        if block.index > last:
            if block.tag == "h1" or after >= MAX_AFTER:
                return
            after += 1
        if block.index < first and not (author_box or contact_box):
            continue
        if outside and not contact_box and block.index not in body:
            continue
        text = view.remains.get(block.index, block.text)
        yield _Place(block, text, block.index in body and block.index not in late, author_box, contact_box)


def _around(box: Box | None, first: int, last: int) -> tuple[bool, bool, bool]:
    """(outside of the article, in an author's box, in a contact box), by the boxes around that do not hold the text."""
    outside = author = contact = False
    while box is not None and not (box.start <= first and box.end > last):
        outside = outside or box.tag in _APART or bool(box.hint and _OUTSIDE.search(box.hint))
        author = author or bool(box.hint and _AUTHOR_BOX.search(box.hint))
        contact = contact or bool(box.hint and _CONTACT_BOX.search(box.hint))
        box = box.parent
    return outside, author, contact


class _Judge:
    """Decides whether a block is a contact line of one page."""

    def __init__(self, view: View) -> None:
        self.url = view.url
        site = site_of(view.url)
        self.brand = site.split(".")[0] if site else ""
        self.site = site
        names = [*texts(view.json_ld.get("author")), *view.structured.meta.get("author", [])]
        self.authors = {word.casefold() for name in names for word in re.findall(r"\w{3,}", name)}

    def line(self, place: _Place) -> _Line | None:
        block, text = place.block, place.text
        if not (_MAYBE.search(text) or block.links):
            return None
        sentences = _sentences(text)
        carrying: list[int] = []
        found: list[Channels] = []
        hidden = True
        links = linked(block.links, self.url) if block.links else Channels()
        for number, (start, end) in enumerate(sentences):
            sentence = text[start:end]
            channels = shown(sentence) if _MAYBE.search(sentence) else Channels()
            verdict = self.carries(sentence, channels, links, block, place)
            if verdict is None:
                continue
            carrying.append(number)
            found.append(channels)
            hidden = hidden and verdict
        if not carrying:
            return None
        first, last = carrying[0], carrying[-1]
        while first > 0 and text[slice(*sentences[first - 1])].rstrip("\"'”’»)").endswith(("?", "？")):
            first -= 1
        start, end = sentences[first][0], sentences[last][1]
        return self.accepted(_Line(place, start, end, _with_links(_sum(found), links), hidden))

    def carries(self, sentence: str, channels: Channels, links: Channels, block: Block, place: _Place) -> bool | None:
        """Whether a sentence carries a channel: False if it shows it, True if only its links do, None if there is none."""
        if channels.emails:
            return False
        verb = bool(_VERB.search(sentence))
        if _FOLLOW.search(sentence) and not verb:
            return None
        if verb and (channels.messengers or (channels.phones and (names_messenger(sentence) or not place.in_text or _US.search(sentence)))):
            return False
        if verb and channels.webs and not place.in_text and (place.author_box or _PERSON.search(sentence) or _US.search(sentence)) and not _READ_MORE.search(sentence):
            return False
        if (links.link_emails or links.targets) and (verb or _purpose(sentence)) and _reaches(sentence, block, self.url):
            return True
        return None

    def accepted(self, line: _Line) -> _Line | None:
        """Whether a line is meant for author or newsroom, and no part of the story."""
        place = line.place
        text = place.text[line.start : line.end]
        own = any(self.is_own(address) for address in (*line.channels.emails, *line.channels.link_emails))
        if _NOT_MEANT.search(text) or (_THIRD.search(text) and not (own and _US.search(text))):
            return None
        person = bool(_REPORTER.search(text)) or self.names_author(line) or place.author_box
        purpose, us, verb = _purpose(text) is not None, bool(_US.search(text)), bool(_VERB.search(text))
        if line.hidden:
            return line if _is_sentence(text) and (us or purpose or person) and (purpose or verb) and (not place.in_text or us) else None
        if _QUOTED.search(place.text[: line.end]) and not own:
            return None
        if place.in_text:
            addressed = bool(re.search(r"[?？]", text)) or us
            return line if (own and (verb or purpose)) or (addressed and us and verb) or (addressed and purpose and verb and len(place.text) < 300) or (person and len(place.text) < 120) else None
        if line.channels.emails:
            bare = len(place.text) <= sum(map(len, line.channels.emails)) + 40
            return line if own or person or (purpose and (verb or us)) or (us and verb) or bare else None
        return line if verb and (us or person or purpose) else None

    def is_own(self, address: str) -> bool:
        """Whether an address belongs to the house: the page's site, or a domain that shares its name."""
        domain = address.rpartition("@")[2].lower()
        return bool(self.site) and (domain == self.site or domain.endswith(f".{self.site}") or (len(self.brand) >= 4 and self.brand in domain))

    def names_author(self, line: _Line) -> bool:
        words = re.findall(r"\w{3,}", " ".join([line.place.text[line.start : line.end], *line.channels.emails]).casefold())
        return bool(self.authors.intersection(words))


_MAYBE = re.compile(r"[@＠]|[\[({（]\s?(?:at|ät|a|arroba|arobase|dot)\s?[\])}）]| at \w+ dot |\d[\d\s().-]{5,}\d|\w\.\w{2,}|카톡|카카오톡", re.IGNORECASE)
_READ_MORE = re.compile(r"(?<!\w)(?:read|visit|learn|more (?:information|info|about)|mehr (?:infos?|informationen)|lesen|lire|leer|leggi|subscribe|available|erhältlich|download)(?!\w)", re.IGNORECASE)


def _sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of the sentences of a text.

    >>> [("Got a tip? Mail a@example.org. Thanks."[a:b]) for a, b in _sentences("Got a tip? Mail a@example.org. Thanks.")]
    ['Got a tip?', 'Mail a@example.org.', 'Thanks.']
    """
    spans, start = [], 0
    for found in _SENTENCE.finditer(text):
        end = found.start() + len(found[0].rstrip())
        if end > start:
            spans.append((start, end))
        start = found.end()
    if start < len(text):
        spans.append((start, len(text)))
    return spans


def _reaches(sentence: str, block: Block, base: str) -> bool:
    """Whether one of the links that lead to a channel stands in this sentence."""
    for link in block.links:
        channels = linked([link], base)
        if channels.link_emails or channels.targets:
            words = squeeze(link.text())
            if not words or words in sentence or sentence in words:
                return True
    return False


def _is_sentence(text: str) -> bool:
    """Whether a text speaks to the reader; up to four words are the label of a tool."""
    words = text.split()
    return len(words) > 4 or (len(words) >= 3 and text.rstrip()[-1:] in ".!?。！？") or (len(words) <= 2 and len(text) >= 12 and not text.isascii())


def _purpose(text: str) -> ContactKind | None:
    """The purpose that a text names first."""
    first: tuple[int, ContactKind] | None = None
    for kind, pattern in _KINDS:
        if (found := pattern.search(text)) and (first is None or found.start() < first[0]):
            first = (found.start(), kind)
    return first[1] if first else None


def _kind(text: str, *, author: bool) -> ContactKind:
    return _purpose(text) or ("author_contact" if author else "outlet_contact")


def _contact(text: str, place: _Place, line: _Line, judge: _Judge) -> Contact:
    plain = text
    for address in line.channels.emails:  # "tips@…" is no word of purpose
        plain = plain.replace(address, " ")
    author = place.author_box or bool(_REPORTER.search(text)) or bool(_PERSON.search(plain)) or judge.names_author(line)
    webs = [url for web in line.channels.webs if not web.startswith("@") and (url := resolve("", web if "://" in web else f"https://{web}"))]
    return Contact(
        text=squeeze(text),
        kind=_kind(plain, author=author),
        emails=line.channels.emails or line.channels.link_emails,
        phones=line.channels.phones,
        urls=tuple(dict.fromkeys([*webs, *line.channels.targets])),
    )


def _leading_question(places: list[_Place], number: int, line: _Line, taken: set[int]) -> _Place | None:
    """The question in the block before that leads into a line ("Got a story?")."""
    if number == 0 or line.start > 0:
        return None
    before = places[number - 1]
    near = before.block.index == line.place.block.index - 1 and before.block.box.parent is line.place.block.box.parent
    if near and before.block.index not in taken and before.text.endswith(("?", "？")) and len(before.text) <= _MAX_QUESTION:
        return before
    return None


def _sum(found: list[Channels]) -> Channels:
    return Channels(
        tuple(dict.fromkeys(one for channels in found for one in channels.emails)),
        tuple(dict.fromkeys(one for channels in found for one in channels.phones)),
        tuple(dict.fromkeys(one for channels in found for one in channels.messengers)),
        tuple(dict.fromkeys(one for channels in found for one in channels.webs)),
    )


def _with_links(channels: Channels, links: Channels) -> Channels:
    return Channels(channels.emails, channels.phones or links.phones, channels.messengers, channels.webs, links.targets, links.link_emails)


def credit_lines(view: View) -> Iterator[Candidate[str]]:
    yield from ()
