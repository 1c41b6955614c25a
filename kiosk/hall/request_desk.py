"""What clerks and managers do with requests, each the body of one command: take over, hand over with a reason, note a
call-back, and what the hall answers by itself where nobody upstream does.

Whoever was asked first stays named for ever. Only a manager strikes off, and says why.
"""

from __future__ import annotations

from kiosk.door import HELP_NAMES, MOST_TEXT, HelpKind, Offer, Reason, Role
from kiosk.hall import request_rows
from kiosk.hall.answers import Asked, Lodged
from kiosk.hall.callers import Caller
from kiosk.hall.commands import Work, declined
from kiosk.hall.request_moves import Moves, day, who
from kiosk.hall.said import said
from kiosk.ledger import Hot
from kiosk.rules.deadline import MOST_DAYS

_COLLEAGUE = Hot(
    "SELECT 1 FROM account WHERE name = :name AND id NOT IN (SELECT account FROM account_off)"
    " UNION ALL SELECT 1 FROM token WHERE name = :name AND role <> 'kiosk'"
)
_BEFORE = {
    "accepted": ("registered",),
    "doing": ("registered", "accepted"),
    "done": ("registered", "accepted", "doing"),
}
ASK_MANAGER = Offer(Reason("manager-brings-home"))
ANSWERING = ("accept", "doing", "answer", "extend")


