#!/usr/bin/env python3
"""What a schedule costs and brings: simulated feeds, polled by our cadence, every hour, and by miniflux's two rules.

    cadence.py                    a first day and a settled day over 50 feeds, and one with as many requests as miniflux makes
    cadence.py --seed N --feeds   another world; each feed for itself

Each feed is a trace of entries from a random process (newsroom, wire, blog, batch at fixed hours, breaking news, dead),
the same for all schedules. An entry is missed if it has left the feed's page before a poll. Delays count from publication
to the poll that brings the entry. The settled day comes after two weeks of polling.

miniflux's rules are those of `ScheduleNextCheck` in its internal/model/feed.go with its default options, and they are
flattered: miniflux looks for due feeds only once in POLLING_FREQUENCY (60 minutes), here a poll is made when it is due.
"""

from __future__ import annotations

import argparse
import math
import random
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from statistics import mean, median, quantiles

from ingest.cadence import Bounds, History, Outlook, ServerHints, next_poll, rhythm
from ingest.model import PublisherHints

START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
BEFORE = 40  # days of publishing before the first poll
SETTLED = 15  # the day that is measured, a Tuesday, after two weeks


# ---------------------------------------------------------------- the world


@dataclass(frozen=True, kw_only=True)
class Feed:
    name: str
    page: int
    """Entries in the document."""
    times: list[datetime] = field(repr=False)
    ttl: timedelta | None = None
    max_age: timedelta | None = None
    update_period: timedelta | None = None
    dated: bool = True


def newsroom(hour: float, weekday: int, zone: int) -> float:
    """How busy an hour is, against an average one: quiet nights, a third of it on weekends."""
    local = (hour + zone) % 24
    day = 0.15 + 1.7 * math.exp(-(((local - 13.5) / 4.8) ** 2))
    return day * (0.4 if weekday >= 5 else 1.2)


def poisson(rng: random.Random, per_day: float, shape: Callable[[datetime], float]) -> list[datetime]:
    """Entries of a random process whose rate follows a shape (thinning; no shape exceeds 12)."""
    times, at, end = [], START - BEFORE * DAY, START + (SETTLED + 4) * DAY
    while at < end:
        at += rng.expovariate(per_day * 12) * DAY
        if rng.random() < shape(at) / 12:
            times.append(at)
    return times


def working(zone: int) -> Callable[[datetime], float]:
    return lambda at: newsroom(at.hour + at.minute / 60, at.weekday(), zone)


def breaking(rng: random.Random) -> Callable[[datetime], float]:
    """A day's work with stories that break: for three hours ten times as much, every other day or so."""
    begins = [START + rng.uniform(-BEFORE, SETTLED + 4) * DAY for _ in range(30)] + [START + SETTLED * DAY + 9 * HOUR]
    return lambda at: 10 if any(begin <= at < begin + 3 * HOUR for begin in begins) else working(0)(at)


