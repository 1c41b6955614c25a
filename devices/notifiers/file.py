"""The driver `file`, shipped: it writes each message as one line of JSON into a folder, for whatever program there is
that sends text messages to take them from.

Options: `folder`; `days` (7): how long a day's file is kept, for telephones stand in it in the clear. A line is
{"id", "at", "number", "words"} and a message only once its newline is there; `id` is the message's own, by which a
reader that was interrupted knows what it has sent. Files are YYYY-MM-DD.jsonl (days of UTC), 0600, and only ever grow,
but for a half line that a killed writer has left: the next one takes it away before it writes. Writers, and readers
that want to be sure, hold `flock` on the file. It knows no halls.
"""

from __future__ import annotations

import fcntl
import json
import os
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from devices.notifiers.port import Delivery, NotifierPlan
from devices.ports import DeviceStatus, Health

OPTIONS = ("folder", "days")
_DAYS = 7
_MOST_DAYS = 90
_LOCK_S = 5.0
_SWEEP_S = 3600.0
_CHUNK = 4096
_WELL = DeviceStatus(Health.OK)
# str.splitlines ends a line at these too, and JSON leaves them as they are
_BREAKS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}


class Busy(Exception):
    """Somebody else holds the file."""


class Torn(Exception):
    """It cannot be told what of a line is in the file."""


class FileNotifier:
    """See `devices.notifiers.port.Notifier`. One thread; `now` gives the time that is written with a message."""

    def __init__(
        self, plan: NotifierPlan, changed: Callable[[DeviceStatus], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:  # fmt: skip
        """Raises `ValueError` for options that are none."""
        unknown = sorted(set(plan.options) - set(OPTIONS))
        if unknown or not plan.options.get("folder"):
            raise ValueError(f"options: {', '.join(unknown) or 'folder is missing'}; known: {', '.join(OPTIONS)}")
        days = plan.options.get("days", str(_DAYS))
        if not (days.isascii() and days.isdecimal() and 1 <= int(days) <= _MOST_DAYS):
            raise ValueError(f"options.days: found {days}, wanted 1-{_MOST_DAYS}")
        self._name, self._folder, self._kept = plan.name, Path(plan.options["folder"]), timedelta(days=int(days))
        self._changed, self._now = changed, now
        self._status = self._ready()
        self._queue: queue.SimpleQueue[tuple[str, str, Future[Delivery]] | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._loop, name=f"notifier {plan.name}", daemon=True)
        self._thread.start()

    @property
    def name(self) -> str:
        return self._name

    @property
    def status(self) -> DeviceStatus:
        return self._status

    def send(self, number: str, words: str) -> Future[Delivery]:
        end: Future[Delivery] = Future()
        if self._closed:
            end.set_result(Delivery.FAILED)
        else:
            self._queue.put((number, words, end))
        return end

    def close(self) -> None:
        self._closed = True
        self._queue.put(None)
        self._thread.join(_LOCK_S + 5)

    def _ready(self) -> DeviceStatus:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            return self._broken(error)
        if not os.access(self._folder, os.W_OK | os.X_OK):
            return DeviceStatus(Health.BROKEN, "notifier-folder", f"{self._folder}: not writable")
        return _WELL

    def _broken(self, error: OSError) -> DeviceStatus:
        return DeviceStatus(Health.BROKEN, "notifier-folder", f"{self._folder}: {error.strerror}")

    def _loop(self) -> None:
        self._sweep()
        while True:
            try:
                work = self._queue.get(timeout=_SWEEP_S)
            except queue.Empty:
                self._sweep()
                continue
            if work is None:
                return
            number, words, end = work
            end.set_result(self._keep(number, words))

    def _keep(self, number: str, words: str) -> Delivery:
        now = self._now()
        message = {"id": uuid4().hex, "at": now.isoformat(), "number": number, "words": words}
        line = json.dumps(message, ensure_ascii=False).translate(_BREAKS) + "\n"
        told = _WELL
        ended = Delivery.SENT
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            append(self._folder / f"{now.astimezone(UTC).date().isoformat()}.jsonl", line.encode("utf-8", "replace"))
        except Busy:
            told, ended = DeviceStatus(Health.BROKEN, "notifier-busy", str(self._folder)), Delivery.FAILED
        except Torn as torn:
            told, ended = DeviceStatus(Health.BROKEN, "notifier-folder", str(torn)), Delivery.UNKNOWN
        except OSError as error:
            told, ended = self._broken(error), Delivery.FAILED
        if (told.health, told.reason) != (self._status.health, self._status.reason):
            self._changed(told)
        self._status = told
        return ended

    def _sweep(self) -> None:
        """Take away the files of days that have had their time."""
        before = self._now().astimezone(UTC).date() - self._kept
        try:
            for path in self._folder.glob("*.jsonl"):
                if (day := _day(path)) is not None and day < before:
                    path.unlink(missing_ok=True)
        except OSError:
            return  # in an hour again


def append(path: Path, line: bytes) -> None:
    """Write a line to the end of a file, all of it or nothing, and see it on disk. Raises `OSError` and `Busy` when
    nothing was written, `Torn` when that is not known."""
    new = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        _lock(handle)
        end = _mend(handle)
        try:
            written = os.write(handle, line)
        except OSError:
            _cut(handle, end)
            raise
        if written != len(line):
            _cut(handle, end)
            raise OSError(28, "no room for a line")  # ENOSPC is what a short write to a file means
        try:
            os.fsync(handle)
            if new:
                _sync_folder(path.parent)
        except OSError as error:
            raise Torn(f"{path.parent}: {error.strerror}") from error
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    until = time.monotonic() + _LOCK_S
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            if time.monotonic() > until:
                raise Busy from held
            time.sleep(0.02)
        else:
            return


def _mend(handle: int) -> int:
    """Take away what stands behind the last newline: a half line. Where the file ends then."""
    size = at = os.fstat(handle).st_size
    while at > 0:
        begin = max(0, at - _CHUNK)
        found = os.pread(handle, at - begin, begin).rfind(b"\n")
        if found >= 0:
            at = begin + found + 1
            break
        at = begin
    if at != size:
        os.ftruncate(handle, at)
    return at


def _cut(handle: int, end: int) -> None:
    try:
        os.ftruncate(handle, end)
    except OSError as error:
        raise Torn(error.strerror) from error


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _day(path: Path) -> date | None:
    try:
        return date.fromisoformat(path.stem)
    except ValueError:
        return None


def open_notifier(plan: NotifierPlan, changed: Callable[[DeviceStatus], None]) -> FileNotifier:
    """The entry point `file`."""
    return FileNotifier(plan, changed)
