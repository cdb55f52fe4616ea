"""Pages for the tests of single fields: real-shaped markup around a text that is long enough to be an article."""

from __future__ import annotations

import json
from typing import Any

from ingest.extract import Extraction, examine

TEXT = """
<p>Traders in the border city said that the price of rice has risen by a third since the market was closed last month.</p>
<p>The stalls opened again on Monday, but fewer people came, and those who did bought less than they had in the spring.</p>
<p>Nobody expects that to change before the harvest, which is said to be late this year after a long and cold winter.</p>
"""


def page(*, head: str = "", top: str = "", text: str = TEXT, below: str = "", lang: str = "en", ld: Any = None) -> str:
    """An article's page: `top` stands between headline and text, `below` right after it, `ld` is its JSON-LD."""
    script = (
        f'<script type="application/ld+json">{ld if isinstance(ld, str) else json.dumps(ld)}</script>' if ld else ""
    )
    return f"""<!doctype html><html lang="{lang}"><head><title>Rice prices rise - The Example</title>{head}{script}</head>
<body><header><nav><a href="/">Home</a> <a href="/world">World</a></nav></header>
<main><article><h1>Rice prices rise</h1>{top}<div class="article-body">{text}</div>{below}</article></main>
<footer>© 2019 The Example. All rights reserved.</footer></body></html>"""


def found(html: str, *, url: str = "https://news.example.org/rice", **options: Any) -> Extraction:
    return examine(html.encode(), url=url, **options)
