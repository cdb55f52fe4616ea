"""The report card: the real daemon, under a fast clock, against a server that plays good and bad hosts.

    python benchmarks/manners.py [--short]

Each line is a rule for good guests (conditional polling, how often, when the server says no, one host); "kept" needs
evidence out of the server's own log. The full run takes some 100 seconds and plays five days, the short one a quarter.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Thread

HOUR = 3600.0
DAY = 24 * HOUR
ORIGIN = datetime(2026, 11, 23, tzinfo=UTC)
DELAY = 2.0
SLACK = 0.06
"""Real seconds that the server's log may be late or early."""


@dataclass
class Asked:
    """One request as the server saw it; times are seconds of the fast clock since the beginning."""

    at: float
    end: float
    host: str
    path: str
    headers: dict[str, str]
    status: int = 0
    etag: str | None = None
    last_modified: str | None = None

    @property
    def conditional(self) -> bool:
        return "if-none-match" in self.headers or "if-modified-since" in self.headers


@dataclass
class Reply:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    """End before all was sent."""


Player = Callable[["Town", Asked], Reply]


class Town:
    """Hosts on 127.0.0.x, all played by one server in a thread; everything that is asked is written down."""

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self.log: list[Asked] = []
        self.players: dict[str, Player] = {}
        self.out = False
        """Whether the whole network is out."""
        self.begun = time.time()
        self._loop = asyncio.new_event_loop()
        self._ready: list[int] = []
        Thread(target=self._serve, daemon=True).start()
        while not self._ready:
            time.sleep(0.01)
        self.port = self._ready[0]

    @property
    def clock(self) -> str:
        """For INGEST_CLOCK: the same clock as the server's."""
        shown = datetime.fromtimestamp(self.begun, UTC)
        return f"{self.speed:g}@{shown.isoformat()}"

    def now(self) -> float:
        return (time.time() - self.begun) * self.speed

    def hour(self) -> int:
        return (datetime.fromtimestamp(self.begun, UTC) + timedelta(seconds=self.now())).hour

    def host(self, name: str) -> str:
        return f"127.0.0.{2 + list(self.players).index(name)}:{self.port}"

    def of(self, name: str, path: str | None = None) -> list[Asked]:
        host = self.host(name)
        return [one for one in self.log if one.host == host and path in (None, one.path)]

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._connection, "0.0.0.0", 0))
        self._ready.append(server.sockets[0].getsockname()[1])
        self._server = server
        self._loop.run_forever()

    def go_out(self) -> None:
        """From now on nobody can be reached."""
        self.out = True
        self._loop.call_soon_threadsafe(self._server.close)

    def come_back(self) -> None:
        async def listen() -> None:
            self._server = await asyncio.start_server(self._connection, "0.0.0.0", self.port)
            self.out = False

        asyncio.run_coroutine_threadsafe(listen(), self._loop).result()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while not self.out and (head := await reader.readuntil(b"\r\n\r\n")):
                if self.out:
                    break
                keep = await self._answer(head.decode("latin-1"), writer)
                if not keep:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, head: str, writer: asyncio.StreamWriter) -> bool:
        first, *lines = head.split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
        asked = Asked(self.now(), 0, headers["host"], first.split(" ")[1], headers)
        self.log.append(asked)
        number = int(asked.host.split(":")[0].rpartition(".")[2]) - 2 if asked.host[0] == "1" else 0
        reply = list(self.players.values())[number](self, asked)
        asked.status = reply.status
        asked.etag, asked.last_modified = reply.headers.get("ETag"), reply.headers.get("Last-Modified")
        said = "".join(f"{name}: {value}\r\n" for name, value in reply.headers.items())
        length = "" if reply.status == 304 else f"Content-Length: {len(reply.body)}\r\n"
        body = reply.body[: len(reply.body) // 2] if reply.cut else reply.body
        writer.write(
            f"HTTP/1.1 {reply.status} X\r\n{said}{length}\r\n".encode() + (b"" if reply.status == 304 else body)
        )
        await writer.drain()
        asked.end = self.now()
        return not reply.cut


# ---------------------------------------------------------------- what the hosts have

TEXT = "The harbour office said on Monday that the ferries would run again, and that the pier had been mended. "
RSS = {"Content-Type": "application/rss+xml"}
HTML = {"Content-Type": "text/html; charset=utf-8"}


def article(path: str) -> Reply:
    title = f"Story {path.strip('/')} of the day"
    body = "".join(f"<p>{n}. {title}: {TEXT * 3}</p>" for n in ("One", "Two", "Three", "Four"))
    page = f"<html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"
    return Reply(page.encode(), headers=HTML | {"ETag": f'"{path}"'})


def rss(host: str, numbers: range, extra: str = "") -> bytes:
    items = "".join(f"<item><title>Story {n}</title><link>http://{host}/a{n}</link></item>" for n in reversed(numbers))
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>T</title>{extra}{items}</channel></rss>".encode()


def page_or(asked: Asked, feed: Callable[[], Reply], robots: bytes = b"") -> Reply:
    if asked.path == "/robots.txt":
        return Reply(robots, status=200 if robots else 404, headers={"Content-Type": "text/plain"})
    if asked.path.startswith("/feed"):
        return feed()
    reply = article(asked.path)
    return not_modified(asked, reply)


def not_modified(asked: Asked, reply: Reply) -> Reply:
    tag, date = reply.headers.get("ETag"), reply.headers.get("Last-Modified")
    if tag and asked.headers.get("if-none-match") == tag:
        return Reply(status=304, headers={"ETag": tag})
    if date and not tag and asked.headers.get("if-modified-since") == date:
        return Reply(status=304)
    return reply


def feed(
    *,
    every: float = 6 * HOUR,
    validators: bool = True,
    extra: str = "",
    headers: dict[str, str] | None = None,
    robots: bytes = b"",
) -> Player:
    """A feed with a new entry `every` so often."""

    def play(town: Town, asked: Asked) -> Reply:
        def answer() -> Reply:
            newest = int(town.now() / every) + 3
            tags = (
                {"ETag": f'W/"v {newest}"', "Last-Modified": f"Mon, {newest} weird date, kept as it is"}
                if validators
                else {}
            )
            body = rss(asked.host, range(max(0, newest - 20), newest), extra)
            return not_modified(asked, Reply(body, headers=RSS | tags | (headers or {})))

        return page_or(asked, answer, robots)

    return play


def always(reply: Reply) -> Player:
    return lambda _town, asked: page_or(asked, lambda: reply)


def after_first(reply: Reply, *, then: int = 10**9, on: str = "/feed") -> Player:
    """A good feed, but from the second request of `on` to the `then`-th the reply."""
    good = feed()

    def play(town: Town, asked: Asked) -> Reply:
        count = sum(one.host == asked.host and one.path.startswith(on) for one in town.log)
        return reply if asked.path.startswith(on) and 1 < count <= then else good(town, asked)

    return play


def new_tag_on_304(town: Town, asked: Asked) -> Reply:
    """Gives a new ETag with each 304."""
    count = sum(one.host == asked.host and one.path == "/feed" for one in town.log)
    tag = {"ETag": f'"{count}"'}

    def answer() -> Reply:
        return (
            Reply(status=304, headers=tag) if asked.conditional else Reply(rss(asked.host, range(2)), headers=RSS | tag)
        )

    return page_or(asked, answer)


def false_304(_town: Town, asked: Asked) -> Reply:
    return page_or(asked, lambda: Reply(status=304))


def cut_gzip(_town: Town, asked: Asked) -> Reply:
    body = gzip.compress(rss(asked.host, range(20)))[:-30]
    return page_or(asked, lambda: Reply(body, headers=RSS | {"Content-Encoding": "gzip", "ETag": '"never"'}))


def moves(town: Town, asked: Asked) -> Reply:
    return page_or(asked, lambda: Reply(status=301, headers={"Location": f"http://{town.host('moved-here')}/feed"}))


def elsewhere(town: Town, asked: Asked) -> Reply:
    return page_or(asked, lambda: Reply(status=302, headers={"Location": f"http://{town.host('lent')}/feed"}))


def loops(_town: Town, asked: Asked) -> Reply:
    return page_or(asked, lambda: Reply(status=302, headers={"Location": f"http://{asked.host}/feed"}))


def busy_page(town: Town, asked: Asked) -> Reply:
    """Its first article page answers 429 once."""
    first = asked.path == "/a0" and sum(one.host == asked.host and one.path == "/a0" for one in town.log) == 1
    return Reply(status=429, headers={"Retry-After": "14400"}) if first else feed()(town, asked)


def robots_500(town: Town, asked: Asked) -> Reply:
    return Reply(status=500) if asked.path == "/robots.txt" else feed()(town, asked)


LOGIN = b"<html><head><title>Log in</title></head><body><form><input type='password' name='p'></form></body></html>"
RULES = b"\xef\xbb\xbfUser-agent: ingest\nCrawl-delay: 30\nDisallow: /a1$\nDisallow: /*2\nAllow: /a22\n"

HOSTS: dict[str, Player] = {
    "localhost": feed(),
    "good": feed(),
    "busy": feed(every=HOUR),
    "quiet": feed(every=100 * DAY),
    "new-tags": new_tag_on_304,
    "bare": feed(every=HOUR, validators=False),
    "false-304": false_304,
    "fresh": feed(every=HOUR, headers={"Cache-Control": "max-age=28800", "Expires": "0"}),
    "no-store": feed(every=HOUR, headers={"Cache-Control": "no-store, max-age=86400"}),
    "ttl": feed(every=HOUR, extra="<ttl>480</ttl>"),
    "skip": feed(every=HOUR, extra="<skipHours>" + "".join(f"<hour>{n}</hour>" for n in range(12)) + "</skipHours>"),
    "absurd": feed(every=HOUR, extra="<ttl>100000</ttl>"),
    "slow-down": after_first(Reply(status=429, headers={"Retry-After": "36000"}), then=2),
    "patience": after_first(Reply(status=503, headers={"Retry-After": str(10**12)})),
    "junk-after": after_first(Reply(status=429, headers={"Retry-After": "-5, soon"}), then=2),
    "busy-page": busy_page,
    "gone": always(Reply(status=410)),
    "missing": always(Reply(status=404)),
    "broken": always(Reply(status=500)),
    "forbidden": always(Reply(status=403)),
    "moves": moves,
    "moved-here": feed(),
    "elsewhere": elsewhere,
    "lent": feed(),
    "loops": loops,
    "login": after_first(Reply(LOGIN, headers=HTML), then=4),
    "cut": cut_gzip,
    "cookies": feed(headers={"Set-Cookie": "id=1; Path=/"}),
    "rules": feed(every=2 * HOUR, robots=RULES),
    "robots-500": robots_500,
}
UNPOLLED = ("moved-here", "lent")


# ---------------------------------------------------------------- the report card


@dataclass
class Line:
    rule: str
    kept: bool | None
    """None: this run can't show it."""
    evidence: str


class Card:
    """What the log shows, rule by rule."""

    def __init__(
        self, town: Town, database: Path, texts: dict[str, str], *, outage: tuple[float, float] | None
    ) -> None:
        self.town = town
        self.slack = SLACK * town.speed
        self.texts = texts
        self.outage = outage
        with sqlite3.connect(database) as connection:
            connection.row_factory = sqlite3.Row
            self.sources = {row["name"]: dict(row) for row in connection.execute("SELECT * FROM source")}
            self.memory = {name: row["memory"] or "" for name, row in self.sources.items()}
            self.seen = {row[0] for row in connection.execute("SELECT url FROM article")}

    def polls(self, name: str) -> list[Asked]:
        return self.town.of(name, "/feed")

    def gaps(self, name: str) -> list[float]:
        return [after.at - before.at for before, after in pairwise(self.polls(name))]

    def lines(self) -> Iterator[Line]:
        yield from self.conditional()
        yield from self.often()
        yield from self.says_no()
        yield from self.one_host()

    def conditional(self) -> Iterator[Line]:
        tagged = ("good", "busy", "quiet", "new-tags", "fresh", "ttl", "cookies", "rules")
        after = {name: [one for one in self.polls(name)[1:] if not one.conditional] for name in tagged}
        first = all(not self.polls(name)[0].conditional for name in tagged)
        polls = sum(len(self.polls(name)) for name in tagged)
        yield Line(
            "A1 one unconditional request, none after",
            first and not any(after.values()),
            f"{polls} polls, unconditional after the first: {sum(map(len, after.values()))}",
        )
        wrong = checked = 0
        for name in tagged:
            etag = date = None
            for one in self.polls(name):
                if one.conditional:
                    checked += 1
                    wrong += (one.headers.get("if-none-match"), one.headers.get("if-modified-since")) != (etag, date)
                etag, date = one.etag or etag, one.last_modified or date
        yield Line(
            "A2 A3 validators byte for byte, both, never invented",
            checked > 0 and not wrong,
            f"{checked} conditional polls, {wrong} with another value than the last one given",
        )
        tags = [(before.etag, after.headers.get("if-none-match")) for before, after in pairwise(self.polls("new-tags"))]
        yield Line(
            "A4 a new validator counts, on a 304 too",
            len(tags) > 1 and all(a == b for a, b in tags),
            f"{len(tags)} polls after a 304 with a new ETag",
        )
        cut = self.polls("cut")
        yield Line(
            "A5 no validators after a body that is cut off",
            len(cut) > 1 and not any(one.conditional for one in cut),
            f"{len(cut)} polls of a cut body, none conditional",
        )
        false = self.polls("false-304")
        yield Line(
            "A6 a 304 to an unconditional request is an error",
            len(false) > 1
            and not any(o.conditional for o in false)
            and self.sources["false-304"]["state"] == "failing",
            f"{len(false)} polls, state {self.sources['false-304']['state']}",
        )
        odd = [
            one
            for one in self.town.log
            if {"cookie", "referer", "authorization"} & one.headers.keys() or "?" in one.path
        ]
        known = {"/feed", "/feed2", "/robots.txt"}
        invented = [one for one in self.town.log if one.path not in known and not one.path.startswith("/a")]
        yield Line(
            "A7 no cookie, Referer, query or invented address",
            not odd and not invented,
            f"{len(self.town.log)} requests, {len(odd) + len(invented)} odd",
        )
        agents = {one.headers.get("user-agent", "") for one in self.town.log}
        accepts = all(
            "application/rss+xml" in one.headers.get("accept", "") for one in self.town.log if one.path == "/feed"
        )
        yield Line(
            "A8 User-Agent, Accept, Accept-Encoding",
            accepts and all(a.startswith("ingest/") and "(+https://" in a for a in agents),
            ", ".join(sorted(agents)),
        )

    def often(self) -> Iterator[Line]:
        least = {name: min(self.gaps(name), default=DAY) for name in HOSTS if name not in (*UNPOLLED, "loops")}
        early = {name: gap for name, gap in least.items() if gap < HOUR - self.slack}
        bare = self.gaps("bare")
        yield Line(
            "B9 never sooner than the least interval",
            not early,
            f"least gap {min(least.values()) / HOUR:.2f} h over {len(least)} feeds{f', too early: {early}' if early else ''}",
        )
        yield (
            Line(
                "B9 a day where a server gives no validators and no hint",
                bool(bare) and min(bare) >= DAY - self.slack,
                f"gaps {', '.join(f'{gap / HOUR:.1f}' for gap in bare)} h",
            )
            if bare or self.town.now() > 1.3 * DAY
            else Line(
                "B9 a day where a server gives no validators and no hint",
                len(self.polls("bare")) == 1,
                "one poll in this run",
            )
        )
        for name, hours, what in (("fresh", 8, "max-age=28800 before Expires"), ("ttl", 8, "ttl 480")):
            gaps = self.gaps(name)
            yield Line(
                f"B10 the publisher's hint counts: {what}",
                bool(gaps) and min(gaps) >= hours * HOUR - self.slack,
                f"gaps {_hours(gaps)} h",
            )
        store = self.gaps("no-store")
        yield Line("B10 no hint under no-store", bool(store) and min(store) < 8 * HOUR, f"gaps {_hours(store)} h")
        skipped = [one for one in self.polls("skip")[1:] if self._hour(one.at) < 12]
        yield Line(
            "B10 skipHours are left alone",
            len(self.polls("skip")) > 1 and not skipped,
            f"{len(self.polls('skip'))} polls, in skipped hours: {[self._clock(one.at) for one in skipped]}",
        )
        absurd = self.gaps("absurd")
        yield Line(
            "B10 absurd hints are clamped and reported",
            "can't be meant" in self.memory["absurd"] and (not absurd or DAY - self.slack <= min(absurd)),
            f"gaps {_hours(absurd)} h; warning {'shown' if 'meant' in self.memory['absurd'] else 'missing'}",
        )
        busy, quiet = len(self.polls("busy")), len(self.polls("quiet"))
        yield Line(
            "B11 a busy feed is asked more often than a quiet one",
            busy > quiet if self.town.now() > 3 * DAY else None,
            f"{busy} polls of a feed with 24 entries a day, {quiet} of a silent one",
        )
        yield Line(
            "B12 a kill -9 and a restart poll nothing early", not early, f"restarted at {self.texts['restart']}; see B9"
        )
        yield Line(
            "B13 explain says which rule set the next poll",
            "set by" in self.texts["explain"],
            self.texts["explain"].partition("set by")[2].split("\n")[0].strip(),
        )

    def says_no(self) -> Iterator[Line]:
        slowed = self.town.of("slow-down")
        told = next((one.at for one in slowed if one.status == 429), None)
        back = [one.at - told for one in slowed if told is not None and one.at > told]
        yield Line(
            "C14 Retry-After holds the whole host, two feeds and their pages",
            bool(back) and back[0] >= 36000 - self.slack,
            f"asked for 10 h, the next request of any kind after {_hours(back[:1])} h",
        )
        patient = self.polls("patience")
        due = self.sources["patience"]["next_due_at"]
        yield Line(
            "C14 10^12 seconds are 31 days",
            len(patient) == 2 and due > (ORIGIN + timedelta(days=30)).isoformat()[:10],
            f"{len(patient)} polls, the next on {due[:10]}",
        )
        junk = self.gaps("junk-after")[1:2]
        yield Line(
            "C14 junk in Retry-After survives",
            bool(junk) and junk[0] >= 0.25 * HOUR,
            f"came back after {_hours(junk)} h",
        )
        states = {
            name: (self.sources[name]["state"], self.sources[name]["failures"])
            for name in ("slow-down", "gone", "missing", "broken", "forbidden")
        }
        yield Line(
            "C15 429 is no failure; 403, 404 slow down; 410 stops; 5xx backs off",
            states["slow-down"] == ("ok", 0)
            and states["gone"][0] == "gone"
            and len(self.polls("gone")) == 1
            and states["forbidden"][0] == "blocked"
            and _grows(self.gaps("broken"))
            and min(self.gaps("missing"), default=DAY) >= 3 * HOUR - self.slack,
            f"{states}; gaps of the 500s {_hours(self.gaps('broken'))} h",
        )
        if self.outage:
            quiet = [name for name in ("good", "busy", "fresh", "ttl") if self.sources[name]["failures"]]
            yield Line(
                "C16 our own outage blames nobody",
                not quiet and self.texts["blamed"] == "0",
                f"network out for {(self.outage[1] - self.outage[0]) / HOUR:.1f} h; good sources blamed at its end: {self.texts['blamed']}",
            )
        else:
            yield Line("C16 our own outage blames nobody", None, "in the full run only")
        moved = self.sources["moves"]["moved_to"]
        sightings = len(self.polls("moves"))
        straight = [
            one
            for one in self.town.of("moved-here", "/feed")
            if self.polls("moves") and one.at > self.polls("moves")[-1].at + HOUR
        ]
        days = (self.polls("moves")[-1].at - self.polls("moves")[0].at) / DAY
        stored = bool(moved) and sightings >= 4 and days >= 3 - 0.01
        yield Line(
            "C17 301 is followed at once, stored after days",
            stored if self.town.now() > 4.2 * DAY else (None if not moved else False),
            f"{sightings} polls over {days:.1f} days by way of the old address, then {len(straight)} straight to the new one",
        )
        lent = self.sources["elsewhere"]["moved_to"]
        tagged = [one for one in self.town.of("lent", "/feed")[1:] if not one.conditional]
        yield Line(
            "C17 302 is never stored, loops end",
            lent is None and self.sources["loops"]["state"] == "failing" and not tagged,
            f"302: {len(self.polls('elsewhere'))} polls, all by way of the first address, {len(tagged)} unconditional after the first; loop: {self.sources['loops']['last_error']}",
        )
        said = self.texts["login"]
        yield Line(
            "C18 a login page in place of the feed is named",
            "in place of the source" in said or "challenge" in said,
            said[:100],
        )

    def one_host(self) -> Iterator[Line]:
        worst, together, counted = 9e9, 0, 0
        for asked in by_host(self.texts["real"]).values() if isinstance(self.texts["real"], list) else ():
            for before, after in pairwise(sorted(asked, key=lambda one: one.at)):
                worst, counted = min(worst, after.at - before.at), counted + 1
                together += after.at < before.end
        yield Line(
            "D19 one request at a time, never closer than the delay",
            counted > 10 and not together and worst >= REAL_DELAY - LATE,
            f"{counted} pairs of requests by two daemons and a crawl in real time: least distance {worst:.3f} s (delay {REAL_DELAY} s), {together} at the same time",
        )
        rules = {one.path for one in self.town.of("rules")}
        bad = {path for path in rules if path == "/a1" or ("2" in path and not path.startswith("/a22"))}
        yield Line(
            "D20 robots.txt: BOM, longest rule, * and $",
            bool(rules) and not bad and "/a0" in rules and "/a10" not in bad,
            f"{len(rules)} addresses, {len(bad)} of them forbidden",
        )
        read = len(self.town.of("rules", "/robots.txt"))
        yield Line(
            "D20 robots.txt is kept for a day",
            read <= self.town.now() / DAY + 1,
            f"read {read} times in {self.town.now() / DAY:.1f} days",
        )
        closed = [one for one in self.town.of("robots-500") if one.path.startswith("/a")]
        yield Line(
            "D20 a robots.txt that answers 5xx allows nothing, the named feed is polled",
            not closed and len(self.town.of("robots-500", "/feed")) > 0,
            f"{len(closed)} pages asked for",
        )
        slowed = self.town.of("busy-page")
        held = next((one for one in slowed if one.status == 429), None)
        meanwhile = [one for one in slowed if held and held.at < one.at < held.at + 4 * HOUR - self.slack]
        yield Line(
            "D21 429 on a page slows the host's feeds",
            held is not None and not meanwhile,
            f"{len(meanwhile)} requests in the four hours asked for",
        )
        looks = [one.at for one in self.town.of("good", "/a0")]
        again = self.town.of("good", "/a0")[1:]
        yield Line(
            "D22 a known article is looked at ever more rarely, conditionally",
            len(looks) > 1 and all(one.conditional for one in again) and len(looks) <= 8,
            f"looked at after {_hours([at - looks[0] for at in looks[1:]])} h",
        )
        yield Line(
            "D23 a dead AAAA does not cost the feed",
            any(one.host.startswith("localhost") and one.status in (200, 304) for one in self.town.log),
            "localhost, served on IPv4 only",
        )

    def _clock(self, at: float) -> str:
        return f"{datetime.fromtimestamp(self.town.begun, UTC) + timedelta(seconds=at):%d %H:%M}"

    def _hour(self, at: float) -> int:
        return (datetime.fromtimestamp(self.town.begun, UTC) + timedelta(seconds=at)).hour


def by_host(asked: list[Asked]) -> dict[str, list[Asked]]:
    found: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        found[one.host].append(one)
    return found


def _hours(gaps: list[float]) -> str:
    return ", ".join(f"{gap / HOUR:.1f}" for gap in gaps[:12]) or "no"


def _grows(gaps: list[float]) -> bool:
    return len(gaps) > 1 and max(gaps) > 1.5 * min(gaps)


# ---------------------------------------------------------------- the run

REAL_DELAY = 0.3
LATE = 0.1
"""Seconds by which the server's thread may write a request down late, on a machine with other things to do."""


def configuration(town: Town, directory: Path, delay: str) -> Path:
    sources = [
        f"  - {{name: {name}, feed: 'http://{'localhost:' + str(town.port) if name == 'localhost' else town.host(name)}/feed'}}"
        for name in town.players
        if name not in UNPOLLED
    ]
    second = (
        f"  - {{name: slow-down-2, feed: 'http://{town.host('slow-down')}/feed2'}}"
        if "slow-down" in town.players
        else ""
    )
    path = directory / "config.yaml"
    path.write_text(
        f"database: sqlite:///{directory}/ingest.db\nidentity: {{contact: 'https://example.org/bot'}}\n"
        "fetch: {allow_addresses: [127.0.0.0/8, '::1/128'], timeout: 5s}\n"
        f"politeness: {{delay: {delay}}}\nsources:\n" + "\n".join([*sources, second]) + "\n"
    )
    return path


@contextmanager
def daemon(config: Path, clock: str, log: str = "log") -> Iterator[subprocess.Popen[bytes]]:
    with (config.parent / log).open("ab") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "ingest", "run", "--config", str(config)],
            stderr=stream,
            env=os.environ | {"INGEST_CLOCK": clock},
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def ingest(config: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "ingest", *arguments, "--config", str(config)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def in_real_time(directory: Path, seconds: float) -> list[Asked]:
    """Two daemons and crawls beside them on a few hosts, with the usual clock: how far apart are their requests?"""
    directory.mkdir()
    town = Town(1.0)
    town.players = {"localhost": feed(every=0.5)} | {name: feed(every=0.5) for name in ("one", "two", "three")}
    config = configuration(town, directory, f"{REAL_DELAY}s")
    end = time.time() + seconds
    with daemon(config, "") as first, daemon(config, "", "log2") as second:
        time.sleep(seconds / 3)
        while time.time() < end:
            ingest(config, "crawl")
        for process in (first, second):
            process.send_signal(signal.SIGTERM)
            process.wait(10)
    return town.log


def play(directory: Path, *, short: bool) -> list[Line]:
    """The whole run; the lines of the card."""
    real = in_real_time(directory / "real", 7 if short else 20)
    speed, days = (5400.0, 1.15) if short else (5400.0, 5.2)
    town = Town(speed)
    town.players = HOSTS
    config = configuration(town, directory, f"{DELAY:g}s")
    texts: dict[str, object] = {"real": real, "login": ""}
    outage = None
    with daemon(config, town.clock) as process:
        _until(town, 0.4 * days)
        process.kill()
        process.wait()
        texts["restart"] = f"{town.now() / HOUR:.0f} h"
    with daemon(config, town.clock) as process:
        if not short:
            _until(town, 0.6 * days)
            begun = town.now()
            town.go_out()
            _until(town, 0.6 * days + 0.25)
            texts["blamed"] = _query(
                directory,
                "SELECT count(*) FROM source WHERE name IN ('good','busy','fresh','ttl','quiet') AND failures > 0",
            )
            town.come_back()
            outage = (begun, town.now())
        _until(town, days)
        while not enough(town) and town.now() < 2 * days * DAY + 3 * DAY:
            time.sleep(0.1)  # a busy machine needs more hours for the same polls
        process.send_signal(signal.SIGTERM)
        process.wait(10)
    log = (directory / "log").read_text()
    texts["login"] = next(
        (line for line in log.splitlines() if '"login"' in line and "error" in line), "not polled a second time"
    )
    texts["explain"] = ingest(config, "explain", "good")
    return list(Card(town, directory / "ingest.db", texts, outage=outage).lines())  # type: ignore[arg-type]


def enough(town: Town) -> bool:
    """Whether each host has been asked often enough to tell."""
    wanted = {"fresh": 2, "ttl": 2, "bare": 2, "no-store": 3, "new-tags": 3, "cut": 2, "false-304": 2, "skip": 2}
    wanted |= {"login": 2, "broken": 5, "junk-after": 3, "patience": 2, "elsewhere": 2, "moves": 2, "good": 3}
    asked = all(len(town.of(name, "/feed")) >= count for name, count in wanted.items())
    held = town.of("slow-down")
    return asked and len(town.of("good", "/a0")) > 1 and bool(held) and held[-1].at > held[0].at + 11 * HOUR


def _until(town: Town, days: float) -> None:
    while town.now() < days * DAY:
        time.sleep(0.05)


def _query(directory: Path, sql: str) -> str:
    with sqlite3.connect(directory / "ingest.db") as connection:
        return str(connection.execute(sql).fetchone()[0])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true", help="A day and a half; some lines can't be shown.")
    parser.add_argument("--keep", type=Path, help="Leave database and logs there.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        directory = options.keep or Path(made)
        directory.mkdir(exist_ok=True)
        lines = play(directory, short=options.short)
    for line in lines:
        mark = {True: "kept    ", False: "NOT KEPT", None: "not here"}[line.kept]
        print(f"{mark}  {line.rule}: {line.evidence}")
    print(
        f"{sum(line.kept is True for line in lines)} kept, {sum(line.kept is False for line in lines)} not, of {len(lines)}"
    )
    return int(any(line.kept is False for line in lines))


if __name__ == "__main__":
    sys.exit(main())
