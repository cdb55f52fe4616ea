"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ingest.store.columns import Digest, Id, Json, String, Time

revision = "0001"
down_revision = None

_VIEWS = (
    """CREATE VIEW article_v1 AS
SELECT
    a.id AS id,
    a.url AS url,
    a.headline AS headline,
    a.summary AS summary,
    a.body AS body,
    a.authors AS authors,
    a.published_at AS published_at,
    a.modified_at AS modified_at,
    a.language AS language,
    a.site AS site,
    a.section AS section,
    a.tags AS tags,
    i.url AS image_url,
    i.label AS image_label,
    i.caption AS image_caption,
    i.credit AS image_credit,
    a.contact_line AS contact_line,
    a.contact_emails AS contact_emails,
    a.credits AS credits,
    a.paywalled AS paywalled,
    a.word_count AS word_count,
    a.revision AS revision,
    a.cluster_id AS cluster_id,
    a.first_seen_at AS first_seen_at,
    a.changed_at AS changed_at
FROM article a
LEFT JOIN image i ON i.article_id = a.id AND i.position = a.lead_position""",
    """CREATE VIEW image_v1 AS
SELECT
    article_id AS article_id,
    position AS position,
    role AS role,
    url AS url,
    label AS label,
    caption AS caption,
    credit AS credit
FROM image""",
    """CREATE VIEW sighting_v1 AS
SELECT
    l.article_id AS article_id,
    s.name AS source,
    l.url AS url,
    g.guid AS guid,
    g.title AS title,
    g.first_seen_at AS first_seen_at,
    g.last_seen_at AS last_seen_at
FROM sighting g
JOIN link l ON l.id = g.link_id
JOIN source s ON s.id = g.source_id
WHERE l.article_id IS NOT NULL""",
    """CREATE VIEW revision_v1 AS
SELECT
    article_id AS article_id,
    revision AS revision,
    seen_at AS seen_at,
    cause AS cause,
    headline AS headline,
    summary AS summary,
    body AS body,
    authors AS authors,
    published_at AS published_at,
    modified_at AS modified_at,
    contact_line AS contact_line,
    credits AS credits,
    image_caption AS image_caption,
    image_credit AS image_credit
FROM (
    SELECT article_id, revision, seen_at, cause, headline, summary, body, authors, published_at, modified_at,
           contact_line, credits, image_caption, image_credit
    FROM revision
    UNION ALL
    SELECT a.id, a.revision, a.changed_at, a.cause, a.headline, a.summary, a.body, a.authors, a.published_at,
           a.modified_at, a.contact_line, a.credits, i.caption, i.credit
    FROM article a
    LEFT JOIN image i ON i.article_id = a.id AND i.position = a.lead_position
) v""",
    """CREATE VIEW source_v1 AS
SELECT
    s.name AS name,
    s.kind AS kind,
    s.url AS url,
    s.state AS state,
    s.last_polled_at AS last_polled_at,
    s.last_success_at AS last_success_at,
    s.next_due_at AS next_due_at,
    s.interval_seconds AS interval_seconds,
    s.failures AS failures,
    s.last_error AS last_error,
    (SELECT count(DISTINCT l.article_id) FROM sighting g JOIN link l ON l.id = g.link_id WHERE g.source_id = s.id) AS articles
FROM source s""",
    """CREATE VIEW change_v1 AS
SELECT
    seq AS seq,
    article_id AS article_id,
    kind AS kind,
    at AS at
FROM change""",
)


