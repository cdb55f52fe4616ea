"""B. How often."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from leap import ORIGIN

from manners.hosts import DAY, HOSTS, HOUR, UNPOLLED
from manners.played import EXACT, PROMPT, Line, Played, hours
from manners.town import by_host

_HINTS = {
    "fresh": (8, "Cache-Control: max-age, before Expires"),
    "fresh-304": (8, "max-age on a 304"),
    "fresh-500": (12, "max-age on an error"),
    "expires": (8, "Expires less Date, without max-age"),
    "ttl": (8, "ttl"),
    "sy": (8, "sy:updatePeriod and updateFrequency"),
}
_REASONS = {
    "fresh": "max-age=28800",
    "ttl": "ttl 8h",
    "sy": "sy:updatePeriod",
    "bare": "no validators",
    "absurd": "max_interval",
    "broken": "back-off",
    "patience": "Retry-After",
    "good": "adaptive",
}


def judge(run: Played) -> Iterator[Line]:
    least = {name: min(run.gaps(name), default=DAY) for name in HOSTS if name not in (*UNPOLLED, "loops")}
    early = {name: gap for name, gap in least.items() if gap < HOUR - EXACT}
    yield Line(
        "B9 never sooner than min_interval, an hour where nothing is configured",
        not early and run.polls("busy")[1:] != [],
        f"least gap {min(least.values()):.3f} s over {len(least)} feeds{f', too early: {early}' if early else ''}",
    )
    bare = run.gaps("bare")
    yield Line(
        "B9 a day where a server gives no validators and no hint",
        bool(bare) and min(bare) >= DAY - EXACT,
        f"gaps {hours(bare)} h",
    )
    yield from _hints(run)
    yield from _rhythm(run)
    yield from _restart(run)
    wrong = {name: _set_by(run, name) for name, words in _REASONS.items() if words not in _set_by(run, name)}
    said = run.explained.partition("set by")[2].split("\n")[0].strip()
    yield Line(
        "B13 explain says which rule set the next poll",
        not wrong and said == _set_by(run, "fresh"),
        "; ".join(f"{name}: {_set_by(run, name)}" for name in _REASONS) if not wrong else str(wrong),
    )


def _set_by(run: Played, name: str) -> str:
    return str(run.memory(name).get("reason"))


def _hints(run: Played) -> Iterator[Line]:
    jitters: list[float] = []
    for name, (wanted, words) in _HINTS.items():
        gaps = run.calm_gaps(name)
        if name == "fresh-500":
            gaps = gaps[1:]  # the first answer is good, and says nothing
        jitters += [gap / (wanted * HOUR) for gap in gaps if gap < wanted * HOUR * 1.1 + PROMPT]
        yield Line(
            f"B10 the publisher's hint counts: {words}",
            bool(gaps) and min(gaps) >= wanted * HOUR - EXACT and min(gaps) <= wanted * HOUR * 1.1 + PROMPT,
            f"asked for {wanted} h, gaps {hours(gaps)} h",
        )
    for name in ("busy", "no-store", "broken"):
        jitters += [gap / HOUR for gap in run.calm_gaps(name) if gap < 1.1 * HOUR + PROMPT]
    yield Line(
        "B10 times 1 + U(0, 0.1)",
        len(jitters) > 5 and min(jitters) >= 1 - EXACT and len({round(one, 4) for one in jitters}) > 5,
        f"{len(jitters)} polls {min(jitters):.3f} to {max(jitters):.3f} times what was wanted",
    )
    store = run.calm_gaps("no-store")
    yield Line(
        "B10 no hint under no-store", bool(store) and store[0] < 8 * HOUR, f"max-age of a day, gaps {hours(store)} h"
    )
    for name, what, skipped in (
        ("skip", "skipHours", [_moment(one.at) for one in run.polls("skip")[1:] if _moment(one.at).hour < 12]),
        (
            "skip-day",
            "skipDays",
            [_moment(one.at) for one in run.polls("skip-day")[1:] if _moment(one.at).weekday() == 0],
        ),
    ):
        yield Line(
            f"B10 {what} are left alone",
            len(run.polls(name)) > 1 and not skipped,
            f"{len(run.polls(name))} polls, the second {_moment(run.polls(name)[1].at):%a %H:%M}; skipped ones asked: {skipped}"
            if len(run.polls(name)) > 1
            else "not polled a second time",
        )
    absurd, warnings = run.gaps("absurd"), run.memory("absurd").get("warnings", [])
    yield Line(
        "B10 absurd hints are clamped and reported",
        bool(absurd)
        and min(absurd) >= DAY - EXACT
        and absurd[0] <= 1.1 * DAY + PROMPT
        and any("can't be meant" in one for one in warnings),
        f"a ttl of 69 days, gaps {hours(absurd)} h; {warnings}",
    )


def _rhythm(run: Played) -> Iterator[Line]:
    busy, quiet = len(run.polls("busy")), len(run.polls("quiet"))
    yield Line(
        "B11 a busy feed is asked more often than a quiet one",
        busy > quiet,
        f"{busy} polls of a feed with 24 entries a day, {quiet} of a silent one",
    )


def _restart(run: Played) -> Iterator[Line]:
    killed, began = run.killed
    cut = run.cut_off
    after = [one.at - cut.at for one in run.polls("quiet") if cut and one.at > cut.at]
    yield Line(
        "B12 a kill -9 and a restart poll nothing early, not what was under way either",
        cut is not None and bool(after) and after[0] >= HOUR - EXACT,
        f"killed while a poll waited for its answer, and begun again at once: polled again after {hours(after[:1])} h; see B9",
    )
    asked = by_host(run.town.log)
    hosts = run.overdue - {run.town.host(name) for name in UNPOLLED}  # redirects lead there, whenever they are due
    firsts = sorted(next((one.at for one in asked[host] if one.at >= began), float("inf")) for host in hosts)
    distances = [after - before for before, after in pairwise(firsts)]
    yield Line(
        "B12 what came due meanwhile is spread out",
        len(firsts) > 15 and min(distances) >= 0.1 - EXACT and firsts[-1] < began + HOUR,
        f"{len(firsts)} hosts overdue after {(began - killed) / HOUR:.0f} h, begun one after the other, "
        f"{min(distances):.3f} s and more apart, within {firsts[-1] - began:.1f} s",
    )


def _moment(at: float) -> datetime:
    return ORIGIN + timedelta(seconds=at)
