"""Is what was read a new version of what is known, and why did it come? Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from ingest.model import Article

Verdict = Literal["same", "newer"]
Cause = Literal["new", "edited", "corrected", "re-extracted"]

KEPT_FREELY = 20
"""So many versions of an article are kept however fast they come."""
KEPT_APART = timedelta(hours=1)
"""After those, one in this time: a live page, or one that differs at every fetch, must not fill the disk."""

# How outlets head a correction, and what they write in one (seen on news sites of that language).
_HEADING = re.compile(
    r"\W*(?:corrections?|clarifications?|errat(?:um|a)|berichtigung|korrektur|richtigstellung|rectificatif|"
    r"correctif|corrección|fe de errat?as|rectificación|errata corrige|rettifica|исправление|уточнение|"
    r"поправка|정정|바로잡습니다|바로잡음|알려드립니다|訂正|お詫びと訂正|更正)\b",
    re.IGNORECASE,
)
_PHRASE = re.compile(
    r"\b(?:earlier|previous|original) version of this (?:article|story|report|post)\b"
    r"|\bthis (?:article|story|report|post) (?:has been|was) (?:corrected|amended|updated to correct)\b"
    r"|\bin einer früheren version\b|\bune version (?:antérieure|précédente) de cet article\b",
    re.IGNORECASE,
)


class Known(NamedTuple):
    """What a verdict needs of a stored article."""

    id: int
    link_id: int
    """The link that stored it."""
    material_hash: bytes
    revision: int
    published_at: datetime | None
    modified_at: datetime | None
    first_seen_at: datetime
    changed_at: datetime


def decide(article: Article, material_hash: bytes, link_id: int, known: Known) -> Verdict:
    """Whether the article replaces the known version.

    From the link that stored it every material change counts. Another address of the same article (a mobile
    page, a print page) often shows a little less of it: from there only what says that it is newer counts.
    """
    if material_hash == known.material_hash:
        return "same"
    if link_id == known.link_id:
        return "newer"
    if article.modified_at is None:
        return "same"
    return "newer" if known.modified_at is None or article.modified_at > known.modified_at else "same"


def cause(before: str, after: str, *, reread: bool) -> Cause:
    r"""Why a version replaces another, from the two bodies.

    >>> cause("Rice fell.", "Rice fell.\n\nCorrection: it rose.", reread=False)
    'corrected'
    """
    if reread:
        return "re-extracted"
    known = set(before.split("\n\n"))
    came = [paragraph for paragraph in after.split("\n\n") if paragraph not in known]
    return "corrected" if any(_HEADING.match(one) or _PHRASE.search(one) for one in came) else "edited"


def is_kept(version: int, seen_at: datetime, last_kept_at: datetime | None) -> bool:
    """Whether a version that is replaced goes into the history; `last_kept_at` is when the last that did was seen."""
    return version <= KEPT_FREELY or last_kept_at is None or seen_at - last_kept_at >= KEPT_APART
