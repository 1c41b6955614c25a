"""Finds the notifier hall.toml names among the entry points and opens it; what cannot be opened is a state, and sends
nothing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import cast

from devices.notifiers.port import Delivery, Notifier, NotifierPlan, OpenNotifier
from devices.plugs import Absent, Find, find, plugged
from devices.ports import DeviceStatus

NOTIFIERS = "hall_kiosk.notifiers"


class NoNotifier(Absent):
    """In the place of a notifier that could not be loaded or opened."""

    def send(self, number: str, words: str) -> Future[Delivery]:
        del number, words
        end: Future[Delivery] = Future()
        end.set_result(Delivery.FAILED)
        return end


def open_notifier(plan: NotifierPlan, changed: Callable[[DeviceStatus], None], find: Find = find) -> Notifier:
    """The notifier `plan` describes, or a stand-in that says why not."""

    def opened(driver: object) -> Notifier:
        return cast("OpenNotifier", driver)(plan, changed)

    return plugged(NOTIFIERS, plan.driver, opened, partial(NoNotifier, plan.name), find)
