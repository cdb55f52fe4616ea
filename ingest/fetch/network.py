"""Connections that look where they go: resolve once, check every address, connect to the checked one.

The check stands at connect time because a name that was public a moment ago can be private now (DNS rebinding), and
because redirects come through here as well.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpcore
import httpx

from ingest.errors import FetchError
from ingest.fetch.addresses import BAD_PORTS, Network, may_connect
from ingest.fetch.streams import AsyncioBackend

DNS_SECONDS = 10.0
DNS_THREADS = 256
"""Look-ups block a thread each, and one that was given up goes on blocking for as long as the system tries: with 64 visits
at a time, fifty names that do not answer must not keep a good one waiting. Threads are made as they are needed."""
FIRST_TRY_SECONDS = 3.0
"""For each address but the last: a dead AAAA must not cost the feed."""


LookUp = Callable[[str, int], list[str]]
"""(host, port) → addresses as literals. Raises OSError, UnicodeError."""


class Resolver:
    """Names → addresses, in a thread pool of its own and with a deadline."""

    def __init__(self, look_up: LookUp | None = None) -> None:
        """`look_up` blocks; default is the system's."""
        self._look_up = look_up or system_addresses
        self._threads = ThreadPoolExecutor(DNS_THREADS, thread_name_prefix="dns")

    async def addresses(self, host: str, port: int) -> list[str]:
        """The host's addresses, IPv6 and IPv4 in turn, in the order in which the system gives them."""
        loop = asyncio.get_running_loop()
        look_up = loop.run_in_executor(self._threads, self._look_up, host, port)
        try:
            return await asyncio.wait_for(look_up, DNS_SECONDS)
        except TimeoutError:
            raise FetchError("dns", f"{host}: the name server did not answer within {DNS_SECONDS:.0f} s") from None
        except (OSError, UnicodeError) as error:  # UnicodeError: a label that is no IDNA
            raise FetchError("dns", f"{host}: the name can't be resolved ({error})") from None

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def system_addresses(host: str, port: int) -> list[str]:
    """What the system's resolver says. Blocks; raises OSError, UnicodeError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """httpcore's network, with our resolver and the address check between name and connection."""

    def __init__(
        self, resolver: Resolver, allowed: Sequence[Network], network: httpcore.AsyncNetworkBackend | None = None
    ) -> None:
        """`allowed`: networks that may be connected to although they are not public, at any port."""
        self._resolver = resolver
        self._allowed = allowed
        self._network = network or AsyncioBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore's signature)
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._resolver.addresses(host, port)
        allowed = [address for address in addresses if may_connect(address, self._allowed, port)]
        if not allowed:
            if port in BAD_PORTS:
                raise FetchError("blocked_address", f"{host}:{port}: this port is another protocol's, not the web's")
            raise FetchError(
                "blocked_address",
                f"{host} is at {', '.join(addresses)}, which is not public; "
                "add its network to fetch.allow_addresses if that is meant",
            )
        for address in allowed[:-1]:
            seconds = FIRST_TRY_SECONDS if timeout is None else min(timeout, FIRST_TRY_SECONDS)
            try:
                return await self._network.connect_tcp(address, port, seconds, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue  # the next address may be alive
        return await self._network.connect_tcp(allowed[-1], port, timeout, local_address, socket_options)

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        raise FetchError("blocked_address", "unix sockets are not fetched from")

    async def sleep(self, seconds: float) -> None:
        await self._network.sleep(seconds)


def guard(transport: httpx.AsyncHTTPTransport, backend: GuardedBackend) -> httpx.AsyncHTTPTransport:
    """Put the backend under a transport. httpx has no parameter for it; httpx is pinned, a test holds this line."""
    transport._pool._network_backend = backend  # noqa: SLF001
    return transport
