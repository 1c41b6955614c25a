"""Words of one's own, by finger or by pinyin: the `Writer` of the flows, and the place on which they come about.

Nothing is ever taken unasked: strokes and letters stay as they are until one of what they may mean is picked, also when
the way of writing is changed. With both boxes written on, what is offered belongs to the one begun first, so the text
grows in the order of writing. All of it lives in the place and goes with it; the data below it know of nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Protocol

from kiosk.flows.places import PLAIN, Aloud, Back, Move, Place, Prompt, Stay, World
from kiosk.flows.steps import Draw, Pick, Press, Stroke, Write
from kiosk.words import _

SIGNS = "1234567890，。、？！：；（）《》—ABCDEFGH座区号楼栋单元层室路月日"
OFFERED = 10  # characters offered for one box, or to come next
MOST_STROKES = 64  # in one box; no character has half as many
MOST_POINTS = 512  # of one stroke: more tell nothing more
MOST_LETTERS = 36
LONGEST = 16  # characters of one sentence: what is longer cannot be read at a glance, and is written in two goes
_FAR = 4.0  # boxes: a finger that is farther off is not believed


class Reader(Protocol):
    """Reads handwriting (`kiosk.writing.handwriting.Matcher`)."""

    def candidates(
        self, strokes: Sequence[Stroke], before: str = "", most: int = 10,
        fit: Callable[[str, str], float] | None = None,
    ) -> list[str]: ...


class Offer(Protocol):
    """A text and how many of the typed letters it takes (`kiosk.writing.pinyin.Choice`)."""

    @property
    def text(self) -> str: ...

    @property
    def used(self) -> int: ...


class Ear(Protocol):
    """Hears the letters of one place and holds what it made of them, so that the next key costs little
    (`kiosk.writing.pinyin.Ear`)."""

    def heard(self, typed: str, before: str = "") -> tuple[Sequence[Offer], Sequence[str]]:
        """What may be meant, best first, and the letters by syllable."""
        ...


class Speller(Protocol):
    """Reads pinyin (`kiosk.writing.pinyin.Decoder`)."""

    def listen(self) -> Ear: ...


class Lore(Protocol):
    """Knows which words there are (`kiosk.writing.lexicon.Lexicon`)."""

    def fit(self, before: str, char: str) -> float: ...

    def following(self, before: str, most: int = 8) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Pen:
    """The `Writer` of a machine: what it has been able to load, each None where it is missing."""

    reader: Reader | None = None
    speller: Speller | None = None
    lore: Lore | None = None

    @property
    def ways(self) -> tuple[str, ...]:
        return (*(("hand",) if self.reader else ()), *(("pinyin",) if self.speller else ()))

    def place(self, text: str, most: int, then: Callable[[str], Move], prompt: Prompt = PLAIN) -> Place:
        way = prompt.way if prompt.way in self.ways else (*self.ways, "signs")[0]
        left = prompt.left
        if isinstance(left, WritePlace) and left.text == text:
            return replace(left, pen=self, most=most, then=then, prompt=prompt, way=way, ear=None).looked_up()
        return WritePlace(self, most, then, prompt, way, tuple(text[:most])).looked_up()

    # ---- what may be meant ------------------------------------------------------------------------------------------

    def read(self, strokes: Sequence[Stroke], before: str) -> tuple[tuple[str, int], ...]:
        if self.reader is None:
            return ()
        found = self.reader.candidates(strokes, before, OFFERED, self.lore.fit if self.lore else None)
        return tuple((text, 0) for text in found[:OFFERED])

    def listen(self) -> Ear | None:
        return self.speller.listen() if self.speller else None

    @staticmethod
    def spelt(ear: Ear | None, typed: str, before: str) -> tuple[tuple[tuple[str, int], ...], tuple[str, ...]]:
        """What the letters may mean, each with how many of them it takes; and the letters by syllable."""
        if ear is None or not typed:
            return (), ()
        offers, syllables = ear.heard(typed, before)
        found: dict[str, int] = {}
        for offer in offers:
            if len(offer.text) <= LONGEST:
                found.setdefault(offer.text, offer.used)  # read in two ways, it is one text all the same
        return tuple(found.items()), tuple(syllables)

    def following(self, before: str) -> tuple[tuple[str, int], ...]:
        return tuple((text, 0) for text in self.lore.following(before, OFFERED)) if self.lore and before else ()


@dataclass(frozen=True, slots=True)
class WritePlace:
    """The page to write on. `pieces`: the text as it was put together; `strokes`: in the order of writing, each with
    its box; `at`: the box last written; `offered`: texts and how many letters each takes; `heard`: the syllables;
    `ear`: what heard them, there while there are letters."""

    pen: Pen = field(repr=False, compare=False)
    most: int
    then: Callable[[str], Move] = field(repr=False)
    prompt: Prompt = field(repr=False)
    way: str
    pieces: tuple[str, ...] = field(default=(), repr=False)
    strokes: tuple[tuple[int, Stroke], ...] = field(default=(), repr=False)
    at: int = 0
    typed: str = field(default="", repr=False)
    offered: tuple[tuple[str, int], ...] = field(default=(), repr=False)
    heard: tuple[str, ...] = field(default=(), repr=False)
    ear: Ear | None = field(default=None, repr=False, compare=False)
    overlong: bool = False
    scans: bool = False
    over: bool = False

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    @property
    def room(self) -> int:
        return self.most - len(self.text)

    def box(self) -> int | None:
        """The box begun first, of those that are not decided."""
        return self.strokes[0][0] if self.strokes else None

    def step(self, world: World) -> Write:
        prompt, writing = self.prompt, self.way == "hand" and bool(self.strokes)
        spelling = self.way == "pinyin" and bool(self.typed)
        pending = bool(self.strokes or self.typed)
        return Write(
            prompt.trail, prompt.question or _("您想写什么？"), prompt.hint, self.text, self.room, self.way,
            (*self.pen.ways, "signs"), choose=prompt.leave is not None, read=world.voice,
            strokes=self.strokes, box=self.box() if self.way == "hand" else None, at=self.at,
            spelt=self.heard, offered=tuple(text for text, _used in self.offered), pending=pending,
            ready=not pending and (bool(self.pieces) or prompt.leave is None), overlong=self.overlong,
            missed=(writing or spelling) and not self.offered)

    # ---- answers ----------------------------------------------------------------------------------------------------

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        del world
        if isinstance(answer, Press):
            return self._pressed(answer.key)
        choice = answer.choice
        if choice in {*self.pen.ways, "signs"}:
            return Stay(replace(self, way=choice, overlong=False).looked_up())
        match choice:
            case "choose" if self.prompt.leave is not None:
                return self.prompt.leave(self, self.text)
            case "read" if self.pieces:
                return Aloud(self.text)
            case "ok" if not self.strokes and not self.typed and (self.pieces or self.prompt.leave is None):
                return self.then(self.text)
        if choice.isascii() and choice.isdecimal() and len(choice) < 4 and int(choice) < len(self.offered):
            return Stay(self._picked(*self.offered[int(choice)]))
        return None

    def back(self) -> Move:
        """返回: nothing that was written is lost where whoever asks keeps it."""
        return self.prompt.leave(self, self.text) if self.prompt.leave is not None else Back()

    def draw(self, draw: Draw) -> Move | None:
        points = _bounded(draw.points)
        mine = sum(1 for box, _stroke in self.strokes if box == draw.box)
        if self.way != "hand" or draw.box not in {0, 1} or not points or mine >= MOST_STROKES:
            return None
        new = replace(self, strokes=(*self.strokes, (draw.box, points)), at=draw.box, overlong=False)
        # the other box's strokes say nothing new of the one that is being read
        return Stay(new.looked_up() if new.box() == draw.box else new)

    def _picked(self, text: str, used: int) -> WritePlace:
        if len(text) > self.room:
            return replace(self, overlong=True)
        new = replace(self, pieces=(*self.pieces, text), overlong=False)
        if self.way == "hand":
            new = replace(new, strokes=tuple(each for each in self.strokes if each[0] != self.box()))
        else:
            new = replace(new, typed=self.typed[used:])
        return new.looked_up()

    def _pressed(self, key: str) -> Move | None:
        new = replace(self, overlong=False)
        match key, self.way:
            case "undo", "hand":
                new = replace(new, strokes=self.strokes[:-1])
            case "clear", "hand":
                new = replace(new, strokes=tuple(each for each in self.strokes if each[0] != self.at))
            case "next", "hand":
                # the other box, for a panel that shows one at a time; to begin there, or to look at what stands there
                new = replace(new, at=1 - self.at)
            case "clear", "pinyin":
                new = replace(new, typed="")
            case "back" | "word", _:
                new = new._shorter(by_word=key == "word")  # noqa: SLF001 - one of us
            case _, "pinyin" if len(key) == 1 and key.isascii() and key.isalpha():
                if len(self.typed) >= MOST_LETTERS:
                    return None
                new = replace(new, typed=self.typed + key.lower())
            case _, "signs" if len(key) == 1 and key in SIGNS:
                new = replace(new, pieces=(*self.pieces, key)) if self.room else replace(new, overlong=True)
            case _:
                return None
        return Stay(new.looked_up())

    def _shorter(self, *, by_word: bool) -> WritePlace:
        if self.way == "pinyin" and self.typed:
            last = len(self.heard[-1]) if by_word and self.heard else 1
            return replace(self, typed=self.typed[:-last])
        if not self.pieces:
            return self
        rest = "" if by_word else self.pieces[-1][:-1]
        return replace(self, pieces=(*self.pieces[:-1], *((rest,) if rest else ())))

    def looked_up(self) -> WritePlace:
        """With what may be meant by what stands there now."""
        text = self.text
        offered, heard = (), self.heard  # type: tuple[tuple[str, int], ...], tuple[str, ...]
        ear = self.ear if self.typed else None
        if self.way == "hand" and self.strokes:
            offered = self.pen.read([stroke for box, stroke in self.strokes if box == self.box()], text)
        elif self.way == "pinyin" and self.typed:
            ear = ear or self.pen.listen()
            offered, heard = self.pen.spelt(ear, self.typed, text)
        elif self.way != "signs" and self.room:
            offered = self.pen.following(text)
        return replace(self, offered=offered, heard=heard if self.typed else (), ear=ear)


def _bounded(points: Stroke) -> Stroke:
    """Points that can be drawn and read, whatever a panel says."""
    sound = [(float(x), float(y)) for x, y in points if isfinite(x) and isfinite(y) and abs(x) < _FAR and abs(y) < _FAR]
    if len(sound) > MOST_POINTS:
        step = len(sound) / (MOST_POINTS - 1)
        sound = [*(sound[int(at * step)] for at in range(MOST_POINTS - 1)), sound[-1]]
    return tuple(sound)
