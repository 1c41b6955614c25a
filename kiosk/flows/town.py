"""What a hall says of its requests: what they may be about, and the places of its neighbourhood. One question to the
flow, two to the hall; public facts, nobody's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

from kiosk.door import Category, Grid
from kiosk.flows.places import Fetch, Move, Then, World, many
from kiosk.writing.search import Index

_WORDS = re.compile(r"[^、，；。：\s]+")
_NUMBERED = re.compile(r"\d+[–-]?\d*号?[楼栋]?")
"""House numbers: there are no digits among the letters, and nobody spells them."""


@dataclass(frozen=True, slots=True)
class Town:
    """Categories and places, each in the order of hall.toml."""

    categories: tuple[Category, ...]
    grids: tuple[Grid, ...] = ()

    @property
    def here(self) -> Grid | None:
        """Where the hall itself stands."""
        return next((grid for grid in self.grids if grid.here), None)

    @property
    def wider(self) -> frozenset[str]:
        """The ids of places that have places inside themselves."""
        return frozenset(grid.within for grid in self.grids if grid.within is not None)

    def inside(self, grid: Grid | None) -> tuple[Grid, ...]:
        """The places right inside `grid`, or those that lie in no other."""
        wanted = None if grid is None else grid.id
        return tuple(each for each in self.grids if each.within == wanted)

    def around(self, grid: Grid) -> Grid | None:
        """The place right around `grid`."""
        return next((each for each in self.grids if each.id == grid.within), None)

    def index(self) -> Index[Grid]:
        """Every place by its names, the ones people use included; last, with the numbers of its houses."""
        return Index.of((grid, (*map(_spoken, (grid.name.zh, *grid.also)), grid.name.zh), grid.name.en)
                        for grid in self.grids)

    def topics(self) -> Index[tuple[Category, int | None]]:
        """Every category by its names and its hint, word by word, and every phrase by number."""
        categories: list[tuple[tuple[Category, int | None], tuple[str, ...], str]] = [
            ((one, None), (one.name.zh, *one.also, *_WORDS.findall(one.hint.zh)), one.name.en)
            for one in self.categories]
        phrases: list[tuple[tuple[Category, int | None], tuple[str, ...], str]] = [
            ((one, at), (phrase.zh,), phrase.en) for one in self.categories for at, phrase in enumerate(one.phrases)]
        return Index.of((*categories, *phrases))


def _spoken(name: str) -> str:
    return _NUMBERED.sub("", name) or name


def ask_town(then: Then) -> Move:
    """Ask for both; `then` gets a `Town`, or whatever else the hall answered."""
    return Fetch("categories", (), partial(_categories, then))


def _categories(then: Then, value: object, world: World) -> Move:
    categories = many(value, Category)
    return then(value, world) if not categories else Fetch("grids", (), partial(_grids, then, categories))


def _grids(then: Then, categories: tuple[Category, ...], value: object, world: World) -> Move:
    grids = many(value, Grid)
    return then(value if grids is None else Town(categories, grids), world)
