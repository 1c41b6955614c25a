"""Please look: is it right? Everything that will be ordered, and the two answers; or, after 改一改, what to change."""

from __future__ import annotations

from kiosk.flows.steps import CheckBooking
from kiosk.words import Words, _
from screens.kit import Kit
from screens.page import Page
from screens.widgets import Item

_PARTS = {
    "facility": _("换个地方"), "day": _("换一天"), "time": _("换个时间"), "people": _("改人数"), "phone": _("改号码"),
}  # fmt: skip
_ICONS = {"facility": "place", "day": "calendar", "time": "clock", "people": "people", "phone": "phone"}


class CheckBookingPage(Page):
    def show(self, step: CheckBooking, kit: Kit, *, fresh: bool) -> None:
        ids, words = self.ids, kit.words
        self.where(step.trail, kit)
        walks_in = step.slot.walk_in and not step.slot.bookable
        rows = self._rows(step, words)
        if step.changing:
            self.question = words.say(_("您要改哪一项？"))
            now = {key: value for key, _label, value, _role in rows}
            cards = [Item(key, words.say(_PARTS[key]), ((now.get(key, ""), "quiet"),), _ICONS[key]) for key in step.can]
            ids.facts.fill(())
            ids.cards.fill(cards, fresh=fresh or not ids.cards.items)
            ids.note.text, ids.yes.text, ids.no.text, ids.no.choice = "", "", words.say(_("不改了")), "keep"
            return
        self.question = words.say(_("请看一看，对不对？"))
        ids.cards.fill((), fresh=True)
        ids.facts.fill([(label, value, role) for _key, label, value, role in rows])
        ids.note.text = words.say(
            _("现在就可以进去，不用再签到。")
            if walks_in
            else _("请在开始前 15 分钟内到机器上签到；过了 15 分钟不到，名额让给别人。")
        )
        ids.yes.text = words.say(
            _("对，就改到这个") if step.moving_from else _("对，现在就用") if walks_in else _("对，就约这个")
        )
        ids.no.text, ids.no.choice = (words.say(_("改一改")) if step.can else ""), "change"

    @staticmethod
    def _rows(step: CheckBooking, words: Words) -> list[tuple[str, str, str, str]]:
        """(what may be changed, label, value, role)."""
        slot, facility = step.slot, step.facility
        place = words.name(facility.name)
        where = words.name(facility.place)
        if where:
            place += f"（{where}）" if words.language == "zh" else f" ({where})"
        rows = [("facility", words.say(_("地方")), place, "body")]
        if step.moving_from is not None:
            old = step.moving_from
            rows.append(("", words.say(_("原来")), f"{words.day(old.start)} {words.span(old.start, old.end)}", "body"))
        rows.append(("day", words.say(_("日子")), words.day(slot.start), "body"))
        rows.append(("time", words.say(_("时间")), words.span(slot.start, slot.end), "lead"))
        if facility.people > 1 and not (slot.walk_in and not slot.bookable):
            rows.append(("people", words.say(_("人数")), words.plural("{n} 人", step.people), "body"))
        if step.phone:
            rows.append(("phone", words.say(_("电话")), step.phone, "body"))
        return rows
