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
from ingest.extract.obfuscation import emails, link_emails
from ingest.extract.structured import texts
from ingest.extract.view import View
from ingest.model import Contact, ContactKind
from ingest.text import squeeze
from ingest.urls import resolve, site_of

# Word stems, in the languages of the outlets; matched at the start of a word where the script has words.
_VERBS = """
contact reach e-mail email mail\\  mail: write\\ to write\\ us write\\ me write\\ a writing\\ to get\\ in\\ touch message\\ us message\\ me call\\ us call\\ our
calling call\\ or text\\ us text\\ me tip send submit share\\ your share\\ with share\\ it share\\ any let\\ us let\\ the tell\\ us tell\\ our
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
_VERBS_CJK = "連絡 お寄せ メール 問い合わせ 送って 情報提供 ご応募 投稿 联系 聯絡 联络 发送 來信 来信 邮箱 電郵 爆料 报料 報料 제보 알려 문의 연락 메일 보내 צרו כתבו שלחו פנו".split()


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
_REPORTER = re.compile(
    r"(?:기자|특파원|논설위원|記者|记者|編集委員)(?=[\s(（<:]|$|[^\w])|\b(?:reporter|staff writer|correspondent)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"(?<!\w)(?:him|her|them|ihn|ihm|ihr|hen|hem|haar|lui|elle|la|le|lo|her|hende|ham)(?!\w)", re.IGNORECASE
)

# Words of purpose; of several the first in the text decides.
_KINDS: tuple[tuple[ContactKind, re.Pattern[str]], ...] = (
    (
        "corrections",
        re.compile(
            r"(?<!\w)(?:errors?|mistakes?|(?:some|any)thing wrong|wrong with|correct(?:ion|ions|ed|ing)?|typos?|inaccura\w+|fehler\w*|korrektur\w*|tippfehler|erreurs?|corriger|"
            r"fautes?|coquilles?|errores|erratas?|corrección|correcciones|erros?|correç\w+|errori?|refus[io]|correzion\w+|fout(?:en|je)?|taalfout|fel(?:aktig\w*)?|"
            r"faktafel|skrivfel|feil|skrivefeil|fejl|virhe\w*|błęd\w*|błąd|literów\w+|chyb\w+|hib[aá]\w*|greșel\w+|eroare|ошибк\w+|опечатк\w+|"
            r"помилк\w+|грешк\w+|λάθος|hata\w*|yanlış\w*|lỗi|kesalahan|गलती|त्रुटि)(?!\w)|خطأ|أخطاء|טעות|שגיאה|오류|정정|오타|誤り|間違い|訂正|错误|錯誤|更正|勘误|纠错",
            re.IGNORECASE,
        ),
    ),
    (
        "tips",
        re.compile(
            r"(?<!\w)(?:tips?|tip-?offs?|news team|tell (?:us|our [\w ]{2,20})(?! what you think)|(?:a|your|the|any|other|more|similar|my|own|news) stor(?:y|ies)|stories|story to (?:tell|share)|information|videos?|photos?|pictures?|"
            r"claims?|know (?:more|something|anything)|are you|were you|did you|in your (?:area|town|city|street|neighbou?rhood)|have you (?:been|seen|got|experienced|witnessed)|witness\w*|hinweis\w*|info(?:s|rmationen)?|behauptung\w*|insider|"
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
    r"technical (?:support|problem|issue)|technische|beim (?:kommentieren|registrieren|einloggen|anmelden)|commenting|log(?:ging)? ?in\b|press council|presserat|ombuds|ipso\b|regulator|moderat|netiquette|community guidelines|comment of yours|your comment|"
    r"leserkommentar\w* (?:melden|löschen)|delivery|zustellung|job(?:s| openings)|career|karriere|vacanc|"
    r"this (?:summary|audio|feature|app|tool|newsletter|page|site|website|design)|diese (?:zusammenfassung|funktion)|dieses angebot|künstlich erzeugt|was made by a machine|"
    r"generated by ai|text-to-speech|product-?feedback|data ?protection|einwilligung|widerruf|withdraw (?:your )?consent|accessibility|barrierefrei",
    re.IGNORECASE,
)
# People and offices of whom stories tell.
_THIRD = re.compile(
    r"\bpolice|polizei|polic[iíj]|polizia|politi(?:et|e\b)|poliisi|policj|полици|поліці|경찰|警察|sheriff|detective|crime ?stoppers|kriminal|gendarm|guardia civil|hotline|help ?line|lifeline|"
    r"samaritans|seelsorge|suicid|suizid|emergency|notruf|\b911\b|\b999\b|\b112\b|embassy|botschaft|consulate|ministry|ministerium|gericht|staatsanwalt|"
    r"press office|pressestelle|spokes|tickets?\b|rsvp|register\b|registration|anmeldung|booking|reserv|appointment|donat|spenden|charity|"
    r"zeugen\b|sachdienlich|dienststelle|ermittl|witnesses (?:are|should|who)|testigos|testimoni\b|gewinnspiel|competition|giveaway|shop\b|bestell|order\b|press release|media contact|investor relations|veranstalter",
    re.IGNORECASE,
)
_LETTERS = re.compile(
    r"leserbrief|letters? to the editor|carta al director|courrier des lecteurs|lettere al direttore|ingezonden brief|insändare|læserbrev|독자투고|投書",
    re.IGNORECASE,
)
_FOLLOW = re.compile(
    r"(?<!\w)(?:follow|folg[et]\w*|seguir|sigue|segui\w*|suivez|suivre|följ|følg|seuraa|volg|obserwuj|подписыв|takip|theo dõi|ikuti|フォロー|关注|關注|팔로우)(?!\w)",
    re.IGNORECASE,
)

# Boxes that belong to the site or to other people, whatever they are called besides.
_NOT_HERE = re.compile(
    r"newsletter|breadcrumb|\bnav(?!y)|menu|cookie|consent|login|register|paywall-|subscri|\babo\b|masthead|site-?header|licen[cs]e|copyright|"
    r"sidebar|search"
)
_COMMENTS = re.compile(r"comment|kommentar|disqus|community|forum")
# Boxes about other stories; an author's or a contact box may stand in them, as parts of a page's end do.
_BESIDE = re.compile(
    r"related|recommend|outbrain|taboola|most-?read|teaser|advert|\bads?\b|sponsor|popular|trending|share|social|toolbar"
)
_AUTHOR_BOX = re.compile(
    r"author|autor|auteur|byline|\bbio\b|writer|reporter|journalist|contributor|profile|redakteur|verfasser|redactor|giornalista|skribent|tekijä|기자"
)
_CONTACT_BOX = re.compile(
    r"contact|kontakt|feedback|correction|fehler|error|tip-?(?:bar|box|line)|tipline|letter|leserbrief|contatt|contato|jebo|report"
)
_APART = frozenset({"nav", "form", "dialog"})
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’»)]*\s+(?=[^\sa-z])|(?<=[。！？])\s*")
_QUOTED = re.compile(r"[“„«「『\"].{20,}")
_BEFORE = 25
_AFTER = 40
"""Blocks before the first and after the last paragraph in which an article's contact line may stand."""
_MAX_LINKED = 500
_MAX_LABEL = 40
_MAX_PHONED = 600
_MAX_QUESTION = 160
_MAX_CALLOUT = 220
_NEAR_END = 3


