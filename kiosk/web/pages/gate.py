"""The doorway of a hall's pages: what all of them know of the house, besides who is signed in."""

from __future__ import annotations

from concurrent.futures import Executor

from kiosk.door import Refusal
from kiosk.hall import HallHouse
from kiosk.hall.accounts import Account
from kiosk.hall.patience import Patience
from kiosk.upstream import standing
from kiosk.web.pages.attention import Board, board
from kiosk.web.pages.doorway import Doorway, NotOurs, Premises, Press, Said, fields, same_origin
from kiosk.web.sessions import COOKIE

__all__ = ["Gate", "NotOurs", "Press", "Said", "fields", "same_origin"]

ALREADY_SO = frozenset({"ask-clerk", "look-again"})
"""Ways on that make no sense here: a clerk reads this, on a page that shows what is so now."""


class Gate(Doorway):
    """Shared by every page of one hall process."""

    def __init__(self, house: HallHouse, readers: Executor) -> None:
        settings, commands = house.settings, house.commands
        super().__init__(
            Premises(
                house.accounts, Patience(commands.ledger, commands.vault, house.clock), commands.vault, house.clock,
                settings.staff.session_hours, "/staff", COOKIE, settings.hall.name,
            ), readers,
        )  # fmt: skip
        self.house = house

    async def board(self, account: Account) -> Board:
        """What wants a person, in the house and upstream of it, as every page tells it."""
        settings = self.house.settings.upstream
        stand = await self.house.commands.ask(lambda tx: standing.look(tx, settings)) if settings else ()
        notes = () if isinstance(stand, Refusal) else standing.notes(stand)
        return board(await self.house.attention(), account, self.house.clock.now(), self.words, notes)

    def say(self, refusal: Refusal) -> Said:
        """A refusal as its sentence and what works instead."""
        now = self.house.clock.now()
        ways = [self.words.reason(offer.reason, now) for offer in refusal.next if offer.reason.code not in ALREADY_SO]
        return Said(False, " ".join([self.words.reason(refusal.reason, now), *ways[:2]]))
