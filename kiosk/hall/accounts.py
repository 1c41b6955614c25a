"""Who may speak to the hall: API tokens for machines, names and passwords for staff. Keeps no session and sees no HTTP.

A token is 256 random bits and stored only as its SHA-256 (nothing to guess); a password is stored as argon2id with
19 MiB, t=2, p=1 (OWASP's smaller profile: the library's default peaks at 154 MB).
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from kiosk.clock import Clock
from kiosk.door import Role
from kiosk.hall.answers import ms
from kiosk.hall.callers import Caller
from kiosk.ledger import Broke, Hot, Ledger, LedgerTrouble, Tx

_BY_HASH = Hot("SELECT id, name, role FROM token WHERE hash = :hash")
_ADD_TOKEN = Hot("INSERT INTO token (id, name, role, hash, made_at) VALUES (:id, :name, :role, :hash, :made_at)")
_DROP_TOKEN = Hot("DELETE FROM token WHERE name = :name")
_TOKENS = Hot("SELECT id, name, role FROM token ORDER BY name")
_OFF = "(SELECT count(*) FROM account_off WHERE account_off.account = account.id)"
_ACCOUNT = Hot(f"SELECT id, name, role, password, must_change, version, {_OFF} FROM account WHERE name = :name")  # noqa: S608
_BY_ID = Hot(f"SELECT id, name, role, password, must_change, version, {_OFF} FROM account WHERE id = :id")  # noqa: S608
_ACCOUNTS = Hot(f"SELECT id, name, role, password, must_change, version, {_OFF} FROM account ORDER BY name")  # noqa: S608
_ADD_ACCOUNT = Hot(
    "INSERT INTO account (id, name, role, password, must_change, version, made_at)"
    " VALUES (:id, :name, :role, :password, :must_change, 1, :made_at)"
)
_SET_PASSWORD = Hot(
    "UPDATE account SET password = :password, must_change = :must_change, version = version + 1 WHERE name = :name"
)
_TURN_OFF = Hot("INSERT INTO account_off (account, at) VALUES (:id, :at) ON CONFLICT (account) DO NOTHING")
_TURN_ON = Hot("DELETE FROM account_off WHERE account = :id")
_NEW_VERSION = Hot("UPDATE account SET version = version + 1 WHERE id = :id")
_SET_ROLE = Hot("UPDATE account SET role = :role, version = version + 1 WHERE id = :id")
_END_SESSION = Hot("INSERT INTO session_over (session, at) VALUES (:session, :at) ON CONFLICT (session) DO NOTHING")
_IS_OVER = Hot("SELECT 1 FROM session_over WHERE session = :session")
_FORGET_SESSIONS = Hot("DELETE FROM session_over WHERE at < :before")
_ANY_ACCOUNT = Hot("SELECT 1 FROM account LIMIT 1")

_REMEMBERED_S = (
    2.0  # how long a token found good is not looked up again; also how soon a dropped one is dead everywhere
)
_SHORTEST = 10
_NO_SESSION_LASTS = 2 * 24 * 3_600_000  # ms: by then the cookie of one that was ended is too old anyway


class NameTaken(Exception):
    """A token or an account of this name exists."""


class PasswordTooShort(Exception):
    """Fewer than ten characters."""


@dataclass(frozen=True, slots=True)
class Account:
    """A member of staff. `version` changes with the password: a session of an older one is over."""

    id: str
    name: str
    role: Role
    must_change: bool
    version: int
    disabled: bool = False

    @property
    def caller(self) -> Caller:
        """The same person as the door knows them."""
        return Caller(self.id, self.name, self.role)


class Accounts:
    """Tokens and staff accounts. Every method blocks for a moment (`check` for some 20 ms) and may raise
    `LedgerTrouble`."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
        self._nobody = self._hasher.hash(secrets.token_hex(16))
        self._good: dict[str, tuple[float, Caller]] = {}

    # ---- tokens ------------------------------------------------------------------------------------------------------

    def make_token(self, name: str, role: Role) -> str:
        """A new token, valid at once in every process; it can never be shown again. Raises `NameTaken`."""
        token = f"hk_{secrets.token_urlsafe(32)}"
        try:
            self._ledger.write(
                lambda tx: tx.run(
                    _ADD_TOKEN,
                    id=str(uuid4()),
                    name=name,
                    role=role.value,
                    hash=_hash(token),
                    made_at=ms(self._clock.now()),
                )
            ).result()
        except Broke as broke:
            raise NameTaken(name) from broke
        return token

    def drop_token(self, name: str) -> bool:
        """Take a token back; it is dead in every process within two seconds. False if there is none of that name."""
        self._good.clear()
        return self._ledger.write(lambda tx: tx.run(_DROP_TOKEN, name=name)).result() > 0

    def tokens(self) -> tuple[Caller, ...]:
        """All tokens by name."""
        return tuple(Caller(id_, name, Role(role)) for id_, name, role in self._ledger.read(lambda tx: tx.all(_TOKENS)))

    def remembered(self, token: str) -> Caller | None:
        """Whose token it is if that was found out a moment ago. Never blocks; None says nothing."""
        known = self._good.get(token)
        return known[1] if known is not None and time.monotonic() < known[0] else None

    def caller(self, token: str) -> Caller | None:
        """Whose token it is, None if nobody's."""
        known = self.remembered(token)
        if known is not None:
            return known
        try:
            row = self._ledger.read(lambda tx: tx.one(_BY_HASH, hash=_hash(token)))
        except LedgerTrouble:
            # Who was known stays known while nobody can look: so a kiosk hears what is wrong, not that nobody answers.
            late = self._good.get(token)
            if late is None:
                raise
            return late[1]
        if row is None:
            self._good.pop(token, None)
            return None
        caller = Caller(row[0], row[1], Role(row[2]))
        if len(self._good) > 1000:
            self._good.clear()
        self._good[token] = (time.monotonic() + _REMEMBERED_S, caller)
        return caller

    # ---- staff -------------------------------------------------------------------------------------------------------

    def first_sign_in(self, keep: Callable[[str, str], None] = lambda _name, _password: None) -> tuple[str, str] | None:
        """On a hall without any account: make the manager's, with a password that must be changed, and tell both.
        `keep(name, password)` is called before the account is made: a password nobody knows would lock the hall."""
        password = "-".join(secrets.token_hex(2) for _ in range(4))
        if self._ledger.read(lambda tx: tx.one(_ANY_ACCOUNT)) is not None:
            return None
        keep("manager", password)
        try:
            self.add("manager", Role.MANAGER, password, must_change=True)
        except NameTaken:  # another process of this hall was quicker
            return None
        return "manager", password

    def add(self, name: str, role: Role, password: str, *, must_change: bool = True) -> None:
        """A new account. Raises `NameTaken`, `PasswordTooShort`."""
        stored = self._stored(password)
        try:
            self._ledger.write(
                lambda tx: tx.run(
                    _ADD_ACCOUNT,
                    id=str(uuid4()),
                    name=name,
                    role=role.value,
                    password=stored,
                    must_change=int(must_change),
                    made_at=ms(self._clock.now()),
                )
            ).result()
        except Broke as broke:
            raise NameTaken(name) from broke

    def set_password(self, name: str, password: str, *, must_change: bool = False) -> bool:
        """A new password; sessions under the old one are over. False if there is no such account."""
        stored = self._stored(password)
        return (
            self._ledger.write(
                lambda tx: tx.run(_SET_PASSWORD, name=name, password=stored, must_change=int(must_change))
            ).result()
            > 0
        )

    def check(self, name: str, password: str) -> Account | None:
        """The account, if name and password belong together. Takes as long for a name that does not exist."""
        row = self._ledger.read(lambda tx: tx.one(_ACCOUNT, name=name))
        try:
            self._hasher.verify(self._nobody if row is None else row[3], password)
        except (VerifyMismatchError, InvalidHashError):
            return None
        return None if row is None or row[6] else _account(row)

    def account(self, id_: str, *, disabled: bool = False) -> Account | None:
        """An account by its id, as it is now. A disabled one only if asked for."""
        row = self._ledger.read(lambda tx: tx.one(_BY_ID, id=id_))
        return None if row is None or (row[6] and not disabled) else _account(row)

    def of_session(self, id_: str, version: int, session: str) -> Account | None:
        """The account of a session that still holds: not signed out of, the password and the role as they were."""

        def look(tx: Tx) -> Account | None:
            row = None if tx.one(_IS_OVER, session=session) else tx.one(_BY_ID, id=id_)
            return None if row is None or row[6] or row[5] != version else _account(row)

        return self._ledger.read(look)

    def end_session(self, session: str) -> None:
        """Somebody signed out: whoever has the cookie comes in with it no more, in any process."""
        now = ms(self._clock.now())

        def command(tx: Tx) -> None:
            tx.run(_END_SESSION, session=session, at=now)
            tx.run(_FORGET_SESSIONS, before=now - _NO_SESSION_LASTS)

        self._ledger.write(command).result()

    def set_disabled(self, id_: str, *, disabled: bool) -> None:
        """Whether somebody may sign in; sessions end at once."""

        def command(tx: Tx) -> None:
            if disabled:
                tx.run(_TURN_OFF, id=id_, at=ms(self._clock.now()))
            else:
                tx.run(_TURN_ON, id=id_)
            tx.run(_NEW_VERSION, id=id_)

        self._ledger.write(command).result()

    def set_role(self, id_: str, role: Role) -> None:
        """Clerk or manager; sessions end at once, so that the next sign-in has the new role's pages."""
        self._ledger.write(lambda tx: tx.run(_SET_ROLE, id=id_, role=role.value)).result()

    def accounts(self) -> tuple[Account, ...]:
        """All accounts by name."""
        return tuple(_account(row) for row in self._ledger.read(lambda tx: tx.all(_ACCOUNTS)))

    def _stored(self, password: str) -> str:
        if len(password) < _SHORTEST:
            raise PasswordTooShort(f"at least {_SHORTEST} characters")
        return self._hasher.hash(password)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _account(row: tuple[str, str, str, str, int, int, int]) -> Account:
    id_, name, role, _, must_change, version, disabled = row
    return Account(id_, name, Role(role), bool(must_change), version, bool(disabled))
