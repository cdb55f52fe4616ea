"""What all visits of a process share."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ingest.box import Box
from ingest.cadence import Bounds
from ingest.clock import Clock
from ingest.fetch import Web
from ingest.model import Source
from ingest.pipeline.leases import Leases
from ingest.pipeline.manners import RobotsRules
from ingest.pipeline.outage import Outage
from ingest.pipeline.writer import Writer


class Journal(Protocol):
    """Takes down what happens, one line each."""

    def __call__(self, event: str, /, **fields: object) -> None: ...


def silent(_event: str, /, **_fields: object) -> None:
    """The journal of a one-shot run, whose report says it all."""


@dataclass(kw_only=True)
class Shared:
    """One for all visits."""

    web: Web
    box: Box
    writer: Writer
    leases: Leases
    clock: Clock
    robots: str
    """`politeness.robots`: "articles", "all" or "none"."""
    hold: str
    """`politeness.hold`: "auto", "url", "host" or "domain"."""
    token: str
    """Our product token in robots.txt."""
    sources: Mapping[str, Source]
    """By name."""
    bounds: Callable[[Source], Bounds]
    found: Callable[[str], None] = field(default=lambda _: None)
    """Called with the host of each new link."""
    journal: Journal = silent
    stopping: Callable[[], bool] = field(default=lambda: False)
    draw: Callable[[], float] = random.random

    outage: Outage = field(default_factory=Outage)

    def rules(self) -> RobotsRules:
        """robots.txt for one visit."""
        return RobotsRules(web=self.web, writer=self.writer, now=self.clock.now, token=self.token)
