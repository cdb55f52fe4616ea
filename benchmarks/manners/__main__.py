"""The report card of good manners: the real daemon against hosts that are good, bad and strange.

    python benchmarks/manners [--short]

Each line is a rule for good guests (A conditional polling, B how often, C when the server says no, D one host); "kept" needs
evidence out of the hosts' own log and of what the daemon stored. The daemon lives in virtual time (benchmarks/leap.py), so
a busy machine makes the run longer and changes no result. The full run plays five days, with a kill and an outage of the
network; the short one a day and a half.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from manners.play import play

MARKS = {True: "kept    ", False: "NOT KEPT", None: "not here"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true", help="A day and a half; some lines can't be shown.")
    parser.add_argument("--keep", type=Path, help="Leave database and logs there.")
    options = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as made:
        directory = options.keep or Path(made)
        directory.mkdir(exist_ok=True)
        lines = play(directory, short=options.short)
    for line in lines:
        print(f"{MARKS[line.kept]}  {line.rule}: {line.evidence}")
    kept = [line.kept for line in lines]
    print(
        f"{kept.count(True)} kept, {kept.count(False)} not, {kept.count(None)} not here, of {len(lines)}; "
        f"{time.monotonic() - begun:.0f} s"
    )
    return int(False in kept)


if __name__ == "__main__":
    sys.exit(main())
