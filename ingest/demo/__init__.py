"""A bundled news site to crawl without a network: five publishers, about twenty articles, every kind of source.

`site/` holds a folder per publisher: `site.toml` says which address serves which file, `pages/` holds the articles with
the record that should come of each beside it.

    with serve() as (bases, requests):
        settings = demo_config(bases)        # the text of a config.yaml that watches all five
        ...                                  # crawl; `requests` tells what was asked for
"""

from __future__ import annotations

from ingest.demo.server import Request, Served, demo_config, serve
from ingest.demo.sites import File, Site, fill, load_sites

__all__ = ["File", "Request", "Served", "Site", "demo_config", "fill", "load_sites", "serve"]
