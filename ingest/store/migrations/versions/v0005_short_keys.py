"""Copies are found by keys of 32 bits instead of 64: the lower half of those that there were."""

from __future__ import annotations

from array import array

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_AT_ONCE = 10_000  # fingerprints
_HALF = "(key << 32) >> 32"  # with its sign, in both databases
_SOME = sa.text("SELECT article_id, keys FROM fingerprint WHERE article_id > :after ORDER BY article_id LIMIT :some")
_CHANGE = sa.text("UPDATE fingerprint SET keys = :keys WHERE article_id = :article")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("pk_copy_key", "copy_key")
        op.alter_column("copy_key", "key", type_=sa.Integer(), postgresql_using=f"({_HALF})::integer")
        op.create_index("ix_copy_key_key", "copy_key", ["key", "at"])
    else:
        op.rename_table("copy_key", "long_key")
        op.create_table(
            "copy_key",
            sa.Column("key", sa.Integer(), nullable=False),
            sa.Column("at", sa.Integer(), nullable=False),
            sa.Column("article_id", sa.Integer(), nullable=False),
            sa.PrimaryKeyConstraint("key", "at", "article_id", name="pk_copy_key"),
            sqlite_with_rowid=False,
        )
        op.execute(f"INSERT INTO copy_key SELECT DISTINCT {_HALF}, at, article_id FROM long_key ORDER BY 1, 2, 3")  # noqa: S608 — a constant
        op.drop_table("long_key")
    _shorten_kept()


def _shorten_kept() -> None:
    connection, after = op.get_bind(), 0
    while rows := connection.execute(_SOME, {"after": after, "some": _AT_ONCE}).all():
        changed = [{"article": row.article_id, "keys": _shortened(row.keys)} for row in rows]
        connection.execute(_CHANGE, changed)
        after = rows[-1].article_id


def _shortened(keys: bytes) -> bytes:
    halves = array("i", bytes(keys))[::2]  # little-endian: the lower half comes first
    return array("i", dict.fromkeys(halves)).tobytes()
