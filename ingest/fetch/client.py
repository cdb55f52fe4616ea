"""URL → page: the only door to httpx.

One `Session` a visit, each with a connection pool of its own over a shared TLS context: httpcore's pool wedges for
good when requests are cancelled (encode/httpcore#1093), and its cost grows with the square of the hosts in it.
Redirects are followed by hand, so that every hop is checked, paced, and gets no header that was meant for another host.
"""

from __future__ import annotations

import asyncio
import errno
import re
import ssl
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpcore
import httpx

from ingest import clock
from ingest.errors import FetchError
from ingest.fetch.addresses import Network
from ingest.fetch.answers import gate
from ingest.fetch.decoding import ACCEPT_ENCODING, Decoder
from ingest.fetch.network import GuardedBackend, Resolver, guard
from ingest.fetch.pacing import Pacer
from ingest.model import Page
from ingest.text import squeeze
from ingest.urls import host_key, resolve

Turn = Callable[[str], AbstractAsyncContextManager[None]]
"""Gives a host's turn: waits until it may be asked, and holds it until the answer is read."""

ACCEPT_SOURCE = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, text/html;q=0.7, */*;q=0.1"
)
ACCEPT_PAGE = "text/html, application/xhtml+xml, */*;q=0.1"
MAX_HOPS = 8
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_RATIO = 1000
"""Body bytes per byte on the wire; zlib's limit is 1032, real pages stay under 60."""
_OUR_FAULT = frozenset({errno.EMFILE, errno.ENFILE, errno.ENETDOWN, errno.ENETUNREACH})


