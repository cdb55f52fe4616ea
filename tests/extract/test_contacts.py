"""Contact lines are found in every position and language, and what only looks like one is left alone."""

from time import process_time

import pytest

from ingest.extract import extract_article
from ingest.extract.channels import is_form, is_phone, linked, shown
from ingest.html import parse
from ingest.model import Rules

URL = "https://www.harbourpost.example.org/news/2026/pier"
TEXT = [
    "The pier was closed on Monday after a plank gave way under a delivery van, the harbour office said in the evening.",
    "Nobody was hurt, but eleven boats could not be reached until a crane had lifted the van back on to the quay.",
    "The office will count the planks in the spring, and it expects that about a third of them will have to be replaced.",
    "It has written to the owners of all boats, and put a guard at the gate who turns away everything with an engine.",
    "The guard has a chair, a stove and a dog. The dog is said to be the stricter of the two, and cannot be bribed.",
    "Until then the pier may be used on foot, by not more than forty people at a time, and not at all in a storm.",
]
HEAD = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"The pier is closed","author":{"@type":"Person","name":"Dana Reyes"}}</script>'


def extract(*, byline="", middle="", end="", after="", footer="", rules=None, head=HEAD):
    paragraphs = [f"<p>{text}</p>" for text in TEXT]
    paragraphs.insert(2, middle)
    html = (
        f"<html><head><meta charset=utf-8><title>The pier is closed</title>{head}</head><body><header><a href=/>Paper</a></header>"
        f"<main><article><h1>The pier is closed</h1>{byline}<div class=story>{''.join(paragraphs)}{end}</div></article>{after}</main>"
        f"<footer>{footer}</footer></body></html>"
    )
    return extract_article(html.encode(), url=URL, rules=rules)


def only(article):
    (contact,) = article.contacts
    return contact


LINES = [
    ("Please direct any comments or questions about this article to desk@example.org.", "article_comments"),
    ("Got a story? Get in touch with our news team by emailing us at web@example.org.", "tips"),
    ("Do you have a story to tell? Email: dana@example.com", "tips"),
    ("Have we made an error? Write to corrections@example.org.", "corrections"),
    ("Sollten Ihnen Fehler aufgefallen sein, schicken Sie uns gerne eine E-Mail an fehler@example.org!", "corrections"),
    ("Haben Sie Fragen oder Anregungen? Schreiben Sie uns: redaktion@example.org", "article_comments"),
    ("Une erreur dans cet article ? Écrivez à la rédaction : redaction@example.org", "corrections"),
    ("¿Tienes una pista? Escríbenos a pistas@example.org", "tips"),
    ("Errori? Scrivete alla redazione: red@example.org", "corrections"),
    ("Heb je een tip? Mail onze redactie: tip@example.org", "tips"),
    ("Har du tips? Kontakta oss på tips@example.org", "tips"),
    ("Huomasitko virheen? Lähetä palautetta toimitukselle: toimitus@example.org", "corrections"),
    ("Masz temat? Napisz do nas: redakcja@example.org", "tips"),
    ("Заметили ошибку? Напишите в редакцию: red@example.org", "corrections"),
    ("Bir hata mı gördünüz? Bize yazın: editor@example.org", "corrections"),
    ("この記事へのご意見・ご感想は kikaku@example.org までお寄せください。", "article_comments"),
    ("기사에 대한 의견은 opinion@example.org 로 보내 주세요.", "article_comments"),
    ("순천, 광양 구현모 기자 ninek@example.org", "author_contact"),
    ("للتواصل مع الكاتبة: salma@example.org", "author_contact"),
    ("מצאתם טעות בכתבה? כתבו לנו: tikun@example.org", "corrections"),
    ("Are you affected? Tell us your story on WhatsApp: +44 7700 900456", "tips"),
    ("Spotted a mistake? Let the desk know by calling 020 7946 0177.", "corrections"),
    ("• Email: dreyes@example.com", "author_contact"),
    ("You can reach Dana Reyes at dana.reyes [at] example [dot] org.", "author_contact"),
]


@pytest.mark.parametrize(("line", "kind"), LINES)
def test_a_line_at_the_end_of_the_text_is_found_whole_and_is_no_body(line, kind):
    article = extract(end=f"<p><i>{line}</i></p>")
    assert (only(article).text, only(article).kind) == (line, kind)
    assert article.body == "\n\n".join(TEXT)


@pytest.mark.parametrize(("line", "kind"), LINES)
def test_the_same_line_in_a_box_after_the_text_is_found(line, kind):
    article = extract(after=f"<section class=article-contact><div>{line}</div></section>")
    assert (only(article).text, only(article).kind) == (line, kind)


