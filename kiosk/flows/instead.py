"""What works instead of a slot or a day that cannot be had: the nearest places, looked for with the hall's own answers.

What the hall itself refuses comes with its offers; this is for what a page knows to be gone before anything is
ordered. Where nothing is left, a clerk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from kiosk.door import BookableDay, Facility, Offer, Reason, Refusal, Slot
from kiosk.flows.places import Fetch, Move, World, many

_MOST = 2


def slots_of(value: object, *, moving: bool) -> tuple[Slot, ...] | None:
    """A day's slots as the hall answered; None if it did not. A booking is not `moving` to a place that is taken on the
    spot."""
    slots = many(value, Slot)
    if slots is None or not moving:
        return slots
    return tuple(replace(slot, walk_in=False, reason=Reason("already-begun")) if slot.walk_in and not slot.bookable
                 else slot for slot in slots)


@dataclass(frozen=True, slots=True)
class Instead:
    """One no, its `reason`, and where `no` leads with what works."""

    facility: Facility
    reason: Reason
    moving: bool
    no: Callable[[Refusal], Move]

    def of(self, slots: tuple[Slot, ...], start: datetime) -> Move:
        """The two of its day that are nearest to `start`; else of another day."""
        works = sorted(_to_be_had(slots), key=lambda slot: abs(slot.start - start))[:_MOST]
        return self._with(works) if works else self.another_day(start.date())

    def another_day(self, but: date) -> Move:
        """The first of the day nearest to `but` that has any."""
        return Fetch("days", (self.facility.id,), partial(self._nearest, but))

    def _nearest(self, but: date, value: object, world: World) -> Move:
        del world
        days = [one.day for one in many(value, BookableDay) or () if one.free and one.reason is None and one.day != but]
        if not days:
            return self._with(())
        nearest = min(days, key=lambda day: (abs((day - but).days), day < but))
        return Fetch("slots", (self.facility.id, nearest), self._first)

    def _first(self, value: object, world: World) -> Move:
        del world
        return self._with(_to_be_had(slots_of(value, moving=self.moving) or ())[:_MOST])

    def _with(self, works: Sequence[Slot]) -> Move:
        offers = tuple(
            Offer(Reason("nearest" if slot.bookable else "walk-in-now",
                         {"facility": self.facility.name, "start": slot.start}), slot.facility, slot.start)
            for slot in sorted(works, key=lambda slot: slot.start)
        )
        return self.no(Refusal("conflict", self.reason, offers or (Offer(Reason("ask-clerk")),)))


def _to_be_had(slots: tuple[Slot, ...]) -> list[Slot]:
    """Those that can be booked; where there is none, the one that is free on the spot."""
    return [slot for slot in slots if slot.bookable] or [slot for slot in slots if slot.walk_in]
