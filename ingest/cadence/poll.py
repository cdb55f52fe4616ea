"""When a source is polled next, and which rule says so.

    next = clamp(max(adaptive, publisher's hints), min, max) × (1 + U(0, 0.1))

Around it: skipHours and skipDays move it on, within max; a failed poll is followed by its back-off in place of the
adaptive interval; Retry-After overrides max, up to 31 days.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from ingest.cadence.bounds import DEFAULT_MIN, Bounds
from ingest.cadence.failures import GONE_AGAIN, Failure, back_off, hold
from ingest.cadence.hints import MAX_RETRY_AFTER, ServerHints, first_open, never_open, wishes
from ingest.cadence.history import History
from ingest.cadence.rhythm import Rhythm
from ingest.cadence.rules import Rule, spell
from ingest.model import PublisherHints

JITTER = 0.1
UNVALIDATED = timedelta(hours=24)
"""Between two polls of what must be sent whole each time, by a server that does not say how often."""
ABSURD = timedelta(days=7)
"""A publisher's wish that is longer is a mistake, most often the one setting for all files of a server."""
_SMALLEST_PAGE = 5  # shorter documents are new as a whole all the time
_RETRY_AFTER, _PATIENCE, _OUTAGE = (
    "Retry-After of the server",
    "the host asked for patience",
    "our own network was out",
)
BEYOND_BOUNDS = frozenset({_RETRY_AFTER, _PATIENCE, _OUTAGE})
"""Reasons for an interval that need not lie within the configured bounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What is known of a source when a poll has ended, or (for the due time that is stored before it) begins."""

    now: datetime
    history: History = field(default_factory=History)
    """With this poll's look, if it was answered."""
    bounds: Bounds = field(default_factory=Bounds)
    publisher: PublisherHints = field(default_factory=PublisherHints)
    """As the document said when it was last read."""
    server: ServerHints = field(default_factory=ServerHints)
    """As this answer says; before a poll, as the last one said."""
    failure: Failure | None = None
    """Of this poll; None if it was answered."""
    failures: int = 0
    """In a row, this one included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPoll:
    """When, and why."""

    at: datetime
    interval: timedelta
    """From now, before the jitter."""
    reason: str
    """The rule that set it, in words."""
    others: tuple[str, ...] = ()
    """The rules that had less to say, each with its interval, the longest first."""
    warnings: tuple[str, ...] = ()
    """Wishes that can't be meant."""


def next_poll(outlook: Outlook, *, draw: float) -> NextPoll:
    """When to poll next. `draw` is a number from 0 up to 1, drawn evenly: the jitter.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
    >>> server = ServerHints(validators=True, freshness=timedelta(hours=2), freshness_words="Cache-Control max-age=7200")
    >>> found = next_poll(Outlook(now=noon, server=server), draw=0.5)
    >>> found.at.isoformat(), found.reason
    ('2026-05-01T14:06:00+00:00', 'Cache-Control max-age=7200')
    >>> found.others
    ('adaptive: 8.0 entries a day, as long as nothing is known (1h 24m)', 'min_interval 1h (1h)')
    """
    if not 0 <= draw < 1:
        raise ValueError(f"draw is a number from 0 up to 1, not {draw!r}")
    outlook = replace(outlook, now=outlook.now.astimezone(UTC))  # hours between wall times depend on the season
    if outlook.failure is Failure.OURS:
        # No server has seen us, so none is spared by waiting; drawn wide, so that they don't all meet us at once.
        soon = back_off(1, Failure.OURS)
        return NextPoll(at=outlook.now + soon * (1 + draw), interval=soon, reason=_OUTAGE)
    heard = [_own(outlook), *_floor(outlook)]
    if outlook.failure is not Failure.GONE:
        heard += wishes(outlook.publisher, outlook.server)
    winner = _held(_bounded(max(heard, key=_interval), outlook), outlook)
    stretch = 1 + JITTER * draw
    latest = outlook.now + max(winner.interval, outlook.bounds.max_interval) * stretch
    moved = _out_of_skips(winner, stretch, latest, outlook)
    at = outlook.now + winner.interval * stretch
    if moved is not None:
        heard += [] if winner in heard else [winner]
        at = min(outlook.now + moved.interval + JITTER * draw * timedelta(hours=1), latest)
    set_by = moved or winner
    return NextPoll(
        at=min(at, outlook.now + max(set_by.interval, MAX_RETRY_AFTER)),  # 31 days are meant with the jitter
        interval=set_by.interval,
        reason=set_by.words,
        others=tuple(str(rule) for rule in sorted(heard, key=_interval, reverse=True) if rule is not set_by),
        warnings=tuple(_warnings(outlook)),
    )


