"""By what an article is recognised: addresses, and the source's own id for it. Pure.

Whether a text is a copy of another one is not decided here: an address says that two pages are the same page.
"""

from __future__ import annotations

import hashlib
from typing import Literal, NamedTuple

from ingest.model import Article
from ingest.urls import same_site, url_key

Kind = Literal["link", "final", "canonical", "guid"]

_SHINGLE = 8  # characters
_CONTAINED = 0.4
"""Share of the shorter text's shingles that the longer one has in copies; different articles have under 0.2."""


class Alias(NamedTuple):
    """One key of an article.

    A link that is known leads to its article, whatever is there now. For the other kinds the text must agree:
    removed articles redirect to their section's page, broken templates declare one canonical address for all
    pages, feeds repeat a guid.
    """

    key: bytes
    kind: Kind


def digest(key: str) -> bytes:
    """What the indexes hold of a key: the first 16 bytes of its SHA-256.

    >>> digest("example.org/a").hex()
    '94584207f807e901fa3f47eaaf3d3ff3'
    """
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()[:16]


def url_digest(url: str) -> bytes:
    return digest(url_key(url))


def aliases(link_url: str, article: Article) -> tuple[Alias, ...]:
    """The keys of an article's addresses, each once; not that of an address that is written as the link's is."""
    found: dict[bytes, Kind] = {}
    if article.url != link_url and not _is_front_page(article.url):
        found.setdefault(url_digest(article.url), "final")
    canonical = article.canonical_url
    # On another site it is a hint of syndication, or a trick to take over somebody's article.
    if (
        canonical
        and canonical not in (link_url, article.url)  # as most are: no need to take it apart
        and same_site(canonical, article.url)
        and not _is_front_page(canonical)
    ):
        found.setdefault(url_digest(canonical), "canonical")
    return tuple([Alias(key, kind) for key, kind in found.items()])


def guid_alias(source: str, guid: str) -> Alias:
    """The key of the id that a source gave an entry."""
    return Alias(digest(f"guid\n{source}\n{guid}"), "guid")


def _is_front_page(url: str) -> bool:
    """Whether the URL names a whole host and no page of it.

    >>> _is_front_page("https://www.example.org/"), _is_front_page("https://example.org/?p=7")
    (True, False)
    """
    key = url_key(url)
    return "/" not in key and "?" not in key


def same_text(one: str, other: str) -> bool:
    """Whether two bodies are versions of one text; the shorter may be an excerpt of the longer.

    >>> same_text("The ministry said on Tuesday that rice had arrived.", "The ministry said on Tuesday that rice had come.")
    True
    >>> same_text("The ministry said on Tuesday that rice had arrived.", "Rain is expected in the north by Friday.")
    False
    """
    shingles = sorted((_shingles(one), _shingles(other)), key=len)
    return len(shingles[0] & shingles[1]) >= _CONTAINED * len(shingles[0])


def _shingles(text: str) -> set[str]:
    folded = "".join(character for character in text.casefold() if character.isalnum())
    return {folded[i : i + _SHINGLE] for i in range(max(1, len(folded) - _SHINGLE + 1))}