@pytest.mark.parametrize(
    "line",
    [
        "Are protests breaking out in your area? Get in touch at web@reach.example",
        "Do you live on the pier? Tell us what you saw: web@example.org",
    ],
)
def test_a_call_to_readers_amid_the_text_is_a_line_and_no_body(line):
    article = extract(middle=f"<p><strong>{line}</strong></p>")
    assert only(article).text == line
    assert article.body == "\n\n".join(TEXT)


def test_an_author_whom_only_the_byline_names_is_known():
    line = "You can reach Jane Roe at janesboats@mail.test."
    assert only(extract(head="", byline="<p>By Jane Roe</p>", end=f"<p>{line}</p>")).text == line
    assert extract(head="", byline="<p>By Ann Ash</p>", end=f"<p>{line}</p>").contacts == ()


def test_who_signs_off_where_nobody_is_named_is_the_author():
    line = "Jane Roe can be reached at janesboats@mail.test."
    assert only(extract(head="", end=f"<p>{line}</p>")).text == line
    assert extract(head="", middle=f"<p>{line}</p>").contacts == ()  # amid the story, a person of the story


def test_only_the_sentence_of_a_biography_that_carries_the_channel_is_the_line():
    box = "<div class=author-bio><p>Dana Reyes has covered ports since 2014. She lives on a boat. You can reach her at danareyes.example.net. Follow her on <a href=https://social.example/@dana>Mastodon</a>.</p></div>"
    contact = only(extract(after=box.replace("example.net", "net")))
    assert (contact.text, contact.kind, contact.urls) == (
        "You can reach her at danareyes.net.",
        "author_contact",
        ("https://danareyes.net/",),
    )


def test_the_question_in_the_block_before_belongs_to_the_line():
    article = extract(end="<p>Have a tip?</p><p>Contact our reporters at tips@example.org.</p>")
    assert only(article).text == "Have a tip? Contact our reporters at tips@example.org."
    assert article.body == "\n\n".join(TEXT)


def test_a_sentence_to_the_reader_counts_though_only_its_link_is_a_channel():
    article = extract(
        end='<p>Fehler gefunden? <a href="mailto:korrektorat@example.org?subject=x">Jetzt melden.</a></p>'
    )
    assert only(article).text == "Fehler gefunden? Jetzt melden."
    assert only(article).emails == ("korrektorat@example.org",)
    article = extract(
        end='<p>To submit a correction for our consideration, click <a href="/corrections?title=x&url=https%3A%2F%2Fa">here.</a></p>'
    )
    assert (only(article).kind, only(article).urls) == (
        "corrections",
        ("https://www.harbourpost.example.org/corrections?title=x&url=https%3A%2F%2Fa",),
    )


def test_a_list_of_tools_takes_its_sentence_from_the_block_before():
    box = '<div class=box><p>Have you found a claim that we should check?</p><p>Contact us</p><ul><li><a href="https://wa.me/49172">WhatsApp</a></li><li><a href=/contact>E-mail</a></li></ul></div>'
    assert only(extract(after=box)).text in ("Contact us", "Have you found a claim that we should check? Contact us")


def test_an_address_that_cloudflare_hides_is_decoded():
    link = '<a href="/cdn-cgi/l/email-protection" class="__cf_email__" data-cfemail="234746504863465b424e534f460d4c5144">[email&#160;protected]</a>'
    contact = only(extract(end=f"<p>Questions? Write to our newsroom at {link}.</p>"))
    assert contact.text == "Questions? Write to our newsroom at desk@example.org."
    assert contact.emails == ("desk@example.org",)


def test_several_lines_stand_in_order_and_make_the_contact_line():
    article = extract(
        middle="<p>Did you see it? Tell us: saw@example.org</p>",
        end="<p>Found an error? Write to us at err@example.org.</p>",
    )
    assert [contact.kind for contact in article.contacts] == ["tips", "corrections"]
    assert (
        article.contact_line
        == "Did you see it? Tell us: saw@example.org Found an error? Write to us at err@example.org."
    )


def test_links_behind_a_reporters_address_are_cut():
    box = '<div class=writer><b>김서윤 기자</b> <a href="mailto:kim@example.kr">kim@example.kr</a> <a href=/list>다른기사 보기</a></div>'
    assert only(extract(after=box)).text == "김서윤 기자 kim@example.kr"


