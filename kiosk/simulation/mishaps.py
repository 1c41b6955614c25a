"""Bad luck, drawn from the seed: the hall's process dies, its ledger is held by another program, its clock is set wrong
and set right, hall.toml is changed, a manager makes a room smaller. Each has its real effect; `tell` says so.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from kiosk.config import BookingRules, Settings
from kiosk.door import Role
from kiosk.hall import Caller
from kiosk.simulation.clerks import everyone_calls, same_number
from kiosk.simulation.fools import fool
from kiosk.simulation.paper import Paper, out_of_paper
from kiosk.simulation.script import Do, Hand, Script, Sleep
from kiosk.simulation.town import Town

Tell = Callable[[str], None]
MANAGER = Caller("manager-1", "主任", Role.MANAGER)


def of_a_day(town: Town, paper: Paper, periods: Sequence[tuple[datetime, datetime]], tell: Tell) -> None:
    """Have a day's bad luck happen."""
    opens, closes = periods[0][0], periods[-1][1]
    chance = town.chance(f"mishaps {opens:%Y%m%d}")
    busy = [(a, b) for a, b in periods]

    def sometime() -> datetime:
        a, b = chance.choice(busy)
        return a + (b - a) * chance.uniform(0.05, 0.9)

    for n in range(chance.randint(4, 8)):
        town.spawn(_same_number(town, f"same {opens:%Y%m%d} {n}"), sometime())
        town.spawn(_all_at_once(town, f"next {opens:%Y%m%d} {n}"), sometime())
    town.spawn(fool(town, f"fool {opens:%Y%m%d}"), sometime())
    for _ in range(chance.randint(1, 3)):
        town.spawn(_dies(town, chance.choice(("before", "after")), tell), sometime())
    for _ in range(chance.randint(1, 2)):
        town.spawn(_locked(town, chance.uniform(10, 90), tell), sometime())
    town.spawn(_clock_back(town, chance.uniform(2, 15), chance.uniform(30, 120), tell), sometime())
    if len(periods) > 1 and chance.random() < 0.6:
        noon = periods[0][1] + (periods[1][0] - periods[0][1]) * chance.uniform(0.4, 0.7)
        town.spawn(_clock_ahead(town, f"clock {opens:%Y%m%d}", chance.uniform(3, 15), tell), noon)
    town.spawn(_smaller(town, chance.random() < 0.5, f"smaller {opens:%Y%m%d}", tell), sometime())
    town.spawn(out_of_paper(paper, town.chance(f"paper {opens:%Y%m%d}"), tell), sometime())
    if chance.random() < 0.3:
        town.spawn(_dies(town, "after", tell), closes + timedelta(hours=2))


def _all_at_once(town: Town, name: str) -> Script:
    """Every clerk presses 叫下一位 at the same instant."""
    windows = [window.id for window in town.settings.windows]
    everyone_calls(town, windows, name)
    yield Sleep(0)


def _same_number(town: Town, name: str) -> Script:
    windows = [window.id for window in town.settings.windows]
    if len(windows) > 1:
        yield from same_number(town, windows, name)


def _dies(town: Town, when: str, tell: Tell) -> Script:
    town.wire.dies(when)
    tell("大厅系统断电：" + ("命令还没记下" if when == "before" else "命令已经记下，还没答复") + "。马上重新开机")
    yield Sleep(0)


def _locked(town: Town, seconds: float, tell: Tell) -> Script:
    town.site.lock()
    tell("别的程序占住了台账，什么也记不下")
    yield Sleep(seconds)
    town.site.unlock()
    tell("台账又能用了")


def _clock_back(town: Town, minutes: float, seconds: float, tell: Tell) -> Script:
    """For a while the hall does not believe its clock, and confirms nothing."""
    town.clock.set(town.now - timedelta(minutes=minutes))
    tell(f"大厅的时钟被拨慢了 {minutes:.0f} 分钟")
    yield Sleep(seconds)
    town.clock.set(town.now)
    tell("时钟拨回来了")


def _clock_ahead(town: Town, name: str, minutes: float, tell: Tell) -> Script:
    """In the lunch break. Once it is right again, the log knows a later time; a manager says which one is right."""
    town.clock.set(town.now + timedelta(minutes=minutes))
    tell(f"大厅的时钟被拨快了 {minutes:.0f} 分钟")
    yield Sleep(90)
    town.clock.set(town.now)
    tell("时钟拨回来了，主任声明现在的时间是对的")
    hand = Hand(name, MANAGER, town.chance(name))
    yield from hand.insist(hand.manager("declare_time"))


def _smaller(town: Town, by_toml: bool, name: str, tell: Tell) -> Script:
    """A room becomes smaller, by a new hall.toml or by a manager's word. No booking is void for it."""
    chance = town.chance(name)
    rooms = [one for one in town.settings.facilities if one.rules.capacity > 1]
    if not rooms:
        return
    room = chance.choice(rooms)
    capacity = max(1, round(room.rules.capacity * chance.uniform(0.3, 0.8)))
    if by_toml:
        tell(f"hall.toml 改了：{room.name.zh}只有 {capacity} 个名额；大厅系统重新启动")
        yield Do(lambda: _restart(town, _with_capacity(town.settings, room.id, capacity)))
        return
    tell(f"主任把{room.name.zh}改成 {capacity} 个名额")
    hand = Hand(name, MANAGER, chance)
    yield from hand.insist(hand.manager("resize", room.id, capacity))
    yield Sleep(chance.uniform(1800, 7200))
    tell(f"主任把{room.name.zh}改回来了")
    yield from hand.insist(hand.manager("resize", room.id, None))


async def _restart(town: Town, settings: Settings) -> None:
    town.watcher.away()
    town.site.unlock()
    town.site.close()
    town.site.open(settings)
    town.watcher.capacities(settings)


def _with_capacity(settings: Settings, facility: str, capacity: int) -> Settings:
    def sized(rules: BookingRules) -> BookingRules:
        return dataclasses.replace(rules, capacity=capacity)

    return dataclasses.replace(
        settings,
        facilities=tuple(
            dataclasses.replace(one, rules=sized(one.rules)) if one.id == facility else one
            for one in settings.facilities
        ),
    )
