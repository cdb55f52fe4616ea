"""Reading kept pages again with the present extractor, without the network."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingest.box import Box
from ingest.errors import NotAnArticle, ParseError
from ingest.model import Article, Source
from ingest.store import KeptPage, Settlement, Store, StoredArticle

# What people see of an article; a rule that was renamed in `origins` makes no new version.
_FIELDS = (
    "headline summary body authors published_at modified_at language site section tags images contact_line credits "
    "paywalled"
).split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """One page, read again."""

    url: str
    article_id: int | None
    """None: nothing was read from the page until now."""
    changes: Mapping[str, tuple[Any, Any]]
    """Field → (what is stored, what is read now); only fields that differ."""
    reason: str | None = None
    """Why the page holds no article any more; what is stored stays."""
    settlement: Settlement | None = None
    """What to settle; None if nothing differs."""


async def reread(
    store: Store, box: Box, sources: Mapping[str, Source], *, source: str | None, since: datetime | None
) -> AsyncIterator[Reread]:
    """Read the kept pages of one source or of all, fetched since then; nothing is stored."""
    for kept in store.kept_pages(source=source, since=since):
        yield await _reread(store, box, kept, sources.get(kept.source))


async def _reread(store: Store, box: Box, kept: KeptPage, source: Source | None) -> Reread:
    try:
        article = await box.extract(
            kept.page.body,
            url=kept.page.final_url,
            charset=kept.page.charset,
            timezone=source.timezone if source else None,
            rules=source.rules if source else None,
            link=kept.link,
        )
    except (NotAnArticle, ParseError) as error:
        return Reread(url=kept.page.url, article_id=kept.article_id, changes={}, reason=str(error))
    known = store.article(kept.article_id) if kept.article_id is not None else None
    changes = differences(known, article)
    settlement = Settlement(
        link_id=kept.link_id, url=kept.page.url, source=kept.source, article=article, page=kept.page, reread=True
    )
    return Reread(
        url=kept.page.url,
        article_id=kept.article_id,
        changes=changes,
        settlement=settlement if changes else None,
    )


def differences(known: StoredArticle | None, article: Article) -> dict[str, tuple[Any, Any]]:
    """Field → (stored, read now), for each that differs."""
    pairs = {name: (getattr(known, name, None), getattr(article, name)) for name in _FIELDS}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
