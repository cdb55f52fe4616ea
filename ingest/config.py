"""config.yaml and environment → frozen settings.

The file is read as a tree of YAML nodes, so that every mistake is named with its line, all of them at once.
Keys are DESIGN's contract; docs/configuration.md lists them, and a test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from ingest import collector
from ingest.errors import ConfigError, FetchError
from ingest.html import is_selector
from ingest.model import Rules, Source, SourceKind
from ingest.urls import host_key

T = TypeVar("T")

_NULL, _TEXT = "tag:yaml.org,2002:null", "tag:yaml.org,2002:str"
_EMPTY = frozenset({"", "~", "null", "Null", "NULL"})


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # libyaml's is ten times as fast
    """Leaves every value as it was written, and tells those that were left empty: all that we ask of YAML's types."""

    def resolve(self, kind: type[yaml.Node], value: str, implicit: tuple[bool, bool]) -> str:
        """`implicit[0]`: it stands there without quotes."""
        return _NULL if kind is yaml.ScalarNode and implicit[0] and value in _EMPTY else _TEXT


_MAX_DEPTH = 50  # a file of ours has five levels

DEFAULT_DATABASE = "sqlite:///ingest.db"
DEFAULT_FILE = Path("config.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who we are to the sites: `User-Agent: <name>/<version> (+<contact>)`."""

    name: str = "ingest"
    contact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOptions:
    timeout: timedelta = timedelta(seconds=20)
    """For one request in all, redirects included."""
    max_bytes: int = 10_000_000
    """Of a body, after decompression."""
    allow_addresses: tuple[IPv4Network | IPv6Network, ...] = ()
    """Private networks that may be fetched from; all others are refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Politeness:
    delay: timedelta = timedelta(seconds=2)
    """Between the starts of two requests to one host."""
    robots: Literal["articles", "all", "none"] = "articles"
    robots_reason: str | None = None
    """Why robots.txt is not asked; needed for `robots: none`."""
    hold: Literal["auto", "url", "host", "domain"] = "auto"
    """What is left alone after a 429 or 503; `auto` is the host, and on a private host the URL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    min_interval: timedelta = timedelta(hours=1)
    max_interval: timedelta = timedelta(hours=24)
    visits: int = 64
    """Hosts that the daemon visits at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that config.yaml can say."""

    database: str = DEFAULT_DATABASE
    identity: Identity = field(default_factory=Identity)
    fetch: FetchOptions = field(default_factory=FetchOptions)
    politeness: Politeness = field(default_factory=Politeness)
    schedule: Schedule = field(default_factory=Schedule)
    sources: tuple[Source, ...] = ()


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """The settings of a file; `INGEST_DATABASE` overrides its database. Raises ConfigError with every problem."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(
            [f"{path}: no such file; write one (docs/configuration.md), or name it with --config or INGEST_CONFIG"]
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{path}: can't be read: {error}"]) from None
    return parse(text, str(path), environ)


def parse(text: str, name: str, environ: Mapping[str, str]) -> Settings:
    """As `load`, of a text; `name` stands for the file in messages."""
    reader = _Reader(name)
    # At 100,000 sources the collector took more than half of 9 s.
    with collector.resting():
        settings = _settings(reader, _compose(text, name))  # the tree is gone before the collector is back
    if database := environ.get("INGEST_DATABASE"):
        settings = _with_database(reader, settings, database)
    if reader.problems:
        raise ConfigError(reader.problems)
    return settings


def _compose(text: str, name: str) -> yaml.Node | None:
    try:
        _refuse_bombs(text, name)
        root: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError([f"{name}:{line}: not YAML: {error.problem}"]) from None
    except yaml.YAMLError as error:
        raise ConfigError([f"{name}: not YAML: {' '.join(str(error).split())}"]) from None
    return root


def _refuse_bombs(text: str, name: str) -> None:
    """Aliases could multiply a small file into gigabytes, and the composer's own calls overflow; we need neither."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            raise ConfigError([f"{name}: YAML aliases (*name) are not supported; write the value out"])
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise ConfigError([f"{name}:{line}: nested too deep; see docs/configuration.md"])


def default_settings(environ: Mapping[str, str]) -> Settings:
    """Without a file: the defaults, and `INGEST_DATABASE`."""
    return parse("", "INGEST_DATABASE", environ)


# ---------------------------------------------------------------- values as people write them

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)")
_DURATION_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(B|KB|MB|GB|KiB|MiB|GiB)")
_SIZE_UNITS = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}


