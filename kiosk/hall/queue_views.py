"""How the queue looks through the door: numbers, services, windows, a clerk's page, the hall's board. Reads only."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from kiosk import door
from kiosk.door import BoardView, Call, Name, Pausing, QueueLine, QueueView, Refusal, Service, Ticket, Wait, Window
from kiosk.hall import queue
from kiosk.hall.answers import Number, Numbered, Stand, Stood, midnight, moment, ms
from kiosk.hall.codes import prover
from kiosk.hall.lines import Counter, Lines
from kiosk.hall.schedule import reason_of
from kiosk.hall.tickets import TICKET, qr_code
from kiosk.hall.waits import Waits
from kiosk.ledger import Hot, Tx, Vault
from kiosk.rules import calling, codes

_CALLS_SHOWN = 12
_CALLS_FOR = timedelta(minutes=30)
_NOTICE = Hot("SELECT value FROM mark WHERE name = 'notice'")


class QueueViews:
    """Turns rows of the queue into the door's values."""

    def __init__(self, lines: Lines, waits: Waits, vault: Vault) -> None:
        self._lines = lines
        self._waits = waits
        self._zone = waits.zone
        prove = prover(vault)
        # A number is shown when it is taken, when it is called, and on every page between.
        self._qr = lru_cache(maxsize=4096)(lambda code: codes.qr_text(TICKET, code, prove))

    def ticket(self, numbered: Numbered) -> Ticket:
        """A number as it was answered."""
        number = numbered.number
        line = self._lines.line(number.service)
        return Ticket(
            id=number.id,
            number=number.number,
            service=number.service,
            service_name=line.name if line is not None else Name(number.service),
            state=door.TicketState(number.state),
            ahead=numbered.ahead,
            wait=None if numbered.wait is None else Wait(*numbered.wait),
            past_closing=numbered.past_closing,
            taken_at=moment(number.taken_at, self._zone),
            qr=self._qr(qr_code(number)),
            window=number.at_window or number.aim or None,
            why=numbered.why,
            priority=number.kind == calling.PRIORITY,
            appointment=None if number.appointed is None else moment(number.appointed, self._zone),
            same=numbered.same,
            matter=number.matter,
            called_at=None if numbered.called_at is None else moment(numbered.called_at, self._zone),
            recalls=numbered.recalls,
            rating_bar=numbered.rating_bar,
        )

    def services(self, tx: Tx | None, now: datetime) -> tuple[Service, ...]:
        """The queue lines as they are now; without a ledger (`tx` None) nothing is known of who waits."""
        day = now.date().isoformat()
        waiting = {} if tx is None else queue.counts(tx, day)
        closed = self._lines.no_numbers(now)
        serving: dict[str, list[str]] = {}
        for stand in () if tx is None else self._open(tx, day):
            for service in stand.services.split(","):
                serving.setdefault(service, []).append(stand.id)
        shown = []
        for line in self._lines.all:
            ahead = waiting.get(line.letter, 0)
            wait = self._waits.guess(line.letter, calling.WALK_IN, ahead, ms(now), now)
            shown.append(
                Service(
                    id=line.id,
                    name=line.name,
                    letter=line.letter,
                    matters=line.matters,
                    open=closed is None,
                    waiting=ahead,
                    wait=None if wait is None else Wait(*wait.shown),
                    past_closing=wait is not None and wait.past_closing,
                    bookable=line.bookable,
                    reason=closed,
                    windows=tuple(sorted(serving.get(line.id, ()))),
                    also=line.also,
                )
            )
        return tuple(shown)

    def window(self, stood: Stood) -> Window:
        """A window as it was answered."""
        stand, serving = stood.stand, stood.serving
        counter = self._lines.window(stand.id)
        closed = stand.state == "closed"
        offered = counter.services if counter is not None else ()
        return Window(
            id=stand.id,
            name=counter.name if counter is not None else Name(stand.id),
            state=door.WindowState(stand.state),
            services=offered if closed else tuple(stand.services.split(",")),
            clerk=None if closed else stand.clerk,
            reason=stand.reason,
            back_at=None if stand.back_at is None else moment(stand.back_at, self._zone),
            serving=None if serving is None else self.ticket(serving),
            served_today=stood.served,
            recalls=0 if serving is None else serving.recalls,
        )

    def windows(self, tx: Tx, now: datetime) -> tuple[Window, ...]:
        """Every window of hall.toml."""
        stands, calls, served = queue.windows(tx), queue.open_calls(tx), queue.served(tx, midnight(now))
        return tuple(
            self.window(
                Stood(
                    self._as_of(stands.get(counter.id), counter, now),
                    _serving(calls.get(counter.id)),
                    served.get(counter.id, 0),
                )
            )
            for counter in self._lines.windows
        )

    def view(self, tx: Tx, window: str, now: datetime) -> QueueView | Refusal:
        """A clerk's page."""
        counter = self._lines.window(window)
        if counter is None:
            return Refusal("missing", door.Reason("unknown-window"))
        stand = self._as_of(queue.window(tx, window), counter, now)
        services = counter.services if stand.state == "closed" else tuple(stand.services.split(","))
        numbers = {number.id: number for number in queue.aimed(tx, stand.day, window)}
        for letter in self._lines.letters(services):
            numbers |= {number.id: number for number in queue.waiting(tx, stand.day, letter)}
        at = ms(now)
        order = calling.order([queue.candidate(number) for number in numbers.values()], at, stand.streak)
        waiting = []
        for place, choice in enumerate(order):
            number = numbers[choice.candidate.id]
            shown = Numbered(number, place, why=reason_of(choice.why))
            waiting.append(QueueLine(self.ticket(shown), _minutes(number, at)))
        aside = [(number, QueueLine(self.ticket(Numbered(number)), _minutes(number, at)))
                 for number in queue.aside(tx, stand.day)]  # fmt: skip
        counts = queue.counts(tx, stand.day)
        return QueueView(
            window=self.window(
                Stood(stand, _serving(queue.open_call(tx, window)), queue.served(tx, midnight(now)).get(window, 0))
            ),
            next=waiting[0].ticket if waiting else None,
            waiting=tuple(waiting),
            held=tuple(line for number, line in aside if number.state == "held"),
            parked=tuple(line for number, line in aside if number.state == "parked"),
            counts={line.id: counts.get(line.letter, 0) for line in self._lines.all},
        )

    def board(self, tx: Tx, now: datetime) -> BoardView:
        """What everybody in the hall may know."""
        names = {counter.id: counter.name for counter in self._lines.windows}
        since = max(ms(now - _CALLS_FOR), midnight(now))
        notice = tx.one(_NOTICE)
        return BoardView(
            now=now,
            calls=tuple(
                Call(number, window, names.get(window, Name(window)), moment(at, self._zone), again)
                for number, window, at, again in queue.last_calls(tx, since, _CALLS_SHOWN)
            ),
            paused=tuple(
                Pausing(stand.id, names.get(stand.id, Name(stand.id)), stand.reason or "",
                        None if stand.back_at is None else moment(stand.back_at, self._zone))
                for stand in self._open(tx, now.date().isoformat()) if stand.state == "paused"
            ),
            lines=tuple(
                door.Line(service.id, service.name, service.letter, service.waiting, service.wait)
                for service in self.services(tx, now)
            ),
            notice="" if notice is None else str(notice[0]),
        )  # fmt: skip

    def _open(self, tx: Tx, day: str) -> list[Stand]:
        return [stand for stand in queue.windows(tx).values() if stand.state != "closed" and stand.day == day]

    @staticmethod
    def _as_of(stand: Stand | None, counter: Counter, now: datetime) -> Stand:
        day = now.date().isoformat()
        if stand is None or stand.day != day:
            return Stand(counter.id, "closed", "", "", None, None, day, 0, 0)
        return stand


def _serving(call: queue.Calling | None) -> Numbered | None:
    return None if call is None else call.numbered


def _minutes(number: Number, at: int) -> int:
    return int(max(0, at - number.since) // 60_000)
