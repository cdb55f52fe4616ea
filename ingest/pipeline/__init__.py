"""The visit: the flow from source to stored article in one place."""

from ingest.pipeline.accounting import ONE_OFF, Problem, Report, SourceReport, identity
from ingest.pipeline.crawl import crawl
from ingest.pipeline.leases import Leases, dead, owner_name
from ingest.pipeline.visit import Journal, Visitor
from ingest.pipeline.writer import Writer

__all__ = [
    "ONE_OFF",
    "Journal",
    "Leases",
    "Problem",
    "Report",
    "SourceReport",
    "Visitor",
    "Writer",
    "crawl",
    "dead",
    "identity",
    "owner_name",
]
