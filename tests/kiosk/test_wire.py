"""The wire loses nothing: every door value survives JSON, and nothing from outside gets through unread."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk import door, sheets, wire

HALL = timezone(timedelta(hours=8))


class Plain:
    """A speaker that needs no catalogue."""

    def reason(self, reason: door.Reason, /) -> str:
        return reason.code

    def name(self, name: door.Name, /) -> str:
        return name.zh


SAY = Plain()
texts = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=40)
moments = st.datetimes(
    datetime(2000, 1, 2),  # noqa: DTZ001 - hypothesis wants the bounds naive
    datetime(2199, 12, 30),  # noqa: DTZ001
    timezones=st.sampled_from([HALL, UTC, timezone(timedelta(hours=-3.5))]),
)
days = st.dates(date(2000, 1, 1), date(2199, 12, 31))
counts = st.integers(-(2**31) + 1, 2**31 - 1)
names = st.builds(door.Name, texts, texts)
stretches = st.timedeltas(timedelta(days=-20000), timedelta(days=20000))
facts = st.one_of(texts, counts, moments, days, st.times(), stretches, names)
plain = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,39}", fullmatch=True)
reasons = st.builds(door.Reason, texts, st.dictionaries(plain, facts, max_size=5))
offers = st.builds(door.Offer, reasons, st.none() | texts, st.none() | moments, st.none() | texts)
refusals = st.builds(
    door.Refusal,
    st.sampled_from(sorted(wire.STATUS)),
    reasons,
    st.lists(offers, max_size=3).map(tuple),
    st.none() | stretches,
)
periods = st.builds(door.Period, moments, moments)
calendar_days = st.builds(
    door.Day, days, st.lists(periods, max_size=3).map(tuple), st.none() | reasons, st.booleans()
)
leads = st.dictionaries(st.sampled_from(["minutes", "half_days", "days"]), counts, max_size=1)
facilities = st.builds(
    door.Facility, texts, names, names, names, texts, counts, texts, st.none() | counts, leads, counts,
    st.none() | moments,
)
slots = st.builds(
    door.Slot, texts, moments, moments, counts, counts, st.booleans(), st.booleans(), st.none() | reasons, st.booleans()
)
bookable_days = st.builds(door.BookableDay, days, counts, st.none() | reasons, st.booleans())
bookings = st.builds(door.Booking, texts, moments, st.none() | texts, counts, st.booleans())
mays = st.lists(texts, max_size=4).map(tuple)
states = st.sampled_from(door.AppointmentState)
waits = st.builds(door.Wait, counts, counts)
tickets = st.builds(
    door.Ticket, texts, texts, texts, names, st.sampled_from(door.TicketState), counts, st.none() | waits,
    st.booleans(), moments, texts, st.none() | texts, st.none() | reasons, st.booleans(), st.none() | moments,
    st.booleans(), st.none() | texts, st.none() | moments, counts,
)
matters = st.builds(door.Matter, names, mays)
services = st.builds(
    door.Service, texts, names, texts, st.lists(matters, max_size=3).map(tuple), st.booleans(), counts,
    st.none() | waits, st.booleans(), st.booleans(), st.none() | reasons, mays, mays,
)
ticket_orders = st.builds(door.TicketOrder, texts, st.none() | texts, st.none() | texts, st.booleans())
ratings = st.builds(door.Rating, texts, counts, mays, st.none() | texts)
appointments = st.builds(
    door.Appointment, texts, texts, texts, texts, names, names, names, moments, moments, counts, states,
    st.none() | texts, moments, moments, moments, mays, st.none() | tickets,
)
found = st.builds(door.Found, texts, texts, names, moments, moments, states, mays, st.none() | tickets)
halls = st.builds(
    door.HallFacts, names, names, moments, calendar_days, st.none() | moments, st.none() | moments,
    st.lists(facilities, max_size=3).map(tuple), st.none() | reasons,
)
devices = st.builds(
    door.DeviceReport, texts, texts, st.sampled_from(door.DeviceState), st.none() | reasons, moments
)
slips = st.builds(
    door.SlipReport, texts, texts, texts, st.sampled_from(door.SlipState), st.none() | reasons, moments
)
reports = st.builds(
    door.KioskReport, moments, st.lists(devices, max_size=3).map(tuple), st.lists(slips, max_size=3).map(tuple),
    st.none() | texts,
)
steps = st.builds(door.Step, moments, reasons)
requests = st.builds(
    door.Request, texts, texts, texts, names, st.none() | names, st.sampled_from(door.RequestState), days, moments,
    st.lists(steps, max_size=3).map(tuple), st.none() | names, st.none() | texts, st.none() | texts, st.none() | texts,
    counts, st.none() | texts, st.sampled_from(["fine", "amber", "red"]), mays.map(frozenset), st.none() | texts,
    st.none() | texts, texts, st.none() | texts,
)
categories = st.builds(door.Category, texts, names, names, st.lists(names, max_size=3).map(tuple), counts, mays)
grids = st.builds(door.Grid, texts, names, mays, st.none() | texts, st.none() | texts, st.booleans())
request_orders = st.builds(
    door.RequestOrder, texts, texts, st.none() | texts, st.none() | texts, st.none() | texts, st.none() | texts
)
orders = st.builds(
    door.Order, texts, texts, st.none() | appointments, st.none() | texts, st.none() | tickets, st.none() | requests
)


def over(value: object) -> object:
    """Send it as bytes and take it off the wire again."""
    return json.loads(json.dumps(value, ensure_ascii=False, allow_nan=False).encode())


ROUND_TRIPS = {
    "fact": (facts, wire.put_fact, wire.get_fact),
    "reason": (reasons, wire.put_reason, wire.get_reason),
    "said reason": (reasons, lambda r: wire.put_said_reason(r, SAY), wire.get_reason),
    "offer": (offers, lambda o: wire.put_offer(o, SAY), wire.get_offer),
    "refusal": (refusals, lambda r: wire.put_problem(r, SAY, "t"), wire.get_problem),
    "day": (calendar_days, lambda d: wire.put_day(d, SAY), wire.get_day),
    "facility": (facilities, lambda f: wire.put_facility(f, SAY), wire.get_facility),
    "slot": (slots, lambda s: wire.put_slot(s, SAY), wire.get_slot),
    "bookable day": (bookable_days, lambda d: wire.put_bookable_day(d, SAY), wire.get_bookable_day),
    "booking": (bookings, wire.put_booking, wire.get_booking),
    "appointment": (appointments, wire.put_appointment, wire.get_appointment),
    "appointment or found": (
        st.one_of(appointments, found),
        lambda v: wire.put_found(v) if isinstance(v, door.Found) else wire.put_appointment(v),
        wire.get_appointment_or_found,
    ),
    "outcome": (
        st.none() | appointments | tickets | requests | refusals,
        lambda o: wire.put_outcome(o, lambda r: wire.put_problem(r, SAY, "t")),
        wire.get_outcome,
    ),
    "hall": (halls, lambda h: wire.put_hall(h, SAY), wire.get_hall),
    "report": (
        st.tuples(reports, mays), lambda both: wire.put_report(*both), wire.get_report
    ),
    "order": (orders, wire.put_order, wire.get_order),
    "ticket": (tickets, wire.put_ticket, wire.get_ticket),
    "said ticket": (tickets, lambda t: wire.put_said_ticket(t, SAY), wire.get_ticket),
    "ticket order": (ticket_orders, wire.put_ticket_order, wire.get_ticket_order),
    "service": (services, lambda s: wire.put_service(s, SAY), wire.get_service),
    "rating": (ratings, wire.put_rating, wire.get_rating),
    "request": (requests, wire.put_request, wire.get_request),
    "said request": (requests, lambda r: wire.put_said_request(r, SAY), wire.get_request),
    "category": (categories, lambda c: wire.put_category(c, SAY), wire.get_category),
    "grid": (grids, lambda g: wire.put_grid(g, SAY), wire.get_grid),
    "request order": (request_orders, wire.put_request_order, lambda raw: wire.get_request_order(raw)[0]),
}


@pytest.mark.parametrize("kind", sorted(ROUND_TRIPS))
def test_every_value_survives_the_wire(kind: str) -> None:
    values, put, get = ROUND_TRIPS[kind]

    @settings(max_examples=30, deadline=None)
    @given(values)
    def survives(value: object) -> None:
        assert get(over(put(value))) == value

    survives()


def test_moments_keep_the_offset_they_were_written_with() -> None:
    at = datetime(2026, 11, 23, 14, tzinfo=HALL)
    assert wire.put_fact(at) == {"at": "2026-11-23T14:00:00+08:00"}
    read = wire.get_fact({"at": "2026-11-23T14:00:00+08:00"})
    assert isinstance(read, datetime)
    assert read.isoformat() == at.isoformat()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(["start", "facility", "people", "phone", "code", "facts", "at", "id"]), inner),
    max_leaves=12,
)
READERS = [
    wire.get_booking, wire.get_report, wire.get_appointment, wire.get_problem, wire.get_hall, wire.get_order,
    wire.get_outcome, wire.get_slot, wire.get_facility, wire.get_reason, wire.get_fact, wire.get_appointment_or_found,
    wire.get_ticket, wire.get_ticket_order, wire.get_service, wire.get_rating, wire.get_request, wire.get_category,
    wire.get_grid, wire.get_request_order,
]


@given(json_values, st.sampled_from(READERS))
@settings(max_examples=200, deadline=None)
def test_a_reader_reads_or_says_what_is_wrong(raw: object, read: object) -> None:
    assert callable(read)
    try:
        read(raw)
    except sheets.WireError as wrong:
        assert wrong.wanted  # noqa: PT017 - either way is right


GOOD = {"facility": "gym", "start": "2026-11-23T14:00:00+08:00", "phone": "13900001234", "people": 2}


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"start": "2026-11-23T14:00:00"}, "start"),
        ({"start": "tomorrow"}, "start"),
        ({"start": 5}, "start"),
        ({"start": "0001-01-01T00:00:00+14:00"}, "start"),
        ({"start": "9999-12-31T23:59:59-12:00"}, "start"),
        ({"people": True}, "people"),
        ({"people": 1.5}, "people"),
        ({"people": 10**30}, "people"),
        ({"people": "2"}, "people"),
        ({"facility": None}, "facility"),
        ({"facility": "g" * 61}, "facility"),
        ({"facility": "gy\0m"}, "facility"),
        ({"facility": "\ud800"}, "facility"),
        ({"phone": 13900001234}, "phone"),
        ({"walk_in": "yes"}, "walk_in"),
        ({"poeple": 2}, "poeple"),
    ],
)
def test_a_booking_with_one_wrong_member_names_it(change: dict[str, object], key: str) -> None:
    with pytest.raises(sheets.WireError) as wrong:
        wire.get_booking({**GOOD, **change})
    assert wrong.value.key == key


def test_an_error_never_repeats_what_was_typed() -> None:
    with pytest.raises(sheets.WireError) as wrong:
        wire.get_booking({**GOOD, "start": "13900001234"})
    assert "13900001234" not in str(wrong.value) + wrong.value.found


def test_the_names_of_facts_are_plain_and_never_repeated() -> None:
    for odd in ("13912345678", "\ud800", "a\0", "电话", "x" * 41, ""):
        with pytest.raises(sheets.WireError) as wrong:
            wire.get_reason({"code": "full", "facts": {odd: 1}})
        assert wrong.value.key == "facts.?"


def test_a_whole_number_may_be_written_with_a_point() -> None:
    assert wire.get_rating({"subject": "t", "level": 5.0}).level == 5
    for wrong in (5.5, float("inf"), float("nan"), True, 1e300):
        with pytest.raises(sheets.WireError):
            wire.get_rating({"subject": "t", "level": wrong})


def test_a_slot_says_its_reason_in_words_and_for_machines() -> None:
    slot = door.Slot(
        "gym", datetime(2026, 11, 23, 14, tzinfo=HALL), datetime(2026, 11, 23, 15, tzinfo=HALL), 10, 0,
        bookable=False, walk_in=False, reason=door.Reason("full", {"at": time(14)}),
    )
    assert wire.put_slot(slot, SAY)["reason"] == {"code": "full", "text": "full", "facts": {"at": {"time": "14:00:00"}}}
