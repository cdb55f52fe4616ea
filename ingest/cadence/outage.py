"""Whose fault it is when everything fails: ours, if no site answers any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.cadence.failures import Failure, failure_of
from ingest.urls import site_of

SITES = 3
"""Different publishers that must have failed since anybody answered: with one address in fifty dead on an ordinary day,
three in a row are a coincidence of 1 in 125,000."""
_NO_ANSWER = frozenset({"dns", "connect", "tls", "timeout", "network"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One request and what came of it."""

    url: str
    kind: str | None = None
    """FetchError's; None if there was an answer, whatever it said."""
    status: int | None = None


def is_our_outage(attempts: Sequence[Attempt]) -> bool:
    """Whether our own network was out at the last of these attempts; they come in the order of time.

    An answer of any host, be it a 500, shows that the network works; two hosts of one publisher are one witness. A login
    page of our own network (407, 511) is no answer. TLS errors everywhere are our clock or a captive portal.

    >>> dead = [Attempt(url=f"https://{name}.example/", kind="timeout") for name in ("a", "b", "c")]
    >>> is_our_outage(dead), is_our_outage(dead[:2]), is_our_outage([*dead, Attempt(url="https://d.example/", status=500)])
    (True, False, False)
    """
    sites = set()
    for attempt in reversed(attempts):
        if not _unanswered(attempt):
            break
        sites.add(site_of(attempt.url))
    return len(sites) >= SITES


def _unanswered(attempt: Attempt) -> bool:
    if attempt.kind is None:
        return False
    return attempt.kind in _NO_ANSWER or failure_of(attempt.kind, attempt.status) is Failure.OURS
