"""A notice as a text message: one or two short Chinese sentences, the hall's name in front as text messages have it.

Pure. Nothing of the request stands in it but the last four digits of its code, who answers for it and by when.
"""

from __future__ import annotations

from datetime import date

from kiosk.hall.notices import Notice


def message(notice: Notice, hall: str) -> str:
    """What is sent. `hall`: its Chinese name."""
    begin = f"【{hall}】您的诉求（号码尾号 {notice.tail}）"
    by = None if notice.due is None else f"{_day(notice.due)}以前答复"
    who = f"由{notice.who}办理" if notice.who else "正在办理"
    match notice.what:
        case "accepted":
            return f"{begin}已经受理，{by or '会尽快答复'}。"
        case "doing":
            return f"{begin}{who}，{by or '会尽快答复'}。"
        case "extended":
            return f"{begin}{who}，还要些时间，改为{by or '尽快答复'}。"
        case "answered":
            return f"{begin}办完了。请到大厅自助机上看答复，再告诉我们解决了没有。"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
