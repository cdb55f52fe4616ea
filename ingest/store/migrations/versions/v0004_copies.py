"""Copies: fingerprints and their keys, lines that tell boilerplate, clusters with their originals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ingest.store.columns import Id

revision = "0004"
down_revision = "0003"

_HAS_CLUSTER = sa.text("cluster_id IS NOT NULL")

_ARTICLE_V1 = """\
CREATE VIEW article_v1 AS
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
    a.changed_at AS changed_at,
    c.original_id AS original_id
FROM article a
LEFT JOIN image i ON i.article_id = a.id AND i.position = a.lead_position
LEFT JOIN cluster c ON c.id = a.cluster_id"""


def upgrade() -> None:
    op.create_table(
        "fingerprint",
        sa.Column("article_id", Id, nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("keys", sa.LargeBinary(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("sample", sa.LargeBinary(), nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
        sa.Column("last_line", sa.BigInteger()),
        sa.Column("last_shingles", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_fingerprint_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", name="pk_fingerprint"),
    )
    op.create_table(
        "copy_key",
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "at", "article_id", name="pk_copy_key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "line",
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("clusters", sa.Integer(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("last_cluster", Id),
        sa.PrimaryKeyConstraint("hash", "source_id", name="pk_line"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cluster",
        sa.Column("id", Id, nullable=False, autoincrement=False),
        sa.Column("original_id", Id, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cluster"),
    )
    op.create_index(
        "ix_article_cluster_id", "article", ["cluster_id"], sqlite_where=_HAS_CLUSTER, postgresql_where=_HAS_CLUSTER
    )
    op.execute("DROP VIEW article_v1")
    op.execute(_ARTICLE_V1)
