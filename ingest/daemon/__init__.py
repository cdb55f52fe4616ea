"""`ingest run`: one tick asks the database which hosts are due; visits do what is due there; signals end it in order."""

from ingest.daemon.logs import open_log
from ingest.daemon.notify import Notifier
from ingest.daemon.service import Daemon, Orders

__all__ = ["Daemon", "Notifier", "Orders", "open_log"]
