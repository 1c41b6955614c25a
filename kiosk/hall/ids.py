"""Ids made out of names, so that the same thing done twice has the same id: UUIDs of RFC 9562, as text."""

from __future__ import annotations

import hashlib
from uuid import UUID


def name_id(space: UUID, name: str) -> str:
    """What `str(uuid.uuid5(space, name))` gives, in a quarter of its time: several are made for each command."""
    digest = hashlib.sha1(space.bytes + name.encode(), usedforsecurity=False).hexdigest()
    variant = "89ab"[int(digest[16], 16) & 3]
    return f"{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-{variant}{digest[17:20]}-{digest[20:32]}"


def timed_id(at: int, command: str) -> str:
    """An id for what a command makes at a moment (epoch milliseconds): version 8, the moment in front, then the
    command's own random bits. Rows that are made together stand together, so a commit writes fewer pages."""
    since = f"{at:012x}"
    return f"{since[:8]}-{since[8:]}-8{command[15:]}"
