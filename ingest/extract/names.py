"""What class names, ids and tags say of a box: the article's text, or something that stands around and between it.

Pages name their parts in English, whatever language they are written in, and in their own. The tables were drawn from
some thousand pages of several hundred sites; a word is in them for its meaning, not for a site.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from ingest.extract.alternation import one_of


class Standing(IntEnum):
    """How a box stands to the article."""

    NEVER = -1
    """No text of the page even: consent, cookies."""
    CONVERSATION = 0
    """No text of the article, though often much more: comments."""
    FOREIGN = 1
    """No text of the article: menus, captions, related articles."""
    ASIDE = 2
    """No text of the article, unless much of the page's text is in it: then the name means something else here."""
    LABEL = 3
    """No text of the article if it is short: dates, sections, credits, buttons."""
    UNKNOWN = 4
    CONTENT = 5
    """A name for the article's text."""


_NEVER_PARTS = """
    cookie onetrust usercentrics consent gdpr dsgvo ccpa didomi sp_message cybot update-browser browser-update
    browser-banner outdated-browser
"""
_CONVERSATION_WORDS = """
    comments comment commentlist respond replies kommentare kommentar comentarios comentario commentaires
    commentaire commenti commento komentarze komentarz reacties yorumlar disqus trackbacks pingbacks
"""
_CONVERSATION_PARTS = """
    disqus commentlist comment-list comments-area commentsarea commentform comment-form comment-respond commentbox
"""
# Whole words: they mean something else inside of others ("ad" in "header", "nav" in "navy").
_FOREIGN_WORDS = """
    nav navbar navi subnav topnav mainnav menu submenu dropdown flyout breadcrumb breadcrumbs pagination pager
    modal popup lightbox tooltip toast alertdialog
    contentinfo colophon impressum sitemap skiplink skip-link
    caption captions wp-caption-text figcaption imagecaption cutline bildunterschrift bildtext legende
    imagedescription imagecredit photocredit bildnachweis pullquote pull-quote aisummary ai-summary
    tweet twitter-tweet instagram-media tiktok-embed fb-post
    ad advert advertisement advertising anzeige werbung publicidad publicite pubblicita reklama reklame
    reklam annonce annons mainos iklan adsbygoogle
    newsletter newsletters signup sign-up optin opt-in
    screen-reader-text sr-only visually-hidden visuallyhidden
"""
# Anywhere in a name: long enough to mean nothing else.
_FOREIGN_PARTS = """
    breadcrumb newsletter outbrain taboola zergnet addthis addtoany sharedaddy relatedposts related-posts relatedarticle related-article relatedstor related-stor relatedcontent
    related-content relatednews related-news relatedlink related-link relatedtopic related-topic relacionad
    articles-lies lire-aussi lireaussi leesook lees-ook leggi-anche read-also readalso read-next
    readnext up-next nextarticle next-article recommend recommand recomend empfehlung polecane mostread most-read
    mostpopular most-popular mostviewed most-viewed meistgelesen masleid mas-leid piu-letti populararticle
    popular-post trending recirc yarpp wp-rp crp_related rp4wp
    advert- advertis- -advert adcontainer ad-container ad-slot adslot ad-wrapper adwrapper ad-unit ad-placeholder
    google-ad googlead banner-ad
    subscribe-box subscription-box subscribe-form
    social-share share-button sharebutton sharing-button share-tool sharetool share-bar socialmedia social-media
    social-link sociallink social-icon follow-us followus
    photo-credit photocredit image-credit imagecredit img-credit image-caption imagecaption photo-caption
    picture-caption media-caption caption-text bildunter wp-caption-text
    screen-reader visually-hidden visuallyhidden pullquote pull-quote aisummary ai-summary
    image-description img-description imagedescription mediainfo media-info image-info photo-info image__info
"""
_ASIDE_WORDS = """
    sidebar sidebars aside complementary rail widget-area textwidget footer foot masthead
    related similar more-news more-stories latest recent popular ranking crosslink crosslinks
    promo promos promotion promoted sponsor sponsored recommendations suggestions
    share sharing shares sharebar sharebuttons social socials shariff ads
    subscribe subscription abo regwall login register registration donate donation donations
    cta call-to-action callout survey poll quiz vote rating ratings feedback reply
    author authors autor autoren auteur auteurs autore autori author-bio author-box authorbox author-info
    about-author authorbio author-card author-profile biography
    disclaimer disclosure affiliate tags taglist tag-list tagcloud tag-cloud tag-links post-tags article-tags
    schlagworte schlagwoerter etiquetas player copyright postmeta post-meta entry-meta article-meta metadata
    entry-footer post-footer article-footer postmetadata entry-utility postinfo post-info print-only printonly prevnext toc_container
"""
_LABEL_WORDS = """
    meta info date dates time timestamp published updated datepublished datemodified publication-date dateline byline
    bylines category categories topic topics keywords kicker overline eyebrow rubric ressort section-name dachzeile
    spitzmarke credit credits source sources quelle quellen license gallery slideshow slider carousel swiper video
    audio podcast embed thumbnail tool tools buttons button btn actions action icons icon search searchform
    noprint no-print tabs prev previous next profile vcard avatar bio toc teaser teasers banner notification notice
    label labels badge counter views duration readingtime reading-time read-time lesezeit
"""
_CONTENT_PARTS = """
    articlebody article-body article_body articlecontent article-content article_content articletext article-text
    article_text article__body article__content article__text storybody story-body story_body storycontent
    story-content storytext story-text postbody post-body post_body postcontent post-content post_content
    post__content entrycontent entry-content entry_content newsbody news-body newstext news-text news-content
    news_content newscontent bodytext body-text body-copy bodycopy textbody text-body main-text maintext
    contentbody content-body content__body blogpost richtext rich-text rich_text wysiwyg page-content
    field-name-body field--name-body single-content td-post-content tdb_single_content artikeltext artikel-text
    artikelinhalt artikel-body beitragstext meldungstext nachrichtentext cuerpo noticia-texto texto-noticia
    corps-article articolo-testo testo-articolo tresc-artykulu article_paragraph newsct_article articleview
"""


