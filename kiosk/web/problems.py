"""What a refusal looks like over HTTP: RFC 9457 bodies in the reader's language.

Says what the hall decided, and the few things that only HTTP can refuse: a malformed request, an unknown path, no
token, a body too large. Never repeats what was sent: it may be a telephone number.
"""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal

from pydantic_core import to_json

from kiosk import wire
from kiosk.door import Name, Reason, Refusal
from kiosk.words import Words, _

Language = Literal["zh", "en"]
JSON = b"application/json"
PROBLEM = b"application/problem+json"

TITLES = {
    400: _("请求写得不对"),
    401: _("需要登录"),
    403: _("没有这个权限"),
    404: _("没有找到"),
    405: _("这里不能这样做"),
    409: _("现在办不到"),
    413: _("内容太大"),
    422: _("规定不允许"),
    429: _("请稍等再试"),
    500: _("大厅系统出错"),
    503: _("大厅系统暂时不能办理"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: `body` None sends no body."""

    status: int
    body: object = None
    headers: tuple[tuple[bytes, bytes], ...] = ()
    kind: bytes = JSON
    stream: AsyncIterator[bytes] | None = None
    """An answer without an end: pieces as they come, instead of `body`."""

    def content(self) -> bytes:
        """The body as bytes: compact UTF-8."""
        if self.body is None:
            return b""
        return to_json(self.body)


class Stop(Exception):
    """A request that only HTTP can refuse. Raised while a request is read, answered as a problem."""

    def __init__(
        self,
        status: int,
        code: str,
        headers: tuple[tuple[bytes, bytes], ...] = (),
        **facts: str | int,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.reason = Reason(code, facts)
        self.headers = headers


class Voice:
    """One reader's words at one moment: near days are said as 今天 and 明天."""

    __slots__ = ("_now", "words")

    def __init__(self, words: Words, now: datetime) -> None:
        self.words = words
        self._now = now

    def reason(self, reason: Reason, /) -> str:
        return self.words.reason(reason, self._now)

    def name(self, name: Name, /) -> str:
        return self.words.name(name)


def refused(refusal: Refusal, voice: Voice) -> Answer:
    """A refusal of the hall's as an answer; 429 carries Retry-After in whole seconds, rounded up."""
    status = wire.STATUS[refusal.kind]
    headers: tuple[tuple[bytes, bytes], ...] = ()
    if refusal.retry_after is not None:
        headers = ((b"retry-after", str(max(1, math.ceil(refusal.retry_after.total_seconds()))).encode()),)
    elif status in {429, 503}:
        headers = ((b"retry-after", b"5"),)
    return Answer(status, problem(refusal, voice), headers, PROBLEM)


def problem(refusal: Refusal, voice: Voice) -> wire.Json:
    """The body of a refusal."""
    return wire.put_problem(refusal, voice, voice.words.say(TITLES[wire.STATUS[refusal.kind]]))


def stopped(stop: Stop, voice: Voice) -> Answer:
    """The answer to a request that only HTTP could refuse."""
    title = voice.words.say(TITLES.get(stop.status, TITLES[400]))
    body = wire.put_problem(Refusal("rule", stop.reason), voice, title, stop.status)
    return Answer(stop.status, body, stop.headers, PROBLEM)


@lru_cache(maxsize=256)
def language(accepted: str) -> Language:
    """The reader's language from Accept-Language (RFC 9110 §12.5.4): Chinese unless English is asked for before it."""
    best: tuple[float, Language] = (0.0, "zh")
    for part in accepted[:400].split(","):
        tag, _semi, q = part.partition(";q=")
        name = tag.strip().lower()
        found: Language | None = "zh" if name == "zh" or name.startswith("zh-") else None
        if name == "en" or name.startswith("en-"):
            found = "en"
        try:
            weight = float(q) if q else 1.0
        except ValueError:
            continue
        if found is not None and weight > best[0]:
            best = (weight, found)
    return best[1]
