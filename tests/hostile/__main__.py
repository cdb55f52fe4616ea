"""`python -m tests.hostile`: the whole catalogue at its real size, each row in a process of its own, as a table.

Exit code 1 if a row came out otherwise than it must. With names of rows, only those.
"""

# ruff: noqa: T201
from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import time

from tests.hostile.catalogue import ROWS
from tests.hostile.world import World

SECONDS = 60


def play(index: int) -> None:
    """One row, its result as JSON. Peaks are of this process, and of the largest of its children that ended: the box."""
    start = time.monotonic()
    with World(full=True) as world:
        happened = ROWS[index].play(world)
    kilobytes = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(
        json.dumps({"happened": happened, "seconds": time.monotonic() - start, "peaks": [k / 1024 for k in kilobytes]})
    )


def main(names: list[str]) -> int:
    wrong = 0
    print("| row | what is done | what happened | s | MB here | MB box |\n|---|---|---|--:|--:|--:|")
    for index, row in enumerate(ROWS):
        if names and row.name not in names:
            continue
        command = [sys.executable, "-m", "tests.hostile", "--play", str(index)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True)
            told = json.loads(done.stdout.splitlines()[-1])
        except (subprocess.SubprocessError, ValueError, IndexError) as error:
            told = {"happened": f"NOT PLAYED: {error!r}", "seconds": SECONDS, "peaks": [0, 0]}
        right = re.search(row.expected, told["happened"]) is not None
        wrong += not right
        happened = ("" if right else "**WRONG** ") + " ".join(told["happened"].split())[:110].replace("|", "\\|")
        here, box = told["peaks"]
        print(
            f"| {row.name} | {row.title} | {happened} | {told['seconds']:.1f} | {here:.0f} | {f'{box:.0f}' if box > 1 else ''} |",
            flush=True,
        )
    print(f"\n{len(ROWS)} rows, {wrong} of them wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--play"]:
        play(int(sys.argv[2]))
    else:
        sys.exit(main(sys.argv[1:]))
