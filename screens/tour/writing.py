"""The tour's residents who write: with a finger, with pinyin, and what to call them. Their strokes were written for
this tour, x to the right and y down in a box's square; a machine without the data to read them has its reason said and
goes on.
"""

from __future__ import annotations

from itertools import pairwise

from kiosk.flows import steps as s
from kiosk.flows.steps import Stroke
from screens.tour.guide import Guide

STROKES: dict[str, tuple[Stroke, ...]] = {
    "大": (((0.15, 0.40), (0.85, 0.38)), ((0.50, 0.10), (0.48, 0.45), (0.30, 0.70), (0.12, 0.90)),
          ((0.50, 0.45), (0.65, 0.70), (0.90, 0.90))),
    "灯": (((0.14, 0.35), (0.20, 0.50)), ((0.42, 0.30), (0.34, 0.48)),
          ((0.28, 0.12), (0.28, 0.50), (0.22, 0.72), (0.08, 0.90)), ((0.30, 0.62), (0.42, 0.80)),
          ((0.48, 0.25), (0.94, 0.24)), ((0.72, 0.25), (0.72, 0.88), (0.60, 0.82))),
    "人": (((0.50, 0.12), (0.46, 0.45), (0.30, 0.70), (0.10, 0.88)), ((0.48, 0.42), (0.65, 0.68), (0.92, 0.88))),
}


class Still:
    """Nobody listens to a tour: what is to be read aloud is not."""

    def say(self, text: str) -> None:
        """Not a sound."""

    def hush(self) -> None:
        """It never began."""


def draw(guide: Guide, stroke: Stroke, box: int = 0) -> None:
    """A real finger on the box."""
    driver = guide.stand.driver
    pad = driver.shell.page.ids.pad.boxes[box]  # type: ignore[union-attr]
    side = min(pad.width, pad.height)
    spots = [(pad.center_x + (x - 0.5) * side, pad.center_y + (0.5 - y) * side) for x, y in stroke]
    driver.touch_down(spots[0])
    for (x0, y0), (x1, y1) in pairwise(spots):
        for part in (0.25, 0.5, 0.75, 1.0):
            driver.touch_move((x0 + (x1 - x0) * part, y0 + (y1 - y0) * part))
    driver.touch_up(spots[-1])
    guide.stand.settle()


def can(guide: Guide, way: str) -> bool:
    writer = guide.stand.app.visit.writer
    if writer is None or way not in writer.ways:
        guide.album.say(f"      {way}: not on this machine, see main.py check")
        return False
    return True


def _to_phrases(guide: Guide) -> None:
    for label in ("轻触这里开始", "反映诉求", "environment", "就在这里"):
        guide.stand.press(label)
    guide.stand.sees(s.ChoosePhrases)


def by_hand(guide: Guide) -> None:
    """自己写：用手指写一句，再点一句现成的，一起交上去"""
    if not can(guide, "hand"):
        return
    _to_phrases(guide)
    guide.press("hand", s.Write, "write-hand")
    for stroke in STROKES["灯"]:
        draw(guide, stroke)
    guide.touched = "用手指写「灯」"
    guide.see(s.Write, "write-hand-read")
    for stroke in STROKES["大"]:
        draw(guide, stroke, 1)
    guide.touched = "在右边接着写「大」"
    guide.see(s.Write, "write-hand-both")
    guide.press("灯", s.Write, "write-hand-read")
    guide.press("重写", s.Write, "write-hand")
    guide.press("signs", s.Write, "write-signs")
    guide.type("，", s.Write, "write-signs")
    guide.press("choose", s.ChoosePhrases, "choose-phrases-own")
    guide.press("下水道堵了", s.ChoosePhrases, "choose-phrases-own")
    guide.press("下一步", s.EnterPhone, "enter-phone-request")
    guide.press("没有电话", s.CheckRequest)
    guide.press("提交", s.RequestDone, "request-done-printed")
    guide.press("好了", s.Waiting)


def write(guide: Guide, char: str) -> None:
    """One character with a finger, and it is chosen."""
    for stroke in STROKES[char]:
        draw(guide, stroke)
    guide.touched = f"用手指写「{char}」"
    guide.stand.press(char)


def with_a_name(guide: Guide) -> None:
    """大厅问怎么称呼：写一个字，再改一改；不写也行"""
    if not can(guide, "hand"):
        return
    guide.stand.app.visit.names = True
    _to_phrases(guide)
    for label in ("下水道堵了", "下一步"):
        guide.stand.press(label)
    guide.press("没有电话", s.Write, "write-name")
    write(guide, "大")
    guide.press("写好了", s.CheckRequest, "check-request-name")
    guide.press("改一改", s.CheckRequest, "check-request-changing-name")
    guide.press("改称呼", s.Write, "write-name")
    guide.press("写好了", s.CheckRequest, "check-request-name")
    guide.press("提交", s.RequestDone, "request-done-printed")
    guide.press("好了", s.Waiting)
    guide.stand.app.visit.names = False


def by_pinyin(guide: Guide) -> None:
    """自己写：按拼音写一整句"""
    if not can(guide, "pinyin"):
        return
    _to_phrases(guide)
    guide.press("pinyin", s.Write, "write-pinyin")
    guide.touched = "按拼音字母"
    guide.stand.type("LOUDAODENGHUAILE")
    guide.see(s.Write, "write-pinyin-read")
    guide.press("楼道灯坏了", s.Write, "write-pinyin")
    guide.press("写好了", s.EnterPhone, "enter-phone-request")
    guide.bar("back", s.Write, "write-pinyin")
    for button in ("home", "back"):
        guide.stand.bar(button)
    guide.stand.sees(s.Waiting)
