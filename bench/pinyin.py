"""How often letters give what was meant: phrases of a hall's residents, typed without tones or separators, exactly and
as speakers of dialects spell them. `tuned.txt` was there when the word list was written, `fair.txt` came after it.
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Figure, percentile
from kiosk.writing.columns import Columns
from kiosk.writing.hallwords import SHIPPED
from kiosk.writing.lexicon import Lexicon
from kiosk.writing.pairs import Pairs
from kiosk.writing.pinyin import Decoder

PHRASES = Path(__file__).parent / "phrases"
FROZEN = "dd7a31a"
"""The commit of the word list at which fair.txt was written."""
TOP = 5
KEY_GOAL = 16.0
_MOST_TAPS = 40


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is meant, and its syllables."""

    text: str
    syllables: tuple[str, ...]

    @property
    def typed(self) -> str:
        return "".join(self.syllables)


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of all phrases, the mean of taps over those that can be reached, and what took how long."""

    phrases: int
    first: float
    top: float
    taps: float
    reachable: float


def read(path: Path) -> list[Phrase]:
    """A phrase a line: text, tab, its syllables with spaces between. `#` begins a remark."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    found = []
    for line in lines:
        if line.strip() and not line.startswith("#"):
            text, _, spelt = line.partition("\t")
            found.append(Phrase(text.strip(), tuple(spelt.split())))
    return found


def taps(decoder: Decoder, text: str, typed: str) -> int | None:
    """How many choices it takes: the whole where it is offered, else the longest words it begins with. None: never."""
    before, left, count = "", typed, 0
    while text:
        fits = [choice for choice in decoder.choices(left, before) if text.startswith(choice.text)]
        if not fits or count == _MOST_TAPS:
            return None
        best = max(fits, key=lambda choice: len(choice.text))
        before, text, left, count = before + best.text, text[len(best.text) :], left[best.used :], count + 1
    return count if not left else None


def score(decoder: Decoder, phrases: Sequence[Phrase], mistype: Callable[[int, Phrase], str] | None = None) -> Score:
    """Every phrase typed once."""
    first = top = reached = 0
    total = 0
    for at, phrase in enumerate(phrases):
        typed = mistype(at, phrase) if mistype else phrase.typed
        offered = decoder.candidates(typed)[:TOP]
        first += offered[:1] == [phrase.text]
        top += phrase.text in offered
        if (needed := taps(decoder, phrase.text, typed)) is not None:
            reached, total = reached + 1, total + needed
    count = max(1, len(phrases))
    return Score(len(phrases), first / count, top / count, total / max(1, reached), reached / count)


def _flat(syllable: str) -> str:
    return syllable.replace("zh", "z").replace("ch", "c").replace("sh", "s")


def _light(syllable: str) -> str:
    return "l" + syllable[1:] if syllable.startswith("n") else syllable


def _front(syllable: str) -> str:
    return syllable[:-1] if syllable.endswith(("ing", "eng")) else syllable


def _open(syllable: str) -> str:
    return syllable[:-1] if syllable.endswith("ang") else syllable


def _back(syllable: str) -> str:
    return syllable + "g" if syllable.endswith("in") else syllable


def _blown(syllable: str) -> str:
    return "h" + syllable[1:] if syllable.startswith("f") else syllable


DIALECTS = (_flat, _front, _light, _open, _back, _blown)


def mistyped(at: int, phrase: Phrase) -> str:
    """The letters of a speaker who does not hear one of the differences; which goes by the phrase's place."""
    for step in range(len(DIALECTS)):
        spelt = "".join(map(DIALECTS[(at + step) % len(DIALECTS)], phrase.syllables))
        if spelt != phrase.typed:
            return spelt
    return phrase.typed


def keys(decoder: Decoder, phrases: Sequence[Phrase]) -> tuple[list[float], list[float], int]:
    """Milliseconds of CPU from each key of each phrase to its candidates, as the page asks and at first sight; and how
    often the two say something else, which must be never."""
    by_key, at_sight, differ = [], [], 0
    for phrase in phrases:
        ear = decoder.listen()
        for end in range(1, len(phrase.typed) + 1):
            begun = time.process_time_ns()
            heard = ear.heard(phrase.typed[:end])
            between = time.process_time_ns()
            seen = decoder.heard(phrase.typed[:end])
            at_sight.append((time.process_time_ns() - between) / 1e6)
            by_key.append((between - begun) / 1e6)
            differ += heard != seen
    return by_key, at_sight, differ


def list_hash() -> str:
    """Which word list this is."""
    return hashlib.sha256(SHIPPED.read_bytes()).hexdigest()[:12]


def measure(rounds: int = 1) -> Iterator[Figure]:
    """The rows of the table."""
    decoder, alone = Decoder.load(), Decoder(Lexicon(Columns.load(), Pairs()))
    every: list[Phrase] = []
    for name, goal in (("tuned", False), ("fair", True)):
        phrases = read(PHRASES / f"{name}.txt")
        if not phrases:
            continue
        every += phrases
        exact, fuzzy, bare = score(decoder, phrases), score(decoder, phrases, mistyped), score(alone, phrases)
        named, listed = f"pinyin, {len(phrases)} {name} phrases", f"list {list_hash()}"
        if goal:
            listed += f", frozen in {FROZEN}"
        yield _figure(f"{named}: first / top 5", "≥ 60 / 85 %", listed, f"{exact.first:.0%} / {exact.top:.0%}",
                      exact.first >= 0.6 and exact.top >= 0.85, counts=goal)
        yield _figure(f"{named}: mean taps, reachable", "≤ 1.5, 100 %", "", f"{exact.taps:.2f}, {exact.reachable:.0%}",
                      exact.taps <= 1.5 and exact.reachable == 1, counts=goal)
        yield _figure(f"{named}, mistyped by ear: first / top 5", "top 5 ≥ 75 %", "",
                      f"{fuzzy.first:.0%} / {fuzzy.top:.0%}, {fuzzy.taps:.2f} taps", fuzzy.top >= 0.75, counts=goal)
        yield _figure(f"{named}, no pairs of words: first / top 5", "", "",
                      f"{bare.first:.0%} / {bare.top:.0%}, {bare.taps:.2f} taps", None, counts=False)
    by_key, at_sight, differ = keys(decoder, every[::4] * rounds)
    yield Figure("pinyin: key to candidates, processor time, p50 / p95 / worst", "p95 ≤ 16 ms",
                 f"{_times(at_sight)} (at first sight)", _times(by_key), percentile(by_key, 0.95) <= KEY_GOAL)
    yield Figure("pinyin: keys that say something else than at first sight", "0", "", f"{differ} of {len(by_key)}",
                 differ == 0)


def _times(took: Sequence[float]) -> str:
    return f"{percentile(took, 0.5):.1f} / {percentile(took, 0.95):.1f} / {max(took):.1f} ms"


def _figure(name: str, goal: str, baseline: str, measured: str, met: bool | None, *, counts: bool) -> Figure:
    return Figure(name, goal if counts else "reported", baseline, measured, met if counts else None)


def misses(path: Path) -> Iterator[str]:
    """The phrases that did not come first, with what did."""
    decoder = Decoder.load()
    for phrase in read(path):
        offered = decoder.candidates(phrase.typed)[:TOP]
        if offered[:1] != [phrase.text]:
            place = offered.index(phrase.text) + 1 if phrase.text in offered else 0
            yield f"{phrase.text}\t{place or '-'}\t{' '.join(offered[:3])}"


if __name__ == "__main__":
    for given in sys.argv[1:]:
        for line in misses(Path(given)):
            sys.stdout.write(line + "\n")

