"""The views: what other services read, version 1. A column is only ever added, at the end.

Each column says here what it is; `docs/schema.md` is held to it by a test, PostgreSQL carries it as a comment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy

from ingest.store.columns import Id, Json, String, Time

Kind = Literal["text", "time", "array", "integer", "boolean"]

_TYPES: dict[Kind, Any] = {
    "text": String,
    "time": Time,
    "array": Json,
    "integer": Id,
    "boolean": sqlalchemy.Boolean,
}


@dataclass(frozen=True, slots=True)
class ViewColumn:
    name: str
    expression: str
    """SQL that is the same on both databases."""
    kind: Kind
    meaning: str
    null: str | None = None
    """What NULL means; None where it does not occur."""

    @property
    def description(self) -> str:
        return f"{self.meaning}. NULL: {self.null}" if self.null else self.meaning


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    name: str
    row: str
    """What one row stands for."""
    columns: tuple[ViewColumn, ...]
    body: str
    """The SQL after the select list."""

    @property
    def ddl(self) -> str:
        chosen = ",\n    ".join(f"{column.expression} AS {column.name}" for column in self.columns)
        return f"CREATE VIEW {self.name} AS\nSELECT\n    {chosen}\n{self.body}"

    @property
    def comments(self) -> list[str]:
        """PostgreSQL's statements that say what the view and its columns are."""
        said = [(f"VIEW {self.name}", f"One row per {self.row}")]
        said += [(f"COLUMN {self.name}.{column.name}", column.description) for column in self.columns]
        return ["COMMENT ON {} IS '{}'".format(what, text.replace("'", "''")) for what, text in said]

    @property
    def selectable(self) -> sqlalchemy.TableClause:
        """The view for SQLAlchemy: a `select()` of it gives dates, lists and booleans."""
        return sqlalchemy.table(
            self.name, *(sqlalchemy.column(column.name, _TYPES[column.kind]) for column in self.columns)
        )


_C = ViewColumn

ARTICLE = View(
    name="article_v1",
    row="current article",
    columns=(
        _C("id", "a.id", "integer", "The article, for ever; never given to another one"),
        _C("url", "a.url", "text", "Address of its page, after redirects"),
        _C("headline", "a.headline", "text", "The headline as displayed"),
        _C("summary", "a.summary", "text", "Standfirst or description", "the page has none"),
        _C("body", "a.body", "text", "The text: paragraphs separated by one blank line, and nothing between them"),
        _C("authors", "a.authors", "array", "Names, in the order of the byline; empty if nobody is named"),
        _C("published_at", "a.published_at", "time", "When it was published, as the page says", "not said"),
        _C("modified_at", "a.modified_at", "time", "When the outlet changed it last, as the page says", "not said"),
        _C("language", "a.language", "text", "BCP 47 primary language, for example `en`, `ko`", "not known"),
        _C("site", "a.site", "text", "The outlet's name", "not said"),
        _C("section", "a.section", "text", "The outlet's section", "not said"),
        _C("tags", "a.tags", "array", "The outlet's tags; may be empty"),
        _C("image_url", "i.url", "text", "The lead image, absolute", "no lead image, or only a script would load it"),
        _C("image_label", "i.label", "text", "The lead image's alt text, else its title", "none"),
        _C("image_caption", "i.caption", "text", "The lead image's caption", "none"),
        _C("image_credit", "i.credit", "text", "Who made the lead image, without `Photo:` or `©`", "none"),
        _C(
            "contact_line",
            "a.contact_line",
            "text",
            "The sentence that tells readers where to send comments or questions about this article",
            "none",
        ),
        _C("contact_emails", "a.contact_emails", "array", "The contact line's e-mail addresses; may be empty"),
        _C("credits", "a.credits", "text", "Who did what, as printed: `Reporting by …; editing by …`", "none"),
        _C(
            "paywalled",
            "a.paywalled",
            "boolean",
            "Whether the page withholds a part of the text (SQLite: 0, 1)",
            "the page does not say",
        ),
        _C("word_count", "a.word_count", "integer", "Words of the body; two Han or kana count as one"),
        _C("revision", "a.revision", "integer", "Number of this version, from 1"),
        _C(
            "cluster_id",
            "a.cluster_id",
            "integer",
            "The same for copies and light rewrites of one story",
            "no other copy is known",
        ),
        _C("first_seen_at", "a.first_seen_at", "time", "When the article was stored first"),
        _C("changed_at", "a.changed_at", "time", "When this version was stored"),
        _C(
            "original_id",
            "c.original_id",
            "integer",
            "`article_v1.id` of the copy that the others in the cluster likely come from",
            "no other copy is known",
        ),
    ),
    body=(
        "FROM article a\nLEFT JOIN image i ON i.article_id = a.id AND i.position = a.lead_position\n"
        "LEFT JOIN cluster c ON c.id = a.cluster_id"
    ),
)

