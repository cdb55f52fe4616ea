"""Contact lines, and the credits lines that are none."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.extract.candidates import Candidate
from ingest.extract.view import View
from ingest.model import Contact


def candidates(view: View) -> Iterator[Candidate[tuple[Contact, ...]]]:
    yield from ()


def credit_lines(view: View) -> Iterator[Candidate[str]]:
    yield from ()
