"""The instant of publication is found where a page tells it, and is not made up where it does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from ingest.extract.moments import Manner, find_moments, read_moment
from ingest.extract.sightings import day_of_url
from ingest.extract.zones import COUNTRIES, LANGUAGES, zone_of_country
from ingest.model import Link
from tests.extract.pages import TEXT, found, page

SEOUL, BERLIN = ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/Berlin")
INSTANT = datetime(2024, 5, 3, 10, 15, tzinfo=timezone(timedelta(hours=9)))
STORY = {"@type": "NewsArticle", "headline": "Rice prices rise"}


def published(html: str, **options):
    extraction = found(html, **options)
    return extraction.article.published_at, extraction.article.origins.get("published_at")


def modified(html: str, **options):
    return found(html, **options).article.modified_at


# -- reading ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2024-05-03T10:15:00+09:00", "2024-05-03T10:15:00+09:00"),
        ("2024-05-03T10:15:00.123456789Z", "2024-05-03T10:15:00+00:00"),
        ("2024-05-03T10:15+0900", "2024-05-03T10:15:00+09:00"),
        ("2024-05-03 10:15:00 +09", "2024-05-03T10:15:00+09:00"),
        ("2024-5-3T10:15:00GMT+09:00", "2024-05-03T10:15:00+09:00"),
        ("20240503T101500Z", "2024-05-03T10:15:00+00:00"),
        ("20240503", "2024-05-03"),
        ("2024-05-03", "2024-05-03"),
        ("2024-05-03 10:15", "2024-05-03T10:15:00"),
        ("1714698900", "2024-05-03T01:15:00+00:00"),
        ("1714698900000", "2024-05-03T01:15:00+00:00"),
        ("Fri, 03 May 2024 10:15:00 GMT", "2024-05-03T10:15:00+00:00"),
        ("Fri May 03 2024 10:15:00 GMT+0900 (KST)", "2024-05-03T10:15:00+09:00"),
        ("Fri May 03 10:15:00 KST 2024", "2024-05-03T10:15:00+09:00"),
        ("May 3, 2024 10:15 PM", "2024-05-03T22:15:00"),
    ],
)
def test_machines_dates_are_read_in_all_their_forms(value, shown):
    assert read_moment(value, Manner()).shown() == shown


@pytest.mark.parametrize(
    "value",
    [
        "", "today", "2024-02-30", "0000-00-00", "0001-01-01T00:00:00Z", "9999-12-31", "1970-01-01T00:00:00Z", "0000000000",
        "2024", "99999999", "12345678901", "{{date}}", "-1", "31.31.2024", "٠",
    ],
)  # fmt: skip
def test_what_is_no_date_is_none(value):
    assert read_moment(value, Manner()) is None


@pytest.mark.parametrize("zone", ["+99:99", "+25:00", "-15", "XYZ", "IST", "CST"])
def test_a_zone_that_is_none_or_ambiguous_leaves_the_wall_time(zone):
    moment = next(find_moments(f"2024-05-03 10:15 {zone}", Manner())).moment
    assert moment.shown() == "2024-05-03T10:15:00"


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        ("de", "Veröffentlicht am 3. Mai 2024, 10.15 Uhr", "2024-05-03T10:15:00"),
        ("de", "10:15 Uhr, 03.05.2024", "2024-05-03T10:15:00"),
        ("de", "Stand:12.03.24 | 17:05", "2024-03-12T17:05:00"),
        ("fr", "Publié le 1er mai 2024 à 10h15", "2024-05-01T10:15:00"),
        ("es", "3 de mayo de 2024 - 5:04 p. m.", "2024-05-03T17:04:00"),
        ("pt", "3 de maio de 2024 às 10h15", "2024-05-03T10:15:00"),
        ("it", "3 maggio 2024 alle 10:15", "2024-05-03T10:15:00"),
        ("nl", "3 mei 2024 om 10.15", "2024-05-03T10:15:00"),
        ("pl", "3 maja 2024, godz. 10:15", "2024-05-03T10:15:00"),
        ("cs", "3. května 2024 v 10:15", "2024-05-03T10:15:00"),
        ("hu", "2024. május 3. 10:15", "2024-05-03T10:15:00"),
        ("fi", "3.5.2024 klo 10.15", "2024-05-03T10:15:00"),
        ("tr", "3 Mayıs 2024 10:15", "2024-05-03T10:15:00"),
        ("ru", "3 мая 2024, 10:15 МСК", "2024-05-03T10:15:00+03:00"),
        ("uk", "3 травня 2024, 10:15", "2024-05-03T10:15:00"),
        ("el", "3 Μαΐου 2024", "2024-05-03"),
        ("ar", "٣ مايو ٢٠٢٤", "2024-05-03"),
        ("he", "3 במאי 2024", "2024-05-03"),
        ("hi", "3 मई 2024", "2024-05-03"),
        ("th", "3 พฤษภาคม 2567", "2024-05-03"),
        ("th", "3 พ.ค. 2567 เวลา 10.15 น.", "2024-05-03T10:15:00"),
        ("ar", "الجمعة، 03 أيار/مايو 2024", "2024-05-03"),
        ("ar", "3 تشرين الأول 2024", "2024-10-03"),
        ("ar", "3 اغسطس 2024", "2024-08-03"),
        ("lv", "2024. gada 3. maijs, 10:15", "2024-05-03T10:15:00"),
        ("hu", "2024. május 3., péntek 10:15", "2024-05-03T10:15:00"),
        ("tr", "3 Mayıs 2024 Cuma 10:15", "2024-05-03T10:15:00"),
        ("vi", "Thứ sáu, 3/5/2024, 14:30 (GMT+7)", "2024-05-03T14:30:00+07:00"),
        ("id", "3 Mei 2024, 10:15 WIB", "2024-05-03T10:15:00+07:00"),
        ("ko", "입력 2024.05.03. 오후 2:05", "2024-05-03T14:05:00"),
        ("ko", "2024년 5월 3일 오전 12시 5분", "2024-05-03T00:05:00"),
        ("ja", "2024年5月3日 10時15分", "2024-05-03T10:15:00"),
        ("ja", "令和6年5月3日", "2024-05-03"),
        ("zh", "發布時間：2024-05-03 10:15", "2024-05-03T10:15:00"),
        ("zh", "民國113年5月3日", "2024-05-03"),
        ("en", "Updated 10.15am BST, 3 May 2024", "2024-05-03T10:15:00+01:00"),
        ("en", "May 3rd, 2024 at 12:15 a.m. ET", "2024-05-03T00:15:00-04:00"),
    ],
)
def test_peoples_dates_are_read_in_their_language(language, text, shown):
    assert [one.moment.shown() for one in find_moments(text, Manner(language=language))] == [shown]


@pytest.mark.parametrize(
    "text",
    [
        "Version 3.5.2024.1",
        "Build 3.4.40",
        "1.234.567",
        "Artikel 3 2024",
        "call 030 12 34 56",
        "10/15",
        "page 3 of 2024 results",
    ],
)
def test_numbers_that_look_like_dates_are_none(text):
    assert list(find_moments(text, Manner(language="de"))) == []


def test_americans_put_the_month_first():
    assert read_moment("5/3/2024", Manner(language="en", month_first=True)).shown() == "2024-05-03"
    assert read_moment("5/3/2024", Manner(language="en")).shown() == "2024-03-05"
    assert read_moment("5/13/2024", Manner(language="en")).shown() == "2024-05-13"


# -- where it stands ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "origin"),
    [
        (page(ld=STORY | {"datePublished": "2024-05-03T10:15:00+09:00"}), "json-ld datePublished"),
        (
            page(head='<meta property="article:published_time" content="2024-05-03T10:15:00+09:00">'),
            "meta article:published_time",
        ),
        (page(head='<meta name="parsely-pub-date" content="2024-05-03T01:15:00Z">'), "meta parsely-pub-date"),
        (
            page(top='<time itemprop="datePublished" datetime="2024-05-03T10:15:00+09:00">today</time>'),
            "itemprop datePublished",
        ),
        (page(top='<p>By A. Smith <time datetime="2024-05-03T10:15:00+09:00">3 May</time></p>'), "time"),
        (page(top='<abbr class="published" title="2024-05-03T10:15:00+09:00">3 May</abbr>'), "abbr"),
        (page(top="<p class=date>May 3, 2024, 10:15 KST</p>"), "text “May 3, 2024, 10:15 KST”"),
        (page(below='<script>var s = {"publishedAt":"2024-05-03T01:15:00Z"}</script>'), "script data publishedAt"),
        (
            page(below='<script>push("{\\"publishedAt\\":\\"2024-05-03T01:15:00Z\\"}")</script>'),
            "script data publishedAt",
        ),
    ],
)
def test_the_instant_is_found_wherever_the_page_tells_it(html, origin):
    assert published(html) == (INSTANT, origin)


def test_the_feed_tells_what_the_page_does_not():
    link = Link(url="https://news.example.org/rice", published_at=INSTANT)
    assert published(page(), link=link) == (INSTANT, "feed")


def test_an_instant_is_kept_in_the_zone_in_which_the_page_tells_it():
    when, _ = published(page(ld=STORY | {"datePublished": "2024-05-03T10:15:00+09:00"}))
    assert when.utcoffset() == timedelta(hours=9)


def test_utc_is_shown_by_the_clock_of_the_outlets_country():
    when, _ = published(page(ld=STORY | {"datePublished": "2024-05-02T23:30:00Z"}), url="https://example.kr/1")
    assert (when, when.date().isoformat()) == (datetime(2024, 5, 2, 23, 30, tzinfo=UTC), "2024-05-03")


# -- zones --------------------------------------------------------------------------------------------------------

WALL = page(head='<meta property="article:published_time" content="2024-05-03T10:15:00">')


def test_a_wall_time_without_a_known_zone_is_no_instant_but_is_kept():
    assert published(WALL) == (None, "meta article:published_time (wall time 2024-05-03T10:15:00, no zone)")


def test_the_sources_zone_comes_first():
    assert published(WALL, timezone="Asia/Seoul")[0] == datetime(2024, 5, 3, 10, 15, tzinfo=SEOUL)
    assert published(WALL, url="https://example.de/a", timezone="Asia/Seoul")[0] == datetime(
        2024, 5, 3, 10, 15, tzinfo=SEOUL
    )


def test_another_time_on_the_page_tells_the_zone():
    html = page(
        head='<meta property="article:published_time" content="2024-05-03T10:15:00"><meta property="article:modified_time" content="2024-05-03T12:00:00+08:00">'
    )
    when, origin = published(html)
    assert when == datetime(2024, 5, 3, 10, 15, tzinfo=timezone(timedelta(hours=8)))
    assert origin.endswith("zone: meta article:modified_time)")


def test_else_the_country_that_has_one_zone():
    assert published(WALL, url="https://example.de/a")[0] == datetime(2024, 5, 3, 10, 15, tzinfo=BERLIN)
    assert published(WALL, url="https://example.ru/a")[0] is None


def test_an_unknown_zone_in_the_configuration_is_as_good_as_none():
    assert published(WALL, timezone="Mars/Base")[0] is None


def test_the_tables_name_zones_that_exist():
    for name in (*COUNTRIES.values(), *LANGUAGES.values()):
        assert ZoneInfo(name).key == name


@pytest.mark.parametrize(
    ("host", "lang", "zone"),
    [("example.fr", "", "Europe/Paris"), ("example.com", "de-AT", "Europe/Vienna"), ("example.com", "ko", "Asia/Seoul"),
     ("example.com", "zh-Hant-TW", "Asia/Taipei"), ("example.com", "zh-Hans", "Asia/Shanghai"), ("example.com", "pt-BR", None),
     ("example.com", "en-US", None), ("example.us", "en", None), ("example.com", "es", None), ("", "", None)],
)  # fmt: skip
def test_a_country_is_known_by_domain_region_or_language(host, lang, zone):
    known = zone_of_country(host, lang)
    assert (known.zone.key if known else None) == zone


def test_a_day_is_its_first_moment_and_says_that_it_is_a_day():
    html = page(ld=STORY | {"datePublished": "2024-05-03"})
    assert published(html, url="https://example.kr/1") == (
        datetime(2024, 5, 3, tzinfo=SEOUL), "json-ld datePublished (day only, zone: top-level domain .kr)"
    )  # fmt: skip
    assert published(html) == (
        datetime(2024, 5, 3, tzinfo=UTC),
        "json-ld datePublished (day only, no zone: midnight UTC)",
    )


# -- whom to believe ----------------------------------------------------------------------------------------------


def test_a_time_of_the_same_day_is_better_than_the_day():
    html = page(
        ld=STORY | {"datePublished": "2024-05-03"}, top='<time datetime="2024-05-03T10:15:00+09:00">3 May</time>'
    )
    assert published(html) == (INSTANT, "time")


def test_a_date_that_agrees_with_the_address_wins():
    head = '<meta name="publish-date" content="2024-05-03T10:15:00+09:00"><meta property="article:published_time" content="2023-01-01T00:00:00+09:00">'
    assert published(page(head=head), url="https://news.example.org/2024/05/03/rice")[0] == INSTANT


def test_the_clock_in_the_header_teasers_comments_and_the_copyright_are_no_dates_of_the_article():
    html = page(
        top="<p class=meta>3 May 2024</p>",
        below="""<section class=comments><article><h4>Ann</h4><time datetime="2025-01-01T09:00:00Z">1 Jan</time> Yes, and more of it.</article></section>
        <aside class=related><h3>More</h3><ul><li><a href=/x>Another</a> <time datetime="2026-02-02T09:00:00Z">2 Feb</time></li></ul></aside>""",
    ).replace("<nav>", '<div class="today">Monday, 4 May 2026</div><nav>')
    assert published(html)[0] == datetime(2024, 5, 3, tzinfo=UTC)


def test_a_date_within_the_text_is_the_storys():
    html = page(
        text=TEXT
        + "<p>The market was built on 12 June 1998 by people who came from the mountains in the years after the famine.</p>"
    )
    assert published(html) == (None, None)


def test_day_and_month_are_exchanged_where_the_address_says_so():
    html = page(top="<p class=date>02/10/2020</p>")
    assert published(html, url="https://example.com/2020/10/02/a")[0] == datetime(2020, 10, 2, tzinfo=UTC)
    assert published(html, url="https://example.com/a")[0] == datetime(2020, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://example.org/2024/05/03/a", "2024-05-03"), ("https://example.org/2024/may/03/a", "2024-05-03"),
        ("https://example.org/n1/2024/0503/c1.html", "2024-05-03"), ("https://example.org/news-20240503.html", "2024-05-03"),
        ("https://example.org/a-2024-05-03", "2024-05-03"), ("https://example.org/news/29-10-2021", "2021-10-29"),
        ("https://example.org/2024/05/", None), ("https://example.org/12345678", None), ("https://example.org/20240230/", None),
        ("https://example.org/?d=2024-05-03", None), ("", None),
    ],
)  # fmt: skip
def test_an_address_tells_a_day(url, day):
    assert (day_of_url(url).isoformat() if day_of_url(url) else None) == day


def test_an_archived_copys_address_is_not_the_pages():
    url = "https://web.archive.org/web/20180102030405/http://example.de/2010/05/19/a"
    assert published(page(), url=url)[0] == datetime(2010, 5, 19, tzinfo=BERLIN)


# -- modified -----------------------------------------------------------------------------------------------------


def test_the_last_change_is_told_apart():
    html = page(ld=STORY | {"datePublished": "2024-05-03T10:15:00+09:00", "dateModified": "2024-05-04T08:00:00+09:00"})
    assert modified(html) == datetime(2024, 5, 4, 8, 0, tzinfo=SEOUL)
    html = page(head='<meta property="og:updated_time" content="2024-05-04T08:00:00+09:00">')
    assert modified(html) == datetime(2024, 5, 4, 8, 0, tzinfo=SEOUL)
    html = page(top='<time class="updated" datetime="2024-05-04T08:00:00+09:00">4 May</time>')
    assert (modified(html), published(html)[0]) == (datetime(2024, 5, 4, 8, 0, tzinfo=SEOUL), None)


def test_nothing_is_changed_before_it_is_published():
    assert (
        modified(
            page(ld=STORY | {"datePublished": "2024-05-03T10:15:00+09:00", "dateModified": "2024-05-01T08:00:00+09:00"})
        )
        is None
    )
