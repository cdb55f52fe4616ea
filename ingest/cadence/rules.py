"""What one rule says about the next poll, and how `ingest explain` words it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

LONGEST = timedelta(days=366)
"""Nobody means more: longer wishes are read as this, so that adding them to a time can't overflow."""

_UNITS = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An interval, and the reason for it."""

    interval: timedelta
    words: str

    def __str__(self) -> str:
        return f"{self.words} ({spell(self.interval)})"


def spell(duration: timedelta) -> str:
    """A duration as config.yaml writes it, in its two largest units; days only from two on.

    >>> spell(timedelta(minutes=90)), spell(timedelta(hours=24)), spell(timedelta(days=3, seconds=5))
    ('1h 30m', '24h', '3d')
    >>> spell(timedelta(milliseconds=50)), spell(timedelta(seconds=1.5))
    ('50ms', '1.5s')
    """
    if timedelta() < duration < timedelta(seconds=1):
        return f"{duration / timedelta(milliseconds=1):.0f}ms"
    if duration < timedelta(minutes=1):
        return f"{duration.total_seconds():.3g}s"
    seconds = round(duration.total_seconds())
    units = _UNITS if seconds >= 2 * 86400 else _UNITS[1:]
    for index, (size, name) in enumerate(units):
        if seconds >= size:
            whole, rest = divmod(seconds, size)
            below = units[index + 1] if index + 1 < len(units) else None
            part = rest // below[0] if below else 0
            return f"{whole}{name} {part}{below[1]}" if below and part else f"{whole}{name}"
    return "0s"
