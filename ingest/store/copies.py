"""Near-duplicates: which cluster does each new article belong to?

`ingest.dedupe` decides; this looks up what is known and writes down what was decided. It runs inside the transaction
that stores the articles, behind the ledger's lock, so that two workers which store two copies at the same moment put
them into one cluster: the second sees what the first has committed.

Each article is compared with the past only, and clusters are never united; a cluster's number is that of the article
that it began with. What a batch needs to know is looked up for all of its articles at once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from ingest.dedupe import MAX_CANDIDATES, Fingerprint, Known, Line, boilerplate, decide, fingerprint, read_lines
from ingest.store import fingerprints
from ingest.store.fingerprints import WINDOW_MINUTES, Stored
from ingest.store.lines import NO_SOURCE, Lines


class NewText(NamedTuple):
    """An article that was stored just now."""

    article_id: int
    headline: str
    body: str
    source_id: int | None
    at: datetime
    """When it was published, else when it was first seen: the time that counts for the window."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """A text and the fingerprint that it has by what was known before the batch."""

    text: NewText
    at: int
    lines: Sequence[Line]
    common: frozenset[int]
    mark: Fingerprint

    @property
    def source(self) -> int:
        return self.text.source_id or NO_SOURCE


def place(connection: Connection, texts: Sequence[NewText]) -> Placed:
    """Which of the texts, in this order, are copies of which stories. Reads, and writes nothing."""
    batch = _Batch(connection)
    for draft in batch.load(texts) if texts else ():
        batch.place(draft)
    return Placed(connection, batch)


class Placed:
    """What was found out of a batch's texts."""

    def __init__(self, connection: Connection, batch: _Batch) -> None:
        self._connection = connection
        self._batch = batch
        self.joined = batch.joined
        """(article, the cluster that it joined), in the order in which they did."""

    def save(self, now: datetime) -> None:
        """Write the texts' fingerprints, keys and lines; the articles must be there. It reads nothing."""
        fingerprints.save(self._connection, self._batch.marks, self._batch.times)
        self._batch.lines.save(now)


class _Batch:
    """What is known at the present point of a batch; every text sees what those before it left."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.lines = Lines(connection)
        self.marks: dict[int, Fingerprint] = {}
        """Of this batch, as are the times and clusters."""
        self.times: dict[int, int] = {}
        self._clusters: dict[int, int] = {}
        self.joined: list[tuple[int, int]] = []
        """(article, the cluster that it joined), in the order in which they did."""
        self._index = _Index(connection)

    def load(self, texts: Sequence[NewText]) -> list[_Draft]:
        """Look up what the texts may need."""
        lines = [read_lines(text.body) for text in texts]
        self.lines.load(line for one in lines for line in one)
        drafts = [self._draft(text, one) for text, one in zip(texts, lines, strict=True)]
        self._index.load([(draft.at, draft.mark) for draft in drafts])
        return drafts

    def _draft(self, text: NewText, lines: Sequence[Line]) -> _Draft:
        common = boilerplate(lines, self.lines.known(lines, text.source_id or NO_SOURCE))
        mark = fingerprint(lines, headline=text.headline, without=common)
        return _Draft(text, fingerprints.minute(text.at), lines, common, mark)

    def place(self, draft: _Draft) -> None:
        article = draft.text.article_id
        mark = self._mark(draft)
        verdict = decide(mark, self._candidates(mark, draft.at))
        cluster = verdict.cluster_id or article
        if verdict.match is not None:
            self.joined.append((article, cluster))
        self.marks[article], self.times[article], self._clusters[article] = mark, draft.at, cluster
        self._index.add(mark, draft.at, article)
        self.lines.count(draft.lines, draft.source, cluster)

    def _mark(self, draft: _Draft) -> Fingerprint:
        """The text's fingerprint, now that the batch's earlier texts may have shown another line to be boilerplate."""
        common = boilerplate(draft.lines, self.lines.known(draft.lines, draft.source))
        if common == draft.common:
            return draft.mark
        mark = fingerprint(draft.lines, headline=draft.text.headline, without=common)
        self._index.load([(draft.at, mark)])
        return mark

    def _candidates(self, mark: Fingerprint, at: int) -> list[Known]:
        shared = self._index.sharing(mark, at)
        best = _best(shared)
        stored = self._index.stored
        known = {one: (self.marks[one], self._clusters[one]) for one in best if one in self.marks}
        known |= {one: (stored[one].mark, stored[one].cluster_id) for one in best if one in stored}
        return [
            Known(article_id=one, cluster_id=cluster, mark=other, shared_keys=shared[one])
            for one, (other, cluster) in known.items()
        ]


@dataclass(slots=True)
class _Index:
    """The part of the index that a batch's texts ask for, and what the batch adds to it."""

    connection: Connection
    stored: dict[int, Stored] = field(default_factory=dict)
    """Article → fingerprint, of the best candidates."""
    _by_key: dict[int, set[tuple[int, int]]] = field(default_factory=lambda: defaultdict(set))
    """Key → (time, article)."""

    def load(self, marks: Sequence[tuple[int, Fingerprint]]) -> None:
        """Look up what shares a key with these texts in their windows, and the fingerprints of the best of it."""
        for together in _near_in_time(marks):
            since, until = together[0][0] - WINDOW_MINUTES, together[-1][0] + WINDOW_MINUTES
            keys = (key for _, mark in together for key in mark.keys)
            for key, at, article in fingerprints.sharing(self.connection, keys, since, until):
                self._by_key[key].add((at, article))
        wanted = {article for at, mark in marks for article in _best(self.sharing(mark, at))}
        self.stored |= fingerprints.read(self.connection, wanted.difference(self.stored))

    def sharing(self, mark: Fingerprint, at: int) -> Counter[int]:
        """Article → how many keys it shares with the text."""
        return Counter(
            article
            for key in mark.keys
            for then, article in self._by_key.get(key, ())
            if abs(then - at) <= WINDOW_MINUTES
        )

    def add(self, mark: Fingerprint, at: int, article: int) -> None:
        for key in mark.keys:
            self._by_key[key].add((at, article))


def _near_in_time(
    marks: Iterable[tuple[int, Fingerprint]],
) -> Iterator[list[tuple[int, Fingerprint]]]:
    """The texts by time, in groups that span no more than the window: an archive's years are not looked up at once."""
    group: list[tuple[int, Fingerprint]] = []
    for one in sorted((one for one in marks if one[1].keys), key=lambda one: one[0]):
        if group and one[0] - group[0][0] > WINDOW_MINUTES:
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _best(shared: Counter[int]) -> list[int]:
    return sorted(shared, key=lambda article: (-shared[article], article))[:MAX_CANDIDATES]
