"""Breaks text into lines: between any two Hanzi, at spaces of Latin words, never before a closing mark (kinsoku).

Pure: it is given a function that measures a character and returns strings. It draws nothing.
"""

from __future__ import annotations

from collections.abc import Callable

NOT_FIRST = frozenset("，。、；：？！）》」』】〕”’％…—·,.;:?!)]}%")
NOT_LAST = frozenset("（《「『【〔“‘([{￥¥")

Measure = Callable[[str], float]


def break_lines(text: str, width: float, measure: Measure) -> list[str]:
    """Lines of `text` no wider than `width` (in `measure`'s unit); a line feed breaks always.

    A single unit wider than the line is cut where it must be. An empty paragraph gives one empty line.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_paragraph(paragraph, width, measure))
    return lines


def _paragraph(text: str, width: float, measure: Measure) -> list[str]:
    lines: list[str] = []
    line, taken = "", 0.0
    for unit in _units(text):
        for piece in _fitting(unit, width, measure):
            size = measure_all(piece.rstrip(" "), measure)
            if line and taken + size > width:
                lines.append(line.rstrip(" "))
                line, taken = "", 0.0
            if line or piece != " ":
                line += piece
                taken += measure_all(piece, measure)
    return [*lines, line.rstrip(" ")]


def measure_all(text: str, measure: Measure) -> float:
    """The width of `text`, character by character."""
    return sum(measure(character) for character in text)


def _units(text: str) -> list[str]:
    """What must stay together: a Latin word with the space after it, a Hanzi with the marks that cling to it."""
    units: list[str] = []
    glue = False
    for character in text:
        joins = glue or (character in NOT_FIRST and bool(units)) or (
            bool(units) and _latin(character) and _latin(units[-1][-1]))
        clings = bool(units) and not units[-1].endswith(" ") and (character == " " or joins)
        if clings:
            units[-1] += character
        else:
            units.append(character)
        glue = character in NOT_LAST
    return units


def _fitting(unit: str, width: float, measure: Measure) -> list[str]:
    if measure_all(unit.rstrip(" "), measure) <= width:
        return [unit]
    pieces = [""]
    for character in unit:
        if pieces[-1] and measure_all(pieces[-1] + character, measure) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _latin(character: str) -> bool:
    return (character.isascii() and character != " ") or "\u00c0" <= character <= "\u024f" or character == "–"
