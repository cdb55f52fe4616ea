"""P: what is done to the process."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

from tests.box.pages import page
from tests.hostile.row import Chapter, item, rss
from tests.hostile.world import FEED, World, environment
from tests.web import Answer

chapter = Chapter("P", "process", 7)

chapter.held(
    "P1", "SIGTERM, SIGINT: drained in time, nothing held; the second one ends it at once",
    "tests/daemon/test_run.py::test_it_stores_what_a_feed_offers_then_polls_conditionally_and_stops_with_nothing_held",
    "tests/daemon/test_run.py::test_a_signal_lets_no_slow_server_keep_it_and_a_second_one_ends_it_at_once",
)  # fmt: skip
chapter.held(
    "P2", "SIGHUP: a valid configuration is loaded, an invalid one changes nothing",
    "tests/daemon/test_run.py::test_sighup_loads_a_changed_configuration_and_says_what_changed",
    "tests/daemon/test_run.py::test_sighup_with_an_invalid_configuration_keeps_the_old_one_and_names_the_mistake",
)  # fmt: skip


@chapter.row("P3", "standard output is closed", r"^exit \d+, no traceback$", 10)
def _(world: World) -> str:
    done = subprocess.run(["/bin/sh", "-c", f"'{sys.executable}' -m ingest --help | true; '{sys.executable}' -m ingest doctor --json >&-"],
                          cwd=world.folder(), text=True, capture_output=True, check=False, env=environment())  # fmt: skip
    return f"exit {done.returncode}, {'A TRACEBACK: ' + done.stderr[-200:] if 'Traceback' in done.stderr else 'no traceback'}"


@chapter.row(
    "P4", "stopped while it waits for an answer, for longer than its lease: the other one stores, its own late result is fenced off",
    "^the other stored it, late result: lease lost; 1 articles; exit 0, 0$",
    tests=("tests/store/test_hosts.py::test_what_comes_late_of_a_lost_lease_is_refused_and_changes_nothing",),
)  # fmt: skip
def _(world: World) -> str:
    site, asked = world.site(), []

    def slowly(_request: object) -> Answer:
        asked.append(time.monotonic())
        if len(asked) == 1:
            time.sleep(3)  # by the time that it answers, who asked is stopped
        return Answer(page())

    site.routes["/a"] = slowly
    site.routes["/feed"] = Answer(rss(item("a", at=site.url + "/")), headers=FEED)
    first = world.daemon(site.url + "/feed", clock="60@2026-11-23T06:00:00Z")
    while not asked and first.process.poll() is None:
        time.sleep(0.02)
    first.signal(signal.SIGSTOP)
    second = world.daemon(site.url + "/feed", clock="60@2026-11-23T06:00:00Z")
    stored = second.wait_for('outcome": "stored"', 120)
    first.signal(signal.SIGCONT)
    lost = first.wait_for("lease lost")
    articles = len(list(world.store().articles()))
    return (
        f"{'the other stored it' if stored else 'NOT TAKEN OVER'}, late result: {'lease lost' if lost else 'TAKEN'}; "
        f"{articles} articles; exit {first.stop()}, {second.stop()}"
    )


chapter.held(
    "P5", "what was too much for the parser three times is not given to it again",
    "tests/box/test_box.py::test_what_killed_the_parser_three_times_is_not_given_to_it_again",
    "tests/store/test_settle.py::test_a_failed_link_is_due_again_when_it_was_told_and_keeps_what_was_said_of_it",
)  # fmt: skip

# A daemon whose event loop stands still: faulthandler's own thread ends it, and says where it hangs.
_STALLED = """
import time
from ingest.daemon import service
service.STALLED = 1
service.Daemon._claim_what_is_due = lambda self: time.sleep(60)
"""


@chapter.row("P6", "the event loop stands still: the process is ended, and says where", "^exit 1, named: .*_tick", 15)
def _(world: World) -> str:
    daemon = world.daemon("http://127.0.0.1:1/feed", code=_STALLED)
    code = daemon.ended()
    return f"exit {code}, named: {' '.join(line.split()[-1] for line in daemon.log.splitlines() if line.startswith('  File'))}"


@chapter.row(
    "P7", "exit codes: usage 2, configuration 2, failure 1", "^2 2 1$",
    tests=(
        "tests/cli/test_commands.py::test_wrong_usage_or_configuration_ends_in_exit_code_2",
        "tests/cli/test_commands.py::test_failures_are_named_and_end_in_exit_code_1",
    ),
)  # fmt: skip
def _(world: World) -> str:
    folder = world.folder()
    (folder / "bad.yaml").write_text("databse: x")
    calls = (["--no-such-option"], ["--config", "bad.yaml"], ["--url", "http://127.0.0.1:1/a"])
    return " ".join(str(world.command("crawl", *call, cwd=folder).returncode) for call in calls)
