"""What bytes are, by looking at them: servers name feeds text/html and pages application/rss+xml."""

from __future__ import annotations

import re
import zlib
from enum import Enum

from ingest.errors import NotASource

MAX_UNPACKED = 52_428_800  # bytes; a sitemap may have no more (https://www.sitemaps.org/protocol.html#index)
_STEP = 1 << 20
_LOOK = 65_536  # characters: some systems print their own warnings before the document

_PROLOG = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"\s*<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_FEED_ROOT = re.compile(r"<(?:rss|(?:\w+:)?RDF|(?:atom:)?feed)[\s>]", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype html|html|head|body|title|meta|script|div|p|a)\b", re.IGNORECASE)
_URL_LINE = re.compile(r"https?://\S+")


class Content(Enum):
    """What a document is, in the words of an error message."""

    XML_FEED = "a feed"
    JSON = "JSON"
    SITEMAP = "a sitemap"
    URL_LIST = "a list of URLs"
    HTML = "an HTML page"
    EMPTY = "an empty answer"
    PDF = "a PDF"
    BINARY = "binary data"
    XML = "another kind of XML"
    TEXT = "plain text"


def content_of(text: str) -> Content:
    """What a decoded document is.

    >>> content_of('<?xml version="1.0"?><!-- x --><rss version="2.0">'), content_of('{"version": 1}')
    (<Content.XML_FEED: 'a feed'>, <Content.JSON: 'JSON'>)
    """
    start = text[:_LOOK].lstrip("\ufeff \t\r\n\x00")
    if not start:
        return Content.EMPTY
    if start[0] in "{[":
        return Content.JSON
    if start.startswith("%PDF"):
        return Content.PDF
    if _URL_LINE.match(start):
        return Content.URL_LIST if all(_URL_LINE.fullmatch(line) for line in start.split()[:20]) else Content.TEXT
    if found := _by_root(text):
        return found
    if _FEED_ROOT.search(start) and not re.search(r"<html[\s>]", start, re.IGNORECASE):
        return Content.XML_FEED
    if _HTML.search(start):
        return Content.HTML
    if "\x00" in start or start.count("\ufffd") * 10 > len(start):
        return Content.BINARY
    return Content.XML if start.startswith("<?xml") else Content.TEXT


def _by_root(text: str) -> Content | None:
    """By the first element; what stands before it may be long (entities of a DOCTYPE)."""
    at = len(text) - len(text.lstrip("\ufeff \t\r\n\x00"))
    while prolog := _PROLOG.match(text, at):
        at = prolog.end()
    root = _ROOT.match(text, at)
    if root is None:
        return None
    name = root[2].lower()
    if name in ("rss", "rdf", "feed"):
        return Content.XML_FEED
    if name in ("urlset", "sitemapindex"):
        return Content.SITEMAP
    return Content.HTML if name == "html" else None


def unpacked(data: bytes) -> bytes:
    """The bytes within a gzip file, recognised by its first bytes; other bytes as they are.

    All members are read; a file that breaks off gives what is there. Raises NotASource beyond 50 MB.
    """
    if not data.startswith(b"\x1f\x8b"):
        return data
    out = bytearray()
    while data.startswith(b"\x1f\x8b"):
        unpacker = zlib.decompressobj(31)
        try:
            while not unpacker.eof and (piece := unpacker.decompress(data, _STEP)):
                out += piece
                data = unpacker.unconsumed_tail
                if len(out) > MAX_UNPACKED:
                    raise NotASource("a gzip file of more than 50 MB, which is more than a sitemap may have")
        except zlib.error as error:
            if not out:
                raise NotASource(f"a broken gzip file ({error})") from None
            break
        data = unpacker.unused_data
    return bytes(out)
