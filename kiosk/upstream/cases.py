"""What officers do with cases: take, accept, work on, answer, give more time, hand up, send back. Each is one
transaction: the case, its steps, the change that its hall will pull, an event in the district's own log.

A case ends only at its hall: by the resident's "solved" or a manager's decision there. Nobody here strikes one off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from kiosk.door import Change
from kiosk.ledger import Event, Hot, Tx, Vault
from kiosk.rules.deadline import MOST_DAYS, Overdue, extended, overdue
from kiosk.upstream.case_rows import (
    ASKED_BACK,
    HANDED,
    HERE,
    PRIVATE,
    TAKEN,
    Case,
    CaseStep,
    by_id,
    move,
    said,
    step,
    steps,
    tell,
    words,
)
from kiosk.upstream.district import DistrictSettings
from kiosk.upstream.officers import Officers, accounts
from kiosk.upstream.outbox import Outbox

MOST_TEXT = 500
_CHANGES = Hot(
    "SELECT seq, id, request, kind, at, unit, officer, due, content FROM case_change"
    " WHERE hall = :hall AND seq > :after ORDER BY seq LIMIT :most"
)
_NEWEST = Hot("SELECT seq FROM case_change WHERE hall = :hall ORDER BY seq DESC LIMIT 1")
_KNOWN = Hot("SELECT 1 FROM case_change WHERE id = :id")
# A change that no hall is to hear of, kept so that it is known.
_ONCE = Hot(
    "INSERT INTO case_change (id, hall, request, kind, at, unit, officer, due, content)"
    " VALUES (:id, '', :request, 'returned', :at, '', '', '', NULL)"
)
# What the tier above may do, and the state that follows ("": stays).
_ABOVE = {"accepted": "accepted", "doing": "doing", "done": "done", "extended": "", "escalated": "", "returned": "",
          "kept": ""}  # fmt: skip
# Of these the hall hears nothing: it is between the two tiers.
_BETWEEN = frozenset({"returned", "kept"})
# What may be done with a case in each state.
MAY: Mapping[str, frozenset[str]] = {
    "registered": frozenset({"accept", "give", "escalate", "send-back"}),
    "accepted": frozenset({"doing", "answer", "extend", "give", "escalate", "send-back"}),
    "doing": frozenset({"answer", "extend", "give", "escalate", "send-back"}),
    "done": frozenset(),
    "confirmed": frozenset(),
    "returned": frozenset(),
}


class No(Exception):
    """The district says no. `code`: case-unknown, case-not-now, case-words, case-days, case-nobody, case-left,
    case-no-tier, case-taken."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Shown:
    """A case as officers see it. `words`: of `PRIVATE` what is kept still; None in lists. `left`: who of all officers
    cannot sign in any more, and so is given nothing."""

    case: Case
    overdue: Overdue
    may: frozenset[str]
    words: Mapping[str, str] | None = None
    steps: tuple[tuple[CaseStep, str], ...] = ()
    left: frozenset[str] = frozenset()


