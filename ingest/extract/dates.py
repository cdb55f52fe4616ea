"""When it was published and modified, as instants."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ingest.extract.candidates import Candidate
from ingest.extract.structured import texts
from ingest.extract.view import View


def published(view: View) -> Iterator[Candidate[datetime]]:
    for text in texts(view.json_ld.get("datePublished")):
        if time := _instant(text):
            yield Candidate(time, "json-ld datePublished", 5)
    if (text_ := view.structured.first("article:published_time")) and (time := _instant(text_)):
        yield Candidate(time, "article:published_time", 4)


def modified(view: View) -> Iterator[Candidate[datetime]]:
    for text in texts(view.json_ld.get("dateModified")):
        if time := _instant(text):
            yield Candidate(time, "json-ld dateModified", 5)


def _instant(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.utcoffset() is not None else None
