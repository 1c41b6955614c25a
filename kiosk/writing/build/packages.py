"""Packages of npm that data are made from: got once, checked against the hash known here, and read where they lie. They
are never installed, nothing of them runs, and they are gone when the data are built.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from kiosk.writing.store import DataMissing

PATIENCE = 300.0
IN_A_HURRY = ("--loglevel=error", "--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=3000")
"""npm tries for minutes where there is no network; set-up goes on without."""


@dataclass(frozen=True, slots=True)
class Package:
    """One version of one package, by its hash."""

    name: str
    version: str
    sha512: str

    @property
    def file(self) -> str:
        return f"{self.name}-{self.version}.tgz"

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


@contextmanager
def folder_of(packages: tuple[Package, ...], given: Path | None = None) -> Iterator[Path]:
    """A folder with every package's archive in it: the given one, or one that npm fills and that is removed again."""
    if given is not None:
        yield given
        return
    npm = shutil.which("npm")
    if npm is None:
        raise DataMissing("npm", "install it (apt-get install npm), then `make setup`")
    with TemporaryDirectory(prefix="hall-kiosk-writing-") as temporary:
        command = [npm, "pack", "--ignore-scripts", *IN_A_HURRY, *(f"{each.name}@{each.version}" for each in packages)]
        try:
            done = subprocess.run(command, cwd=temporary, check=False, capture_output=True, text=True, timeout=PATIENCE)  # noqa: S603
        except subprocess.TimeoutExpired:
            raise DataMissing("npm", f"it did not answer within {PATIENCE:.0f} s; is there a network?") from None
        if done.returncode != 0:
            said = f"npm could not get them; is there a network? {done.stderr[-300:].strip()}"
            raise DataMissing(" and ".join(map(str, packages)), said)
        yield Path(temporary)


def files(folder: Path, package: Package) -> Iterator[tuple[str, bytes]]:
    """Name within the package and content of each of its files. Raises `DataMissing` if it is another archive."""
    path = folder / package.file
    try:
        with path.open("rb") as archive:
            digest = hashlib.file_digest(archive, "sha512").hexdigest()
    except OSError as error:
        raise DataMissing(str(package), f"{path} cannot be read: {error.strerror}") from None
    if digest != package.sha512:
        raise DataMissing(str(package), f"{path} is not the archive it should be (its hash differs)")
    with tarfile.open(path, "r|gz") as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isfile() else None
            if content is not None:
                yield member.name.partition("/")[2], content.read()
