"""When it was published and modified, as instants.

Many places of a page name a day, few are right about it: the clock in the header, a teaser's date, a comment's, the
copyright year are traps, and a field that is filled by hand is wrong now and then. So all sightings are collected, from
the most telling to the least and no further than needed, and the day that is told best and most often wins; then the
most precise sighting of that day: an instant, a wall time, a day.

What a page leaves out is not made up. A wall time without a zone is read in the source's configured zone, else in that
of another time on the page, else in the one that the outlet's country has; where that is open too there is no instant:
the value is None, and `origins` keeps the wall time. A day without a time becomes its first moment (in UTC if the zone
is open), and `origins` says that it is a day only.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from ingest.extract.candidates import Candidate
from ingest.extract.moments import Moment, read_moment
from ingest.extract.sightings import Sighting, Sightings, day_of_url, own_address
from ingest.extract.structured import texts
from ingest.extract.view import View
from ingest.extract.zones import Zone, zone_named, zone_of_country

_NEAR = 3.0
"""The least rank of a displayed time of change: those of teasers have less."""


def published(view: View) -> Iterator[Candidate[datetime | None]]:
    """When it was published first, best first; None for a wall time in no known zone."""
    seen = Sightings(view)
    judge = _Judge(seen)
    told = list(seen.told_published())
    sightings = list(told)
    if not judge.settled(sightings):
        sightings += seen.marked(modified=False)
    # A day that only an element marks may have its time of day beside it; of no use where the zone is open.
    untimed = judge.zone is not None and not told and not any(sighting.moment.timed for sighting in sightings)
    if untimed or not sightings or max(sighting.rank for sighting in sightings) < 5.5:
        sightings += seen.displayed()
        if not sightings or max(sighting.rank for sighting in sightings) < 4:
            sightings += seen.scripted()
    sightings += seen.of_address()
    yield from judge.judged(sightings)


def modified(view: View) -> Iterator[Candidate[datetime | None]]:
    """When it was last changed; never before it was published."""
    seen = Sightings(view)
    judge = _Judge(seen)
    sightings = list(seen.told_modified()) or seen.marked(modified=True)
    if not sightings:
        sightings = [one for one in seen.displayed(modified=True) if one.says_modified and one.rank > _NEAR]
    first = view.published_at
    for candidate in judge.judged(sightings):
        if candidate.value is None or first is None or candidate.value >= first:
            yield candidate


def told_day(view: View) -> date | None:
    """The day that the page's address or its data tell, at a first glance; for choosing a site's rules."""
    told = Sightings(view).told_published()
    return day_of_url(own_address(view.url)) or next((sighting.moment.day for sighting in told), None)


class _Judge:
    """Who is right about the day, and what instant it is."""

    def __init__(self, seen: Sightings) -> None:
        self.view, self.url, self.manner = seen.view, seen.url, seen.manner
        self.told_zone = zone_named(seen.view.timezone)
        self.zone = self.told_zone or zone_of_country(seen.host, seen.lang)

    def settled(self, sightings: list[Sighting]) -> bool:
        """Whether what was seen leaves no question: an instant, and nobody says another day."""
        instants = [sighting.moment for sighting in sightings if sighting.moment.timed and sighting.moment.zoned]
        if not instants or max(sighting.rank for sighting in sightings) < 6:
            return False
        days = {self.day(sighting.moment) for sighting in sightings}
        days |= {day for day in (day_of_url(self.url),) if day}
        return max(days) - min(days) <= timedelta(days=1)

    def judged(self, sightings: list[Sighting]) -> Iterator[Candidate[datetime | None]]:
        """The sightings as candidates: the likeliest day first, of one day the most precise sighting."""
        if not sightings:
            return
        support = {id(sighting): self.supported(sighting, sightings) for sighting in sightings}
        best = max(sightings, key=lambda sighting: support[id(sighting)])
        top = support[id(best)]
        for sighting in sightings:
            same = self.agree(sighting.moment, best.moment)
            precision = self.precision(sighting.moment, by_name=sighting.rank >= 3)
            # Whoever tells the likeliest day competes by precision first; the others stay below all of them.
            rank = top + precision + sighting.rank / 100 if same else min(support[id(sighting)], top - 0.01)
            yield self.candidate(sighting, round(rank, 3))

    def supported(self, sighting: Sighting, sightings: list[Sighting]) -> float:
        """The rank of a sighting, raised by independent ones of the same day."""
        score, seen = sighting.rank, {sighting.origin.split(" ")[0]}
        for other in sightings:
            kind = other.origin.split(" ")[0]
            if kind not in seen and self.agree(sighting.moment, other.moment):
                seen.add(kind)
                score += 1.6 if kind == "address" else 0.8
        return score

    def agree(self, one: Moment, other: Moment) -> bool:
        """Whether two moments can be of one day: the same day as written, or, of instants, hours apart."""
        if one.day == other.day or self.day(one) == self.day(other):
            return True
        return (
            one.zoned and other.zoned and one.timed and other.timed and abs(one.when - other.when) < timedelta(hours=2)
        )

    def day(self, moment: Moment) -> date:
        """The day in the outlet's zone, as far as it is known."""
        return moment.when.astimezone(self.zone.zone).date() if moment.zoned and self.zone else moment.day

    def precision(self, moment: Moment, *, by_name: bool) -> float:
        if not moment.timed:
            return 0.0
        if moment.when.time() == time():
            return 0.5 if moment.zoned else 0.3  # midnight is a day that was written as an instant, nearly always
        if not by_name:
            return 0.2
        return 3.0 if moment.zoned else 2.0

    def candidate(self, sighting: Sighting, rank: float) -> Candidate[datetime | None]:
        moment, origin = sighting.moment, sighting.origin
        if moment.zoned:
            when = moment.when
            if self.zone and not when.utcoffset():
                when = when.astimezone(self.zone.zone)  # the same instant, by the clock that readers there saw
            return Candidate(when, origin if moment.timed else f"{origin} (day only)", rank)
        zone = self.told_zone or self.zone_on_page(moment) or self.zone
        if zone:
            kind = f"wall time {moment.shown()}" if moment.timed else "day only"
            return Candidate(zone.at(moment.when), f"{origin} ({kind}, zone: {zone.origin})", rank)
        if moment.timed:
            return Candidate(None, f"{origin} (wall time {moment.shown()}, no zone)", rank)
        return Candidate(moment.when.replace(tzinfo=UTC), f"{origin} (day only, no zone: midnight UTC)", rank)

    def zone_on_page(self, moment: Moment) -> Zone | None:
        """The offset that the page prints with another time of the same season; UTC says nothing about the outlet."""
        for item in self.view.described:
            for key in ("datePublished", "dateModified", "dateCreated"):
                for text in texts(item.get(key)):
                    other = read_moment(text, self.manner)
                    if other and _tells_zone(other, moment):
                        return Zone(other.when.tzinfo or UTC, f"json-ld {key}")
        for name in (
            "article:published_time",
            "article:modified_time",
            "og:updated_time",
            "datepublished",
            "datemodified",
        ):
            for text in self.view.structured.meta.get(name, []):
                other = read_moment(text, self.manner)
                if other and _tells_zone(other, moment):
                    return Zone(other.when.tzinfo or UTC, f"meta {name}")
        return None


def _tells_zone(other: Moment, moment: Moment) -> bool:
    offset = other.when.utcoffset()
    return bool(offset) and abs(other.day - moment.day) < timedelta(days=14)
