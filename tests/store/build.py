"""Records for the tests, each with a sensible value for what the test does not care about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.model import Article, Contact, Image, Link, Outcome, Page, Source
from ingest.store import DueLink, Poll, Settled, Settlement, Store

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

BODY = """The ferry between the two harbours will stop running in December, the operator said on Monday.

Passengers can use the coach that leaves from the old market every hour until the bridge opens in spring.

"We know that this is hard for people who work on the other side," its director told reporters."""


def source(name: str = "harbour", **changes: Any) -> Source:
    return Source(**({"name": name, "kind": "feed", "url": f"https://{name}.example/feed"} | changes))


def link(path: str = "ferry", **changes: Any) -> Link:
    return Link(**({"url": f"https://harbour.example/{path}", "guid": f"g-{path}", "title": "Ferry to stop"} | changes))


def poll(*links: Link, name: str = "harbour", at: datetime = NOW, **changes: Any) -> Poll:
    return Poll(**({"source": name, "at": at, "outcome": "new", "links": links} | changes))


def article(path: str = "ferry", **changes: Any) -> Article:
    values: dict[str, Any] = {
        "url": f"https://harbour.example/{path}",
        "headline": "Ferry to stop in December",
        "summary": "A coach replaces it until spring.",
        "body": BODY,
        "authors": ("Jane Doe", "김민수"),
        "published_at": NOW - HOUR,
        "language": "en",
        "site": "Harbour News",
        "section": "Transport",
        "tags": ("ferry", "winter"),
        "images": (
            Image(url="https://harbour.example/map.png", label="Map"),
            Image(url="https://harbour.example/a.jpg", label="Pier", caption="The pier.", credit="A. Lee", role="lead"),
        ),
        "contacts": (
            Contact(
                text="Questions about this article? Write to desk@harbour.example.",
                kind="article_comments",
                emails=("desk@harbour.example",),
            ),
        ),
        "credits": "Editing by Kim Roe",
        "paywalled": False,
        "origins": {"headline": "h1"},
    }
    return Article(**(values | changes))


def page(url: str = "https://harbour.example/ferry", **headers: str) -> Page:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Page(url=url, final_url=url, status=200, headers=names, body=b"<html></html>", fetched_at=NOW)


def settlement(due: DueLink | None, article: Article | None = None, **changes: Any) -> Settlement:
    values: dict[str, Any] = {
        "link_id": due.id if due else None,
        "url": due.link.url if due else article.url if article else "",
        "source": due.source if due else None,
        "article": article,
    }
    return Settlement(**(values | changes))


def failed(due: DueLink, retry_at: datetime | None = None) -> Settlement:
    return settlement(due, outcome=Outcome.FAILED, reason="timed out", retry_at=retry_at)


def offer(store: Store, *links: Link, name: str = "harbour", at: datetime = NOW) -> list[DueLink]:
    """Register the source if need be, poll it, and give what is new."""
    known = {row["name"] for row in rows(store, "source_v1")}
    if name not in known:
        store.register([source(other) for other in {*known, name}], at)
    return list(store.record_poll(poll(*links, name=name, at=at)).new)


def put(store: Store, article_: Article, *, at: datetime = NOW, name: str = "harbour", **changes: Any) -> Settled:
    """Offer an article's own address and settle it."""
    [due] = offer(store, Link(url=article_.url), name=name, at=at)
    [settled] = store.settle([settlement(due, article_, **changes)], at)
    return settled


def rows(store: Store, view: str, where: str = "") -> list[dict[str, Any]]:
    """All rows of a view or table, as its readers see them."""
    from sqlalchemy import text

    with store._database.reading() as connection:
        found = connection.execute(text(f"SELECT * FROM {view} {where}"))
        return [dict(row) for row in found.mappings()]
