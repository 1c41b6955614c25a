"""The five levels of a rating (好差评), and its ready phrases."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from kiosk.reasons.sentence import _

RATING_LEVELS: Mapping[int, str] = MappingProxyType({
    5: _("非常满意"), 4: _("满意"), 3: _("基本满意"), 2: _("不满意"), 1: _("非常不满意"),
})  # fmt: skip
"""The five levels of 好差评 (GB/T 39735), best first."""

_GOOD, _MIDDLING, _BAD = frozenset({5, 4}), frozenset({3}), frozenset({2, 1})
PRAISE: Mapping[str, tuple[frozenset[int], str]] = MappingProxyType({
    "friendly": (_GOOD, _("态度热情")),
    "fast": (_GOOD | _MIDDLING, _("办得快")),
    "clear": (_GOOD | _MIDDLING, _("讲得清楚")),
    "one-trip": (_GOOD, _("一次就办好")),
    "long-wait": (_MIDDLING | _BAD, _("等得太久")),
    "unclear": (_MIDDLING | _BAD, _("没讲清楚")),
    "unfriendly": (_BAD, _("态度不好")),
    "many-papers": (_MIDDLING | _BAD, _("要的材料太多")),
    "not-done": (_BAD, _("事情没办成")),
})
"""Ready phrases for a rating: id → the levels they are offered at, and the words."""
