"""/staff/desk: what a clerk does for who stands or calls: take a number, book a place, find and cancel a booking.

For somebody without a telephone the telephone stays empty. A telephone number never stands in an address: whatever
holds one is a POST, and its answer is the page itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fastapi import FastAPI, Request
from fastapi.responses import Response

from kiosk.door import Appointment, Booking, Hall, Refusal, Role, Slot, Ticket, TicketOrder
from kiosk.hall.accounts import Account
from kiosk.hall.desk import find_for_staff
from kiosk.web.pages.gate import Gate, Press, Said
from kiosk.web.sessions import Session


@dataclass(frozen=True, slots=True)
class Line:
    """A booking in the list. `may_cancel`: it is still to come."""

    id: str
    code: str
    aloud: str
    what: str
    when: str
    state: str
    tail: str
    may_cancel: bool
    may_check_in: bool
    may_print: bool


STATES = {"booked": "已预约", "checked-in": "已签到", "done": "已结束", "cancelled": "已取消", "no-show": "没有来"}


class DeskPages:
    """The desk of one hall process."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def add_to(self, app: FastAPI) -> None:
        """Put the pages into the application."""
        self._gate.add(app, "/staff/desk", self._page)
        self._gate.add(app, "/staff/desk/number", None, self._number)
        self._gate.add(app, "/staff/desk/book", None, self._book)
        self._gate.add(app, "/staff/desk/find", None, self._find)
        self._gate.add(app, "/staff/desk/cancel", None, self._cancel)
        self._gate.add(app, "/staff/desk/check-in", None, self._check_in)

    async def _page(self, request: Request) -> Response:
        session, account = await self._gate.signed_in(request)
        query = request.query_params
        return await self._show(session, account, self._gate.said(request), query.get("what", ""), query.get("day", ""))

    async def _show(
        self, session: Session, account: Account, said: Said | None, what: str = "", day: str = "", *,
        ticket: Ticket | None = None, booked: Appointment | None = None, found: list[Line] | None = None,
        typed: Mapping[str, str] | None = None, status: int = 200,
    ) -> Response:  # fmt: skip
        """`typed`: what was refused stays in its form."""
        gate, words, now = self._gate, self._gate.words, self._gate.house.clock.now()
        door = gate.house.door(account.caller)
        services = await door.services()
        places = [*await door.facilities(), *await door.bookable_services()]
        seen = await gate.board(account)
        slots, days, said = await self._slots(door, what, day, said)
        values = {
            "csrf": gate.csrf(session), "said": said, "board": seen, "manager": account.role is Role.MANAGER,
            "here": "desk", "found": found, "typed": typed or {},
            "services": [(one.id, words.name(one.name), one.waiting, "" if one.wait is None else
                          f"约 {one.wait.low}–{one.wait.high} 分钟") for one in services],
            "closed": "" if not services or services[0].open or services[0].reason is None
                      else words.reason(services[0].reason, now),
            "matters": [(words.name(one.name), [words.name(m.name) for m in one.matters]) for one in services],
            "places": [(one.id, words.name(one.name)) for one in places], "what": what, "day": day, "days": days,
            "slots": [(slot.start.isoformat(), words.span(slot.start, slot.end), slot.free, slot.walk_in)
                      for slot in slots],
            "most": next((one.people for one in places if one.id == what), 1),
            "ticket": None if ticket is None else {
                "id": ticket.id, "number": ticket.number, "service": words.name(ticket.service_name),
                "ahead": ticket.ahead,
                "wait": "" if ticket.wait is None else f"，约 {ticket.wait.low}–{ticket.wait.high} 分钟",
                "same": ticket.same, "late": ticket.past_closing,
            },
            "booked": None if booked is None else {
                "id": booked.id, "code": words.code(booked.code),
                "what": words.name(booked.facility_name), "when": words.moment(booked.start, now),
                "bring": words.name(booked.bring),
            },
        }  # fmt: skip
        return gate.show("desk.html", values, status)

    async def _slots(
        self, door: Hall, what: str, day: str, said: Said | None
    ) -> tuple[list[Slot], list[tuple[str, str, int, str]], Said | None]:
        """The free slots of a day, and the days of the horizon; what cannot be had is said."""
        if not what:
            return [], [], said
        words, now = self._gate.words, self._gate.house.clock.now()
        days = await door.days(what)
        if isinstance(days, Refusal):
            return [], [], said or self._gate.say(days)
        shown = [(one.day.isoformat(), words.near(one.day, now.date()), one.free,
                  "" if one.reason is None else words.reason(one.reason, now)) for one in days]  # fmt: skip
        try:
            chosen = date.fromisoformat(day)
        except ValueError:
            return [], shown, said
        slots = await door.slots(what, chosen)
        if isinstance(slots, Refusal):
            return [], shown, said or self._gate.say(slots)
        free = [slot for slot in slots if slot.bookable or slot.walk_in]
        if not free and said is None:
            said = Said(False, "这一天没有可以约的时间了，请看别的日子。")
        return free, shown, said

    # ---- what the forms do -------------------------------------------------------------------------------------------

    async def _number(self, request: Request) -> Response:
        press = await self._gate.pressed(request)
        form = press.form
        order = TicketOrder(
            form.get("service", ""), form.get("matter") or None, form.get("phone", "").strip() or None,
            form.get("priority") == "yes",
        )  # fmt: skip
        done = await self._gate.house.door(press.account.caller).take_ticket(press.key("number"), order)
        if isinstance(done, Refusal):
            return await self._no(press, done)
        told = f"{done.number} 是刚才已经取过的号。" if done.same else f"取好了：{done.number}。请把号告诉居民。"
        return await self._show(press.session, press.account, Said(True, told), ticket=done)

    async def _book(self, request: Request) -> Response:
        press = await self._gate.pressed(request)
        form, door, key = press.form, self._gate.house.door(press.account.caller), press.key("book")
        what, day = form.get("what", ""), form.get("day", "")
        slots = await self._slots(door, what, day, None)
        chosen = next((slot for slot in slots[0] if slot.start.isoformat() == form.get("start")), None)
        phone = form.get("phone", "").strip() or None
        people = int(form["people"]) if form.get("people", "").isdigit() and len(form["people"]) < 4 else 1
        before = await door.outcome(key)
        if isinstance(before, Appointment) and before.start.isoformat() == form.get("start"):
            # Pressed before, and the answer was lost: the place that it took is no longer among the free ones.
            order = Booking(what, before.start, phone, people, before.state.value == "checked-in")
        elif chosen is None:
            said = Said(False, "这个时间刚刚约满或已经过了，请选别的时间。" if form.get("start") else "请先选时间。")
            return await self._show(press.session, press.account, said, what, day, typed=form, status=409)
        else:
            order = Booking(what, chosen.start, phone, people, not chosen.bookable)
        done = await door.book(key, order)
        if isinstance(done, Refusal):
            return await self._no(press, done, what, day)
        said = Said(True, f"约好了，预约号 {self._gate.words.code(done.code)}。请让居民记下。")
        return await self._show(press.session, press.account, said, booked=done)

    async def _find(self, request: Request) -> Response:
        press = await self._gate.pressed(request)
        return await self._list(press, press.form.get("text", ""), None)

    async def _list(self, press: Press, text: str, said: Said | None) -> Response:
        found = await find_for_staff(self._gate.house, press.account.caller, text)
        if isinstance(found, Refusal):
            return await self._no(press, found)
        if not found and said is None:
            said = Said(False, "没有找到预约。请看看号码对不对。")
        lines = [self._line(one) for one in found]
        return await self._show(press.session, press.account, said, found=lines, typed={"text": text})

    async def _cancel(self, request: Request) -> Response:
        press = await self._gate.pressed(request)
        closing = self._gate.house.closing(press.account.caller)
        why = press.form.get("why", "").strip() or "居民要求取消"
        done = await closing.cancel(press.key("cancel"), press.form.get("id", ""), why)
        said = Said(True, "取消了，名额已经让出。") if done is None else self._gate.say(done)
        return await self._list(press, press.form.get("text", ""), said)

    async def _check_in(self, request: Request) -> Response:
        press = await self._gate.pressed(request)
        door = self._gate.house.door(press.account.caller)
        done = await door.check_in(press.key("check-in"), press.form.get("code", ""))
        if isinstance(done, Refusal):
            return await self._no(press, done)
        number = "" if done.ticket is None else f"号是 {done.ticket.number}。"
        return await self._show(press.session, press.account, Said(True, f"签到了。{number}"), ticket=done.ticket)

    async def _no(self, press: Press, refusal: Refusal, what: str = "", day: str = "") -> Response:
        said = self._gate.say(refusal)
        return await self._show(press.session, press.account, said, what, day, typed=press.form, status=422)

    def _line(self, one: Appointment) -> Line:
        words, now = self._gate.words, self._gate.house.clock.now()
        return Line(
            one.id, one.code, words.code(one.code), words.name(one.facility_name), words.moment(one.start, now),
            STATES.get(one.state.value, one.state.value), one.phone_tail or "", one.state.value == "booked",
            "check-in" in one.may, "reprint" in one.may,
        )  # fmt: skip
