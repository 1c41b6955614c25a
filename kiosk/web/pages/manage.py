"""/manage: how the hall stands now: who waits where and how long, windows, devices, slips, today's bookings, the notice
on the board. For managers; live like the console."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from fastapi import FastAPI, Request
from fastapi.responses import Response

from kiosk.door import Name, Refusal, Service, Window, WindowState
from kiosk.hall import ratings
from kiosk.hall.accounts import Account
from kiosk.hall.figures import Longest, Span
from kiosk.hall.request_figures import request_figures
from kiosk.upstream import standing
from kiosk.web.pages.gate import Gate, Press, Said
from kiosk.web.pages.saying import minutes
from kiosk.web.sessions import Session
from kiosk.words import Words

MOST_NOTICE = 120


class ManagePages:
    """The overview of one hall process."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._names = {service.id: service.name for service in gate.house.settings.services}

    def add_to(self, app: FastAPI) -> None:
        """Put the pages into the application."""
        self._gate.add(app, "/manage", self._page)
        self._gate.add(app, "/manage/now", self._now, part=True)
        self._gate.add(app, "/manage/notice", None, self._notice)
        self._gate.add(app, "/manage/slips/{job}/reprint", None, self._reprint)
        self._gate.add(app, "/manage/clock", None, self._clock)

    async def _page(self, request: Request) -> Response:
        session, account = await self._gate.manager(request)
        return self._gate.show("manage.html", await self._values(session, account, self._gate.said(request)))

    async def _now(self, request: Request) -> Response:
        session, account = await self._gate.manager(request)
        return self._gate.show("manage-now.html", await self._values(session, account, None))

    async def _values(self, session: Session, account: Account, said: Said | None) -> dict[str, object]:
        gate, words, now = self._gate, self._gate.words, self._gate.house.clock.now()
        counter, door = gate.house.counter(account.caller), gate.house.door(account.caller)
        figures, (longest, aimed) = await gate.house.figures.services(), await gate.house.figures.waiting()
        names = {one.id: one.name for one in gate.house.settings.windows}
        windows, seen, services = await counter.windows(), await counter.board(), await door.services()
        if isinstance(windows, Refusal):
            windows = ()
        shown = await gate.board(account)
        waiting = sum(service.waiting for service in services)
        stuck = sum(service.waiting for service in services if not service.windows)
        rows = [window_row(one, self._names, now, words) for one in windows]
        busy = sum(one.state is WindowState.OPEN for one in windows)
        paused = sum(one.state is WindowState.PAUSED for one in windows)
        return {
            "csrf": gate.csrf(session), "said": said, "board": shown, "manager": True, "here": "manage", "sub": "now",
            "headline": headline(busy, paused, waiting, stuck,
                                 is_open=gate.house.schedule.opens_closes(now)[0] is None),
            "figures": [("在等", waiting, "人"), ("今天办完", sum(one.served_today for one in windows), "人"),
                        ("开着的窗口", busy + paused, "个"), ("要处理", shown.todo_count, "件")],
            "windows": rows, "windows_say": f"{busy}个在办，{paused}个暂停，{len(windows) - busy - paused}个没开",
            "lines": wait_lines(services, longest, now, words), "waiting": waiting, "scale": scale(services),
            "whys": [(words.name(one.name), words.reason(gate.house.queue.waits.why(one.letter, now), now))
                     for one in services],
            "aimed": [f"等{words.name(names[one.window]) if one.window in names else one.window}的 {one.waiting}人，"
                      f"最久的{waited(now - one.since)}" for one in aimed],
            "spans": [(words.name(name), *map(span_words, figures[id_]))
                      for id_, name in self._names.items() if id_ in figures],
            "written": await self._written(), "notice": "" if isinstance(seen, Refusal) else seen.notice,
            "bookings": await self._bookings(account, now),
            "asked": await request_figures(gate.house.commands, gate.house.requests.places),
            "upstream": await self._upstream(),
        }  # fmt: skip

    async def _written(self) -> int:
        """With how many ratings there are words to read."""
        found = await self._gate.house.commands.ask(ratings.how_many)
        return 0 if isinstance(found, Refusal) else found

    async def _upstream(self) -> dict[str, str] | None:
        """How posting stands, in a word; None where hall.toml names nowhere to post to."""
        settings = self._gate.house.settings.upstream
        if not settings:
            return None
        seen = await self._gate.house.commands.ask(lambda tx: standing.look(tx, settings))
        stands = () if isinstance(seen, Refusal) else seen
        wrong = [one for one in stands if one.state in {"paused", "waiting"} or one.aside]
        waiting = sum(one.waiting for one in stands)
        if wrong or not stands:
            return {"mark": "care", "word": f"要看一看，{waiting} 条在等" if stands else "现在看不到"}
        return {"mark": "good", "word": "正常" if waiting == 0 else f"正常，{waiting} 条正在发"}

    async def _bookings(self, account: Account, now: datetime) -> list[dict[str, object]]:
        """How full each facility is today, slot by slot."""
        door, words = self._gate.house.door(account.caller), self._gate.words
        shown: list[dict[str, object]] = []
        for facility in await door.facilities():
            slots = await door.slots(facility.id, now.date())
            if isinstance(slots, Refusal):
                continue
            shown.append({
                "name": words.name(facility.name), "capacity": words.places(facility.capacity, facility.unit),
                "slots": [{"at": words.time(slot.start), "taken": slot.capacity - slot.free,
                           "high": round(100 * (slot.capacity - slot.free) / max(1, slot.capacity)),
                           "full": slot.free == 0} for slot in slots],
            })  # fmt: skip
        return shown

    # ---- what the buttons do -----------------------------------------------------------------------------------------

    async def _answer(self, request: Request, press: Press, refusal: Refusal | None, good: str) -> Response:
        said = Said(True, good) if refusal is None else self._gate.say(refusal)
        if request.headers.get("x-live") is not None:
            return self._gate.show("manage-now.html", await self._values(press.session, press.account, said))
        return self._gate.back("/manage", said)

    async def _notice(self, request: Request) -> Response:
        press = await self._gate.pressed(request, manager=True)
        text = " ".join(press.form.get("text", "").split())[:MOST_NOTICE]
        done = await self._gate.house.counter(press.account.caller).set_notice(press.key("notice"), text)
        return await self._answer(request, press, done, "大屏上的通知改好了。" if text else "大屏上的通知撤掉了。")

    async def _reprint(self, request: Request) -> Response:
        press, job = await self._gate.pressed(request, manager=True), request.path_params["job"]
        at = press.form.get("kiosk") or None
        done = await self._gate.house.staff(press.account.caller).print_slip_again(f"print:{job}:{at}", job, at)
        return await self._answer(request, press, done, "已经叫那台自助机补打。")

    async def _clock(self, request: Request) -> Response:
        press = await self._gate.pressed(request, manager=True)
        key = f"clock:{self._gate.house.clock.now().isoformat(timespec='seconds')}"
        done = await self._gate.house.staff(press.account.caller).declare_time(key)
        return await self._answer(request, press, done, "从现在起按这个时间算。")


