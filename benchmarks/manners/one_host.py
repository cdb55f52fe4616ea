"""D. One host."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from ingest.cadence.pages import REVISITS
from manners.hosts import DAY, HOUR
from manners.played import EXACT, PROMPT, Line, Played, hours
from manners.town import Asked, by_host


def judge(run: Played) -> Iterator[Line]:
    pairs, worst, together = distances(run.town.log)
    yield Line(
        "D19 one request at a time, never closer than the delay: polls, pages, robots.txt, redirects",
        pairs > 100 and not together and worst >= run.delay - EXACT,
        f"{pairs} pairs of one daemon: least distance {worst:.3f} s (delay {run.delay:g} s), {together} at the same time",
    )
    pairs, worst, together = distances(run.real)
    yield Line(
        "D19 the same by two daemons and crawls beside them, in real time",
        pairs > 10 and not together and worst >= run.real_delay,
        f"{pairs} pairs: least distance {worst:.4f} s (delay {run.real_delay:g} s), {together} at the same time",
    )
    yield from _robots(run)
    slowed = run.town.of("busy-page")
    held = next((one for one in slowed if one.status == 429), None)
    next_ = next((one.at - held.at for one in slowed if held and one.at > held.at), 0.0)
    yield Line(
        "D21 429 on an article page slows the host's feeds",
        held is not None and next_ >= 4 * HOUR - EXACT,
        f"four hours asked for, the next request of any kind after {next_ / HOUR:.2f} h",
    )
    yield from _looks(run)
    for name, words in (("v6", "IPv6 works"), ("dead-aaaa", "a dead AAAA does not cost the feed")):
        yield Line(
            f"D23 {words}",
            len(run.polls(name)) > 1 and run.sources[name]["state"] == "ok" and run.stored(name) > 0,
            f"{run.town.host(name)}: {len(run.polls(name))} polls, {run.stored(name)} articles",
        )


def distances(log: Iterable[Asked]) -> tuple[int, float, int]:
    """Pairs of requests to one host, the least distance of two starts (seconds), pairs at the same time."""
    pairs, worst, together = 0, float("inf"), 0
    for asked in by_host(log).values():
        for before, after in pairwise(sorted(asked, key=lambda one: one.at)):
            pairs, worst = pairs + 1, min(worst, after.at - before.at)
            together += after.at < before.end
    return pairs, worst, together


def _robots(run: Played) -> Iterator[Line]:
    for name, words, forbidden, allowed in (
        ("rules", "BOM, longest rule, * and $", {"/a1", "/a2", "/a12", "/a20"}, {"/a0", "/a3"}),
        ("token", "product token, with a version, not a longer name", {"/a1"}, {"/a0", "/a2"}),
        ("far-robots", "four redirects, a rule behind 490 KiB", {"/a1"}, {"/a0", "/a2"}),
        ("robots-403", "4xx allows everything", set(), {"/a0", "/a1", "/a2"}),
        ("robots-500", "5xx allows nothing", {"/a0", "/a1", "/a2"}, set()),
        ("robots-silent", "unreachable allows nothing", {"/a0", "/a1", "/a2"}, set()),
    ):
        asked = {one.path for one in run.town.of(name)}
        yield Line(
            f"D20 robots.txt: {words}",
            not asked & forbidden and asked >= allowed and len(run.polls(name)) > 1,
            f"{sorted(path for path in asked if path.startswith('/a'))} asked for, "
            f"forbidden ones {sorted(asked & forbidden) or 'not'}",
        )
    yield Line(
        "D20 robots: articles spares the feeds that the user named",
        len(run.polls("token")) > 1 and run.sources["token"]["state"] == "ok",
        f"{len(run.polls('token'))} polls of a feed that its robots.txt forbids",
    )
    reads = {
        name: [one.at for one in run.town.of(name, "/robots.txt")] for name in ("good", "busy", "rules", "robots-403")
    }
    gaps = [after - before for times in reads.values() for before, after in pairwise(times)]
    yield Line(
        "D20 robots.txt is kept for a day",
        all(reads.values()) and all(gap >= DAY - EXACT for gap in gaps),
        f"{sum(map(len, reads.values()))} reads on {len(reads)} hosts in {run.end / DAY:.1f} days, gaps {hours(gaps)} h",
    )
    rules = run.town.of("rules")
    read = next(n for n, one in enumerate(rules) if one.path == "/robots.txt")
    slow = [after.at - before.at for before, after in pairwise(rules[read:])]
    yield Line(
        "D20 Crawl-delay is honoured, by the feed's polls as well",
        len(slow) > 3 and min(slow) >= 30 - EXACT,
        f"30 s asked for, least of {len(slow)} distances {min(slow):.3f} s",
    )


def _looks(run: Played) -> Iterator[Line]:
    pages: dict[str, list[Asked]] = {}
    for one in run.town.of("good"):
        if one.path.startswith("/a"):
            pages.setdefault(one.path, []).append(one)
    ages = [age.total_seconds() for age in REVISITS]
    bare = [one for asked in pages.values() for one in asked[1:] if not one.conditional]
    early = [
        (path, n)
        for path, asked in pages.items()
        for n, one in enumerate(asked[1:])
        if one.at - asked[0].at < ages[n] - PROMPT
    ]
    looks = [one.at - pages["/a0"][0].at for one in pages["/a0"][1:]]
    yield Line(
        "D22 a known article is looked at ever more rarely, conditionally",
        len(looks) > 2 and not bare and not early and all(a < b for a, b in pairwise(looks)),
        f"{len(pages)} pages, the first looked at after {hours(looks)} h; {len(bare)} unconditional, {len(early)} early",
    )
