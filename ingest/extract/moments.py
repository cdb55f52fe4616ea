"""Text → moment: a day, or a day with its time, as machines and people write them.

Two readers: `read_moment` for a value that should be nothing but a date (JSON-LD, `<meta>`, `datetime`), `find_moments`
for dates within text. Numbers are read here, names of months by dateparser's tables of 200 languages; its parser is not
called: it takes 0.6 to 1.1 ms a string (20 to 75 ms for the first of a language), reads "2 hours ago" by the clock of
this machine and fills in what a text leaves out from today.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

MIN_YEAR, MAX_YEAR = 1900, 2099
# What programs write for "no date": the zero of Unix, of spreadsheets, of .NET and MySQL.
_NULL_DAYS = frozenset({date(1970, 1, 1), date(1969, 12, 31), date(1900, 1, 1), date(1901, 1, 1), date(1899, 12, 30)})

_MACHINE = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)"
    r"(?:(?:T|\s+T?)(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?::\d+)?\s*(Z|UTC|GMT|(?:UTC|GMT)?[+-]\d\d?(?::?\d\d)?)?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?)?", re.IGNORECASE)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")

# Dates within text. A month's name is any word here; the language's table decides whether it is one. What a date may
# begin with is asked first, for a search tries every character.
_MONTH_WORD = r"[^\s\d,.;:/()|–—_\-]{1,20}+\.?"
# Thai abbreviations ("พ.ค."); Levantine months of two words, with or without the international name ("آب/أغسطس").
_TWO_WORDS = (
    r"[\u0e01-\u0e4e]{1,3}\.[\u0e01-\u0e4e]\.|"
    r"(?:(?:تشرين|كانون)\s)?[\u0621-\u064a]{2,12}\s?/\s?[\u0621-\u064a]{2,12}|(?:تشرين|كانون)\s[\u0621-\u064a]{4,7}"
)
_GLUE = r"(?:\s|,|\bde\b|\bdel\b|\bof\b|\bd['’]|\bדי\b|\bב|\bng\b|/|-|\.)"
_DATE = re.compile(
    rf"""
    (?=[\d\s元民令平昭])(?P<era>民國|民国|令和|平成|昭和)?\s?(?P<y2>\d{{1,4}}|元)\s*[年년]\s*(?P<m2>\d{{1,2}})\s*[月월]\s*(?P<d2>\d{{1,2}})\s*[日일]?
  | (?=\d)(?:
        (?<![\d.,/-])(?<!\d:)(?P<y1>\d{{4}})\s?[-/.]\s?(?P<m1>\d{{1,2}})\s?[-/.]\s?(?P<d1>\d{{1,2}})(?![\d/]|[.,-]\d)   # 2024-05-03, 2024. 5. 3.
      | (?<![\d.,/-])(?<!\d:)(?P<a>\d{{1,2}})(?P<sep>\s?[./|-]\s?)(?P<b>\d{{1,2}})\s?[./|-]\s?(?P<y3>\d{{4}}|\d{{2}})(?!\d|[./:-]\d)         # 3.5.2024
      | (?<![\d.,/])(?<!\d:)(?P<d4>\d{{1,2}})(?:st|nd|rd|th|er|re|º|ª|°|e|ος|η)?(?:\s?\.)?{_GLUE}{{0,3}}?(?:tháng\s+|ngày\s+)?
          (?P<m4>{_TWO_WORDS}|{_MONTH_WORD}|(?<=tháng\s)\d{{1,2}}){_GLUE}{{0,3}}(?:năm\s+)?(?P<y4>\d{{4}})(?!\d)                                 # 3 May 2024
      | (?<!\d)(?P<y8>\d{{4}})\.?\s?gada\s+(?P<d8>\d{{1,2}})\.?\s+(?P<m8>{_MONTH_WORD})                                           # 2024. gada 3. maijs
      | (?<!\d)(?P<y5>\d{{4}})(?:\.|\sm\.|\.?\sgada|eko|ko|\soni)?\s+(?P<m5>{_MONTH_WORD}){_GLUE}{{1,3}}(?P<d5>\d{{1,2}})(?!\d)       # 2024. május 3.
    )
  | (?<![^\W\d_])(?P<m6>{_MONTH_WORD})(?:
        \s?(?P<d6>\d{{1,2}})(?:st|nd|rd|th|º|ª)?(?:,\s?|\s|\.\s?)(?P<y6>\d{{4}})(?!\d)                                         # May 3, 2024
      | \s+(?P<d7>\d{{1,2}})\s+(?P<clock7>\d\d:\d\d:\d\d)\s+(?P<zone7>[A-Z]{{2,5}}|[+-]\d{{4}})?\s*(?P<y7>\d{{4}})(?!\d)
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_IN_WORDS = (("y4", "m4", "d4"), ("y8", "m8", "d8"), ("y5", "m5", "d5"), ("y6", "m6", "d6"), ("y7", "m6", "d7"))
_GLUED = re.compile(r"^\w*[a-zß-ÿ](?=[A-Z])")  # <a>Jane Doe</a><span>March 4: a style sheet parts them
_HALF = r"(?P<half>오전|오후|午前|午後|上午|下午|凌晨|早上|晚上|a\.?\s?m\.?|p\.?\s?m\.?|am|pm|π\.μ\.|μ\.μ\.|ص|م|SA|CH)"
_ZONE = r"(?P<zone>Z\b|(?:UTC|GMT)\s?(?:[+-]\s?\d{1,2}(?::?\d\d)?)?|[+-]\d\d:?\d\d|[A-ZМСК]{2,5}\b)"
_TIME = re.compile(
    rf"""
    (?:{_HALF}\s?)?(?P<hour>\d{{1,2}})
    (?:\s?(?:[:h時时點点시]|Uhr(?=\s\d\d))\s?(?P<minute>\d\d?(?=\s?[分분])|\d\d)?(?::(?P<second>\d\d)(?:[.,]\d+)?)?|\.(?P<minute2>\d\d)(?![\d.]))?
    \s?(?:分|분)?\s?(?P<uhr>Uhr|Uhr\b|uur|óra|val\.|hod\.?|h\b|hrs?\b|น\.)?
    \s?{_HALF.replace("half", "half2")}?
    (?:\s?\(?{_ZONE})?
    """,
    re.VERBOSE | re.IGNORECASE,
)
# What may stand between a day and its time; a word right before a clock is a weekday in some language.
_BETWEEN = re.compile(
    r"(?:[\s,;|–—·•\-/@(T.]|\b(?:at|um|à|as|às|a|alle|ore|ora|las|la|klo|kl|kello|o|godz|godzina|hod|v|в|о|ob|u|om|u\.|um:|saat|"
    r"d|στις|الساعة|בשעה|lúc|เวลา|ساعت|jam|pukul|uhr|time|mon|tue|wed|thu|fri|sat|sun|日|일)\b|\.|\([^\W\d_]{1,3}\)|[^\W\d_]{2,9}요일|[^\W\d_]{3,12}(?=[\s,]{1,2}\d\d?:\d\d)){0,6}",
    re.IGNORECASE,
)
_AFTERNOON = frozenset({"오후", "午後", "下午", "晚上", "pm", "μμ", "م", "ch"})
_MORNING = frozenset({"오전", "午前", "上午", "凌晨", "早上", "am", "πμ", "ص", "sa"})

# Abbreviations that mean one offset wherever they are written, in minutes; not CST and IST, which mean three each.
_OFFSETS = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120,
    "eet": 120, "eest": 180, "sast": 120, "msk": 180, "мск": 180, "trt": 180, "pkt": 300, "wib": 420, "ict": 420,
    "wita": 480, "hkt": 480, "sgt": 480, "myt": 480, "pht": 480, "awst": 480, "wit": 540, "jst": 540, "kst": 540,
    "acst": 570, "aest": 600, "acdt": 630, "aedt": 660, "nzst": 720, "nzdt": 780, "art": -180, "brt": -180,
    "est": -300, "edt": -240, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
}  # fmt: skip
# What American papers print all the year round.
_NAMED = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}
_UTC_OFFSET = re.compile(r"(?:UTC|GMT)?\s?([+-])\s?(\d{1,2}):?(\d\d)?", re.IGNORECASE)

