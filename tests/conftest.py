"""What every test of the house shares: long proofs wait until they are asked for by name (`make soak crash fuzz`)."""

from __future__ import annotations

import functools

import httpx._transports.default as over_http
import pytest
from httpx._config import DEFAULT_TIMEOUT_CONFIG
from hypothesis import settings

from tests.postgres import postgres_server, postgres_url  # noqa: F401 - fixtures for every room

# A shared machine stalls for longer than any deadline; tests that promise a time measure it themselves. `make test`
# tries the same examples everywhere, so that it judges a change and not the day; the long proofs try new ones.
settings.register_profile("house", deadline=None, derandomize=True)
settings.register_profile("long", deadline=None)

# So it is with an answer over HTTP where a test names no deadline: httpx's own five seconds are a quiet machine's.
for _part in ("connect", "read", "write", "pool"):
    setattr(DEFAULT_TIMEOUT_CONFIG, _part, 30.0)

# Every client reads the world's certificates anew, 30 ms each time, though nobody here speaks to the world.
over_http.create_ssl_context = functools.cache(over_http.create_ssl_context)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", metavar="NAME", help="run only the long proofs of this name (soak, crash, fuzz)")


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("long" if config.getoption("--long") else "house")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = config.getoption("--long")
    chosen = [item for item in items if _proof(item) == wanted]
    if len(chosen) < len(items):
        config.hook.pytest_deselected(items=[item for item in items if _proof(item) != wanted])
        items[:] = chosen


def _proof(item: pytest.Item) -> str | None:
    mark = item.get_closest_marker("long")
    return None if mark is None else mark.args[0]
