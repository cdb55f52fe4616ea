"""H: what a server answers."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import brotli

from ingest.cadence import moved, redirect_verdict, sighted
from ingest.fetch import Robots, Validators
from ingest.fetch.answers import retry_after
from tests.box.pages import page
from tests.hostile.certificates import self_signed, tls, trusted
from tests.hostile.row import Chapter, answer, item, rss, told
from tests.hostile.world import FEED, World, drip
from tests.web import Answer, conditional

chapter = Chapter("H", "HTTP", 25)
MOMENT = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)


@chapter.row("H1", "304 to a conditional request", "^new, then unchanged with 1 request, 1 conditional")
def _(world: World) -> str:
    site = world.site()
    site.routes["/feed"] = conditional(rss(item(1, at=site.url + "/")), etag='"1"', content_type=FEED["Content-Type"])
    first, second = (world.crawl(site.url + "/feed") for _ in range(2))
    return (
        f"{first.sources['0'].polled}, then {second.sources['0'].polled} with {second.requests} request, "
        f"{second.conditional} conditional"
    )


@chapter.row("H2", "304 to an unconditional request", r"^status: 304.*\[soft\]$")
def _(world: World) -> str:
    return world.get(world.serve(b"HTTP/1.1 304 Not Modified\r\n\r\n"))


@chapter.row("H3", "200 with the same ETag and a changed body is read", "^1 discovered, then 2")
def _(world: World) -> str:
    site, found = world.site(), []
    for last in (2, 3):
        items = "".join(item(number, at=site.url + "/") for number in range(1, last))
        site.routes["/feed"] = Answer(rss(items), headers=FEED | {"ETag": '"same"'})
        found.append(world.crawl(site.url + "/feed").total_discovered)
    return f"{found[0]} discovered, then {found[1]}"


@chapter.row(
    "H4", "an ETag of 10 KB, unquoted, weak, or with letters that no header has", r"^(200 .*, ){5}sent: a b, W/\"x\"$"
)
def _(world: World) -> str:
    url = world.serve(answer())
    got = [
        world.get(url, validators=Validators(etag=etag))
        for etag in ("x" * 10_000, '"é"', "x\r\nInjected: 1", "a b", 'W/"x"')
    ]
    lines = [line for head in world.heads for line in head.decode("latin-1").split("\r\n")]
    assert not any(line.startswith("Injected") for line in lines)
    return ", ".join([*got, "sent: " + ", ".join(line[15:] for line in lines if line.startswith("If-None-Match: "))])


@chapter.row("H5", "Retry-After in every form", r"^120 s, 30 s, 0 s, None, None, 0 s, 2147483648 s, None, 7 s$")
def _(_: World) -> str:
    at = {"date": "Mon, 23 Nov 2026 06:30:00 GMT"}
    forms = (
        "120",
        "Mon, 23 Nov 2026 06:30:30 GMT",
        "Mon, 23 Nov 1970 06:30:30 GMT",
        "-5",
        "soon",
        "0",
        "9" * 400,
        "",
        "7, 3",
    )
    found = [retry_after(at | {"retry-after": form}, MOMENT) for form in forms]
    return ", ".join("None" if one is None else f"{one.total_seconds():.0f} s" for one in found)


@chapter.row(
    "H5",
    "429 with an absurd Retry-After holds the host, 31 days at most",
    r"^failed; HTTP 429, Retry-After 9+: left alone until \d+-\d+-\d+ .* 30 days from now$",
)
def _(world: World) -> str:
    site = world.site(feed=Answer(status=429, headers={"Retry-After": "9" * 30}))
    report = world.crawl(site.url + "/feed")
    held = report.holds[site.host]
    until = datetime.strptime(held.rpartition("until ")[2], "%Y-%m-%d %H:%M %Z").replace(tzinfo=UTC)
    return f"{report.sources['0'].polled}; {held}, {(until - datetime.now(UTC)).days} days from now"


_STATUSES = {"H6": (("401", "blocked"), ("403", "blocked"), ("404", "soft"), ("410", "gone")),
             "H7": (("500", "transient"), ("502", "transient"), ("503", "slowed")),
             "H24": (("999", "soft"),)}  # fmt: skip

for _row, _statuses in _STATUSES.items():
    for _status, _follows in _statuses:

        @chapter.row(_row, f"status {_status}", rf"^status: HTTP {_status}.*\[{_follows}\]$")
        def _(world: World, status: str = _status) -> str:
            return world.get(world.serve(answer(status=f"{status} X")))


@chapter.row(
    "H8",
    "301: stored after four equal sightings over three days, not before",
    "^1 None, 2 None, 3 None, 4 https://new.example/feed$",
)
def _(_: World) -> str:
    move, stored = None, []
    for day in range(4):
        to = moved("https://old.example/feed", [(301, "https://new.example/feed")])
        move = sighted(move, to, at=MOMENT + timedelta(days=day), parsed=True)
        stored.append(f"{day + 1} {redirect_verdict('https://old.example/feed', move).store}")
    return ", ".join(stored)


@chapter.row(
    "H9", "302 and one 301: followed, not stored", "^2 stored; polled next at the old address, the old address$"
)
def _(world: World) -> str:
    sites = [world.site(), world.site()]
    for number, site in enumerate(sites):
        site.routes["/a"] = Answer(page())
        site.routes["/new"] = Answer(rss(item("a", at=f"{site.url}/")), headers=FEED)
        site.routes["/feed"] = Answer(status=302 - number, headers={"Location": "/new"})
    report = world.crawl(*(site.url + "/feed" for site in sites))
    store = world.store()
    next_at = [store.poll_state(str(number)).url == site.url + "/feed" for number, site in enumerate(sites)]
    where = ", ".join("the old address" if same else "THE NEW ONE" for same in next_at)
    return f"{report.totals['stored']} stored; polled next at {where}"


@chapter.row(
    "H10", "redirects to itself, in a circle, over fifty hops, nowhere",
    "^redirect: .* in a circle.*, redirect: .* in a circle.*, redirect: .* more than 8 times.*, redirect: .* to nowhere .*, 13 requests$",
)  # fmt: skip
def _(world: World) -> str:
    site = world.site()
    for path, target in (("itself", "/itself"), ("there", "/back"), ("back", "/there?")):
        site.routes[f"/{path}"] = Answer(status=302, headers={"Location": target})
    site.routes["/there?"] = site.routes["/there"]
    for hop in range(50):
        site.routes[f"/{hop}"] = Answer(status=301, headers={"Location": f"/{hop + 1}"})
    site.routes["/nowhere"] = Answer(status=302, headers={})
    got = [world.get(f"{site.url}/{path}") for path in ("itself", "there", "0", "nowhere")]
    return f"{', '.join(got)}, {len(site.requests)} requests"


@chapter.row("H11", "an endless body on a redirect is not read", "^200 ")
def _(world: World) -> str:
    target = world.serve(answer())
    head = f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    endless = world.serve(lambda c: (c.sendall(head), drip(c, b"ffff\r\n" + b"x" * 65535 + b"\r\n", 0, 5)))
    return world.get(endless)


@chapter.row("H12", "redirects to file:, gopher: and the metadata service", "^redirect.*, redirect.*, blocked_address")
def _(world: World) -> str:
    targets = ("file:///etc/passwd", "gopher://127.0.0.1/", "http://169.254.169.254/latest/")
    return ", ".join(world.get(world.serve(answer(b"", f"Location: {t}", status="302 Found"))) for t in targets)


@chapter.row(
    "H13",
    "a redirect to another host carries no authorisation, cookie, own header or validator",
    "^200 .*; Accept, Accept-Encoding, Connection, Host, User-Agent$",
)
def _(world: World) -> str:
    target = world.serve(answer()).replace("127.0.0.1", "other.example")
    redirect = answer(
        b"", f"Location: {target.replace('//', '//me:secret@')}", "Set-Cookie: a=1; Domain=.example", status="302 Found"
    )
    first = world.serve(redirect).replace("127.0.0.1", "one.example").replace("//", "//me:secret@")
    got = world.get(first, look_up=lambda *_: ["127.0.0.1"], validators=Validators(etag='"1"', last_modified="x"))
    names = sorted(line.partition(":")[0] for line in world.heads[-1].decode().split("\r\n")[1:] if line)
    return f"{got}; {', '.join(names)}"


@chapter.row(
    "H14",
    "https leads to http: followed, reported, never stored",
    "^200 .*; https://x.example/feed redirects to http://x.example/feed, without encryption; .*; stored None$",
)
def _(world: World) -> str:
    folder = world.folder()
    plain = world.serve(answer())
    url = world.enter(tls(self_signed(folder), answer(b"", f"Location: {plain}", status="301 Moved")))
    with trusted(folder / "cert"):
        got = world.get(url)
    move = None
    for day in range(9):
        to = moved("https://x.example/feed", [(301, "http://x.example/feed")])
        move = sighted(move, to, at=MOMENT + timedelta(days=day), parsed=True)
    verdict = redirect_verdict("https://x.example/feed", move)
    return f"{got}; {verdict.warning}; stored {verdict.store}"


@chapter.row(
    "H15", "endless 1xx; 9,000 headers; a header without end", r"^((timeout|bad_body): .*\[transient\],? ?){3}$"
)
def _(world: World) -> str:
    hints = world.serve(lambda c: drip(c, b"HTTP/1.1 103 Early Hints\r\n\r\n" * 50, 0.001, 3))
    headers = b"".join(b"X-%d: %s\r\n" % (n, b"y" * 50) for n in range(9_000))
    many = world.serve(b"HTTP/1.1 200 OK\r\n" + headers + b"Content-Length: 2\r\n\r\nok")
    endless = world.serve(lambda c: (c.sendall(b"HTTP/1.1 200 OK\r\nX: "), drip(c, b"y" * 65536, 0, 3)))
    return ", ".join(world.get(url, timeout=0.5) for url in (hints, many, endless))


@chapter.row("H16", "two lengths, a negative one, bad chunks", r"^(bad_body.*\[transient\],? ?){3}$")
def _(world: World) -> str:
    heads = (b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nokk", b"Content-Length: -1\r\n\r\nok",
             b"Transfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n")  # fmt: skip
    return ", ".join(world.get(world.serve(b"HTTP/1.1 200 OK\r\n" + head)) for head in heads)


def _gzip_bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)), packer.flush()])


def _brotli_bomb(size: int) -> bytes:
    packer = brotli.Compressor(quality=5, lgwin=24)
    return b"".join([*(packer.process(bytes(1_000_000)) for _ in range(size // 1_000_000)), packer.finish()])


for _name, _bomb in (("gzip", _gzip_bomb), ("deflate", lambda n: zlib.compress(bytes(n))), ("br", _brotli_bomb),
                     ("gzip, gzip", lambda n: gzip.compress(_gzip_bomb(n)))):  # fmt: skip

    @chapter.row("H17", f"a decompression bomb, {_name}", r"^too_big: .*\[soft\]$", 5)
    def _(world: World, name: str = _name, bomb: Callable[[int], bytes] = _bomb) -> str:
        data = bomb(world.size(20_000_000, 200_000_000))
        return world.get(world.serve(answer(data, f"Content-Encoding: {name}")), max_bytes=10_000_000)


@chapter.row("H18", "cut gzip and brotli", "^bad_body.*, bad_body")
def _(world: World) -> str:
    text = bytes(range(256)) * 200
    cut = {"gzip": gzip.compress(text)[:-40], "br": brotli.compress(text)[:-5]}
    return ", ".join(world.get(world.serve(answer(data, f"Content-Encoding: {name}"))) for name, data in cut.items())


@chapter.row(
    "H18",
    "a feed whose gzip is cut: its validators are not stored",
    "^failed, etag None, then asked 0 times conditionally$",
)
def _(world: World) -> str:
    site = world.site()
    cut = gzip.compress(rss("".join(map(item, range(50)))).encode())[:-40]
    site.routes["/feed"] = Answer(cut, headers=FEED | {"Content-Encoding": "gzip", "ETag": '"1"'})
    first = world.crawl(site.url + "/feed")
    etag = world.store().poll_state("0").etag
    return f"{first.sources['0'].polled}, etag {etag}, then asked {world.crawl(site.url + '/feed').conditional} times conditionally"


@chapter.row("H19", "several members, x-gzip, raw deflate", "^(200 with 12 bytes(, )?){3}$")
def _(world: World) -> str:
    text = b"hello, world"
    forms = {"gzip": gzip.compress(text[:5]) + gzip.compress(text[5:]), "x-gzip": gzip.compress(text),
             "deflate": zlib.compress(text)[2:-4]}  # fmt: skip
    return ", ".join(world.get(world.serve(answer(data, f"Content-Encoding: {name}"))) for name, data in forms.items())


@chapter.row("H20", "encodings that were not asked for, or are not what they say", "^bad_body.*, bad_body.*, bad_body")
def _(world: World) -> str:
    return ", ".join(
        world.get(world.serve(answer(b"plain", f"Content-Encoding: {n}"))) for n in ("zstd", "rot13", "gzip")
    )


@chapter.row("H21", "a challenge page in the place of a feed", "^NotASource: ")
def _(world: World) -> str:
    return told(world.source("<html><title>Just a moment...</title><body>Checking your browser before you continue"))


@chapter.row(
    "H21", "200 with a login in the place of a page: the article is not it", "^failed; login in place of the page$"
)
def _(world: World) -> str:
    site = world.site()
    site.routes["/feed"] = Answer(rss(item("a", at=site.url + "/")), headers=FEED)
    site.routes["/a"] = Answer(
        "<html><title>Sign in</title><form><input name=p type=password></form>" + "<p>Words. " * 200
    )
    report = world.crawl(site.url + "/feed")
    return f"{', '.join(report.totals)}; {'; '.join(problem.reason for problem in report.sources['0'].problems)}"


@chapter.row("H22", "200 without a body, 204, 206", "^200 with 0 bytes, status: HTTP 204.*, status: HTTP 206")
def _(world: World) -> str:
    answers = (answer(b""), b"HTTP/1.1 204 No Content\r\n\r\n", answer(status="206 Partial"))
    return ", ".join(world.get(world.serve(one)) for one in answers)


@chapter.row("H22", "an empty body is no feed", r"^NotASource: .*empty")
def _(world: World) -> str:
    return told(world.source(b""))


@chapter.row("H23", "Set-Cookie is not kept, not even within a visit", "^200 .*; 2 requests, 0 cookies$")
def _(world: World) -> str:
    site = world.site()
    site.routes["/one"] = Answer(status=302, headers={"Location": "/two", "Set-Cookie": "track=me; Path=/"})
    site.routes["/two"] = Answer("ok", headers={"Set-Cookie": "track=me; Path=/"})
    got = world.get(site.url + "/one")
    return f"{got}; {len(site.requests)} requests, {sum('cookie' in one.headers for one in site.requests)} cookies"


@chapter.row("H24", "NUL in a header", r"^bad_body: .*\[transient\]$")
def _(world: World) -> str:
    return world.get(world.serve(answer(b"ok", "X: a\0b")))


@chapter.row(
    "H25", "robots.txt with a mark, as HTML, with stars, 500 KB, absurd delays", r"^False True True True None 60\.0$"
)
def _(_: World) -> str:
    marked = Robots.read(200, b"\xef\xbb\xbfUser-agent: *\nDisallow: /", "ingest").allows("https://e.org/a")
    html = Robots.read(200, b"<html><body>not found", "ingest").allows("https://e.org/a")
    stars = Robots.read(200, b"User-agent: *\nDisallow: /" + b"*a" * 40 + b"b", "ingest").allows(
        "https://e.org/" + "a" * 2000
    )
    large = Robots.read(200, b"User-agent: *\n" + b"Disallow: /x\n" * 40_000, "ingest").allows("https://e.org/a")
    nan = Robots.read(200, b"User-agent: *\nCrawl-delay: nan", "ingest").crawl_delay
    endless = Robots.read(200, b"User-agent: *\nCrawl-delay: 1e20", "ingest").crawl_delay or 0
    return f"{marked} {html} {stars} {large} {nan} {min(endless, 60.0)}"


@chapter.row("H25", "robots.txt answers 500: its pages wait, its feed is polled", "^new; 1 failed; .*robots.txt")
def _(world: World) -> str:
    site = world.site()
    site.routes["/feed"] = Answer(rss(item("a", at=site.url + "/")), headers=FEED)
    site.routes["/robots.txt"] = Answer(status=500)
    one = world.crawl(site.url + "/feed").sources["0"]
    return f"{one.polled}; {one.outcomes['failed']} failed; {'; '.join(problem.reason for problem in one.problems)}"
