"""Contact lines: where readers may send a message about this article, to its authors or the newsroom.

What counts is decided in this order; the first "no" ends it (1 in `contact_places.py`, the others in `contact_judge.py`):

1. scope      between headline and last paragraph, after it up to the first box that is not about this article, or in
              the author's box; never in menus, footers, comments, other articles
2. channel    an address, a number, a messenger's id that the text shows; introduced by a contact verb also a web
              address, a profile or a link to a form
3. recipient  the author or the newsroom; not advertising, licences, subscriptions, the police …
4. story      an address that somebody in the story gives (quoted, or of another house) is none
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.extract.candidates import Candidate
from ingest.extract.channels import linked, shown
from ingest.extract.contact_judge import MAX_LABEL, MAX_QUESTION, Judge, Line, purpose_of, with_links
from ingest.extract.contact_places import Place, places
from ingest.extract.contact_words import AUTHOR, NEWSROOM, NOT_MEANT, PERSON, REPORTER, ROLE
from ingest.extract.credits import is_credit_line
from ingest.extract.layout import Block
from ingest.extract.view import View
from ingest.model import Contact, ContactKind
from ingest.text import squeeze
from ingest.urls import resolve

_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})


def candidates(view: View) -> Iterator[Candidate[tuple[Contact, ...]]]:
    if view.body is None or not view.body.blocks:
        return
    if view.rules.contact:
        yield from _by_rule(view, view.rules.contact)
        return
    offers = [*places(view)]
    if not offers:
        return
    judge = Judge(view)
    contacts: list[Contact] = []
    taken: set[int] = set()
    for offered in offers:
        line = judge.line(offered) or judge.announced(view, offered, taken)
        if line is None:
            continue
        place = line.place
        text = place.text[line.start : line.end].strip()
        question = _leading_question(view, line, taken)
        if question is not None and NOT_MEANT(question.text):
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


def _is_kept(rest: str, text: str, place: Place) -> bool:
    """Whether what stands in a block beside a contact line may be text: at the end the line brings its own company.

    "Jane Doe covers the coast. Reach her at …", "… Please include your name and town."
    """
    return place.in_text or len(rest) > max(len(text), MAX_LABEL) or is_credit_line(rest)


def _by_rule(view: View, selector: str) -> Iterator[Candidate[tuple[Contact, ...]]]:
    contacts = []
    for node in view.document.tree.css(selector):
        text = squeeze(node.text())
        channels = with_links(shown(text), linked([*node.css("a")], view.url))
        if text:
            contacts.append(
                Contact(
                    text=text,
                    kind=_kind(text, author=REPORTER(text)),
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


def _kind(text: str, *, author: bool) -> ContactKind:
    return purpose_of(text) or ("author_contact" if author else "outlet_contact")


def _contact(text: str, place: Place, line: Line, judge: Judge) -> Contact:
    plain = text
    for address in line.channels.emails:  # "tips@…" is no word of purpose
        plain = plain.replace(address, " ")
    newsroom = NEWSROOM(plain)
    personal = bool(line.channels.emails) and not (
        newsroom or any(ROLE(address.partition("@")[0]) for address in line.channels.emails)
    )
    author = (
        personal
        or place.author_box
        or REPORTER(text)
        or (PERSON(plain) and not newsroom)
        or AUTHOR(plain)
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


def _leading_question(view: View, line: Line, taken: set[int]) -> Block | None:
    """The question in the block before that leads into a line ("Got a story?")."""
    block = line.place.block
    if block.index == 0 or line.start > 0:
        return None
    before = view.layout.blocks[block.index - 1]
    if before.index in taken or len(before.text) > MAX_QUESTION:
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
