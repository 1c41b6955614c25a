"""取号排队: which service, what for (by page or by its name), a plain yes or no about priority, a telephone if one
likes.

Before a number is ordered the hall is asked once more how long the wait is; one that would run past closing is told
first. It decides nothing that is the hall's to decide, and a resident who does not know where to go is one tap from a
clerk.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from kiosk.door import Matter, Offer, Reason, Refusal, Service, Ticket, TicketOrder
from kiosk.flows.booking import refused
from kiosk.flows.finding import FindingPlace, Sought
from kiosk.flows.places import (
    Begin,
    CallHelp,
    Command,
    End,
    Fetch,
    Finish,
    Go,
    Move,
    World,
    many,
    refusal_of,
)
from kiosk.flows.steps import (
    AskPriority,
    ChooseMatter,
    ChooseService,
    FoundName,
    LateTicket,
    Pick,
    Press,
    Step,
    Trail,
)
from kiosk.flows.telephone import PhonePlace
from kiosk.words import _
from kiosk.writing.search import Hit, Index

_HERE = _("取号排队")
_QUESTIONS = 4


@dataclass(frozen=True, slots=True)
class Errand:
    """What is known so far of what somebody came for."""

    service: Service
    matter: Matter | None = None
    priority: bool = False

    def trail(self, at: int = 0) -> Trail:
        return Trail((_HERE, self.service.name), at, _QUESTIONS if at else 0)


def begin(service: str = "") -> Move:
    """The first question; with a service's id, the one after it."""
    return Fetch("services", (), partial(_services, service))


def _services(wanted: str, value: object, world: World) -> Move:
    del world
    services = many(value, Service)
    if services is None:
        return _no(value)
    for service in services:
        if service.id == wanted:
            return _came_for(service)
    return Go(ServicePlace(services))


def _no(value: object, trail: Trail | None = None) -> Move:
    return refused(value, trail=trail or Trail((_HERE,)))


def _came_for(service: Service) -> Move:
    """On with this service, or why not."""
    if not service.open:
        return _no(_closed(service), Errand(service).trail())
    return Go(MatterPlace(service)) if service.matters else Go(PriorityPlace(Errand(service)))


def _closed(service: Service) -> Refusal:
    """No numbers are given here now; an appointment may do instead."""
    offers = [Offer(Reason("ask-clerk"))]
    if service.bookable:
        offers.insert(0, Offer(Reason("book-window", {"service": service.name}), facility=service.id))
    return Refusal("conflict", service.reason or Reason("service-closed"), tuple(offers))


@dataclass(frozen=True, slots=True)
class ServicePlace:
    services: tuple[Service, ...]
    scans: bool = True
    over: bool = False

    def step(self, world: World) -> Step:
        del world
        return ChooseService(Trail((_HERE,), 1, _QUESTIONS), self.services)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        del world
        if not isinstance(answer, Pick):
            return None
        if answer.choice == "unsure":
            return CallHelp("unsure")
        if answer.choice == "search":
            return Go(_find(self.services))
        return next((_came_for(service) for service in self.services if service.id == answer.choice), None)


_Wanted = tuple[Service, Matter | None]


def _find(services: tuple[Service, ...]) -> FindingPlace[_Wanted]:
    """Every service and every matter of the hall by its names, the ones people use included."""
    lines: list[tuple[_Wanted, tuple[str, ...], str]] = [
        ((service, None), (service.name.zh, *service.also), service.name.en) for service in services]
    matters: list[tuple[_Wanted, tuple[str, ...], str]] = [
        ((service, matter), (matter.name.zh, *matter.also), matter.name.en)
        for service in services for matter in service.matters]
    index = Index.of((*lines, *matters))
    return FindingPlace(Sought("matter", Trail((_HERE,)), index, _card, _found, {"unsure": CallHelp("unsure")}), True)


