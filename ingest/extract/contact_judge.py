"""Whether a block is a contact line: its channel, whom it reaches, and that it is no part of the story."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from ingest.extract.channels import Channels, linked, names_messenger, shown
from ingest.extract.contact_places import MAX_CALLOUT, Place, is_sentence
from ingest.extract.contact_words import (
    AUTHOR,
    FOLLOW,
    KINDS,
    MENU,
    NOT_MEANT,
    PERSON,
    PICTURES,
    REACHED,
    READ_MORE,
    REPORTER,
    THIRD,
    US,
    VERB,
    lowered,
)
from ingest.extract.layout import Block
from ingest.extract.obfuscation import emails, hints_at_address, link_emails
from ingest.extract.people import introduced, names_in
from ingest.extract.structured import texts
from ingest.extract.view import View
from ingest.model import ContactKind
from ingest.text import squeeze
from ingest.urls import site_of

# No sentence ends with an initial or one of these abbreviations: "Contact J. Roe", "tel. 500 000 000".
_SENTENCE = re.compile(
    r"[.!?…。！？](?:(?<![。！？])(?<!\b[A-Z]\.)(?<!\b[Tt]el\.)(?<!\b[Dd]r\.)(?<!\bM[rs]\.)(?<!\bMrs\.)(?<!\bSt\.)(?<!\b[Nn][ro]\.)"
    r"(?<!\b[Ee]xt\.)[\"'”’»)]*\s+(?=[^\sa-z])|(?<=[。！？])\s*)"
)
_QUOTED = re.compile(r"[“„«「『\"].{20,}")
MAX_LABEL = 40
MAX_QUESTION = 160
_MAX_NOTICE = 300
_BEFORE_HEAD = 8
"""Blocks above the headline among which a byline is looked for."""


@dataclass(frozen=True, slots=True)
class Line:
    """A contact line that was found in a block: `text[start:end]` of what is shown there."""

    place: Place
    start: int
    end: int
    channels: Channels
    hidden: bool
    """Whether the channel is only in a link's target."""


