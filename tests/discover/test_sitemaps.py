"""Sitemaps of all kinds."""

import gzip
from datetime import datetime

import pytest

from ingest.errors import NotASource

URL = "https://ledger.example/sitemap.xml"


def test_a_news_sitemap_gives_its_pages_newest_first(look, saved):
    found = look(saved("news-sitemap.xml"), kind="sitemap", url=URL, timezone="Asia/Seoul")
    newer, older = found.links
    assert newer.url == "https://ledger.example/2024/05/02/newer"
    assert newer.title == "Rice & corn: “half empty”"
    assert newer.published_at == datetime.fromisoformat("2024-05-02T08:30:00Z")
    assert (newer.tags, newer.language) == (("rice", "corn", "Hyesan"), "en")
    assert newer.image_url == "https://ledger.example/img/newer.jpg"
    assert older.url == "https://ledger.example/2024/05/01/older?a=1&b=2"
    assert older.modified_at == datetime.fromisoformat("2024-05-01T00:00:00+09:00")
    assert found.warnings == ("1 entry has no web address",)


def test_an_index_names_its_children_newest_first(look, saved):
    found = look(saved("sitemap-index.xml"), kind="sitemap", url=URL)
    assert found.links == ()
    names = [url.rpartition("/")[2] for url in found.more]
    assert names == ["sitemap-2024.xml.gz", "sitemap-2023.xml", "sitemap-pages.xml"]


def test_a_gzipped_sitemap_is_known_by_its_bytes(look, saved):
    plain, members = saved("news-sitemap.xml"), saved("news-sitemap.xml")
    halves = gzip.compress(members[:300]) + gzip.compress(members[300:])
    wanted = look(plain, kind="sitemap", url=URL)
    assert look(gzip.compress(plain), kind="sitemap", url=URL) == wanted
    assert look(halves, kind="sitemap", url=URL) == wanted


def test_a_sitemap_that_unpacks_to_more_than_it_may_have_is_refused(look):
    with pytest.raises(NotASource, match="50 MB"):
        look(gzip.compress(bytes(60_000_000)), kind="sitemap")


def test_a_sitemap_that_breaks_off_gives_its_whole_entries(look):
    whole = "<urlset>" + "".join(f"<url><loc>https://ledger.example/{i}</loc></url>" for i in range(3))
    for body in (whole + "<url><loc>https://ledger.exa", gzip.compress((whole + "</urlset>").encode())[:-12]):
        found = look(body, kind="sitemap")
        assert len(found.links) >= 2
        assert not found.complete


def test_a_list_of_urls_is_a_sitemap_too(look):
    found = look("https://ledger.example/a\nhttps://ledger.example/b\r\n", kind="sitemap")
    assert [link.url for link in found.links] == ["https://ledger.example/a", "https://ledger.example/b"]


@pytest.mark.parametrize("flood", ["<url>", "<loc>", "<!--", "<![CDATA[", "<url><loc><![CDATA[]"])
def test_a_flood_of_openings_takes_no_time(look, flood):
    assert look("<urlset>" + flood * 50_000, kind="sitemap").links == ()
