"""The language of the text."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.extract.candidates import Candidate
from ingest.extract.view import View


def candidates(view: View) -> Iterator[Candidate[str]]:
    root = view.document.tree.root
    if root is not None and (code := root.attributes.get("lang")):
        yield Candidate(code.partition("-")[0].lower(), "html lang", 1)