_FARTHEST = timedelta(hours=14)

_NO_YEAR = 40, 69
"""The two digits that are no year of a page: the web is no older than 1990, and no page is of the forties yet."""
_ERAS = {"民國": 1911, "民国": 1911, "令和": 2018, "平成": 1988, "昭和": 1925}
_BUDDHIST = 543
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
# Tried after the page's own language, which pages get wrong: what most software writes, then what most papers do.
_LINGUAE_FRANCAE = ("en", "de", "fr", "es", "pt", "it", "nl", "pl", "ru", "tr", "id", "ar")
# dateparser's names for what pages call otherwise (https://unicode.org/reports/tr35/#Likely_Subtags)
_ALEFS = str.maketrans("أإآ", "ااا")
_LOCALES = {"no": "nb", "nn": "nb", "tl": "fil", "iw": "he", "in": "id", "sh": "hr", "zh-hant": "zh", "mo": "ro"}


@dataclass(frozen=True, slots=True)
class Manner:
    """How the writer of a page writes dates."""

    language: str = "en"
    month_first: bool = False
    """5/3/2024 is the third of May."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, or a day with its time."""

    when: datetime
    """Naive where the text names no zone; midnight where it names no time."""
    timed: bool

    @property
    def day(self) -> date:
        """The day in the zone in which it is written."""
        return self.when.date()

    @property
    def zoned(self) -> bool:
        return self.when.tzinfo is not None

    def shown(self) -> str:
        """As ISO 8601, no more precise than it is.

        >>> Moment(datetime(2024, 5, 3), timed=False).shown()
        '2024-05-03'
        """
        return self.when.isoformat(timespec="seconds") if self.timed else self.when.date().isoformat()


