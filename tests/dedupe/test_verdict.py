"""Copies join, other stories don't. Texts are made of invented words, so that what they share is what a test says."""

import random
import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.dedupe import (
    MAX_CANDIDATES,
    Finding,
    Fingerprint,
    Known,
    LineCount,
    boilerplate,
    compare,
    decide,
    fingerprint,
    read_lines,
)

SCRIPTS = {
    "Latin": ("abcdefghijklmnoprstuvwyz", 5),
    "accents": ("abcdéèêçâôùïöüñ", 5),
    "Cyrillic": ("абвгдежзиклмнопрстуфхцчшщыэюя", 6),
    "Arabic": ("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", 5),
    "Devanagari": ("कखगघचछजझटठडढतथदधनपफबभमयरलवशषसह", 4),
    "Thai": ("กขคงจฉชซญดตถทธนบปผฝพฟภมยรลวสหอ", 6),
    "Hangul": ("".join(chr(0xAC00 + 37 * i) for i in range(290)), 3),
    "Han": ("".join(chr(0x4E00 + 13 * i) for i in range(1500)), 2),
}


def words(seed: object, count: int, script: str = "Latin") -> list[str]:
    letters, length = SCRIPTS[script]
    dice = random.Random(str(seed))
    return ["".join(dice.choices(letters, k=dice.randint(max(1, length - 2), length + 3))) for _ in range(count)]


def paragraphs(chosen: Sequence[str], size: int = 40) -> str:
    return "\n\n".join(" ".join(chosen[i : i + size]) + "." for i in range(0, len(chosen), size))


def mark(text: str) -> Fingerprint:
    return fingerprint(read_lines(text))


def finding(one: str, other: str) -> Finding:
    there = compare(mark(other), mark(one)).finding
    here = compare(mark(one), mark(other)).finding
    assert here == there  # whoever came first
    return here


def replaced(chosen: Sequence[str], share: float, seed: object = 1) -> list[str]:
    """Words replaced in runs of four, as a light rewrite does it."""
    dice = random.Random(str(seed))
    out, new = list(chosen), words(f"new {seed}", len(chosen))
    for start in dice.sample(range(0, len(out) - 4, 4), int(len(out) * share / 4)):
        out[start : start + 4] = new[start : start + 4]
    return out


STORY = words("story", 400)


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("size", [60, 400])
def test_a_copy_in_another_dress_is_a_copy_in_every_script(script, size):
    story = words("story", size, script)
    assert finding(paragraphs(story), paragraphs([word.upper() for word in story], size=23)) is Finding.COPY


@pytest.mark.parametrize("script", SCRIPTS)
def test_two_stories_of_one_language_are_two(script):
    assert finding(paragraphs(words(1, 400, script)), paragraphs(words(2, 400, script))) is Finding.LITTLE_IN_COMMON


@pytest.mark.parametrize(
    "copy",
    [
        replaced(STORY, 0.10),
        replaced(STORY, 0.20),
        STORY[:160],
        STORY[:100],
        words("lede", 60) + STORY[60:],
        STORY + words("more", 120),
        STORY[200:] + STORY[:200],
        [*words("local", 80), *replaced(STORY, 0.05), *words("desk", 60)],
    ],
    ids=["light rewrite", "rewrite", "cut to 40 %", "cut to 25 %", "new lede", "update", "reordered", "local mix"],
)
def test_what_customers_of_an_agency_do_to_a_story_leaves_it_a_copy(copy):
    assert finding(paragraphs(STORY), paragraphs(copy)) is Finding.COPY


def test_a_sentence_in_common_is_too_little():
    other = words("other", 400)
    assert (
        finding(paragraphs(STORY), paragraphs(other[:200] + STORY[100:130] + other[200:])) is Finding.LITTLE_IN_COMMON
    )


def test_an_item_of_a_digest_is_a_passage_and_no_copy():
    brief = paragraphs([*STORY[:60], *words("rest of the brief", 60)], size=60)
    digest = paragraphs([*words("first item", 110), *STORY[:60], *words("last item", 110)], size=60)
    likeness = compare(mark(brief), mark(digest))
    assert likeness.finding in (Finding.ONLY_A_PASSAGE, Finding.LITTLE_IN_COMMON)
    assert not likeness.is_copy


def report(figures: Sequence[int]) -> str:
    forms = words("form", 90)
    return " ".join(f"{word} {figures[i // 10]}" if i % 10 == 0 else word for i, word in enumerate(forms))


def test_reports_of_one_template_are_told_apart_by_their_numbers():
    assert finding(report(range(10, 19)), report(range(30, 39))) is Finding.NUMBERS_IN_CONFLICT
    assert finding(report(range(10, 19)), report(range(10, 19))) is Finding.COPY


def test_a_number_more_or_one_that_was_corrected_is_no_conflict():
    assert finding(report([*range(10, 18), 77]), report(range(10, 19))) is Finding.COPY


