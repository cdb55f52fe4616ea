"""Who wrote it: names only."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.extract.candidates import Candidate
from ingest.extract.structured import texts
from ingest.extract.view import View


def candidates(view: View) -> Iterator[Candidate[tuple[str, ...]]]:
    if names := texts(view.json_ld.get("author")):
        yield Candidate(tuple(dict.fromkeys(names)), "json-ld author", 5)
    if names := view.structured.meta.get("author", []):
        yield Candidate(tuple(dict.fromkeys(names)), "meta author", 3)
