"""/manage/plans: days closed, rooms made smaller, the year's holiday notice by hand.

Two steps, always: first what it hits, each booking with a choice (kept, or cancelled with a reason); then it is done.
Nothing is cancelled that was not ticked on that page.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from fastapi import FastAPI, Request
from fastapi.responses import Response

from kiosk.door import Name, Refusal
from kiosk.hall.accounts import Account
from kiosk.hall.closures import Struck
from kiosk.hall.entered import DayKind, Plans
from kiosk.web.pages.gate import Gate, Press, Said
from kiosk.web.sessions import Session

_NAMES = {"元旦": "New Year's Day", "春节": "Spring Festival", "清明": "Tomb-sweeping Day", "劳动节": "Labour Day",
          "端午": "Dragon Boat Festival", "中秋": "Mid-autumn Festival", "国庆": "National Day"}  # fmt: skip
_DAY = r"(?:(\d{4})[-年/.])?(\d{1,2})[-月/.](\d{1,2})日?"
_LINE = re.compile(rf"\s*([^\s\d:：]+)\s*[:：]?\s*{_DAY}(?:\s*(?:至|到|~|—|-|–)\s*{_DAY})?\s*")


MOST_LIST = 512 * 1024
"""Bytes of a form that names bookings: a closed fortnight in a full hall hits thousands."""


class PlanPages:
    """The page and its forms."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def add_to(self, app: FastAPI) -> None:
        """Put the pages into the application."""
        self._gate.add(app, "/manage/plans", self._page)
        self._gate.add(app, "/manage/plans/close", None, self._close)
        self._gate.add(app, "/manage/plans/reopen/{id}", None, self._reopen)
        self._gate.add(app, "/manage/plans/resize", None, self._resize)
        self._gate.add(app, "/manage/plans/year", None, self._year)

    async def _page(self, request: Request) -> Response:
        session, account = await self._gate.manager(request)
        return await self._show(session, account, self._gate.said(request))

    async def _show(
        self, session: Session, account: Account, said: Said | None, *, asked: dict[str, object] | None = None,
        year_text: str = "", status: int = 200,
    ) -> Response:  # fmt: skip
        gate, words, now = self._gate, self._gate.words, self._gate.house.clock.now()
        closing, schedule = gate.house.closing(account.caller), gate.house.schedule
        plans = await closing.plans()
        if isinstance(plans, Refusal):
            said, plans = gate.say(plans), Plans()
        values = {
            "csrf": gate.csrf(session), "said": said, "manager": True, "here": "manage", "sub": "plans",
            "board": await gate.board(account), "asked": asked,
            "today": now.date().isoformat(), "year": now.year + (1 if now.month > 6 else 0), "year_text": year_text,
            "closures": [{"id": one.id, "days": _days(words.day(one.first), words.day(one.last)),
                          "why": words.name(one.why), "over": one.last < now.date()} for one in plans.closures],
            "written": [{"days": _days(words.day(one.first), words.day(one.last)), "why": words.name(one.why)}
                        for one in gate.house.settings.hall.closures if one.last >= now.date()],
            "places": [{"id": place.id, "name": words.name(place.name), "unit": place.unit, "now": place.capacity,
                        "usual": schedule.written_capacity(place.id)}
                       for place in (*schedule.places, *schedule.window_places)],
            "years": [{"year": year, "off": sum(not kind.makeup for kind in days.values()),
                       "work": sum(kind.makeup for kind in days.values())}
                      for year, days in (plans.years or {}).items()],
        }  # fmt: skip
        return gate.show("plans.html", values, status)

    # ---- closed days -------------------------------------------------------------------------------------------------

    async def _close(self, request: Request) -> Response:
        press = await self._gate.pressed(request, manager=True, most=MOST_LIST)
        form = press.form
        first, last = _date(form.get("first")), _date(form.get("last") or form.get("first"))
        why = Name(" ".join(form.get("why", "").split()), " ".join(form.get("why_en", "").split()))
        if first is None or last is None:
            return await self._no(press, "请写从哪天到哪天。")
        if not why.zh:
            return await self._no(press, "请写为什么不开，居民会看到。")
        closing = self._gate.house.closing(press.account.caller)
        if form.get("sure") != "yes":
            struck = await closing.struck_by_closing(first, last)
            if isinstance(struck, Refusal):
                return await self._refused(press, struck)
            words = self._gate.words
            asked = self._asked("/manage/plans/close", struck, {
                "first": first.isoformat(), "last": last.isoformat(), "why": why.zh, "why_en": why.en,
            }, f"{_days(words.day(first), words.day(last))} 不开：{why.zh}")  # fmt: skip
            return await self._show(press.session, press.account, None, asked=asked)
        done = await closing.close(press.key("close"), first, last, why, _ticked(press))
        return await self._done(press, done, "关门安排记下了。")

    async def _reopen(self, request: Request) -> Response:
        press = await self._gate.pressed(request, manager=True)
        id_ = request.path_params["id"]
        done = await self._gate.house.closing(press.account.caller).reopen(press.key("reopen"), id_)
        if done is not None:
            return await self._refused(press, done)
        return self._gate.back("/manage/plans", Said(True, "撤掉了，那几天照常开放。已经取消的预约不会自己恢复。"))

    # ---- the size of rooms -------------------------------------------------------------------------------------------

    async def _resize(self, request: Request) -> Response:
        press = await self._gate.pressed(request, manager=True, most=MOST_LIST)
        form, schedule = press.form, self._gate.house.schedule
        place = schedule.place(form.get("facility", ""))
        typed = form.get("capacity", "").strip()
        if place is None or (typed and not (typed.isascii() and typed.isdigit() and len(typed) < 6)):
            return await self._no(press, "请选场地，写 0 到 10000 的整数；空着就照大厅设置。")
        capacity = int(typed) if typed else schedule.written_capacity(place.id) or 0
        closing = self._gate.house.closing(press.account.caller)
        why = " ".join(form.get("why", "").split())
        if form.get("sure") != "yes":
            struck = await closing.struck_by_capacity(place.id, capacity)
            if isinstance(struck, Refusal):
                return await self._refused(press, struck)
            if struck:
                name = self._gate.words.name(place.name)
                fields = {"facility": place.id, "capacity": str(capacity), "why": why}
                asked = self._asked("/manage/plans/resize", struck, fields, f"{name}改成 {capacity} {place.unit}")
                return await self._show(press.session, press.account, None, asked=asked)
        done = await closing.resize(press.key("resize"), place.id, capacity, why, _ticked(press))
        return await self._done(press, done, "数量改好了。")

    # ---- the holiday notice ------------------------------------------------------------------------------------------

    async def _year(self, request: Request) -> Response:
        press = await self._gate.pressed(request, manager=True, most=MOST_LIST)
        typed, text = press.form.get("year", "").strip(), press.form.get("days", "")
        if not (typed.isascii() and typed.isdigit() and len(typed) == 4):
            return await self._no(press, "请写四位数的年份。")
        year = int(typed)
        closing = self._gate.house.closing(press.account.caller)
        days: dict[date, DayKind] | None = None
        fields, what, good = {"drop": "yes"}, f"撤掉 {year} 年的放假安排", f"{year} 年的放假安排撤掉了。"
        if press.form.get("drop") != "yes":
            days, wrong = holiday_lines(text, year)
            if wrong or not days:
                said = Said(False, f"这一行看不懂：{wrong}" if wrong else "请照例子一行一行地写。")
                return await self._show(press.session, press.account, said, year_text=text, status=422)
            work = sum(kind.makeup for kind in days.values())
            fields, what = {"days": text}, f"记下 {year} 年的放假安排"
            good = f"{year} 年记下了：放假 {len(days) - work} 天，调休上班 {work} 天。"
        why = " ".join(press.form.get("why", f"{year} 年放假安排公布，这天不开放").split())
        if press.form.get("sure") != "yes":
            struck = await closing.struck_by_year(year, days)
            if isinstance(struck, Refusal):
                return await self._refused(press, struck)
            if struck:
                asked = self._asked("/manage/plans/year", struck, {"year": typed, "why": why, **fields}, what)
                return await self._show(press.session, press.account, None, asked=asked)
        done = await closing.enter_year(press.key("year"), year, days, why, _ticked(press))
        return await self._done(press, done, good)

    # ---- steps of these ----------------------------------------------------------------------------------------------

    def _asked(self, path: str, struck: tuple[Struck, ...], fields: dict[str, str], what: str) -> dict[str, object]:
        words, now = self._gate.words, self._gate.house.clock.now()
        lines = [{"id": one.appointment.id, "what": words.name(one.appointment.facility_name),
                  "when": words.moment(one.appointment.start, now), "tail": one.appointment.phone_tail or "",
                  "people": one.appointment.people, "over": one.over and "capacity" in fields,
                  "here": one.appointment.state.value != "booked"} for one in struck]  # fmt: skip
        return {"path": path, "fields": fields, "what": what, "lines": lines}

    async def _done(self, press: Press, refusal: Refusal | None, good: str) -> Response:
        if refusal is not None:
            return await self._refused(press, refusal)
        count = len(_ticked(press))
        more = f" {count} 个预约取消了，请在「待办」里给他们打电话。" if count else ""
        return self._gate.back("/manage/plans", Said(True, good + more))

    async def _refused(self, press: Press, refusal: Refusal) -> Response:
        return await self._show(press.session, press.account, self._gate.say(refusal), status=422)

    async def _no(self, press: Press, why: str) -> Response:
        return await self._show(press.session, press.account, Said(False, why), status=422)


