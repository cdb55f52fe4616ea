"""The composition root: settings → the parts, put together. Nothing else builds them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import make_url

import ingest
from ingest import clock
from ingest.box import Box
from ingest.cadence import Bounds, spell
from ingest.clock import Clock
from ingest.config import Settings
from ingest.daemon import Daemon, Notifier, Orders, open_log
from ingest.errors import DatabaseUnavailable
from ingest.fetch import Pacer, Resolver, Web
from ingest.model import Source
from ingest.pipeline import Journal, Report, Reread, crawl, reread
from ingest.store import Store


def user_agent(settings: Settings) -> str:
    """`ingest/<version> (+https://example.org/bot)`: who we are, and where a site owner can read more."""
    identity = settings.identity
    contact = f" (+{identity.contact})" if identity.contact else ""
    return f"{identity.name}/{ingest.__version__}{contact}"


def make_web(
    settings: Settings, pacer: Pacer, now: Callable[[], datetime] = clock.now, resolver: Resolver | None = None
) -> Web:
    """What fetches, by the settings."""
    return Web(
        user_agent=user_agent(settings),
        timeout=settings.fetch.timeout.total_seconds(),
        max_bytes=settings.fetch.max_bytes,
        allow_addresses=settings.fetch.allow_addresses,
        pacer=pacer,
        now=now,
        resolver=resolver,
    )


def make_pacer(settings: Settings, time: Clock) -> Pacer:
    """The hosts' turns, by the settings."""
    return Pacer(settings.politeness.delay.total_seconds(), monotonic=time.monotonic, sleep=time.sleep)


def bounds_of(settings: Settings, source: Source) -> Bounds:
    """How often a source may be polled."""
    schedule = settings.schedule
    return Bounds.of(source, min_interval=schedule.min_interval, max_interval=schedule.max_interval)


@contextmanager
def open_web(settings: Settings, time: Clock | None = None) -> Iterator[Web]:
    """What fetches in a one-shot run."""
    time = time or Clock()
    web = make_web(settings, make_pacer(settings, time), time.now)
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
    time = Clock.of(os.environ)
    with open_web(settings, time) as web:
        async with Box() as box:
            return await crawl(
                store=store,
                web=web,
                box=box,
                robots=settings.politeness.robots,
                hold=settings.politeness.hold,
                token=settings.identity.name,
                sources=sources,
                urls=urls,
                report=report,
                bounds=partial(bounds_of, settings),
                clock=time,
            )


async def run_reread(settings: Settings, store: Store, *, source: str | None, since: datetime | None) -> list[Reread]:
    """Kept pages, read again by the present extractor; nothing is stored yet."""
    sources = {one.name: one for one in settings.sources}
    async with Box() as box:
        return [one async for one in reread(store, box, sources, source=source, since=since)]


async def run_daemon(settings: Settings, load: Callable[[], Settings], *, upgrade: bool) -> None:
    """The daemon, until it is told to stop; `load` reads the configuration again, for SIGHUP."""
    journal, time = open_log(sys.stderr), Clock.of(os.environ)
    pacer = make_pacer(settings, time)

    def orders(found: Settings) -> Orders:
        pacer.set_delay(found.politeness.delay.total_seconds())
        return Orders(
            sources=found.sources,
            web=make_web(found, pacer, time.now),
            robots=found.politeness.robots,
            hold=found.politeness.hold,
            token=found.identity.name,
            visits=found.schedule.visits,
            bounds=partial(bounds_of, found),
            settings=_shown(found),
        )

    async with Box() as box:
        with await _open_patiently(settings.database, journal, upgrade=upgrade) as store:
            daemon = Daemon(
                store=store,
                box=box,
                clock=time,
                orders=orders(settings),
                reload=lambda: orders(load()),
                journal=journal,
                notifier=Notifier(os.environ),
            )
            await daemon.run()


async def _open_patiently(url: str, journal: Journal, *, upgrade: bool) -> Store:
    """Wait for a database that is away: a machine that boots starts its services in any order."""
    pause = 1.0
    while True:
        try:
            return await asyncio.to_thread(Store.open, url, upgrade=upgrade)
        except DatabaseUnavailable as error:
            journal("database away", error=str(error), again_in=f"{pause:g} s")
        await asyncio.sleep(pause)
        pause = min(pause * 2, 30.0)


def _shown(settings: Settings) -> dict[str, object]:
    """Every key but the sources, without passwords."""
    sections = {name: asdict(getattr(settings, name)) for name in ("identity", "fetch", "politeness", "schedule")}
    values = {f"{name}.{key}": _worded(value) for name, section in sections.items() for key, value in section.items()}
    return values | {"database": make_url(settings.database).render_as_string(hide_password=True)}


def _worded(value: object) -> object:
    """As the configuration writes it."""
    if isinstance(value, timedelta):
        return spell(value)
    return f"[{', '.join(map(str, value))}]" if isinstance(value, tuple) else value
