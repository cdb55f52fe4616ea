"""Watches news sources and keeps a database of clean articles.

    import ingest
    article = ingest.extract_article(html, url="https://…")   # bytes in, record out; no network
    key = ingest.url_key("https://…?utm_source=x")            # two URLs of one page give one key

What `__all__` names is the library's face and stays; the rest may change with any release.
"""

from __future__ import annotations

from ingest.errors import ConfigError, FetchError, IngestError, NotAnArticle, NotASource, StoreError
from ingest.extract import extract_article
from ingest.model import Article, Contact, Image
from ingest.urls import url_key

__version__ = "0.1.0"

__all__ = [
    "Article",
    "ConfigError",
    "Contact",
    "FetchError",
    "Image",
    "IngestError",
    "NotASource",
    "NotAnArticle",
    "StoreError",
    "__version__",
    "extract_article",
    "url_key",
]
