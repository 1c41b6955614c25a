"""The pieces every flow is built of: a `Place` is one page with all the flow knows there, a `Move` is what follows.

Places are frozen values, so going back is dropping the newest and nothing has to be undone. They never ask the hall
themselves: they say what they want asked and what to do with the answer, and `kiosk.flows.visit` sees to keys, retries
and time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from kiosk.door import Appointment, Found, Name, Reason, Refusal, Request, Ticket
from kiosk.flows.steps import Finished, Home, Pick, Press, RequestDone, Step, TicketTaken, Trail

T = TypeVar("T")

_NOWHERE = Trail()


@dataclass(frozen=True, slots=True)
class World:
    """What a place may know besides itself: the hall's time, whether a scanner is there, until when codes wait, what
    the windows are called, who lets people write, if anybody does; `names`: the hall asks what to call people."""

    now: datetime
    scanner: bool = True
    codes_wait_until: datetime | None = None
    windows: Mapping[str, Name] = field(default_factory=dict)
    writer: Writer | None = None
    voice: bool = False
    names: bool = False

    def window(self, id_: str) -> Name:
        """A window's name; its number where this kiosk's hall.toml does not know it."""
        return self.windows.get(id_) or Name(f"{id_}号窗口", f"Window {id_}")


class Place(Protocol):
    """One page of a flow. `scans`: a slip scanned here goes to its appointment; `over`: it lies over the page below."""

    @property
    def scans(self) -> bool: ...

    @property
    def over(self) -> bool: ...

    def step(self, world: World) -> Step: ...

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        """What follows; None if this answer means nothing here."""
        ...


# What to do with the hall's answer. It holds what was typed, so the visit drops it with the page.
Then = Callable[[object, World], "Move"]


@dataclass(frozen=True, slots=True)
class Go:
    """On to a further page; back leads here again."""

    place: Place


@dataclass(frozen=True, slots=True)
class Stay:
    """The same page, changed."""

    place: Place


@dataclass(frozen=True, slots=True)
class Back:
    """To the page before."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """Ask the hall something that changes nothing."""

    method: str
    args: tuple[object, ...] = field(repr=False)
    then: Then = field(repr=False)


@dataclass(frozen=True, slots=True)
class Command:
    """Have the hall do something, once. The visit makes the key before the first attempt and keeps it."""

    method: str
    args: tuple[object, ...] = field(repr=False)
    then: Then = field(repr=False)


@dataclass(frozen=True, slots=True)
class Finish:
    """The flow is done. `slip`: "none", "new", "again" (补打) or "screen": no paper is wanted, the number stands there.
    `ticket`: a number was given, and it is what the slip is for; `windows`: those that serve it. So with `request`."""

    what: str
    appointment: Appointment | None = None
    found: Found | None = None
    slip: str = "none"
    ticket: Ticket | None = None
    windows: tuple[Name, ...] = ()
    request: Request | None = None


@dataclass(frozen=True, slots=True)
class CallHelp:
    """Ring for a clerk and show it."""

    why: str = "help"


@dataclass(frozen=True, slots=True)
class Begin:
    """Another flow, by its card on the first page. `about`: the facility or service it begins with."""

    card: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Aloud:
    """Read this text aloud; the page stays."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class End:
    """The resident is done: leave."""


Move = Go | Stay | Back | Fetch | Command | Finish | CallHelp | Begin | Aloud | End


@dataclass(frozen=True, slots=True)
class Prompt:
    """What whoever asks for words says on the writing page. `question` and `hint`: msgids or door names. `way`: the one
    to begin with. `leave`: back, and 选一选, lead there, with the place as it stands and its text; without it there is
    no list, and back forgets. `left`: such a place, to be gone on with."""

    trail: Trail = _NOWHERE
    question: object = ""
    hint: object = ""
    way: str = ""
    leave: Callable[[Place, str], Move] | None = field(default=None, repr=False)
    left: Place | None = field(default=None, repr=False)


PLAIN = Prompt()


class Writer(Protocol):
    """The one port for words of one's own: the page to write on, as a place of whatever flow asks. It begins with
    `text`, takes at most `most` characters and gives what was written to `then`, which says what follows. It keeps
    nothing: what is written lives in its place, and goes with it. `ways`: "hand" and "pinyin", as this machine can."""

    @property
    def ways(self) -> tuple[str, ...]: ...

    def place(self, text: str, most: int, then: Callable[[str], Move], prompt: Prompt = PLAIN) -> Place: ...


@dataclass(frozen=True, slots=True)
class HomePlace:
    """The first question: which flow?"""

    cards: tuple[str, ...] = ("book", "ticket", "request", "mine", "help")
    scans: bool = True
    over: bool = False

    def step(self, world: World) -> Step:
        del world
        return Home(self.cards)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        del world
        if not isinstance(answer, Pick) or answer.choice not in self.cards:
            return None
        return CallHelp() if answer.choice == "help" else Begin(answer.choice)


@dataclass(frozen=True, slots=True)
class FinishedPlace:
    """The end of a flow. `job` is the slip's print job; the visit counts the page down."""

    what: str
    appointment: Appointment | None = None
    found: Found | None = None
    paper: str = "none"
    problem: Reason | None = None
    job: str | None = None
    ticket: Ticket | None = None
    windows: tuple[Name, ...] = ()
    request: Request | None = None
    scans: bool = False
    over: bool = False

    def step(self, world: World) -> Finished | TicketTaken | RequestDone:
        del world
        if self.request is not None:
            return RequestDone(self.what, self.request, self.paper, 0, self.problem)
        if self.ticket is not None:
            return TicketTaken(self.what, self.ticket, self.windows, self.paper, 0, self.problem)
        return Finished(self.what, self.appointment, self.paper, 0, self.found, self.problem)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        """好了 is "done" and nothing else: the second tap of 对，就约这个 must not clear the page. While paper
        is coming it waits: nobody should walk off without a number."""
        del world
        return End() if answer == Pick("done") and self.paper != "printing" else None


def many(value: object, kind: type[T]) -> tuple[T, ...] | None:
    """A hall's answer as a tuple of `kind`, None if it is anything else."""
    if isinstance(value, tuple) and all(isinstance(item, kind) for item in value):
        return value
    return None


def refusal_of(value: object) -> Refusal:
    """A hall's answer that is not what was asked for: its refusal, or an unexplained one."""
    return value if isinstance(value, Refusal) else Refusal("broken", Reason("unknown"))


def leads_on(refusal: Refusal) -> bool:
    """Whether something is offered that can be had here. A clerk can be asked from every page."""
    return any(offer.facility or offer.service for offer in refusal.next)
