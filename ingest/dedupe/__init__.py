"""Article + what is known → verdict: is this a copy of something, and of what? Pure; the caller looks things up.

lines = read_lines(body)                       # 1. the text as lines, each with its hash
common = boilerplate(lines, counts)            # 2. counts: what the database knows of these lines
mark = fingerprint(lines, without=common)      # 3.
verdict = decide(mark, candidates)             # 4. candidates: articles that share a key, newest 72 hours
"""

from __future__ import annotations

from ingest.dedupe.fingerprint import Fingerprint, fingerprint
from ingest.dedupe.likeness import Finding, Likeness, compare
from ingest.dedupe.lines import Line, LineCount, boilerplate, read_lines
from ingest.dedupe.verdict import MAX_CANDIDATES, WINDOW, Known, Verdict, decide

__all__ = [
    "MAX_CANDIDATES",
    "WINDOW",
    "Finding",
    "Fingerprint",
    "Known",
    "Likeness",
    "Line",
    "LineCount",
    "Verdict",
    "boilerplate",
    "compare",
    "decide",
    "fingerprint",
    "read_lines",
]
