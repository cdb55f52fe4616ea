"""Addresses are read however pages hide them from harvesters."""

from time import process_time

import pytest

from ingest.extract.obfuscation import cloudflare_email, emails, is_address, link_emails


@pytest.mark.parametrize(
    "text",
    [
        "desk@paper.example.org",
        "desk [at] paper.example.org",
        "desk(at)paper(dot)example(dot)org",
        "desk {at} paper [punkt] example [punkt] org",
        "desk (arroba) paper.example.org",
        "desk ＠ paper.example.org",
        "desk at paper dot example dot org",
        "desk[ät]paper.example.org",
        "desk 골뱅이 paper.example.org".replace(" 골뱅이 ", " (골뱅이) "),
    ],
)
def test_people_write_at_and_dot_in_many_ways(text):
    assert emails(f"Write to {text}, please.") == ("desk@paper.example.org",)


def test_an_address_ends_where_the_sentence_does():
    assert emails("Mail a.b@example.org. Or c@example.org!") == ("a.b@example.org", "c@example.org")


@pytest.mark.parametrize(
    "text",
    ["logo@2x.png", "Follow @harbourpost", "2020 @harbour.example", "user@example.com", "meet at noon dot", "5 @ 3.20"],
)
def test_handles_file_names_and_examples_are_no_addresses(text):
    assert emails(text) == ()


def test_a_link_may_write_to_several_and_hide_it():
    assert link_emails("mailto:a%40example.org,b@example.org?subject=Hello") == ("a@example.org", "b@example.org")
    assert link_emails("/cdn-cgi/l/email-protection#234746504863465b424e534f460d4c5144") == ("desk@example.org",)
    assert link_emails("https://example.org/contact") == ()


def test_typo3_rotates_addresses_by_a_number_that_need_not_be_known():
    assert link_emails("javascript:linkTo_UnCryptMailto('nbjmup+eftlAfybnqmf\\/psh');".replace("\\/", "/")) == (
        "desk@example.org",
    )


def test_broken_codes_give_nothing():
    assert cloudflare_email({"data-cfemail": "zz"}) is None
    assert cloudflare_email({"data-cfemail": "2347"}) is None
    assert cloudflare_email({}) is None
    assert not is_address("@example.org")


@pytest.mark.parametrize("text", ["a@" * 100_000, "a." * 200_000 + "@", "(at)" * 100_000, "a" * 500_000 + "@b"])
def test_hostile_texts_cost_little(text):
    start = process_time()
    emails(text)
    assert process_time() - start < 2
