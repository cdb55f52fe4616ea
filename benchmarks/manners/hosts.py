"""What the hosts have, and how they behave: good ones, and one for each way in which a server can be difficult."""

from __future__ import annotations

import gzip
from collections.abc import Callable

from manners.town import Asked, Player, Reply, Town

HOUR = 3600.0
DAY = 24 * HOUR
RSS = {"Content-Type": "application/rss+xml"}
HTML = {"Content-Type": "text/html; charset=utf-8"}
TEXT = "The harbour office said on Monday that the ferries would run again, and that the pier had been mended. "


def article(path: str) -> Reply:
    title = f"Story {path.strip('/')} of the day"
    body = "".join(f"<p>{n}. {title}: {TEXT * 3}</p>" for n in ("One", "Two", "Three", "Four"))
    page = f"<html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"
    return Reply(page.encode(), headers=HTML | {"ETag": f'"{path}"'})


def rss(host: str, numbers: range, extra: str = "") -> bytes:
    items = "".join(f"<item><title>Story {n}</title><link>http://{host}/a{n}</link></item>" for n in reversed(numbers))
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>T</title>{extra}{items}</channel></rss>".encode()


def not_modified(asked: Asked, reply: Reply) -> Reply:
    """A 304 for whoever has it already."""
    tag, date = reply.headers.get("ETag"), reply.headers.get("Last-Modified")
    known = (
        asked.headers.get("if-none-match") == tag if tag else date and asked.headers.get("if-modified-since") == date
    )
    return Reply(status=304, headers=_without_type(reply.headers)) if known else reply


def _without_type(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "Content-Type"}


def page_or(asked: Asked, feed: Callable[[], Reply], robots: Reply | None = None) -> Reply:
    if asked.path == "/robots.txt":
        return robots or Reply(status=404)
    if asked.path.startswith("/feed"):
        return feed()
    return not_modified(asked, article(asked.path))


def feed(
    *,
    every: float = 6 * HOUR,
    news: bool = True,
    tags: Callable[[int], dict[str, str]] | None = None,
    extra: str = "",
    headers: dict[str, str] | None = None,
    robots: bytes | Reply = b"",
) -> Player:
    """A feed that shows its last twenty entries; every so often there is a new one, or (`news` off) another version of it.

    `tags` gives a version's validators.
    """
    rules = Reply(robots, headers={"Content-Type": "text/plain"}) if isinstance(robots, bytes) and robots else robots

    def play(town: Town, asked: Asked) -> Reply:
        def answer() -> Reply:
            version = int(town.now() / every) + 3
            numbers = range(max(0, version - 20), version) if news else range(1)
            body = rss(asked.host, numbers, f"{extra}<!-- {version} -->")
            return not_modified(asked, Reply(body, headers=RSS | (tags or both)(version) | (headers or {})))

        return page_or(asked, answer, rules or None)

    return play


def both(version: int) -> dict[str, str]:
    return {"ETag": f'W/"v {version}"', "Last-Modified": f"Mon, {version} weird date, kept as it is"}


def none(_version: int) -> dict[str, str]:
    return {}


def always(reply: Reply) -> Player:
    """Instead of the feed; its pages are there."""
    return lambda _town, asked: page_or(asked, lambda: reply)


def count(town: Town, asked: Asked, path: str = "/feed") -> int:
    """How often the host has been asked for it, this time included."""
    return sum(one.host == asked.host and one.path.startswith(path) for one in town.log)


def after_first(reply: Reply, *, then: int = 10**9) -> Player:
    """A good feed, but from the second request to the `then`-th the reply."""
    good = feed(news=False)

    def play(town: Town, asked: Asked) -> Reply:
        of_feed = asked.path.startswith("/feed")
        return reply if of_feed and 1 < count(town, asked) <= then else good(town, asked)

    return play


def new_tag_on_304(town: Town, asked: Asked) -> Reply:
    """Gives a new ETag with each 304."""
    tag = {"ETag": f'"{count(town, asked)}"'}

    def answer() -> Reply:
        new = Reply(rss(asked.host, range(1)), headers=RSS | tag)
        return Reply(status=304, headers=tag) if asked.conditional else new

    return page_or(asked, answer)


def refused_first(town: Town, asked: Asked) -> Reply:
    """Its first article page answers 429 once."""
    first = asked.path == "/a0" and count(town, asked, "/a0") == 1
    return Reply(status=429, headers={"Retry-After": "14400"}) if first else feed()(town, asked)


