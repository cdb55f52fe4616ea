"""The lines of a text, and which of them an outlet prints under everything.

Footers are half of a short article: with them every two of an outlet's briefs are alike. They are left out of the
fingerprint, never of the stored text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from ingest.dedupe.fold import fold_lines

MIN_LINE = 12  # characters; shorter lines are subheadings and names, and say little anyway
# A line is boilerplate from the third article of its source or from the third cluster on. From the second it would take
# the re-runs of an agency for boilerplate (pair F1 .943 → .643 on a newswire).
MANY_ARTICLES = 3
MANY_CLUSTERS = 3
MAX_TEXT = 400_000  # characters; what is longer is no article, and is compared by its beginning


class Line(NamedTuple):
    """One line of a text; two lines with the same units are the same line."""

    text: str
    units: bytes
    hash: int
    """64 bits, signed, as databases have them."""

    @property
    def counts(self) -> bool:
        """Whether it can be boilerplate, and is worth a row in the database."""
        return len(self.text) >= MIN_LINE


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCount:
    """What is known of a line before this article."""

    articles: int = 0
    """Of this source."""
    clusters: int = 0
    """Of all sources."""


def read_lines(text: str) -> tuple[Line, ...]:
    r"""The lines of a text that have any letter or digit.

    >>> [line.text for line in read_lines("Rice prices rose.\n\n * * *\nCorn fell.")]
    ['Rice prices rose.', 'Corn fell.']
    """
    lines = [line for line in map(str.strip, text[:MAX_TEXT].splitlines()) if line]
    return tuple(
        Line(line, units, line_hash(units)) for line, units in zip(lines, fold_lines(lines), strict=True) if units
    )


def line_hash(units: bytes) -> int:
    """The name of a line in the database."""
    return int.from_bytes(blake2b(units, digest_size=8).digest(), "little", signed=True)


def boilerplate(lines: Sequence[Line], counts: Mapping[int, LineCount]) -> frozenset[int]:
    r"""The hashes of the lines that are boilerplate, by what is known of them (hash → count).

    >>> first, last = read_lines("Rice prices rose on Tuesday.\nAll rights reserved by the Ledger.")
    >>> boilerplate([first, last], {last.hash: LineCount(articles=3)}) == {last.hash}
    True
    """
    return frozenset(
        line.hash
        for line in lines
        if line.counts
        and (count := counts.get(line.hash)) is not None
        and (count.articles >= MANY_ARTICLES or count.clusters >= MANY_CLUSTERS)
    )
