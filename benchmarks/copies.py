"""Copies in the database: what the index weighs and how long a look-up takes, and whether workers split stories.

    python benchmarks/copies.py index [--articles 1000000]    both databases; datasketch and rensa beside it, if installed
    python benchmarks/copies.py workers DIRECTORY             one after the other, then four at once; both databases

DIRECTORY holds stories.jsonl.gz and labels.json. The databases are made in a temporary directory (--directory).
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import multiprocessing
import random
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import psycopg
import sqlalchemy as sa
from dedupe import ALPHABETS
from store import NOW, cpu, databases

from ingest.dedupe import fingerprint, read_lines
from ingest.record_json import read_record
from ingest.store import Store, fingerprints
from ingest.store.database import Database

KEYS = 16
RUN = 50_000  # articles inserted at once: in order within a run, so that the tree is met as by a long life of batches
DAYS = 100
LOOKUPS = 2_000
WORKERS = 4


# ---------------------------------------------------------------- index


def index(urls: dict[str, str], articles: int) -> None:
    for name, url in urls.items():
        Store.open(url).close()
        database = Database(url)
        start = time.perf_counter()
        size, kept = fill(database, articles)
        seconds = time.perf_counter() - start
        settle(database, url)
        print(f"{name}: {articles:,} articles, {size / articles:.0f} bytes an article, filled in {seconds:.0f} s")
        for batch in (1, 100):
            look_up(database, kept, batch)
        database.close()


def fill(database: Database, articles: int) -> tuple[int, list[tuple[int, list[int]]]]:
    """(bytes of the table and its index, some articles' times and keys)"""
    dice, now, kept = random.Random(7), fingerprints.minute(NOW), []
    before = table_bytes(database)
    for first in range(0, articles, RUN):
        rows = []
        for article in range(first, min(first + RUN, articles)):
            at = now - DAYS * 1_440 + article * DAYS * 1_440 // articles
            keys = [random_key(dice) for _ in range(KEYS)]
            rows += [(key, at, article) for key in keys]
            if article * LOOKUPS // articles != (article - 1) * LOOKUPS // articles:
                kept.append((at, keys))
        rows.sort()
        insert(database, rows)
    return table_bytes(database) - before, kept


def settle(database: Database, url: str) -> None:
    """What PostgreSQL does by itself within minutes, but not within the seconds in which a million articles come."""
    if not database.is_sqlite:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE) copy_key")
            connection.execute("CHECKPOINT")


def random_key(dice: random.Random) -> int:
    return dice.getrandbits(32) - (1 << 31)


def insert(database: Database, rows: list[tuple[int, int, int]]) -> None:
    def work(connection) -> None:
        driver = connection.connection.driver_connection
        if database.is_sqlite:
            driver.executemany("INSERT INTO copy_key (key, at, article_id) VALUES (?, ?, ?)", rows)
            return
        with driver.cursor().copy("COPY copy_key (key, at, article_id) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    database.write(work)


def table_bytes(database: Database) -> int:
    with database.reading() as connection:
        if database.is_sqlite:
            pages = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            return connection.execute(sa.text(pages)).scalar_one()
        return connection.execute(sa.text("SELECT pg_total_relation_size('copy_key')")).scalar_one()


def look_up(database: Database, kept: list[tuple[int, list[int]]], batch: int) -> None:
    """Half of each look-up's keys are known. In batches as articles come: of about the same time."""
    dice, walls = random.Random(8), []
    asked = [(at, keys[:8] + [random_key(dice) for _ in range(8)]) for at, keys in kept]
    window, found = fingerprints.WINDOW_MINUTES, 0
    with database.reading() as connection:
        for warm in asked[: max(20, batch)]:
            list(fingerprints.sharing(connection, warm[1], warm[0] - window, warm[0] + window))
        used = cpu()
        for start in range(0, len(asked), batch):
            together = asked[start : start + batch]
            keys = [key for _, own in together for key in own]
            begun = time.perf_counter()
            found += sum(
                1 for _ in fingerprints.sharing(connection, keys, together[0][0] - window, together[-1][0] + window)
            )
            walls.append((time.perf_counter() - begun) / len(together) * 1e6)
        used = (cpu() - used) / len(asked) * 1e6
    assert found >= 8 * len(asked), found
    walls.sort()
    mean, p99 = sum(walls) / len(walls), walls[int(0.99 * len(walls))]
    print(f"  look-up, {batch:3} at once: {used:5.0f} µs CPU, {mean:5.0f} µs wall (p99 {p99:.0f}) an article")


# ---------------------------------------------------------------- peers


def peers(articles: int = 1_000) -> None:
    """Random texts of 5,000 characters in English letters: fingerprint, look-up and insert, in memory."""
    letters, mean = ALPHABETS["English"]
    dice = random.Random(9)
    vocabulary = ["".join(dice.choices(letters, k=max(1, round(dice.gauss(mean, 2))))) for _ in range(20_000)]
    texts = [" ".join(dice.choices(vocabulary, k=900))[:5_000] for _ in range(articles)]
    for name, make in {"ingest": ours, "datasketch": datasketch, "rensa": rensa}.items():
        if name != "ingest" and importlib.util.find_spec(name) is None:
            print(f"{name}: not installed")
            continue
        take = make()
        take(texts[0])
        memory, used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, cpu()
        for text in texts[1:]:
            take(text)
        used = (cpu() - used) / (articles - 1) * 1e6
        memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) * 1024 / (articles - 1)
        print(f"{name:10} {used:6.0f} µs CPU an article, {memory:6.0f} bytes of memory")


