"""Which events a destination takes: the `events` list of an [[upstream]] in hall.toml."""

from __future__ import annotations

from collections.abc import Iterable


def takes(patterns: Iterable[str], what: str) -> bool:
    """Whether an event is meant by a list of names: "request.filed" itself, "request.*" for all of a kind, "*" for
    every event. `what` without `cn.hall.` and version: "request.filed"."""
    return any(
        pattern in {"*", what} or (pattern.endswith(".*") and what.startswith(pattern[:-1])) for pattern in patterns
    )
