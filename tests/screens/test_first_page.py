"""The way to the first page imports Kivy, the standard library and ours, and nothing else (DESIGN §2)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
from datetime import datetime
from pathlib import Path
from screens.loop import prepare_environment
prepare_environment(Path(sys.argv[1]), offscreen=True)
from kiosk.config import load
from kiosk.clock import SystemClock
from main import DEMO
from screens.app import KioskApp, panel_of
from screens.front import Front
import screens.opening
from screens.loop import Loop
settings = load(DEMO)
loop = Loop(1080, 1920)
app = KioskApp(loop, panel_of(settings.screen, (1080, 1920)), Front.of(settings), SystemClock("Asia/Shanghai"))
app.start()
print(type(app.shell.step).__name__)
print(" ".join(name for name in ("kiosk.flows.paths", "kiosk.writing") if name in sys.modules))
known = set(sys.stdlib_module_names) | {"kivy", "kiosk", "screens", "devices", "main", "__main__"}
print(" ".join(sorted({name.partition(".")[0] for name in sys.modules} - known)))
"""


def test_the_first_page_imports_nothing_else(tmp_path: Path, driver) -> None:
    """The driver has made the caches: only their first making may import more."""
    del driver
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path)], cwd=ROOT, capture_output=True, text=True,
                          check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    page, ours, others = done.stdout.split("\n")[:3]
    assert page == "Waiting"
    assert ours == "", "the residents' paths, and what they write with, come after it"
    kivys_own = {"filetype", "cython_runtime"}
    strange = [name for name in others.split() if not name.startswith("_") and name not in kivys_own]
    assert strange == []
