"""Dates as feeds and sitemaps write them: RFC 822 with all its sins, RFC 3339, W3C's profile of ISO 8601.

A moment without a zone is one in the source's zone, or none at all; a day that does not exist is none (feedparser makes
the 30th of February the first of March).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

EARLIEST_YEAR = 1600  # newspapers began in 1605; earlier dates are nulls like 0001-01-01
LATEST = timedelta(days=2)  # after the fetch: zones and pre-dated news, no more
_NEVER = frozenset(
    {datetime(1970, 1, 1, tzinfo=UTC), datetime(1900, 1, 1, tzinfo=UTC)}
)  # zeros of Unix and of spreadsheets

_CLOCK = r"(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?(?:\s*([AaPp])\.?[Mm]\.?(?![A-Za-z]))?"
_ISO = re.compile(rf"(\d{{4}})-?(\d\d)(?:-?(\d\d))?(?:[T\s]+{_CLOCK}\s*(.*))?")
_RFC822 = re.compile(
    rf"(?:[^\W\d]+\.?,?\s+)?(\d{{1,2}})[\s.-]+([^\W\d]{{3,9}})\.?,?[\s-]+(\d{{4}}|\d{{2}})(?:,?[T\s]+{_CLOCK}\s*(.*))?"
)
# Month first: C's asctime, JavaScript's toString, American prose.
_MONTH_FIRST = re.compile(
    rf"(?:[^\W\d]+\.?,?\s+)?([^\W\d]{{3,9}})\.?\s+(\d{{1,2}}),?(?:\s+(\d{{4}}))?,?\s+{_CLOCK}\s*([A-Za-z+-][\w:+-]*(?:\s\(.*\))?)?\s*(\d{{4}})?"
)
_OFFSET = re.compile(r"(?:GMT|UTC?|Z)?\s*([+-])(\d{1,2}):?(\d\d)?(?:\s*\(.*\))?", re.IGNORECASE)

_MONTHS = {name: i for i, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)} | {
    # seen in feeds of other languages: German, French, Spanish, Italian, Portuguese, Dutch
    "mär": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12, "fév": 2, "avr": 4, "jui": 6, "aoû": 8, "déc": 12,
    "ene": 1, "abr": 4, "ago": 8, "set": 9, "dic": 12, "gen": 1, "mag": 5, "giu": 6, "lug": 7, "ott": 10,
    "fev": 2, "out": 10, "maa": 3, "mei": 5, "juil": 7,
}  # fmt: skip
# Hours from UTC. RFC 822's own, then those that feeds of their countries use. Not IST and AST: they mean several.
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 1, "west": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2,
    "eet": 2, "sast": 2, "eest": 3, "msk": 3, "pkt": 5, "wib": 7, "ict": 7, "hkt": 8, "sgt": 8, "pht": 8, "awst": 8,
    "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "brt": -3, "art": -3,
    "edt": -4, "est": -5, "cdt": -5, "cst": -6, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8,
}  # fmt: skip


def read_date(text: str | None, *, zone: str | None, now: datetime) -> datetime | None:
    """The moment that a feed's date names, aware; None if it names none or an absurd one.

    `zone` is the IANA name of the source's zone, for times without one; `now` is when the feed was fetched.

    >>> now = datetime(2024, 5, 3, tzinfo=UTC)
    >>> read_date("Wed, 01 May 2024 10:00:00 EST", zone=None, now=now).isoformat()
    '2024-05-01T10:00:00-05:00'
    >>> read_date("2024-05-01 10:00", zone="Asia/Seoul", now=now).isoformat()
    '2024-05-01T10:00:00+09:00'
    >>> read_date("2024-05-01 10:00", zone=None, now=now), read_date("Fri, 30 Feb 2024 10:00:00 GMT", zone=None, now=now)
    (None, None)
    """
    found = _fields(text.strip()[:100]) if text else None
    if found is None:
        return None
    year, month, day, hour, minute, second, zone_text = found
    own_zone = _zone(zone_text)
    if own_zone is None and (zone_text or zone is None):
        return None
    try:
        when = datetime(year, month, day, 0, minute, second, tzinfo=own_zone or ZoneInfo(zone or "UTC"))
        when += timedelta(hours=hour)  # 24:00 is the next day's first moment
        in_utc = when.astimezone(UTC)
    except (ValueError, OverflowError):  # no such day, no such time
        return None
    if year < EARLIEST_YEAR or in_utc > now + LATEST or in_utc in _NEVER:
        return None
    return when


def _fields(text: str) -> tuple[int, int, int, int, int, int, str] | None:
    """(year, month, day, hour, minute, second, zone as written)."""
    if match := _ISO.fullmatch(text):
        year, name, day, *clock, zone = match.groups()
        month = int(name)
    elif match := _RFC822.fullmatch(text):
        day, name, year, *clock, zone = match.groups()
        month = _month(name)
    elif match := _MONTH_FIRST.fullmatch(text):
        name, day, year, *clock, zone, year_behind = match.groups()
        year = year or year_behind or "0"
        month = _month(name)
    else:
        return None
    hour, minute, second = (int(part or 0) for part in clock[:3])
    if half := clock[3]:
        hour = hour % 12 + (12 if half in "Pp" else 0)
    if month == 0 or hour > 24:
        return None
    full_year = int(year) + (0 if len(year) == 4 else 2000 if int(year) < 70 else 1900)
    return full_year, month, int(day or 1), hour, minute, min(second, 59), (zone or "").strip()


def _month(name: str) -> int:
    name = name.lower()
    return _MONTHS.get(name[:4]) or _MONTHS.get(name[:3]) or 0


def _zone(text: str) -> tzinfo | None:
    """The zone that a date names; None if it names none or one that can't be."""
    if match := _OFFSET.fullmatch(text):
        hours, minutes = int(match[2]), int(match[3] or 0)
        if hours > 14 or minutes > 59:
            return None
        offset = timedelta(hours=hours, minutes=minutes)
        return timezone(-offset if match[1] == "-" else offset)
    hours_off = _ZONES.get(text.partition("(")[0].strip().lower())
    return None if hours_off is None else UTC if hours_off == 0 else timezone(timedelta(hours=hours_off))
