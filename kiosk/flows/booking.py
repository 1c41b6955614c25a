"""Booking a room or a window, and moving a booking: what → day → time → people → telephone → check, each asked only if
still unknown.

`Draft.wants` names the next question. 改一改 and a refusal's offers are then the same thing: change one part of the
draft and ask what is missing. It decides nothing that is the hall's to decide.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from kiosk.door import Appointment, BookableDay, Booking, Facility, Offer, Reason, Refusal, Slot
from kiosk.flows.bookable import Bookable, ask_bookable
from kiosk.flows.draft import Draft
from kiosk.flows.finding import FindingPlace, Sought
from kiosk.flows.instead import Instead, slots_of
from kiosk.flows.places import Back, Begin, CallHelp, Command, Fetch, Finish, Go, Move, World, many, refusal_of
from kiosk.flows.steps import (
    CheckBooking,
    ChooseDay,
    ChooseFacility,
    ChoosePeople,
    ChooseTime,
    FoundName,
    Pick,
    Press,
    Refused,
    Step,
    Trail,
)
from kiosk.flows.telephone import PhonePlace
from kiosk.rules import masking
from kiosk.words import _
from kiosk.writing.search import Index

MANY = 8
"""So many cards are read sooner than a name is typed."""


def begin(facility: str = "") -> Move:
    """The first question of a booking; with a facility's or service's id, the one after it."""
    return _offered(Draft(), Offer(Reason("other-day"), facility)) if facility else onward(Draft())


def onward(draft: Draft, to: str | None = None) -> Move:
    """On to the question `to`, or to the next one the draft wants."""
    question = to or draft.wants()
    if question == "facility" or draft.facility is None:
        return ask_bookable(partial(_bookable, draft))
    if question == "day" or draft.day is None:
        return Fetch("days", (draft.facility.id,), partial(_days, draft))
    if question == "time" or draft.slot is None:
        return Fetch("slots", (draft.facility.id, draft.day), partial(_slots, draft))
    if question == "people":
        return Go(PeoplePlace(draft))
    return _ask_phone(draft) if question == "phone" else Go(CheckPlace(draft))


def _ask_phone(draft: Draft) -> Move:
    """Who holds the place. Without a telephone a clerk books."""
    return Go(PhonePlace(draft.trail("phone"), "book", lambda page: onward(replace(draft, phone=page.typed)),
                         {"no-phone": CallHelp("no-phone")}, draft.phone or ""))


def _bookable(draft: Draft, value: object, world: World) -> Move:
    return Go(FacilityPlace(draft, value, world.now)) if isinstance(value, Bookable) else refused(value, draft)


def _days(draft: Draft, value: object, world: World) -> Move:
    found = many(value, BookableDay)
    return refused(value, draft) if found is None else Go(DayPlace(draft, found, world.now))


def _slots(draft: Draft, value: object, world: World) -> Move:
    found = slots_of(value, moving=draft.moving is not None)
    return refused(value, draft) if found is None else Go(TimePlace(draft, found, world.now))


def refused(value: object, draft: Draft | None = None, trail: Trail | None = None) -> Move:
    """To the page that says no, why, and what works instead. `trail`: where, if neither booking nor 我的预约."""
    return Go(RefusedPlace(refusal_of(value), draft, trail))


def _instead(draft: Draft, reason: Reason) -> Instead:
    assert draft.facility is not None
    return Instead(draft.facility, reason, draft.moving is not None, partial(refused, draft=draft))


@dataclass(frozen=True, slots=True)
class FacilityPlace:
    draft: Draft
    bookable: Bookable
    now: datetime
    scans: bool = False
    over: bool = False

    def step(self, world: World) -> Step:
        del world
        people = any(facility.people > 1 for facility in self.bookable.all)
        trail = self.draft.trail("facility", people=people)
        many = len(self.bookable.all) > MANY
        return ChooseFacility(trail, self.bookable.rooms, self.now, self.bookable.windows, many)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        del world
        if answer == Pick("search") and len(self.bookable.all) > MANY:
            return Go(self._find())
        for facility in self.bookable.all:
            if isinstance(answer, Pick) and answer.choice == facility.id:
                return self._chosen(facility)
        return None

    def _chosen(self, facility: Facility) -> Move:
        return onward(replace(self.draft, facility=facility, day=None, slot=None))

    def _find(self) -> FindingPlace[Facility]:
        index = Index.of((one, (one.name.zh,), one.name.en) for one in self.bookable.all)
        return FindingPlace(Sought("facility", self.draft.trail("facility"), index,
                                   lambda hit: FoundName(hit.thing.name, hit.thing.place), self._chosen,
                                   {"unsure": CallHelp("unsure")}))


@dataclass(frozen=True, slots=True)
class DayPlace:
    draft: Draft
    days: tuple[BookableDay, ...]
    now: datetime
    scans: bool = False
    over: bool = False

    def step(self, world: World) -> Step:
        del world
        assert self.draft.facility is not None
        return ChooseDay(self.draft.trail("day"), self.draft.facility, self.days, self.now, self.draft.moving)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        del world
        for day in self.days:
            if isinstance(answer, Pick) and answer.choice == day.day.isoformat():
                draft = replace(self.draft, day=day.day, slot=None)
                asked = onward(draft)
                if isinstance(asked, Fetch) and day.reason is not None:
                    return replace(asked, then=partial(_closed_day, draft, day.reason))
                return asked
        return None


def _closed_day(draft: Draft, why: Reason, value: object, world: World) -> Move:
    """A day without a free place is still shown slot by slot with the reasons, unless it has no slots at all: then
    the nearest day that has."""
    if value == () and draft.day is not None:
        return _instead(draft, why).another_day(draft.day)
    return _slots(draft, value, world)


@dataclass(frozen=True, slots=True)
class TimePlace:
    draft: Draft
    slots: tuple[Slot, ...]
    now: datetime
    scans: bool = False
    over: bool = False

    def step(self, world: World) -> Step:
        del world
        draft = self.draft
        assert draft.facility is not None
        assert draft.day is not None
        return ChooseTime(draft.trail("time"), draft.facility, draft.day, self.slots, self.now, draft.moving)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        del world
        for slot in self.slots:
            if isinstance(answer, Pick) and answer.choice == slot.start.isoformat():
                return chosen(self.draft, slot, self.slots)
        return None


def chosen(draft: Draft, slot: Slot, slots: tuple[Slot, ...]) -> Move:
    """On with this slot, or why not."""
    if slot.bookable or slot.walk_in:
        return onward(draft.at(slot))
    return _instead(draft, slot.reason or Reason("not-a-slot")).of(slots, slot.start)


@dataclass(frozen=True, slots=True)
class PeoplePlace:
    draft: Draft
    scans: bool = False
    over: bool = False

    def step(self, world: World) -> Step:
        del world
        assert self.draft.facility is not None
        assert self.draft.slot is not None
        return ChoosePeople(self.draft.trail("people"), self.draft.facility, self.draft.slot, self.draft.most)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        del world
        if isinstance(answer, Pick) and answer.choice in map(str, range(1, self.draft.most + 1)):
            return onward(replace(self.draft, people=int(answer.choice)))
        return None


@dataclass(frozen=True, slots=True)
class CheckPlace:
    """The last look. `changing`: 改一改 was pressed, and what to change is the question."""

    draft: Draft
    changing: bool = False
    scans: bool = False
    over: bool = False

    @property
    def can(self) -> tuple[str, ...]:
        """What may be changed here."""
        if self.draft.moving:
            return ("day", "time")
        if self.draft.walks_in:
            return ("facility", "day", "time")
        people = ("people",) if self.draft.most > 1 else ()
        return ("facility", "day", "time", *people, "phone")

    def step(self, world: World) -> Step:
        del world
        draft = self.draft
        assert draft.facility is not None
        assert draft.slot is not None
        people = draft.moving.people if draft.moving else 1 if draft.walks_in else draft.people or 1
        phone = masking.phone(draft.phone) if draft.phone and not draft.walks_in and not draft.moving else None
        return CheckBooking(
            draft.trail("check"), draft.facility, draft.slot, people, phone, draft.moving, self.can, self.changing)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        del world
        if not isinstance(answer, Pick):
            return None
        if answer.choice == "change" and not self.changing:
            return Go(replace(self, changing=True))
        if answer.choice == "keep" and self.changing:
            return Back()
        if answer.choice in self.can:
            return onward(self.draft, answer.choice)
        return self._confirm() if answer.choice == "yes" else None

    def _confirm(self) -> Move | None:
        draft = self.draft
        if draft.facility is None or draft.slot is None:
            return None
        if draft.moving:
            return Command("reschedule", (draft.moving.code, draft.slot.start), partial(_booked, draft, "changed"))
        if draft.walks_in:
            order = Booking(draft.facility.id, draft.slot.start, None, 1, walk_in=True)
        else:
            order = Booking(draft.facility.id, draft.slot.start, draft.phone, draft.people or 1)
        return Command("book", (order,), partial(_booked, draft, "walked-in" if draft.walks_in else "booked"))


def _booked(draft: Draft, what: str, value: object, world: World) -> Move:
    del world
    return Finish(what, value, slip="new") if isinstance(value, Appointment) else refused(value, draft)


@dataclass(frozen=True, slots=True)
class RefusedPlace:
    """No, why, and what works. An offer leads back into the draft with everything else kept."""

    refusal: Refusal
    draft: Draft | None = None
    trail: Trail | None = None
    over: bool = False

    @property
    def scans(self) -> bool:
        """A no in 我的预约 still takes another slip."""
        return self.draft is None

    def step(self, world: World) -> Step:
        del world
        if self.trail is not None:
            return Refused(self.trail, self.refusal)
        where = _("我的预约") if self.draft is None or self.draft.moving else _("预约")
        name = self.draft.facility.name if self.draft and self.draft.facility else None
        return Refused(Trail((where, name) if name else (where,)), self.refusal)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        del world
        if not isinstance(answer, Pick):
            return None
        if answer.choice == "ok":
            return Back()
        if not answer.choice.isdecimal() or int(answer.choice) >= len(self.refusal.next):
            return None
        offer = self.refusal.next[int(answer.choice)]
        if offer.facility is None:
            if offer.service is not None:
                return Begin("ticket", offer.service)
            return CallHelp() if offer.reason.code == "ask-clerk" else None
        draft = self.draft or Draft()
        if draft.facility and draft.facility.id == offer.facility:
            return _take(draft, offer)
        if draft.moving:
            return None  # a booking is moved within its facility
        return _offered(draft, offer)


def _take(draft: Draft, offer: Offer) -> Move:
    """Into the draft with what was offered: its slot if it names one, else the days of its facility."""
    if draft.facility is None or offer.start is None:
        return onward(replace(draft, day=None, slot=None))
    draft = replace(draft, day=offer.start.date(), slot=None)
    return Fetch("slots", (offer.facility, offer.start.date()), partial(_offered_slot, draft, offer.start))


def _offered(draft: Draft, offer: Offer) -> Move:
    return ask_bookable(partial(_offered_facility, draft, offer))


def _offered_facility(draft: Draft, offer: Offer, value: object, world: World) -> Move:
    del world
    for facility in value.all if isinstance(value, Bookable) else ():
        if facility.id == offer.facility:
            return _take(replace(draft, facility=facility), offer)
    return refused(value if isinstance(value, Refusal) else Refusal("missing", Reason("unknown-facility")), draft)


def _offered_slot(draft: Draft, start: datetime, value: object, world: World) -> Move:
    del world
    slots = slots_of(value, moving=draft.moving is not None)
    if slots is None:
        return refused(value, draft)
    for slot in slots:
        if slot.start == start:
            return chosen(draft, slot, slots)
    return _instead(draft, Reason("not-a-slot")).of(slots, start)
