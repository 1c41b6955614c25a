"""A real district process: what it believes, what it refuses and how it says so, and that it stores once."""

from __future__ import annotations

import json
import re
import stat
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from standardwebhooks.webhooks import Webhook

import kiosk.hall
from kiosk.ledger import Event, Hot, Vault, open_ledger
from kiosk.upstream import envelope, sealing
from kiosk.upstream.case_rows import by_id, said
from kiosk.upstream.unread import readable
from tests.kiosk.upstream.districts import DistrictProcess

ZONE = ZoneInfo("Asia/Shanghai")
_RECEIVED = Hot("SELECT source, id, type, known, data FROM received ORDER BY id")
WORDS = {"text": "楼道灯坏了", "place": "3 号楼 2 单元", "phone": "13912345678"}


@pytest.fixture(scope="module")
def district(tmp_path_factory) -> Iterator[DistrictProcess]:
    with DistrictProcess(tmp_path_factory.mktemp("district")) as process:
        yield process


def rows(district: DistrictProcess) -> list:
    ledger = open_ledger("sqlite:///district.db", district.data)
    try:
        return ledger.read(lambda tx: tx.all(_RECEIVED))
    finally:
        ledger.close()


def filed(n: str, hall: str = "test", what: str = "request.filed", subject: str | None = None, **data: object) -> bytes:
    event = Event(f"{n}-0", f"cn.hall.{what}.v1", f"/halls/{hall}/1", subject or f"case-{n}", int(time.time() * 1000),
                  {"category": "environment", "grid": "g1", "due": "2026-12-02", **data})
    return envelope.put(event, ZONE)


def refused(answer, status: int, code: str):
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.json()


