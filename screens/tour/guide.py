"""Walks one resident through the pages and has a picture taken of each: what is pressed, and which page must follow."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from kiosk.door import Appointment
from kiosk.flows.steps import Finished, Waiting
from screens.pages import PAGES
from screens.tour.album import Album
from screens.tour.stand import Astray, Stand

T = TypeVar("T")


class Guide:
    """For one path at a time. Every move names the page that must stand after it; `name` tells apart two pages of one
    kind (a finished page with and without paper). Raises `Astray`."""

    def __init__(self, stand: Stand, album: Album) -> None:
        self.stand, self.album = stand, album
        self.path = ""
        self.touched = ""

    def see(self, page: type[T], name: str = "", touched: str = "") -> T:
        """This page stands now; its step."""
        step = self.stand.sees(page)
        self.touched = touched or self.touched
        self.album.page(name or PAGES[page][0].replace("_", "-"), self.path, self.touched)
        return step

    def picture(self, name: str) -> None:
        """Of the page that stands at this very moment, settled or not."""
        self.album.page(name, self.path, self.touched)

    def press(self, label: str, page: type[T], name: str = "") -> T:
        self.touched = f"点「{label}」"
        self.stand.press(label)
        return self.see(page, name)

    def bar(self, button: str, page: type[T], name: str = "") -> T:
        self.touched = f"bar: {button}"
        self.stand.bar(button)
        return self.see(page, name)

    def type(self, digits: str, page: type[T], name: str = "") -> T:
        self.touched = "按数字键"
        self.stand.type(digits)
        return self.see(page, name)

    def scan(self, text: str, page: type[T], name: str = "") -> T:
        self.touched = "扫码"
        self.stand.scan(text)
        return self.see(page, name)

    def wait(self, seconds: float, page: type[T], name: str = "") -> T:
        self.touched = f"等 {seconds:.0f} 秒"
        self.stand.wait(seconds)
        return self.see(page, name)

    # ---- whole stretches --------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """To the waiting page, if the last path left another."""
        stand = self.stand
        stand.wire.state = "up"
        stand.printer.recover()
        for _page in range(6):
            if isinstance(stand.page, Waiting):
                return
            stand.wait(130)
        msg = "the waiting page does not come back"
        raise Astray(msg)

    def booked(self, step: Finished) -> Appointment:
        if step.appointment is None:
            msg = "a finished page without its appointment"
            raise Astray(msg)
        return step.appointment

    def jump(self, moment: datetime) -> None:
        """Nobody comes until then."""
        self.stand.jump(moment)
