"""Content-Encoding undone with bounds: an 8 KB brotli body can stand for 10 GB."""

from __future__ import annotations

import zlib
from typing import Protocol

import brotli

from ingest.errors import FetchError

ACCEPT_ENCODING = "gzip, deflate, br"
"""What is decoded below, and nothing else."""
STEP = 65536
_MAX_LAYERS = 2


class _Layer(Protocol):
    def decode(self, data: bytes, room: int) -> bytes: ...
    def finish(self) -> None: ...


class Decoder:
    """Bytes off the wire → the body, at most `limit` bytes of it. Raises FetchError "too_big" or "bad_body"."""

    def __init__(self, content_encoding: str, limit: int) -> None:
        names = [name.strip().lower() for name in content_encoding.split(",")]
        layers = [name for name in names if name not in ("", "identity")]
        if unknown := [name for name in layers if name not in _LAYERS]:
            raise FetchError("bad_body", f"the server sent Content-Encoding {unknown[0]!r}, which was not asked for")
        if len(layers) > _MAX_LAYERS:
            raise FetchError("bad_body", f"the server encoded the body {len(layers)} times")
        self._layers = [_LAYERS[name]() for name in reversed(layers)]
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0
        self._begun = False

    def feed(self, data: bytes) -> int:
        """Decode some more; the number of bytes that it gave."""
        self._begun = self._begun or bool(data)
        for layer in self._layers:
            data = layer.decode(data, self._limit - self._size + 1)
        self._size += len(data)
        if self._size > self._limit:
            raise FetchError("too_big", f"the body is larger than fetch.max_bytes ({self._limit:,} bytes)")
        self._parts.append(data)
        return len(data)

    def finish(self) -> bytes:
        """The whole body. Raises FetchError "bad_body" if an encoded one was cut off."""
        if self._begun:  # nothing at all is an empty body, whatever its encoding
            for layer in self._layers:
                layer.finish()
        return b"".join(self._parts)


class _Gzip:
    """All members of a gzip stream (RFC 1952 §2.2); what follows the last member is padding and ignored."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(31)

    def decode(self, data: bytes, room: int) -> bytes:
        parts: list[bytes] = []
        while room > 0:
            if self._member.eof:
                if not data.startswith(b"\x1f"):
                    break
                self._member = zlib.decompressobj(31)
            part, data = _inflate(self._member, data, min(STEP, room))
            if not part and not data and not self._member.eof:
                break
            parts.append(part)
            room -= len(part)
        return b"".join(parts)

    def finish(self) -> None:
        if not self._member.eof:
            raise FetchError("bad_body", "the compressed body is cut off")


class _Deflate:
    """zlib (RFC 9110 §8.4.1.2), or raw deflate as some servers send it."""

    def __init__(self) -> None:
        self._stream: zlib._Decompress | None = None

    def decode(self, data: bytes, room: int) -> bytes:
        if not data:
            return b""
        if self._stream is None:
            # CMF and FLG of RFC 1950 §2.2: method 8, checksum divisible by 31
            header = int.from_bytes(data[:2].ljust(2, b"\0"), "big")
            self._stream = zlib.decompressobj(15 if data[0] & 15 == 8 and header % 31 == 0 else -15)
        parts: list[bytes] = []
        while room > 0 and not self._stream.eof:
            part, data = _inflate(self._stream, data, min(STEP, room))
            if not part and not data:
                break
            parts.append(part)
            room -= len(part)
        return b"".join(parts)

    def finish(self) -> None:
        if self._stream is not None and not self._stream.eof:
            raise FetchError("bad_body", "the compressed body is cut off")


class _Brotli:
    """RFC 7932; with brotli ≥ 1.2 the output of one step is bounded."""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def decode(self, data: bytes, room: int) -> bytes:
        parts: list[bytes] = []
        try:
            while room > 0 and not self._stream.is_finished():
                part = self._stream.process(data, output_buffer_limit=min(STEP, room))
                data = b""
                if not part and self._stream.can_accept_more_data():
                    break
                parts.append(part)
                room -= len(part)
        except brotli.error as error:
            raise FetchError("bad_body", f"the body is not brotli: {error}") from None
        return b"".join(parts)

    def finish(self) -> None:
        if not self._stream.is_finished():
            raise FetchError("bad_body", "the compressed body is cut off")


def _inflate(stream: zlib._Decompress, data: bytes, room: int) -> tuple[bytes, bytes]:
    try:
        part = stream.decompress(data, room)
    except zlib.error as error:
        raise FetchError("bad_body", f"the compressed body is broken: {error}") from None
    return part, stream.unused_data if stream.eof else stream.unconsumed_tail


_LAYERS: dict[str, type[_Layer]] = {"gzip": _Gzip, "x-gzip": _Gzip, "deflate": _Deflate, "br": _Brotli}
