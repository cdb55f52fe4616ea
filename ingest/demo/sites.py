"""The bundled publishers: a folder under `site/` each, described by its `site.toml`.

    title = "Daily Example"
    about = "WordPress with a magazine theme; RSS 2.0 with the full text"
    modified = 2026-11-20T06:00:00Z          # the Last-Modified of every file

    [source]                                 # the source that the demo's config.yaml gets
    feed = "/feed/"

    [files."text/html; charset=UTF-8"]       # Content-Type, then address = file
    "/2026/11/a-story/" = "pages/a-story.html"

Files are templates: `{{base}}` stands for the publisher's own address, `{{base:NAME}}` for another's. They are bytes in
the encoding of the page, which need not be UTF-8.
"""

from __future__ import annotations

import gzip
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

_FOLDER = Path(__file__).parent / "site"
_PLACEHOLDER = re.compile(rb"\{\{base(?::([a-z-]+))?\}\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What one address of a publisher serves."""

    path: Path
    content_type: str
    gzipped: bool
    """The file itself is compressed, as `sitemap.xml.gz` is; nothing to do with Content-Encoding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One publisher."""

    name: str
    title: str
    about: str
    modified: datetime
    source: Mapping[str, str]
    """Keys of a source in config.yaml; `feed`, `page` and `sitemap` are paths here."""
    files: Mapping[str, File]
    """By path, as in "/feed/"."""


def load_sites() -> tuple[Site, ...]:
    """All publishers, in order of name."""
    return tuple(_load(table) for table in sorted(_FOLDER.glob("*/site.toml")))


def _load(table: Path) -> Site:
    described = tomllib.loads(table.read_text("utf-8"))
    return Site(
        name=table.parent.name,
        title=described["title"],
        about=described["about"],
        modified=described["modified"],
        source=described["source"],
        files={
            address: File(path=table.parent / name, content_type=content_type, gzipped=address.endswith(".gz"))
            for content_type, served in described["files"].items()
            for address, name in served.items()
        },
    )


def fill(template: bytes, name: str, bases: Mapping[str, str]) -> bytes:
    """A publisher's file with everybody's addresses filled in; KeyError for a publisher that `bases` lacks.

    >>> fill(b"{{base}}/a {{base:other}}/b", "one", {"one": "http://one.example", "other": "http://other.example"})
    b'http://one.example/a http://other.example/b'
    """
    return _PLACEHOLDER.sub(lambda match: bases[match[1].decode() if match[1] else name].encode(), template)


def content(file: File, name: str, bases: Mapping[str, str]) -> bytes:
    """What the address serves, without any Content-Encoding."""
    filled = fill(file.path.read_bytes(), name, bases)
    return gzip.compress(filled, mtime=0) if file.gzipped else filled
