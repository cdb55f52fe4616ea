"""The database: what was seen, what is known, what changed. SQLite or PostgreSQL behind one class."""

from __future__ import annotations

from ingest.store.records import (
    Change,
    Claim,
    DueLink,
    Hold,
    HostWork,
    KeptPage,
    PageState,
    Plan,
    Poll,
    PollPart,
    PollReceipt,
    PollState,
    Pruned,
    Retention,
    Revision,
    RobotsRecord,
    SearchHit,
    Settled,
    Settlement,
    Size,
    StoredArticle,
)
from ingest.store.store import Store

__all__ = [
    "Change",
    "Claim",
    "DueLink",
    "Hold",
    "HostWork",
    "KeptPage",
    "PageState",
    "Plan",
    "Poll",
    "PollPart",
    "PollReceipt",
    "PollState",
    "Pruned",
    "Retention",
    "Revision",
    "RobotsRecord",
    "SearchHit",
    "Settled",
    "Settlement",
    "Size",
    "Store",
    "StoredArticle",
]
