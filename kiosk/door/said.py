"""What every part of the door is told with: who asks, names, reasons, ways on, refusals, and that the hall is away.

Nothing here does anything: no clock, no wire, no wording.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum


class HallAway(Exception):
    """The hall did not answer, or could not. Whether a command took effect is unknown. `reason`: what it said of
    itself, if it said anything."""

    def __init__(self, message: str = "", reason: Reason | None = None) -> None:
        super().__init__(message)
        self.reason = reason


class Role(StrEnum):
    """Who is asking. A manager may do what a clerk may; a kiosk only what a resident may."""

    KIOSK = "kiosk"
    CLERK = "clerk"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Name:
    """A name as residents read it, in Chinese and (where the hall gave one) in English."""

    zh: str
    en: str = ""


Fact = str | int | datetime | date | time | timedelta | Name
Facts = Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something cannot be had: a stable `code` for machines, `facts` for the sentence people read.

    `kiosk.words` turns it into a sentence in the reader's language.
    """

    code: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that works instead of what was refused. `facility` and `start` make it one tap away."""

    reason: Reason
    facility: str | None = None
    start: datetime | None = None
    service: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """The hall says no, why, and what can be done instead.

    `kind` decides the HTTP status: "missing" 404, "conflict" 409 (the world says no: full, taken, closed now),
    "rule" 422 (a rule says no), "forbidden" 403, "busy" 429 with `retry_after`, "broken" 503 (the ledger cannot be
    written; nothing was done).
    """

    kind: str
    reason: Reason
    next: tuple[Offer, ...] = ()
    retry_after: timedelta | None = None
