"""An appointment, a number or a request as a slip of paper, in the resident's language: what, when, the code or number
in large type, its QR, what next.

It chooses words and sizes; drawing and sending are the printer's. Of the telephone only the last four digits
exist here, and nothing of what a request says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from devices.paper import Align, Badge, Field, Gap, Item, Line, Qr, Rule, Size, Slip
from kiosk.door import Appointment, AppointmentState, Name, Request, Ticket
from kiosk.words import Words, _

BOOKED, WALKED_IN, CHANGED, CANCELLED = "booked", "walked-in", "changed", "cancelled"
TICKET = "ticket"
REQUEST = "request"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands on every slip of this hall. `cancel`: by facility, how long before the start one may still cancel."""

    hall: Name
    cancel: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def kind_of(held: Appointment, what: str) -> str:
    """The slip's kind: what just happened, or what the appointment is."""
    if what in (BOOKED, WALKED_IN, CHANGED, CANCELLED):
        return what
    return CANCELLED if held.state is AppointmentState.CANCELLED else BOOKED


def appointment_slip(held: Appointment, head: Letterhead, words: Words, now: datetime, *,
                     kind: str = BOOKED, again: bool = False) -> Slip:
    """The slip for `held`. `kind`: "booked", "walked-in", "changed" or "cancelled"; `again` marks it 补打."""
    body: list[Item] = [Line(words.name(head.hall)), Rule()]
    badge = _badge(words, kind, again=again)
    if badge:
        body += [Gap(1), Badge(badge)]
    body += [
        Line(words.name(held.facility_name), Size.TITLE, bold=True),
        Line(words.day(held.start.date()), Size.STRONG),
        Line(words.span(held.start, held.end), Size.TITLE, bold=True),
        *((Line(words.name(held.place)),) if words.name(held.place) else ()),
        Gap(2),
        Line(words.say(_("预约号"))),
        Line(words.code(held.code), Size.CODE, bold=True),
        Qr(held.qr),
    ]
    return Slip(tuple(body + _notes(held, head, words, kind)), _footer(words, now))


def ticket_slip(held: Ticket, head: Letterhead, words: Words, now: datetime, *, windows: Sequence[Name] = (),
                again: bool = False) -> Slip:
    """The slip for a number: the number largest, then how many were ahead when it was taken, and how long that takes.
    `windows`: those that serve it, as far as is known; a window it must wait for goes without saying: it is called.
    A slip printed again shows only when the number was taken; who is ahead by then, scanning it tells."""
    body: list[Item] = [Line(words.name(head.hall)), Rule()]
    if again:
        body += [Gap(1), Badge(words.say(_("补打")))]
    body += [
        Line(words.name(held.service_name), Size.TITLE, bold=True),
        Line(held.number, Size.CODE, bold=True),
        *(() if again else (Line(words.queue(held.ahead, held.wait), Size.STRONG),)),
        Qr(held.qr),
    ]
    if windows:
        body.append(Field(words.say(_("窗口")), words.say(_("、")).join(words.name(window) for window in windows)))
    if held.appointment is not None:
        body.append(Field(words.say(_("预约")), words.moment(held.appointment)))
    if held.matter:
        body.append(Field(words.say(_("办理")), held.matter))
    taken = f"{words.date(held.taken_at.date())} {words.time(held.taken_at)}"
    body.append(Field(words.say(_("取号时间")), taken))
    body.append(Field(words.say(_("叫号")), words.say(_("请听广播、看屏幕。扫这张凭条可以看前面还有几人"))))
    return Slip(tuple(body), _footer(words, now))


def request_slip(held: Request, head: Letterhead, words: Words, now: datetime, *, again: bool = False) -> Slip:
    """The slip for a request: what kind and where, the code largest, the day by which an answer is due, and how to
    follow it. What the matter is does not stand here: slips get lost."""
    body: list[Item] = [Line(words.name(head.hall)), Rule()]
    if again:
        body += [Gap(1), Badge(words.say(_("补打")))]
    body += [
        Line(words.name(held.category), Size.TITLE, bold=True),
        *((Line(words.name(held.place_name), Size.STRONG),) if held.place_name else ()),
        Gap(2),
        Line(words.say(_("诉求号"))),
        Line(words.code(held.code), Size.CODE, bold=True),
        Qr(held.qr),
        Line(words.say(_("{due:day} 以前答复"), due=held.due), Size.STRONG, bold=True),
        Field(words.say(_("看进度")), words.say(_("在自助机上扫这张单子，或点「反映诉求」输入上面的号"))),
        Field(words.say(_("登记时间")), f"{words.date(held.filed_at.date())} {words.time(held.filed_at)}"),
    ]
    if held.phone_tail:
        body.append(Field(words.say(_("电话尾号")), held.phone_tail))
    return Slip(tuple(body), _footer(words, now))


def _badge(words: Words, kind: str, *, again: bool) -> str:
    said = [words.say(_("补打"))] if again else []
    if kind == CANCELLED:
        said.append(words.say(_("已取消")))
    elif kind == CHANGED:
        said.append(words.say(_("已改期")))
    return "  ".join(said)


def _notes(held: Appointment, head: Letterhead, words: Words, kind: str) -> list[Item]:
    """What to know, one short line each; on a cancelled slip only whose it was."""
    notes: list[Item] = []
    if held.people > 1:
        notes.append(Field(words.say(_("人数")), words.plural(_("{n} 人"), held.people)))
    if kind != CANCELLED:
        if kind != WALKED_IN:
            notes.append(Field(words.say(_("签到")), words.say(
                _("{start:time}–{end:time}，在自助机上扫这张凭条"), start=held.check_in_from, end=held.check_in_until)))
        if words.name(held.bring):
            notes.append(Field(words.say(_("请带")), words.name(held.bring)))
        if kind != WALKED_IN:
            notes.append(Field(words.say(_("不来")), _how_to_cancel(held, head, words)))
    if held.phone_tail:
        notes.append(Field(words.say(_("电话尾号")), held.phone_tail))
    return notes


def _how_to_cancel(held: Appointment, head: Letterhead, words: Words) -> str:
    lead = head.cancel.get(held.facility)
    if lead and any(lead.values()):
        return words.say(_("请{lead}，在自助机「我的预约」扫这张凭条取消或改期"), lead=lead)
    return words.say(_("请在自助机「我的预约」扫这张凭条取消或改期"))


def _footer(words: Words, now: datetime) -> tuple[Item, ...]:
    printed = words.say(_("{day} {time} 打印"), day=words.date(now.date()), time=words.time(now))
    return (Gap(1), Rule(), Line(printed, align=Align.CENTER), Gap(2))