def read_moment(text: str, manner: Manner) -> Moment | None:
    """The moment that a machine-readable value names; None if it names none.

    ISO 8601 and its neighbours, RFC 2822, seconds or milliseconds since 1970, JavaScript's and Java's `toString`, and
    what people type into such fields.

    >>> read_moment("2024-05-03T10:15:00.5+0900", Manner()).shown()
    '2024-05-03T10:15:00+09:00'
    >>> read_moment("Fri, 03 May 2024 10:15:00 GMT", Manner()).shown(), read_moment("2024-02-30", Manner())
    ('2024-05-03T10:15:00+00:00', None)
    """
    text = text.strip()[:80]
    if moment := _iso(text):
        return moment
    if (found := _MACHINE.fullmatch(text)) or (found := _COMPACT.fullmatch(text)):
        groups = found.groups()
        year, month, day, hour, minute = groups[:5]
        second, zone = groups[5], groups[-1]
        return _moment(_day(year, month, day), _clock(hour, minute, second), zone)
    if _EPOCH.fullmatch(text):
        seconds = float(text) if len(text.partition(".")[0]) == 10 else float(text) / 1000
        when = datetime.fromtimestamp(int(seconds), UTC)
        return Moment(when, timed=True) if _sane(when.date()) else None
    return next((found.moment for found in find_moments(text, manner)), None)


def _iso(text: str) -> Moment | None:
    """What is written by the letter of the standard, to the minute at least: most values, in a tenth of the time."""
    if text[10:11] != "T" or text[13:14] != ":" or text[4:5] != "-":
        return None
    try:
        when = datetime.fromisoformat(text).replace(microsecond=0)
    except ValueError:  # written in another way, or no date
        return None
    if abs(when.utcoffset() or timedelta()) > _FARTHEST or not _sane(when.date()):
        return None
    return Moment(when, timed=True)


@dataclass(frozen=True, slots=True)
class Found:
    """A moment within a text."""

    moment: Moment
    start: int
    end: int


