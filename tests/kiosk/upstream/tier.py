"""A tier without its HTTP: ledger, intake, cases; and two of them, one above the other, with what goes between in the
test's hands."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from kiosk.ledger import Vault, open_ledger
from kiosk.upstream import envelope, tiers
from kiosk.upstream.case_rows import by_id
from kiosk.upstream.cases import Cases
from kiosk.upstream.changes import read
from kiosk.upstream.district import load_district
from kiosk.upstream.intake import Believed, Intake
from kiosk.upstream.keys import ready
from kiosk.upstream.outbox import Outbox
from tests.kiosk.upstream.building import ZONE, settings, to
from tests.kiosk.upstream.districts import district_toml

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=ZONE)
WORDS = {"text": "楼道灯坏了", "place": "3 号楼", "phone": "13912345678"}


def arrival(what: str, subject: str, *, hall: str = "test", id_: str = "", **data) -> envelope.Arrival:
    data = {"category": "environment", "due": "2026-12-02", **data}
    return envelope.Arrival(
        id_ or f"{subject}-{what}",
        f"/halls/{hall}/1",
        f"cn.hall.request.{what}.v1",
        subject,
        int(NOW.timestamp() * 1000),
        data,
    )


def posted(*arrivals: envelope.Arrival) -> Believed:
    return Believed("test", arrivals, tuple({} for _ in arrivals))


class Tier:
    """One tier without its HTTP."""

    def __init__(self, folder, url: str, above=None, name: str = "upper") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.settings = load_district(district_toml(folder))
        self.settings = replace(
            self.settings, id=name, upstream=() if above is None else (settings("http://127.0.0.1:1"),)
        )
        self.ring = ready(folder, ["test", "other"], "http://127.0.0.1:1", name)
        self.ledger = open_ledger(url, folder)
        self.vault = Vault(folder / "hall.key")
        self.vault.prepare(self.ledger)
        self.above = None if above is None else to("http://127.0.0.1:1", public_key=above.ring.public)
        outbox = None if self.above is None else Outbox([self.above], self.vault)
        self.intake = Intake(self.settings, self.ring, self.vault, outbox)
        self.cases = Cases(self.settings, self.vault, outbox, tier_above=above is not None)

    def receive(self, what: str, hall: str = "test", id_: str = "e-0", private=None, **data) -> int:
        one = arrival(what, "r1", hall=hall, id_=id_, **data)
        believed = Believed(hall, (one,), (private or {},))
        return self.ledger.write(lambda tx: self.intake.store(tx, believed, NOW)).result()

    def receive_all(self, *subjects: str, **data) -> None:
        """Requests filed one after the other."""
        for subject in subjects:
            assert self.take(arrival("filed", subject, **data)) == 1

    def take(self, *arrivals: envelope.Arrival) -> int:
        return self.ledger.write(lambda tx: self.intake.store(tx, posted(*arrivals), NOW)).result()

    def handed_up(self, above, private=None) -> int:
        """Take the newest event of this tier's log to the one above, as its relay does."""
        event = self.ledger.log(0)[-1].event
        came = envelope.Arrival(event.id, event.source, event.type, event.subject, event.at, event.data)
        believed = Believed("upper", (came,), (private or {},))
        return above.ledger.write(lambda tx: above.intake.store(tx, believed, NOW)).result()

    def told(self):
        """Each step of the case with what was written with it."""
        shown = self.ledger.read(lambda tx: self.cases.one(tx, "r1", NOW))
        return [(one.code, text) for one, text in shown.steps if one.n]  # 0: whose it is

    def do(self, what: str, *given):
        return self.ledger.write(lambda tx: getattr(self.cases, what)(tx, *given)).result()

    def case(self, id_: str = "r1"):
        return self.ledger.read(lambda tx: by_id(tx, id_))

    def changes(self, hall: str = "test", after: int = 0):
        return self.ledger.read(lambda tx: self.cases.changes(tx, hall, after))


class Two:
    """A district and the city above it. `up` posts what the district's log has for the city, `down` pulls what the
    city says; until then neither knows."""

    def __init__(self, folder) -> None:
        self.city = Tier(folder / "city", "sqlite:///d.db", name="city")
        self.district = Tier(folder / "district", "sqlite:///d.db", above=self.city, name="upper")
        self._posted = self._pulled = 0
        self._apply = tiers.applier(self.district.cases, self.district.ledger, lambda: NOW)

    def up(self, most: int = 100, *, lost: str = "", why: str = "") -> int:
        """Post so many; `lost`: a kind of event that the city refuses, which is then left out; `why`: what is sealed in
        them. How many."""
        count = 0
        for one in self.district.ledger.log(self._posted)[:most]:
            self._posted, event = one.seq, one.event
            if self.district.above.wants(event.type) and lost != event.type.split(".")[-2]:
                came = envelope.Arrival(event.id, event.source, event.type, event.subject, event.at, event.data)
                self.post(came, why)
                count += 1
        return count

    def post(self, came: envelope.Arrival, why: str = "") -> None:
        believed = Believed("upper", (came,), ({"why": why} if why else {},))
        self.city.ledger.write(lambda tx: self.city.intake.store(tx, believed, NOW)).result()

    def down(self, most: int = 100) -> int:
        found = read(json.dumps({"changes": self.city.changes("upper", self._pulled)}).encode(), self._pulled)[:most]
        for numbered in found:
            self._pulled = numbered.seq
            self._apply(numbered.change)
        return len(found)

    def close(self) -> None:
        self.city.ledger.close()
        self.district.ledger.close()
