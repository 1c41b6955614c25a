"""A district between a hall and the tier above: what is handed up, what comes back down, and what dies in time.

What the tier above does to a case is passed on to its hall as if it had been done here; what ends or reopens at the
hall is passed on to whoever answers it above.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from kiosk.door import Change
from kiosk.ledger import Event, Hot, Ledger, Tx
from kiosk.upstream.case_rows import Case
from kiosk.upstream.cases import Cases, No

PERSONAL_FOR = timedelta(days=7)

_WORDS = Hot(
    "DELETE FROM request_text WHERE subject IN"
    " (SELECT id FROM case_ WHERE state IN ('confirmed', 'returned') AND changed_at < :before)"
)
_CHANGES = Hot(
    "UPDATE case_change SET content = NULL WHERE content IS NOT NULL AND request IN"
    " (SELECT id FROM case_ WHERE state IN ('confirmed', 'returned') AND changed_at < :before)"
)


def applier(cases: Cases, ledger: Ledger, now: Callable[[], datetime]) -> Callable[[Change], object]:
    """What takes changes of the tier above, each once; what makes no sense changes nothing. Raises `LedgerTrouble`."""

    def apply(change: Change) -> object:
        def command(tx: Tx) -> str:
            try:
                return cases.from_above(tx, change, now())
            except No as no:
                return no.code

        return ledger.write(command).result()

    return apply


def onward(case: Case, event: str, what: str, district: str, at: int, facts: Mapping[str, object]) -> Event:
    """The word for the tier above of what happened at the hall. Its id is made of the hall's event: once is once."""
    data = {"category": case.category, "grid": case.grid, "due": case.due, "reopened": case.reopened, **facts}
    return Event(f"{district}:{event}", f"cn.hall.{what}.v1", f"/districts/{district}/1", case.id, at, data)


def purge(tx: Tx, now: datetime) -> int:
    """Forget every word of what ended a week ago; the register itself stays. How many rows."""
    before = round((now - PERSONAL_FOR).timestamp() * 1000)
    return tx.run(_WORDS, before=before) + tx.run(_CHANGES, before=before)
