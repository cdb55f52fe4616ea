"""Where a block stands: what the boxes around it, up to the one that holds the article's text, say that they are for."""

from __future__ import annotations

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


# What the boxes around a block say that it is, as bits: records of flags cost ten times as much.
OUTSIDE, COMMENTS, BESIDE, AUTHOR, CONTACT, _FOOTER, _IN_MAIN = (1 << bit for bit in range(7))


def surroundings(box: Box | None, first: int, last: int, known: dict[int, int]) -> int:
    """What the boxes around a block say, up to the one that holds the text: OUTSIDE, COMMENTS, BESIDE, AUTHOR, CONTACT."""
    if box is None:
        return 0
    flags = known.get(box.index)
    if flags is None:
        if box.start <= first and box.end > last:
            flags = _IN_MAIN if _is_in_main(box) else 0
        else:
            apart = box.start > last or box.end <= first
            flags = _within(surroundings(box.parent, first, last, known), box, apart=apart)
        known[box.index] = flags
    return flags


def _within(above: int, box: Box, *, apart: bool) -> int:
    """What the boxes around a box say, and what it says itself; `apart` if none of the text is in it."""
    named = _named(box.hint) if box.hint else 0
    flags = above | named & ~_FOOTER
    # An <article> that holds none of this text is another story, with its own author and address.
    if apart and box.tag == "article" and not named & (AUTHOR | CONTACT):
        return flags | OUTSIDE
    if box.tag in _APART or ((box.tag == "footer" or named & _FOOTER) and not above & _IN_MAIN):
        return flags | OUTSIDE
    return flags


@lru_cache(maxsize=4096)  # outlets use few names, again and again
def _named(hint: str) -> int:
    """What the names of one box say; those of most boxes say nothing."""
    if _NOT_HERE(hint):
        return OUTSIDE  # whatever it is besides
    return (
        COMMENTS * _COMMENTS(hint)
        | BESIDE * _BESIDE(hint)
        | AUTHOR * _AUTHOR_BOX(hint)
        | CONTACT * _CONTACT_BOX(hint)
        | _FOOTER * ("footer" in hint)
    )


def _is_in_main(box: Box | None) -> bool:
    """Whether a box is part of the page's main content: a footer in it is the article's, not the site's."""
    while box is not None:
        if box.tag in ("article", "main"):
            return True
        box = box.parent
    return False
