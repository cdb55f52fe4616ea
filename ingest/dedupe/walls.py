"""Texts that stand in an article's place: consent walls, captchas, appeals to subscribe, bare figures.

A crawler meets the same one at many addresses, so they look like perfect copies of each other. They are never compared.
"""

from __future__ import annotations

from ingest.dedupe.fold import fold

LONGEST = 2_000  # units; a longer text has more to say than its wall
PER_PHRASE = 400  # units; an article that mentions cookies once is an article
# Of 130 real articles cut to 600 units, 7 share no six units with their headline (puns, mostly), cut to 1,000 units 5.
# Of 61 walls in 20 languages, each beside the headlines of 20 other articles, 17 in 1,220 pairs share any.
NAMED = 6  # units of its headline that a text repeats
NAMED_BEFORE = 1_000  # units of text; longer ones share as much with any headline
FEWEST_LETTERS = 16  # units that are no digits

# As consent platforms (OneTrust, Cookiebot, Didomi, the IAB's TCF texts), challenge pages (Cloudflare, DataDome,
# PerimeterX, reCAPTCHA), paywalls and error pages word it. No list is complete: see `speaks_of`.
PHRASES = """
    accept all cookies | accept cookies | cookie consent | cookie policy | cookie preferences | cookie settings
    cookies and other | cookies and similar | enable cookies | manage cookies | our cookies | use cookies | using cookies
    store and/or access information on a device | we and our partners | we value your privacy
    captcha | are you a robot | not a robot | you are human | you are a human | checking your browser | unusual traffic
    unusual activity | access denied | access to this page has been denied | your browser is out of date
    enable javascript | javascript is disabled | requires javascript | turn on javascript | enable js | ad blocker | adblock
    security of your connection | permission to access | press & hold | too many requests | page not found
    page you are looking for | page you requested | unavailable due to legal reasons | unavailable in most european countries
    enforces the general data protection regulation | not available in your country | available in your region
    already a subscriber | already have a subscription | subscribe to continue | subscribe to read | subscribers only
    sign in to continue | log in to continue | register to continue | create a free account | to continue reading
    create your free account | your limit of free | exclusively to members | exclusively for subscribers

    cookies verwenden | verwenden cookies | cookies zu | verarbeiten personenbezogene daten | informationen auf ihrem gerät
    mit werbung und tracking | kein roboter | für unsere abonnenten | exklusiv für abonnenten | bereits ein abo
    bereits abonnent | seite nicht gefunden | seite konnte leider nicht | javascript aktivieren
    utilise des cookies | utilisons des cookies | accepter les cookies | cookies et | nos partenaires et nous
    nous et nos partenaires | retirer votre consentement | pas un robot | êtes un humain | réservé aux abonnés | déjà abonné
    page que vous cherchez | page introuvable | activer javascript
    utiliza cookies | utilizamos cookies | usamos cookies | uso de cookies | aceptar cookies | nosotros y nuestros socios
    no soy un robot | no eres un robot | es un ser humano | exclusivo para suscriptores | ya eres suscriptor
    página no encontrada | página que buscas
    os nossos parceiros | nossos parceiros armazen | não sou um robô | não é um robô | exclusivo para assinantes
    já é assinante | página não encontrada
    utilizza cookie | utilizziamo cookie | utilizziamo i cookie | non sono un robot | non sei un robot | riservato agli abbonati
    già abbonato | pagina non trovata
    gebruiken cookies | wij en onze partners | geen robot | voor abonnees | al abonnee | pagina niet gevonden
    vi använder cookies | vi och våra partner | redan prenumerant | för prenumeranter | sidan kunde inte hittas
    informasjonskapsler | allerede abonnent | for abonnenter | vi bruger cookies | siden ble ikke funnet
    używamy plików cookie | plikach cookie | nie jestem robotem | dla prenumeratorów | dla subskrybentów | nie znaleziono strony
    soubory cookie | cookie-kat használ | δεν είμαι ρομπότ | χρησιμοποιούμε cookies | εμείς και οι συνεργάτες μας

    файлы cookie | используем куки | файлами cookie | я не робот | вы не робот | вы, а не робот | доступен только подписчикам
    только для подписчиков | уже есть подписка | страница не найдена | обработки персональных данных
    файли cookie | ви не робот | для передплатників | сторінку не знайдено
    çerezleri | çerez politika | çerezler kullan | robot olmadığınızı | yalnızca abone | sayfa bulunamadı
    ملفات تعريف الارتباط | لست روبوت | أنك لست برنامج | للمشتركين فقط | الصفحة غير موجودة | من ربات نیستم | از کوکی ها استفاده
    אני לא רובוט | למנויים בלבד | קובצי cookie | कुकीज़ का उपयोग | आप रोबोट नहीं हैं | केवल सदस्यों के लिए
    menggunakan cookie | bukan robot | khusus pelanggan | halaman tidak ditemukan
    sử dụng cookie | không phải là robot | không tìm thấy trang | เว็บไซต์นี้ใช้คุกกี้ | ไม่ใช่หุ่นยนต์

    쿠키를 사용 | 로봇이 아닙니다 | 자동등록방지 | 사람인지 확인 | 비정상적인 접근 | 유료회원 | 구독자 전용 | 로그인 후 이용
    페이지를 찾을 수 없습니다 | 자바스크립트를 활성화
    クッキーを使用 | クッキーを利用 | cookieを使用 | cookieを利用 | ロボットではありません | 会員限定 | 続きを読むには
    ページが見つかりません | javascriptを有効
    使用cookie | 请完成验证 | 安全验证 | 您是真人 | 不是机器人 | 不是機器人 | 会员专享 | 會員專屬 | 登录后继续 | 登入後繼續
    页面不存在 | 頁面不存在 | 您访问的页面
"""
_UNITS = tuple(fold(phrase) for line in PHRASES.split("\n") if line.strip() for phrase in line.split("|"))
# In Cyrillic, some letters' units are those of digits; they are never all of a text.
_DIGITS = b"0123456789"


def is_wall(units: bytes) -> bool:
    """Whether the text is none of an article, by its units.

    >>> is_wall(fold("We use cookies to improve your experience. Accept all cookies or manage your choices."))
    True
    >>> is_wall(fold("3,151 2,990 3,008 4,411 5,230 6,100")), is_wall(fold("The bakery sold 900 cookies on Monday."))
    (True, False)
    """
    if len(units.translate(None, _DIGITS)) < FEWEST_LETTERS:
        return True
    if len(units) > LONGEST:
        return False
    return PER_PHRASE * sum(map(units.count, _UNITS)) >= len(units)


def speaks_of(headline: bytes, units: bytes) -> bool:
    """Whether a text repeats a piece of its headline, as articles do. What a crawler was given in an article's place, in
    whatever language, stands under the headlines of many.

    >>> speaks_of(fold("Ferries will run again"), fold("From Monday on, ferries cross the river, the harbour office said."))
    True
    >>> speaks_of(fold("Ferries will run again"), fold("This offer is for members. Choose a plan that suits you."))
    False
    """
    return any(headline[i : i + NAMED] in units for i in range(len(headline) - NAMED + 1))
