"""How a source publishes, measured: entries a day, hours of the day, silence, and how soon it is worth a look.

Polls are spread so that the sum of all delays is least for the requests made. That asks for a density of polls in
proportion to the square root of the rate of entries: a source that publishes four times as much is asked twice as often, by
day more often than by night (K. C. Sia, J. Cho, H.-K. Cho: Efficient Monitoring Algorithm for Fast News Alerts, IEEE TKDE
19(7), 2007). What benchmarks/cadence.py measures of it stands in docs/decisions/0007-cadence.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import sqrt

from ingest.cadence.history import DAYS, History, Look
from ingest.cadence.rules import LONGEST, Rule, spell

LOOK_FOR_ONE_A_DAY = timedelta(hours=4)
"""The interval for one entry a day; 16 entries a day come to an hour."""
PAGES_SHARE = 1 / 4
"""Entries leave a page as new ones come: look again before this share of it is new."""
SILENCE = 3
"""Entries that should have come and did not. A source silent for T brings no more than 3/T entries a unit of time, with 95 %
confidence: the rule of three (J. A. Hanley, A. Lippman-Hand: If Nothing Goes Wrong, Is Everything All Right?, JAMA 249,
1983)."""
_HEAD_START = timedelta(hours=3)  # a source that nothing is known of is taken to have brought one entry in these hours
_LEAST_HOUR = 0.1  # of an average hour: the deadest hour is asked, too
_BURST_LOOKS = 3
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """A history, read at a moment."""

    now: datetime
    looks: tuple[Look, ...]
    usual: float
    """Entries a day while the source publishes."""
    silence: timedelta
    """Since the newest entry, or since the source is known; zero before it is."""
    weights: tuple[float, ...]
    """Each hour of the day, UTC, against an average one."""

    @classmethod
    def of(cls, history: History, now: datetime) -> Rhythm:
        """Before the first look, 8 entries a day.

        >>> Rhythm.of(History(), datetime(2026, 5, 1, tzinfo=UTC)).usual
        8.0
        """
        begun = history.newest or history.since
        return cls(
            now=now.astimezone(UTC),
            looks=history.looks,
            usual=_usual(history),
            silence=max(now - begun, timedelta()) if begun else timedelta(),
            weights=_weights(history.hours),
        )

    @property
    def missing(self) -> float:
        """Entries that should have come during the silence, by the usual rhythm."""
        days, rest = divmod(self.silence, _DAY)
        hour, left, tail = (self.now - rest).hour, rest / _HOUR, 0.0
        left_of_hour = 1 - _past_hour(self.now - rest)
        while left > 0:
            part = min(left_of_hour, left)
            tail += part * self.weights[hour]
            hour, left, left_of_hour = (hour + 1) % 24, left - part, 1.0
        return self.usual * (days + tail / 24)

    @property
    def rate(self) -> float:
        """Entries a day that can be expected now: the usual ones, or what the silence leaves of them."""
        return self.usual * min(1.0, SILENCE / max(self.missing, SILENCE))

    def pace(self) -> Rule:
        """When a look is worth while, by the rhythm alone; at most a year."""
        calm, room = self._calm(), self._room()
        return Rule(interval=min(calm, room, LONGEST), words=f"adaptive: {self._words(crowded=room < calm)}")

    def _calm(self) -> timedelta:
        """Until the density of polls, summed over the hours, gives one poll."""
        root = sqrt(self.rate)
        densities = [root * sqrt(weight) for weight in self.weights]
        days, due = divmod(LOOK_FOR_ONE_A_DAY / _HOUR, sum(densities))
        if days >= LONGEST / _DAY:
            return LONGEST
        hour, part, waited = self.now.hour, 1 - _past_hour(self.now), 0.0
        while densities[hour] * part < due:
            due -= densities[hour] * part
            waited += part
            hour, part = (hour + 1) % 24, 1.0
        return days * _DAY + (waited + due / densities[hour]) * _HOUR

    def _room(self) -> timedelta:
        """Until a quarter of the page is new, at the fastest that the last looks have seen.

        A single new entry says nothing of a rate: n of them are n - 1 intervals.
        """
        if not self.looks or not self.looks[-1].entries:
            return LONGEST
        bursts = (
            (after.new - 1) / ((after.at - before.at) / _DAY)
            for before, after in pairwise(self.looks[-_BURST_LOOKS - 1 :])
            if after.new > 1 and after.at > before.at
        )
        days = self.looks[-1].entries * PAGES_SHARE / max(self.rate, *bursts, 0)
        return days * _DAY if days < LONGEST / _DAY else LONGEST

    def _words(self, *, crowded: bool) -> str:
        words = f"{_rounded(self.usual)} entries a day"
        if not self.looks:
            return f"{words}, as long as nothing is known"
        if self.missing > SILENCE:
            return f"{words}, none for {spell(self.silence)}"
        last = self.looks[-1]
        near = ", nearly missed" if crowded and last.new > last.entries / 2 else ""
        return f"{words}, {last.new} of {last.entries} new at the last poll{near}"


def _usual(history: History) -> float:
    """Entries a day while the source publishes; one more than were seen, in the head start before it was known."""
    if history.newest is None or history.since is None:
        return _DAY / _HEAD_START
    newest = history.newest
    begun = max(history.since, datetime(newest.year, newest.month, newest.day, tzinfo=UTC) - (DAYS - 1) * _DAY)
    return (sum(history.days) + 1) / ((newest - begun + _HEAD_START) / _DAY)


def _weights(hours: tuple[int, ...]) -> tuple[float, ...]:
    """The hours around one count for it, and few entries say little."""
    smooth = [(hours[i - 1] + 2 * hours[i] + hours[(i + 1) % 24]) / 4 + 1 for i in range(24)]
    average = sum(smooth) / 24
    return tuple(max(count / average, _LEAST_HOUR) for count in smooth)


def _past_hour(time: datetime) -> float:
    """The part of a time's hour that is over."""
    return (time.minute + time.second / 60) / 60


def _rounded(number: float) -> str:
    return f"{number:.0f}" if number >= 10 else f"{number:.1g}" if number < 1 else f"{number:.1f}"
