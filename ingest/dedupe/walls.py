"""Texts that stand in an article's place: consent walls, captchas, appeals to subscribe, bare figures.

A crawler meets the same one at many addresses, so they look like perfect copies of each other. They are never compared.
"""

from __future__ import annotations

from ingest.dedupe.fold import fold

LONGEST = 2_000  # units; a longer text has more to say than its wall
PER_PHRASE = 400  # units; an article that mentions cookies once is an article
FEWEST_LETTERS = 16  # units that are no digits

# As consent platforms (OneTrust, Cookiebot, Didomi, the IAB's TCF texts), challenge pages (Cloudflare, DataDome,
# PerimeterX, reCAPTCHA) and paywalls word it.
PHRASES = """
    accept all cookies | accept cookies | cookie consent | cookie policy | cookie preferences | cookie settings
    cookies and other | cookies and similar | enable cookies | manage cookies | our cookies | use cookies | using cookies
    store and/or access information on a device | we and our partners | we value your privacy
    cookies verwenden | verwenden cookies | cookies zu | utilise des cookies | utilisons des cookies
    accepter les cookies | cookies et | utiliza cookies | utilizamos cookies | usamos cookies | uso de cookies
    aceptar cookies | utilizza cookie | utilizziamo i cookie | gebruiken cookies | używamy plików cookie | файлы cookie
    çerezleri | 쿠키를 사용 | クッキーを使用 | cookieを使用 | 使用cookie
    captcha | are you a robot | not a robot | you are human | you are a human | checking your browser | unusual traffic
    unusual activity | access denied | access to this page has been denied | your browser is out of date
    enable javascript | javascript is disabled | requires javascript | turn on javascript | enable js | ad blocker | adblock
    я не робот | вы не робот | 로봇이 아닙니다 | 자동등록방지 | ロボットではありません | 请完成验证 | 安全验证
    already a subscriber | subscribe to continue | subscribe to read | subscribers only | sign in to continue
    log in to continue | register to continue | create a free account
"""
_UNITS = tuple(fold(phrase) for line in PHRASES.strip().splitlines() for phrase in line.split("|"))
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
