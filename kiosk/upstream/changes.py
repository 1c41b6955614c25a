"""Status changes come back: pulled by cursor from a destination that has them, each applied once, in order.

The cursor moves only after a change was handed over, and whoever takes changes knows each by its id; so a crash between
the two applies nothing twice. What makes no sense or cannot be read is passed on for staff to see: it never stops those
behind it. Halls sit behind NAT: nobody calls them.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import httpx

from kiosk.door import Change
from kiosk.ledger import Hot, LedgerTrouble, Tx
from kiosk.upstream import signing
from kiosk.upstream.access import Access
from kiosk.upstream.answering import client, skew_of
from kiosk.upstream.destinations import Destination
from kiosk.upstream.posting import Claim, Lost, Means
from kiosk.upstream.relay import SKEW_S, Answer

_LOG = logging.getLogger(__name__)
_EVERY_S = 2.0
_LATEST_S = 60.0
_MOST_BYTES = 1024 * 1024
_MOST = 200
_WHOLE_S = 30.0
_LONGEST = {"id": 200, "request": 200, "kind": 40, "unit": 100, "officer": 100, "text": 2000}
_NAMES = frozenset({"id", "request", "kind"})

Apply = Callable[[Change], object]
"""Takes one change, once, however often it is handed over; blocks until that is durable. Raises `LedgerTrouble`."""

_CURSOR = Hot("SELECT after, why, since FROM change_cursor WHERE destination = :name")
_PUT = Hot(
    "INSERT INTO change_cursor (destination, after, why, since) VALUES (:name, :after, :why, :since)"
    " ON CONFLICT (destination) DO UPDATE SET after = excluded.after, why = excluded.why, since = excluded.since"
)


class Nonsense(Exception):
    """The other end answered with what is no list of changes. Says why, as a code and, after a blank, the status."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A change with its place in the destination's list; None for one that cannot be read."""

    seq: int
    change: Change | None


@dataclass(frozen=True, slots=True)
class Page:
    """What a destination told. `newest`: the number of its newest change, None where it does not say."""

    changes: tuple[Numbered, ...]
    newest: int | None = None


