"""The commands through their real entry point, as a process of their own."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.web import Answer, Site, conditional, site

PARAGRAPH = "The harbour office said on Monday that the ferries would run again, and that the pier had been mended. "
PAGE = (
    "<html lang=en><head><title>Ferries run again</title></head><body><article><h1>Ferries run again</h1>"
    + f"<p>{PARAGRAPH * 3}</p>" * 4
    + "</article></body></html>"
)
COMMAND = [sys.executable, "-m", "ingest"]


@pytest.fixture
def host() -> Iterator[Site]:
    with site() as one:
        one.routes["/a"] = conditional(PAGE, etag='"a"')
        yield one


def environment(folder: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("INGEST_")}
    return kept | {"INGEST_DATABASE": f"sqlite:///{folder}/test.db", "COLUMNS": "120", "PYTHONUTF8": "1"}


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def configure(folder: Path, *sources: str) -> None:
    listed = "".join(f"  - {source}\n" for source in sources)
    text = f"fetch: {{allow_addresses: [127.0.0.0/8]}}\npoliteness: {{delay: 0s}}\nsources:\n{listed}"
    (folder / "config.yaml").write_text(text, "utf-8")


def feed(host: Site, *paths: str) -> None:
    items = "".join(f"<item><title>x</title><link>{host.url}{path}</link></item>" for path in paths)
    host.routes["/feed"] = conditional(
        f"<rss version='2.0'><channel>{items}</channel></rss>", etag=f'"{paths}"', content_type="application/rss+xml"
    )


def test_help_names_every_command_and_each_has_its_own(tmp_path: Path) -> None:
    from ingest.cli import COMMANDS, cli

    text = run(tmp_path, "--help").stdout
    assert all(f"  {name} " in text for name in COMMANDS)
    for name in COMMANDS:  # in this process: to start sixteen takes as long as a hundred tests
        done = CliRunner().invoke(cli, [name, "--help"], prog_name="ingest")
        assert done.exit_code == 0, done.output
        assert "Usage: ingest " + name in done.output


def test_every_command_stands_in_the_documentation() -> None:
    from ingest.cli import COMMANDS

    root = Path(__file__).parents[2]
    text = "".join(file.read_text("utf-8") for file in [root / "README.md", *root.glob("docs/*.md")])
    assert [name for name in COMMANDS if f"ingest {name}" not in text and f"make {name}" not in text] == []


def test_a_crawl_prints_a_summary_and_the_next_one_finds_nothing_new(tmp_path: Path, host: Site) -> None:
    feed(host, "/a")
    configure(tmp_path, f"{{name: harbour, feed: '{host.url}/feed'}}")
    first = run(tmp_path, "crawl")
    assert first.returncode == 0, first.stderr
    assert "harbour" in first.stdout
    assert "1 discovered = 1 stored + 0 unchanged" in first.stdout
    second = run(tmp_path, "crawl", "harbour", "--json")
    report = json.loads(second.stdout)
    assert (second.returncode, report["stored"], report["discovered"]) == (0, 0, 0)
    assert report["requests"] == report["conditional_requests"] == 1


def test_failures_are_named_and_end_in_exit_code_1(tmp_path: Path, host: Site) -> None:
    feed(host, "/a", "/missing")
    configure(tmp_path, f"{{name: harbour, feed: '{host.url}/feed'}}", "{name: away, feed: 'http://127.0.0.1:1/feed'}")
    done = run(tmp_path, "crawl")
    assert done.returncode == 1
    assert "/missing: HTTP 404 Not Found" in done.stdout
    assert "poll failed away" in done.stdout
    assert "Traceback" not in done.stderr


def test_one_page_by_hand_needs_no_sources(tmp_path: Path, host: Site) -> None:
    (tmp_path / "config.yaml").write_text("fetch: {allow_addresses: [127.0.0.0/8]}\npoliteness: {delay: 0s}\n")
    done = run(tmp_path, "crawl", "--url", f"{host.url}/a", "--json")
    assert (done.returncode, json.loads(done.stdout)["stored"]) == (0, 1)


@pytest.mark.parametrize(
    ("arguments", "config", "message"),
    [
        (["crawl"], None, "config.yaml: no such file"),
        (["crawl"], "fetch: {timeout: soon}", "config.yaml:1: fetch.timeout: 'soon' is not a duration"),
        (["crawl"], "fetch: {}", "names no sources"),
        (["crawl", "b"], "sources: [{name: a, feed: 'https://example.org/'}]", "no source is named b"),
        (["crawl", "--nonsense"], None, "No such option"),
        (["nonsense"], None, "No such command"),
        (["try", "missing.html"], None, "missing.html: No such file"),
    ],
)
def test_wrong_usage_or_configuration_ends_in_exit_code_2(
    tmp_path: Path, arguments: list[str], config: str | None, message: str
) -> None:
    if config is not None:
        (tmp_path / "config.yaml").write_text(config, "utf-8")
    done = run(tmp_path, *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_try_shows_a_record_as_people_read_it_as_json_and_with_reasons(tmp_path: Path, host: Site) -> None:
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    shown = run(tmp_path, "try", "page.html")
    assert shown.returncode == 0, shown.stderr
    assert "Ferries run again" in shown.stdout
    record = json.loads(run(tmp_path, "try", "page.html", "--url", "https://example.org/a", "--json").stdout)
    assert (record["headline"], record["url"]) == ("Ferries run again", "https://example.org/a")
    explained = run(tmp_path, "try", "page.html", "--explain").stdout
    assert "✓" in explained
    assert "h1" in explained
    (tmp_path / "config.yaml").write_text("fetch: {allow_addresses: [127.0.0.0/8]}\n")
    assert json.loads(run(tmp_path, "try", f"{host.url}/a", "--json").stdout)["headline"] == "Ferries run again"


def test_try_says_why_a_page_is_no_article(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>Nothing.</p>", "utf-8")
    done = run(tmp_path, "try", "page.html")
    assert done.returncode == 1
    assert done.stderr.startswith("ingest: no ")


def test_a_page_cannot_write_escape_sequences_to_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE.replace("Ferries", "Fer\x1b[31mries\x07[bold]"), "utf-8")
    done = run(tmp_path, "try", "page.html", "--explain")
    assert done.returncode == 0, done.stderr
    assert not {"\x1b", "\x07"} & set(done.stdout)
    assert "[bold]" in done.stdout


def test_control_c_keeps_what_is_stored_and_prints_the_summary(tmp_path: Path, host: Site) -> None:
    reached, leave = threading.Event(), threading.Event()

    def hang(_) -> Answer:
        reached.set()
        leave.wait(20)
        return Answer("late")

    host.routes["/hang"] = hang
    feed(host, "/a", "/hang")
    configure(tmp_path, f"{{name: harbour, feed: '{host.url}/feed'}}")
    process = subprocess.Popen(
        [*COMMAND, "crawl"],
        cwd=tmp_path,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert reached.wait(20)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    finally:
        leave.set()
        process.kill()
    assert process.returncode == 130, err
    assert "2 discovered = 1 stored + 0 unchanged + 0 duplicate + 0 filtered + 0 failed + 1 pending" in out
    assert "Interrupted" in out
    assert "Traceback" not in err


def test_a_terminal_gets_a_progress_bar(tmp_path: Path, host: Site) -> None:
    feed(host, "/a")
    configure(tmp_path, f"{{name: harbour, feed: '{host.url}/feed'}}")
    control, terminal = pty.openpty()
    seen = bytearray()

    def read() -> None:
        try:
            while data := os.read(control, 4096):
                seen.extend(data)
        except OSError:  # the other end is closed
            return

    reader = threading.Thread(target=read)
    reader.start()
    env = environment(tmp_path) | {"TERM": "xterm"}
    done = subprocess.run(
        [*COMMAND, "crawl"], cwd=tmp_path, env=env, stdout=terminal, stderr=terminal, timeout=60, check=False
    )
    os.close(terminal)
    reader.join(10)
    os.close(control)
    assert done.returncode == 0
    assert "of 1 sources" in seen.decode()
