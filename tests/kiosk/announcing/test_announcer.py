"""A real hall, its real log, real drivers on virtual boards, and a voice that writes down what it says."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from devices.displays.port import DisplayPlan
from devices.displays.virtual import VirtualDisplays
from devices.voice.port import VoicePlan
from kiosk.announcing.announcer import Announcer
from kiosk.announcing.fittings import Fittings
from kiosk.claims import Claim
from kiosk.clock import FakeClock
from kiosk.config.settings import VoiceSettings
from kiosk.door import DeviceReport, DeviceState, Refusal, Ticket, TicketOrder, Window
from kiosk.hall import HallHouse
from kiosk.ledger import LedgerTrouble
from tests.devices.helpers import until
from tests.kiosk.announcing import passing
from tests.kiosk.hall.building import CLERK, KIOSK, MONDAY, at, build, demo, run

ADDRESSES = {str(window): window for window in range(1, 7)}


class Morning:
    """A hall at half past nine with six windows, a kiosk and a clerk; time goes by when it is waited."""

    def __init__(self, folder: Path, quiet: tuple = ()) -> None:
        self.folder = folder
        self.clock = FakeClock(MONDAY)
        voice = VoiceSettings(True, "virtual", None, 2, quiet, {})
        self.settings = dataclasses.replace(demo(), voice=voice)
        self.house: HallHouse = build(folder / "data", clock=self.clock, settings=self.settings)
        self.desk = self.house.counter(CLERK)
        self.kiosk = self.house.door(KIOSK)
        self.boards = VirtualDisplays(folder / "led", "modbus-led485", ADDRESSES.values())
        self.reports: dict[str, tuple[DeviceReport, ...]] = {}
        self.deaf, self.refused = False, 0
        self._keys = 0
        self._announcers: list[Announcer] = []

    # ---- what the announcer asks of a hall

    def windows(self) -> tuple[Window, ...]:
        if self.deaf:
            self.refused += 1
            raise LedgerTrouble("away")
        found = run(self.desk.windows())
        assert not isinstance(found, Refusal)
        return found

    def report(self, device: str, reports: tuple[DeviceReport, ...]) -> None:
        self.reports[device] = reports

    # ---- what people do

    def key(self) -> str:
        self._keys += 1
        return f"key-{self._keys}"

    def take(self, service: str) -> str:
        ticket = run(self.kiosk.take_ticket(self.key(), TicketOrder(service)))
        assert isinstance(ticket, Ticket), ticket
        return ticket.number

    def open(self, window: str) -> None:
        assert isinstance(run(self.desk.open_window(self.key(), window)), Window)

    def next(self, window: str) -> str:
        ticket = run(self.desk.call_next(self.key(), window))
        assert isinstance(ticket, Ticket), ticket
        return ticket.number

    # ---- what is seen and heard

    def announcer(self, holder: str = "one", out: str = "voice", led: Path | None = None) -> Announcer:
        displays = (DisplayPlan("窗口屏", "modbus-led485", str(led or self.boards.path), 9600, ADDRESSES),)
        voice = VoicePlan("语音", "virtual", options={"out": str(self.folder / out)})
        made = Announcer(self.settings, Fittings(displays, voice), self.house.commands.ledger, self.clock, self, holder)
        made.start()
        self._announcers.append(made)
        return made

    def shows(self, window: str) -> str:
        return self.boards.text(int(window)).strip()

    def spoken(self, out: str = "voice") -> list[str]:
        log = self.folder / out / "spoken.txt"
        return [line.split(" ")[2] for line in log.read_text("utf-8").splitlines()] if log.exists() else []

    def until(self, true: Callable[[], bool], seconds: float = 25.0) -> bool:
        return passing.until(self.clock, true, seconds)

    def close(self) -> None:
        for made in self._announcers:
            made.close()
        self.house.close()
        self.boards.close()


@pytest.fixture
def morning(tmp_path: Path) -> Iterator[Morning]:
    made = Morning(tmp_path)
    yield made
    made.close()


def test_a_call_is_shown_over_its_window_and_spoken(morning: Morning):
    morning.announcer()
    morning.open("1")
    first, second = morning.take("party"), morning.take("party")
    assert morning.next("1") == first
    assert morning.until(lambda: morning.shows("1") == first)
    assert morning.until(lambda: morning.spoken() == ["请A零零一号，到一号窗口"])
    assert morning.next("1") == second
    assert morning.until(lambda: morning.shows("1") == second)
    told = morning.boards.panels.all[1].told
    run(morning.desk.recall(morning.key(), "1"))
    assert morning.until(lambda: morning.boards.panels.all[1].told > told), "a recall is sent again"
    assert morning.until(lambda: morning.spoken() == [
        "请A零零一号，到一号窗口", "请A零零二号，到一号窗口", "请A零零二号，到一号窗口"])
    assert [morning.shows(window) for window in ("2", "3", "4", "5", "6")] == [""] * 5


def test_paused_finished_and_closed_windows(morning: Morning):
    morning.announcer()
    morning.open("2")
    number = morning.take("civil-affairs")
    morning.next("2")
    assert morning.until(lambda: morning.shows("2") == number)
    run(morning.desk.finish(morning.key(), "2"))
    assert morning.until(lambda: morning.shows("2") == "")
    run(morning.desk.pause(morning.key(), "2", "午休"))
    assert morning.until(lambda: morning.shows("2") == "----")
    run(morning.desk.resume(morning.key(), "2"))
    assert morning.until(lambda: morning.shows("2") == "")
    number = morning.take("civil-affairs")
    morning.next("2")
    assert morning.until(lambda: morning.shows("2") == number)
    run(morning.desk.close_window(morning.key(), "2"))
    assert morning.until(lambda: morning.shows("2") == "")


def test_at_the_start_the_present_is_shown_and_nothing_of_the_past_is_spoken(morning: Morning):
    morning.open("3")
    number = morning.take("health")
    morning.next("3")
    morning.open("4")
    run(morning.desk.pause(morning.key(), "4", "设备检修"))
    morning.announcer()
    assert morning.until(lambda: morning.shows("3") == number and morning.shows("4") == "----")
    assert not morning.spoken()


def test_of_two_processes_one_acts_and_the_other_goes_on_when_it_is_gone(morning: Morning):
    first = morning.announcer("one", "voice-1")
    assert morning.until(lambda: "语音" in morning.reports)
    morning.announcer("two", "voice-2")
    morning.open("1")
    for _ in range(3):
        morning.take("party")
    morning.next("1")
    assert morning.until(lambda: morning.shows("1") == "A001" and len(morning.spoken("voice-1")) == 1)
    first.close()
    morning.next("1")
    assert morning.until(lambda: morning.shows("1") == "A002" and len(morning.spoken("voice-2")) == 1)
    morning.next("1")
    assert morning.until(lambda: morning.shows("1") == "A003" and len(morning.spoken("voice-2")) == 2)
    assert morning.spoken("voice-1") + morning.spoken("voice-2") == [
        f"请A零零{digit}号，到一号窗口" for digit in "一二三"], "each once, by one of them"


def test_in_quiet_hours_calls_are_shown_and_not_spoken(tmp_path: Path):
    morning = Morning(tmp_path, ((at(9).time(), at(10).time()),))
    try:
        morning.announcer()
        assert morning.until(lambda: "语音" in morning.reports)
        morning.open("1")
        morning.take("party")
        number = morning.next("1")
        assert morning.until(lambda: morning.shows("1") == number)
        for window in ("2", "3"):  # shown one after the other: so the voice has had its turn after the call
            morning.open(window)
            run(morning.desk.pause(morning.key(), window, "设备检修"))
            assert morning.until(lambda shown=window: morning.shows(shown) == "----")
        assert not morning.spoken()
        morning.clock.set(at(10, 1))
        morning.take("party")
        morning.next("1")
        assert morning.until(lambda: morning.spoken() == ["请A零零二号，到一号窗口"])
    finally:
        morning.close()


def test_a_silent_window_is_on_the_manager_s_page_and_calling_goes_on(morning: Morning):
    morning.boards.silence(2)
    morning.announcer()

    def state(name: str) -> tuple[str, str | None]:
        for device in morning.reports.get("窗口屏", ()):
            if device.name == name:
                return device.state.value, device.reason.code if device.reason else None
        return "", None

    assert morning.until(lambda: state("2号窗口") == ("broken", "display-silent"))
    assert morning.until(lambda: state("1号窗口") == ("ok", None))
    morning.open("1")
    morning.take("party")
    number = morning.next("1")
    assert morning.until(lambda: morning.shows("1") == number)
    morning.boards.unplug()
    assert morning.until(lambda: state("窗口屏") == ("broken", "display-port-absent"))
    morning.take("party")
    number = morning.next("1")
    morning.boards.plug_in()
    assert morning.until(lambda: morning.shows("1") == number)
    assert morning.until(lambda: state("窗口屏") == ("ok", None))
    voice = morning.reports["语音"][0]
    assert (voice.kind, voice.state) == ("voice", DeviceState.OK)


def test_trouble_with_the_ledger_is_waited_out(morning: Morning):
    morning.deaf = True
    morning.announcer()
    morning.open("1")
    morning.take("party")
    assert morning.until(lambda: morning.refused > 1)
    morning.next("1")
    morning.deaf = False
    assert morning.until(lambda: morning.shows("1") == "A001")


def test_a_hall_without_displays_and_voice_starts_nothing(morning: Morning):
    import threading

    before = threading.active_count()
    bare = Announcer(morning.settings, Fittings((), None), morning.house.commands.ledger, morning.clock, morning, "x")
    bare.start()
    assert threading.active_count() == before
    bare.close()


def test_the_demo_hall_has_displays_and_a_voice(tmp_path: Path):
    made = Fittings.of(demo(), tmp_path)
    assert [(plan.driver, dict(plan.addresses)) for plan in made.displays] == [("virtual", ADDRESSES)]
    assert made.displays[0].options["protocol"] == "modbus-led485"
    assert made.voice is not None
    assert made.voice.options["out"] == str(tmp_path / "voice")
    assert {"请", "A", "F", "零", "六", "窗口"} <= made.voice.expected


# ---- claims ----------------------------------------------------------------------------------------------------------


def test_a_device_that_is_not_here_is_offered_to_a_process_that_has_it(morning: Morning):
    ledger, clock = morning.house.commands.ledger, morning.clock
    ledger.open()
    without, having = (Claim(ledger, clock, "display:x", holder) for holder in ("without", "having"))
    assert without.keep(useful=False)
    assert not having.keep(useful=True)
    for _ in range(30):
        clock.advance(timedelta(seconds=1))
        without.keep(useful=False)
        having.keep(useful=True)
    assert having.held
    assert not without.held


def test_a_device_that_nobody_has_stays_with_whoever_has_it(morning: Morning):
    """Offered to nobody, it is open all the while: a replug is seen at once."""
    ledger, clock = morning.house.commands.ledger, morning.clock
    ledger.open()
    alone = Claim(ledger, clock, "display:x", "alone")
    for _ in range(100):
        assert alone.keep(useful=False)
        clock.advance(timedelta(seconds=1))


def test_what_is_given_up_is_not_taken_back_by_a_renewal_under_way(morning: Morning):
    """A relay's claim is renewed from one thread and given up from another; whoever comes next begins at once."""
    ledger, clock = morning.house.commands.ledger, morning.clock
    ledger.open()
    begun, on = threading.Event(), threading.Event()

    class Slow:
        def write(self, command: object) -> object:
            begun.set()
            assert on.wait(20)
            return ledger.write(command)

    mine, next_ = (Claim(ledger, clock, "relay:x", holder) for holder in ("mine", "next"))
    assert mine.keep(useful=True)
    clock.advance(timedelta(seconds=6))
    mine._lease._ledger = Slow()
    renewing = threading.Thread(target=mine.keep, kwargs={"useful": True})
    renewing.start()
    assert begun.wait(20)
    ending = threading.Thread(target=mine.let_go)
    ending.start()
    on.set()
    for each in (renewing, ending):
        each.join(20)
    assert not mine.held
    assert not mine.keep(useful=True), "the process ends"
    assert next_.keep(useful=True)


def test_a_claim_runs_out_by_itself_when_the_ledger_is_away(morning: Morning):
    class Away:
        def write(self, _command: object) -> None:
            raise LedgerTrouble("away")

    ledger, clock = morning.house.commands.ledger, morning.clock
    ledger.open()
    claim = Claim(ledger, clock, "display:x", "one")
    assert claim.keep(useful=True)
    claim._lease._ledger = Away()
    kept = []
    for _ in range(20):
        clock.advance(timedelta(seconds=1))
        kept.append(claim.keep(useful=True))
    assert kept[:11] == [True] * 11
    assert kept[13:] == [False] * 7, "before another could take it"
    assert until(lambda: not claim.held)
