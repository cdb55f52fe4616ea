"""The database: what was seen, what is known, what changed. SQLite or PostgreSQL behind one class."""

from __future__ import annotations

from ingest.store.records import (
    Change,
    DueLink,
    PageState,
    Poll,
    PollPart,
    PollReceipt,
    PollState,
    Revision,
    RobotsRecord,
    Settled,
    Settlement,
    StoredArticle,
)
from ingest.store.store import Store

__all__ = [
    "Change",
    "DueLink",
    "PageState",
    "Poll",
    "PollPart",
    "PollReceipt",
    "PollState",
    "Revision",
    "RobotsRecord",
    "Settled",
    "Settlement",
    "Store",
    "StoredArticle",
]
