"""`main.py simulate`: days of a hall from a seed, told as they happen or in a few lines at the end, and the verdict."""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.clock import FakeClock
from kiosk.config import Settings
from kiosk.door import Day
from kiosk.simulation import clerks, mishaps, residents
from kiosk.simulation.findings import Broken
from kiosk.simulation.loudspeaker import Loudspeaker
from kiosk.simulation.mirror import Event
from kiosk.simulation.paper import Paper
from kiosk.simulation.petitions import Petitions
from kiosk.simulation.script import Do, Script, Sleep
from kiosk.simulation.site import LEDGER, Site
from kiosk.simulation.telling import Teller
from kiosk.simulation.town import Town
from kiosk.simulation.watcher import Watcher

FIRST_DAY = (2026, 11, 23)  # a Monday
_EVENING = 5  # hours before the first midnight: people book ahead
_A_WINDOW = (25, 65)  # residents a day for each window
_BEAT_S, _NIGHT_BEAT_S = 60, 1800


@dataclass(frozen=True, slots=True)
class Plan:
    """What is simulated. `crowd`: residents a day, else drawn; `hours`: of each day, only so many from opening."""

    seed: int
    days: int = 1
    crowd: int | None = None
    hours: float | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it."""

    residents: int
    commands: int
    checks: int
    broken: tuple[Broken, ...]


def simulate(
    settings: Settings, plan: Plan, data: Path | None, *, watch: bool, say: Callable[[str], None]
) -> int:
    """Live the days; 0 if every promise was kept, 1 if one was broken. `data`: a folder without a ledger, to leave the
    hall's own in; None: a temporary one."""
    with ExitStack() as stack:
        folder = data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hall-simulation-")))
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            say(f"{folder}：{error.strerror}，请换一个文件夹 / choose another folder")
            return 2
        try:
            outcome = asyncio.run(live(settings, plan, folder, Teller(settings, say, watch=watch)))
        except BrokenPipeError:  # whoever looked on has seen enough (`… --watch | head`)
            sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - nothing more goes into the pipe
            return 1
    for one in outcome.broken:
        say(f"{one}")
    say(verdict(plan, outcome))
    return 1 if outcome.broken else 0


def verdict(plan: Plan, outcome: Outcome) -> str:
    """The last line."""
    days = f"{plan.days} day" + ("s" if plan.days != 1 else "")
    count = len(outcome.broken)
    return (
        f"种子 {plan.seed}，{plan.days} 天：居民 {outcome.residents:,} 位，命令 {outcome.commands:,} 条，"
        f"违背承诺 {count} 处 / seed {plan.seed}, {days}: {outcome.residents:,} residents, "
        f"{outcome.commands:,} commands, {count} promises broken"
    )


async def live(settings: Settings, plan: Plan, data: Path, teller: Teller) -> Outcome:
    """Live the days of a plan in a folder."""
    first = datetime(*FIRST_DAY, tzinfo=ZoneInfo(settings.hall.zone))
    clock = FakeClock(first - timedelta(hours=_EVENING))
    watcher = Watcher(data / LEDGER, settings, clock.now)
    site = Site(settings, data, clock, random.Random(f"{plan.seed}/codes"))  # noqa: S311
    town = Town(plan.seed, site, watcher, clock)
    town.wire.hear = lambda command, answer, again: teller.answer(command, answer, town.now, again=again)
    paper = Paper(town, settings, data, residents.KIOSKS)
    town.print = paper.print
    petitions = Petitions(town, lambda what: teller.told(town.now, what))
    loudspeaker = Loudspeaker(town)
    site.opened = loudspeaker.restart

    def hear(event: Event, at: datetime) -> None:
        teller.event(event, at)
        loudspeaker.hear(event, at)

    watcher.hear = hear
    town.spawn(_beats(town))
    ends = first
    for n in range(plan.days):
        day = first + timedelta(days=n)
        ends = day + timedelta(days=1, minutes=1)
        _fill(town, paper, petitions, plan, day, teller)
        await town.live(ends)
        watcher.midnight()
        paper.midnight()
        if n + 1 < plan.days:  # switched off and on again, a minute past midnight
            watcher.away()
            site.close()
            site.open()
    paper.close()
    site.close()
    watcher.away()
    printed, failed = paper.count()
    more = (
        ("查询", "requests looked up by code or slip", petitions.seen),
        ("凭条", "slips that came out", printed),
        ("没打出", "slips that did not", failed),
        ("语音", "calls spoken", loudspeaker.said),
        ("核对", "checks", watcher.findings.checks),
    )
    teller.summary(town.residents, town.wire.counted, watcher.waited(), more)
    return Outcome(town.residents, town.wire.counted.commands, watcher.findings.checks, tuple(watcher.findings.broken))


