"""Articles that a page holds for its scripts only: markup or paragraphs inside `<script>`, `<template>`, `<noscript>`.

Looked at only where the page shows next to no text without its scripts. No script is run and none is understood: a
string that holds paragraphs of markup is markup (`__NEXT_DATA__`, `self.__next_f.push`, `window.__STATE__ = {…}`, however
often it was quoted), and a list whose items hold sentences is a list of paragraphs.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ingest.html import Document

_LEAST = 300
"""Characters; shorter texts are labels and messages."""
_MOST = 3_000_000
"""Characters of one script; what is beyond is left alone."""
_DEEPEST = 40
_QUOTED = 4
"""How often markup in a script may be quoted: a string in JSON in a string in JSON."""
_HTML_TYPES = re.compile(r"text/(?:x-)?(?:html|template|handlebars|x-[\w-]*template)", re.IGNORECASE)
_LITERAL = re.compile(r'"((?:[^"\\\n]|\\.){300,})"')
_MARKUP = re.compile(r"<(?:p|div|br|h[1-6]|span)\b[^>]*>", re.IGNORECASE)
_OUTER = re.compile(r"\A<(?:template|noscript)\b[^>]*>|</(?:template|noscript)>\s*\Z")
_DATA = re.compile(r"\s*\w{0,4}:?[\[{]")
_TAGS = re.compile(r"<[^>]*>")
_SENTENCE = re.compile(r"[.!?…。！？।؟]")
_WORD = re.compile(r"\w{4,}|[\u2e80-\u9fff\uac00-\ud7af]{2}")
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7af]")
_ASSIGNED = re.compile(r"(?:=|\()\s*(?=[{\[])")
# Keys under which editors' trees keep the words of a node; the others hold addresses, types and options.
_TEXT_KEYS = ("text", "content", "html", "value", "data", "body", "children", "paragraph", "copy")


@dataclass(frozen=True, slots=True)
class Scripted:
    """A text that a page holds for its scripts, as markup."""

    origin: str
    markup: str
    chars: int
    """Of text, without tags; those of Chinese, Japanese and Korean count twice."""
    about: float = 0.0
    """The share of the words of headline and summary that are in it."""


def scripted(document: Document, headline: str, summary: str) -> list[Scripted]:
    """The texts that a page holds for its scripts: those about `headline` and `summary` first, then the longest.

    State often holds the articles that the page links to as well.
    """
    found = {text.markup: text for text in _all(document) if text.chars >= _LEAST}
    words = set(_WORD.findall(f"{headline} {summary}".casefold()))
    judged = [replace(text, about=_share(words, text.markup)) for text in found.values()]
    return sorted(judged, key=lambda text: (-text.about, -text.chars))


def _share(words: set[str], markup: str) -> float:
    """The share of these words in a text, in tenths."""
    text = markup.casefold()
    return round(sum(word in text for word in words) / (len(words) or 1), 1)


def _all(document: Document) -> Iterator[Scripted]:
    for node in document.tree.css("script, template, noscript"):
        attributes = node.attributes
        kind = attributes.get("type") or ""
        if node.tag != "script":
            yield _measured(f"<{node.tag}>", _OUTER.sub("", node.html or ""))  # a template has no inner_html
        elif _HTML_TYPES.match(kind):
            yield _measured(f"script {kind}", node.text())
        elif "ld+json" not in kind.lower():
            code = node.text()
            if _LEAST <= len(code) <= _MOST:
                yield from _in_code(code)


def _in_code(code: str) -> Iterator[Scripted]:
    for start in _values(code):
        try:
            value, _ = json.JSONDecoder(strict=False).raw_decode(code, start)
        except (ValueError, RecursionError):
            continue
        yield from _in_value(value, 0, 0)
        return
    for literal in _LITERAL.findall(code):
        yield from _in_string(_unquoted(literal), 1)


def _values(code: str) -> list[int]:
    """Where JSON may begin in a script: at its start, or after the first assignments and calls."""
    starts = [match.end() for match, _ in zip(_ASSIGNED.finditer(code), range(8), strict=False)]
    lead = len(code) - len(code.lstrip())
    return [lead, *starts] if code[lead : lead + 1] in ("{", "[") else starts


def _in_value(value: Any, depth: int, quoted: int) -> Iterator[Scripted]:
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        if len(value) >= _LEAST:
            yield from _in_string(value, quoted)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _in_value(inner, depth + 1, quoted)
    elif isinstance(value, list):
        paragraphs = [text for item in value if (text := _words(item, 0))]
        if len(paragraphs) > 1 and sum(map(_is_prose, paragraphs)) > 0.5 * len(paragraphs):
            yield _measured("script list", "".join(f"<p>{text}</p>" for text in paragraphs))
        for inner in value:
            yield from _in_value(inner, depth + 1, quoted)


def _in_string(text: str, quoted: int) -> Iterator[Scripted]:
    marked = len(_MARKUP.findall(text, 0, 20_000)) >= 2
    if marked and text.lstrip().startswith("<"):
        yield _measured("script markup", text)
    elif "&lt;p" in text:
        yield _measured("script markup", html.unescape(text))
    elif quoted < _QUOTED and '"' in text and (literals := _LITERAL.findall(text)):
        for literal in literals:
            yield from _in_string(_unquoted(literal), quoted + 1)
    elif marked and not _DATA.match(text):
        yield _measured("script markup", text)


def _words(value: Any, depth: int) -> str:
    """The words of one item of a list: a string, or a node of an editor's tree."""
    if isinstance(value, str):
        return value if _MARKUP.match(value) or not value.startswith(("http", "/", "{", "[")) else ""
    if depth > _DEEPEST:
        return ""
    if isinstance(value, list):
        return "".join(_words(item, depth + 1) for item in value)
    if isinstance(value, dict):
        for key in _TEXT_KEYS:
            if words := _words(value.get(key), depth + 1):
                return words
    return ""


def _is_prose(text: str) -> bool:
    return len(text) >= 40 and _SENTENCE.search(text) is not None


def _unquoted(literal: str) -> str:
    """The value of a string literal; what JSON does not know of JavaScript's escapes is taken as it stands."""
    try:
        value = json.loads(f'"{literal}"', strict=False)
    except ValueError:
        value = literal.replace('\\"', '"').replace("\\/", "/").replace("\\n", "\n")
    return str(value)


def _measured(origin: str, markup: str) -> Scripted:
    text = _TAGS.sub("", markup)
    return Scripted(origin, markup, len(text) + len(_WIDE.findall(text)))
