"""The intervals that the user allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from ingest.cadence.rules import LONGEST
from ingest.model import Source

DEFAULT_MIN = timedelta(hours=1)
"""Between two polls where nothing shorter is configured."""
DEFAULT_MAX = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Never sooner than `min_interval`, never later than `max_interval` after the last poll."""

    min_interval: timedelta = DEFAULT_MIN
    max_interval: timedelta = DEFAULT_MAX
    own: bool = False
    """Whether the shortest interval was written for this very source: then it is what the user wants, whatever our
    own rules think best."""

    def __post_init__(self) -> None:
        if not timedelta() < self.min_interval <= self.max_interval:
            raise ValueError(f"an interval from {self.min_interval} to {self.max_interval} can't be kept")

    @property
    def fixed(self) -> bool:
        return self.own and self.min_interval == self.max_interval

    @classmethod
    def of(
        cls, source: Source, *, min_interval: timedelta | None = None, max_interval: timedelta | None = None
    ) -> Self:
        """The source's own bounds before the schedule's (`min_interval`, `max_interval`; None: not configured).

        Where the two contradict each other, the source's own counts.

        >>> source = Source(name="a", kind="feed", url="https://example.org/feed", min_interval=timedelta(days=2))
        >>> Bounds.of(source, max_interval=timedelta(days=1)).max_interval
        datetime.timedelta(days=2)
        """
        shortest = min(source.min_interval or min_interval or DEFAULT_MIN, LONGEST)
        longest = min(source.max_interval or max_interval or max(DEFAULT_MAX, shortest), LONGEST)
        if shortest > longest:
            if source.min_interval is not None:
                longest = shortest
            else:
                shortest = longest
        return cls(min_interval=shortest, max_interval=longest, own=source.min_interval is not None)