def duration(text: str) -> timedelta:
    """A length of time with its unit: ms, s, m, h, d or w; several add up. Raises ValueError.

    >>> duration("1h 30m"), duration("50ms")
    (datetime.timedelta(seconds=5400), datetime.timedelta(microseconds=50000))
    """
    compact = text.strip()
    parts = _DURATION.findall(compact)
    if not parts or _DURATION.sub("", compact).strip():
        raise ValueError(f"{text!r} is not a duration; write 30s, 15m, 2h or 1d")
    try:
        return timedelta(seconds=sum(float(number) * _DURATION_UNITS[unit] for number, unit in parts))
    except OverflowError:
        raise ValueError(f"{text!r} is too long a duration; write 30s, 15m, 2h or 1d") from None


def size(text: str) -> int:
    """A number of bytes with its unit. Raises ValueError.

    >>> size("10MB"), size("1.5 KiB")
    (10000000, 1536)
    """
    found = _SIZE.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is not a size; write 500KB, 5MB or 1GiB")
    return int(float(found[1]) * _SIZE_UNITS[found[2]])


def _positive_duration(text: str) -> timedelta:
    if (value := duration(text)) <= timedelta(0):
        raise ValueError(f"{text!r} is no time at all; write 30s, 15m, 2h or 1d")
    return value


def _positive_size(text: str) -> int:
    if (value := size(text)) <= 0:
        raise ValueError(f"{text!r} leaves no room for a page; write 5MB")
    return value


def _visits(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,3}", text):
        raise ValueError(f"{text!r} is no number of visits; write 64, at most 9999")
    return int(text)


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a network; write it as CIDR: 127.0.0.0/8, 10.1.2.3/32 or ::1/128") from None


def _timezone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{text!r} is not an IANA time zone; write Asia/Seoul or Europe/Berlin") from None
    return text


def _web_address(text: str) -> str:
    try:
        host_key(text)
    except FetchError:
        raise ValueError(f"{text!r} is not a web address; write https://example.org/feed/") from None
    return text


def _contact(text: str) -> str:
    if not re.fullmatch(r"(https?://|mailto:)[^\s()]+", text):
        raise ValueError(f"{text!r} is no address that a site owner can open; write https://… or mailto:…")
    return text


def _product(text: str) -> str:
    if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", text):  # a token, RFC 9110 §10.1.5
        raise ValueError(f"{text!r} can't stand in a User-Agent; write letters, digits and dashes")
    return text


def _selector(text: str) -> str:
    if not is_selector(text):
        raise ValueError(f"{text!r} is not a CSS selector; write for example: article h2 a")
    return text


def _name(text: str) -> str:
    if not text or text != text.strip() or len(text) > 100 or not text.isprintable():
        raise ValueError(f"{text!r} is no name; write up to 100 printable characters: dailynk-en")
    return text


def _robots(text: str) -> str:
    if text not in ("articles", "all", "none"):
        raise ValueError(f"{text!r} is not a choice; write articles, all or none")
    return text


def _hold(text: str) -> str:
    if text not in ("auto", "url", "host", "domain"):
        raise ValueError(f"{text!r} is not a choice; write auto, url, host or domain")
    return text


def _database(text: str) -> str:
    try:
        url = make_url(text)
    except ArgumentError:
        url = None
    # The names that the store takes for the one driver that it has.
    if url is None or url.drivername not in ("sqlite", "postgresql", "postgres", "postgresql+psycopg"):
        # Not quoted: it may hold a password.
        raise ValueError("not a database address; write sqlite:///ingest.db or postgresql+psycopg://user@host/name")
    return text


# ---------------------------------------------------------------- reading the tree