class Judge:
    """Decides whether a block is a contact line of one page."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.url = view.url
        site = site_of(view.url)
        self.brand = site.split(".")[0] if site else ""
        self.site = site
        self.notices: list[int] = []
        """Blocks that tell readers whom to ask about something else than the article: no contact, and no body either."""

    @cached_property
    def authors(self) -> set[str]:
        """The words of the names that the page's data and the bylines around its headline give, case folded."""
        view = self.view
        names = [*texts(view.json_ld.get("author")), *view.structured.meta.get("author", []), *_bylined(view)]
        return {word.casefold() for name in names for word in re.findall(r"\w{3,}", name)}

    def line(self, place: Place) -> Line | None:
        block, text = place.block, place.text
        links = place.links
        leads = bool(links.link_emails or links.targets)
        sentences = _sentences(text)
        carrying: list[int] = []
        found: list[Channels] = []
        hidden = True
        for number, (start, end) in enumerate(sentences):
            sentence = text[start:end]
            if not (leads or hints_at_address(sentence) or VERB(sentence)):
                continue
            channels = _unglued(shown(sentence), links)
            verdict = self.carries(sentence, channels, links, block, place)
            if verdict is None:
                continue
            carrying.append(number)
            found.append(channels)
            hidden = hidden and verdict
        if not carrying:
            return None
        first, last = carrying[0], carrying[-1]
        while first > 0 and _leads_in(text[slice(*sentences[first - 1])], short=len(text) <= MAX_CALLOUT):
            first -= 1
        start = sentences[first][0]
        end = (
            _without_links(text, sentences[last][1], block)
            if all(channels.emails for channels in found)
            else sentences[last][1]
        )
        return self.accepted(Line(place, start, end, with_links(_sum(found), links), hidden))

    def announced(self, view: View, place: Place, taken: set[int]) -> Line | None:
        """The sentence before a list of tools ("Contact us" · WhatsApp · E-mail), which has no channel of its own."""
        if place.in_text or not (place.links.targets or place.links.link_emails) or len(place.text) > MAX_LABEL:
            return None
        for index in range(place.block.index - 1, max(0, place.block.index - 4), -1):
            block = view.layout.blocks[index]
            if index in taken or len(block.text) > MAX_QUESTION or block.links:
                continue
            if VERB(block.text) and US(block.text) and not NOT_MEANT(block.text):
                there = Place(block, block.text, place.links, in_text=False, author_box=place.author_box)
                return Line(there, 0, len(block.text), place.links, hidden=True)
        return None

    def carries(self, sentence: str, channels: Channels, links: Channels, block: Block, place: Place) -> bool | None:
        """Whether a sentence carries a channel: False if it shows it, True if only its links do, None if there is none."""
        if channels.emails:
            return False
        if not (channels.phones or channels.messengers or channels.webs or links.link_emails or links.targets):
            return None
        verb = VERB(sentence)
        if FOLLOW(sentence) and not verb:
            return None
        if verb and (
            channels.messengers
            or (channels.phones and (names_messenger(sentence) or not place.in_text or US(sentence)))
        ):
            return False
        if (
            verb
            and not place.in_text
            and self.foreign(channels.webs)
            and (PERSON(sentence) or US(sentence))
            and not READ_MORE(sentence)
        ):
            return False
        if (
            (links.link_emails or links.targets)
            and (verb or purpose_of(sentence))
            and _reaches(sentence, block, self.url)
        ):
            return True
        return None

    def accepted(self, line: Line) -> Line | None:
        """Whether a line is meant for author or newsroom, and no part of the story."""
        place = line.place
        text = place.text[line.start : line.end]
        own = any(self.is_own(address) for address in (*line.channels.emails, *line.channels.link_emails))
        # Whom a short block is about may be said in the sentence before ("… a member of the Press Council. If you …").
        if NOT_MEANT(place.text[: line.end] if line.end <= _MAX_NOTICE else text):
            if not place.in_text and len(text) * 2 > len(place.text):
                self.notices.append(place.block.index)
            return None
        if THIRD(text) and not (own and US(text)):
            return None
        if (PICTURES(text) and not US(text)) or (len(place.text) <= _MAX_NOTICE and MENU(place.text)):
            return None
        person = place.author_box or REPORTER(text) or self.names_author(line)
        us = US(text) or AUTHOR(text)
        purpose, verb = purpose_of(text) is not None, VERB(text)
        if line.hidden:
            return (
                line if is_sentence(text) and verb and (us or purpose or person) and (not place.in_text or us) else None
            )
        if _QUOTED.search(place.text[: line.end]) and not own:
            return None
        if place.in_text:
            addressed = us or bool(re.search(r"[?？]", text))
            short = len(place.text) <= MAX_CALLOUT
            return (
                line
                if (own and (verb or purpose)) or (us and verb) or (short and addressed and verb) or (short and person)
                else None
            )
        if line.channels.emails:
            bare = _is_bare(place.text, line.channels.emails)
            if own or person or (purpose and (verb or us)) or (us and verb) or bare:
                return line
            return line if REACHED(text) and not self.authors else None
        return line if verb and (us or person or purpose) else None

    def is_own(self, address: str) -> bool:
        """Whether an address belongs to the house: the page's site, or a domain that shares its name."""
        domain = address.rpartition("@")[2].lower()
        return bool(self.site) and (
            domain == self.site or domain.endswith(f".{self.site}") or (len(self.brand) >= 4 and self.brand in domain)
        )

    def foreign(self, webs: tuple[str, ...]) -> bool:
        """Whether one of these web addresses is not the site's own name, which biographies hold ("writes for paper.org")."""
        return any(not self.site or self.site not in web.lower() for web in webs)

    def names_author(self, line: Line) -> bool:
        words = re.findall(
            r"\w{3,}", " ".join([line.place.text[line.start : line.end], *line.channels.emails]).casefold()
        )
        return bool(self.authors.intersection(words))


