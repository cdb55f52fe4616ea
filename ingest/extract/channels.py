"""The ways to send somebody a message that a text shows or that its links lead to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.extract.alternation import one_of
from ingest.extract.obfuscation import emails, link_emails
from ingest.html import Node
from ingest.urls import resolve

# Runs of digits are taken whole (possessive), and what must not follow is looked for nearby: a text in which a run can be
# split in thousands of ways, each of which reads the rest of the line, took 0.3 ms a character.
_PHONE = re.compile(
    r"(?<![\w.,/@#=-])(?:\+|00)?\(?\d{1,15}+\)?(?:[\s ./-]{0,2}\(?\d{2,15}+\)?){0,5}"
    r"(?![\w@/%.-]{0,40}\d)(?!\s?(?:%|€|\$|£|kr\b|km\b|Uhr\b|percent))"
)
_DATE = re.compile(r"^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}$|^(?:19|20)\d\d(?:\s?[-/–]\s?(?:19|20)\d\d)?$")
_MESSENGER = re.compile(
    r"signal|whats ?app|telegram|threema|kakao ?talk|카카오톡|카톡|라인|viber|we ?chat|微信|zalo|\bline\b|imessage|\bsms\b|ватсап|вотсап|"
    r"телеграм|сигнал|вайбер|واتس ?اب|واتساب|تليجرام|וואטסאפ|טלגרם|व्हाट्सएप|wire\b|session id|skype|discord|messenger"
)
_HANDLE = re.compile(r"(?<![\w@.])@[\w.]{3,30}\b(?!@)")
_QUOTED_ID = re.compile(
    r"(?:카카오톡|카톡|라인|line|kakao ?talk)\s*(?:id|아이디|채널|제보)?\s*[:：]?\s*[@'‘\"“]?\w[\w.]{3,}", re.IGNORECASE
)
_WEB = re.compile(
    r"(?<![\w@./-])(?:https?://)?(?:www\.)?(?:[a-z0-9-]{2,40}\.){1,3}(?:[a-z]{2,12})(?:/[\w./?=&%#~-]*)?(?<![.,])",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"\.[a-z]", re.IGNORECASE)  # in all that `_WEB` finds, and twenty times as fast
# Words in the addresses of forms for readers.
_FORMS = (
    "contact contacts contactus contactez contacter contacto contactar kontakt kontakte kontaktformular kontaktiere kontakta "
    "contatti contatto contattaci contato iletisim kapcsolat yhteys yhteystiedot yhteydenotto contactformulier formular formulaire "
    "formulario form forms viewform feedback correction corrections korrektur korrekturen errata erratum reporterror "
    "fehlermeldung fehlerhinweis fehler signaler leserbrief leserbriefe leserpost letters courrier cartas lettere ingezonden insandare "
    "lesermeinung lesermail write writetous tips tip tipus tipline submit submission submissions sendus send shareyour jebo "
    "confidential securedrop whistle whistleblower mailform sendmail email emailto ask askus question questions temoignage "
    "temoignages yourstory redpost tipsa tipsaoss tipsoss vinkki tipredactie"
)
# What else stands in links that lead to a channel: how messengers' begin, addresses and numbers.
_SCHEMES = "mailto javascript protection tel whatsapp sgnl tg viber sms smsto me kakao threema php"


def _word(words: str) -> str:
    """A pattern for whole words of an address in lower case, with a sign before the first."""
    return rf"[^a-z](?:{one_of('|'.join(words.split()))})(?![a-z])"


_FORM = re.compile(_word(_FORMS) + r"|comment\.php")
_TELLING = re.compile(_word(f"{_FORMS} {_SCHEMES}"))
_MESSENGER_LINK = re.compile(
    r"^(?:(?:whatsapp|sgnl|tg|viber|sms|smsto):|"
    r"https?://(?:api\.whatsapp\.com|wa\.me|signal\.me|t\.me|m\.me|pf\.kakao\.com|open\.kakao\.com|line\.me|threema\.id|api\.viber)\b)",
    re.IGNORECASE,
)
# Slugs of stories hold such words too: they are long, or stand under a section.
_ARTICLE = re.compile(
    r"/(?:news|story|stories|article|artikel|20\d\d)/[^?]*contact|[^/?]{45,}(?:\?|$)|-(?:[^/?-]+-){5,}"
)
_SHARING = re.compile(
    r"[?&](?:text|url|u|body|subject|su)=[^&]*(?:https?|%3A)|share|sharer|/intent/|send\?text|channel", re.IGNORECASE
)

_SHARE_PAGE = re.compile(
    r"sharer|/intent/|/share\b|//(?:www\.)?(?:facebook|twitter|x|linkedin|pinterest|reddit)\.com", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Channels:
    """What one text offers, each thing once, in order."""

    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    messengers: tuple[str, ...] = ()
    """Ids at a messenger, as displayed."""
    webs: tuple[str, ...] = ()
    """Web addresses and profiles, as displayed."""
    targets: tuple[str, ...] = ()
    """Addresses of forms and messengers that its links lead to."""
    link_emails: tuple[str, ...] = ()
    """Addresses that its links write to."""


NO_CHANNELS = Channels()


def shown(text: str) -> Channels:
    """The channels that a text itself displays.

    >>> shown("Call 020 7946 0177 or write to desk@example.org, Signal: @desk.01").phones
    ('020 7946 0177',)
    """
    addresses = emails(text)
    rest = text
    for address in addresses:
        rest = rest.replace(address, " ")
    handles = tuple(dict.fromkeys(_HANDLE.findall(rest))) if "@" in rest else ()
    phones = tuple(
        dict.fromkeys(number for found in _PHONE.finditer(rest) if is_phone(number := found[0].strip(" .-/")))
    )
    quoted = tuple(found[0] for found in _QUOTED_ID.finditer(rest))
    messengers = handles + quoted if quoted or (handles and names_messenger(rest)) else ()
    webs = _webs(rest, addresses) if _DOTTED.search(rest) else ()
    return Channels(addresses, phones, messengers, webs + handles)


def _webs(text: str, addresses: tuple[str, ...]) -> tuple[str, ...]:
    found = [match[0] for match in _WEB.finditer(text)]
    return tuple(web for web in found if _is_web(web) and not any(web in address for address in addresses))


def linked(links: list[Node], base: str) -> Channels:
    """The channels that links lead to without showing them; most links lead to none."""
    hrefs = [href.strip() for link in links if (href := link.attrs.get("href")) and _TELLING.search(f"/{href.lower()}")]
    if not hrefs:
        return NO_CHANNELS
    found: list[str] = []
    targets: list[str] = []
    phones: list[str] = []
    for href in hrefs:
        if href[:7].lower() in ("mailto:", "javascr") or "email-protection" in href:
            found += link_emails(href)
        elif href[:4].lower() == "tel:":
            phones.append(href[4:])
        elif _MESSENGER_LINK.match(href) and not _SHARING.search(href):
            targets.append(href)
        elif is_form(href) and not _SHARE_PAGE.search(href) and (url := resolve(base, href)):
            targets.append(url)
    if not (found or targets or phones):
        return NO_CHANNELS
    return Channels(
        link_emails=tuple(dict.fromkeys(found)), targets=tuple(dict.fromkeys(targets)), phones=tuple(phones)
    )


def is_form(href: str) -> bool:
    """Whether an address looks like that of a form by which readers write.

    >>> is_form("/contact-author/?author=x"), is_form("/news/contacted-by-aliens")
    (True, False)
    """
    target = href.lower()
    return _FORM.search(f"/{target}") is not None and not _ARTICLE.search(target.partition("?")[0])


def names_messenger(text: str) -> bool:
    return _MESSENGER.search(text.lower()) is not None


def is_phone(number: str) -> bool:
    """Whether digits can be a telephone number: 7 to 15 of them (E.164), no date, no span of years.

    >>> is_phone("020 7946 0177"), is_phone("2020-2026"), is_phone("12.03.2026")
    (True, False, False)
    """
    digits = sum(char.isdigit() for char in number)
    return 7 <= digits <= 15 and not _DATE.match(number.strip())


def _is_web(text: str) -> bool:
    top = text.removeprefix("https://").removeprefix("http://").split("/")[0].rpartition(".")[2]
    return text.startswith(("http", "www.")) or top.lower() in _TOPS


# Top-level domains that are no words or file suffixes; one that is missing costs only addresses without "www.".
_TOPS = frozenset(
    "com org net info io co uk de at ch fr es it nl be lu eu se no dk fi is pl cz sk hu ro bg gr tr ru ua by lt lv ee si hr rs me "
    "mk al ba pt br mx ar cl pe ve ec uy ie us ca au nz za ng ke gh tz ug in pk bd lk np id my sg ph th vn kr jp cn tw hk il ae sa "
    "eg ma tn dz ir iq news media press tv fm link page site online xyz social app blog".split()
)
