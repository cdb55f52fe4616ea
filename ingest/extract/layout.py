"""The page as a reader sees it: one walk over the tree gives boxes (block-level elements) and blocks (runs of text).

A block is what is displayed as one paragraph, heading, list item or caption, with white space squeezed. `<br><br>`
ends a block as `</p>` does, so that pages without paragraphs come out alike. Every later rule (body, contact lines,
bylines, captions) reads this list instead of the tree.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ingest.extract.obfuscation import cloudflare_email
from ingest.html import TAGS, Document, Node
from ingest.text import squeeze

# Text inside these is no text of the page.
_SKIPPED = frozenset(
    "script style template noscript svg math iframe object canvas select option input textarea datalist "
    "audio video map head title link meta".split()
)
# Menus are a quarter of a page's elements and none of its text.
_MENUS = frozenset({"nav"})
_LEAST_OUTSIDE_MENUS = 500
# https://html.spec.whatwg.org/multipage/rendering.html#flow-content-3 and the elements that pages use as such
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hgroup hr li listing main menu nav ol optgroup p plaintext pre search section "
    "summary table tbody td tfoot th thead tr ul xmp amp-img picture img".split()
)
# Where a name says what an element is for. The last ones are what is left of names where classes are hashes
# (styled-components, CSS modules): test and analytics hooks.
_NAMES = frozenset("class id role itemprop data-testid data-test-id data-test data-qa data-component".split())
_HIDING = frozenset({"hidden", "aria-hidden", "style"})
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
# The utility class, unless others show the box on larger screens ("hidden md:block").
_HIDDEN_CLASSES = frozenset({"hidden", "is-hidden", "d-none"})
_SHOWN_CLASS = re.compile(":(?:block|flex|grid|inline|table|contents)")
_UNSEEN_CLASS = re.compile(
    r"(?<!\S)(?:u-)?(?:sr-only|visually-?hidden|screen-?reader(?:-text)?|off-?screen|hidden|is-hidden|d-none)(?!\S)"
)
# Boxes that say something without holding a text.
_PICTURES = frozenset({"img", "amp-img", "picture"})
# In these a custom element is a word or a mark; elsewhere pages use custom elements as containers.
_PHRASING = frozenset("p h1 h2 h3 h4 h5 h6 li td th dt dd figcaption pre summary".split())
_OPEN = 1 << 30
# What the walk does with a node, by the number of its tag: that costs half of what the name does, 1,400 times a page.
_TEXT, _BREAK, _NOTHING, _BOX, _BUTTON, _MARKED, _ANCHOR, _INLINE, _UNKNOWN = range(9)
_TEXT_TAG = TAGS["-text"]
_NAMED = {number: name for name, number in TAGS.items()}
_PICTURE_TAGS = frozenset(TAGS[name] for name in _PICTURES if name in TAGS)
_STANDARD = max(_NAMED) + 1
"""The numbers of elements that no standard names begin here, or further on."""


def _kinds(skipped: frozenset[str]) -> list[int]:
    """By the number of a tag, what the walk does with it."""
    kinds = {number: _BOX if name in _BLOCKS else _INLINE for name, number in TAGS.items()}
    kinds |= {TAGS["-text"]: _TEXT, TAGS["br"]: _BREAK, TAGS["button"]: _BUTTON, TAGS["a"]: _ANCHOR}
    kinds |= {TAGS["span"]: _MARKED, TAGS["rt"]: _MARKED, TAGS["-comment"]: _NOTHING}
    kinds |= {TAGS[name]: _NOTHING for name in skipped}
    return [kinds.get(number, _UNKNOWN) for number in range(_STANDARD)]


_KINDS = _kinds(_SKIPPED | _MENUS)
_KINDS_WITH_MENUS = _kinds(_SKIPPED)
MAX_DEPTH = 300
"""Elements nested deeper are left out: Python's stack is finite, hostile nesting is not."""


@dataclass(slots=True, eq=False)
class Box:
    """A block-level element. `blocks[start:end]` of the layout are the blocks inside it, in document order."""

    index: int
    node: Node
    tag: str
    hint: str
    """What the page calls it: class, id, role, itemprop, test and component names, lower case, separated by spaces."""
    hidden: bool
    """By its own attributes (`hidden`, `aria-hidden`, inline style); style sheets and scripts are not known here."""
    parent: Box | None
    depth: int
    start: int
    end: int = 0
    last: int = 0
    """`boxes[index:last]` of the layout are this box and those inside it."""
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
    """The `<a>` elements in it, or around it, in order."""
    link_chars: int
    hint: str = ""
    """What the page calls the inline element that holds the whole of it, as in `<div><span class="date">…`."""

    @property
    def tag(self) -> str:
        return self.box.tag


@dataclass(slots=True)
class Layout:
    """Boxes in order of their start tags, blocks in order of display."""

    boxes: list[Box] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


