"""/staff/print: the slip of what a clerk has before them (a number, a booking, a request), printed at a kiosk.

The kiosk hears of it with its next report, within ten seconds; one that does not come out is in the to-do list.
"""

from __future__ import annotations

from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import Response

from kiosk.web.pages.gate import Gate, Said


class PaperPages:
    """The button of one hall process."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def add_to(self, app: FastAPI) -> None:
        """Put it into the application."""
        self._gate.add(app, "/staff/print", None, self._print)

    async def _print(self, request: Request) -> Response:
        gate = self._gate
        press = await gate.pressed(request)
        subject, kiosk, back = (press.form.get(name, "") for name in ("subject", "kiosk", "back"))
        done = await gate.house.staff(press.account.caller).print_slip(press.key("print"), subject, kiosk)
        if done is not None and done.kind in {"broken", "busy"}:
            return gate.trouble(done.reason.code)
        name = dict((await gate.board(press.account)).printers).get(kiosk, "自助机")
        told = f"已经叫{name}打印，十几秒就出来。没有出来的，会列在「待办」里。"
        path = "/staff/desk" if back == "desk" else f"/staff/requests/{quote(subject, safe='')}?paper=1"
        return gate.back(path, Said(True, told) if done is None else gate.say(done))
