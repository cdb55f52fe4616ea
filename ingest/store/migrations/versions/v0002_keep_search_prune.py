"""Pages that are kept, full-text search, tombstones of what was pruned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ingest.store.columns import Digest, Id, Json, String, Time

revision = "0002"
down_revision = "0001"

_SEARCH = {
    "sqlite": (
        """CREATE VIRTUAL TABLE search
           USING fts5 (headline, body, content = '', tokenize = 'unicode61 remove_diacritics 0')""",
    ),
    "postgresql": (
        """CREATE TABLE search (
           article_id bigint PRIMARY KEY REFERENCES article ON DELETE CASCADE, document tsvector NOT NULL)""",
        "CREATE INDEX ix_search_document ON search USING gin (document)",
    ),
}


def upgrade() -> None:
    op.add_column("source", sa.Column("keep_pages_seconds", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("source", sa.Column("offers_since", Time()))
    op.add_column("ledger", sa.Column("indexed_seq", Id, nullable=False, server_default="0"))
    op.create_table(
        "page",
        sa.Column("link_id", Id, nullable=False),
        sa.Column("final_url", String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", Json, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("body_size", sa.Integer(), nullable=False),
        sa.Column("fetched_at", Time(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name="fk_page_link_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("link_id", name="pk_page"),
    )
    op.create_index("ix_page_fetched_at", "page", ["fetched_at"])
    op.create_table(
        "tombstone",
        sa.Column("key", Digest, nullable=False),
        sa.Column("link_id", Id, nullable=False),
        sa.Column("removed_at", Time(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name="fk_tombstone_link_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key", name="pk_tombstone"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_tombstone_link_id", "tombstone", ["link_id"])
    for statement in _SEARCH[op.get_bind().dialect.name]:
        op.execute(statement)
