"""What blocks say of themselves: pointers to other pages, the headings after which an article is over, notices.

The tables have one line a language, in the order of their codes; each entry is a regular expression that is matched
against the beginning of a block in lower case. They hold what newsrooms print around their articles everywhere; names
of outlets don't belong here.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from ingest.extract.alternation import one_of, spread

# Heads of what follows an article, and pointers to other articles: "Read also: …".
_POINTERS = r"""
اقرأ (?:أيض|المزيد)|إقرأ أيض|مواضيع (?:ذات|متعلقة)|(?:أخبار|مقالات|موضوعات) ذات صلة|ذات صلة|الأكثر قراءة|شاهد أيض|التعليقات
|прочетете (?:още|и)|вижте (?:още|и)|още по темата|свързани|коментари
|আরও পড়ুন|আরো পড়ুন|আরও দেখুন
|čtěte (?:také|též|více|dále)|přečtěte si|mohlo by vás zajímat|související|nejčtenější|diskuse
|læs (?:også|mere)|mest læst|relaterede|mere om|flere (?:artikler|nyheder)|seneste ny|anbefalet
|lesen sie (?:auch|mehr|dazu|hier|weiter)|lest auch|lies (?:auch|mehr|dazu)|les(?:e)?tipps?\b|lesen sie (?:die|auch die) folgend|mehr (?:zum|zu|aus|von|über|auf|im|artikel|news|nachrichten|themen|infos?|informationen)\b(?!.*[.!]$)|weitere (?:aktuelle |interessante |spannende )?(?:informationen|artikel|themen|beiträge|meldungen|nachrichten|links|infos|news|tests|videos|angebote|tipps|texte|berichte|tourentipps)|weiterführende|weiterlesen|jetzt weiterlesen|(?:jetzt )?auch (?:interessant|lesenswert|spannend)|interessant(?:e links| auch)|das könnte (?:sie|dich|euch|ihnen|dir)|diese (?:beiträge|artikel|themen) (?:könnten|solltest)|könnte (?:sie|dich|euch) auch|ähnliche (?:artikel|beiträge|themen|meldungen|nachrichten|posts)|verwandte|passend (?:zum|dazu)|(?:links )?zum thema\b|themen im artikel|schon gelesen|neueste|meistgelesen|meist gelesen|das wird (?:gerade )?gelesen|beliebt(?:e|este)|empfehlungen|empfohlene (?:artikel|beiträge)|(?:der )?originalartikel|auch auf .{2,40}:$
|διαβάστε (?:επίσης|ακόμα|ακόμη|περισσότερα|και)|δείτε (?:επίσης|ακόμα)|σχετικά (?:άρθρα|θέματα)|δημοφιλή|τελευταίες ειδήσεις
|related\b(?!.{60})|read (?:more|next|also|on:|full|the (?:full|original))|also read|also on|more (?:from|on|stories|news|in|about|articles|like|coverage|to read|reading|:)|you (?:may|might) (?:also|like)|you'll also like|recommended\b|most (?:read|popular|viewed|shared|recent|watched)|popular (?:now|posts|stories|articles|in|on)|trending|latest (?:news|stories|posts|articles|from|in|videos|headlines)|top stories|up next|next (?:article|story|up|post)|previous (?:article|story|post)|explore (?:more|further)|further (?:reading|information)|see also|see more|what to read|editors?['’]s? (?:picks?|choice)|don['’]t miss|must[- ]reads?|in case you missed|recent (?:posts|articles|stories|news)|keep reading|continue reading|click here (?:to|for)|(?:watch|listen)(?: now| more| also)?:|other (?:stories|articles|news)|find out more|learn more|for more (?:information|on|news|stories)|similar (?:articles|stories|posts)|stories you
|(?:lea|lee|leer|vea|ver|mira|mire|conoce|conozca|puedes leer|además,? lee)(?: también| además| más)\b|(?:también )?(?:te|le|les) (?:puede|podría|pueden|podrían|recomendamos|sugerimos)|(?:contenidos?|noticias?|artículos?|notas?|temas?|enlaces?|entradas?) relacionad|relacionad[oa]s|más (?:noticias|información|leíd|vist|sobre|en|de)\b(?!.{60})|lo más|las más leídas|visto ahora|últimas noticias|no te pierdas|sigue leyendo|seguir leyendo|recomendad
|loe (?:ka|lisaks|veel)|seotud
|بیشتر بخوانید|بخوانید|(?:مطالب|اخبار|خبرهای) (?:مرتبط|مشابه)|پربازدید
|lue (?:myös|lisää)|luetuimmat|katso myös|lisää aiheesta|aiheesta lisää|uusimmat
|(?:à )?(?:lire|voir|écouter|découvrir) (?:aussi|également|notre|la suite|plus)|à (?:lire|voir|écouter|découvrir)\s?:|lisez aussi|lire\s?:|(?:sur|dans) (?:le|la) même (?:sujet|thème|rubrique|auteur)|(?:articles?|contenus|sujets|vidéos) (?:liés?|similaires|associés?|connexes|récents|populaires)|en savoir plus|les plus (?:lus|vus|partagés|commentés)|(?:nos|les) derni(?:ers|ères) (?:articles|actualités|infos|nouvelles)|vous aimerez|vous pourriez|(?:ceci|cela) (?:peut|pourrait) vous|pour aller plus loin|audios? et vidéos?|à ne pas (?:manquer|rater)|recommandé
|קראו (?:גם|עוד|בהרחבה)|כתבות (?:קשורות|נוספות)|אולי יעניין|עוד (?:בנושא|באותו)|הנקראות ביותר
|यह भी पढ़ें|ये भी पढ़ें|इसे भी पढ़ें|इन्हें भी पढ़ें|और पढ़ें|संबंधित (?:खबर|समाचार)|पढ़ें
|pročitajte (?:još|i|više)|(?:povezan|vezan)[eio]\b|najčitanije|preberite (?:tudi|še|več)
|ezek is érdekel|ez is érdekelhet|kapcsolódó|olvas(?:d|sa|on) (?:el |tovább|még)|ajánl(?:ó|ott|juk)|legolvasottabb
|baca (?:juga|selengkapnya|lainnya)|(?:artikel|berita) (?:terkait|lainnya|terpopuler)|lihat juga|simak juga|terpopuler|terkini
|leggi (?:anche|altr|tutt|qui|di più|ancora)|(?:ti |vi )?potrebbe(?:ro)? (?:anche )?interessa|(?:articoli|notizie|contenuti|argomenti) (?:correlat|collegat|simil)|(?:i |le )?più lett|da non perdere|ultime notizie|approfondiment|vedi anche|altre notizie|per approfondire
|関連(?:記事|リンク|ニュース|キーワード|ワード|トピックス|タグ|サイト|特集)|【関連|(?:あわせて|合わせて|併せて)読みたい|あなたに?おすすめ|おすすめ(?:の)?(?:記事|ニュース|情報)|続きを読む|(?:最新|人気|新着)(?:の)?(?:記事|ニュース)|(?:アクセス)?ランキング|もっと見る|こちらも
|관련\s?(?:기사|뉴스|글|영상|콘텐츠)|추천\s?(?:기사|뉴스|영상)|많이 본|인기\s?(?:기사|뉴스)|함께 (?:볼만한|읽으면)|실시간|[\[【(<]관련
|skaityk(?:ite)? (?:taip pat|daugiau)|taip pat skaityk|lasi (?:arī|vairāk)|saistītie
|lees (?:ook|meer|verder|hier)|meer (?:over|nieuws|van|lezen|weten)\b(?!.{60})|gerelateerd|bekijk ook|zie ook|meest gelezen|aanbevolen|ook interessant|laatste nieuws
|les (?:også|mer|flere)|mest lest|relatert|mer om|flere (?:saker|nyheter)|siste ny|anbefalt
|zobacz (?:także|też|również|więcej)|(?:czytaj|przeczytaj|sprawdź)(?: też| także| również| więcej| dalej|:)|polecamy|polecane|powiązane|podobne|najnowsze|najczęściej czytane|więcej (?:na temat|o|informacji)|dowiedz się więcej|może (?:cię|ci) (?:też )?zainteres
|(?:leia|veja|confira|assista|ouça)(?: também| mais| ainda| a seguir|:)|saiba mais|mais (?:lid[oa]s|vist[oa]s|notícias|sobre)|conteúdos? relacionad|notícias relacionad|(?:artigos|matérias) relacionad|últimas notícias|não perca|você pode gostar|recomendad
|cite(?:ș|ş|s)te (?:și|şi|si|mai)|citi(?:ț|ţ|t)i (?:și|şi|si)|articole (?:similare|asem|recomandate)|te-ar putea|cele mai citite|recomand
|читайте? (?:также|ещё|еще|по теме|далее|больше|на)|смотрите (?:также|ещё)|(?:ещё |материалы |новости |статьи )?по теме\b|похожие|самое (?:читаемое|популярное|важное)|популярное|рекомендуем|другие новости|главные новости|подробнее
|čítajte (?:aj|tiež|viac)|prečítajte si|mohlo by vás zaujímať|súvisiace|najčítanejšie
|lexo(?:ni)? (?:edhe|më shumë)|të ngjashme
|прочитајте (?:још|и)|pročitaj(?:te)? (?:još|i|više)|повезан|најчитаније
|läs (?:också|även|mer|vidare|allt)|mest läst|relatera(?:t|de)|mer (?:om|från|i)\b(?!.{60})|fler (?:artiklar|nyheter)|senaste ny|rekommenderat
|soma (?:zaidi|pia)|habari (?:zinazohusiana|zaidi)
|மேலும் (?:படிக்க|வாசிக்க)
|อ่าน(?:เพิ่มเติม|ต่อ)|(?:ข่าว|บทความ)ที่เกี่ยวข้อง
|ilgili (?:haber|içerik|konu)|ayrıca (?:bakın|okuyun)|(?:diğer|son|benzer) haberler|en çok okunan|önerilen|bunlar da ilginizi
|читайте також|дивіться також|за темою|схожі|більше (?:новин|по темі)|популярне|рекомендуємо|останні новини
|مزید پڑھیں|یہ بھی پڑھیں
|xem thêm|đọc thêm|(?:tin|bài|bài viết|chủ đề) liên quan|có thể bạn quan tâm|tin (?:mới|cùng chuyên mục|nổi bật)
|funda (?:nokuthi|futhi)
|相[关關](?:阅读|閱讀|新闻|新聞|文章|报道|報導|推荐|推薦|链接|連結)|延伸(?:阅读|閱讀)|推[荐薦](?:阅读|閱讀|文章)|更多(?:新闻|新聞|精彩|内容|文章)|[热熱][门門]|猜你喜欢|你可能(?:也)?(?:喜欢|感兴趣|想看)|编辑推荐|下一篇|上一篇
"""
# Heads of the page's other parts.
_PARTS = r"""
kommentare?\b(?!.{30})|kommentieren|kommentar (?:schreiben|verfassen)|schreibe? einen kommentar|leserkommentare|diskutieren sie|(?:artikel|beitrag|seite|jetzt)? ?teilen\b|(?:den )?artikel mit anderen|schlagw[oö]rt|schlagworte|stichworte|quellen?(?:angaben?|verzeichnis|nachweise?)?(?: ausblenden| anzeigen)?:?$|über (?:den|die) autor|zu[mr] autor|zur autorin|die autor(?:in|en|innen)?:?$|autor(?:in|en)?:?$|kontakt(?:ieren sie uns|daten)?:?$|(?:presse|medien)kontakt|ansprechpartner|rückfragen|originalpublikation|war (?:der|dieser|die|diese) (?:artikel|beitrag|seite|information)|bewerten sie|noch keine bewertung|serviceangebote|newsletter|abonnieren|folgen sie|folge uns|impressum|anmerkungen der redaktion|(?:teilnehmende|befreundete) blogs|zitiervorschlag|downloads?:?$|bildergalerie|fotostrecke|externer inhalt|(?:- ?)?(?:anzeige|werbung)\b(?!.{12})|auf dieser seite:?$|inhaltsverzeichnis|inhalt:?$|neuer abschnitt|neuer bereich
|comments?\b(?!.{30})|\d+ comments?$|leave a (?:reply|comment)|post a comment|join the (?:conversation|discussion)|share (?:this|on|via|article|the)\b(?!.{40})|share:?$|share with|tags?:|tags?$|tagged|topics?:?$|filed under|in this article:?$|about the authors?|about (?:us|author):?$|the authors?:?$|contact(?: us)?:?$|(?:media|press) contacts?|sources?:?$|sign up\b(?!.{60})|subscribe\b(?!.{60})|newsletter|follow us|connect with us|advertis(?:ement|e with)|sponsored|promoted|was this (?:article|page|helpful)|rate this|view all|see all|table of contents|in this (?:story|section):?$|contents:?$
|commentaires?\b(?!.{30})|\d+ commentaires?$|partager\b(?!.{40})|mots[- ]cl[ée]s|tags?\s?:|à propos de l['’ ]?auteure?|l['’]auteure?:?$|suivez[- ]nous|réagir|abonnez[- ]vous|inscrivez[- ]vous|publicité|sommaire$|thèmes?\s?:
|comentarios?\b(?!.{30})|deja (?:un|tu) comentario|compart(?:ir|e)\b(?!.{40})|etiquetas|temas?:?$|archivado en|sobre (?:el autor|la autora)|suscríbe|síguenos|síganos|publicidad|en esta nota|autor:?$
|comentários?\b(?!.{30})|compartilh|partilh(?:ar|e)|assuntos|sobre o autor|publicidade|siga[- ](?:nos|o)|inscreva-se
|commenti?\b(?!.{30})|condividi|argomenti:?|tag:?$|pubblicità|seguici|iscriviti|l['’]autore:?$
|komentarze?\b(?!.{30})|udostępnij|tagi:?|źródło:?|reklama|autor:|o autorze|podziel się|skomentuj|materiał chroniony|dalsze rozpowszechnianie
|reacties\b(?!.{30})|deel (?:dit|deze|op|via)\b|onderwerpen|trefwoorden|over de auteur|advertentie|reageer
|kommentarer?\b(?!.{30})|dela\b(?!.{30})|del (?:på|artikkel|artikel)|annons|annonse|annonce|ämnen|emner:?$|tips oss
|kommentit|jaa (?:artikkeli|juttu)|aiheet|mainos$|avainsanat
|yorum(?:lar)?\b(?!.{30})|paylaş|etiketler|reklam$
|комментари[ий]|поделиться|теги|реклама$|подпи(?:сывайтесь|шитесь)|коментар[іи]|поділитися|підпи(?:суйтесь|шіться)|сподели
|komentáře|sdílet|komentáre|zdieľať|štítky|témata|diskuze|hozzászólás|megosztás|címkék|hirdetés|komentari\b|podijeli|podeli|oznake|comentarii|etichete|σχόλια|ετικέτες|κοινοποίηση
|شارك|كلمات (?:دلالية|مفتاحية)|تعليقات|وسوم|نظرات|برچسب|תגובות|תגיות|שתפו|שיתוף|टिप्पणि|टैग
|コメント(?:する|を|$)|シェア|この記事を(?:シェア|書いた)|タグ|キーワード[:：]?$|pr$|［pr］|【pr】|広告
|댓글|공유하기|태그|기사\s?공유|좋아요|저작권자|ⓒ|무단\s?전재|구독
|评论|評論|留言|分享|责任编辑|責任編輯|编辑[:：]|标签|標籤|来源[:：]|广告|廣告
|bình luận|chia sẻ|từ khóa|chủ đề:|komentar\b(?!.{30})|bagikan|topik:?|แท็ก|แชร์
"""
# Notices that stand anywhere, also inside a longer block: consent, subscriptions, rights, reading time.
_NOTICES = r"""
rezept drucken|print (?:this|recipe)|jump to recipe|zum rezept springen|imprimir receta|imprimer la recette
|(?:monate?|wochen?|tage?) (?:lang )?(?:für|um|ab) (?:nur )?\d|(?:jederzeit|monatlich|täglich) kündbar|externe[nrs]? inhalte?|empfohlener (?:redaktioneller|externer) inhalt|redaktionell empfohlen|(?:ihre|deine) (?:zustimmung|einwilligung)|datenschutzerklärung|datenschutzeinstellungen|alle rechte vorbehalten|(?:\d+|wochen|monat) .{0,20}kostenlos testen|newsletter (?:abonnieren|anmelden|bestellen)|(?:zum|unseren|unserem|kostenlosen) newsletter|jetzt (?:abonnieren|anmelden|registrieren|abo)|bereits (?:abonnent|registriert|ein abo)|maschinell (?:übersetzt|erstellt)|maschinelle übersetzung|künstlich erzeugt|mit ki (?:erstellt|generiert)|dpa-infocom|automatisch (?:übernommen|erstellt)|affiliate|provisions-?link|(?:minuten|min\.?) lesezeit|lesezeit:?|javascript|whatsapp-kanal|folgen sie uns|vielen dank für ihr interesse|aktivieren sie|dieser (?:eintrag|beitrag|artikel) wurde (?:am|von|unter|veröffentlicht)|der beitrag wurde am|abgelegt (?:unter|in)\b|unter der lizenz|dieser (?:beitrag|text|artikel) (?:stammt|ist|erschien)(?: zuerst)? (?:aus|in) (?:der )?ausgabe|um den inhalt von|bei fragen und anregungen|(?:jetzt|uns|sie uns|bitte) (?:mit einer spende|unterstützen)|werden sie mitglied|mit einer spende|artikel gefallen|(?:alle angaben )?ohne gewähr
|(?:months?|weeks?|year) for (?:just |only )?[£$€]\s?\d|cancel any ?time|all rights reserved|newsletter\b.{0,40}(?:inbox|sign|subscri)|sign up (?:for|to|here|now)|subscribe (?:to|now|today|for)|already (?:a subscriber|have an account|subscribed)|log ?in (?:to|or)|your (?:inbox|consent|privacy|browser)|cookie|third[- ]party content|privacy (?:policy|notice|settings)|terms of (?:use|service)|follow us on|like us on|join (?:our|us on) (?:whatsapp|telegram)|whatsapp channel|telegram channel|download (?:the|our) app|support (?:our|us|independent) (?:journalism|work)|\d+ ?-?min(?:ute)?s? read|advertisement|affiliate (?:links?|commission)|enable javascript|click here to|this (?:article|story) was originally published|republish|copyright(?:ed)? (?:©|\(c\)|\d{4}|property)|follow .{2,60} on (?:twitter|facebook|instagram|youtube|telegram|whatsapp|linkedin|x\b)|this entry was posted|posted in .{2,60} (?:by|on|tagged|\|)|download the .{2,40}app|consider (?:supporting|donating|subscribing)|become a (?:member|supporter|patron)|make a donation|donate (?:now|today)|create an account|sign in to|first published (?:in|on|by)|suggested citation|latest news straight|advertise with
|sans engagement|résiliable à tout moment|tous droits réservés|abonnez-vous|newsletter|inscrivez-vous|politique de confidentialité|déjà abonné|suivez-nous sur
|todos los derechos reservados|suscríb(?:ete|ase) (?:a|para|aquí|ahora)|síguenos en|política de privacidad|canal de (?:whatsapp|telegram)|boletín de noticias
|todos os direitos reservados|assine (?:a|o|já)|siga[- ](?:nos|o canal)|canal (?:do|no) (?:whatsapp|telegram)|política de privacidade
|tutti i diritti riservati|riproduzione riservata|iscriviti (?:alla|al)|segui(?:ci| .{2,30}) su|canale (?:whatsapp|telegram)
|wszelkie prawa zastrzeżone|zapisz się|polityk[ai] prywatności|obserwuj nas
|alle rechten voorbehouden|schrijf je in|meld je aan|volg ons
|все права защищены|подписывайтесь на|подпишитесь|всі права захищені|підписуйтесь на
|tüm hakları saklıdır|abone ol|bản quyền
"""


# The same in scripts without spaces between words.
_NOTICES_UNSPACED = r"""
会員限定|会員登録|登録すると|有料会員|購読者|メールマガジン|続きを読むには|구독자|로그인|회원가입|登录后|登入後|付费|付費|無断(?:転載|複製)|著作権|無断|무단\s?(?:전재|복제|배포)|저작권자|版权所有|版權所有|未经授权|特别声明[:：]|免责声明[:：]|信息存储服务|更多原创资讯请下载|^[(（【]?原(?:标题|题为)|仅代表作者(?:本人|个人)?观点|不代表本(?:网|站|平台|报)|不代表.{1,8}网的?(?:观点|立场)|جميع الحقوق محفوظة
"""


def _any_of(table: str) -> str:
    return one_of(spread("".join(table.strip().split("\n"))))


_POINTER = re.compile(_any_of(_POINTERS))
_PART = re.compile(_any_of(_PARTS))
_NOTICE = re.compile(rf"\W(?:{_any_of(_NOTICES)})")  # at the start of a word: a third of what \b takes
_NOTICE_UNSPACED = re.compile(_any_of(_NOTICES_UNSPACED))
_LEADING = " \t-–—•·>»›→▶►+*#|:[(【「“\"'👉📌🔴⭐️✅"
_CREDIT = (
    r"(?:foto|fotos|photo|photos|picture|image|images|bild|bilder|quelle|source|fuente|fonte|źródło|kuva|kép|ảnh|фото|"
    r"photograph|credit|credits|copyright|©|\(c\)|titelbild|symbolbild|archivbild|video|grafik)\s?[:/©]"
    r"|^[©ⓒ]|^사진|^abb(?:ildung|\.)? ?\d+|^fig(?:ure|\.)? ?\d+|^(?:beitrags|titel|symbol)bild|^crédits? |^(?:foto|photo|bild)s? (?:von|by|de|di|av)\b|^写真|^图片|^圖"
)
_DATED = (
    r"(?:stand|aktualisiert|veröffentlicht|erstellt|published|updated|last updated|posted|posted on|date|publié|mis à jour|"
    r"publicado|actualizado|atualizado|pubblicato|aggiornato|opublikowano|aktualizacja|gepubliceerd|bijgewerkt|publicerad|"
    r"uppdaterad|publisert|oppdatert|опубликовано|обновлено|güncelleme|yayınlanma|입력|수정|更新|発行|公開)\b.{0,80}$"
)
_CHANNEL = r"(?:tel(?:efon|efono|éfono|\.)?|phone|fax|e-?mail|mail|mobil)\s?[.:]"
_LABEL = re.compile(one_of(spread(f"{_CREDIT}|{_DATED}|{_CHANNEL}")))
# A line that is a date and a time, with little else; a video's date and length.
_TIME = re.compile(
    r"^[^.!?]{0,40}\b\d{1,2}\s?[./-]\s?(?:\d{1,2}\s?[./-]|\w{3,12})\s?\d{4}\b[^.!?]{0,50}$|"
    r"^.{0,12}\d{4}\s?[年년.-]\s?\d{1,2}\s?[月월.-]\s?\d{1,2}.{0,30}$|"
    r"\b(?:19|20)\d\d\b.{0,12}\b\d{1,2}[:.]\d\d\s?(?:uhr|h|am|pm|a\.m\.|p\.m\.|gmt|utc|e[sd]?t|ce?s?t)?\b.{0,40}$"
)
_YEAR = re.compile(r"\d{4}")  # in all that `_TIME` finds, and thirty times as fast
_LENGTH = re.compile(
    r"\d{1,2}\.\d{1,2}\.\d{4} \| \d+:\d\d min$|^\d+ (?:hours?|days?|minutes?) ago$|^vor \d+ (?:stunden|tagen|minuten)$"
)
_LENGTH_ENDS = (" min", " ago", "stunden", "tagen", "minuten")
_BYLINE = re.compile(r"(?:von|by|par|por|di|door|av|af|od|autor|author|text|texte|texto|reporting by)\s?:? \S.{2,60}$")


class Meaning(Enum):
    """What a block is, if it is not the article's text."""

    POINTER = "pointer"
    """It sends the reader to another article, or heads a list of such."""
    PART = "part"
    """It heads a part of the page that is not the article: comments, tags, sharing."""
    NOTICE = "notice"
    """Consent, subscription, rights."""


@lru_cache(maxsize=2048)
def meaning(text: str) -> Meaning | None:
    """What a block's words say that it is; None for ordinary text.

    >>> [meaning(text) and meaning(text).value for text in ("Lesen Sie auch: Was nun?", "12 comments", "More is less.")]
    ['pointer', 'part', None]
    """
    length = len(text)
    if length >= 400:
        return None
    lower = text.lower()
    opening = _opening(lower)
    if length < 220 and _POINTER.match(opening):
        return Meaning.POINTER
    if length < 100 and _PART.match(opening):
        return Meaning.PART
    if _NOTICE.search(f" {lower}") or (not text.isascii() and _NOTICE_UNSPACED.search(lower)):
        return Meaning.NOTICE
    return None


def is_label(text: str) -> bool:
    """Whether a short block is a credit, a date, a byline, or an address to write to or to call."""
    length = len(text)
    if length >= 320:
        return False
    lower = text.lower()
    if lower.endswith(_LENGTH_ENDS) and _LENGTH.search(_opening(lower)):
        return True
    if length > 160:
        return False
    opening = _opening(lower)
    if _LABEL.match(opening):
        return True
    ended = text[-1] in ".!?" and not (text[0].isdigit() and text.endswith(("h.", "hs.")))  # "… a las 18:02 h."
    if length < 90 and not ended and _YEAR.search(opening) and _TIME.search(opening):
        return True
    return length < 70 and not ended and text[-1] != ":" and _BYLINE.match(opening) is not None


def _opening(lower: str) -> str:
    """Without bullets, arrows and quotes before the words, and without the second dot of Turkish İ in lower case."""
    return lower.replace("i\u0307", "i").lstrip(_LEADING)
