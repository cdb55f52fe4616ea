"""A look at a source: its document, and a sitemap index's children, each asked for conditionally."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime

from ingest.box import Box
from ingest.cadence import ServerHints
from ingest.errors import FetchError, NotASource
from ingest.fetch import ACCEPT_SOURCE, Session, Validators
from ingest.fetch.answers import gate, server_hints
from ingest.model import Discovery, Page, Source
from ingest.store import Poll, PollPart, PollState

MAX_PARTS = 20
"""Child sitemaps read in one poll."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a poll found."""

    poll: Poll
    discovery: Discovery | None
    """None where nothing changed."""
    page: Page
    server: ServerHints = field(default_factory=ServerHints)


async def look(source: Source, state: PollState, session: Session, box: Box, now: datetime) -> Looked:
    """Raises FetchError ("challenge" and "not_a_feed" among its kinds) and ParseError."""
    known = {part.url: part for part in state.parts}
    main = PollPart(url=state.url, etag=state.etag, last_modified=state.last_modified, body_hash=state.body_hash)
    page, main, discovery = await _document(source, main, session, box, state.final_url)
    found = discovery or Discovery()
    children = discovery.more if discovery else tuple(known)
    parts: list[PollPart] = []
    for url in children[:MAX_PARTS]:
        _, part, inner = await _document(source, known.get(url, PollPart(url=url)), session, box, None)
        parts.append(part)
        if inner is not None:
            found = replace(found, links=found.links + inner.links, warnings=found.warnings + inner.warnings)
    if len(children) > MAX_PARTS:
        cut = f"the sitemap index names {len(children)} sitemaps; the first {MAX_PARTS} are read"
        found = replace(found, warnings=(*found.warnings, cut))
    changed = discovery is not None or bool(found.links)
    poll = Poll(
        source=source.name,
        at=page.fetched_at,
        outcome="new" if changed else "unchanged",
        links=found.links,
        etag=main.etag,
        last_modified=main.last_modified,
        body_hash=main.body_hash,
        parts=tuple(parts),
        final_url=page.final_url,
    )
    hints = server_hints(page.status, page.headers, now)
    return Looked(poll=poll, discovery=found if changed else None, page=page, server=hints)


async def _document(
    source: Source, known: PollPart, session: Session, box: Box, final_url: str | None
) -> tuple[Page, PollPart, Discovery | None]:
    """One conditional request; no discovery where nothing changed since the last."""
    validators = Validators(etag=known.etag, last_modified=known.last_modified)
    page = await session.get(known.url, accept=ACCEPT_SOURCE, validators=validators, validators_of=final_url)
    if page.status == 304:
        # A 304 may bring new validators; those that it does not mention stay (RFC 9110 §15.4.5).
        etag, last_modified = page.etag or known.etag, page.last_modified or known.last_modified
        return page, replace(known, etag=etag, last_modified=last_modified), None
    digest = hashlib.blake2b(page.body, digest_size=16).hexdigest()
    part = PollPart(url=known.url, etag=page.etag, last_modified=page.last_modified, body_hash=digest)
    if digest == known.body_hash:
        return page, part, None
    in_the_way = gate(page.status, page.headers, page.body)
    if in_the_way is not None:
        raise FetchError("challenge", f"{in_the_way} in place of the source", status=page.status, headers=page.headers)
    try:
        discovery = await box.discover(source, page)
    except NotASource as error:
        raise FetchError("not_a_feed", str(error), status=page.status, headers=page.headers) from error
    if not discovery.complete:  # its validators would say that we have the rest
        part = PollPart(url=known.url)
    return page, part, discovery
