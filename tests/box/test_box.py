"""What happens to the parser stays in the box."""

from __future__ import annotations

import asyncio
import os
import pickle
import resource
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.box import Box
from ingest.box.answers import Kind, read
from ingest.errors import NotAnArticle, NotASource, ParseError
from ingest.extract import extract_article
from ingest.model import Link, Page, Source
from tests.box.pages import formatting_bomb, nested_lists, page

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the box needs Linux")
URL = "https://example.org/a"


async def kind_of(box: Box, body: bytes) -> str:
    with pytest.raises(ParseError) as caught:
        await box.extract(body, url=URL)
    return caught.value.kind


def workers(keeper: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split()]


def keepers() -> list[int]:
    return [pid for pid in workers(os.getpid()) if alive(pid) and b"ingest.box.keeper" in command_line(pid)]


def command_line(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def test_the_box_gives_the_same_record_as_no_box() -> None:
    async def go() -> None:
        async with Box(everything=True) as box:
            boxed = await box.extract(page("<p>Ünïcödé 漢字</p>"), url=URL)
            assert boxed == extract_article(page("<p>Ünïcödé 漢字</p>"), url=URL)
            assert box.boxed == 1
            entry = await box.extract_entry(Link(url=URL, title="Ferries", content=page().decode()))
            assert "ferries would run again" in entry.body

    asyncio.run(go())


def test_times_in_named_zones_come_out_of_the_box() -> None:
    dated = page("<time datetime='2026-03-01 10:00'>1 March 2026, 10:00</time>")

    async def go() -> None:
        async with Box(everything=True) as box:
            boxed = await box.extract(dated, url=URL, timezone="Asia/Seoul")
            assert boxed == extract_article(dated, url=URL, timezone="Asia/Seoul")
            assert boxed.published_at is not None

    asyncio.run(go())


def test_harmless_bytes_start_no_process() -> None:
    async def go() -> None:
        async with Box() as box:
            assert (await box.extract(page(), url=URL)).headline == "Ferries run again"
            assert (box.boxed, keepers()) == (0, [])

    asyncio.run(go())


def test_long_pages_are_parsed_in_a_thread_which_starts_no_process() -> None:
    long = page(f"<script>{'x' * 1_000_000}</script>")

    async def go() -> None:
        async with Box() as box:
            assert await box.extract(long, url=URL) == extract_article(long, url=URL)
            with pytest.raises(NotAnArticle):
                await box.extract(b"<p>" + b"x " * 500_000, url=URL)
            assert (box.boxed, keepers()) == (0, [])

    asyncio.run(go())


def test_long_pages_go_into_the_box_while_the_thread_is_busy() -> None:
    slow = page(nested_lists(7_000))
    long = page(f"<script>{'x' * 1_000_000}</script>")

    async def go() -> None:
        async with Box(thread_patience=0.001) as box:
            first = asyncio.create_task(box.extract(slow, url=URL))
            await asyncio.sleep(0)
            assert (await box.extract(long, url=URL)).headline == "Ferries run again"
            assert box.boxed == 1
            await first
            assert (await box.extract(long, url=URL)).headline == "Ferries run again"
            assert box.boxed == 1

    asyncio.run(go())


def test_feeds_are_read_in_the_box_and_refusals_come_back_as_they_are() -> None:
    feed = b"<?xml version='1.0'?><rss version='2.0'><channel><item><link>https://example.org/a</link></item></channel></rss>"
    source = Source(name="x", kind="feed", url="https://example.org/feed")

    def of(body: bytes) -> Page:
        return Page(
            url=source.url, final_url=source.url, status=200, headers={}, body=body, fetched_at=datetime.now(UTC)
        )

    async def go() -> None:
        async with Box(everything=True) as box:
            assert [link.url for link in (await box.discover(source, of(feed))).links] == ["https://example.org/a"]
            with pytest.raises(NotASource, match="an HTML page"):
                await box.discover(source, of(b"<html><p>hello"))
            with pytest.raises(NotAnArticle, match="empty"):
                await box.extract(b" ", url=URL)

    asyncio.run(go())


def test_a_hang_ends_at_the_deadline_and_a_bomb_at_the_limit_and_the_next_page_is_parsed() -> None:
    async def go() -> None:
        async with Box(deadline=1.0, memory=200 * 2**20, everything=True) as box:
            assert await kind_of(box, page(nested_lists(60_000))) == "parse_timeout"
            assert (await box.extract(page(), url=URL)).headline == "Ferries run again"
            assert await kind_of(box, page(formatting_bomb(3_000))) == "too_big"
            assert (await box.extract(page(), url=URL)).headline == "Ferries run again"
            assert (box.boxed, box.deaths) == (4, 2)

    asyncio.run(go())


def test_the_event_loop_goes_on_while_a_page_hangs() -> None:
    async def go() -> None:
        async with Box(deadline=4.0, everything=True) as box:
            hanging = asyncio.create_task(kind_of(box, page(nested_lists(60_000))))
            assert (await box.extract(page(), url=URL)).headline == "Ferries run again"
            assert not hanging.done()
            hanging.cancel()
            await asyncio.gather(hanging, return_exceptions=True)  # else its process may outlive the test

    asyncio.run(go())


def test_a_worker_that_is_killed_costs_one_outcome() -> None:
    async def go() -> None:
        async with Box(everything=True) as box:
            for victim in ("worker", "keeper"):
                await box.extract(page(), url=URL)
                (keeper,) = keepers()
                hanging = asyncio.create_task(kind_of(box, page(nested_lists(60_000))))
                await asyncio.to_thread(wait_until_busy, keeper)
                os.kill(keeper if victim == "keeper" else workers(keeper)[0], signal.SIGKILL)
                assert await hanging == "parse_crash"
                assert (await box.extract(page(), url=URL)).headline == "Ferries run again"

    asyncio.run(go())


def wait_until_busy(keeper: int) -> None:
    while not busy(workers(keeper)[0]):
        time.sleep(0.01)


def busy(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "R"


def test_what_killed_the_parser_three_times_is_not_given_to_it_again() -> None:
    async def go() -> None:
        bomb = page(formatting_bomb(3_000))
        async with Box(memory=200 * 2**20) as box:
            assert [await kind_of(box, bomb) for _ in range(4)] == ["too_big"] * 3 + ["quarantined"]
            assert box.quarantined == 1
            assert box.boxed == 3
            changed = await kind_of(box, bomb + b" ")
            assert changed == "too_big"

    asyncio.run(go())


def test_without_descriptors_nobody_is_blamed_and_the_box_goes_on_once_there_are_some() -> None:
    files = resource.getrlimit(resource.RLIMIT_NOFILE)

    async def go() -> None:
        async with Box(everything=True) as box:
            resource.setrlimit(resource.RLIMIT_NOFILE, (0, files[1]))
            try:
                for _ in range(4):  # as often as would put it into quarantine
                    assert await kind_of(box, page()) == "machine"
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, files)
            assert (await box.extract(page(), url=URL)).headline == "Ferries run again"
            assert box.deaths == 0

    asyncio.run(go())


def test_a_cancelled_job_leaves_no_process_and_the_box_goes_on() -> None:
    async def go() -> None:
        async with Box(everything=True) as box:
            await box.extract(page(), url=URL)
            hanging = asyncio.create_task(box.extract(page(nested_lists(60_000)), url=URL))
            await asyncio.sleep(0.05)
            hanging.cancel()
            with pytest.raises(asyncio.CancelledError):
                await hanging
            assert (await box.extract(page(), url=URL)).headline == "Ferries run again"
        assert keepers() == []

    asyncio.run(go())


def test_the_workers_die_with_a_parent_that_is_killed() -> None:
    script = (
        "import asyncio, sys\nfrom ingest.box import Box\nfrom tests.box.pages import *\n"
        "async def go():\n"
        "    async with Box() as box:\n"
        "        await box.extract(page(nested_lists(60_000)), url='https://example.org/a')\n"
        "asyncio.run(go())"
    )
    parent = subprocess.Popen([sys.executable, "-c", script])
    deadline = time.monotonic() + 20
    family: list[int] = []
    while len(family) < 2 or not busy(family[1]):
        assert time.monotonic() < deadline
        time.sleep(0.02)
        children = workers(parent.pid)
        family = [*children, *(pid for child in children for pid in workers(child))]
    parent.kill()
    parent.wait()
    while any(alive(pid) for pid in family):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def test_the_worker_sees_none_of_our_environment_and_can_write_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INGEST_DATABASE", "postgresql+psycopg://u:secret@h/d")

    async def go() -> None:
        async with Box(everything=True) as box:
            await box.extract(page(), url=URL)
            (keeper,) = keepers()
            check_the_family(keeper)

    asyncio.run(go())


def check_the_family(keeper: int) -> None:
    for pid in (keeper, *workers(keeper)):
        assert b"secret" not in Path(f"/proc/{pid}/environ").read_bytes()
    limits = Path(f"/proc/{workers(keeper)[0]}/limits").read_text().splitlines()
    assert next(line for line in limits if "file size" in line).split()[3] == "0"


class Malice:
    def __reduce__(self):
        return os.system, ("true",)


@pytest.mark.parametrize("answer", [b"", b"X", b"R", b"Rgarbage", b"R" + pickle.dumps(Malice())])
def test_nothing_but_records_is_taken_out_of_the_box(answer: bytes) -> None:
    with pytest.raises(ParseError):
        read(answer)


def test_an_answer_of_the_wrong_kind_is_told_apart() -> None:
    with pytest.raises(NotAnArticle, match="why"):
        read(Kind.NOT_AN_ARTICLE + b"why")
