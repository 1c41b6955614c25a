"""Who sits at this browser: signed cookies and forged-form tokens. Stores nothing.

A session is an account's id and password version, the moment of signing in and a name of its own, signed under the
hall's key: it holds in every process of the hall and over restarts, for as many hours as hall.toml says. It ends early
with a new password, role or a closed account, and by signing out: that is `Accounts`' to know.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.clock import Clock
from kiosk.ledger.vault import Vault

COOKIE = "hall_session"
AHEAD = timedelta(minutes=5)  # how far in the future a session may have begun: the clock was put right since


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in. `id`: its own name; `text` is the cookie's value."""

    id: str
    account: str
    version: int
    began: datetime
    text: str


class Sessions:
    """Makes sessions and reads them back. Every method may raise `KeyMissing`."""

    def __init__(self, vault: Vault, clock: Clock, hours: int) -> None:
        self._vault = vault
        self._clock = clock
        self._lasts = timedelta(hours=hours)

    def begin(self, account: str, version: int) -> str:
        """The cookie of a new session."""
        at = int(self._clock.now().timestamp())
        plain = json.dumps([secrets.token_urlsafe(12), account, version, at], separators=(",", ":"))
        body = base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")
        return f"{body}.{self._vault.mac('session', body).hex()}"

    def read(self, text: str | None) -> Session | None:
        """The session of a cookie; None if it was not made here, has been changed, or is over."""
        body, _dot, mac = (text or "").partition(".")
        if not body or not hmac.compare_digest(mac.encode(), self._vault.mac("session", body).hex().encode()):
            return None
        try:
            id_, account, version, at = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
            began = datetime.fromtimestamp(at, self._clock.now().tzinfo)
        except (ValueError, TypeError, OverflowError, binascii.Error):
            return None
        age = self._clock.now() - began
        if not -AHEAD <= age < self._lasts:
            return None
        return Session(id_, account, version, began, text or "")

    def form_token(self, session: Session) -> str:
        """What every form of this session carries: another site cannot know it."""
        return self._vault.mac("form", session.text).hex()[:32]

    def form_is_ours(self, session: Session, token: object) -> bool:
        """Did this form come from a page of this session?"""
        return isinstance(token, str) and hmac.compare_digest(token.encode(), self.form_token(session).encode())
