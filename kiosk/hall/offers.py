"""What works instead: no refusal without a way on. Reads, never promises: an offered place is taken by booking it.

The nearest slot of the same facility first, then another facility at that time, then a clerk.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from kiosk.door import Offer, Reason, Refusal
from kiosk.hall import strays
from kiosk.hall.answers import Held, ms
from kiosk.hall.schedule import Place, Schedule
from kiosk.ledger import Tx
from kiosk.rules.slots import SlotTime as Stretch

ASK_CLERK = Offer(Reason("ask-clerk"))

# What only the clock or the calendar says no to: the answer is the earliest slot, not the nearest one.
_TOO_SOON = frozenset({"lead", "past", "over", "already-begun"})


def instead(
    tx: Tx, schedule: Schedule, place: Place, wanted: datetime, people: int, now: datetime, reason: Reason
) -> tuple[Offer, ...]:
    """What can be had instead of a slot of `place` at `wanted`; a clerk, if nothing."""
    found: list[Offer] = []
    if reason.code == "already-begun":
        found += on_the_spot(tx, schedule, place.id, now, people)
    same = (
        earliest(tx, schedule, place, people, now)
        if reason.code in _TOO_SOON
        else nearest(tx, schedule, place, wanted, people, now)
    )
    if same is not None:
        code = "earliest" if reason.code in _TOO_SOON else "nearest"
        found.append(_offer(code, place, same))
    other = _elsewhere(tx, schedule, place, wanted, people, now)
    if other is not None:
        found.append(other)
    return tuple(found) or (ASK_CLERK,)


def earliest(tx: Tx, schedule: Schedule, place: Place, people: int, now: datetime) -> Stretch | None:
    """The first slot of the horizon that can be booked now and has the places."""
    for day in schedule.days(place, now):
        for stretch in _free(tx, schedule, place, day, people, now):
            return stretch
    return None


def nearest(tx: Tx, schedule: Schedule, place: Place, wanted: datetime, people: int, now: datetime) -> Stretch | None:
    """The bookable slot with places that begins nearest to `wanted`; of two as near, the later."""
    days = sorted(schedule.days(place, now), key=lambda day: (abs((day - wanted.date()).days), day < wanted.date()))
    best: Stretch | None = None
    for day in days:
        if best is not None and abs((day - wanted.date()).days) > abs((best.start.date() - wanted.date()).days) + 1:
            break
        for stretch in _free(tx, schedule, place, day, people, now):
            if best is None or _far(stretch, wanted) < _far(best, wanted):
                best = stretch
    return best


def on_the_spot(tx: Tx, schedule: Schedule, facility: str, now: datetime, people: int) -> tuple[Offer, ...]:
    """A free place in the slot that runs now, if there is one; at a window, a number."""
    place = schedule.place(facility)
    if place is None:
        return ()
    if place in schedule.window_places:
        return (Offer(Reason("other-service", {"service": place.name}), service=place.id),)
    now_free = running(tx, schedule, place, now)
    if now_free is None or now_free[1] < place.places(people):
        return ()
    return (_offer("walk-in-now", place, now_free[0]),)


def running(tx: Tx, schedule: Schedule, place: Place, now: datetime) -> tuple[Stretch, int] | None:
    """The slot of a room that runs now, and how many of its places may be taken on the spot; nobody walks in at a
    window: whoever comes now takes a number."""
    if place in schedule.window_places:
        return None
    for stretch in schedule.stretches(place, now.date()):
        if schedule.walk_in_bar(stretch, now) is None:
            return stretch, free(tx, schedule, place, stretch)
    return None


def free(tx: Tx, schedule: Schedule, place: Place, stretch: Stretch) -> int:
    """How many places a slot has left."""
    return max(0, place.capacity - strays.taken(tx, schedule, place, (stretch,)).get(ms(stretch.start), 0))


def another_day(tx: Tx, schedule: Schedule, place: Place, but: date, now: datetime) -> tuple[Offer, ...]:
    """The earliest slot of the same facility on a day that is not `but`."""
    for day in schedule.days(place, now):
        if day != but and (free := _free(tx, schedule, place, day, 1, now)):
            return (_offer("other-day", place, free[0]),)
    return ()


def once_more(tx: Tx, schedule: Schedule, held: Held, now: datetime) -> tuple[Offer, ...]:
    """For an appointment that is none any more: what of its facility is free now, and the earliest to book."""
    place = schedule.place(held.facility)
    if place is None:
        return ()
    first = earliest(tx, schedule, place, held.people, now)
    spot = on_the_spot(tx, schedule, place.id, now, held.people)
    return spot if first is None else (*spot, _offer("earliest", place, first))


def unknown_facility(tx: Tx, schedule: Schedule, now: datetime) -> Refusal:
    """For a facility that is not here: the earliest slot of each that is."""
    found = [
        _offer("earliest", place, stretch)
        for place in schedule.places
        if (stretch := earliest(tx, schedule, place, 1, now)) is not None
    ]
    return Refusal("missing", Reason("unknown-facility"), tuple(found[:3]) or (ASK_CLERK,))


def _elsewhere(tx: Tx, schedule: Schedule, but: Place, wanted: datetime, people: int, now: datetime) -> Offer | None:
    if but in schedule.window_places:
        return None  # who has business at a window is not helped by a gym
    fallback: Offer | None = None
    for place in schedule.places:
        if place.id == but.id or people > place.people:
            continue
        for stretch in _free(tx, schedule, place, wanted.date(), people, now):
            if stretch.start <= wanted < stretch.end:
                return _offer("same-time-elsewhere", place, stretch)
        if fallback is None and (first := earliest(tx, schedule, place, people, now)) is not None:
            fallback = _offer("earliest", place, first)
    return fallback


def _free(tx: Tx, schedule: Schedule, place: Place, day: date, people: int, now: datetime) -> list[Stretch]:
    stretches = [s for s in schedule.stretches(place, day) if schedule.booking_bar(place, s, now) is None]
    if not stretches:
        return []
    taken = strays.taken(tx, schedule, place, stretches)
    wanted = place.places(people)
    return [s for s in stretches if taken.get(ms(s.start), 0) + wanted <= place.capacity]


def _far(stretch: Stretch, wanted: datetime) -> tuple[timedelta, bool]:
    return abs(stretch.start - wanted), stretch.start < wanted


def _offer(code: str, place: Place, stretch: Stretch) -> Offer:
    return Offer(Reason(code, {"facility": place.name, "start": stretch.start}), place.id, stretch.start)