def find_moments(text: str, manner: Manner) -> Iterator[Found]:
    """The moments that a text names, in order, each with the time of day that stands beside it.

    >>> [found.moment.shown() for found in find_moments("Stand: 3. Mai 2024, 10.15 Uhr", Manner(language="de"))]
    ['2024-05-03T10:15:00']
    >>> [found.moment.shown() for found in find_moments("입력 2024.05.03. 오후 2:05", Manner(language="ko"))]
    ['2024-05-03T14:05:00']
    >>> [found.moment.shown() for found in find_moments("By Jane DoeMay 3, 2024", Manner())]
    ['2024-05-03']
    >>> [found.moment.shown() for found in find_moments("Sat Dec 31 23:59:60 +0000 2016", Manner())]
    ['2016-12-31T23:59:59+00:00']
    """
    for match in _DATE.finditer(text):
        if (day := _day_of(match, manner)) is None:
            continue
        if match["clock7"]:
            hour, minute, second = match["clock7"].split(":")
            moment, end = _moment(day, _clock(hour, minute, second), match["zone7"]), match.end()
        else:
            moment, end = _with_time(text, match, day)
        if moment:
            yield Found(moment, match.start(), end)


def _day_of(match: re.Match[str], manner: Manner) -> date | None:
    if match["y1"]:
        return _day(match["y1"], match["m1"], match["d1"])
    if match["y2"]:
        return _day_of_era(match, manner)
    if match["y3"]:
        return _day_of_numbers(match, manner)
    for year, name, day in _IN_WORDS:
        if match[year]:
            word = match[name]
            month = int(word) if word.isdigit() else _month_of_words(_GLUED.sub("", word), manner.language)
            return _day(_common_year(match[year], manner), month, match[day]) if month else None
    return None


def _month_of_words(words: str, language: str) -> int | None:
    return next((month for word in words.split("/") if (month := month_of(word.strip(), language))), None)


def _day_of_era(match: re.Match[str], manner: Manner) -> date | None:
    year = 1 if match["y2"] == "元" else int(match["y2"])
    if match["era"]:
        year += _ERAS[match["era"]]
    elif year < 100:
        year += 2000
    return _day(_common_year(str(year), manner), match["m2"], match["d2"])


def _day_of_numbers(match: re.Match[str], manner: Manner) -> date | None:
    a, b, year = int(match["a"]), int(match["b"]), int(match["y3"])
    if len(match["y3"]) == 2:
        if _NO_YEAR[0] <= year <= _NO_YEAR[1]:
            return None  # a version, a score
        year += 2000 if year < _NO_YEAR[0] else 1900
    # A full stop between them is no American habit.
    day, month = (b, a) if manner.month_first and "." not in match["sep"] else (a, b)
    if month > 12:
        day, month = month, day
    return _day(_common_year(str(year), manner), month, day)


def _common_year(year: str, manner: Manner) -> int:
    """The year of the common era; Thailand counts from the Buddha's death."""
    value = int(year)
    return value - _BUDDHIST if manner.language == "th" and value > 2400 else value


def _with_time(text: str, match: re.Match[str], day: date) -> tuple[Moment | None, int]:
    """The day with the time that follows it, else with the time that stands right before it."""
    if (between := _BETWEEN.match(text, match.end())) and (found := _TIME.match(text, between.end())):
        clock = _clock_of(found)
        if clock is not None:
            return _moment(day, clock, found["zone"]), found.end()
    before = text[max(0, match.start() - 32) : match.start()]
    for found in _TIME.finditer(before):
        rest = before[found.end() :]
        if (
            (clock := _clock_of(found)) is not None
            and len(rest.strip(" ,|–—-·()")) <= 5
            and not any(char.isdigit() for char in rest)
        ):
            return _moment(day, clock, found["zone"]), match.end()
    return _moment(day, None, None), match.end()


