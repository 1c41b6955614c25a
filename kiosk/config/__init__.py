"""hall.toml as frozen settings. `load` is the way in; what it may raise is `ConfigError` with every problem at once."""

from kiosk.config.loading import load
from kiosk.config.reader import ConfigError, Problem
from kiosk.config.settings import BookingRules, FacilitySettings, ScreenSettings, Settings
from kiosk.config.words import hall_words

__all__ = [
    "BookingRules", "ConfigError", "FacilitySettings", "Problem", "ScreenSettings", "Settings", "hall_words", "load",
]  # fmt: skip
