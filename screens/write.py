"""Words of one's own: by finger, by pinyin, from keys with digits and marks; the list is one press away. What stands so
far is always there in large type, and under it, in one line, what can be done now."""

from __future__ import annotations

from kiosk.flows.steps import Press, Write
from kiosk.words import Words, _
from screens.kit import Kit
from screens.page import Page
from screens.widgets.candidates import Candidates
from screens.widgets.keyboard import Keyboard
from screens.widgets.pad import Pad
from screens.widgets.strip import DOORS, Strip, Tool
from screens.widgets.written import Written

_KEYS = 187.0  # mm
__all__ = ["Candidates", "Keyboard", "Pad", "Strip", "Tool", "WritePage", "Written"]  # the .kv names them


class WritePage(Page):
    def show(self, step: Write, kit: Kit, *, fresh: bool) -> None:
        del fresh
        ids, words = self.ids, kit.words
        self.where(step.trail, kit)
        self.question = words.word(step.question)
        ids.written.text, ids.written.hint = step.text, words.word(step.hint) if step.hint else words.say(
            _("写的字会出现在这里"))
        ids.written.spelling, ids.written.spelt = step.way == "pinyin", " ".join(step.spelt)
        ids.note.text = _note(step, words)
        self._doors(step, words)
        ids.candidates.shown, ids.candidates.many = step.way != "signs", step.way == "pinyin"
        ids.candidates.paged = step.pending  # what may come next is a courtesy
        ids.candidates.fill(step.offered)
        ids.pad.shown = step.way == "hand"
        ids.pad.strokes, ids.pad.asked, ids.pad.at = step.strokes, step.box, step.at
        ids.keyboard.keys = {"pinyin": "letters", "signs": "signs"}.get(step.way, "none")
        ids.keyboard.some = bool(step.text or step.spelt)
        # lying down there is little height: it goes to what is offered
        ids.keyboard.springy = kit.tokens.portrait or step.way == "signs"
        self._tools(step, words)

    def lay(self, kit: Kit, width: int, bottom: int, top: int) -> None:
        """A panel that holds one box only has a key for the next."""
        ids = self.ids
        super().lay(kit, width, bottom, top)
        wanted = kit.words.say(_("下一格")) if ids.pad.shown and ids.pad.single else ""
        if ids.next.text != wanted:
            ids.next.text = wanted
            super().lay(kit, width, bottom, top)

    def margin(self, kit: Kit) -> int:
        """Ten keys of 15 mm stand in a row: on a narrow panel the margin gives way to them."""
        return min(super().margin(kit), max(0, kit.tokens.panel.width - kit.tokens.mm(_KEYS)) // 2)

    def _doors(self, step: Write, words: Words) -> None:
        there = {*step.ways, *(("choose",) if step.choose else ())}
        for door, said in DOORS.items():
            tool = self.ids[door]
            tool.text = words.say(said) if door in there else ""
            tool.kind = "on" if door == step.way else "plain"
            tool.spoken = words.say(_("数字和标点")) if door == "signs" and door in there else ""
        self.ids.read.text = words.say(_("读一读")) if step.read else ""
        self.ids.read.icon, self.ids.read.off = "megaphone" if step.read else "", not step.text

    def _tools(self, step: Write, words: Words) -> None:
        ids, hand = self.ids, step.way == "hand"
        for key, said in (("undo", _("撤一笔")), ("clear", _("重写"))):
            ids[key].text = words.say(said) if hand else ""
            ids[key].answer, ids[key].off = Press(key), not step.strokes
        ids.back.icon, ids.back.spoken = ("delete", words.say(_("删一个字"))) if hand else ("", "")
        ids.back.answer, ids.back.off = Press("back"), not step.text
        ids.next.answer = Press("next")
        ids.ok.kind, ids.ok.off = "main", not step.ready
        ids.ok.text = words.say(
            _("先选字") if step.offered and step.pending else _("写好了") if step.text or not step.ready else _("不写"))


def _note(step: Write, words: Words) -> str:
    """What can be done now, in one line."""
    if step.overlong and step.room:
        return words.plural("放不下，还能写 {n} 个字", step.room)
    if not step.room:
        return words.say(_("写满了，不能再多了"))
    if step.missed:
        if step.way == "pinyin":
            return words.say(_("没有这个音，删掉再按"))
        return words.say(_("没认出来，请重写，或改用拼音") if "pinyin" in step.ways else _("没认出来，请重写一遍"))
    both = len({box for box, _stroke in step.strokes}) == 2
    match step.way:
        case "hand" if both:
            return words.say(_("先点左边格子的字") if step.box == 0 else _("先点右边格子的字"))
        case "hand" if step.strokes:
            return words.say(_("是哪个字？点一下"))
        case "hand":
            return words.say(_("接着写，或者点下面的词") if step.offered else _("用手指在格子里写，一格一个字"))
        case "pinyin" if step.spelt:
            return words.say(_("是哪个词？点一下"))
        case "pinyin":
            return words.say(_("接着按，或者点下面的词") if step.offered else _("按拼音，不用声调，可以按一整句"))
        case _:
            return words.say(_("按数字、标点，或者门牌的字"))
