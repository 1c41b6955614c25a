"""The first tables: commands, the log, slots and appointments, people who sign in, kiosks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make them all."""
    op.create_table(
        "account",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("must_change", _INT, nullable=False),
        sa.Column("version", _INT, nullable=False),
        sa.Column("made_at", _INT, nullable=False),
        sa.CheckConstraint("role IN ('clerk', 'manager')", name="account_role"),
        sa.PrimaryKeyConstraint("id", name="account_once"),
        sa.UniqueConstraint("name", name="account_name"),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("facility", sa.Text(), nullable=False),
        sa.Column("begins", _INT, nullable=False),
        sa.Column("ends", _INT, nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("people", _INT, nullable=False),
        sa.Column("places", _INT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("booked_at", _INT, nullable=False),
        sa.Column("changed_at", _INT, nullable=False),
        sa.CheckConstraint("code IS NOT NULL OR state IN ('done', 'cancelled', 'no-show')", name="living_has_code"),
        sa.CheckConstraint(
            "state IN ('booked', 'checked-in', 'done', 'cancelled', 'no-show')", name="appointment_state"
        ),
        sa.CheckConstraint("ends > begins", name="appointment_span"),
        sa.CheckConstraint("people > 0 AND places > 0", name="appointment_people"),
        sa.PrimaryKeyConstraint("id", name="appointment_once"),
        sa.UniqueConstraint("code", name="code_among_the_living"),
        sqlite_with_rowid=False,
    )
    op.create_index("appointment_begins", "appointment", ["state", "begins"], unique=False)
    op.create_table(
        "code_wait",
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("since", _INT, nullable=False),
        sa.Column("until", _INT, nullable=False),
        sa.PrimaryKeyConstraint("kiosk", name="code_wait_once"),
    )
    op.create_table(
        "command",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", _INT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="command_once"),
        sqlite_with_rowid=False,
    )
    op.create_index("command_at", "command", ["at"], unique=False)
    op.create_table(
        "event",
        sa.Column("seq", _INT, sa.Identity(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("at", _INT, nullable=False),
        sa.Column("high", _INT, nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="event_seq"),
        sa.UniqueConstraint("id", name="event_once"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "help_call",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("at", _INT, nullable=False),
        sa.Column("answered_at", _INT, nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="help_call_once"),
    )
    op.create_index("help_call_open", "help_call", ["answered_at"], unique=False)
    op.create_table(
        "kiosk",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", _INT, nullable=False),
        sa.Column("skew", _INT, nullable=False),
        sa.Column("devices", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="kiosk_once"),
    )
    op.create_table(
        "kiosk_order",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("made_at", _INT, nullable=False),
        sa.Column("done_at", _INT, nullable=True),
        sa.CheckConstraint("kind IN ('reprint', 'help-coming')", name="kiosk_order_kind"),
        sa.PrimaryKeyConstraint("id", name="kiosk_order_once"),
    )
    op.create_index("kiosk_order_open", "kiosk_order", ["kiosk", "done_at"], unique=False)
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("fence", _INT, nullable=False),
        sa.Column("until", _INT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="lease_once"),
    )
    op.create_table(
        "mark",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="mark_once"),
    )
    op.create_table(
        "miss",
        sa.Column("seq", _INT, sa.Identity(), nullable=False),
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("at", _INT, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="miss_seq"),
        sqlite_autoincrement=True,
    )
    op.create_index("miss_kiosk", "miss", ["kiosk", "at"], unique=False)
    op.create_table(
        "personal",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("phone_mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name="personal_once"),
        sqlite_with_rowid=False,
    )
    op.create_index("personal_phone", "personal", ["phone_mac"], unique=False)
    op.create_table(
        "phone_day",
        sa.Column("phone_mac", sa.LargeBinary(), nullable=False),
        sa.Column("facility", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("held", _INT, nullable=False),
        sa.Column("most", _INT, nullable=False),
        sa.CheckConstraint("held <= most", name="phone_day_limit"),
        sa.CheckConstraint("held >= 0", name="phone_day_not_negative"),
        sa.PrimaryKeyConstraint("phone_mac", "facility", "day", name="phone_day_once"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "slip",
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("kiosk", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", _INT, nullable=False),
        sa.Column("settled_at", _INT, nullable=True),
        sa.CheckConstraint("state IN ('printed', 'failed', 'unknown', 'not-begun')", name="slip_state"),
        sa.PrimaryKeyConstraint("job", name="slip_once"),
    )
    op.create_index("slip_open", "slip", ["settled_at", "state"], unique=False)
    op.create_table(
        "slot",
        sa.Column("facility", sa.Text(), nullable=False),
        sa.Column("begins", _INT, nullable=False),
        sa.Column("capacity", _INT, nullable=False),
        sa.Column("taken", _INT, nullable=False),
        sa.CheckConstraint("taken <= capacity", name="slot_within_capacity"),
        sa.CheckConstraint("taken >= 0", name="slot_not_negative"),
        sa.PrimaryKeyConstraint("facility", "begins", name="slot_once"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "token",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", _INT, nullable=False),
        sa.CheckConstraint("role IN ('kiosk', 'clerk', 'manager')", name="token_role"),
        sa.PrimaryKeyConstraint("id", name="token_once"),
        sa.UniqueConstraint("hash", name="token_hash"),
        sa.UniqueConstraint("name", name="token_name"),
    )
