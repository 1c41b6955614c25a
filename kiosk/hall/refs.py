"""References that a telephone's look-up hands out: opaque, ten minutes, for check-in only, for the token that asked.

A reference is the appointment's id sealed under the hall's key; every hall process can read it and nothing is stored.
"""

from __future__ import annotations

import base64
import binascii
from datetime import timedelta

from kiosk.hall.callers import Caller
from kiosk.ledger import Sealed, Vault

LASTS_MS = round(timedelta(minutes=10).total_seconds() * 1000)
_HEAD = "ref_"


def is_ref(text: str) -> bool:
    """Whether a text is a reference rather than a code."""
    return text.startswith(_HEAD)


def make(vault: Vault, caller: Caller, appointment: str, at: int) -> str:
    """A reference to an appointment, given to `caller` at `at` (epoch milliseconds)."""
    sealed = vault.seal(f"{at} {appointment}", f"ref:{caller.id}")
    return _HEAD + base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def read(vault: Vault, caller: Caller, ref: str, now: int) -> str | None:
    """The appointment's id; None for what is too old, foreign, another's, or no reference at all."""
    body = ref.removeprefix(_HEAD)
    try:
        at, _, appointment = vault.open(
            base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)), f"ref:{caller.id}"
        ).partition(" ")
    except (Sealed, binascii.Error, ValueError):
        return None
    return appointment if abs(now - int(at)) <= LASTS_MS else None
