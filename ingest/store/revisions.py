"""Is what was read a new version of what is known? Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ingest.model import Article

Verdict = Literal["same", "newer"]


@dataclass(frozen=True, slots=True)
class Known:
    """What a verdict needs of a stored article."""

    id: int
    link_id: int
    """The link that stored it."""
    material_hash: bytes
    revision: int
    modified_at: datetime | None
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
