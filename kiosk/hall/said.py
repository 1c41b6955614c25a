"""What people write, as the hall takes it: cleaned, not too long. The one check for a request's words, a rating's and
whatever else is written by hand."""

from __future__ import annotations

from kiosk.door import Offer, Reason
from kiosk.hall.commands import declined
from kiosk.rules import cleaning


def said(text: str, most: int, empty: str, *, lines: bool = True) -> str:
    """What a person wrote, cleaned. `empty`: the reason code where nothing was said. Raises `Declined`."""
    kept = said_if_any(text, most, lines=lines)
    if kept is None:
        raise declined("rule", Reason(empty))
    return kept


def said_if_any(text: str | None, most: int, *, lines: bool = True) -> str | None:
    """What a person wrote where nothing has to be written; None where nothing was said. Raises `Declined`."""
    kept = cleaning.clean(text or "", lines=lines)
    if not cleaning.says_something(kept):
        return None
    if len(kept) > most:
        raise declined("rule", Reason("words-too-many", {"most": most, "found": len(kept)}),
                       (Offer(Reason("say-it-shorter", {"most": most})), Offer(Reason("ask-clerk"))))  # fmt: skip
    return kept
