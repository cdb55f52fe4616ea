"""Grouped alternatives are found where the plain ones are, and nowhere else."""

from __future__ import annotations

import re

import pytest

from ingest.extract.alternation import one_of


@pytest.mark.parametrize(
    "alternatives",
    [
        "card|care|ca[rt]s|dog|do?t",
        "a|ab|abc",
        r"\bbio\b|bios?|(?:b|c)io|b{2}",
        "more-(?:on|from)|more|[|x]",
        "same|same",
    ],
)
@pytest.mark.parametrize(
    "text", ["card", "cats", "dt", "dot", "ab", "bio", "xbio", "bb", "more-from", "mo|re", "", "none"]
)
def test_a_grouped_pattern_is_found_where_the_plain_one_is(alternatives, text):
    assert bool(re.search(one_of(alternatives), text)) is bool(re.search(alternatives, text))
