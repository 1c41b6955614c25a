"""The receiving end: events believed only when signed, stored once, made into cases. One bad member refuses its whole
batch, and nothing of it is stored: whoever posted takes it apart.

Of what is private nothing stands readable here: it is opened with the district's key and kept under its vault's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kiosk.door import HelpKind
from kiosk.ledger import Hot, Tx, Vault
from kiosk.rules.deadline import due_day
from kiosk.rules.sharing import Share
from kiosk.upstream import envelope, signing
from kiosk.upstream.case_rows import HERE, PRIVATE, TAKEN, Batch, Case, tell
from kiosk.upstream.district import ONWARD, DistrictSettings
from kiosk.upstream.envelope import Arrival, Malformed
from kiosk.upstream.keys import Ring
from kiosk.upstream.officers import Officers
from kiosk.upstream.outbox import Outbox
from kiosk.upstream.sealing import NotSealed, unseal
from kiosk.upstream.tiers import onward
from kiosk.upstream.unread import READ, UNREAD, readable

_OURS = "cn.hall."
_FILED = frozenset({"request.filed", "request.escalated"})
# What becomes of a case that the hall tells of; such an event may come before the one that filed it, which was set
# aside there and is sent once more by its staff.
_STATES = {
    "request.filed": "registered", "request.escalated": "registered", "request.reopened": "doing",
    "request.confirmed": "confirmed", "request.struck-off": "confirmed", "request.recalled": "returned",
}  # fmt: skip
_ALONE = _FILED | {"request.recalled", "request.reopened"}
_TIERS = "/districts/"
_HELP = frozenset({"request.help-asked", "request.help-settled"})
_KINDS = frozenset(kind.value for kind in HelpKind)
_MOST_FIELD = 4000

_STORE = {
    "sqlite": Hot(
        "INSERT INTO received (source, id, type, subject, at, received_at, known, data)"
        " SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),"
        " json_extract(value, '$[3]'), json_extract(value, '$[4]'), json_extract(value, '$[5]'),"
        " json_extract(value, '$[6]'), json_extract(value, '$[7]') FROM json_each(:rows) WHERE true"
        " ON CONFLICT DO NOTHING RETURNING source, id"
    ),
    "postgresql": Hot(
        "INSERT INTO received (source, id, type, subject, at, received_at, known, data)"
        " SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, CAST(value ->> 4 AS bigint),"
        " CAST(value ->> 5 AS bigint), CAST(value ->> 6 AS bigint), value ->> 7"
        " FROM json_array_elements(CAST(:rows AS json)) AS each_row(value)"
        " ON CONFLICT DO NOTHING RETURNING source, id"
    ),
}


class NotTaken(Exception):
    """What was posted is refused. `status` is HTTP's; `at` and `id` name the member of a batch."""

    def __init__(self, status: int, code: str, wanted: str = "", at: int | None = None, id_: str | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.wanted, self.at, self.id = status, code, wanted, at, id_


@dataclass(frozen=True, slots=True)
class Believed:
    """Events of one neighbour, whose signature was right, with what was sealed in them."""

    hall: str
    events: tuple[Arrival, ...]
    private: tuple[Mapping[str, str], ...]


class Intake:
    """One district's."""

    def __init__(
        self, settings: DistrictSettings, ring: Ring, vault: Vault, outbox: Outbox | None = None
    ) -> None:
        """`outbox`: for the tier above, where there is one."""
        self._settings = settings
        self._ring = ring
        self._vault = vault
        self._outbox = outbox

    def believe(self, body: bytes, headers: Mapping[str, str], now: float) -> Believed:
        """What a signed body holds. `headers` by lower-case name, `now` in epoch seconds. Raises `NotTaken`."""
        content = headers.get("content-type", "")
        if envelope.kind(content) is None:
            raise NotTaken(415, "content-type", f"{envelope.SINGLE} | {envelope.BATCH}")
        bad: Malformed | None = None
        try:
            events = envelope.read(body, content)
            hall = self._sender(events)
        except Malformed as malformed:
            # Who sends what cannot be read is told so only if it is one of ours.
            bad, events, hall = malformed, (), None
        keys = list(self._ring.secrets.values()) if hall is None else [self._ring.secrets[hall]]
        try:
            signing.verify(keys, headers, body, now)
        except signing.Unsigned as unsigned:
            raise NotTaken(401, unsigned.code) from unsigned
        if bad is not None:
            raise NotTaken(422 if bad.at is not None else 400, bad.code, bad.wanted, bad.at, bad.id) from bad
        private = tuple(self._open(one, at if len(events) > 1 else None) for at, one in enumerate(events))
        return Believed(hall or "", events, private)

    def caller(self, headers: Mapping[str, str], signed_id: str, now: float) -> str:
        """Which hall asks, signed under an id with no body. Raises `NotTaken`."""
        if headers.get("webhook-id") != signed_id:
            raise NotTaken(401, "unsigned")
        code = "unsigned"
        for hall, key in self._ring.secrets.items():
            try:
                signing.verify([key], headers, b"", now)
            except signing.Unsigned as unsigned:
                code = unsigned.code
            else:
                return hall
        raise NotTaken(401, code)

    def store(self, tx: Tx, believed: Believed, now: datetime) -> int:
        """Store what is new, and do what it says; how many were new. Within one transaction."""
        at = round(now.timestamp() * 1000)
        rows = [
            [one.source, one.id, one.type, one.subject, at if one.at is None else one.at, at,
             READ if readable(one.type) else UNREAD, _public(one.data)]
            for one in believed.events
        ]  # fmt: skip
        if not rows:
            return 0
        fresh = {tuple(row) for row in tx.all(_STORE[tx.kind], rows=json.dumps(rows, ensure_ascii=False))}
        stored = len(fresh)
        told = list(_new(believed, fresh))
        batch = Batch(tx, (one.subject for one, _private in told))
        if self._settings.upstream or any(_what(one) in _ALONE for one, _private in told):
            tx.alone()  # two intakes at once would find an officer with the same few cases; changes are read by number
        officers = Officers(tx)
        onwards: list[tuple[Case, Arrival, Mapping[str, str]]] = []
        for one, private in told:
            was = batch.cases.get(one.subject)
            self._do(batch, officers, believed.hall, one, private, at)
            case = batch.cases.get(one.subject)
            if case is None or case.hall != believed.hall:
                continue
            if _what(one) == "request.recalled" and (was is None or was.state != "returned"):
                self._say_whose(tx, case, one, at)
            if was is not None and was.above and _what(one) in ONWARD:
                onwards.append((case, one, private))
        batch.write()
        for case, one, private in onwards:
            self._hand_on(tx, case, one, private, at)
        return stored

    def _hand_on(self, tx: Tx, case: Case, one: Arrival, private: Mapping[str, str], at: int) -> None:
        """Tell the tier above what happened at the hall to a case that it answers; what was written goes sealed."""
        event = onward(case, one.id, _what(one), self._settings.id, at, _kind_of_help(one))
        tx.append([event])
        if self._outbox is not None and private.get("text"):
            self._outbox.keep(tx, event, {"text": private["text"]})

    def _say_whose(self, tx: Tx, case: Case, event: Arrival, at: int) -> None:
        """Whose a case is that the tier below wants back: theirs ("returned") if nobody here had taken it up, else
        still ours ("kept"). Only we know that; who asked does nothing with it till then. Of what was given back before
        this word came nothing is said again, for it may have been handed up anew."""
        if case.state != "confirmed":
            tell(tx, self._vault, f"{self._settings.id}:{event.id}", case,
                 "returned" if case.state == "returned" else "kept", at)  # fmt: skip

    def _sender(self, events: Sequence[Arrival]) -> str | None:
        senders = {_sender(one.source) for one in events}
        if len(senders) > 1:
            raise Malformed("not-one-source", "events of one source")
        sender = next(iter(senders), None)
        if senders and sender not in self._ring.secrets:
            raise NotTaken(401, "unknown-source", "/halls/{id}/…")
        return sender

    def _open(self, event: Arrival, at: int | None) -> Mapping[str, str]:
        private = {name: str(event.data[name]) for name in PRIVATE if isinstance(event.data.get(name), str)}
        sealed = event.data.get("sealed")
        if sealed is not None:
            try:
                private |= {name: text for name, text in unseal(sealed, self._ring.private).items() if name in PRIVATE}
            except NotSealed as error:
                raise NotTaken(422, "not-sealed-for-us", "data.sealed", at, event.id) from error
        if any(len(text) > _MOST_FIELD for text in private.values()):
            raise NotTaken(422, "too-long", f"at most {_MOST_FIELD} characters", at, event.id)
        return private

    def _do(
        self, batch: Batch, officers: Officers, hall: str, event: Arrival, private: Mapping[str, str], at: int
    ) -> None:
        what = _what(event)
        if what == "request.escalated" and not event.source.startswith(_TIERS):
            return  # a hall repeats what it was told; only a tier hands up
        known = batch.cases.get(event.subject)
        if known is None:
            if what in _STATES:
                filed, given = self._case(hall, event, at, officers)
                case = filed._replace(state=_STATES[what])
                officers.moved(filed, case)
                why = {"unit": case.unit, **given._asdict()}
                batch.add(self._vault, case, private if what in _FILED else {}, why)
            return
        if known.hall != hall:
            return
        if what in _FILED:  # what it says may come late; and a case sent back may be handed up again
            batch.words(self._vault, known.id, private)
        if known.state == "confirmed":
            return
        due = _day(event.data.get("due")) or known.due
        moved = {
            "request.confirmed": known._replace(state="confirmed"),
            "request.struck-off": known._replace(state="confirmed"),
            "request.reopened": None if _given_back(known, event) else known._replace(
                state="doing", due=due, reopened=known.reopened + 1, above=TAKEN if known.above else HERE
            ),
            "request.brought-home": known._replace(state="returned", above=HERE),
            "request.handed-over": known, "request.called-back": known, "request.help-asked": known,
            "request.help-settled": known,
            "request.escalated": known._replace(state="registered", due=due) if _anew(known, event) else None,
            "request.recalled": known._replace(state="returned") if _untouched(known) else known,
        }.get(what)  # fmt: skip
        if moved is not None:
            officers.moved(known, moved)
            again = what in _FILED
            code = "filed" if again else what.removeprefix("request.")
            if what == "request.recalled" and moved.state != "returned":
                code = "kept"
            batch.move(moved, at, code, self._vault, private.get("why" if again else "text", ""), _kind_of_help(event))

    def _case(self, hall: str, event: Arrival, came: int, officers: Officers) -> tuple[Case, Share]:
        category, grid = _word(event.data.get("category")), _word(event.data.get("grid"))
        unit = self._settings.unit(category, grid)
        filed = came if event.at is None else event.at
        due = _day(event.data.get("due"))
        if due is None:
            began = datetime.fromtimestamp(filed / 1000, self._settings.calendar.zone).date()
            due = due_day(self._settings.calendar, began, self._settings.days).isoformat()
        given = officers.next(unit)
        return Case(event.subject, hall, category, grid, unit.id, given.officer, "registered", due, filed, came, came,
                    0, 0, 0, 1), given  # fmt: skip


def _new(believed: Believed, fresh: set[tuple[object, ...]]) -> Iterator[tuple[Arrival, Mapping[str, str]]]:
    """Those about requests that were not known, each once however often it stands in the batch."""
    left = set(fresh)
    for one, private in zip(believed.events, believed.private, strict=True):
        if (one.source, one.id) in left:
            left.discard((one.source, one.id))
            if one.subject and one.type.startswith(f"{_OURS}request."):
                yield one, private


def _kind_of_help(event: Arrival) -> dict[str, object]:
    """Which kind of help an event is about, as a fact of its step; none for other events."""
    kind = event.data.get("kind") if _what(event) in _HELP else None
    return {"kind": kind} if isinstance(kind, str) and kind in _KINDS else {}


def _anew(case: Case, event: Arrival) -> bool:
    """Whether a case that was sent back is handed up again. One that came late, after it was asked back, is not."""
    return case.state == "returned" and (event.at is None or event.at >= case.filed_at)


def _given_back(case: Case, event: Arrival) -> bool:
    """Whether a tier below tells that a case is not solved which we have given back to it: the two have crossed."""
    return case.state == "returned" and _what(event) == "request.reopened" and event.source.startswith(_TIERS)


def _untouched(case: Case) -> bool:
    """Whether nobody here has taken it up yet, or handed it on."""
    return case.state == "registered" and case.above == HERE


def _what(event: Arrival) -> str:
    return event.type.removeprefix(_OURS).removesuffix(".v1")


def _public(data: Mapping[str, object]) -> str:
    return json.dumps({k: v for k, v in data.items() if k not in PRIVATE and k != "sealed"}, ensure_ascii=False)


def _sender(source: str) -> str | None:
    parts = source.split("/")
    return parts[2] if len(parts) >= 3 and not parts[0] and parts[1] in {"halls", "districts"} else None


def _word(found: object) -> str:
    return found[:60] if isinstance(found, str) and found.isprintable() else ""


def _day(found: object) -> str | None:
    try:
        return date.fromisoformat(found).isoformat() if isinstance(found, str) else None
    except ValueError:
        return None
