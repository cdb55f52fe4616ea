"""Invariant 5: whatever URLs, name servers and redirects say, no socket goes to an address that is not public."""

from __future__ import annotations

import asyncio
import os
import random
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpcore
import pytest

from ingest.errors import FetchError
from ingest.fetch import ACCEPT_PAGE, Pacer, Web
from ingest.fetch.addresses import BAD_PORTS
from ingest.fetch.network import Resolver

SEED = int(os.environ.get("HOSTILE_SEED", "20261123"))
CASES = 5_000

# By another table than the guard's own: Python's, and what Python 3.11 wrongly calls global.
NOT_GLOBAL = [
    ip_network(block)
    for block in "64:ff9b::/96 2002::/16 fec0::/10 ::/96 ff00::/8 192.0.0.0/24 224.0.0.0/4 240.0.0.0/4 192.88.99.0/24".split()
]
PRIVATE = """127.0.0.1 127.1.2.3 10.0.0.1 172.16.9.9 172.31.255.255 192.168.0.1 169.254.169.254 0.0.0.0 100.64.0.1 192.0.0.192
198.18.0.1 224.0.0.251 255.255.255.255 240.0.0.1 ::1 :: ::ffff:127.0.0.1 ::ffff:169.254.169.254 fe80::1 fc00::1 fd00:ec2::254
fec0::1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 2002:7f00:1:: 2001::1 2001:db8::1 ff02::1 ::127.0.0.1 100::1 fe80::1%eth0""".split()
PUBLIC = "1.1.1.1 93.184.215.14 8.8.8.8 2606:4700::1 2a00:1450:4001::1 ::ffff:1.1.1.1 172.32.0.1 11.0.0.1".split()
HOSTS = """a.example b.example xn--bcher-kva.example 127.1 0x7f.1 2130706433 0177.0.0.1 127.0.0.1. [::1] [::ffff:7f00:1]
[fe80::1] 169.254.169.254 localhost LOCALHOST ①②⑦.⓪.⓪.① 127。0。0。1 a.example. user@127.0.0.1 1.1.1.1@127.0.0.1
127.0.0.1\\@a.example a.example#@127.0.0.1 [::] 0 017700000001 metadata.google.internal 10.1 %31%32%37.0.0.1 a.example%00""".split()
SCHEMES = "http:// https:// HTTP:// http:/ http:\\\\ // file:// gopher:// ftp:// javascript: data: unix:// http+unix://".split()
PORTS = ["", "", "", ":80", ":443", ":8080", ":22", ":25", ":6379", ":65536", ":-1", ":0", ":99999", ":x"]


def is_really_public(literal: str) -> bool:
    address: IPv4Address | IPv6Address = ip_address(literal.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_global and not any(address.version == net.version and address in net for net in NOT_GLOBAL)


class World:
    """Name servers and web servers that lie at random; writes down every connection."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.connected: list[tuple[str, int]] = []

    def url(self) -> str:
        pick = self.random.choice
        if self.random.random() < 0.1:  # an honest one, so that the guard can be seen to let it through
            return f"https://{pick(['a.example', '1.1.1.1', '[2606:4700::1]'])}/{self.random.randrange(1000)}"
        host = pick([*HOSTS, *HOSTS, *(f"[{a}]" if ":" in a else a for a in PRIVATE + PUBLIC)])
        url = f"{pick(SCHEMES[:2] if self.random.random() < 0.6 else SCHEMES)}{host}{pick(PORTS)}/{pick(['', 'a', '?u=http://127.0.0.1/'])}"
        if self.random.random() < 0.1:
            at = self.random.randrange(len(url))
            url = url[:at] + pick(["\t", "\n", "\x00", " ", "%", "\\", "@", "\u200b", "\ud800", "．", "/"]) + url[at:]
        return url

    def look_up(self, host: str, port: int) -> list[str]:
        """A literal is itself; a name is anything, and something else the next time (rebinding)."""
        try:
            return [str(ip_address(host))]
        except ValueError:
            count = self.random.randint(1, 3)
            return [self.random.choice(PRIVATE if self.random.random() < 0.5 else PUBLIC) for _ in range(count)]

    def answer(self) -> bytes:
        if self.random.random() < 0.5:
            return b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        target = self.url().encode("utf-8", "replace").replace(b"\n", b"").replace(b"\x00", b"").replace(b"\r", b"")
        return b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + target + b"\r\n\r\n"


class Network(httpcore.AsyncNetworkBackend):
    def __init__(self, world: World) -> None:
        self.world = world

    async def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):  # noqa: ASYNC109
        self.world.connected.append((host, port))
        return httpcore.AsyncMockStream([self.world.answer()])

    async def sleep(self, seconds: float) -> None:
        pass


def test_no_socket_to_an_address_that_is_not_public() -> None:
    world = World(SEED)
    kinds: dict[str, int] = {}

    async def go() -> None:
        web = Web(user_agent="ingest/0", timeout=5, max_bytes=1000, allow_addresses=(), pacer=Pacer(0),
                  resolver=Resolver(world.look_up), network=Network(world))  # fmt: skip
        try:
            for _ in range(CASES):
                async with web.session() as session:
                    try:
                        await session.get(world.url(), accept=ACCEPT_PAGE)
                        kind = "ok"
                    except FetchError as error:
                        kind = error.kind
                kinds[kind] = kinds.get(kind, 0) + 1
        finally:
            web.close()

    asyncio.run(go())
    wrong = {address for address, _ in world.connected if not is_really_public(address)}
    assert wrong == set(), f"seed {SEED}"
    assert {port for _, port in world.connected} <= set(range(1, 65536)) - BAD_PORTS
    assert kinds["ok"] > CASES / 20  # the world is not all lies: the guard lets the public ones through
    assert kinds["blocked_address"] > CASES / 20
    assert sum(kinds.values()) == CASES


@pytest.mark.parametrize("address", PRIVATE)
def test_the_second_table_agrees_with_the_catalogue(address: str) -> None:
    assert not is_really_public(address)
