"""The rows that a batch of settlements writes, collected so that each statement runs once for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, func, literal_column, null, select

from ingest.model import Article, Image, Outcome
from ingest.store import schema
from ingest.store.bulk import Bulk
from ingest.store.database import without_waiting
from ingest.store.identity import Alias
from ingest.store.ledger import Ledger
from ingest.store.revisions import KEPT_FREELY, Known, cause, is_kept
from ingest.store.rows import Row, image_rows

_link, _article, _image, _alias, _revision = (
    schema.link,
    schema.article,
    schema.image,
    schema.url_alias,
    schema.revision,
)

_REPLACE_ARTICLE = _article.update().where(_article.c.id == bindparam("article"))
_DROP_IMAGES = _image.delete().where(_image.c.article_id.in_(bindparam("articles", expanding=True)))
_SETTLE_LINK = (
    _link.update()
    .where(_link.c.id == bindparam("link"))
    .values(
        outcome=bindparam("outcome"),
        reason=bindparam("reason"),
        article_id=bindparam("article"),
        attempts=_link.c.attempts + literal_column("1"),
        settled_at=bindparam("at"),
        next_due_at=bindparam("again_at"),
        etag=bindparam("etag"),
        last_modified=bindparam("last_modified"),
    )
)
_SETTLE_LINK_FOR_GOOD = Bulk(_SETTLE_LINK.values(offer=null()), once=True)
_SETTLE_LINK_FOR_NOW = Bulk(_SETTLE_LINK, once=True)
_INSERT_ARTICLE = Bulk(_article.insert())
_INSERT_IMAGE = Bulk(_image.insert())
_INSERT_ALIAS = Bulk(_alias.insert())
_INSERT_PAGE = Bulk(schema.page.insert(), large=True)
_INSERT_CHANGE = Bulk(schema.change.insert())

_FROM_ARTICLE = [
    column.name
    for column in _revision.c
    if column.name not in {"article_id", "seen_at", "image_caption", "image_credit", "images"}
]
_CURRENT = select(
    _article.c.id,
    *(_article.c[name] for name in _FROM_ARTICLE),
    _article.c.changed_at.label("seen_at"),
    _article.c.lead_position,
).where(_article.c.id.in_(bindparam("articles", expanding=True)))
_CURRENT_IMAGES = (
    select(_image.c.article_id, _image.c.role, _image.c.url, _image.c.label, _image.c.caption, _image.c.credit)
    .where(_image.c.article_id.in_(bindparam("articles", expanding=True)))
    .order_by(_image.c.article_id, _image.c.position)
)
_DROP_PAGE = Bulk(schema.page.delete().where(schema.page.c.link_id == bindparam("link")))
_LAST_KEPT = select(func.max(_revision.c.seen_at)).where(_revision.c.article_id == bindparam("article"))


class Writes:
    """Collects, and writes in an order that the foreign keys allow."""

    def __init__(self, connection: Connection, ledger: Ledger, now: datetime) -> None:
        self._connection = connection
        self._ledger = ledger
        self._now = now
        self._articles: list[Row] = []
        self._revised: dict[int, tuple[Known, Row, Article, bool]] = {}
        self._touched: set[int] = set()
        self._touched_links: set[int] = set()
        self._images: list[Row] = []
        self._aliases: list[Row] = []
        self._links: list[Row] = []
        self._settled_links: list[Row] = []
        self._pages: dict[int, Row] = {}
        """By link: the last of a batch is kept."""
        self._changes: list[Row] = []

    def article(self, known: Known, row: Row, images: Sequence[Image]) -> None:
        """A new article."""
        ours = {
            "id": known.id,
            "link_id": known.link_id,
            "revision": known.revision,
            "cause": "new",
            "first_seen_at": known.first_seen_at,
            "changed_at": known.changed_at,
        }
        self._articles.append(row | ours)
        self._touched.add(known.id)
        self._images += image_rows(known.id, images)
        self._change(known.id, "new")

    def revision(self, known: Known, row: Row, article: Article, *, reread: bool) -> None:
        """A version that replaces the stored one, which goes into the history."""
        self.flush_if(known.id)  # one may have been stored in this very batch
        self._touched.add(known.id)
        self._revised[known.id] = (known, row, article, reread)
        self._change(known.id, "changed")

    def _write_revisions(self) -> None:
        revised, self._revised = self._revised, {}
        execute = self._connection.execute
        current = {row["id"]: row for row in execute(_CURRENT, {"articles": list(revised)}).mappings()}
        images: dict[int, list[Row]] = defaultdict(list)
        for image in execute(_CURRENT_IMAGES, {"articles": list(revised)}).mappings():
            images[image["article_id"]].append({name: value for name, value in image.items() if name != "article_id"})
        old = [self._old_version(current[id_], images[id_]) for id_ in revised if self._is_kept(current[id_])]
        if old:
            execute(_revision.insert(), old)
        new = [
            row
            | {"article": id_, "revision": known.revision, "changed_at": self._now}
            | {"cause": cause(current[id_]["body"], article.body, reread=reread)}
            for id_, (known, row, article, reread) in revised.items()
        ]
        execute(_REPLACE_ARTICLE, new)
        execute(_DROP_IMAGES, {"articles": list(revised)})
        for id_, (_, _, article, _) in revised.items():
            self._images += image_rows(id_, article.images)

    @staticmethod
    def _old_version(current: RowMapping, images: list[Row]) -> Row:
        lead = images[current["lead_position"]] if current["lead_position"] is not None else {}
        return {
            **{name: value for name, value in current.items() if name not in ("id", "lead_position")},
            "article_id": current["id"],
            "images": images,
            "image_caption": lead.get("caption"),
            "image_credit": lead.get("credit"),
        }

    def _is_kept(self, current: RowMapping) -> bool:
        if current["revision"] <= KEPT_FREELY:
            return True
        last = self._connection.execute(_LAST_KEPT, {"article": current["id"]}).scalar()
        return is_kept(current["revision"], current["seen_at"], last)

    def alias(self, alias: Alias, article_id: int) -> None:
        self._aliases.append({"key": alias.key, "article_id": article_id, "kind": alias.kind})

    def link(
        self,
        *,
        link: int,
        outcome: Outcome,
        reason: str | None,
        article: int | None,
        again_at: datetime | None,
        etag: str | None,
        last_modified: str | None,
        page: Row | None,
    ) -> None:
        """A link as it is settled, with its page where that is kept."""
        if link in self._touched_links:  # settled twice in a batch: one after the other
            self.flush()
        self._touched_links.add(link)
        row = {
            "link": link,
            "outcome": outcome,
            "reason": reason,
            "article": article,
            "at": self._now,
            "again_at": again_at,
            "etag": etag,
            "last_modified": last_modified,
        }
        if page is not None:
            self._pages[link] = page | {"link_id": link}
        # What the source said is still needed while the page may be read again, and is all that there is of a link in vain.
        for_good = again_at is None and page is None and outcome is not Outcome.FAILED
        (self._settled_links if for_good else self._links).append(row)

    def _change(self, article_id: int, kind: str) -> None:
        self._changes.append({"seq": self._ledger.new_seq(), "article_id": article_id, "kind": kind, "at": self._now})

    def flush_if(self, article_id: int) -> None:
        """Write what was collected if this article is a part of it, because somebody is going to read it."""
        if article_id in self._touched:
            self.flush()

    def flush(self) -> None:
        """Write what was collected."""
        with self.last():
            pass

    @contextmanager
    def last(self) -> Iterator[None]:
        """Write what was collected, and in the same go what the caller writes. It may read nothing inside."""
        if self._revised:
            self._run(_INSERT_ARTICLE, self._articles)
            self._write_revisions()
        with without_waiting(self._connection):
            self._run(_INSERT_ARTICLE, self._articles)
            self._run(_INSERT_IMAGE, self._images)
            self._run(_INSERT_ALIAS, self._aliases)
            self._run(_SETTLE_LINK_FOR_NOW, self._links)
            self._run(_SETTLE_LINK_FOR_GOOD, self._settled_links)
            _DROP_PAGE.run(self._connection, [{"link": link} for link in self._pages])
            _INSERT_PAGE.run(self._connection, list(self._pages.values()))
            self._run(_INSERT_CHANGE, self._changes)
            yield
        self._pages.clear()
        self._touched.clear()
        self._touched_links.clear()

    def _run(self, statement: Bulk, rows: list[Row]) -> None:
        statement.run(self._connection, rows)
        rows.clear()
