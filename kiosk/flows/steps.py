"""The pages a resident can stand on, the answers a page can give, and what a flow may ask of the world.

Values only. A screen shows a `Step` and emits an `Answer`; a flow takes state and answer and returns a `Turn`. All
that is typed lives in the flow's state alone and reaches a screen only as part of a step: dropping the state wipes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from kiosk.door import (
    Appointment,
    BookableDay,
    Category,
    Facility,
    Found,
    Grid,
    HallFacts,
    HelpKind,
    Name,
    Reason,
    Refusal,
    Request,
    Service,
    Slot,
    Ticket,
)

# ---- pages ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trail:
    """Where am I: e.g. ("预约", "健身房") and step 2 of 6. `of` is 0 where nothing is counted."""

    words: tuple[object, ...] = ()  # str msgids or door.Name
    at: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nobody is here; any answer begins a visit. `facts` is None until the hall has answered once; `away` says why it
    does not answer now. `lost_slip`: a slip of the visit before a crash was not printed; said for 60 s, naming nothing.
    `services`: who waits where, as far as the hall has told. `shut`: nothing can be begun, `away` says why and where
    to go.
    """

    facts: HallFacts | None = None
    away: Reason | None = None
    lost_slip: bool = False
    services: tuple[Service, ...] = ()
    shut: bool = False


@dataclass(frozen=True, slots=True)
class Home:
    """`Pick` a card."""

    cards: tuple[str, ...] = ("book", "ticket", "request", "mine", "help")


@dataclass(frozen=True, slots=True)
class ChooseFacility:
    """`Pick(facility.id)`. `windows`: services that are served at a window by appointment, chosen like a room.
    `search`: there are many; `Pick("search")` by initials."""

    trail: Trail
    facilities: tuple[Facility, ...]
    now: datetime
    windows: tuple[Facility, ...] = ()
    search: bool = False


@dataclass(frozen=True, slots=True)
class ChooseDay:
    """`Pick(day.isoformat())`. `changing`: the appointment that is being moved, None when booking."""

    trail: Trail
    facility: Facility
    days: tuple[BookableDay, ...]
    now: datetime
    changing: Appointment | None = None


@dataclass(frozen=True, slots=True)
class ChooseTime:
    """`Pick(slot.start.isoformat())`; one that cannot be had leads to why and what works instead."""

    trail: Trail
    facility: Facility
    day: date
    slots: tuple[Slot, ...]
    now: datetime
    changing: Appointment | None = None


@dataclass(frozen=True, slots=True)
class ChoosePeople:
    """`Pick("1")` to `Pick(str(most))`."""

    trail: Trail
    facility: Facility
    slot: Slot
    most: int


@dataclass(frozen=True, slots=True)
class EnterPhone:
    """`purpose` "book", "find", "ticket" or "request". `typed`: the digits so far. `missing`: how many digits are still
    wanted, 0 when the number is whole; `full`: no digit more can follow; `problem`: why what was typed cannot be a
    number. `Press` the keys, `Pick("ok")` when whole; `Pick("no-phone")` when booking; `Pick("skip")` for a ticket and
    a request, which want no telephone."""

    trail: Trail
    purpose: str
    typed: str
    missing: int
    problem: Reason | None = None
    full: bool = False


@dataclass(frozen=True, slots=True)
class CheckBooking:
    """`Pick("yes")` orders it. `phone` is already masked. `moving_from` is set when an appointment is being changed.

    `can`: what 改一改 may change here ("facility", "day", "time", "people", "phone"), each a `Pick` of that word that
    comes back here with everything else kept. `changing`: 改一改 (`Pick("change")`) was pressed and `can` is now the
    question; `Pick("keep")` or back leaves it.
    """

    trail: Trail
    facility: Facility
    slot: Slot
    people: int
    phone: str | None
    moving_from: Appointment | None = None
    can: tuple[str, ...] = ()
    changing: bool = False


@dataclass(frozen=True, slots=True)
class HowToFind:
    """Scan the slip, `Pick("code")` or `Pick("phone")`. `codes_wait_until`: typed codes rest until then."""

    trail: Trail
    scanner: bool
    codes_wait_until: datetime | None = None
    problem: Reason | None = None


@dataclass(frozen=True, slots=True)
class EnterCode:
    """`Press` the keys, `Pick("ok")` when `missing` is 0; `full`: no digit more can follow. A wrong code stays to be
    compared with the slip. `request`: the ten digits of a request are wanted, and its slip may be scanned here if there
    is a `scanner`; otherwise either the six of an appointment or those ten."""

    trail: Trail
    typed: str
    missing: int
    problem: Reason | None = None
    request: bool = False
    scanner: bool = False
    full: bool = False


