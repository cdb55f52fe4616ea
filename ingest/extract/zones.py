"""Which zone a page's wall times are in, where it does not say: the outlet's country decides, if it has one zone.

Last resort, after the source's configured zone, the site's rules and another time on the page. Right for national
outlets, wrong for a foreign service under a generic domain; therefore the record's `origins` name it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

# Country (top-level domain, or region of `<html lang>`) → the zone of all of it, or of all but islands that have no
# press of their own under it. https://data.iana.org/time-zones/tzdb/zone1970.tab
# Left out, for more than one: us ca mx br au ru id kz mn cd gl pf um ki fm. And domains that are used for anything:
# tv fm me io co ai cc ws to ly gg im sh la.
COUNTRIES = {
    "ad": "Europe/Andorra", "ae": "Asia/Dubai", "af": "Asia/Kabul", "al": "Europe/Tirane", "am": "Asia/Yerevan",
    "ao": "Africa/Luanda", "ar": "America/Argentina/Buenos_Aires", "at": "Europe/Vienna", "az": "Asia/Baku",
    "ba": "Europe/Sarajevo", "bd": "Asia/Dhaka", "be": "Europe/Brussels", "bf": "Africa/Ouagadougou", "bg": "Europe/Sofia",
    "bh": "Asia/Bahrain", "bi": "Africa/Bujumbura", "bj": "Africa/Porto-Novo", "bn": "Asia/Brunei", "bo": "America/La_Paz",
    "bt": "Asia/Thimphu", "bw": "Africa/Gaborone", "by": "Europe/Minsk", "bz": "America/Belize", "ch": "Europe/Zurich",
    "ci": "Africa/Abidjan", "cl": "America/Santiago", "cm": "Africa/Douala", "cn": "Asia/Shanghai", "cr": "America/Costa_Rica",
    "cu": "America/Havana", "cy": "Asia/Nicosia", "cz": "Europe/Prague", "de": "Europe/Berlin", "dk": "Europe/Copenhagen",
    "do": "America/Santo_Domingo", "dz": "Africa/Algiers", "ec": "America/Guayaquil", "ee": "Europe/Tallinn",
    "eg": "Africa/Cairo", "es": "Europe/Madrid", "et": "Africa/Addis_Ababa", "fi": "Europe/Helsinki", "fj": "Pacific/Fiji",
    "fo": "Atlantic/Faroe", "fr": "Europe/Paris", "gb": "Europe/London", "ge": "Asia/Tbilisi", "gh": "Africa/Accra",
    "gr": "Europe/Athens", "gt": "America/Guatemala", "hk": "Asia/Hong_Kong", "hn": "America/Tegucigalpa", "hr": "Europe/Zagreb",
    "ht": "America/Port-au-Prince", "hu": "Europe/Budapest", "ie": "Europe/Dublin", "il": "Asia/Jerusalem", "in": "Asia/Kolkata",
    "iq": "Asia/Baghdad", "ir": "Asia/Tehran", "is": "Atlantic/Reykjavik", "it": "Europe/Rome", "jm": "America/Jamaica",
    "jo": "Asia/Amman", "jp": "Asia/Tokyo", "ke": "Africa/Nairobi", "kg": "Asia/Bishkek", "kh": "Asia/Phnom_Penh",
    "kp": "Asia/Pyongyang", "kr": "Asia/Seoul", "kw": "Asia/Kuwait", "lb": "Asia/Beirut", "li": "Europe/Vaduz",
    "lk": "Asia/Colombo", "lt": "Europe/Vilnius", "lu": "Europe/Luxembourg", "lv": "Europe/Riga", "ma": "Africa/Casablanca",
    "mc": "Europe/Monaco", "md": "Europe/Chisinau", "mg": "Indian/Antananarivo", "mk": "Europe/Skopje", "ml": "Africa/Bamako",
    "mm": "Asia/Yangon", "mo": "Asia/Macau", "mt": "Europe/Malta", "mu": "Indian/Mauritius", "mv": "Indian/Maldives",
    "mw": "Africa/Blantyre", "my": "Asia/Kuala_Lumpur", "mz": "Africa/Maputo", "na": "Africa/Windhoek", "ne": "Africa/Niamey",
    "ng": "Africa/Lagos", "ni": "America/Managua", "nl": "Europe/Amsterdam", "no": "Europe/Oslo", "np": "Asia/Kathmandu",
    "nz": "Pacific/Auckland", "om": "Asia/Muscat", "pa": "America/Panama", "pe": "America/Lima", "ph": "Asia/Manila",
    "pk": "Asia/Karachi", "pl": "Europe/Warsaw", "ps": "Asia/Gaza", "pt": "Europe/Lisbon", "py": "America/Asuncion",
    "qa": "Asia/Qatar", "ro": "Europe/Bucharest", "rs": "Europe/Belgrade", "rw": "Africa/Kigali", "sa": "Asia/Riyadh",
    "sd": "Africa/Khartoum", "se": "Europe/Stockholm", "sg": "Asia/Singapore", "si": "Europe/Ljubljana", "sk": "Europe/Bratislava",
    "sm": "Europe/San_Marino", "sn": "Africa/Dakar", "so": "Africa/Mogadishu", "sv": "America/El_Salvador", "sy": "Asia/Damascus",
    "th": "Asia/Bangkok", "tn": "Africa/Tunis", "tr": "Europe/Istanbul", "tt": "America/Port_of_Spain", "tw": "Asia/Taipei",
    "tz": "Africa/Dar_es_Salaam", "ua": "Europe/Kyiv", "ug": "Africa/Kampala", "uk": "Europe/London", "uy": "America/Montevideo",
    "uz": "Asia/Tashkent", "va": "Europe/Vatican", "ve": "America/Caracas", "vn": "Asia/Ho_Chi_Minh", "xk": "Europe/Belgrade",
    "ye": "Asia/Aden", "za": "Africa/Johannesburg", "zm": "Africa/Lusaka", "zw": "Africa/Harare",
    "cat": "Europe/Madrid", "eus": "Europe/Madrid", "gal": "Europe/Madrid", "bzh": "Europe/Paris", "scot": "Europe/London",
    "wales": "Europe/London", "london": "Europe/London", "berlin": "Europe/Berlin", "hamburg": "Europe/Berlin",
    "koeln": "Europe/Berlin", "bayern": "Europe/Berlin", "saarland": "Europe/Berlin", "nrw": "Europe/Berlin", "ruhr": "Europe/Berlin",
    "wien": "Europe/Vienna", "tirol": "Europe/Vienna", "swiss": "Europe/Zurich", "paris": "Europe/Paris", "moscow": "Europe/Moscow",
    "istanbul": "Europe/Istanbul", "tokyo": "Asia/Tokyo", "nyc": "America/New_York",
}  # fmt: skip
# Language → a zone that all countries whose press writes it share the clock of. Not en, es, fr, pt, ar, ru, fa, ur, bn,
# which are written in several. German is written by Central European Time from Flensburg to Bolzano; Chinese at UTC+8
# from Beijing to Singapore.
LANGUAGES = {
    "az": "Asia/Baku", "be": "Europe/Minsk", "bg": "Europe/Sofia", "bs": "Europe/Sarajevo", "ca": "Europe/Madrid",
    "cs": "Europe/Prague", "da": "Europe/Copenhagen", "de": "Europe/Berlin", "el": "Europe/Athens", "et": "Europe/Tallinn",
    "eu": "Europe/Madrid", "fi": "Europe/Helsinki", "fo": "Atlantic/Faroe", "gl": "Europe/Madrid", "gu": "Asia/Kolkata",
    "he": "Asia/Jerusalem", "hi": "Asia/Kolkata", "hr": "Europe/Zagreb", "hu": "Europe/Budapest", "hy": "Asia/Yerevan",
    "is": "Atlantic/Reykjavik", "it": "Europe/Rome", "ja": "Asia/Tokyo", "ka": "Asia/Tbilisi", "kl": "America/Nuuk",
    "km": "Asia/Phnom_Penh", "kn": "Asia/Kolkata", "ko": "Asia/Seoul", "lb": "Europe/Luxembourg", "lo": "Asia/Vientiane",
    "lt": "Europe/Vilnius", "lv": "Europe/Riga", "mk": "Europe/Skopje", "ml": "Asia/Kolkata", "mr": "Asia/Kolkata",
    "mt": "Europe/Malta", "my": "Asia/Yangon", "nb": "Europe/Oslo", "ne": "Asia/Kathmandu", "nl": "Europe/Amsterdam",
    "nn": "Europe/Oslo", "no": "Europe/Oslo", "pl": "Europe/Warsaw", "rm": "Europe/Zurich", "ro": "Europe/Bucharest",
    "si": "Asia/Colombo", "sk": "Europe/Bratislava", "sl": "Europe/Ljubljana", "sq": "Europe/Tirane", "sr": "Europe/Belgrade",
    "sv": "Europe/Stockholm", "ta": "Asia/Kolkata", "te": "Asia/Kolkata", "th": "Asia/Bangkok", "tr": "Europe/Istanbul",
    "uk": "Europe/Kyiv", "vi": "Asia/Ho_Chi_Minh", "zh": "Asia/Shanghai", "zu": "Africa/Johannesburg",
    "xh": "Africa/Johannesburg", "af": "Africa/Johannesburg",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone and how it is known."""

    zone: tzinfo
    origin: str
    """As `origins` shows it: set for the site, top-level domain .de, language ko."""

    def at(self, wall: datetime) -> datetime:
        """The instant of a wall time; where the clock showed it twice, the first."""
        return wall.replace(tzinfo=self.zone)


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    """ZoneInfo itself keeps eight zones; to read another one costs 60 µs."""
    return ZoneInfo(name)