def test_keys_are_made_once_and_only_their_owner_reads_them(district):
    for file in (district.data / "district.private", district.data / "halls" / "test.toml"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert district.told("test")["secret"] != district.told("other")["secret"]


def test_a_request_becomes_a_case_once_whatever_is_sent_again(district):
    box = sealing.seal(WORDS, sealing.public_key(district.told()["public_key"]))
    body = filed("once", sealed=box)
    assert district.post(body).json() == {"stored": 1, "known": 0}
    assert district.post(body).json() == {"stored": 0, "known": 1}
    assert district.post(envelope.put_batch([body, filed("two"), filed("two")]), envelope.BATCH).json()["stored"] == 1
    ledger = open_ledger("sqlite:///district.db", district.data)
    vault = Vault(district.data / "hall.key")
    vault.prepare(ledger)
    case = ledger.read(lambda tx: by_id(tx, "case-once"))
    assert (case.hall, case.unit, case.officer, case.state, case.due) == (
        "test", "environment", "陈刚", "registered", "2026-12-02",
    )  # fmt: skip
    assert ledger.read(lambda tx: said(tx, vault, "case-once")) == WORDS
    ledger.close()
    raw = b"".join(path.read_bytes() for path in district.data.glob("district.db*"))
    assert not any(word.encode() in raw for word in WORDS.values()), "words stand readable on the disk"


def test_it_believes_what_another_library_signs(district):
    body, at = filed("theirs"), datetime.now(UTC)
    signed = Webhook(district.told()["secret"]).sign("theirs", at, body.decode())
    answer = district.post(body, **{"webhook-id": "theirs", "webhook-timestamp": str(int(at.timestamp())),
                                    "webhook-signature": signed})
    assert answer.json() == {"stored": 1, "known": 0}


def test_wrong_foreign_replayed_and_missing_signatures(district):
    body, now = filed("bad-1"), int(time.time())
    refused(district.post(body, hall="other"), 401, "signature-wrong")
    stale = district.post(body, at=now - 400)
    refused(stale, 401, "signature-stale")
    assert "date" in stale.headers, "whoever has a wrong clock learns the time"
    refused(district.post(body, at=now + 400), 401, "signature-stale")
    refused(district.post(body, **{"webhook-signature": ""}), 401, "unsigned")
    refused(district.post(body, **{"webhook-id": "changed"}), 401, "signature-wrong")
    refused(district.post(filed("bad-2", hall="nowhere")), 401, "unknown-source")
    refused(district.post(filed("bad-2", hall="other")), 401, "signature-wrong")
    assert not [row for row in rows(district) if row[1].startswith("bad")]


def test_what_is_no_event_is_refused_with_its_reason(district):
    refused(district.post(b"{}", "application/json"), 415, "content-type")
    refused(district.post(b"{}", "text/plain"), 415, "content-type")
    refused(district.post(b"{"), 400, "not-json")
    refused(district.post(b"[]"), 400, "not-an-event")
    refused(district.post(b"{}", envelope.BATCH), 400, "not-a-batch")
    assert "subject" in refused(district.post(filed("x", subject="a\u0007b")), 400, "not-an-event")["detail"]
    assert district.post(b"[]", envelope.BATCH).json() == {"stored": 0, "known": 0}


def test_a_batch_with_one_bad_member_names_it_and_stores_nothing(district):
    good = [filed(f"batch-{n}") for n in range(4)]
    bad = json.dumps({**json.loads(good[2]), "id": "the-bad-one", "specversion": "0.1"}).encode()
    told = refused(district.post(envelope.put_batch([*good[:2], bad, good[3]]), envelope.BATCH), 422, "not-an-event")
    assert (told["at"], told["id"]) == (2, "the-bad-one")
    box = sealing.seal(WORDS, sealing.public_key(sealing.new_pair()[1]))
    told = refused(
        district.post(envelope.put_batch([good[0], filed("sealed-wrong", sealed=box)]), envelope.BATCH),
        422, "not-sealed-for-us",
    )  # fmt: skip
    assert (told["at"], told["id"]) == (1, "sealed-wrong-0")
    assert not [row for row in rows(district) if row[1].startswith(("batch-", "sealed-wrong"))]


@pytest.mark.parametrize("declared", [True, False])
def test_ten_megabytes_are_refused_whole(district, declared):
    body = b'{"x":"' + b"A" * 10_000_000 + b'"}'
    content = body if declared else iter([body[at : at + 65536] for at in range(0, len(body), 65536)])
    import httpx

    answer = httpx.post(f"{district.url}/api/v1/events", content=content, trust_env=False, timeout=30,
                        headers={"content-type": envelope.SINGLE})
    refused(answer, 413, "too-large")


def test_an_unknown_type_is_stored_and_flagged(district):
    event = Event("odd-0", "org.example.odd", "/halls/test/1", "s", 1_795_000_000_000, {"a": 1, "phone": "139"})
    assert district.post(envelope.put(event, ZONE)).json()["stored"] == 1
    (row,) = [row for row in rows(district) if row[1] == "odd-0"]
    assert row[3] == 0
    assert "139" not in row[4]


@pytest.mark.parametrize(("type_", "read"), [
    ("cn.hall.request.filed.v1", True), ("cn.hall.request.filed.v2", False), ("cn.hall.request.merged.v1", False),
    ("cn.hall.appointment.booked.v1", True), ("cn.hall.drone.flown.v1", False), ("org.example.odd", False),
])  # fmt: skip
def test_what_this_version_can_read(type_, read):
    assert readable(type_) is read


def test_whatever_a_hall_of_this_version_tells_can_be_read():
    sources = "".join(path.read_text(encoding="utf-8") for path in Path(kiosk.hall.__file__).parent.glob("*.py"))
    told = set(re.findall(r'\.tell\(\s*"([a-z.-]+)"', sources))
    steps = [re.search(r'(?:what|\)),\s+"([a-z-]+)"', call[:250]) for call in sources.split("go_on(")[1:]]
    told |= {f"request.{step[1]}" for step in steps if step is not None}
    assert {"request.filed", "request.reopened", "request.struck-off", "ticket.issued"} <= told
    assert not [one for one in told if not readable(f"cn.hall.{one}.v1")]


def test_changes_are_for_the_hall_that_signs_for_them(district):
    assert district.changes().json() == {"changes": [], "newest": 0}
    import httpx

    assert httpx.get(f"{district.url}/api/v1/changes?after=0", trust_env=False).status_code == 401
    answer = district.changes()
    assert answer.status_code == 200
    assert httpx.get(f"{district.url}/api/v1/changes?after=x", trust_env=False).status_code == 400
    assert httpx.post(f"{district.url}/api/v1/changes", trust_env=False).status_code == 405
    assert httpx.get(f"{district.url}/nothing", trust_env=False).status_code == 404


def test_nothing_personal_stands_in_its_log(district):
    logs = "".join(path.read_text() for path in Path(district.folder).glob("*.log"))
    assert "13912345678" not in logs
    assert "楼道" not in logs