class RequestDesk:
    """The use cases of staff. Every method is run by `Commands` and raises `Declined`; `id_` is a request's."""

    def __init__(self, moves: Moves) -> None:
        self._moves = moves

    def take_over(self, work: Work, id_: str) -> Lodged:
        """Take one into one's own hands that nobody has. Two at once: the first has it."""
        row = self._living(work, id_)
        if row.holder:
            raise declined("conflict", Reason("request-held", {"by": row.holder}),
                           (Offer(Reason("ask-holder", {"by": row.holder})),))  # fmt: skip
        me = work.caller.name
        taken = row._replace(holder=me, first_asked=row.first_asked or me)
        return self._moves.go_on(work, row, taken, Reason("request-taken-over", {"by": me}), "taken-over")

    def hand_over(self, work: Work, id_: str, to: str, why: str) -> Lodged:
        """Give it into another's hands. Whoever had it first stays first-asked."""
        row = self._in_hand(work, self._living(work, id_))
        words = self._moves.why(why)
        if to == row.holder:
            raise declined("rule", Reason("already-theirs", {"by": to}))
        if work.tx.one(_COLLEAGUE, name=to) is None:
            raise declined("missing", Reason("unknown-colleague"))  # not who: refusals are kept, and it may be anybody
        what = Reason("request-handed-over", {"giver": work.caller.name, "to": to})
        given = row._replace(holder=to, officer=to if row.officer == row.holder and row.officer else row.officer)
        return self._moves.go_on(work, row, given, what, "handed-over", words=words)

    def note_call_back(self, work: Work, id_: str, text: str) -> Lodged:
        """The resident was called, and this was said."""
        row = self._living(work, id_)
        words = said(text, MOST_TEXT, "words-missing")
        request_rows.settle_help(work.tx, row.id, HelpKind.CALL_BACK, work.at, work.caller.name)
        what = Reason("request-called-back", {"by": work.caller.name})
        return self._moves.go_on(work, row, row, what, "called-back", words=words)

    def settle_help(self, work: Work, id_: str, kind: HelpKind) -> Lodged:
        """Somebody has seen to a kind of help that was asked for."""
        row = self._living(work, id_)
        name = HELP_NAMES[kind]
        if not request_rows.settle_help(work.tx, row.id, kind.value, work.at, work.caller.name):
            raise declined("conflict", Reason("help-not-asked", {"kind": name}))
        what = Reason("request-help-settled", {"kind": name, "by": work.caller.name})
        return self._moves.go_on(work, row, row, what, "help-settled", more={"kind": kind.value})

    # ---- what the hall answers by itself -----------------------------------------------------------------------------

    def accept(self, work: Work, id_: str) -> Lodged:
        """Answer for it."""
        row, mine = self._answering(work, id_, "accepted")
        what = Reason("request-accepted", who(mine) | {"due": day(mine)})
        return self._moves.go_on(work, row, mine, what, "accepted")

    def doing(self, work: Work, id_: str) -> Lodged:
        """It is being done."""
        row, mine = self._answering(work, id_, "doing")
        return self._moves.go_on(work, row, mine, Reason("request-doing", who(mine)), "doing")

    def answer(self, work: Work, id_: str, text: str) -> Lodged:
        """It is done, and this is the answer. The resident has the last word."""
        row, mine = self._answering(work, id_, "done")
        words = said(text, MOST_TEXT, "words-missing")
        return self._moves.go_on(work, row, mine, Reason("request-done", who(mine)), "answered",
                                 words=words, private=True)  # fmt: skip

    def extend(self, work: Work, id_: str, days: int, why: str) -> Lodged:
        """So many working days more; the resident reads why."""
        row, mine = self._answering(work, id_, None)
        words = self._moves.why(why)
        if not 1 <= days <= MOST_DAYS:
            raise declined("rule", Reason("extension-invalid", {"most": MOST_DAYS}))
        due = self._moves.places.extended(day(row), work.now, days)
        longer = mine._replace(due=due.isoformat(), extended=row.extended + days)
        what = Reason("request-extended", {"due": due})
        return self._moves.go_on(work, row, longer, what, "extended", words=words, more={"days": days}, private=True)

    def bring_home(self, work: Work, id_: str, why: str) -> Lodged:
        """A manager's decision that the hall answers it: upstream refused it, or is no more. Upstream is told."""
        if work.caller.role is not Role.MANAGER:
            raise declined("forbidden", Reason("only-manager-brings-home"), (ASK_MANAGER,))
        row = self._living(work, id_)
        if not row.away or row.state == "done":
            raise declined("conflict", Reason("request-already", {"state": row.state}))
        words = self._moves.why(why)
        home = self._moves.back(row)
        what = Reason("request-brought-home", {"by": work.caller.name})
        return self._moves.go_on(work, row, home, what, "brought-home", words=words, private=True)

    def strike_off(self, work: Work, id_: str, why: str) -> Lodged:
        """A manager's decision that it ends."""
        if work.caller.role is not Role.MANAGER:
            raise declined("forbidden", Reason("only-manager-strikes-off"), (Offer(Reason("manager-strikes-off")),))
        row = self._living(work, id_)
        words = self._moves.why(why)
        what = Reason("request-struck-off", {"by": work.caller.name})
        return self._moves.go_on(
            work, row, row._replace(state="confirmed"), what, "struck-off", words=words, private=True
        )  # fmt: skip

    # ---- what stands in the way --------------------------------------------------------------------------------------

    def _living(self, work: Work, id_: str) -> Asked:
        row = request_rows.by_id(work.tx, id_) if id_.isprintable() else None
        if row is None:
            raise declined("missing", Reason("request-unknown"))
        return self._moves.alive(row)

    def _in_hand(self, work: Work, row: Asked) -> Asked:
        """A request in this caller's hands: it is theirs, or nobody's until now, or they are a manager."""
        if row.holder and row.holder != work.caller.name and work.caller.role is not Role.MANAGER:
            raise declined("conflict", Reason("request-held", {"by": row.holder}),
                           (Offer(Reason("ask-holder", {"by": row.holder})),))  # fmt: skip
        me = row.holder or work.caller.name
        return row._replace(holder=me, first_asked=row.first_asked or me)

    def _answering(self, work: Work, id_: str, state: str | None) -> tuple[Asked, Asked]:
        """The request as it is, and as it is once this caller answers for it in a state (None: as it was)."""
        row = self._living(work, id_)
        if row.away:
            raise declined("conflict", Reason("answered-upstream", who(row)), (ASK_MANAGER,))
        if row.state not in _BEFORE[state or "done"]:
            raise declined("conflict", Reason("request-already", {"state": row.state}))
        mine = self._in_hand(work, row)
        return row, mine._replace(state=state or row.state, officer=row.officer or work.caller.name)


def may(row: Asked, caller: Caller) -> frozenset[str]:
    """What a member of staff can do with a request now."""
    if row.state == "confirmed" or not caller.staff:
        return frozenset()
    manager = caller.role is Role.MANAGER
    able = {"call-back"} | ({"strike-off"} if manager else set()) | ({"take-over"} if not row.holder else set())
    if manager and row.away and row.state != "done":
        able.add("bring-home")
    if not row.holder or row.holder == caller.name or manager:
        able.add("hand-over")
        if not row.away and row.state != "done":
            able |= set(ANSWERING)
            if row.state != "registered":
                able.discard("accept")
            if row.state == "doing":
                able.discard("doing")
    return frozenset(able)
