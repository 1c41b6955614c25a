"""A hall for measurements: the demo hall with room for everybody, on days that are open, on a real disk."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "assets" / "demo" / "hall.toml"
ROOM = 9_999  # places in each slot
WINDOWS = 16


def roomy_hall(folder: Path) -> Path:
    """The demo hall's file with large capacities, open at every hour, with sixteen windows; all else stays as it is."""
    text = re.sub(r"(?m)^(capacity\s*=\s*)\d+", rf"\g<1>{ROOM}", DEMO.read_text(encoding="utf-8"))
    # Numbers are given in opening hours only, and a bench is run at any hour.
    text = re.sub(r"(?m)^hours\s*=.*$", 'hours = { mon-sun = ["0:00-23:59"] }', text)
    # Displays and voice have a bench of their own, and a thousand calls a second to shout out.
    text = re.sub(r"(?ms)^\[\[displays\]\].*?(?=^\[|^# ----|\Z)|^\[voice\].*?(?=^\[|^# ----|\Z)", "", text)
    more = "".join(f'[[windows]]\nid = "{n}"\n' for n in range(7, WINDOWS + 1))
    text = text.replace("[[windows]]", more + "[[windows]]", 1)
    path = folder / "hall.toml"
    path.write_text(text, encoding="utf-8")
    return path


def phone(number: int) -> str:
    """A telephone number for each number: bookings of one telephone would stand in each other's way."""
    return f"139{number:08d}"


def in_a_while(now: datetime) -> list[str]:
    """The days of the second week from now, Monday to Friday, ISO."""
    days = [now.date() + timedelta(days=ahead) for ahead in range(5, 13)]
    return [day.isoformat() for day in days if day.weekday() < 5]
