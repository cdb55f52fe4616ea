"""Contact lines: where readers may send a message about this article, to its authors or the newsroom.

What counts is decided in this order; the first "no" ends it:

1. scope      between headline and last paragraph, after it up to the first box that is not about this article, or in
              the author's box; never in menus, footers, comments, other articles
2. channel    an address, a number, a messenger's id that the text shows; introduced by a contact verb also a web
              address, a profile or a link to a form
3. recipient  the author or the newsroom; not advertising, licences, subscriptions, the police …
4. story      an address that somebody in the story gives (quoted, or of another house) is none
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.extract.candidates import Candidate
from ingest.extract.channels import Channels, linked, names_messenger, shown
from ingest.extract.contact_words import (
    AUTHOR,
    FOLLOW,
    KINDS,
    LETTERS,
    MENU,
    NEWSROOM,
    NOT_MEANT,
    PERSON,
    PICTURES,
    READ_MORE,
    REPORTER,
    ROLE,
    THIRD,
    US,
    VERB,
)
from ingest.extract.credits import is_credit_line
from ingest.extract.layout import Block, Box
from ingest.extract.obfuscation import emails, link_emails
from ingest.extract.structured import texts
from ingest.extract.surroundings import Surroundings, surroundings
from ingest.extract.view import View
from ingest.model import Contact, ContactKind
from ingest.text import squeeze
from ingest.urls import resolve, site_of

# No sentence ends with an initial or one of these abbreviations: "Contact J. Roe", "tel. 500 000 000".
_SENTENCE = re.compile(
    r"(?<=[.!?…])(?<!\b[A-Z]\.)(?<!\b[Tt]el\.)(?<!\b[Dd]r\.)(?<!\bM[rs]\.)(?<!\bMrs\.)(?<!\bSt\.)(?<!\b[Nn][ro]\.)(?<!\b[Ee]xt\.)"
    r"[\"'”’»)]*\s+(?=[^\sa-z])|(?<=[。！？])\s*"
)
_QUOTED = re.compile(r"[“„«「『\"].{20,}")
_BEFORE = 25
_AFTER = 40
"""Blocks before the first and after the last paragraph in which an article's contact line may stand."""
_MAX_LINKED = 500
_MAX_LINK = 70
_MAX_LABEL = 40
_MAX_PHONED = 600
_MAX_QUESTION = 160
_LONGEST = 10_000
"""Characters of a block; of 558 real pages the longest one that shows a channel has 1,531, all of a page's 37,781 at most."""
_MOST_READ = 40_000
"""Characters of such blocks on one page: each costs up to 8 µs, which a page made for it must not take for half a megabyte."""
_MAX_CALLOUT = 220
_MAX_NOTICE = 300
_NEAR_END = 3
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_NONE = Channels()


@dataclass(frozen=True, slots=True)
class _Place:
    """A block and where it stands."""

    block: Block
    text: str
    links: Channels
    """What its links lead to."""
    in_text: bool
    """Among the body's paragraphs and not near their end."""
    author_box: bool


@dataclass(frozen=True, slots=True)
class _Line:
    """A contact line that was found in a block: `text[start:end]` of what is shown there."""

    place: _Place
    start: int
    end: int
    channels: Channels
    hidden: bool
    """Whether the channel is only in a link's target."""


def candidates(view: View) -> Iterator[Candidate[tuple[Contact, ...]]]:
    if view.body is None or not view.body.blocks:
        return
    if view.rules.contact:
        yield from _by_rule(view, view.rules.contact)
        return
    judge = _Judge(view)
    contacts: list[Contact] = []
    taken: set[int] = set()
    for offered in _places(view):
        line = judge.line(offered) or judge.announced(view, offered, taken)
        if line is None:
            continue
        place = line.place
        text = place.text[line.start : line.end].strip()
        question = _leading_question(view, line, taken)
        if question is not None and NOT_MEANT.search(question.text):
            continue
        if question is not None:
            text = f"{question.text} {text}"
            view.remains[question.index] = ""
        contacts.append(_contact(text, place, line, judge))
        taken.add(place.block.index)
        rest = squeeze(place.text[: line.start] + " " + place.text[line.end :])
        view.remains[place.block.index] = rest if _is_kept(rest, text, place) else ""
    for index in [*judge.notices, *_headings_over(view, taken)]:
        view.remains.setdefault(index, "")
    if contacts:
        yield Candidate(tuple(dict.fromkeys(contacts)), "blocks with a channel to author or newsroom", 1)


