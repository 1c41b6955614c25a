"""Whose hands a unit's next case goes to, as things stand in one transaction: the rule is `kiosk.rules.sharing`'s, what
it is told is read here. Whoever asks has the log to themselves (`Tx.alone`), or two would be given the same count."""

from __future__ import annotations

from collections import Counter

from kiosk.ledger import Hot, Tx
from kiosk.rules.sharing import Share, share
from kiosk.upstream.case_rows import Case, at_work
from kiosk.upstream.district import Unit

_ACCOUNTS = Hot("SELECT name, (SELECT count(*) FROM account_off WHERE account_off.account = account.id) FROM account")
# Said twice: the first condition is that of an index, which holds open cases only.
_OPEN = Hot(
    "SELECT officer, count(*) FROM case_ WHERE state NOT IN ('confirmed', 'returned')"
    " AND state <> 'done' AND above = 0 GROUP BY officer"
)


def accounts(tx: Tx) -> dict[str, bool]:
    """Everybody who has an account, and whether it works."""
    return {name: not off for name, off in tx.all(_ACCOUNTS)}


def in_hand(tx: Tx) -> Counter[str]:
    """How many open cases each officer has."""
    return Counter(dict(tx.all(_OPEN)))


class Officers:
    """Who has how many, kept while one transaction gives cases out. Nothing is read before the first is given."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._accounts: dict[str, bool] | None = None
        self._open = Counter[str]()

    def next(self, unit: Unit) -> Share:
        """Who of a unit takes a case now; from then on they have one more."""
        if self._accounts is None:
            self._accounts = accounts(self._tx)
            self._open.update(in_hand(self._tx))
        given = share([one.name for one in unit.officers if one.role == "officer"], self._accounts, self._open)
        self._open[given.officer] += 1
        return given

    def moved(self, was: Case, now: Case) -> None:
        """A case that is not written down yet changed hands or state."""
        self._open[was.officer] -= at_work(was)
        self._open[now.officer] += at_work(now)
