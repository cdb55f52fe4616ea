"""A small web for tests: real servers on loopback that play sites and write down every request."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Request:
    path: str
    headers: Mapping[str, str]
    at: float


@dataclass
class Answer:
    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})
    raw: bytes | None = None
    """Sent instead of everything else, then the connection is closed."""


Handler = Callable[[Request], Answer]


class Site:
    """One server. `routes` maps a path to its answer, or to a function of the request; anything else is a 404."""

    def __init__(self) -> None:
        self.routes: dict[str, Answer | Handler] = {"/robots.txt": Answer(status=404)}
        self.requests: list[Request] = []
        site = self

        class _Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                request = Request(self.path, {k.lower(): v for k, v in self.headers.items()}, time.monotonic())
                site.requests.append(request)
                route = site.routes.get(self.path, Answer(status=404, body="not here"))
                answer = route(request) if callable(route) else route
                self._send(answer)

            def _send(self, answer: Answer) -> None:
                try:
                    if answer.raw is not None:
                        self.wfile.write(answer.raw)
                        self.close_connection = True
                        return
                    body = answer.body.encode() if isinstance(answer.body, str) else answer.body
                    self.send_response(answer.status)
                    for name, value in answer.headers.items():
                        self.send_header(name, value)
                    if answer.status != 304:
                        self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    if answer.status != 304:
                        self.wfile.write(body)
                except ConnectionError:  # the client had enough
                    self.close_connection = True

            def log_message(self, *_: Any) -> None:
                pass

        class _Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: Any) -> None:  # a client that goes away is no error of the test
                pass

        self._server = _Server(("127.0.0.1", 0), _Handler)
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def site() -> Iterator[Site]:
    one = Site()
    try:
        yield one
    finally:
        one.close()


def conditional(
    body: str | bytes, *, etag: str, content_type: str = "text/html; charset=utf-8", last_modified: str = ""
) -> Handler:
    """Answers 304 to the right `If-None-Match`."""
    headers = {
        "Content-Type": content_type,
        "ETag": etag,
        **({"Last-Modified": last_modified} if last_modified else {}),
    }

    def answer(request: Request) -> Answer:
        if request.headers.get("if-none-match") == etag:
            return Answer(status=304, headers={"ETag": etag})
        return Answer(body=body, headers=headers)

    return answer
