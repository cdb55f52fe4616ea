"""Turns at a host, with a clock that does what it is told."""

from __future__ import annotations

import asyncio

from ingest.fetch.pacing import MAX_CRAWL_DELAY, Pacer


class FakeTime:
    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


def starts(
    pacer: Pacer, time: FakeTime, hosts: list[str], *, answers: float | None = 0.0, reads: float = 0.0
) -> list[tuple[str, float]]:
    """When each request starts, if the answer begins so long after it (None: never), and is read so long after that."""
    log: list[tuple[str, float]] = []

    async def request(host: str) -> None:
        async with pacer.turn(host):
            log.append((host, time.now))
            if answers is not None:
                time.now += answers
                pacer.answered(host)
            time.now += reads

    async def all_of_them() -> None:
        for host in hosts:
            await request(host)

    asyncio.run(all_of_them())
    return log


def test_starts_to_one_host_are_a_delay_apart_and_other_hosts_do_not_wait() -> None:
    time = FakeTime()
    pacer = Pacer(2.0, monotonic=time.monotonic, sleep=time.sleep)
    assert starts(pacer, time, ["a", "b", "a", "a"], reads=0.5) == [("a", 0.0), ("b", 0.5), ("a", 2.0), ("a", 4.0)]


def test_reading_a_long_answer_counts_as_delay() -> None:
    time = FakeTime()
    pacer = Pacer(2.0, monotonic=time.monotonic, sleep=time.sleep)
    assert starts(pacer, time, ["a", "a"], reads=5.0) == [("a", 0.0), ("a", 5.0)]


def test_the_delay_counts_from_the_beginning_of_the_answer_however_long_the_request_was_on_its_way() -> None:
    time = FakeTime()
    pacer = Pacer(2.0, monotonic=time.monotonic, sleep=time.sleep)
    assert starts(pacer, time, ["a", "a"], answers=1.5, reads=0.5) == [("a", 0.0), ("a", 3.5)]


def test_after_a_request_that_nobody_answered_the_delay_counts_from_its_end() -> None:
    time = FakeTime()
    pacer = Pacer(2.0, monotonic=time.monotonic, sleep=time.sleep)
    assert starts(pacer, time, ["a", "a"], answers=None, reads=3.0) == [("a", 0.0), ("a", 5.0)]


def test_a_robots_txt_that_asks_for_more_counts_from_the_request_before_it_on() -> None:
    time = FakeTime()
    pacer = Pacer(2.0, monotonic=time.monotonic, sleep=time.sleep)
    starts(pacer, time, ["a"])
    pacer.lengthen("a", 10.0)
    assert starts(pacer, time, ["a"]) == [("a", 10.0)]


def test_robots_can_lengthen_the_delay_but_not_shorten_it_nor_starve_us() -> None:
    time = FakeTime()
    pacer = Pacer(2.0, monotonic=time.monotonic, sleep=time.sleep)
    for host, delay in (("long", 10.0), ("short", 0.1), ("absurd", 1e20)):
        pacer.lengthen(host, delay)
    assert starts(pacer, time, ["long", "long"])[1][1] == 10.0
    begun = time.now
    assert starts(pacer, time, ["short", "short"])[1][1] - begun == 2.0
    begun = time.now
    assert starts(pacer, time, ["absurd", "absurd"])[1][1] - begun == MAX_CRAWL_DELAY


def test_one_request_at_a_time_to_a_host() -> None:
    pacer = Pacer(0.0)
    running: list[str] = []
    most = 0

    async def request() -> None:
        nonlocal most
        async with pacer.turn("a"):
            running.append("x")
            most = max(most, len(running))
            await asyncio.sleep(0)
            running.pop()

    async def together() -> None:
        await asyncio.gather(*(request() for _ in range(20)))

    asyncio.run(together())
    assert most == 1
