"""What stands in an article's place is a copy of nothing; what says little is one of the same under the same headline."""

import pytest

from ingest.dedupe import fingerprint, read_lines
from ingest.dedupe.fold import fold
from ingest.dedupe.walls import PHRASES

WALLS = [
    (
        "We value your privacy. We and our partners store and/or access information on a device, such as cookies, and process "
        "personal data, such as unique identifiers, for personalised advertising and content. You may accept all cookies, or "
        "manage your cookie settings at any time by returning to this site and clicking on the button at the bottom."
    ),
    (
        "Bitte bestätigen Sie, dass wir Cookies verwenden dürfen. Wir und unsere Dienstleister verwenden Cookies, um Ihnen "
        "Inhalte und Anzeigen zu zeigen, die Sie interessieren könnten, und um die Nutzung unserer Seiten zu messen."
    ),
    (
        "Checking your browser before you go on. This process is automatic, and your browser will be redirected shortly. "
        "Please enable JavaScript and cookies to continue. Complete the captcha to prove that you are human."
    ),
    (
        "이 사이트는 더 나은 서비스를 제공하기 위해 쿠키를 사용합니다. 계속 이용하시면 쿠키를 사용하는 것에 동의하는 것으로 "
        "간주됩니다. 자세한 내용은 개인정보 처리방침을 확인해 주시기 바랍니다. 동의하지 않으시면 설정을 변경하실 수 있습니다."
    ),
    (
        "Этот сайт использует файлы cookie, чтобы вам было удобнее им пользоваться. Продолжая просмотр страниц, вы "
        "соглашаетесь с тем, что мы собираем файлы cookie и обрабатываем данные о вашем посещении."
    ),
    (
        "This story is for subscribers only. Already a subscriber? Log in to continue reading, or choose one of our offers: a "
        "digital subscription for the first three months at half of the price, and the weekend paper with all its supplements."
    ),
]
# What no list foresees.
OTHER_WALLS = {
    "English": (
        "Sorry, you have been blocked. The action you just performed triggered the security solution. There are several "
        "actions that could trigger this block, including submitting a certain word or phrase. You can email the site "
        "owner to let them know."
    ),
    "German": (
        "Um diesen Text zu lesen, benötigen Sie ein Digitalabo. Jetzt vier Wochen für null Euro testen, danach 9,90 Euro im "
        "Monat, jederzeit kündbar. Printabonnenten registrieren sich mit ihrer Kundennummer."
    ),
    "Spanish": (
        "Has alcanzado el límite de artículos gratuitos de este mes. Regístrate o inicia sesión para continuar. Con tu "
        "suscripción apoyas un periodismo libre y disfrutas de una navegación con menos publicidad."
    ),
    "Russian": (
        "Доступ к ресурсу ограничен. Ваш запрос был заблокирован системой защиты от атак. Если вы считаете, что это "
        "произошло по ошибке, отправьте администратору номер запроса и свой адрес."
    ),
    "Arabic": (
        "عذرا، الصفحة التي تبحث عنها لم تعد متاحة. ربما تم حذفها أو تغيير عنوانها. يرجى التحقق من الرابط أو العودة إلى الصفحة "
        "الرئيسية لقراءة آخر الأخبار. يمكنك أيضا استخدام خانة البحث للوصول إلى الموضوع الذي تريده."
    ),
    "Korean": (
        "서비스 이용에 불편을 드려 죄송합니다. 현재 시스템 점검 중이므로 잠시 후 다시 접속해 주시기 바랍니다. 점검 시간은 오전 두 시부터 "
        "여섯 시까지이며 작업 상황에 따라 변경될 수 있습니다. 너른 양해 부탁드립니다."
    ),
    "Japanese": (
        "アクセスが集中しているため、しばらく時間をおいてから、再度お試しください。ご迷惑をおかけし申し訳ございません。最新の情報は"
        "公式アカウントでもお知らせしておりますので、そちらもご確認ください。"
    ),
    "Chinese": (
        "您的访问过于频繁，请稍后再试。为了确保网站稳定运行，我们对短时间内的大量请求进行了限制。如果您认为这是误判，请将截图以及"
        "您的网络地址发送至客服邮箱，我们会尽快处理。"
    ),
}
HEADLINES = {
    "English": ("Ferry runs aground off Wend with 40 aboard", "Forty rescued after ferry hits sandbank"),
    "German": ("Zug fährt in Erdrutsch: zwölf Verletzte", "Regionalzug entgleist nach Unwetter im Harz"),
    "Spanish": ("Detenido el alcalde de Alcorque por corrupción", "La policía arresta a un alcalde"),
    "Russian": ("В Тюмени закрыли мост через Туру", "Мост в Тюмени перекрыт из-за трещины"),
    "Arabic": ("مقتل خمسة في حريق مصنع بالإسكندرية", "حريق كبير في مصنع للنسيج"),
    "Korean": ("혜산 시장서 쌀값 5천원대로 하락", "양강도 쌀값 한 달 만에 내림세"),
    "Japanese": ("千島沖で地震 津波の心配なし", "北海道で震度４の地震が発生"),
    "Chinese": ("山西一煤矿发生透水事故三人被困", "煤矿透水 救援正在进行"),
}
BRIEFS = {
    "English": (
        "A ferry with 40 people aboard ran aground on a sandbank off the island of Wend on Sunday evening. All passengers "
        "were taken ashore by lifeboats and nobody was hurt, the coastguard said."
    ),
    "German": (
        "Ein Regionalzug ist am Montagmorgen im Harz in einen Erdrutsch gefahren und entgleist. Zwölf Reisende wurden leicht "
        "verletzt, wie die Polizei mitteilte. Die Strecke bleibt bis Mittwoch gesperrt."
    ),
    "Spanish": (
        "La policía detuvo este miércoles al alcalde de Alcorque, acusado de haber cobrado comisiones por la obra del nuevo "
        "polideportivo. El regidor niega los hechos y asegura que no dimitirá."
    ),
    "Russian": (
        "Мост через Туру в центре Тюмени закрыли для движения после того, как рабочие обнаружили трещину в опоре. Ремонт "
        "займёт не меньше двух недель, сообщили в мэрии. Автобусы пойдут в объезд."
    ),
    "Arabic": (
        "قتل خمسة عمال وأصيب عشرة آخرون في حريق اندلع صباح اليوم في مصنع للنسيج غرب الإسكندرية، حسبما أعلنت وزارة الصحة. "
        "وتمكنت فرق الإطفاء من السيطرة على الحريق بعد ثلاث ساعات."
    ),
    "Korean": (
        "양강도 혜산시 시장에서 쌀값이 1킬로에 5천원대로 내렸다고 현지 소식통이 3일 전했다. 햇곡식이 풀리면서 한 달 만에 내림세로 돌아섰다는 "
        "것이다. 옥수수 가격은 큰 변화가 없었다."
    ),
    "Japanese": (
        "４日午前６時ごろ、千島列島沖を震源とする地震があり、北海道根室市などで震度４を観測した。気象庁によると、この地震による津波の心配は"
        "ない。けが人の情報は入っていない。"
    ),
    "Chinese": (
        "山西省一座煤矿五日凌晨发生透水事故，三名矿工被困井下。当地应急管理部门已派出救援队伍赶赴现场，目前排水工作正在进行。事故原因"
        "仍在调查之中。"
    ),
}
STORY = (
    "The harbour office said on Monday that the ferries would run again from the first of the month, when the pier has "
    "been mended and the new ramp is in its place. Tickets for the crossing cost as much as they did before the storm."
)


