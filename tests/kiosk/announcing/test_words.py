"""What is said and in which order: pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.displays.port import Face, Showing
from kiosk.announcing.faces import called, changes_windows, ended, face
from kiosk.announcing.queue import Call, Calls, quiet
from kiosk.announcing.wording import expected, sentence
from kiosk.config.loading import LETTERS
from kiosk.door import Name, Window, WindowState
from kiosk.ledger import Event
from tests.kiosk.hall.building import MONDAY


@pytest.mark.parametrize(("number", "window", "name", "said"), [
    ("A023", "2", "", "请A零二三号，到二号窗口"),
    ("b001", "10", "", "请B零零一号，到十号窗口"),
    ("d1000", "12", "", "请D一零零零号，到十二号窗口"),
    ("F007", "21", "", "请F零零七号，到二十一号窗口"),
    ("U999", "0", "", "请U九九九号，到零号窗口"),
    ("P045", "305", "", "请P零四五号，到三零五号窗口"),
    ("H110", "east", "东侧综合窗口", "请H一一零号，到东侧综合窗口"),
    ("L002", "x", "", "请L零零二号，到x"),
])
def test_a_call_in_words(number: str, window: str, name: str, said: str):
    made = sentence(number, window, name)
    assert made.text == said
    assert "".join(made.clips) == said.replace("，", "")


@given(st.sampled_from(LETTERS), st.integers(1, 99_999), st.integers(0, 120))
def test_every_call_can_be_made_of_the_clips_a_hall_is_asked_to_record(letter: str, number: int, window: int):
    clips = expected(LETTERS, [(str(window), "")])
    made = sentence(f"{letter}{number:03}", str(window), "")
    assert set(made.clips) <= clips
    assert not any(sign.isascii() and sign.isdigit() for sign in made.text), "espeak-ng reads 023 as a number"


def call(seq: int, window: str = "1", at: datetime = MONDAY) -> Call:
    return Call(seq, f"A{seq:03}", window, at)


def test_calls_are_spoken_in_order_and_a_window_s_newer_call_replaces_its_older_one():
    calls = Calls()
    for one in (call(1, "1"), call(2, "2"), call(3, "1"), call(3, "1"), call(2, "2")):
        calls.add(one)
    assert [calls.next(MONDAY), calls.next(MONDAY), calls.next(MONDAY)] == [call(2, "2"), call(3, "1"), None]


def test_a_call_that_is_over_is_not_spoken():
    calls = Calls()
    for one in (call(1, "1"), call(2, "2"), call(3, "3")):
        calls.add(one)
    calls.drop("A002", "2")
    calls.drop("A003", "2")  # its call at another window is over
    assert [calls.next(MONDAY), calls.next(MONDAY), calls.next(MONDAY)] == [call(1, "1"), call(3, "3"), None]


def test_old_calls_and_quiet_hours_are_passed_over():
    calls = Calls([(time(12), time(14))])
    calls.add(call(1, "1", MONDAY - timedelta(minutes=2, seconds=1)))
    calls.add(call(2, "2", MONDAY - timedelta(minutes=2)))
    assert calls.next(MONDAY) == call(2, "2", MONDAY - timedelta(minutes=2))
    calls.add(call(3, "1", MONDAY.replace(hour=12)))
    assert calls.next(MONDAY.replace(hour=12)) is None
    calls.add(call(4, "1", MONDAY.replace(hour=14)))
    assert calls.next(MONDAY.replace(hour=14)) is not None


def test_quiet_over_midnight():
    night = [(time(18), time(8))]
    assert [quiet(time(hour), night) for hour in (7, 8, 12, 17, 18, 23, 0)] == [
        True, False, False, False, True, True, True]
    assert not quiet(time(0), ())


@given(st.lists(st.tuples(st.integers(1, 40), st.sampled_from("1234"))))
def test_no_call_is_spoken_twice_and_the_queue_never_outgrows_the_windows(made: list[tuple[int, str]]):
    calls = Calls()
    said = []
    for at, (seq, window) in enumerate(made):
        calls.add(call(seq, window))
        assert len(calls.waiting) <= 4
        if at % 3 == 0:
            said.append(calls.next(MONDAY))
    while (one := calls.next(MONDAY)) is not None:
        said.append(one)
    spoken = [one.seq for one in said if one is not None]
    assert spoken == sorted(set(spoken))


def event(kind: str, **data: object) -> Event:
    return Event("x-0", f"cn.hall.{kind}.v1", "/halls/x/1", "t", 0, data)


def test_which_events_matter():
    assert called(event("ticket.called", number="A001", window="2")) == ("A001", "2")
    assert called(event("ticket.recalled", number="A001", window="2", again=1)) == ("A001", "2")
    for facts in ({}, {"number": 1, "window": "2"}, {"number": "A1"}):
        odd = event("ticket.called", **facts)
        assert called(odd) is None
        assert changes_windows(odd), "one that does not say enough has the windows looked at"
    assert called(event("ticket.finished", number="A001", window="2")) is None
    for kind in ("finished", "parked", "held", "transferred", "no-show", "expired"):
        assert changes_windows(event(f"ticket.{kind}"))
        over = ended(event(f"ticket.{kind}", number="A001", window="2"))
        assert over == (None if kind == "expired" else ("A001", "2"))
    assert ended(event("ticket.called", number="A001", window="2")) is None
    assert changes_windows(event("window.paused"))
    assert not changes_windows(event("ticket.issued"))
    assert not changes_windows(event("appointment.booked"))


def test_what_a_window_shows():
    name = Name("二号窗口", "Window 2")
    assert face(Window("2", name, WindowState.CLOSED, ())) == Showing(Face.CLOSED)
    assert face(Window("2", name, WindowState.PAUSED, ())) == Showing(Face.PAUSED)
    assert face(Window("2", name, WindowState.OPEN, ())) == Showing(Face.FREE)
