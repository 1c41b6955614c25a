"""A PostgreSQL of one's own, for measurements and for tests: started from the system's own binaries, as a user that is
not root, on a socket in a temporary folder, and gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """One for measurements, its data in `folder`; it waits for the disk at each commit. A libpq URI."""
    if os.geteuid() == 0:
        folder.chmod(0o755)  # the server's user must get through
    with server("-c shared_buffers=128MB", folder / "pg") as address:
        yield address.format("postgres")


@contextmanager
def server(options: str, data: Path | None = None, *, durable: bool = True) -> Iterator[str]:
    """A libpq URI without a database's name, e.g. `postgresql://hall@/{}?host=/tmp/…`: fill in the name. `data`: where
    its data are, else beside its socket; without `durable` it never waits for the disk."""
    home = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="hallpg"))
    data = data or folder / "data"
    before: list[str] = []

    def call(*words: object) -> None:
        subprocess.run([*before, *map(str, words)], check=True, cwd=folder, stdout=subprocess.DEVNULL)

    try:
        data.mkdir()
        if os.geteuid() == 0:
            before = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
            owner = pwd.getpwnam("postgres")
            for path in (folder, data):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        sync = [] if durable else ["--no-sync"]
        call(home / "initdb", "-D", data, "-U", "hall", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", *sync)
        options += f" -c listen_addresses='' -c unix_socket_directories='{folder}'"
        options += "" if durable else " -c fsync=off -c full_page_writes=off"
        control = [home / "pg_ctl", "-D", data, "-w"]
        call(*control, "-l", folder / "log", "-o", options, "start")
        try:
            yield f"postgresql://hall@/{{}}?host={folder}"
        finally:
            call(*control, "-m", "fast" if durable else "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    """Where they are: Debian keeps them off the PATH, a folder for each version. As deploy/setup.sh looks for them."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    elsewhere = shutil.which("initdb")
    if found:
        return found[-1].parent
    if elsewhere is None:
        raise RuntimeError("no PostgreSQL server here: install Debian's package `postgresql` (make setup does)")
    return Path(elsewhere).resolve().parent
