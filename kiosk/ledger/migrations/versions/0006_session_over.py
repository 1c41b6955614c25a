"""Sessions that were signed out of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "session_over",
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("at", _INT, nullable=False),
        sa.PrimaryKeyConstraint("session", name="session_over_once"),
        sqlite_with_rowid=False,
    )
