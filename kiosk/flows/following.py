"""A request that was filed: find it by its slip or its ten digits, see how it stands, say whether it is solved, ask for
help, have the slip again.

Only "solved" ends a request, so it is asked twice; "not solved" says what happens next. The hall decides all of it;
these pages only offer what it said.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial

from kiosk.door import MOST_TEXT, HelpKind, Request
from kiosk.flows.booking import refused
from kiosk.flows.places import Back, Command, End, Finish, Go, Move, Place, Prompt, Stay, World
from kiosk.flows.slip_code import CodePlace
from kiosk.flows.steps import (
    ChooseHelp,
    ConfirmSolved,
    Pick,
    Press,
    ShowRequest,
    Step,
    Trail,
    WhyNotSolved,
)
from kiosk.words import _

_TRAIL = Trail((_("我的诉求"),))

STILL = {
    "nobody-came": _("没有人来处理"),
    "not-mended": _("来过了，没有弄好"),
    "in-part": _("只解决了一部分"),
    "back-again": _("好了几天又不行了"),
    "beside-the-point": _("答复说的不是这件事"),
}
"""Why it is not solved, by what a page gives back."""
_MOST_OWN = MOST_TEXT - 1 - max(len(sentence) for sentence in STILL.values())  # both have to fit


def begin() -> Move:
    """To the page where the slip's number is typed, or the slip scanned."""
    return Go(CodePlace(_TRAIL, _found, request=True))


def shown(request: Request, at: Place | None) -> Move:
    """The page of one request; a slip scanned on such a page takes its place."""
    place = RequestPlace(request)
    return Stay(place) if isinstance(at, RequestPlace) else Go(place)


def _found(value: object, world: World) -> Move | None:
    del world
    return shown(value, None) if isinstance(value, Request) else None


@dataclass(frozen=True, slots=True)
class RequestPlace:
    request: Request
    scans: bool = True
    over: bool = False

    def step(self, world: World) -> Step:
        del world
        return ShowRequest(_TRAIL, self.request)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        del world
        if not isinstance(answer, Pick):
            return None
        request = self.request
        if answer.choice == "done":
            return End()
        if answer.choice not in request.may:
            return None
        match answer.choice:
            case "confirm":
                return Go(SolvedPlace(request))
            case "not-solved":
                return Go(WhyPlace(request))
            case "help":
                return Go(KindPlace(request))
            case "reprint":
                return Command("reprint_request", (request.qr,), partial(_ended, "request-again", "again"))
        return None


@dataclass(frozen=True, slots=True)
class SolvedPlace:
    """Really? Solved is the one word here that cannot be taken back."""

    request: Request
    scans: bool = True
    over: bool = False

    def step(self, world: World) -> Step:
        del world
        return ConfirmSolved(_TRAIL, self.request)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        del world
        if isinstance(answer, Pick) and answer.choice == "yes":
            return Command("answer_request", (self.request.qr, True, None), partial(_ended, "solved", "none"))
        return Back() if isinstance(answer, Pick) and answer.choice == "no" else None


@dataclass(frozen=True, slots=True)
class WhyPlace:
    """What is still missing: in one touch, or in words of one's own, or both. It goes in Chinese: those who answer read
    Chinese. `draft`: the page they are written on, as it was left."""

    request: Request
    own: str = field(default="", repr=False)
    draft: Place | None = field(default=None, repr=False)
    scans: bool = True
    over: bool = False

    def step(self, world: World) -> Step:
        ways = world.writer.ways if world.writer is not None else ()
        return WhyNotSolved(_TRAIL, self.request, tuple(STILL), self.own, ways)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        if not isinstance(answer, Pick):
            return None
        if world.writer is not None and answer.choice in world.writer.ways:
            asked = Prompt(_TRAIL, _("还差在哪里？"), _("写好了就交上去，重新办"), answer.choice, self._left,
                           self.draft)
            return Stay(world.writer.place(self.own, _MOST_OWN, self._because, asked))
        if answer.choice not in {*STILL, "other"}:
            return None
        return self._because("；".join(part for part in (STILL.get(answer.choice), self.own) if part))

    def _because(self, why: str) -> Move:
        return Command("answer_request", (self.request.qr, False, why or None), partial(_ended, "not-solved", "none"))

    def _left(self, draft: Place, text: str) -> Move:
        return Stay(replace(self, own=text, draft=draft))


@dataclass(frozen=True, slots=True)
class KindPlace:
    """Which of the five kinds of help."""

    request: Request
    scans: bool = True
    over: bool = False

    def step(self, world: World) -> Step:
        del world
        return ChooseHelp(_TRAIL, self.request)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        del world
        kinds = {kind.value: kind for kind in HelpKind}
        if not isinstance(answer, Pick) or answer.choice not in kinds:
            return None
        return Command("ask_help", (self.request.qr, kinds[answer.choice]), partial(_ended, "help-asked", "none"))


def _ended(what: str, slip: str, value: object, world: World) -> Move:
    del world
    return Finish(what, slip=slip, request=value) if isinstance(value, Request) else refused(value, trail=_TRAIL)
