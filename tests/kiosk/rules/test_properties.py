"""What must hold for every hall, day and number, not only for the ones in a table."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.rules import codes, masking, phone, slots
from kiosk.rules.bar import Bar
from kiosk.rules.lead import UNITS, Lead
from tests.kiosk.rules.halls import CALENDAR, NOON, RULES, ZONE, at, open_slots

moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=st.just(ZONE))  # noqa: DTZ001
leads = st.builds(Lead, st.sampled_from(UNITS), st.integers(0, 6))
lengths = st.one_of(st.none(), st.integers(5, 200))


@given(moments, leads, lengths, st.integers(1, 40))
def test_nothing_is_bookable_outside_hours_or_too_soon_or_too_far(
    now: datetime, lead: Lead, minutes: int | None, horizon: int
) -> None:
    rules = replace(RULES["gym"], lead=lead, slot_minutes=minutes, horizon=horizon)
    before = None
    for slot in open_slots(now, rules):
        day = CALENDAR.day(slot.start.date())
        inside = any(start <= slot.start and slot.end <= end for start, end in day.periods)
        assert inside
        assert now < slot.start < slot.end
        assert (slot.start.date() - now.date()).days <= horizon
        assert slots.lead_met(lead, slot.start, now, CALENDAR, NOON)
        assert before is None or before.end <= slot.start, "slots overlap or are out of order"
        before = slot


@given(moments, leads, st.timedeltas(timedelta(0), timedelta(days=20)), st.sampled_from(sorted(RULES)))
def test_what_may_be_booked_later_may_be_booked_now(now: datetime, lead: Lead, later: timedelta, facility: str) -> None:
    """A slot is bookable until its cut-off and never again: once within the horizon it stays bookable without a gap."""
    rules = replace(RULES[facility], lead=lead, horizon=30)
    for slot in list(open_slots(now + later, rules))[:6]:
        bar = slots.barred(slot, now, rules, CALENDAR, NOON)
        assert bar is None or bar.code == "beyond-horizon"


@given(moments)
def test_what_may_be_taken_on_the_spot_may_not_be_booked(now: datetime) -> None:
    rules = replace(RULES["reading-room"], lead=Lead("minutes", 0))
    for slot in slots.slots_of(CALENDAR.day(now.date()), rules.slot_minutes, NOON):
        spot = slots.may_walk_in(slot, now)
        bookable = slots.barred(slot, now, rules, CALENDAR, NOON) is None
        assert not (spot and bookable)
        assert spot == (slot.start <= now < slot.end)


def test_leads_in_hours_and_working_days_include_their_boundary() -> None:
    nine = at("2026-11-30 9:00")  # a Monday
    for lead, now, met in (
        (Lead("hours", 2), "2026-11-30 7:00:00", True),
        (Lead("hours", 2), "2026-11-30 7:00:01", False),
        (Lead("working_days", 1), "2026-11-27 17:30", True),
        (Lead("working_days", 1), "2026-11-29 23:59", True),
        (Lead("working_days", 1), "2026-11-30 0:00", False),
        (Lead("working_days", 2), "2026-11-27 0:00", False),
        (Lead("working_days", 2), "2026-11-26 23:59", True),
    ):
        assert slots.lead_met(lead, nine, at(now), CALENDAR, NOON) is met, (lead, now)


def test_a_place_may_be_taken_on_the_spot_from_the_first_moment_until_the_end() -> None:
    slot = slots.SlotTime(at("2026-11-23 10:00"), at("2026-11-23 11:00"))
    taken = {"9:59:59": False, "10:00": True, "10:59:59": True, "11:00": False}
    assert {clock: slots.may_walk_in(slot, at(f"2026-11-23 {clock}")) for clock in taken} == taken


def test_undo_is_ten_minutes() -> None:
    assert timedelta(minutes=10) == slots.UNDO


def test_the_horizons_last_day_is_offered_and_counted_from_the_halls_day() -> None:
    """The same moment told in another zone, where it is still yesterday, offers the same slots."""
    now = at("2026-11-24 4:00")
    offered = list(open_slots(now, RULES["gym"]))
    assert offered[-1].start == at("2026-12-08 16:00")
    abroad = now.astimezone(UTC)
    assert abroad.date() != now.date()
    assert list(open_slots(abroad, RULES["gym"])) == offered
    assert slots.barred(offered[-1], abroad, RULES["gym"], CALENDAR, NOON) is None


def test_minutes_are_minutes_where_the_clocks_change() -> None:
    """Berlin, 29 March 2026: between 1:30 and 4:00 on the wall lie 90 minutes, not 150."""
    berlin = ZoneInfo("Europe/Berlin")
    now, start = (datetime(2026, 3, 29, *clock, tzinfo=berlin) for clock in ((1, 30), (4, 0)))
    assert slots.lead_met(Lead("minutes", 90), start, now, CALENDAR, NOON)
    assert not slots.lead_met(Lead("minutes", 91), start, now, CALENDAR, NOON)
    assert not slots.lead_met(Lead("hours", 2), start, now, CALENDAR, NOON)


def test_checking_in_has_fifteen_minutes_on_either_side() -> None:
    start = datetime(2026, 11, 23, 14, tzinfo=ZONE)
    assert slots.check_in_window(start, start + timedelta(hours=1)) == (
        start - timedelta(minutes=15), start + timedelta(minutes=15),
    )  # fmt: skip
    assert slots.no_show_at(start, start + timedelta(minutes=5)) == start + timedelta(minutes=5)


@given(st.text(alphabet="0123456789", max_size=14))
def test_a_number_shows_at_most_its_beginning_and_its_tail(digits: str) -> None:
    shown = masking.phone(digits)
    stand = "".join(sign for sign in shown if sign.isdigit())
    assert len(stand) <= 8
    assert len(digits) < 11 or len(digits) - len(stand) >= 3
    assert digits not in shown.replace(" ", "") or not digits or len(digits) <= 4


@pytest.mark.parametrize(
    ("number", "shown", "tail"),
    [
        ("13812345678", "138 **** 5678", "5678"), ("043188885678", "0431 **** 5678", "5678"),
        ("01088885678", "010 **** 5678", "5678"), ("04318885678", "0431 **** 5678", "5678"),
        ("1381234567", "****", "4567"), ("12345", "****", "2345"), ("1234", "****", ""), ("", "****", ""),
    ],
)  # fmt: skip
def test_what_is_shown_of_a_number(number: str, shown: str, tail: str) -> None:
    assert (masking.phone(number), masking.tail(number)) == (shown, tail)


@given(st.text(min_size=1, max_size=8))
def test_a_name_shows_at_most_its_first_and_last_sign(name: str) -> None:
    shown = masking.name(name)
    assert len(shown) == len(name)
    assert all(sign == "*" for sign in shown[1:-1])
    assert len(name) > 1 or shown == "*"


@given(st.text(max_size=20) | st.text(alphabet="0123456789", max_size=14))
def test_whatever_is_typed_is_read(typed: str) -> None:
    read = phone.read(typed)
    assert not (read.whole and read.problem)
    assert read.missing >= 0
    assert not read.whole or read.missing == 0
    assert phone.grouped(typed).replace(" ", "") == typed.replace(" ", "")


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("139 1234 5678", "13912345678"), ("+86 139-1234-5678", "13912345678"), ("008613912345678", "13912345678"),
        ("0431-8888 8888", "043188888888"), ("010-8888 8888", "01088888888"),
    ],
)  # fmt: skip
def test_the_same_number_written_otherwise_is_the_same_number(typed: str, digits: str) -> None:
    """One telephone, one look-up key: however it was written, the same digits are kept."""
    read = phone.read(typed)
    assert (read.digits, read.whole, read.problem) == (digits, True, None)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True) | st.from_regex(r"0(10|2[0-9])[2-8][0-9]{7}", fullmatch=True)
       | st.from_regex(r"0[3-9][0-9]{2}[2-8][0-9]{6,7}", fullmatch=True))  # fmt: skip
def test_real_numbers_are_whole_and_every_beginning_of_one_is_no_problem(number: str) -> None:
    number = number if number[:2] != "00" else "010" + number[3:]
    if number.startswith("0") and number[1] in "12" and len(number) != 11:
        return
    assert phone.read(number).whole
    for length in range(1, len(number)):
        assert phone.read(number[:length]).problem is None, number[:length]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("12", "phone-mobile-prefix"), ("8", "phone-needs-area-code"), ("00", "phone-area-code"),
        ("011", "phone-area-code"), ("139123456789", "phone-too-long"),
        ("010888888888", "phone-too-long"), ("0431888888888", "phone-too-long"), ("04310", "phone-invalid"),
        ("12a", "phone-invalid"), ("１３９", "phone-invalid"),
    ],
)  # fmt: skip
def test_what_can_never_become_a_number_says_why(typed: str, code: str) -> None:
    problem = phone.read(typed).problem
    assert problem is not None
    assert problem.code == code


def _mac(key: bytes) -> codes.Mac:
    return lambda text: hmac.digest(key, text.encode(), hashlib.sha256)


@given(st.binary(min_size=8, max_size=16), st.binary(min_size=16, max_size=16))
def test_a_slip_is_known_by_its_own_hall_only(entropy: bytes, key: bytes) -> None:
    code = codes.code(entropy)
    scan = codes.read(" " + codes.qr_text(codes.APPOINTMENT, code, _mac(key)).lower() + "\r")
    assert isinstance(scan, codes.Scan)
    assert scan.code == code
    assert codes.is_ours(scan, _mac(key))
    assert not codes.is_ours(scan, _mac(key + b"x"))
    other = scan._replace(code=f"{(int(code) + 1) % 10**6:06d}")
    assert not codes.is_ours(other, _mac(key))
    assert len(codes.qr_text(codes.APPOINTMENT, code, _mac(key))) <= 20, "must fit QR version 1-M"


@given(st.text(max_size=80) | st.binary(max_size=80).map(lambda raw: raw.decode("latin-1")))
def test_whatever_is_scanned_is_read(text: str) -> None:
    read = codes.read(text)
    if isinstance(read, Bar):
        assert read.code == "code-not-code"
    else:
        assert read.code.isascii()


@pytest.mark.parametrize(
    "text",
    [
        "", "https://noodles.example/menu?t=5", "12345", "1234567", "HKA:482761", "x" * 10_000, "４８２７６１",
        "HKA:482761:ÄÄÄÄÄÄÄÄ", "HKA:482761:7QZ4M2X1", "HKA:四八二:7QZ4M2XC", "HKA:48-761:7QZ4M2XC",
        " " * 10_000 + "482761",
    ],
)
def test_a_noodle_shops_code_is_no_code(text: str) -> None:
    assert codes.read(text) == Bar("code-not-code")


def test_a_proof_is_for_one_kind_of_slip() -> None:
    """What proves an appointment proves no request with the same digits."""
    scan = codes.read(codes.qr_text(codes.APPOINTMENT, "482761", _mac(b"k")))
    assert isinstance(scan, codes.Scan)
    assert not codes.is_ours(scan._replace(kind="R"), _mac(b"k"))


def test_typed_codes_may_be_grouped_but_prove_nothing() -> None:
    scan = codes.read("482 761")
    assert scan == codes.Scan("A", "482761", None)
    assert isinstance(scan, codes.Scan)
    assert not codes.is_ours(scan, _mac(b"k"))
    assert codes.read("482 761 0395") == codes.Scan("R", "4827610395", None)
    assert codes.grouped("4827610395") == "482 761 0395"


@given(st.binary(min_size=8, max_size=16))
def test_a_requests_code_has_ten_digits_and_fits_version_2(entropy: bytes) -> None:
    code = codes.code(entropy, codes.REQUEST_LENGTH)
    qr = codes.qr_text(codes.REQUEST, code, _mac(b"k"))
    assert (len(code), code.isdecimal(), len(qr)) == (10, True, 23)
    scan = codes.read(qr)
    assert isinstance(scan, codes.Scan)
    assert codes.is_ours(scan, _mac(b"k"))


def test_codes_lean_to_no_side() -> None:
    with pytest.raises(ValueError, match="8 random bytes"):
        codes.code(b"1234567")
    assert codes.code(bytes(8)) == "000000"


def test_the_day_of_a_moment_is_the_halls() -> None:
    rules = RULES["remote-education"]
    late = datetime(2026, 11, 23, 15, 59, tzinfo=UTC)  # 23:59 in the hall
    first = next(iter(open_slots(late, rules)))
    assert first.start.date() == date(2026, 11, 26)
