"""The composition root: settings → the parts, put together. Nothing else builds them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import ingest
from ingest.box import Box
from ingest.config import Settings
from ingest.fetch import Pacer, Web
from ingest.model import Source
from ingest.pipeline import Report, crawl
from ingest.store import Store


def user_agent(settings: Settings) -> str:
    """`ingest/<version> (+https://example.org/bot)`: who we are, and where a site owner can read more."""
    identity = settings.identity
    contact = f" (+{identity.contact})" if identity.contact else ""
    return f"{identity.name}/{ingest.__version__}{contact}"


@contextmanager
def open_web(settings: Settings) -> Iterator[Web]:
    """What fetches, by the settings."""
    web = Web(
        user_agent=user_agent(settings),
        timeout=settings.fetch.timeout.total_seconds(),
        max_bytes=settings.fetch.max_bytes,
        allow_addresses=settings.fetch.allow_addresses,
        pacer=Pacer(settings.politeness.delay.total_seconds()),
    )
    try:
        yield web
    finally:
        web.close()


async def run_crawl(
    settings: Settings,
    store: Store,
    *,
    sources: Sequence[Source],
    urls: Sequence[str] = (),
    report: Report | None = None,
) -> Report:
    """A one-shot crawl of these sources and addresses."""
    with open_web(settings) as web:
        async with Box() as box:
            return await crawl(
                store=store,
                web=web,
                box=box,
                robots=settings.politeness.robots,
                token=settings.identity.name,
                sources=sources,
                urls=urls,
                report=report,
            )
