"""A booking on its way: all that is known of it, and the next question to ask. Nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from kiosk.door import Appointment, Facility, Slot
from kiosk.flows.steps import Trail
from kiosk.words import _


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a booking so far. `moving`: the appointment that is being changed."""

    facility: Facility | None = None
    day: date | None = None
    slot: Slot | None = None
    people: int | None = None
    phone: str | None = None
    moving: Appointment | None = None

    @property
    def walks_in(self) -> bool:
        """The slot has begun and is taken on the spot: no telephone, one person, checked in at once."""
        return self.slot is not None and self.slot.walk_in and not self.slot.bookable

    @property
    def most(self) -> int:
        """The most people this booking may be for."""
        return min(self.facility.people, self.slot.free) if self.facility and self.slot else 1

    def at(self, slot: Slot) -> Draft:
        """With this slot; the number of people is kept if it still fits."""
        chosen = replace(self, slot=slot, day=slot.start.date())
        return replace(chosen, people=self.people if self.people and self.people <= chosen.most else None)

    def wants(self) -> str:
        """The next question: "facility", "day", "time", "people", "phone" or "check"."""
        if self.facility is None:
            return "facility"
        if self.day is None:
            return "day"
        if self.slot is None:
            return "time"
        if self.moving or self.walks_in:
            return "check"
        if self.most > 1 and self.people is None:
            return "people"
        return "phone" if self.phone is None else "check"

    def trail(self, at: str, *, people: bool = False) -> Trail:
        """Where `at` stands among the questions, counted for this facility; `people`: before one is chosen, whether
        any asks for how many."""
        if self.moving:
            pages = ["day", "time", "check"]
            return Trail((_("我的预约"), _("改期"), self.moving.facility_name), pages.index(at) + 1, len(pages))
        pages = ["facility", "day", "time", "people", "phone", "check"]
        if not people and (self.facility is None or self.facility.people < 2):
            pages.remove("people")
        where = (_("预约"), self.facility.name) if self.facility and at != "facility" else (_("预约"),)
        return Trail(where, pages.index(at) + 1, len(pages))