class Cases:
    """One district's. Every method runs within a transaction of the caller's; `now` is aware. May raise `No`."""

    def __init__(
        self, settings: DistrictSettings, vault: Vault, outbox: Outbox | None = None, *, tier_above: bool = False
    ) -> None:
        self._settings = settings
        self._vault = vault
        self._outbox = outbox
        self._tier_above = tier_above

    # ---- looking -----------------------------------------------------------------------------------------------------

    def shown(self, case: Case, now: datetime) -> Shown:
        """A case as a line of a list."""
        today = now.astimezone(self._settings.calendar.zone).date()
        ended = case.state in {"done", "confirmed", "returned"}
        near: Overdue = "fine" if ended else overdue(self._settings.calendar, date.fromisoformat(case.due), today)
        return Shown(case, near, self.may(case))

    def one(self, tx: Tx, id_: str, now: datetime) -> Shown:
        """One case whole, with its words and what was said at each step."""
        shown = self.shown(self._case(tx, id_), now)
        known = said(tx, self._vault, id_)
        told = tuple((one, known.get(f"step:{one.n}", "")) for one in steps(tx, id_))
        left = frozenset(name for name, works in accounts(tx).items() if not works)
        return Shown(shown.case, shown.overdue, shown.may, {k: v for k, v in known.items() if k in PRIVATE}, told, left)

    def changes(self, tx: Tx, hall: str, after: int, most: int = 200) -> list[dict[str, object]]:
        """What a hall is to hear after a number, in order."""
        found: list[dict[str, object]] = []
        for seq, id_, request, kind, at, unit, officer, due, content in tx.all(
            _CHANGES, hall=hall, after=after, most=most
        ):
            text = None if content is None else self._vault.open(bytes(content), f"change {id_}")
            moment = datetime.fromtimestamp(at / 1000, self._settings.calendar.zone).isoformat()
            found.append({"seq": seq, "id": id_, "request": request, "kind": kind, "at": moment, "unit": unit or None,
                          "officer": officer or None, "due": due or None, "text": text})
        return found

    def newest(self, tx: Tx, hall: str) -> int:
        """The number of the newest change for a hall; 0 where there is none."""
        row = tx.one(_NEWEST, hall=hall)
        return 0 if row is None else int(row[0])

    # ---- doing -------------------------------------------------------------------------------------------------------

    def accept(self, tx: Tx, id_: str, officer: str, now: datetime) -> Case:
        """Answer for it: the resident hears by whom."""
        return self._do(tx, id_, "accept", "accepted", now, "", lambda case: case._replace(
            state="accepted", officer=officer, unit=self._unit_of(officer) or case.unit))

    def doing(self, tx: Tx, id_: str, officer: str, now: datetime, text: str = "") -> Case:
        """Say that it is being worked on."""
        return self._do(tx, id_, "doing", "doing", now, text, lambda case: case._replace(
            state="doing", officer=case.officer or officer))

    def answer(self, tx: Tx, id_: str, officer: str, now: datetime, text: str) -> Case:
        """Answer it: the resident reads this, and says whether it is solved."""
        return self._do(tx, id_, "answer", "done", now, _needed(text), lambda case: case._replace(
            state="done", officer=officer))

    def extend(self, tx: Tx, id_: str, days: int, now: datetime, text: str) -> Case:
        """Give it so many working days more, with a reason that the resident reads."""
        if not 1 <= days <= MOST_DAYS:
            raise No("case-days")
        today = now.astimezone(self._settings.calendar.zone).date()

        def more(case: Case) -> Case:
            due = extended(self._settings.calendar, date.fromisoformat(case.due), today, days)
            return case._replace(due=due.isoformat(), extended=case.extended + 1)

        return self._do(tx, id_, "extend", "extended", now, _needed(text), more)

    def give(self, tx: Tx, id_: str, unit: str, officer: str, now: datetime, text: str = "") -> Case:
        """Give it to another officer, or ("") to whoever of a unit has the fewest. The resident is not troubled with
        that."""
        to = next((one for one in self._settings.units if one.id == unit), None)
        if to is None:
            raise No("case-nobody")
        if officer and not accounts(tx).get(officer, True):
            raise No("case-left")

        def given(case: Case) -> Case:
            return case._replace(unit=unit, officer=officer or Officers(tx).next(to).officer)

        return self._do(tx, id_, "give", None, now, text, given)

    def escalate(self, tx: Tx, id_: str, now: datetime, text: str) -> Case:
        """Hand it up to the tier above, which answers it from now on."""
        if not self._tier_above:
            raise No("case-no-tier")
        return self._do(tx, id_, "escalate", "escalated", now, _needed(text), lambda case: case._replace(above=HANDED))

    def recall(self, tx: Tx, id_: str, now: datetime) -> Case:
        """Ask back what was handed up and nobody above has taken up, as far as is known here. Whose it is the tier
        above says, for it alone knows: it comes back "returned" or stays "kept" (`Intake`)."""
        return self._do(tx, id_, "recall", None, now, "", lambda case: case._replace(above=ASKED_BACK), "recalled")

    def send_back(self, tx: Tx, id_: str, now: datetime, text: str) -> Case:
        """Send it back to its hall: it is not for this district. The hall's clerks deal with it."""
        return self._do(tx, id_, "send-back", "returned", now, _needed(text), lambda case: case._replace(
            state="returned"))

    def from_above(self, tx: Tx, change: Change, now: datetime) -> str:
        """What the tier above did with a case that was handed up: "applied", "again" if that is known, "late" if the
        hall has ended it meanwhile. Returned cases are answered here again, and the hall hears nothing of that."""
        if tx.one(_KNOWN, id=change.id) is not None:
            return "again"
        tx.alone()
        was = self._case(tx, change.request)
        to = _ABOVE.get(change.kind)
        if was.above == HERE or to is None:
            raise No("case-not-now")
        if was.state in {"confirmed", "returned"}:
            return "late"
        due = change.due.isoformat() if change.kind == "extended" and change.due is not None else was.due
        above = HERE if change.kind == "returned" else TAKEN
        moved = was._replace(state=was.state if to == "" else to, due=due, above=above)
        at = round(now.timestamp() * 1000)
        step(tx, was.id, was.turn, at, f"above-{change.kind}", {"unit": change.unit, "officer": change.officer})
        text = _clean((change.text or "")[:MOST_TEXT])
        if text:
            words(tx, self._vault, was.id, f"step:{was.turn}", text)
        moved = move(tx, was, moved, at)
        if change.kind in _BETWEEN:
            tx.run(_ONCE, id=change.id, request=was.id, at=at)
            if change.kind == "returned" and was.above == TAKEN and was.officer and was.state != "registered":
                # The hall has heard who answers for it above: now it is somebody here again.
                tell(tx, self._vault, f"{self._settings.id}:{change.id}", was, "accepted", at,
                     unit=self._unit_name(was.unit), officer=was.officer, due=was.due)
        else:
            tell(tx, self._vault, change.id, was, change.kind, at, unit=change.unit or "",
                 officer=change.officer or "", due=due if change.due is not None else "", text=text)
        return "applied"

    # ----------------------------------------------------------------------------------------------------------------

    def _do(
        self, tx: Tx, id_: str, what: str, kind: str | None, now: datetime, text: str, change: Callable[[Case], Case],
        event: str = "given",
    ) -> Case:  # fmt: skip
        """`kind`: what its hall hears, and the event is named after; `event`: its name where no hall hears of it."""
        tx.alone()  # halls read by number: numbers become visible in order
        was = self._case(tx, id_)
        if what not in self.may(was):
            raise No("case-taken" if what == "recall" and was.above == TAKEN else "case-not-now")
        text = _clean(text)
        at = round(now.timestamp() * 1000)
        to = change(was)
        step(tx, id_, was.turn, at, kind or what, {"unit": to.unit, "officer": to.officer, "due": to.due})
        if text:
            words(tx, self._vault, id_, f"step:{was.turn}", text)
        moved = move(tx, was, to, at)
        # The moment as well: once an older copy of the ledger was put back, turns come a second time.
        name = f"{self._settings.id}:{id_}:{was.turn}:{at}"
        if kind is not None:
            tell(tx, self._vault, name, was, kind, at, unit=self._unit_name(moved.unit), officer=moved.officer,
                 due=moved.due if kind in {"accepted", "extended"} else "", text=text)
        self._log(tx, moved, "answered" if kind == "done" else kind or event, name, at, text)
        return moved

    def may(self, case: Case) -> frozenset[str]:
        """What can be done with it now."""
        if case.above and self._tier_above:
            mine = case.above == HANDED and case.state in {"registered", "accepted", "doing"}
            return frozenset({"recall"} if mine else ())
        found = MAY[case.state]
        return found if self._tier_above else found - {"escalate"}

    def _log(self, tx: Tx, case: Case, what: str, name: str, at: int, text: str) -> None:
        data = {"category": case.category, "grid": case.grid, "due": case.due, "unit": case.unit,
                "reopened": case.reopened}
        event = Event(name, f"cn.hall.request.{what}.v1", f"/districts/{self._settings.id}/1", case.id, at, data)
        tx.append([event])
        if what == "escalated" and self._outbox is not None:
            known = said(tx, self._vault, case.id)
            self._outbox.keep(tx, event, {k: v for k, v in known.items() if k in PRIVATE} | {"why": text})

    def _case(self, tx: Tx, id_: str) -> Case:
        found = by_id(tx, id_)
        if found is None:
            raise No("case-unknown")
        # Where district.toml names no tier above any more, what it had is answered here.
        return found if self._tier_above else found._replace(above=HERE)

    def _unit_of(self, officer: str) -> str:
        return next((unit.id for unit in self._settings.units for one in unit.officers if one.name == officer), "")

    def _unit_name(self, id_: str) -> str:
        return next((unit.name.zh for unit in self._settings.units if unit.id == id_), id_)


def _clean(text: str) -> str:
    found = "".join(sign for sign in text if sign.isprintable() or sign == "\n").strip()
    if len(found) > MOST_TEXT:
        raise No("case-words")
    return found


def _needed(text: str) -> str:
    if not _clean(text):
        raise No("case-words")
    return text