def _clock_of(found: re.Match[str]) -> time | None:
    """The time of day; None for a bare number, which may be anything."""
    minute = found["minute"] or found["minute2"]
    half = (found["half"] or found["half2"] or "").casefold().replace(".", "").replace(" ", "")
    if not (minute or half or found["uhr"]) and not re.search("[時时點点시]", found[0]):
        return None
    hour = int(found["hour"])
    if half in _AFTERNOON and hour < 12:
        hour += 12
    elif half in _MORNING and hour == 12:
        hour = 0
    return _clock(hour, minute or 0, found["second"])


def _moment(day: date | None, clock: time | None, zone: str | None) -> Moment | None:
    if day is None:
        return None
    return Moment(
        datetime.combine(day, clock or time(), zone_of(zone) if zone and clock else None), timed=clock is not None
    )


def zone_of(name: str) -> tzinfo | None:
    """The zone of "Z", "+09:00", "GMT+9", "KST"; None for what is no zone or more than one.

    >>> zone_of("+99:99"), zone_of("IST"), zone_of("KST").utcoffset(None)
    (None, None, datetime.timedelta(seconds=32400))
    """
    name = name.strip()
    if named := _NAMED.get(name.casefold()):
        return ZoneInfo(named) if name.isupper() else None
    minutes = _OFFSETS.get(name.casefold())
    if minutes is None and (found := _UTC_OFFSET.fullmatch(name)):
        sign, hours, rest = found.groups()
        if int(hours) > 14 or int(rest or 0) > 59:
            return None
        minutes = (int(hours) * 60 + int(rest or 0)) * (-1 if sign == "-" else 1)
    if minutes is None:
        return None
    return UTC if minutes == 0 else timezone(timedelta(minutes=minutes))


def _day(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        value = date(int(year), int(month), int(day))
    except ValueError:  # 30 February
        return None
    return value if _sane(value) else None


def _sane(day: date) -> bool:
    return MIN_YEAR <= day.year <= MAX_YEAR and day not in _NULL_DAYS


def _clock(hour: str | int | None, minute: str | int | None, second: str | int | None) -> time | None:
    if hour is None:
        return None
    try:
        return time(int(hour), int(minute or 0), min(int(second or 0), 59))  # a leap second is the second before it
    except ValueError:  # 24:00, 10:75
        return None


def month_of(name: str, language: str) -> int | None:
    """The number of a month by its name in a language, or in one of those that are met everywhere.

    >>> month_of("września", "pl"), month_of("Sept.", "en"), month_of("Mai", "xx"), month_of("Uhr", "de")
    (9, 9, 5, None)
    """
    key = _key(name)
    return next((month for code in (language, *_LINGUAE_FRANCAE) if (month := month_names(code).get(key))), None)


def _locale(code: str) -> dict[str, Any]:
    """What dateparser knows of a language, read for itself: to import the package costs 60 ms."""
    package = find_spec("dateparser")
    if package is None or package.origin is None or not code.replace("-", "").isalpha():
        return {}
    path = Path(package.origin).with_name("data") / "date_translation_data" / f"{code}.py"
    spec = spec_from_file_location(f"_months_{code}", path) if path.is_file() else None
    if spec is None or spec.loader is None:
        return {}
    table = module_from_spec(spec)
    spec.loader.exec_module(table)
    info: dict[str, Any] = table.info
    return info


@lru_cache(maxsize=64)
def month_names(language: str) -> dict[str, int]:
    """Name by `_key` → number of the month, in the language and its countries; {} for a language that dateparser lacks."""
    info = _locale(_LOCALES.get(language, language))
    tables = [*info.get("locale_specific", {}).values(), info]  # the language itself comes last and is believed first
    return {
        _key(name): number
        for table in tables
        for number, month in enumerate(_MONTHS, 1)
        for name in table.get(month, ())
    }


def _key(name: str) -> str:
    """Without case, full stops and the hamza on an alef, which many leave out.

    >>> _key("Sept."), _key("أغسطس") == _key("اغسطس")
    ('sept', True)
    """
    return name.casefold().replace(".", "").translate(_ALEFS)
