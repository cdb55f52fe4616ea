"""The bundled publishers on loopback, each a web server of its own, with the habits of real ones.

Validators and conditional requests (RFC 9110 §13), gzip on request, robots.txt, a Content-Type with the charset where
the publisher sends one, HTML error pages, connections kept alive.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import socketserver
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, socket
from threading import Lock, Thread
from typing import Any, NamedTuple, cast
from urllib.parse import urlsplit

from ingest.clock import now
from ingest.demo.sites import Site, content, load_sites

_LOOPBACK = "127.0.0.1"
_MISSING = b"<!doctype html><html lang=en><title>404 Not Found</title><h1>Not Found</h1><p>This page has moved or never was.</p>"


class Request(NamedTuple):
    """One request, as the publisher saw and answered it."""

    time: datetime
    host: str
    """With the port: "127.0.0.1:40123"."""
    path: str
    """With the query."""
    status: int
    headers: Mapping[str, str]
    """Of the request; names in lower case."""


class Served(NamedTuple):
    """What `serve` yields."""

    bases: Mapping[str, str]
    """Publisher → its address, without a slash at the end."""
    requests: list[Request]
    """Grows while the publishers are up; a request stands here before its answer is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Resource:
    body: bytes
    content_type: str
    etag: str
    modified: datetime


@contextmanager
def serve() -> Iterator[Served]:
    """Every publisher on a port of its own, chosen by the system, until the block ends."""
    with ExitStack() as stack:
        requests: list[Request] = []
        servers = [(site, stack.enter_context(_running(_Server(requests)))) for site in load_sites()]
        bases = {site.name: f"http://{server.host}" for site, server in servers}
        # Pages link to other publishers, so they can be filled in only when all ports are known.
        for site, server in servers:
            server.resources = _resources(site, bases)
        yield Served(bases, requests)


def demo_config(bases: Mapping[str, str]) -> str:
    """The text of a config.yaml with one source for each publisher of `bases`."""
    lines = [
        "database: sqlite:///demo.db",
        'identity: {name: "ingest", contact: "https://example.org/bot"}',
        "fetch: {allow_addresses: [127.0.0.0/8]}",
        "politeness: {delay: 50ms}",
        "sources:",
    ]
    for site in load_sites():
        lines.append(f"  - name: {site.name}  # {site.about}")
        for key, value in site.source.items():
            written = bases[site.name] + value if value.startswith("/") else value
            lines.append(f"    {key}: {json.dumps(written)}")  # a JSON string is a YAML string
    return "\n".join(lines) + "\n"


def _resources(site: Site, bases: Mapping[str, str]) -> dict[str, _Resource]:
    bodies = {path: (content(file, site.name, bases), file.content_type) for path, file in site.files.items()}
    return {
        path: _Resource(
            body=body,
            content_type=content_type,
            etag=f'W/"{hashlib.sha256(body).hexdigest()[:16]}"',  # weak: the same for the gzipped form
            modified=site.modified,
        )
        for path, (body, content_type) in bodies.items()
    }


@contextmanager
def _running(server: _Server) -> Iterator[_Server]:
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name=f"demo {server.host}")
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()


class _Server(ThreadingHTTPServer):
    """One publisher."""

    daemon_threads = False  # so that closing waits for answers under way, and leaves no socket behind

    def __init__(self, requests: list[Request]) -> None:
        self.requests = requests
        self.resources: Mapping[str, _Resource] = {}
        self._connections: set[socket] = set()
        self._lock = Lock()
        super().__init__((_LOOPBACK, 0), _Handler)

    @property
    def host(self) -> str:
        return f"{_LOOPBACK}:{self.server_port}"

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)  # HTTPServer's own asks DNS for this machine's name
        self.server_name, self.server_port = _LOOPBACK, self.socket.getsockname()[1]

    def get_request(self) -> tuple[socket, Any]:
        connection, address = super().get_request()
        with self._lock:
            self._connections.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def stop(self) -> None:
        """No new requests; connections that clients keep alive are cut."""
        self.shutdown()
        with self._lock:
            for connection in self._connections:
                with suppress(OSError):  # the client was faster
                    connection.shutdown(SHUT_RDWR)
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "nginx", ""
    disable_nagle_algorithm = True  # else a kept connection waits 40 ms for the peer's delayed ACK
    wbufsize = -1

    def do_GET(self) -> None:
        resources = cast("_Server", self.server).resources
        # `view.php?no=7` is an address of its own; a query that the publisher does not know (utm_source) is ignored.
        resource = resources.get(self.path) or resources.get(urlsplit(self.path).path)
        if resource is None:
            self._answer(HTTPStatus.NOT_FOUND, {"Content-Type": "text/html"}, _MISSING)
        elif self._is_current(resource):
            self._answer(HTTPStatus.NOT_MODIFIED, _validators(resource))
        else:
            self._answer(HTTPStatus.OK, {"Content-Type": resource.content_type, **_validators(resource)}, resource.body)

    do_HEAD = do_GET  # noqa: N815  # the base class looks methods up by this name

    def _is_current(self, resource: _Resource) -> bool:
        """RFC 9110 §13.2.2: If-Modified-Since counts only where there is no If-None-Match."""
        if (known := self.headers.get("If-None-Match")) is not None:
            tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
            return "*" in tags or resource.etag.removeprefix("W/") in tags
        try:
            since = parsedate_to_datetime(self.headers.get("If-Modified-Since", ""))
        except ValueError:
            return False  # absent, or not a date: an invalid one is to be ignored (§13.1.3)
        return since.tzinfo is not None and resource.modified <= since

    def _answer(self, status: HTTPStatus, headers: Mapping[str, str], body: bytes = b"") -> None:
        server = cast("_Server", self.server)
        asked = {name.lower(): value for name, value in self.headers.items()}
        server.requests.append(Request(now(), server.host, self.path, status, asked))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if body and "gzip" in asked.get("accept-encoding", ""):
            body = gzip.compress(body, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Vary", "Accept-Encoding")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # its name in the base class
        """Nothing on stderr: `requests` is the log."""


def _validators(resource: _Resource) -> dict[str, str]:
    return {
        "ETag": resource.etag,
        "Last-Modified": format_datetime(resource.modified, usegmt=True),
        "Cache-Control": "max-age=0, must-revalidate",
    }