@dataclass(frozen=True, slots=True)
class ChooseFound:
    """`Pick(str(index))` checks in; `Pick("code")` leads to where more can be done."""

    trail: Trail
    found: tuple[Found, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class ShowAppointment:
    """One appointment and what can be done with it now (`appointment.may`); `undo`: cancelling is an undo still.

    `Pick` "check-in" (the hall says why not), "change", "cancel" or "undo", "reprint".
    """

    trail: Trail
    appointment: Appointment
    now: datetime
    undo: bool = False


@dataclass(frozen=True, slots=True)
class ConfirmCancel:
    """`Pick("yes")` or `Pick("no")`."""

    trail: Trail
    appointment: Appointment
    undo: bool = False


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of a flow. `what`: "booked", "walked-in", "changed", "cancelled", "checked-in", "reprinted", "rated".

    `paper`: "none" (nothing to print), "printing", "printed", "screen" (no paper: number huge with QR; `problem` says
    why and that staff are told). `clears_in`: seconds until the page clears itself, counting visibly (not yet while
    "printing"). `Pick("done")` clears it at once, but not while "printing".
    For a check-in by telephone `found` stands instead of `appointment`.
    """

    what: str
    appointment: Appointment | None
    paper: str
    clears_in: int
    found: Found | None = None
    problem: Reason | None = None


@dataclass(frozen=True, slots=True)
class ChooseService:
    """Which window's line: `Pick(service.id)`, `Pick("search")` by initials, `Pick("unsure")` rings the help desk."""

    trail: Trail
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class ChooseMatter:
    """What for: `Pick(str(index))` of `service.matters`, `Pick("other")` for none of them, `Pick("unsure")`."""

    trail: Trail
    service: Service


@dataclass(frozen=True, slots=True)
class FoundName:
    """Something found. `about`: what stands below its name; `called`: the other name by which it was found, if any."""

    name: Name
    about: Name | None = None
    called: str = ""


@dataclass(frozen=True, slots=True)
class Find:
    """Something by its initials, its pinyin or its characters. `what`: "matter", "place", "facility" or "category".
    `Press` "A" to "Z", "back", "clear"; `Pick(str(index))` of `found`; `Pick("write")` by hand, where `writing`;
    `Pick("none")` where no place fits, `Pick("unsure")` elsewhere. `typed`: letters, or the characters written;
    `letters`: those after which something would still be found."""

    trail: Trail
    what: str
    typed: str = field(repr=False)
    found: tuple[FoundName, ...]
    letters: str
    writing: bool = False


@dataclass(frozen=True, slots=True)
class AskPriority:
    """`Pick("yes")` or `Pick("no")`; why is neither asked nor kept."""

    trail: Trail
    service: Service


@dataclass(frozen=True, slots=True)
class LateTicket:
    """The wait would run past closing: `Pick("yes")` takes the number all the same, `Pick("book")` another day where
    `service.bookable`, `Pick("no")` leaves."""

    trail: Trail
    service: Service


@dataclass(frozen=True, slots=True)
class TicketTaken:
    """A number, huge. `what`: "ticket", "ticket-same" (given before, not printed again), "ticket-again" (补打) or
    "checked-in" (it counts from the appointed time). `windows`: those that serve it now, empty when not known.
    `paper`, `clears_in`, `problem` and `Pick("done")` as in `Finished`."""

    what: str
    ticket: Ticket
    windows: tuple[Name, ...]
    paper: str
    clears_in: int
    problem: Reason | None = None


@dataclass(frozen=True, slots=True)
class ShowTicket:
    """How a number stands. `may`: "reprint" (`Pick` it), "take" (it is over: a new one). `Pick("done")` leaves.
    `window`: where it was called, is held, or must wait for."""

    trail: Trail
    ticket: Ticket
    may: tuple[str, ...]
    window: Name | None = None


@dataclass(frozen=True, slots=True)
class RateLevel:
    """A finished service: `Pick("5")`, very good, to `Pick("1")`; `Pick("skip")`. Nothing is chosen beforehand."""

    trail: Trail
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class RateReasons:
    """What was good or bad: `Pick` a reason's id to tick it or not, `Pick("ok")` sends. `reasons`: ids to show. `own`
    and `ways` as in `ChoosePhrases`."""

    trail: Trail
    level: int
    reasons: tuple[str, ...]
    ticked: tuple[str, ...] = ()
    own: str = field(default="", repr=False)
    ways: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChooseCategory:
    """What a request is about: `Pick(category.id)`; `Pick("search")` by initials, `Pick("follow")` for one filed
    before, `Pick("unsure")`."""

    trail: Trail
    categories: tuple[Category, ...]


@dataclass(frozen=True, slots=True)
class ChoosePlace:
    """Where it is: `Pick(grid.id)` of `places`. At first `within` is None: `Pick("here")` for `here`, `Pick("search")`
    by initials, `Pick("none")` where no place fits. Inside `within`: `Pick("all")`, all of it."""

    trail: Trail
    places: tuple[Grid, ...]
    within: Grid | None = None
    here: Grid | None = None


@dataclass(frozen=True, slots=True)
class ChoosePhrases:
    """What is the matter: `Pick(str(index))` of the category's phrases to tick it or not, `Pick("ok")` once something
    is said, `Pick("clerk")` has a clerk write. `own`: words of one's own; `ways` in which they can be written, each a
    `Pick`; none without a `Writer`. `most`: how many phrases may be ticked."""

    trail: Trail
    category: Category
    ticked: tuple[int, ...] = ()
    most: int = 2
    own: str = field(default="", repr=False)
    ways: tuple[str, ...] = ()


Stroke = tuple[tuple[float, float], ...]
"""One line of the finger, in the unit square of its box: x to the right, y DOWN."""


@dataclass(frozen=True, slots=True)
class Write:
    """Words of one's own. `way`, one of `ways`, is how: "hand", "pinyin" or "signs", each a `Pick`; `Pick("choose")`
    leads to the list where `choose`. `text`: what stands so far. `offered`: what the strokes or letters may mean, or
    what may come next, best first: `Pick(str(index))`; nothing is ever taken unasked.

    "hand": `Draw(box, …)`, `Press` "undo" (a stroke), "clear" (the box), "next" (the other box). `strokes` in the order
    of writing, each with its box (0 or 1); `box`: whose `offered` are, the one begun first; None: nobody's. `at`: the
    box being written. "pinyin": `Press` "A" to "Z"; `spelt`: what was typed, by syllable. "signs": `Press` a digit or a
    mark. "back" deletes a letter or a character, "word" a syllable or a word.

    `Pick("ok")` once `ready`, with nothing `pending`; `Pick("read")` where a machine can `read` aloud. `room`: how many
    characters more; `overlong`: what was picked had more. `missed`: what was written could not be read.
    """

    trail: Trail
    question: object
    hint: object
    text: str = field(repr=False)
    room: int
    way: str
    ways: tuple[str, ...]
    choose: bool = False
    read: bool = False
    strokes: tuple[tuple[int, Stroke], ...] = field(default=(), repr=False)
    box: int | None = None
    at: int = 0
    spelt: tuple[str, ...] = field(default=(), repr=False)
    offered: tuple[str, ...] = field(default=(), repr=False)
    pending: bool = False
    ready: bool = False
    overlong: bool = False
    missed: bool = False


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """`Pick("yes")` files it. `phone` is masked. `said`: ready phrases as names, own words as text; `name`: what to
    call the resident, None where that is not asked. `changing`: 改一改 (`Pick("change")`) was pressed and what to
    change is the question: `Pick` "category", "place", "text", "phone" or "name"; `Pick("keep")` or back leaves it."""

    trail: Trail
    category: Category
    place: Name | None
    said: tuple[Name | str, ...]
    phone: str | None
    changing: bool = False
    name: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class RequestDone:
    """What was done with a request. `what`: "filed", "request-again" (补打), "solved", "not-solved", "help-asked".
    `paper`, `clears_in`, `problem` and `Pick("done")` as in `Finished`."""

    what: str
    request: Request
    paper: str
    clears_in: int
    problem: Reason | None = None


@dataclass(frozen=True, slots=True)
class ShowRequest:
    """How a request stands. What can be done is `request.may`: `Pick` "confirm" (it is solved), "not-solved", "help",
    "reprint"; `Pick("done")` leaves."""

    trail: Trail
    request: Request


@dataclass(frozen=True, slots=True)
class ConfirmSolved:
    """It is solved? `Pick("yes")` strikes it off for good; `Pick("no")` goes back."""

    trail: Trail
    request: Request


@dataclass(frozen=True, slots=True)
class WhyNotSolved:
    """What is still missing: `Pick` one of `reasons`, or "other"; that opens the request again. `own`: words of one's
    own, which then go with it; `ways` in which they can be written, each a `Pick`; none without a `Writer`."""

    trail: Trail
    request: Request
    reasons: tuple[str, ...]
    own: str = field(default="", repr=False)
    ways: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChooseHelp:
    """Which of the five kinds of help: `Pick(kind.value)`."""

    trail: Trail
    request: Request
    kinds: tuple[HelpKind, ...] = tuple(HelpKind)


@dataclass(frozen=True, slots=True)
class Refused:
    """No, why, and what works instead: an offer in `refusal.next` with facility or service is one tap (`Pick("0")`).
    `Pick("ok")` goes back."""

    trail: Trail
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Away:
    """The hall does not answer. `pending`: a command is out and its outcome unknown; the same id is being asked."""

    reason: Reason
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Working:
    """A wait that became visible (after 100 ms). `what`: "asking", "booking", "printing", …"""

    what: str


@dataclass(frozen=True, slots=True)
class Help:
    """`state`: "ringing", "rung", "coming", "failed" (it keeps trying). `why`: "help", "no-phone", "unsure" (where to
    queue) or "write" (a request). Any `Pick` goes back to the page below."""

    state: str
    why: str = "help"


@dataclass(frozen=True, slots=True)
class Display:
    """显示: the looks to choose from. `look` "standard" | "elder" | "contrast"; `low`: low reach is on. `Pick` a
    look, "low" to switch it, "done" to go back to the page below."""

    look: str
    low: bool


@dataclass(frozen=True, slots=True)
class StillThere:
    """Idle warning over whatever page stands: tap to go on, else everything is wiped in `seconds`.
    Any answer goes on and presses nothing below; `Pick("leave")` leaves at once. `Visit.under` is the page below."""

    seconds: int


Step = (
    Waiting | Home | ChooseFacility | ChooseDay | ChooseTime | ChoosePeople | EnterPhone | CheckBooking | HowToFind
    | EnterCode | ChooseFound | ShowAppointment | ConfirmCancel | Finished | ChooseService | ChooseMatter | Find
    | AskPriority | LateTicket | TicketTaken | ShowTicket | RateLevel | RateReasons | ChooseCategory | ChoosePlace
    | ChoosePhrases | Write | CheckRequest | RequestDone | ShowRequest | ConfirmSolved | WhyNotSolved
    | ChooseHelp | Refused | Away | Working | Help | Display | StillThere
)

# ---- answers --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pick:
    """One of the page's choices: a facility id, an ISO date or start time, "1"/"2", "yes", "change", "cancel", …"""

    choice: str


@dataclass(frozen=True, slots=True)
class Press:
    """A key of a keypad: "0"–"9", "A"–"Z", "back" (delete one), "clear"; where one writes, marks as well."""

    key: str


@dataclass(frozen=True, slots=True)
class Draw:
    """A stroke in one of the two boxes, 0 or 1, when the finger was lifted."""

    box: int
    points: Stroke = field(repr=False)


@dataclass(frozen=True, slots=True)
class Bar:
    """The bar low on every page: "back", "home", "display", "language", "help"."""

    button: str


@dataclass(frozen=True, slots=True)
class Scanned:
    text: str


@dataclass(frozen=True, slots=True)
class Replied:
    """The door's answer to an `Ask`, by its number. `value` is what the door's method returned, or `HallAway`."""

    ask: int
    value: object


@dataclass(frozen=True, slots=True)
class PaperEnded:
    """A print job ended: `state` "printed", "failed" or "unknown" with the reason."""

    job: str
    state: str
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class HelpComing:
    """A clerk pressed 我去帮忙 for the call whose key was `help` (`door.Order`)."""

    help: str


Answer = Pick | Press | Draw | Bar | Scanned | Replied | PaperEnded | HelpComing

# ---- what a flow may ask of the world -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ask:
    """Call the door's `method` with `args` (after the `key`, which every command carries); the answer comes back as
    `Replied(number, …)`."""

    number: int
    method: str
    args: tuple[object, ...] = field(default=(), repr=False)
    key: str | None = None


@dataclass(frozen=True, slots=True)
class PrintSlip:
    """A slip for an appointment, or for `ticket` or `request` where there is one. `again`: 补打. `what`: as in
    `Finished`, `TicketTaken` and `RequestDone`; empty: told from the appointment's state. `windows`: as in
    `TicketTaken`."""

    job: str
    appointment: Appointment | None
    again: bool = False
    what: str = ""
    language: str = "zh"
    ticket: Ticket | None = None
    windows: tuple[Name, ...] = ()
    request: Request | None = None


@dataclass(frozen=True, slots=True)
class Speak:
    """Read this aloud, instead of whatever is being read."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Leave:
    """The visit is over: wipe everything and show the waiting page."""


Effect = Ask | PrintSlip | Speak | Leave