class Puller:
    """One destination's. `url`: where its changes are."""

    def __init__(self, to: Destination, url: str, means: Means, claim: Claim, apply: Apply) -> None:
        self._to, self._url, self._means, self._claim, self._apply = to, url, means, claim, apply
        self._access = Access.of(to.options)
        self._failures = 0
        self._shift = 0.0

    async def run(self) -> None:
        """Pull until cancelled."""
        try:
            async with client(self._access.tls) as http:
                while True:
                    wait = _EVERY_S
                    try:
                        if await asyncio.to_thread(self._claim.keep, useful=True):
                            while await self._pull(http):
                                await asyncio.to_thread(self._claim.keep, useful=True)
                            self._failures = 0
                    except (LedgerTrouble, Lost):
                        pass
                    except (httpx.HTTPError, TimeoutError, Nonsense, OSError) as error:
                        self._failures += 1
                        await self._trouble(str(error) if isinstance(error, Nonsense) else "upstream-away")
                        wait = min(_LATEST_S, _EVERY_S * 2**min(self._failures, 10)) * (0.5 + self._means.chance() / 2)
                    except Exception:  # noqa: BLE001 - one answer that cannot be read must not end it for good
                        _LOG.exception("changes")
                    await asyncio.sleep(min(wait, 4.0) if self._failures < 2 else wait)
        finally:
            await asyncio.to_thread(self._claim.let_go)

    async def _pull(self, http: httpx.AsyncClient) -> bool:
        """One page of changes; whether there may be more at once."""
        row = await asyncio.to_thread(self._means.ledger.read, lambda tx: tx.one(_CURSOR, name=self._to.name))
        after, was = (0, "") if row is None else (int(row[0]), str(row[1]))
        page = await self._ask(http, after)
        found = page.changes
        if not found and page.newest is not None and page.newest < after:
            # An older copy stands in its ledger's place: from the beginning, each is known by its id.
            _LOG.warning("changes: %s begins anew", self._to.name)
            await self._write(0, "", None)
            return True
        for numbered in found:
            await asyncio.to_thread(self._apply, numbered.change or self._unreadable(numbered.seq))
        if found or was:
            await self._write(found[-1].seq if found else after, "", None)
        return len(found) >= _MOST

    def _unreadable(self, seq: int) -> Change:
        """What stands for a change that cannot be read, for staff to see."""
        _LOG.warning("changes: number %d of %s cannot be read", seq, self._to.name)
        return Change(f"unreadable:{self._to.name}:{seq}", "unreadable", "unreadable", self._means.clock.now())

    async def _ask(self, http: httpx.AsyncClient, after: int) -> Page:
        id_ = f"changes:{after}"
        headers = {**await self._access.headers(http)}
        if self._to.key is not None:
            at = int(self._means.clock.now().timestamp() - self._shift)
            headers |= signing.headers(self._to.key, id_, at, b"")
        content = bytearray()
        asked = http.stream("GET", self._url, params={"after": after}, headers=headers)
        async with asyncio.timeout(_WHOLE_S), asked as answer:
            if answer.status_code != 200:
                skew = skew_of(answer, self._means.clock.now().timestamp())
                if answer.status_code in {400, 401, 403}:
                    self._mind_clock(skew)
                raise Nonsense(Answer(answer.status_code, skew=skew).says)
            async for piece in answer.aiter_bytes():
                content += piece
                if len(content) > _MOST_BYTES:
                    raise Nonsense("upstream-nonsense")
        return read_page(bytes(content), after)

    def _mind_clock(self, skew: float | None) -> None:
        """Sign in the destination's time, also once the clocks agree again."""
        if skew is not None and abs(skew - self._shift) > SKEW_S:
            self._shift = skew if abs(skew) > SKEW_S else 0.0

    async def _trouble(self, why: str) -> None:
        try:
            row = await asyncio.to_thread(self._means.ledger.read, lambda tx: tx.one(_CURSOR, name=self._to.name))
            if row is None or row[1] != why:
                now = round(self._means.clock.now().timestamp() * 1000)
                await self._write(0 if row is None else int(row[0]), why, now)
        except (LedgerTrouble, Lost):
            return

    async def _write(self, after: int, why: str, since: int | None) -> None:
        def put(tx: Tx) -> None:
            if not self._claim.fenced(tx):
                raise Lost
            tx.run(_PUT, name=self._to.name, after=after, why=why, since=since)

        await asyncio.wrap_future(self._means.ledger.write(put))


def read(content: bytes, after: int) -> list[Numbered]:
    """The changes of an answer, in order of their numbers, all after `after`. Raises `Nonsense`."""
    return list(read_page(content, after).changes)


def read_page(content: bytes, after: int) -> Page:
    """The same with what else an answer says. Raises `Nonsense`."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Nonsense("upstream-nonsense") from error
    listed = found.get("changes") if isinstance(found, dict) else None
    if not isinstance(listed, list):
        raise Nonsense("upstream-nonsense")
    newest = found.get("newest")
    read_: list[Numbered] = []
    for one in listed[: 5 * _MOST]:
        seq = one.get("seq") if isinstance(one, dict) else None
        if not isinstance(seq, int) or isinstance(seq, bool) or seq <= after or seq > 2**62:
            raise Nonsense("upstream-nonsense")
        after = seq
        read_.append(Numbered(seq, _change(one)))
    return Page(tuple(read_), newest if isinstance(newest, int) and not isinstance(newest, bool) else None)


def _change(one: Mapping[str, object]) -> Change | None:
    texts: dict[str, str | None] = {}
    for name, most in _LONGEST.items():
        value = one.get(name)
        if value is not None and (not isinstance(value, str) or (len(value) > most and name in _NAMES)):
            return None
        texts[name] = (value or "")[:most] or None  # words are cut: the resident waits for them
    try:
        at = datetime.fromisoformat(str(one.get("at")))
        due = None if one.get("due") in (None, "") else date.fromisoformat(str(one["due"]))
    except ValueError:
        return None
    if at.tzinfo is None or not texts["id"] or not texts["request"] or not texts["kind"]:
        return None
    return Change(texts["id"], texts["request"], texts["kind"], at, texts["unit"], texts["officer"], due, texts["text"])
