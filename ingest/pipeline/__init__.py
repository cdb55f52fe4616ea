"""The visit: the flow from source to stored article in one place."""

from ingest.pipeline.accounting import ONE_OFF, Problem, Report, SourceReport, identity
from ingest.pipeline.crawl import crawl

__all__ = ["ONE_OFF", "Problem", "Report", "SourceReport", "crawl", "identity"]
