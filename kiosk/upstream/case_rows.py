"""Cases as rows: made, found, moved on step by step; their words under the district's key. Decides nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, get_type_hints

from kiosk.ledger import Again, Hot, Sealed, Tx, Vault

PRIVATE = ("text", "place", "phone", "name", "why")
# Who answers a case: we do; the tier above was given it; we want it back and the tier above has not said yet; the tier
# above has taken it up.
HERE, HANDED, ASKED_BACK, TAKEN = range(4)


class Case(NamedTuple):
    """A row of `case_`. `unit` and `officer` are "" for nobody; `above` is `HERE` or how it stands with the tier above;
    `turn` counts its steps; times epoch milliseconds."""

    id: str
    hall: str
    category: str
    grid: str
    unit: str
    officer: str
    state: str
    due: str
    filed_at: int
    came_at: int
    changed_at: int
    reopened: int
    extended: int
    above: int
    turn: int


class CaseStep(NamedTuple):
    """What happened to a case: a code with facts. `n` counts from 1; 0 is whose it became when it came."""

    n: int
    at: int
    code: str
    facts: Mapping[str, object]


COLUMNS = ", ".join(Case._fields)


def _all_in(table: str, columns: Mapping[str, type]) -> dict[str, Hot]:
    """An INSERT of any number of rows, given as one text: where others wait for their turn, one statement is what
    counts. `columns`: each with its type here."""
    light = ", ".join(f"json_extract(value, '$[{at}]')" for at in range(len(columns)))
    large = ", ".join(
        f"CAST(value ->> {at} AS bigint)" if kind is int else f"value ->> {at}"
        for at, kind in enumerate(columns.values())
    )
    head, tail = f"INSERT INTO {table} ({', '.join(columns)}) SELECT", "AS each_row(value)"
    return {
        "sqlite": Hot(f"{head} {light} FROM json_each(:rows)"),
        "postgresql": Hot(f"{head} {large} FROM json_array_elements(CAST(:rows AS json)) {tail}"),
    }


_ADD = _all_in("case_", get_type_hints(Case))
_ADD_STEPS = _all_in("request_step", {"request": str, "n": int, "at": int, "code": str, "facts": str})
_BY_ID = Hot(f"SELECT {COLUMNS} FROM case_ WHERE id = :id")  # noqa: S608
_BY_IDS = {
    "sqlite": Hot(f"SELECT {COLUMNS} FROM case_ WHERE id IN (SELECT value FROM json_each(:ids))"),  # noqa: S608
    "postgresql": Hot(
        f"SELECT {COLUMNS} FROM case_"  # noqa: S608
        " WHERE id IN (SELECT json_array_elements_text(CAST(:ids AS json)))"
    ),
}
_MOVE = Hot(
    "UPDATE case_ SET unit = :unit, officer = :officer, state = :state, due = :due, changed_at = :changed_at,"
    " reopened = :reopened, extended = :extended, above = :above, turn = :turn WHERE id = :id AND turn = :seen"
)
_STEP = Hot("INSERT INTO request_step (request, n, at, code, facts) VALUES (:id, :n, :at, :code, :facts)")
_STEPS = Hot("SELECT n, at, code, facts FROM request_step WHERE request = :id ORDER BY n")
_TELL = Hot(
    "INSERT INTO case_change (id, hall, request, kind, at, unit, officer, due, content)"
    " VALUES (:id, :hall, :request, :kind, :at, :unit, :officer, :due, :content)"
)
_WORDS = Hot("SELECT part, content FROM request_text WHERE subject = :id")
_WORDS_OF = {
    "sqlite": Hot("SELECT subject, part, content FROM request_text WHERE subject IN"
                  " (SELECT value FROM json_each(:ids))"),
    "postgresql": Hot("SELECT subject, part, content FROM request_text WHERE subject IN"
                      " (SELECT json_array_elements_text(CAST(:ids AS json)))"),
}  # fmt: skip
_ADD_WORDS = Hot(
    "INSERT INTO request_text (subject, part, content) VALUES (:id, :part, :content) ON CONFLICT DO NOTHING"
)


class Batch:
    """What the events of one transaction do to cases: looked up together, written together."""

    def __init__(self, tx: Tx, ids: Iterable[str]) -> None:
        self._tx = tx
        found = tx.all(_BY_IDS[tx.kind], ids=json.dumps(sorted(set(ids))))
        self._were = {row[0]: Case(*row) for row in found}
        self.cases = dict(self._were)
        self._steps: list[tuple[str, int, int, str, str]] = []
        self._words: list[Mapping[str, object]] = []

    def add(self, vault: Vault, case: Case, private: Mapping[str, str], why: Mapping[str, object]) -> None:
        """A case nobody knew, with its words, and why it is whose it is."""
        self.cases[case.id] = case
        facts = json.dumps(dict(why), ensure_ascii=False)
        self._steps.append((case.id, 0, case.came_at, "given-first", facts))
        self.words(vault, case.id, private)

    def words(self, vault: Vault, id_: str, private: Mapping[str, str]) -> None:
        """What came with a case, if nothing has come yet."""
        if private:
            text = json.dumps(dict(private), ensure_ascii=False)
            self._words.append({"id": id_, "part": "words", "content": vault.seal(text, f"case {id_} words")})

    def move(
        self, to: Case, at: int, code: str, vault: Vault, text: str = "", facts: Mapping[str, object] | None = None
    ) -> None:  # fmt: skip
        """A case goes on by one step; `text`: what was written with it."""
        if text:
            part = f"step:{self.cases[to.id].turn}"
            self._words.append({"id": to.id, "part": part, "content": vault.seal(text, f"case {to.id} {part}")})
        self._steps.append((to.id, self.cases[to.id].turn, at, code, json.dumps(dict(facts or {}))))
        self.cases[to.id] = to._replace(turn=to.turn + 1, changed_at=at)

    def write(self) -> None:
        """Write it all down. Raises `Again` if somebody changed one of the cases meanwhile."""
        new = [case for id_, case in self.cases.items() if id_ not in self._were]
        moved = [case for id_, case in self.cases.items() if self._were.get(id_, case) is not case]
        if new:
            self._tx.run(_ADD[self._tx.kind], rows=json.dumps(new, ensure_ascii=False))
        self._tx.many(_ADD_WORDS, self._words)
        if self._steps:
            self._tx.run(_ADD_STEPS[self._tx.kind], rows=json.dumps(self._steps, ensure_ascii=False))
        changes = [_changed(case, self._were[case.id].turn) for case in moved]
        if changes and self._tx.many(_MOVE, changes) != len(changes):
            raise Again


def words(tx: Tx, vault: Vault, id_: str, part: str, text: str) -> None:
    """Keep words of a case; `part` is "words" for what came with it, "step:{n}" for what was answered."""
    tx.run(_ADD_WORDS, id=id_, part=part, content=vault.seal(text, f"case {id_} {part}"))


def step(tx: Tx, id_: str, n: int, at: int, code: str, facts: Mapping[str, object]) -> None:
    """Write down what happened. `n` is the case's turn as it was found."""
    tx.run(_STEP, id=id_, n=n, at=at, code=code, facts=json.dumps(dict(facts), ensure_ascii=False))


