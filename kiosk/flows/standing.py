"""How a number stands: what its slip's QR code leads to. While it waits, how many are ahead; once it was called, where
to go; when it is served, the rating (五级评价), which may be skipped and never has anything chosen beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from kiosk.door import MOST_RATING_TEXT, Rating, Refusal, Ticket, TicketState
from kiosk.flows.booking import refused
from kiosk.flows.places import Begin, Command, End, Finish, Go, Move, Place, Prompt, Stay, World
from kiosk.flows.steps import Pick, Press, RateLevel, RateReasons, ShowTicket, Step, Trail
from kiosk.words import PRAISE, RATING_LEVELS, _

_OVER = (TicketState.NO_SHOW, TicketState.EXPIRED)
_TRAIL = Trail((_("我的号码"),))
_RATING = Trail((_("评价"),))


def shown(ticket: Ticket, at: Place | None) -> Move:
    """To the page of this number, which takes the place of another number's."""
    if ticket.state is TicketState.DONE and ticket.rating_bar is not None:
        return refused(Refusal("conflict", ticket.rating_bar), trail=_RATING)
    if ticket.state is TicketState.DONE:
        return Go(LevelPlace(ticket))
    return Stay(TicketPlace(ticket)) if isinstance(at, TicketPlace) else Go(TicketPlace(ticket))


@dataclass(frozen=True, slots=True)
class TicketPlace:
    ticket: Ticket
    scans: bool = True
    over: bool = False

    @property
    def may(self) -> tuple[str, ...]:
        return ("take",) if self.ticket.state in _OVER else ("reprint",)

    def step(self, world: World) -> Step:
        window = world.window(self.ticket.window) if self.ticket.window else None
        return ShowTicket(_TRAIL, self.ticket, self.may, window)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        del world
        if not isinstance(answer, Pick):
            return None
        if answer.choice == "done":
            return End()
        if answer.choice not in self.may:
            return None
        if answer.choice == "take":
            return Begin("ticket", self.ticket.service)
        return Command("reprint_ticket", (self.ticket.qr,), _reprinted)


def _reprinted(value: object, world: World) -> Move:
    del world
    if isinstance(value, Ticket):
        return Finish("ticket-again", slip="again", ticket=value)
    return refused(value, trail=_TRAIL)


@dataclass(frozen=True, slots=True)
class LevelPlace:
    """How was it? Five answers, or none."""

    ticket: Ticket
    scans: bool = False
    over: bool = False

    def step(self, world: World) -> Step:
        del world
        return RateLevel(_RATING, self.ticket)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        del world
        if not isinstance(answer, Pick):
            return None
        if answer.choice == "skip":
            return End()
        levels = {str(level): level for level in RATING_LEVELS}
        return Go(ReasonsPlace(self.ticket, levels[answer.choice])) if answer.choice in levels else None


@dataclass(frozen=True, slots=True)
class ReasonsPlace:
    """What was good, or what was not: ready phrases, as many as fit, or none; and words of one's own. `draft`: the page
    they are written on, as it was left."""

    ticket: Ticket
    level: int
    ticked: tuple[str, ...] = ()
    own: str = field(default="", repr=False)
    draft: Place | None = field(default=None, repr=False)
    scans: bool = False
    over: bool = False

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(reason for reason, (levels, _sentence) in PRAISE.items() if self.level in levels)

    def step(self, world: World) -> Step:
        ways = world.writer.ways if world.writer is not None else ()
        return RateReasons(_RATING, self.level, self.reasons, self.ticked, self.own, ways)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        if not isinstance(answer, Pick):
            return None
        if answer.choice == "ok":
            ticked = tuple(reason for reason in self.reasons if reason in self.ticked)
            return Command("rate", (Rating(self.ticket.qr, self.level, ticked, self.own or None),), _rated)
        if world.writer is not None and answer.choice in world.writer.ways:
            asked = Prompt(_RATING, _("您想说什么？"), _("大厅主管会看，不用写名字"), answer.choice, self._left,
                           self.draft)
            return Stay(world.writer.place(self.own, MOST_RATING_TEXT, self._written, asked))
        if answer.choice in self.ticked:
            return Stay(replace(self, ticked=tuple(each for each in self.ticked if each != answer.choice)))
        return Stay(replace(self, ticked=(*self.ticked, answer.choice))) if answer.choice in self.reasons else None

    def _written(self, text: str) -> Move:
        return Stay(replace(self, own=text, draft=None))

    def _left(self, draft: Place, text: str) -> Move:
        return Stay(replace(self, own=text, draft=draft))


def _rated(value: object, world: World) -> Move:
    del world
    return Finish("rated") if value is None else refused(value, trail=_RATING)
