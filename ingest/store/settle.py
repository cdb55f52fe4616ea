"""Settling links: for each page that was fetched, is its article new, known, or another version?

Look up all keys of the batch ─► decide one after the other ─► write all rows, statement by statement.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, bindparam, select

from ingest.model import Article, Outcome
from ingest.store import copies, hosts, links, revisits, schema
from ingest.store.bulk import Lookup
from ingest.store.identity import Alias, aliases, guid_alias, same_text
from ingest.store.ledger import Ledger
from ingest.store.pages import page_row
from ingest.store.records import PRUNED, Settled, Settlement
from ingest.store.revisions import Known, decide
from ingest.store.rows import Row, article_row, storable_row
from ingest.store.writes import Writes

_link, _article, _alias = schema.link, schema.article, schema.url_alias

_wanted: BindParameter[Any] = bindparam("wanted", expanding=True)
_LINKS = Lookup(
    select(_link.c.id, _link.c.key, _link.c.article_id, _link.c.next_due_at, _link.c.etag, _link.c.last_modified).where(
        _link.c.id.in_(_wanted)
    )
)
_LINKS_BY_KEY = Lookup(select(_link.c.key, _link.c.article_id, _link.c.outcome).where(_link.c.key.in_(_wanted)))
_ALIASES = Lookup(select(_alias.c.key, _alias.c.article_id).where(_alias.c.key.in_(_wanted)))
_TOMBSTONES = Lookup(select(schema.tombstone.c.key).where(schema.tombstone.c.key.in_(_wanted)))
_KNOWN = Lookup(
    select(
        _article.c.id,
        _article.c.link_id,
        _article.c.material_hash,
        _article.c.revision,
        _article.c.modified_at,
        _article.c.changed_at,
    ).where(_article.c.id.in_(_wanted))
)
_BODY = select(_article.c.body).where(_article.c.id == bindparam("article"))
_CURRENT = select(_article).where(_article.c.id == bindparam("article"))


_NOT_READ = {"origins", "word_count", "material_hash"}
"""Columns that tell nothing to a reader of the article: by which rule, how long."""

_REFUSED = Settled(outcome=Outcome.PENDING, refused=True)


class Prepared(NamedTuple):
    """A settlement with all that can be computed before anybody has to wait for us."""

    settlement: Settlement
    aliases: tuple[Alias, ...]
    """But for the link's own key, which the database has."""
    row: Row | None
    """The columns that the article decides."""
    page: Row | None
    """The page, compressed, where it is to be kept."""


def prepare(settlements: Iterable[Settlement], keepers: Container[str | None]) -> list[Prepared]:
    """`keepers` are the sources whose pages are kept."""
    return [_prepare(one, keep_page=one.source in keepers) for one in settlements]


def _prepare(one: Settlement, *, keep_page: bool) -> Prepared:
    kept = page_row(one.page) if keep_page and one.page is not None and not one.reread else None
    if one.article is None:
        return Prepared(one, (), None, kept)
    return Prepared(one, aliases(one.url, one.article), article_row(one.article), kept)


def settle_fenced(connection: Connection, prepared: Sequence[Prepared], now: datetime) -> list[Settled]:
    """As `settle`, but refuses what came of a lease that was lost, and says when the articles are looked at again."""
    ledger = Ledger(connection)  # before the hosts: every writer locks in this order
    claims = {one.settlement.claim for one in prepared if one.settlement.claim is not None}
    lost = hosts.lost(connection, claims) if claims else set()
    good = [one for one in prepared if one.settlement.claim not in lost]
    settled = iter(_settle(connection, ledger, good, now) if good else ())
    answers = [_REFUSED if one.settlement.claim in lost else next(settled) for one in prepared]
    revisits.schedule(connection, [one.settlement for one in prepared], answers, now)
    return answers


def settle(connection: Connection, prepared: Sequence[Prepared], now: datetime) -> list[Settled]:
    """Settle all, or none; the answers are in the order of the settlements."""
    return _settle(connection, Ledger(connection), prepared, now)


def _settle(connection: Connection, ledger: Ledger, prepared: Sequence[Prepared], now: datetime) -> list[Settled]:
    batch = _Batch(connection, ledger, now)
    tasks = batch.load(prepared)
    settled = [batch.settle(task) for task in tasks]
    batch.writes.flush()
    copies.place(connection, ledger, batch.new_texts, now)
    ledger.close()
    return settled


@dataclass(slots=True)
class _LinkState:
    """A link as the batch leaves it so far."""

    id: int
    key: bytes
    article_id: int | None
    next_due_at: datetime | None
    etag: str | None
    last_modified: str | None


