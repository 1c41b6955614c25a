"""No picture of a process's memory reaches a disk: looked at from outside, on the real command."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]


@pytest.mark.skipif(sys.platform != "linux", reason="limits are read from /proc")
def test_a_running_hall_leaves_no_core(tmp_path: Path) -> None:
    """The limit is zero, hard and soft, and the process may not be dumped by a collector either."""
    command = [sys.executable, str(TOP / "main.py"), "hall", "--port", "0", "--data", str(tmp_path)]
    hall = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 30
        while not (tmp_path / "hall.json").exists():
            assert time.monotonic() < until, "the hall did not come up"
            assert hall.poll() is None, "the hall ended"
            time.sleep(0.05)
        limits = Path(f"/proc/{hall.pid}/limits").read_text()
        (line,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
        assert line.split()[4:6] == ["0", "0"]
    finally:
        hall.terminate()
        hall.wait(20)


def test_dumpable_is_switched_off_too() -> None:
    """A core pattern that pipes to a collector does not ask the limit; it asks PR_GET_DUMPABLE (prctl(2): 3)."""
    code = (
        "import ctypes; from kiosk.privacy import no_core_dumps as off; off();"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "0"
