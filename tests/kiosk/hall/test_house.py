"""What the hall does by itself and for its staff: timers, leases, kiosks, accounts, copies, personal data's end."""

from __future__ import annotations

import stat
from datetime import timedelta

import pytest

from kiosk.door import (
    Appointment,
    DeviceReport,
    DeviceState,
    KioskReport,
    Reason,
    Role,
    SlipReport,
    SlipState,
)  # fmt: skip
from kiosk.hall import keeping, register
from kiosk.hall.accounts import NameTaken, PasswordTooShort
from kiosk.leases import Lease
from kiosk.ledger import Hot, KeyMissing, LedgerTrouble
from tests.kiosk.hall.building import CLERK, KIOSK, OTHER, PHONE, Resident, at, build, run

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
OUT = Reason("paper-out")


def types(house) -> list[str]:
    return [e.event.type.removeprefix("cn.hall.").removesuffix(".v1") for e in house.commands.ledger.log(0)]


# ---- timers ----------------------------------------------------------------------------------------------------------


def test_a_no_show_frees_its_place_and_its_telephone_after_fifteen_minutes(resident, clock, house):
    booked = [resident.book("gym", at(14), people=2) for _ in range(4)] + [
        resident.book("gym", at(14), phone=PHONE, people=2)
    ]
    clock.set(at(14, 15))
    assert house.timers.tick() == 0
    assert resident.book("gym", at(14), walk_in=True).reason.code == "full"
    clock.set(at(14, 15) + SECOND)
    assert house.timers.tick() == 5
    assert house.timers.tick() == 0
    assert {resident.look(a.code).state.value for a in booked} == {"no-show"}
    assert isinstance(resident.book("gym", at(14), phone=PHONE, walk_in=True), Appointment)
    assert types(house).count("appointment.no-show") == 5


def test_done_at_the_end_of_the_slot(resident, clock, house):
    booked = resident.book()
    clock.set(at(14))
    resident.check_in(booked.code)
    clock.set(at(15) - SECOND)
    assert house.timers.tick() == 0
    clock.set(at(15))
    assert house.timers.tick() == 1
    assert resident.look(booked.code).state == "done"


def test_two_halls_do_each_thing_once_and_the_second_takes_over(resident, tmp_path, url, clock, house):
    second = build(tmp_path, url, clock=clock)
    resident.book()
    resident.book("gym", at(15))
    clock.set(at(14, 16))
    assert (house.timers.tick(), second.timers.tick()) == (1, 0)
    clock.advance(timedelta(hours=1))
    assert second.timers.tick() == 1, "the first has not renewed for more than fifteen seconds"
    assert house.timers.tick() == 0
    assert types(house).count("appointment.no-show") == 2
    second.close()


def test_a_lease_is_kept_by_renewing_taken_over_after_15_s_and_fenced(house, clock):
    ledger = house.commands.ledger
    first, second = (Lease(ledger, clock, "voice", name) for name in ("a", "b"))
    assert (first.renew(), second.renew()) == (1, None)
    for _ in range(5):
        clock.advance(5 * SECOND)
        assert (first.renew(), second.renew()) == (1, None)
    clock.advance(15 * SECOND)
    assert second.renew() == 2
    assert ledger.read(first.fence) is None, "who lost it does nothing"
    assert first.renew() is None
    second.give_up()
    assert first.renew() == 3


def test_who_lost_the_lease_unnoticed_does_nothing(resident, tmp_path, url, clock, house):
    resident.book()
    house.timers.tick()
    thief = Lease(house.commands.ledger, clock, "timers", "thief")
    clock.set(at(14, 16))
    house.timers._renew_at = clock.monotonic() + 1000
    thief.renew()
    assert house.timers.tick() == 0
    assert "appointment.no-show" not in types(house)


# ---- the end of personal data ----------------------------------------------------------------------------------------


