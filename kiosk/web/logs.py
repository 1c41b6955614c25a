"""One line of JSON per thing worth knowing, on standard error. Never a path, a body, a telephone number or a code."""

from __future__ import annotations

import contextlib
import logging
import sys
from typing import TextIO, cast

import structlog

Log = structlog.typing.FilteringBoundLogger


class Steady:
    """Standard error that may be full, or read by nobody: a line that cannot be written is no reason not to answer."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._stream.flush()


def set_up() -> Log:
    """Prepare logging for a hall process; what libraries say through `logging` goes the same way, from warnings on."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=False),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=cast("TextIO", Steady(sys.stderr))),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(
        level=logging.WARNING,
        stream=sys.stderr,
        force=True,
        format='{"event":"library","logger":"%(name)s","level":"%(levelname)s","message":"%(message)s"}',
    )
    log: Log = structlog.get_logger()
    return log
