"""The report card: the real daemon against a town of good and bad hosts, judged by what the hosts wrote down."""

from manners.hosts import DAY, HOUR, HTML, RSS, article, not_modified, rss
from manners.town import Asked, LeapingTown, Player, Reply, Town, by_host

__all__ = [
    "DAY",
    "HOUR",
    "HTML",
    "RSS",
    "Asked",
    "LeapingTown",
    "Player",
    "Reply",
    "Town",
    "article",
    "by_host",
    "not_modified",
    "rss",
]