def bytes_of(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_telephone_number_never_stands_in_the_files_and_no_trace_stays_after_seven_days(tmp_path, clock):
    house = build(tmp_path, clock=clock)
    resident = Resident(house.door(KIOSK))
    booked = [resident.book("gym", at(14, days=n), phone=PHONE) for n in range(3)]
    resident.cancel(booked[1].code)
    run(resident.door.find(PHONE))
    resident.look(booked[0].code)
    sealed, mac = house.commands.ledger.read(
        lambda tx: tx.one(Hot("SELECT phone, phone_mac FROM personal WHERE subject = :id"), id=booked[0].id)
    )
    for name, content in bytes_of(tmp_path).items():
        for canary in (PHONE, PHONE[:7], PHONE[3:], PHONE.encode("utf-16-le").decode("latin1")):
            assert canary.encode("latin1") not in content, name
    assert any(sealed in content for content in bytes_of(tmp_path).values()), "this proof looks in the right files"
    for event in house.commands.ledger.log(0):
        assert PHONE[-4:] not in str(event)
        assert not any(a.code in str(event) for a in booked)
    clock.set(at(14, 30))
    house.timers.tick()
    clock.set(at(14, 0, days=2))
    resident.check_in(booked[2].code)
    clock.set(at(15, 0, days=2))
    house.timers.tick()
    clock.set(at(4, days=7))
    house.timers.tick()
    assert resident.look(booked[0].code).phone_tail == "5678", "six days and a half: still there"
    clock.set(at(4, days=8))
    house.timers.tick()
    assert house.commands.ledger.read(lambda tx: register.phone_of(tx, house.commands.vault, booked[0].id)) is None
    assert resident.look(booked[0].code).reason.code == "code-unknown"
    assert resident.look(booked[2].code).phone_tail == "5678", "its matter ended later"
    for name, content in bytes_of(tmp_path).items():
        assert sealed not in content, name
    answers = house.commands.ledger.read(lambda tx: tx.all(Hot("SELECT answer FROM command")))
    assert not any(f'"{a.code}"' in answer for a in booked for (answer,) in answers)
    clock.set(at(4, days=10))
    house.timers.tick()
    for name, content in bytes_of(tmp_path).items():
        assert mac not in content, name
    assert house.commands.ledger.read(lambda tx: tx.all(Hot("SELECT * FROM phone_day"))) == []
    house.close()


def test_a_purge_does_nothing_twice_and_leaves_the_register(resident, clock, house):
    resident.cancel(resident.book(phone=PHONE).code)
    events = types(house)
    later = clock.now() + 8 * DAY
    assert keeping.purge(house.commands.ledger, later, "test") > 0
    assert keeping.purge(house.commands.ledger, later, "test") == 0
    assert types(house) == [*events, "ledger.purged"]


# ---- kiosks ----------------------------------------------------------------------------------------------------------


def report(
    clock, *slips: SlipReport, state: DeviceState = DeviceState.OK, reason: Reason | None = None, skew=0
) -> KioskReport:
    device = DeviceReport("printer", "printer", state, reason, clock.now())
    return KioskReport(clock.now() + timedelta(seconds=skew), (device,), slips)


def test_a_device_is_a_state_and_its_changes_are_events(resident, clock, house):
    for _ in range(3):
        run(resident.door.report(report(clock)))
    run(resident.door.report(report(clock, state=DeviceState.BROKEN, reason=OUT)))
    run(resident.door.report(report(clock, state=DeviceState.BROKEN, reason=OUT)))
    assert types(house) == ["kiosk.device-changed"] * 2
    (kiosk,) = run(house.attention()).kiosks
    assert (kiosk.name, kiosk.devices[0].state, kiosk.devices[0].reason) == ("一号机", DeviceState.BROKEN, OUT)
    assert (kiosk.silent, kiosk.clock_wrong) == (False, False)
    run(resident.door.report(report(clock, skew=90)))
    assert run(house.attention()).kiosks[0].clock_wrong
    clock.advance(61 * SECOND)
    assert run(house.attention()).kiosks[0].silent


@pytest.mark.parametrize("state", [SlipState.FAILED, SlipState.UNKNOWN, SlipState.NOT_BEGUN])
def test_a_slip_that_did_not_come_out_waits_for_staff_and_is_printed_again_once(resident, clock, house, state):
    booked = resident.book(phone=PHONE)
    slip = SlipReport("job-1", booked.id, "appointment", state, OUT, clock.now())
    fine = SlipReport("job-2", booked.id, "appointment", SlipState.PRINTED, None, clock.now())
    for _ in range(2):  # the answer to the first was lost
        assert run(resident.door.report(report(clock, slip, fine))) == ()
    (waiting,) = run(house.attention()).slips
    assert (waiting.slip, waiting.kiosk_name) == (slip, "一号机")
    staff = house.staff(CLERK)
    assert run(house.staff(KIOSK).print_slip_again("k", "job-1")).kind == "forbidden"
    assert run(staff.print_slip_again("k", "job-9")).kind == "missing"
    for key in ("a", "a", "b"):
        assert run(staff.print_slip_again(key, "job-1")) is None
    assert run(house.attention()).slips == ()
    (order,) = run(resident.door.report(report(clock)))
    assert (order.kind, order.appointment.code) == ("reprint", booked.code)
    assert run(house.door(OTHER).report(report(clock))) == ()
    assert run(resident.door.report(report(clock))) == (order,), "until it is acknowledged"
    assert run(resident.door.report(report(clock), done=(order.id,))) == ()


def test_a_slip_may_be_put_aside(resident, clock, house):
    booked = resident.book()
    slip = SlipReport("job-1", booked.id, "appointment", SlipState.FAILED, OUT, clock.now())
    run(resident.door.report(report(clock, slip)))
    assert run(house.staff(CLERK).drop_slip("k", "job-1")) is None
    assert run(house.attention()).slips == ()
    assert run(resident.door.report(report(clock))) == ()


def test_a_call_for_help_reaches_staff_and_the_answer_reaches_the_kiosk(resident, clock, house):
    run(resident.door.report(report(clock)))
    for _ in range(2):
        assert run(resident.door.call_help("help-1", "EnterPhone")) is None
    (call,) = run(house.attention()).help_calls
    assert (call.kiosk_name, call.page) == ("一号机", "EnterPhone")
    for key in ("a", "b"):
        assert run(house.staff(CLERK).answer_help(key, call.id)) is None
    assert run(house.attention()).help_calls == ()
    (order,) = run(resident.door.report(report(clock)))
    assert (order.kind, order.help) == ("help-coming", "help-1")


def test_help_can_be_called_while_the_clock_is_in_doubt(resident, clock, house):
    resident.book()
    clock.set(at(8))
    assert run(resident.door.call_help("h", "Home")) is None


# ---- accounts --------------------------------------------------------------------------------------------------------


def test_a_token_is_valid_at_once_in_every_process_and_stored_only_as_a_hash(tmp_path, url, house):
    second = build(tmp_path, url)
    token = house.accounts.make_token("一号机", Role.KIOSK)
    assert second.accounts.caller(token).name == "一号机"
    with pytest.raises(NameTaken):
        second.accounts.make_token("一号机", Role.CLERK)
    assert second.accounts.caller("hk_wrong") is None
    if url.startswith("sqlite"):
        assert not any(token.encode() in content for content in bytes_of(tmp_path).values())
    assert house.accounts.drop_token("一号机")
    assert house.accounts.caller(token) is None
    second.close()


def test_the_first_sign_in_is_made_once_and_must_be_changed(house):
    name, password = house.accounts.first_sign_in()
    assert house.accounts.first_sign_in() is None
    assert house.accounts.check(name, "wrong-password") is None
    assert house.accounts.check("nobody", password) is None
    account = house.accounts.check(name, password)
    assert (account.role, account.must_change) == (Role.MANAGER, True)
    with pytest.raises(PasswordTooShort):
        house.accounts.set_password(name, "short")
    assert house.accounts.set_password(name, "long enough now")
    assert house.accounts.check(name, password) is None
    changed = house.accounts.check(name, "long enough now")
    assert (changed.must_change, changed.version) == (False, account.version + 1)
    assert not house.accounts.set_password("nobody", "long enough now")
    with pytest.raises(NameTaken):
        house.accounts.add(name, Role.CLERK, "long enough now")
    row = house.commands.ledger.read(lambda tx: tx.one(Hot("SELECT password FROM account")))
    assert row[0].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


# ---- copies ----------------------------------------------------------------------------------------------------------


def test_a_backup_brings_everything_back_and_the_key_only_if_asked(resident, tmp_path, clock, house):
    kept = resident.book(phone=PHONE)
    ledger, vault = house.commands.ledger, house.commands.vault
    assert keeping.backup(ledger, vault, tmp_path / "b" / "copy", with_key=False) == (tmp_path / "b" / "copy",)
    assert not (tmp_path / "b" / "copy.key").exists()
    copy, key = keeping.backup(ledger, vault, tmp_path / "b" / "copy", with_key=True)
    assert {stat.S_IMODE(path.stat().st_mode) for path in (copy, key)} == {0o600}
    lost = resident.book(start=at(15))
    keeping.restore(ledger, vault, copy, None)
    assert resident.look(kept.code) == kept
    assert resident.look(lost.code).reason.code == "code-unknown"
    assert isinstance(resident.book(start=at(15)), Appointment)
    elsewhere = build(tmp_path / "new", clock=clock)
    with pytest.raises(KeyMissing):
        keeping.restore(elsewhere.commands.ledger, elsewhere.commands.vault, copy, None)
    keeping.restore(elsewhere.commands.ledger, elsewhere.commands.vault, copy, key)
    assert Resident(elsewhere.door(KIOSK)).look(kept.code) == kept
    with pytest.raises(LedgerTrouble):
        keeping.restore(elsewhere.commands.ledger, elsewhere.commands.vault, key, None)
    elsewhere.close()
