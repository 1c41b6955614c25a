"""/office/register: every case, searched and narrowed, and the same as a file for a spreadsheet.

The file is poured out as it is read, all of it, and opens in Excel as it is (UTF-8 with a mark in front); no cell of it
is ever a formula; it holds no telephone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import Response, StreamingResponse

from kiosk.ledger import Tx
from kiosk.rules.cleaning import clean
from kiosk.upstream import lists
from kiosk.upstream.case_rows import Case, said_of, steps
from kiosk.upstream.lists import Scope
from kiosk.web.district.case_lines import STATES, CaseWords, Line
from kiosk.web.district.office import ROOT, Desk, Office
from kiosk.web.district.paging import A_PAGE, page_of, paging, skipped
from kiosk.words import _

_PIECE = 500
_MARK = b"\xef\xbb\xbf"  # by which Excel knows UTF-8
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")  # OWASP: in Chinese locales the wide ones too
COLUMNS: Sequence[str] = (
    _("编号"), _("登记日期"), _("大厅"), _("类别"), _("网格"), _("地点"), _("内容"), _("承办单位"), _("承办人"),
    _("状态"), _("期限"), _("是否过期"), _("延期次数"), _("没有解决次数"), _("答复"),
)  # fmt: skip


class RegisterPages:
    """The register of one district process."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def add_to(self, app: FastAPI) -> None:
        """Put the pages into the application."""
        self._office.add(app, f"{ROOT}/register", self._page, self._search)
        self._office.add(app, f"{ROOT}/register.csv", self._file)

    async def _page(self, request: Request) -> Response:
        desk = await self._office.desk(request)
        return await self._show(desk, request.query_params, "")

    async def _search(self, request: Request) -> Response:
        desk, press = await self._office.pressed_desk(request)
        return await self._show(desk, press.form, clean(press.form.get("text", ""), lines=False)[:60])

    async def _show(self, desk: Desk, asked: Mapping[str, str], search: str) -> Response:
        words = CaseWords(self._office.district.settings, desk.words, desk.now)
        state, unit = asked.get("state", ""), asked.get("unit", "")
        scope, at = desk.scope(state, unit), page_of(asked.get("page", ""))
        more = False
        if search:
            lines, more = await self._searched(desk, scope, words, search.casefold().split())
            count = len(lines)
        else:
            found, count = await self._office.read(lambda tx: lists.register(tx, scope, skip=skipped(at), most=A_PAGE))
            lines = await self._office.read(lambda tx: self._office.lines(tx, found, words, desk.now))
        settings = self._office.district.settings
        values = {
            **self._office.frame(desk, "register", None), "lines": lines, "count": count, "search": search,
            "more": more, "paging": paging(1 if search else at, count),
            "paged": f"{ROOT}/register?state={quote(state)}&unit={quote(unit)}",
            "state": state, "of": unit, "states": [(id_, desk.words.say(name)) for id_, name in STATES.items()],
            "units": [(one.id, words.unit(one.id)) for one in settings.units] if desk.manager else [],
        }  # fmt: skip
        return self._office.show("district/register.html", values, 200, desk.words)

    async def _searched(self, desk: Desk, scope: Scope, words: CaseWords, wanted: list[str]) -> tuple[list[Line], bool]:
        """The newest in which every word stands, and whether there are older ones. What people wrote is sealed, so each
        is looked at; as many as it takes."""
        found: list[Case] = []

        def meant(tx: Tx, piece: Sequence[Case]) -> list[Case]:
            known = said_of(tx, self._office.district.vault, [case.id for case in piece])
            return [case for case in piece if words.holds(case, known[case.id], wanted)]

        async for piece in self._pieces(scope):
            found += await self._office.read(lambda tx, piece=piece: meant(tx, piece))  # type: ignore[misc]
            if len(found) > A_PAGE:
                break
        lines = await self._office.read(lambda tx: self._office.lines(tx, found[:A_PAGE], words, desk.now))
        return lines, len(found) > A_PAGE

    async def _pieces(self, scope: Scope) -> AsyncIterator[list[Case]]:
        """All of the register, a piece at a time, so that nobody's work waits for a long list."""
        place = lists.START
        while piece := await self._office.read(lambda tx, place=place: lists.register_after(tx, scope, place, _PIECE)):  # type: ignore[misc]
            yield piece
            place = lists.Place(piece[-1].filed_at, piece[-1].id)

    async def _file(self, request: Request) -> Response:
        desk = await self._office.desk(request)
        scope = desk.scope(request.query_params.get("state", ""), request.query_params.get("unit", ""))
        name = f"register-{desk.now:%Y%m%d}.csv"
        return StreamingResponse(
            self._poured(desk, scope), media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )  # fmt: skip

    async def _poured(self, desk: Desk, scope: Scope) -> AsyncIterator[bytes]:
        """The file as it grows; cut off where the ledger cannot serve any more, never short and whole."""
        words = CaseWords(self._office.district.settings, desk.words, desk.now)
        yield _MARK + written([[desk.words.say(column) for column in COLUMNS]])
        async for piece in self._pieces(scope):
            yield await self._office.read(lambda tx, piece=piece: written(self._rows(tx, desk, words, piece)))  # type: ignore[misc]

    def _rows(self, tx: Tx, desk: Desk, words: CaseWords, piece: Sequence[Case]) -> list[Sequence[str]]:
        say, cases = desk.words.say, self._office.district.cases
        all_said = said_of(tx, self._office.district.vault, [case.id for case in piece])
        return [
            [
                case.id, words.moment(case.filed_at).date().isoformat(), words.hall(case.hall),
                words.label(case.category), words.label(case.grid) if case.grid else "", known.get("place", ""),
                known.get("text", ""), words.unit(case.unit), case.officer, words.state(case),
                date.fromisoformat(case.due).isoformat(),
                say(_("是")) if cases.shown(case, desk.now).overdue == "red" else say(_("否")),
                str(case.extended), str(case.reopened), _answer(tx, case, known),
            ]
            for case, known in ((case, all_said[case.id]) for case in piece)
        ]  # fmt: skip


def _answer(tx: Tx, case: Case, known: Mapping[str, str]) -> str:
    """The latest answer, of what was written with each step: others are reasons."""
    if case.state not in {"done", "confirmed"} or not any(part.startswith("step:") for part in known):
        return ""
    given = [one.n for one in steps(tx, case.id) if one.code in {"done", "above-done"}]
    return known.get(f"step:{given[-1]}", "") if given else ""


def written(rows: Sequence[Sequence[str]]) -> bytes:
    """Rows of a file that Excel opens as it is. A cell that a spreadsheet would take for a formula begins with an
    apostrophe (OWASP: CSV injection)."""
    out = io.StringIO(newline="")
    sheet = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        sheet.writerow([_plain(cell) for cell in row])
    return out.getvalue().encode("utf-8")


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" \u3000\n").startswith(_FORMULA) or cell.startswith(_FORMULA) else cell
