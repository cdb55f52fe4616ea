"""Where a block stands: what the boxes around it, up to the one that holds the article's text, say that they are for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ingest.extract.alternation import sieve
from ingest.extract.layout import Box

# Boxes that belong to the site or to other people, whatever they are called besides.
_NOT_HERE = sieve(
    r"newsletter|breadcrumb|\bnav(?!y)|menu|cookie|consent|login|register|paywall-|subscri|\babo\b|masthead|site-?header|licen[cs]e|copyright|"
    r"sidebar|search"
)
_COMMENTS = sieve(r"comment|kommentar|disqus|community|forum")
# Boxes about other stories; an author's or a contact box may stand in them, as parts of a page's end do.
_BESIDE = sieve(
    r"related|recommend|outbrain|taboola|most-?read|teaser|advert|\bads?\b|sponsor|popular|trending|share|social|toolbar"
)
_AUTHOR_BOX = sieve(
    r"author|autor|auteur|byline|\bbio\b|writer|reporter|journalist|contributor|profile|redakteur|verfasser|redactor|giornalista|skribent|tekijä|기자"
)
_CONTACT_BOX = sieve(
    r"contact|kontakt|feedback|correction|fehler|error|tip-?(?:bar|box|line)|tipline|letter|leserbrief|contatt|contato|jebo|report"
)
_APART = frozenset({"nav", "form", "dialog"})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the boxes around a block are for."""

    outside: bool = False
    comments: bool = False
    beside: bool = False
    author: bool = False
    contact: bool = False
    in_main: bool = False
    footer: bool = False


_NO_NAMES = Surroundings()
_IN_MAIN = Surroundings(in_main=True)


def surroundings(box: Box | None, first: int, last: int, known: dict[int, Surroundings]) -> Surroundings:
    """What the boxes around a block say, up to the one that holds the text."""
    if box is None:
        return _NO_NAMES
    flags = known.get(box.index)
    if flags is None:
        if box.start <= first and box.end > last:
            flags = _IN_MAIN if _is_in_main(box) else _NO_NAMES
        else:
            apart = box.start > last or box.end <= first
            flags = _within(surroundings(box.parent, first, last, known), box, apart=apart)
        known[box.index] = flags
    return flags


def _within(above: Surroundings, box: Box, *, apart: bool) -> Surroundings:
    """What the boxes around a box say, and what it says itself; `apart` if none of the text is in it."""
    named = _named(box.hint) if box.hint else _NO_NAMES
    # An <article> that holds none of this text is another story, with its own author and address.
    other = apart and box.tag == "article" and not (named.author or named.contact)
    outside = (
        named.outside or other or box.tag in _APART or ((box.tag == "footer" or named.footer) and not above.in_main)
    )
    if named is _NO_NAMES and not outside:
        return above  # as of nearly all boxes
    return Surroundings(
        above.outside or outside,
        above.comments or named.comments,
        above.beside or named.beside,
        above.author or named.author,
        above.contact or named.contact,
        in_main=above.in_main,
    )


@lru_cache(maxsize=4096)  # outlets use few names, again and again
def _named(hint: str) -> Surroundings:
    """What the names of one box say; those of most boxes say nothing."""
    named = Surroundings(
        outside=_NOT_HERE(hint),
        comments=_COMMENTS(hint),
        beside=_BESIDE(hint),
        author=_AUTHOR_BOX(hint),
        contact=_CONTACT_BOX(hint),
        footer="footer" in hint,
    )
    return _NO_NAMES if named == _NO_NAMES else named


def _is_in_main(box: Box | None) -> bool:
    """Whether a box is part of the page's main content: a footer in it is the article's, not the site's."""
    while box is not None:
        if box.tag in ("article", "main"):
            return True
        box = box.parent
    return False
