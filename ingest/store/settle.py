"""Settling links: for each page that was fetched, is its article new, known, or another version?

Look up all keys of the batch ─► decide one after the other ─► write all rows, statement by statement.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, BindParameter, Connection, bindparam, cast, null, select, union_all

from ingest import collector
from ingest.model import Article, Outcome
from ingest.store import clusters, copies, hosts, links, revisits, schema
from ingest.store.bulk import Lookup
from ingest.store.database import ask
from ingest.store.identity import Alias, aliases, guid_alias, same_text
from ingest.store.ledger import Ledger
from ingest.store.pages import page_row
from ingest.store.records import PRUNED, Settled, Settlement
from ingest.store.revisions import Known, decide
from ingest.store.rows import Row, article_row, storable_row
from ingest.store.writes import Writes

_link, _article, _alias, _sighting, _tombstone = (
    schema.link,
    schema.article,
    schema.url_alias,
    schema.sighting,
    schema.tombstone,
)

_wanted: BindParameter[Any] = bindparam("wanted", expanding=True)
_LINKS = Lookup(
    select(
        _link.c.id,
        _link.c.key,
        _link.c.host,
        _link.c.article_id,
        _link.c.next_due_at,
        _link.c.etag,
        _link.c.last_modified,
        schema.revisit.c.unchanged,
        _sighting.c.source_id,
        schema.source.c.name,
        _sighting.c.guid,
    )
    .outerjoin(schema.revisit, schema.revisit.c.link_id == _link.c.id)
    .outerjoin(_sighting, _sighting.c.link_id == _link.c.id)
    .outerjoin(schema.source, schema.source.c.id == _sighting.c.source_id)
    .where(_link.c.id.in_(_wanted))
    .order_by(_link.c.id, _sighting.c.first_seen_at, _sighting.c.source_id)
)
"""A row for each source that offered the link, the first one first; one row if none did."""
_LINKS_BY_KEY = Lookup(select(_link.c.key, _link.c.article_id, _link.c.outcome).where(_link.c.key.in_(_wanted)))
_ALIASES = Lookup(
    union_all(
        select(_alias.c.key, _alias.c.article_id).where(_alias.c.key.in_(_wanted)),
        select(_tombstone.c.key, cast(null(), BigInteger)).where(_tombstone.c.key.in_(_wanted)),
    )
)
"""Whose article has the key; None: that of one that was pruned."""
_KNOWN = Lookup(
    select(
        _article.c.id,
        _article.c.link_id,
        _article.c.material_hash,
        _article.c.revision,
        _article.c.published_at,
        _article.c.modified_at,
        _article.c.first_seen_at,
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


@collector.resting()  # a batch leaves next to no rubbish, and looking for it took 3 % of the time
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
    # Before the hosts: every writer locks in this order.
    ledger = Ledger(connection, *_LINKS.questions(connection, _links_of(prepared)))
    claims = {one.settlement.claim for one in prepared if one.settlement.claim is not None}
    lost = hosts.lost(connection, claims) if claims else set()
    good = [one for one in prepared if one.settlement.claim not in lost]
    settled = iter(_settle(connection, ledger, good, now, look_again=True) if good else ())
    return [_REFUSED if one.settlement.claim in lost else next(settled) for one in prepared]


def settle(connection: Connection, prepared: Sequence[Prepared], now: datetime) -> list[Settled]:
    """Settle all, or none; the answers are in the order of the settlements."""
    ledger = Ledger(connection, *_LINKS.questions(connection, _links_of(prepared)))
    return _settle(connection, ledger, prepared, now, look_again=False)


def _links_of(prepared: Sequence[Prepared]) -> list[int]:
    """Those that have a number before the ledger is open."""
    return [one.settlement.link_id for one in prepared if one.settlement.link_id is not None]


@collector.resting()
def _settle(
    connection: Connection, ledger: Ledger, prepared: Sequence[Prepared], now: datetime, *, look_again: bool
) -> list[Settled]:
    batch = _Batch(connection, ledger, now)
    tasks = batch.load(prepared)
    settled = [batch.settle(task) for task in tasks]
    placed = copies.place(connection, batch.new_texts)
    looks = list(batch.looks(tasks, settled)) if look_again else []
    with batch.writes.last():
        placed.save(now)
        revisits.schedule(connection, looks, now)
        if not placed.joined:
            ledger.close()
    if placed.joined:
        clusters.join(connection, ledger, placed.joined, now)
        ledger.close()
    return settled


class _State(NamedTuple):
    """What settling a link changes of it."""

    article_id: int | None
    next_due_at: datetime | None
    etag: str | None
    last_modified: str | None


@dataclass(slots=True)
class _Link:
    """A link, as the batch leaves it so far."""

    id: int
    key: bytes
    host: str | None
    state: _State
    unchanged: int | None
    """Looks in a row that found no edit; None: it is not to be looked at again."""
    sources: tuple[str, ...] = ()
    """All that offered it."""
    source_id: int | None = None
    """The first of them."""
    guid: str | None = None
    """What that one calls it."""


class _Task(NamedTuple):
    settlement: Settlement
    link: _Link
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
        states = self._links(ids)
        tasks = [_task(one, states[id_]) for one, id_ in zip(prepared, ids, strict=True)]
        found = [alias for task in tasks for alias in task.aliases]
        self._load_aliases(found)
        articles = {link.state.article_id for link in states.values() if link.state.article_id is not None}
        articles.update(self._claimed.values())
        self._known = {row[0]: Known(*row) for row in _KNOWN.rows(self._connection, articles)}
        return tasks

    def _links(self, ids: Iterable[int]) -> dict[int, _Link]:
        found: dict[int, _Link] = {}
        for answer in self._ledger.answers:
            self._read_links(answer, found)
        made = [id_ for id_ in ids if id_ not in found]
        for answer in ask(self._connection, _LINKS.questions(self._connection, made)):
            self._read_links(answer, found)
        return found

    def _read_links(self, answer: Iterable[tuple[Any, ...]], found: dict[int, _Link]) -> None:
        for row in _LINKS.read(self._connection, answer):
            id_, key, host, article_id, next_due_at, etag, last_modified, unchanged, source_id, name, guid = row
            link = found.get(id_)
            if link is None:
                state = _State(article_id, next_due_at, etag, last_modified)
                found[id_] = link = _Link(id_, key, host, state, unchanged, (), source_id, guid)
            if name is not None:
                link.sources += (name,)

    def _load_aliases(self, found: Sequence[Alias]) -> None:
        for key, article_id in _ALIASES.rows(self._connection, [alias.key for alias in found]):
            if article_id is None:
                self._buried.add(key)
            else:
                self._claimed[key] = article_id
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
            self._settle_link(task, outcome, task.link.state.article_id)
        known = self._known.get(task.link.state.article_id or 0)
        return self._settled(task, outcome, known)

    def _recognise(self, task: _Task, article: Article) -> Known | None:
        """The stored article that this one is, by the most certain key that says so."""
        if task.link.state.article_id is not None:
            return self._known[task.link.state.article_id]
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
        seen_at = task.settlement.seen_at or self._now
        known = Known(
            article_id,
            task.link.id,
            row["material_hash"],
            1,
            article.published_at,
            article.modified_at,
            seen_at,
            self._now,
        )
        self._known[article_id] = known
        self.writes.article(known, row, article.images)
        at = article.published_at or seen_at
        text = copies.NewText(article_id, article.headline, article.body, task.link.source_id, at)
        self.new_texts.append(text)
        return self._lead(task, Outcome.STORED, known)

    def _meet(self, task: _Task, row: Row, article: Article, known: Known) -> Settled:
        """The article is known: is this a newer version of it?"""
        came_before = task.link.state.article_id is not None
        outcome = Outcome.UNCHANGED if came_before or task.link.id == known.link_id else Outcome.DUPLICATE
        verdict = decide(article, row["material_hash"], task.link.id, known)
        if verdict == "newer" or (task.settlement.reread and self._differs(row, known)):
            known = known._replace(
                material_hash=row["material_hash"],
                revision=known.revision + 1,
                published_at=article.published_at,
                modified_at=article.modified_at,
                changed_at=self._now,
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
        return task.link.state.article_id is not None and task.link.state.next_due_at is not None

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
        before = link.state
        # An address given by hand has nobody to be tried again for.
        again_at = settlement.retry_at if link.sources else None
        validators = (before.etag, before.last_modified)
        if settlement.article is not None:
            page = settlement.page
            validators = (page.etag, page.last_modified) if page else (None, None)
        link.state = _State(article_id, again_at, *validators)
        if outcome is not Outcome.UNCHANGED or link.state != before or task.page is not None:
            self.writes.link(
                link=link.id,
                outcome=outcome,
                reason=settlement.reason,
                article=article_id,
                again_at=again_at,
                etag=link.state.etag,
                last_modified=link.state.last_modified,
                page=task.page,
            )

    def looks(self, tasks: Sequence[_Task], settled: Sequence[Settled]) -> Iterator[revisits.Look]:
        """The links whose own page was looked at, as the batch leaves them; those asked for by hand never are again."""
        looked = {
            task.link.id: (task, what)
            for task, what in zip(tasks, settled, strict=True)
            # A second address of an article needs no looks of its own; a reading of an old page is no look.
            if task.settlement.link_id is not None
            and task.settlement.looked
            and not task.settlement.reread
            and what.outcome is not Outcome.DUPLICATE
        }
        for task, what in looked.values():
            link = task.link
            known = self._known.get(link.state.article_id or 0)
            yield revisits.Look(
                link_id=link.id,
                host=link.host,
                unchanged=link.unchanged,
                outcome=what.outcome,
                revision=what.revision or 1,
                published_at=known.published_at if known else None,
                first_seen_at=known.first_seen_at if known else None,
                not_before=task.settlement.retry_at,
            )

    @staticmethod
    def _settled(task: _Task, outcome: Outcome, known: Known | None) -> Settled:
        return Settled(
            outcome=outcome,
            article_id=known.id if known else None,
            revision=known.revision if known else None,
            sources=task.link.sources,
        )


def _task(prepared: Prepared, link: _Link) -> _Task:
    settlement, known_by, row, page = prepared
    article = settlement.article
    if article is not None:
        known_by = (Alias(link.key, "link"), *[alias for alias in known_by if alias.key != link.key])
        # A guid that is the address itself says nothing new.
        if link.guid and link.guid not in (settlement.url, article.url):
            known_by += (guid_alias(link.sources[0], link.guid),)
    return _Task(settlement, link, known_by, row, page)
