"""`make lint`: the checks that need no running program, one line each, all of them even when one fails."""

from __future__ import annotations

import keyword
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = Path(sys.executable).parent
CHECKS = {
    "ruff": ("ruff", "check", "--quiet"),
    "types": ("mypy",),
    "imports": ("lint-imports", "--no-logo"),
    "dead code": ("vulture",),  # and what pages name: see dead_code
    "translations": ("python", "-m", "kiosk.catalogue", "check"),
}


def names_in_pages() -> str:
    """Every name that a .kv or .html file says, as Python that uses it: vulture reads only Python."""
    pages = [path for room in ("screens", "kiosk") for kind in ("*.kv", "*.html") for path in (ROOT / room).rglob(kind)]
    words = {word for path in pages for word in re.findall(r"[A-Za-z_]\w+", path.read_text(encoding="utf-8"))}
    return "\n".join(f"_.{word}" for word in sorted(words) if not keyword.iskeyword(word))


def dead_code(folder: str) -> tuple[str, ...]:
    whitelist = Path(folder) / "names_in_pages.py"
    whitelist.write_text(names_in_pages(), encoding="utf-8")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["vulture"]
    return ("vulture", *settings["paths"], str(whitelist))


def main() -> int:
    wanted = sys.argv[1:] or list(CHECKS)
    failed = []
    for name in wanted:
        begun = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            tool, *arguments = dead_code(folder) if name == "dead code" else CHECKS[name]
            done = subprocess.run([TOOLS / tool, *arguments], cwd=ROOT, check=False, capture_output=True, text=True)
        print(f"{name:14}{'right' if done.returncode == 0 else 'WRONG'}  {time.monotonic() - begun:5.1f} s", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout + done.stderr, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
