"""Addresses: identity, resolution, hosts."""

from __future__ import annotations


def url_key(url: str) -> str:
    """The identity of a page."""
    return url
