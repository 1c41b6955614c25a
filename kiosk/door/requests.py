"""The values of requests (诉求) and what can be done with them: for residents `HallRequests`, for clerks
`CounterRequests`. As frozen and as still as the rest of the door.

A request lives until it is struck off (销号): by the resident's own "solved", or by a manager's decision with a reason.
Nobody else ends one, here or upstream.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, Protocol

from kiosk.door.said import Name, Reason, Refusal

MOST_TEXT = 500
MOST_PLACE = 100
MOST_NAME = 30
"""Characters of a request's text, of its place, and of what its resident likes to be called, after cleaning."""


class RequestState(StrEnum):
    """`registered` nobody has taken it yet; `accepted` somebody answers for it; `doing`; `done` answered, and the
    resident has the word; `confirmed` struck off, the only end. "Not solved" leads from `done` back to `doing`."""

    REGISTERED = "registered"
    ACCEPTED = "accepted"
    DOING = "doing"
    DONE = "done"
    CONFIRMED = "confirmed"


class HelpKind(StrEnum):
    """The five kinds of help a resident may ask for with a request."""

    FOLLOW_UP = "follow-up"  # 跟踪: somebody keeps an eye on it and says how it goes
    TEACHING = "teaching"  # 教办: somebody shows how it is done
    HOME_VISIT = "home-visit"  # 上门: somebody comes home
    EXTENDED_HOURS = "extended-hours"  # 延时: somebody serves outside the opening hours
    CALL_BACK = "call-back"  # 回访: somebody asks afterwards whether it is well


HELP_NAMES: Mapping[str, Name] = {
    "follow-up": Name("跟踪", "follow-up"),
    "teaching": Name("教办", "showing how it is done"),
    "home-visit": Name("上门", "a home visit"),
    "extended-hours": Name("延时", "service outside opening hours"),
    "call-back": Name("回访", "a call back"),
}
"""What staff read for each kind."""


@dataclass(frozen=True, slots=True)
class RequestOrder:
    """An order to file a request. `category` and `grid` are ids; `place` says in own words where exactly; `phone` is
    digits; `name` is what to call the resident, kept only by a hall that asks for it. `text` has 1–500 characters,
    `place` at most 100 and `name` at most 30 once cleaned."""

    category: str
    text: str
    grid: str | None = None
    place: str | None = None
    phone: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """What a request may be about, as residents read it. `phrases`: ready texts, to be taken with one touch. `days`:
    working days within which an answer is due. `also`: words people look for it by."""

    id: str
    name: Name
    hint: Name
    phrases: tuple[Name, ...] = ()
    days: int = 7
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A place of the neighbourhood. `also`: other names people call it by; `within`: the id of the grid around it;
    `unit`: who answers for it, if hall.toml says so; `here`: the hall itself stands in it."""

    id: str
    name: Name
    also: tuple[str, ...] = ()
    within: str | None = None
    unit: str | None = None
    here: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What happened to a request. `what` is a code with facts; its fact `words` is what a person wrote with it, and is
    there only while the matter's words are kept."""

    at: datetime
    what: Reason


@dataclass(frozen=True, slots=True)
class Request:
    """A request as whoever holds its code may see it, and staff. `due`: the day by which an answer is due. `officer`:
    who answers for it now; `first_asked`: who was asked first, which stays. `answer`: the latest. `reopened`: how often
    it was not solved. `overdue`: "fine", "amber" (two working days or fewer left) or "red" (past due). `may`: what the
    resident can do now, of "confirm", "not-solved", "help", "reprint". `text`, `place`, `answer` and `phone_tail` are
    None once they have died; `code` and `qr` are "" then."""

    id: str
    code: str
    qr: str
    category: Name
    place_name: Name | None
    state: RequestState
    due: date
    filed_at: datetime
    steps: tuple[Step, ...]
    unit: Name | None = None
    officer: str | None = None
    first_asked: str | None = None
    answer: str | None = None
    reopened: int = 0
    phone_tail: str | None = None
    overdue: Literal["fine", "amber", "red"] = "fine"
    may: frozenset[str] = frozenset()
    text: str | None = None
    place: str | None = None
    category_id: str = ""
    grid: str | None = None