@dataclass(frozen=True, slots=True)
class _Flags:
    """What the boxes around a block are for."""

    outside: bool = False
    comments: bool = False
    beside: bool = False
    author: bool = False
    contact: bool = False
    in_main: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """A block and where it stands."""

    block: Block
    text: str
    links: Channels
    """What its links lead to."""
    in_text: bool
    """Among the body's paragraphs and not near their end."""
    author_box: bool


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
    contacts: list[Contact] = []
    taken: set[int] = set()
    for offered in _places(view):
        line = judge.line(offered) or judge.announced(view, offered, taken)
        if line is None:
            continue
        place = line.place
        text = place.text[line.start : line.end].strip()
        question = _leading_question(view, line, taken)
        if question is not None and _NOT_MEANT.search(question.text):
            continue
        if question is not None:
            text = f"{question.text} {text}"
            view.remains[question.index] = ""
        contacts.append(_contact(text, place, line, judge))
        taken.add(place.block.index)
        view.remains[place.block.index] = squeeze(place.text[: line.start] + " " + place.text[line.end :])
    for index in judge.notices:
        view.remains.setdefault(index, "")
    if contacts:
        yield Candidate(tuple(dict.fromkeys(contacts)), "blocks with a channel to author or newsroom", 1)


def _by_rule(view: View, selector: str) -> Iterator[Candidate[tuple[Contact, ...]]]:
    contacts = []
    for node in view.document.tree.css(selector):
        text = squeeze(node.text())
        channels = _with_links(shown(text), linked([*node.css("a")], view.url))
        if text:
            contacts.append(
                Contact(
                    text=text,
                    kind=_kind(text, author=bool(_REPORTER.search(text))),
                    emails=channels.emails or channels.link_emails,
                    phones=channels.phones,
                    urls=channels.targets,
                )
            )
        for block in view.layout.blocks:
            if block.text == text:
                view.remains[block.index] = ""
    if contacts:
        yield Candidate(tuple(contacts), f"rule contact {selector}", 10)