def upgrade() -> None:
    op.create_table(
        "article",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("link_id", Id, nullable=False),
        sa.Column("url", String, nullable=False),
        sa.Column("canonical_url", String),
        sa.Column("headline", String, nullable=False),
        sa.Column("summary", String),
        sa.Column("authors", Json, nullable=False),
        sa.Column("published_at", Time),
        sa.Column("modified_at", Time),
        sa.Column("language", String),
        sa.Column("site", String),
        sa.Column("section", String),
        sa.Column("tags", Json, nullable=False),
        sa.Column("contact_line", String),
        sa.Column("contact_emails", Json, nullable=False),
        sa.Column("credits", String),
        sa.Column("paywalled", sa.Boolean()),
        sa.Column("lead_position", sa.Integer()),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.Column("material_hash", Digest, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("cause", String, nullable=False),
        sa.Column("cluster_id", Id),
        sa.Column("first_seen_at", Time, nullable=False),
        sa.Column("changed_at", Time, nullable=False),
        sa.Column("contacts", Json, nullable=False),
        sa.Column("origins", Json, nullable=False),
        sa.Column("body", String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
    )
    op.create_index("ix_article_published_at", "article", ["published_at"])
    op.create_table(
        "change",
        sa.Column("seq", Id, autoincrement=False, nullable=False),
        sa.Column("article_id", Id, nullable=False),
        sa.Column("kind", String, nullable=False),
        sa.Column("at", Time, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_change"),
    )
    op.create_table(
        "ingest_version",
        sa.Column("version_num", String, nullable=False),
        sa.PrimaryKeyConstraint("version_num", name="pk_ingest_version"),
    )
    op.create_table(
        "ledger",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("link_id", Id, nullable=False),
        sa.Column("article_id", Id, nullable=False),
        sa.Column("change_seq", Id, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledger"),
    )
    op.create_table(
        "robots",
        sa.Column("host", String, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("etag", String),
        sa.Column("last_modified", String),
        sa.Column("fetched_at", Time, nullable=False),
        sa.PrimaryKeyConstraint("host", name="pk_robots"),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", String, nullable=False),
        sa.Column("kind", String, nullable=False),
        sa.Column("url", String, nullable=False),
        sa.Column("registered_at", Time, nullable=False),
        sa.Column("final_url", String),
        sa.Column("state", String, nullable=False),
        sa.Column("etag", String),
        sa.Column("last_modified", String),
        sa.Column("body_hash", String),
        sa.Column("parts", Json, nullable=False),
        sa.Column("last_polled_at", Time),
        sa.Column("last_success_at", Time),
        sa.Column("next_due_at", Time),
        sa.Column("interval_seconds", sa.Integer()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_error", String),
        sa.PrimaryKeyConstraint("id", name="pk_source"),
        sa.UniqueConstraint("name", name="uq_source_name"),
    )
    op.create_table(
        "image",
        sa.Column("article_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", String, nullable=False),
        sa.Column("url", String),
        sa.Column("label", String),
        sa.Column("caption", String),
        sa.Column("credit", String),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_image_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_image"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "link",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("key", Digest, nullable=False),
        sa.Column("url", String, nullable=False),
        sa.Column("first_source_id", sa.Integer()),
        sa.Column("offer", Json),
        sa.Column("first_seen_at", Time, nullable=False),
        sa.Column("next_due_at", Time),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("outcome", String, nullable=False),
        sa.Column("reason", String),
        sa.Column("settled_at", Time),
        sa.Column("article_id", Id),
        sa.Column("etag", String),
        sa.Column("last_modified", String),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_link_article_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["first_source_id"], ["source.id"], name="fk_link_first_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_link"),
        sa.UniqueConstraint("key", name="uq_link_key"),
    )
    op.create_index("ix_link_article_id", "link", ["article_id"])
    op.create_index(
        "ix_link_next_due_at",
        "link",
        ["next_due_at"],
        sqlite_where=sa.text("next_due_at IS NOT NULL"),
        postgresql_where=sa.text("next_due_at IS NOT NULL"),
    )
    op.create_table(
        "revision",
        sa.Column("article_id", Id, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("seen_at", Time, nullable=False),
        sa.Column("cause", String, nullable=False),
        sa.Column("headline", String, nullable=False),
        sa.Column("summary", String),
        sa.Column("body", String, nullable=False),
        sa.Column("authors", Json, nullable=False),
        sa.Column("published_at", Time),
        sa.Column("modified_at", Time),
        sa.Column("contact_line", String),
        sa.Column("credits", String),
        sa.Column("image_caption", String),
        sa.Column("image_credit", String),
        sa.Column("images", Json, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_revision_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "revision", name="pk_revision"),
    )
    op.create_table(
        "url_alias",
        sa.Column("key", Digest, nullable=False),
        sa.Column("article_id", Id, nullable=False),
        sa.Column("kind", String, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_url_alias_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key", name="pk_url_alias"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_url_alias_article_id", "url_alias", ["article_id"])
    op.create_table(
        "sighting",
        sa.Column("link_id", Id, nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("guid", String),
        sa.Column("title", String),
        sa.Column("first_seen_at", Time, nullable=False),
        sa.Column("last_seen_at", Time, nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name="fk_sighting_link_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_sighting_source_id"),
        sa.PrimaryKeyConstraint("link_id", "source_id", name="pk_sighting"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sighting_source_id", "sighting", ["source_id"])
    for view in _VIEWS:
        op.execute(view)
    op.execute("INSERT INTO ledger (id, link_id, article_id, change_seq) VALUES (1, 0, 0, 0)")
    op.execute("INSERT INTO ingest_version (version_num) VALUES ('0001')")
