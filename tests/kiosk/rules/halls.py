"""The demo hall's calendar and booking rules, read from its hall.toml: what the tables here are about."""

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.config import BookingRules, load
from kiosk.rules import slots
from kiosk.rules.bar import Bar
from kiosk.rules.calendar import HallCalendar

DEMO = load(Path(__file__).parents[3] / "assets/demo/hall.toml")
ZONE = ZoneInfo("Asia/Shanghai")
NOON = time(12)
CALENDAR = HallCalendar(ZONE, DEMO.hall.hours)
RULES: dict[str, BookingRules] = {facility.id: facility.rules for facility in DEMO.facilities}


def at(text: str) -> datetime:
    """A moment in the hall's zone: "2026-11-23 9:30" or with seconds."""
    day, _, clock = text.partition(" ")
    return datetime.combine(date.fromisoformat(day), time(*map(int, clock.split(":"))), ZONE)


def judge(facility: str, now: str, start: str, calendar: HallCalendar = CALENDAR) -> str:
    """"" if the slot may be booked at that moment, else the code of why not; "not-a-slot" when there is none."""
    begins = at(start)
    day = calendar.day(begins.date())
    if day.closed is not None:
        return day.closed.code
    for slot in slots.slots_of(day, RULES[facility].slot_minutes, NOON):
        if slot.start == begins:
            bar: Bar | None = slots.barred(slot, at(now), RULES[facility], calendar, NOON)
            return bar.code if bar is not None else ""
    return "not-a-slot"


def open_slots(now: datetime, rules: slots.Rules) -> Iterator[slots.SlotTime]:
    """Every slot that the rules let be booked now, in order, as `kiosk.hall.schedule` goes through them day by day."""
    now = now.astimezone(CALENDAR.zone)
    for day in slots.days_ahead(now, rules):
        for slot in slots.slots_of(CALENDAR.day(day), rules.slot_minutes, NOON):
            if slots.barred(slot, now, rules, CALENDAR, NOON) is None:
                yield slot