def _places(view: View) -> Iterator[_Place]:
    """The blocks in which a contact line of this article may stand, in order of display; most blocks show no channel."""
    assert view.body is not None
    in_body = [block.index for block in view.body.blocks]
    first, last = in_body[0], in_body[-1]
    body, late = set(in_body), set(in_body[-_NEAR_END:])
    around: dict[int, _Flags] = {}
    for block in view.layout.blocks[max(0, first - _BEFORE) : last + 1 + _AFTER]:
        if block.index > last and block.tag == "h1":
            return
        text = view.remains.get(block.index, block.text)
        in_text = block.index in body and block.index not in late
        links = linked(block.links, view.url) if block.links and len(text) <= _MAX_LINKED else Channels()
        if not (_may_show(text, in_text=in_text) or links.link_emails or links.targets or links.phones):
            continue
        flags = _around(block.box, first, last, around)
        named = flags.author or flags.contact
        if block.index < first and not named:
            continue
        if block.index not in body and (
            flags.outside or (flags.beside and not named) or (flags.comments and not _LETTERS.search(text))
        ):
            continue
        yield _Place(block, text, links, in_text, flags.author)


def _around(box: Box | None, first: int, last: int, known: dict[int, _Flags]) -> _Flags:
    """What the boxes around a block say, up to the one that holds the text."""
    if box is None or (box.start <= first and box.end > last):
        return _Flags(in_main=_is_in_main(box))
    flags = known.get(id(box))
    if flags is None:
        above = _around(box.parent, first, last, known)
        hint = box.hint
        apart = box.tag in _APART or (box.tag == "footer" and not above.in_main)
        flags = known[id(box)] = _Flags(
            above.outside
            or apart
            or bool(hint and (_NOT_HERE.search(hint) or ("footer" in hint and not above.in_main))),
            above.comments or bool(hint and _COMMENTS.search(hint)),
            above.beside or bool(hint and _BESIDE.search(hint)),
            above.author or bool(hint and _AUTHOR_BOX.search(hint)),
            above.contact or bool(hint and _CONTACT_BOX.search(hint)),
            above.in_main,
        )
    return flags


def _is_in_main(box: Box | None) -> bool:
    """Whether a box is part of the page's main content: a footer in it is the article's, not the site's."""
    while box is not None:
        if box.tag in ("article", "main"):
            return True
        box = box.parent
    return False


