"""Connections as streams of bytes: bounded, closed at once, and with httpcore's exceptions."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable

import httpcore
import pytest

from ingest.fetch.streams import MOST_WAITING, AsyncioBackend, Stream

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
BIG = 16 * MOST_WAITING


def play(serve: Serve, client: Callable[[Stream], Awaitable[None]]) -> None:
    """A server that does one thing, and a client of it."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except ConnectionError:
            pass  # the client has gone, as some do here
        finally:
            writer.close()

    async def run() -> None:
        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server:
            stream = await AsyncioBackend().connect_tcp("127.0.0.1", port, timeout=5)
            assert isinstance(stream, Stream)
            try:
                await client(stream)
            finally:
                await stream.aclose()

    asyncio.run(run())


async def says(what: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(what)
    await writer.drain()


def test_what_was_sent_comes_in_pieces_of_the_size_that_is_asked_for_then_the_end():
    async def client(stream: Stream) -> None:
        pieces = [await stream.read(3)]
        while piece := await stream.read(3):
            pieces.append(piece)
        assert b"".join(pieces) == b"four words"
        assert max(map(len, pieces)) == 3
        assert stream.get_extra_info("is_readable")

    play(lambda _reader, writer: says(b"four words", writer), client)


def test_a_server_that_sends_without_an_end_has_to_wait_and_all_of_it_arrives():
    sent: list[int] = []

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while sum(sent) < BIG:
            writer.write(bytes(65536))
            sent.append(65536)
            await writer.drain()

    async def client(stream: Stream) -> None:
        await stream.read(1)
        for _ in range(1000):
            await asyncio.sleep(0)  # as long as it likes
        assert stream._wire.size < 2 * MOST_WAITING
        got = 1
        while piece := await stream.read(100_000):
            got += len(piece)
        assert got == BIG

    play(serve, client)


def test_much_is_written_to_a_server_that_reads_late():
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await says(str(len(await reader.readexactly(BIG))).encode(), writer)

    async def client(stream: Stream) -> None:
        await stream.write(bytes(BIG), timeout=5)
        assert await stream.read(100) == str(BIG).encode()

    play(serve, client)


def test_deadlines_and_resets_are_httpcores_errors():
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        at_once = struct.pack("ii", 1, 0)  # socket(7), SO_LINGER: without a goodbye
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        writer.transport.abort()

    async def client(stream: Stream) -> None:
        assert not stream.get_extra_info("is_readable")
        with pytest.raises(httpcore.ReadTimeout):
            await stream.read(1, timeout=0.01)
        await stream.write(b"x")
        with pytest.raises(httpcore.ReadError):
            await stream.read(1)
        with pytest.raises(httpcore.WriteError):
            await stream.write(b"x")

    play(serve, client)


def test_a_server_that_speaks_no_tls_is_a_connection_that_failed():
    async def client(stream: Stream) -> None:
        with pytest.raises(httpcore.ConnectError) as caught:
            await stream.start_tls(ssl.create_default_context(), "example.org", timeout=5)
        assert isinstance(caught.value.__cause__, ssl.SSLError)

    play(lambda _reader, writer: says(b"HTTP/1.1 400 Bad Request\r\n\r\n", writer), client)


def test_nobody_at_the_port_is_a_connection_that_failed():
    async def run() -> None:
        server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        with pytest.raises(httpcore.ConnectError):
            await AsyncioBackend().connect_tcp("127.0.0.1", port, timeout=5)

    asyncio.run(run())
