"""httpcore's network on asyncio alone: connections as streams of bytes.

httpcore's own goes through anyio, whose cancel scopes, checkpoints and look-ups of socket attributes took a fifth of a
poll's processor time. Deadlines are the caller's: a whole request has one (`ingest.fetch.client`).
"""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Awaitable, Iterable
from typing import Any

import httpcore

MOST_WAITING = 256 * 1024
"""Bytes that were received and not asked for yet, of one connection; then the server has to wait."""


class AsyncioBackend(httpcore.AsyncNetworkBackend):
    """Connects to literal addresses, with httpcore's exceptions."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore's signature)
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        local = (local_address, 0) if local_address is not None else None
        try:
            async with asyncio.timeout(timeout):
                transport, wire = await loop.create_connection(_Wire, host, port, local_addr=local)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        for option in socket_options or ():
            transport.get_extra_info("socket").setsockopt(*option)
        return Stream(transport, wire)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _Wire(asyncio.Protocol):
    """What has come in, and who waits for more."""

    def __init__(self) -> None:
        self.received: deque[bytes] = deque()
        self.size = 0
        self.ended = False
        self.error: Exception | None = None
        self.transport: asyncio.Transport
        self._full = False
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received.append(data)
        self.size += len(data)
        if self.size >= MOST_WAITING and not self._full:
            self._full = True
            self.transport.pause_reading()
        _wake(self._reader)

    def eof_received(self) -> None:
        self.ended = True
        _wake(self._reader)

    def connection_lost(self, error: Exception | None) -> None:
        self.ended, self.error = True, error
        _wake(self._reader)
        _wake(self._writer)

    def pause_writing(self) -> None:
        self._writer = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        _wake(self._writer)
        self._writer = None

    async def something(self) -> None:
        """Until there is something to take, or the end."""
        self._reader = asyncio.get_running_loop().create_future()
        await self._reader

    async def written(self) -> None:
        """Until the system has taken what was written."""
        if self._writer is not None and not self.ended:
            await self._writer

    def take(self, most: int) -> bytes:
        """Up to so many bytes of what there is."""
        data = self.received.popleft()
        if len(data) > most:
            self.received.appendleft(data[most:])
            data = data[:most]
        self.size -= len(data)
        if self._full and self.size < MOST_WAITING // 2:
            self._full = False
            self.transport.resume_reading()
        return data


def _wake(waiter: asyncio.Future[None] | None) -> None:
    if waiter is not None and not waiter.done():
        waiter.set_result(None)


async def _within(seconds: float | None, wait: Awaitable[None], late: type[Exception]) -> None:
    if seconds is None:  # a deadline costs as much as all else here
        await wait
        return
    try:
        async with asyncio.timeout(seconds):
            await wait
    except TimeoutError as error:
        raise late(str(error)) from error


class Stream(httpcore.AsyncNetworkStream):
    """One connection."""

    def __init__(self, transport: asyncio.Transport, wire: _Wire) -> None:
        self._transport = transport
        self._wire = wire

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """The next bytes; none at the end."""
        if not self._wire.received and not self._wire.ended:
            await _within(timeout, self._wire.something(), httpcore.ReadTimeout)
        if self._wire.received:
            return self._wire.take(max_bytes)
        if self._wire.error is not None:
            raise httpcore.ReadError(str(self._wire.error)) from self._wire.error
        return b""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        if not buffer:
            return
        if self._wire.ended:
            raise httpcore.WriteError(str(self._wire.error or "the connection was closed")) from self._wire.error
        self._transport.write(buffer)
        await _within(timeout, self._wire.written(), httpcore.WriteTimeout)

    async def aclose(self) -> None:
        """At once: a host that does not answer a goodbye would keep the connection for half a minute."""
        self._transport.abort()
        await asyncio.sleep(0)  # the socket is closed in the loop's next round

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        loop, wire = asyncio.get_running_loop(), self._wire
        try:
            async with asyncio.timeout(timeout):
                transport = await loop.start_tls(self._transport, wire, ssl_context, server_hostname=server_hostname)
        except TimeoutError as error:
            self._transport.abort()
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:  # ssl.SSLError among them
            self._transport.abort()
            raise httpcore.ConnectError(str(error)) from error
        except BaseException:  # cancelled, or a fault of ours: no half-open connection stays
            self._transport.abort()
            raise
        if transport is None:  # the connection was lost in the last moment of the handshake
            raise httpcore.ConnectError("the connection was closed")
        wire.transport = transport
        return Stream(transport, wire)

    def get_extra_info(self, info: str) -> Any:
        """Asked for are "ssl_object" and, before a connection is used again, "is_readable": whether it was closed."""
        if info == "is_readable":
            return bool(self._wire.received) or self._wire.ended
        name = {"client_addr": "sockname", "server_addr": "peername"}.get(info, info)
        return self._transport.get_extra_info(name)
