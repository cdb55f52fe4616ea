"""What stands in an article's place is a copy of nothing; what says little is one of the same under the same headline."""

import pytest

from ingest.dedupe import fingerprint, read_lines

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
