"""The tour: the real screens driven through every flow by real touches, at a fixed Monday 9:30, with a hall in this
process, the real ESC/POS driver and the shipped virtual printer. It leaves a picture of every page and slip.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.config import ConfigError, load

MONDAY = (2026, 11, 23, 9, 30)


def run_tour(hall: Path, out: Path) -> int:
    """Walk every path; pictures and `index.html` in `out`. 1 if a step failed, naming page and touch."""
    from kiosk.config.words import hall_words
    from kiosk.flows.pens import open_pen
    from screens.driver import Driver
    from screens.tour.album import Album
    from screens.tour.guide import Guide
    from screens.tour.paths import PATHS, seed
    from screens.tour.stand import Stand
    from screens.tour.writing import Still

    began = time.monotonic()
    try:
        settings = load(hall)
    except (ConfigError, OSError) as wrong:
        print(f"{hall}: {wrong}", file=sys.stderr)  # noqa: T201
        return 1
    driver = Driver(unseen=True)
    album = Album(out, driver)
    start = datetime(*MONDAY, tzinfo=ZoneInfo(settings.hall.zone))
    with tempfile.TemporaryDirectory() as folder:
        stand = Stand(driver, settings, Path(folder), start, on_slip=album.slip)
        stand.app.shell.kit.learn(hall_words(settings))
        stand.app.lend(open_pen(hall_words(settings))[0], Still())
        guide = Guide(stand, album)
        seed(guide)
        stand.wait(16)  # the waiting page asks again every 15 s
        stand.jump(start + timedelta(seconds=16))
        for number, path in enumerate(PATHS, 1):
            guide.path = path.__doc__ or path.__name__
            album.say(f"[{number}/{len(PATHS)}] {guide.path}  ({time.monotonic() - began:.0f} s)")
            try:
                guide.begin()
                path(guide)
            except Exception as wrong:  # noqa: BLE001 - whatever went wrong, the other paths are still walked
                page = type(stand.page).__name__
                album.fault(f"{guide.path}: {page}, {guide.touched}: {type(wrong).__name__}: {wrong}")
        stand.close()
    album.close()
    pictures = sum(len(shot.pictures) for shot in album.shots)
    album.say(f"{out / 'index.html'}: {pictures} pictures, {len(album.slips)} on paper, {len(album.faults)} faults, "
              f"{time.monotonic() - began:.0f} s")
    return 1 if album.faults else 0
