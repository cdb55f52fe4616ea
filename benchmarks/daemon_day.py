"""A day of the real daemon over 50 feeds of different rhythm, in virtual time.

    python benchmarks/daemon_day.py [--seed 1] [--hours 24] [--min-interval 15m]

The feeds are those of benchmarks/cadence.py. The daemon polls them, fetches the pages and stores the articles, over HTTP and
with a clock that leaps over the time in which nothing happens (benchmarks/leap.py): the outcome hangs on the seed alone, not
on the machine. Delays count from publication to the article in the database. Below it stands what other rules would have
done with the same feeds on the same day, computed: a poll every hour, and miniflux's two schedulers.
"""

from __future__ import annotations

import argparse
import random
import resource
import signal
import sqlite3
import sys
import tempfile
import time
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).parent))

from cadence import HEADER, START, Feed, line, run, world
from leap import Time, daemon
from manners import HOUR, HTML, RSS, Asked, LeapingTown, Player, Reply, Town, not_modified

MINUTE = 60.0


def player(feed: Feed) -> Player:
    """The feed as a host has it: its newest entries, with validators and its publisher's hints."""

    def play(town: Town, asked: Asked) -> Reply:
        if asked.path == "/robots.txt":
            return Reply(status=404)
        if asked.path != "/feed":
            return not_modified(asked, page(asked.host, asked.path))
        published = bisect_right(feed.times, START + timedelta(seconds=town.now()))
        headers = RSS | {"ETag": f'"{published}"'}
        if feed.max_age:
            headers["Cache-Control"] = f"max-age={feed.max_age.total_seconds():.0f}"
        return not_modified(asked, Reply(document(asked.host, feed, published), headers=headers))

    return play


WORDS = [f"{begin}{middle}{end}" for begin in "b d f g k l m n p r s t".split() for middle in "a e i o u".split() for end in
         "ck ll mp nd ng nt rd rk rm rn rt sh ss st".split()]  # fmt: skip


def page(host: str, path: str) -> Reply:
    """An article like no other: copies would be a matter of dedupe."""
    rng = random.Random(f"{host}{path}")
    title = " ".join(rng.choices(WORDS, k=7)).capitalize()
    body = "".join(f"<p>{' '.join(rng.choices(WORDS, k=60)).capitalize()}.</p>" for _ in range(4))
    text = f"<html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"
    return Reply(text.encode(), headers=HTML | {"ETag": f'"{path}"'})


def document(host: str, feed: Feed, published: int) -> bytes:
    extra = f"<ttl>{feed.ttl.total_seconds() / 60:.0f}</ttl>" if feed.ttl else ""
    if feed.update_period:
        extra += "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>"
    items = ""
    for number in reversed(range(max(0, published - feed.page), published)):
        date = f"<pubDate>{format_datetime(feed.times[number])}</pubDate>" if feed.dated else ""
        items += f"<item><title>Story {number}</title><link>http://{host}/a{number}</link>{date}</item>"
    return (
        "<?xml version='1.0'?><rss version='2.0' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>"
        f"<channel><title>T</title>{extra}{items}</channel></rss>"
    ).encode()


@dataclass
class Day:
    """What the daemon made of it."""

    polls: int
    unchanged: int
    pages: int
    delays: list[float]
    missed: list[str]
    waiting: int
    """Entries that no poll has come for yet when the day ends, or whose page is still to be fetched."""
    closest: float
    """Seconds between two starts on one host."""


