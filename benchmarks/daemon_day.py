"""A day of the real daemon, under a fast clock, over 50 feeds of different rhythm.

    python benchmarks/daemon_day.py [--seed 1] [--speed 720]

The feeds are those of benchmarks/cadence.py, whose table for the first day says what a poll every hour and miniflux's two
rules would have done with the same trace. Here the daemon itself polls, fetches the pages and stores; delays count from
publication to the article in the database. 24 hours take two minutes at the usual speed. It asks some 5,000 pages, 10 ms of processor time each: on a machine that is busy,
hours pass while a page is read, so give it a lower speed.
"""

from __future__ import annotations

import argparse
import signal
import sqlite3
import sys
import tempfile
import time
from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).parent))

from cadence import HEADER, START, Feed, line, run, world
from manners import DAY, HOUR, HTML, RSS, Asked, Player, Reply, Town, article, daemon, not_modified


def player(feed: Feed) -> Player:
    """The feed as a host has it: its newest entries, with validators and its publisher's hints."""

    def play(town: Town, asked: Asked) -> Reply:
        if asked.path == "/robots.txt":
            return Reply(status=404)
        if asked.path != "/feed":
            return not_modified(asked, article(asked.path))
        published = bisect_right(feed.times, START + timedelta(seconds=town.now()))
        headers = RSS | {"ETag": f'"{published}"'}
        if feed.max_age:
            headers["Cache-Control"] = f"max-age={feed.max_age.total_seconds():.0f}"
        return not_modified(asked, Reply(document(town, asked.host, feed, published), headers=headers))

    return play


def document(town: Town, host: str, feed: Feed, published: int) -> bytes:
    extra = f"<ttl>{feed.ttl.total_seconds() / 60:.0f}</ttl>" if feed.ttl else ""
    if feed.update_period:
        extra += "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>"
    items = ""
    for number in reversed(range(max(0, published - feed.page), published)):
        at = datetime.fromtimestamp(town.begun, UTC) + (feed.times[number] - START)
        date = f"<pubDate>{format_datetime(at)}</pubDate>" if feed.dated else ""
        items += f"<item><title>Story {number}</title><link>http://{host}/a{number}</link>{date}</item>"
    return (
        "<?xml version='1.0'?><rss version='2.0' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>"
        f"<channel><title>T</title>{extra}{items}</channel></rss>"
    ).encode()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--speed", type=float, default=720)
    options = parser.parse_args()
    feeds = world(options.seed)
    town = Town(options.speed)
    with tempfile.TemporaryDirectory() as made:
        directory = Path(made)
        town.players = {"localhost": lambda _town, _asked: Reply(headers=HTML)} | {
            one.name: player(one) for one in feeds
        }
        sources = "".join(f"  - {{name: {one.name}, feed: 'http://{town.host(one.name)}/feed'}}\n" for one in feeds)
        config = directory / "config.yaml"
        config.write_text(
            f"database: sqlite:///{directory}/ingest.db\nfetch: {{allow_addresses: [127.0.0.0/8]}}\nsources:\n{sources}"
        )
        with daemon(config, town.clock) as process:
            while town.now() < DAY + 4 * HOUR:
                time.sleep(0.2)
            process.send_signal(signal.SIGTERM)
            process.wait(10)
        with sqlite3.connect(directory / "ingest.db") as connection:
            stored = dict(connection.execute("SELECT url, first_seen_at FROM article").fetchall())
    report(town, feeds, stored)
    print("\nThe same day by other rules (computed; the second line is our own rule without a daemon around it):\n")
    print(HEADER)
    for name, results in run(feeds, START, options.seed):
        print(line(name, results))
    return 0


def report(town: Town, feeds: list[Feed], stored: dict[str, str]) -> None:
    """Entries of the day after each feed's first poll: stored when, or missed."""
    delays: list[float] = []
    missed = polls = waiting = 0
    for feed in feeds:
        asked = list(town.of(feed.name, "/feed"))
        polls += sum(one.at < DAY for one in asked)
        for number, at in enumerate(feed.times):
            published = (at - START).total_seconds()
            if not asked or not asked[0].at < published < DAY:
                continue
            seen = stored.get(f"http://{town.host(feed.name)}/a{number}")
            if seen is not None:
                delays.append((datetime.fromisoformat(seen).timestamp() - town.begun) - published)
            elif any(
                one.at > published and number >= bisect_right(feed.times, START + timedelta(seconds=one.at)) - feed.page
                for one in asked
            ):
                waiting += 1  # offered by a poll, its page not fetched yet
            elif asked[-1].at > published:
                missed += 1
            else:
                waiting += 1
    pages = sum(one.path.startswith("/a") for one in town.log)
    print(
        f"{len(feeds)} feeds, 24 hours: {polls} polls; {len(delays)} entries stored, {missed} missed, {waiting} not due yet"
    )
    print(
        f"delay from publication to storage: median {median(delays) / 60:.0f} min, 95 % {quantiles(delays, n=20)[-1] / 60:.0f} min"
    )
    print(f"{pages} requests of article pages, looks for edits among them")


if __name__ == "__main__":
    sys.exit(main())