def _is_kept(rest: str, text: str, place: _Place) -> bool:
    """Whether what stands in a block beside a contact line may be text: at the end the line brings its own company.

    "Jane Doe covers the coast. Reach her at …", "… Please include your name and town."
    """
    return place.in_text or len(rest) > max(len(text), _MAX_LABEL) or is_credit_line(rest)


def _by_rule(view: View, selector: str) -> Iterator[Candidate[tuple[Contact, ...]]]:
    contacts = []
    for node in view.document.tree.css(selector):
        text = squeeze(node.text())
        channels = _with_links(shown(text), linked([*node.css("a")], view.url))
        if text:
            contacts.append(
                Contact(
                    text=text,
                    kind=_kind(text, author=bool(REPORTER.search(text))),
                    emails=channels.emails or channels.link_emails,
                    phones=channels.phones,
                    urls=channels.targets,
                )
            )
        for block in view.layout.blocks:
            if block.text == text:
                view.remains[block.index] = ""
    if contacts:
        yield Candidate(tuple(contacts), f"rule contact {selector}", 10)


def _places(view: View) -> Iterator[_Place]:
    """The blocks in which a contact line of this article may stand, in order of display; most blocks show no channel."""
    assert view.body is not None
    in_body = [block.index for block in view.body.blocks]
    first, last = in_body[0], in_body[-1]
    body, late = set(in_body), set(in_body[-_NEAR_END:])
    around: dict[int, Surroundings] = {}
    own_end = _own_end(view.body.box, last + 1)
    read = 0
    for block in view.layout.blocks[max(0, first - _BEFORE) : last + 1 + _AFTER]:
        if block.index >= own_end and block.tag == "h1":
            return
        text = view.remains.get(block.index, block.text)
        if len(text) > _LONGEST:
            continue
        in_text = block.index in body and block.index not in late
        links = linked(block.links, view.url) if block.links and _may_lead(block, in_text=in_text) else _NONE
        if not (_may_show(text, in_text=in_text) or links.link_emails or links.targets or links.phones):
            continue
        flags = surroundings(block.box, first, last, around)
        if block.index not in body and _is_elsewhere(flags, text, before=block.index < first):
            continue
        read += len(text)
        if read > _MOST_READ:
            return
        yield _Place(block, text, links, in_text, flags.author)


def _is_elsewhere(flags: Surroundings, text: str, *, before: bool) -> bool:
    """Whether the boxes around a block that is none of the text say that it is not about the article."""
    named = flags.author or flags.contact
    if flags.outside or (not named and (before or flags.beside)):
        return True
    return flags.comments and not LETTERS.search(text)


