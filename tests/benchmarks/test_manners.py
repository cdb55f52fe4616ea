"""The daemon's manners, against hosts that are good, bad and strange: the short form of benchmarks/manners."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from manners.play import play


def test_every_rule_for_good_guests_that_a_day_can_show_is_kept(tmp_path: Path):
    lines = play(tmp_path, short=True)
    assert len(lines) > 60
    assert [f"{line.rule}: {line.evidence}" for line in lines if line.kept is False] == []
    assert sum(line.kept is None for line in lines) <= 4
