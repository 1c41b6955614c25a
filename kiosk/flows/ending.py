"""How a visit's finished page stands: what its slip does, and when it clears itself.

One command, one slip: the print job goes by the command's key. A slip that fails puts the number on the screen for a
minute, even if its owner has walked on to another page; nobody ends without a number in hand or before their eyes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kiosk.door import Reason
from kiosk.flows import timing
from kiosk.flows.places import Finish, FinishedPlace
from kiosk.flows.steps import Finished, PaperEnded, PrintSlip, RequestDone, TicketTaken


class Ending:
    """The finished page of one visit. `shown`: since when it stands as it is."""

    def __init__(self) -> None:
        self._printing: FinishedPlace | None = None
        self.shown = datetime.min.replace(tzinfo=UTC)

    def forget(self) -> None:
        self._printing = None

    def finish(
        self, move: Finish, job: str, language: str, now: datetime
    ) -> tuple[FinishedPlace, tuple[PrintSlip, ...]]:
        """The page, and the slip to print if there is one, in the language the resident reads."""
        self.shown = now
        place = FinishedPlace(move.what, move.appointment, move.found, ticket=move.ticket, windows=move.windows,
                              request=move.request)
        if move.slip == "screen":
            return replace(place, paper="screen"), ()
        if move.slip == "none" or (move.appointment or move.ticket or move.request) is None:
            return place, ()
        self._printing = replace(place, paper="printing", job=job)
        return self._printing, (PrintSlip(
            job, move.appointment, again=move.slip == "again", what=move.what, language=language, ticket=move.ticket,
            windows=move.windows, request=move.request),)

    def ended(self, end: PaperEnded, now: datetime) -> FinishedPlace | None:
        """The page as its slip's end leaves it; None if the slip is none of this visit's."""
        place = self._printing
        if place is None or place.job != end.job:
            return None
        self.shown = now
        if end.state == "printed":
            self._printing = None
            return replace(place, paper="printed")
        fallback = "unknown-ending" if end.state == "unknown" else "no-answer"
        return replace(place, paper="screen", problem=end.reason or Reason(fallback))

    def silent(self, place: FinishedPlace, now: datetime) -> FinishedPlace | None:
        """The page without paper, if the printer's answer is overdue."""
        return self.ended(PaperEnded(place.job, "failed"), now) if place.paper == "printing" and place.job else None

    def clears_at(self, place: FinishedPlace, look: str) -> datetime:
        """When the page clears itself, or while it prints, when the printer is given up."""
        return self.shown + (
            timing.PAPER_SILENT if place.paper == "printing" else timing.finished(look, place.paper))

    def due(self, place: FinishedPlace, look: str, now: datetime) -> datetime:
        """When the page changes by itself."""
        until = self.clears_at(place, look)
        return until if place.paper == "printing" else timing.next_second(until, now)

    def step(
        self, page: Finished | TicketTaken | RequestDone, place: FinishedPlace, look: str, now: datetime
    ) -> Finished | TicketTaken | RequestDone:
        """The page with its count; it stands still while the paper is coming."""
        counting = place.paper != "printing"
        until = self.clears_at(place, look) if counting else now + timing.finished(look, place.paper)
        return replace(page, clears_in=timing.seconds_left(until, now))

    def shift(self, by: timedelta) -> None:
        """The clock was set back."""
        self.shown += by
