"""The rows that a batch of settlements writes, collected so that each statement runs once for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Executable, bindparam, func, select

from ingest.model import Article, Image, Outcome
from ingest.store import schema
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
_DROP_IMAGES = _image.delete().where(_image.c.article_id == bindparam("article"))
_REPOINT_ALIAS = (
    _alias.update()
    .where(_alias.c.key == bindparam("alias"))
    .values(article_id=bindparam("article"), kind=bindparam("as_kind"))
)
_SETTLE_LINK = (
    _link.update()
    .where(_link.c.id == bindparam("link"))
    .values(
        outcome=bindparam("outcome"),
        reason=bindparam("reason"),
        article_id=bindparam("article"),
        attempts=_link.c.attempts + 1,
        settled_at=bindparam("at"),
        next_due_at=bindparam("again_at"),
        etag=bindparam("etag"),
        last_modified=bindparam("last_modified"),
    )
)
_SETTLE_LINK_FOR_GOOD = _SETTLE_LINK.values(offer=None)

_FROM_ARTICLE = [
    column.name
    for column in _revision.c
    if column.name not in {"article_id", "seen_at", "image_caption", "image_credit", "images"}
]
_CURRENT = select(
    *(_article.c[name] for name in _FROM_ARTICLE), _article.c.changed_at.label("seen_at"), _article.c.lead_position
).where(_article.c.id == bindparam("article"))
_CURRENT_IMAGES = (
    select(_image.c.role, _image.c.url, _image.c.label, _image.c.caption, _image.c.credit)
    .where(_image.c.article_id == bindparam("article"))
    .order_by(_image.c.position)
)
_DROP_PAGE = schema.page.delete().where(schema.page.c.link_id == bindparam("link"))
_LAST_KEPT = select(func.max(_revision.c.seen_at)).where(_revision.c.article_id == bindparam("article"))


class Writes:
    """Collects, and writes in an order that the foreign keys allow."""

    def __init__(self, connection: Connection, ledger: Ledger, now: datetime) -> None:
        self._connection = connection
        self._ledger = ledger
        self._now = now
        self._articles: list[Row] = []
        self._images: list[Row] = []
        self._aliases: list[Row] = []
        self._repointed: list[Row] = []
        self._links: list[Row] = []
        self._settled_links: list[Row] = []
        self._pages: list[Row] = []
        self._changes: list[Row] = []

    def article(self, known: Known, row: Row, images: Sequence[Image]) -> None:
        """A new article."""
        ours = {
            "id": known.id,
            "link_id": known.link_id,
            "revision": known.revision,
            "cause": "new",
            "first_seen_at": self._now,
            "changed_at": self._now,
        }
        self._articles.append(row | ours)
        self._images += image_rows(known.id, images)
        self._change(known.id, "new")

    def revision(self, known: Known, row: Row, article: Article, *, reread: bool) -> None:
        """Replace the stored version, which goes into the history. At once: edits are few."""
        execute = self._connection.execute
        current = execute(_CURRENT, {"article": known.id}).mappings().one()
        images = [dict(image) for image in execute(_CURRENT_IMAGES, {"article": known.id}).mappings()]
        position = current["lead_position"]
        lead = images[position] if position is not None else {"caption": None, "credit": None}
        if self._is_kept(known.id, current["revision"], current["seen_at"]):
            old = {name: value for name, value in current.items() if name != "lead_position"}
            old |= {"article_id": known.id, "images": images}
            old |= {"image_caption": lead["caption"], "image_credit": lead["credit"]}
            execute(_revision.insert(), old)
        why = cause(current["body"], article.body, reread=reread)
        ours = {"revision": known.revision, "cause": why, "changed_at": self._now}
        execute(_REPLACE_ARTICLE, row | ours | {"article": known.id})
        execute(_DROP_IMAGES, {"article": known.id})
        self._images += image_rows(known.id, article.images)
        self._change(known.id, "changed")

    def _is_kept(self, article_id: int, version: int, seen_at: datetime) -> bool:
        if version <= KEPT_FREELY:
            return True
        return is_kept(version, seen_at, self._connection.execute(_LAST_KEPT, {"article": article_id}).scalar())

    def alias(self, alias: Alias, article_id: int) -> None:
        self._aliases.append({"key": alias.key, "article_id": article_id, "kind": alias.kind})

    def repoint_alias(self, alias: Alias, article_id: int) -> None:
        self._repointed.append({"alias": alias.key, "article": article_id, "as_kind": alias.kind})

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
            self._pages.append(page | {"link_id": link})
        # What the source said is still needed while the page may be read again.
        (self._settled_links if again_at is None and page is None else self._links).append(row)

    def _change(self, article_id: int, kind: str) -> None:
        self._changes.append({"seq": self._ledger.new_seq(), "article_id": article_id, "kind": kind, "at": self._now})

    def flush(self) -> None:
        """Write what was collected."""
        collected: tuple[tuple[Executable, list[Row]], ...] = (
            (_article.insert(), self._articles),
            (_image.insert(), self._images),
            (_alias.insert(), self._aliases),
            (_REPOINT_ALIAS, self._repointed),
            (_SETTLE_LINK, self._links),
            (_SETTLE_LINK_FOR_GOOD, self._settled_links),
            (_DROP_PAGE, [{"link": page["link_id"]} for page in self._pages]),
            (schema.page.insert(), self._pages),
            (schema.change.insert(), self._changes),
        )
        for statement, rows in collected:
            if rows:
                self._connection.execute(statement, rows)
                rows.clear()
