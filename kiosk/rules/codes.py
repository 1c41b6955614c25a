"""The codes residents carry and what their QR codes say. A QR code holds the code and a short proof made with the
hall's key, so that a scanned slip needs no guessing limit and a noodle shop's QR code is known for what it is.

    HKA:482761:7QZ4M2XC     kind (A appointment, T ticket, R request), code, 40 bits of HMAC-SHA256 in base32

20 signs of QR's alphanumeric set fit version 1-M, the coarsest and most legible there is; a request's 23 fit 2-M.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable
from typing import NamedTuple

from kiosk.rules.bar import Bar

CODE_LENGTH = 6
REQUEST_LENGTH = 10
APPOINTMENT = "A"
TICKET = "T"
REQUEST = "R"
_PROOF_BYTES = 5
_PROOF_LENGTH = 8
_BASE32 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
_LONGEST = 64
_TYPED = {CODE_LENGTH: APPOINTMENT, REQUEST_LENGTH: REQUEST}

Mac = Callable[[str], bytes]
"""HMAC-SHA256 of a text under a key of the hall's that serves nothing else."""


class Scan(NamedTuple):
    """What a scanner or a keypad gave, taken apart but not verified. `proof` is None for a code that was typed."""

    kind: str
    code: str
    proof: str | None


def code(entropy: bytes, length: int = CODE_LENGTH) -> str:
    """So many digits out of at least eight random bytes."""
    if len(entropy) < 8:
        message = "at least 8 random bytes"
        raise ValueError(message)
    return f"{int.from_bytes(entropy) % 10**length:0{length}d}"


def qr_text(kind: str, code: str, mac: Mac) -> str:
    """What the slip's QR code says."""
    return f"HK{kind}:{code}:{_proof(kind, code, mac)}"


def read(text: str) -> Scan | Bar:
    """Take a scanned or typed text apart. A text that is no code of any hall is "code-not-code"."""
    text = text.strip() if len(text) <= _LONGEST else ""
    bare = text.replace(" ", "")
    if len(bare) in _TYPED and bare.isascii() and bare.isdecimal():
        return Scan(_TYPED[len(bare)], bare, None)
    parts = text.upper().split(":")
    if len(parts) != 3 or len(parts[0]) != 3 or not parts[0].startswith("HK") or not parts[0].isascii():
        return Bar("code-not-code")
    head, code_, proof = parts
    if not head[2].isalpha() or not (code_.isascii() and code_.isalnum()):
        return Bar("code-not-code")
    if len(proof) != _PROOF_LENGTH or not set(proof) <= _BASE32:
        return Bar("code-not-code")
    return Scan(head[2], code_, proof)


def is_ours(scan: Scan, mac: Mac) -> bool:
    """Was this QR code made with this hall's key? A typed code proves nothing."""
    return scan.proof is not None and hmac.compare_digest(scan.proof, _proof(scan.kind, scan.code, mac))


def grouped(code: str) -> str:
    """As people read it: 482 761, 482 761 0395."""
    if len(code) == REQUEST_LENGTH:
        return f"{code[:3]} {code[3:6]} {code[6:]}"
    return f"{code[:3]} {code[3:]}" if len(code) > 3 else code


def _proof(kind: str, code: str, mac: Mac) -> str:
    return base64.b32encode(mac(f"qr:{kind}:{code}")[:_PROOF_BYTES]).decode()
