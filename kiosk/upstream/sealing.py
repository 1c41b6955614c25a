"""Sealed boxes (libsodium's crypto_box_seal): what only the holder of a private key can read, not even the sender.

Keys travel as base64 of 32 bytes. What is inside is a small JSON object of texts.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

_LONGEST = 64 * 1024


class NotSealed(Exception):
    """What was to be opened is no sealed box, or was sealed for another."""


def public_key(text: str) -> PublicKey:
    """A destination's key as hall.toml has it. Raises `ValueError`."""
    return PublicKey(_32_bytes(text))


def private_key(text: str) -> PrivateKey:
    """The other half, as the receiving end keeps it. Raises `ValueError`."""
    return PrivateKey(_32_bytes(text))


def new_pair() -> tuple[str, str]:
    """(private, public) as texts."""
    made = PrivateKey.generate()
    return _text(bytes(made)), _text(bytes(made.public_key))


def public_of(private: str) -> str:
    """The public half of a private key, as text. Raises `ValueError`."""
    return _text(bytes(private_key(private).public_key))


def seal(fields: Mapping[str, str], key: PublicKey) -> str:
    """Texts that only the key's holder can read, as base64. Different each time, whatever is inside."""
    inside = json.dumps(dict(fields), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    return base64.b64encode(SealedBox(key).encrypt(inside)).decode()


def unseal(sealed: object, key: PrivateKey) -> dict[str, str]:
    """What is inside. Raises `NotSealed`, whatever was sent."""
    if not isinstance(sealed, str) or len(sealed) > _LONGEST:
        raise NotSealed("not a sealed box")
    try:
        inside = json.loads(SealedBox(key).decrypt(base64.b64decode(sealed, validate=True)))
    except (CryptoError, ValueError, TypeError, RecursionError) as error:
        raise NotSealed("sealed for another, or changed") from error
    if not isinstance(inside, dict) or not all(isinstance(value, str) for value in inside.values()):
        raise NotSealed("not texts")
    return inside


def _32_bytes(text: str) -> bytes:
    try:
        raw = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("a key is base64 of 32 bytes") from error
    if len(raw) != 32:
        raise ValueError(f"a key has 32 bytes, this one {len(raw)}")
    return raw


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
