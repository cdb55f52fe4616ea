"""Which cluster does an article belong to?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from ingest.dedupe.fingerprint import Fingerprint
from ingest.dedupe.likeness import Likeness, compare

# How long a story is copied. Also a rule of the news: without it notices and tables that return every week are one story
# (F1 .955 → .693 on a newswire; 48 hours .944, a week .926).
WINDOW = timedelta(hours=72)
MAX_CANDIDATES = 20  # those with the most keys in common


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A stored article that shares a key with the new one."""

    article_id: int
    cluster_id: int
    mark: Fingerprint
    shared_keys: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a new article is a copy of, and all that it was compared with."""

    match: Known | None
    """The single best match, whose cluster the article joins; None: it starts a cluster of its own. Clusters are never
    united: one wrong match must not weld two of them for good."""
    compared: tuple[tuple[Known, Likeness], ...] = ()

    @property
    def cluster_id(self) -> int | None:
        return None if self.match is None else self.match.cluster_id


def decide(new: Fingerprint, candidates: Sequence[Known]) -> Verdict:
    """Compare an article with those that share a key with it; the one that contains most, or is contained most, wins.

    Among equals the more alike, then the earlier stored: the order of the candidates changes nothing.
    """
    known = sorted(candidates, key=lambda candidate: (-candidate.shared_keys, candidate.article_id))[:MAX_CANDIDATES]
    compared = tuple((candidate, compare(new, candidate.mark)) for candidate in known)
    copies = [(candidate, likeness) for candidate, likeness in compared if likeness.is_copy]
    best = max(copies, key=lambda pair: (pair[1].containment, pair[1].jaccard, -pair[0].article_id), default=None)
    return Verdict(match=best[0] if best else None, compared=compared)
