"""Why articles are, or are not, copies of each other: as a table for people, as JSON for programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ingest.cli.options import shown
from ingest.dedupe import WINDOW, Known, Likeness
from ingest.store import Store, StoredArticle


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """An article beside another one that it was, or would be, compared with."""

    article: StoredArticle
    other: StoredArticle | None
    """None: pruned in the meantime."""
    known: Known
    likeness: Likeness

    @property
    def is_joined(self) -> bool:
        return self.article.cluster_id is not None and self.article.cluster_id == self.known.cluster_id

    @property
    def decision(self) -> str:
        """What the comparison came to, and what kept it from counting."""
        said = str(self.likeness.finding)
        if self.is_joined or not self.likeness.is_copy:
            return said
        if not self.known.shared_keys and len(self.known.mark.keys) <= 1:
            return f"{said}, but too brief, a wall or not about its headline: a copy under the same headline at most"
        if not self.known.shared_keys:
            return f"{said}, but they share no key: they never met"
        if self.other is not None and abs(_at(self.article) - _at(self.other)) > WINDOW:
            return f"{said}, but more than {WINDOW.total_seconds() / 3600:.0f} hours apart"
        return f"{said}, but another one was the best match, or it was split off"

    def as_dict(self) -> dict[str, Any]:
        return {
            "article_id": self.known.article_id,
            "url": self.other.url if self.other else None,
            "cluster_id": self.known.cluster_id,
            "shared_keys": self.known.shared_keys,
            "containment": round(self.likeness.containment, 4),
            "jaccard": round(self.likeness.jaccard, 4),
            "numbers_apart": list(self.likeness.numbers_apart),
            "decision": self.decision,
        }


def cluster_of(article: StoredArticle) -> str:
    """Its cluster, and which of the copies in it is likely the original."""
    if article.cluster_id is None:
        return "none: no copy of it is known"
    which = "this article" if article.original_id == article.id else f"article {article.original_id}"
    return f"{article.cluster_id}; the original is likely {which}"


def _at(article: StoredArticle) -> datetime:
    return article.published_at or article.first_seen_at


def compare_with_all(store: Store, one: StoredArticle) -> list[Compared]:
    """With the articles of its days that it shares a key with."""
    found = store.compared(one.id)
    return [_compared(store, one, *pair) for pair in found[1].compared] if found else []


def compare_with(store: Store, one: StoredArticle, other: StoredArticle) -> list[Compared]:
    """With one other; nothing where one of them has no fingerprint."""
    found = store.likeness(one.id, other.id)
    return [_compared(store, one, *found)] if found else []


def _compared(store: Store, one: StoredArticle, known: Known, likeness: Likeness) -> Compared:
    return Compared(article=one, other=store.article(known.article_id), known=known, likeness=likeness)


def why_nothing(store: Store, one: StoredArticle) -> str:
    """Why an article was compared with no other."""
    found = store.compared(one.id)
    if found is None:
        return "it was stored before copies were looked for"
    if not found[0].keys:
        return "its text is compared with nothing: too brief, bare figures, boilerplate only, or a wall"
    return "it shares no passage with another article of its days"


def print_comparisons(rows: list[Compared], console: Console) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("article", "cluster", "keys", "containment", "jaccard", "numbers apart", "decision", "headline"):
        table.add_column(name, justify="left" if name in ("decision", "headline") else "right")
    for row in rows:
        table.add_row(
            str(row.known.article_id),
            str(row.known.cluster_id),
            f"{row.known.shared_keys} of 16",
            f"{row.likeness.containment:.2f}",
            f"{row.likeness.jaccard:.2f}",
            " / ".join(map(str, row.likeness.numbers_apart)),
            Text(row.decision, style="green" if row.likeness.is_copy and row.is_joined else "yellow"),
            Text(shown(row.other.headline if row.other else "(pruned)")),
        )
    console.print(table)
