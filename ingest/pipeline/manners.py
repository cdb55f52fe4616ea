"""robots.txt of the hosts, asked for on the hosts' own turns and kept in the database for a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from ingest.errors import FetchError
from ingest.fetch import Robots, Session, Validators, Web
from ingest.pipeline.writer import Writer
from ingest.store import RobotsRecord
from ingest.urls import host_key

ROBOTS_AGE = timedelta(hours=24)
"""RFC 9309 §2.4."""
UNREACHABLE_AGE = timedelta(hours=1)
"""Nothing is allowed in the meantime: asked again sooner."""


class Disallowed(FetchError):
    """robots.txt forbids it."""

    def __init__(self, message: str) -> None:
        super().__init__("robots", message)


@dataclass(slots=True, kw_only=True)
class RobotsRules:
    """Asks robots.txt for one visit, and remembers the answers as long."""

    web: Web
    writer: Writer
    now: Callable[[], datetime]
    token: str
    """Our product token."""
    _known: dict[str, Robots] = field(default_factory=dict)

    async def ask(self, url: str, session: Session) -> None:
        """Raises Disallowed, or FetchError where robots.txt can't be had (RFC 9309 §2.3.1.4: then nothing is allowed)."""
        host = host_key(url)
        if host not in self._known:
            self._known[host] = await self._read(url, host, session)
        if not self._known[host].allows(url):
            raise Disallowed(f"robots.txt of {host} disallows it")

    async def pace(self, url: str) -> None:
        """Heed the Crawl-delay that is known of a host, before anything is asked of it."""
        host = host_key(url)
        if (record := await self.writer.call(lambda store: store.robots(host))) is not None:
            self._heed(host, record)

    async def _read(self, url: str, host: str, session: Session) -> Robots:
        record = await self.writer.call(lambda store: store.robots(host))
        answer: FetchError | None = None
        if record is None or self.now() - record.fetched_at > _age(record):
            if record is not None:
                self._heed(host, record)
            record, answer = await self._fetch(url, host, record, session)
            fresh = record
            await self.writer.call(lambda store: store.save_robots(fresh))
        robots = self._heed(host, record)
        if robots.unreachable:
            message = f"robots.txt of {host} can't be read, so nothing may be fetched for now"
            headers = answer.headers if answer else None
            raise FetchError("robots", message, status=record.status or None, headers=headers)
        return robots

    def _heed(self, host: str, record: RobotsRecord) -> Robots:
        robots = Robots.read(record.status, record.body, self.token)
        if (delay := robots.crawl_delay) is not None:
            self.web.pacer.lengthen(host, delay)
        return robots

    async def _fetch(
        self, url: str, host: str, known: RobotsRecord | None, session: Session
    ) -> tuple[RobotsRecord, FetchError | None]:
        validators = Validators(etag=known.etag, last_modified=known.last_modified) if known else Validators()
        address = f"{urlsplit(url).scheme}://{host}/robots.txt"
        try:
            page = await session.get(address, accept="text/plain", validators=validators)
        except FetchError as error:
            return RobotsRecord(host=host, status=error.status or 0, body=b"", fetched_at=self.now()), error
        if page.status == 304 and known is not None:
            return replace(known, fetched_at=page.fetched_at), None
        record = RobotsRecord(
            host=host,
            status=page.status,
            body=page.body,
            etag=page.etag,
            last_modified=page.last_modified,
            fetched_at=page.fetched_at,
        )
        return record, None


def _age(record: RobotsRecord) -> timedelta:
    """A 429 is a 4xx, which allows everything (RFC 9309 §2.3.1.3), but a host that is busy now may have rules."""
    return ROBOTS_AGE if record.status < 500 and record.status not in (0, 429) else UNREACHABLE_AGE
