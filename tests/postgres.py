"""A private PostgreSQL for tests: started from the system's own binaries, as a user that is not root, on a socket of
its own, and gone afterwards. It does not wait for the disk (`fsync` off): nothing here cuts the power, and making and
dropping a database for each test is then quick."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from kiosk.ledger import open_ledger

_MODEL = "hall_model"  # migrated once, then copied for each test


def _bin() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    return found[-1].parent if found else None


def _as_user(command: list[str]) -> list[str]:
    if os.geteuid() != 0:
        return command
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--", *command]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A libpq URI without a database's name, e.g. `postgresql://hall@/{}?host=/tmp/…`: fill in the name."""
    home = _bin()
    if home is None:
        pytest.fail("no PostgreSQL server here: install Debian's package `postgresql` (make setup does)")
    folder = Path(tempfile.mkdtemp(prefix="hallpg"))
    try:
        if os.geteuid() == 0:
            postgres = pwd.getpwnam("postgres")
            os.chown(folder, postgres.pw_uid, postgres.pw_gid)
        data = folder / "data"

        def call(command: list[str]) -> None:
            subprocess.run(_as_user(command), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=folder, check=True)

        call([
            str(home / "initdb"), "-D", str(data), "-U", "hall", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
            "--no-sync",
        ])  # fmt: skip
        options = (
            f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c shared_buffers=32MB"
            " -c max_connections=100 -c max_wal_size=128MB -c fsync=off -c full_page_writes=off"
        )
        control = [str(home / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
        call([*control, "-o", options, "start"])
        try:
            address = f"postgresql://hall@/{{}}?host={folder}"
            with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {_MODEL}")
            open_ledger(address.format(_MODEL), folder).close()
            yield address
        finally:
            call([*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A database of one's own on the private server, its migrations done."""
    name = f"hall_{uuid4().hex}"
    with psycopg.connect(postgres_server.format("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE {_MODEL}')
    yield postgres_server.format(name)
    with psycopg.connect(postgres_server.format("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
