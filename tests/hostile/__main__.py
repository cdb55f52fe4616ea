"""`python -m tests.hostile`: the whole catalogue at its real size, each row in a process of its own, as a table.

Exit code 1 if a row came out otherwise than it must, left something behind, or made a good source more than a second late.
With names of rows or letters, only those: `python -m tests.hostile H17 F`.
"""

# ruff: noqa: T201
from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.hostile.row import Row
from tests.hostile.rows import CHAPTERS, ROWS
from tests.hostile.world import World, environment

SECONDS = 240
"""For the slowest row: a lease that runs out."""
LATE = 1.0
"""Seconds that a good source may be late because of a bad one."""
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Played:
    """What came of a row."""

    row: Row
    happened: str
    seconds: float = 0.0
    here: float = 0.0
    """Peak memory of the row's process, in MB."""
    box: float = 0.0
    """Of the largest process below it, in MB."""
    delay: float = 0.0
    """Seconds by which the good source was late; 0 where there is none beside the row."""
    left: str = ""
    """What was left behind."""

    @property
    def right(self) -> bool:
        return re.search(self.row.expected, self.happened) is not None and not self.left and self.delay <= LATE


def play(index: int) -> None:
    """One row, here; its result as JSON."""
    row = ROWS[index]
    assert row.play is not None
    before = _belongings()
    over = threading.Event()
    peaks: dict[int, int] = {}
    watcher = threading.Thread(target=_watch, args=(over, peaks))
    watcher.start()
    start = time.monotonic()
    with World(full=True) as world:
        happened = row.play(world)
    seconds = time.monotonic() - start
    over.set()
    watcher.join()
    here = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = {"happened": happened, "seconds": seconds, "here": here, "delay": world.delay}
    print(json.dumps(found | {"box": max(peaks.values(), default=0) / 1024, "left": _left_behind(before)}))


def _watch(over: threading.Event, peaks: dict[int, int]) -> None:
    """The largest memory that each process below this one had, in KB: what is killed by its keeper is in nobody's account."""
    while not over.wait(0.02):
        for pid in _below(os.getpid()):
            try:
                status = Path(f"/proc/{pid}/status").read_text()
            except OSError:  # it has ended
                continue
            if found := re.search(r"VmHWM:\s+(\d+)", status):
                peaks[pid] = max(peaks.get(pid, 0), int(found[1]))


def _below(pid: int) -> Iterator[int]:
    """The processes that a process started, and those that they started."""
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(child) for child in task.read_text().split()]
        except OSError:
            continue
        for child in children:
            yield child
            yield from _below(child)


def _belongings() -> dict[str, int]:
    """What a row could leave behind. Threads of the resolver may go on: a look-up can't be called off."""
    own = Path("/proc/self")
    children = (own / f"task/{os.getpid()}/children").read_text().split()
    return {"processes": len(children), "sockets": sum(_is_socket(one) for one in (own / "fd").iterdir())}


def _is_socket(descriptor: Path) -> bool:
    try:
        return str(descriptor.readlink()).startswith("socket:")
    except OSError:  # the one that listed them
        return False


def _left_behind(before: dict[str, int]) -> str:
    """What is more than before; the servers of the row, which are ours, get some time to notice that nobody listens."""
    end = time.monotonic() + 10
    while (now := _belongings()) != before and time.monotonic() < end:
        time.sleep(0.1)
    return ", ".join(f"{now[name] - count} {name}" for name, count in before.items() if now[name] > count)


def played(index: int) -> Played:
    """One row, in a process of its own."""
    row = ROWS[index]
    command = [sys.executable, "-m", "tests.hostile", "--play", str(index)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True)
        return Played(row=row, **json.loads(done.stdout.splitlines()[-1]))
    except (subprocess.SubprocessError, ValueError, IndexError) as error:
        said = getattr(error, "stderr", None) or ""
        return Played(row=row, happened=f"NOT PLAYED: {error!r} {said[-300:]}", seconds=SECONDS)


