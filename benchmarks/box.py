#!/usr/bin/env python3
"""What the box costs: the look, a round trip, a start, on saved pages (default: ../shared/bench/pages).

box.py [FOLDER]
"""

from __future__ import annotations

import asyncio
import gzip
import statistics
import sys
import time
from contextlib import suppress
from pathlib import Path

from ingest.box import Box
from ingest.box.look import Place, look_at_page
from ingest.errors import NotAnArticle
from ingest.extract import extract_article

FOLDER = Path(__file__).resolve().parents[2] / "shared/bench/pages"
URL = "https://example.org/a"
SAMPLE = 200


def load(folder: Path) -> list[bytes]:
    return [gzip.decompress(file.read_bytes()) for file in sorted(folder.rglob("*.gz"))]


def here(body: bytes) -> None:
    with suppress(NotAnArticle):
        extract_article(body, url=URL)


async def boxed(box: Box, body: bytes) -> None:
    with suppress(NotAnArticle):
        await box.extract(body, url=URL)


def show(name: str, seconds: list[float]) -> None:
    ordered = sorted(seconds)
    worst = ordered[int(len(ordered) * 0.99)]
    print(
        f"{name:34} mean {statistics.mean(ordered) * 1e3:8.3f} ms   median {statistics.median(ordered) * 1e3:8.3f}   p99 {worst * 1e3:8.3f}"
    )


async def main(folder: Path) -> None:
    pages = load(folder)
    places = []
    looks = []
    for body in pages:
        start = time.perf_counter()
        places.append(look_at_page(body).place)
        looks.append(time.perf_counter() - start)
    shares = ", ".join(f"{place.name.lower()} {places.count(place) / len(pages):.1%}" for place in Place)
    print(f"{len(pages)} pages, {statistics.mean(map(len, pages)) / 1e3:.0f} KB on average; parsed {shares}")
    show("look", looks)
    sample = pages[:: max(1, len(pages) // SAMPLE)]
    async with Box(everything=True) as box:
        start = time.perf_counter()
        await boxed(box, b"<p>")
        print(f"{'first job, with a keeper to start':34} {(time.perf_counter() - start) * 1e3:8.0f} ms")
        alone, within, trips = [], [], []
        for body in sample:
            start = time.perf_counter()
            here(body)
            middle = time.perf_counter()
            await boxed(box, body)
            end = time.perf_counter()
            alone.append(middle - start)
            within.append(end - middle)
        for _ in range(300):
            start = time.perf_counter()
            await boxed(box, b" " * 200_000)  # refused before it is parsed
            trips.append(time.perf_counter() - start)
    show("extraction in this process", alone)
    show("extraction in the box", within)
    show("round trip of 200 KB", trips)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))
