"""What managers enter beside hall.toml: closed days, smaller rooms, holiday notices, bookings the hall cancelled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; accounts may be disabled."""
    op.create_table(
        "account_off",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("at", _INT, nullable=False),
        sa.PrimaryKeyConstraint("account", name="account_off_once"),
    )
    op.create_table(
        "closure",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("last", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("why_en", sa.Text(), nullable=False),
        sa.Column("made_at", _INT, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.CheckConstraint("last >= first", name="closure_span"),
        sa.PrimaryKeyConstraint("id", name="closure_once"),
    )
    op.create_table(
        "place_limit",
        sa.Column("facility", sa.Text(), nullable=False),
        sa.Column("capacity", _INT, nullable=False),
        sa.Column("made_at", _INT, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.CheckConstraint("capacity >= 0", name="place_limit_not_negative"),
        sa.PrimaryKeyConstraint("facility", name="place_limit_once"),
    )
    op.create_table(
        "holiday_notice",
        sa.Column("year", _INT, nullable=False),
        sa.Column("days", sa.Text(), nullable=False),
        sa.Column("made_at", _INT, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="holiday_notice_once"),
    )
    op.create_table(
        "hall_cancel",
        sa.Column("appointment", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", _INT, nullable=False),
        sa.Column("told_at", _INT, nullable=True),
        sa.Column("told_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("appointment", name="hall_cancel_once"),
    )
    untold = sa.text("told_at IS NULL")
    op.create_index(
        "hall_cancel_untold", "hall_cancel", ["at"], unique=False, sqlite_where=untold, postgresql_where=untold
    )