def tell(
    tx: Tx, vault: Vault, id_: str, case: Case, kind: str, at: int, *, unit: str = "", officer: str = "", due: str = "",
    text: str = "",
) -> None:  # fmt: skip
    """A change that whoever posted the case will pull. Needs `Tx.alone`: it is read by number."""
    content = vault.seal(text, f"change {id_}") if text else None
    tx.run(_TELL, id=id_, hall=case.hall, request=case.id, kind=kind, at=at, unit=unit, officer=officer, due=due,
           content=content)  # fmt: skip


def move(tx: Tx, was: Case, now: Case, at: int) -> Case:
    """Change a case that is still as it was found. Raises `Again`."""
    moved = now._replace(turn=was.turn + 1, changed_at=at)
    if tx.run(_MOVE, **_changed(moved, was.turn)) != 1:
        raise Again
    return moved


def _changed(case: Case, seen: int) -> dict[str, object]:
    keys = ("id", "unit", "officer", "state", "due", "changed_at", "reopened", "extended", "above", "turn")
    return {"seen": seen, **{key: getattr(case, key) for key in keys}}


def at_work(case: Case) -> bool:
    """Whether somebody here still has to do something about it."""
    return not case.above and case.state in {"registered", "accepted", "doing"}


def by_id(tx: Tx, id_: str) -> Case | None:
    row = tx.one(_BY_ID, id=id_)
    return None if row is None else Case(*row)


def steps(tx: Tx, id_: str) -> list[CaseStep]:
    """What happened, oldest first."""
    return [CaseStep(n, at, code, json.loads(facts)) for n, at, code, facts in tx.all(_STEPS, id=id_)]


def said(tx: Tx, vault: Vault, id_: str) -> dict[str, str]:
    """Every word of a case that is still kept, by part; `PRIVATE` for what came with it."""
    return _opened(vault, id_, tx.all(_WORDS, id=id_))


def said_of(tx: Tx, vault: Vault, ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """The same of many cases, by their ids."""
    rows: dict[str, list[tuple[str, bytes]]] = {id_: [] for id_ in ids}
    for id_, part, content in tx.all(_WORDS_OF[tx.kind], ids=json.dumps(list(ids))):
        rows[id_].append((part, content))
    return {id_: _opened(vault, id_, sealed) for id_, sealed in rows.items()}


def _opened(vault: Vault, id_: str, sealed: Iterable[Sequence[Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part, content in sealed:
        try:
            text = vault.open(bytes(content), f"case {id_} {part}")
        except Sealed:
            continue
        found |= json.loads(text) if part == "words" else {part: text}
    return found
