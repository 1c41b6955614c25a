"""What may be shown of a telephone number or a name: as little as its owner needs to know it again."""

from __future__ import annotations

TAIL = 4


def tail(phone: str) -> str:
    """The last four digits, all that a slip carries. Of a number too short to have more, nothing."""
    return phone[-TAIL:] if len(phone) > TAIL else ""


def phone(digits: str) -> str:
    """138 **** 5678; a landline keeps its area code: 0431 **** 5678. Never more than seven or eight digits stand."""
    if len(digits) < 11:
        return "****"
    return f"{digits[: area_length(digits) or 3]} **** {tail(digits)}"


def name(full: str) -> str:
    """张三 → 张*, 张小三 → 张*三. One sign alone says nothing about its owner and is hidden whole."""
    if len(full) < 2:
        return "*" * len(full)
    if len(full) == 2:
        return full[0] + "*"
    return full[0] + "*" * (len(full) - 2) + full[-1]


def area_length(digits: str) -> int:
    """Digits of a landline's area code: 3 for 010 and 02x, 4 for the rest, 0 for a mobile number."""
    if not digits.startswith("0"):
        return 0
    return 3 if digits[1:2] in ("1", "2") else 4