STORY = [
    "“If you saw a barge without lights, please write to harbour.police@example.com,” an inspector said on Wednesday.",
    "Anyone with information should call the police on 020 7946 0150, or Crimestoppers on 0800 555 111 at any time.",
    "In one message, seen by this paper, the owner wrote from owner@boats.example that he would never pay for the planks.",
    "Police asked people who had been in touch with the network to contact them.",
    "The van, built in 2019-2021, weighs 3.500 kilograms and belongs to a company that was founded on 12.03.1987.",
    "The song, called @pier by its fans, was played 1,000,000 times. More at pier.example.com, where it is on sale.",
]


@pytest.mark.parametrize("text", STORY)
def test_addresses_in_the_story_are_none(text):
    article = extract(middle=f"<p>{text}</p>")
    assert article.contacts == ()
    assert text in article.body


NOT_MEANT = [
    "To reuse this article, write to our licensing department: syndication@example.org.",
    "Advertise with us: advertising@example.org",
    "No letter this morning? Our subscription team will help: subscriptions@example.org",
    "A comment of yours was removed? Please write to moderation@example.org.",
    "This summary was made by a machine. Is it any good? Tell us at product-feedback@example.org.",
    "If you have a complaint, contact the Press Council on 020 7946 0199 or at council@example.org.",
    "Abonelik için lütfen iletişime geçiniz: abone@example.org",
    "Follow us on Twitter and Facebook: @harbourpost",
    "Our login example is user@example.com",
]


@pytest.mark.parametrize("text", NOT_MEANT)
def test_lines_for_others_than_author_and_newsroom_are_none(text):
    assert extract(end=f"<p>{text}</p>").contacts == ()
    assert extract(after=f"<div><p>{text}</p></div>").contacts == ()


def test_footers_comments_and_menus_are_out_of_scope():
    line = "<p>Do you have a story for us? Send your tips to tips@example.org</p>"
    assert extract(footer=line).contacts == ()
    assert extract(after=f"<section class=comments>{line}</section>").contacts == ()
    assert extract(after=f"<nav>{line}</nav>").contacts == ()
    assert extract(after=f"<aside class=sidebar>{line}</aside>").contacts == ()


def test_an_address_in_a_caption_is_the_photographers():
    figure = (
        "<figure><img src=/a.jpg alt=Pier><figcaption>The pier. Photo by Kim Roe, kim@example.com</figcaption></figure>"
    )
    article = extract(middle=figure, byline=figure)
    assert article.contacts == ()
    assert article.images[0].credit == "Kim Roe, kim@example.com"


def test_an_address_that_is_only_in_data_is_not_shown():
    assert extract(byline='<p class=byline data-email="dana@example.org">By Dana Reyes</p>').contacts == ()


def test_links_to_stories_about_contacts_are_no_forms():
    assert is_form("/contact-author/?author=x&article=A%20very%20long%20title%20of%20a%20story%20about%20a%20pier")
    assert not is_form("/news/2026/first-contact-with-a-pier")
    assert not is_form("https://paper.example/leben/haeufige-fehler-beim-atmen-und-was-dagegen-hilft-12345.html")
    assert (
        extract(
            end='<ul><li><a href="/leben/fehler-beim-atmen">Länger leben: Häufige Fehler beim Atmen – Was uns hilft</a></li></ul>'
        ).contacts
        == ()
    )


def test_numbers_are_phones_only_if_they_can_be():
    assert shown("Call +49 (0)40 / 49 07 11 06 now").phones != ()
    assert not is_phone("2019-2021")
    assert not is_phone("12.03.1987")
    assert not is_phone("1234")


def test_a_site_rule_says_where_the_line_stands():
    article = extract(end="<p class=k5>Post uns was: desk@example.org</p>", rules=Rules(contact=".k5"))
    assert (only(article).text, only(article).emails) == ("Post uns was: desk@example.org", ("desk@example.org",))
    assert article.body == "\n\n".join(TEXT)
    assert article.origins["contacts"] == "rule contact .k5"


@pytest.mark.parametrize(
    "text", ["a@b.co " * 20_000, "1 " * 100_000, "Write to us? " * 20_000, "@" * 200_000, "call us " + "1-" * 200]
)
def test_hostile_texts_cost_little(text):
    start = process_time()
    extract(end=f"<p>{text}</p>")
    assert process_time() - start < 3


@pytest.mark.parametrize(
    ("href", "targets"),
    [
        ("https://t.me/harbourpost", ("https://t.me/harbourpost",)),
        ("whatsapp://send?phone=4477", ("whatsapp://send?phone=4477",)),
        ("https://m.merchant.example.org/pier", ()),
        ("https://t.mezzo.example.org/pier", ()),
    ],
)
def test_a_host_that_begins_like_a_messengers_is_none(href, targets):
    links = parse(f'<a href="{href}">Pier</a>').tree.css("a")
    assert linked(links, URL).targets == targets
