"""Places of slots and bookings of telephones, as the database counts them. Here a place is taken or it is not.

Each statement is its own guard: it changes a row only if the limit still holds, so no one has to look first, and the
named CHECK behind it refuses what a wrong statement would do (`slot_within_capacity`, `phone_day_limit`).
"""

from __future__ import annotations

from kiosk.ledger import Hot, Tx

LONGEST_MS = 24 * 3_600_000  # no slot is longer than a day

CLAIM = Hot(
    "INSERT INTO slot (facility, begins, capacity, taken) VALUES (:facility, :begins, :capacity, :places)"
    " ON CONFLICT (facility, begins) DO UPDATE SET taken = slot.taken + excluded.taken, capacity = excluded.capacity"
    " WHERE slot.taken + excluded.taken <= excluded.capacity"
)
_RELEASE = Hot("UPDATE slot SET taken = taken - :places WHERE facility = :facility AND begins = :begins")
_TAKEN = Hot("SELECT begins, taken FROM slot WHERE facility = :facility AND begins >= :since AND begins < :until")
_TAKEN_NOW = Hot("SELECT taken FROM slot WHERE facility = :facility AND begins = :begins")

CLAIM_DAY = Hot(
    "INSERT INTO phone_day (phone_mac, facility, day, held, most) VALUES (:phone_mac, :facility, :day, 1, :most)"
    " ON CONFLICT (phone_mac, facility, day) DO UPDATE SET held = phone_day.held + 1, most = excluded.most"
    " WHERE phone_day.held + 1 <= excluded.most"
)
_RELEASE_DAY = Hot(
    "UPDATE phone_day SET held = held - 1 WHERE phone_mac = :phone_mac AND facility = :facility AND day = :day"
)
_FORGET_DAY = Hot(
    "DELETE FROM phone_day WHERE phone_mac = :phone_mac AND facility = :facility AND day = :day AND held = 0"
)


def claim(tx: Tx, facility: str, begins: int, places: int, capacity: int) -> bool:
    """Take places of a slot. False if they are not there; then nothing has changed."""
    return tx.run(CLAIM, facility=facility, begins=begins, capacity=capacity, places=places) == 1


def release(tx: Tx, facility: str, begins: int, places: int) -> None:
    """Give places back."""
    tx.run(_RELEASE, facility=facility, begins=begins, places=places)


def taken(tx: Tx, facility: str, since: int, until: int) -> dict[int, int]:
    """Places taken in the slots that begin in [since, until), by beginning. Slots nobody has touched are not in it."""
    return {row[0]: row[1] for row in tx.all(_TAKEN, facility=facility, since=since, until=until)}


def taken_of(tx: Tx, facility: str, begins: int) -> int:
    """Places taken in one slot."""
    row = tx.one(_TAKEN_NOW, facility=facility, begins=begins)
    return 0 if row is None else int(row[0])


def claim_day(tx: Tx, phone_mac: bytes, facility: str, day: str, most: int) -> bool:
    """Count a telephone's booking of a facility and day. False if it has as many as it may have."""
    return tx.run(CLAIM_DAY, phone_mac=phone_mac, facility=facility, day=day, most=most) == 1


def release_day(tx: Tx, phone_mac: bytes, facility: str, day: str) -> None:
    """Take back one such booking; where none is left nothing stays of the telephone."""
    tx.run(_RELEASE_DAY, phone_mac=phone_mac, facility=facility, day=day)
    tx.run(_FORGET_DAY, phone_mac=phone_mac, facility=facility, day=day)
