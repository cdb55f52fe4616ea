"""What the readers of all kinds of sources do with the links that they found: each article once, nothing but web pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import fields, replace

from ingest.model import Link, Page
from ingest.urls import url_key

MAX_GUID = 2_000  # characters; a longer one is no name but a text
MAX_TAGS = 50
MAX_AUTHORS = 20


def merged(links: Iterable[Link], page: Page) -> tuple[list[Link], list[str]]:
    """(one link per article in order of appearance, what was left out), without the source's own address.

    Of two entries for one article the first counts; what it does not say is taken from the others.
    """
    own = {url_key(page.url), url_key(page.final_url)}
    kept: dict[str, Link] = {}
    again = itself = 0
    for link in links:
        key = url_key(link.url)
        if key in own:
            itself += 1
        elif key in kept:
            kept[key] = _completed(kept[key], link)
            again += 1
        else:
            kept[key] = link
    found, shared = _without_shared_guids(list(kept.values()))
    counts = {
        "the same address as another": again,
        "the source's own address": itself,
        "the guid of another; it is ignored": shared,
    }
    return found, [warning for what, count in counts.items() for warning in counted(count, what)]


def counted(count: int, what: str) -> list[str]:
    """The warning that so many entries have something, if any has.

    >>> counted(1, "no web address"), counted(0, "no web address")
    (['1 entry has no web address'], [])
    """
    return [f"{count} {'entry has' if count == 1 else 'entries have'} {what}"] if count else []


def _completed(link: Link, other: Link) -> Link:
    missing = {
        field.name: getattr(other, field.name) for field in fields(Link) if getattr(link, field.name) in (None, ())
    }
    return replace(link, **missing) if missing else link


def _without_shared_guids(links: list[Link]) -> tuple[list[Link], int]:
    """A guid that several addresses bear identifies none of them."""
    counts = Counter(link.guid for link in links if link.guid)
    shared = {guid for guid, count in counts.items() if count > 1}
    if not shared:
        return links, 0
    found = [replace(link, guid=None) if link.guid in shared else link for link in links]
    return found, sum(link.guid in shared for link in links)


def language_of(tag: object) -> str | None:
    """The primary language of a BCP 47 tag.

    >>> language_of("en-US"), language_of("EN_us"), language_of("english"), language_of(None)
    ('en', 'en', None, None)
    """
    primary = str(tag or "").strip().replace("_", "-").partition("-")[0].lower()
    return primary if primary.isascii() and primary.isalpha() and len(primary) in (2, 3) and primary != "und" else None
