"""What a keypad's keys do to what was typed: nothing but digits, never more than fit. The numbers' own rules are
`kiosk.rules`'."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.door import Reason

CODE_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Read:
    """What was typed, read: `missing` digits until it is `whole`, or the `problem` why it never will be."""

    missing: int
    whole: bool
    problem: Reason | None = None


def read_phone(typed: str) -> Read:
    """A telephone number being typed: a mobile of 11 digits, or a landline with its area code."""
    if typed.startswith("0"):
        length = 11 if typed[1:2] in ("1", "2") else 12
        return Read(max(0, length - len(typed)), length - 1 <= len(typed) <= length)
    if typed and not typed.startswith("1"):
        return Read(0, whole=False, problem=Reason("phone-invalid"))
    return Read(11 - len(typed), len(typed) == 11)


def read_code(typed: str) -> Read:
    """An appointment's code being typed."""
    return Read(CODE_LENGTH - len(typed), len(typed) == CODE_LENGTH)


def pressed(typed: str, key: str, read: Callable[[str], Read]) -> str:
    """What stands after a key: a digit, "back" or "clear". A digit too many changes nothing."""
    if key == "clear":
        return ""
    if key == "back":
        return typed[:-1]
    if len(key) != 1 or not key.isascii() or not key.isdigit():
        return typed
    before = read(typed)
    return typed if before.missing == 0 and (before.whole or before.problem) else typed + key


def masked(phone: str) -> str:
    """As the check page may show it: 139 **** 5678."""
    return f"{phone[:3]} **** {phone[-4:]}"
