"""Halls with one guard taken away each, to see that the watcher would tell. `install` patches the house's own modules;
what is patched is patched back by the test's `monkeypatch`."""

from __future__ import annotations

import dataclasses
import json
import uuid
from collections.abc import Callable

import pytest

from kiosk.announcing.speech import Speech
from kiosk.config import Settings
from kiosk.door import Refusal
from kiosk.hall import appointments, commands, places, queue, request_moves, request_views, rollover, tickets, windows
from kiosk.hall.commands import Declined
from kiosk.ledger import Hot
from kiosk.ledger.journal import Journal
from kiosk.rules import calling, waiting
from kiosk.simulation.site import Site
from kiosk.station.printing import PrintDesk

Patch = pytest.MonkeyPatch
Install = Callable[[Patch], None]


def no_capacity(patch: Patch) -> None:
    """A place is taken whether or not there is one."""
    patch.setattr(places, "CLAIM", Hot(
        "INSERT INTO slot (facility, begins, capacity, taken) VALUES (:facility, :begins, :capacity, :places)"
        " ON CONFLICT (facility, begins) DO UPDATE SET taken = slot.taken + excluded.taken,"
        " capacity = slot.capacity + excluded.capacity"))  # fmt: skip


def no_compare_and_set(patch: Patch, *, wall: bool = False) -> None:
    """Who is next is read first and written later, as at two windows of a program that does not look again. `wall`: the
    database still holds its index."""
    real_next, real_heads, real_open = windows.Windows.call_next, queue.heads, Site.open
    at, read = [0], {}

    def call_next(self, work, window, serving):
        if work.at != at[0]:
            at[0] = work.at
            read.clear()
        return real_next(self, work, window, serving)

    def heads(tx, day, window, letters):
        for id_, number in real_heads(tx, day, window, letters).items():
            read.setdefault(id_, number)
        return {id_: number for id_, number in read.items() if number.line in letters}

    def open_(self, settings=None):
        real_open(self, settings)
        for what in () if wall else ("ticket",):
            drop = Hot(f"DROP INDEX IF EXISTS ticket_call_{what}_once")
            self.house.commands.ledger.write(lambda tx, drop=drop: tx.run(drop)).result()

    patch.setattr(windows.Windows, "call_next", call_next)
    patch.setattr(queue, "heads", heads)
    patch.setattr(Site, "open", open_)
    patch.setattr(queue, "MOVE", Hot(
        "UPDATE ticket SET state = :state, line = :line, since = :since, at_window = :at_window, aim = :aim,"
        " back = :back, rejoined = :rejoined, changed_at = :changed_at, turn = turn + 1"
        " WHERE id = :id AND coalesce(:was, '') <> '' AND :seen >= 0"))  # fmt: skip
    patch.setattr(queue, "_LESS", Hot("UPDATE ticket_counter SET waiting = max(0, waiting - 1)"
                                      " WHERE day = :day AND letter = :letter"))  # fmt: skip


def compare_and_set_only_in_the_index(patch: Patch) -> None:
    no_compare_and_set(patch, wall=True)


class Twice(int):
    """A number that prints as another one already did."""

    def __format__(self, spec: str) -> str:
        return format(int(self) - (self % 5 == 0), spec)


def same_number(patch: Patch) -> None:
    """The counter's number is printed on two slips."""
    real = queue.give
    patch.setattr(queue, "give", lambda tx, letter, day: (Twice(real(tx, letter, day)[0]), 1))


def skipped_number(patch: Patch) -> None:
    """A number is drawn and thrown away."""
    real = queue.give

    def give(tx, letter, day):
        n, waits = real(tx, letter, day)
        if n == 4:
            tx.run(Hot("UPDATE ticket_counter SET waiting = waiting - 1 WHERE letter = :letter AND day = :day"),
                   letter=letter, day=day)  # fmt: skip
            return real(tx, letter, day)
        return n, waits

    patch.setattr(queue, "give", give)


def no_rollover(patch: Patch) -> None:
    patch.setattr(rollover, "roll_over", lambda *_: 0)


def rollover_early(patch: Patch) -> None:
    """It takes today for yesterday."""
    early = tuple(Hot(one.text("sqlite").replace("day < :day", "day <= :day")) for one in queue._LEFT_OVER)
    patch.setattr(queue, "_LEFT_OVER", early)


def rollover_twice(patch: Patch) -> None:
    """Each thing is done again under another name, also what has ended."""
    real = rollover.roll_over
    statements = tuple(Hot(f"SELECT {queue._COLUMNS} FROM ticket WHERE day < :day AND state <> 'done' LIMIT :most")
                       for _ in range(1))  # fmt: skip
    beats = [0]

    def roll_over(ledger, now, settle):
        beats[0] += 1
        first = real(ledger, now, settle)
        patch.setattr(queue, "_LEFT_OVER", statements)
        return first + real(ledger, now, lambda name, body: settle(f"{name} {beats[0]}", body))

    patch.setattr(rollover, "roll_over", roll_over)


def retry_done_twice(patch: Patch) -> None:
    """The key says nothing: each try is a command of its own."""
    patch.setattr(commands, "command_id", lambda _token, _key: str(uuid.uuid4()))


