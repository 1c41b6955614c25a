"""hall.toml as frozen values: what a hall is, what it offers, what is plugged in. It reads and judges nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from kiosk.door import Name
from kiosk.rules.deadline import DAYS
from kiosk.rules.lead import Lead

Periods = tuple[tuple[time, time], ...]
"""Opening hours of one day, each [start, end), in order and without overlap."""


@dataclass(frozen=True, slots=True)
class Closure:
    """Days on which the hall is closed, both ends included, whatever the calendar says."""

    first: date
    last: date
    why: Name


@dataclass(frozen=True, slots=True)
class ExtraDay:
    """A day on which the hall is open, whatever the calendar says."""

    day: date
    periods: Periods
    why: Name


@dataclass(frozen=True, slots=True)
class HallSettings:
    """[hall]. `hours`: weekday (0 = Monday) → periods; a weekday that is not in it is closed. `here`: the grid in which
    the hall stands, "" if it says none."""

    id: str
    name: Name
    address: Name
    region: str
    zone: str
    noon: time
    hours: Mapping[int, Periods]
    makeup_open: bool
    closures: tuple[Closure, ...]
    extra_days: tuple[ExtraDay, ...]
    here: str = ""


@dataclass(frozen=True, slots=True)
class BookingRules:
    """How something is booked. `slot_minutes` is None for half-day blocks; `takes_people`: one booking takes a place
    for each person, otherwise one place whoever comes. `horizon`: days ahead, today being 0."""

    capacity: int
    slot_minutes: int | None
    lead: Lead
    change_lead: Lead
    cancel_lead: Lead
    horizon: int
    phone_day: int
    people: int
    takes_people: bool


@dataclass(frozen=True, slots=True)
class FacilitySettings:
    """One of [[facilities]]."""

    id: str
    name: Name
    place: Name
    bring: Name
    icon: str
    unit: str
    rules: BookingRules


@dataclass(frozen=True, slots=True)
class Matter:
    """What a resident comes for, with the names people call it by."""

    name: Name
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """One of [[services]]: a queue line with its letter. `bookable`: rules for appointments at the window. `also`:
    other names people call it by."""

    id: str
    name: Name
    letter: str
    matters: tuple[Matter, ...]
    bookable: BookingRules | None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WindowSettings:
    """One of [[windows]]. `services`: what is offered there when it opens, empty for all."""

    id: str
    name: Name
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CategorySettings:
    """One of [[categories]] of requests. `phrases`: texts to be taken with one touch; `days`: working days for an
    answer; `unit`: who answers for it, None where that goes by the place. `also`: words people look for it by."""

    id: str
    name: Name
    hint: Name
    phrases: tuple[Name, ...] = ()
    days: int = DAYS
    unit: Name | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GridSettings:
    """One of [[grids]]: a place of the neighbourhood. `within`: the id of the grid around it. `unit`: who answers for
    it and for what lies within it."""

    id: str
    name: Name
    also: tuple[str, ...] = ()
    within: str | None = None
    unit: Name | None = None


@dataclass(frozen=True, slots=True)
class RequestSettings:
    """[requests]. `asks_name`: residents are asked what to call them, and need not say."""

    asks_name: bool = False


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """[screen]. Inches and millimetres; `lower_edge_mm` above the floor; read from `distance_mm` away."""

    inches: float
    lower_edge_mm: int
    distance_mm: int
    look: str
    language: str


@dataclass(frozen=True, slots=True)
class PrivacySettings:
    """[privacy]. `keeper`: who keeps the number, as the telephone page says it; `days` after the matter ends."""

    keeper: Name
    days: int


@dataclass(frozen=True, slots=True)
class StaffSettings:
    """[staff]. `session_hours`: how long a sign-in lasts."""

    session_hours: int


@dataclass(frozen=True, slots=True)
class LedgerSettings:
    """[ledger]. `url` is relative to the data folder when it is a relative SQLite one."""

    url: str


@dataclass(frozen=True, slots=True)
class PrinterSettings:
    """One of [[printers]]. `text` None: raster on USB and network, gbk on serial. `paper` width in millimetres.
    `options`: handed to the driver as they are."""

    name: str
    driver: str
    connection: str
    text: str | None
    paper: int
    options: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class DisplaySettings:
    """One of [[displays]]. `windows`: window id → address on the bus. `options`: handed to the driver as they are."""

    name: str
    driver: str
    port: str
    baud: int
    windows: Mapping[str, int]
    options: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """[voice]. `clips`: the folder of the hall's own recordings. `times`: how often a call is said. Nothing is said in
    the `quiet` periods; one may run over midnight. `options`: handed to the driver as they are."""

    on: bool
    driver: str
    clips: Path | None
    times: int
    quiet: tuple[tuple[time, time], ...]
    options: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class NotifierSettings:
    """One of [[notifiers]]: what sends text messages. In the `quiet` periods messages wait; one may run over midnight.
    `options`: handed to the driver as they are."""

    name: str
    driver: str
    quiet: tuple[tuple[time, time], ...]
    options: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ScannerSettings:
    """One of [[scanners]]."""

    name: str
    driver: str
    port: str
    baud: int


@dataclass(frozen=True, slots=True)
class UpstreamSettings:
    """One of [[upstream]]. Exactly one of `secret` and `secret_file` may be set. Empty `events`: none leave."""

    name: str
    kind: str
    url: str
    secret: str | None
    secret_file: Path | None
    events: tuple[str, ...]
    public_key: str | None
    clear: tuple[str, ...]
    options: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class WritingSettings:
    """[writing]. `words`: the hall's own, in Chinese characters; `fuzzy`: sounds that dialects do not tell apart are
    understood."""

    words: tuple[str, ...] = ()
    fuzzy: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """All of hall.toml. `path` is the file; paths within it are already absolute."""

    path: Path
    hall: HallSettings
    facilities: tuple[FacilitySettings, ...]
    services: tuple[ServiceSettings, ...]
    windows: tuple[WindowSettings, ...]
    categories: tuple[CategorySettings, ...]
    screen: ScreenSettings
    privacy: PrivacySettings
    staff: StaffSettings
    ledger: LedgerSettings
    printers: tuple[PrinterSettings, ...]
    displays: tuple[DisplaySettings, ...]
    scanners: tuple[ScannerSettings, ...]
    upstream: tuple[UpstreamSettings, ...]
    voice: VoiceSettings | None = None
    grids: tuple[GridSettings, ...] = ()
    notifiers: tuple[NotifierSettings, ...] = ()
    writing: WritingSettings = WritingSettings()
    requests: RequestSettings = RequestSettings()
