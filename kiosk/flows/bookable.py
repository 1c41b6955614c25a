"""What can be booked: the hall's rooms, and the services that are served at a window by appointment. One question to
the flows, two to the hall.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from kiosk.door import Facility
from kiosk.flows.places import Fetch, Move, Then, World, many


@dataclass(frozen=True, slots=True)
class Bookable:
    """Rooms and windows, each in the order of hall.toml."""

    rooms: tuple[Facility, ...]
    windows: tuple[Facility, ...] = ()

    @property
    def all(self) -> tuple[Facility, ...]:
        return (*self.rooms, *self.windows)


def ask_bookable(then: Then) -> Move:
    """Ask for both; `then` gets a `Bookable`, or whatever else the hall answered."""
    return Fetch("facilities", (), partial(_rooms, then))


def _rooms(then: Then, value: object, world: World) -> Move:
    rooms = many(value, Facility)
    return then(value, world) if rooms is None else Fetch("bookable_services", (), partial(_windows, then, rooms))


def _windows(then: Then, rooms: tuple[Facility, ...], value: object, world: World) -> Move:
    windows = many(value, Facility)
    return then(value if windows is None else Bookable(rooms, windows), world)
