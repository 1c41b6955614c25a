"""The rules by which something is booked, as [[facilities]] and a service's `bookable` write them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import time

from kiosk.config.hours import read_lead
from kiosk.config.reader import Table
from kiosk.config.settings import BookingRules, Periods
from kiosk.rules.lead import NONE, Lead

_DAY_MIN = 24 * 60


def read_rules(table: Table, week: Collection[Periods]) -> BookingRules:
    """The booking keys of a table. `week`: the periods of each open weekday, to see whether a slot fits anywhere; a
    half-day block is what is open of it and fits wherever anything does."""
    lead = read_lead(table, "lead", NONE)
    horizon = table.number("horizon", 1, 366, 14)
    minutes = _slot(table)
    before = len(table.problems.all)
    capacity = table.number("capacity", 1, 10_000)
    takes_people = table.choice("takes", ("people", "booking"), "people") == "people"
    counted = takes_people and len(table.problems.all) == before  # what is wrong already draws nothing behind it
    rules = BookingRules(
        capacity=capacity,
        slot_minutes=minutes,
        lead=lead,
        change_lead=read_lead(table, "change_lead", NONE),
        cancel_lead=read_lead(table, "cancel_lead", NONE),
        horizon=horizon,
        **_limits(table, capacity if counted else 100),
        takes_people=takes_people,
    )
    open_days = sum(bool(periods) for periods in week)
    for key, each in (("lead", lead), ("change_lead", rules.change_lead), ("cancel_lead", rules.cancel_lead)):
        if _least_days(each, open_days) > horizon:
            table.wrong(key, f"不超过 horizon（{horizon} 天）/ not beyond the horizon ({horizon} days)")
    lengths = [_minutes(span) for periods in week for span in periods]
    if minutes is not None and lengths and max(lengths) < minutes:
        table.wrong("slot", "放得进一段开放时间 / short enough for some opening hours")
    return rules


def _limits(table: Table, places: int) -> dict[str, int]:
    """`places`: the most that one booking could ever take; more people than that would be offered and never fit."""
    limits = table.table("limits")
    most = min(100, places)
    read = {
        "phone_day": limits.number("phone_day", 1, 100, 1),
        "people": limits.number("people", 1, most, min(2, most)),
    }
    limits.end()
    return read


def _slot(table: Table) -> int | None:
    found = table.raw("slot")
    if found == "half-day":
        return None
    if isinstance(found, dict) and list(found) == ["minutes"]:
        minutes = found["minutes"]
        if isinstance(minutes, int) and not isinstance(minutes, bool) and 5 <= minutes <= _DAY_MIN:
            return minutes
    table.wrong("slot", '{ minutes = 60 }（5 起）或 "half-day" / { minutes = 60 } (from 5) or "half-day"')
    return None


def _least_days(lead: Lead, open_days: int) -> float:
    """The fewest calendar days a lead can span in a hall that opens so many days a week."""
    weeks, left = divmod(lead.amount, open_days or 7)
    days = {
        "minutes": lead.amount / _DAY_MIN, "hours": lead.amount / 24, "half_days": lead.amount / 2,
        "days": float(lead.amount), "working_days": float(weeks * 7 + left),
    }  # fmt: skip
    return days[lead.unit]


def _minutes(span: tuple[time, time]) -> int:
    start, end = (at.hour * 60 + at.minute for at in span)
    return end - start
