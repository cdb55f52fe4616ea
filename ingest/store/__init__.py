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
from ingest.store.watch import Fill, HostStatus, LinkStatus, SourceStatus

__all__ = [
    "Change",
    "Claim",
    "DueLink",
    "Fill",
    "Hold",
    "HostStatus",
    "HostWork",
    "KeptPage",
    "LinkStatus",
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
    "SourceStatus",
    "Store",
    "StoredArticle",
]
