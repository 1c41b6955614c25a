"""Upstream: cursors and what goes onward, and the tables of the end that receives."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _some(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=False, sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "relay_cursor",
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("after", _INT, nullable=False),
        sa.Column("apart_to", _INT, nullable=False),
        sa.Column("paused", _INT, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("since", _INT, nullable=True),
        sa.Column("took_at", _INT, nullable=True),
        sa.Column("skew", _INT, nullable=True),
        sa.PrimaryKeyConstraint("destination", name="relay_cursor_once"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "relay_batch",
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("members", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("destination", name="relay_batch_once"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "relay_aside",
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("place", _INT, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", _INT, nullable=False),
        sa.Column("settled_at", _INT, nullable=True),
        sa.PrimaryKeyConstraint("destination", "event", name="relay_aside_once"),
        sqlite_with_rowid=False,
    )
    _some("relay_aside_open", "relay_aside", ["destination", "at"], "settled_at IS NULL")
    op.create_table(
        "outbox",
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_until", _INT, nullable=True),
        sa.PrimaryKeyConstraint("destination", "event", name="outbox_once"),
        sqlite_with_rowid=False,
    )
    _some("outbox_dying", "outbox", ["kept_until"], "kept_until IS NOT NULL")
    op.create_table(
        "change_cursor",
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("after", _INT, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("since", _INT, nullable=True),
        sa.PrimaryKeyConstraint("destination", name="change_cursor_once"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "received",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("at", _INT, nullable=False),
        sa.Column("received_at", _INT, nullable=False),
        sa.Column("known", _INT, nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", "id", name="received_once"),
        sqlite_with_rowid=False,
    )
    _some("received_unknown", "received", ["received_at"], "known = 0")
    op.create_table(
        "case_",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("grid", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due", sa.Text(), nullable=False),
        sa.Column("filed_at", _INT, nullable=False),
        sa.Column("came_at", _INT, nullable=False),
        sa.Column("changed_at", _INT, nullable=False),
        sa.Column("reopened", _INT, nullable=False),
        sa.Column("extended", _INT, nullable=False),
        sa.Column("above", _INT, nullable=False),
        sa.Column("turn", _INT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="case_once"),
        sa.CheckConstraint(
            "state IN ('registered', 'accepted', 'doing', 'done', 'confirmed', 'returned')", name="case_state"
        ),
        sqlite_with_rowid=False,
    )
    _some("case_open", "case_", ["due"], "state NOT IN ('confirmed', 'returned')")
    op.create_index("case_filed", "case_", ["filed_at"], unique=False)
    op.create_table(
        "case_change",
        sa.Column("seq", _INT, sa.Identity(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", _INT, nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("due", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name="case_change_seq"),
        sa.UniqueConstraint("id", name="case_change_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("case_change_hall", "case_change", ["hall", "seq"], unique=False)
