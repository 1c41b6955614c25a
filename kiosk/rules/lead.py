"""A lead time as a value: how long before a slot something must be done. What it means on a given day is
`kiosk.rules.slots`' business."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal["minutes", "hours", "half_days", "days", "working_days"]
UNITS: tuple[Unit, ...] = ("minutes", "hours", "half_days", "days", "working_days")


@dataclass(frozen=True, slots=True)
class Lead:
    """`amount` of `unit` before the start; boundaries are inclusive. Nothing at all is zero minutes."""

    unit: Unit
    amount: int

    def as_table(self) -> dict[str, int]:
        """The form it has in hall.toml: {"half_days": 1}."""
        return {self.unit: self.amount}


NONE = Lead("minutes", 0)
