"""Where the writing data lie that set-up built from packages, and whether they are whole: a file and beside it a note
with its checksum and what it was made from. Nothing a resident writes ever comes here.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


class DataMissing(RuntimeError):
    """Data are not there, or damaged. `what` is missing, in a word; `how` to get it, a sentence."""

    def __init__(self, what: str, how: str) -> None:
        super().__init__(f"{what}: {how}")
        self.what, self.how = what, how


def default_folder() -> Path:
    """The same for every hall on a machine, so it is the user's cache and not the hall's."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "hall-kiosk" / "writing"


def keep(folder: Path, name: str, content: bytes, kind: int, made_from: Mapping[str, str]) -> None:
    """Write a file whole or not at all, then its note. `kind`: the number of its format."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / name, content)
    note = {"format": kind, "sha256": hashlib.sha256(content).hexdigest(), "from": dict(made_from)}
    _write(folder / f"{name}.json", json.dumps(note, ensure_ascii=False, indent=1, sort_keys=True).encode())


def checked(folder: Path | None, name: str, kind: int, how: str = "run `make setup` once") -> Path:
    """Where the file lies, whole and of this format. Raises `DataMissing`."""
    path = (folder or default_folder()) / name
    note = made_of(path)
    if note.get("format") != kind:
        raise DataMissing(name, f"not built yet, or by another version; {how}")
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != note.get("sha256"):
            raise DataMissing(name, f"damaged; {how}")
    return path


def made_of(path: Path) -> dict[str, object]:
    """The note beside a file; empty where there is none, or none that can be read."""
    try:
        note = json.loads(path.with_name(f"{path.name}.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) and path.is_file() else {}


def _write(path: Path, content: bytes) -> None:
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(part).replace(path)