IMAGE = View(
    name="image_v1",
    row="image of an article's current version",
    columns=(
        _C("article_id", "article_id", "integer", "`article_v1.id`"),
        _C("position", "position", "integer", "Order in the article, from 0"),
        _C("role", "role", "text", "`lead` or `body`"),
        _C("url", "url", "text", "Absolute", "only a script would load the picture"),
        _C("label", "label", "text", "Its alt text, else its title", "none"),
        _C("caption", "caption", "text", "As displayed", "none"),
        _C("credit", "credit", "text", "Who made it, without `Photo:` or `©`", "none"),
    ),
    body="FROM image",
)

SIGHTING = View(
    name="sighting_v1",
    row="source × address of an article that it offered",
    columns=(
        _C("article_id", "l.article_id", "integer", "`article_v1.id`"),
        _C("source", "s.name", "text", "`source_v1.name`"),
        _C("url", "l.url", "text", "The address as it was first offered"),
        _C("guid", "g.guid", "text", "The entry's id in the feed, as given", "the source gave none"),
        _C("title", "g.title", "text", "The entry's title in the source", "the source gave none"),
        _C("first_seen_at", "g.first_seen_at", "time", "First poll that saw it"),
        _C(
            "last_seen_at",
            "g.last_seen_at",
            "time",
            "A poll that saw it; written at most once a day, and not while the source answers that nothing changed",
        ),
    ),
    body=(
        "FROM sighting g\nJOIN link l ON l.id = g.link_id\nJOIN source s ON s.id = g.source_id\n"
        "WHERE l.article_id IS NOT NULL"
    ),
)

_VERSION = (
    _C("article_id", "article_id", "integer", "`article_v1.id`"),
    _C("revision", "revision", "integer", "Number of the version, from 1"),
    _C("seen_at", "seen_at", "time", "When this version was stored"),
    _C(
        "cause",
        "cause",
        "text",
        "`new`; `edited`; `corrected`: a correction notice appeared; `re-extracted`: the outlet changed nothing, it was read better",
    ),
    _C("headline", "headline", "text", "As in `article_v1`"),
    _C("summary", "summary", "text", "As in `article_v1`", "none"),
    _C("body", "body", "text", "As in `article_v1`"),
    _C("authors", "authors", "array", "As in `article_v1`"),
    _C("published_at", "published_at", "time", "As in `article_v1`", "not said"),
    _C("modified_at", "modified_at", "time", "As in `article_v1`", "not said"),
    _C("contact_line", "contact_line", "text", "As in `article_v1`", "none"),
    _C("credits", "credits", "text", "As in `article_v1`", "none"),
    _C("image_caption", "image_caption", "text", "The lead image's caption", "none"),
    _C("image_credit", "image_credit", "text", "Who made the lead image", "none"),
)

REVISION = View(
    name="revision_v1",
    row="version of an article, the current one included",
    columns=_VERSION,
    body="""FROM (
    SELECT article_id, revision, seen_at, cause, headline, summary, body, authors, published_at, modified_at,
           contact_line, credits, image_caption, image_credit
    FROM revision
    UNION ALL
    SELECT a.id, a.revision, a.changed_at, a.cause, a.headline, a.summary, a.body, a.authors, a.published_at,
           a.modified_at, a.contact_line, a.credits, i.caption, i.credit
    FROM article a
    LEFT JOIN image i ON i.article_id = a.id AND i.position = a.lead_position
) v""",
)

SOURCE = View(
    name="source_v1",
    row="source",
    columns=(
        _C("name", "s.name", "text", "Its name in the configuration"),
        _C("kind", "s.kind", "text", "`feed`, `page` or `sitemap`"),
        _C("url", "s.url", "text", "As configured"),
        _C(
            "state",
            "s.state",
            "text",
            "`new` (never polled), `ok`, `quiet`, `failing`, `blocked`, `gone`, `paused` (no longer configured)",
        ),
        _C("last_polled_at", "s.last_polled_at", "time", "Last poll, whatever came of it", "never"),
        _C("last_success_at", "s.last_success_at", "time", "Last poll that was answered, changed or not", "never"),
        _C("next_due_at", "s.next_due_at", "time", "When the next poll is due", "never: it is paused"),
        _C(
            "interval_seconds",
            "s.interval_seconds",
            "integer",
            "Present time between polls, in seconds",
            "not yet known",
        ),
        _C("failures", "s.failures", "integer", "Failed polls since the last success"),
        _C("last_error", "s.last_error", "text", "Why the last poll failed", "it did not"),
        _C(
            "articles",
            "(SELECT count(DISTINCT l.article_id) FROM sighting g JOIN link l ON l.id = g.link_id WHERE g.source_id = s.id)",
            "integer",
            "Articles that it offered and that are stored",
        ),
    ),
    body="FROM source s",
)

CHANGE = View(
    name="change_v1",
    row="change",
    columns=(
        _C("seq", "seq", "integer", "Grows in the order of the commits; a smaller one never appears later"),
        _C("article_id", "article_id", "integer", "`article_v1.id`; a removed article has no row there"),
        _C("kind", "kind", "text", "`new`, `changed`, `merged` (its cluster changed) or `removed`"),
        _C("at", "at", "time", "When"),
    ),
    body="FROM change",
)

ALL = (ARTICLE, IMAGE, SIGHTING, REVISION, SOURCE, CHANGE)