def holiday_lines(text: str, year: int) -> tuple[dict[date, DayKind], str]:
    """A notice as it was typed, one line for each holiday: `春节 2027-2-5 至 2-11`, `上班 2-14`. Answers with the days
    and with the first line that is none."""
    days: dict[date, DayKind] = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        read = _LINE.fullmatch(line)
        first = None if read is None else _typed_day(read[2] or str(year), read[3], read[4])
        if read is None or first is None:
            return days, line.strip()
        last = first if read[6] is None else _typed_day(read[5] or str(first.year), read[6], read[7])
        if last is None or not first <= last <= first + timedelta(days=20):
            return days, line.strip()
        work = read[1].startswith(("上班", "调休", "补班"))
        name = (read[1], next((en for zh, en in _NAMES.items() if read[1].startswith(zh)), read[1]))
        for ahead in range((last - first).days + 1):
            days[first + timedelta(days=ahead)] = DayKind(None if work else name, makeup=work, published=True)
    return days, ""


def _typed_day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "").strip())
    except ValueError:
        return None


def _days(first: str, last: str) -> str:
    return first if first == last else f"{first}至{last}"


def _ticked(press: Press) -> list[str]:
    """Those ticked, or all that the page showed: never one that was booked since."""
    return [one for one in press.many.get("shown" if press.form.get("all") == "yes" else "cancel", []) if one]
