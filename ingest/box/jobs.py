"""What is done in the box: one frozen record a kind of job, which runs here and in the worker alike."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.box.look import suspicion_of_page, suspicion_of_source
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

    def suspicion(self) -> str | None:
        """Why it must not run in this process; None if it may."""
        # The entry's text is compared with the page's, so that it is looked at, too.
        return suspicion_of_page(self.body) or _suspicion_of_entry(self.link)

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

    def suspicion(self) -> str | None:
        return suspicion_of_page(self.material)

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

    def suspicion(self) -> str | None:
        return suspicion_of_source(self.page.body)

    def run(self) -> Discovery:
        return discover(self.source, self.page)


Job = ReadPage | ReadEntry | ReadSource


def _suspicion_of_entry(link: Link | None) -> str | None:
    content = link.content if link else None
    return suspicion_of_page(content.encode("utf-8", "replace")) if content else None