def lay_out(document: Document, dropped: Sequence[str] = (), *, encoded: bool | None = None) -> Layout:
    """Walk the body once; elements that one of the selectors in `dropped` matches are left out.

    `encoded`: whether the page has addresses that Cloudflare encoded, if that is known; to look for them costs 0.15 ms.
    """
    if encoded is None:
        encoded = document.tree.css_first("[data-cfemail]") is not None
    unwanted = frozenset(node.mem_id for selector in dropped for node in document.tree.css(selector))
    layout = _walked(document, _KINDS, unwanted, encoded=encoded)
    if layout.boxes and layout.boxes[0].chars < _LEAST_OUTSIDE_MENUS:  # an unclosed <nav> swallows the page
        return _walked(document, _KINDS_WITH_MENUS, unwanted, encoded=encoded)
    return layout


def _walked(document: Document, kinds: Sequence[int], unwanted: frozenset[int], *, encoded: bool) -> Layout:
    layout = Layout()
    if (body := document.body) is not None and (first := body.child) is not None:
        _Walk(layout, kinds, unwanted, encoded=encoded).box(body, first, "body", None, 0)
    return layout


def append(layout: Layout, document: Document) -> Box | None:
    """Add a second document's boxes and blocks at the end of a page's body, as if the page had shown it."""
    if (body := document.body) is None or (child := body.child) is None or not layout.boxes:
        return None
    root = layout.boxes[0]
    first = len(layout.boxes)
    walk = _Walk(layout, _KINDS_WITH_MENUS, frozenset(), encoded=document.tree.css_first("[data-cfemail]") is not None)
    walk.box(body, child, "article", root, 1)
    root.end, root.last = len(layout.blocks), len(layout.boxes)
    return layout.boxes[first]


class _Walk:
    """The state of the walk: the run of text that is being collected."""

    __slots__ = (
        "blocks", "boxes", "breaks", "encoded", "kinds", "link", "link_chars", "links", "parts", "unwanted", "wrapped",
        "wrapper",
    )  # fmt: skip

    def __init__(self, layout: Layout, kinds: Sequence[int], unwanted: frozenset[int], *, encoded: bool) -> None:
        self.boxes = layout.boxes
        self.blocks = layout.blocks
        self.kinds = kinds
        self.unwanted = unwanted
        self.encoded = encoded
        self.parts: list[str] = []
        self.links: list[Node] = []
        self.link: Node | None = None
        self.link_chars = 0
        self.breaks = 0
        self.wrapper: Node | None = None
        self.wrapped = 0

    def box(self, node: Node, child: Node | None, tag: str, parent: Box | None, depth: int) -> None:
        """A block-level element and, from its first child on, all that is in it."""
        boxes, blocks = self.boxes, self.blocks
        attributes = node.attributes
        hint, hidden = _described(attributes) if attributes else ("", False)
        index, start = len(boxes), len(blocks)
        box = Box(index, node, tag, hint, hidden, parent, depth, start)
        boxes.append(box)
        if child is not None:
            if child.tag_id == _TEXT_TAG and child.next is None:  # most boxes that hold text hold nothing else
                self.text(child.text_content)
            else:
                self.inside(child, box, depth)
            if self.parts:
                self.block(box)
            self.wrapper = None
        last = box.last = len(boxes)
        if chars := box.chars:
            box.end = len(blocks)
            if parent is not None:
                parent.chars += chars
                parent.link_chars += box.link_chars
        elif last == index + 1 and tag not in _PICTURES and parent is not None:
            boxes.pop()
        else:
            box.end = start

    def inside(self, child: Node | None, box: Box, depth: int) -> None:
        """From one child on, all of them. Long, for it is the one loop that sees every node."""
        kinds, parts = self.kinds, self.parts
        guarded = depth >= MAX_DEPTH or bool(self.unwanted)
        while child is not None:
            number = child.tag_id
            kind = kinds[number] if number < _STANDARD else _UNKNOWN
            if kind == _TEXT:
                if parts or not child.is_empty_text_node:
                    self.text(child.text_content)
            elif kind == _NOTHING or (guarded and kind != _BREAK and self.is_left_out(child, depth)):
                pass
            elif kind == _BOX:
                if parts:  # as `inner_box`, without the call
                    self.block(box)
                self.wrapper = None
                first = child.child
                if first is not None or number in _PICTURE_TAGS:  # one element of eight is there for scripts to fill
                    self.box(child, first, _NAMED[number], box, depth + 1)
            elif kind == _ANCHOR:
                self.anchor(child, box, depth)
            elif kind == _INLINE:
                self.inline(child, box, depth)
            elif kind == _MARKED:
                if not _is_unseen(child, _NAMED[number]):
                    self.inline(child, box, depth)
            elif kind == _BREAK:
                self.line_break(box)
            elif kind == _BUTTON:
                if _shows_picture(child):  # some sites wrap every figure, caption and all, in a button that enlarges it
                    self.inner_box(child, "div", box, depth)
            else:
                self.unknown(child, box, depth)
            child = child.next

    def unknown(self, node: Node, box: Box, depth: int) -> None:
        tag = node.tag or ""
        if tag in _BLOCKS or ("-" in tag and box.tag not in _PHRASING):
            self.inner_box(node, tag, box, depth)
        else:
            self.inline(node, box, depth)

    def inner_box(self, node: Node, tag: str, box: Box, depth: int) -> None:
        if self.parts:
            self.block(box)
        self.wrapper = None
        if (child := node.child) is not None or tag in _PICTURES:
            self.box(node, child, tag, box, depth + 1)

    def is_left_out(self, node: Node, depth: int) -> bool:
        return depth >= MAX_DEPTH or node.mem_id in self.unwanted

    def text(self, text: str | None) -> None:
        if text and not text.isspace():
            self.parts.append(text)
            self.breaks = 0
            if self.link is not None:
                self.link_chars += len(text.strip())
        elif self.parts:
            self.parts.append(" ")

    def line_break(self, box: Box) -> None:
        if self.parts:
            self.breaks += 1
            self.parts.append("\n")
            if self.breaks == 2:
                self.block(box)
                self.wrapper = None

    def inline(self, node: Node, box: Box, depth: int) -> None:
        child = node.child
        if child is None:
            return
        if self.encoded and (email := cloudflare_email(node.attributes)):
            self.parts.append(email)
            return
        opens = not self.parts
        if opens and self.wrapper is None:
            self.wrapper, self.wrapped = node, _OPEN
        if child.tag_id == _TEXT_TAG and child.next is None:
            self.text(child.text_content)
        else:
            self.inside(child, box, depth + 1)
        if opens and self.wrapper is node:
            self.wrapped = len(self.parts)

    def anchor(self, node: Node, box: Box, depth: int) -> None:
        self.links.append(node)
        child = node.child
        if self.encoded and (email := cloudflare_email(node.attributes)):
            self.parts.append(email)
            return
        if child is None:
            return
        opens = not self.parts
        if opens and self.wrapper is None:
            self.wrapper, self.wrapped = node, _OPEN
        around, self.link = self.link, node
        if child.tag_id == _TEXT_TAG and child.next is None:
            self.text(child.text_content)
        else:
            boxes, blocks = len(self.boxes), len(self.blocks)
            self.inside(child, box, depth + 1)
            if not self.parts and (len(self.boxes) > boxes or len(self.blocks) > blocks):
                self.links = [] if around is None else [around]  # a link around blocks: what follows is not in it
        self.link = around
        if opens and self.wrapper is node:
            self.wrapped = len(self.parts)

    def block(self, box: Box) -> None:
        """What has been collected becomes a block of `box`."""
        parts = self.parts
        text = squeeze(parts[0] if len(parts) == 1 else "".join(parts))
        if text:
            blocks = self.blocks
            link_chars = min(self.link_chars, len(text))
            hint = ""
            wrapper = self.wrapper
            if wrapper is not None and (self.wrapped == len(parts) or not any(map(str.strip, parts[self.wrapped :]))):
                hint = _described(wrapper.attributes)[0]
            blocks.append(Block(len(blocks), text, box, self.links, link_chars, hint))
            box.chars += len(text)
            box.link_chars += link_chars
            self.links, self.link_chars = [] if self.link is None else [self.link], 0
        parts.clear()
        self.breaks = 0


