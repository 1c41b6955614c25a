"""What nobody should ask of a hall and somebody does: a service that is not there, a code that is nobody's, level nine
of five, a slot of yesterday, a key used for something else. Each wants a clear answer with a way on.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

from kiosk.door import Booking, Rating, Role, TicketOrder
from kiosk.hall import Caller
from kiosk.simulation.residents import KIOSKS
from kiosk.simulation.script import Command, Hand, Script, Sleep
from kiosk.simulation.town import Town


def fool(town: Town, name: str) -> Script:
    """Somebody tries everything that cannot work, one thing after the other."""
    chance = town.chance(name)
    kiosk = Hand(name, chance.choice(KIOSKS), chance)
    clerk = Hand(f"{name} clerk", Caller("clerk-new", "新来的", Role.CLERK), chance)
    foolish = [*_at_the_kiosk(town, kiosk), *_at_the_window(town, clerk)]
    chance.shuffle(foolish)
    for command in (*_on_the_spot(town, kiosk), *foolish):
        yield command
        yield Sleep(chance.uniform(5, 60))
    # One key, first for this and then for that.
    once = kiosk.door("cancel", "000000")
    other = dataclasses.replace(kiosk.door("reprint", "000001"), key=once.key)
    yield once
    yield dataclasses.replace(other, run=lambda house: house.door(once.caller).reprint(once.key, "000001"))


def _on_the_spot(town: Town, hand: Hand) -> list[Command]:
    """A place at a window, as if it were a room: who comes now takes a number there."""
    begun = town.now.replace(minute=town.now.minute // 30 * 30, second=0)
    windows = [one.id for one in town.settings.services if one.bookable is not None]
    return [hand.door("book", Booking(one, begun, walk_in=True)) for one in windows]


def _at_the_kiosk(town: Town, hand: Hand) -> list[Command]:
    now, settings = town.now, town.settings
    room = settings.facilities[0].id if settings.facilities else "nowhere"
    service = settings.services[0].id if settings.services else "nothing"
    noon = now.replace(hour=13, minute=7, second=0, microsecond=0)
    return [
        hand.door("take_ticket", TicketOrder("no-such-service")),
        hand.door("take_ticket", TicketOrder(service, "没有这件事")),
        hand.door("take_ticket", TicketOrder(service, None, "12345")),
        hand.door("book", Booking("no-such-room", noon, "13912345678")),
        hand.door("book", Booking(room, noon, "13912345678")),
        hand.door("book", Booking(room, noon + timedelta(days=400), "13912345678")),
        hand.door("book", Booking(room, noon - timedelta(days=1), "13912345678")),
        hand.door("book", Booking(room, _nine(now) + timedelta(days=1), "13912345678", 99)),
        hand.door("book", Booking(room, _nine(now) + timedelta(days=1), "139", 1)),
        hand.door("check_in", "000000"),
        hand.door("check_in", "ref_nonsense"),
        hand.door("cancel", "HKA:482761:AAAAAAAA"),
        hand.door("cancel", "你好"),
        hand.door("reschedule", "000000", noon),
        hand.door("reprint_ticket", "Z999"),
        hand.door("rate", Rating("nobody", 5)),
        hand.door("rate", Rating("nobody", 9)),
    ]


def _at_the_window(town: Town, hand: Hand) -> list[Command]:
    window = town.settings.windows[0].id if town.settings.windows else "1"
    return [
        hand.counter("open_window", "no-such-window", ()),
        hand.counter("open_window", window, ("no-such-service",)),
        hand.counter("call_next", "no-such-window", ""),
        hand.counter("call_next", window, "Z999"),
        hand.counter("call", window, "Z999"),
        hand.counter("finish", window, "Z999"),
        hand.counter("resume_held", window, "Z999"),
        hand.counter("transfer", window, to=window, serving="Z999"),
    ]


def _nine(now: datetime) -> datetime:
    return now.replace(hour=9, minute=0, second=0, microsecond=0)
