"""What people read, in their language: sentences, reasons, days, times and numbers, in Chinese and English.

Message ids are the Chinese sentences themselves, so Chinese needs no catalogue and the first page reads none; English
is loaded at its first use (gettext's .mo when it is as new as the .po, else the .po itself). Standard library only, no
clock: what is relative ("明天") takes `now` as an argument. It never decides anything and never raises over a missing
word. `kiosk.catalogue` keeps the catalogue.
"""

from __future__ import annotations

import gettext
import string
from collections.abc import Mapping
from datetime import date as a_date
from datetime import datetime, timedelta
from datetime import time as a_time
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from kiosk.door import Name, Reason, Wait
from kiosk.reasons import PRAISE, RATING_LEVELS, REASONS, _
from kiosk.rules import codes, phone

__all__ = ["PRAISE", "RATING_LEVELS", "REASONS", "TRANSLATIONS", "Language", "Words", "_"]

Language = Literal["zh", "en"]

TRANSLATIONS: Path = Path(__file__).resolve().parent.parent / "assets" / "translations"

_WEEKDAYS = {
    "zh": ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SMALL = ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十")
_UNITS = {"个": ("place", "places"), "座": ("seat", "seats"), "套": ("set", "sets")}


class Words:
    """One language's words. Cheap to make; keep one of each.

    Facts given to `say`, `plural` and `reason` may be any `door.Fact` or a lead-time mapping; each is put into words of
    this language. A placeholder may ask for a part of a moment: `{start:time}`, `{start:day}`, `{start:half}`.
    """

    def __init__(self, language: Language = "zh", translations: Path = TRANSLATIONS) -> None:
        self.language: Language = language
        self._translations = translations

    @cached_property
    def _catalogue(self) -> gettext.NullTranslations:
        if self.language == "zh":
            return gettext.NullTranslations()
        folder = self._translations / self.language / "LC_MESSAGES"
        po, mo = folder / "hall.po", folder / "hall.mo"
        try:
            if mo.exists() and (not po.exists() or mo.stat().st_mtime >= po.stat().st_mtime):
                with mo.open("rb") as file:
                    return gettext.GNUTranslations(file)
            from kiosk.po import PoTranslations, read_po  # noqa: PLC0415 - only where no .mo stands

            return PoTranslations(read_po(po.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return gettext.NullTranslations()  # Chinese is better than no page

    # ---- sentences -------------------------------------------------------------------------------------------------

    def say(self, msgid: str, /, now: datetime | None = None, **facts: object) -> str:
        """The sentence in this language with its facts in words. With `now`, days near it are said as 今天, 明天."""
        return _Speller(self, now).vformat(self._catalogue.gettext(msgid), (), facts) if msgid else ""

    def plural(self, msgid: str, n: int, /, now: datetime | None = None, **facts: object) -> str:
        """Like `say` for a sentence whose English depends on `{n}`."""
        return _Speller(self, now).vformat(self._catalogue.ngettext(msgid, msgid, n), (), {"n": n, **facts})

    def reason(self, reason: Reason, now: datetime | None = None) -> str:
        """The most telling sentence for `reason` that its facts can fill; a general one for a code without any."""
        speller = _Speller(self, now)
        for msgid in REASONS.get(reason.code) or REASONS["unknown"]:
            if placeholders(msgid) <= reason.facts.keys():
                return speller.vformat(self._catalogue.gettext(msgid), (), reason.facts)
        return self._catalogue.gettext(REASONS["unknown"][-1])

    def name(self, name: Name) -> str:
        """A name in this language; the Chinese one where the hall gave no English."""
        return (name.en or name.zh) if self.language == "en" else name.zh

    def word(self, word: object) -> str:
        """A part of a `Trail`: a message id or a `Name`."""
        return self.name(word) if isinstance(word, Name) else self.say(str(word))

    # ---- days and times --------------------------------------------------------------------------------------------

    def weekday(self, day: a_date, *, short: bool = False) -> str:
        """星期二 or 周二; Tuesday or Tue."""
        whole = _WEEKDAYS[self.language][day.weekday()]
        if not short:
            return whole
        return whole.replace("星期", "周") if self.language == "zh" else whole[:3]

    def date(self, day: a_date) -> str:
        """11月24日; 24 Nov."""
        return f"{day.month}月{day.day}日" if self.language == "zh" else f"{day.day} {_MONTHS[day.month - 1]}"

    def day(self, day: a_date) -> str:
        """11月24日 星期二; Tue 24 Nov."""
        if self.language == "zh":
            return f"{self.date(day)} {self.weekday(day)}"
        return f"{self.weekday(day, short=True)} {self.date(day)}"

    def near(self, day: a_date, today: a_date) -> str:
        """今天, 明天, or the day itself."""
        ahead = (_plain(day) - _plain(today)).days
        if ahead in (0, 1):
            return (("今天", "明天") if self.language == "zh" else ("today", "tomorrow"))[ahead]
        return self.day(day)

    def half(self, moment: datetime | a_time, noon: a_time = a_time(12)) -> str:
        """上午 or 下午; morning or afternoon."""
        at = moment.time() if isinstance(moment, datetime) else moment
        return (("上午", "下午") if self.language == "zh" else ("morning", "afternoon"))[at >= noon]

    def half_day(self, moment: datetime, today: a_date, noon: a_time = a_time(12)) -> str:
        """今天下午, 明天上午, 11月26日 星期四上午; this afternoon, tomorrow morning, Thu 26 Nov, morning."""
        half = self.half(moment, noon)
        near = self.near(moment, today)
        if self.language == "zh":
            return near + half
        if near == "today":
            return f"this {half}"
        return f"tomorrow {half}" if near == "tomorrow" else f"{near}, {half}"

    def time(self, moment: datetime | a_time) -> str:
        """9:00, 14:30; the 24-hour clock in both languages, as the hall's signs have it."""
        return f"{moment.hour}:{moment.minute:02d}"

    def span(self, start: datetime | a_time, end: datetime | a_time) -> str:
        """9:00–10:00."""
        return f"{self.time(start)}–{self.time(end)}"

    def moment(self, moment: datetime, now: datetime | None = None) -> str:
        """今天下午 14:00, 明天上午 9:00, 11月26日 星期四 9:00; today 14:00, tomorrow 9:00, Thu 26 Nov 9:00."""
        if now is None:
            return f"{self.day(moment)} {self.time(moment)}"
        near = self.near(moment, now)
        if self.language == "zh" and near in ("今天", "明天"):
            near += self.half(moment)
        return f"{near} {self.time(moment)}"

    def length(self, length: timedelta | int) -> str:
        """A stretch of time, in minutes if a number: 半小时, 1 小时, 90 分钟; half an hour, 1 hour, 90 minutes."""
        seconds = length.total_seconds() if isinstance(length, timedelta) else length * 60
        if 0 < seconds < 60:
            return self._count(int(seconds), "{n} 秒", "second")
        minutes = round(seconds / 60)
        if minutes == 30:
            return "半小时" if self.language == "zh" else "half an hour"
        if minutes and minutes % 60 == 0:
            return self._count(minutes // 60, "{n} 小时", "hour")
        return self._count(minutes, "{n} 分钟", "minute")

    def lead(self, lead: Mapping[str, int] | str) -> str:
        """A lead time as a part of a sentence: 提前半天, 提前三天, 提前半小时; half a day ahead, 3 days ahead.

        Takes hall.toml's form ({"half_days": 1}) or a reason's ("half_days:1").
        """
        unit, amount = _lead_parts(lead)
        if amount == 0:
            return "随时" if self.language == "zh" else "at any time"
        if unit in ("minutes", "hours"):
            stretch = self.length(amount * (60 if unit == "hours" else 1))
        elif unit == "half_days" and amount == 1:
            stretch = "半天" if self.language == "zh" else "half a day"
        else:
            zh = {"half_days": "{n} 个半天", "days": "{n}天", "working_days": "{n}个工作日"}.get(unit, "{n}")
            en = {"half_days": "half-day", "days": "day", "working_days": "working day"}.get(unit, unit)
            stretch = self._count(amount, zh, en, spelt=unit != "half_days")
        if self.language == "en":
            return f"{stretch} ahead"
        return f"提前 {stretch}" if stretch[0].isdigit() else f"提前{stretch}"

    # ---- numbers ---------------------------------------------------------------------------------------------------

    def places(self, n: int, unit: str) -> str:
        """8 个, 17 座, 1 套; 8 places, 17 seats, 1 set."""
        if self.language == "zh":
            return f"{n} {unit}"
        return f"{n} {_UNITS.get(unit, _UNITS['个'])[n != 1]}"

    def ahead(self, n: int) -> str:
        """How many are called before: 前面 3 人, 前面没有人."""
        return self.plural("前面 {n} 人", n) if n else self.say(_("前面没有人"))

    def wait(self, wait: Wait) -> str:
        """An honest range: 约 10–20 分钟, 约 5 分钟."""
        if wait.low == wait.high:
            return self.say(_("约 {high} 分钟"), high=wait.high)
        return self.say(_("约 {low}–{high} 分钟"), low=wait.low, high=wait.high)

    def queue(self, n: int, wait: Wait | None) -> str:
        """前面 3 人，约 10–20 分钟; without a range, only the count."""
        if wait is None or not n:
            return self.ahead(n)
        return self.say(_("{ahead}，{wait}"), ahead=self.ahead(n), wait=self.wait(wait))

    def phone(self, digits: str) -> str:
        """A telephone number, whole or being typed, in groups: 139 1234 5678, 0431 8888 8888, 010 8888 8888."""
        return phone.grouped(digits)

    def code(self, code: str) -> str:
        """An appointment's code in two groups, whole or being typed: 482 761."""
        return codes.grouped(code)

    def fact(self, value: object, spec: str = "", now: datetime | None = None) -> str:
        """One fact in words; `spec` is what the placeholder asks for: time, day, half, lead or nothing."""
        if spec in ("time", "half") and isinstance(value, datetime | a_time):
            return self.time(value) if spec == "time" else self.half(value)
        if spec == "lead" and isinstance(value, str | Mapping):
            return self.lead(value)
        if isinstance(value, datetime):
            return self.near(value, now) if spec == "day" and now else (
                self.day(value) if spec == "day" else self.moment(value, now))
        if isinstance(value, a_date):
            return self.near(value, now) if now else self.day(value)
        if isinstance(value, a_time):
            return self.time(value)
        if isinstance(value, timedelta):
            return self.length(value)
        if isinstance(value, Name):
            return self.name(value)
        if isinstance(value, Mapping):
            return self.lead(value)
        return str(value)

    def _count(self, n: int, zh: str, en: str, *, spelt: bool = False) -> str:
        if self.language == "en":
            return f"{n} {en}" + ("s" if n != 1 else "")
        return zh.format(n=_SMALL[n] if spelt and n < len(_SMALL) else f"{n} " if spelt else n)


class _Speller(string.Formatter):
    """str.format with facts put into words; a fact that is missing is left out rather than breaking a page."""

    def __init__(self, words: Words, now: datetime | None) -> None:
        self._words = words
        self._now = now

    def get_value(self, key: int | str, _args: object, kwargs: Mapping[str, object]) -> object:
        value = kwargs.get(str(key), "")
        if key == "lead" and isinstance(value, str) and value:
            return self._words.lead(value)
        return value

    def format_field(self, value: object, format_spec: str) -> str:
        return self._words.fact(value, format_spec, self._now)


@cache
def placeholders(msgid: str) -> frozenset[str]:
    """The names of the {facts} a sentence wants."""
    return frozenset(name for _text, name, _spec, _conv in string.Formatter().parse(msgid) if name)


def _lead_parts(lead: Mapping[str, int] | str) -> tuple[str, int]:
    if isinstance(lead, str):
        unit, _colon, amount = lead.partition(":")
        return unit, int(amount) if amount.isdigit() else 0
    return next(iter(lead.items()), ("minutes", 0))


def _plain(day: a_date) -> a_date:
    return day.date() if isinstance(day, datetime) else day
