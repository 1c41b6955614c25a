"""What requests may be about and where, who answers for it, and the hall's due clock: hall.toml's categories and grids
with the calendar, as one set of questions. Knows no ledger."""

from __future__ import annotations

from datetime import date, datetime

from kiosk.config import Settings
from kiosk.config.settings import CategorySettings, GridSettings
from kiosk.door import Category, Grid, Name
from kiosk.hall.schedule import Schedule
from kiosk.rules import deadline
from kiosk.rules.deadline import Overdue
from kiosk.rules.taking import changes_of, takes


class Neighbourhood:
    """A hall's categories and grids. Days are the hall's own."""

    def __init__(self, settings: Settings, schedule: Schedule) -> None:
        self._schedule = schedule
        self._categories = {category.id: category for category in settings.categories}
        self._grids = {grid.id: grid for grid in settings.grids}
        answering: tuple[CategorySettings | GridSettings, ...] = (*settings.grids, *settings.categories)
        self._units = {one.unit.zh: one.unit for one in answering if one.unit is not None}
        self.away = any(
            takes(to.events, "cn.hall.request.filed.v1") and changes_of(to.kind, to.url, to.options.get("changes"))
            for to in settings.upstream
        )
        """Whether a destination upstream answers requests: it takes them, and what has become of them comes back. Where
        none does, the hall answers."""
        self.asks_name = settings.requests.asks_name
        self.categories = tuple(
            Category(one.id, one.name, one.hint, one.phrases, one.days, one.also) for one in settings.categories
        )
        self.grids = tuple(
            Grid(one.id, one.name, one.also, one.within, None if one.unit is None else one.unit.zh,
                 here=one.id == settings.hall.here)
            for one in settings.grids
        )  # fmt: skip

    def category(self, id_: str) -> CategorySettings | None:
        """A category by its id."""
        return self._categories.get(id_)

    def grid(self, id_: str) -> GridSettings | None:
        """A grid by its id."""
        return self._grids.get(id_)

    def unit(self, category: CategorySettings, grid: str | None) -> str:
        """Who answers: the category's unit, else that of the nearest grid that has one; "" where nobody is named."""
        if category.unit is not None:
            return category.unit.zh
        at = None if grid is None else self._grids.get(grid)
        while at is not None and at.unit is None:
            at = None if at.within is None else self._grids.get(at.within)
        return "" if at is None or at.unit is None else at.unit.zh

    def unit_name(self, unit: str) -> Name | None:
        """A unit as residents read it; one that hall.toml does not name came from upstream."""
        return self._units.get(unit, Name(unit)) if unit else None

    def category_name(self, id_: str) -> Name:
        """A category's name, also of one that is in hall.toml no more."""
        known = self._categories.get(id_)
        return Name(id_) if known is None else known.name

    def grid_name(self, id_: str | None) -> Name | None:
        """A grid's name, also of one that is in hall.toml no more."""
        known = None if id_ is None else self._grids.get(id_)
        return known.name if known is not None else None if id_ is None else Name(id_)

    # ---- the due clock -----------------------------------------------------------------------------------------------

    def due(self, category: str, now: datetime) -> date:
        """By when an answer is due to what begins now."""
        known = self._categories.get(category)
        days = deadline.DAYS if known is None else known.days
        return deadline.due_day(self._schedule.calendar, self.today(now), days)

    def extended(self, due: date, now: datetime, days: int) -> date:
        """The due day once so many working days are added."""
        return deadline.extended(self._schedule.calendar, due, self.today(now), days)

    def overdue(self, due: date, now: datetime) -> Overdue:
        """How near the due day is."""
        return deadline.overdue(self._schedule.calendar, due, self.today(now))

    def today(self, now: datetime) -> date:
        """The hall's day."""
        return now.astimezone(self._schedule.zone).date()