def zone_of_country(host: str, lang: str) -> Zone | None:
    """The zone of the country that a host's top-level domain names, else `<html lang>`'s region, else its language.

    `host` and `lang` ("de-AT") as the page has them; None where they leave it open.

    >>> zone_of_country("www.example.co.kr", "en").origin, zone_of_country("example.com", "en-GB").origin
    ('top-level domain .kr', 'region of lang en-gb')
    >>> zone_of_country("example.org", "pl").zone.key, zone_of_country("example.com", "en-US")
    ('Europe/Warsaw', None)
    """
    domain = host.rpartition(".")[2].lower()
    if name := COUNTRIES.get(domain):
        return Zone(_zone(name), f"top-level domain .{domain}")
    lang = lang.lower().replace("_", "-")
    language, _, rest = lang.partition("-")
    region = next((part for part in rest.split("-") if len(part) == 2), "")  # the script (zh-Hant-TW) is none
    if name := COUNTRIES.get(region):
        return Zone(_zone(name), f"region of lang {lang}")
    # A country of its own with another clock (zh-US, de-NA): the region would have been in the table, or has several.
    if not region and (name := LANGUAGES.get(language)):
        return Zone(_zone(name), f"language {language}")
    return None


def zone_named(name: str | None) -> Zone | None:
    """The zone that the configuration or a site's rules name; None for none and for a name that no table has.

    >>> zone_named("Asia/Seoul").origin, zone_named("Mars/Base")
    ('set for the site', None)
    """
    if not name:
        return None
    if name.upper() in ("UTC", "Z"):
        return Zone(UTC, "set for the site")
    try:
        return Zone(_zone(name), "set for the site")
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError; "../x", directories
        return None
