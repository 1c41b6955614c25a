"""Lines out of whatever a scanner's serial port delivers: CR or LF ends one, UTF-8 else GBK, garbage never gets far.

Pure: bytes in, whole lines out. A line longer than `MOST_BYTES` is dropped to its end, control characters and NULs are
left out, empty lines are nothing, and what stands half read when the line falls silent is forgotten (`idle`).
"""

from __future__ import annotations

MOST_BYTES = 512
"""A slip's QR code has 19 characters; the longest code anyone could mean fits well into this."""


class LineReader:
    """One port's parser. Holds at most `MOST_BYTES`."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._over = False

    def feed(self, data: bytes) -> list[str]:
        lines = []
        for part in data.replace(b"\r", b"\n").splitlines(keepends=True) if data else ():
            piece, ends = (part[:-1], True) if part.endswith(b"\n") else (part, False)
            room = MOST_BYTES - len(self._held)
            self._held += piece[:room]
            self._over = self._over or len(piece) > room
            if ends:
                text = "" if self._over else decode(bytes(self._held))
                self._forget()
                if text:
                    lines.append(text)
        return lines

    def idle(self) -> None:
        """The port has been silent for a while: a half line will not be finished any more."""
        self._forget()

    @property
    def held(self) -> int:
        """Bytes of a line not yet whole."""
        return len(self._held)

    def _forget(self) -> None:
        self._held.clear()
        self._over = False


def decode(data: bytes) -> str:
    """UTF-8, else GBK, else what can be saved of it; printable characters only, no blanks around."""
    data = data.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("gbk", "replace")
    return "".join(c for c in text if c.isprintable()).strip()
