"""`make bench`: every figure beside a baseline of the same run, one table, exit 1 when a goal is missed.

    main.py bench [PART …] [--write FILE] [--rounds N]

Runs by itself on a machine that does nothing else; what runs beside it is measured too.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figures import Figure, table


def touch(rounds: int) -> Iterator[Figure]:
    """Taps, idle CPU and start, on an X server of its own."""
    from bench import touch as part

    with TemporaryDirectory() as data:
        kiosk = part.the_kiosk(Path(data))
        sides = part.measure([part.BARE, part.SAME, kiosk], rounds=rounds)
    bare = sides[part.BARE.name]
    yield from part.compared("kiosk", bare, sides[kiosk.name])
    yield part.started("kiosk", bare, sides[kiosk.name])
    yield part.weighed("kiosk", bare, sides[kiosk.name])
    for figure in part.compared("one button on our loop", bare, sides[part.SAME.name]):
        yield Figure(figure.name, "reported", figure.baseline, figure.measured, None)


def commit(rounds: int) -> Iterator[Figure]:
    """A booking's commit against a bare insert."""
    from bench import commit as part

    yield from part.measure(rounds=rounds)


def http(rounds: int) -> Iterator[Figure]:
    """Bookings a second over HTTP, and the hall's memory."""
    from bench import hall as part

    yield from part.measure(rounds=rounds)


def queue(rounds: int) -> Iterator[Figure]:
    """Numbers and calls a second over HTTP, also after a million old ones."""
    from bench import queue as part

    yield from part.measure(rounds=rounds)


def heard(rounds: int) -> Iterator[Figure]:
    """From a call to its server-sent event."""
    from bench import heard as part

    yield from part.measure(rounds=rounds)


def slip(rounds: int) -> Iterator[Figure]:
    """A slip's first byte."""
    from bench import slip as part

    yield part.measure(jobs=10 * rounds)
    yield part.measure(baud=115_200, jobs=2 * rounds)


def displays(rounds: int) -> Iterator[Figure]:
    """A call's last byte at the window's board."""
    from bench import displays as part

    yield from part.measure(calls=50 * rounds)


def memory(rounds: int) -> Iterator[Figure]:
    """The kiosk's memory after two thousand page changes."""
    from bench import memory as part

    yield from part.measure(changes=2000 if rounds > 1 else 400)


def upstream(rounds: int) -> Iterator[Figure]:
    """Events a second to a receiver and into a district, and how long a request takes to get there."""
    from bench import upstream as part

    yield from part.measure(rounds=rounds)


def handwriting(_: int, strokes: Path | None = None) -> Iterator[Figure]:
    """How often a character that was drawn is among the candidates, and first of them."""
    from bench import handwriting as part

    yield from part.measure(strokes)


def pinyin(rounds: int) -> Iterator[Figure]:
    """How often letters give the phrase that was meant, and how long a key takes."""
    from bench import pinyin as part

    yield from part.measure(rounds=min(rounds, 2))


def writing(rounds: int) -> Iterator[Figure]:
    """From a stroke or a key to candidates on the page."""
    from bench import writing as part

    yield from part.measure(rounds=rounds)


PARTS: dict[str, Callable[[int], Iterator[Figure]]] = {
    "touch": touch, "commit": commit, "http": http, "queue": queue, "heard": heard, "slip": slip, "displays": displays,
    "memory": memory, "upstream": upstream, "handwriting": handwriting, "writing": writing,
    "pinyin": pinyin,
}


def header() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("kivy", "sqlalchemy", "uvicorn"))
    return (f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, {platform.machine()}, "
            f"Python {platform.python_version()}, {packages}.")


def main(arguments: Sequence[str] | None = None) -> int:
    words = argparse.ArgumentParser(prog="hall-kiosk bench", description="speed and memory beside their baselines")
    words.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all unless named")
    words.add_argument("--rounds", type=int, default=3, help="turns of each side (%(default)s)")
    words.add_argument("--write", type=Path, metavar="FILE", help="write the table there too, e.g. docs/bench.md")
    words.add_argument("--strokes", type=Path, metavar="FOLDER",
                       help="handwriting from a second source: SVG paths per character, as KanjiVG has them")
    given = words.parse_args(arguments)
    if unknown := [part for part in given.parts if part not in PARTS]:
        words.error(f"no such part: {', '.join(unknown)}")
    figures: list[Figure] = []
    for name in given.parts or PARTS:
        begun = time.monotonic()
        part = partial(handwriting, strokes=given.strokes) if name == "handwriting" else PARTS[name]
        figures += part(given.rounds)
        print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    said = table(figures)
    print(said)
    if given.write:
        given.write.write_text(f"# Measured\n\n{header()} Written by `main.py bench --write`; goals and baselines: "
                               f"issues 2 to 4.\n\n{said}\n", encoding="utf-8")
    return 1 if any(figure.met is False for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