def tested(rows: list[Row]) -> dict[Row, Played]:
    """The rows that tests hold: all of them in one run, as starting one and its PostgreSQL takes seconds."""
    tests = sorted({test for row in rows for test in row.tests})
    if not tests:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-n0",
            "-p",
            "no:cacheprovider",
            f"--junit-xml={report}",
            *tests,
        ]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment())
        cases = list(ET.parse(report).iter("testcase")) if report.exists() else []
    played = {}
    for row in rows:
        mine = [case for case in cases if any(_is_of(case, test) for test in row.tests)]
        failed = [case.attrib["name"] for case in mine if len(case)]  # a failure, an error, or skipped
        there = all(any(_is_of(case, test) for case in mine) for test in row.tests)
        happened = f"{len(mine)} passed" if there and not failed else f"FAILED: {failed or done.stdout[-200:]}"
        played[row] = Played(row=row, happened=happened, seconds=sum(float(case.attrib["time"]) for case in mine))
    return played


def _is_of(case: ET.Element, test: str) -> bool:
    """Whether a case of the report is one of a test, or of a file of tests."""
    file, _, name = test.partition("::")
    module = file.removesuffix(".py").replace("/", ".")
    return case.attrib["classname"] == module and (not name or case.attrib["name"].partition("[")[0] == name)


def line(one: Played) -> str:
    row = one.row
    happened = " ".join((f"not there: {row.absent}" if row.absent else one.happened).split())[:110].replace("|", "\\|")
    wrong = "" if one.right else "**WRONG** "
    left = f" **LEFT BEHIND: {one.left}**" if one.left else ""
    cells = (
        row.name,
        row.title,
        f"{wrong}{happened}{left}",
        f"{one.seconds:.1f}" if one.seconds else "",
        *(f"{size:.0f}" if size > 1 else "" for size in (one.here, one.box)),
        f"{one.delay * 1000:.0f}" if one.delay else "",
    )
    return f"| {' | '.join(cells)} |"


def summary(rows: list[Played]) -> str:
    """What the table comes to."""
    there = [one for one in rows if not one.row.absent]
    names = {one.row.name for one in there}
    tests = [one for one in there if one.row.play is None]
    wrong = [one for one in there if not one.right]

    def most(value: str, unit: str, scale: float = 1) -> str:
        most_ = max(there, key=lambda one: getattr(one, value))
        return f"{getattr(most_, value) * scale:,.0f} {unit} ({most_.row.name} {most_.row.title})"

    tested = f"{len(tests)} of them by tests of the suite; {len(rows) - len(there)} not there"
    return "\n".join(
        [
            f"{len(names)} rows of the catalogue in {len(there)} plays, {tested}",
            f"wrong: {', '.join(one.row.name for one in wrong) or 'none'}",
            f"slowest: {most('seconds', 's')}",
            f"most memory here: {most('here', 'MB')}",
            f"most memory in the box: {most('box', 'MB')}",
            f"a good source was late by at most {most('delay', 'ms', 1000)}",
        ]
    )


def main(names: list[str]) -> int:
    missing = sorted(name for chapter in CHAPTERS for name in chapter.missing())
    print("| row | what is done | what happened | s | MB here | MB box | ms late |\n|---|---|---|--:|--:|--:|--:|")
    wanted = [row for row in ROWS if not names or {row.name, row.name[0]} & set(names)]
    by_tests = tested([row for row in wanted if row.play is None and not row.absent])
    rows = []
    for index, row in enumerate(ROWS):
        if row not in wanted:
            continue
        absent = Played(row=row, happened="") if row.absent else None
        rows.append(absent or by_tests.get(row) or played(index))
        print(line(rows[-1]), flush=True)
    if missing:
        print(f"\nnobody has thought of: {', '.join(missing)}")
    if rows:
        print(f"\n{summary(rows)}")
    return 1 if missing or not all(one.right for one in rows if not one.row.absent) else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--play"]:
        play(int(sys.argv[2]))
    else:
        sys.exit(main(sys.argv[1:]))
