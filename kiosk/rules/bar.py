"""Why not: what a rule answers when something cannot be. A code for machines, facts for the sentence; no sentence."""

from __future__ import annotations

from typing import NamedTuple


class Bar(NamedTuple):
    """A reason against. Facts are texts, numbers, dates, datetimes, `Lead`s, or (Chinese, English) pairs of names."""

    code: str
    facts: dict[str, object] = {}  # noqa: RUF012 - never written to
