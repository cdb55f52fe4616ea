"""URL → page: client, address guard, pacing, robots.txt."""

from ingest.fetch.client import ACCEPT_PAGE, ACCEPT_SOURCE, Session, Turn, Validators, Web
from ingest.fetch.network import Resolver
from ingest.fetch.pacing import Pacer
from ingest.fetch.robots import Robots, deciding_rule

__all__ = [
    "ACCEPT_PAGE",
    "ACCEPT_SOURCE",
    "Pacer",
    "Resolver",
    "Robots",
    "Session",
    "Turn",
    "Validators",
    "Web",
    "deciding_rule",
]
