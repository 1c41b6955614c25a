"""The rules by which something is booked, as [[facilities]] and a service's `bookable` write them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time

from kiosk.config.hours import read_lead
from kiosk.config.reader import Table
from kiosk.config.settings import BookingRules, Periods
from kiosk.rules.lead import NONE, Lead

_DAY_MIN = 24 * 60


def read_rules(table: Table, week: Iterable[Periods], noon: time) -> BookingRules:
    """The booking keys of a table. `week`: the periods of each open weekday, to see whether a slot fits anywhere."""
    lead = read_lead(table, "lead", NONE)
    horizon = table.number("horizon", 1, 366, 14)
    minutes = _slot(table)
    rules = BookingRules(
        capacity=table.number("capacity", 1, 10_000),
        slot_minutes=minutes,
        lead=lead,
        change_lead=read_lead(table, "change_lead", NONE),
        cancel_lead=read_lead(table, "cancel_lead", NONE),
        horizon=horizon,
        **_limits(table),
        takes_people=table.choice("takes", ("people", "booking"), "people") == "people",
    )
    for key, each in (("lead", lead), ("change_lead", rules.change_lead), ("cancel_lead", rules.cancel_lead)):
        if _least_days(each) > horizon:
            table.wrong(key, f"不超过 horizon（{horizon} 天）/ not beyond the horizon ({horizon} days)")
    if not any(_fits(span, minutes, noon) for periods in week for span in periods):
        table.wrong("slot", "放得进一段开放时间 / short enough for some opening hours")
    return rules


def _limits(table: Table) -> dict[str, int]:
    limits = table.table("limits")
    read = {"phone_day": limits.number("phone_day", 1, 100, 1), "people": limits.number("people", 1, 100, 2)}
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


def _least_days(lead: Lead) -> float:
    """The fewest calendar days a lead can span."""
    days = {
        "minutes": lead.amount / _DAY_MIN, "hours": lead.amount / 24, "half_days": lead.amount / 2,
        "days": float(lead.amount), "working_days": float(lead.amount),
    }  # fmt: skip
    return days[lead.unit]


def _fits(span: tuple[time, time], minutes: int | None, noon: time) -> bool:
    start, end = (at.hour * 60 + at.minute for at in span)
    if minutes is not None:
        return end - start >= minutes
    cut = noon.hour * 60 + noon.minute
    return end <= cut or start >= cut
