"""What an [[upstream]] of hall.toml is to the hall: which events it takes, and whether it answers requests."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

_EVENTS, _CHANGES = "/api/v1/events", "/api/v1/changes"


def takes(patterns: Iterable[str], type_: str) -> bool:
    """Whether an event of a type leaves for a destination: `request.*` stands for every `cn.hall.request.….v1`; the
    whole type may be written too."""
    short = type_.removeprefix("cn.hall.").removesuffix(".v1")
    return any(fnmatchcase(short, pattern) or fnmatchcase(type_, pattern) for pattern in patterns)


def changes_of(kind: str, url: str, told: object) -> str | None:
    """Where a destination serves what has become of requests; None for one that only takes. `told`: the option
    `changes`; without it a district is known by the end of its address."""
    if isinstance(told, str) and told:
        return told
    if kind == "cloudevents" and url.endswith(_EVENTS):
        return url.removesuffix(_EVENTS) + _CHANGES
    return None