def _own(outlook: Outlook) -> Rule:
    """What we think best ourselves: the rhythm's interval, or the back-off."""
    if outlook.failure is None or not outlook.failure.counts:
        return Rhythm.of(outlook.history, outlook.now).pace()
    if outlook.failure is Failure.GONE:
        return Rule(interval=GONE_AGAIN, words="410 Gone: asked again after months")
    count = max(outlook.failures, 1)
    pause = back_off(count, outlook.failure, longest=outlook.bounds.max_interval)
    return Rule(interval=pause, words=f"back-off after {count} failure{'s' * (count != 1)}")


def _floor(outlook: Outlook) -> Iterator[Rule]:
    """The shortest interval that is allowed."""
    bounds = outlook.bounds
    own_or_default = "configured min_interval" if bounds.min_interval != DEFAULT_MIN else "min_interval"
    yield Rule(interval=bounds.min_interval, words=f"{own_or_default} {spell(bounds.min_interval)}")
    says_nothing = outlook.server.validators is False and not wishes(outlook.publisher, outlook.server)
    if says_nothing and not bounds.own and outlook.failure is None:
        words = "no validators and no hint of freshness; write interval: to this source to poll it more often"
        yield Rule(interval=min(UNVALIDATED, bounds.max_interval), words=words)


def _bounded(rule: Rule, outlook: Outlook) -> Rule:
    """The rule, or what the configuration makes of it."""
    longest = outlook.bounds.max_interval
    if outlook.failure is Failure.GONE:
        return rule
    if outlook.bounds.fixed and rule.interval >= longest:
        return Rule(interval=longest, words=f"configured interval {spell(longest)}")
    if rule.interval > longest:
        return Rule(interval=longest, words=f"clamped to max_interval {spell(longest)}")
    return rule


def _held(rule: Rule, outlook: Outlook) -> Rule:
    """The rule, or the patience that the server asks for, if that is longer."""
    asked = outlook.server.retry_after
    if outlook.failure is Failure.SLOWED:
        words = _PATIENCE if asked is None else _RETRY_AFTER
        held = Rule(interval=hold(asked), words=words)
    elif asked is not None:
        held = Rule(interval=min(asked, MAX_RETRY_AFTER), words=_RETRY_AFTER)
    else:
        return rule
    return max(held, rule, key=_interval)


def _out_of_skips(rule: Rule, stretch: float, latest: datetime, outlook: Outlook) -> Rule | None:
    """The rule that takes its place, where the time falls into hours or days that the feed wants to be left alone."""
    publisher = outlook.publisher
    at = outlook.now + rule.interval * stretch
    if never_open(publisher):
        return None
    opened = first_open(at, publisher, latest)
    if opened is None or opened == at:
        return None
    words = "skipHours" if at.hour in publisher.skip_hours else "skipDays"
    return Rule(interval=opened - outlook.now, words=words)


def _warnings(outlook: Outlook) -> Iterator[str]:
    for wish in wishes(outlook.publisher, outlook.server):
        if wish.interval > ABSURD:
            yield f"{wish.words} can't be meant; max_interval {spell(outlook.bounds.max_interval)} counts"
    if never_open(outlook.publisher):
        yield "skipHours or skipDays leave no time to poll; they are ignored"
    looks = outlook.history.looks
    if len(looks) > 1 and looks[-1].new >= looks[-1].entries >= _SMALLEST_PAGE:
        yield f"all {looks[-1].entries} entries were new: some may have been missed; allow a shorter min_interval"


def _interval(rule: Rule) -> timedelta:
    return rule.interval
