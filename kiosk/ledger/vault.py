"""The hall's key: seals personal fields, makes look-ups that cannot be guessed, signs codes. Knows no field by name.

The key file stands beside the database, never in it (0600). It is made at a hall's first start and never silently
again: a ledger that remembers a key is not opened with another (`KeyMissing`), and heals when the file is back.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import threading
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kiosk.ledger.errors import KeyMissing, LedgerBusy, LedgerTrouble
from kiosk.ledger.ledger import Ledger
from kiosk.ledger.statements import Hot

_HEAD = b"hall-key-1 "
_UNTRIED: tuple[type[LedgerTrouble], str] = LedgerBusy, "the key has not been read yet"
_MARK = Hot("SELECT value FROM mark WHERE name = 'key'")
_SET_MARK = Hot("INSERT INTO mark (name, value) VALUES ('key', :value) ON CONFLICT DO NOTHING")


class Sealed(Exception):
    """What was to be opened was not sealed under this key and context."""


class _Keys:
    __slots__ = ("aead", "macs", "root")

    def __init__(self, root: bytes) -> None:
        self.root = root
        self.aead = AESGCM(self.derive("seal"))
        self.macs: dict[str, hmac.HMAC] = {}

    def derive(self, purpose: str) -> bytes:
        return HKDF(SHA256(), 32, None, b"hall-kiosk " + purpose.encode()).derive(self.root)

    def mac(self, purpose: str) -> hmac.HMAC:
        known = self.macs.get(purpose)
        if known is None:
            known = self.macs[purpose] = hmac.new(self.derive("mac " + purpose), digestmod=hashlib.sha256)
        return known.copy()


class Vault:
    """Every method may raise what kept the key from being read: `KeyMissing`, the ledger's own trouble, or `LedgerBusy`
    while nobody has tried. Once read it stays, whatever becomes of the file, as long as it is the ledger's."""

    def __init__(self, key_file: Path) -> None:
        self.key_file = key_file
        self._keys: _Keys | None = None
        self._lack: tuple[type[LedgerTrouble], str] = _UNTRIED
        self._mark = ""
        # Several threads begin at once, and none may drop the key that another has just read.
        self._preparing = threading.Lock()
        self.adrift = False
        """The key in memory is right and its file is gone or another's: at the next start nothing can be read."""

    def prepare(self, ledger: Ledger) -> None:
        """Read the key, or make it if this ledger has never had one; called again, see whether both are still as they
        were. Raises `KeyMissing`, `LedgerTrouble`."""
        with self._preparing:
            try:
                self._prepare(ledger)
            except LedgerTrouble as trouble:
                self._lack = type(trouble), str(trouble)
                raise

    def _prepare(self, ledger: Ledger) -> None:
        row = ledger.read(lambda tx: tx.one(_MARK))
        if self._keys is not None and row is not None and hmac.compare_digest(row[0], self._mark):
            self.adrift = not self._stands()
            return
        self._keys = None  # a copy of another key's ledger stands in its place
        self.adrift = False
        if row is None and not self.key_file.exists():
            self._make()
        keys = _Keys(_load(self.key_file))
        mark = keys.derive("mark").hex()
        if row is None:
            ledger.write(lambda tx: tx.run(_SET_MARK, value=mark)).result()
            row = ledger.read(lambda tx: tx.one(_MARK))
        if row is None or not hmac.compare_digest(row[0], mark):
            raise KeyMissing(f"{self.key_file} is not the key of this ledger")
        self._keys, self._mark = keys, mark

    def seal(self, text: str, context: str) -> bytes:
        """Encrypt (AES-256-GCM, 96-bit random nonce in front). Opens only with the same context."""
        nonce = os.urandom(12)
        return nonce + self._ready().aead.encrypt(nonce, text.encode(), context.encode())

    def open(self, sealed: bytes, context: str) -> str:
        """Decrypt. Raises `Sealed` when it was changed, or sealed elsewhere."""
        try:
            return self._ready().aead.decrypt(sealed[:12], sealed[12:], context.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise Sealed(context) from error

    def mac(self, purpose: str, text: str) -> bytes:
        """32 bytes that only this hall can compute (HMAC-SHA-256 under a key of its own for each purpose)."""
        state = self._ready().mac(purpose)
        state.update(text.encode())
        return state.digest()

    def forget(self) -> None:
        """Drop the key from memory (a restore brings another)."""
        self._keys, self._lack = None, _UNTRIED

    @staticmethod
    def fits(key_file: Path, mark: str) -> bool:
        """Whether a key file is the one that left this mark in a ledger. Raises `KeyMissing` if it is no key file."""
        return hmac.compare_digest(mark, _Keys(_load(key_file)).derive("mark").hex())

    def _stands(self) -> bool:
        try:
            return _load(self.key_file) == self._ready().root
        except KeyMissing:
            return False

    def _ready(self) -> _Keys:
        keys = self._keys
        if keys is None:
            kind, why = self._lack
            raise kind(why)
        return keys

    def _make(self) -> None:
        self.key_file.parent.mkdir(parents=True, exist_ok=True)
        own = self.key_file.with_name(f".{self.key_file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        handle = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_HEAD + secrets.token_hex(32).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
            os.link(own, self.key_file)  # fails if another process was quicker; then theirs is the key
        except FileExistsError:
            pass
        finally:
            own.unlink()


def _load(key_file: Path) -> bytes:
    try:
        content = key_file.read_bytes()
    except OSError as error:
        raise KeyMissing(f"the key file {key_file} cannot be read: {error.strerror}") from error
    try:
        root = bytes.fromhex(content.removeprefix(_HEAD).decode().strip())
    except ValueError:
        root = b""
    if not content.startswith(_HEAD) or len(root) != 32:
        raise KeyMissing(f"{key_file} is not a hall's key file")
    return root
