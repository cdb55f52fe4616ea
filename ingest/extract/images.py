"""Pictures of the article with label, caption and credit."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.extract.candidates import Candidate
from ingest.extract.view import View
from ingest.model import Image


def candidates(view: View) -> Iterator[Candidate[tuple[Image, ...]]]:
    yield from ()