class _Judge:
    """Decides whether a block is a contact line of one page."""

    def __init__(self, view: View) -> None:
        self.url = view.url
        site = site_of(view.url)
        self.brand = site.split(".")[0] if site else ""
        self.site = site
        names = [*texts(view.json_ld.get("author")), *view.structured.meta.get("author", [])]
        self.notices: list[int] = []
        """Blocks that tell readers whom to ask about something else than the article: no contact, and no body either."""
        self.authors = {word.casefold() for name in names for word in re.findall(r"\w{3,}", name)}

    def line(self, place: _Place) -> _Line | None:
        block, text = place.block, place.text
        links = place.links
        sentences = _sentences(text)
        carrying: list[int] = []
        found: list[Channels] = []
        hidden = True
        for number, (start, end) in enumerate(sentences):
            sentence = text[start:end]
            channels = shown(sentence)
            verdict = self.carries(sentence, channels, links, block, place)
            if verdict is None:
                continue
            carrying.append(number)
            found.append(channels)
            hidden = hidden and verdict
        if not carrying:
            return None
        first, last = carrying[0], carrying[-1]
        while first > 0 and _leads_in(text[slice(*sentences[first - 1])], short=len(text) <= _MAX_CALLOUT):
            first -= 1
        start = sentences[first][0]
        end = _without_links(text, sentences[last][1], block) if all(channels.emails for channels in found) else sentences[last][1]
        return self.accepted(_Line(place, start, end, _with_links(_sum(found), links), hidden))

    def announced(self, view: View, place: _Place, taken: set[int]) -> _Line | None:
        """The sentence before a list of tools ("Contact us" · WhatsApp · E-mail), which has no channel of its own."""
        if place.in_text or not (place.links.targets or place.links.link_emails) or len(place.text) > _MAX_LABEL:
            return None
        for index in range(place.block.index - 1, max(0, place.block.index - 4), -1):
            block = view.layout.blocks[index]
            if index in taken or len(block.text) > _MAX_QUESTION or block.links:
                continue
            if _VERB.search(block.text) and _US.search(block.text) and not _NOT_MEANT.search(block.text):
                there = _Place(block, block.text, place.links, in_text=False, author_box=place.author_box)
                return _Line(there, 0, len(block.text), place.links, hidden=True)
        return None

    def carries(self, sentence: str, channels: Channels, links: Channels, block: Block, place: _Place) -> bool | None:
        """Whether a sentence carries a channel: False if it shows it, True if only its links do, None if there is none."""
        if channels.emails:
            return False
        verb = bool(_VERB.search(sentence))
        if _FOLLOW.search(sentence) and not verb:
            return None
        if verb and (
            channels.messengers
            or (channels.phones and (names_messenger(sentence) or not place.in_text or _US.search(sentence)))
        ):
            return False
        if (
            verb
            and not place.in_text
            and self.foreign(channels.webs)
            and (_PERSON.search(sentence) or _US.search(sentence))
            and not _READ_MORE.search(sentence)
        ):
            return False
        if (
            (links.link_emails or links.targets)
            and (verb or _purpose(sentence))
            and _reaches(sentence, block, self.url)
        ):
            return True
        return None

    def accepted(self, line: _Line) -> _Line | None:
        """Whether a line is meant for author or newsroom, and no part of the story."""
        place = line.place
        text = place.text[line.start : line.end]
        own = any(self.is_own(address) for address in (*line.channels.emails, *line.channels.link_emails))
        if _NOT_MEANT.search(text):
            if not place.in_text and len(text) * 5 > len(place.text) * 4:
                self.notices.append(place.block.index)
            return None
        if _THIRD.search(text) and not (own and _US.search(text)):
            return None
        person = bool(_REPORTER.search(text)) or self.names_author(line) or place.author_box
        purpose, us, verb = _purpose(text) is not None, bool(_US.search(text)), bool(_VERB.search(text))
        if line.hidden:
            return (
                line
                if _is_sentence(text) and verb and (us or purpose or person) and (not place.in_text or us)
                else None
            )
        if _QUOTED.search(place.text[: line.end]) and not own:
            return None
        if place.in_text:
            addressed = us or bool(re.search(r"[?？]", text))
            short = len(place.text) <= _MAX_CALLOUT
            return (
                line
                if (own and (verb or purpose)) or (us and verb) or (short and addressed and verb) or (short and person)
                else None
            )
        if line.channels.emails:
            bare = len(place.text) <= sum(map(len, line.channels.emails)) + 40
            return line if own or person or (purpose and (verb or us)) or (us and verb) or bare else None
        return line if verb and (us or person or purpose) else None

    def is_own(self, address: str) -> bool:
        """Whether an address belongs to the house: the page's site, or a domain that shares its name."""
        domain = address.rpartition("@")[2].lower()
        return bool(self.site) and (
            domain == self.site or domain.endswith(f".{self.site}") or (len(self.brand) >= 4 and self.brand in domain)
        )

    def foreign(self, webs: tuple[str, ...]) -> bool:
        """Whether one of these web addresses is not the site's own name, which biographies hold ("writes for paper.org")."""
        return any(not self.site or self.site not in web.lower() for web in webs)

    def names_author(self, line: _Line) -> bool:
        words = re.findall(
            r"\w{3,}", " ".join([line.place.text[line.start : line.end], *line.channels.emails]).casefold()
        )
        return bool(self.authors.intersection(words))


# Signs of a channel that cost little to look for: most blocks have none.
_BRACKETED_AT = re.compile(r"[\[({（<]\s?(?:at|ät|a|arroba|arobase|chiocciola|골뱅이)\s?[\])}）>]", re.IGNORECASE)
_DIGITS = re.compile(r"\d[\d\s()./-]{5,}\d")
_DOTTED = re.compile(r"[a-z0-9-]\.[a-z]{2,}", re.IGNORECASE)
_READ_MORE = re.compile(
    r"(?<!\w)(?:read|visit|learn|more (?:information|info|about)|mehr (?:infos?|informationen)|lesen|lire|leer|leggi|subscribe|available|erhältlich|download)(?!\w)",
    re.IGNORECASE,
)


