"""An article's record as JSON, and back: what `ingest export` writes, `ingest load` reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, get_args

from ingest.model import Article, Contact, ContactKind, Image, Role
from ingest.text import squeeze, visible
from ingest.urls.address import read

T = TypeVar("T")

_LONGEST_NAME = 100  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An article that comes ready-made, with what its source said of it."""

    article: Article
    source: str
    guid: str | None = None
    seen_at: datetime | None = None
    """When it was first seen; None: now."""


def read_record(record: object) -> Record:
    """A record out of JSON: `url, headline, body, source` are needed, every other field of `Article` may be there.

    Fields that no record has are ignored: an export of a later version is read as well. Raises ValueError, which names
    the field and says what it should be, and NotAnArticle for an empty URL, headline or body. What cannot be seen is taken
    out of every text: a record may come from anywhere.

    >>> read_record({"url": "https://example.org/a", "headline": "H", "body": "B", "source": "x"}).article.headline
    'H'
    """
    if not isinstance(record, Mapping):
        raise ValueError('a record is a JSON object: {"url": …, "headline": …, "body": …, "source": …}')
    article = Article(
        url=_text(record, "url") or "",
        canonical_url=_text(record, "canonical_url"),
        headline=_text(record, "headline") or "",
        summary=_text(record, "summary"),
        body=_lines(record, "body") or "",
        authors=_texts(record, "authors"),
        published_at=_time(record, "published_at"),
        modified_at=_time(record, "modified_at"),
        language=_text(record, "language"),
        site=_text(record, "site"),
        section=_text(record, "section"),
        tags=_texts(record, "tags"),
        images=_objects(record, "images", _image),
        contacts=_objects(record, "contacts", _contact),
        credits=_text(record, "credits"),
        paywalled=_paywalled(record),
        origins={squeeze(str(name)): squeeze(str(origin)) for name, origin in _mapping(record, "origins").items()},
    )
    if read(article.url) is None:
        raise ValueError("url is no web address; write it like https://example.org/news")
    source = _string(record, "source")
    if not source:
        raise ValueError("source is missing; say where the article comes from")
    if len(source) > _LONGEST_NAME or not source.isprintable():  # as in the configuration
        raise ValueError(f"source is no name; write up to {_LONGEST_NAME} printable characters")
    return Record(article=article, source=source, guid=_text(record, "guid"), seen_at=_time(record, "seen_at"))


def _string(record: Mapping[str, Any], name: str) -> str | None:
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{name} must be text")
    return value


def _text(record: Mapping[str, Any], name: str) -> str | None:
    """A text of one line."""
    value = _string(record, name)
    return None if value is None else squeeze(value)


def _lines(record: Mapping[str, Any], name: str) -> str | None:
    """A text that may have lines."""
    value = _string(record, name)
    return None if value is None else visible(value)


def _texts(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = record.get(name) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"{name} must be a list of texts")
    return tuple(map(squeeze, value))


def _time(record: Mapping[str, Any], name: str) -> datetime | None:
    text = _text(record, name)
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{name} must be an ISO 8601 time: 2026-11-23T08:00:00+09:00") from None
    if time.utcoffset() is None:
        raise ValueError(f"{name} has no time zone; write 2026-11-23T08:00:00+09:00 or …Z")
    return time


def _mapping(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = record.get(name) or {}
    if not isinstance(value, Mapping):
        raise ValueError(f"{name} must be an object")
    return value


def _objects(record: Mapping[str, Any], name: str, read: Callable[[Mapping[str, Any]], T]) -> tuple[T, ...]:
    value = record.get(name) or []
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise ValueError(f"{name} must be a list of objects")
    return tuple(read(item) for item in value)


def _image(item: Mapping[str, Any]) -> Image:
    role = _text(item, "role") or "body"
    if role not in get_args(Role):
        raise ValueError(f"images: role must be one of {', '.join(get_args(Role))}")
    url, label, caption, credit = (_text(item, name) for name in ("url", "label", "caption", "credit"))
    return Image(url=url, label=label, caption=caption, credit=credit, role="lead" if role == "lead" else "body")


def _contact(item: Mapping[str, Any]) -> Contact:
    kinds: dict[str, ContactKind] = {kind: kind for kind in get_args(ContactKind)}
    kind = kinds.get(_text(item, "kind") or "")
    if kind is None:
        raise ValueError(f"contacts: kind must be one of {', '.join(kinds)}")
    return Contact(
        text=_text(item, "text") or "",
        kind=kind,
        emails=_texts(item, "emails"),
        phones=_texts(item, "phones"),
        urls=_texts(item, "urls"),
    )


def _paywalled(record: Mapping[str, Any]) -> bool | None:
    value = record.get("paywalled")
    if value is not None and not isinstance(value, bool):
        raise ValueError("paywalled must be true, false or null")
    return value
