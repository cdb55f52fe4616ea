"""The article's own headline."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.extract.candidates import Candidate
from ingest.extract.structured import texts
from ingest.extract.view import View
from ingest.text import squeeze


def candidates(view: View) -> Iterator[Candidate[str]]:
    if view.rules.headline and (node := view.document.tree.css_first(view.rules.headline)):
        yield Candidate(squeeze(node.text()), "rule headline", 10)
    for node in view.document.tree.css("h1"):
        if text := squeeze(node.text()):
            yield Candidate(text, "h1", 5)
    if title := view.structured.first("og:title"):
        yield Candidate(squeeze(title), "og:title", 4)
    for text in texts(view.json_ld.get("headline")):
        yield Candidate(squeeze(text), "json-ld headline", 3)
    if view.link and view.link.title:
        yield Candidate(view.link.title, "feed title", 2)
    if (node := view.document.tree.css_first("title")) and (text := squeeze(node.text())):
        yield Candidate(text, "title", 1)
