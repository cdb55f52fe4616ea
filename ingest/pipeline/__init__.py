"""The visit: the flow from source to stored article in one place."""

from ingest.pipeline.accounting import ONE_OFF, Problem, Report, SourceReport, identity
from ingest.pipeline.crawl import crawl
from ingest.pipeline.drift import BEFORE, RECENT, drift
from ingest.pipeline.leases import Leases, dead, owner_name
from ingest.pipeline.reread import Reread, reread
from ingest.pipeline.shared import Journal
from ingest.pipeline.visit import Visitor
from ingest.pipeline.writer import Writer

__all__ = [
    "BEFORE",
    "ONE_OFF",
    "RECENT",
    "Journal",
    "Leases",
    "Problem",
    "Report",
    "Reread",
    "SourceReport",
    "Visitor",
    "Writer",
    "crawl",
    "dead",
    "drift",
    "identity",
    "owner_name",
    "reread",
]
