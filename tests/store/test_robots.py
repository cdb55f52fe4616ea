from __future__ import annotations

from dataclasses import replace

from ingest.store import RobotsRecord, Store

from .build import HOUR, NOW


def test_robots_of_a_host_are_kept_as_answered_and_replaced(store: Store):
    record = RobotsRecord(host="127.0.0.1:8080", status=200, body=b"\xff\x00User-agent: *", etag='"a"', fetched_at=NOW)
    assert store.robots(record.host) is None
    store.save_robots(record)
    assert store.robots(record.host) == record
    later = replace(record, status=404, body=b"", fetched_at=NOW + HOUR)
    store.save_robots(later)
    assert store.robots(record.host) == later