def _fill(
    town: Town, paper: Paper, petitions: Petitions, plan: Plan, day: datetime, teller: Teller
) -> None:
    """Everybody who has something to do on a day."""
    name = f"{day:%Y%m%d}"
    chance = town.chance(f"day {name}")
    known: Day = town.site.house.schedule.day(day.date())
    periods = [(period.start, period.end) for period in known.periods]
    if plan.hours is not None and periods:
        periods = _shortened(periods, plan.hours)
    windows = max(1, len(town.settings.windows))
    crowd = plan.crowd if plan.crowd is not None else sum(chance.randint(*_A_WINDOW) for _ in range(windows))
    if not periods:  # closed: a few try the kiosk in the porch
        nine = day + timedelta(hours=9)
        periods, crowd = [(nine, nine + timedelta(hours=8))], crowd // 20
    else:
        for window in town.settings.windows:
            town.spawn(clerks.Clerk(town, window.id, _services(town, window.id, chance.random()), day).works(periods))
        mishaps.of_a_day(town, paper, periods, lambda what: teller.mishap(town.now, what))
    town.periods = periods
    if day.date() == town.now.date() + timedelta(days=1):
        for n, at in enumerate(residents.evening_before(town, day, crowd // 10)):
            town.spawn(residents.books_ahead(town, f"{name} evening {n}"), at)
    for n, at in enumerate(residents.arrivals(town, day, periods, crowd)):
        town.spawn(residents.resident(town, f"{name} resident {n}"), at)
    petitions.of_a_day(name, day, periods, crowd)


def _services(town: Town, window: str, luck: float) -> tuple[str, ...]:
    """What a window serves today: what hall.toml says, and often something of its neighbours'."""
    every = [service.id for service in town.settings.services]
    own = next(one.services for one in town.settings.windows if one.id == window) or tuple(every)
    more = [service for service in every if service not in own]
    take = 0 if luck < 0.3 else 1 if luck < 0.7 else 2
    start = round(luck * 997)
    return (*own, *(more[(start + n) % len(more)] for n in range(min(take, len(more)))))


def _shortened(periods: list[tuple[datetime, datetime]], hours: float) -> list[tuple[datetime, datetime]]:
    left, kept = timedelta(hours=hours), []
    for opens, closes in periods:
        if left <= timedelta(0):
            break
        span = min(left, closes - opens)
        kept.append((opens, opens + span))
        left -= span
    return kept


def _beats(town: Town) -> Script:
    """The hall's own timers, as often as it takes."""

    async def beat() -> None:
        try:
            await asyncio.to_thread(town.site.tick)
        except Exception as error:  # noqa: BLE001 - the hall would log it and go on; here it is a promise broken
            town.watcher.stumbled(error)
        town.watcher.look()

    while True:
        yield Do(beat)
        midnight = datetime.combine(town.now.date() + timedelta(days=1), time(0, 0, 5), town.now.tzinfo)
        pause = _BEAT_S if town.busy else _NIGHT_BEAT_S
        yield Sleep(min(pause, (midnight - town.now).total_seconds()))