@dataclass(frozen=True, slots=True)
class HelpAsked:
    """A kind of help that was asked for; `settled_at` None while nobody has seen to it."""

    kind: HelpKind
    at: datetime
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RequestCase:
    """A request as clerks hold it. `phone` whole, and `name`, what to call the resident: where one case is looked at,
    None in lists. `holder`: the clerk who has it in hand. `away`: a destination upstream answers it; then `may` has no
    "accept", "doing", "answer", "extend".
    `may`: what this caller can do now, of "take-over", "hand-over", "call-back", "accept", "doing", "answer",
    "extend", "bring-home", "strike-off"."""

    request: Request
    phone: str | None
    holder: str | None
    away: bool
    helps: tuple[HelpAsked, ...]
    may: frozenset[str]
    name: str | None = None


ChangeKind = Literal["accepted", "doing", "done", "extended", "escalated", "returned"]


@dataclass(frozen=True, slots=True)
class Change:
    """What a destination upstream says has happened to a request. `id` is unique among all changes of all
    destinations; `request` is the request's opaque id; `due` the new day of an extension; `text` what the resident is
    to read. Nothing in it is believed unlooked at."""

    id: str
    request: str
    kind: str
    at: datetime
    unit: str | None = None
    officer: str | None = None
    due: date | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeAside:
    """A change that could not be applied, for staff to look at. `why` says what was wrong with it."""

    id: str
    request: str
    kind: str
    at: datetime
    why: Reason


View = Literal["open", "mine", "late", "all"]


class HallRequests(Protocol):
    """What residents can do with requests. Every method may raise `HallAway`."""

    async def categories(self) -> tuple[Category, ...]:
        """What a request may be about, in the order of hall.toml."""
        ...

    async def grids(self) -> tuple[Grid, ...]:
        """The places of the neighbourhood, in the order of hall.toml."""
        ...

    async def file_request(self, key: str, order: RequestOrder) -> Request | Refusal: ...

    async def request(self, code_or_qr: str) -> Request | Refusal:
        """Look one up by its typed code or by what its QR code says."""
        ...

    async def answer_request(
        self, key: str, code_or_qr: str, solved: bool, why: str | None = None
    ) -> Request | Refusal:
        """Say whether an answered request is solved. "Solved" strikes it off, "not solved" opens it again."""
        ...

    async def ask_help(self, key: str, code_or_qr: str, kind: HelpKind) -> Request | Refusal: ...

    async def reprint_request(self, key: str, code_or_qr: str) -> Request | Refusal:
        """Ask for its slip once more (补打)."""
        ...


class CounterRequests(Protocol):
    """What clerks do with requests; `id_` is a request's opaque id. All answer with a `Refusal` when the hall says
    no."""

    async def requests(self, view: View = "open", search: str = "") -> tuple[RequestCase, ...] | Refusal:
        """The register. "mine": in this caller's hands; "late": amber or red; `search`: in code, category, place and
        text. At most 200, those due first in front ("all": the newest first)."""
        ...

    async def request_by_id(self, id_: str) -> RequestCase | Refusal: ...

    async def take_over(self, key: str, id_: str) -> RequestCase | Refusal:
        """Take one into one's own hands that nobody has. Whoever does so first is first-asked for ever."""
        ...

    async def hand_over(self, key: str, id_: str, to: str, why: str) -> RequestCase | Refusal:
        """Give it into another's hands, with a reason. `to` is the name of an account."""
        ...

    async def note_call_back(self, key: str, id_: str, text: str) -> RequestCase | Refusal:
        """Note that the resident was called, and what was said. Settles the help "call-back"."""
        ...

    async def settle_help(self, key: str, id_: str, kind: HelpKind) -> RequestCase | Refusal:
        """Somebody has seen to a kind of help."""
        ...

    async def accept(self, key: str, id_: str) -> RequestCase | Refusal:
        """Answer for it in the hall. This and the next three only where the hall answers by itself."""
        ...

    async def doing(self, key: str, id_: str) -> RequestCase | Refusal: ...

    async def answer(self, key: str, id_: str, text: str) -> RequestCase | Refusal: ...

    async def extend(self, key: str, id_: str, days: int, why: str) -> RequestCase | Refusal:
        """Give it so many working days more; the resident reads why."""
        ...

    async def bring_home(self, key: str, id_: str, why: str) -> RequestCase | Refusal:
        """A manager's decision that the hall answers one which upstream cannot: it was refused there, or nobody is."""
        ...

    async def strike_off(self, key: str, id_: str, why: str) -> RequestCase | Refusal:
        """A manager's decision that it ends, with a reason that the resident reads."""
        ...

    async def changes_aside(self) -> tuple[ChangeAside, ...] | Refusal:
        """What came from upstream and could not be applied."""
        ...

    async def settle_change(self, key: str, id_: str) -> Refusal | None:
        """A change set aside has been looked at."""
        ...
