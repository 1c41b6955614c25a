"""One post and what came back, over HTTP: never follows a redirection, never waits longer than it should, never raises
for anything that the other end does."""

from __future__ import annotations

import asyncio
import json
import re
import ssl
import time
from collections.abc import Callable, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

import httpx

from kiosk.upstream.relay import Answer

TIMEOUT_S = 20.0
WHOLE_S = 30.0
"""Standard Webhooks: 15 to 30 s for an answer."""
_MOST_READ = 64 * 1024
_CODE = re.compile(r"[a-z][a-z-]{1,39}")  # no digits: a code of ours or a telephone is none


def trust(tls: Mapping[str, object]) -> ssl.SSLContext:
    """Whom to believe, and who we are: `ca`, `cert` and `key`, as paths. Raises `OSError` (also for what is no
    certificate)."""
    context = ssl.create_default_context(cafile=str(tls["ca"]) if tls.get("ca") else None)
    if tls.get("cert"):
        context.load_cert_chain(str(tls["cert"]), str(tls["key"]) if tls.get("key") else None)
    return context


def client(tls: Mapping[str, object]) -> httpx.AsyncClient:
    """A client that keeps one connection and knows no proxy."""
    return httpx.AsyncClient(
        follow_redirects=False, trust_env=False, timeout=TIMEOUT_S, verify=trust(tls) if tls else True,
        limits=httpx.Limits(max_connections=2, max_keepalive_connections=1, keepalive_expiry=30),
        headers={"user-agent": "hall-kiosk"},
    )  # fmt: skip


async def post(
    http: httpx.AsyncClient, url: str, body: bytes, headers: Mapping[str, str],
    wall: Callable[[], float] = time.time,
) -> Answer:  # fmt: skip
    """Post and say what came of it. `wall`: our clock, epoch seconds."""
    begun = wall()
    try:
        async with asyncio.timeout(WHOLE_S), http.stream("POST", url, content=body, headers=headers) as answer:
            read = bytearray()
            async for piece in answer.aiter_raw():
                read += piece
                if len(read) > _MOST_READ:
                    break
            middle = (begun + wall()) / 2
            code = _code(answer, bytes(read)) if answer.status_code >= 400 else ""
            return Answer(answer.status_code, "", _retry_after(answer, middle), skew_of(answer, middle), code)
    except (TimeoutError, httpx.TimeoutException):
        return Answer(None, "upstream-slow")
    except httpx.ConnectError:
        return Answer(None, "upstream-away")
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError):
        return Answer(None, "upstream-cut-off")


def _code(answer: httpx.Response, body: bytes) -> str:
    """How the other end calls what is wrong. Never its words: they may repeat what was posted."""
    if "json" not in answer.headers.get("content-type", ""):
        return ""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    code = found.get("code") if isinstance(found, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def _moment(raw: str | None) -> float | None:
    if not raw:
        return None
    try:
        found = parsedate_to_datetime(raw)
    except (ValueError, TypeError, OverflowError):
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def skew_of(answer: httpx.Response, now: float) -> float | None:
    theirs = _moment(answer.headers.get("date"))
    # `Date` has whole seconds, cut off: on average half of one is missing.
    return None if theirs is None else now - theirs - 0.5


def _retry_after(answer: httpx.Response, now: float) -> float | None:
    raw = answer.headers.get("retry-after", "").strip()
    if raw.isascii() and raw.isdecimal():
        return float(raw[:9])
    then = _moment(raw)
    skew = skew_of(answer, now) or 0.0
    return None if then is None else max(0.0, then - (now - skew))

