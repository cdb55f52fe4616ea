"""The words by which contact lines are told from the text around them, in the languages of many outlets.

Tables only; `contacts.py` says what they decide. Stems stand for their inflected forms. A word that is missing costs a
line, a word too many costs a sentence of a story: both are worth a page in tests/fixtures.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest.extract.alternation import one_of
from ingest.model import ContactKind

_Test = Callable[[str], bool]


def lowered(text: str) -> str:
    """As these tables are written; Turkish İ gives an i without its second dot."""
    return text.lower().replace("i\u0307", "i")


def _test(pattern: str) -> _Test:
    """A test whether a pattern is found in a text, whatever its case: `re.IGNORECASE` takes three to eight times as long."""
    search = re.compile(pattern).search
    return lambda text: search(lowered(text)) is not None


def _words(words: str, unspaced: str = "", *, start: str = r"\b", end: str = r"(?!\w)") -> str:
    """A pattern for whole words, and for words of scripts that set no spaces; those are told by their first characters.

    >>> re.findall(_words("cat|car", "記者|記事|我们"), "cat scar 新記者")
    ['cat', '記者']
    """
    pattern = f"{start}(?:{one_of(words)}){end}"
    if not unspaced:
        return pattern
    rests: dict[str, list[str]] = {}
    for word in unspaced.split("|"):
        rests.setdefault(word[0], []).append(word[1:])
    found = "|".join(f"(?<={head})(?:{'|'.join(tails)})" for head, tails in rests.items())
    return f"{pattern}|[{''.join(rests)}](?:{found})"


# Word stems, in the languages of the outlets; matched at the start of a word where the script has words. "_" is a space.
_VERBS = """
contact reach e-mail email mail_ mail: write_to write_us write_me write_a writing_to get_in_touch message_us message_me call_us call_our
calling call_or text_us text_me tip send submit share_your share_with share_it share_any let_us let_the tell_us tell_our
drop_us drop_me ask_us ask_the direct_any notify alert_us report_it report_an click_here post_to forward whatsapp_us pitch
hear_from hear_your like_to_hear love_to_hear leave_us text_the call_the message_the phone_us ring_us
kontakt erreich schreib schick send mail melde wenden_sie teilen_sie hinweis verfass zuschrift
contact écri ecri envoy signal joindre joignable adress témoign alert prévenez faites-nous faites_nous
contact escrib envia envíe envía mand comun cuéntanos avís escríb haznos háganos
contat escrev envi fale mande
contatt scriv inviate invia segnal manda fateci facci
neem_contact stuur schrijf meld bereik mail laat_het laat_ons app_ons bel_ons
kontakta mejla maila skriv tipsa hör_av skicka nå_ ring
skriv kontakt tips send ring gi_oss giv_os lad_os si_fra
ota_yhteyt lähet kirjoit laita_viesti kerro_meille anna_palaut
kontakt napisz wyślij zgłoś pisz skontakt prześlij daj_nam dajcie_nam powiadom poinformuj
napišt pošlet kontakt napíšt piš dejte_nám dajte_nám ozvěte volejte
írj küld kapcsolat elérhet ossza_meg oszd_meg jelezz jelez értesít
scrie scrieți trimite contact semnal anunț
пиши напиш присыл пришл связ сообщ обращ отправ контакт дайте_знать
пиші напиш надсил зв'яз зв’яз повідом контакт
пишете изпрат свърж пишіть дайте_знати
επικοινων στείλ γράψ
iletişim yazın gönder ulaş bildir
liên_hệ gửi
hubungi kirim kontak sampaikan laporkan beri_tahu
تواصل للتواصل راسل اتصل ارسل أرسل لمراسلة اكتب راسلونا تواصلوا
تماس ارسال
संपर्क भेज लिख ईमेल
ติดต่อ ส่ง
tuma wasiliana thinta
""".split()
_VERBS_CJK = "連絡 お寄せ メール 問い合わせ 送って 情報提供 ご応募 投稿 联系 聯絡 联络 发送 來信 来信 邮箱 電郵 爆料 报料 報料 제보 알려 문의 연락 메일 보내 צרו כתבו שלחו פנו לפניות 邮件 郵件 来电 來電".split()

VERB = _test(
    _words("|".join(re.escape(stem.replace("_", " ")) for stem in sorted(set(_VERBS))), "|".join(_VERBS_CJK), end="")
)
# Who speaks: the newsroom or the author.
US = _test(
    _words(
        r"us|our|ours|me|my|newsroom|news ?desk|news team|desk|editors?|editorial|reporters?|the author|this (?:article|story|report|reporter)|"
        r"uns|unser\w*|redaktion\w*|mir|autor(?:in)?|leserbrief\w*|nous|notre|nos|rédaction|nuestr\w+|redacción|noso\w+|\w+nos|noss[ao]s?|redação|redacção|noi|ci|nostr\w+|"
        r"redazione|(?:scriv|contatt|segnal|invi|mand|raccont|dit)\w*ci|ons|onze|redactie|oss|vår\w*|redaktion\w*|(?:til|hos|kontakt|mail|ring|skriv|giv|tip) os|vores|"
        r"meille|meihin|toimitu\w+|nam|nas|naszej|redakcj\w+|nám|naší|redakc\w+|redakci\w+|szerkeszt\w+|nekünk|hozzánk|velünk|\w+-ne|noastr\w+|"
        r"redacți\w+|нам|нашей|редакц\w+|μας|bize|bizimle|redaksi|kami|chúng tôi|tòa soạn|वेबसाइट|हमें|हमसे|আমাদের",
        r"編集部|弊社|当社|本紙|取材班|我们|我們|編輯|编辑|本报|本報|本网|우리|본보|본지|편집국|뉴스룸|저희|기사|التحرير|معنا|لنا|إلينا|راسلنا|الكاتب|الصحفي|المراسل|לכתבת?|אלינו|לנו|המערכת|בכתבה|記事|กองบรรณาธิการ",
        start=r"\b(?<!['’])",
    )
)
REPORTER = _test(
    r"(?:기자|특파원|논설위원|記者|记者|編集委員)(?=[\s(（<:]|$|[^\w])|\b(?:reporter|staff writer|correspondent)\b"
)
# "la", "le" are articles far more often: "la rédaction".
PERSON = _test(
    _words(
        r"him|her|them|ihn|ihm|ihr|hen|hem|haar|lui|elle|hende|ham|l[ae] (?=joindre|contacter|suivre)",
    )
)
# How a columnist signs off; of people in a story it is said where the text goes on.
REACHED = _test(
    r"\b(?:can|may) be (?:reached|contacted|e-?mailed)\b|\bist (?:[\w\s]{0,30} )?(?:erreichbar|zu erreichen)\b|\best joignable\b|"
    r"\bpeut être (?:joint|contacté)e?\b|\bpuede ser contactad[oa]\b"
)
# The author in the third person: "para la autora", "Skriv til journalisten".
AUTHOR = _test(
    _words(
        r"the (?:author|writer|reporter)|autor(?:in)?|verfasser(?:in)?|autora|autore|autrice|auteure?|auteurs?|skribent\w*|forfatter\w*|journalisten?|journaliste|periodista|redactora?|giornalista|repórter|"
        r"dziennikark?\w*|toimittaj\w+|kirjoittaj\w+|újságíró\w*|szerző\w*|autorul\w*|autork\w+|autor[ua]|автор\w*|журналист\w*|συντάκτ\w+|yazar\w*|muhabir\w*|"
        r"wartawan|penulis|phóng viên|tác giả",
        r"الكاتب|الصحفي|المراسل|לכתבת?|लेखक|संवाददाता|作者|筆者|글쓴이",
    )
)
# The newsroom by its name, whatever the address looks like.
NEWSROOM = _test(
    _words(
        r"newsroom|news ?desk|redaktion\w*|rédaction|redacción|redação|redazione|redactie|redakcj\w+|redakc[ei]\w*|szerkesztőség\w*|"
        r"redacți\w+|редакц\w+|toimitu\w+|redaksi|tòa soạn",
        "編集部|编辑部|編輯部|편집국|热线|熱線",
    )
)

# Words of purpose; of several the first in the text decides.
KINDS: tuple[tuple[ContactKind, re.Pattern[str]], ...] = (
    (
        "corrections",
        re.compile(
            _words(
                r"errors?|mistakes?|(?:some|any)thing wrong|wrong with|correct(?:ion|ions|ed|ing)?|typos?|inaccura\w+|fehler\w*|korrektur\w*|tippfehler|erreurs?|corriger|"
                r"fautes?|coquilles?|errores|erratas?|corrección|correcciones|erros?|correç\w+|errori?|refus[io]|correzion\w+|fout(?:en|je)?|taalfout|fel(?:aktig\w*)?|"
                r"faktafel|skrivfel|feil|skrivefeil|fejl|virhe\w*|błęd\w*|błąd|literów\w+|chyb\w+|hib[aá]\w*|greșel\w+|eroare|greșeal\w+|ошибк\w+|опечатк\w+|"
                r"помилк\w+|грешк\w+|λάθος|hata\w*|yanlış\w*|lỗi|kesalahan|गलती|त्रुटि",
                "خطأ|أخطاء|טעות|שגיאה|오류|정정|오타|誤り|間違い|訂正|错误|錯誤|有误|有誤|更正|勘误|纠错",
            )
        ),
    ),
    (
        "tips",
        re.compile(
            _words(
                r"tips?|tip-?offs?|news team|tell (?:us|our [\w ]{2,20})(?! what you think)|(?:a|your|the|any|other|more|similar|my|own|news) stor(?:y|ies)|stories|story to (?:tell|share)|information|videos?|photos?|pictures?|"
                r"claims?|know (?:more|something|anything)|do you (?:work|know)|are you|were you|did you|in your (?:area|town|city|street|neighbou?rhood)|have you (?:been|seen|got|experienced|witnessed)|witness\w*|hinweis\w*|info(?:s|rmationen)?|wissen sie (?:mehr|etwas)|arbeiten sie|waren sie dabei|ihre (?:fotos|bilder|videos)|behauptung\w*|insider|"
                r"témoign\w+|témoins?|świadki\w+|testimone|info(?:rmation)?s?|informatie|upplysningar|opplysninger|oplysninger|informaci|információ\w*|informați\w+|πληροφορί\w+|bilgi(?:niz|leriniz|si)|tuyaux?|vous avez une info|pistas?|denuncia\w*|información|historia|informação|informações|denúncias?|flagrante|sugest(?:ão|ões) de (?:pauta|reportage\w+|notícia)|pautas?|segnala\w*|notizi\w+|"
                r"tipsa|tipset|tipp?|nieuwstip|vinkki\w*|juttuvink\w*|informacj\w+|temat\w*|téma\w*|sesizăr\w+|новост\w+|информаци\w+|новин\w+|інформаці\w+|haber\w*|ihbar\w*|"
                r"tin bài|thông tin|đường dây nóng|informasi|laporan|खबर|जानकारी",
                "معلومات|מידע|סיפור|제보|情報提供|情報|爆料|报料|報料|线索|線索|新闻线索|热线|熱線|投稿",
            )
        ),
    ),
    (
        "article_comments",
        re.compile(
            _words(
                r"comments?|questions?|feedback|letters?|opinions?|thoughts|views|suggestions?|respon(?:d|se|ses)|reactions?|leserbrief\w*|"
                r"leserpost|fragen?|anmerkung\w*|anregung\w*|kritik|meinung\w*|rückmeldung\w*|zuschrift\w*|commentaires?|réagir|réactions?|avis|courrier|comentarios?|"
                r"preguntas?|cartas?|opini\w+|sugerencias?|comentários?|perguntas?|dúvidas?|sugest(?:ão|ões)|dudas?|commenti?|domand[ae]|lettere|osservazion\w+|suggeriment\w+|reager\w+|reageer\w*|opmerking\w*|vragen|reacti(?:e|es)|"
                r"brieven|kommentar\w*|frågor|åsikt\w*|insändare|spørsmål|spørgsmål|læserbrev\w*|leserinnlegg|debattinnlegg|palaute\w*|mielipi\w+|kysymy\w+|uwagi|komentarz\w*|"
                r"pytani\w+|opini[eęia]+|listy|dotaz\w*|názor\w*|vélemény\w*|hozzászól\w*|комментари\w+|вопрос\w*|отзыв\w*|письм\w+|коментар\w*|питанн\w+|відгук\w*|"
                r"ερωτήσεις|σχόλια|yorum\w*|görüş\w*|soru\w*|bình luận|ý kiến|câu hỏi|phản hồi|komentar|pertanyaan|saran|masukan|kritik|प्रतिक्रिया|सुझाव|टिप्पणी|राय|सवाल",
                r"تعليق\w*|آراء|ملاحظات|أسئلة|اقتراحات|תגובות|שאלות|הערות|의견|문의|질문|댓글|독자투고|ご意見|ご感想|感想|質問|意见|意見|建议|建議|读者来信|評論",
            )
        ),
    ),
)

# Recipients that are not meant: everybody who answers for something else than the article.
NOT_MEANT = _test(
    one_of(
        r"advertis|sponsor|commercial team|media ?kit|anzeigen|mediadaten|werbung|publicit|pubblicit|publicidad|anúncio|annons|annonc|mainos|reklam|рекламн|реклам[аыуеі]|광고|広告|"
        r"licen[cs]|lizenz|reprint|re-?print|permission|syndicat|re-?use|republish|nutzungsrecht|rechte und|genehmigung|droits de reproduction|derechos|direitos|diritti|"
        r"copyright|저작권|転載|转载|轉載|版权|subscri|\babo\b|abonn|abonelik|abbona|suscri|assina(?:nte|tura)|tilaus|prenumer|předplat|előfizet|подписк|구독|購読|订阅|newsletter|rundbrief|mailing list|"
        r"privacy|datenschutz|gdpr|cookie|unsubscribe|customer (?:service|care|support)|kundenservice|kundendienst|leserservice|service client|atención al cliente|klantenservice|kundtjänst|"
        r"technical (?:support|problem|issue)|technische|beim (?:kommentieren|registrieren|einloggen|anmelden)|commenting|log(?:ging)? ?in\b|press council|presserat|ombuds|ipso\b|regulator|moderat|netiquette|community guidelines|comment of yours|your comment|"
        r"leserkommentar\w* (?:melden|löschen)|delivery|zustellung|job(?:s\b| openings)|werben\b|mediaberat|inserieren|inserate|adverteren|reklamow|inzer(?:ce|át)|hirdet|quảng cáo|inserzion|anunci(?:ar|antes)|iklan|subskryp|career|karriere|vacanc|"
        r"obituar(?:y|ies)\b|place (?:an?|your) (?:ad|notice|order)|classifieds?\b|"
        r"this (?:summary|audio|feature|app|tool|newsletter|page|site|website|design)|diese (?:zusammenfassung|funktion)|dieses angebot|künstlich erzeugt|was made by a machine|"
        r"generated by ai|text-to-speech|product-?feedback|data ?protection|einwilligung|widerruf|withdraw (?:your )?consent|accessibility|barrierefrei"
    )
)
# People and offices of whom stories tell.
THIRD = _test(
    one_of(
        r"\bpolice|polizei|polic[iíj]|polizia|politi(?:et|e\b)|poliisi|policj|полици|поліці|경찰|警察|sheriff|detective|crime ?stoppers|kriminal|gendarm|guardia civil|hotline|help ?line|lifeline|"
        r"samaritans|seelsorge|suicid|suizid|emergency|notruf|\b911\b|\b999\b|\b112\b|embassy|botschaft|consulate|ministry|ministerium|gericht|staatsanwalt|"
        r"^\W*infos?\s?[:：]|for (?:more|further) info|weitere info\w*|nähere info\w*|pour (?:plus d['’]info|en savoir|tout renseignement)|per (?:maggiori |ulteriori )?informazioni|aanmeld|inschrijv|inscri(?:re|ption|pción|ption|birse|ver|ç)|iscri(?:zion|vers)|anmäl|påmeld|tilmeld|ilmoittaud|zapis(?:y\b|ać)|přihláš|jelentkez|înscri|записать|kayıt|pendaftaran|đăng ký|申し込み|申込|報名|报名|m(?:ais|ás) informaç|más información|meer informatie|mer information|więcej informacji|více informací|további információ|mai multe informații|daha fazla bilgi|press office|pressestelle|spokes|tickets?\b|rsvp|register\b|registration|anmeldung|booking|reserv|appointment|donat|spenden|charity|"
        r"zeugen\b|sachdienlich|dienststelle|ermittl|witnesses (?:are|should|who)|testigos|testimoni\b|gewinnspiel|competition|giveaway|shop\b|bestell|order\b|press release|media contact|investor relations|veranstalter"
    )
)
# Who made the pictures gives an address too: "Photos by Carl Roe, carl@…".
PICTURES = _test(
    r"^\W*(?:photos?|photography|pictures?|images?|fotos?|fotografie|fotografía|fotografia|bild(?:er)?|foto's|fotó|zdjęcia|фото|사진|写真|摄影|攝影)\s*"
    r"(?::|：|=|\b(?:by|von|de|par|di|av|af|door)\b)"
)
# A line of the page's menus, set in one block: "Corrections policy | Ethics | Contact us: …".
MENU = _test(
    r"\b(?:policy|policies|ethics|privacy|terms|about us|impressum|datenschutz|agb|careers|mentions légales|aviso legal|chi siamo|o nas)"
    r"(?!\w)[^.!?]*[|·•][^.!?]*[|·•]|[|·•][^.!?]*[|·•]\s*(?:policy|ethics|privacy|terms|impressum|datenschutz|aviso legal)"
)
LETTERS = _test(
    r"leserbrief|letters? to the editor|carta al director|courrier des lecteurs|lettere al direttore|ingezonden brief|insändare|læserbrev|독자투고|投書"
)
FOLLOW = _test(
    _words(
        r"follow|folg[et]\w*|seguir|sigue|segui\w*|suivez|suivre|följ|følg|seuraa|volg|obserwuj|подписыв|takip|theo dõi|ikuti|フォロー|关注|關注|팔로우",
    )
)

READ_MORE = _test(
    _words(
        r"read|visit|learn|more (?:information|info|about)|mehr (?:infos?|informationen)|lesen|lire|leer|leggi|subscribe|available|erhältlich|download",
    )
)

# Local parts of addresses that belong to an office; of any other the owner is a person.
ROLE = _test(
    one_of(
        r"info|news|redak|redac|rédac|redaz|toimitus|editor|desk|tips?\b|kontakt|contact|mail|office|press|presse|web|letter|leser|feedback|"
        r"corre|fehler|hinweis|team|hello|hallo|hola|admin|support|service|report|story|stories|opinion|online|digital|comment|jebo|webmaster|studio|"
        r"central|general|enquir|inquir|submission|central|redact|szerk|post|podcast|radio|alert|toasoan|newsroom"
    )
)
