"""How each destination stands, for `main.py check`: its secret and key are read, and its address is asked for nothing
but an answer. Nothing is posted."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import httpx

from kiosk.config.settings import UpstreamSettings
from kiosk.upstream.destinations import destination

_ANSWER_S = 3.0


def ask(upstream: tuple[UpstreamSettings, ...], zone: str) -> tuple[tuple[str, str | None, str], ...]:
    """(name, reason code or None, detail) of each: upstream-silent when `events` names nothing, upstream-wrong when a
    secret, a key or an option is none, upstream-away when nobody answers at its address."""
    return tuple((one.name, *_one(one, zone)) for one in upstream)


def _one(settings: UpstreamSettings, zone: str) -> tuple[str | None, str]:
    try:
        there = destination(settings, ZoneInfo(zone))
    except (OSError, ValueError) as wrong:
        return "upstream-wrong", str(wrong)
    if not there.events:
        return "upstream-silent", ""
    try:
        httpx.request("OPTIONS", there.url, timeout=_ANSWER_S, trust_env=False, follow_redirects=False)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        return "upstream-away", type(error).__name__
    return None, ""