def _bylined(view: View) -> Iterator[str]:
    """The names in the lines around the headline that begin as bylines do."""
    assert view.body is not None
    head, first = view.headline_at, view.body.blocks[0].index
    for block in view.layout.blocks[max(0, min(head, first) - _BEFORE_HEAD) : first + 1]:
        if len(block.text) <= MAX_LABEL * 2 and introduced(block.text):
            yield from names_in(block.text)


def _sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of the sentences of a text.

    >>> [("Got a tip? Mail a@example.org. Thanks."[a:b]) for a, b in _sentences("Got a tip? Mail a@example.org. Thanks.")]
    ['Got a tip?', 'Mail a@example.org.', 'Thanks.']
    """
    spans, start = [], 0
    for found in _SENTENCE.finditer(text):
        end = found.start() + len(found[0].rstrip())
        if end > start:
            spans.append((start, end))
        start = found.end()
    if start < len(text):
        spans.append((start, len(text)))
    return spans


def _reaches(sentence: str, block: Block, base: str) -> bool:
    """Whether one of the links that lead to a channel stands in this sentence."""
    for link in block.links:
        channels = linked([link], base)
        if channels.link_emails or channels.targets:
            words = squeeze(link.text())
            if not words or words in sentence or sentence in words:
                return True
    return False


def _is_bare(text: str, addresses: tuple[str, ...]) -> bool:
    """Whether there is little but an address: a name, a label, no sentence ("Sign up via …")."""
    for address in addresses:
        text = text.replace(address, " ")
    return len(text) <= MAX_LABEL and sum(word[:1].islower() and len(word) > 2 for word in text.split()) <= 1


def _leads_in(sentence: str, *, short: bool) -> bool:
    """Whether a sentence leads into the one with the channel: a question, in a short block also a request."""
    return sentence.rstrip("\"'”’»)").endswith(("?", "？")) or (short and VERB(sentence))


def _without_links(text: str, end: int, block: Block) -> int:
    """Where a line ends, less the labels of links behind it that lead elsewhere ("More by this author")."""
    for link in reversed(block.links):
        words = squeeze(link.text())
        if (
            not words
            or words.startswith("@")
            or emails(words)
            or not text[:end].endswith(words)
            or link_emails(link.attributes.get("href") or "")
        ):
            break
        end = len(text[: end - len(words)].rstrip(" |·•,-–"))
    return end


def purpose_of(text: str) -> ContactKind | None:
    """The purpose that a text names first."""
    lower = lowered(text)
    first: tuple[int, ContactKind] | None = None
    for kind, pattern in KINDS:
        if (found := pattern.search(lower)) and (first is None or found.start() < first[0]):
            first = (found.start(), kind)
    return first[1] if first else None


def _sum(found: list[Channels]) -> Channels:
    return Channels(
        tuple(dict.fromkeys(one for channels in found for one in channels.emails)),
        tuple(dict.fromkeys(one for channels in found for one in channels.phones)),
        tuple(dict.fromkeys(one for channels in found for one in channels.messengers)),
        tuple(dict.fromkeys(one for channels in found for one in channels.webs)),
    )


def _unglued(channels: Channels, links: Channels) -> Channels:
    """With the addresses that links write to in place of those that have the word before them at their start.

    <span>Reporter</span><a>kim@example.org</a>: only a style sheet parts them.
    """
    if not links.link_emails or not channels.emails:
        return channels
    mended = (
        next((own for own in links.link_emails if address != own and address.endswith(own)), address)
        for address in channels.emails
    )
    return replace(channels, emails=tuple(dict.fromkeys(mended)))


def with_links(channels: Channels, links: Channels) -> Channels:
    return Channels(
        channels.emails,
        channels.phones or links.phones,
        channels.messengers,
        channels.webs,
        links.targets,
        links.link_emails,
    )