def headline(busy: int, paused: int, waiting: int, stuck: int, *, is_open: bool) -> str:
    """How the hall stands, in one sentence. `stuck`: so many of those who wait, wait for what no open window does."""
    if busy and stuck:
        return f"{waiting} 人在等，其中 {stuck} 人要办的没有窗口在办"
    if busy:
        return "大厅在正常叫号" if waiting else "大厅开着，没有人在等"
    if waiting:
        return f"有 {waiting} 人在等，没有窗口在办" if not paused else f"有 {waiting} 人在等，窗口都暂停着"
    return "大厅还没有开窗口" if is_open else "现在不是办事时间"


def window_row(window: Window, names: dict[str, Name], now: datetime, words: Words) -> dict[str, object]:
    """One window as the overview shows it."""
    services = "、".join(words.name(names[one]) for one in window.services if one in names)
    mark, state = "off", "没有开"
    if window.state is WindowState.PAUSED:
        overdue = "（已经过了）" if window.back_at is not None and window.back_at < now else ""
        back = "" if window.back_at is None else f"，{words.time(window.back_at)} 回{overdue}"
        mark, state = "care", f"暂停，{window.reason or ''}{back}"
    elif window.serving is not None:
        since = minutes(now - (window.serving.called_at or now))
        mark, state = "good", f"办理 {window.serving.number}，{since}"
    elif window.state is WindowState.OPEN:
        mark, state = "good", "空闲"
    return {"name": words.name(window.name), "services": services or "各项服务", "clerk": window.clerk or "—",
            "mark": mark, "state": state, "served": window.served_today,
            "off": window.state is WindowState.CLOSED}  # fmt: skip


def scale(services: tuple[Service, ...]) -> list[int]:
    """Where the axis of minutes is marked: four steps that hold the longest wait."""
    longest = max((one.wait.high for one in services if one.wait is not None), default=30)
    step = next(step for step in (10, 15, 20, 30, 60, 120, 240, 10_000) if step * 3 >= longest)
    return [0, step, step * 2, step * 3]


def span_words(span: Span) -> dict[str, str]:
    """How long people waited and how many were pleased, in words; — where nobody was."""
    wait = "—" if span.wait is None else f"{max(1, round(span.wait.total_seconds() / 60))} 分钟"
    return {"wait": wait, "called": f"{span.called}人" if span.called else "",
            "pleased": f"{round(100 * span.pleased / span.rated)}%" if span.rated else "—",
            "rated": f"{span.rated}人评" if span.rated else ""}  # fmt: skip


def waited(span: timedelta) -> str:
    """等了12分钟, or 刚来."""
    return "刚来" if span < timedelta(minutes=1) else f"等了{minutes(span)}"


def wait_lines(
    services: tuple[Service, ...], longest: Mapping[str, Longest], now: datetime, words: Words
) -> list[dict[str, object]]:
    """How long one waits who takes a number now, as bars on a common scale (per cent); and who has waited longest."""
    whole = scale(services)[-1]
    return [
        {"name": words.name(one.name), "waiting": one.waiting,
         "longest": f"{longest[one.id].number} {waited(now - longest[one.id].since)}" if one.id in longest else "",
         "low": 0 if one.wait is None else round(100 * one.wait.low / whole),
         "high": 0 if one.wait is None else round(100 * one.wait.high / whole),
         "says": "还说不准" if one.wait is None else f"{one.wait.low}–{one.wait.high} 分钟",
         "late": one.past_closing, "unserved": not one.windows and one.waiting > 0}
        for one in sorted(services, key=lambda one: -one.waiting)
    ]  # fmt: skip
