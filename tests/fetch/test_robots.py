"""robots.txt: RFC 9309, and the quirks of files in the wild."""

from __future__ import annotations

import pytest

from ingest.fetch import Robots


def allows(text: str | bytes, path: str, token: str = "ingest") -> bool:
    body = text.encode() if isinstance(text, str) else text
    return Robots.read(200, body, token).allows(f"https://example.org{path}")


@pytest.mark.parametrize(
    ("status", "allowed"), [(404, True), (401, True), (403, True), (500, False), (503, False), (0, False)]
)
def test_4xx_allows_everything_and_5xx_or_silence_nothing(status: int, allowed: bool) -> None:
    robots = Robots.read(status, b"User-agent: *\nDisallow: /", "ingest")
    assert robots.allows("https://example.org/a") is allowed
    assert robots.unreachable is not allowed


def test_the_longest_rule_wins_with_star_and_dollar() -> None:
    text = "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /*.pdf$\n"
    assert not allows(text, "/a/c")
    assert allows(text, "/a/b/c")
    assert not allows(text, "/x/y.pdf")
    assert allows(text, "/x/y.pdf?z")


def test_our_own_group_counts_before_the_star_group() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: Ingest\nDisallow: /private\n"
    assert allows(text, "/a")
    assert not allows(text, "/private/a")


def test_a_version_behind_the_token_does_not_hide_the_group() -> None:
    assert not allows("User-agent: ingest/1.0\nDisallow: /", "/a")


def test_another_product_that_starts_like_ours_is_another_product() -> None:
    assert allows("User-agent: inge\nDisallow: /\n", "/a")
    assert allows("User-agent: ingest\nDisallow: /\n\nUser-agent: *\nAllow: /\n", "/a", token="ingest-news")


def test_a_bom_hides_no_rule() -> None:
    assert not allows(b"\xef\xbb\xbfUser-agent: *\nDisallow: /", "/a")


def test_a_crawl_delay_between_agent_lines_does_not_split_their_group() -> None:
    robots = Robots.read(200, b"User-agent: ingest\nCrawl-delay: 7\nUser-agent: other\nDisallow: /a\n", "ingest")
    assert not robots.allows("https://example.org/a")
    assert robots.crawl_delay == 7.0


def test_html_and_binary_instead_of_rules_forbid_nothing() -> None:
    assert allows("<html><body>Not found</body></html>", "/a")
    assert allows(bytes(range(256)) * 20, "/a")
