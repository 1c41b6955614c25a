"""Reading one table of hall.toml key by key: each key is asked for by type; whatever was not asked for is unknown.

It collects problems instead of raising, so that a technician sees all of them at once. It knows nothing of what the
keys mean. Standard library only: this is on the way to the kiosk's first page.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import TypeVar

T = TypeVar("T")
_SHOWN = 60
_SECRET = re.compile(r"(?i)secret|passw|token|private")
_HIDE_WITHIN = ((re.compile(r"(://[^/@\s]*?:)[^/\s]*@"), r"\1***@"), (re.compile(r"whsec_[^\s\"]*"), "whsec_***"))


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: the key's path, what stands there, and what would be right (Chinese / English)."""

    key: str
    found: str
    wanted: str


class ConfigError(Exception):
    """hall.toml cannot be used. `problems` names everything that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems in the order they were found."""
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.key}: found {p.found}, wanted {p.wanted}" for p in self.problems))


class Problems:
    """Where problems are collected while reading goes on."""

    def __init__(self) -> None:
        """Nothing wrong so far."""
        self.all: list[Problem] = []

    def add(self, key: str, found: object, wanted: str) -> None:
        """Note one. Problems go to terminals and logs, so secrets and passwords within URLs stay hidden."""
        hidden = found is not None and _SECRET.search(key.rpartition(".")[2]) is not None and not key.endswith("_file")
        text = "（不显示 / not shown）" if hidden else shown(found)
        for pattern, instead in _HIDE_WITHIN:
            text = pattern.sub(instead, text)
        self.all.append(Problem(key, text, wanted))


def shown(found: object) -> str:
    """A value as it may be shown: short, on one line, and in hall.toml's own spelling."""
    if found is None:
        return "（没有 / nothing）"
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, dict):
        found = "{ " + ", ".join(f"{key} = {_within(found[key])}" for key in list(found)[:4]) + " }"
    text = f'"{found}"' if isinstance(found, str) and not found.startswith("{ ") else str(found)
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _within(found: object) -> str:
    """What stands in a table: a number is what one looks for; a text may be a secret whose key is not known here."""
    if isinstance(found, bool):
        return shown(found)
    return str(found) if isinstance(found, int | float) else "…"


