"""RSS, RDF and Atom as publishing systems write them, and as they should not."""

from datetime import datetime, timedelta

import pytest

from ingest.errors import NotASource
from ingest.model import PublisherHints

HEAD = '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>T</title>'
TAIL = "</channel></rss>"


def rss(*items: str) -> str:
    return HEAD + "".join(f"<item>{item}</item>" for item in items) + TAIL


def entry(number: int, more: str = "") -> str:
    return f"<title>n{number}</title><link>https://ledger.example/2024/{number}</link>{more}"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_wordpress_feed_gives_every_field_of_its_entries(look, saved):
    found = look(saved("wordpress.xml"))
    first = found.links[0]
    assert first.url.startswith("https://ledger.example/2024/05/02/markets-in-hyesan-quiet/")
    assert first.guid == "https://ledger.example/?p=1201"
    assert first.title == "Markets in Hyesan ‘quiet’ as rice prices rise & fall"
    assert first.published_at == at("2024-05-02T08:30:00+00:00")
    assert first.summary == "Traders say the stalls are half empty."
    assert first.content.startswith("<p>Traders in Hyesan")
    assert first.authors == ("Han Ji-won", "Peter Lund")
    assert first.tags == ("Economy",)
    assert first.language == "en"
    assert first.image_url == "https://ledger.example/img/market-1200.jpg"
    assert found.title == "Border Ledger – News & Analysis"
    assert found.warnings == ()
    assert found.complete


def test_relative_links_and_enclosed_pictures_are_resolved(look, saved):
    second = look(saved("wordpress.xml")).links[1]
    assert second.url == "https://ledger.example/2024/05/01/a-second-look/"
    assert second.image_url == "https://ledger.example/img/look.png"


def test_a_time_without_a_zone_is_in_the_sources_zone_or_none(look, saved):
    assert look(saved("wordpress.xml")).links[1].published_at is None
    dated = look(saved("wordpress.xml"), timezone="Asia/Seoul").links[1]
    assert dated.published_at == at("2024-05-01T20:00:00+09:00")


def test_a_short_description_is_a_summary_and_no_text(look, saved):
    second = look(saved("wordpress.xml")).links[1]
    assert second.content is None
    assert second.summary == "Short and cut off"


def test_the_publishers_hints_are_read_as_written(look, saved):
    assert look(saved("wordpress.xml")).hints == PublisherHints(
        ttl=timedelta(minutes=45),
        update_period=timedelta(minutes=30),
        skip_hours=frozenset({0, 1, 23}),
        skip_days=frozenset({5, 6}),
    )


@pytest.mark.parametrize("ttl", ["-5", "0", "soon", "1e9", "9" * 400])
def test_an_absurd_ttl_is_no_hint(look, ttl):
    assert look(HEAD + f"<ttl>{ttl}</ttl><skipHours><hour>99</hour></skipHours>" + TAIL).hints == PublisherHints()


def test_atom_resolves_by_xml_base_and_keeps_published_apart_from_updated(look, saved):
    found = look(saved("atom.xml"), url="https://maeil.example/atom")
    first, second = found.links
    assert first.url == "https://maeil.example/news/10021"
    assert first.image_url == "https://maeil.example/photo/10021.jpg"
    assert first.guid == "tag:maeil.example,2024:10021"
    assert first.published_at == at("2024-05-02T17:00:00+09:00")
    assert first.modified_at == at("2024-05-02T17:40:00+09:00")
    assert "<p>" in first.content
    assert first.summary == "시장 소식통은 쌀값이 올랐다고 전했다."
    assert (first.authors, first.tags, first.language) == (("김하늘 기자",), ("경제",), "ko")
    assert second.published_at is None
    assert second.modified_at == at("2024-05-02T08:00:00Z")


def test_titles_are_plain_text_with_one_level_of_entities_undone(look, saved):
    first, second = look(saved("atom.xml"), url="https://maeil.example/atom").links
    assert first.title == "쌀값 <속보> 오름세 계속"
    assert second.title == "a <b> & c"


