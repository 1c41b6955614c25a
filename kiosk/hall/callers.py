"""Who asks the hall for something."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.door import Role


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in token or person. `id` is opaque and scopes idempotency keys; `name` is what staff read."""

    id: str
    name: str
    role: Role

    @property
    def staff(self) -> bool:
        """A clerk or a manager: may do for a resident what a kiosk may not."""
        return self.role is not Role.KIOSK
