"""A. Conditional polling."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from manners.hosts import ALWAYS_TAGGED, HOSTS, HOUR, RSS
from manners.played import Line, Played

_ASKED_FOR = re.compile(r"/(feed\d*|a\d+|robots\d*\.txt)")
_DECODED = {"gzip", "deflate", "br", "zstd"}


def judge(run: Played) -> Iterator[Line]:
    later = {name: [one for one in run.polls(name)[1:] if not one.conditional] for name in ALWAYS_TAGGED}
    yield Line(
        "A1 one unconditional request, none after",
        all(len(run.polls(name)) > 1 and not run.polls(name)[0].conditional for name in ALWAYS_TAGGED)
        and not any(later.values()),
        f"{sum(len(run.polls(name)) for name in ALWAYS_TAGGED)} polls of {len(ALWAYS_TAGGED)} feeds, "
        f"unconditional after the first: {sum(map(len, later.values()))}",
    )
    checked, wrong = _validators(run)
    yield Line(
        "A2 A3 validators byte for byte, both, never invented",
        checked > len(ALWAYS_TAGGED) and not wrong,
        f"{checked} conditional polls, {len(wrong)} with another value than the last one given {wrong[:3] or ''}",
    )
    given = {name: _given(run, name) for name in ("new-tags", "one-changes", "date-only", "tag-only", "busy")}
    yield Line(
        "A4 a new validator counts: on a 304, when one of two changed, when no entry did",
        all(found and not missed for found, missed in given.values()),
        ", ".join(f"{name} {found} new, {missed} not sent back" for name, (found, missed) in given.items()),
    )
    for name, what in (("cut", "cut off"), ("no-gzip", "not to be decoded"), ("no-feed", "not to be parsed")):
        polls = run.polls(name)
        yield Line(
            f"A5 no validators after a body that is {what}",
            len(polls) > 1 and not any(one.conditional for one in polls),
            f"{len(polls)} polls, {sum(one.conditional for one in polls)} conditional; {run.sources[name]['last_error']}",
        )
    offered, missing = _offered(run, "busy", HOUR), _offered(run, "busy", HOUR) - run.articles
    yield Line(
        "A5 validators never stand for links that are not stored",
        len(offered) > 5 and not missing,
        f"{len(offered)} entries shown to a daemon that was killed on the way, {len(missing)} not stored",
    )
    false = run.polls("false-304")
    yield Line(
        "A6 a 304 to an unconditional request is an error",
        len(false) > 1
        and not any(one.conditional for one in false)
        and run.sources["false-304"]["state"] == "failing"
        and run.sources["false-304"]["failures"] == len(false),
        f"{len(false)} polls, {run.sources['false-304']['failures']} failures, none conditional",
    )
    log = run.town.log
    odd = [one.path for one in log if {"cookie", "referer", "authorization"} & one.headers.keys()]
    invented = [one.path for one in log if not _ASKED_FOR.fullmatch(one.path)]
    yield Line(
        "A7 no cookie, Referer, query or invented address",
        not odd and not invented and bool(run.polls("cookies")),
        f"{len(log)} requests, {len(odd) + len(invented)} odd {(odd + invented)[:3] or ''}",
    )
    agents = {one.headers.get("user-agent", "") for one in log}
    yield Line(
        "A8 User-Agent says who we are",
        all(re.fullmatch(r"ingest/[\w.]+ \(\+https://\S+\)", one) for one in agents),
        ", ".join(sorted(agents)),
    )
    feeds = {one.headers.get("accept", "") for one in log if one.path == "/feed" and one.host != run.town.host("loops")}
    encodings = {one.headers.get("accept-encoding", "") for one in log}
    named = {token.strip() for one in encodings for token in one.split(",")}
    yield Line(
        "A8 Accept names feed types, Accept-Encoding what is decoded",
        all("application/rss+xml" in one and "application/atom+xml" in one for one in feeds)
        and named <= _DECODED
        and run.sources["packed"]["state"] == "ok",
        f"{', '.join(sorted(encodings))}; the gzipped feed is {run.sources['packed']['state']}",
    )


def _validators(run: Played) -> tuple[int, list[str]]:
    """Conditional polls, and those that did not send exactly what the last 200 or 304 gave."""
    checked, wrong = 0, []
    for name in ALWAYS_TAGGED:
        etag = date = None
        for one in run.polls(name):
            if one.conditional:
                checked += 1
                if (one.headers.get("if-none-match"), one.headers.get("if-modified-since")) != (etag, date):
                    wrong.append(f"{name}: {one.headers} for {etag} {date}")
            if one.status == 200 and one.type == RSS["Content-Type"]:
                etag, date = one.etag, one.last_modified
            elif one.status == 304:
                etag, date = one.etag or etag, one.last_modified or date
    return checked, wrong


def _given(run: Played, name: str) -> tuple[int, int]:
    """How often a host gave other validators than before, and how often the next poll did not bring them back."""
    answers = [one for one in run.polls(name) if one.status in (200, 304)]
    new = missed = 0
    for before, now in pairwise(answers):
        if (before.etag, before.last_modified) != (now.etag, now.last_modified):
            new += 1
            following = next((one for one in run.polls(name) if one.at > now.at), None)
            sent = following and (following.headers.get("if-none-match"), following.headers.get("if-modified-since"))
            missed += sent is not None and sent != (now.etag, now.last_modified)
    return new, missed


def _offered(run: Played, name: str, every: float) -> set[str]:
    """The addresses of all entries in the documents that a host gave out, up to an hour before the end."""
    assert name in HOSTS
    versions = [int(one.at / every) + 3 for one in run.polls(name) if one.status == 200 and one.at < run.end - HOUR]
    return {f"http://{run.town.host(name)}/a{n}" for version in versions for n in range(max(0, version - 20), version)}
