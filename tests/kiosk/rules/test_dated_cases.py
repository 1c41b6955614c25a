"""What may be booked when, as the published guide has it: one row a case, readable by whoever runs a hall."""

from __future__ import annotations

import pytest

from tests.kiosk.rules.halls import judge

OK = ""
GYM, READING, REMOTE = "gym", "reading-room", "remote-education"

# fmt: off
CASES = [
    # an ordinary Monday: 2026-11-23
    (GYM,     "2026-11-23 9:30",     "2026-11-23 14:00", OK),                # the next half-day
    (GYM,     "2026-11-23 9:30",     "2026-11-23 11:00", "lead"),            # the same half-day
    (GYM,     "2026-11-23 9:30",     "2026-11-23 9:00",  "already-begun"),
    (GYM,     "2026-11-23 10:00",    "2026-11-23 9:00",  "over"),            # an end is not within
    (GYM,     "2026-11-23 9:30",     "2026-11-23 16:00", OK),                # 16-17 is the last of the afternoon
    (GYM,     "2026-11-23 9:30",     "2026-11-23 17:00", "not-a-slot"),      # 17-18 would end after 17:30
    (GYM,     "2026-11-23 9:30",     "2026-11-23 12:00", "not-a-slot"),      # lunch
    (GYM,     "2026-11-23 9:30",     "2026-11-23 13:00", "not-a-slot"),
    (GYM,     "2026-11-23 9:30",     "2026-11-23 14:30", "not-a-slot"),      # slots begin on the hour
    (GYM,     "2026-11-23 9:30",     "2026-11-23 8:00",  "not-a-slot"),
    # half days are cut at noon
    (GYM,     "2026-11-23 11:59",    "2026-11-23 14:00", OK),
    (GYM,     "2026-11-23 11:59:59", "2026-11-23 14:00", OK),
    (GYM,     "2026-11-23 12:00",    "2026-11-23 14:00", "lead"),
    (GYM,     "2026-11-23 12:01",    "2026-11-23 14:00", "lead"),
    (GYM,     "2026-11-23 12:00",    "2026-11-24 9:00",  OK),                # the earliest is tomorrow morning
    (GYM,     "2026-11-23 23:59",    "2026-11-24 9:00",  OK),
    (GYM,     "2026-11-24 0:00",     "2026-11-24 9:00",  "lead"),            # now the same half-day
    (GYM,     "2026-11-24 0:00",     "2026-11-24 14:00", OK),
    (GYM,     "2026-11-23 17:30",    "2026-11-24 11:00", OK),
    # thirty minutes, exactly
    (READING, "2026-11-23 9:30:00",  "2026-11-23 10:00", OK),
    (READING, "2026-11-23 9:30:01",  "2026-11-23 10:00", "lead"),
    (READING, "2026-11-23 9:29:59",  "2026-11-23 10:00", OK),
    (READING, "2026-11-23 9:59:59",  "2026-11-23 10:00", "lead"),
    (READING, "2026-11-23 10:00",    "2026-11-23 10:00", "already-begun"),
    (READING, "2026-11-23 10:59:59", "2026-11-23 10:00", "already-begun"),
    (READING, "2026-11-23 11:00",    "2026-11-23 10:00", "over"),
    (READING, "2026-11-23 12:30",    "2026-11-23 14:00", OK),                # over lunch
    (READING, "2026-11-23 13:30",    "2026-11-23 14:00", OK),
    (READING, "2026-11-23 13:31",    "2026-11-23 14:00", "lead"),
    (READING, "2026-11-23 20:00",    "2026-11-24 9:00",  OK),                # in the evening
    (READING, "2026-11-24 8:30",     "2026-11-24 9:00",  OK),                # before opening
    # three days for the equipment, in half-day blocks
    (REMOTE,  "2026-11-23 9:30",     "2026-11-26 9:00",  OK),
    (REMOTE,  "2026-11-23 23:59",    "2026-11-26 9:00",  OK),                # days, not hours
    (REMOTE,  "2026-11-23 0:00",     "2026-11-25 14:00", "lead"),
    (REMOTE,  "2026-11-23 9:30",     "2026-11-25 9:00",  "lead"),
    (REMOTE,  "2026-11-23 9:30",     "2026-11-26 14:00", OK),
    (REMOTE,  "2026-11-23 9:30",     "2026-11-26 10:00", "not-a-slot"),      # blocks begin with the half-day
    # weekends
    (GYM,     "2026-11-27 18:00",    "2026-11-28 9:00",  "closed-weekend"),  # Saturday
    (GYM,     "2026-11-27 18:00",    "2026-11-29 9:00",  "closed-weekend"),  # Sunday
    (GYM,     "2026-11-27 18:00",    "2026-11-30 9:00",  OK),                # Monday, booked on Friday evening
    (GYM,     "2026-11-28 10:00",    "2026-11-30 9:00",  OK),                # booked on Saturday
    (REMOTE,  "2026-11-27 10:00",    "2026-11-30 9:00",  OK),                # calendar days, over the weekend
    (REMOTE,  "2026-11-28 10:00",    "2026-11-30 9:00",  "lead"),
    # the horizon, both ends
    (GYM,     "2026-11-23 9:30",     "2026-12-07 9:00",  OK),                # day 14
    (GYM,     "2026-11-23 9:30",     "2026-12-08 9:00",  "beyond-horizon"),
    (REMOTE,  "2026-11-23 9:30",     "2026-12-23 9:00",  OK),                # day 30
    (REMOTE,  "2026-11-23 9:30",     "2026-12-24 9:00",  "beyond-horizon"),
    # holidays and make-up days of 2025 (国办发明电〔2024〕12号)
    (GYM,     "2025-01-24 9:00",     "2025-01-28 9:00",  "closed-holiday"),  # 除夕
    (GYM,     "2025-01-24 9:00",     "2025-02-04 9:00",  "closed-holiday"),  # the last day off
    (GYM,     "2025-01-24 9:00",     "2025-02-05 9:00",  OK),
    (GYM,     "2025-01-24 9:00",     "2025-01-26 9:00",  "closed-weekend"),  # a Sunday that offices work; we do not
    (GYM,     "2025-02-05 9:00",     "2025-02-08 9:00",  "closed-weekend"),  # a Saturday that offices work
    (GYM,     "2025-04-02 9:00",     "2025-04-04 9:00",  "closed-holiday"),  # 清明
    (GYM,     "2025-04-27 9:00",     "2025-05-05 9:00",  "closed-holiday"),  # 劳动节, the fifth day
    (GYM,     "2025-09-29 9:00",     "2025-10-08 9:00",  "closed-holiday"),  # 国庆、中秋, the eighth day
    (GYM,     "2025-09-29 9:00",     "2025-10-09 9:00",  OK),
    (GYM,     "2025-10-09 9:00",     "2025-10-11 9:00",  "closed-weekend"),  # make-up Saturday
    # 2026 (国办发明电〔2025〕7号)
    (GYM,     "2025-12-31 9:00",     "2026-01-01 9:00",  "closed-holiday"),
    (GYM,     "2025-12-31 9:00",     "2026-01-02 9:00",  "closed-holiday"),
    (GYM,     "2025-12-31 14:00",    "2026-01-05 9:00",  OK),                # over the year's end
    (GYM,     "2025-12-31 9:00",     "2026-01-04 9:00",  "closed-weekend"),  # make-up Sunday
    (GYM,     "2026-02-12 9:00",     "2026-02-14 9:00",  "closed-weekend"),  # make-up Saturday
    (GYM,     "2026-02-12 9:00",     "2026-02-23 9:00",  "closed-holiday"),  # 春节, the ninth day
    (GYM,     "2026-02-12 9:00",     "2026-02-24 9:00",  OK),
    (GYM,     "2026-09-28 9:00",     "2026-10-07 9:00",  "closed-holiday"),
    (GYM,     "2026-09-28 9:00",     "2026-10-08 9:00",  OK),
    (REMOTE,  "2026-09-30 9:00",     "2026-10-08 9:00",  OK),                # a holiday week counts as days
    # leap day, last day of the year
    (GYM,     "2028-02-28 14:00",    "2028-02-29 9:00",  OK),
    (REMOTE,  "2028-02-26 9:00",     "2028-02-29 9:00",  OK),
    (REMOTE,  "2028-02-27 9:00",     "2028-02-29 9:00",  "lead"),
    (GYM,     "2026-12-31 9:00",     "2026-12-31 14:00", OK),
    # a year whose notice is not published: the statutory days, nothing guessed
    (GYM,     "2026-12-31 9:00",     "2027-01-01 9:00",  "closed-holiday"),
    (GYM,     "2026-12-31 9:00",     "2027-01-04 9:00",  OK),
    (REMOTE,  "2027-01-25 9:00",     "2027-02-05 9:00",  "closed-holiday"),  # 除夕 by the moon
    (REMOTE,  "2027-01-25 9:00",     "2027-02-09 9:00",  OK),                # the fifth day: not statutory
    (GYM,     "2027-04-02 9:00",     "2027-04-05 9:00",  "closed-holiday"),  # 清明
    (GYM,     "2027-06-08 9:00",     "2027-06-09 9:00",  "closed-holiday"),  # 端午
    (GYM,     "2027-09-14 9:00",     "2027-09-15 9:00",  "closed-holiday"),  # 中秋
    (GYM,     "2027-09-28 9:00",     "2027-10-04 9:00",  OK),
]
# fmt: on


def test_the_table_is_as_long_as_promised() -> None:
    """At least sixty different cases stand in it."""
    assert len(set(CASES)) == len(CASES) >= 60


@pytest.mark.parametrize(("facility", "now", "start", "wanted"), CASES, ids=lambda value: str(value) or "bookable")
def test_case(facility: str, now: str, start: str, wanted: str) -> None:
    """Each row holds."""
    assert judge(facility, now, start) == wanted


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "UTC"])
def test_the_machines_own_zone_is_no_matter(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hall's day is the hall's day, wherever the process believes it is, and whatever zone `now` comes in."""
    import time
    from zoneinfo import ZoneInfo

    from kiosk.rules import slots
    from tests.kiosk.rules.halls import CALENDAR, NOON, RULES, at

    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        for facility, now, start, wanted in CASES:
            assert judge(facility, now, start) == wanted
        abroad = at("2026-11-23 23:59").astimezone(ZoneInfo(zone))
        slot = slots.slots_of(CALENDAR.day(at("2026-11-26 9:00").date()), None, NOON)[0]
        assert slots.barred(slot, abroad, RULES["remote-education"], CALENDAR, NOON) is None
    finally:
        monkeypatch.undo()
        time.tzset()
