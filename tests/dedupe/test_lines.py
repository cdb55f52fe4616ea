"""Lines, and which of them are boilerplate."""

from ingest.dedupe import LineCount, boilerplate, read_lines

NEWS = "Traders in the city said on Tuesday that rice had become dearer."
FOOTER = "Subscribe to our newsletter and follow us everywhere."


def test_a_line_is_the_same_line_in_another_dress():
    one, other = read_lines(f"{FOOTER}\n\n  {FOOTER.upper().replace('.', '!')}  ")
    assert one.hash == other.hash


def test_a_line_without_letters_is_none():
    assert read_lines("***\n\n---\r\n") == ()


def test_a_line_is_boilerplate_from_the_third_article_of_its_source_or_the_third_cluster_on():
    news, footer = lines = read_lines(f"{NEWS}\n{FOOTER}")
    for count, wanted in (
        (LineCount(articles=2, clusters=2), frozenset()),
        (LineCount(articles=3), {footer.hash}),
        (LineCount(clusters=3), {footer.hash}),
    ):
        assert boilerplate(lines, {footer.hash: count, news.hash: LineCount(articles=1)}) == wanted


def test_a_short_line_never_is():
    (line,) = lines = read_lines("Analysis")
    assert boilerplate(lines, {line.hash: LineCount(articles=99, clusters=99)}) == frozenset()
    assert not line.counts


def test_a_body_without_end_is_read_from_its_beginning():
    assert sum(len(line.units) for line in read_lines("rice " * 1_000_000)) < 400_000
