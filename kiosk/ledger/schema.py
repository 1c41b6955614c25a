"""The ledger's tables, once, for SQLite and PostgreSQL. States the invariants; holds no statement and no decision.

Times are epoch milliseconds (UTC), days ISO text. Every "at most" is a named constraint that the database holds by
itself, because several processes write here. Personal fields stand in `personal`, `phone_day` and nowhere else.
`HEAD` names the newest migration; a test asks that all migrations together make exactly these tables.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

HEAD = "0006"

metadata = MetaData()

# Whole numbers: 64 bits on both; SQLite wants its own word for a row id.
_Int = BigInteger().with_variant(Integer(), "sqlite")


def _where(condition: str) -> dict[str, Any]:
    """An index over some of the rows only."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


Table(
    "command",
    metadata,
    Column("id", Text, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("answer", Text, nullable=False),
    Column("at", _Int, nullable=False),
    PrimaryKeyConstraint("id", name="command_once"),
    Index("command_at", "at"),
    sqlite_with_rowid=False,
)

Table(
    "event",
    metadata,
    Column("seq", _Int, Identity(), nullable=False),
    Column("id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("at", _Int, nullable=False),
    # The latest time any event has carried since the hall's clock was last declared right.
    Column("high", _Int, nullable=False),
    Column("data", Text, nullable=False),
    PrimaryKeyConstraint("seq", name="event_seq"),
    UniqueConstraint("id", name="event_once"),
    sqlite_autoincrement=True,
)

Table(
    "slot",
    metadata,
    Column("facility", Text, nullable=False),
    Column("begins", _Int, nullable=False),
    Column("capacity", _Int, nullable=False),
    Column("taken", _Int, nullable=False),
    PrimaryKeyConstraint("facility", "begins", name="slot_once"),
    CheckConstraint("taken <= capacity", name="slot_within_capacity"),
    CheckConstraint("taken >= 0", name="slot_not_negative"),
    sqlite_with_rowid=False,
)

Table(
    "appointment",
    metadata,
    Column("id", Text, nullable=False),
    # None once the matter is purged: no code is given out again while its slip may still be in somebody's pocket.
    Column("code", Text),
    Column("facility", Text, nullable=False),
    Column("begins", _Int, nullable=False),
    Column("ends", _Int, nullable=False),
    Column("day", Text, nullable=False),
    Column("people", _Int, nullable=False),
    Column("places", _Int, nullable=False),
    Column("state", Text, nullable=False),
    Column("booked_at", _Int, nullable=False),
    Column("changed_at", _Int, nullable=False),
    PrimaryKeyConstraint("id", name="appointment_once"),
    UniqueConstraint("code", name="code_among_the_living"),
    CheckConstraint("state IN ('booked', 'checked-in', 'done', 'cancelled', 'no-show')", name="appointment_state"),
    CheckConstraint("code IS NOT NULL OR state IN ('done', 'cancelled', 'no-show')", name="living_has_code"),
    CheckConstraint("people > 0 AND places > 0", name="appointment_people"),
    CheckConstraint("ends > begins", name="appointment_span"),
    Index("appointment_begins", "state", "begins"),
    sqlite_with_rowid=False,
)

Table(
    "personal",
    metadata,
    Column("subject", Text, nullable=False),
    Column("phone", LargeBinary, nullable=False),
    Column("phone_mac", LargeBinary, nullable=False),
    PrimaryKeyConstraint("subject", name="personal_once"),
    Index("personal_phone", "phone_mac"),
    sqlite_with_rowid=False,
)

Table(
    "phone_day",
    metadata,
    Column("phone_mac", LargeBinary, nullable=False),
    Column("facility", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("held", _Int, nullable=False),
    Column("most", _Int, nullable=False),
    PrimaryKeyConstraint("phone_mac", "facility", "day", name="phone_day_once"),
    CheckConstraint("held <= most", name="phone_day_limit"),
    CheckConstraint("held >= 0", name="phone_day_not_negative"),
    sqlite_with_rowid=False,
)

Table(
    "token",
    metadata,
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("made_at", _Int, nullable=False),
    PrimaryKeyConstraint("id", name="token_once"),
    UniqueConstraint("name", name="token_name"),
    UniqueConstraint("hash", name="token_hash"),
    CheckConstraint("role IN ('kiosk', 'clerk', 'manager')", name="token_role"),
)

Table(
    "account",
    metadata,
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("must_change", _Int, nullable=False),
    # Grows with every new password: a session made under an older one is over.
    Column("version", _Int, nullable=False),
    Column("made_at", _Int, nullable=False),
    PrimaryKeyConstraint("id", name="account_once"),
    UniqueConstraint("name", name="account_name"),
    CheckConstraint("role IN ('clerk', 'manager')", name="account_role"),
)

Table(
    "lease",
    metadata,
    Column("name", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("fence", _Int, nullable=False),
    Column("until", _Int, nullable=False),
    PrimaryKeyConstraint("name", name="lease_once"),
)

Table(
    "kiosk",
    metadata,
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("at", _Int, nullable=False),
    # Its clock minus the hall's, milliseconds.
    Column("skew", _Int, nullable=False),
    Column("devices", Text, nullable=False),
    PrimaryKeyConstraint("id", name="kiosk_once"),
)

Table(
    "slip",
    metadata,
    Column("job", Text, nullable=False),
    Column("kiosk", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", _Int, nullable=False),
    # When staff dealt with it (printed again, or put aside); None while it waits for them.
    Column("settled_at", _Int),
    PrimaryKeyConstraint("job", name="slip_once"),
    CheckConstraint("state IN ('printed', 'failed', 'unknown', 'not-begun')", name="slip_state"),
    Index("slip_open", "settled_at", "state"),
)

Table(
    "help_call",
    metadata,
    Column("id", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("kiosk", Text, nullable=False),
    Column("page", Text, nullable=False),
    Column("at", _Int, nullable=False),
    Column("answered_at", _Int),
    Column("answered_by", Text),
    PrimaryKeyConstraint("id", name="help_call_once"),
    Index("help_call_open", "answered_at"),
)

Table(
    "kiosk_order",
    metadata,
    Column("id", Text, nullable=False),
    Column("kiosk", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("made_at", _Int, nullable=False),
    Column("done_at", _Int),
    PrimaryKeyConstraint("id", name="kiosk_order_once"),
    CheckConstraint("kind IN ('reprint', 'help-coming')", name="kiosk_order_kind"),
    Index("kiosk_order_open", "kiosk", "done_at"),
)

Table(
    "miss",
    metadata,
    Column("seq", _Int, Identity(), nullable=False),
    Column("kiosk", Text, nullable=False),
    Column("at", _Int, nullable=False),
    PrimaryKeyConstraint("seq", name="miss_seq"),
    Index("miss_kiosk", "kiosk", "at"),
    sqlite_autoincrement=True,
)

Table(
    "code_wait",
    metadata,
    Column("kiosk", Text, nullable=False),
    Column("since", _Int, nullable=False),
    Column("until", _Int, nullable=False),
    PrimaryKeyConstraint("kiosk", name="code_wait_once"),
)

Table(
    "mark",
    metadata,
    Column("name", Text, nullable=False),
    Column("value", Text, nullable=False),
    PrimaryKeyConstraint("name", name="mark_once"),
)

Table(
    "ticket",
    metadata,
    Column("id", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("letter", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("n", _Int, nullable=False),
    # The service it was taken for; and the letter of the line it waits in now (after a transfer another).
    Column("service", Text, nullable=False),
    Column("line", Text, nullable=False),
    Column("kind", Text, nullable=False),
    # From when its waiting counts.
    Column("since", _Int, nullable=False),
    Column("matter", Text),
    Column("state", Text, nullable=False),
    # Where it is called or held.
    Column("at_window", Text),
    # After a transfer: the only window that may call it; the windows it comes back to, the next
    # first, with a comma between; '' for none.
    Column("aim", Text, nullable=False),
    Column("back", Text, nullable=False),
    Column("rejoined", _Int, nullable=False),
    Column("appointment", Text),
    Column("appointed", _Int),
    Column("taken_at", _Int, nullable=False),
    Column("changed_at", _Int, nullable=False),
    # Grows with every change: what compare-and-set compares.
    Column("turn", _Int, nullable=False),
    # How long it was thought to wait when it was taken, and how uncertain that was, milliseconds.
    Column("guess", _Int),
    Column("spread", _Int),
    PrimaryKeyConstraint("id", name="ticket_once"),
    UniqueConstraint("letter", "day", "n", name="ticket_number_once"),
    CheckConstraint(
        "state IN ('waiting', 'called', 'held', 'parked', 'done', 'no-show', 'expired')", name="ticket_state"
    ),
    CheckConstraint("kind IN ('priority', 'appointment', 'walk-in')", name="ticket_kind"),
    CheckConstraint("state NOT IN ('called', 'held') OR at_window IS NOT NULL", name="ticket_somewhere"),
    # Only those still alive stand in these, however many old ones there are.
    Index("ticket_waiting", "day", "line", "kind", "since", "n", **_where("state = 'waiting' AND aim = ''")),
    Index("ticket_aimed", "day", "aim", "kind", "since", "n", **_where("state = 'waiting' AND aim <> ''")),
    Index("ticket_aside", "day", **_where("state IN ('called', 'held', 'parked')")),
    sqlite_with_rowid=False,
)

Table(
    "ticket_counter",
    metadata,
    Column("letter", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("last", _Int, nullable=False),
    # How many wait in the line of this letter.
    Column("waiting", _Int, nullable=False),
    PrimaryKeyConstraint("day", "letter", name="ticket_counter_once"),
    CheckConstraint("waiting >= 0", name="ticket_counter_not_negative"),
    sqlite_with_rowid=False,
)

Table(
    "phone_line",
    metadata,
    Column("phone_mac", LargeBinary, nullable=False),
    Column("service", Text, nullable=False),
    Column("ticket", Text, nullable=False),
    PrimaryKeyConstraint("phone_mac", "service", name="phone_line_once"),
    sqlite_with_rowid=False,
)

Table(
    "service_window",
    metadata,
    Column("id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("services", Text, nullable=False),
    Column("clerk", Text, nullable=False),
    Column("reason", Text),
    Column("back_at", _Int),
    Column("day", Text, nullable=False),
    # Calls in a row that went before a walk-in who waited.
    Column("streak", _Int, nullable=False),
    Column("turn", _Int, nullable=False),
    PrimaryKeyConstraint("id", name="service_window_once"),
    CheckConstraint("state IN ('closed', 'open', 'paused')", name="service_window_state"),
    sqlite_with_rowid=False,
)

Table(
    "ticket_call",
    metadata,
    Column("seq", _Int, Identity(), nullable=False),
    Column("ticket", Text, nullable=False),
    Column("at_window", Text, nullable=False),
    Column("line", Text, nullable=False),
    Column("since", _Int, nullable=False),
    Column("at", _Int, nullable=False),
    Column("again", _Int, nullable=False),
    Column("again_at", _Int, nullable=False),
    Column("why", Text, nullable=False),
    # None while it is open: at most one for each window, and for each ticket.
    Column("ended_at", _Int),
    Column("ending", Text),
    PrimaryKeyConstraint("seq", name="ticket_call_seq"),
    CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name="ticket_call_ending"),
    Index("ticket_call_window_once", "at_window", unique=True, **_where("ended_at IS NULL")),
    Index("ticket_call_ticket_once", "ticket", unique=True, **_where("ended_at IS NULL")),
    Index("ticket_call_line", "line", "at"),
    Index("ticket_call_at", "again_at"),
    sqlite_autoincrement=True,
)

Table(
    "rating",
    metadata,
    Column("ticket", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("at_window", Text),
    Column("level", _Int, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("at", _Int, nullable=False),
    PrimaryKeyConstraint("ticket", name="rating_once"),
    CheckConstraint("level BETWEEN 1 AND 5", name="rating_level"),
    Index("rating_at", "at"),
    sqlite_with_rowid=False,
)

# Who may not sign in for the time being.
Table(
    "account_off",
    metadata,
    Column("account", Text, nullable=False),
    Column("at", _Int, nullable=False),
    PrimaryKeyConstraint("account", name="account_off_once"),
)

# Sign-ins that ended before their hours were over: their cookies open nothing any more, wherever they are.
Table(
    "session_over",
    metadata,
    Column("session", Text, nullable=False),
    Column("at", _Int, nullable=False),
    PrimaryKeyConstraint("session", name="session_over_once"),
    sqlite_with_rowid=False,
)

# ---- what managers enter beside hall.toml ----------------------------------------------------------------------------

Table(
    "closure",
    metadata,
    Column("id", Text, nullable=False),
    Column("first", Text, nullable=False),
    Column("last", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("why_en", Text, nullable=False),
    Column("made_at", _Int, nullable=False),
    Column("made_by", Text, nullable=False),
    PrimaryKeyConstraint("id", name="closure_once"),
    CheckConstraint("last >= first", name="closure_span"),
)

Table(
    "place_limit",
    metadata,
    Column("facility", Text, nullable=False),
    Column("capacity", _Int, nullable=False),
    Column("made_at", _Int, nullable=False),
    Column("made_by", Text, nullable=False),
    PrimaryKeyConstraint("facility", name="place_limit_once"),
    CheckConstraint("capacity >= 0", name="place_limit_not_negative"),
)

Table(
    "holiday_notice",
    metadata,
    Column("year", _Int, nullable=False),
    Column("days", Text, nullable=False),
    Column("made_at", _Int, nullable=False),
    Column("made_by", Text, nullable=False),
    PrimaryKeyConstraint("year", name="holiday_notice_once"),
)

Table(
    "hall_cancel",
    metadata,
    Column("appointment", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", _Int, nullable=False),
    # When somebody told the resident; None while they stand in the call list.
    Column("told_at", _Int),
    Column("told_by", Text),
    PrimaryKeyConstraint("appointment", name="hall_cancel_once"),
    Index("hall_cancel_untold", "at", **_where("told_at IS NULL")),
)

# ---- requests --------------------------------------------------------------------------------------------------------

Table(
    "request",
    metadata,
    Column("id", Text, nullable=False),
    # None once the matter is purged.
    Column("code", Text),
    Column("category", Text, nullable=False),
    Column("grid", Text),
    Column("state", Text, nullable=False),
    # The day by which an answer is due, and how many working days extensions have added since it last began.
    Column("due", Text, nullable=False),
    Column("extended", _Int, nullable=False),
    Column("filed_at", _Int, nullable=False),
    Column("changed_at", _Int, nullable=False),
    # Names of staff: who was asked first (stays), who has it in hand here, who answers for it ("" for nobody).
    Column("first_asked", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("officer", Text, nullable=False),
    Column("unit", Text, nullable=False),
    # 1 while a destination upstream answers it, 0 where the hall does.
    Column("away", _Int, nullable=False),
    Column("reopened", _Int, nullable=False),
    # How many steps there are; grows with every change, and is what compare-and-set compares.
    Column("turn", _Int, nullable=False),
    PrimaryKeyConstraint("id", name="request_once"),
    UniqueConstraint("code", name="request_code_among_the_living"),
    CheckConstraint("state IN ('registered', 'accepted', 'doing', 'done', 'confirmed')", name="request_state"),
    CheckConstraint("code IS NOT NULL OR state = 'confirmed'", name="living_request_has_code"),
    Index("request_open", "due", **_where("state <> 'confirmed'")),
    Index("request_filed", "filed_at"),
    sqlite_with_rowid=False,
)

# What people wrote, sealed under the hall's key; it dies with the matter. `part` of a request: "text", "place", "name",
# "step:{n}"; of a rating, whose subject is its ticket: "rating".
Table(
    "request_text",
    metadata,
    Column("subject", Text, nullable=False),
    Column("part", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("subject", "part", name="request_text_once"),
    sqlite_with_rowid=False,
)

Table(
    "request_step",
    metadata,
    Column("request", Text, nullable=False),
    Column("n", _Int, nullable=False),
    Column("at", _Int, nullable=False),
    Column("code", Text, nullable=False),
    Column("facts", Text, nullable=False),
    PrimaryKeyConstraint("request", "n", name="request_step_once"),
    sqlite_with_rowid=False,
)

Table(
    "request_help",
    metadata,
    Column("id", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", _Int, nullable=False),
    Column("settled_at", _Int),
    Column("settled_by", Text),
    PrimaryKeyConstraint("id", name="request_help_id"),
    CheckConstraint(
        "kind IN ('follow-up', 'teaching', 'home-visit', 'extended-hours', 'call-back')", name="request_help_kind"
    ),
    Index("request_help_once", "request", "kind", unique=True, **_where("settled_at IS NULL")),
    sqlite_with_rowid=False,
)

# What came from upstream: each change once. `aside` says why one was not applied; staff settle those.
Table(
    "request_change",
    metadata,
    Column("id", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", _Int, nullable=False),
    Column("aside", Text),
    Column("settled_at", _Int),
    PrimaryKeyConstraint("id", name="request_change_once"),
    Index("request_change_aside", "at", **_where("aside IS NOT NULL AND settled_at IS NULL")),
    sqlite_with_rowid=False,
)


# ---- upstream: what goes onward --------------------------------------------------------------------------------------

# How far each destination has got in the log. Up to `after` everything is acknowledged or set aside; what follows up to
# `apart_to` goes one by one. `why`, `since`: what is wrong with it now, and since when; '' and None while all is well.
Table(
    "relay_cursor",
    metadata,
    Column("destination", Text, nullable=False),
    Column("after", _Int, nullable=False),
    Column("apart_to", _Int, nullable=False),
    # 1 once it said that it wants no more (410): until staff let it go on.
    Column("paused", _Int, nullable=False),
    Column("why", Text, nullable=False),
    Column("since", _Int),
    # When it last took something, and our clock minus its own, milliseconds.
    Column("took_at", _Int),
    Column("skew", _Int),
    PrimaryKeyConstraint("destination", name="relay_cursor_once"),
    sqlite_with_rowid=False,
)

# The batch under way, one at most: stored before its first attempt, and tried again with the same members.
Table(
    "relay_batch",
    metadata,
    Column("destination", Text, nullable=False),
    Column("id", Text, nullable=False),
    # Places in the log, a JSON array.
    Column("members", Text, nullable=False),
    PrimaryKeyConstraint("destination", name="relay_batch_once"),
    sqlite_with_rowid=False,
)

# What a destination refused for good: staff look at it, and may send it again.
Table(
    "relay_aside",
    metadata,
    Column("destination", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("place", _Int, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", _Int, nullable=False),
    Column("settled_at", _Int),
    PrimaryKeyConstraint("destination", "event", name="relay_aside_once"),
    Index("relay_aside_open", "destination", "at", **_where("settled_at IS NULL")),
    sqlite_with_rowid=False,
)

# What joins an event's data on its way to one destination (sealed to it, or named in `clear`), under the hall's key.
# Dies when it is acknowledged; `kept_until` is set once the event is set aside.
Table(
    "outbox",
    metadata,
    Column("destination", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("kept_until", _Int),
    PrimaryKeyConstraint("destination", "event", name="outbox_once"),
    Index("outbox_dying", "kept_until", **_where("kept_until IS NOT NULL")),
    sqlite_with_rowid=False,
)

# How far the changes of each destination have been pulled.
Table(
    "change_cursor",
    metadata,
    Column("destination", Text, nullable=False),
    Column("after", _Int, nullable=False),
    Column("why", Text, nullable=False),
    Column("since", _Int),
    PrimaryKeyConstraint("destination", name="change_cursor_once"),
    sqlite_with_rowid=False,
)

# ---- upstream: the end that receives ---------------------------------------------------------------------------------

# Every event that came, once. `known` is 0 for a type that nothing here understands: kept for staff to look at.
Table(
    "received",
    metadata,
    Column("source", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("at", _Int, nullable=False),
    Column("received_at", _Int, nullable=False),
    Column("known", _Int, nullable=False),
    Column("data", Text, nullable=False),
    PrimaryKeyConstraint("source", "id", name="received_once"),
    Index("received_unknown", "received_at", **_where("known = 0")),
    sqlite_with_rowid=False,
)

# A request as a district holds it; its words stand in `request_text`, its steps in `request_step`.
Table(
    "case_",
    metadata,
    Column("id", Text, nullable=False),
    Column("hall", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("grid", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("officer", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("due", Text, nullable=False),
    Column("filed_at", _Int, nullable=False),
    Column("came_at", _Int, nullable=False),
    Column("changed_at", _Int, nullable=False),
    Column("reopened", _Int, nullable=False),
    Column("extended", _Int, nullable=False),
    # 1 while the tier above answers it.
    Column("above", _Int, nullable=False),
    # How many steps there are: what compare-and-set compares.
    Column("turn", _Int, nullable=False),
    PrimaryKeyConstraint("id", name="case_once"),
    CheckConstraint("state IN ('registered', 'accepted', 'doing', 'done', 'confirmed', 'returned')", name="case_state"),
    Index("case_open", "due", **_where("state NOT IN ('confirmed', 'returned')")),
    Index("case_filed", "filed_at"),
    sqlite_with_rowid=False,
)

# What halls are to hear, in order; they pull it. `content`: the words to the resident, under the district's key.
Table(
    "case_change",
    metadata,
    Column("seq", _Int, Identity(), nullable=False),
    Column("id", Text, nullable=False),
    Column("hall", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", _Int, nullable=False),
    Column("unit", Text, nullable=False),
    Column("officer", Text, nullable=False),
    Column("due", Text, nullable=False),
    Column("content", LargeBinary),
    PrimaryKeyConstraint("seq", name="case_change_seq"),
    UniqueConstraint("id", name="case_change_once"),
    Index("case_change_hall", "hall", "seq"),
    sqlite_autoincrement=True,
)


def constraint_of(message: str) -> str:
    """The constraint that SQLite means: it names a CHECK by its name, a UNIQUE or PRIMARY KEY by its columns
    ("UNIQUE constraint failed: slot.facility, slot.begins")."""
    kind, _, what = message.partition(" constraint failed: ")
    if kind == "CHECK":
        return what
    named = tuple(part.rpartition(".")[2] for part in what.split(", "))
    table = metadata.tables.get(what.partition(".")[0])
    for constraint in table.constraints if table is not None else ():
        if (
            isinstance(constraint, UniqueConstraint | PrimaryKeyConstraint)
            and tuple(column.name for column in constraint.columns) == named
        ):
            return str(constraint.name)
    for index in table.indexes if table is not None else ():
        if index.unique and tuple(column.name for column in index.columns) == named:
            return str(index.name)
    return what
