"""The log of a hall process."""

from __future__ import annotations

import io
import logging
import sys

import pytest
import structlog

from kiosk.web import logs


class Full(io.StringIO):
    """A disk that is full, or a pipe that nobody reads."""

    def write(self, *_text: str) -> int:
        raise OSError(28, "No space left on device")

    flush = write  # type: ignore[assignment]


@pytest.fixture
def as_it_was():
    kept = structlog.get_config()
    handlers = logging.getLogger().handlers[:]
    yield
    structlog.configure(**kept)
    logging.getLogger().handlers[:] = handlers


@pytest.mark.usefixtures("as_it_was")
def test_a_log_that_cannot_be_written_stops_nobody(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Full())
    log = logs.set_up()
    log.warning("request", status=503)
    log.error("broke", exc_info=RuntimeError("x"))


@pytest.mark.usefixtures("as_it_was")
def test_a_line_is_written_whole(monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr(sys, "stderr", out)
    logs.set_up().warning("request", status=503)
    assert '"status": 503' in out.getvalue()
    assert out.getvalue().endswith("\n")
