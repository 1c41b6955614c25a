"""Requests as rows: made, found, moved on step by step, and what people wrote under the hall's key.

A request's `turn` counts its steps and is what every change compares: of two who found the same, one changes it and the
other looks again. Decides nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

from pydantic_core import to_json

from kiosk.door import Reason
from kiosk.hall.answers import Asked, HelpRow, Lodged, Stepped
from kiosk.hall.register import NoCodeLeft
from kiosk.ledger import Again, Hot, Sealed, Tx, Vault
from kiosk.wire import get_reason, put_reason

_COLUMNS = ", ".join(Asked._fields)
_ADD = Hot(
    f"INSERT INTO request ({_COLUMNS}) VALUES ({', '.join(f':{name}' for name in Asked._fields)})"  # noqa: S608
    " ON CONFLICT (code) DO NOTHING"
)
_BY_CODE = Hot(f"SELECT {_COLUMNS} FROM request WHERE code = :code")  # noqa: S608
_BY_ID = Hot(f"SELECT {_COLUMNS} FROM request WHERE id = :id")  # noqa: S608
# Many residents never come back to say that it is solved: what waits for them must not hide what waits for an answer.
_OPEN = Hot(
    f"SELECT {_COLUMNS} FROM request WHERE state <> 'confirmed'"  # noqa: S608
    " ORDER BY CASE WHEN state = 'done' THEN 1 ELSE 0 END, due, filed_at, id LIMIT :most OFFSET :skip"
)
_LATEST = Hot(f"SELECT {_COLUMNS} FROM request ORDER BY filed_at DESC, id LIMIT :most OFFSET :skip")  # noqa: S608
_PIECE = 500
_MOVE = Hot(
    "UPDATE request SET state = :state, due = :due, extended = :extended, changed_at = :changed_at,"
    " first_asked = :first_asked, holder = :holder, officer = :officer, unit = :unit, away = :away,"
    " reopened = :reopened, turn = :turn WHERE id = :id AND turn = :seen"
)
_ADD_STEP = Hot("INSERT INTO request_step (request, n, at, code, facts) VALUES (:request, :n, :at, :code, :facts)")
_STEPS = Hot("SELECT at, code, facts FROM request_step WHERE request = :id AND n <= :turn ORDER BY n")
_ADD_WORDS = Hot("INSERT INTO request_text (subject, part, content) VALUES (:subject, :part, :content)")
_WORDS = Hot("SELECT part, content FROM request_text WHERE subject = :id")
_ALL_WORDS = Hot("SELECT subject, part, content FROM request_text WHERE part IN ('text', 'place')")
_ADD_HELP = Hot(
    "INSERT INTO request_help (id, request, kind, at) VALUES (:id, :request, :kind, :at) ON CONFLICT DO NOTHING"
)
_SETTLE_HELP = Hot(
    "UPDATE request_help SET settled_at = :at, settled_by = :by"
    " WHERE request = :request AND kind = :kind AND settled_at IS NULL"
)
_HELPS = Hot("SELECT kind, at, settled_at FROM request_help WHERE request = :id ORDER BY at, kind")
_OPEN_HELPS = Hot("SELECT request, kind, at, settled_at FROM request_help WHERE settled_at IS NULL ORDER BY at, kind")
_WANTED = Hot(
    "SELECT request_help.request, request_help.kind, request_help.at, request.category, request.grid"
    " FROM request_help JOIN request ON request.id = request_help.request"
    " WHERE request_help.settled_at IS NULL AND request.state <> 'confirmed'"
    " ORDER BY request_help.at, request_help.kind LIMIT 200"
)
_LATE = Hot("SELECT count(*) FROM request WHERE state NOT IN ('done', 'confirmed') AND due < :today")
_CHANGE_ONCE = Hot(
    "INSERT INTO request_change (id, request, kind, at, aside) VALUES (:id, :request, :kind, :at, :aside)"
    " ON CONFLICT DO NOTHING"
)
_CHANGE_ASIDE = Hot("UPDATE request_change SET aside = :aside WHERE id = :id")
_ASIDE = Hot(
    "SELECT id, request, kind, at, aside FROM request_change WHERE aside IS NOT NULL AND settled_at IS NULL"
    " ORDER BY at, id LIMIT 200"
)
_SETTLE_CHANGE = Hot(
    "UPDATE request_change SET settled_at = :at WHERE id = :id AND aside IS NOT NULL AND settled_at IS NULL"
)

_CODE_TRIES = 50


def add(tx: Tx, row: Asked, new_code: Callable[[], str]) -> Asked:
    """Write a request under a code that no living or recent one has. Raises `NoCodeLeft`."""
    for _ in range(_CODE_TRIES):
        coded = row._replace(code=new_code())
        if tx.run(_ADD, **coded._asdict()) == 1:
            return coded
    raise NoCodeLeft


def by_code(tx: Tx, code: str) -> Asked | None:
    """The request that has this code, living or not long ended."""
    return _row(tx.one(_BY_CODE, code=code))


def by_id(tx: Tx, id_: str) -> Asked | None:
    """The request of this id."""
    return _row(tx.one(_BY_ID, id=id_))


def living(tx: Tx) -> Iterator[Asked]:
    """Those not struck off: those that wait for an answer, the first due in front; then those that have one."""
    return _each(tx, _OPEN)


def latest(tx: Tx) -> Iterator[Asked]:
    """All of them, the latest in front, whatever has become of them."""
    return _each(tx, _LATEST)


def _each(tx: Tx, query: Hot) -> Iterator[Asked]:
    """As many as are wanted, a piece at a time."""
    skip = 0
    while rows := tx.all(query, most=_PIECE, skip=skip):
        yield from (Asked(*row) for row in rows)
        skip += len(rows)


def move(tx: Tx, seen: Asked, to: Asked) -> Asked:
    """Put a request as it was seen into its next form; its turn is the next. Raises `Again` where it is no longer as
    it was seen."""
    moved = to._replace(turn=seen.turn + 1)
    values = moved._asdict()
    for fixed in ("code", "category", "grid", "filed_at"):
        del values[fixed]
    if tx.run(_MOVE, **values, seen=seen.turn) != 1:
        raise Again(seen.id)
    return moved


def add_step(tx: Tx, vault: Vault, row: Asked, at: int, what: Reason, words: str | None = None) -> None:
    """Write what has just happened to a request, as its step of this turn; `words`: what a person wrote with it."""
    said = put_reason(what)
    facts = to_json(said["facts"]).decode()
    tx.run(_ADD_STEP, request=row.id, n=row.turn, at=at, code=what.code, facts=facts)
    if words:
        add_words(tx, vault, row.id, f"step:{row.turn}", words)


def add_words(tx: Tx, vault: Vault, id_: str, part: str, words: str) -> None:
    """Keep what a person wrote, sealed to what it belongs to."""
    tx.run(_ADD_WORDS, subject=id_, part=part, content=vault.seal(words, f"request:{id_}:{part}"))


def opened(vault: Vault, sealed: Iterable[tuple[str, str, bytes]]) -> dict[str, dict[str, str]]:
    """Words as they were written, by what they belong to and part, of rows (subject, part, content)."""
    words: dict[str, dict[str, str]] = {}
    for id_, part, content in sealed:
        try:
            words.setdefault(id_, {})[part] = vault.open(content, f"request:{id_}:{part}")
        except Sealed:  # written under another key: as good as gone
            continue
    return words


def steps(tx: Tx, row: Asked) -> tuple[Stepped, ...]:
    """What had happened to a request by its turn, oldest first."""
    return tuple(
        Stepped(at, get_reason({"code": code, "facts": json.loads(facts)}))
        for at, code, facts in tx.all(_STEPS, id=row.id, turn=row.turn)
    )


def whole(tx: Tx, vault: Vault, row: Asked) -> Lodged:
    """A request as it stood at a turn: with the code it has today, its steps until then, and what is left of its
    words."""
    today = by_id(tx, row.id)
    words = opened(vault, ((row.id, part, content) for part, content in tx.all(_WORDS, id=row.id)))
    return Lodged(
        row._replace(code=None if today is None else today.code), steps(tx, row),
        tuple(HelpRow(*help_) for help_ in tx.all(_HELPS, id=row.id)), words.get(row.id, {}),
    )  # fmt: skip


def listed(tx: Tx, vault: Vault, rows: Iterable[Asked]) -> Iterator[Lodged]:
    """Requests for a list, as they are wanted: with text, place and open helps, without steps."""
    words = opened(vault, tx.all(_ALL_WORDS))
    helps: dict[str, list[HelpRow]] = {}
    for id_, kind, at, settled in tx.all(_OPEN_HELPS):
        helps.setdefault(id_, []).append(HelpRow(kind, at, settled))
    for row in rows:
        yield Lodged(row, (), tuple(helps.get(row.id, ())), words.get(row.id, {}))


def add_help(tx: Tx, id_: str, request: str, kind: str, at: int) -> bool:
    """Note that a kind of help is asked for; False where it is already and nobody has seen to it."""
    return tx.run(_ADD_HELP, id=id_, request=request, kind=kind, at=at) == 1


def settle_help(tx: Tx, request: str, kind: str, at: int, by: str) -> bool:
    """Somebody has seen to it; False where nobody asked."""
    return tx.run(_SETTLE_HELP, request=request, kind=kind, at=at, by=by) == 1


def helps_wanted(tx: Tx) -> list[tuple[str, str, int, str, str | None]]:
    """Help asked for that nobody has seen to: request, kind, when, the request's category and grid."""
    return [(id_, kind, at, category, grid) for id_, kind, at, category, grid in tx.all(_WANTED)]