def test_rdf_knows_its_date_by_dublin_core(look, saved):
    (link,) = look(saved("rdf.xml"), url="https://kokkyo.example/index.rdf").links
    assert link.url == "https://kokkyo.example/articles/8801.html"
    assert link.published_at == at("2024-05-02T10:15:00+09:00")
    assert (link.authors, link.tags, link.language) == (("佐藤 花子",), ("経済",), "ja")


def test_a_guid_that_is_an_address_stands_in_for_a_missing_link(look):
    (link,) = look(rss('<title>n</title><guid isPermaLink="true">https://ledger.example/1</guid>')).links
    assert link.url == "https://ledger.example/1"


def test_links_that_are_no_web_pages_are_dropped_and_counted(look):
    found = look(rss("<link>javascript:alert(1)</link>", "<link>http://[::1/</link>", "<title>none</title>", entry(1)))
    assert [link.title for link in found.links] == ["n1"]
    assert "3 entries have no web address" in found.warnings


def test_two_entries_of_one_article_become_one_link_that_knows_what_both_say(look):
    twice = entry(1), "<link>https://www.ledger.example/2024/1/?utm_source=rss</link><guid>g1</guid>"
    (link,) = look(rss(*twice)).links
    assert (link.title, link.guid) == ("n1", "g1")


def test_a_guid_that_several_addresses_share_is_no_identity(look):
    found = look(rss(entry(1, "<guid>same</guid>"), entry(2, "<guid>same</guid>"), entry(3, "<guid>own</guid>")))
    assert [link.guid for link in found.links] == [None, None, "own"]


def test_an_entry_that_points_to_the_feed_itself_is_no_article(look):
    found = look(rss("<link>https://ledger.example/feed/</link>", entry(1)))
    assert len(found.links) == 1


def test_a_feed_that_breaks_off_gives_its_whole_entries_and_says_so(look):
    whole = rss(entry(1), entry(2), entry(3))
    for end in range(whole.index("n3") - 13, len(whole) - 7):
        found = look(whole[:end])
        assert [link.title for link in found.links][:2] == ["n1", "n2"]
        assert not found.complete


def test_an_endless_feed_is_read_from_its_new_end(look):
    newest_first = [entry(i, f"<dc:date>{2023 - i // 1000}-01-01T00:00:00Z</dc:date>") for i in range(2_500)]
    for items, wanted in ((newest_first, "n0"), (newest_first[::-1], "n1999")):
        found = look(rss(*items))
        assert len(found.links) == 2_000
        assert found.links[0].title == wanted
        assert "2500 entries" in found.warnings[0]


@pytest.mark.parametrize(
    "broken",
    [
        rss(entry(1, "<description>a<br>b<p>c</description>")),
        rss(entry(1, '<media:content url="x.jpg"/>')),
        rss(entry(1)).replace("n1", "n1\x0b"),
        HEAD + f"<item>{entry(1)}</item>",
        f"<br />\n<b>Warning</b>: mysql in <b>/var/www/index.php</b><br />\n{rss(entry(1))}",
        "\n\n" + rss(entry(1)),
    ],
    ids=[
        "html within",
        "undeclared prefix",
        "control character",
        "no end",
        "warning of php before",
        "blank lines before",
    ],
)
def test_a_feed_that_is_no_xml_is_read_all_the_same(look, broken):
    assert [link.title for link in look(broken).links] == ["n1"]


def test_careless_ampersands_and_entities_of_html_cost_no_warning(look):
    found = look(
        rss("<title>A&nbsp;B &eacute; AT&T a < b &#0;&#x110000;</title><link>https://ledger.example/?a=1&b=2</link>")
    )
    assert found.links[0].title == "A B é AT&T a < b"
    assert found.links[0].url == "https://ledger.example/?a=1&b=2"
    assert found.warnings == ()


def test_markup_in_any_field_is_inert(look):
    (link,) = look(
        rss(
            "<title>&lt;script&gt;alert(1)&lt;/script&gt;Rice\u202e&lt;b onclick=x&gt;!&lt;/b&gt;</title><link>https://ledger.example/1</link>"
            "<dc:creator>&lt;img src=x onerror=alert(1)&gt;Jane</dc:creator><category>&lt;i&gt;food&lt;/i&gt;</category>"
            "<description>&lt;style&gt;p{}&lt;/style&gt;&lt;p&gt;Text&lt;/p&gt;</description>"
        )
    ).links
    assert (link.title, link.authors, link.tags, link.summary) == ("Rice!", ("Jane",), ("food",), "Text")


