"""What is wrong with the page that stands: anything cut or covered, a button that says nothing, targets too small, too
close, too high or overlapping. Measured on the widgets as they were laid out, in every look; used by the tests of
pages and by whoever draws a new one.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from screens.driver import Driver
from screens.text import torn
from screens.widgets.countdown import Countdown
from screens.widgets.emblem import Dial, Emblem
from screens.widgets.facts import Facts
from screens.widgets.frame import BarButton
from screens.widgets.keypad import Field, Key
from screens.widgets.notice import Notice
from screens.widgets.piece import Target
from screens.widgets.slip import QrCode, SlipPaper
from screens.widgets.wording import Wording
from tests.screens.measure.pages import lay

SHEETS = (Countdown, Dial, Emblem, Facts, Field, Notice, QrCode, SlipPaper)  # what is drawn beside words


def _meet(a, b, gap: float = 0) -> bool:
    return a.x < b.right + gap and b.x < a.right + gap and a.y < b.top + gap and b.y < a.top + gap


def _inside(widget, target) -> bool:
    while widget is not None and widget is not target:
        widget = widget.parent if widget.parent is not widget else None
    return widget is target


def faults(driver: Driver) -> list[str]:
    """Sentences, one a fault; empty when the page is right."""
    shell = driver.shell
    tokens, page = shell.kit.tokens, shell.page
    assert page is not None
    out = []
    top = driver.panel.height - (0 if page.bare else tokens.header)
    targets = driver.targets()
    texts = [w for w in shell.walk(restrict=True) if isinstance(w, Wording) and w.text and w.width > 0 and w.height > 0]
    for text in texts:
        if text.overflow():
            out.append(f"{text.text[:24]!r} is wider than its place")
        if text.natural(shell.kit, int(text.width)) > text.height + 1:
            out.append(f"{text.text[:24]!r} is higher than its place")
        if not isinstance(text.parent, Field) and torn(text.text, text.lines(shell.kit, int(text.width))):
            out.append(f"{text.text[:24]!r} has a torn word")
        if text.x < 0 or text.right > driver.panel.width or text.y < 0 or text.top > driver.panel.height:
            out.append(f"{text.text[:24]!r} leaves the panel")
        if _inside(text, page) and (text.y < tokens.bar or text.top > top):
            out.append(f"{text.text[:24]!r} runs into header or bar")
        out += [f"{text.text[:24]!r} lies under {t.label[:24]!r}"
                for t in targets if not _inside(text, t) and _meet(text, t)]
    out += [f"{a.text[:24]!r} lies on {b.text[:24]!r}" for a, b in combinations(texts, 2) if _meet(a, b)]
    sheets = [w for w in page.walk(restrict=True) if isinstance(w, SHEETS) and w.width > 0 and w.height > 0]
    for sheet in sheets:
        if sheet.y < tokens.bar or sheet.top > top:
            out.append(f"a {type(sheet).__name__} runs into header or bar")
        out += [f"a {type(sheet).__name__} lies under {t.label[:24]!r}" for t in targets if _meet(sheet, t)]
    out += [f"a {type(a).__name__} lies on a {type(b).__name__}" for a, b in combinations(sheets, 2)
            if _meet(a, b) and not _inside(a, b) and not _inside(b, a)]
    out += [f"a {type(t).__name__} at {t.x:.0f}, {t.y:.0f} says nothing" for t in targets if not t.label.strip()]
    for target in targets:
        wide, high = tokens.in_mm(target.width), tokens.in_mm(target.height)
        least = 15 if isinstance(target, Key) or getattr(target, "by", 0) else 20
        if min(wide, high) < least - 0.01 and not (getattr(target, "shape", "") == "slot" and min(wide, high) >= 15):
            out.append(f"{target.label[:24]!r} is {wide:.1f} × {high:.1f} mm")
        if target.top > tokens.reach_top:
            above = tokens.in_mm(target.top) + tokens.panel.lower_edge
            out.append(f"{target.label[:24]!r} reaches {above:.0f} mm above the floor")
        if not isinstance(target, BarButton) and (target.y < tokens.bar or target.top > top):
            out.append(f"{target.label[:24]!r} runs into header or bar")
    for a, b in combinations(targets, 2):
        side_by_side = isinstance(a, BarButton) and isinstance(b, BarButton)
        if _meet(a, b, 0 if side_by_side else tokens.mm(3) - 1):
            out.append(f"{a.label[:24]!r} is too close to {b.label[:24]!r}")
    assert all(isinstance(target, Target) for target in targets)
    return out


def misfits(driver: Driver, steps: Mapping[str, object]) -> dict[str, list[str]]:
    """The pages that have faults, as the window stands."""
    found = {}
    for name, step in steps.items():
        lay(driver, step)
        if wrong := faults(driver):
            found[name] = wrong
    return found
