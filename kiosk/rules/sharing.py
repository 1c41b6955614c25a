"""Which officer of a unit a new case becomes: whoever has the fewest open cases, of those who can take one. Pure; it
says why with the numbers it chose by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Share(NamedTuple):
    """Whose a case becomes, "" for nobody's: so many stood `open` in their hands, of so many (`among`) who could."""

    officer: str
    open: int
    among: int


def share(officers: Sequence[str], accounts: Mapping[str, bool], open_: Mapping[str, int]) -> Share:
    """One of a unit's `officers`; as they stand where they have equally few. `accounts`: whether each may sign in; who
    has no account yet takes cases only where nobody of the unit has one that works, who was shut out never."""
    able = [one for one in officers if accounts.get(one)] or [one for one in officers if one not in accounts]
    if not able:
        return Share("", 0, 0)
    chosen = min(able, key=lambda one: open_.get(one, 0))
    return Share(chosen, open_.get(chosen, 0), len(able))
