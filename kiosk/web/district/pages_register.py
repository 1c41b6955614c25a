"""/office/register: every case, searched and narrowed, and the same as a file for a spreadsheet.

The file opens in Excel as it is (UTF-8 with a mark in front); no cell of it is ever a formula; it holds no telephone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from fastapi import FastAPI, Request
from fastapi.responses import Response

from kiosk.ledger import Tx
from kiosk.rules.cleaning import clean
from kiosk.upstream.case_rows import Case, said, steps
from kiosk.upstream.cases import Shown
from kiosk.web.district.case_lines import STATES, CaseWords, Line
from kiosk.web.district.office import ROOT, Desk, Office
from kiosk.words import _

MOST_LISTED = 200
MOST_READ = 50_000
_MOST_SEARCHED = 5000
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
        wanted = search.casefold().split()

        def look(tx: Tx) -> tuple[list[Line], int]:
            lines: list[Line] = []
            found = self._narrowed(tx, desk, state, unit, _MOST_SEARCHED if wanted else MOST_READ)
            for one in found:
                if not wanted and len(lines) >= MOST_LISTED:
                    break
                known = said(tx, self._office.district.vault, one.case.id)
                line = words.line(one, known)
                parts = (line.id, line.about, line.place, known.get("text", ""), line.unit, line.officer, line.hall)
                if all(word in " ".join(parts).casefold() for word in wanted):
                    lines.append(line)
            return lines[:MOST_LISTED], len(lines) if wanted else len(found)

        lines, count = await self._office.read(look)
        settings = self._office.district.settings
        values = {
            **self._office.frame(desk, "register", None), "lines": lines, "count": count, "search": search,
            "state": state, "of": unit, "states": [(id_, desk.words.say(name)) for id_, name in STATES.items()],
            "units": [(one.id, words.unit(one.id)) for one in settings.units] if desk.manager else [],
        }  # fmt: skip
        return self._office.show("district/register.html", values, 200, desk.words)

    def _narrowed(self, tx: Tx, desk: Desk, state: str, unit: str, most: int) -> list[Shown]:
        return [
            one for one in self._office.district.cases.all(tx, desk.now, ended=True, most=most)
            if desk.sees(one.case) and state in {"", one.case.state} and unit in {"", one.case.unit}
        ]  # fmt: skip

    async def _file(self, request: Request) -> Response:
        desk = await self._office.desk(request)
        state, unit = request.query_params.get("state", ""), request.query_params.get("unit", "")
        content = await self._office.read(lambda tx: written(list(self._rows(tx, desk, state, unit))))
        name = f"register-{desk.now:%Y%m%d}.csv"
        return Response(
            content, media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )  # fmt: skip

    def _rows(self, tx: Tx, desk: Desk, state: str, unit: str) -> Iterator[Sequence[str]]:
        words = CaseWords(self._office.district.settings, desk.words, desk.now)
        say = desk.words.say
        yield [say(column) for column in COLUMNS]
        for one in self._narrowed(tx, desk, state, unit, MOST_READ):
            case, known = one.case, said(tx, self._office.district.vault, one.case.id)
            yield [
                case.id, words.moment(case.filed_at).date().isoformat(), words.hall(case.hall),
                words.label(case.category), words.label(case.grid) if case.grid else "", known.get("place", ""),
                known.get("text", ""), words.unit(case.unit), case.officer, words.state(case),
                date.fromisoformat(case.due).isoformat(), say(_("是")) if one.overdue == "red" else say(_("否")),
                str(case.extended), str(case.reopened),
                _answer(tx, case, known),
            ]  # fmt: skip


def _answer(tx: Tx, case: Case, known: Mapping[str, str]) -> str:
    """The latest answer, of what was written with each step: others are reasons."""
    if case.state not in {"done", "confirmed"} or not any(part.startswith("step:") for part in known):
        return ""
    given = [one.n for one in steps(tx, case.id) if one.code in {"done", "above-done"}]
    return known.get(f"step:{given[-1]}", "") if given else ""


def written(rows: Sequence[Sequence[str]]) -> bytes:
    """Rows as a file that Excel opens as it is. A cell that a spreadsheet would take for a formula begins with an
    apostrophe (OWASP: CSV injection)."""
    out = io.StringIO(newline="")
    sheet = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        sheet.writerow([_plain(cell) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" \u3000\n").startswith(_FORMULA) or cell.startswith(_FORMULA) else cell
