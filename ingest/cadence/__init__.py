"""When to look again: pure functions of what was seen, the time and a random number, each an argument.

    History ─► Rhythm ─┐
    publisher, server ─┼► next_poll ─► NextPoll(at, interval, reason, others, warnings)
    Bounds, failure   ─┘

`failures` says what a failed poll means, `states` how a source is, `pages` when an article is looked at again, `outage`
whose fault it is, `catchup` what to do after a pause, `redirects` when a move is believed.
"""

from ingest.cadence.bounds import Bounds
from ingest.cadence.catchup import believable, spread
from ingest.cadence.failures import Failure, back_off, failure_of, hold
from ingest.cadence.hints import MAX_RETRY_AFTER, ServerHints
from ingest.cadence.history import History, Look
from ingest.cadence.outage import Attempt, is_our_outage
from ingest.cadence.pages import next_revisit, page_retry
from ingest.cadence.poll import BEYOND_BOUNDS, NextPoll, Outlook, next_poll
from ingest.cadence.redirects import Move, Verdict, moved, redirect_verdict, sighted
from ingest.cadence.rhythm import Rhythm
from ingest.cadence.rules import spell
from ingest.cadence.states import State, is_quiet, state_of

__all__ = [
    "BEYOND_BOUNDS",
    "MAX_RETRY_AFTER",
    "Attempt",
    "Bounds",
    "Failure",
    "History",
    "Look",
    "Move",
    "NextPoll",
    "Outlook",
    "Rhythm",
    "ServerHints",
    "State",
    "Verdict",
    "back_off",
    "believable",
    "failure_of",
    "hold",
    "is_our_outage",
    "is_quiet",
    "moved",
    "next_poll",
    "next_revisit",
    "page_retry",
    "redirect_verdict",
    "sighted",
    "spell",
    "spread",
    "state_of",
]
