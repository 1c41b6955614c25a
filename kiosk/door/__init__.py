"""What passes between a hall and whoever asks something of it: the `Hall` and `Counter` protocols, their
frozen values.

A kiosk, a test, the tour and the simulation all hold a `Hall` and cannot tell whether it lives in this process
(`kiosk.hall`) or behind HTTP (`kiosk.link`). Nothing here does anything: no clock, no wire, no wording.

Every command takes a `key`: an id made and kept by the caller before the first attempt. The same key with the same
content has one effect and one answer, however often it is sent (DESIGN promise 2). A command answers with a value or
with a `Refusal`; a hall that cannot be reached raises `HallAway`, and then nothing is known about the command: ask
`outcome(key)` or send the same key again, never a new one.

All times are aware datetimes in the hall's own zone.
"""

from kiosk.door.booking import (
    Appointment,
    AppointmentState,
    BookableDay,
    Booking,
    Day,
    DeviceReport,
    DeviceState,
    Facility,
    Fact,
    Facts,
    Found,
    HallAway,
    HallFacts,
    KioskReport,
    Name,
    Offer,
    Order,
    Period,
    Reason,
    Refusal,
    Role,
    SlipReport,
    SlipState,
    Slot,
)
from kiosk.door.counter import (
    Counter,
)
from kiosk.door.hall import (
    Hall,
)
from kiosk.door.queue import (
    BoardView,
    Call,
    Line,
    Matter,
    Pausing,
    QueueLine,
    QueueView,
    Rating,
    Service,
    Ticket,
    TicketOrder,
    TicketState,
    Wait,
    Window,
    WindowState,
)
from kiosk.door.requests import (
    Category,
    Change,
    ChangeAside,
    ChangeKind,
    CounterRequests,
    Grid,
    HallRequests,
    HelpAsked,
    HelpKind,
    Request,
    RequestCase,
    RequestOrder,
    RequestState,
    Step,
    View,
)

__all__ = [
    "Appointment",
    "AppointmentState",
    "BoardView",
    "BookableDay",
    "Booking",
    "Call",
    "Category",
    "Change",
    "ChangeAside",
    "ChangeKind",
    "Counter",
    "CounterRequests",
    "Day",
    "DeviceReport",
    "DeviceState",
    "Facility",
    "Fact",
    "Facts",
    "Found",
    "Grid",
    "Hall",
    "HallAway",
    "HallFacts",
    "HallRequests",
    "HelpAsked",
    "HelpKind",
    "KioskReport",
    "Line",
    "Matter",
    "Name",
    "Offer",
    "Order",
    "Pausing",
    "Period",
    "QueueLine",
    "QueueView",
    "Rating",
    "Reason",
    "Refusal",
    "Request",
    "RequestCase",
    "RequestOrder",
    "RequestState",
    "Role",
    "Service",
    "SlipReport",
    "SlipState",
    "Slot",
    "Step",
    "Ticket",
    "TicketOrder",
    "TicketState",
    "View",
    "Wait",
    "Window",
    "WindowState",
]
