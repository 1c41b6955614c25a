"""`python -m kiosk.writing.build`: makes what is missing of the writing data in the user's cache; nothing twice.

What could not be made is said in a sentence, and the kiosk goes on without that door. With `--need` that is a failure.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from kiosk.writing.build import hand, pairs, pinyin
from kiosk.writing.store import DataMissing, default_folder

Builder = Callable[[Path], object]


def builders(packages: Path | None) -> dict[str, tuple[Builder, str]]:
    """What is built, by name, and what residents do without it."""
    return {
        "handwriting": (lambda folder: hand.build(folder, packages=packages, tell=tell),
                        "residents type pinyin, choose from lists or ask a clerk instead"),
        "pinyin": (pinyin.build, "residents write by finger, choose from lists or ask a clerk instead"),
        "pairs": (pairs.build, "pinyin gives what was meant first less often"),
    }


def tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    words = argparse.ArgumentParser(prog="python -m kiosk.writing.build", description="makes the writing data")
    words.add_argument("--folder", type=Path, default=default_folder(), help="where to (%(default)s)")
    words.add_argument("--packages", type=Path, help="a folder with the archives that `npm pack` fetched elsewhere")
    words.add_argument("--need", action="store_true", help="fail if something could not be made")
    given = words.parse_args(arguments)
    missing = False
    for name, (build, without) in builders(given.packages).items():
        begun = time.monotonic()
        try:
            build(given.folder)
        except DataMissing as why:
            missing = True
            tell(f"{name}: not available: {why}. Until then {without}.")
        else:
            tell(f"{name}: ready, {time.monotonic() - begun:.0f} s")
    return 1 if missing and given.need else 0


if __name__ == "__main__":
    sys.exit(main())