def _shows_picture(button: Node) -> bool:
    """Whether a button has a figure near its top; icons are `<svg>` or a lone `<img>`."""
    child, depth = button.child, 0
    while child is not None and depth < 6:
        if child.tag in ("figure", "picture"):
            return True
        if child.tag in ("div", "span") and child.child is not None:
            child, depth = child.child, depth + 1
        else:
            child = child.next
    return False


def _is_unseen(node: Node, tag: str) -> bool:
    """Whether an inline element is for screen readers only, or a reading that stands above its word (`<ruby>`).

    A reading with `<rp>` has its own brackets and is read in the line: 尹錫悦（ユンソンニョル）.
    """
    if tag == "rt":
        before = node.prev
        return before is None or before.tag != "rp"
    attributes = node.attributes
    names = attributes.get("class")
    return (
        bool(names and ("sr" in names or "hidden" in names or "screen" in names) and _UNSEEN_CLASS.search(names))
        or "hidden" in attributes
        or _hides("style", attributes.get("style"))
    )


def _described(attributes: Mapping[str, str | None]) -> tuple[str, bool]:
    """(what the page calls an element, whether its own attributes hide it)"""
    if len(attributes) == 1 and "class" in attributes:  # as in two boxes of three
        return _classed(attributes["class"] or "")
    hint = ""
    hidden = False
    for name, value in attributes.items():
        if name in _NAMES:
            if value:
                hint = f"{hint} {value}" if hint else value
        elif name in _HIDING:
            hidden = hidden or _hides(name, value)
    return hint.lower(), hidden or _is_hidden_class(hint)


@lru_cache(maxsize=1 << 14)
def _classed(names: str) -> tuple[str, bool]:
    return names.lower(), _is_hidden_class(names)


def _is_hidden_class(names: str) -> bool:
    return (
        ("hidden" in names or "d-none" in names)
        and not _HIDDEN_CLASSES.isdisjoint(names.split())
        and not _SHOWN_CLASS.search(names)
    )


def _hides(name: str, value: str | None) -> bool:
    if name == "style":
        return bool(value and ":" in value and _HIDDEN_STYLE.search(value.lower()))
    return name == "hidden" or value == "true"
