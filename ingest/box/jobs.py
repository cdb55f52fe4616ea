"""What is done in the box: one frozen record a kind of job, which runs here and in the worker alike."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.box.look import Look, Place, look_at_page, look_at_source
from ingest.discover import discover
from ingest.extract import extract_article
from ingest.extract.entry import extract_entry
from ingest.model import Article, Discovery, Link, Page, Rules, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """page → article"""

    body: bytes
    url: str
    charset: str | None
    timezone: str | None
    rules: Rules | None
    link: Link | None

    @property
    def material(self) -> bytes:
        """The untrusted bytes."""
        return self.body

    def look(self) -> Look:
        """Where it is to run."""
        found = look_at_page(self.body)
        if found.place is Place.BOX or self.link is None or not self.link.content:
            return found
        # The entry's text is compared with the page's, so that it is looked at, too.
        entry = look_at_page(self.link.content.encode("utf-8", "replace"))
        return found if entry.place is Place.HERE else entry

    def run(self) -> Article:
        return extract_article(
            self.body, url=self.url, charset=self.charset, timezone=self.timezone, rules=self.rules, link=self.link
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEntry:
    """a feed entry's full text → article"""

    link: Link
    timezone: str | None

    @property
    def material(self) -> bytes:
        return (self.link.content or "").encode("utf-8", "replace")

    def look(self) -> Look:
        return look_at_page(self.material)

    def run(self) -> Article:
        return extract_entry(self.link, timezone=self.timezone)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSource:
    """a source's page → its links"""

    source: Source
    page: Page

    @property
    def material(self) -> bytes:
        return self.page.body

    def look(self) -> Look:
        return look_at_source(self.page.body)

    def run(self) -> Discovery:
        return discover(self.source, self.page)


Job = ReadPage | ReadEntry | ReadSource
