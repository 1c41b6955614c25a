"""Long lists in pages of `A_PAGE`, by number from 1. Pure."""

from __future__ import annotations

from dataclasses import dataclass

A_PAGE = 200
_FURTHEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page of how many; `before` and `after`: its neighbours, None at the ends."""

    at: int
    pages: int
    before: int | None
    after: int | None


def page_of(asked: str) -> int:
    """The page that somebody asked for; what is no number is the first."""
    return min(max(1, int(asked)), _FURTHEST) if asked.isascii() and asked.isdecimal() and len(asked) < 8 else 1


def skipped(at: int) -> int:
    """How many stand on the pages before one."""
    return (at - 1) * A_PAGE


def paging(at: int, count: int) -> Paging:
    """A page of so many; beyond the last one it is the last (`kiosk.upstream.lists`)."""
    pages = max(1, -(-count // A_PAGE))
    at = min(at, pages)
    return Paging(at, pages, at - 1 if at > 1 else None, at + 1 if at < pages else None)
