"""The waiting page: the hall, the time, today's hours or why it is closed and when it opens, and what is free now. It
shows public facts only, and says so when the hall does not answer.
"""

from __future__ import annotations

from datetime import datetime

from kivy.properties import BooleanProperty

from kiosk.door import Facility, HallFacts, Service
from kiosk.flows.steps import Waiting
from kiosk.words import Words, _
from screens.kit import Kit
from screens.page import Page


class WaitingPage(Page):
    """`begins`: whether a visit can be begun; where not, no button promises it, and the notice says where to go."""

    begins = BooleanProperty(True)
    bare = True
    without = frozenset({"back", "home"})

    def show(self, step: Waiting, kit: Kit, *, fresh: bool) -> None:
        del fresh
        ids, words, calm = self.ids, kit.words, kit.tokens.calm
        ids.hall.role, ids.place.role, ids.state.role = ("hero", "lead", "lead") if calm else ("title", "body", "body")
        notices = []
        if step.lost_slip:
            notices.append(words.say(_("刚才的凭条未打印，请到窗口领取。")))
        if step.away is not None:
            notices.append(words.reason(step.away))
        ids.notice.text = "\n".join(notices)
        self.begins, ids.notice.role = not step.shut, "lead" if step.shut and len(notices) == 1 else "body"
        ids.state.text = ""
        ids.facts.fill(())
        facts = step.facts
        if facts is not None:
            ids.place.text = words.name(facts.address)
            ids.state.text, ids.state.kind = _state(facts, words)
            free = [(words.name(room.name), _free(room, facts.now, words), "body") for room in facts.facilities]
            rooms = [row for row in free if row[1]]
            lines = _lines(step.services, words, 1 if kit.tokens.elder else 2)
            ids.facts.fill([*rooms, *lines])

    def clock(self, now: datetime, words: Words, hall: str) -> None:
        """The large clock, set by the shell each minute."""
        self.ids.hall.text = hall
        self.ids.time.text = words.time(now)
        self.ids.day.text = words.day(now)


def _state(facts: HallFacts, words: Words) -> tuple[str, str]:
    """Open until when, or closed, why, and until when; with the sign that goes with it."""
    now = facts.now
    if facts.opens is None and facts.closes is not None:
        later = any(period.start > now for period in facts.today.periods)
        if later:
            return words.say(_("正在开放，{closes:time} 午休"), closes=facts.closes), "good"
        return words.say(_("正在开放，{closes:time} 关门"), closes=facts.closes), "good"
    why = words.reason(facts.today.closed) if facts.today.closed else words.say(_("现在没有开放。"))
    if facts.opens is not None:
        why += ("" if words.language == "zh" else " ") + words.say(_("{opens} 开放。"), now=now, opens=facts.opens)
    return why, "info"


def _lines(services: tuple[Service, ...], words: Words, most: int) -> list[tuple[str, str, str]]:
    """Where people wait, the longest line first; one row where nobody does."""
    given = [service for service in services if service.open]
    longest = sorted((service for service in given if service.waiting), key=lambda service: -service.waiting)[:most]
    if given and not longest:
        return [(words.say(_("窗口")), words.say(_("现在没有人等")), "body")]
    return [(words.name(service.name), words.queue(service.waiting, service.wait), "body") for service in longest]


def _free(facility: Facility, now: datetime, words: Words) -> str:
    """What can be had of a room: what is free on the spot comes before what may be booked; "" where nobody knows."""
    if facility.free_now:
        return words.say(_("现在有 {places}"), places=_places(facility.free_now, facility, words))
    if facility.earliest is None:
        return words.say(_("近期已约满")) if facility.earliest_free == 0 else ""
    if facility.earliest_free is None:
        return words.say(_("{start} 起可约"), now=now, start=facility.earliest)
    start, today = facility.earliest, now.date()
    near = words.near(start, today)
    when = f"{near if near != words.day(start) else words.date(start)} {words.time(start)}"
    return words.say(_("{when} 还有 {places}"), when=when, places=_places(facility.earliest_free, facility, words))


def _places(n: int, facility: Facility, words: Words) -> str:
    return words.places(n, facility.unit) + ("名额" if words.language == "zh" and facility.unit == "个" else "")
