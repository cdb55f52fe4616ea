"""Small documents that are large in the parser."""

from __future__ import annotations

PARAGRAPH = "The harbour office said on Monday that the ferries would run again, and that the pier had been mended. "
ARTICLE = "".join(f"<p>{number}. {PARAGRAPH * 3}</p>" for number in ("One", "Two", "Three", "Four"))


def page(extra: str = "", headline: str = "Ferries run again") -> bytes:
    """An ordinary article with something in its middle."""
    return (
        f"<html lang=en><head><title>{headline}</title></head>"
        f"<body><article><h1>{headline}</h1>{ARTICLE}{extra}</article></body></html>"
    ).encode()


def nested_lists(count: int) -> str:
    """Quadratic in the parser: 60,000 take a minute."""
    return "<ul><li>" * count


def formatting_bomb(count: int) -> str:
    """Every block opens all of them again: 4,000 and 4,000 in 53 KB make gigabytes of nodes."""
    return "<p>" + "".join(f"<b a{i}>" for i in range(count)) + "<p>x" * count


def many_attributes(count: int) -> str:
    return "<p " + " ".join(f"a{i}=1" for i in range(count)) + ">x"