class _Reader:
    """Collects problems while the tree is read."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[str] = []

    def refuse(self, node: yaml.Node, key: str, message: str) -> None:
        where = f"{self.name}:{node.start_mark.line + 1}: "
        self.problems.append(where + (f"{key}: " if key else "") + message)

    def entries(self, node: yaml.Node, key: str, known: Mapping[str, object]) -> Iterator[tuple[str, yaml.Node]]:
        """The (key, value) pairs of a mapping whose keys are known."""
        if not isinstance(node, yaml.MappingNode):
            return self.refuse(node, key, f"must have keys: {', '.join(known)}")
        seen: set[str] = set()
        for name_node, value in node.value:
            name = str(name_node.value)
            path = f"{key}.{name}" if key else name
            if name not in known:
                near = get_close_matches(name, known, 1)
                hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
                self.refuse(name_node, path, f"unknown key; {hint}")
            elif name in seen:
                self.refuse(name_node, path, "given twice; remove one")
            else:
                seen.add(name)
                yield name, value
        return None

    def scalar(self, node: yaml.Node, key: str, convert: Callable[[str], T]) -> T | None:
        """One value; None if it was refused."""
        if not isinstance(node, yaml.ScalarNode) or node.tag == "tag:yaml.org,2002:null":
            self.refuse(node, key, "needs one value")
            return None
        try:
            return convert(node.value)
        except ValueError as error:
            self.refuse(node, key, str(error))
            return None

    def sequence(self, node: yaml.Node, key: str, convert: Callable[[str], T]) -> tuple[T, ...]:
        if not isinstance(node, yaml.SequenceNode):
            self.refuse(node, key, "must be a list; write [a, b]")
            return ()
        values = (self.scalar(item, key, convert) for item in node.value)
        return tuple(value for value in values if value is not None)

    def section(self, node: yaml.Node, key: str, known: Mapping[str, Callable[[str], Any]]) -> dict[str, Any]:
        """A mapping of plain values, checked; what was refused is left out."""
        values = {
            name: self.scalar(value, f"{key}.{name}", known[name]) for name, value in self.entries(node, key, known)
        }
        return {name: value for name, value in values.items() if value is not None}


_SECTIONS = ("database", "identity", "fetch", "politeness", "schedule", "sources")
_IDENTITY = {"name": _product, "contact": _contact}
_FETCH: dict[str, Callable[[str], Any]] = {
    "timeout": _positive_duration,
    "max_bytes": _positive_size,
    "allow_addresses": _network,
}
_POLITENESS: dict[str, Callable[[str], Any]] = {
    "delay": duration,
    "robots": _robots,
    "robots_reason": str,
    "hold": _hold,
}
_SCHEDULE: dict[str, Callable[[str], Any]] = {
    "min_interval": _positive_duration,
    "max_interval": _positive_duration,
    "visits": _visits,
}
_KINDS: tuple[SourceKind, ...] = ("feed", "page", "sitemap")
_SOURCE: dict[str, Callable[[str], Any]] = {
    "name": _name,
    **dict.fromkeys(_KINDS, _web_address),
    "links": _selector,
    "interval": _positive_duration,
    "min_interval": _positive_duration,
    "max_interval": _positive_duration,
    "timezone": _timezone,
    "keep_pages": duration,
}
_SOURCE_KEYS: Mapping[str, object] = {**_SOURCE, "rules": None}
_RULES = ("headline", "body", "caption", "credit", "contact", "drop")


def _settings(reader: _Reader, root: yaml.Node | None) -> Settings:
    values: dict[str, Any] = {}
    if root is None:  # an empty file
        return Settings()
    for name, node in reader.entries(root, "", dict.fromkeys(_SECTIONS)):
        if name == "database":
            values[name] = reader.scalar(node, name, _database) or DEFAULT_DATABASE
        elif name == "identity":
            values[name] = Identity(**reader.section(node, name, _IDENTITY))
        elif name == "fetch":
            values[name] = _fetch(reader, node)
        elif name == "politeness":
            values[name] = _politeness(reader, node)
        elif name == "schedule":
            values[name] = _schedule(reader, node)
        else:
            values[name] = _sources(reader, node)
    return Settings(**values)


def _with_database(reader: _Reader, settings: Settings, database: str) -> Settings:
    try:
        return replace(settings, database=_database(database))
    except ValueError as error:
        reader.problems.append(f"INGEST_DATABASE: {error}")
        return settings


def _fetch(reader: _Reader, node: yaml.Node) -> FetchOptions:
    values: dict[str, Any] = {}
    for name, value in reader.entries(node, "fetch", _FETCH):
        read: Any = reader.sequence if name == "allow_addresses" else reader.scalar
        values[name] = read(value, f"fetch.{name}", _FETCH[name])
    return FetchOptions(**{name: value for name, value in values.items() if value is not None})


def _politeness(reader: _Reader, node: yaml.Node) -> Politeness:
    politeness = Politeness(**reader.section(node, "politeness", _POLITENESS))
    if politeness.robots == "none" and not politeness.robots_reason:
        reader.refuse(node, "politeness.robots", "none needs a reason; add robots_reason: the owner allowed it in …")
    return politeness


def _schedule(reader: _Reader, node: yaml.Node) -> Schedule:
    schedule = Schedule(**reader.section(node, "schedule", _SCHEDULE))
    if schedule.min_interval > schedule.max_interval:
        reader.refuse(node, "schedule", "min_interval is longer than max_interval; exchange them")
    return schedule


def _sources(reader: _Reader, node: yaml.Node) -> tuple[Source, ...]:
    if not isinstance(node, yaml.SequenceNode):
        reader.refuse(node, "sources", "must be a list; write - name: … and feed: …")
        return ()
    sources: list[Source] = []
    lines: dict[str, int] = {}
    for item in node.value:
        source = _source(reader, item)
        if source is None:
            continue
        if source.name in lines:
            message = f"{source.name!r} is the name of the source in line {lines[source.name]}; choose another"
            reader.refuse(item, "sources.name", message)
        lines.setdefault(source.name, item.start_mark.line + 1)
        sources.append(source)
    return tuple(sources)


def _source(reader: _Reader, node: yaml.Node) -> Source | None:
    values: dict[str, Any] = {}
    rules = Rules()
    before = len(reader.problems)
    for name, value in reader.entries(node, "sources", _SOURCE_KEYS):
        if name == "rules":
            rules = _rules(reader, value)
        else:
            values[name] = reader.scalar(value, f"sources.{name}", _SOURCE[name])
    if len(reader.problems) > before:
        return None
    kinds = [kind for kind in _KINDS if kind in values]
    if "name" not in values:
        reader.refuse(node, "sources", "a source needs a name; add name: example-politics")
    elif len(kinds) != 1:
        reader.refuse(node, f"sources.{values['name']}", "needs exactly one of feed:, page: and sitemap:")
    elif values.get("links") and kinds != ["page"]:
        reader.refuse(node, f"sources.{values['name']}", "links: goes with page: only; remove it")
    elif "interval" in values and ("min_interval" in values or "max_interval" in values):
        message = "interval: is fixed; remove it, or min_interval: and max_interval:"
        reader.refuse(node, f"sources.{values['name']}", message)
    if len(reader.problems) > before:
        return None
    fixed = values.get("interval")
    return Source(
        name=values["name"],
        kind=kinds[0],
        url=values[kinds[0]],
        links=values.get("links"),
        min_interval=fixed or values.get("min_interval"),
        max_interval=fixed or values.get("max_interval"),
        timezone=values.get("timezone"),
        rules=rules,
        keep_pages=values.get("keep_pages", timedelta(0)),
    )


def _rules(reader: _Reader, node: yaml.Node) -> Rules:
    values: dict[str, Any] = {}
    for name, value in reader.entries(node, "sources.rules", dict.fromkeys(_RULES)):
        read = reader.sequence if name == "drop" else reader.scalar
        values[name] = read(value, f"sources.rules.{name}", _selector)
    return Rules(**{name: value for name, value in values.items() if value is not None})
