"""Every row of the catalogue, small: what must come of it, in time."""

from __future__ import annotations

import re
import time

import pytest

from tests.hostile.catalogue import ROWS, Row
from tests.hostile.world import World


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.name} {row.title}")
def test_row(row: Row) -> None:
    start = time.monotonic()
    with World(full=False) as world:
        happened = row.play(world)
    assert re.search(row.expected, happened), happened
    assert time.monotonic() - start < row.seconds * 2  # a busy machine is no failure, a hang is
    assert "Traceback" not in happened