class _Judge:
    """Decides whether a block is a contact line of one page."""

    def __init__(self, view: View) -> None:
        self.url = view.url
        site = site_of(view.url)
        self.brand = site.split(".")[0] if site else ""
        self.site = site
        names = [*texts(view.json_ld.get("author")), *view.structured.meta.get("author", [])]
        self.notices: list[int] = []
        """Blocks that tell readers whom to ask about something else than the article: no contact, and no body either."""
        self.authors = {word.casefold() for name in names for word in re.findall(r"\w{3,}", name)}

    def line(self, place: _Place) -> _Line | None:
        block, text = place.block, place.text
        links = place.links
        sentences = _sentences(text)
        carrying: list[int] = []
        found: list[Channels] = []
        hidden = True
        for number, (start, end) in enumerate(sentences):
            sentence = text[start:end]
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
        while first > 0 and _leads_in(text[slice(*sentences[first - 1])], short=len(text) <= _MAX_CALLOUT):
            first -= 1
        start = sentences[first][0]
        end = (
            _without_links(text, sentences[last][1], block)
            if all(channels.emails for channels in found)
            else sentences[last][1]
        )
        return self.accepted(_Line(place, start, end, _with_links(_sum(found), links), hidden))

    def announced(self, view: View, place: _Place, taken: set[int]) -> _Line | None:
        """The sentence before a list of tools ("Contact us" · WhatsApp · E-mail), which has no channel of its own."""
        if place.in_text or not (place.links.targets or place.links.link_emails) or len(place.text) > _MAX_LABEL:
            return None
        for index in range(place.block.index - 1, max(0, place.block.index - 4), -1):
            block = view.layout.blocks[index]
            if index in taken or len(block.text) > _MAX_QUESTION or block.links:
                continue
            if VERB.search(block.text) and US.search(block.text) and not NOT_MEANT.search(block.text):
                there = _Place(block, block.text, place.links, in_text=False, author_box=place.author_box)
                return _Line(there, 0, len(block.text), place.links, hidden=True)
        return None

    def carries(self, sentence: str, channels: Channels, links: Channels, block: Block, place: _Place) -> bool | None:
        """Whether a sentence carries a channel: False if it shows it, True if only its links do, None if there is none."""
        if channels.emails:
            return False
        if not (channels.phones or channels.messengers or channels.webs or links.link_emails or links.targets):
            return None
        verb = bool(VERB.search(sentence))
        if FOLLOW.search(sentence) and not verb:
            return None
        if verb and (
            channels.messengers
            or (channels.phones and (names_messenger(sentence) or not place.in_text or US.search(sentence)))
        ):
            return False
        if (
            verb
            and not place.in_text
            and self.foreign(channels.webs)
            and (PERSON.search(sentence) or US.search(sentence))
            and not READ_MORE.search(sentence)
        ):
            return False
        if (
            (links.link_emails or links.targets)
            and (verb or _purpose(sentence))
            and _reaches(sentence, block, self.url)
        ):
            return True
        return None

    def accepted(self, line: _Line) -> _Line | None:
        """Whether a line is meant for author or newsroom, and no part of the story."""
        place = line.place
        text = place.text[line.start : line.end]
        own = any(self.is_own(address) for address in (*line.channels.emails, *line.channels.link_emails))
        # Whom a short block is about may be said in the sentence before ("… a member of the Press Council. If you …").
        if NOT_MEANT.search(place.text[: line.end] if line.end <= _MAX_NOTICE else text):
            if not place.in_text and len(text) * 2 > len(place.text):
                self.notices.append(place.block.index)
            return None
        if THIRD.search(text) and not (own and US.search(text)):
            return None
        if (PICTURES.match(text) and not US.search(text)) or (
            len(place.text) <= _MAX_NOTICE and MENU.search(place.text)
        ):
            return None
        person = bool(REPORTER.search(text)) or self.names_author(line) or place.author_box
        us = bool(US.search(text) or AUTHOR.search(text))
        purpose, verb = _purpose(text) is not None, bool(VERB.search(text))
        if line.hidden:
            return (
                line
                if _is_sentence(text) and verb and (us or purpose or person) and (not place.in_text or us)
                else None
            )
        if _QUOTED.search(place.text[: line.end]) and not own:
            return None
        if place.in_text:
            addressed = us or bool(re.search(r"[?？]", text))
            short = len(place.text) <= _MAX_CALLOUT
            return (
                line
                if (own and (verb or purpose)) or (us and verb) or (short and addressed and verb) or (short and person)
                else None
            )
        if line.channels.emails:
            bare = _is_bare(place.text, line.channels.emails)
            return line if own or person or (purpose and (verb or us)) or (us and verb) or bare else None
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

    def names_author(self, line: _Line) -> bool:
        words = re.findall(
            r"\w{3,}", " ".join([line.place.text[line.start : line.end], *line.channels.emails]).casefold()
        )
        return bool(self.authors.intersection(words))


# Signs of a channel that cost little to look for: most blocks have none.
_BRACKETED_AT = re.compile(r"[\[({（<]\s?(?:at|ät|a|arroba|arobase|chiocciola|골뱅이)\s?[\])}）>]", re.IGNORECASE)
_SIGN = re.compile(r"[\d톡.](?:(?<=\.)[A-Za-z]{2}|(?<=\d)[\d\s()./-]{5,}\d|(?<=톡))")
_SIGN_IN_TEXT = re.compile(r"[\d톡](?:(?<=\d)[\d\s()./-]{5,}\d|(?<=톡))")


def _own_end(box: Box | None, end: int) -> int:
    """Where the article's own element ends; an h1 behind it is another article's, within it an appeal's or a box's."""
    while box is not None:
        if box.tag == "article":
            return box.end
        box = box.parent
    return end


