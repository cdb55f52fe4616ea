"""`ingest load` and `ingest export`, as processes of their own."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

COMMAND = [sys.executable, "-m", "ingest"]
WORDS = "The harbour office said on day {} that the ferries would run again, and that the pier had been mended by then."


def record(number: int, **changes: Any) -> str:
    values = {
        "url": f"https://harbour.example/{number}",
        "headline": f"Ferries run again on day {number}",
        "body": WORDS.format(number) + f"\n\n{'abcdefgh'[number % 8] * 3} " * (number + 2),
        "published_at": "2026-05-05T08:00:00+00:00",
        "source": "harbour",
        "language": "en",
    }
    return json.dumps(values | changes)


def run(folder: Path, *arguments: str, database: str = "test", stdin: str = "") -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("INGEST_")}
    url = f"sqlite:///{folder}/{database}.db"
    env = kept | {"INGEST_DATABASE": url, "COLUMNS": "120", "PYTHONUTF8": "1"}
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=env,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def lines(folder: Path, *texts: str) -> None:
    (folder / "records.jsonl").write_text("\n".join(texts) + "\n", "utf-8")


def dump(folder: Path) -> list[str]:
    connection = sqlite3.connect(folder / "test.db")
    try:
        # iterdump can't tell the shadow tables of the full-text index; nothing of it is written by a load
        tables = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
            if not name.startswith("search")
        ]
        return [str(row) for table in tables for row in connection.execute(f'SELECT * FROM "{table}"')]
    finally:
        connection.close()


def test_a_line_that_cannot_be_read_is_named_by_its_number_and_the_others_are_loaded(tmp_path: Path):
    lines(tmp_path, record(1), "{broken", "", record(2, body=""), '"text"', record(3), record(4, authors="Jane"))
    done = run(tmp_path, "load", "records.jsonl", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert (report["lines"], report["stored"]) == (7, 2)
    problems = {one["line"]: one["problem"] for one in report["problems"]}
    assert list(problems) == [2, 4, 5, 7]
    assert problems[2].startswith("no JSON at character 2: ")
    assert problems[4] == "no body"
    assert "authors must be a list of texts" in problems[7]
    shown = run(tmp_path, "load", "records.jsonl").stdout
    assert "line 2: " in shown
    assert "2 unchanged, 4 skipped" in shown


def test_a_second_load_changes_no_row(tmp_path: Path):
    lines(tmp_path, *(record(n) for n in range(130)), record(5, url="https://other.example/5", source="other"))
    first = run(tmp_path, "load", "records.jsonl", "--json")
    assert (first.returncode, json.loads(first.stdout)["stored"]) == (0, 131), first.stderr
    before = dump(tmp_path)
    second = run(tmp_path, "load", "records.jsonl", "--json")
    assert (second.returncode, json.loads(second.stdout)["unchanged"]) == (0, 131)
    assert dump(tmp_path) == before


def test_a_load_goes_on_where_an_earlier_one_ended(tmp_path: Path):
    lines(tmp_path, *(record(n) for n in range(5)))
    done = run(tmp_path, "load", "records.jsonl", "--after", "3", "--json")
    assert json.loads(done.stdout)["stored"] == 2
    whole = run(tmp_path, "load", "records.jsonl", "--json")
    assert (json.loads(whole.stdout)["stored"], json.loads(whole.stdout)["unchanged"]) == (3, 2)


def test_records_come_from_a_pipe_as_well(tmp_path: Path):
    done = run(tmp_path, "load", "-", stdin=record(1) + "\n" + record(2))
    assert done.returncode == 0, done.stderr
    assert "2 lines: 2 stored, 0 skipped" in done.stdout


def test_what_is_exported_is_loaded_and_gives_the_same_export(tmp_path: Path):
    lines(tmp_path, *(record(n) for n in range(20)), record(3, url="https://other.example/3", source="other"))
    run(tmp_path, "load", "records.jsonl")
    exported = run(tmp_path, "export").stdout
    assert len(exported.splitlines()) == 21
    (tmp_path / "again.jsonl").write_text(exported, "utf-8")
    assert run(tmp_path, "load", "again.jsonl", database="fresh").returncode == 0
    assert run(tmp_path, "export", database="fresh").stdout == exported


def test_an_interrupted_load_keeps_what_is_stored_and_says_where_to_go_on(tmp_path: Path):
    kept = {key: value for key, value in os.environ.items() if not key.startswith("INGEST_")}
    env = kept | {"INGEST_DATABASE": f"sqlite:///{tmp_path}/test.db", "COLUMNS": "120"}
    process = subprocess.Popen(
        [*COMMAND, "load", "-"],
        cwd=tmp_path,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    try:
        for number in range(250):  # two batches and a half: then it waits for more
            process.stdin.write(record(number) + "\n")
        process.stdin.flush()
        wait_for_rows(tmp_path / "test.db", 200)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 130, err
    assert "go on with --after 200" in out
    assert len(run(tmp_path, "export").stdout.splitlines()) == 200


def wait_for_rows(path: Path, wanted: int) -> None:
    from time import monotonic

    end, found = monotonic() + 30, 0
    while found < wanted and monotonic() < end:
        try:
            connection = sqlite3.connect(path)
            found = connection.execute("SELECT count(*) FROM article").fetchone()[0]
            connection.close()
        except sqlite3.OperationalError:  # not made yet
            continue
    assert found == wanted


def test_a_spreadsheet_computes_nothing_of_what_pages_say(tmp_path: Path):
    lines(tmp_path, record(1, headline="=HYPERLINK(1)"))
    run(tmp_path, "load", "records.jsonl")
    assert "'=HYPERLINK(1)" in run(tmp_path, "export", "--format", "csv").stdout


@pytest.mark.parametrize("arguments", [("load", "missing.jsonl"), ("load",), ("export", "--format", "xml")])
def test_wrong_usage_ends_in_exit_code_2(tmp_path: Path, arguments: tuple[str, ...]):
    done = run(tmp_path, *arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
