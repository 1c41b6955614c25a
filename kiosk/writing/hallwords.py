"""The list of words shipped for service halls, and how common a word of a hall is taken to be."""

from __future__ import annotations

from pathlib import Path

from kiosk.writing.store import DataMissing

SHIPPED = Path(__file__).resolve().parents[2] / "assets" / "words" / "hall.txt"
"""Word, reading, weight (1 to 9, or none), apart by tabs."""
USUAL, HALLS_OWN = 5, 7
"""The weight of a word of the list that names none, and of what a hall adds."""
_LOWEST, _STEP = -11.0, 0.5
_ALONE = -1.0
"""A character alone stands in many words; what it is worth by itself is less."""


def share(word: str, level: int) -> float:
    """The natural logarithm of how much of a hall's writing a word is."""
    return _LOWEST + _STEP * level + (_ALONE if len(word) == 1 else 0.0)


def shipped(path: Path = SHIPPED) -> list[tuple[str, str, int]]:
    """Every word with its reading and its weight. Raises `DataMissing` where the list is not there or not readable."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
        return [(row[0], row[1], int(row[2]) if len(row) > 2 else USUAL) for row in rows]
    except (OSError, ValueError, IndexError) as error:
        raise DataMissing(path.name, "the list of words shipped with the kiosk; install it again") from error