def telephone_in_an_event(patch: Patch) -> None:
    real = tickets.Tickets.take

    def take(self, work, order):
        given = real(self, work, order)
        if order.phone and work.events:
            work.events[-1] = dataclasses.replace(work.events[-1], data={**work.events[-1].data, "phone": order.phone})
        return given

    patch.setattr(tickets.Tickets, "take", take)


def telephone_in_the_clear(patch: Patch) -> None:
    """A matter's column is as good a place as any."""
    real = tickets.Tickets.take

    def take(self, work, order):
        given = real(self, work, order)
        if order.phone:
            work.tx.run(Hot("UPDATE ticket SET matter = :phone WHERE id = :id"), phone=order.phone, id=given.number.id)
        return given

    patch.setattr(tickets.Tickets, "take", take)


def no_way_on(patch: Patch) -> None:
    for module in (appointments, windows, tickets):
        patch.setattr(module, "declined", lambda kind, reason, _offers=(): Declined(Refusal(kind, reason)))


def last_come_first_served(patch: Patch) -> None:
    real = queue._heads

    def heads(lines):
        return Hot(real(lines).text("sqlite").replace("ORDER BY since, n", "ORDER BY since DESC, n DESC"))

    patch.setattr(queue, "_heads", heads)


def least_weight_first(patch: Patch) -> None:
    real = calling.score
    patch.setattr(calling, "score", lambda candidate, now: -real(candidate, now))


def whoever_is_there(patch: Patch) -> None:
    """A press ends whom the window serves, whoever it was meant for."""
    real = windows.Windows._served
    patch.setattr(windows.Windows, "_served", lambda self, work, window, _serving=None: real(self, work, window, None))


def held_and_not_told(patch: Patch) -> None:
    """A ticket is set aside and the log says nothing."""
    real = windows.Windows._set_aside

    def set_aside(self, work, *more, **changes):
        done = real(self, work, *more, **changes)
        work.events.clear()
        return done

    patch.setattr(windows.Windows, "_set_aside", set_aside)


def called_and_not_told(patch: Patch) -> None:
    """A call is made and the log says nothing: no display shows it, no voice says it."""
    real = windows.Windows._tell
    patch.setattr(windows.Windows, "_tell", lambda self, work, what, number, window: (
        None if what == "called" else real(self, work, what, number, window)))  # fmt: skip


def waits_upside_down(patch: Patch) -> None:
    real = waiting.rounded
    patch.setattr(waiting, "rounded", lambda low, high: (real(low, high)[1] + 5, real(low, high)[0]))


def answer_forgets(patch: Patch) -> None:
    """The answer that is kept is not the one that was given."""
    real = commands.keep

    def keep(answer):
        said = json.loads(real(answer))
        if "ahead" in said:
            said["ahead"] += 1
        return json.dumps(said)

    patch.setattr(commands, "keep", keep)


def journal_forgets(patch: Patch) -> None:
    """A job that is known is printed again."""
    real = Journal.queue
    patch.setattr(Journal, "queue", lambda self, job, content: bool((real(self, job, content), True)))


def nobody_is_told(patch: Patch) -> None:
    patch.setattr(PrintDesk, "reports", lambda _self: ())


def all_at_once(patch: Patch) -> None:
    """A sentence is begun while another is being spoken."""
    real = Speech.pump

    def pump(self):
        self._speaking = None
        real(self)

    patch.setattr(Speech, "pump", pump)


def crowded(settings: Settings) -> Settings:
    """So that few windows want the same residents, and many residents the same place."""
    return dataclasses.replace(
        settings,
        windows=tuple(dataclasses.replace(window, services=()) for window in settings.windows[:3]),
        facilities=tuple(
            dataclasses.replace(one, rules=dataclasses.replace(one.rules, capacity=2)) for one in settings.facilities
        ),
    )


# These in every `make test`, each on an hour of a morning; the others in `make soak`, on a longer one.
def request_told_wrong(patch: Patch) -> None:
    """Its events say that it is answered already."""
    real = request_moves.facts
    patch.setattr(request_moves, "facts", lambda row: real(row) | {"state": "done"})


def request_under_no_code(patch: Patch) -> None:
    """The code that was printed is not the one that was kept."""
    real = request_views.RequestViews.request

    def request(self, lodged, now, phone, *, staff):
        seen = real(self, lodged, now, phone, staff=staff)
        return dataclasses.replace(seen, code=seen.code[::-1])

    patch.setattr(request_views.RequestViews, "request", request)


MUTANTS: list[tuple[Install, str]] = [
    (no_capacity, "places"),
    (no_compare_and_set, "calls"),
    (same_number, "numbers"),
    (no_rollover, "nobody"),
    (rollover_twice, "nobody"),
    (retry_done_twice, "once"),
    (telephone_in_an_event, "privacy"),
    (no_way_on, "way-on"),
    (last_come_first_served, "order"),
    (called_and_not_told, "log"),
    (journal_forgets, "paper"),
    (request_told_wrong, "log"),
    (request_under_no_code, "nobody"),
]
MORE: list[tuple[Install, str]] = [
    (compare_and_set_only_in_the_index, "answers"),
    (skipped_number, "numbers"),
    (rollover_early, "nobody"),
    (telephone_in_the_clear, "privacy"),
    (least_weight_first, "order"),
    (held_and_not_told, "log"),
    (waits_upside_down, "waits"),
    (answer_forgets, "once"),
    (whoever_is_there, "once"),
    (nobody_is_told, "paper"),
    (all_at_once, "voice"),
]
