"""What every field's rules look at: one page, parsed once, and what has been found on it so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from ingest.extract.layout import Block, Box, Layout, lay_out
from ingest.extract.structured import JsonObject, Structured, read_structured
from ingest.html import Document
from ingest.model import Link, Rules


@dataclass(frozen=True, slots=True)
class Body:
    """Where the article's text stands."""

    blocks: tuple[Block, ...]
    """The paragraphs, subheadings and list items of the body, in order of display."""
    box: Box
    """The smallest box that holds them all, and as a rule the pictures among them."""
    held: bool = False
    """The page shows them only once its scripts have run."""


@dataclass(kw_only=True)
class View:
    """A page under extraction. Fields that need others' findings (`headline`, `body`, …) read them here."""

    url: str
    document: Document
    timezone: str | None = None
    rules: Rules = field(default_factory=Rules)
    link: Link | None = None
    """What the source said of the page; a witness among others."""
    headline: str = ""
    language: str = ""
    published_at: datetime | None = None
    body: Body | None = None
    remains: dict[int, str] = field(default_factory=dict)
    """What is left of a block (by its index) that another field has claimed, whole ("") or in part."""

    @property
    def body_text(self) -> str:
        """The body's paragraphs less what other fields have claimed, with a blank line between them."""
        blocks = self.body.blocks if self.body else ()
        return "\n\n".join(text for block in blocks if (text := self.remains.get(block.index, block.text)))

    @cached_property
    def headline_at(self) -> int:
        """The index of the block that shows the headline, alone or behind a kicker; of the first paragraph if none does.

        For the fields that are looked for once headline and body are known.
        """
        blocks = self.layout.blocks
        first = self.body.blocks[0].index if self.body else len(blocks)
        headline, near = self.headline.casefold(), first
        length = len(self.headline)  # as written: the case-folded one is longer ("schließt", "schliesst")
        for block in blocks if headline else ():
            text = block.text
            if length <= len(text) < length + 80 and headline in text.casefold():
                if len(text) == length:
                    return block.index
                if block.index < first:
                    near = block.index
        return near

    @cached_property
    def layout(self) -> Layout:
        return lay_out(self.document, self.rules.drop, encoded=self.structured.encoded)

    @cached_property
    def structured(self) -> Structured:
        return read_structured(self.document)

    @cached_property
    def json_ld(self) -> JsonObject:
        """The JSON-LD object that describes this article, {} if none does."""
        return next(iter(self.described), {})

    @cached_property
    def described(self) -> Sequence[JsonObject]:
        """Every JSON-LD object that describes this article, best first; most pages have one."""
        return self.structured.about(self.url)
