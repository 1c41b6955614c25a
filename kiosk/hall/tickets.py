"""Taking a number, finding it again, and the number that a check-in at a window gives: each the body of one command.

The database holds what must not happen twice (`kiosk.hall.queue`). Nothing here prints, waits, or says how long a wait
is: whoever gives numbers asks `Waits`.
"""

from __future__ import annotations

from kiosk.door import AppointmentState, Offer, Reason, Refusal, TicketOrder
from kiosk.hall import codes as appointment_codes
from kiosk.hall import queue, rating_due, register
from kiosk.hall.answers import Held, Number, Numbered, moment
from kiosk.hall.callers import Caller
from kiosk.hall.commands import Declined, Work, declined
from kiosk.hall.ids import timed_id
from kiosk.hall.lines import Line, Lines
from kiosk.hall.schedule import Schedule, reason_of
from kiosk.hall.waits import Waits
from kiosk.ledger import Tx, Vault
from kiosk.rules import calling, codes
from kiosk.rules.bar import Bar
from kiosk.rules.calling import APPOINTMENT, LATE_MS, PRIORITY, WALK_IN

TICKET = "T"
_ASK_CLERK = (Offer(Reason("ask-clerk")),)
_TAKE_ANOTHER = (Offer(Reason("take-number")), *_ASK_CLERK)
_LONGEST = 64
_NOT_COME = frozenset({AppointmentState.BOOKED, AppointmentState.CANCELLED, AppointmentState.NO_SHOW})


