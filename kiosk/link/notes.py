"""DATA/hall.json: which ledger this folder's hall uses and where its processes answer. Standard library only.

Every hall process adds its own line and takes it away when it ends; lines of processes that died are swept by the next
writer. Readers never trust a line: they ask `/healthz` and compare its instance. The file is 0600, for a PostgreSQL URL
may hold a password.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "hall.json"


@dataclass(frozen=True, slots=True)
class Line:
    """One hall process. `url` is where it answers; `certificate` the PEM to trust it by, empty without TLS."""

    pid: int
    instance: str
    url: str
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class Notes:
    """What DATA/hall.json says. `ledger` is as it was given: relative ones are relative to the folder."""

    ledger: str | None = None
    hall: str | None = None
    lines: tuple[Line, ...] = ()


def read(data: Path) -> Notes:
    """Read the notes; a missing or unreadable file is an empty one (the hall writes it anew)."""
    try:
        raw = json.loads((data / FILE).read_text(encoding="utf-8"))
        lines = tuple(
            Line(int(line["pid"]), str(line["instance"]), str(line["url"]), str(line.get("certificate", "")))
            for line in raw["halls"]
        )
        return Notes(raw.get("ledger"), raw.get("hall"), lines)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return Notes()


def add(data: Path, ledger: str, hall: str, line: Line) -> None:
    """Note the ledger and hall.toml in use, and this process."""
    with _held(data):
        lines = [other for other in read(data).lines if other.pid != line.pid and alive(other.pid)]
        _write(data, ledger, hall, [*lines, line])


def take_away(data: Path, instance: str) -> None:
    """Forget one process; the ledger stays noted."""
    with _held(data):
        notes = read(data)
        _write(data, notes.ledger, notes.hall, [line for line in notes.lines if line.instance != instance])


def _write(data: Path, ledger: str | None, hall: str | None, lines: list[Line]) -> None:
    made = data / f".{FILE}.{os.getpid()}"
    raw = {"ledger": ledger, "hall": hall, "halls": [asdict(line) for line in lines]}
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(raw, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    made.replace(data / FILE)


@contextmanager
def _held(data: Path) -> Iterator[None]:
    data.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(data / f".{FILE}.lock", os.O_RDWR | os.O_CREAT, 0o600), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def alive(pid: int) -> bool:
    """Does a process of this id run on this machine?"""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
