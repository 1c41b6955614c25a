"""The one source of time: aware, in the hall's zone wherever the process is, and standing still on demand."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk.clock import Clock, FakeClock, SystemClock

HALL = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=HALL)


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "UTC", "No/Such"])
def test_the_present_is_the_halls_whatever_the_processs_zone(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        now = SystemClock().now()
        assert now.utcoffset() == timedelta(hours=8)
        assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)
        assert now.isoformat().endswith("+08:00")
    finally:
        monkeypatch.undo()
        time.tzset()


def test_another_hall_has_another_zone() -> None:
    assert SystemClock("Asia/Urumqi").now().utcoffset() == timedelta(hours=6)
    assert SystemClock(ZoneInfo("UTC")).now().utcoffset() == timedelta(0)


def test_monotonic_never_goes_back() -> None:
    clock = SystemClock()
    seen = [clock.monotonic() for _ in range(1000)]
    assert seen == sorted(seen)


def test_the_fake_clock_stands_until_it_is_moved() -> None:
    clock = FakeClock(MONDAY)
    assert (clock.now(), clock.now(), clock.monotonic()) == (MONDAY, MONDAY, 0.0)
    clock.advance(timedelta(minutes=30, milliseconds=5))
    assert clock.now() == MONDAY + timedelta(minutes=30, milliseconds=5)
    assert clock.monotonic() == pytest.approx(1800.005)


def test_a_clock_set_back_has_let_no_time_pass() -> None:
    clock = FakeClock(MONDAY)
    clock.advance(timedelta(seconds=10))
    clock.set(datetime(2020, 1, 1, tzinfo=UTC))
    assert clock.now() == datetime(2020, 1, 1, 8, tzinfo=HALL)
    assert clock.now().tzinfo is HALL
    assert clock.monotonic() == 10.0


def test_time_passes_forwards_and_has_a_zone() -> None:
    with pytest.raises(ValueError, match="forwards"):
        FakeClock(MONDAY).advance(timedelta(seconds=-1))
    with pytest.raises(ValueError, match="aware"):
        FakeClock(datetime(2026, 11, 23, 9, 30))  # noqa: DTZ001


@pytest.mark.parametrize("clock", [SystemClock(), FakeClock(MONDAY)])
def test_both_are_clocks(clock: Clock) -> None:
    assert clock.now().tzinfo is not None
    assert isinstance(clock.monotonic(), float)


def test_it_needs_the_standard_library_only() -> None:
    """The clock is on the way to the kiosk's first page."""
    program = (
        "import sys; before = set(sys.modules); import kiosk.clock\n"
        "new = {n.split('.')[0] for n in set(sys.modules) - before if not n.startswith('_sysconfig')}\n"
        "print(*sorted(new - set(sys.stdlib_module_names) - {'kiosk'}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
