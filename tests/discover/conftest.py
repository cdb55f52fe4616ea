"""What a source of each kind discovers in given bytes."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.discover import Discovery, discover
from ingest.model import Page, Source

FIXTURES = Path(__file__).parents[1] / "fixtures" / "feeds"


@pytest.fixture
def look() -> Callable[..., Discovery]:
    def look(body, *, kind="feed", url="https://ledger.example/feed/", **options):
        if not isinstance(body, bytes):
            body = body.encode()
        headers = {"content-type": options.pop("content_type")} if "content_type" in options else {}
        fetched = datetime(2024, 5, 3, tzinfo=UTC)
        page = Page(url=url, final_url=url, status=200, headers=headers, body=body, fetched_at=fetched)
        return discover(Source(name="source", kind=kind, url=url, **options), page)

    return look


@pytest.fixture
def saved() -> Callable[[str], bytes]:
    return lambda name: (FIXTURES / name).read_bytes()