class Table:
    """One table. `path` is its name for people: "hall", "facilities[0]"."""

    def __init__(self, raw: object, path: str, problems: Problems) -> None:
        """Anything but a table reads as an empty one, with a problem."""
        if raw is not None and not isinstance(raw, dict):
            problems.add(path, raw, "一个表 [...] / a table")
        self._raw: dict[str, object] = dict(raw) if isinstance(raw, dict) else {}
        self._asked: dict[str, None] = {}
        self.path = path
        self.problems = problems

    def name(self, key: str) -> str:
        """The full path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def wrong(self, key: str, wanted: str) -> None:
        """Say that what stands under a key is not right."""
        self.problems.add(self.name(key), self._raw.get(key), wanted)

    def has(self, key: str) -> bool:
        """Is the key there at all?"""
        self._asked[key] = None
        return key in self._raw

    def keys(self) -> tuple[str, ...]:
        """Every key that stands here; asking so makes all of them known."""
        self._asked.update(dict.fromkeys(self._raw))
        return tuple(self._raw)

    def raw(self, key: str) -> object:
        """What stands under a key, unread; None if nothing does."""
        self._asked[key] = None
        return self._raw.get(key)

    def value(self, key: str, default: T | None, read: Callable[[object], T | None], wanted: str) -> T | None:
        """What `read` makes of a key; where the key is missing or `read` gives None, `default`, the latter with a
        problem. A key without default must be there."""
        found = self.raw(key)
        if found is None:
            if default is None:
                self.wrong(key, wanted)
            return default
        made = read(found)
        if made is None:
            self.wrong(key, wanted)
            return default
        return made

    def text(self, key: str, default: str | None = None, most: int = 200) -> str:
        """A non-empty text of at most `most` characters on one line; with "" as default it may be empty."""

        def read(found: object) -> str | None:
            if not isinstance(found, str) or len(found) > most or any(ord(sign) < 32 for sign in found):
                return None
            return found if found.strip() or default == "" else None

        return self.value(key, default, read, f"一行文字，1–{most} 个字 / one line of text, 1–{most} characters") or ""

    def word(self, key: str, default: str | None = None) -> str:
        """An id: small letters, digits and hyphens."""

        def read(found: object) -> str | None:
            fine = isinstance(found, str) and 0 < len(found) <= 40 and found.isascii()
            return str(found) if fine and str(found).replace("-", "a").replace("_", "a").isalnum() else None

        wanted = '字母、数字和连字符，如 "reading-room" / letters, digits and hyphens, e.g. "reading-room"'
        return self.value(key, default, read, wanted) or ""

    def number(self, key: str, least: int, most: int, default: int | None = None) -> int:
        """A whole number within bounds, both included."""

        def read(found: object) -> int | None:
            return found if isinstance(found, int) and not isinstance(found, bool) and least <= found <= most else None

        wanted = f"{least}–{most} 之间的整数 / a whole number from {least} to {most}"
        made = self.value(key, default, read, wanted)
        return least if made is None else made

    def measure(self, key: str, least: float, most: float, default: float) -> float:
        """A number within bounds, with or without a fraction."""

        def read(found: object) -> float | None:
            good = isinstance(found, int | float) and not isinstance(found, bool) and least <= found <= most
            return float(found) if good and isinstance(found, int | float) else None

        made = self.value(key, default, read, f"{least:g}–{most:g} 之间的数 / a number from {least:g} to {most:g}")
        return default if made is None else made

    def choice(self, key: str, options: Sequence[str], default: str | None = None) -> str:
        """One of a few words."""

        def read(found: object) -> str | None:
            return found if isinstance(found, str) and found in options else None

        quoted = " | ".join(f'"{option}"' for option in options)
        return self.value(key, default, read, f"{quoted} 之一 / one of {quoted}") or options[0]

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        made = self.value(key, default, lambda found: found if isinstance(found, bool) else None, "true | false")
        return bool(made)

    def day(self, key: str, default: date | None = None, *, needed: bool = True) -> date | None:
        """A date, with or without quotes."""
        if not needed and self.raw(key) is None:
            return None
        return self.value(key, default, as_day, "日期，如 2026-10-01 / a date like 2026-10-01")

    def clock(self, key: str, default: time) -> time:
        """A time of day."""
        return self.value(key, default, as_time, '时刻，如 "12:00" / a time of day like "12:00"') or default

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of non-empty texts."""

        def read(found: object) -> tuple[str, ...] | None:
            if not isinstance(found, list):
                return None
            fine = [item for item in found if isinstance(item, str) and 0 < len(item.strip()) <= 200]
            return tuple(fine) if len(fine) == len(found) else None

        return self.value(key, default, read, '一列文字，如 ["…", "…"] / a list of texts') or ()

    def table(self, key: str) -> Table:
        """A table within; an empty one if it is missing."""
        return Table(self.raw(key), self.name(key), self.problems)

    def tables(self, key: str) -> list[Table]:
        """A list of tables within: [[key]] …"""
        found = self.raw(key)
        if found is None:
            return []
        if not isinstance(found, list):
            self.wrong(key, f"[[{key}]]（每项一段）/ one [[{key}]] section each")
            return []
        return [Table(item, f"{self.name(key)}[{at}]", self.problems) for at, item in enumerate(found)]

    def end(self) -> None:
        """Every key that nobody asked for is a problem; the nearest known one is named."""
        known = list(self._asked)
        for key in self._raw:
            if key in self._asked:
                continue
            near = difflib.get_close_matches(key, known, n=1)
            wanted = (
                f'没有这个键；是不是 "{near[0]}"？/ no such key; did you mean "{near[0]}"?'
                if near
                else f"没有这个键；可用：{'、'.join(sorted(known))} / no such key; known: {', '.join(sorted(known))}"
            )
            self.problems.add(self.name(key), self._raw[key], wanted)


def as_day(found: object) -> date | None:
    """A date as TOML or as text; None for anything else."""
    if type(found) is date:
        return found
    try:
        return date.fromisoformat(found) if isinstance(found, str) else None
    except ValueError:
        return None


def as_time(found: object) -> time | None:
    """A time of day as TOML ("9:00" or "09:00"), to the minute; None for anything else."""
    if isinstance(found, time):
        return found if found.second == 0 and found.microsecond == 0 else None
    if not isinstance(found, str):
        return None
    hour, colon, minute = found.strip().partition(":")
    if not (colon and hour.isdecimal() and minute.isdecimal() and found.isascii() and len(minute) == 2):
        return None
    return time(int(hour), int(minute)) if int(hour) < 24 and int(minute) < 60 else None
