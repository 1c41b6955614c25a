"""The queue: numbers, windows, calls, ratings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "phone_line",
        sa.Column("phone_mac", sa.LargeBinary(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("phone_mac", "service", name="phone_line_once"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rating",
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("at_window", sa.Text(), nullable=True),
        sa.Column("level", _INT, nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("at", _INT, nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name="rating_level"),
        sa.PrimaryKeyConstraint("ticket", name="rating_once"),
        sqlite_with_rowid=False,
    )
    op.create_index("rating_at", "rating", ["at"], unique=False)
    op.create_table(
        "service_window",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("services", sa.Text(), nullable=False),
        sa.Column("clerk", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("back_at", _INT, nullable=True),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("streak", _INT, nullable=False),
        sa.Column("turn", _INT, nullable=False),
        sa.CheckConstraint("state IN ('closed', 'open', 'paused')", name="service_window_state"),
        sa.PrimaryKeyConstraint("id", name="service_window_once"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ticket",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("n", _INT, nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("since", _INT, nullable=False),
        sa.Column("matter", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at_window", sa.Text(), nullable=True),
        sa.Column("aim", sa.Text(), nullable=False),
        sa.Column("back", sa.Text(), nullable=False),
        sa.Column("rejoined", _INT, nullable=False),
        sa.Column("appointment", sa.Text(), nullable=True),
        sa.Column("appointed", _INT, nullable=True),
        sa.Column("taken_at", _INT, nullable=False),
        sa.Column("changed_at", _INT, nullable=False),
        sa.Column("turn", _INT, nullable=False),
        sa.Column("guess", _INT, nullable=True),
        sa.Column("spread", _INT, nullable=True),
        sa.CheckConstraint("kind IN ('priority', 'appointment', 'walk-in')", name="ticket_kind"),
        sa.CheckConstraint(
            "state IN ('waiting', 'called', 'held', 'parked', 'done', 'no-show', 'expired')", name="ticket_state"
        ),
        sa.CheckConstraint("state NOT IN ('called', 'held') OR at_window IS NOT NULL", name="ticket_somewhere"),
        sa.PrimaryKeyConstraint("id", name="ticket_once"),
        sa.UniqueConstraint("letter", "day", "n", name="ticket_number_once"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ticket_aimed",
        "ticket",
        ["day", "aim", "kind", "since", "n"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting' AND aim <> ''"),
        postgresql_where=sa.text("state = 'waiting' AND aim <> ''"),
    )
    op.create_index(
        "ticket_aside",
        "ticket",
        ["day"],
        unique=False,
        sqlite_where=sa.text("state IN ('called', 'held', 'parked')"),
        postgresql_where=sa.text("state IN ('called', 'held', 'parked')"),
    )
    op.create_index(
        "ticket_waiting",
        "ticket",
        ["day", "line", "kind", "since", "n"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting' AND aim = ''"),
        postgresql_where=sa.text("state = 'waiting' AND aim = ''"),
    )
    op.create_table(
        "ticket_call",
        sa.Column("seq", _INT, sa.Identity(always=False), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("at_window", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("since", _INT, nullable=False),
        sa.Column("at", _INT, nullable=False),
        sa.Column("again", _INT, nullable=False),
        sa.Column("again_at", _INT, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("ended_at", _INT, nullable=True),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name="ticket_call_ending"),
        sa.PrimaryKeyConstraint("seq", name="ticket_call_seq"),
        sqlite_autoincrement=True,
    )
    op.create_index("ticket_call_at", "ticket_call", ["again_at"], unique=False)
    op.create_index("ticket_call_line", "ticket_call", ["line", "at"], unique=False)
    op.create_index(
        "ticket_call_ticket_once",
        "ticket_call",
        ["ticket"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ticket_call_window_once",
        "ticket_call",
        ["at_window"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "ticket_counter",
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("last", _INT, nullable=False),
        sa.Column("waiting", _INT, nullable=False),
        sa.CheckConstraint("waiting >= 0", name="ticket_counter_not_negative"),
        sa.PrimaryKeyConstraint("day", "letter", name="ticket_counter_once"),
        sqlite_with_rowid=False,
    )
