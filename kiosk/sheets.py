"""Reading plain JSON that came from outside: texts, numbers, moments, lists, each with a look before it is believed.

A reader returns the value or raises `WireError` with the member's path and what would be right. Never writes, never
knows what the values mean: that is `kiosk.wire`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple, TypeVar

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

MOST_TEXT = 500  # characters in any one text; the longest of ours is a closure's reason in hall.toml
MOST_INTEGER = 2**31 - 1
MOST_ITEMS = 1000
# Years outside these cannot be meant, and the edges of datetime overflow when their zone is changed.
YEARS = (2000, 2199)


class WireError(ValueError):
    """What came over the wire is not what it should be. `key` is the member's path, e.g. `devices[0].state`."""

    def __init__(self, key: str, found: object, wanted: str) -> None:
        """Keep the three apart; `found` is cut short and never more than a type for a text (it may be personal)."""
        super().__init__(f"{key or 'body'}: wanted {wanted}")
        self.key = key
        self.found = "text" if isinstance(found, str) else type(found).__name__ if found is not None else "nothing"
        self.wanted = wanted


class Sheet(NamedTuple):
    """One JSON object being read: its members and the path that leads to it."""

    members: Mapping[str, object]
    path: str

    def at(self, key: str) -> str:
        """Give the path of a member."""
        return f"{self.path}.{key}" if self.path else key


def sheet(raw: object, path: str = "", only: frozenset[str] | None = None) -> Sheet:
    """Read a JSON object. With `only`, a member of another name is an error: a misspelt one must not be overlooked."""
    if not isinstance(raw, dict):
        raise WireError(path, raw, "an object")
    if only is not None and not raw.keys() <= only:
        odd = min(str(key) for key in raw.keys() - only)
        shown = odd if odd.isidentifier() and odd.isascii() and len(odd) <= 40 else "?"
        raise WireError(f"{path}.{shown}" if path else shown, raw, f"only {', '.join(sorted(only))}")
    return Sheet(raw, path)


def text(of: Sheet, key: str, most: int = MOST_TEXT) -> str:
    """Read a text: no lone surrogates, no NUL (neither UTF-8 nor PostgreSQL can hold them), at most `most` long."""
    raw = of.members.get(key)
    if not isinstance(raw, str):
        raise WireError(of.at(key), raw, "a text")
    if len(raw) > most:
        raise WireError(of.at(key), raw, f"at most {most} characters")
    if not raw.isascii() and any("\ud800" <= mark <= "\udfff" for mark in raw):
        raise WireError(of.at(key), raw, "whole Unicode characters")
    if "\0" in raw:
        raise WireError(of.at(key), raw, "a text without NUL")
    return raw


def maybe_text(of: Sheet, key: str, most: int = MOST_TEXT) -> str | None:
    """Read a text that may be missing or null."""
    return None if of.members.get(key) is None else text(of, key, most)


def integer(of: Sheet, key: str) -> int:
    """Read a whole number, also one written 5.0 (JSON knows no other kind); `true` is none."""
    raw = of.members.get(key)
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if not isinstance(raw, int) or isinstance(raw, bool) or not -MOST_INTEGER <= raw <= MOST_INTEGER:
        raise WireError(of.at(key), raw, "a whole number")
    return raw


def truth(of: Sheet, key: str, unset: bool | None = None) -> bool:
    """Read true or false; `unset` stands for a missing or null one."""
    raw = of.members.get(key)
    if raw is None and unset is not None:
        return unset
    if not isinstance(raw, bool):
        raise WireError(of.at(key), raw, "true or false")
    return raw


def moment(of: Sheet, key: str) -> datetime:
    """Read an ISO 8601 moment with its offset."""
    return _moment(of.members.get(key), of.at(key))


def _moment(raw: object, path: str) -> datetime:
    wanted = "a time with its offset, like 2026-11-23T14:00:00+08:00"
    if not isinstance(raw, str) or len(raw) > 40:
        raise WireError(path, raw, wanted)
    try:
        at = datetime.fromisoformat(raw)
        if at.tzinfo is None or not YEARS[0] <= at.year <= YEARS[1]:
            raise WireError(path, raw, wanted)
        at.utctimetuple()
    except (ValueError, OverflowError) as wrong:
        raise WireError(path, raw, wanted) from wrong
    return at


def maybe_moment(of: Sheet, key: str) -> datetime | None:
    """Read a moment that may be missing or null."""
    return None if of.members.get(key) is None else moment(of, key)


def a_day(raw: object, path: str) -> date:
    """Read YYYY-MM-DD, and no other of ISO 8601's spellings."""
    if isinstance(raw, str) and len(raw) == 10 and raw[4] == raw[7] == "-":
        try:
            found = date.fromisoformat(raw)
        except ValueError:
            pass
        else:
            if YEARS[0] <= found.year <= YEARS[1]:
                return found
    raise WireError(path, raw, "a day, like 2026-11-23")


def one_of(of: Sheet, key: str, kind: type[E]) -> E:
    """Read one of an enumeration's words."""
    raw = of.members.get(key)
    for choice in kind:
        if choice.value == raw:
            return choice
    raise WireError(of.at(key), raw, "one of " + ", ".join(kind))


def many(of: Sheet, key: str, read: Callable[[object, str], T], most: int = MOST_ITEMS) -> tuple[T, ...]:
    """Read a list with one reader."""
    raw = of.members.get(key)
    if not isinstance(raw, list) or len(raw) > most:
        raise WireError(of.at(key), raw, f"a list of at most {most}")
    return tuple(read(item, f"{of.at(key)}[{n}]") for n, item in enumerate(raw))


def maybe(of: Sheet, key: str, read: Callable[[object, str], T]) -> T | None:
    """Read a member that may be missing or null."""
    raw = of.members.get(key)
    return None if raw is None else read(raw, of.at(key))


def a_text(raw: object, path: str) -> str:
    """Read one text of a list."""
    return text(Sheet({"": raw}, path), "")


def time_of_day(of: Sheet, key: str) -> time:
    """Read an ISO 8601 time of day."""
    raw = text(of, key, 40)
    try:
        return time.fromisoformat(raw)
    except ValueError as wrong:
        raise WireError(of.at(key), raw, "a time of day, like 14:00") from wrong


def seconds(of: Sheet) -> timedelta:
    """Read a stretch of time given in seconds."""
    raw = of.members.get("seconds")
    if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not abs(raw) <= MOST_INTEGER:
        raise WireError(of.at("seconds"), raw, "seconds")
    return timedelta(seconds=raw)
