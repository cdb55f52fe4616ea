"""C. When the server says no."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ingest.cadence.redirects import OVER, SIGHTINGS
from ingest.fetch.client import MAX_HOPS
from manners.hosts import DAY, HOUR
from manners.played import EXACT, PROMPT, Line, Played, Row, hours

_BACK_OFF = {"broken": 0.25, "silent": 0.25, "missing": 3.0, "forbidden": 6.0}
"""Hours after the first failure; doubled with each, at least min_interval, at most a day."""
_OUT = "refused the connection or can't be reached"


def judge(run: Played) -> Iterator[Line]:
    yield from _patience(run)
    yield from _failures(run)
    yield from _outage(run)
    yield from _redirects(run)
    yield from _in_place_of_a_feed(run)


def _patience(run: Played) -> Iterator[Line]:
    for name, words in (("slow-down", "seconds, on a 429"), ("until", "a date, by the answer's own Date, on a 503")):
        told = next((one.at for one in run.town.of(name) if one.status in (429, 503)), None)
        after = [one.at - told for one in run.town.of(name) if told is not None and one.at > told]
        yield Line(
            f"C14 Retry-After holds the whole host: {words}",
            bool(after) and after[0] >= 10 * HOUR - EXACT,
            f"asked for 10 h; the next request of any kind, of {'two feeds and ' * (name == 'slow-down')}pages, "
            f"after {hours(after[:1])} h",
        )
    patient, held = run.polls("patience"), run.hosts[run.town.host("patience")]["hold_until"]
    yield Line(
        "C14 10^12 seconds are 31 days, more than max_interval",
        len(patient) == 2 and abs(run.seconds(held) - patient[-1].at - 31 * DAY) < PROMPT,
        f"{len(patient)} polls, held for {(run.seconds(held) - patient[-1].at) / DAY:.2f} days",
    )
    for name, what in (("junk-after", "negative and junk"), ("zero-after", "zero")):
        gaps = run.calm_gaps(name)[1:2]
        yield Line(
            f"C14 {what} in Retry-After survives",
            bool(gaps) and HOUR - EXACT <= gaps[0] <= 1.1 * HOUR + PROMPT,
            f"asked again after {hours(gaps)} h",
        )
    fault = run.calm_gaps("fault-after")[1:2]
    yield Line(
        "C14 Retry-After counts on any error",
        bool(fault) and 6 * HOUR - EXACT <= fault[0] <= 6.6 * HOUR + PROMPT,
        f"500 with six hours, asked again after {hours(fault)} h",
    )
    refused = [one.at for one in run.real_private if one.path == "/feed"]
    others = [one for one in run.real_private if refused and one.path != "/feed" and one.at > refused[0]]
    yield Line(
        "C14 a private host is held by URL, the refused feed by all processes",
        len(refused) == 1 and any(one.path == "/feed2" and one.status in (200, 304) for one in others),
        f"the refused feed was asked for {len(refused)} time, then {len(others)} other requests there, in real time",
    )
    yield Line(
        "C14 what a hold covers can be configured",
        None,
        "`hold: host` in virtual time, the default on a private host in real time; URL and domain: "
        "see tests/pipeline/test_holds.py",
    )


def _failures(run: Played) -> Iterator[Line]:
    slowed = {name: run.sources[name] for name in ("slow-down", "until", "patience", "junk-after", "zero-after")}
    blamed = {name: row["failures"] for name, row in slowed.items() if _blame(row) != (0, False)}
    said = sum(len(run.failures(name, "HTTP 4", "HTTP 5")) for name in (*slowed, "slow-down-2"))
    yield Line(
        "C15 429 and 503 are no failures of the feed",
        not blamed and said >= len(slowed),
        f"{said} such answers to {len(slowed)} feeds, {len(blamed)} of them blamed",
    )
    states = {"missing": "failing", "forbidden": "blocked", "broken": "failing", "silent": "failing", "gone": "gone"}
    yield Line(
        "C15 403 blocks, 404 and 5xx fail, 410 is gone",
        all(run.sources[name]["state"] == state for name, state in states.items()),
        ", ".join(f"{name} {run.sources[name]['state']}" for name in states),
    )
    for name, first in _BACK_OFF.items():
        gaps = run.calm_gaps(name)
        wanted = [min(max(first * 2**n, 1.0), 24.0) * HOUR for n in range(len(gaps))]
        yield Line(
            f"C15 back-off of a {name} feed doubles, with jitter, up to a day",
            None
            if len(gaps) == 1
            else bool(gaps)
            and all(least - EXACT <= gap <= 1.1 * least + PROMPT for gap, least in zip(gaps, wanted, strict=True)),
            f"gaps {hours(gaps)} h, wanted {hours(wanted)} h and up to a tenth more",
        )
    gone = run.sources["gone"]
    again = (run.seconds(gone["next_due_at"]) - run.polls("gone")[0].at) / DAY
    yield Line(
        "C15 410 stops, and is asked again after months",
        len(run.polls("gone")) == 1 and 90 <= again < 100,
        f"{len(run.polls('gone'))} poll, the next after {again:.1f} days",
    )
    given_up = [
        name
        for name, row in run.sources.items()
        if (name not in ("gone", "patience") and not row["next_due_at"])
        or run.seconds(row["next_due_at"]) > run.end + 100 * DAY
    ]
    yield Line(
        "C15 no feed is given up for good", not given_up, f"{len(run.sources)} sources, without a next poll: {given_up}"
    )


def _outage(run: Played) -> Iterator[Line]:
    rule = "C16 our own outage blames nobody, no counter moves"
    if run.outage is None:
        yield Line(rule, None, "in the full run only")
        return
    moved = {
        name: (row["failures"], run.after_outage[name]["failures"])
        for name, row in run.before_outage.items()
        if _blame(row) != _blame(run.after_outage[name])
    }
    tried = sum(run.before_outage[name]["next_due_at"] != row["next_due_at"] for name, row in run.after_outage.items())
    yield Line(
        rule,
        not moved and tried > 10,
        f"network out for {(run.outage[1] - run.outage[0]) / HOUR:.0f} h, {tried} sources tried in vain, "
        f"counters moved: {moved or 'none'}",
    )


def _blame(row: Row) -> tuple[int, bool]:
    """What is counted against a source."""
    return row["failures"], row["state"] in ("failing", "blocked", "gone")


def _redirects(run: Played) -> Iterator[Line]:
    for name in ("moves", "moves-308"):
        polls = run.polls(name)
        over = polls[-1].at - polls[0].at
        due = over >= OVER.total_seconds() - EXACT and len(polls) >= SIGHTINGS
        moved = run.sources[name]["moved_to"]
        yield Line(
            f"C17 {'301' if name == 'moves' else '308'} is followed at once, and stored after days",
            (moved == f"http://{run.town.host('moved-here')}/feed") == due and run.stored("moved-here") > 0,
            f"{len(polls)} polls over {over / DAY:.2f} days by way of the old address; stored: {moved or 'not yet'}",
        )
    kept = run.stored("moved-here")
    both = [run.sources[name]["state"] for name in ("moves", "moves-308")]
    yield Line(
        "C17 two sources that become one keep articles and history",
        kept > 2 and both == ["ok", "ok"],
        f"{kept} articles, both sources {both}",
    )
    lent = {name: run.sources[name]["moved_to"] for name in ("elsewhere", "elsewhere-303", "elsewhere-307")}
    polls = {name: len(run.polls(name)) for name in lent}
    bare = [one for one in run.town.of("lent", "/feed") if not one.conditional]
    yield Line(
        "C17 302, 303, 307 are never stored",
        not any(lent.values()) and min(polls.values()) > 1 and len(bare) == len(lent),
        f"polls by way of the first address: {polls}; unconditional at the end of the way: {len(bare)} for {len(lent)} sources",
    )
    for name in ("loops", "long-chain"):
        asked = [one.at for one in run.town.of(name) if one.path.startswith("/feed")]
        begun = [
            0,
            *(n + 1 for n, (before, after) in enumerate(pairwise(asked)) if after - before > HOUR / 2),
            len(asked),
        ]
        longest = max(after - before for before, after in pairwise(begun))
        yield Line(
            f"C17 {name.replace('-', ' ')} ends",
            longest <= MAX_HOPS and run.sources[name]["state"] == "failing",
            f"{longest} requests at most, then: {run.sources[name]['last_error']}",
        )
    yield Line("C17 https to http is reported", None, "no certificates here; see tests/cadence/test_redirects.py")


def _in_place_of_a_feed(run: Played) -> Iterator[Line]:
    for name, words in (("login", "login"), ("challenge", "challenge"), ("web-page", "not a feed")):
        said = run.failures(name, "")
        again = [one for one in run.polls(name)[3:] if one.conditional and one.status in (200, 304)]
        yield Line(
            f"C18 a {name} in place of a feed is named, and nothing is lost",
            len([one for one in said if words in one]) == 2
            and all(words in one or _OUT in one for one in said)
            and bool(again)
            and run.sources[name]["state"] == "ok"
            and run.stored(name) == 1,
            f"{said[:1]}; then {len(again)} polls with the validators from before, {run.stored(name)} article kept",
        )
