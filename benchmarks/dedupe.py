"""The dedupe core alone, over a labelled set, online and in memory: how well it clusters and what it costs.

    python benchmarks/dedupe.py DIRECTORY        # with stories.jsonl.gz, labels.json and score_dedupe.py in it
    python benchmarks/dedupe.py --cost           # CPU for one text of 5,000 characters, in ten languages

No database: benchmarks/copies.py has what it costs to look up keys and to store them.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import random
import time
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path

from ingest.dedupe import MAX_CANDIDATES, WINDOW, Known, LineCount, boilerplate, decide, fingerprint, read_lines


class Memory:
    """What a database knows, in dictionaries."""

    def __init__(self) -> None:
        self.marks: list = []
        self.clusters: list[int] = []
        self.times: list[float] = []
        self.by_key: defaultdict[int, list[int]] = defaultdict(list)
        self.articles_of_line: Counter = Counter()
        self.clusters_of_line: Counter = Counter()
        self.last_cluster: dict[int, int] = {}
        self.cpu = 0.0  # of the pure functions

    def take(self, headline: str, text: str, source: str, at: float) -> int:
        """Store an article; its cluster."""
        start = time.process_time()
        lines = read_lines(text)
        self.cpu += time.process_time() - start
        counts = {
            line.hash: LineCount(
                articles=self.articles_of_line[line.hash, source], clusters=self.clusters_of_line[line.hash]
            )
            for line in lines
        }
        start = time.process_time()
        mark = fingerprint(lines, headline=headline, without=boilerplate(lines, counts))
        self.cpu += time.process_time() - start
        shared = Counter(
            i for key in mark.keys for i in self.by_key[key] if at - self.times[i] <= WINDOW.total_seconds()
        )
        candidates = [
            Known(article_id=i, cluster_id=self.clusters[i], mark=self.marks[i], shared_keys=n)
            for i, n in shared.most_common(MAX_CANDIDATES)
        ]
        start = time.process_time()
        verdict = decide(mark, candidates)
        self.cpu += time.process_time() - start
        return self._store(mark, lines, source, at, verdict.cluster_id)

    def _store(self, mark, lines, source: str, at: float, joined: int | None) -> int:
        number = len(self.marks)
        cluster = number if joined is None else joined
        self.marks.append(mark)
        self.clusters.append(cluster)
        self.times.append(at)
        for key in mark.keys:
            self.by_key[key].append(number)
        for hash_ in {line.hash for line in lines if line.counts}:
            self.articles_of_line[hash_, source] += 1
            if self.last_cluster.get(hash_) != cluster:
                self.last_cluster[hash_] = cluster
                self.clusters_of_line[hash_] += 1
        return cluster


def judge(directory: Path) -> None:
    spec = importlib.util.spec_from_file_location("score_dedupe", directory / "score_dedupe.py")
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    with gzip.open(directory / "stories.jsonl.gz", "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    labels_by_url = json.loads((directory / "labels.json").read_text("utf-8"))
    labels = [labels_by_url[record["url"]] for record in records]
    memory = Memory()
    clusters = [
        memory.take(
            record["headline"],
            record["body"],
            record["source"],
            datetime.fromisoformat(record["published_at"]).timestamp(),
        )
        for record in records
    ]
    stories = [label["story"] for label in labels]
    score.print_clusters(
        {
            "all": score.cluster_figures(stories, clusters),
            "after_300": score.cluster_figures(stories[300:], clusters[300:]),
        }
    )
    missed = {k: v for k, v in score.copies_found(labels, clusters).items() if v[0] < v[1]}
    merged = {k: v for k, v in score.negatives_merged(labels, clusters).items() if v[0]}
    length = sum(len(record["body"]) for record in records) / len(records)
    print(f"copies not found: {missed}\nhard negatives merged: {merged}")
    print(f"CPU {memory.cpu / len(records) * 1e6:.0f} µs an article of {length:.0f} characters")
    print(f"sample {sum(len(mark.sample) for mark in memory.marks) / len(records):.0f} bytes an article")


# Letters of a language and the mean length of its words; 0: it puts no spaces between them.
ALPHABETS = {
    "English": ("abcdefghijklmnopqrstuvwxyz", 4.7),
    "French": ("abcdefghijlmnopqrstuvéèàçêô", 4.9),
    "Vietnamese": ("abcdeghiklmnopqrstuvxyđăâêôơưạấầảắếềệịỉốộờợủụứừựỹ", 3.2),
    "Russian": ("абвгдежзийклмнопрстуфхцчшщыьэюя", 6.0),
    "Arabic": ("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", 4.5),
    "Hindi": ("कखगघचछजझटठडढतथदधनपफबभमयरलवशषसहािीुूेैोौं्", 4.5),
    "Thai": ("กขคงจฉชซญดตถทธนบปผฝพฟภมยรลวสหอะาิีึืุูเแโใไ่้", 0),
    "Korean": ("".join(chr(0xAC00 + 37 * i) for i in range(290)), 2.9),
    "Japanese": (
        "あいうえおかきくけこがさしすせそたちつてとなにのはまもやらりるをんアイカクスタトンー"
        + "".join(map(chr, range(0x4E00, 0x5200, 9))),
        0,
    ),
    "Chinese": ("".join(chr(0x4E00 + 13 * i) for i in range(1_500)), 0),
}
MARKS = {"Hindi": "।", "Japanese": "、。「」", "Chinese": "，。“”", "Arabic": "،."}


def article(language: str, length: int = 5_000) -> str:
    """Random words in paragraphs of 250 characters: neither the shingles nor the letters of a language matter to the time."""
    letters, mean = ALPHABETS[language]
    marks = MARKS.get(language, ",.’“”" if mean else "")
    dice = random.Random(language)
    text = ""
    while len(text) < length:
        word = "".join(dice.choices(letters, k=max(1, round(dice.gauss(mean or 7, 2)))))
        text += word + (dice.choice(marks) if marks and dice.random() < 0.15 else "") + (" " if mean else "")
        if dice.random() < 0.02:
            text += f"{dice.randrange(2_000):,} "
    return "\n\n".join(text[i : i + 250] for i in range(0, length, 250))


def cost(rounds: int = 40, times: int = 5) -> None:
    """CPU of all that is pure, for a text and one copy of it; the least of some rounds, in which the languages take turns."""
    texts = {language: article(language) for language in ALPHABETS}
    known = {
        language: Known(article_id=1, cluster_id=1, mark=fingerprint(read_lines(text[500:])), shared_keys=16)
        for language, text in texts.items()
    }
    least = dict.fromkeys(texts, float("inf"))
    for _ in range(rounds):
        for language, text in texts.items():
            start = time.process_time()
            for _ in range(times):
                lines = read_lines(text)
                decide(fingerprint(lines, without=boilerplate(lines, {})), [known[language]])
            least[language] = min(least[language], (time.process_time() - start) / times)
    for language, seconds in least.items():
        print(f"{language:10} {seconds * 1e6:5.0f} µs for {len(texts[language])} characters, 1 candidate")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", nargs="?", type=Path)
    parser.add_argument("--cost", action="store_true")
    args = parser.parse_args()
    if args.directory:
        judge(args.directory)
    if args.cost or not args.directory:
        cost()


if __name__ == "__main__":
    main()
