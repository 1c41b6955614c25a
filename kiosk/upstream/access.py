"""How a destination wants to know us, besides the signature: a bearer token, OAuth2 client credentials, a certificate
of our own. All from a destination's `options` in hall.toml; no secret of theirs is ever logged.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

OPTIONS = frozenset({
    "token", "token_file", "oauth_url", "oauth_client", "oauth_secret", "oauth_secret_file", "oauth_scope",
    "ca", "cert", "key", "changes", "api_key", "jurisdiction_id",
})  # fmt: skip
_EARLY_S = 30.0  # a token is renewed so long before its end
_SHORTEST_S = 30.0


@dataclass(slots=True)
class Access:
    """One destination's. Several requests at once ask for one token only."""

    token: str = ""
    oauth: Mapping[str, str] = field(default_factory=dict)
    tls: Mapping[str, object] = field(default_factory=dict)
    clock: Callable[[], float] = time.monotonic
    _until: float = 0.0
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    @staticmethod
    def of(options: Mapping[str, object]) -> Access:
        """Raises `OSError` if a file that is named cannot be read."""
        texts = {name: str(value) for name, value in options.items()}
        token = texts.get("token", "") or _file(texts.get("token_file", ""))
        oauth: dict[str, str] = {}
        if texts.get("oauth_url"):
            secret = texts.get("oauth_secret", "") or _file(texts.get("oauth_secret_file", ""))
            oauth = {"url": texts["oauth_url"], "client": texts.get("oauth_client", ""), "secret": secret,
                     "scope": texts.get("oauth_scope", "")}
        return Access(token, oauth, {name: texts[name] for name in ("ca", "cert", "key") if name in texts})

    async def headers(self, http: httpx.AsyncClient) -> dict[str, str]:
        """What each request carries. Without a token to be had it carries none, and the destination says so."""
        if self.oauth:
            await self._renew(http)
        return {"authorization": f"Bearer {self.token}"} if self.token else {}

    def refused(self) -> None:
        """The other end did not believe the token, however long it was to last: the next request asks for another."""
        self._until = 0.0

    async def _renew(self, http: httpx.AsyncClient) -> None:
        async with self._asking:
            if self.clock() < self._until:
                return
            form = {"grant_type": "client_credentials"}
            if self.oauth["scope"]:
                form["scope"] = self.oauth["scope"]
            try:
                answer = await http.post(self.oauth["url"], data=form,
                                         auth=(self.oauth["client"], self.oauth["secret"]))
                found = answer.json() if answer.status_code == 200 else {}
            except (httpx.HTTPError, ValueError):
                found = {}
            known = isinstance(found, dict) and isinstance(found.get("access_token"), str)
            self.token = found["access_token"] if known else ""
            lasts = found.get("expires_in") if known else 0
            seconds = float(lasts) if isinstance(lasts, int | float) else 300.0
            self._until = self.clock() + (max(seconds - _EARLY_S, _SHORTEST_S) if known else 0.0)


def _file(path: str) -> str:
    return Path(path).read_text(encoding="utf-8").strip() if path else ""
