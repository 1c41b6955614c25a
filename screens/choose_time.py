"""At what time? One card a slot with the places that are left, greyed with the reason where none can be had."""

from __future__ import annotations

from kiosk.door import Slot
from kiosk.flows.steps import ChooseTime
from kiosk.words import Words, _
from screens.choose_facility import length
from screens.kit import Kit
from screens.page import Page
from screens.short import why
from screens.widgets import Item


class ChooseTimePage(Page):
    def show(self, step: ChooseTime, kit: Kit, *, fresh: bool) -> None:
        words = kit.words
        self.where(step.trail, kit)
        day = words.near(step.day, step.now.date())
        day = day if day == words.day(step.day) else f"{day} {words.weekday(step.day)}"
        hints = [f"{day[:1].upper()}{day[1:]} · {length(step.facility, words)}"]
        if step.changing is not None:
            hints.append(words.say(_("原来约的是 {start}。"), now=step.now, start=step.changing.start))
        self.hint = "\n".join(hints)

        def card(slot: Slot) -> Item:
            half = step.facility.slot_minutes is None
            title = words.half(slot.start) if half else words.time(slot.start)
            lines = [(words.span(slot.start, slot.end), "quiet")] if half else []
            places = words.places(slot.free, step.facility.unit)
            if slot.bookable:
                lines.append((words.say(_("还有 {places}"), places=places), "good"))
            elif slot.walk_in:
                lines.append((words.say(_("现在有 {places}"), places=places), "good"))
            else:
                lines.append((why(slot.reason, words), "quiet"))
            part = "" if half else words.half(slot.start)
            return Item(slot.start.isoformat(), title[:1].upper() + title[1:], tuple(lines),
                        off=not (slot.bookable or slot.walk_in), group=part[:1].upper() + part[1:])

        self.ids.cards.fill([card(slot) for slot in step.slots], fresh=fresh)
        told = [_too_late(step, words)]
        if any(slot.provisional for slot in step.slots):
            told.append(words.say(_("明年的放假安排还没有公布，以大厅公告为准。")))
        note = "\n".join(filter(None, told))
        below = kit.tokens.calm
        self.ids.notice.text, self.ids.note.text = ("", note) if below else (note, "")


def _too_late(step: ChooseTime, words: Words) -> str:
    """Why some slots are grey although places are left in them; "" where none is."""
    late = [slot for slot in step.slots if slot.reason is not None and slot.reason.code == "lead"]
    if not late:
        return ""
    place = step.facility
    halves = {words.half_day(slot.start, step.now.date()) for slot in late}
    if len(halves) == 1:
        return words.say(_("{facility}要{lead}预约，所以{when}不能再约。"), facility=place.name, lead=place.lead,
                         when=halves.pop())
    return words.say(_("{facility}需要{lead}预约，灰色的时间来不及了。"), facility=place.name, lead=place.lead)
