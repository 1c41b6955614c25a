"""Patience with wrong passwords: after so many in ten minutes one waits a minute after each. Counted in the ledger, so
that it holds in every process of the hall and over a restart; never under a name, only under its keyed fingerprint.

An attempt counts as missed from before its password is looked at: of a hundred at once no more are looked at than of a
hundred in turn. While the ledger cannot be written, this process counts alone: staff must be able to come in and see
what is wrong.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import timedelta

from kiosk.clock import Clock
from kiosk.hall.answers import ms
from kiosk.ledger import Hot, Ledger, LedgerTrouble, Tx, Vault

WITHIN = timedelta(minutes=10)
REST = timedelta(minutes=1)
_MOST_KEPT = 2000

_LATEST = Hot("SELECT at FROM miss WHERE kiosk = :who AND at > :since AND at <= :till ORDER BY at DESC LIMIT :most")
_MISS = Hot("INSERT INTO miss (kiosk, at) VALUES (:who, :at)")
_FORGIVE = Hot("DELETE FROM miss WHERE kiosk = :who")
_TAKE_BACK = Hot(
    "DELETE FROM miss WHERE seq = (SELECT seq FROM miss WHERE kiosk = :who AND at = :at ORDER BY seq DESC LIMIT 1)"
)


@dataclass(frozen=True, slots=True)
class Limit:
    """Whose attempts are counted together (a name at an address, an address), and how many are free."""

    whose: str
    tries: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """`wait_s`: seconds until another may be made; above 0 this one may not. `at`: when it was counted."""

    wait_s: float
    at: int
    limits: tuple[Limit, ...] = ()


class Patience:
    """A hall's. Every method may block for a moment; `KeyMissing` is the only trouble that leaves it."""

    def __init__(self, ledger: Ledger, vault: Vault, clock: Clock) -> None:
        self._ledger = ledger
        self._vault = vault
        self._clock = clock
        self._alone: dict[str, deque[int]] = {}

    def attempt(self, *limits: Limit) -> Attempt:
        """Somebody is about to try: may they? If so it is counted as missed, until `right` says otherwise."""
        at = ms(self._clock.now())
        marked = tuple(Limit(self._vault.mac("sign-in", limit.whose).hex(), limit.tries) for limit in limits)

        def command(tx: Tx) -> float:
            tx.alone()
            stretch = {"since": at - _ms(WITHIN), "till": at + _ms(REST)}  # later ones: the clock was put back since
            wait = max(self._wait([row[0] for row in tx.all(_LATEST, who=one.whose, most=one.tries, **stretch)],
                                  one.tries, at) for one in marked)  # fmt: skip
            if wait <= 0:
                for one in marked:
                    tx.run(_MISS, who=one.whose, at=at)
            return wait

        try:
            wait = self._ledger.write(command).result()
        except LedgerTrouble:
            wait = self._count_alone(marked, at)
        return Attempt(wait, at, marked)

    def right(self, attempt: Attempt) -> None:
        """The password was right: the first limit's misses are forgiven, of the others only this attempt."""
        first, *others = attempt.limits

        def command(tx: Tx) -> None:
            tx.run(_FORGIVE, who=first.whose)
            for one in others:
                tx.run(_TAKE_BACK, who=one.whose, at=attempt.at)

        self._alone.clear()
        try:
            self._ledger.write(command).result()
        except LedgerTrouble:
            return  # they age by themselves

    def _count_alone(self, marked: tuple[Limit, ...], at: int) -> float:
        if len(self._alone) > _MOST_KEPT:
            self._alone.clear()
        since = at - _ms(WITHIN)
        known = [[miss for miss in reversed(self._alone.get(one.whose, ())) if miss > since] for one in marked]
        wait = max(self._wait(misses, one.tries, at) for misses, one in zip(known, marked, strict=True))
        if wait <= 0:
            for one in marked:
                self._alone.setdefault(one.whose, deque(maxlen=one.tries)).append(at)
        return wait

    @staticmethod
    def _wait(misses: list[int], tries: int, at: int) -> float:
        """Seconds to wait; `misses` the newest first."""
        if len(misses) < tries:
            return 0.0
        return min(_ms(REST), misses[0] + _ms(REST) - at) / 1000


def _ms(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)
