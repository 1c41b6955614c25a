"""HTTP/1.1 to one hall over asyncio: lines that are kept and used again, one question on each at a time. What a kiosk
needs and no more, because it stands in every kiosk's memory and runs every few seconds. It never follows a redirect,
uses no proxy, tries nothing again by itself and writes nothing down.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

import h11

_PART = 65_536
_KEEP = 4  # lines at rest that are kept
_PORTS = {"http": 80, "https": 443}


class Unreached(Exception):
    """No line could be laid: nothing was sent."""


class Lost(Exception):
    """The line broke, or what came back is no HTTP: whether the question arrived is unknown."""


class Endless(Exception):
    """An answer longer than any of ours."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer. `headers`: by lower-case name."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class _Line:
    """One connection."""

    def __init__(self, key: tuple[str, str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.key, self._reader, self._writer = key, reader, writer
        self._talk = h11.Connection(h11.CLIENT)

    async def ask(self, request: h11.Request, content: bytes, most: int) -> Heard:
        talk, sent = self._talk, bytearray()
        for part in (request, h11.Data(content), h11.EndOfMessage()):
            sent += talk.send(part) or b""
        self._writer.write(bytes(sent))
        await self._writer.drain()
        status, headers, body = 0, dict[str, str](), bytearray()
        while True:
            event = talk.next_event()
            if event is h11.NEED_DATA:
                talk.receive_data(await self._reader.read(_PART))
            elif isinstance(event, h11.Response):
                status = event.status_code
                headers = {name.decode(): value.decode("latin-1") for name, value in event.headers}
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > most:
                    raise Endless
            elif isinstance(event, h11.EndOfMessage):
                return Heard(status, headers, bytes(body))
            elif not isinstance(event, h11.InformationalResponse):
                raise Lost(str(event))

    def rests(self) -> bool:
        """Ready for another question; False: this was its last."""
        if self._talk.our_state is h11.DONE and self._talk.their_state is h11.DONE:
            self._talk.start_next_cycle()
            return True
        return False

    def stands(self) -> bool:
        """Still open, as far as this end has heard."""
        return not (self._reader.at_eof() or self._writer.is_closing())

    def cut(self) -> None:
        self._writer.transport.abort()


class Lines:
    """The lines to wherever the hall is now. Used from one asyncio loop. `trust`: what to trust a TLS hall by."""

    def __init__(self, connect_s: float, trust: Callable[[], ssl.SSLContext]) -> None:
        self._connect_s, self._trust = connect_s, trust
        self._context: ssl.SSLContext | None = None
        self._resting: list[_Line] = []

    async def ask(
        self, method: str, address: str, path: str, headers: Mapping[str, str], content: bytes | None, most: int
    ) -> Heard:
        """One question, one answer of at most `most` bytes. Raises `Unreached`, `Lost` or `Endless`; where it is
        cancelled, the line is cut."""
        where = urlsplit(address)
        line = self._take(where) or await self._lay(where)
        every = {"Host": where.netloc.rpartition("@")[2], **headers}
        if content is not None:
            every["Content-Length"] = str(len(content))
        try:
            request = h11.Request(method=method, target=where.path.rstrip("/") + path, headers=list(every.items()))
            heard = await line.ask(request, content or b"", most)
        except (OSError, EOFError, h11.ProtocolError) as broken:
            line.cut()
            raise Lost(type(broken).__name__) from broken
        except BaseException:
            line.cut()
            raise
        if line.rests() and len(self._resting) < _KEEP:
            self._resting.append(line)
        else:
            line.cut()
        return heard

    def _take(self, where: SplitResult) -> _Line | None:
        """A line that rests, to just this hall; all that are of no use any more are cut."""
        key, resting = (where.scheme, where.netloc), self._resting
        self._resting = [line for line in resting if line.key == key and line.stands()]
        for line in resting:
            if line not in self._resting:
                line.cut()
        return self._resting.pop() if self._resting else None

    async def _lay(self, where: SplitResult) -> _Line:
        context = self._tls() if where.scheme == "https" else None
        try:
            async with asyncio.timeout(self._connect_s):
                ends = await asyncio.open_connection(
                    where.hostname, where.port or _PORTS.get(where.scheme, 80), ssl=context)
        except (OSError, ValueError) as nobody:  # TimeoutError and what TLS says are OSErrors
            self._context = None  # the hall may have a new certificate
            raise Unreached(type(nobody).__name__) from nobody
        return _Line((where.scheme, where.netloc), *ends)

    def _tls(self) -> ssl.SSLContext:
        if self._context is None:
            self._context = self._trust()
        return self._context

    async def close(self) -> None:
        """Give every line back."""
        resting, self._resting = self._resting, []
        for line in resting:
            line.cut()
        await asyncio.sleep(0.01)  # what was cut is let go of in the loop's next turns
