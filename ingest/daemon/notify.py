"""sd_notify: a few words to the service manager (https://www.freedesktop.org/software/systemd/man/sd_notify.html)."""

from __future__ import annotations

import socket
from collections.abc import Mapping


class Notifier:
    """Tells the service manager how the service is; without one it does nothing."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")
        self.watchdog = int(environ.get("WATCHDOG_USEC") or 0) / 1e6
        """Seconds within which the service manager wants to hear of us; 0: it does not."""

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
