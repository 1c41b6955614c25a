"""One step of a request: its row, its line in the story the resident reads, its event. What every use case of requests
does at its end, in one place; which steps there are, and who may take them, is theirs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kiosk.door import Fact, Offer, Reason
from kiosk.hall import codes, register, request_rows
from kiosk.hall.answers import Asked, Lodged
from kiosk.hall.commands import Work, declined
from kiosk.hall.neighbourhood import Neighbourhood
from kiosk.hall.said import said
from kiosk.hall.schedule import Schedule
from kiosk.ledger import Vault
from kiosk.rules import codes as code_rules

ASK_CLERK = Offer(Reason("ask-clerk"))
REQUESTS = codes.Kind(code_rules.REQUEST, request_rows.by_code, "code-not-request")
MOST_WHY = 200


class Moves:
    """Moves requests on. Every method is called within a command."""

    def __init__(self, schedule: Schedule, vault: Vault, places: Neighbourhood) -> None:
        self.schedule = schedule
        self.vault = vault
        self.places = places

    def begin(self, work: Work, row: Asked, what: Reason, words: Mapping[str, str], phone: str | None) -> Lodged:
        """A request's first step. `words`: "text", "place" and "name" as far as there are any."""
        private = dict(words)
        for part, written in words.items():
            request_rows.add_words(work.tx, self.vault, row.id, part, written)
        if phone is not None:
            register.add_phone(work.tx, self.vault, row.id, phone, register.phone_mac(self.vault, phone))
            work.phone = private["phone"] = phone
        request_rows.add_step(work.tx, self.vault, row, work.at, what)
        work.tell("request.filed", row.id, facts(row), private)
        return request_rows.whole(work.tx, self.vault, row)

    def go_on(
        self, work: Work, seen: Asked, to: Asked, what: Reason, event: str, *, words: str | None = None,
        more: Mapping[str, object] | None = None, private: bool = False,
    ) -> Lodged:  # fmt: skip
        """The next step. `words`: what a person wrote with it; `private`: they go upstream, sealed."""
        row = request_rows.move(work.tx, seen, to._replace(changed_at=work.at))
        request_rows.add_step(work.tx, self.vault, row, work.at, what, words)
        beside = {"text": words} if private and words else None
        work.tell(f"request.{event}", row.id, facts(row) | dict(more or {}), beside)
        return request_rows.whole(work.tx, self.vault, row)

    def find(self, work: Work, text: str) -> Asked:
        """The request that a typed code or a scanned text names. Raises `Declined`."""
        return codes.find_one(work, self.vault, text, REQUESTS)

    def back(self, row: Asked) -> Asked:
        """The hall answers it, under its own unit; nobody has accepted it any more."""
        category = self.places.category(row.category)
        unit = row.unit if category is None else self.places.unit(category, row.grid)
        return row._replace(state="done" if row.state == "done" else "registered", away=0, unit=unit, officer="")

    def alive(self, row: Asked) -> Asked:
        """The request itself, if it is not struck off yet."""
        if row.state == "confirmed":
            raise declined("conflict", Reason("request-over"), (Offer(Reason("file-another")), ASK_CLERK))
        return row

    def why(self, text: str) -> str:
        """A reason or a note that staff write. Raises `Declined`."""
        return said(text, MOST_WHY, "words-missing")


def facts(row: Asked) -> dict[str, object]:
    """What an event says of a request: nothing personal, no code, no name."""
    return {
        "category": row.category,
        "grid": row.grid,
        "state": row.state,
        "due": row.due,
        "unit": row.unit or None,
        "reopened": row.reopened,
    }


def who(row: Asked) -> dict[str, Fact]:
    """Facts of a step: who answers for it, as far as somebody is named."""
    named: dict[str, Fact] = {}
    if row.officer:
        named["officer"] = row.officer
    if row.unit:
        named["unit"] = row.unit
    return named


def day(row: Asked) -> date:
    """A request's due day."""
    return date.fromisoformat(row.due)