def _may_lead(block: Block, *, in_text: bool) -> bool:
    """Whether a block's links are worth a look: not those of a story's sentence, nor the headline of another story."""
    length = len(block.text)
    if in_text:
        return length <= _MAX_CALLOUT
    return length <= _MAX_LINKED and not (block.link_chars == length > _MAX_LINK and block.tag not in ("p", "div"))


def _may_show(text: str, *, in_text: bool) -> bool:
    """Whether there is a sign of a channel that costs little to look for."""
    if "@" in text or "＠" in text or " dot " in text or (("(" in text or "[" in text) and _BRACKETED_AT.search(text)):
        return True
    if len(text) > _MAX_PHONED:
        return False
    return bool((_SIGN_IN_TEXT if in_text else _SIGN).search(text))


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
    return len(text) <= _MAX_LABEL and sum(word[:1].islower() and len(word) > 2 for word in text.split()) <= 1


def _leads_in(sentence: str, *, short: bool) -> bool:
    """Whether a sentence leads into the one with the channel: a question, in a short block also a request."""
    return sentence.rstrip("\"'”’»)").endswith(("?", "？")) or (short and bool(VERB.search(sentence)))


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


def _is_sentence(text: str) -> bool:
    """Whether a text speaks to the reader; up to four words are the label of a tool."""
    words = text.split()
    return (
        len(words) > 4
        or (len(words) >= 3 and text.rstrip()[-1:] in ".!?。！？")
        or (len(words) <= 2 and len(text) >= 12 and not text.isascii())
    )


def _purpose(text: str) -> ContactKind | None:
    """The purpose that a text names first."""
    first: tuple[int, ContactKind] | None = None
    for kind, pattern in KINDS:
        if (found := pattern.search(text)) and (first is None or found.start() < first[0]):
            first = (found.start(), kind)
    return first[1] if first else None


def _kind(text: str, *, author: bool) -> ContactKind:
    return _purpose(text) or ("author_contact" if author else "outlet_contact")


def _contact(text: str, place: _Place, line: _Line, judge: _Judge) -> Contact:
    plain = text
    for address in line.channels.emails:  # "tips@…" is no word of purpose
        plain = plain.replace(address, " ")
    newsroom = NEWSROOM.search(plain) is not None
    personal = bool(line.channels.emails) and not (
        newsroom or any(ROLE.search(address) for address in line.channels.emails)
    )
    author = (
        personal
        or place.author_box
        or bool(REPORTER.search(text))
        or bool((PERSON.search(plain) and not newsroom) or AUTHOR.search(plain))
        or judge.names_author(line)
    )
    webs = [
        url
        for web in line.channels.webs
        if not web.startswith("@") and (url := resolve("", web if "://" in web else f"https://{web}"))
    ]
    return Contact(
        text=squeeze(text),
        kind=_kind(plain, author=author),
        emails=line.channels.emails or line.channels.link_emails,
        phones=line.channels.phones,
        urls=tuple(dict.fromkeys([*webs, *line.channels.targets])),
    )


def _leading_question(view: View, line: _Line, taken: set[int]) -> Block | None:
    """The question in the block before that leads into a line ("Got a story?")."""
    block = line.place.block
    if block.index == 0 or line.start > 0:
        return None
    before = view.layout.blocks[block.index - 1]
    if before.index in taken or len(before.text) > _MAX_QUESTION:
        return None
    if before.box.parent is not block.box.parent and before.box is not block.box.parent:  # <div><b>Tip?</b><p>Mail us …
        return None
    return before if before.text.endswith(("?", "？")) else None


def _headings_over(view: View, taken: set[int]) -> Iterator[int]:
    """The headings of boxes in which nothing but contact lines stands ("Contact the newsroom"): no part of the text."""
    for index in sorted(taken):
        around = view.layout.blocks[index].box.parent
        if around is None or around.start == index or view.layout.blocks[around.start].tag not in _HEADINGS:
            continue
        if taken.issuperset(range(around.start + 1, around.end)):
            yield around.start


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


def _with_links(channels: Channels, links: Channels) -> Channels:
    return Channels(
        channels.emails,
        channels.phones or links.phones,
        channels.messengers,
        channels.webs,
        links.targets,
        links.link_emails,
    )
