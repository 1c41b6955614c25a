"""Appointments as rows: made, found, moved from state to state, and their telephones under the hall's key."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.hall.answers import Held
from kiosk.ledger import Again, Hot, Sealed, Tx, Vault

_COLUMNS = "id, code, facility, begins, ends, day, people, places, state, booked_at, changed_at"
_OWNED = ", ".join(f"appointment.{name}" for name in _COLUMNS.split(", "))

ADD = Hot(
    f"INSERT INTO appointment ({_COLUMNS}) VALUES (:id, :code, :facility, :begins, :ends, :day, :people, :places,"  # noqa: S608
    " :state, :booked_at, :changed_at) ON CONFLICT (code) DO NOTHING"
)
_BY_CODE = Hot(f"SELECT {_COLUMNS} FROM appointment WHERE code = :code")  # noqa: S608
_BY_ID = Hot(f"SELECT {_COLUMNS} FROM appointment WHERE id = :id")  # noqa: S608
_BY_PHONE = Hot(
    f"SELECT {_OWNED} FROM personal JOIN appointment ON appointment.id = personal.subject"  # noqa: S608
    " WHERE personal.phone_mac = :phone_mac AND appointment.state IN ('booked', 'checked-in')"
    " ORDER BY appointment.begins"
)
_LIVING = Hot(
    f"SELECT {_COLUMNS} FROM appointment WHERE state IN ('booked', 'checked-in') AND begins >= :since ORDER BY begins"  # noqa: S608
)
_BEGUN = Hot(
    f"SELECT {_COLUMNS} FROM appointment WHERE state = 'booked' AND begins < :before ORDER BY begins LIMIT :most"  # noqa: S608
)
_ENDED = Hot(
    f"SELECT {_COLUMNS} FROM appointment WHERE state = 'checked-in' AND begins < :now AND ends <= :now"  # noqa: S608
    " ORDER BY begins LIMIT :most"
)
# Compare and set: of two who found the same state, one changes it and the other looks again.
_MOVE = Hot(
    "UPDATE appointment SET state = :state, changed_at = :at WHERE id = :id AND state = :was AND changed_at = :seen"
)
_SHIFT = Hot(
    "UPDATE appointment SET begins = :begins, ends = :ends, day = :day, changed_at = :at"
    " WHERE id = :id AND state = 'booked' AND changed_at = :seen AND begins = :was"
)

_ADD_PHONE = Hot("INSERT INTO personal (subject, phone, phone_mac) VALUES (:subject, :phone, :phone_mac)")
_PHONE = Hot("SELECT phone, phone_mac FROM personal WHERE subject = :subject")

_CANCELLED_BY_HALL = Hot("SELECT why FROM hall_cancel WHERE appointment = :id")

_CODE_TRIES = 50


class NoCodeLeft(Exception):
    """So many codes live that fifty random ones were all taken."""


def add(tx: Tx, held: Held, new_code: Callable[[], str]) -> Held:
    """Write an appointment under a code that no living or recent one has."""
    for _ in range(_CODE_TRIES):
        coded = Held(held.id, new_code(), *held[2:])
        if tx.run(ADD, **coded._asdict()) == 1:
            return coded
    raise NoCodeLeft


def by_code(tx: Tx, code: str) -> Held | None:
    """The appointment that has this code, living or not long ended."""
    return _held(tx.one(_BY_CODE, code=code))


def by_id(tx: Tx, id_: str) -> Held | None:
    """The appointment of this id."""
    return _held(tx.one(_BY_ID, id=id_))


def by_phone(tx: Tx, vault: Vault, digits: str) -> list[Held]:
    """The living appointments of a telephone."""
    return [Held(*row) for row in tx.all(_BY_PHONE, phone_mac=phone_mac(vault, digits))]


def living(tx: Tx, since: int) -> list[Held]:
    """Living appointments that begin at or after a moment."""
    return [Held(*row) for row in tx.all(_LIVING, since=since)]


def begun(tx: Tx, before: int, most: int) -> list[Held]:
    """Booked ones that began before a moment and for which nobody came."""
    return [Held(*row) for row in tx.all(_BEGUN, before=before, most=most)]


def ended(tx: Tx, now: int, most: int) -> list[Held]:
    """Checked-in ones whose time is over."""
    return [Held(*row) for row in tx.all(_ENDED, now=now, most=most)]


def move(tx: Tx, held: Held, state: str, at: int) -> Held:
    """Put an appointment into another state, if it is still as it was seen. Raises `Again`."""
    if tx.run(_MOVE, id=held.id, was=held.state, state=state, at=at, seen=held.changed_at) != 1:
        raise Again(held.id)
    return held._replace(state=state, changed_at=at)


def shift(tx: Tx, held: Held, begins: int, ends: int, day: str, at: int) -> Held:
    """Put a booked appointment to another time, if it is still as it was seen. Raises `Again`."""
    changed = tx.run(
        _SHIFT, id=held.id, was=held.begins, begins=begins, ends=ends, day=day, at=at, seen=held.changed_at
    )
    if changed != 1:
        raise Again(held.id)
    return held._replace(begins=begins, ends=ends, day=day, changed_at=at)


def hall_cancelled(tx: Tx, id_: str) -> str | None:
    """Why the hall cancelled an appointment, in its own words; None if it did not."""
    row = tx.one(_CANCELLED_BY_HALL, id=id_)
    return None if row is None else str(row[0])


def phone_mac(vault: Vault, digits: str) -> bytes:
    """What a telephone is found by; says nothing without the hall's key."""
    return vault.mac("phone", digits)


def add_phone(tx: Tx, vault: Vault, subject: str, digits: str, mac: bytes) -> None:
    """Keep a telephone, sealed to what it belongs to."""
    tx.run(_ADD_PHONE, subject=subject, phone=vault.seal(digits, f"phone:{subject}"), phone_mac=mac)


def phone_of(tx: Tx, vault: Vault, subject: str) -> tuple[str, bytes] | None:
    """Digits and look-up value; None without a telephone, or after it was purged."""
    row = tx.one(_PHONE, subject=subject)
    if row is None:
        return None
    try:
        return vault.open(row[0], f"phone:{subject}"), row[1]
    except Sealed:  # written under another key: as good as gone, and no reason to refuse the appointment
        return None


def _held(row: tuple[object, ...] | None) -> Held | None:
    return None if row is None else Held(*row)  # type: ignore[arg-type]