class _Task(NamedTuple):
    settlement: Settlement
    link: _LinkState
    sources: tuple[str, ...]
    """All that offered the link."""
    source_id: int | None
    """The first of them."""
    aliases: tuple[Alias, ...]
    row: Row | None
    page: Row | None


class _Batch:
    """What is known at the present point of a batch; every settlement sees what those before it did."""

    def __init__(self, connection: Connection, ledger: Ledger, now: datetime) -> None:
        self._connection = connection
        self._ledger = ledger
        self._now = now
        self.writes = Writes(connection, ledger, now)
        self._known: dict[int, Known] = {}
        self._claimed: dict[bytes, int] = {}
        """Key → article, of everything but the links' own keys."""
        self._buried: set[bytes] = set()
        """Keys of articles that were pruned."""
        self.new_texts: list[copies.NewText] = []
        """The articles that were stored new, in order."""

    # ------------------------------------------------------------ reading

    def load(self, prepared: Sequence[Prepared]) -> list[_Task]:
        """Everything that the batch needs to know, in some statements for all."""
        ids = self._link_ids([one.settlement for one in prepared])
        states = {row[0]: _LinkState(*row) for row in _LINKS.rows(self._connection, ids)}
        offers = links.offers_of(self._connection, states)
        tasks = [_task(one, states[id_], offers[id_]) for one, id_ in zip(prepared, ids, strict=True)]
        found = [alias for task in tasks for alias in task.aliases]
        self._load_aliases(found)
        articles = {state.article_id for state in states.values() if state.article_id is not None}
        articles.update(self._claimed.values())
        self._known = {row[0]: Known(*row) for row in _KNOWN.rows(self._connection, articles)}
        return tasks

    def _load_aliases(self, found: Sequence[Alias]) -> None:
        keys = [alias.key for alias in found]
        self._claimed = dict(_ALIASES.rows(self._connection, keys))
        self._buried = {key for (key,) in _TOMBSTONES.rows(self._connection, keys)}
        # What a link leads to counts for more than what a page claims of itself.
        claims = [alias.key for alias in found if alias.kind in ("final", "canonical")]
        for key, article_id, outcome in _LINKS_BY_KEY.rows(self._connection, claims):
            if article_id is not None:
                self._claimed[key] = article_id
            elif outcome == PRUNED:
                self._buried.add(key)

    def _link_ids(self, settlements: Sequence[Settlement]) -> list[int]:
        by_hand = [one.url for one in settlements if one.link_id is None]
        made = links.asked_by_hand(self._connection, self._ledger, by_hand, self._now) if by_hand else {}
        return [made[one.url] if one.link_id is None else one.link_id for one in settlements]

    # ------------------------------------------------------------ deciding

    def settle(self, task: _Task) -> Settled:
        article, row = task.settlement.article, task.row
        if article is None or row is None:
            return self._without_article(task)
        known = self._recognise(task, article)
        if known is None and self._is_buried(task):
            task = task._replace(settlement=replace(task.settlement, reason="the article was pruned"))
            self._settle_link(task, Outcome.FILTERED, None)
            return self._settled(task, Outcome.FILTERED, None)
        if known is None:
            return self._store(task, row, article)
        return self._meet(task, row, article, known)

    def _without_article(self, task: _Task) -> Settled:
        outcome = task.settlement.outcome
        assert outcome is not None  # Settlement sees to it
        if outcome is not Outcome.UNCHANGED:
            self._settle_link(task, outcome, task.link.article_id)
        known = self._known.get(task.link.article_id or 0)
        return self._settled(task, outcome, known)

    def _recognise(self, task: _Task, article: Article) -> Known | None:
        """The stored article that this one is, by the most certain key that says so."""
        if task.link.article_id is not None:
            return self._known[task.link.article_id]
        for alias in task.aliases:
            article_id = self._claimed.get(alias.key)
            if article_id is not None and same_text(article.body, self._body(article_id)):
                return self._known[article_id]
        return None

    def _is_buried(self, task: _Task) -> bool:
        """Whether it was pruned, and nobody asks for it by hand."""
        by_hand = task.settlement.link_id is None
        return bool(self._buried) and not by_hand and any(alias.key in self._buried for alias in task.aliases)

    def _body(self, article_id: int) -> str:
        self.writes.flush_if(article_id)
        body: str = self._connection.execute(_BODY, {"article": article_id}).scalar_one()
        return body

    def _store(self, task: _Task, row: Row, article: Article) -> Settled:
        article_id = self._ledger.new_article_id()
        known = Known(article_id, task.link.id, row["material_hash"], 1, article.modified_at, self._now)
        self._known[article_id] = known
        seen_at = task.settlement.seen_at
        self.writes.article(known, row, article.images, seen_at=seen_at)
        at = article.published_at or seen_at or self._now
        self.new_texts.append(_new_text(article_id, article, task.source_id, at))
        return self._lead(task, Outcome.STORED, known)

    def _meet(self, task: _Task, row: Row, article: Article, known: Known) -> Settled:
        """The article is known: is this a newer version of it?"""
        came_before = task.link.article_id is not None
        outcome = Outcome.UNCHANGED if came_before or task.link.id == known.link_id else Outcome.DUPLICATE
        verdict = decide(article, row["material_hash"], task.link.id, known)
        if verdict == "newer" or (task.settlement.reread and self._differs(row, known)):
            known = Known(
                known.id, known.link_id, row["material_hash"], known.revision + 1, article.modified_at, self._now
            )
            self._known[known.id] = known
            reread = task.settlement.reread or self._was_tried_again(task)
            self.writes.revision(known, row, article, reread=reread)
            outcome = Outcome.STORED if outcome is Outcome.UNCHANGED else outcome
        return self._lead(task, outcome, known)

    def _differs(self, row: Row, known: Known) -> bool:
        """Whether any field is another one. Reading the same page again finds authors and dates, not only texts."""
        self.writes.flush_if(known.id)
        current = self._connection.execute(_CURRENT, {"article": known.id}).mappings().one()
        read = storable_row(row)
        return any(current[name] != read[name] for name in read if name not in _NOT_READ)

    @staticmethod
    def _was_tried_again(task: _Task) -> bool:
        """Whether the feed's text stood in for the page until now: then the change is ours, not the outlet's."""
        return task.link.article_id is not None and task.link.next_due_at is not None

    # ------------------------------------------------------------ writing

    def _lead(self, task: _Task, outcome: Outcome, known: Known) -> Settled:
        """From now on the link and all its aliases lead to this article."""
        for alias in task.aliases:
            # The link's own key is in `link` already.
            if alias.kind != "link" and alias.key not in self._claimed:
                self.writes.alias(alias, known.id)
            self._claimed.setdefault(alias.key, known.id)
        self._settle_link(task, outcome, known.id)
        return self._settled(task, outcome, known)

    def _settle_link(self, task: _Task, outcome: Outcome, article_id: int | None) -> None:
        settlement, link = task.settlement, task.link
        after = _LinkState(link.id, link.key, article_id, None, link.etag, link.last_modified)
        if task.sources:  # an address given by hand has nobody to be tried again for
            after.next_due_at = settlement.retry_at
        if settlement.article is not None:
            after.etag = settlement.page.etag if settlement.page else None
            after.last_modified = settlement.page.last_modified if settlement.page else None
        if outcome is not Outcome.UNCHANGED or after != link or task.page is not None:
            self.writes.link(
                link=link.id,
                outcome=outcome,
                reason=settlement.reason,
                article=article_id,
                again_at=after.next_due_at,
                etag=after.etag,
                last_modified=after.last_modified,
                page=task.page,
            )
        link.article_id, link.next_due_at = after.article_id, after.next_due_at
        link.etag, link.last_modified = after.etag, after.last_modified

    @staticmethod
    def _settled(task: _Task, outcome: Outcome, known: Known | None) -> Settled:
        return Settled(
            outcome=outcome,
            article_id=known.id if known else None,
            revision=known.revision if known else None,
            sources=task.sources,
        )


def _new_text(article_id: int, article: Article, source_id: int | None, at: datetime) -> copies.NewText:
    return copies.NewText(
        article_id=article_id, headline=article.headline, body=article.body, source_id=source_id, at=at
    )


def _task(prepared: Prepared, link: _LinkState, offers: Sequence[links.Offer]) -> _Task:
    sources = tuple([offer.name for offer in offers])
    article = prepared.settlement.article
    known_by: tuple[Alias, ...] = ()
    if article is not None:
        known_by = (Alias(link.key, "link"), *(alias for alias in prepared.aliases if alias.key != link.key))
    guid = offers[0].guid if offers else None
    # One that is the address itself says nothing new.
    if article is not None and guid and guid not in (prepared.settlement.url, article.url):
        known_by += (guid_alias(offers[0].name, guid),)
    return _Task(
        prepared.settlement,
        link,
        sources,
        offers[0].source_id if offers else None,
        known_by,
        prepared.row,
        prepared.page,
    )