def play(feeds: list[Feed], directory: Path, *, hours: float, seed: int, schedule: str = "") -> Day:
    """Let the daemon live so long; `schedule` is that section of config.yaml."""
    shared = Time(directory / "time")
    town = LeapingTown(shared)
    town.players = {"localhost": lambda _town, _asked: Reply(headers=HTML)} | {one.name: player(one) for one in feeds}
    sources = "".join(f"  - {{name: {one.name}, feed: 'http://{town.host(one.name)}/feed'}}\n" for one in feeds)
    config = directory / "config.yaml"
    config.write_text(
        f"database: sqlite:///{directory}/ingest.db\nfetch: {{allow_addresses: [127.0.0.0/8]}}\n"
        f"{schedule}sources:\n{sources}"
    )
    with daemon(config, directory / "time", seed=seed) as process:
        shared.play(hours * HOUR, process)
        process.send_signal(signal.SIGTERM)
        process.wait(10)
    with sqlite3.connect(directory / "ingest.db") as connection:
        stored = dict(connection.execute("SELECT url, first_seen_at FROM article").fetchall())
    return judge(town, feeds, stored, hours * HOUR)


def judge(town: Town, feeds: list[Feed], stored: dict[str, str], end: float) -> Day:
    """Of each entry that was published after its feed's first poll: stored when, or missed."""
    starts: dict[str, list[float]] = {}
    for one in town.log:
        starts.setdefault(one.host, []).append(one.at)
    day = Day(0, 0, sum(one.path.startswith("/a") for one in town.log), [], [], 0, 1e9)
    day.closest = min(after - before for each in starts.values() for before, after in pairwise(each))
    for feed in feeds:
        asked = list(town.of(feed.name, "/feed"))
        day.polls += len(asked)
        day.unchanged += sum(one.status == 304 for one in asked)
        first, last = (START + timedelta(seconds=asked[number].at) for number in (0, -1))
        for number in range(bisect_right(feed.times, first), bisect_left(feed.times, START + timedelta(seconds=end))):
            seen = stored.get(f"http://{town.host(feed.name)}/a{number}")
            if seen is not None:
                day.delays.append((datetime.fromisoformat(seen) - feed.times[number]).total_seconds())
            elif any(_offers(feed, number, one.at) for one in asked) or feed.times[number] > last:
                day.waiting += 1
            else:
                day.missed.append(f"{feed.name}, story {number}")
    return day


def _offers(feed: Feed, number: int, at: float) -> bool:
    published = bisect_right(feed.times, START + timedelta(seconds=at))
    return published - feed.page <= number < published


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hours", type=float, default=24)
    parser.add_argument("--min-interval", default="1h", help="As in config.yaml.")
    parser.add_argument("--keep", type=Path, help="Leave database and log there.")
    options = parser.parse_args()
    feeds, begun = world(options.seed), time.perf_counter()
    with tempfile.TemporaryDirectory() as made:
        directory = options.keep or Path(made)
        directory.mkdir(exist_ok=True)
        schedule = f"schedule: {{min_interval: {options.min_interval}}}\n"
        day = play(feeds, directory, hours=options.hours, seed=options.seed, schedule=schedule)
    report(day, feeds, options.hours)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"{time.perf_counter() - begun:.0f} s, {used.ru_utime + used.ru_stime:.0f} s of them the daemon's processor time"
    )
    print("\nThe same feeds on their first day by other rules, computed; ours without a daemon around it:\n")
    print(HEADER)
    for name, results in run(feeds, START, options.seed):
        print(line(name, results))
    return int(bool(day.missed))


def report(day: Day, feeds: list[Feed], hours: float) -> None:
    print(
        f"{len(feeds)} feeds, {hours:g} hours: {day.polls:,} polls, {day.unchanged:,} of them answered 304; "
        f"{len(day.delays):,} entries stored, {len(day.missed)} missed, {day.waiting} not due yet"
    )
    print(
        f"from publication to storage: median {median(day.delays) / MINUTE:.0f} min, "
        f"mean {sum(day.delays) / len(day.delays) / MINUTE:.0f} min, "
        f"95 % {quantiles(day.delays, n=20)[-1] / MINUTE:.0f} min"
    )
    print(f"{day.pages:,} requests of article pages; closest two starts on one host: {day.closest:.3f} s (delay 2 s)")
    for each in day.missed[:20]:
        print(f"missed: {each}")


if __name__ == "__main__":
    sys.exit(main())
