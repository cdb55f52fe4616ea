"""A feed entry that carries its full text → article, for when the page can't be had."""

from __future__ import annotations

import html
from dataclasses import replace

from ingest.errors import NotAnArticle
from ingest.extract import extract_article
from ingest.model import Article, Link, Rules


def extract_entry(link: Link, *, timezone: str | None = None) -> Article:
    """The article of an entry's `content`, read by the same rules as a page. Raises NotAnArticle.

    The site's own selectors are not asked: a feed's markup is another than its pages'.
    """
    if not link.content:
        raise NotAnArticle("the feed carries no full text")
    title = html.escape(link.title or "")
    markup = (
        f"<html><head><meta charset=utf-8><title>{title}</title></head>"
        f"<body><article><h1>{title}</h1><div>{link.content}</div></article></body></html>"
    )
    article = extract_article(
        markup.encode("utf-8", "replace"), url=link.url, timezone=timezone, rules=Rules(), link=link
    )
    return replace(article, origins={name: f"feed entry: {origin}" for name, origin in article.origins.items()})
