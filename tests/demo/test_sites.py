"""The bundled publishers are whole: what is written in their tables is there, and the other way round."""

from collections import Counter

import pytest

from ingest.demo import fill, load_sites

SITES = load_sites()


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_every_file_of_the_folder_has_an_address_and_every_address_a_file(site):
    folder = next(iter(site.files.values())).path.parent
    folder = folder.parent if folder.name == "pages" else folder
    present = {path for path in folder.rglob("*") if path.is_file() and path.suffix != ".toml"}
    present = {path for path in present if not path.name.endswith(".expected.json")}
    assert Counter(file.path for file in site.files.values()) == Counter(present)


def test_there_are_twenty_articles_of_five_publishers():
    pages = [file.path for site in SITES for file in site.files.values()]
    records = [page.with_suffix(".expected.json") for page in pages if page.parent.name == "pages"]
    assert all(record.exists() for record in records)
    assert sum('"headline"' in record.read_text("utf-8") for record in records) == 20
    assert len(SITES) == 5


def test_a_base_that_is_not_known_is_an_error():
    with pytest.raises(KeyError, match="other"):
        fill(b"{{base:other}}/a", "one", {"one": "http://one.example"})


def test_every_publisher_says_what_it_is_and_since_when_with_a_zone():
    for site in SITES:
        assert site.title
        assert site.about
        assert site.modified.utcoffset() is not None
