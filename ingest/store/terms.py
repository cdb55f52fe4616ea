"""Text as the search index holds it, and what people write to search it. Pure.

Both databases get the same words from here, so that the same search finds the same articles. Scripts that write
no spaces are indexed character by character, and a word of a search is a row of neighbours: 북한 finds 북한은, 米 finds 新米.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_MAX_BYTES = 900_000
"""Of one text's words, with 8 for the place of each, which makes 70,000 words: PostgreSQL's tsvector holds 1 MB."""
_MAX_TITLE = 500
"""Words of a headline."""
_MAX_WORD = 100
"""PostgreSQL's words hold 2 KB."""

# Accents, Hebrew points, Arabic vowels: left out by many writers. Not the marks that tell か from が.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670]")
# Han, kana, hangul; Thai, Lao, Burmese, Khmer.
_UNSPACED = (
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7a3\U00020000-\U0003ffff"
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
)
_WORDS = re.compile(f"[{_UNSPACED}]|[^\\W_{_UNSPACED}]{{1,{_MAX_WORD}}}")
_PHRASES = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))')


def words(text: str) -> list[str]:
    """The words of a text, folded: letters and digits only, without case and accents.

    >>> words("Élysée: 北朝鮮の米、쌀값 ①")
    ['elysee', '北', '朝', '鮮', 'の', '米', '쌀', '값', '1']
    """
    folded = text[:_MAX_BYTES]
    if not folded.isascii():
        folded = unicodedata.normalize("NFKC", _MARKS.sub("", unicodedata.normalize("NFKD", folded)))
    return [word for word in _WORDS.findall(folded.casefold()) if word.isalnum()]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must (or must not) follow each other."""

    words: tuple[str, ...]
    prefix: bool = False
    """The last word may go on."""
    negative: bool = False


def phrases(query: str) -> list[Phrase]:
    """What people write: words, "words in a row", begin*, -without.

    >>> [(p.words, p.prefix, p.negative) for p in phrases('"rice price" ferr* -북한')]
    [(('rice', 'price'), False, False), (('ferr',), True, False), (('북', '한'), False, True)]
    """
    found = []
    for minus, quoted, word in _PHRASES.findall(query):
        terms = tuple(words(quoted or word))
        if terms:
            found.append(Phrase(terms, prefix=word.endswith("*"), negative=minus == "-"))
    return found


def fts5(query: list[Phrase]) -> str:
    """For SQLite: https://www.sqlite.org/fts5.html#full_text_query_syntax.

    >>> fts5(phrases('rice* "the north" -fish'))
    '"rice"* AND "the north" NOT ("fish")'
    """
    said = [(f'"{" ".join(one.words)}"' + "*" * one.prefix, one.negative) for one in query]
    wanted = " AND ".join(text for text, negative in said if not negative)
    unwanted = " OR ".join(text for text, negative in said if negative)
    return f"{wanted} NOT ({unwanted})" if unwanted else wanted


def tsquery(query: list[Phrase]) -> str:
    """For PostgreSQL: https://www.postgresql.org/docs/current/datatype-textsearch.html#DATATYPE-TSQUERY.

    >>> tsquery(phrases('rice* "the north" -fish'))
    "('rice':*) & ('the' <-> 'north') & !('fish')"
    """
    said = []
    for one in query:
        row = " <-> ".join(f"'{word}'" for word in one.words)
        said.append("!" * one.negative + f"({row}{':*' * one.prefix})")
    return " & ".join(said)


def tsvector(headline: str, body: str) -> str:
    """The words with their positions, those of the headline with weight A, as PostgreSQL reads them.

    >>> tsvector("Rice", "rice rose")
    "'rice':1A 'rice':2 'rose':3"
    """
    titles = words(headline)[:_MAX_TITLE]
    kept = _that_fit(words(body))
    heads = [f"'{word}':{position}A" for position, word in enumerate(titles, 1)]
    rest = [f"'{word}':{position}" for position, word in enumerate(kept, len(heads) + 1)]
    return " ".join(heads + rest)


def _that_fit(found: list[str]) -> list[str]:
    """The words up to where they grow too many; nearly always all."""
    room = _MAX_BYTES
    if len(found) * (4 * _MAX_WORD + 8) < room:
        return found
    for position, word in enumerate(found):
        room -= len(word.encode()) + 8
        if room < 0:
            return found[:position]
    return found


def snippet(body: str, query: list[Phrase], length: int = 200) -> str:
    """The part of a body that shows best why it was found, on one line."""
    wanted = [f" {' '.join(one.words)} " for one in query if not one.negative]

    def hits(paragraph: str) -> int:
        text = f" {' '.join(words(paragraph))} "
        return sum(phrase in text for phrase in wanted)

    best = max(body.split("\n\n"), key=hits)
    start = _first_hit(best, query)
    begin = max(0, start - length // 3)
    cut = best[begin : begin + length]
    return "…" * (begin > 0) + " ".join(cut.split()) + "…" * (begin + length < len(best))


def _first_hit(paragraph: str, query: list[Phrase]) -> int:
    """Where in a paragraph the first word of the search stands, as far as it stands there as it was written."""
    folded = paragraph.casefold()
    found = [folded.find(one.words[0]) for one in query if not one.negative]
    return min((position for position in found if position >= 0), default=0)