_OPAQUE = frozenset({"etag", "last-modified", "location"})
"""Headers that are used as they came; all others may be quoted to people: in reasons, holds, schedules."""
# A token that is no header's value, or as long as a page, is dropped: to send it would fail every poll from now on.
_SENDABLE = re.compile(r"[ -~]{1,8000}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """Opaque tokens of the last complete body, sent back byte for byte or not at all (RFC 9110 §13.1)."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        pairs = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in pairs.items() if value and _SENDABLE.fullmatch(value)}

    def __bool__(self) -> bool:
        return bool(self.headers())


class Web:
    """What all sessions of a process share: identity, limits, TLS context, name resolution, the hosts' turns."""

    def __init__(
        self,
        *,
        user_agent: str,
        timeout: float,
        max_bytes: int,
        allow_addresses: tuple[Network, ...],
        pacer: Pacer,
        now: Callable[[], datetime] = clock.now,
        resolver: Resolver | None = None,
        network: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        """`timeout` in seconds, for one page in all; `max_bytes` of a body after decompression.

        `resolver` and `network` can be others than the system's; the address guard stands between the two.
        """
        self.user_agent = user_agent
        self.timeout = timeout
        self.max_bytes = max_bytes
        self.pacer = pacer
        self.now = now
        self.requests = 0
        self.conditional = 0
        """Of these, with a validator."""
        self._tls = ssl.create_default_context()
        self._resolver = resolver or Resolver()
        self._backend = GuardedBackend(self._resolver, allow_addresses, network)

    def session(self, turn: Turn | None = None) -> Session:
        """A client for one visit; `turn` gives the hosts' turns, by default the pacer's."""
        transport = guard(httpx.AsyncHTTPTransport(verify=self._tls, trust_env=False), self._backend)
        return Session(self, transport, turn or self.pacer.turn)

    def close(self) -> None:
        self._resolver.close()


class Session:
    """Fetches for one visit; an async context manager.

    It uses httpx's transport without its client, whose cookies, redirects, authorisation, proxies and log of addresses we
    want none of: a fifth of a request's processor time.
    """

    def __init__(self, web: Web, transport: httpx.AsyncHTTPTransport, turn: Turn) -> None:
        self._web = web
        self._turn = turn
        self._transport = transport

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._transport.aclose()

    async def get(
        self, url: str, *, accept: str, validators: Validators | None = None, validators_of: str | None = None
    ) -> Page:
        """The page of a URL: status 200, or 304 with an empty body if validators were sent.

        The validators go to the host that gave them: that of `validators_of`, the address where the redirects ended last
        time (default: `url`). Raises FetchError; `status` for any other status, with the answer's headers.
        """
        address = resolve("", url)
        if address is None:
            raise FetchError("bad_url", f"{url[:200]!r} is not a web address")
        hops: list[tuple[int, str]] = []
        left = self._web.timeout
        for _ in range(MAX_HOPS):
            theirs = host_key(address) == host_key(validators_of or url)
            sent = validators if validators and theirs else Validators()
            page, took = await self._hop(url, address, accept, sent, left)
            left -= took
            if page.status not in _REDIRECTS:
                return _accepted(replace(page, hops=tuple(hops)) if hops else page, conditional=bool(sent))
            location = page.headers.get("location", "").strip()
            target = resolve(address, location) if location else None
            if target is None:
                raise FetchError("redirect", f"{address} redirects to nowhere that can be fetched", status=page.status)
            # Cookies are not kept, so that whoever sets one and sends us round again would do so for ever.
            if target == address or any(target == known for _, known in hops):
                raise FetchError("redirect", f"{address} redirects in a circle, to {target}", status=page.status)
            hops.append((page.status, target))
            address = target
        raise FetchError("redirect", f"{url} redirects more than {MAX_HOPS} times")

    async def _hop(
        self, url: str, address: str, accept: str, validators: Validators, left: float
    ) -> tuple[Page, float]:
        """One answer within the seconds that are left of all, and how many it took."""
        headers = {
            "User-Agent": self._web.user_agent,
            "Accept": accept,
            "Accept-Encoding": ACCEPT_ENCODING,
            "Connection": "keep-alive",  # for servers that speak HTTP/1.0
            **validators.headers(),
        }
        # The turn is waited for outside of the deadline: it is our manners that take the time, not the server.
        async with self._turn(host_key(address)):
            start = asyncio.get_running_loop().time()
            try:
                async with asyncio.timeout(left):
                    page = await self._request(url, address, headers)
                return page, asyncio.get_running_loop().time() - start
            except TimeoutError:
                raise FetchError("timeout", f"no complete answer within {self._web.timeout:g} s") from None

    async def _request(self, url: str, address: str, headers: Mapping[str, str]) -> Page:
        self._web.requests += 1
        self._web.conditional += "If-None-Match" in headers or "If-Modified-Since" in headers
        try:
            request = httpx.Request("GET", address, headers=headers)
            response = await self._transport.handle_async_request(request)
            try:
                self._web.pacer.answered(host_key(address))
                names = {name.lower(): _told(name.lower(), value) for name, value in response.headers.items()}
                redirect = response.status_code in _REDIRECTS  # its body may be endless: left unread
                body = b"" if redirect else await self._body(response)
                return Page(
                    url=url,
                    final_url=address,
                    status=response.status_code,
                    headers=names,
                    body=body,
                    fetched_at=self._web.now(),
                )
            finally:
                await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, httpcore.ConnectError, ValueError, UnicodeError) as error:
            # ValueError and UnicodeError do come out of httpx for addresses and headers that it can't write.
            raise _translated(error, address) from error
        except ExceptionGroup as group:  # anyio's, when closing a broken connection
            raise FetchError("network", f"{host_key(address)}: {group.exceptions[0]}") from group

    async def _body(self, response: httpx.Response) -> bytes:
        decoder = Decoder(response.headers.get("content-encoding", ""), self._web.max_bytes)
        wire = size = 0
        async for chunk in response.aiter_raw():
            wire += len(chunk)
            if wire > self._web.max_bytes:
                raise FetchError("too_big", f"more than fetch.max_bytes ({self._web.max_bytes:,} bytes) on the wire")
            size += decoder.feed(chunk)
            if size > 1_000_000 and size > wire * _MAX_RATIO:
                raise FetchError("too_big", "the body is a decompression bomb")
        return decoder.finish()


def _told(name: str, value: str) -> str:
    """A header's value without what could act on a terminal: C1 controls may stand in one (RFC 9110 §5.5), and bidi marks."""
    return value if name in _OPAQUE or value.isprintable() else squeeze(value)


def _accepted(page: Page, *, conditional: bool) -> Page:
    if page.status == 200 or (page.status == 304 and conditional):
        return page
    if page.status == 304:
        raise FetchError("status", "304 Not Modified, though nothing conditional was asked", status=304)
    try:
        reason = f" {httpx.codes(page.status).name.replace('_', ' ').title()}"
    except ValueError:
        reason = ""
    in_the_way = gate(page.status, page.headers, page.body)
    named = f": {in_the_way}" if in_the_way else ""
    raise FetchError("status", f"HTTP {page.status}{reason}{named}", status=page.status, headers=page.headers)


def _translated(error: Exception, address: str) -> FetchError:
    """The errors of httpx in our words; `kind` follows the catalogue in errors.py."""
    host = urlsplit(address).hostname or address
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, FetchError):
            return cause
        if isinstance(cause, ssl.SSLCertVerificationError):
            return FetchError("tls", f"{host}: the certificate is not valid: {cause.verify_message}")
        if isinstance(cause, ssl.SSLError):
            return FetchError("tls", f"{host}: no TLS connection: {cause.reason or cause}")
        if isinstance(cause, OSError) and cause.errno in _OUR_FAULT:
            return FetchError("network", f"this machine can't open connections: {cause.strerror}")
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.TimeoutException):
        return FetchError("timeout", f"{host} did not answer in time")
    if isinstance(error, (httpx.ConnectError, httpcore.ConnectError)):
        return FetchError("connect", f"{host} refused the connection or can't be reached")
    if isinstance(error, (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError)):
        return FetchError("bad_url", f"{address[:200]!r} can't be requested: {error}")
    if isinstance(error, httpx.RemoteProtocolError):
        return FetchError("bad_body", f"{host} broke the protocol: {error}")
    return FetchError("network", f"{host}: {str(error) or type(error).__name__}")
