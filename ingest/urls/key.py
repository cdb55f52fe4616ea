"""The identity of a page."""

from __future__ import annotations


def url_key(url: str) -> str:
    """The identity of a page: two URLs of one page give one key."""
    return url
