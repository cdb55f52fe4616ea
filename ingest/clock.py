"""The only place that reads the clock: everything else gets the time as an argument."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Self

from ingest.errors import ConfigError

VARIABLE = "INGEST_CLOCK"
"""For tests and benchmarks: `<speed>@<moment>`, a clock that shows the moment when it is, and runs so much faster from there.

All processes on one database need the same: the moments that they store are those of this clock.
"""
_FORM = re.compile(r"(\d+(?:\.\d+)?)@(.+)")
PRECISION = timedelta(milliseconds=1)
"""Of the database's clock (SQLite's strftime)."""
PRECISE_ENOUGH = timedelta(milliseconds=20)
"""A reading that took longer is repeated; the quickest tells most."""


def now() -> datetime:
    """The time, in UTC, to the microsecond."""
    return datetime.now(UTC)


class Clock:
    """The time of a process that lives long: set by the database's clock, monotonic in between.

    A wall clock that is set, or that differs between machines, moves nothing until the database says so.
    """

    def __init__(self, *, speed: float = 1.0, origin: datetime | None = None) -> None:
        """`speed` above 1 for tests and benchmarks only; `origin` is the moment at which both clocks show the same."""
        self.speed = speed
        self.apart = 0.05 * speed
        """Seconds by which the clocks of two processes may differ: reading the database's takes a while on a busy machine."""
        self._origin = origin or now()
        self._set = (self._scaled(now()), time.monotonic())  # one value: other threads read it

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self:
        """The clock that INGEST_CLOCK asks for, else the usual one. Raises ConfigError."""
        value = environ.get(VARIABLE)
        if not value:
            return cls()
        found = _FORM.fullmatch(value)
        try:
            origin = datetime.fromisoformat(found[2]).astimezone(UTC) if found else None
        except ValueError:
            origin = None
        if found is None or origin is None or not float(found[1]):
            raise ConfigError([f"{VARIABLE}: {value!r} is no clock; write 60@2026-11-23T06:00:00Z, or nothing"])
        return cls(speed=float(found[1]), origin=origin)

    def now(self) -> datetime:
        """The time, in UTC."""
        return self._shown(time.monotonic())

    def calibrate(self, read: Callable[[], datetime]) -> timedelta:
        """Take the database's time; gives by how much this clock was wrong, positive if it was late.

        `read` asks the database. Its moment lies somewhere within the asking, which takes long on a busy machine: then it is
        asked again, and a clock that agrees as well as can be known is left alone.
        """
        found = self._reading(read)
        for _ in range(2):
            if found[1] > PRECISE_ENOUGH * self.speed:
                found = min(found, self._reading(read), key=lambda reading: reading[1])
        earliest, unknown, answered = found
        before = self._shown(answered)
        if earliest <= before <= earliest + unknown:
            return timedelta()
        after = earliest + unknown / 2
        self._set = (after, answered)
        return after - before

    def _reading(self, read: Callable[[], datetime]) -> tuple[datetime, timedelta, float]:
        """The earliest that it can have been when the answer came, by how much it can have been later, and when it came."""
        asked = time.monotonic()
        earliest = self._scaled(read())
        answered = time.monotonic()
        return earliest, timedelta(seconds=answered - asked) * self.speed + PRECISION * self.speed, answered

    def monotonic(self) -> float:
        """Seconds of this clock from some moment on; never set."""
        return time.monotonic() * self.speed

    async def sleep(self, seconds: float) -> None:
        """Seconds of this clock."""
        await asyncio.sleep(seconds / self.speed)

    def _shown(self, at: float) -> datetime:
        shown, since = self._set
        return shown + timedelta(seconds=(at - since) * self.speed)

    def _scaled(self, moment: datetime) -> datetime:
        return self._origin + (moment - self._origin) * self.speed
