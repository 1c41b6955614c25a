"""A private PostgreSQL for tests (`bench.postgres`). It does not wait for the disk: nothing here cuts the power, and
making and dropping a database for each test is then quick."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from bench.postgres import server
from kiosk.ledger import open_ledger

_MODEL = "hall_model"  # migrated once, then copied for each test


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A libpq URI without a database's name, e.g. `postgresql://hall@/{}?host=/tmp/…`: fill in the name."""
    with server("-c shared_buffers=32MB -c max_connections=100 -c max_wal_size=128MB", durable=False) as address:
        with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {_MODEL}")
        open_ledger(address.format(_MODEL), tmp_path_factory.mktemp("model")).close()
        yield address


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A database of one's own on the private server, its migrations done."""
    name = f"hall_{uuid4().hex}"
    with psycopg.connect(postgres_server.format("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE {_MODEL}')
    yield postgres_server.format(name)
    with psycopg.connect(postgres_server.format("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
