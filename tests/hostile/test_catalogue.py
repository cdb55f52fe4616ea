"""Every row of the catalogue, small: what must come of it, in time."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from tests.hostile.row import Row
from tests.hostile.rows import CHAPTERS, ROWS
from tests.hostile.world import World

PLAYED = [row for row in ROWS if row.play is not None and not row.tests]
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("row", PLAYED, ids=lambda row: f"{row.name} {row.title}")
def test_row(row: Row) -> None:
    assert row.play is not None
    start = time.monotonic()
    with World(full=False) as world:
        happened = row.play(world)
    assert re.search(row.expected, happened), happened
    assert time.monotonic() - start < row.seconds * 2  # a busy machine is no failure, a hang is
    assert "Traceback" not in happened


def test_no_row_of_the_catalogue_is_missing() -> None:
    assert {chapter.letter: chapter.missing() for chapter in CHAPTERS if chapter.missing()} == {}
    assert all(row.name[0] == chapter.letter for chapter in CHAPTERS for row in chapter.rows)


def test_the_tests_that_hold_a_row_are_there() -> None:
    named = {test for row in ROWS for test in row.tests}
    for file, _, name in (test.partition("::") for test in named):
        assert f"def {name}" in (ROOT / file).read_text(), f"{file} has no {name}"
