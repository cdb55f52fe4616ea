"""Page → links: what a feed, a sitemap or a listing page offers. Pure; what the bytes are decides, not their name."""

from __future__ import annotations

from ingest.discover.autodiscovery import FoundFeed, find_feeds
from ingest.discover.dispatch import discover
from ingest.model import Discovery, PublisherHints

__all__ = ["Discovery", "FoundFeed", "PublisherHints", "discover", "find_feeds"]
