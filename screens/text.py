"""Where a line of Chinese, English or mixed text may end: line breaking with kinsoku, as a pure function of its
arguments. It never draws, never measures by itself and never shortens: a text that needs more lines gets them.

The rules are the usual ones for Chinese typesetting (GB/T 15834-2011 §5.1, CLREQ §6.1): closing marks never start a
line, opening marks never end one; a Latin word, a number, a time or a code is never torn; digits stay with the unit
that follows them ("10 个", "15 分钟", "11月") as long as both fit on one line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

Measure = Callable[[str], float]
"""Width in pixels of a string drawn on one line."""

NEVER_START = frozenset("，。、；：？！）》」』】〉〕”’…—·～%％‰℃°,.;:?!)]}>" + "ー々〻")
_WIDE_CLOSING = frozenset("）》」』】〉〕，。、；：？！·")  # glued to what is before them even across a space
NEVER_END = frozenset("（《「『【〈〔“‘([{<￥¥$#№")

_UNITS = (
    "小时", "分钟", "公里", "号楼", "号窗", "名额", "个", "座", "套", "名", "人", "位", "次", "天", "月", "日", "年",
    "周", "号", "点", "分", "秒", "元", "楼", "层", "室", "张", "条", "台", "岁", "米", "份", "件", "项", "步", "页",
)  # fmt: skip
_WORD = re.compile(
    r"""[^\W_\u2e80-\uffef\U00020000-\U0003ffff]          # a letter or digit of an alphabetic script
        (?:[^\s\u2e80-\uffef\U00020000-\U0003ffff，。]*    # anything but space and Chinese …
           [^\s\u2e80-\uffef\U00020000-\U0003ffff，。,.;:?!)\]}>”’…—])?   # … not ending in a closing mark""",
    re.VERBOSE,
)
_CHINESE = 0x2E80
_SHORT = 5  # letters
_STUB = 4  # a line of fewer characters may be a single one with its marks
_KEEPS = 2  # what a line that gives a character away must keep: two pieces
_WHOLE = re.compile(r"\d+月\d+日|星期[一二三四五六日]|\d+ / \d+")
_UNIT = re.compile(r"( ?)(" + "|".join(_UNITS) + ")")


@dataclass(frozen=True, slots=True)
class _Atom:
    """What is not torn. `space`: what stands before it and vanishes at a line's start. `brittle`: where it may
    be torn all the same when it alone is wider than the line."""

    text: str
    space: str
    brittle: tuple[str, ...]


def _pieces(line: str) -> list[tuple[str, str]]:
    """Words, numbers with their unit, and single characters, each with the space that stood before it."""
    out: list[tuple[str, str]] = []
    at, space = 0, ""
    while at < len(line):
        if line[at].isspace():
            space, at = space + line[at], at + 1
            continue
        word = _WHOLE.match(line, at) or _WORD.match(line, at)
        piece = word.group() if word else line[at]
        at += len(piece)
        if word and piece[-1].isdigit():
            unit = _UNIT.match(line, at)
            if unit:
                piece, at = piece + unit.group(), unit.end()
        out.append((piece, space))
        space = ""
    return out


def _atoms(line: str) -> list[_Atom]:
    atoms: list[_Atom] = []
    for piece, space in _pieces(line):
        last = atoms[-1] if atoms else None
        glued = last is not None and (
            (not space and piece[0] in NEVER_START) or last.text[-1] in NEVER_END or piece[0] in _WIDE_CLOSING
        )
        if last is not None and glued:
            atoms[-1] = _Atom(last.text + space + piece, last.space, (*last.brittle, space + piece))
        else:
            atoms.append(_Atom(piece, space, (piece,)))
    return atoms


def _tear(atom: _Atom, width: float, measure: Measure) -> list[str]:
    """An atom wider than the line: between its pieces, then at its spaces, at last between characters."""
    out: list[str] = []
    line = ""
    for part in atom.brittle:
        for bit in re.findall(r"\s*\S+", part):
            if line and measure(line + bit) > width and bit.strip()[0] not in NEVER_START:
                out.append(line)
                line = ""
            for char in bit if line else bit.lstrip():
                if line and measure(line + char) > width and char not in NEVER_START:
                    out.append(line.rstrip())
                    line = ""
                line += char
    return [*out, line] if line else out


