"""Signatures after Standard Webhooks 1.0.0: HMAC-SHA256 over `{id}.{timestamp}.{body}`, made afresh for each attempt.

Times are epoch seconds, so no zone can be mistaken. A secret is `whsec_` and base64 of 24 to 64 bytes. It never logs a
secret, a signature or a body.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Callable, Mapping, Sequence

TOLERANCE_S = 300
"""How far apart the clocks of both ends may be (Standard Webhooks: five minutes)."""

_PREFIX = "whsec_"
_LEAST, _MOST = 24, 64
_LONGEST_HEADER = 4000


class Unsigned(Exception):
    """Not signed, or not by who it should be, or not now. `code` says which: unsigned, signature-stale (the time lies
    more than five minutes off), signature-wrong."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def new_secret(chance: Callable[[int], bytes] = os.urandom) -> str:
    """A secret of 32 random bytes."""
    return _PREFIX + base64.b64encode(chance(32)).decode()


def key_of(secret: str) -> bytes:
    """The bytes that a secret stands for. Raises `ValueError` if it is none."""
    raw = secret.strip().removeprefix(_PREFIX)
    try:
        key = base64.b64decode(raw + "=" * (-len(raw) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("a secret is whsec_ and base64") from error
    if not _LEAST <= len(key) <= _MOST:
        raise ValueError(f"a secret has {_LEAST} to {_MOST} bytes, this one {len(key)}")
    return key


def signature(key: bytes, id_: str, at: int, body: bytes) -> str:
    """`v1,…` for a body posted under an id at a moment (epoch seconds)."""
    made = hmac.new(key, f"{id_}.{at}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(made).decode()


def headers(key: bytes, id_: str, at: int, body: bytes) -> dict[str, str]:
    """The three headers of one attempt."""
    return {"webhook-id": id_, "webhook-timestamp": str(at), "webhook-signature": signature(key, id_, at, body)}


def verify(keys: Sequence[bytes], given: Mapping[str, str], body: bytes, now: float) -> str:
    """The id of what one of `keys` signed just now. `given`: headers by lower-case name. Raises `Unsigned`."""
    id_, stamp = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    signed = given.get("webhook-signature", "")
    if not id_ or not signed or not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
        raise Unsigned("unsigned")
    if len(signed) > _LONGEST_HEADER or len(id_) > _LONGEST_HEADER:
        raise Unsigned("signature-wrong")
    if abs(now - int(stamp)) > TOLERANCE_S:
        raise Unsigned("signature-stale")
    wanted = [signature(key, id_, int(stamp), body).encode() for key in keys]
    # During a change of secrets both are listed, separated by spaces; other versions (v1a) are not ours to check.
    for one in signed.split(" "):
        if any(hmac.compare_digest(one.encode(), mine) for mine in wanted):
            return id_
    raise Unsigned("signature-wrong")
