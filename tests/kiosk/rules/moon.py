"""When the moon is new and where the sun stands, from the series of J. Meeus, Astronomical Algorithms (chapters 25 and
49), good to about a minute for the moon and a quarter of an hour for the sun: enough to work out a Chinese date anew.
"""

from __future__ import annotations

from datetime import date
from math import cos, floor, radians, sin

BEIJING = 8 / 24
NEVER_DOUBTFUL = 2 / 1440  # days: no new moon of the years asked about is nearer to midnight than this


def _late(year: float) -> float:
    """Dynamical time ahead of the world's, in days: some 70 s now, and slowly more."""
    return (69.2 + 0.35 * (year - 2020)) / 86400


def new_moon(lunation: int) -> float:
    """The Julian day of a new moon in Beijing's time; lunation 0 is that of 6 January 2000."""
    t = lunation / 1236.85
    e = 1 - 0.002516 * t - 0.0000074 * t * t
    m = radians(2.5534 + 29.10535670 * lunation - 0.0000014 * t * t)
    n = radians(201.5643 + 385.81693528 * lunation + 0.0107582 * t * t + 0.00001238 * t**3)
    f = radians(160.7108 + 390.67050284 * lunation - 0.0016118 * t * t - 0.00000227 * t**3)
    o = radians(124.7746 - 1.56375588 * lunation + 0.0020672 * t * t)
    waves = (
        (-0.40720, n), (0.17241 * e, m), (0.01608, 2 * n), (0.01039, 2 * f), (0.00739 * e, n - m),
        (-0.00514 * e, n + m), (0.00208 * e * e, 2 * m), (-0.00111, n - 2 * f), (-0.00057, n + 2 * f),
        (0.00056 * e, 2 * n + m), (-0.00042, 3 * n), (0.00042 * e, m + 2 * f), (0.00038 * e, m - 2 * f),
        (-0.00024 * e, 2 * n - m), (-0.00017, o),
        (0.000325, radians(299.77 + 0.107408 * lunation - 0.009173 * t * t)),
        (0.000165, radians(251.88 + 0.016321 * lunation)), (0.000164, radians(251.83 + 26.651886 * lunation)),
        (0.000126, radians(349.42 + 36.412478 * lunation)), (0.000110, radians(84.66 + 18.206239 * lunation)),
    )  # fmt: skip
    mean = 2451550.09766 + 29.530588861 * lunation + 0.00015437 * t * t
    return mean + sum(size * sin(angle) for size, angle in waves) - _late(2000 + t * 100) + BEIJING


def sun(day: float) -> float:
    """The sun's apparent longitude in degrees at a Julian day of Beijing's time."""
    t = (day - BEIJING - 2451545) / 36525
    m = radians(357.52911 + 35999.05029 * t - 0.0001537 * t * t)
    centre = (1.914602 - 0.004817 * t) * sin(m) + (0.019993 - 0.000101 * t) * sin(2 * m) + 0.000289 * sin(3 * m)
    wobble = 0.00569 + 0.00478 * sin(radians(125.04 - 1934.136 * t)) - 0.002 * cos(radians(312.69 + 32964.3577 * t))
    return (280.46646 + 36000.76983 * t + 0.0003032 * t * t + centre - wobble) % 360


def as_date(day: float) -> date:
    return date.fromordinal(floor(day + 0.5) - 1721425)


def month_with(day: date) -> tuple[float, float]:
    """The new moons that begin the month of this day and the next one."""
    first = floor((day.toordinal() + 1721424.5 - 2451550) / 29.530589) - 1
    moons = [new_moon(first + at) for at in range(4)]
    begun = max(at for at, moon in enumerate(moons) if as_date(moon) <= day)
    return moons[begun], moons[begun + 1]