def batches(rng: random.Random, hours: list[int], size: int) -> list[datetime]:
    """Everything at once at fixed hours."""
    days = (START + n * DAY for n in range(-BEFORE, SETTLED + 4))
    return [
        day + hour * HOUR + timedelta(minutes=3, seconds=n)
        for day in days
        for hour in sorted(hours)
        for n in range(rng.randint(size // 2, size))
    ]


def world(seed: int) -> list[Feed]:
    rng = random.Random(seed)
    feeds = []

    def add(kind: str, count: int, times: Callable[[], list[datetime]], page: int) -> None:
        for n in range(count):
            asks = rng.random()
            feeds.append(
                Feed(
                    name=f"{kind} {n + 1}",
                    page=page,
                    times=times(),
                    update_period=HOUR if asks < 0.3 else None,  # WordPress says so of every site
                    max_age=rng.choice([5, 10, 15]) * MINUTE if 0.3 <= asks < 0.55 else None,
                    ttl=rng.choice([15, 30, 60]) * MINUTE if 0.55 <= asks < 0.65 else None,
                    dated=rng.random() > 0.1,
                )
            )

    def zone() -> int:
        return rng.choice([-8, -5, 0, 1, 1, 2, 5, 9, 9])

    add("wire", 6, lambda: poisson(rng, rng.uniform(150, 400), working(zone())), 50)
    add("daily", 10, lambda: poisson(rng, rng.uniform(40, 100), working(zone())), 30)
    add("local", 8, lambda: poisson(rng, rng.uniform(8, 25), working(zone())), 20)
    add("magazine", 8, lambda: poisson(rng, rng.uniform(1, 5), working(zone())), 20)
    add("blog", 8, lambda: poisson(rng, rng.uniform(0.1, 0.7), lambda _: 1), 10)
    add("batch", 4, lambda: batches(rng, rng.sample(range(24), 2), 8), 20)
    add("breaking", 3, lambda: poisson(rng, 20, breaking(rng)), 20)
    add("dead", 2, lambda: [at for at in poisson(rng, 3, lambda _: 1) if at < START - 30 * DAY], 10)
    add("night and day", 1, lambda: poisson(rng, 30, lambda _: 1), 20)
    return feeds


# ---------------------------------------------------------------- the schedules


@dataclass(frozen=True, kw_only=True)
class Polled:
    """What a schedule learns from a poll."""

    feed: Feed
    at: datetime
    entries: int
    new: list[datetime]
    draw: float


Schedule = Callable[[Polled], timedelta]
"""The interval to the next poll. Made anew for each feed."""


def ours(min_interval: timedelta, max_interval: timedelta = DAY) -> Callable[[], Schedule]:
    def begin() -> Schedule:
        history = History()

        def interval(polled: Polled) -> timedelta:
            nonlocal history
            feed, new = polled.feed, polled.new
            history = history.after(
                polled.at, entries=polled.entries, new=len(new), published=new if feed.dated else ()
            )
            outlook = Outlook(
                now=polled.at,
                history=history,
                bounds=Bounds(min_interval=min_interval, max_interval=max_interval),
                publisher=PublisherHints(ttl=feed.ttl, update_period=feed.update_period),
                server=ServerHints(validators=True, freshness=feed.max_age),
            )
            return next_poll(outlook, draw=polled.draw).at - polled.at

        return interval

    return begin


def fixed(every: timedelta) -> Callable[[], Schedule]:
    return lambda: lambda _: every


def miniflux_round_robin() -> Schedule:
    """SCHEDULER_ROUND_ROBIN_MIN_INTERVAL=60, MAX_INTERVAL=1440."""
    return lambda polled: min(max(HOUR, miniflux_delay(polled.feed)), DAY)


def miniflux_entry_frequency() -> Schedule:
    """SCHEDULER_ENTRY_FREQUENCY_MIN_INTERVAL=5, MAX_INTERVAL=1440, FACTOR=1: a week over last week's entries."""
    stored: list[datetime] = []

    def interval(polled: Polled) -> timedelta:
        stored.extend(polled.new)
        weekly = len(stored) - bisect_right(stored, polled.at - 7 * DAY)
        wanted = 7 * DAY / weekly if weekly else DAY
        return min(max(wanted, 5 * MINUTE, miniflux_delay(polled.feed)), DAY)

    return interval


def miniflux_delay(feed: Feed) -> timedelta:
    return max(feed.ttl or timedelta(), feed.max_age or timedelta())


SCHEDULES: dict[str, Callable[[], Schedule]] = {
    "ours (nothing configured: 1h to 24h)": ours(HOUR),
    "ours (min_interval: 15m)": ours(15 * MINUTE),
    "ours (min_interval: 5m)": ours(5 * MINUTE),
    "fixed, 60 minutes": fixed(HOUR),
    "fixed, 15 minutes": fixed(15 * MINUTE),
    "miniflux round_robin": miniflux_round_robin,
    "miniflux entry_frequency": miniflux_entry_frequency,
}


# ---------------------------------------------------------------- the simulation


@dataclass
class Result:
    requests: int = 0
    empty: int = 0
    """Requests that brought nothing new."""
    missed: int = 0
    delays: list[timedelta] = field(default_factory=list)

    def add(self, other: Result) -> None:
        self.requests += other.requests
        self.empty += other.empty
        self.missed += other.missed
        self.delays += other.delays


def simulate(feed: Feed, schedule: Schedule, day: datetime, rng: random.Random) -> Result:
    """A feed's polls from the start on; what happened on one day, and to the entries of that day."""
    result = Result()
    stored = max(bisect_right(feed.times, START) - feed.page, 0)  # what has left the page before is nobody's fault
    at = START + rng.random() * HOUR
    first = at
    while stored < len(feed.times) and (at < day + DAY or feed.times[stored] < day + DAY):
        published = bisect_right(feed.times, at)
        visible = max(published - feed.page, 0)
        for entry in feed.times[stored:visible]:
            result.missed += day <= entry < day + DAY
        new = feed.times[max(stored, visible) : published]
        result.delays += [at - entry for entry in new if max(day, first) <= entry < day + DAY]
        stored = max(stored, published)
        if day <= at < day + DAY:
            result.requests += 1
            result.empty += not new
        at += schedule(Polled(feed=feed, at=at, entries=published - visible, new=new, draw=rng.random()))
    while at < day + DAY:  # nothing is published any more
        if day <= at:
            result.requests += 1
            result.empty += 1
        entries = min(len(feed.times), feed.page)
        at += schedule(Polled(feed=feed, at=at, entries=entries, new=[], draw=rng.random()))
    return result


def run(feeds: list[Feed], day: datetime, seed: int) -> Iterator[tuple[str, list[Result]]]:
    for name, begin in SCHEDULES.items():
        yield name, [simulate(feed, begin(), day, random.Random(f"{seed} {feed.name}")) for feed in feeds]


def as_many_requests(feeds: list[Feed], day: datetime, seed: int, wanted: int) -> tuple[float, list[Result]]:
    """Our rule with a shortest interval of 5 minutes, made so eager that it makes about as many requests; how eager that is."""
    usual, least, most = rhythm.LOOK_FOR_ONE_A_DAY, 0.2, 20.0
    try:
        while True:
            eager = math.sqrt(least * most)
            rhythm.LOOK_FOR_ONE_A_DAY = usual / eager
            begin = ours(5 * MINUTE)
            results = [simulate(feed, begin(), day, random.Random(f"{seed} {feed.name}")) for feed in feeds]
            requests = sum(result.requests for result in results)
            if abs(requests / wanted - 1) < 0.01 or most / least < 1.01:
                return eager, results
            least, most = (least, eager) if requests > wanted else (eager, most)
    finally:
        rhythm.LOOK_FOR_ONE_A_DAY = usual


# ---------------------------------------------------------------- the table


def minutes(duration: timedelta) -> str:
    return f"{duration / MINUTE:,.0f} min"


def line(name: str, results: list[Result]) -> str:
    total = Result()
    for result in results:
        total.add(result)
    in_minutes = sorted(delay / MINUTE for delay in total.delays)
    per_feed = [median(delay / MINUTE for delay in result.delays) for result in results if result.delays]
    figures = (
        f"{total.requests:,}",
        f"{total.empty / max(total.requests, 1):.0%}",
        f"{len(total.delays):,}",
        f"{total.missed:,}",
        f"{median(in_minutes):.0f} min",
        f"{mean(in_minutes):.0f} min",
        f"{quantiles(in_minutes, n=20)[-1]:.0f} min",
        f"{median(per_feed):.0f} min",
    )
    return f"{name:38}" + "".join(f"{figure:>12}" for figure in figures)


HEADER = f"{'':38}" + "".join(
    f"{title:>12}" for title in ("requests", "of no use", "stored", "missed", "median", "mean", "95 %", "by feed")
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--feeds", action="store_true", help="each feed for itself")
    options = parser.parse_args()
    feeds = world(options.seed)
    for title, day in (("The first day", START), ("A settled day, after two weeks", START + SETTLED * DAY)):
        print(
            f"\n{title}: 24 hours, {len(feeds)} feeds. Delay from publication to storage; by feed: median of medians.\n"
        )
        print(HEADER)
        for name, results in run(feeds, day, options.seed):
            print(line(name, results))
            if options.feeds:
                for feed, result in zip(feeds, results, strict=True):
                    delay = minutes(median(result.delays)) if result.delays else "-"
                    print(
                        f"    {feed.name:16} {len(result.delays):4} stored {result.missed:3} missed "
                        f"{result.requests:4} requests, median {delay}"
                    )
    equal(feeds, options.seed)


def equal(feeds: list[Feed], seed: int) -> None:
    """Both rules with the same number of requests, heeding the same wishes: miniflux does not read sy:updatePeriod."""
    feeds = [replace(feed, update_period=None) for feed in feeds]
    for title, day in (("first", START), ("settled", START + SETTLED * DAY)):
        print(f"\nThe {title} day with as many requests; nobody heeds sy:updatePeriod.\n\n{HEADER}")
        for name, begin in (("fixed, 60 minutes", fixed(HOUR)), ("miniflux entry_frequency", miniflux_entry_frequency)):
            results = [simulate(feed, begin(), day, random.Random(f"{seed} {feed.name}")) for feed in feeds]
            print(line(name, results))
            eager, results = as_many_requests(feeds, day, seed, sum(result.requests for result in results))
            print(line(f"ours, {eager:.1f} times as eager", results))


if __name__ == "__main__":
    main()