def keys(text: str, headline: str = "Ferries will run again next month") -> tuple[int, ...]:
    return fingerprint(read_lines(text), headline=headline).keys


@pytest.mark.parametrize("text", WALLS, ids=["consent", "German", "captcha", "Korean", "Russian", "paywall"])
def test_a_wall_is_like_nothing_else(text):
    assert keys(text) == ()


def test_bare_figures_are_like_nothing_else():
    assert keys(" ".join(str(n * 7919) for n in range(400))) == ()


def test_an_article_that_speaks_of_cookies_is_an_article():
    assert keys(f"{STORY} {STORY[::-1]} The office's site asks whether it may use cookies. {STORY[60:]}")


def test_an_article_with_a_wall_below_it_is_an_article():
    assert keys("\n\n".join([STORY.replace("Monday", f"day {n}") for n in range(12)] + WALLS[:1]))


def test_a_text_of_a_few_words_is_found_under_its_own_headline_only():
    brief = "The ferries will run again, the harbour office said on Monday."
    assert len(keys(brief)) == 1
    assert keys(brief) == keys(brief.upper(), "FERRIES will run again – next month")
    assert not set(keys(brief)) & set(keys(brief, "Storm closes the harbour for weeks"))
    assert keys(brief, "News") == ()


def test_a_text_of_a_few_words_does_not_meet_the_long_one_that_it_begins():
    assert not set(keys(STORY[:120])) & set(keys(STORY))


@pytest.mark.parametrize("language", OTHER_WALLS)
def test_what_stands_under_the_headlines_of_two_articles_is_no_copy_in_any_language(language):
    one, other = (keys(OTHER_WALLS[language], headline) for headline in HEADLINES[language])
    assert not set(one) & set(other)
    assert (
        keys(OTHER_WALLS[language], HEADLINES[language][0]) == one
    )  # under the same headline it may be one page twice


@pytest.mark.parametrize("language", BRIEFS)
def test_a_brief_item_of_news_under_two_headlines_is_a_copy(language):
    one, other = (keys(BRIEFS[language], headline) for headline in HEADLINES[language])
    assert len(set(one) & set(other)) == 16


def test_a_headline_too_short_to_be_spoken_of_decides_nothing():
    assert len(keys(STORY, "Obituary")) == 16


def test_phrases_are_long_enough_not_to_be_met_by_accident():
    phrases = [phrase for line in PHRASES.splitlines() if line.strip() for phrase in line.split("|")]
    assert min(len(fold(phrase)) for phrase in phrases) >= 7
