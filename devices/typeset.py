"""Breaks text into lines: between any two Hanzi, at spaces of Latin words, never before a closing mark (kinsoku).

Pure: it is given a function that measures a character and returns strings. It draws nothing.
"""

from __future__ import annotations

from collections.abc import Callable

NOT_FIRST = frozenset("，。、；：？！）》」』】〕”’％…—·,.;:?!)]}%")
NOT_LAST = frozenset("（《「『【〔“‘([{￥¥")

_HANZI = 0x2E80
_KEEPS = 3  # what a line that gives a character away must keep: three pieces

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
    lines: list[list[str]] = [[]]
    taken = 0.0
    for unit in _units(text):
        for piece in _fitting(unit, width, measure):
            size = measure_all(piece.rstrip(" "), measure)
            if lines[-1] and taken + size > width:
                lines.append([])
                taken = 0.0
            if lines[-1] or piece != " ":
                lines[-1].append(piece)
                taken += measure_all(piece, measure)
    if len(lines) > 1 and _lonely(lines[-1]) and len(lines[-2]) > _KEEPS:
        shared = [lines[-2][-1], *lines[-1]]
        if measure_all("".join(shared).rstrip(" "), measure) <= width:
            lines[-2:] = [lines[-2][:-1], shared]
    return ["".join(line).rstrip(" ") for line in lines]


def _lonely(line: list[str]) -> bool:
    """A last line of one Hanzi, with or without its marks: it gets company from the line above."""
    shown = [character for character in "".join(line) if character not in NOT_FIRST | NOT_LAST | {" "}]
    return len(shown) == 1 and ord(shown[0]) >= _HANZI


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
