"""The records that the stages hand to each other, in the order in which they are handed over.

    Source ─► Page ─► Discovery ─► Link ─► Page ─► Article ─► Outcome

All are frozen: a stage that wants something else makes a new record (`dataclasses.replace`).
Times are aware datetimes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from ingest.errors import NotAnArticle

SourceKind = Literal["feed", "page", "sitemap"]
Role = Literal["lead", "body"]
ContactKind = Literal["corrections", "tips", "article_comments", "author_contact", "outlet_contact"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """CSS selectors that override the general extractor for one site; None leaves a field to it."""

    headline: str | None = None
    body: str | None = None
    caption: str | None = None
    credit: str | None = None
    contact: str | None = None
    drop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What the user configured: a feed, a sitemap or a listing page, with its options."""

    name: str
    kind: SourceKind
    url: str
    links: str | None = None
    """CSS selector of the article links of a listing page; None recognises them."""
    min_interval: timedelta | None = None
    max_interval: timedelta | None = None
    timezone: str | None = None
    """IANA name; the zone of wall times that the outlet prints without one."""
    rules: Rules = Rules()
    keep_pages: timedelta = timedelta(0)
    """How long fetched pages are kept, for reading them again with a better extractor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A URL that a source offered, with what the source said of it."""

    url: str
    guid: str | None = None
    title: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    summary: str | None = None
    """Plain text."""
    content: str | None = None
    """The entry's full text as HTML (`content:encoded`, Atom `content`, JSON Feed `content_html`)."""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None
    image_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Bytes fetched for a URL."""

    url: str
    """As asked for."""
    final_url: str
    """After redirects."""
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    """Content decoded (gzip, br), characters not."""
    fetched_at: datetime
    hops: tuple[tuple[int, str], ...] = ()
    """Status and target of each redirect on the way, in order."""

    @property
    def etag(self) -> str | None:
        return self.headers.get("etag")

    @property
    def last_modified(self) -> str | None:
        return self.headers.get("last-modified")

    @property
    def content_type(self) -> str:
        """The media type alone, in lower case; "" if the server named none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The charset parameter of Content-Type, as the server wrote it."""
        for parameter in self.headers.get("content-type", "").split(";")[1:]:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "charset":
                return value.strip().strip("\"'") or None
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherHints:
    """How often a feed asks to be looked at, as it says: nothing is clamped yet."""

    ttl: timedelta | None = None
    """RSS `ttl`."""
    update_period: timedelta | None = None
    """`sy:updatePeriod` divided by `sy:updateFrequency`."""
    skip_hours: frozenset[int] = frozenset()
    """Hours of the day, UTC, 0 to 23."""
    skip_days: frozenset[int] = frozenset()
    """Days of the week, UTC, Monday is 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What a source's document offers."""

    links: tuple[Link, ...] = ()
    """One per article, in the document's order (sitemaps: newest first)."""
    more: tuple[str, ...] = ()
    """Child sitemaps still to fetch, newest first."""
    title: str | None = None
    hints: PublisherHints = PublisherHints()
    warnings: tuple[str, ...] = ()
    """What was wrong or left out, in sentences."""
    complete: bool = True
    """False where the document breaks off: its links count, its validators don't."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture of an article; label, caption and credit are text as displayed, without "Photo:" or "©"."""

    url: str | None = None
    """Absolute; None where the page shows a caption whose picture only a script would load."""
    label: str | None = None
    """The picture's alt text, else its title."""
    caption: str | None = None
    credit: str | None = None
    role: Role = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A block that tells readers where to send a message about this article, or about the reporting behind it."""

    text: str
    kind: ContactKind
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The normalized record of one article page. It cannot exist without a URL, a headline or a body."""

    url: str
    canonical_url: str | None = None
    """What the page calls its own address; on another host it is a hint of syndication, not an identity."""
    headline: str
    summary: str | None = None
    body: str
    """Paragraphs separated by one blank line; subheadings and list items are paragraphs of their own."""
    authors: tuple[str, ...] = ()
    """Names only."""
    published_at: datetime | None = None
    modified_at: datetime | None = None
    language: str | None = None
    """BCP 47 primary language, for example "en", "ko"."""
    site: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    contacts: tuple[Contact, ...] = ()
    credits: str | None = None
    """Who did what, as printed: "Reporting by …; editing by …"."""
    paywalled: bool | None = None
    """None where the page does not say."""
    origins: Mapping[str, str] = field(default_factory=dict)
    """Field → the rule that gave it, for example {"headline": "h1"}."""

    def __post_init__(self) -> None:
        for name in ("url", "headline", "body"):
            if not getattr(self, name).strip():
                raise NotAnArticle(f"no {name}")
        for name in ("published_at", "modified_at"):
            time = getattr(self, name)
            if time is not None and time.utcoffset() is None:
                raise ValueError(f"{name} has no time zone: {time!r}")

    @property
    def contact_line(self) -> str | None:
        """The contacts' texts joined by a space, or None."""
        return " ".join(contact.text for contact in self.contacts) or None

    def as_dict(self) -> dict[str, Any]:
        """The record as JSON has it: lists for tuples, ISO 8601 for times, `contact_line` before `contacts`."""
        record = json_ready(asdict(self))
        position = list(record).index("contacts")
        items = list(record.items())
        return dict([*items[:position], ("contact_line", self.contact_line), *items[position:]])


def json_ready(value: Any) -> Any:
    """Lists for tuples, ISO 8601 for times, at any depth."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: json_ready(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_ready(inner) for inner in value]
    return value


class Outcome(StrEnum):
    """What became of one link. Every link that a run discovers is counted under exactly one."""

    STORED = "stored"  # a new article, or a new revision of a known one
    UNCHANGED = "unchanged"  # known already, nothing new
    DUPLICATE = "duplicate"  # another address of an article that is stored: its sighting was added
    FILTERED = "filtered"  # left alone on purpose: robots.txt, not a web page, not an article
    FAILED = "failed"  # could not be had; the reason is kept, it is tried again later
    PENDING = "pending"  # not got to yet: interrupted, or due later