# The paragraph under the headline.
_LEAD_WORDS = """
    lead lede intro introduction standfirst subtitle sub-title subheadline subheading subhead sub-headline dek deck
    abstract excerpt summary epigraph chapeau chapo vorspann anleser entradilla bajada copete ingress sommario occhiello
    description teaser teaser-text teasertext kurztext lid zajawka perex manchet subtitulo subtitle subtitles
    strapline strap blurb tagline resumo resume linha-fina linhafina antetitulo sottotitolo sapo leadtext
"""
# Boxes that show another article by its headline and first words.
_TEASER_PARTS = """
    teaser excerpt card-text summaryitem summary-item promo-text post-summary item-summary snippet td-module
    td_module archive-item listing related newslist news-list
"""


# What one name can mean, as bits, for it can mean several things. Plain integers: those of enum.IntFlag cost ten times.
_NEVER, _CONVERSATION, _FOREIGN, _ASIDE, _LABEL, _CONTENT, _LEAD, _TEASER = (1 << bit for bit in range(8))


def _table(*rows: tuple[int, str]) -> dict[str, int]:
    """Word → its senses."""
    table: dict[str, int] = {}
    for sense, words in rows:
        for word in words.replace("_", "-").split():
            table[word] = table.get(word, 0) | sense
    return table


_WORDS = _table(
    (_CONVERSATION, _CONVERSATION_WORDS),
    (_FOREIGN, _FOREIGN_WORDS),
    (_ASIDE, _ASIDE_WORDS),
    (_LABEL, _LABEL_WORDS),
    (_LEAD, _LEAD_WORDS),
)
_BEGINNINGS = frozenset(word.partition("-")[0] for word in _WORDS if "-" in word)
# Parts by their first letters, so that a name is looked through in one go.
_STEM = 4
_PARTS: dict[str, list[tuple[str, int]]] = {}
for _part, _senses_of_part in _table(
    (_NEVER, _NEVER_PARTS),
    (_CONVERSATION, _CONVERSATION_PARTS),
    (_FOREIGN, _FOREIGN_PARTS),
    (_CONTENT, _CONTENT_PARTS),
    (_TEASER, _TEASER_PARTS),
).items():
    _PARTS.setdefault(_part[:_STEM], []).append((_part, _senses_of_part))

