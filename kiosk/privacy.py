"""Keeps a process's memory out of files (promise 5): no core dumps, also none handed to a crash collector. It wipes
nothing; that is the visit's and the screens' business."""

from __future__ import annotations

import ctypes
import resource

_PR_SET_DUMPABLE = 4


def no_core_dumps() -> bool:
    """Switch core dumps off for this process and its children; whether both ways took (Linux: RLIMIT_CORE, prctl)."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        return bool(ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0)
    except (OSError, AttributeError):
        return False
