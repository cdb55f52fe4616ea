"""The page as a reader sees it: one walk over the tree gives boxes (block-level elements) and blocks (runs of text).

A block is what is displayed as one paragraph, heading, list item or caption, with white space squeezed. `<br><br>`
ends a block as `</p>` does, so that pages without paragraphs come out alike. Every later rule (body, contact lines,
bylines, captions) reads this list instead of the tree.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.extract.obfuscation import cloudflare_email
from ingest.html import Document, Node
from ingest.text import squeeze

# Text inside these is no text of the page.
_SKIPPED = frozenset(
    "script style template noscript svg math iframe object canvas select option button input textarea datalist "
    "audio video map head title link meta".split()
)
# https://html.spec.whatwg.org/multipage/rendering.html#flow-content-3 and the elements that pages use as such
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hgroup hr li listing main menu nav ol optgroup p plaintext pre search section "
    "summary table tbody td tfoot th thead tr ul xmp amp-img picture img".split()
)
MAX_DEPTH = 300
"""Elements nested deeper are left out: Python's stack is finite, hostile nesting is not."""


@dataclass(slots=True, eq=False)
class Box:
    """A block-level element. `blocks[start:end]` of the layout are the blocks inside it, in document order."""

    node: Node
    tag: str
    hint: str
    """class, id, role and itemprop, lower case, separated by spaces."""
    parent: Box | None
    depth: int
    start: int
    end: int = 0
    chars: int = 0
    """Characters of text inside, at any depth."""
    link_chars: int = 0
    """Of these, inside links."""


@dataclass(slots=True, eq=False)
class Block:
    """A run of text without a break."""

    index: int
    text: str
    box: Box
    """The innermost block-level element around it."""
    links: list[Node]
    """The `<a>` elements in it, in order."""
    link_chars: int

    @property
    def tag(self) -> str:
        return self.box.tag


@dataclass(slots=True)
class Layout:
    """Boxes in order of their start tags, blocks in order of display."""

    boxes: list[Box] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


def lay_out(document: Document) -> Layout:
    """Walk the body once."""
    layout = Layout()
    if document.body is not None:
        encoded = "email-protection" in document.text or "data-cfemail" in document.text
        _Walk(layout, encoded=encoded).box(document.body, "body", None, 0)
    return layout


class _Walk:
    """The state of the walk: the run of text that is being collected."""

    def __init__(self, layout: Layout, *, encoded: bool) -> None:
        self.layout = layout
        self.encoded = encoded
        self.parts: list[str] = []
        self.links: list[Node] = []
        self.link_chars = 0
        self.breaks = 0

    def box(self, node: Node, tag: str, parent: Box | None, depth: int) -> None:
        attributes = node.attributes
        hint = " ".join(
            value.lower() for name in ("class", "id", "role", "itemprop") if (value := attributes.get(name))
        )
        blocks = self.layout.blocks
        box = Box(node, tag, hint, parent, depth, len(blocks))
        self.layout.boxes.append(box)
        self.inside(node, box, depth, linked=False)
        self.flush(box)
        box.end = len(blocks)
        if parent is not None:
            parent.chars += box.chars
            parent.link_chars += box.link_chars

    def inside(self, node: Node, box: Box, depth: int, *, linked: bool) -> None:
        child = node.child
        while child is not None:
            tag = child.tag
            if tag == "-text":
                text = child.text_content or ""
                self.parts.append(text)
                if not text.isspace():
                    self.breaks = 0
                    if linked:
                        self.link_chars += len(text.strip())
            elif tag == "br":
                self.breaks += 1
                self.parts.append("\n")
                if self.breaks == 2:
                    self.flush(box)
            elif tag in _BLOCKS and depth < MAX_DEPTH:
                self.flush(box)
                self.box(child, tag or "", box, depth + 1)
            elif tag not in _SKIPPED and tag is not None and not tag.startswith("-") and depth < MAX_DEPTH:
                self.inline(child, tag, box, depth, linked=linked)
            child = child.next

    def inline(self, node: Node, tag: str, box: Box, depth: int, *, linked: bool) -> None:
        if self.encoded and tag in ("a", "span") and (email := cloudflare_email(node.attributes)):
            self.parts.append(email)
            if tag == "a":
                self.links.append(node)
            return
        if tag == "a":
            self.links.append(node)
            linked = True
        self.inside(node, box, depth + 1, linked=linked)

    def flush(self, box: Box) -> None:
        self.breaks = 0
        if not self.parts:
            return
        if text := squeeze("".join(self.parts)):
            block = Block(len(self.layout.blocks), text, box, self.links, min(self.link_chars, len(text)))
            self.layout.blocks.append(block)
            box.chars += len(text)
            box.link_chars += block.link_chars
            self.links, self.link_chars = [], 0
        self.parts = []
