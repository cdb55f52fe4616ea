"""The hosts' ledger, revisits, and what is remembered of a source's rhythm."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from ingest.errors import FetchError
from ingest.store.columns import Id, Json, String, Time
from ingest.urls import host_key

revision = "0003"
down_revision = "0002"

_IS_DUE = sa.text("next_due_at IS NOT NULL")


def upgrade() -> None:
    for column in ("host", "moved_to"):
        op.add_column("source", sa.Column(column, String()))
    op.add_column("source", sa.Column("memory", Json))
    op.create_index("ix_source_host", "source", ["host", "next_due_at"])
    op.add_column("link", sa.Column("host", String()))
    op.create_index(
        "ix_link_host", "link", ["host", "next_due_at"], sqlite_where=_IS_DUE, postgresql_where=_IS_DUE
    )  # fmt: skip
    op.create_table(
        "host",
        sa.Column("name", String(), nullable=False),
        sa.Column("next_due_at", Time()),
        sa.Column("lease_owner", String()),
        sa.Column("lease_token", Id, nullable=False, server_default="0"),
        sa.Column("lease_until", Time()),
        sa.Column("next_request_at", Time()),
        sa.Column("hold_until", Time()),
        sa.Column("hold_reason", String()),
        sa.Column("holds", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("name", name="pk_host"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_host_next_due_at", "host", ["next_due_at"])
    op.create_table(
        "revisit",
        sa.Column("link_id", Id, nullable=False),
        sa.Column("host", String(), nullable=False),
        sa.Column("due_at", Time(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name="fk_revisit_link_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("link_id", name="pk_revisit"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_revisit_host", "revisit", ["host", "due_at"])
    op.execute("UPDATE source SET next_due_at = registered_at WHERE next_due_at IS NULL AND state <> 'paused'")
    _fill()


def _fill() -> None:
    """Whom each source and link asks, and one row for each of these hosts."""
    connection = op.get_bind()
    due: dict[str, Any] = {}
    for table in ("source", "link"):
        for id_, url, at in connection.execute(
            sa.text(f"SELECT id, url, next_due_at FROM {table}")  # noqa: S608 — two names of ours
        ).all():
            try:
                host = host_key(url)
            except FetchError:
                continue  # it can't be asked anywhere
            connection.execute(sa.text(f"UPDATE {table} SET host = :host WHERE id = :id"), {"host": host, "id": id_})  # noqa: S608 — as above
            if at is not None:
                due[host] = min(at, due.get(host, at))  # a time, or text that sorts as times do
    for host, at in due.items():
        connection.execute(
            sa.text("INSERT INTO host (name, next_due_at) VALUES (:host, :at)"), {"host": host, "at": at}
        )