def late(tx: Tx, today: str) -> int:
    """How many are past their due day and not answered."""
    row = tx.one(_LATE, today=today)
    return 0 if row is None else int(row[0])


def change_once(tx: Tx, id_: str, request: str, kind: str, at: int) -> bool:
    """Note a change that came from upstream; False where it came before."""
    return tx.run(_CHANGE_ONCE, id=id_, request=request, kind=kind, at=at, aside=None) == 1


def set_aside(tx: Tx, id_: str, why: Reason) -> None:
    """A change could not be applied; staff look at it."""
    tx.run(_CHANGE_ASIDE, id=id_, aside=to_json(put_reason(why)).decode())


def aside(tx: Tx) -> list[tuple[str, str, str, int, Reason]]:
    """Changes set aside that nobody has looked at: id, request, kind, when, why."""
    return [(id_, request, kind, at, get_reason(json.loads(why))) for id_, request, kind, at, why in tx.all(_ASIDE)]


def settle_change(tx: Tx, id_: str, at: int) -> bool:
    """Somebody has looked at it; False if there is none."""
    return tx.run(_SETTLE_CHANGE, id=id_, at=at) == 1


def _row(row: tuple[object, ...] | None) -> Asked | None:
    return None if row is None else Asked(*row)  # type: ignore[arg-type]