def _may_show(text: str, *, in_text: bool) -> bool:
    """Whether there is a sign of a channel that costs little to look for."""
    if "@" in text or "＠" in text or " dot " in text or _BRACKETED_AT.search(text):
        return True
    if len(text) > _MAX_PHONED:
        return False
    if "톡" in text or _DIGITS.search(text):
        return True
    return not in_text and bool(_DOTTED.search(text))


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


def _leads_in(sentence: str, *, short: bool) -> bool:
    """Whether a sentence leads into the one with the channel: a question, in a short block also a request."""
    return sentence.rstrip("\"'”’»)").endswith(("?", "？")) or (short and bool(_VERB.search(sentence)))


def _without_links(text: str, end: int, block: Block) -> int:
    """Where a line ends, less the labels of links behind it that lead elsewhere ("More by this author")."""
    for link in reversed(block.links):
        words = squeeze(link.text())
        if not words or words.startswith("@") or emails(words) or not text[:end].endswith(words) or link_emails(link.attributes.get("href") or ""):
            break
        end = len(text[: end - len(words)].rstrip(" |·•,-–"))
    return end


def _is_sentence(text: str) -> bool:
    """Whether a text speaks to the reader; up to four words are the label of a tool."""
    words = text.split()
    return (
        len(words) > 4
        or (len(words) >= 3 and text.rstrip()[-1:] in ".!?。！？")
        or (len(words) <= 2 and len(text) >= 12 and not text.isascii())
    )


def _purpose(text: str) -> ContactKind | None:
    """The purpose that a text names first."""
    first: tuple[int, ContactKind] | None = None
    for kind, pattern in _KINDS:
        if (found := pattern.search(text)) and (first is None or found.start() < first[0]):
            first = (found.start(), kind)
    return first[1] if first else None


def _kind(text: str, *, author: bool) -> ContactKind:
    return _purpose(text) or ("author_contact" if author else "outlet_contact")


# Local parts of addresses that belong to an office; of any other the owner is a person.
_ROLE = re.compile(
    r"^[^@]*(?:info|news|redak|redac|rédac|redaz|toimitus|editor|desk|tips?\b|kontakt|contact|mail|office|press|presse|web|letter|leser|feedback|"
    r"corre|fehler|hinweis|team|hello|hallo|hola|admin|support|service|report|story|stories|opinion|online|digital|comment|jebo|webmaster|studio|"
    r"central|general|enquir|inquir|submission|central|redact|szerk|post)",
    re.IGNORECASE,
)


def _contact(text: str, place: _Place, line: _Line, judge: _Judge) -> Contact:
    plain = text
    for address in line.channels.emails:  # "tips@…" is no word of purpose
        plain = plain.replace(address, " ")
    personal = bool(line.channels.emails) and not any(_ROLE.search(address) for address in line.channels.emails)
    author = personal or place.author_box or bool(_REPORTER.search(text)) or bool(_PERSON.search(plain)) or judge.names_author(line)
    webs = [
        url
        for web in line.channels.webs
        if not web.startswith("@") and (url := resolve("", web if "://" in web else f"https://{web}"))
    ]
    return Contact(
        text=squeeze(text),
        kind=_kind(plain, author=author),
        emails=line.channels.emails or line.channels.link_emails,
        phones=line.channels.phones,
        urls=tuple(dict.fromkeys([*webs, *line.channels.targets])),
    )


def _leading_question(view: View, line: _Line, taken: set[int]) -> Block | None:
    """The question in the block before that leads into a line ("Got a story?")."""
    block = line.place.block
    if block.index == 0 or line.start > 0:
        return None
    before = view.layout.blocks[block.index - 1]
    if before.index in taken or before.box.parent is not block.box.parent or len(before.text) > _MAX_QUESTION:
        return None
    return before if before.text.endswith(("?", "？")) else None


def _sum(found: list[Channels]) -> Channels:
    return Channels(
        tuple(dict.fromkeys(one for channels in found for one in channels.emails)),
        tuple(dict.fromkeys(one for channels in found for one in channels.phones)),
        tuple(dict.fromkeys(one for channels in found for one in channels.messengers)),
        tuple(dict.fromkeys(one for channels in found for one in channels.webs)),
    )


def _with_links(channels: Channels, links: Channels) -> Channels:
    return Channels(
        channels.emails,
        channels.phones or links.phones,
        channels.messengers,
        channels.webs,
        links.targets,
        links.link_emails,
    )

