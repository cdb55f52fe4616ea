"""Text → fingerprint: the few numbers by which an article is found again and compared.

A shingle is eight units, which are eight bytes, one machine word. The shingles of a text are hashed together, as the
128-bit lanes of long integers: 0.1 ms for 5,000 characters, where a loop takes twenty times as long.
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
from ingest.dedupe.walls import NAMED_BEFORE, is_wall, speaks_of

SHINGLE = 8  # units
RUN = 16  # units of an index key
KEYS = 16  # 8 keys find fewer (F1 .977 → .968; .943 → .869 on a newswire), 32 no more
BRIEF = 120  # units; about twenty words say too little to tell a copy by them alone
SAMPLED = 8  # of long texts one shingle in so many is kept; one in 32 is too few (.844 on a newswire)
KEPT_WHOLE = 256  # shingles; of shorter texts all are kept
MAX_NUMBERS = 500

SAMPLE_LIMIT = (1 << 32) // SAMPLED  # hashes below it are sampled
_TOPS = 256  # the values of a hash's highest byte
_SAMPLED_TOPS = _TOPS // SAMPLED

_ODD = 0x9E3779B97F4A7C15  # 2⁶⁴ divided by the golden ratio (Knuth, The Art of Computer Programming 3, 6.4)
_AT_ONCE = 12_288  # shingles; such integers fit into a core's cache, and 6,000 Han characters into them
_PLACES = tuple(range(_AT_ONCE))  # at hand: to make the numbers takes as long as to choose among them
_LANE = 16  # bytes
# The k-th 32-bit word of every lane; the 5th and 6th are the next lane's.
_WORDS = tuple(
    int.from_bytes(bytes(4 * k) + (b"\xff" * 4 + bytes(12)) * (_AT_ONCE // _LANE + 2), "little") for k in range(6)
)
_SHINGLES = tuple(_WORDS[k] | _WORDS[k + 1] for k in range(4))

# A number begins with a class, not with a repetition: the search is twice as fast.
_NUMBER = re.compile(r"\d\d*(?:[.,]\d+)*")
_ASCII_NUMBER = re.compile(r"[0-9][0-9]*(?:[.,][0-9]+)*")

assert sys.byteorder == "little", "words and lanes are read in the machine's order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What is kept of a text to compare it with others; about 1.5 KB for 5,000 characters."""

    units: int
    keys: tuple[int, ...] = ()
    """Up to 16 signed 32-bit hashes of runs of 16 units: those that begin with the smallest shingles. Two texts that
    share a passage share the passage's smallest shingles, wherever it stands. A brief text has one or none."""
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
    headline is a copy. So it is for one of under 1,000 units that does not speak of its headline. Walls have none
    (`ingest.dedupe.walls`).

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
    places = _below(_SAMPLED_TOPS, hashes)
    sampled = array("I", [hashes[i] for i in places])
    whole = len(hashes) <= KEPT_WHOLE
    last = max(0, len(kept[-1].units) - SHINGLE + 1) if len(kept) > 1 else 0
    if is_wall(units):
        keys: tuple[int, ...] = ()
    elif len(units) < BRIEF or _is_foreign_to(headline, units):
        keys = _key_of_whole(headline, units)
    elif bisect_left(places, len(units) - RUN + 1) < 2 * KEYS:
        keys = _keys(units, hashes, range(len(hashes)), _TOPS)
    else:
        keys = _keys(units, sampled, places, _SAMPLED_TOPS)
    return Fingerprint(
        units=len(units),
        keys=keys,
        sample=(hashes if whole else sampled).tobytes(),
        numbers=_numbers(kept),
        last_line=kept[-1].hash if len(kept) > 1 else None,
        last_shingles=last if whole else len(places) - bisect_left(places, len(hashes) - last),
    )


def _hashes(units: bytes) -> array[int]:
    """A 32-bit hash of every run of eight units."""
    count = len(units) - SHINGLE + 1
    found = array("I")
    for start in range(0, count, _AT_ONCE):
        found += _hashes_at_once(units[start : start + _AT_ONCE + SHINGLE - 1])
    return found


def _hashes_at_once(units: bytes) -> array[int]:
    """Each shingle is multiplied by one odd constant, then the upper half of the product is folded into the lower: the
    second of its four words, xor the third, depends on all bits of the shingle. (With 64-bit products 8,793 of 605,000
    shingles shared a hash, with these 66.)

    What is left of the text after every sixteenth shingle, and eight zeros in place of the others, is multiplied at
    once: there is room for the products. Four such texts, whose shingles are four bytes apart, give every fourth hash.
    """
    count = len(units) - SHINGLE + 1
    length = -(-count // 4) * 4
    text = int.from_bytes(units, "little")
    hashes = array("I", bytes(4 * length))
    for start in range(4):
        moved, seconds, thirds = text >> 8 * start, 0, 0
        for k in range(4):
            products = (moved & _SHINGLES[k]) * _ODD
            seconds |= products & _WORDS[k + 1]
            thirds |= products & _WORDS[k + 2]
        words = array("I")
        words.frombytes((seconds ^ thirds >> 32).to_bytes(length + 2 * _LANE, "little")[4 : length + 4])
        hashes[start::4] = words
    return hashes[:count]


def _below(top: int, hashes: array[int]) -> list[int]:
    """Where the hashes stand whose highest byte is below `top`."""
    places = _PLACES if len(hashes) <= len(_PLACES) else range(len(hashes))
    return list(compress(places, hashes.tobytes()[3::4].translate(b"\1" * top + bytes(_TOPS - top))))


def _keys(units: bytes, hashes: array[int], places: Sequence[int], tops: int) -> tuple[int, ...]:
    """Hashes of the runs that begin with the smallest shingles, each shingle where it first stands.

    `places` are those of the hashes, whose highest bytes are below `tops`.
    """
    starts = hashes[: bisect_left(places, len(units) - RUN + 1)]
    few = min(tops, 4 * KEYS * tops // len(starts) + 1)  # about 64: enough, unless the text repeats itself
    for top in (few, tops):
        first = {starts[i]: places[i] for i in reversed(_below(top, starts))}
        if len(first) >= KEYS:
            break
    runs = (units[first[shingle] : first[shingle] + RUN] for shingle in sorted(first)[:KEYS])
    return tuple(dict.fromkeys(map(_key, runs)))


def _is_foreign_to(headline: str, units: bytes) -> bool:
    if len(units) >= NAMED_BEFORE:
        return False
    title = fold(headline)
    return len(title) >= RUN and not speaks_of(title, units)


def _key_of_whole(headline: str, units: bytes) -> tuple[int, ...]:
    title = fold(headline)
    return (_key(title + b"\n" + units),) if len(title) >= RUN else ()


def _key(units: bytes) -> int:
    return int.from_bytes(blake2b(units, digest_size=8).digest()[:4], "little", signed=True)


def _numbers(lines: Sequence[Line]) -> bytes:
    """Hashes of the numbers as written, without separators: 1,000 and 1.000 are one."""
    text = "\n".join([line.text for line in lines])
    written = (_ASCII_NUMBER if text.isascii() else _NUMBER).findall(text)
    found = {crc32(number.replace(".", "").replace(",", "").encode()) for number in written}
    return array("I", sorted(found)[:MAX_NUMBERS]).tobytes()
