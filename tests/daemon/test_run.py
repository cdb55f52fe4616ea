"""`ingest run` as its users have it: a process, signals, a configuration file, a database."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from ingest.store import Store
from tests.pipeline.test_crawl import item, page, rss
from tests.web import Answer, Site, conditional, site

FAST = "3600@2026-11-23T06:00:00Z"
"""An hour a second."""


class Running:
    """A daemon and its log."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process = process
        self.log = log

    def events(self, name: str = "") -> list[dict[str, object]]:
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if not name or line["event"] == name]

    def wait_for(self, condition: Callable[[], object], seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.02)

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(10)


class Place:
    """A site, a database, a configuration, and daemons over them."""

    def __init__(self, host: Site, database: str, directory: Path) -> None:
        self.host, self.database, self.directory = host, database, directory
        self.config = directory / "config.yaml"
        self.configure("one")
        for n in range(3):
            host.routes[f"/{n}"] = conditional(page(f"Story {n} of the day"), etag=f'"{n}"')
        self.publish(range(3))

    def configure(self, *names: str, extra: str = "", delay: str = "2s") -> None:
        sources = "".join(f"  - name: {name}\n    feed: {self.host.url}/feed\n" for name in names)
        self.config.write_text(
            f"database: {self.database}\nfetch: {{allow_addresses: [127.0.0.0/8]}}\n"
            f"politeness: {{delay: {delay}}}\n{extra}sources:\n{sources}"
        )

    def publish(self, numbers: range) -> None:
        body = rss(*(item(f"{self.host.url}/{n}") for n in numbers)).body
        self.host.routes["/feed"] = conditional(body, etag=f'"{numbers}"', content_type="application/rss+xml")

    @contextmanager
    def daemon(self, clock: str = FAST, **environ: str) -> Iterator[Running]:
        log = self.directory / f"log-{time.monotonic_ns()}"
        with log.open("w") as stream:
            process = subprocess.Popen(
                [sys.executable, "-m", "ingest", "run", "--config", str(self.config)],
                stderr=stream,
                env=os.environ | {"INGEST_CLOCK": clock} | environ,
                text=True,
            )
            try:
                yield Running(process, log)
            finally:
                process.kill()
                process.wait()

    def crawl(self) -> dict[str, int]:
        command = [sys.executable, "-m", "ingest", "crawl", "--json", "--config", str(self.config)]
        done = subprocess.run(command, capture_output=True, check=True, env=os.environ | {"INGEST_CLOCK": ""})
        return json.loads(done.stdout)

    def articles(self) -> int:
        with Store.open(self.database) as store:
            return len(list(store.articles()))

    def owners(self) -> list[str]:
        with Store.open(self.database) as store:
            return store.owners()


@pytest.fixture
def place(sqlite_template: Path, tmp_path: Path) -> Iterator[Place]:
    shutil.copy(sqlite_template, tmp_path / "ingest.db")
    with site() as host:
        yield Place(host, f"sqlite:///{tmp_path}/ingest.db", tmp_path)


@pytest.fixture
def place_on_each_database(database_url: str, tmp_path: Path) -> Iterator[Place]:
    with site() as host:
        yield Place(host, database_url.replace("postgresql://", "postgresql+psycopg://"), tmp_path)


def descendants(process: int) -> list[int]:
    """The processes that a process has begun, and those that they have (proc(5): a thread's children)."""
    found = []
    for thread in Path(f"/proc/{process}/task").iterdir():
        for child in map(int, (thread / "children").read_text().split()):
            found += [child, *descendants(child)]
    return found


def stored(running: Running) -> int:
    return sum(event["outcome"] == "stored" for event in running.events("page"))


def test_it_stores_what_a_feed_offers_then_polls_conditionally_and_stops_with_nothing_held(place: Place):
    with place.daemon() as running:
        running.wait_for(lambda: stored(running) == 3)
        running.wait_for(lambda: place.host.paths().count("/feed") == 2)
        assert running.stop() == 0
    polls = [request for request in place.host.requests if request.path == "/feed"]
    assert [request.headers.get("if-none-match") for request in polls] == [None, '"range(0, 3)"']
    assert (place.articles(), place.owners()) == (3, [])
    assert running.events("stopped")[0]["accounting"].startswith(("3 discovered", "6 discovered", "9 discovered"))


def test_a_restart_polls_nothing_before_it_is_due(place: Place):
    for _ in range(2):
        with place.daemon(clock="1@2026-11-23T06:00:00Z") as running:
            running.wait_for(lambda: running.events("started"))
            if not place.host.requests:
                running.wait_for(lambda: running.events("poll"))
            running.stop()
    assert place.host.paths().count("/feed") == 1


