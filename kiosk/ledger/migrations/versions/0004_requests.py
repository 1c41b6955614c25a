"""Requests: what residents ask for, what happened to it, the words of it under the hall's key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _some(name: str, table: str, columns: list[str], condition: str, *, unique: bool = False) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "request",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("grid", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due", sa.Text(), nullable=False),
        sa.Column("extended", _INT, nullable=False),
        sa.Column("filed_at", _INT, nullable=False),
        sa.Column("changed_at", _INT, nullable=False),
        sa.Column("first_asked", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("away", _INT, nullable=False),
        sa.Column("reopened", _INT, nullable=False),
        sa.Column("turn", _INT, nullable=False),
        sa.CheckConstraint("state IN ('registered', 'accepted', 'doing', 'done', 'confirmed')", name="request_state"),
        sa.CheckConstraint("code IS NOT NULL OR state = 'confirmed'", name="living_request_has_code"),
        sa.PrimaryKeyConstraint("id", name="request_once"),
        sa.UniqueConstraint("code", name="request_code_among_the_living"),
        sqlite_with_rowid=False,
    )
    _some("request_open", "request", ["due"], "state <> 'confirmed'")
    op.create_index("request_filed", "request", ["filed_at"], unique=False)
    op.create_table(
        "request_text",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "part", name="request_text_once"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "request_step",
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("n", _INT, nullable=False),
        sa.Column("at", _INT, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("request", "n", name="request_step_once"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "request_help",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", _INT, nullable=False),
        sa.Column("settled_at", _INT, nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('follow-up', 'teaching', 'home-visit', 'extended-hours', 'call-back')", name="request_help_kind"
        ),
        sa.PrimaryKeyConstraint("id", name="request_help_id"),
        sqlite_with_rowid=False,
    )
    _some("request_help_once", "request_help", ["request", "kind"], "settled_at IS NULL", unique=True)
    op.create_table(
        "request_change",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", _INT, nullable=False),
        sa.Column("aside", sa.Text(), nullable=True),
        sa.Column("settled_at", _INT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="request_change_once"),
        sqlite_with_rowid=False,
    )
    _some("request_change_aside", "request_change", ["at"], "aside IS NOT NULL AND settled_at IS NULL")
