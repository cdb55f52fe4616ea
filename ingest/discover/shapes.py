"""Whether a URL looks like an article's."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

DATED = 3.0
NUMBERED = 3.0
NUMBERED_SHORTLY = 1.5
WORDY = 2.5
SHORT = -1.0
A_SECTION = -5.0
NO_PAGE = -99.0

# Segments of addresses that list, explain or sell; whole segments, so that /news/tag-der-einheit is none.
SECTIONS = frozenset(
    "about about-us abo account ads advertise advertising agb all-news app apps archive archives author authors autor autoren autores "
    "bookmark careers cart categories category checkout comments contact contact-us contacts cookie-policy cookies "
    "copyright datenschutz donate editorial-policy events faq feed feeds forum games hashtag help hilfe horoscope "
    "impressum index jobs jogos kontakt keyword keywords label legal login logout masthead members membership mobile my-account "
    "newsletter newsletters notices page pages people person podcasts privacy privacy-policy profile puzzles raetsel register rss "
    "schlagwort search searches section sections series service services share shop signin sign-in signup sign-up "
    "sitemap stellenmarkt store subscribe subscription subscriptions suche support tag tags team terms terms-of-service "
    "thema themen topic topics topico topicos user users weather wetter wp-admin wp-content wp-json wp-login.php writers".split()
)
FILES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|avif|pdf|docx?|xlsx?|pptx?|zip|mp[34]|m4a|mov|xml|rss|json|css|js|ics|epub|apk)$",
    re.IGNORECASE,
)
# Parameters that hold an article's number in the systems of Korean, Japanese and older newsrooms.
NUMBER_PARAMETERS = re.compile(
    r"(?:idxno|newsid|news_id|articleid|article_id|art_id|artid|aid|arcid|storyid|story_id|nid|seq_code|seq|no|num|id|key|contents_id|doc_id|p)",
    re.IGNORECASE,
)

_DATE = re.compile(
    r"(?<!\d)(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2])(?:[/-]?(?:0?[1-9]|[12]\d|3[01]))?(?!\d)|/(?:19|20)\d\d/(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    re.IGNORECASE,
)
_LONG_NUMBER = re.compile(r"\d{5,}")
_SHORT_NUMBER = re.compile(r"\d{3,4}")
_CODE = re.compile(
    r"(?=[^/]*\d)[A-Za-z]{1,6}\d{6,}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE
)
_SEPARATORS = re.compile(r"[-_+\s.,~]+")
_LETTERS = re.compile(r"[^\W\d_]{2,}")


def shape_score(url: str) -> float:
    """How much an address looks like an article's: above 2 it has its shape, below 0 another.

    >>> shape_score("https://example.org/2024/05/03/rice-prices-rise-again/") > 2
    True
    >>> shape_score("https://example.org/tag/rice/") < 0, shape_score("https://example.org/politics/") < 0
    (True, True)
    >>> shape_score("https://example.co.kr/news/articleView.html?idxno=12345") > 2
    True
    """
    parts = urlsplit(url)
    path = unquote(parts.path)
    segments = [segment for segment in path.split("/") if segment]
    if FILES.search(path):
        return NO_PAGE
    by_query = _query_score(parts.query)
    score = _number_score(path, segments) + (by_query or _slug_score(segments[-1] if segments else ""))
    if any(segment.lower() in SECTIONS for segment in segments[:3]):
        score += A_SECTION
    if not segments and not parts.query:
        score += A_SECTION
    return score


def _number_score(path: str, segments: list[str]) -> float:
    last = segments[-1] if segments else ""
    score = DATED if _DATE.search(path) and not _is_archive(segments) else 0.0
    tail = "/".join(segments[-2:])
    if _LONG_NUMBER.search(tail) or _CODE.search(tail):
        return max(score, NUMBERED) + (0.5 if score else 0)
    return max(score, NUMBERED_SHORTLY if _SHORT_NUMBER.search(last) else 0.0)


def _is_archive(segments: list[str]) -> bool:
    """/2024/05/ lists a month: nothing but numbers stands at the end."""
    return bool(segments) and re.fullmatch(r"(?:19|20)?\d\d|0?\d", segments[-1]) is not None


def _query_score(query: str) -> float:
    for name, value in parse_qsl(query[:2_000]):
        if NUMBER_PARAMETERS.fullmatch(name) and re.fullmatch(r"\w{0,8}\d{3,}\w{0,12}", value):
            return NUMBERED
    return 0.0


def _slug_score(segment: str) -> float:
    """A headline made into a segment has four words or more; a section has one or two."""
    words = [word for word in _SEPARATORS.split(segment.rpartition(".")[0] or segment) if _LETTERS.search(word)]
    wide = sum(char > "\u2e7f" for char in segment)
    count = len(words) + wide / 3
    if count >= 4:
        return WORDY
    if count >= 3:
        return 1.0
    return 0.0 if any(char.isdigit() for char in segment) else SHORT
