"""Text → fingerprint: the few numbers by which an article is found again and compared.

A shingle is eight units, which are eight bytes, one machine word. All shingles of a text are hashed at once, as the
128-bit lanes of one long integer: 0.2 ms for 5,000 characters, where a loop takes ten times as long.
"""

from __future__ import annotations

import re
import sys
from array import array
from bisect import bisect_left
from collections.abc import Container, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import compress
from zlib import crc32

from ingest.dedupe.fold import fold
from ingest.dedupe.lines import Line
from ingest.dedupe.walls import is_wall

SHINGLE = 8  # units
RUN = 16  # units of an index key
KEYS = 16  # 8 keys find fewer (F1 .977 → .968; .943 → .869 on a newswire), 32 no more
BRIEF = 120  # units; about twenty words say too little to tell a copy by them alone
SAMPLED = 8  # of long texts one shingle in so many is kept; one in 32 is too few (.844 on a newswire)
KEPT_WHOLE = 256  # shingles; of shorter texts all are kept
MAX_NUMBERS = 500

_LANE = 16  # bytes
# 64 bits of it: with 32 (shorter lanes, hardly faster) 8,793 of 605,000 shingles shared a hash, with 64 there are 66.
_ODD = 0x9E3779B97F4A7C15  # 2⁶⁴ divided by the golden ratio (Knuth, The Art of Computer Programming 3, 6.4)
_AT_ONCE = 2_048  # shingles whose lanes fit into a core's cache; for 7,500 at once it takes twice as long
_SAMPLED_BYTES = bytes(byte < 256 // SAMPLED for byte in range(256))
SAMPLE_LIMIT = (1 << 32) // SAMPLED  # hashes below it are sampled
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")

assert sys.byteorder == "little", "words and lanes are read in the machine's order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What is kept of a text to compare it with others; about 1.5 KB for 5,000 characters."""

    units: int
    keys: tuple[int, ...] = ()
    """Up to 16 signed 64-bit hashes of runs of 16 units: those that begin with the smallest shingles. Two texts that
    share a passage share the passage's smallest shingles, wherever it stands. A text of under
    120 units has one or none."""
    sample: bytes = b""
    """Shingles as u32, in the order of the text: all of a short text, else those below SAMPLE_LIMIT."""
    numbers: bytes = b""
    """The numbers in the text as u32, sorted, each once; the smallest 500."""
    last_line: int | None = None
    """The hash of the last line; None where there is no other."""
    last_shingles: int = 0
    """How many of `sample` are the last line's: the last ones."""


def fingerprint(lines: Sequence[Line], *, headline: str = "", without: Container[int] = ()) -> Fingerprint:
    r"""The fingerprint of a text's lines, boilerplate left out.

    A text of under 120 units has one key, which says the whole of it under its headline: only the same under the same
    headline is a copy. Walls have none (`ingest.dedupe.walls`).

    >>> from ingest.dedupe.lines import read_lines
    >>> one = fingerprint(read_lines("Rice prices rose on Tuesday, traders in the city said." * 3))
    >>> two = fingerprint(read_lines("RICE PRICES ROSE on Tuesday –\ntraders in the City said!" * 3))
    >>> one.units, one.keys == two.keys, one.sample == two.sample
    (129, True, True)
    """
    kept = [line for line in lines if line.hash not in without]
    units = b"".join([line.units for line in kept])
    if len(units) < RUN:
        return Fingerprint(units=len(units))
    hashes = _hashes(units)
    sampled = _sampled(hashes)
    whole = len(hashes) <= KEPT_WHOLE
    last = max(0, len(kept[-1].units) - SHINGLE + 1) if len(kept) > 1 else 0
    return Fingerprint(
        units=len(units),
        keys=_keys(units, headline, hashes, sampled),
        sample=(hashes if whole else array("I", map(hashes.__getitem__, sampled))).tobytes(),
        numbers=_numbers(kept),
        last_line=kept[-1].hash if len(kept) > 1 else None,
        last_shingles=last if whole else len(sampled) - bisect_left(sampled, len(hashes) - last),
    )


def _hashes(units: bytes) -> array[int]:
    """A 32-bit hash of every run of eight units."""
    count = len(units) - SHINGLE + 1
    found = array("I")
    for start in range(0, count, _AT_ONCE):
        found += _hashes_at_once(units[start : start + _AT_ONCE + SHINGLE - 1])
    return found


def _hashes_at_once(units: bytes) -> array[int]:
    """The lanes hold the shingles in order; they are multiplied by one odd constant, then the upper half of each product
    is folded into the lower: the bits in the middle depend on all bits of the shingle.
    """
    count = len(units) - SHINGLE + 1
    lanes = array("Q", bytes(_LANE * count))
    for offset in range(min(SHINGLE, count)):
        words = array("Q")
        words.frombytes(units[offset : offset + SHINGLE * ((count - offset + SHINGLE - 1) // SHINGLE)])
        lanes[2 * offset :: 2 * SHINGLE] = words
    product = int.from_bytes(lanes, "little") * _ODD
    product ^= product >> 32
    halves = array("I")
    halves.frombytes(product.to_bytes(_LANE * (count + 1), "little"))
    return halves[1 : 4 * count : 4]


def _sampled(hashes: array[int]) -> list[int]:
    """Where the hashes below SAMPLE_LIMIT stand: those whose highest byte says so."""
    return list(compress(range(len(hashes)), hashes.tobytes()[3::4].translate(_SAMPLED_BYTES)))


def _keys(units: bytes, headline: str, hashes: array[int], sampled: list[int]) -> tuple[int, ...]:
    if is_wall(units):
        return ()
    if len(units) >= BRIEF:
        return tuple(dict.fromkeys(map(_key, _smallest_runs(units, hashes, sampled))))
    title = fold(headline)
    return (_key(title + b"\n" + units),) if len(title) >= RUN else ()


def _smallest_runs(units: bytes, hashes: array[int], sampled: list[int]) -> list[bytes]:
    """The runs that begin with the smallest shingles, each shingle where it first stands."""
    runs = len(units) - RUN + 1
    starts: Sequence[int] = sampled[: bisect_left(sampled, runs)]
    if len(starts) < 2 * KEYS:
        starts = range(runs)
    first = dict(zip(map(hashes.__getitem__, reversed(starts)), reversed(starts), strict=True))
    return [units[first[shingle] : first[shingle] + RUN] for shingle in sorted(first)[:KEYS]]


def _key(units: bytes) -> int:
    return int.from_bytes(blake2b(units, digest_size=8).digest(), "little", signed=True)


def _numbers(lines: Sequence[Line]) -> bytes:
    """Hashes of the numbers as written, without separators: 1,000 and 1.000 are one."""
    found = {
        crc32(number.replace(".", "").replace(",", "").encode())
        for line in lines
        for number in _NUMBER.findall(line.text)
    }
    return array("I", sorted(found)[:MAX_NUMBERS]).tobytes()