def test_separators_of_thousands_are_a_matter_of_house_style():
    plain = " ".join(f"{word} 1{i:02},000" for i, word in enumerate(words("a", 40)))
    assert finding(plain, plain.replace(",000", ".000")) is Finding.COPY


FOOTER = " ".join(words("footer", 45))


def test_a_footer_that_is_not_known_yet_makes_no_copies():
    one, other = (f"{' '.join(words(i, 30))}\n\n{FOOTER}" for i in (1, 2))
    assert finding(one, other) is Finding.ONLY_LAST_LINE
    assert finding(one, f"{' '.join(words(1, 30))} {FOOTER}") is Finding.COPY


def test_a_known_footer_is_no_part_of_the_fingerprint():
    lines = read_lines(f"{' '.join(words(1, 30))}\n\n{FOOTER}")
    without = fingerprint(lines, without=boilerplate(lines, {lines[-1].hash: LineCount(articles=3)}))
    assert without == mark(" ".join(words(1, 30)))


def known(number: int, text: str, shared: int = 1) -> Known:
    return Known(article_id=number, cluster_id=100 + number, mark=mark(text), shared_keys=shared)


def test_the_best_match_wins_whatever_the_order_and_the_losers_are_kept():
    candidates = [
        known(1, paragraphs(replaced(STORY, 0.2))),
        known(2, paragraphs(replaced(STORY, 0.05))),
        known(3, paragraphs(words("other", 400))),
    ]
    for order in (candidates, candidates[::-1]):
        verdict = decide(mark(paragraphs(STORY)), order)
        assert verdict.cluster_id == 102
        assert {candidate.article_id for candidate, _ in verdict.compared} == {1, 2, 3}


def test_of_two_equals_the_earlier_stored_wins():
    candidates = [known(2, paragraphs(STORY)), known(1, paragraphs(STORY))]
    assert decide(mark(paragraphs(STORY)), candidates).cluster_id == 101


def test_without_a_match_there_is_no_cluster_to_join():
    assert decide(mark(paragraphs(STORY)), []).cluster_id is None
    assert decide(mark(paragraphs(STORY)), [known(1, paragraphs(words(2, 400)))]).cluster_id is None


def test_no_more_candidates_are_compared_than_agreed():
    many = [known(i, paragraphs(words(i, 60)), shared=i) for i in range(MAX_CANDIDATES + 30)]
    compared = decide(mark(paragraphs(STORY)), many).compared
    assert len(compared) == MAX_CANDIDATES
    assert compared[0][0].shared_keys == MAX_CANDIDATES + 29


# ------------------------------------------------------------ keys


@pytest.mark.parametrize(
    "copy",
    [replaced(STORY, 0.3), STORY[:100], words("lede", 100) + STORY[100:300], STORY[::-1][:200][::-1]],
    ids=["heavy rewrite", "quarter", "middle", "end"],
)
def test_copies_share_a_key_so_that_they_are_looked_up(copy):
    assert set(mark(paragraphs(STORY)).keys) & set(mark(paragraphs(copy)).keys)


def test_keys_are_sixteen_signed_64_bit_numbers():
    keys = mark(paragraphs(STORY)).keys
    assert len(keys) == len(set(keys)) == 16
    assert all(-(1 << 63) <= key < 1 << 63 for key in keys)
    assert min(keys) < 0 < max(keys)


@pytest.mark.parametrize("text", ["", "***", "Read more", "쌀값"])
def test_a_text_of_next_to_nothing_has_no_keys_and_is_like_nothing(text):
    assert mark(text).keys == ()
    assert not compare(mark(text), mark(text)).is_copy


def test_a_fingerprint_is_the_same_on_every_day_and_machine():
    """What the database holds must stay comparable: whoever changes these numbers changes all stored ones."""
    one = mark(
        "Rice cost 5,900 won in Hyesan on Tuesday.\nTraders said that stalls were half empty, and that nobody in the county of Kimjongsuk had seen any corn for weeks."
    )
    assert (one.units, one.last_line) == (124, 5126586503829858434)
    assert one.keys[:2] == (-1212228950, 1233988323)
    assert one.sample[:8].hex() == "f33e7909bab95b06"
    assert one.numbers.hex() == "cf0f9434"


def test_fingerprints_are_of_bounded_size():
    long = mark(paragraphs(words("long", 20_000)))
    assert len(long.sample) < 100_000
    assert len(mark(" ".join(map(str, range(10_000)))).numbers) == 2_000


@pytest.mark.parametrize(
    "text",
    ["a" * 5_000_000, "1234567890 " * 500_000, "x\n" * 2_000_000, "쌀" * 3_000_000],
    ids=["letter", "digits", "lines", "hangul"],
)
def test_a_body_of_megabytes_takes_no_time(text):
    start = time.process_time()
    one = mark(text)
    compare(one, one)
    assert time.process_time() - start < 2


@settings(max_examples=60)
@given(st.text(max_size=400), st.text(max_size=400))
def test_no_texts_make_it_raise(one, other):
    likeness = compare(mark(one), mark(other))
    assert 0 <= likeness.jaccard <= likeness.containment <= 1
