"""What came in that this version cannot read: which types it can, and what is kept of the others for managers to see.

Such an event is stored like any other, without its private words; no case is made or changed by it."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.ledger import Hot, Tx

READ, UNREAD, SEEN = 1, 0, 2
"""What `received.known` holds: it was read; it could not be; it could not be, and a manager has seen to it."""

_PREFIX, _SUFFIX = "cn.hall.", ".v1"
_REQUESTS = frozenset({
    "filed", "accepted", "doing", "answered", "extended", "escalated", "returned", "brought-home", "taken-over",
    "handed-over", "called-back", "help-asked", "help-settled", "confirmed", "reopened", "struck-off", "reprinted",
    "change-aside", "change-settled", "given", "recalled",
})  # fmt: skip
# Of these a district keeps the record and does nothing: any kind of them can be read.
_OTHERS = frozenset({"appointment", "board", "calendar", "clock", "help", "kiosk", "ledger", "notice", "rating", "slip",
                     "ticket", "window"})  # fmt: skip

_LIST = Hot(
    "SELECT source, type, count(*), min(received_at), max(received_at) FROM received WHERE known = 0"
    " GROUP BY source, type ORDER BY max(received_at) DESC, source, type LIMIT 200"
)
_COUNT = Hot("SELECT count(*) FROM (SELECT 1 FROM received WHERE known = 0 LIMIT 10000) AS unread")
_SEE = Hot(
    "UPDATE received SET known = :seen WHERE known = 0 AND source = :source AND type = :type AND received_at <= :last"
)


@dataclass(frozen=True, slots=True)
class Unread:
    """Events of one type from one source that could not be read. Times in epoch milliseconds."""

    source: str
    type: str
    count: int
    first: int
    last: int


def readable(type_: str) -> bool:
    """Whether this version knows what an event of a type says."""
    if not type_.startswith(_PREFIX) or not type_.endswith(_SUFFIX):
        return False
    about, _dot, what = type_.removeprefix(_PREFIX).removesuffix(_SUFFIX).partition(".")
    return what in _REQUESTS if about == "request" else about in _OTHERS and what.replace("-", "").isalpha()


def listed(tx: Tx) -> tuple[Unread, ...]:
    """What could not be read and nobody has seen to, the newest in front; at most 200 kinds."""
    return tuple(Unread(*row) for row in tx.all(_LIST))


def count(tx: Tx) -> int:
    """How many events those are, counted to 10,000."""
    row = tx.one(_COUNT)
    return 0 if row is None else int(row[0])


def see(tx: Tx, source: str, type_: str, last: int) -> bool:
    """A manager has seen to those that had come by a moment; whether there were any."""
    return tx.run(_SEE, seen=SEEN, source=source, type=type_, last=last) > 0
