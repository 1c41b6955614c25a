"""How requests look through the door: to whoever holds the code, and to staff. Reads only. Shown again later, an answer
looks as it did when it was given: the moment is an argument; only words that have died since are gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from kiosk.door import HelpAsked, HelpKind, Reason, Request, RequestCase, RequestState, Step
from kiosk.hall.answers import Lodged, moment
from kiosk.hall.callers import Caller
from kiosk.hall.codes import prover
from kiosk.hall.neighbourhood import Neighbourhood
from kiosk.hall.request_desk import may
from kiosk.hall.schedule import Schedule
from kiosk.ledger import Vault
from kiosk.rules import codes, masking

_MOST_STEPS = 500
# Whose words the resident reads too; what clerks note for each other they do not.
_FOR_RESIDENTS = frozenset(
    {"request-done", "request-extended", "request-escalated", "request-not-solved", "request-struck-off",
     "request-accepted", "request-doing"}
)  # fmt: skip


class RequestViews:
    """Turns rows into the door's values."""

    def __init__(self, schedule: Schedule, vault: Vault, places: Neighbourhood) -> None:
        self._schedule = schedule
        self._vault = vault
        self._places = places

    def request(self, lodged: Lodged, at: datetime, phone: str | None, *, staff: bool = False) -> Request:
        """The whole request, for whoever holds its code. `phone`: its digits, of which four are shown; `staff`: with
        what clerks noted for each other."""
        row, words = lodged.row, lodged.words
        code, due = row.code or "", date.fromisoformat(row.due)
        steps = tuple(
            Step(moment(step.at, self._schedule.zone), self._told(step.what, words.get(f"step:{n}"), staff))
            for n, step in enumerate(lodged.steps, 1)
        )
        answers = [n for n, step in enumerate(lodged.steps, 1) if step.what.code == "request-done"]
        return Request(
            id=row.id,
            code=code,
            qr=codes.qr_text(codes.REQUEST, code, prover(self._vault)) if code else "",
            category=self._places.category_name(row.category),
            place_name=self._places.grid_name(row.grid),
            state=RequestState(row.state),
            due=due,
            filed_at=moment(row.filed_at, self._schedule.zone),
            steps=steps[-_MOST_STEPS:],
            unit=self._places.unit_name(row.unit),
            officer=row.officer or row.holder or None,
            first_asked=row.first_asked or None,
            answer=words.get(f"step:{answers[-1]}") if answers else None,
            reopened=row.reopened,
            phone_tail=masking.tail(phone) or None if phone else None,
            overdue="fine" if row.state in {"done", "confirmed"} else self._places.overdue(due, at),
            may=_resident_may(row.state),
            text=words.get("text"),
            place=words.get("place"),
            category_id=row.category,
            grid=row.grid,
        )

    def case(
        self, lodged: Lodged, at: datetime, caller: Caller, phone: str | None, *, whole: bool = True
    ) -> RequestCase:
        """A request as a member of staff holds it. `whole` False: in a list, without telephone and name."""
        return RequestCase(
            request=self.request(lodged, at, phone, staff=True),
            phone=phone if whole else None,
            holder=lodged.row.holder or None,
            away=bool(lodged.row.away) and lodged.row.state != "confirmed",
            helps=tuple(
                HelpAsked(
                    HelpKind(one.kind),
                    moment(one.at, self._schedule.zone),
                    None if one.settled_at is None else moment(one.settled_at, self._schedule.zone),
                )
                for one in lodged.helps
            ),
            may=may(lodged.row, caller),
            name=lodged.words.get("name") if whole else None,
        )

    def _told(self, what: Reason, words: str | None, staff: bool) -> Reason:
        named = dict(what.facts)
        if isinstance(unit := named.get("unit"), str) and (name := self._places.unit_name(unit)) is not None:
            named["unit"] = name
        if words is not None and (staff or what.code in _FOR_RESIDENTS):
            named["words"] = words
        return replace(what, facts=named)


def _resident_may(state: str) -> frozenset[str]:
    if state == "confirmed":
        return frozenset()
    return frozenset({"help", "reprint"} | ({"confirm", "not-solved"} if state == "done" else set()))
