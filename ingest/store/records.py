"""What the store takes and gives, in the order of a crawl.

PollState ─► Poll ─► PollReceipt (DueLink…) ─► Settlement ─► Settled ─► StoredArticle
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from ingest.model import Article, Image, Link, Outcome, Page

PRUNED = "pruned"
"""In the database the outcome of links whose article was pruned; to the outside they are unchanged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A host asked to be left alone."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The lease of a host; its token fences off results that come after it was lost."""

    host: str
    """Host key."""
    owner: str
    token: int
    until: datetime
    next_request_at: datetime | None = None
    """No request before this, by what earlier visitors did."""
    hold: Hold | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PollPart:
    """One document of a source that consists of several: a child of a sitemap index."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PollState:
    """What the next conditional request of a source needs; all None before the first complete answer."""

    name: str
    url: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    """Of the last complete body, as the poller made it."""
    parts: tuple[PollPart, ...] = ()
    memory: Mapping[str, Any] | None = None
    """What the planner wrote down after the last poll."""
    failures: int = 0
    """In a row."""
    final_url: str | None = None
    """Where the last answer came from: the validators are that host's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One conditional request of a source and what came of it."""

    source: str
    at: datetime
    outcome: Literal["new", "unchanged", "failed"]
    """"new": a complete answer whose links are here; "unchanged": 304 or the same body; "failed": neither."""
    links: tuple[Link, ...] = ()
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    parts: tuple[PollPart, ...] = ()
    final_url: str | None = None
    error: str | None = None

    def __post_init__(self) -> None:
        if self.links and self.outcome != "new":
            raise ValueError(f"a poll that is {self.outcome} has no links")


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLink:
    """A link whose page is to be fetched now."""

    id: int
    link: Link
    source: str
    """The first source that offered it."""
    sources: tuple[str, ...]
    """All that offered it, the first one included."""
    attempts: int
    """Settlements so far, all failed."""
    revisit: bool = False
    """Its article is stored; is there an edit?"""
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostWork:
    """What is due on a host."""

    claim: Claim
    polls: tuple[PollState, ...] = ()
    links: tuple[DueLink, ...] = ()
    """New ones first, then revisits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollEntry:
    """A poll to be written down."""

    poll: Poll
    plan: Callable[[PollReceipt], Plan] | None = None
    """Says from the receipt what follows, in the same transaction; it may be called more than once."""
    claim: Claim | None = None
    """Once this is lost, nothing is written, and the receipt is `refused`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What follows from a poll: when the next one is due, how the source is, and what to remember."""

    next_due_at: datetime
    interval: timedelta
    state: str
    failures: int
    memory: Mapping[str, Any]
    moved_to: str | None = None
    """A confirmed new address; None: no news."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReceipt:
    """What became of a poll's links: new + unchanged + duplicate + pending = distinct links by URL key."""

    new: tuple[DueLink, ...] = ()
    """Due now, and this poll's to fetch: never seen before, or to be tried again."""
    unchanged: int = 0
    """This source offered them before, and they are settled."""
    duplicate: int = 0
    """Settled through another source; this one's sighting was added."""
    pending: int = 0
    """Not settled, and due later or another source's to fetch."""
    refused: bool = False
    """The lease was lost: nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageState:
    """What the next conditional request of a URL needs."""

    etag: str | None
    last_modified: str | None
    article_id: int | None
    """The article that the URL leads to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What came of one link's page.

    With an article the store decides whether it is new, known or a duplicate; without one `outcome` says
    filtered or failed (or unchanged, for a page that answered 304), and `reason` why.
    """

    link_id: int | None
    """None: a URL that was asked for by hand."""
    url: str
    source: str | None
    article: Article | None = None
    page: Page | None = None
    outcome: Outcome | None = None
    reason: str | None = None
    retry_at: datetime | None = None
    """When a failed link is due again; None gives it up. A page that was to be looked at for edits: not before this."""
    claim: Claim | None = None
    """The lease under which the page was fetched; None: nobody could be in the way."""
    looked: bool = False
    """The article's own page was asked for, and may be again."""
    reread: bool = False
    """The outlet's page is the one that was read before; only the reading is new."""
    seen_at: datetime | None = None
    """When a ready-made record was first seen; None: now."""

    def __post_init__(self) -> None:
        if self.article is None and self.outcome not in {Outcome.FILTERED, Outcome.FAILED, Outcome.UNCHANGED}:
            raise ValueError(f"without an article the outcome is filtered, failed or unchanged, not {self.outcome}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What the store did with a settlement."""

    outcome: Outcome
    article_id: int | None = None
    """The article that the link leads to; None if it leads to none."""
    revision: int | None = None
    """That article's current version."""
    sources: tuple[str, ...] = ()
    """All that offered the link."""
    refused: bool = False
    """The lease was lost: nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsRecord:
    """A host's robots.txt as it was answered."""

    host: str
    """Host key, for example "example.org" or "127.0.0.1:8080"."""
    status: int
    body: bytes
    etag: str | None = None
    last_modified: str | None = None
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row of the change feed."""

    seq: int
    article_id: int
    kind: Literal["new", "changed", "merged", "removed"]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One version of an article."""

    article_id: int
    revision: int
    seen_at: datetime
    cause: Literal["new", "edited", "corrected", "re-extracted"]
    headline: str
    summary: str | None
    body: str
    authors: tuple[str, ...]
    published_at: datetime | None
    modified_at: datetime | None
    contact_line: str | None
    credits: str | None
    image_caption: str | None
    image_credit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage:
    """A page as it was fetched, with what its source said of it."""

    link_id: int
    link: Link
    source: str
    page: Page
    article_id: int | None
    """What was read from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long to keep what; None keeps it for ever."""

    articles: timedelta | None = None
    """From when they were stored first."""
    source: str | None = None
    """Only articles that this source offered and no other."""
    revisions: timedelta | None = None
    """From when they were stored; current versions always stay."""
    changes: timedelta | None = None
    """A follower that was away for longer has to start anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """How much was, or would be, dropped."""

    articles: int = 0
    revisions: int = 0
    changes: int = 0
    pages: int = 0
    links: int = 0
    """That lead to no article and that nobody offers any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """One row of `article_v1` with its images and the sources that offered it."""

    id: int
    url: str
    headline: str
    summary: str | None
    body: str
    authors: tuple[str, ...]
    published_at: datetime | None
    modified_at: datetime | None
    language: str | None
    site: str | None
    section: str | None
    tags: tuple[str, ...]
    images: tuple[Image, ...]
    contact_line: str | None
    contact_emails: tuple[str, ...]
    credits: str | None
    paywalled: bool | None
    word_count: int
    revision: int
    cluster_id: int | None
    original_id: int | None
    first_seen_at: datetime
    changed_at: datetime
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """An article that a search found."""

    article: StoredArticle
    snippet: str
    """The part of its body that shows why, on one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a part of the database is."""

    name: str
    rows: int
    bytes: int | None
    """With its indexes; None where the database does not tell (SQLite, except for the whole file)."""