class Tickets:
    """The use cases of numbers. Every method is run by `Commands` and raises `Declined`, but for `look`."""

    def __init__(self, lines: Lines, schedule: Schedule, vault: Vault, waits: Waits) -> None:
        self._lines = lines
        self._schedule = schedule
        self._vault = vault
        self._waits = waits

    # ---- taking one --------------------------------------------------------------------------------------------------

    def take(self, work: Work, order: TicketOrder) -> Numbered:
        """Take a number, or get the one back that this telephone has in this line."""
        line = self._line(order.service)
        matter = self._matter(line, order.matter)
        digits = self._digits(order.phone)
        self._check_hours(work, line)
        work.tx.alone()
        day = work.now.date().isoformat()
        id_ = timed_id(work.at, work.id)
        mac = None if digits is None else register.phone_mac(self._vault, digits)
        if mac is not None:
            had = queue.of_phone(work.tx, mac, line.id, id_, day)
            if had is not None:
                return self.shown(work.tx, had, work.at, same=True)
        kind = PRIORITY if order.priority else WALK_IN
        given = self._give(work, line, id_, kind, since=work.at, matter=matter)
        if digits is not None and mac is not None:
            register.add_phone(work.tx, self._vault, id_, digits, mac)
        return given

    def admit(self, work: Work, held: Held) -> Numbered | None:
        """The number for somebody who has come to an appointment at a window; None where it is for a room."""
        line = self._lines.line(held.facility)
        if line is None:
            return None
        work.tx.alone()
        late = work.at - held.begins > LATE_MS
        id_ = timed_id(work.at, work.id)
        return self._give(
            work,
            line,
            id_,
            WALK_IN if late else APPOINTMENT,
            since=work.at if late else held.begins,
            appointment=held.id,
            appointed=held.begins,
        )

    def admitted(self, tx: Tx, held: Held) -> Number | None:
        """The number that somebody's check-in at a window gave; None for a room, and before they have come."""
        line = self._lines.line(held.facility)
        if line is None or held.state in _NOT_COME:
            return None
        return queue.of_appointment(tx, line.letter, held.day, held.id)

    def _give(
        self,
        work: Work,
        line: Line,
        id_: str,
        kind: str,
        *,
        since: int,
        matter: str | None = None,
        appointment: str | None = None,
        appointed: int | None = None,
    ) -> Numbered:
        day = work.now.date().isoformat()
        n, waiting = queue.give(work.tx, line.letter, day)
        number = Number(
            id=id_, number=f"{line.letter}{n:03d}", letter=line.letter, day=day, n=n, service=line.id,
            line=line.letter, kind=kind, since=since, matter=matter, state="waiting", at_window=None, aim="", back="",
            rejoined=0, appointment=appointment, appointed=appointed, taken_at=work.at, changed_at=work.at, turn=0,
        )  # fmt: skip
        wait = self._waits.guess(line.letter, kind, waiting - 1, since, work.now)
        queue.add(work.tx, number, None if wait is None else wait.guess)
        work.tell("ticket.issued", id_, {"number": number.number, "service": line.id})
        return Numbered(
            number,
            waiting - 1,
            None if wait is None else wait.shown,
            past_closing=wait is not None and wait.past_closing,
        )

    # ---- finding it --------------------------------------------------------------------------------------------------

    def look(self, tx: Tx, caller: Caller, text: str, today: str) -> Number | Refusal:
        """The ticket that a QR code's text or an id names; for staff also a number of today, e.g. A023."""
        text = text.strip()
        if not text or len(text) > _LONGEST:
            return Refusal("missing", Reason("ticket-unknown"), _ASK_CLERK)
        if ":" in text:
            return self._scanned(tx, text)
        found = queue.by_id(tx, text)
        if found is None and caller.staff:
            found = self._numbered(tx, text, today)
        return found or Refusal("missing", Reason("ticket-unknown"), _ASK_CLERK)

    def find(self, work: Work, text: str) -> Number:
        """The same within a command."""
        found = self.look(work.tx, work.caller, text, work.now.date().isoformat())
        if isinstance(found, Refusal):
            raise Declined(found)
        return found

    def reprint(self, work: Work, text: str) -> Numbered:
        """Leave word that the slip is printed again; the printing is the kiosk's."""
        number = self.find(work, text)
        if number.state in {"done", "no-show", "expired"}:
            raise declined("conflict", Reason("ticket-over", {"number": number.number}), _TAKE_ANOTHER)
        work.tell("ticket.reprinted", number.id, {"number": number.number})
        return self.shown(work.tx, number, work.at)

    def shown(self, tx: Tx, number: Number, at: int, *, same: bool = False) -> Numbered:
        """A ticket as it stands now: who is ahead of it, how long it will still wait, where it is called."""
        if number.state == "called" and (call := queue.call_of(tx, number)) is not None:
            return call.numbered
        if number.state == "done":
            return Numbered(number, rating_bar=rating_due.bar(tx, number, at))
        if number.state != "waiting":
            return Numbered(number, same=same)
        ahead = self._waits.ahead(tx, number, at)
        wait = self._waits.guess(number.line, calling.WALK_IN, ahead, number.since, moment(at, self._schedule.zone))
        past = wait is not None and wait.past_closing
        return Numbered(number, ahead, None if wait is None else wait.shown, past_closing=past, same=same)

    def _scanned(self, tx: Tx, text: str) -> Number | Refusal:
        read = codes.read(text)
        if isinstance(read, Bar):
            return Refusal("rule", reason_of(read), _ASK_CLERK)
        if read.kind != TICKET:
            return Refusal("rule", Reason("code-not-ticket"), _ASK_CLERK)
        if not codes.is_ours(read, appointment_codes.prover(self._vault)):
            return Refusal("missing", Reason("code-foreign"), _ASK_CLERK)
        stands = read_qr(read.code, tuple(line.letter for line in self._lines.all))
        found = None if stands is None else queue.by_number(tx, *stands)
        return found or Refusal("missing", Reason("ticket-unknown"), _ASK_CLERK)

    def _numbered(self, tx: Tx, text: str, today: str) -> Number | None:
        letter, n = text[:1], text[1:]
        if not (n.isascii() and n.isdecimal()) or len(n) > 9:
            return None
        exact = [line.letter for line in self._lines.all if line.letter == letter]
        near = [line.letter for line in self._lines.all if line.letter.upper() == letter.upper()]
        return next((found for one in exact or near if (found := queue.by_number(tx, one, today, int(n)))), None)

    # ---- what stands in the way --------------------------------------------------------------------------------------

    def _line(self, service: str) -> Line:
        line = self._lines.line(service)
        if line is None:
            raise declined("missing", Reason("unknown-service"), (*self._lines.offers(), *_ASK_CLERK))
        return line

    def _matter(self, line: Line, wanted: str | None) -> str | None:
        if wanted is None:
            return None
        matter = line.matter(wanted)
        if matter is None:
            raise declined("rule", Reason("unknown-matter", {"service": line.name}))
        return matter.name.zh

    def _digits(self, phone: str | None) -> str | None:
        if phone is None:
            return None
        digits, bar = self._schedule.phone(phone)
        if bar is not None:
            raise declined("rule", bar)
        return digits

    def _check_hours(self, work: Work, line: Line) -> None:
        reason = self._lines.no_numbers(work.now)
        if reason is None:
            return
        offers = []
        opens = self._lines.next_numbers(work.now)
        if opens is not None:
            offers.append(Offer(Reason("numbers-from", {"start": opens}), start=opens, service=line.id))
        if line.bookable:
            offers.append(Offer(Reason("book-window", {"service": line.name}), facility=line.id, service=line.id))
        raise declined("conflict", reason, (*offers, *_ASK_CLERK))


def qr_code(number: Number) -> str:
    """What stands for a ticket in its QR code: letter, number, day as yymmdd; all within QR's alphanumeric set."""
    return f"{number.letter.upper()}{number.n:03d}{number.day[2:4]}{number.day[5:7]}{number.day[8:10]}"


def read_qr(code: str, letters: tuple[str, ...]) -> tuple[str, str, int] | None:
    """Letter, day and number of a QR code; None for what is no ticket of a line we have."""
    letter = next((one for one in letters if one.upper() == code[:1]), None)
    n, day = code[1:-6], code[-6:]
    if letter is None or not n.isdecimal() or not day.isdecimal() or len(n) > 9:
        return None
    return letter, f"20{day[:2]}-{day[2:4]}-{day[4:]}", int(n)
