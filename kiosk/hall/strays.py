"""Living bookings off today's grid: hours or slots were changed in hall.toml, and their times are no slot's any more.

They stand, and their places are nobody else's: in every slot they overlap they count. Which there are is learned when
a hall starts and when its calendar changes; only where there are some is anything asked. They only ever become fewer:
nobody can book off the grid.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from kiosk.hall import places, register
from kiosk.hall.answers import moment, ms
from kiosk.hall.schedule import Place, Schedule
from kiosk.ledger import Hot, Tx
from kiosk.rules.slots import SlotTime as Stretch

_OVER = Hot(
    "SELECT begins, ends, places FROM appointment WHERE state IN ('booked', 'checked-in') AND facility = :facility"
    " AND begins > :earliest AND begins < :until AND ends > :since AND begins <> :since AND id <> :but"
)


def learn(tx: Tx, schedule: Schedule, now: int) -> None:
    """Find them, and leave their spans with the schedule."""
    spans = []
    for held in register.living(tx, now - places.LONGEST_MS):
        place = schedule.place(held.facility)
        if place is None or held.ends <= now:
            continue
        stretch = schedule.stretch(place, moment(held.begins, schedule.zone))
        if stretch is None or ms(stretch.end) != held.ends:
            spans.append((held.facility, held.begins, held.ends))
    spans.sort()
    schedule.strays = {
        facility: tuple((begins, ends) for _facility, begins, ends in group)
        for facility, group in groupby(spans, lambda span: span[0])
    }


def over(tx: Tx, schedule: Schedule, place: Place, stretch: Stretch, but: str = "") -> int:
    """Places that bookings of other times hold at the same time in a slot. Those that begin with it are in its row.
    `but`: one that is about to leave its own."""
    since, until = ms(stretch.start), ms(stretch.end)
    if not any(begins < until and ends > since for begins, ends in schedule.strays.get(place.id, ())):
        return 0
    earliest = since - places.LONGEST_MS
    rows = tx.all(_OVER, facility=place.id, earliest=earliest, since=since, until=until, but=but)
    # The most at any one moment: it is reached when one of them begins, or the slot does.
    return max(
        (sum(held for begins, ends, held in rows if begins <= at < ends)
         for at in {since, *(begins for begins, _ends, _held in rows if begins > since)}),
        default=0,
    )  # fmt: skip


def taken(tx: Tx, schedule: Schedule, place: Place, stretches: Sequence[Stretch]) -> dict[int, int]:
    """Places taken in consecutive slots, by beginning, with what strays hold in them. Untouched slots are not in it."""
    known = places.taken(tx, place.id, ms(stretches[0].start), ms(stretches[-1].end))
    if place.id in schedule.strays:
        for stretch in stretches:
            begins = ms(stretch.start)
            if more := over(tx, schedule, place, stretch):
                known[begins] = known.get(begins, 0) + more
    return known