def ours() -> Callable[[str], object]:
    by_key = defaultdict(list)

    def take(text: str) -> object:
        mark = fingerprint(read_lines(text))
        found = [other for key in mark.keys for other in by_key.get(key, ())]
        for key in mark.keys:
            by_key[key].append(mark)
        return found

    return take


def shingles(text: str) -> set[str]:
    words = text.split()
    return {" ".join(words[i : i + 3]) for i in range(len(words) - 2)}


def datasketch() -> Callable[[str], object]:
    from datasketch import MinHash, MinHashLSH

    index, numbers = MinHashLSH(threshold=0.3, num_perm=128), iter(range(1 << 30))

    def take(text: str) -> object:
        mark = MinHash(num_perm=128)
        mark.update_batch([shingle.encode() for shingle in shingles(text)])
        found = index.query(mark)
        index.insert(next(numbers), mark)
        return found

    return take


def rensa() -> Callable[[str], object]:
    from rensa import RMinHash, RMinHashLSH

    index, numbers = RMinHashLSH(threshold=0.3, num_perm=128, num_bands=32), iter(range(1 << 30))

    def take(text: str) -> object:
        mark = RMinHash(num_perm=128, seed=42)
        mark.update(list(shingles(text)))
        found = index.query(mark)
        index.insert(next(numbers), mark)
        return found

    return take


# ---------------------------------------------------------------- workers


def workers(urls: dict[str, str], directory: Path) -> None:
    with gzip.open(directory / "stories.jsonl.gz", "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    story = {url: label["story"] for url, label in json.loads((directory / "labels.json").read_text("utf-8")).items()}
    records.sort(key=lambda record: (story[record["url"]], record["published_at"]))  # copies side by side
    for name, url in urls.items():
        for count in (1, WORKERS):
            empty(url)
            with Store.open(url) as store:
                store.load([read_record(records[0])], NOW)
            start = time.perf_counter()
            run(url, records, count)
            seconds = time.perf_counter() - start
            split, merged = judge(url, story)
            print(
                f"{name:10} {count} at once: {split} of {len(set(story.values()))} stories split, {merged} merged, "
                f"{len(records) / seconds:.0f} articles a second"
            )


def run(url: str, records: list[dict], count: int) -> None:
    started = [
        multiprocessing.get_context("spawn").Process(target=deliver, args=(url, records[i::count]))
        for i in range(count)
    ]
    for process in started:
        process.start()
    for process in started:
        process.join()
        assert process.exitcode == 0


def deliver(url: str, records: list[dict]) -> None:
    """One article a transaction: the copies of a story meet as closely as they can."""
    with Store.open(url) as store:
        for record in records:
            store.load([read_record(record)], NOW)


def judge(url: str, story: dict[str, str]) -> tuple[int, int]:
    """(stories in more than one cluster, clusters with more than one story beyond the first)"""
    clusters, stories = defaultdict(set), defaultdict(set)
    database = Database(url)
    with database.reading() as connection:
        for id_, address, cluster in connection.execute(sa.text("SELECT id, url, cluster_id FROM article_v1")):
            clusters[story[address]].add(cluster or -id_)
            stories[cluster or -id_].add(story[address])
    database.close()
    return sum(len(found) > 1 for found in clusters.values()), sum(len(found) - 1 for found in stories.values())


def empty(url: str) -> None:
    database = Database(url)
    if database.is_sqlite:
        database.close()
        for file in Path(sa.make_url(url).database).parent.glob("bench.db*"):
            file.unlink()
        return
    database.write(lambda connection: connection.execute(sa.text("DROP SCHEMA public CASCADE")))
    database.write(lambda connection: connection.execute(sa.text("CREATE SCHEMA public")))
    database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["index", "workers"])
    parser.add_argument("stories", nargs="?", type=Path)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--directory", type=Path)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=args.directory, prefix="copies") as name:
        directory = Path(name)
        names = [args.only] if args.only else ["sqlite", "postgresql"]
        with databases(directory, names) as urls:
            if args.what == "workers":
                workers(urls, args.stories)
            else:
                index(urls, args.articles)
                peers()


if __name__ == "__main__":
    main()