def test_two_daemons_and_a_crawl_beside_them_share_the_hosts_and_fetch_nothing_twice(place_on_each_database: Place):
    place, delay = place_on_each_database, 0.2
    place.configure("one", delay=f"{delay}s")
    for n in range(6):
        place.host.routes[f"/{n}"] = conditional(page(f"Story {n} of the day"), etag=f'"{n}"')
    place.publish(range(6))
    with place.daemon(clock="") as one, place.daemon(clock="") as two:
        one.wait_for(lambda: place.host.requests)
        crawled = place.crawl()
        one.wait_for(lambda: place.articles() == 6)
        for running in (one, two):
            running.wait_for(lambda running=running: running.events("started"))
            assert running.stop() == 0
    by_crawl = crawled["stored"]
    assert stored(one) + stored(two) + by_crawl == 6
    paths = place.host.paths()
    assert [paths.count(f"/{n}") for n in range(6)] == [1] * 6
    assert paths.count("/feed") == 2  # the daemons' one, and the crawl's, which asks at once
    starts = [request.at for request in place.host.requests]
    assert min(after - before for before, after in pairwise(starts)) >= delay
    assert place.owners() == []


def test_what_a_killed_daemon_held_is_taken_over_at_once(place: Place):
    place.host.routes["/feed"] = lambda request: time.sleep(30) or Answer()
    with place.daemon() as running:
        running.wait_for(lambda: place.host.requests)
        running.process.kill()
        running.process.wait()
    assert len(place.owners()) == 1
    place.publish(range(3))
    with place.daemon() as running:
        running.wait_for(lambda: stored(running) == 3)
        assert running.events("took over")[0]["leases"] == 1


def test_a_signal_lets_no_slow_server_keep_it_and_a_second_one_ends_it_at_once(place: Place):
    place.host.routes["/feed"] = lambda request: time.sleep(30) or Answer()
    with place.daemon() as running:
        running.wait_for(lambda: place.host.requests)
        begun = time.monotonic()
        assert running.stop(signal.SIGINT) == 0
        assert time.monotonic() - begun < 10
        assert place.owners() == []
    with place.daemon() as running:
        running.wait_for(lambda: len(place.host.requests) == 2)
        running.process.send_signal(signal.SIGTERM)
        running.wait_for(lambda: running.events("stopping"))
        begun = time.monotonic()
        assert running.stop() == 128 + signal.SIGTERM
        assert time.monotonic() - begun < 1


def test_sighup_loads_a_changed_configuration_and_says_what_changed(place: Place):
    with place.daemon() as running:
        running.wait_for(lambda: running.events("poll"))
        place.configure("one", "two", delay="3s", extra="schedule: {min_interval: 15m, max_interval: 30m}\n")
        running.process.send_signal(signal.SIGHUP)
        running.wait_for(lambda: any(event["source"] == "two" for event in running.events("poll")))
        [loaded] = running.events("configuration loaded")
        running.stop()
    assert loaded["added"] == "two"
    assert loaded["settings"].split("; ") == [
        "politeness.delay: 2s → 3s",
        "schedule.min_interval: 1h → 15m",
        "schedule.max_interval: 24h → 30m",
    ]
    assert [event["sources"] for event in running.events("replanned")] == [1]


def test_sighup_with_an_invalid_configuration_keeps_the_old_one_and_names_the_mistake(place: Place):
    with place.daemon() as running:
        running.wait_for(lambda: running.events("poll"))
        place.configure("one", extra="fetch2: 1\n")
        running.process.send_signal(signal.SIGHUP)
        running.wait_for(lambda: running.events("configuration refused"))
        [refused] = running.events("configuration refused")
        running.wait_for(lambda: place.host.paths().count("/feed") == 2)
        assert running.stop() == 0
    assert "config.yaml:4: fetch2: unknown key" in refused["problem"]


def test_the_service_manager_hears_that_it_is_ready_alive_reloading_and_stopping(place: Place, tmp_path: Path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(20)

        def hear(wanted: str) -> None:
            while wanted not in heard:
                heard.extend(manager.recv(1000).decode().splitlines())

        heard: list[str] = []
        with place.daemon(NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="200000") as running:
            hear("READY=1")
            assert "STATUS=1 sources" in heard
            while heard.count("WATCHDOG=1") < 3:
                heard.append(manager.recv(1000).decode())
            heard.clear()
            running.process.send_signal(signal.SIGHUP)
            hear("READY=1")
            assert "RELOADING=1" in heard[: heard.index("READY=1")]
            running.process.send_signal(signal.SIGTERM)
            hear("STOPPING=1")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_it(place: Place, number: int):
    many_tags = page("Story 0 of the day").replace("</body>", "<i></i>" * 20_000 + "</body>")
    place.host.routes["/0"] = Answer(many_tags)  # too many to be parsed outside of the box
    with place.daemon() as running:
        running.wait_for(lambda: stored(running) == 3)
        family = descendants(running.process.pid)
        running.stop(number)
    assert family
    end = time.monotonic() + 5
    while any(Path(f"/proc/{one}").exists() for one in family):
        assert time.monotonic() < end
        time.sleep(0.02)


def test_secrets_in_addresses_and_control_characters_stay_out_of_the_log(place: Place):
    place.config.write_text(place.config.read_text().replace("/feed", "/feed?token=sesame"))
    place.host.routes["/feed?token=sesame"] = rss(item(place.host.url + "/x?api_key=sesame%1b[31m"))
    with place.daemon() as running:
        running.wait_for(lambda: running.events("page"))
        running.stop()
    assert "sesame" not in running.log.read_text()
    assert "\x1b" not in running.log.read_text()
