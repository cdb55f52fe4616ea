"""Two URLs of one page give one key; URLs of different pages give different ones."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.urls import url_key

STORY = "https://www.example.com/news/world/harvest-begins-early-12345"


def rows(table: str) -> list[tuple[str, ...]]:
    return [tuple(line.split()) for line in table.strip().splitlines()]


@pytest.mark.parametrize(
    "query",
    (
        "utm_source=x&utm_medium=y fbclid=a gclid=a msclkid=a yclid=a mc_cid=1&mc_eid=2 _ga=2.1 at_medium=RSS&at_campaign=K ns_source=tw "
        "wt_mc=nl WT.mc_id=x dm_i=1A2 pk_campaign=a mtm_source=x xtor=RSS-1 hsCtaTracking=1 _hsenc=p2 spm=a2 igshid=M ito=social ico=x "
        "iref=comtop tpcc=x mod=rss n_cid=1 cmpid=rss intcmp=a icid=top maca=en-rss lmd_medium=x ref=hl ref=https://t.co/x source=rss "
        "from=nl_20240131 via=@desk share=facebook&nb=1 replytocom=12 PHPSESSID=a sessionid=f PAGESPEED=off __cf_chl_tk=x "
        "feedType=RSS&feedName=world rss=1 guccounter=1 linkId=987 amp%3Butm_medium=web &&& amp;utm_source=x"
    ).split(),
)
def test_how_a_reader_came_is_no_part_of_the_page(query):
    assert url_key(f"{STORY}?{query}") == url_key(STORY)
    assert url_key(f"{STORY}?{query}&id=7") == url_key(f"{STORY}?id=7")


@pytest.mark.parametrize(
    "name",
    "id no seq num cid sid uid eid nid key v p idxno newsId story_id a q f arcid ArticleId item contents_id Seq_Code lang page".split(),
)
def test_parameters_that_name_an_article_are_kept(name):
    assert url_key(f"https://example.com/view?{name}=881") != url_key(f"https://example.com/view?{name}=882")


@pytest.mark.parametrize(
    ("a", "b"),
    rows("""
    ref=1                     ref=2
    source=a1b2               source=a1b3
    mode=view                 mode=list
    type=mobile               type=politics
    m=1                       m=2
    mod=viewthread            mod=forumdisplay
    newsletterid=7            newsletterid=8
    nlid=7                    nlid=8
    sh=7                      sh=8
    """),
)
def test_a_campaign_name_with_an_identifier_as_its_value_is_kept(a, b):
    assert url_key(f"https://example.com/view?{a}") != url_key(f"https://example.com/view?{b}")


@pytest.mark.parametrize(
    ("page", "other"),
    rows("""
    https://example.com/a/story-36501522       https://example.com/a/story-36501522.amp
    https://example.com/a/story-36501522       https://example.com/a/story-36501522/amp/
    https://example.com/a/story-36501522       https://example.com/a/story-36501522/amp/1
    https://example.com/a/story-36501522       https://example.com/amp/a/story-36501522
    https://example.com/a/story-36501522       https://example.com/a/amp/story-36501522
    https://example.com/a/story-36501522       https://example.com/platform/amp/a/story-36501522
    https://example.com/a/story-36501522       https://amp.example.com/a/story-36501522
    https://example.com/a/story-36501522       https://m.example.com/a/story-36501522-amp
    https://example.com/a/story-36501522       https://example.com/a/story-36501522?amp
    https://example.com/a/story-36501522       https://example.com/a/story-36501522?amp=1
    https://example.com/a/story-36501522       https://example.com/a/story-36501522?outputType=amp-type
    https://example.com/a/story-36501522       https://example.com/a/story-36501522?mode=amp
    https://example.com/a/story-36501522       https://www-example-com.cdn.ampproject.org/v/s/www.example.com/a/story-36501522?amp_js_v=0.1
    https://example.com/a/story-36501522       https://www.google.co.kr/amp/s/amp.example.com/a/story-36501522/
    https://example.com/a/story-nt.html        https://example.com/a/story-nt_amp.html
    https://example.com/a/story-100.html       https://example.com/a/story-100~amp.html
    https://example.com/a/story.html           https://example.com/a/story.amp.html
    https://example.com/a/story.html           https://example.com/a/story.htm/alt=amp.html
    https://example.com/a/article/Cat-14848.php  https://example.com/a/amp/Cat-14848.php
    https://example.com/articleshow/7.cms      https://example.com/amp_articleshow/7.cms
    https://madame.example.fr/mode-2024        https://amp-madame.example.fr/mode-2024
    https://cnn.com/2019/11/18/x/index.html    https://amp.cnn.com/cnn/2019/11/18/x/index.html
    https://www.voakorea.com/a/7890.html       https://www.voakorea.com/amp/7890.html
    https://www.rfa.org/korean/a-1/a-0101.html https://www.rfa.org/korean/a-1/a-0101.html/ampRFA
    https://lemonde.fr/a/article/2024/1/a_6_3.html  https://lemonde.fr/a/article_amp/2024/1/a_6_3.html
    https://www.kommersant.ru/doc/6400000      https://www.kommersant.ru/amp/6400000
    https://www.zeit.de/politik/2024-01/wahl   https://www.zeit.de/politik/2024-01/wahl/komplettansicht
    """),
)
def test_an_amp_form_leads_to_its_article(page, other):
    assert url_key(page) == url_key(other)


@pytest.mark.parametrize(
    ("page", "other"),
    rows("""
    https://example.com/a/story-12345          https://mobile.example.com/a/story-12345
    https://en.example.org/wiki/X              https://en.m.example.org/wiki/X
    https://example.com/a/story-12345          https://example.com/mobile/a/story-12345
    https://www.163.com/news/article/I1.html   https://3g.163.com/news/article/I1.html
    https://n.news.naver.com/article/001/14    https://n.news.naver.com/mnews/ranking/article/001/14?sid=100
    https://www.hankyung.com/article/202401011 https://www.hankyung.com/politics/article/202401011
    https://www.koreatimes.co.kr/a/103_3.html  https://www.koreatimes.co.kr/a/103_3.html?KK
    https://www.nknews.org/2024/01/story/      https://www.nknews.org/2024/01/story/?t=1700000000
    https://example.com/a/story-12345          https://example.com/a/story-12345?view=mobile
    https://example.com/2024/05/story.html     https://example.com/2024/05/story.html?m=1
    https://example.com/a/story-12345.html     https://example.com/a/story-12345.html/print
    https://example.com/a/story-12345          https://example.com/a/story-12345?print
    https://example.com/a/story-12345          https://example.com/a/story-12345?view=print&printable=true
    https://example.com/a/story-12345.html     https://example.com/a/story-12345-druck.html
    https://example.com/a/1                    https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.example.com%2Fa%2F1&h=AT
    https://example.com/a/1                    https://www.google.com/url?sa=t&url=https://www.example.com/a/1&usg=x
    https://example.com/a/1?id=2&x=3           https://out.reddit.com/t3_x?url=https%3A%2F%2Fexample.com%2Fa%2F1%3Fx%3D3%26id%3D2
    https://example.com/a/1                    https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.google.com%2Famp%2Fs%2Fexample.com%2Fa%2F1
    """),
)
def test_mobile_and_print_forms_and_redirects_lead_to_the_article(page, other):
    assert url_key(page) == url_key(other)


@pytest.mark.parametrize(
    ("page", "other"),
    rows("""
    https://www.example.com/a                  http://example.com/a/
    https://example.com                        HTTPS://EXAMPLE.com:443/index.html
    https://example.com/a                      https://user:secret@example.com./a
    https://example.com/a/                     https://example.com//x/../a/./index.php
    https://example.com/caf%C3%A9/%7Ej/a%2db   https://example.com/cafe\u0301/~j/a-b
    https://example.com/경제-1                 https://example.com/%ea%b2%bd%ec%a0%9c-1
    https://example.com/a,b'c                  https://example.com/a%2Cb%27c
    https://example.com/?q=a+b                 https://example.com?q=a%20b
    https://example.com/?a=1&b=2               https://example.com/?b=2&amp;a=1
    https://пример.рф/1                        https://xn--e1afmkfd.xn--p1ai/1
    https://example.com/a                      https://example.com/a;jsessionid=1A53?x=#top
    https://example.com/a.aspx                 https://example.com/(S(0cdzlh55kvdvrj45))/a.aspx
    https://example.com/a                      feed://example.com/a
    https://example.com/a                      example.com/a
    https://example.com/a                      https:\\\\example.com\\a
    """),
)
def test_one_address_has_many_spellings(page, other):
    assert url_key(page) == url_key(other.replace("?x=#top", "#top"))


@pytest.mark.parametrize(
    ("a", "b"),
    rows("""
    https://example.com/shop/guitar-amp        https://example.com/shop/guitar
    https://example.com/shop/3d-print          https://example.com/shop/3d
    https://example.com/tag/amp                https://example.com/tag
    https://en.example.org/wiki/Guitar_amp     https://en.example.org/wiki/Guitar
    https://twitter.com/AMPhtml                https://twitter.com/
    https://example.com/news/print             https://example.com/news
    https://youtu.be/oKyFAMiZMbU               https://youtu.be/okyfamizmbu
    https://news.example.com/a                 https://example.com/a
    https://a.blogspot.com/1                   https://b.blogspot.com/1
    https://example.com:8443/a                 https://example.com/a
    https://example.com/a.php                  https://example.com/a
    https://example.com/a?page=2               https://example.com/a
    https://example.com/a%2Fb                  https://example.com/a/b
    https://example.com/?a=b%26c               https://example.com/?a=b&c
    https://example.com/#!/article/12          https://example.com/#!/article/13
    https://e.com\\@evil.org/a                 https://evil.org/a
    https://go.microsoft.com/fwlink?LinkID=1   https://go.microsoft.com/fwlink?LinkID=2
    https://google.com/url?q=cats              https://google.com/url?q=dogs
    """),
)
def test_different_pages_stay_apart(a, b):
    assert url_key(a) != url_key(b)


@pytest.mark.parametrize(
    "junk",
    [
        "",
        " ",
        "javascript:alert(1)",
        "mailto:desk@example.org",
        "data:text/html,x",
        "//",
        "http://",
        "https://exa mple.com/",
        "http://[::1",
        "http://example.com:99999/",
        "https://xn--a/",
        f"https://{'a' * 64}.com/",
        "\ud800",
        "https://example.com/\ud800\x00",
        "/relative",
        f"https://example.com/{'a' * 1_000_000}",
        f"https://example.com/{'amp/' * 15_000}",
        f"https://example.com/a{'.html' * 12_000}",
        "http://l.facebook.com/l.php?u=" * 2_000,
    ],
    ids=lambda junk: repr(junk[:25]),
)
def test_junk_is_a_key_too_and_quickly(junk):
    key = url_key(junk)
    assert url_key(key) == key
    key.encode("utf-8")
    assert "\x00" not in key


PIECES = st.sampled_from(
    "/ ? # & = . .. ; : @ % %2F %25 %41 + amp amp; &amp; .amp .html index.html print mobile /amp /amp/ _amp ~amp -amp 1 12345 story a-b-c "
    "utm_source=x ref=x m=1 #! #/ 2024/05/x.html é 한 \u0301 ~ ' \" < [ ] \\ ;jsessionid=1 http:// https:// // www. m. amp. amp- example.com "
    "co.uk google.com/url?q= google.com/amp/s/ cdn.ampproject.org/c/s/ cnn.com/cnn/ taz.de/!59289900 /s/5-95-123456 \u200c \xa0 \t".split(
        " "
    )
)


@settings(max_examples=1500, deadline=None)
@given(
    st.one_of(
        st.text(),
        st.lists(PIECES, max_size=9).map("".join),
        st.lists(PIECES, max_size=9).map(lambda p: "https://example.com/" + "".join(p)),
    )
)
@example("https://amp-.example.com/")
@example("https://example.com/a-b.org/index.php?mod=news&aid=1")  # with the index page gone it looks like a story
@example("https://example.com/a?ref=r\u0301ss")
@example("https://http:12345/a")
def test_the_key_of_a_key_is_the_key_itself(url):
    key = url_key(url)
    assert url_key(key) == key
