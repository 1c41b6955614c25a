"""What clerks do at their windows: open, call, call again, hold, send on, finish, pause; each the body of one command.

Calling the next finishes whom the window serves. A window and a ticket have at most one open call, whatever two clerks
press at once: the database holds it (`kiosk.hall.queue`); what is read here first only makes a refusal kinder. What a
command is meant for is part of it: `serving` is whom the caller saw there, and another one is not touched.
"""

from __future__ import annotations

from datetime import datetime

from kiosk.door import Fact, Name, Offer, Reason
from kiosk.hall import queue
from kiosk.hall.answers import Nobody, Number, Numbered, Stand, Stood, midnight, ms
from kiosk.hall.commands import Work, declined
from kiosk.hall.lines import Counter, Lines
from kiosk.hall.queue import Calling
from kiosk.hall.schedule import reason_of
from kiosk.hall.tickets import Tickets
from kiosk.rules import calling

_LIVING = frozenset({"waiting", "held", "parked"})
MOST_REASON = 60
_ASK_CLERK = Offer(Reason("ask-clerk"))


class Windows:
    """The use cases of windows. Every method is run by `Commands` and raises `Declined`."""

    def __init__(self, lines: Lines, tickets: Tickets) -> None:
        self._lines = lines
        self._tickets = tickets

    # ---- the window itself -------------------------------------------------------------------------------------------

    def open(self, work: Work, window: str, services: tuple[str, ...], from_: str | None = None) -> Stood:
        """Open it for a set of services (none: hall.toml's); an open or paused one changes its set and goes on.
        `from_`: of two who open it at once, the second has not seen that it is the first's by now."""
        counter = self._counter(window)
        wanted = tuple(dict.fromkeys(services)) or counter.services
        if any(self._lines.line(service) is None for service in wanted):
            raise declined("missing", Reason("unknown-service"), self._lines.offers())
        stand = self._today(work, window)
        if from_ is not None and stand.state != "closed" and stand.clerk not in {from_, work.caller.name}:
            facts: dict[str, Fact] = {"window": counter.name, "clerk": stand.clerk}
            raise declined("conflict", Reason("window-taken", facts), (Offer(Reason("look-again")),))
        left = queue.open_call(work.tx, window)
        if left is not None and left.number.day != stand.day:  # of a day that nobody closed
            self._end(work, stand, left)
        stand = stand._replace(
            state="open", services=",".join(wanted), clerk=work.caller.name, reason=None, back_at=None
        )  # fmt: skip
        work.tell("window.opened", window, {"window": window, "services": list(wanted)})
        return self._stood(work, queue.put_window(work.tx, stand))

    def close(self, work: Work, window: str, serving: str | None = None) -> Stood:
        """Close it. Whom it serves is done; whom it held, and who was sent to it, wait for any window again."""
        self._counter(window)
        stand = self._today(work, window)
        if stand.state == "closed":
            return self._stood(work, stand)
        self._end(work, stand, self._meant(work, window, serving))
        for number in queue.aside(work.tx, stand.day):
            if number.state == "held" and number.at_window == window:
                queue.move(work.tx, number, "waiting", work.at, at_window=None)
        for number in queue.aimed(work.tx, stand.day, window):
            queue.move(work.tx, number, "waiting", work.at, aim="")
        work.tell("window.closed", window, {"window": window})
        closed = stand._replace(state="closed", reason=None, back_at=None, streak=0)
        return self._stood(work, queue.put_window(work.tx, closed))

    def pause(self, work: Work, window: str, reason: str, back_at: datetime | None) -> Stood:
        """Pause, with a reason the public reads, and until when today if that is known. Whom it serves stays."""
        stand = self._working(work, window)
        said = " ".join(reason.split())[:MOST_REASON]
        if not said:
            raise declined("rule", Reason("pause-why"))
        today = back_at is None or back_at.astimezone(work.now.tzinfo).date() == work.now.date()
        if back_at is not None and not (today and back_at > work.now):  # at midnight every window closes
            raise declined("rule", Reason("pause-back-at"))
        until = None if back_at is None else ms(back_at)
        work.tell("window.paused", window, {"window": window, "reason": said, "back_at": _iso(back_at)})
        paused = stand._replace(state="paused", reason=said, back_at=until)
        return self._stood(work, queue.put_window(work.tx, paused))

    def resume(self, work: Work, window: str) -> Stood:
        """End the pause."""
        stand = self._working(work, window)
        if stand.state == "open":
            return self._stood(work, stand)
        work.tell("window.resumed", window, {"window": window})
        resumed = stand._replace(state="open", reason=None, back_at=None)
        return self._stood(work, queue.put_window(work.tx, resumed))

    # ---- calling -----------------------------------------------------------------------------------------------------

    def call_next(self, work: Work, window: str, serving: str | None) -> Numbered | Nobody:
        """Finish whom it serves and call the next of its lines."""
        stand = self._calling(work, window)
        call = self._meant(work, window, serving)
        self._end(work, stand, call)
        letters = self._lines.letters(tuple(stand.services.split(",")))
        heads = queue.heads(work.tx, stand.day, window, letters)
        choice = calling.choose([queue.candidate(head) for head in heads.values()], work.at, stand.streak)
        if choice is None:
            return Nobody()
        if choice.streak != stand.streak:
            queue.put_window(work.tx, stand._replace(streak=choice.streak))
        return self._begin(work, heads[choice.candidate.id], window, reason_of(choice.why))

    def call(self, work: Work, window: str, text: str, serving: str | None) -> Numbered:
        """Call a certain one: waiting, parked, or held here. One that another window has is refused, and named."""
        stand = self._calling(work, window)
        call = self._meant(work, window, serving)
        number = self._tickets.find(work, text)
        self._check_free(number, window)
        self._end(work, stand, call)
        return self._begin(work, number, window, Reason("why-asked"))

    def recall(self, work: Work, window: str, serving: str | None) -> Numbered:
        """Call the one being served again; after three recalls it is parked instead."""
        self._working(work, window)
        call = self._served(work, window, serving)
        if call.again >= calling.RECALLS:
            queue.end_call(work.tx, call, "parked", work.at)
            parked = queue.move(work.tx, call.number, "parked", work.at, at_window=None)
            self._tell(work, "parked", parked, window)
            return Numbered(parked, recalls=call.again)
        queue.call_again(work.tx, call, work.at)
        work.tell("ticket.recalled", call.number.id, self._facts(call.number, window) | {"again": call.again + 1})
        return Numbered(call.number, why=call.why, called_at=call.at, recalls=call.again + 1)

    # ---- what becomes of the one being served ------------------------------------------------------------------------

    def finish(self, work: Work, window: str, serving: str | None) -> Numbered:
        """Done; or it waits for the window it was to come back to."""
        stand = self._working(work, window)
        call = self._served(work, window, serving)
        self._end(work, stand, call)
        return self._as_it_is(work, call.number)

    def no_show(self, work: Work, window: str, serving: str | None) -> Numbered:
        """Nobody came."""
        return self._set_aside(work, window, serving, "no-show", at_window=None)

    def hold(self, work: Work, window: str, serving: str | None) -> Numbered:
        """Set aside; the window is free."""
        return self._set_aside(work, window, serving, "held")

    def resume_held(self, work: Work, window: str, text: str) -> Numbered:
        """A held one waits again by its old time; a parked one, once, behind three others."""
        self._working(work, window)
        number = self._tickets.find(work, text)
        if number.state == "held":
            back = queue.move(work.tx, number, "waiting", work.at, at_window=None)
        elif number.state == "parked":
            if number.rejoined:
                raise declined("conflict", Reason("rejoined-already", {"number": number.number}),
                               (Offer(Reason("call-it", {"number": number.number})),))  # fmt: skip
            third = queue.third(work.tx, number, calling.REJOIN_BEHIND)
            since = work.at if third is None else max(third + 1, number.since)
            back = queue.move(work.tx, number, "waiting", work.at, since=since, rejoined=1)
        else:
            self._check_free(number, window)
            raise declined("conflict", Reason("not-aside", {"number": number.number}))
        self._tell(work, "returned", back, window)
        return self._tickets.shown(work.tx, back, work.at)

    def transfer(
        self, work: Work, window: str, service: str | None, to: str | None, serving: str | None, *, come_back: bool
    ) -> Numbered:
        """Send on to a service or a window, by its old time. `come_back`: afterwards it waits for this window, and then
        for those that it had to come back to already."""
        self._working(work, window)
        call = self._served(work, window, serving)
        line = None if service is None else self._lines.line(service)
        if service is not None and line is None:
            raise declined("missing", Reason("unknown-service"), self._lines.offers())
        if to is None and line is None:
            raise declined("rule", Reason("transfer-where"))
        if to is not None:
            self._check_open(work, to)
            if to == window:
                raise declined("rule", Reason("transfer-where"))
        way = _way_back(call.number, window)
        queue.end_call(work.tx, call, "transferred", work.at)
        number = queue.move(
            work.tx,
            call.number,
            "waiting",
            work.at,
            line=call.number.line if line is None else line.letter,
            at_window=None,
            aim=to or "",
            back=",".join([window, *way] if come_back else way),
        )
        work.tell("ticket.transferred", number.id, self._facts(number, window) | {"to": to or service})
        return self._tickets.shown(work.tx, number, work.at)

    # ---- steps of these ----------------------------------------------------------------------------------------------

    def _begin(self, work: Work, number: Number, window: str, why: Reason) -> Numbered:
        called = queue.move(work.tx, number, "called", work.at, at_window=window, aim="")
        queue.begin_call(work.tx, called, window, why, work.at)
        self._tell(work, "called", called, window)
        return Numbered(called, why=why, called_at=work.at)

    def _end(self, work: Work, stand: Stand, call: Calling | None) -> None:
        """Whom it serves is done, or goes back to where it was sent from."""
        if call is None:
            return
        queue.end_call(work.tx, call, "done", work.at)
        number = call.number
        if way := _way_back(number, stand.id):
            to, left = way[0], ",".join(way[1:])
            waits = queue.window(work.tx, to)
            aim = to if waits is not None and waits.state != "closed" and waits.day == stand.day else ""
            home = self._lines.line(number.service)
            line = number.line if home is None else home.letter
            back = queue.move(work.tx, number, "waiting", work.at, at_window=None, aim=aim, back=left, line=line)
            work.tell("ticket.transferred", back.id, self._facts(back, stand.id) | {"to": to})
        else:
            self._tell(work, "finished", queue.move(work.tx, number, "done", work.at), stand.id)

    def _set_aside(
        self, work: Work, window: str, serving: str | None, state: str, **changes: str | None
    ) -> Numbered:
        self._working(work, window)
        call = self._served(work, window, serving)
        queue.end_call(work.tx, call, state, work.at)
        number = queue.move(work.tx, call.number, state, work.at, **changes)
        self._tell(work, state, number, window)
        return Numbered(number, recalls=call.again)

    def _as_it_is(self, work: Work, number: Number) -> Numbered:
        now = queue.by_id(work.tx, number.id)
        return self._tickets.shown(work.tx, now or number, work.at)

    def _tell(self, work: Work, what: str, number: Number, window: str) -> None:
        work.tell(f"ticket.{what}", number.id, self._facts(number, window))

    @staticmethod
    def _facts(number: Number, window: str) -> dict[str, object]:
        return {"number": number.number, "service": number.service, "window": window}

    # ---- what stands in the way --------------------------------------------------------------------------------------

    def _counter(self, window: str) -> Counter:
        counter = self._lines.window(window)
        if counter is None:
            raise declined("missing", Reason("unknown-window"))
        return counter

    def _today(self, work: Work, window: str) -> Stand:
        """The window's row, as of today: what stood on another day is not open any more."""
        day = work.now.date().isoformat()
        stand = queue.window(work.tx, window)
        if stand is None:
            return Stand(window, "closed", "", "", None, None, day, 0, 0)
        if stand.day == day:
            return stand
        return stand._replace(state="closed", reason=None, back_at=None, day=day, streak=0)

    def _working(self, work: Work, window: str) -> Stand:
        counter = self._counter(window)
        stand = self._today(work, window)
        if stand.state == "closed":
            offer = Offer(Reason("open-window", {"window": counter.name}))
            raise declined("conflict", Reason("window-closed", {"window": counter.name}), (offer,))
        return stand

    def _calling(self, work: Work, window: str) -> Stand:
        stand = self._working(work, window)
        if stand.state == "paused":
            name = self._counter(window).name
            offer = Offer(Reason("resume-window", {"window": name}))
            raise declined("conflict", Reason("window-paused", {"window": name}), (offer,))
        return stand

    def _check_open(self, work: Work, window: str) -> None:
        counter = self._counter(window)
        if self._today(work, window).state == "closed":
            raise declined("conflict", Reason("window-closed", {"window": counter.name}))

    def _served(self, work: Work, window: str, serving: str | None) -> Calling:
        call = self._meant(work, window, serving)
        if call is None:
            raise declined("conflict", Reason("serving-nobody"), (Offer(Reason("call-next")),))
        return call

    def _meant(self, work: Work, window: str, serving: str | None) -> Calling | None:
        """Whom the window serves, if that is whom the caller saw there."""
        call = queue.open_call(work.tx, window)
        if serving is None or serving in (("",) if call is None else (call.number.id, call.number.number)):
            return call
        # Said back only where it is a number of ours: whatever else was sent may be personal.
        facts: dict[str, Fact] = {"believed": serving} if self._lines.is_number(serving) else {}
        if call is None:
            raise declined("conflict", Reason("serving-nobody", facts), (Offer(Reason("look-again")),))
        facts |= {"window": self._counter(window).name, "number": call.number.number}
        raise declined("conflict", Reason("serving-other", facts), (Offer(Reason("look-again")),))

    def _check_free(self, number: Number, window: str) -> None:
        if number.state in _LIVING and (number.state != "held" or number.at_window == window):
            return
        facts = {"number": number.number}
        if number.at_window == window and number.state == "called":
            raise declined("conflict", Reason("serving-it", facts), (Offer(Reason("call-again", facts)),))
        if number.state in {"called", "held"}:
            counter = self._lines.window(number.at_window or "")
            name = counter.name if counter is not None else Name(number.at_window or "")
            raise declined("conflict", Reason("elsewhere", {**facts, "window": name}), (_ASK_CLERK,))
        raise declined("conflict", Reason("ticket-over", facts), (Offer(Reason("take-number")), _ASK_CLERK))

    def _stood(self, work: Work, stand: Stand) -> Stood:
        call = queue.open_call(work.tx, stand.id)
        served = queue.served(work.tx, midnight(work.now)).get(stand.id, 0)
        return Stood(stand, None if call is None else call.numbered, served)


def _way_back(number: Number, window: str) -> list[str]:
    """The windows that a number has to come back to, the next first. Where it is served now it has come back to."""
    way = number.back.split(",") if number.back else []
    return way[1:] if way[:1] == [window] else way


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
