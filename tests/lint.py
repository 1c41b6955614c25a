"""`make lint`: the checks that need no running program, one line each, all of them even when one fails."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = Path(sys.executable).parent
CHECKS = {
    "ruff": ("ruff", "check", "--quiet"),
    "types": ("mypy",),
    "imports": ("lint-imports", "--no-logo"),
    "dead code": ("vulture",),
    "translations": ("python", "-m", "kiosk.words", "check"),
}


def main() -> int:
    wanted = sys.argv[1:] or list(CHECKS)
    failed = []
    for name in wanted:
        begun = time.monotonic()
        tool, *arguments = CHECKS[name]
        done = subprocess.run([TOOLS / tool, *arguments], cwd=ROOT, check=False, capture_output=True, text=True)
        print(f"{name:14}{'right' if done.returncode == 0 else 'WRONG'}  {time.monotonic() - begun:5.1f} s", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout + done.stderr, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
