"""What a resident wrote stands sealed in the ledger and nowhere else: in no event, no kept answer, no log, no file in
the clear; to the outbox it goes within the command; and seven days after the end it is gone."""

from __future__ import annotations

import dataclasses
import json
import logging
from datetime import timedelta

import structlog

from kiosk.door import HelpKind, Reason, Refusal, RequestOrder
from kiosk.hall import keeping
from kiosk.hall.commands import declined
from kiosk.ledger import Hot
from tests.kiosk.hall.building import CLERK, MANAGER, build, demo, run
from tests.kiosk.hall.office import DISTRICT, Office, good

TEXT, PLACE, PHONE = "邻居家的狗半夜叫canaryone", "红房子后面canarytwo", "13877665544"
WHY, ANSWER, NOTE, REASON = "还在叫canarythree", "已经劝过了canaryfour", "说睡不好canaryfive", "搬走了canarysix"
ORDER = RequestOrder("mediation", TEXT, "dormitory-1", PLACE, PHONE)
TABLES = ("event", "command", "request", "request_step", "request_help", "request_change", "miss", "slip", "mark")


class Kept:
    """An outbox that remembers."""

    def __init__(self) -> None:
        self.kept = []

    def keep(self, tx, event, private) -> None:
        seen = tx.one(Hot("SELECT count(*) FROM event WHERE id = :id"), id=event.id)
        self.kept.append((event.type, dict(private), seen[0]))


def live(office: Office) -> list[str]:
    """A whole story, with a canary in everything that anybody writes; the codes that came out of it."""
    filed = office.file(ORDER)
    run(office.kiosk.request("1234567890"))
    run(office.kiosk.request(filed.qr))
    run(office.kiosk.ask_help(office.key(), filed.code, HelpKind.CALL_BACK))
    office.desk("note_call_back", filed.id, NOTE)
    office.desk("answer", filed.id, ANSWER)
    good(office.say(filed.code, solved=False, why=WHY))
    office.desk("extend", filed.id, 2, NOTE)
    run(office.clerk.requests("all", TEXT[-6:]))
    run(office.kiosk.file_request(office.key(), RequestOrder("mediation", TEXT * 60, None, PLACE, PHONE)))
    run(office.kiosk.file_request(office.key(), RequestOrder("mediation", TEXT, "nowhere", PLACE, PHONE)))
    office.desk("strike_off", filed.id, REASON, at=office.manager)
    return [filed.code, filed.qr]


def test_canaries_in_no_event_answer_row_log_or_file(tmp_path, clock, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    structlog.get_logger().info("begin")
    house = build(tmp_path / "data", clock=clock)
    office = Office(house, clock)
    canaries = [TEXT, PLACE, PHONE, WHY, ANSWER, NOTE, REASON, *(f"canary{n}" for n in ("one", "two", "three", "four",
                                                                                        "five", "six"))]  # fmt: skip
    carried = live(office)
    canaries += carried

    def rows(tx, table: str) -> str:
        names = "id, fingerprint, answer, at" if table == "command" else "*"
        return repr([tuple(row) for row in tx.all(Hot(f"SELECT {names} FROM {table}"))])

    # The code stands in the clear in one column: by it the request is found.
    said = {table: house.commands.ledger.read(lambda tx, table=table: rows(tx, table)) for table in TABLES}
    said["log"] = caplog.text + "".join(capsys.readouterr())
    for place, text in said.items():
        for canary in canaries:
            if not (place == "request" and canary == carried[0]):
                assert canary not in text, (place, canary)
    house.close()
    for path in (tmp_path / "data").rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        for canary in canaries:
            if canary != carried[0]:
                assert canary.encode() not in content, (path.name, canary)
    assert (tmp_path / "data" / "hall.db").stat().st_size > 10_000


def test_what_is_private_goes_to_the_outbox_within_the_command_and_not_when_it_is_refused(tmp_path, clock):
    settings = dataclasses.replace(demo(), upstream=(DISTRICT,))
    house = build(tmp_path, clock=clock, settings=settings)
    house.commands.outbox = outbox = Kept()
    office = Office(house, clock)
    run(office.kiosk.file_request("k", ORDER))
    run(office.kiosk.file_request("k", ORDER))
    run(office.kiosk.file_request("n", dataclasses.replace(ORDER, phone="1")))
    bare = office.file(RequestOrder("work", "想找工作"))
    office.desk("strike_off", bare.id, REASON, at=office.manager)
    assert outbox.kept == [
        ("cn.hall.request.filed.v1", {"text": TEXT, "place": PLACE, "phone": PHONE}, 1),
        ("cn.hall.request.filed.v1", {"text": "想找工作"}, 1),
        ("cn.hall.request.struck-off.v1", {"text": REASON}, 1),
    ]
    house.close()


def test_seven_days_after_the_end_the_words_are_gone_and_the_story_stays(office):
    codes = live(office)
    (ended,) = run(office.clerk.requests("all"))
    whole = good(run(office.kiosk.request(codes[0])))
    assert (whole.text, whole.answer) == (TEXT, ANSWER)
    kept_open = office.file(ORDER)
    house = office.house

    def purge() -> None:
        keeping.purge(house.commands.ledger, office.clock.now(), house.commands.source)

    office.clock.advance(timedelta(days=7) - timedelta(minutes=1))
    purge()
    assert good(run(office.kiosk.request(codes[0]))) == dataclasses.replace(whole)
    office.clock.advance(timedelta(minutes=2))
    purge()
    for code in codes:
        assert isinstance(run(office.kiosk.request(code)), Refusal)
    case = run(house.counter(CLERK).request_by_id(ended.request.id))
    assert (case.request.text, case.request.place, case.request.answer, case.phone) == (None, None, None, None)
    assert (case.request.code, case.request.qr) == ("", "")
    assert [step.what.code for step in case.request.steps] == [step.what.code for step in whole.steps]
    assert "words" not in {name for step in case.request.steps for name in step.what.facts}
    left = house.commands.ledger.read(lambda tx: tx.all(Hot("SELECT DISTINCT subject FROM request_text")))
    assert left == [(kept_open.id,)]
    assert good(run(office.kiosk.request(kept_open.code))).text == TEXT
    assert json.dumps(office.events())  # the register itself stays
    assert run(house.counter(MANAGER).requests("all"))


def test_what_a_refused_command_said_is_kept_for_nobody(office):
    commands = office.house.commands
    commands.outbox = outbox = Kept()

    def body(work):
        work.tell("request.filed", "x", {}, {"text": TEXT})
        raise declined("rule", Reason("request-empty"))

    run(commands.run(CLERK, "k", ("x",), body))
    assert (outbox.kept, office.events()) == ([], [])