_ANY_PART = re.compile(one_of("|".join(part for parts in _PARTS.values() for part, _ in parts)))
_PICTURE = re.compile(
    r"image|(?<![a-z])(?:img|photo|picture|foto|bild|imagen|imagem|immagine|media|kuva|obrazek|resim)|"
    r"(?:bild|photo|picture|foto)(?![a-z])"
)
# Names that say what the article is about, not what the box is (WordPress `post_class`, body classes), states of a
# page, layout frameworks that call every part a widget, utility classes ("md:hidden"), ids made from a headline.
_TOPIC = re.compile(
    r"(?:tag|category|cat|topic|has|no|is|with|js|without|hide|show|enable|postid|format|elementor|"
    r"tdb|vc|wpb|layout|space|type|status)[-_]"
)
_GENERATED = re.compile(r"[:\[\]!-](?:(?<!-)|(?<=[0-9a-f]{8}-)[0-9a-f]{4}-)")
_SENTENCE = re.compile(r"[^\s-]+(?:-[^\s-]+){6,}")
# A block's state (BEM, https://getbem.com/naming/): "section--with-ads" is a section.
_MODIFIER = re.compile(r"--\S+")

_LETTERS = re.compile(r"[a-z]+")
_FOREIGN_TAGS = frozenset("nav footer figcaption dialog menu address hgroup".split())
_ASIDE_TAGS = frozenset("aside form figure".split())
_LABEL_TAGS = frozenset("time details h1".split())


def _senses(hint: str) -> int:
    senses = 0
    for name in hint.split():
        senses |= _senses_of(name)
    return senses


@lru_cache(maxsize=1 << 16)
def _senses_of(name: str) -> int:
    if (
        len(name) < 2
        or _TOPIC.match(name)
        or _GENERATED.search(name)
        or (name.count("-") >= 6 and _SENTENCE.match(name))
    ):
        return 0
    if "--" in name:
        name = _MODIFIER.sub("", name)
    name = name.replace("_", "-")
    senses = 0
    words = _LETTERS.findall(name)
    for word in words:
        senses |= _WORDS.get(word, 0)
    if not _BEGINNINGS.isdisjoint(words):
        for at in range(len(words) - 1):
            pair = f"{words[at]}-{words[at + 1]}"
            senses |= _WORDS.get(pair, 0)
            if at + 2 < len(words):
                senses |= _WORDS.get(f"{pair}-{words[at + 2]}", 0)
    found = _ANY_PART.search(name)
    if found is not None:
        for at in range(found.start(), len(name) - _STEM + 1):
            for part, meant in _PARTS.get(name[at : at + _STEM], ()):
                if name.startswith(part, at):
                    senses |= meant
    return senses


@lru_cache(maxsize=1 << 14)
def standing(tag: str, hint: str) -> Standing:
    """What a box is by its tag and names.

    >>> standing("div", "related-articles").name, standing("div", "story-body").name, standing("div", "c-x1").name
    ('FOREIGN', 'CONTENT', 'UNKNOWN')
    """
    if tag in _FOREIGN_TAGS:
        return Standing.FOREIGN
    senses = _senses(hint) if hint else 0
    if senses & _NEVER:
        return Standing.NEVER
    if senses & (_CONVERSATION | _FOREIGN):
        if senses & _CONTENT:
            return Standing.ASIDE
        return Standing.CONVERSATION if senses & _CONVERSATION else Standing.FOREIGN
    if senses & _CONTENT:
        return Standing.CONTENT
    if senses & _ASIDE or tag in _ASIDE_TAGS:
        return Standing.ASIDE
    return Standing.LABEL if senses & _LABEL or tag in _LABEL_TAGS else Standing.UNKNOWN


def is_lead(hint: str) -> bool:
    """Whether a name is one for the paragraph under the headline."""
    return bool(_senses(hint) & _LEAD)


@lru_cache(maxsize=1 << 14)
def is_teaser(hint: str) -> bool:
    """Whether a name is one for a box that shows another article."""
    return bool(_senses(hint) & _TEASER)


@lru_cache(maxsize=8192)
def is_picture(hint: str) -> bool:
    """Whether a name is one for a box around a picture."""
    return _PICTURE.search(hint) is not None
