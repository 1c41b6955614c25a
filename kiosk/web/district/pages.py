"""/office: what came in, for the officers of a district; one case at a time; the register with its file for a
spreadsheet. Every act is a plain form that names the turn it was made on: pressed twice it is done once.

The telephone stands whole on one case's page, beside the resident's name, and nowhere else; a search is a POST.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from kiosk.door import Reason
from kiosk.ledger import Tx
from kiosk.rules.cleaning import clean, says_something
from kiosk.rules.deadline import MOST_DAYS, amber_until
from kiosk.upstream import lists, unread
from kiosk.upstream.case_rows import ASKED_BACK, HANDED, TAKEN, Case
from kiosk.upstream.cases import MOST_TEXT, No, Shown
from kiosk.web.district.app import Asgi, District
from kiosk.web.district.case_lines import CaseWords, Line
from kiosk.web.district.office import ROOT, Desk, Office
from kiosk.web.district.pages_onward import OnwardPages
from kiosk.web.district.pages_register import RegisterPages
from kiosk.web.district.pages_units import UnitPages
from kiosk.web.district.pages_unread import UnreadPages
from kiosk.web.district.paging import A_PAGE, page_of, paging, skipped
from kiosk.web.pages.door import DoorPages
from kiosk.web.pages.doorway import NotOurs, Press, Said
from kiosk.web.pages.files import FilePages
from kiosk.web.problems import Stop, Voice, stopped
from kiosk.words import _

VIEWS: Mapping[str, str] = {"open": _("待办"), "mine": _("我的"), "late": _("快到期")}
EMPTY: Mapping[str, str] = {
    "open": _("没有待办的诉求。大厅报上来的会自己显示在这里。"),
    "mine": _("您手里没有诉求。"),
    "late": _("没有快到期的诉求。离到期两个工作日起会列在这里。"),
}
_NO: Mapping[str, str] = {
    "case-unknown": _("没有这件诉求。"), "case-not-now": _("这件现在不能这样办，请看现在走到哪里了。"),
    "case-words": _("请写几个字，说明情况。"), "case-days": _("延几个工作日？请写 1 到 {most} 的整数。"),
    "case-nobody": _("请选转给谁。"), "case-left": _("这位的账号停用了，请选别人。"),
    "case-no-tier": _("district.toml 里没有上一级。"),
    "case-taken": _("上一级已经受理，收不回来了。要改怎么办，请和上一级商量。"),
    "case-changed": _("刚才别人动过这件，请看一眼再按。"), "case-elsewhere": _("这件由别的单位办，您看不到内容。"),
}  # fmt: skip
_GOOD: Mapping[str, str] = {
    "accept": _("受理了，居民查进度时会看到由谁办。"), "doing": _("记下了：正在办。"),
    "answer": _("答复好了，等居民说解决没有。"), "extend": _("延期了，居民查进度时会看到原因和新的日子。"),
    "give": _("转好了。"), "escalate": _("转到上一级了。"),
    "recall": _("向上一级要了。它还没受理就会退回来，受理了就仍由它办。"), "send-back": _("退回大厅了。"),
}  # fmt: skip
# Why nothing, or only one thing, can be done here with what the tier above has.
AWAY: Mapping[int, str] = {
    HANDED: _("转到上一级了，它还没有受理。转错了可以要回来。"),
    ASKED_BACK: _("向上一级要了，等它答复：还没受理就退回来，受理了就仍由它办。"),
    TAKEN: _("上一级已经受理，收不回来了。要改怎么办，请和上一级商量。"),
}  # fmt: skip
PANELS = frozenset({"answer", "extend", "give", "escalate", "send-back"})
_WITH_WORDS = frozenset({"answer", "extend", "escalate", "send-back"})


class Wrong(Exception):
    """What was typed cannot be taken. The sentence says why."""


class CasePages:
    """The cases of one district process."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._cases = office.district.cases
        self._settings = office.district.settings

    def add_to(self, app: FastAPI) -> None:
        """Put the pages into the application."""
        self._office.add(app, ROOT, self._page)
        self._office.add(app, f"{ROOT}/now", self._now, part=True)
        self._office.add(app, f"{ROOT}/cases/{{id}}", self._case)
        self._office.add(app, f"{ROOT}/cases/{{id}}/{{act}}", None, self._press)

    # ---- what came in ------------------------------------------------------------------------------------------------

    async def _page(self, request: Request) -> Response:
        desk = await self._office.desk(request)
        values = await self._values(request, desk, self._office.said(request))
        return self._office.show("district/cases.html", values, 200, desk.words)

    async def _now(self, request: Request) -> Response:
        desk = await self._office.desk(request)
        return self._office.show("district/cases-now.html", await self._values(request, desk, None), 200, desk.words)

    async def _values(self, request: Request, desk: Desk, told: Said | None) -> dict[str, object]:
        view = request.query_params.get("view", "open")
        view = view if view in VIEWS else "open"
        words = CaseWords(self._settings, desk.words, desk.now)
        by = amber_until(self._settings.calendar, desk.now.date()).isoformat() if view == "late" else ""
        at = page_of(request.query_params.get("page", ""))

        def look(tx: Tx) -> tuple[list[Line], int, int]:
            found, count = lists.to_do(tx, desk.scope(), mine=view == "mine", due_by=by, skip=skipped(at), most=A_PAGE)
            lines = self._office.lines(tx, found, words, desk.now)
            return lines, count, unread.count(tx) if desk.manager else 0

        lines, count, strange = await self._office.read(look)
        return {
            **self._office.frame(desk, "cases", told), "lines": lines, "count": count, "view": view,
            "paging": paging(at, count),
            "paged": f"{ROOT}?view={view}", "unread": desk.words.plural("{n} 条", strange) if strange else "",
            "views": [(id_, desk.words.say(name)) for id_, name in VIEWS.items()],
            "empty": desk.words.say(EMPTY[view]),
        }  # fmt: skip

    # ---- one case ----------------------------------------------------------------------------------------------------

    async def _case(self, request: Request) -> Response:
        desk = await self._office.desk(request)
        return await self._show(desk, request.path_params["id"], self._office.said(request))

    async def _show(
        self, desk: Desk, id_: str, told: Said | None, *, opened: str = "", typed: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> Response:  # fmt: skip
        try:
            shown = await self._office.read(lambda tx: self._seen(tx, desk, id_))
        except No as no:
            return self._office.back(ROOT, Said(False, desk.words.say(_NO[no.code])))
        words = CaseWords(self._settings, desk.words, desk.now)
        known = dict(shown.words or {})
        values = {
            **self._office.frame(desk, "cases", told), "line": words.line(shown, known),
            "text": known.get("text", ""), "place": known.get("place", ""),
            "phone": desk.words.phone(known.get("phone", "")), "name": known.get("name", ""),
            "handed_why": known.get("why", ""),
            "came": words.near(shown.case.came_at),
            "helps": words.helps([step for step, _said in shown.steps]),
            "steps": [words.step(step, told_) for step, told_ in shown.steps], "may": shown.may,
            "why": next((words.why(step, shown.case) for step, _said in shown.steps if not step.n), ""),
            "gone": shown.case.officer in shown.left and bool(shown.may),
            "away": desk.words.say(AWAY[shown.case.above]) if shown.case.above else "",
            "turn": shown.case.turn, "extended": shown.case.extended, "opened": opened, "typed": typed or {},
            "panels": PANELS & shown.may, "at": f"{ROOT}/cases/{quote(id_, safe='')}", "most_days": MOST_DAYS,
            "units": [(unit.id, words.unit(unit.id), [one.name for one in unit.officers if one.name not in shown.left])
                      for unit in self._settings.units],
        }  # fmt: skip
        return self._office.show("district/case.html", values, status, desk.words)

    def _seen(self, tx: Tx, desk: Desk, id_: str) -> Shown:
        shown = self._cases.one(tx, id_, desk.now)
        if not desk.sees(shown.case):
            raise No("case-elsewhere")
        return shown

    async def _press(self, request: Request) -> Response:
        desk, press = await self._office.pressed_desk(request)
        id_, act = request.path_params["id"], request.path_params["act"]
        if act not in _GOOD:
            raise NotOurs
        try:
            does = self._meant(desk, press, id_, act)

            await self._office.write(lambda tx: self._once(tx, desk, id_, press.form.get("turn", ""), does))
        except (Wrong, No) as wrong:
            say = desk.words.say
            told = say(_NO[wrong.code], None, most=MOST_DAYS) if isinstance(wrong, No) else str(wrong)
            return await self._show(desk, id_, Said(False, told), opened=act, typed=press.form, status=422)
        # What was given away may be theirs to see no more.
        after = ROOT if act == "give" else f"{ROOT}/cases/{quote(id_, safe='')}"
        return self._office.back(after, Said(True, desk.words.say(_GOOD[act])))

    def _once(self, tx: Tx, desk: Desk, id_: str, turn: str, does: Callable[[Tx], Case]) -> Case:
        """Do it if the case is still as its page showed it. Raises `No`."""
        if str(self._seen(tx, desk, id_).case.turn) != turn:
            raise No("case-changed")
        return does(tx)

    def _meant(self, desk: Desk, press: Press, id_: str, act: str) -> Callable[[Tx], Case]:
        """What a form means. Raises `Wrong` with the sentence for whoever typed it."""
        cases, me, now = self._cases, desk.account.name, desk.now
        if act == "give":
            unit, _bar, officer = press.form.get("to", "").partition("|")
            known = {one.id: [each.name for each in one.officers] for one in self._settings.units}
            if unit not in known or (officer and officer not in known[unit]):
                raise No("case-nobody")
            why = self._written(desk, press, needed=False)
            return lambda tx: cases.give(tx, id_, unit, officer, now, why)
        text = self._written(desk, press, needed=act in _WITH_WORDS)
        if act == "extend":
            days = press.form.get("days", "").strip()
            if not (days.isascii() and days.isdigit() and 1 <= int(days[:4]) <= MOST_DAYS):
                raise No("case-days")
            return lambda tx: cases.extend(tx, id_, int(days), now, text)
        acts: Mapping[str, Callable[[Tx], Case]] = {
            "accept": lambda tx: cases.accept(tx, id_, me, now),
            "doing": lambda tx: cases.doing(tx, id_, me, now, text),
            "answer": lambda tx: cases.answer(tx, id_, me, now, text),
            "escalate": lambda tx: cases.escalate(tx, id_, now, text),
            "recall": lambda tx: cases.recall(tx, id_, now),
            "send-back": lambda tx: cases.send_back(tx, id_, now, text),
        }
        return acts[act]

    def _written(self, desk: Desk, press: Press, *, needed: bool) -> str:
        text = clean(press.form.get("text", ""))
        if needed and not says_something(text):
            raise Wrong(desk.words.reason(Reason("words-missing")))
        if len(text) > MOST_TEXT:
            raise Wrong(desk.words.reason(Reason("words-too-many", {"most": MOST_TEXT, "found": len(text)})))
        return text


def district_pages(district: District, first_sign_in: Path) -> Asgi:
    """The officers' pages as an application. `first_sign_in` is the file to delete once it is used."""
    office = Office(district, ThreadPoolExecutor(4, thread_name_prefix="office"))
    app = FastAPI(title="District", docs_url=None, redoc_url=None, openapi_url=None)

    async def front(_request: Request) -> Response:
        return RedirectResponse(ROOT, 303)

    async def lost(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        page = office.lost(request) if status == 404 else None
        if page is not None:
            return page
        stop = Stop(status, "no-such-method" if status == 405 else "no-such-page")
        answer = stopped(stop, Voice(office.words_for(request), district.clock.now()))
        return Response(answer.content(), answer.status, media_type=answer.kind.decode())

    office.add(app, "/", front)
    for pages in (
        FilePages(office), DoorPages(office, first_sign_in), CasePages(office), RegisterPages(office),
        UnitPages(office), OnwardPages(office), UnreadPages(office),
    ):  # fmt: skip
        pages.add_to(app)
    app.add_exception_handler(HTTPException, lost)

    served: Asgi = app  # the same protocol, typed with other mappings
    return served