BAD_DATES = [
    "Fri, 30 Feb 2024 10:00:00 GMT",
    "Mon, 01 Jan 0000 00:00:00 GMT",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "2 May 2024 08:30 +9999",
]


@pytest.mark.parametrize("date", [*BAD_DATES, "Thu, 02 May 2034 08:30:00 GMT", "1970-01-01T00:00:00Z", "yesterday", ""])
def test_a_date_that_cannot_be_is_none(look, date):
    (link,) = look(rss(entry(1, f"<pubDate>{date}</pubDate>"))).links
    assert link.published_at is None


# ------------------------------------------------------------ encodings

CASES = [
    ("euc-kr", "EUC-KR", "쌀값 오름세"),
    ("shift_jis", "Shift_JIS", "米価上昇 市場"),
    ("koi8-r", "koi8-r", "Рис подорожал"),
    ("utf-16", "utf-16", "쌀값"),
    ("gb18030", "gb2312", "米价上涨"),
    ("utf-8", "iso-8859-1", "쌀값 é"),
    ("cp1252", "iso-8859-1", "“rice’s”"),
    ("cp1252", "utf-8", "“rice’s”"),
    ("utf-8", "punycode", "“rice’s”"),
    ("utf-8", "undefined", "“rice’s”"),
]


@pytest.mark.parametrize(("encoding", "label", "title"), CASES)
def test_the_right_text_comes_out_of_every_encoding_and_label(look, encoding, label, title):
    feed = f'<?xml version="1.0" encoding="{label}"?>' + rss(entry(1)).partition("?>")[2].replace("n1", title)
    for header in ("application/rss+xml", f"text/xml; charset={label}"):
        assert look(feed.encode(encoding), content_type=header).links[0].title == title


# ------------------------------------------------------------ hostile ones, in small form; each hung or crashed a parser

DOCTYPE = "<!DOCTYPE x [{}]>"
LAUGHS = DOCTYPE.format('<!ENTITY a "ha">' + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 9}">' for i in range(1, 30)))
CHAIN = DOCTYPE.format("".join(f'<!ENTITY c{i} "&c{i + 1};">' for i in range(5_000)))
FILE = DOCTYPE.format('<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1:1/x"> %p;')


@pytest.mark.parametrize("doctype", [LAUGHS, CHAIN, FILE], ids=["billion laughs", "entity chain", "external entity"])
def test_entities_of_a_doctype_are_never_expanded(look, doctype):
    found = look(doctype + rss("<title>a&a29;&c0;&f;</title><link>https://ledger.example/1</link>"))
    assert found.links[0].title == "a&a29;&c0;&f;"


@pytest.mark.parametrize(
    "item",
    [
        f"<author>{'a@' * 30_000}</author>",
        f"<dc:creator>{'(' * 60_000}</dc:creator>",
        "<x {}/>".format(" ".join(f"a{i}=''" for i in range(20_000))),
        f"<pubDate>{'1 ' * 50_000}</pubDate>",
        f"<description><![CDATA[{'<!--' * 100_000}]]></description>",
        f"<description><![CDATA[{'<script>' * 50_000}]]></description>",
        f"<description><![CDATA[{'<a ' * 100_000}]]></description>",
        f"<category>{'&' * 100_000}</category>",
    ],
    ids=["author", "creator", "attributes", "date", "comments", "scripts", "tags", "ampersands"],
)
def test_a_field_that_was_made_to_take_minutes_takes_no_time(look, item):
    found = look(rss(entry(1, item), entry(2)))
    assert [link.title for link in found.links] == ["n1", "n2"]


def test_a_flood_of_comments_ends_the_feed_and_nothing_else(look):
    found = look(HEAD + f"<item>{entry(1)}</item>" + "<!--" * 100_000 + TAIL)
    assert [link.title for link in found.links] == ["n1"]
    assert not found.complete


def test_absurd_nesting_is_refused(look):
    with pytest.raises(NotASource, match="nested"):
        look(rss(entry(1, "<a>" * 10_000)))
