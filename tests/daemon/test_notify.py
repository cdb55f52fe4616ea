"""What the service tells of itself to whoever watches it."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from ingest.daemon import Notifier


def test_a_tick_makes_the_file_young_again(tmp_path: Path) -> None:
    file = tmp_path / "tick"
    notifier = Notifier({"INGEST_TICK_FILE": str(file)})
    assert not file.exists()
    notifier.ticked()
    os.utime(file, (0, 0))
    notifier.ticked()
    assert file.stat().st_mtime > 1_000_000_000


def test_without_a_file_or_with_one_that_cannot_be_written_nothing_happens(tmp_path: Path) -> None:
    Notifier({}).ticked()
    Notifier({"INGEST_TICK_FILE": str(tmp_path / "nowhere" / "tick")}).ticked()
    assert list(tmp_path.iterdir()) == []


def test_words_reach_the_service_manager_and_its_absence_is_no_error(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(address)
        Notifier({"NOTIFY_SOCKET": address}).say("READY=1", "STATUS=3 sources")
        assert manager.recv(100) == b"READY=1\nSTATUS=3 sources"
    Notifier({"NOTIFY_SOCKET": address}).say("WATCHDOG=1")