def _card(hit: Hit[_Wanted]) -> FoundName:
    service, matter = hit.thing
    it = matter or service
    called = it.also[hit.name - 1] if 0 < hit.name <= len(it.also) else ""
    return FoundName(it.name, None, called)


def _found(wanted: _Wanted) -> Move:
    service, matter = wanted
    if matter is None:
        return _came_for(service)
    if not service.open:
        return _no(_closed(service), Errand(service).trail())
    return Go(PriorityPlace(Errand(service, matter)))


@dataclass(frozen=True, slots=True)
class MatterPlace:
    service: Service
    scans: bool = True
    over: bool = False

    def step(self, world: World) -> Step:
        del world
        return ChooseMatter(Errand(self.service).trail(2), self.service)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        del world
        if not isinstance(answer, Pick):
            return None
        if answer.choice == "unsure":
            return CallHelp("unsure")
        if answer.choice == "other":
            return Go(PriorityPlace(Errand(self.service)))
        if answer.choice.isdecimal() and int(answer.choice) < len(self.service.matters):
            return Go(PriorityPlace(Errand(self.service, self.service.matters[int(answer.choice)])))
        return None


@dataclass(frozen=True, slots=True)
class PriorityPlace:
    """One plain question; the answer alone goes on, never why."""

    errand: Errand
    scans: bool = False
    over: bool = False

    def step(self, world: World) -> Step:
        del world
        return AskPriority(self.errand.trail(3), self.errand.service)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        del world
        if isinstance(answer, Pick) and answer.choice in {"yes", "no"}:
            return _ask_phone(replace(self.errand, priority=answer.choice == "yes"))
        return None


def _ask_phone(errand: Errand) -> Move:
    """A telephone, which nobody has to have: with it the same person gets the same number again."""
    return Go(PhonePlace(errand.trail(4), "ticket", lambda page: _order(errand, page.typed),
                         {"skip": _order(errand, None)}))


def _order(errand: Errand, phone: str | None) -> Move:
    matter = errand.matter.name.zh if errand.matter else None
    order = TicketOrder(errand.service.id, matter, phone, errand.priority)
    return Fetch("services", (), partial(_before, errand, order))


def _before(errand: Errand, order: TicketOrder, value: object, world: World) -> Move:
    """How the service stands now: the number itself, or first a word about the wait."""
    del world
    services = many(value, Service)
    if services is None:
        return _no(value, errand.trail())
    service = next((service for service in services if service.id == order.service), None)
    if service is None:
        return _no(Refusal("missing", Reason("unknown-service")), errand.trail())
    if service.open and service.past_closing:
        return Go(LatePlace(replace(errand, service=service), order))
    return _take(replace(errand, service=service), order)


def _take(errand: Errand, order: TicketOrder) -> Move:
    return Command("take_ticket", (order,), partial(_taken, errand))


def _taken(errand: Errand, value: object, world: World) -> Move:
    if not isinstance(value, Ticket):
        return _no(refusal_of(value), errand.trail())
    windows = tuple(world.window(window) for window in errand.service.windows)
    if value.same:  # on the screen, not on paper: whoever lost the slip scans it or asks a clerk
        return Finish("ticket-same", slip="screen", ticket=value, windows=windows)
    return Finish("ticket", slip="new", ticket=value, windows=windows)


@dataclass(frozen=True, slots=True)
class LatePlace:
    """The wait would run past closing: it is told before the number is given, and the resident chooses."""

    errand: Errand
    order: TicketOrder
    scans: bool = False
    over: bool = False

    def step(self, world: World) -> Step:
        del world
        return LateTicket(self.errand.trail(), self.errand.service)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        del world
        if not isinstance(answer, Pick):
            return None
        if answer.choice == "yes":
            return _take(self.errand, self.order)
        if answer.choice == "book" and self.errand.service.bookable:
            return Begin("book", self.errand.service.id)
        return End() if answer.choice == "no" else None
