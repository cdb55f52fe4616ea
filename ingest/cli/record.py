"""An article as people read it on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from ingest.cli.options import shown
from ingest.extract.candidates import Candidate
from ingest.extract.view import Body
from ingest.model import Article, Contact, Image
from ingest.store import StoredArticle

_VALUE_WIDTH = 300


def print_article(article: Article | StoredArticle, console: Console, *, paragraphs: int | None = None) -> None:
    """Headline, the small fields, pictures, body (or its first `paragraphs`), contact line, in this order."""
    console.print(Rule(style="dim"))
    console.print(Text(shown(article.headline), style="bold"))
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _fields(article):
        table.add_row(name, value if isinstance(value, Text) else Text(shown(value)))
    console.print(table)
    console.print()
    body = article.body.split("\n\n")
    for paragraph in body[:paragraphs]:
        console.print(Padding(Text(shown(paragraph)), (0, 0, 1, 2)))
    if more := len(body[paragraphs:]) if paragraphs is not None else 0:
        console.print(Padding(Text(f"… and {more} more paragraphs", style="dim"), (0, 0, 1, 2)))
    for text, channel in _contact_lines(article):
        console.print(
            Text.assemble(("contact ", "dim"), shown(text), (f"  [{shown(channel)}]" if channel else "", "dim"))
        )
    if article.credits:
        console.print(Text.assemble(("credits ", "dim"), shown(article.credits)))


def _fields(article: Article | StoredArticle) -> Iterator[tuple[str, str | Text]]:
    yield "url", Text(shown(article.url), style="cyan")
    if isinstance(article, Article) and article.canonical_url and article.canonical_url != article.url:
        yield "canonical", Text(shown(article.canonical_url), style="cyan")
    if isinstance(article, StoredArticle):
        yield "from", ", ".join(article.sources)
    names: dict[str, str | None] = {
        "site": article.site,
        "section": article.section,
        "authors": ", ".join(article.authors),
        "published": _time(article.published_at),
        "modified": _time(article.modified_at),
        "language": article.language,
        "tags": ", ".join(article.tags),
        "summary": article.summary,
        "paywalled": {True: "yes", False: "no", None: None}[article.paywalled],
    }
    yield from ((name, value) for name, value in names.items() if value)
    for image in article.images:
        yield f"{image.role} image", _image(image)


def _time(time: datetime | None) -> str | None:
    return time.isoformat(sep=" ") if time else None


def _image(image: Image) -> Text:
    parts = [(name, getattr(image, name)) for name in ("url", "label", "caption", "credit")]
    lines = [Text.assemble((f"{name} ", "dim"), shown(value)) for name, value in parts if value]
    return Text("\n").join(lines)


def _contact_lines(article: Article | StoredArticle) -> list[tuple[str, str]]:
    """Each contact line with its channels."""
    if isinstance(article, StoredArticle):
        return [(article.contact_line, " ".join(article.contact_emails))] if article.contact_line else []
    return [(contact.text, _contact(contact)) for contact in article.contacts]


def _contact(contact: Contact) -> str:
    return shown(" ".join((contact.kind.replace("_", " "), *contact.emails, *contact.phones, *contact.urls)))


def print_candidates(candidates: Mapping[str, Sequence[Candidate[Any]]], console: Console) -> None:
    """For each field the winner, its origin, and the losers."""
    console.print(Rule("why", style="dim"))
    for field, found in candidates.items():
        if not found:
            console.print(Text.assemble((field, "bold"), ("  nothing found", "dim")))
        for position, candidate in enumerate(found):
            value = shown(_brief(candidate.value))[:_VALUE_WIDTH]
            head = Text.assemble((field, "bold")) if position == 0 else Text(" " * len(field))
            mark = Text(" ✓ " if position == 0 else " ✗ ", style="green" if position == 0 else "red")
            origin = Text(f"{candidate.origin} ({candidate.rank:g}): ", style="dim")
            console.print(head, mark, origin, Text(value), sep="", soft_wrap=True)


def _brief(value: object) -> str:
    """A candidate's value on one line."""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Contact):
        return f"{value.text} [{_contact(value)}]"
    if isinstance(value, Image):
        return " · ".join(part for part in (value.url, value.label, value.caption, value.credit) if part)
    if isinstance(value, Body):
        return f"{len(value.blocks)} paragraphs: " + " | ".join(block.text for block in value.blocks)
    if isinstance(value, tuple):
        return " | ".join(_brief(item) for item in value)
    return str(value)
