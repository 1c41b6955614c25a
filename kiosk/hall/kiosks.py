"""What kiosks tell the hall and what the hall wants of them: devices, slips, calls for help, orders.

States are kept, changes are events. A slip that did not come out waits here for staff; nothing here ever prints.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from kiosk.door import DeviceReport, DeviceState, KioskReport, Reason, SlipReport, SlipState
from kiosk.hall.answers import Done, moment, ms
from kiosk.hall.commands import Work, declined, timer_id
from kiosk.ledger import Hot, Tx
from kiosk.wire import get_device, get_reason, put_device, put_reason

SKEW_TOLERANCE_MS = 60_000
SILENT_AFTER_MS = 60_000

_KIOSK = Hot("SELECT skew, devices FROM kiosk WHERE id = :id")
_KIOSKS = Hot("SELECT id, name, at, skew, devices FROM kiosk ORDER BY name")
_SET_KIOSK = Hot(
    "INSERT INTO kiosk (id, name, at, skew, devices) VALUES (:id, :name, :at, :skew, :devices)"
    " ON CONFLICT (id) DO UPDATE SET name = excluded.name, at = excluded.at, skew = excluded.skew,"
    " devices = excluded.devices"
)
_SLIP = Hot("SELECT state FROM slip WHERE job = :job")
_SET_SLIP = Hot(
    "INSERT INTO slip (job, kiosk, subject, kind, state, reason, at) VALUES"
    " (:job, :kiosk, :subject, :kind, :state, :reason, :at)"
    " ON CONFLICT (job) DO UPDATE SET state = excluded.state, reason = excluded.reason, at = excluded.at"
)
_WAITING_SLIPS = Hot(
    "SELECT slip.job, slip.kiosk, coalesce(kiosk.name, ''), slip.subject, slip.kind, slip.state, slip.reason, slip.at"
    " FROM slip LEFT JOIN kiosk ON kiosk.id = slip.kiosk"
    " WHERE slip.settled_at IS NULL AND slip.state IN ('failed', 'unknown', 'not-begun') ORDER BY slip.at"
)
_SLIP_SUBJECT = Hot("SELECT kiosk, subject, settled_at FROM slip WHERE job = :job")
_SETTLE = Hot("UPDATE slip SET settled_at = :at WHERE job = :job AND settled_at IS NULL")

_ADD_HELP = Hot(
    "INSERT INTO help_call (id, key, kiosk, page, at) VALUES (:id, :key, :kiosk, :page, :at)"
    " ON CONFLICT (id) DO NOTHING"
)
_HELP = Hot("SELECT kiosk, answered_at FROM help_call WHERE id = :id")
_WAITING_HELP = Hot(
    "SELECT help_call.id, help_call.kiosk, coalesce(kiosk.name, ''), help_call.page, help_call.at"
    " FROM help_call LEFT JOIN kiosk ON kiosk.id = help_call.kiosk"
    " WHERE help_call.answered_at IS NULL ORDER BY help_call.at"
)
_ANSWER_HELP = Hot("UPDATE help_call SET answered_at = :at, answered_by = :by WHERE id = :id AND answered_at IS NULL")
_HELP_KEY = Hot("SELECT key FROM help_call WHERE id = :id")

_ADD_ORDER = Hot(
    "INSERT INTO kiosk_order (id, kiosk, kind, subject, made_at) VALUES (:id, :kiosk, :kind, :subject, :made_at)"
)
_ORDERED = Hot(
    "SELECT 1 FROM kiosk_order WHERE kiosk = :kiosk AND kind = 'reprint' AND subject = :subject AND done_at IS NULL"
)
_ORDERS = Hot(
    "SELECT id, kind, subject FROM kiosk_order WHERE kiosk = :kiosk AND done_at IS NULL ORDER BY made_at LIMIT 20"
)
_ORDER_DONE = Hot("UPDATE kiosk_order SET done_at = :at WHERE id = :id AND kiosk = :kiosk AND done_at IS NULL")


@dataclass(frozen=True, slots=True)
class WaitingSlip:
    """A slip that a resident may not have: staff print it again (补打) or put it aside."""

    kiosk: str
    kiosk_name: str
    slip: SlipReport


@dataclass(frozen=True, slots=True)
class HelpCall:
    """Somebody stands at a kiosk and waits for a clerk."""

    id: str
    kiosk: str
    kiosk_name: str
    page: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KioskState:
    """A kiosk as it last reported itself. `silent`: not heard of for a minute. `skew_s`: its clock minus the hall's."""

    id: str
    name: str
    at: datetime
    silent: bool
    skew_s: float
    clock_wrong: bool
    devices: tuple[DeviceReport, ...]

    @property
    def prints(self) -> bool:
        """Whether a slip sent there comes out, as far as it has told."""
        working = {DeviceState.OK, DeviceState.WARNING}
        return not self.silent and any(one.kind == "printer" and one.state in working for one in self.devices)


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An order not yet acknowledged. `subject`: the appointment to print, or the key of the call for help."""

    id: str
    kind: str
    subject: str


# ---- what a kiosk says -----------------------------------------------------------------------------------------------


def hear(work: Work, report: KioskReport, done: Sequence[str]) -> list[OpenOrder]:
    """Take a report in; what is still wanted of this kiosk."""
    kiosk = work.caller.id
    row = work.tx.one(_KIOSK, id=kiosk)
    skew = ms(report.now) - work.at
    before = {} if row is None else {device.name: device for device in _devices(row[1])}
    for device in report.devices:
        old = before.get(device.name)
        if old is None or (old.state, old.reason) != (device.state, device.reason):
            work.tell(
                "kiosk.device-changed",
                kiosk,
                {
                    "kiosk": work.caller.name,
                    "device": device.name,
                    "kind": device.kind,
                    "state": device.state.value,
                    "reason": device.reason.code if device.reason else None,
                },
            )
    if _wrong(skew) != _wrong(0 if row is None else row[0]):
        work.tell("kiosk.clock-wrong" if _wrong(skew) else "kiosk.clock-right", kiosk, {"skew_ms": skew})
    work.tx.run(
        _SET_KIOSK,
        id=kiosk,
        name=work.caller.name,
        at=work.at,
        skew=skew,
        devices=json.dumps([put_device(device) for device in report.devices], ensure_ascii=False),
    )
    for slip in report.slips:
        _hear_slip(work, slip)
    for order in done:
        work.tx.run(_ORDER_DONE, id=order, kiosk=kiosk, at=work.at)
    return [OpenOrder(*order) for order in work.tx.all(_ORDERS, kiosk=kiosk)]


def _hear_slip(work: Work, slip: SlipReport) -> None:
    row = work.tx.one(_SLIP, job=slip.job)
    if row is not None and row[0] == slip.state.value:
        return  # told again because our answer was lost
    work.tx.run(
        _SET_SLIP,
        job=slip.job,
        kiosk=work.caller.id,
        subject=slip.subject,
        kind=slip.kind,
        state=slip.state.value,
        reason="" if slip.reason is None else json.dumps(put_reason(slip.reason), ensure_ascii=False),
        at=ms(slip.at),
    )
    reason = None if slip.reason is None else slip.reason.code
    work.tell(f"slip.{slip.state.value}", slip.subject, {"job": slip.job, "kind": slip.kind, "reason": reason})


def call_help(work: Work, key: str, page: str) -> Done:
    """Ring for a clerk from this kiosk."""
    work.tx.run(_ADD_HELP, id=work.id, key=key, kiosk=work.caller.id, page=page, at=work.at)
    work.tell("help.called", work.id, {"kiosk": work.caller.name, "page": page})
    return Done(work.id)


# ---- what staff do ---------------------------------------------------------------------------------------------------


def answer_help(work: Work, call: str) -> Done | None:
    """A clerk is on the way (我去帮忙); the kiosk shows it. None if there is no such call; twice is once."""
    row = work.tx.one(_HELP, id=call)
    if row is None:
        return None
    if work.tx.run(_ANSWER_HELP, id=call, at=work.at, by=work.caller.id) == 1:
        work.tx.run(
            _ADD_ORDER,
            id=timer_id(f"help-coming:{call}"),
            kiosk=row[0],
            kind="help-coming",
            subject=call,
            made_at=work.at,
        )
        work.tell("help.answered", call, {"by": work.caller.id})
    return Done(call)


def settle_slip(work: Work, job: str, kiosk: str | None) -> Done | None:
    """Have a slip printed again at `kiosk` (the one it failed at, unless named; marked 补打), which settles it. None if
    there is no such slip."""
    row = work.tx.one(_SLIP_SUBJECT, job=job)
    if row is None:
        return None
    if kiosk not in {None, row[0]}:
        _can_print(work, str(kiosk))
    if work.tx.run(_SETTLE, job=job, at=work.at) == 1:  # of two clerks who press at once, one orders
        work.tx.run(_ADD_ORDER, id=work.id, kiosk=kiosk or row[0], kind="reprint", subject=row[1], made_at=work.at)
        work.tell("slip.ordered-again", row[1], {"job": job})
    return Done(row[1])


def order_slip(work: Work, subject: str, kiosk: str) -> Done:
    """Have the slip of something printed at a kiosk, whatever was printed of it before (marked 补打). Ordered again
    before the kiosk has done it, it is one order."""
    name = _can_print(work, kiosk)
    if work.tx.one(_ORDERED, kiosk=kiosk, subject=subject) is None:
        work.tx.run(_ADD_ORDER, id=work.id, kiosk=kiosk, kind="reprint", subject=subject, made_at=work.at)
        work.tell("slip.ordered", subject, {"kiosk": name, "by": work.caller.id})
    return Done(subject)


def _can_print(work: Work, kiosk: str) -> str:
    """The name of a kiosk whose printer works."""
    state = next((one for one in kiosks(work.tx, work.now, UTC) if one.id == kiosk), None)
    if state is None or not state.prints:
        raise declined("conflict", Reason("kiosk-prints-not"))
    return state.name


def drop_slip(work: Work, job: str) -> Done | None:
    """Put a slip aside: the resident has the number. None if there is no such slip."""
    row = work.tx.one(_SLIP_SUBJECT, job=job)
    if row is None:
        return None
    if work.tx.run(_SETTLE, job=job, at=work.at) == 1:
        work.tell("slip.put-aside", row[1], {"job": job})
    return Done(row[1])


# ---- what staff see --------------------------------------------------------------------------------------------------


def help_key(tx: Tx, call: str) -> str | None:
    """The key under which a kiosk made its call."""
    row = tx.one(_HELP_KEY, id=call)
    return None if row is None else str(row[0])


def waiting_help(tx: Tx, zone: tzinfo) -> tuple[HelpCall, ...]:
    """Calls nobody has answered, oldest first."""
    return tuple(
        HelpCall(id_, kiosk, name, page, moment(at, zone)) for id_, kiosk, name, page, at in tx.all(_WAITING_HELP)
    )


def waiting_slips(tx: Tx, zone: tzinfo) -> tuple[WaitingSlip, ...]:
    """Slips that failed, ended unknown or were not begun, oldest first."""
    return tuple(
        WaitingSlip(kiosk, name, SlipReport(job, subject, kind, SlipState(state), _reason(reason), moment(at, zone)))
        for job, kiosk, name, subject, kind, state, reason, at in tx.all(_WAITING_SLIPS)
    )


def kiosks(tx: Tx, now: datetime, zone: tzinfo) -> tuple[KioskState, ...]:
    """All kiosks that ever reported, by name."""
    return tuple(
        KioskState(
            id_, name, moment(at, zone), ms(now) - at > SILENT_AFTER_MS, skew / 1000, _wrong(skew), _devices(devices)
        )
        for id_, name, at, skew, devices in tx.all(_KIOSKS)
    )


def _wrong(skew: int) -> bool:
    return abs(skew) > SKEW_TOLERANCE_MS


def _devices(text: str) -> tuple[DeviceReport, ...]:
    return tuple(get_device(raw) for raw in json.loads(text))


def _reason(text: str) -> Reason | None:
    return get_reason(json.loads(text)) if text else None
