"""Addresses: what a link points to, who serves it, and when two of them are one page."""

from __future__ import annotations

from ingest.urls.address import host_key, resolve
from ingest.urls.key import url_key
from ingest.urls.site import same_site, site_of

__all__ = ["host_key", "resolve", "same_site", "site_of", "url_key"]
