"""The use cases of a hall, together one make of the door. Start with `open_hall` in `kiosk.hall.house`."""

from kiosk.hall.callers import Caller
from kiosk.hall.house import HallHouse, open_hall
from kiosk.hall.staff import Attention, Staff

__all__ = ["Attention", "Caller", "HallHouse", "Staff", "open_hall"]