def break_lines(text: str, width: float, measure: Measure) -> list[str]:
    """Break `text` into lines no wider than `width` (same unit as `measure`). Newlines in `text` are kept.

    Only a single character (with the closing marks that must follow it) may be wider than `width`. Raises nothing; a
    width of 0 gives one character a line. Joined again, the lines hold every non-space character of `text` in order.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        held: list[_Atom] = []  # what stands on this line, and on the one above it
        above: list[_Atom] = []
        for atom in _atoms(paragraph):
            longer = line + (atom.space if line else "") + atom.text
            if line and measure(longer) <= width:
                line = longer
                held.append(atom)
                continue
            if line:
                lines.append(line)
            line, above, held = atom.text, held, [atom]
            if measure(line) > width:
                *full, line = _tear(atom, width, measure)
                lines.extend(full)
                held, above = [_Atom(line, "", (line,))], []
        if _lonely(held) and len(above) > _KEEPS:
            *kept, moved = above
            shared = moved.text + held[0].space + held[0].text
            if measure(shared) <= width:
                lines[-1] = "".join(atom.space + atom.text for atom in kept).lstrip()
                line = shared
        lines.append(line)
    return lines


class _Row:
    """A paragraph's atoms on one endless line: where each begins in the text, and from where to where it reaches."""

    def __init__(self, text: str, width: float, measure: Measure) -> None:
        self.atoms, self._width = _atoms(text), width
        self.begins: list[int] = []
        self._lefts: list[float] = []
        self._rights: list[float] = []
        at, reach = 0, 0.0
        for atom in self.atoms:
            self.begins.append(at + len(atom.space))
            at = self.begins[-1] + len(atom.text)
            self._lefts.append(reach + measure(atom.space))
            reach = self._lefts[-1] + measure(atom.text)
            self._rights.append(reach)

    def long(self, start: int, end: int) -> float:
        return self._rights[end - 1] - self._lefts[start]

    def ways(self, start: int, more: int) -> Iterator[tuple[int, ...]]:
        """Where the lines after `start` may end, `more` of them and the last, none too wide."""
        last = len(self.atoms)
        if not more:
            yield from [(last,)] * (self.long(start, last) <= self._width)
            return
        for end in range(start + 1, last):
            if self.long(start, end) > self._width:
                return
            if self.long(end, last) <= more * self._width:
                yield from ((end, *rest) for rest in self.ways(end, more - 1))

    def merit(self, ends: tuple[int, ...], inside: Collection[int], *, even: bool) -> tuple[int, float]:
        """The less, the better: words broken and characters left alone; then how ragged, and where no pause is."""
        parts = list(pairwise((0, *ends)))
        wide = [self.long(*part) for part in parts]
        ragged = max(wide) - min(wide) if even else sum(self._width - each for each in wide[:-1])
        pauses = sum(self.atoms[end - 1].text[-1] in NEVER_START for end in ends[:-1])
        broken = sum(self.begins[end] in inside for end in ends[:-1])
        alone = sum(_single(self.atoms[start:end]) for start, end in parts)
        return broken + 2 * alone, ragged - pauses * self._width / 4


def keep_words(
    text: str, lines: Sequence[str], width: float, measure: Measure, inside: Collection[int], *,
    even: bool = False, more: bool = False,
) -> list[str]:  # fmt: skip
    """`lines`, as `break_lines` or `balance` broke `text`, or as many others of which fewer end within a word and none
    is a single character. `inside`: the places in `text` that lie within one. `even`: of nearly equal length, else the
    first ones as full as can be. Never a line wider than `width`; a line more only where there is room for one `more`
    and a word is broken else."""
    begins, at = [], 0
    for line in lines:
        begins.append(text.index(line, at))
        at = begins[-1] + len(line)
    if not any(begin in inside for begin in begins) and not any(len(line) < _STUB for line in lines):
        return list(lines)
    row = _Row(text, width, measure)
    if not set(begins) <= set(row.begins):  # a word was torn, which is wider than a line
        return list(lines)

    def merit(ends: tuple[int, ...]) -> tuple[int, float]:
        return row.merit(ends, inside, even=even)

    now = (*(row.begins.index(begin) for begin in begins[1:]), len(row.atoms))
    if not merit(now)[0]:
        return list(lines)
    best = min([now, *row.ways(0, len(now) - 1)], key=merit)
    if more and merit(best)[0]:
        best = min([best, *row.ways(0, len(now))], key=merit)
    return [_joined(row.atoms[start:end]) for start, end in pairwise((0, *best))]


def _joined(atoms: Sequence[_Atom]) -> str:
    return "".join(atom.space + atom.text for atom in atoms).strip()


def _single(line: Sequence[_Atom]) -> bool:
    """A single Chinese character, and its marks."""
    shown = "".join(char for atom in line for char in atom.text if char not in NEVER_START and char not in NEVER_END)
    return len(shown) == 1 and ord(shown) >= _CHINESE


def torn(text: str, lines: Sequence[str]) -> int:
    """How many words of an alphabetic script `lines` tear: those wider than the line."""
    out = at = 0
    for line in lines[:-1]:
        at = text.index(line, at) + len(line)
        around = text[at - 1:at + 1]
        out += around.isalpha() and max(around) < chr(_CHINESE)
    return out


def _lonely(line: list[_Atom]) -> bool:
    """A last line of one Chinese character or one short word: it gets company from the line above."""
    shown = "".join(char for atom in line for char in atom.text if char not in NEVER_START and char not in NEVER_END)
    if len(line) != 1 or not shown:
        return False
    return len(shown) == 1 if ord(shown[0]) >= _CHINESE else len(shown) <= _SHORT and shown.isalpha()


def balance(text: str, width: float, measure: Measure) -> list[str]:
    """As many lines as `break_lines` needs, but of nearly equal length: for questions and titles, so that no single
    character is left alone on the last line."""
    lines = break_lines(text, width, measure)
    if len(lines) < 2 or "\n" in text:
        return lines
    if len(lines) == 2:
        # where the sentence itself pauses is the better place, unless one line would be a stub
        marks = [at for at, char in enumerate(text[:-1]) if char in "，。、；：？！"]
        ends = [at + 1 for at in marks if text[at + 1] not in NEVER_START]
        halves = [(text[:at].rstrip(), text[at:].lstrip()) for at in ends]
        even = [pair for pair in halves if all(width / 4 < measure(half) <= width for half in pair)]
        if even:
            return list(min(even, key=lambda pair: abs(measure(pair[0]) - measure(pair[1]))))
    low, high = width / 2, width
    while high - low > 2:
        middle = (low + high) / 2
        trial = break_lines(text, middle, measure)
        if len(trial) > len(lines) or any(measure(line) > middle for line in trial):
            low = middle
        else:
            high, lines = middle, trial
    return lines
