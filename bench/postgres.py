"""A PostgreSQL for measurements, started from the system's own binaries: unlike the tests' it waits for the disk."""

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
    """A PostgreSQL of its own that waits for the disk at each commit; a libpq URI."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    home, data = found[-1].parent, folder / "pg"
    before: list[str] = []
    sockets = Path(tempfile.mkdtemp(prefix="hallpg"))
    data.mkdir()
    if os.geteuid() == 0:
        before = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
        owner = pwd.getpwnam("postgres")
        for path in (data, sockets):
            os.chown(path, owner.pw_uid, owner.pw_gid)
        folder.chmod(0o755)

    def call(*words: object) -> None:
        subprocess.run([*before, *map(str, words)], check=True, cwd="/", stdout=subprocess.DEVNULL)

    call(home / "initdb", "-D", data, "-U", "hall", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    options = f"-c listen_addresses='' -c unix_socket_directories='{sockets}' -c shared_buffers=128MB"
    call(home / "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", options, "start")
    try:
        yield f"postgresql://hall@/postgres?host={sockets}"
    finally:
        call(home / "pg_ctl", "-D", data, "-w", "-m", "fast", "stop")
        shutil.rmtree(sockets, ignore_errors=True)