def refuses_one(town: Town, asked: Asked) -> Reply:
    """Its first feed is refused, its others are good."""
    return Reply(status=429, headers={"Retry-After": "3600"}) if asked.path == "/feed" else feed()(town, asked)


def to(status: int, name: str) -> Player:
    """Redirects to another host."""
    return lambda town, asked: page_or(asked, lambda: Reply(status=status, headers=_to(town.host(name), "/feed")))


def loops(_town: Town, asked: Asked) -> Reply:
    return page_or(asked, lambda: Reply(status=302, headers=_to(asked.host, "/feed")))


def long_chain(_town: Town, asked: Asked) -> Reply:
    """Each hop leads to another one: /feed, /feed1, /feed2 …"""
    number = int(asked.path.removeprefix("/feed") or 0) if asked.path.startswith("/feed") else 0
    return page_or(asked, lambda: Reply(status=302, headers=_to(asked.host, f"/feed{number + 1}")))


def _to(host: str, path: str) -> dict[str, str]:
    return {"Location": f"http://{host}{path}"}


def without_robots(reply: Reply) -> Player:
    """A feed whose host answers so to /robots.txt."""
    return lambda town, asked: reply if asked.path == "/robots.txt" else feed(every=DAY)(town, asked)


def far_robots(_town: Town, asked: Asked) -> Reply:
    """robots.txt is behind four redirects, and its rule behind 490 KiB."""
    path = asked.path
    if path.startswith("/robots"):
        number = int(path.removeprefix("/robots").removesuffix(".txt") or 0)
        if number < 4:
            return Reply(status=301, headers=_to(asked.host, f"/robots{number + 1}.txt"))
        body = b"User-agent: *\n" + (b"#" * 99 + b"\n") * (490 * 1024 // 100) + b"Disallow: /a1$\n"
        return Reply(body, headers={"Content-Type": "text/plain"})
    return feed(every=DAY)(_town, asked)


RULES = b"\xef\xbb\xbfUser-agent: ingest\nCrawl-delay: 30\nDisallow: /a1$\nDisallow: /*2\nAllow: /a22\n"
# Another product's name begins with ours; the group of our name may carry a version (RFC 9309 §2.2.1).
TOKEN = b"User-agent: ingestor\nDisallow: /\n\nUser-agent: Ingest/1.0\nDisallow: /a1$\nDisallow: /feed\n\nUser-agent: *\nDisallow: /a2$\n"
LOGIN = b"<html><head><title>Log in</title></head><body><form><input type='password' name='p'></form></body></html>"
CHALLENGE = Reply(b"<html><title>Just a moment...</title></html>", 403, HTML | {"cf-mitigated": "challenge"})
LONG_AGO = "Sat, 01 Jan 2000 00:00:00 GMT"
LATER = "Sat, 01 Jan 2000 10:00:00 GMT"
SKIP_HOURS = "<skipHours>" + "".join(f"<hour>{n}</hour>" for n in range(12)) + "</skipHours>"
_SYNDICATION = "xmlns:s='http://purl.org/rss/1.0/modules/syndication/'"
SY = f"<s:updatePeriod {_SYNDICATION}>daily</s:updatePeriod><s:updateFrequency {_SYNDICATION}>3</s:updateFrequency>"


def stale(**headers: str) -> Player:
    """A feed without news, another version each hour."""
    return feed(every=HOUR, news=False, headers={name.replace("_", "-"): value for name, value in headers.items()})


def said(extra: str) -> Player:
    """The same, with something of the publisher's."""
    return feed(every=HOUR, news=False, extra=extra)


def refuses(status: int, retry_after: str = "", *, then: int = 2, **headers: str) -> Player:
    more = {"Retry-After": retry_after} if retry_after else {}
    return after_first(Reply(status=status, headers=more | headers), then=then)


def unreadable(body: bytes, **headers: str) -> Player:
    """Has validators, but nothing that could be read."""
    return always(Reply(body, headers=RSS | {"ETag": '"never"', "Last-Modified": LONG_AGO} | headers))


ENCODED = {"Content-Encoding": "gzip"}
HOSTS: dict[str, Player] = {
    # Conditional polling (the card's part A).
    "good": feed(),
    "busy": feed(every=HOUR),
    "quiet": feed(every=1000 * DAY),
    "cookies": feed(every=DAY, headers={"Set-Cookie": "id=1; Path=/"}),
    "new-tags": new_tag_on_304,
    "date-only": feed(every=5 * HOUR, news=False, tags=lambda v: {"Last-Modified": f"{v}, not a date"}),
    "tag-only": feed(every=5 * HOUR, news=False, tags=lambda v: {"ETag": f"no-quotes-{v}"}),
    "one-changes": feed(
        every=5 * HOUR, news=False, tags=lambda v: {"ETag": f'"{v // 2}"', "Last-Modified": f"day {v}"}
    ),
    "false-304": always(Reply(status=304)),
    "packed": always(Reply(gzip.compress(rss("nowhere.test", range(0))), headers=RSS | ENCODED)),
    "cut": unreadable(gzip.compress(rss("nowhere", range(20)))[:-30], **ENCODED),
    "no-gzip": unreadable(b"this is no gzip" * 50, **ENCODED),
    "no-feed": unreadable(b"<?xml version='1.0'?><rss version='2.0'><chan"),
    # How often (B).
    "bare": feed(every=HOUR, news=False, tags=none),
    "fresh": stale(**{"Cache-Control": "max-age=28800", "Expires": "0"}),
    "fresh-304": feed(every=1000 * DAY, news=False, headers={"Cache-Control": "max-age=28800"}),
    "fresh-500": refuses(500, then=10**9, **{"Cache-Control": "max-age=43200"}),
    "expires": stale(Date="Sat, 01 Jan 2000 02:00:00 GMT", Expires=LATER),
    "no-store": stale(**{"Cache-Control": "no-store, max-age=86400"}),
    "ttl": said("<ttl>480</ttl>"),
    "sy": said(SY),
    "skip": said(SKIP_HOURS),
    "skip-day": said("<skipDays><day>Monday</day></skipDays>"),
    "absurd": said("<ttl>100000</ttl>"),
    # When the server says no (C).
    "slow-down": refuses(429, "36000"),
    "until": refuses(503, LATER, Date=LONG_AGO),
    "patience": refuses(503, str(10**12), then=10**9),
    "junk-after": refuses(429, "-5, soon"),
    "zero-after": refuses(429, "0"),
    "fault-after": refuses(500, "21600"),
    "gone": always(Reply(status=410)),
    "missing": always(Reply(status=404)),
    "forbidden": always(Reply(status=403)),
    "broken": always(Reply(status=500)),
    "silent": always(Reply(status=0)),
    "moves": to(301, "moved-here"),
    "moves-308": to(308, "moved-here"),
    "moved-here": feed(every=DAY),
    "elsewhere": to(302, "lent"),
    "elsewhere-303": to(303, "lent"),
    "elsewhere-307": to(307, "lent"),
    "lent": feed(every=DAY),
    "loops": loops,
    "long-chain": long_chain,
    "login": after_first(Reply(LOGIN, headers=HTML), then=3),
    "challenge": after_first(CHALLENGE, then=3),
    "web-page": after_first(article("/front"), then=3),
    # One host (D).
    "rules": feed(every=4 * HOUR, robots=RULES),
    "token": feed(every=DAY, robots=TOKEN),
    "far-robots": far_robots,
    "robots-403": without_robots(Reply(status=403)),
    "robots-500": without_robots(Reply(status=500)),
    "robots-silent": without_robots(Reply(status=0)),
    "busy-page": refused_first,
    "v6": feed(every=DAY),
    "dead-aaaa": feed(every=DAY),
}
UNPOLLED = ("moved-here", "lent")
SELDOM = (
    "cookies", "moves", "moves-308", "elsewhere", "elsewhere-303", "elsewhere-307", "loops", "long-chain", "rules", "token",
    "far-robots", "robots-403", "robots-500", "robots-silent", "v6", "dead-aaaa",
)  # fmt: skip
"""Hosts that show nothing about how often: polled every four hours at most, to save time."""
ALWAYS_TAGGED = (
    "good", "busy", "quiet", "cookies", "new-tags", "date-only", "tag-only", "one-changes", "fresh", "fresh-304", "expires",
    "no-store", "ttl", "sy", "skip", "skip-day", "absurd", "login", "challenge", "web-page", "rules", "slow-down", "until", "busy-page",
    "v6", "dead-aaaa",
)  # fmt: skip
"""Hosts that give validators with every feed."""
