"""sd_notify: a few words to the service manager (https://www.freedesktop.org/software/systemd/man/sd_notify.html).

A container has no service manager: there INGEST_TICK_FILE names a file, and a health check looks at its age.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


class Notifier:
    """Tells the service manager how the service is; without one it does nothing."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")
        self.watchdog = int(environ.get("WATCHDOG_USEC") or 0) / 1e6
        """Seconds within which the service manager wants to hear of us; 0: it does not."""
        self._tick_file = environ.get("INGEST_TICK_FILE")

    def ticked(self) -> None:
        """A tick has come to its end: the database answered, and what is due was claimed."""
        if self._tick_file:
            with suppress(OSError):  # whoever looks at its age will see that nothing comes
                Path(self._tick_file).touch()

    def say(self, *words: str) -> None:
        """For example "READY=1"."""
        if self._address[:1] not in ("/", "@"):
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            try:
                channel.connect(address)
                channel.send("\n".join(words).encode())
            except OSError:
                return  # a service manager that does not listen is no reason to stop
