"""`make test`: every test file in a process that suits it, and one closing line.

Files marked `window` get a process of their own, for Kivy has one window in a process, and go one by one; meanwhile all
others share one worker more than there are cores, three at most: they wait for processes, ports and browsers half of
their time.
It never decides what passes: pytest does, and a process that ends badly without a failed test counts as failed.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPENS_A_WINDOW = re.compile(r"^pytestmark\b.*\bpytest\.mark\.window\b", re.MULTILINE)
WAITS = re.compile(
    r"tests\.halls|tests\.badluck|DistrictProcess|subprocess|multiprocessing|PoolExecutor|chromium|stateful|postgres"
)
NO_TESTS = 5  # pytest's exit code when it collected none: a file of long proofs only


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one pytest process did; `seconds` is wall time."""

    name: str
    code: int
    passed: int
    failed: int
    skipped: int
    seconds: float
    output: str = ""

    @property
    def good(self) -> bool:
        return self.code in (0, NO_TESTS) and not self.failed


def counted(report: Path) -> tuple[int, int, int]:
    """(passed, failed, skipped) from a JUnit report; all 0 when there is none."""
    if not report.exists():
        return 0, 0, 0
    suites = ET.parse(report).getroot().iter("testsuite")
    total = failed = skipped = 0
    for suite in suites:
        total += int(suite.get("tests", "0"))
        failed += int(suite.get("failures", "0")) + int(suite.get("errors", "0"))
        skipped += int(suite.get("skipped", "0"))
    return total - failed - skipped, failed, skipped


def _environment() -> dict[str, str]:
    """Byte code is kept whatever the caller wishes: tests start some hundred processes, a fifth of whose start is
    compiling."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def pytest_run(name: str, arguments: list[str], *, show: bool) -> Outcome:
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=_environment(), check=False, text=True, stdin=subprocess.DEVNULL,
                              stdout=None if show else subprocess.PIPE, stderr=None if show else subprocess.STDOUT)
        return Outcome(name, done.returncode, *counted(report), time.monotonic() - begun, done.stdout or "")


def test_files(places: list[str]) -> tuple[list[str], list[str]]:
    """(files that share workers, files that open a window), as paths relative to the root. The long ones come first, so
    that no worker is left alone with one at the end: of those that share, files that start halls, browsers or
    databases, which wait a lot; of the windows, the pages that are measured, which use the processor meanwhile."""
    shared, windows, waiting = [], [], set()
    for place in places:
        path = ROOT / place
        for file in sorted(path.rglob("test_*.py")) if path.is_dir() else [path]:
            text, name = file.read_text(encoding="utf-8"), str(file.relative_to(ROOT))
            (windows if OPENS_A_WINDOW.search(text) else shared).append(name)
            if WAITS.search(text):
                waiting.add(name)
    shared.sort(reverse=True)
    return sorted(shared, key=lambda name: name not in waiting), windows[::-1]


def runs(places: list[str], more: list[str], workers: int) -> list[Outcome]:
    shared, windows = test_files(places)
    left, done = deque(windows), deque[Outcome]()

    def walk() -> None:
        """Through the files with a window, with whoever else walks."""
        while True:
            try:
                file = left.popleft()
            except IndexError:
                return
            outcome = pytest_run(file, [file, *more], show=False)
            print(f"{outcome.name}: {outcome.passed} passed, {outcome.failed} failed, {outcome.skipped} skipped "
                  f"in {outcome.seconds:.1f} s", flush=True)
            if not outcome.good:
                print(outcome.output, flush=True)
            done.append(outcome)

    with ThreadPoolExecutor(1) as pool:
        beside = pool.submit(walk)
        if shared:
            together = ["-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder"]
            done.append(pytest_run("shared", [*shared, *together, *more], show=True))
        if workers > 1:
            walk()
        beside.result()
    return list(done)


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.run", description=__doc__)
    parser.add_argument("places", nargs="*", default=["tests"], help="folders or files; all tests unless given")
    parser.add_argument("--long", metavar="NAME", help="the long proofs of this name instead: soak, crash, fuzz")
    parser.add_argument("--at-least", type=int, default=1, help="fail when fewer tests passed than this")
    parser.add_argument("--workers", type=int, default=min(3, 1 + (os.cpu_count() or 1)))
    told, more = parser.parse_known_args()
    if told.long:
        more += ["--long", told.long, "--timeout", "0"]
    outcomes = runs(told.places, more, told.workers)
    passed, failed, skipped = (sum(getattr(o, kind) for o in outcomes) for kind in ("passed", "failed", "skipped"))
    broken = [o.name for o in outcomes if not o.good]
    unexplained = [o.name for o in outcomes if not o.good and not o.failed]
    for name in unexplained:
        print(f"the process of {name} ended badly without a failed test")
    if passed < told.at_least:
        print(f"only {passed} tests passed; at least {told.at_least} were expected to run")
    print(f"{sum(o.seconds for o in outcomes):.0f} s of test processes")
    print(f"{passed} passed, {failed + len(unexplained)} failed, {skipped} skipped", flush=True)
    return 1 if broken or passed < told.at_least else 0


if __name__ == "__main__":
    sys.exit(main())
