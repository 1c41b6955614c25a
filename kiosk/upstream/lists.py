"""Cases as pages and files want them: found, counted and cut in the database, so that what is shown is the beginning of
all there is, and says how many there are. Decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from kiosk.ledger import Hot, Tx
from kiosk.upstream.case_rows import COLUMNS, Case

_FOREVER = "9999-12-31"
# Whose cases somebody may see, and to which of them they were narrowed.
_SEEN = (
    "(:everyone = 1 OR unit = :unit OR officer = :me)"
    " AND (:state = '' OR state = :state) AND (:narrowed = '' OR unit = :narrowed)"
)
# The first condition is that of an index, which holds open cases only.
_OPEN = (
    f"state NOT IN ('confirmed', 'returned') AND {_SEEN}"
    " AND (:mine = 0 OR officer = :me) AND due <= :due_by AND (:late = 0 OR state <> 'done')"
)
_TO_DO = Hot(
    f"SELECT {COLUMNS} FROM case_ WHERE {_OPEN}"  # noqa: S608 - of constants
    " ORDER BY CASE WHEN state = 'done' OR above <> 0 THEN 1 ELSE 0 END, due, filed_at, id LIMIT :most OFFSET :skip"
)
_TO_DO_COUNT = Hot(f"SELECT count(*) FROM case_ WHERE {_OPEN}")  # noqa: S608
_REGISTER = Hot(
    f"SELECT {COLUMNS} FROM case_ WHERE {_SEEN} ORDER BY filed_at DESC, id DESC LIMIT :most OFFSET :skip"  # noqa: S608
)
_REGISTER_COUNT = Hot(f"SELECT count(*) FROM case_ WHERE {_SEEN}")  # noqa: S608
_REGISTER_AFTER = Hot(
    f"SELECT {COLUMNS} FROM case_ WHERE {_SEEN} AND (filed_at, id) < (:filed_at, :id)"  # noqa: S608
    " ORDER BY filed_at DESC, id DESC LIMIT :most"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose cases: a unit's and those in somebody's own hands, or with `everyone` all; of these those of a `state` and
    `narrowed` to a unit ("": any)."""

    me: str
    unit: str
    everyone: bool
    state: str = ""
    narrowed: str = ""

    def binds(self) -> dict[str, str | int]:
        return {"me": self.me, "unit": self.unit, "everyone": int(self.everyone), "state": self.state,
                "narrowed": self.narrowed}  # fmt: skip


class Place(NamedTuple):
    """A place in the register, the newest first: what comes after it does not move however many come in front."""

    filed_at: int
    id: str


START = Place(2**62, "")


def to_do(
    tx: Tx, scope: Scope, *, mine: bool = False, due_by: str = "", skip: int = 0, most: int
) -> tuple[list[Case], int]:
    """Cases that have not ended, what is to be done here in front and of that the first due; and how many there are.
    `mine`: only those in one's own hands; `due_by`: only unanswered ones due by then, an ISO date."""
    binds = {**scope.binds(), "mine": int(mine), "due_by": due_by or _FOREVER, "late": int(bool(due_by))}
    return _page(tx, _TO_DO, _TO_DO_COUNT, binds, skip, most)


def register(tx: Tx, scope: Scope, *, skip: int = 0, most: int) -> tuple[list[Case], int]:
    """The register, the newest first; and how many there are."""
    return _page(tx, _REGISTER, _REGISTER_COUNT, scope.binds(), skip, most)


def register_after(tx: Tx, scope: Scope, place: Place, most: int) -> list[Case]:
    """The register from a place on, for whoever reads all of it in pieces: each case comes once."""
    return [Case(*row) for row in tx.all(_REGISTER_AFTER, **scope.binds(), **place._asdict(), most=most)]


def _page(
    tx: Tx, page: Hot, counted: Hot, binds: dict[str, str | int], skip: int, most: int
) -> tuple[list[Case], int]:  # fmt: skip
    """So many after the first `skip`; beyond the end, the last of these pages: a list grows shorter while one reads."""
    row = tx.one(counted, **binds)
    count = 0 if row is None else int(row[0])
    skip = min(skip, max(0, count - 1) // most * most)
    return [Case(*row) for row in tx.all(page, **binds, skip=skip, most=most)], count
