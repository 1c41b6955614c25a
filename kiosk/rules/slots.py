"""Slots of a day and what may be done with one at a given moment: book it, take it on the spot, check in, change it.

Boundaries are inclusive: exactly 30 minutes before the start is thirty minutes before the start. How many places are
taken is the ledger's to know; nothing here counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, Protocol

from kiosk.rules.bar import Bar
from kiosk.rules.calendar import CalendarDay, HallCalendar
from kiosk.rules.lead import Lead

CHECK_IN_BEFORE = timedelta(minutes=15)
CHECK_IN_AFTER = timedelta(minutes=15)
UNDO = timedelta(minutes=10)


class SlotTime(NamedTuple):
    """One bookable stretch, [start, end)."""

    start: datetime
    end: datetime


class Rules(Protocol):
    """What is asked of a facility's booking rules."""

    @property
    def slot_minutes(self) -> int | None: ...
    @property
    def lead(self) -> Lead: ...
    @property
    def horizon(self) -> int: ...


def slots_of(day: CalendarDay, minutes: int | None, noon: time) -> tuple[SlotTime, ...]:
    """A day's slots: from each period's start in steps of `minutes`, the last ending within the period; for half-day
    blocks (None) what is open before noon, and what is open from noon on."""
    if minutes is None:
        return _half_days(day, noon)
    step = timedelta(minutes=minutes)
    slots = []
    for opens, closes in day.periods:
        start = opens
        while start + step <= closes:
            slots.append(SlotTime(start, start + step))
            start += step
    return tuple(slots)


def _half_days(day: CalendarDay, noon: time) -> tuple[SlotTime, ...]:
    blocks = []
    for morning in (True, False):
        parts = []
        for opens, closes in day.periods:
            cut = datetime.combine(day.day, noon, opens.tzinfo)
            start, end = (opens, min(closes, cut)) if morning else (max(opens, cut), closes)
            if start < end:
                parts.append((start, end))
        if parts:
            blocks.append(SlotTime(parts[0][0], parts[-1][1]))
    return tuple(blocks)


def barred(slot: SlotTime, now: datetime, rules: Rules, calendar: HallCalendar, noon: time) -> Bar | None:
    """Why a slot may not be booked now, or None. Of several reasons the one that helps most is told: that it is over,
    that it has begun (it may be taken on the spot), that it is too far off, that it is too soon."""
    if now >= slot.end:
        return Bar("over")
    if now >= slot.start:
        return Bar("already-begun")
    if (slot.start.date() - _day(now, slot.start)).days > rules.horizon:
        return Bar("beyond-horizon", {"days": rules.horizon})
    if not lead_met(rules.lead, slot.start, now, calendar, noon):
        return Bar("lead", {"lead": rules.lead})
    return None


def lead_met(lead: Lead, start: datetime, now: datetime, calendar: HallCalendar, noon: time) -> bool:
    """Is `now` early enough before `start`? Half days are cut at noon: the slot's must come `amount` after now's."""
    now = now.astimezone(start.tzinfo)
    match lead.unit:
        case "minutes":
            return _left(start, now) >= timedelta(minutes=lead.amount)
        case "hours":
            return _left(start, now) >= timedelta(hours=lead.amount)
        case "half_days":
            return _half(start, noon) - _half(now, noon) >= lead.amount
        case "days":
            return (start.date() - now.date()).days >= lead.amount
        case "working_days":
            return start.date() >= calendar.working_day_after(now.date(), lead.amount)


def may_walk_in(slot: SlotTime, now: datetime) -> bool:
    """Has it begun, and is it not over? Then a free place may be taken on the spot."""
    return slot.start <= now < slot.end


def check_in_window(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """From when until when one may check in, both included."""
    return start - CHECK_IN_BEFORE, min(start + CHECK_IN_AFTER, end)


def no_show_at(start: datetime, end: datetime) -> datetime:
    """After this moment the place of one who has not come is free."""
    return check_in_window(start, end)[1]


def days_ahead(now: datetime, rules: Rules) -> Iterator[date]:
    """Today and every day up to the horizon, in the zone of `now`."""
    for ahead in range(rules.horizon + 1):
        yield now.date() + timedelta(days=ahead)


def _half(at: datetime, noon: time) -> int:
    return at.date().toordinal() * 2 + (at.time() >= noon)


def _left(start: datetime, now: datetime) -> timedelta:
    return start.astimezone(UTC) - now.astimezone(UTC)  # within one zone Python would subtract what the clocks show


def _day(now: datetime, like: datetime) -> date:
    return now.astimezone(like.tzinfo).date()
