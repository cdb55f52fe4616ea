"""A page that is too much for the parser: tried again, and at last left alone, for everybody to see."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import ip_network

import pytest

from ingest.box import Box
from ingest.fetch import Pacer, Web
from ingest.model import Source
from ingest.pipeline import crawl
from ingest.store import Store
from tests.box.pages import formatting_bomb, page
from tests.web import Answer, site


@pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)
def test_the_third_time_it_is_quarantined_and_not_asked_for_again(make_database: Callable[..., str]) -> None:
    url = make_database()
    days = 0

    class LaterStore(Store):
        def clock(self) -> datetime:
            return super().clock() + timedelta(days=days)

    with site() as host, LaterStore.open(url) as store:
        host.routes["/bomb"] = Answer(page(formatting_bomb(1_500)))
        host.routes["/feed"] = Answer(
            f"<rss version='2.0'><channel><item><link>{host.url}/bomb</link></item></channel></rss>"
        )
        source = Source(name="harbour", kind="feed", url=f"{host.url}/feed")
        store.register([source], store.clock())

        async def run() -> None:
            web = Web(user_agent="ingest/0", timeout=5, max_bytes=1_000_000,
                      allow_addresses=(ip_network("127.0.0.0/8"),), pacer=Pacer(0))  # fmt: skip
            async with Box(memory=200 * 2**20) as box:  # a new one each time, as after a restart
                await crawl(store=store, web=web, box=box, robots="articles", token="ingest", sources=[source])
            web.close()

        seen = []
        for days in (0, 2, 4, 6):  # noqa: B007  read by the clock
            asyncio.run(run())
            seen.append((store.quarantined(), sum(one.path == "/bomb" for one in host.requests)))
    assert seen == [({}, 1), ({}, 2), ({"harbour": 1}, 3), ({"harbour": 1}, 3)]
