"""What a clerk may look up for a resident: bookings by telephone, whole; by code or QR text as whoever has the slip."""

from __future__ import annotations

from kiosk.door import Appointment, Reason, Refusal
from kiosk.hall.callers import Caller
from kiosk.hall.house import HallHouse


async def find_for_staff(house: HallHouse, caller: Caller, text: str) -> tuple[Appointment, ...] | Refusal:
    """The bookings that a telephone number or a code names; empty when there are none."""
    if not caller.staff:
        return Refusal("forbidden", Reason("not-allowed"))
    typed = "".join(text.split()).replace("-", "")
    if (typed.isdigit() and len(typed) == 6) or typed.upper().startswith("HK"):
        found = await house.door(caller).appointment(typed)
        if isinstance(found, Refusal):
            return () if found.reason.code == "code-unknown" else found
        return (found,)
    return await house.of_phone(caller, typed)
